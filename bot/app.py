"""Puts the parts together; the only file that knows them all.

What one command needs is imported when it asks for it: the web process knows nothing of plans,
handlers, numpy or LINE's SDK, and is up in a moment.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any

from bot import settings
from bot.clock import Clock, system_clock
from bot.errors import NotCurrentError
from bot.settings import Settings
from bot.store.bell import Bell, bell_of
from bot.store.engine import Database

if TYPE_CHECKING:
    from flask import Blueprint, Flask
    from sqlalchemy.orm import Session

    from bot.line.client import LineClient
    from bot.messages import Brought, ChatRef, Checked, Incoming, Refusal, Reply
    from bot.plans.corpus import Corpus
    from bot.plans.courtesy import CourtesySheet
    from bot.plans.dates import Dates
    from bot.reports import Sources
    from bot.search.answer import Answerer
    from bot.search.rerank import Reranker
    from bot.worker import Worker
    from handlers.context import Context, Outlook
    from schedules.send import Facts, Reminding
    from schedules.ticker import Ticker

log = logging.getLogger(__name__)

PURGE_AT = time(3, 10)
COUNT_EVERY = timedelta(minutes=1)
REMIND_EVERY = timedelta(minutes=1)
STOP_SECONDS = 15.0
NAME_TIMEOUT = (1.0, 2.0)
"""Seconds for connecting and for reading when a reporter's name is asked."""

_MOST_MESSAGES = 5  # of one reply (LINE.md, section 3)


