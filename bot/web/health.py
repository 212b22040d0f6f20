"""GET /healthz, /readyz, /metrics: for whoever keeps planbot running."""

from __future__ import annotations

import logging

from flask import Blueprint, Response
from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy.exc import SQLAlchemyError

from bot import metrics
from bot.store import waiting
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
        """Prometheus text; the queues are counted now."""
        try:
            waiting.count(database)
        except SQLAlchemyError as error:
            log.warning("queues_not_counted", extra={"error": type(error).__name__})
        return Response(metrics.text(), content_type=CONTENT_TYPE_LATEST)

    return blueprint


def _plain(words: str, *, status: int = 200) -> Response:
    return Response(words + "\n", status=status, content_type="text/plain; charset=utf-8")
