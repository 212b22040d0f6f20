"""The web process: LINE's webhook, health, and whatever blueprints it is given."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, Flask, Response, request

from bot.clock import Clock
from bot.store.engine import Database
from bot.web.callback import ENDPOINT, callback
from bot.web.health import health

log = logging.getLogger(__name__)

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}


def create_app(
    database: Database,
    secrets: Sequence[str],
    *,
    wake: Callable[[], None],
    clock: Clock,
    max_body_bytes: int,
    blueprints: Sequence[Blueprint] = (),
) -> Flask:
    """The WSGI application.

    Args:
        secrets: the channel secrets that sign the webhook.
        wake: called when the inbox has something new.
        max_body_bytes: a larger request gets 413.
        blueprints: further pages; a header that they set themselves stays.
    """
    app = _Quiet("bot.web", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = max_body_bytes
    app.register_blueprint(callback(database, secrets, wake=wake, clock=clock))
    app.register_blueprint(health(database))
    for blueprint in blueprints:
        app.register_blueprint(blueprint)

    @app.after_request
    def set_headers(response: Response) -> Response:
        """What every answer tells the browser; LINE's webhook is none, and in a hurry."""
        if request.endpoint == ENDPOINT:
            return response
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    return app


class _Quiet(Flask):
    def log_exception(self, exc_info: Any) -> None:
        """Log what failed by its name: the address of a document or a calendar is a secret."""
        log.error("request_failed", exc_info=exc_info, extra={"endpoint": request.endpoint})