class App:
    """One planbot in one process; make it after any fork.

    Args:
        clock: the one clock of everything below.
        answerer: what finds answers, where it is loaded already.
    """

    def __init__(self, given: Settings, clock: Clock, answerer: Answerer | None = None) -> None:
        self.settings = given
        self.clock = clock
        self._answerer = answerer
        self._loading = Lock()
        self._client: LineClient | None = None
        self._worker: Worker | None = None
        self._ticker: Ticker | None = None

    @cached_property
    def database(self) -> Database:
        """The database; both lanes of the worker, the web's threads and the ticker share it."""
        return Database(self.settings.database_url, pool_size=2 * self.settings.worker_threads + 2)

    @cached_property
    def bell(self) -> Bell:
        """Wakes the worker, here or in another process."""
        return bell_of(self.database)

    @property
    def answerer(self) -> Answerer:
        """What finds answers in the plans; loaded once, at the first need.

        Raises:
            DataError: a file under the data folder is wrong.
        """
        from bot.search import answer

        with self._loading:
            if self._answerer is None:
                self._answerer = answer.load(self.settings.data, reranker=self._reranker())
            return self._answerer

    @cached_property
    def dates(self) -> Dates:
        """The plans' dates and the office calendar; loaded at the first need.

        Raises:
            DataError: a file under the data folder is wrong.
        """
        from bot.plans import dates

        return dates.load(self.settings.data, self._corpus)

    @cached_property
    def sources(self) -> Sources:
        """What documents rest on besides the database; loaded at the first need.

        Raises:
            DataError: a file under the data folder is wrong.
        """
        from bot.documents import template
        from bot.reports import Sources

        return Sources(
            corpus=self._corpus,
            schedules=self.dates.schedules,
            template=template.load(self.settings.data),
        )

    @cached_property
    def sheet(self) -> CourtesySheet:
        """The score sheet of the courtesy tests; loaded at the first need.

        Raises:
            DataError: the file is wrong.
        """
        from bot.plans import courtesy

        return courtesy.load(self.settings.data)

    @cached_property
    def _corpus(self) -> Corpus:
        from bot.plans import corpus

        return self._answerer.corpus if self._answerer else corpus.load(self.settings.data)

    def _reranker(self) -> Reranker | None:
        """The agency's own model, where one is set up."""
        from bot.search.rerank import Reranker

        given = self.settings
        if not given.rerank_url:
            return None
        return Reranker(given.rerank_url, given.rerank_model, given.rerank_key)

    def make_ready(self) -> None:
        """See that the schema is the program's.

        The SQLite file that is used where no other database is named is made and brought up to
        date right here; whoever names a database also decides when it is migrated.

        Raises:
            NotCurrentError: names the remedy.
        """
        if self.settings.database_url == settings.database_url(""):
            self.migrate()
        if (fault := self.database.fault()) is not None:
            raise NotCurrentError(fault)

    def migrate(self) -> None:
        """Bring the schema up to date.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: the database does not answer or refuses a change.
        """
        from bot.store.migrations import migrate

        migrate(self.database)

    def handle(self, message: Incoming, db: Session, now: datetime) -> Reply | None:
        """What the bot says to an event, None for silence; writes through `db`."""
        from bot.store import progress
        from handlers import table

        reply = table.handle(message, self._context(db, now))
        if message.brought and message.brought.name and message.person:
            progress.learn_reporter(db, message.event_id, message.person, message.brought.name, now)
        return self._with_what_is_held(message, reply, db, now)

    def prepare(self, message: Incoming, now: datetime, is_last: bool) -> Brought | None:
        """What an event needs from LINE: awaited content at once, a reporter's name if unknown.

        LINE deletes content, and a call must not stand inside the handler's transaction.

        Args:
            is_last: the event is not tried again.

        Raises:
            LineError: the content is not to be had now.
        """
        from bot.messages import Brought
        from bot.store import unsent
        from handlers import evidence, report, table

        may_report, may_bring = report.may_report(message), evidence.may_be_content(message)
        if message.chat is None or message.is_standby or not (may_report or may_bring):
            return None
        with self.database.begin() as db:
            if message.message_id is not None and unsent.is_unsent(db, message.message_id):
                return None
            ctx = self._context(db, now)
            is_content = may_bring and evidence.must_fetch(message, ctx)
            asked = table.where_to_ask_the_name(message, ctx) if may_report else ()
        return Brought(
            content=self._content_of(message, is_last) if is_content else None,
            name=self._name_of(message.person, asked) if message.person else "",
        )

    def _context(self, db: Session, now: datetime) -> Context:
        from handlers.context import Context

        return Context(
            db=db,
            answerer=self.answerer,
            dates=self.dates,
            sheet=self.sheet,
            speaking=_Speaking(self),
            settings=self.settings,
            now=now,
        )

    def _content_of(self, message: Incoming, is_last: bool) -> Checked | Refusal:
        """What was sent, or why it cannot be kept; what may yet come is asked for again."""
        from bot.documents import pictures
        from bot.errors import LineError, LineRejected, LineUnreachable
        from bot.messages import Refusal

        assert message.message_id is not None
        try:
            content = self.client.content(message.message_id, pictures.MOST_BYTES)
        except LineRejected as error:
            return Refusal.TOO_LARGE if error.status == 200 else Refusal.GONE
        except LineError:
            if is_last:
                return Refusal.UNREACHABLE
            raise
        if content is not None:
            return pictures.check(content.data, message.file_name)
        if is_last:
            return Refusal.UNREACHABLE
        raise LineUnreachable("the content is not ready", status=202)

    def _name_of(self, person: str, chats: Iterable[ChatRef]) -> str:
        """The name of who reports, empty where LINE does not tell at once: no report waits."""
        from bot.errors import LineError, LineRejected

        for chat in chats:
            try:
                return self.client.profile(person, chat, timeout=NAME_TIMEOUT).name
            except LineRejected:
                continue  # unknown there
            except LineError:
                return ""
        return ""

    def web(self, blueprints: Sequence[Blueprint] = ()) -> Flask:
        """The WSGI application: webhook, health, and the pages that are given."""
        from bot.web import create_app
        from bot.web.calendar import calendar
        from bot.web.files import files

        feed = calendar(self.database, lambda: self.dates, self.clock)
        keys = self.settings.channel_secrets
        documents = files(self.database, keys, lambda: self.sources, self.clock)
        return create_app(
            self.database,
            self.settings.channel_secrets,
            wake=self.bell.ring,
            clock=self.clock,
            max_body_bytes=self.settings.max_body_bytes,
            blueprints=[feed, documents, *blueprints],
        )

    def worker(self, name: str = "worker") -> Worker:
        """The worker; the answers are loaded first, so that no question waits for them."""
        assert self.answerer is not None
        assert self.dates is not None
        assert self.sheet is not None
        assert self.sources is not None
        assert self.facts is not None
        return self._new_worker(name)

    def send_now(self) -> None:
        """Send here and now what waits in the outbox; nobody is answered."""
        self._new_worker("sender").send_until_idle()

    @property
    def client(self) -> LineClient:
        """The door to LINE."""
        from bot.line.client import LineClient

        if self._client is None:
            self._client = LineClient(
                self.settings.channel_access_token,
                api_base=self.settings.line_api_base,
                data_base=self.settings.line_api_data_base,
                threads=self.settings.worker_threads,
            )
        return self._client

    @cached_property
    def facts(self) -> Facts:
        """What reminders rest on: the plans' dates, the office calendar, the rules.

        Raises:
            DataError: a file under the data folder is wrong.
        """
        from schedules import rules
        from schedules.send import Facts

        return Facts(dates=self.dates, rules=rules.load(self.settings.data))

    @cached_property
    def reminding(self) -> Reminding:
        """What speaks first; without a channel's token it asks LINE for no prices."""
        from schedules.send import Reminding

        return Reminding(
            self.database,
            self.facts,
            render=in_line,
            meter=self.client if self.settings.channel_access_token else None,
            ask_member=self.client.profile if self.settings.channel_access_token else None,
            wake=self.bell.ring,
        )

    def _with_what_is_held(
        self, message: Incoming, reply: Reply | None, db: Session, now: datetime
    ) -> Reply | None:
        """A free reply also brings what the month's quota keeps from the chat (DESIGN 3)."""
        from schedules import send

        if reply is None or not reply.messages or message.reply_token is None:
            return reply
        if message.chat is None or len(reply.messages) >= _MOST_MESSAGES:
            return reply
        rider = send.ride(db, self.facts, message.chat, now)
        return reply if rider is None else replace(reply, messages=(*rider, *reply.messages))

    def _new_worker(self, name: str) -> Worker:
        from bot.worker import Worker

        return Worker(
            self.database,
            self.handle,
            self.client,
            clock=self.clock,
            prepare=self.prepare,
            threads=self.settings.worker_threads,
            bell=self.bell,
            name=name,
        )

    def ticker(self) -> Ticker:
        """The metronome with what happens by itself."""
        from schedules.ticker import Beat, Ticker

        beats = (
            Beat(name="purge", work=self._purge, at=PURGE_AT),
            Beat(name="count_queues", work=self._count_queues, every=COUNT_EVERY),
            Beat(name="remind", work=self.reminding.beat, every=REMIND_EVERY),
        )
        return Ticker(beats, clock=self.clock)

    def start(self, name: str = "worker") -> None:
        """Begin to work and to tick in threads; `close` ends it.

        Args:
            name: who holds a lease, for the operator's eyes.

        Raises:
            DataError: a file under the data folder is wrong.
        """
        self._worker = self.worker(name)
        self._worker.start()
        self._ticker = self.ticker()
        self._ticker.start()

    def close(self) -> bool:
        """Finish what is in hand, begin nothing new, close every connection.

        Returns:
            Whether everything in hand was finished; the rest is done after the next start.
        """
        if self._ticker is not None:
            self._ticker.stop()
        finished = self._worker is None or self._worker.stop(STOP_SECONDS)
        self._disconnect()
        return finished

    def _disconnect(self) -> None:
        if self._client is not None:
            self._client.close()
        if "bell" in vars(self):
            self.bell.close()
        if "database" in vars(self):
            self.database.dispose()

    def _purge(self, now: datetime) -> None:
        from bot.store import retention

        with self.database.begin() as db:
            gone = retention.purge(db, now)
        log.info("purged", extra=dict(gone))

    def _count_queues(self, now: datetime) -> None:
        from bot.store import waiting

        waiting.count(self.database)


