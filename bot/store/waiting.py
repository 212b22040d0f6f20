"""How much waits in the queues, as the metrics show it."""

from __future__ import annotations

from bot import metrics
from bot.store import inbox, outbox
from bot.store.engine import Database


def count(database: Database) -> None:
    """Set the gauges to what waits at the moment.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database does not answer; the gauges stay.
    """
    with database.begin() as db:
        queues = {"inbox": inbox.counts(db), "outbox": outbox.counts(db)}
    for queue, counts in queues.items():
        for state, number in counts.items():
            metrics.waiting.labels(f"{queue}_{state}").set(number)
