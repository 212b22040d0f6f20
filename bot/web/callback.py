"""POST /callback: check the signature, store the raw events, answer. Nothing else happens here."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from flask import Blueprint, Response, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import RequestEntityTooLarge

from bot import metrics
from bot.clock import Clock, monotonic
from bot.line import webhook
from bot.store.engine import Database
from bot.store.intake import Intake

log = logging.getLogger(__name__)

ENDPOINT = "callback.take"

_STATUS = {
    "stored": 200,
    "bad_signature": 400,
    "unreadable": 400,
    "too_large": 413,
    "not_stored": 503,
}


def callback(
    database: Database, secrets: Sequence[str], *, wake: Callable[[], None], clock: Clock
) -> Blueprint:
    """The route.

    Args:
        secrets: the channel secrets; either is accepted while one is being replaced.
        wake: called when there is something new in the inbox.
    """
    blueprint = Blueprint("callback", __name__)
    intake = Intake(database)

    @blueprint.post("/callback")
    def take() -> Response:
        """Answer 200 once every event is durably stored, never before (LINE.md, rule 1)."""
        began = monotonic()
        outcome = _take()
        metrics.webhooks.labels(outcome).inc()
        metrics.webhook_seconds.observe(monotonic() - began)
        if outcome != "stored":
            # Who called and what they got, for each call, is in the log of whoever ends TLS
            # before us (LINE.md, section 5); a line of ours for each costs a tenth of the speed.
            extra = {"sender": request.remote_addr, "status": _STATUS[outcome], "outcome": outcome}
            log.warning("webhook_refused", extra=extra)
        return Response(status=_STATUS[outcome])

    def _take() -> str:
        try:
            body = request.get_data(cache=False)
        except RequestEntityTooLarge:
            return "too_large"
        if not webhook.verify(body, request.headers.get("x-line-signature"), secrets):
            return "bad_signature"
        try:
            events = webhook.split(body)
        except webhook.UnreadableBody:
            return "unreadable"
        return _store(events) if events else "stored"

    def _store(events: Sequence[webhook.RawEvent]) -> str:
        try:
            intake.put(events, clock())
        except SQLAlchemyError as error:
            log.exception("webhook_not_stored", extra={"error": type(error).__name__})
            return "not_stored"
        wake()
        return "stored"

    return blueprint