class _Speaking:
    """What handlers may ask of the part that speaks first; they do not know it."""

    def __init__(self, app: App) -> None:
        self._app = app

    def preview(self, db: Session, first: date, last: date, unit: str | None) -> Outlook:
        """The reminders of a period, of one unit or of all."""
        from handlers.context import Outlook, Planned
        from schedules import quota, send

        found, price = send.preview_of(db, self._app.facts, first, last)
        wanted = [one for one in found if unit in (None, one.deadline.unit)]
        planned = (
            Planned(at=one.at, unit=one.deadline.unit, title=one.deadline.title, kind=one.kind)
            for one in wanted
        )
        return Outlook(planned=tuple(planned), price=quota.forecast(wanted, price).total)

    def price(self, db: Session, chat: ChatRef) -> int:
        """What a push to the chat costs, as far as LINE has told."""
        from schedules import send

        return send.priced_by(db)(chat)

    def push(
        self, db: Session, what: str, chat: ChatRef, reply: Reply, *, price: int, now: datetime
    ) -> bool:
        """Say something unasked, once."""
        from bot.store import outbox
        from bot.worker import rendered

        messages, abouts = rendered(reply)
        return outbox.enqueue(
            db,
            what=what,
            chat_id=chat.id,
            messages=messages,
            abouts=abouts,
            now=now,
            price=price,
        )


def in_line(reply: Reply) -> tuple[list[dict[str, Any]], list[str]]:
    """LINE's JSON of a reply and, for each of its messages, what quoting it refers to."""
    from bot.worker import rendered

    return rendered(reply)


def build(given: Settings, clock: Clock = system_clock, *, answerer: Answerer | None = None) -> App:
    """planbot, ready to be asked for its parts; nothing is opened yet."""
    return App(given, clock, answerer)
