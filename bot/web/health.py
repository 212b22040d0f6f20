"""GET /healthz, /readyz, /metrics: for whoever keeps planbot running."""

from __future__ import annotations

import logging

from flask import Blueprint, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy.exc import SQLAlchemyError

from bot import metrics
from bot.store import inbox, outbox
from bot.store.engine import Database

log = logging.getLogger(__name__)


def health(database: Database) -> Blueprint:
    """The routes."""
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/healthz")
    def healthz() -> Response:
        """200 while the process lives."""
        return _plain("alive")

    @blueprint.get("/readyz")
    def readyz() -> Response:
        """200 when the database answers and the schema is current, else 503 with the reason."""
        fault = database.fault()
        return _plain("ready") if fault is None else _plain(fault, status=503)

    @blueprint.get("/metrics")
    def show_metrics() -> Response:
        """Prometheus text; the queues are counted now, the rest as it happened here."""
        _count_queues(database)
        return Response(generate_latest(metrics.registry), content_type=CONTENT_TYPE_LATEST)

    return blueprint


def _count_queues(database: Database) -> None:
    try:
        with database.begin() as db:
            queues = {"inbox": inbox.counts(db), "outbox": outbox.counts(db)}
    except SQLAlchemyError as error:
        log.warning("queues_not_counted", extra={"error": type(error).__name__})
        return
    for queue, counts in queues.items():
        for state, number in counts.items():
            metrics.waiting.labels(f"{queue}_{state}").set(number)


def _plain(words: str, *, status: int = 200) -> Response:
    return Response(words + "\n", status=status, content_type="text/plain; charset=utf-8")
