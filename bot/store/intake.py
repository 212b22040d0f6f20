"""Storing webhook events for many requests at once.

A commit must reach the disk, and there is one disk. While one request's commit is under way,
those that come meanwhile wait together, and the next commit is for all of them. A request that
is alone waits for nobody.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError, TimeoutError

from bot import metrics
from bot.store import inbox
from bot.store.engine import Database
from bot.store.inbox import RawEvent


@dataclass(slots=True)
class _Request:
    events: Sequence[RawEvent]
    is_settled: bool = False
    error: SQLAlchemyError | None = None


class Intake:
    """The way into the inbox for the threads of a web process."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: list[_Request] = []
        self._adding = threading.Lock()
        self._turn = threading.Lock()

    def put(self, events: Sequence[RawEvent], now: datetime) -> None:
        """Store the events of a request durably, all or none.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: they could not be stored.
        """
        if not self._database.is_sqlite:  # PostgreSQL makes commits share the disk by itself
            self._store(events, now)
            return
        request = _Request(events)
        with self._adding:
            self._waiting.append(request)
        with self._turn:
            if not request.is_settled:
                self._settle_with_others(request, now)
        if request.error is not None:
            raise request.error

    def _settle_with_others(self, own: _Request, now: datetime) -> None:
        with self._adding:
            waiting, self._waiting = self._waiting, []
        # Its own is not among them when whoever had the turn broke off in the middle.
        requests = [own, *(request for request in waiting if request is not own)]
        try:
            self._store([event for request in requests for event in request.events], now)
        except (OperationalError, TimeoutError) as error:
            for request in requests:
                request.error = error  # the database is away, for all of them
        except SQLAlchemyError:
            for request in requests:
                self._store_alone(request, now)  # one request's fault is not the others'
        for request in requests:
            request.is_settled = True

    def _store_alone(self, request: _Request, now: datetime) -> None:
        try:
            self._store(request.events, now)
        except SQLAlchemyError as error:
            request.error = error

    def _store(self, events: Sequence[RawEvent], now: datetime) -> None:
        try:
            new = self._commit(events, now)
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
            # The server was restarted, and now every connection of the pool is replaced.
            new = self._commit(events, now)
        metrics.events_stored.inc(new)
        metrics.events_doubled.inc(len(events) - new)

    def _commit(self, events: Sequence[RawEvent], now: datetime) -> int:
        if len(events) == 1:
            with self._database.one_statement() as connection:
                return inbox.store(connection, events, now)
        with self._database.begin() as db:
            return inbox.store(db, events, now)
