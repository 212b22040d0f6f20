"""The worker: inbox to handlers, outbox to LINE.

Two lanes run side by side. In each, one dispatcher claims the heads of up to k chats and a pool of
k threads works on them (DESIGN 2). A handler's writes, its replies and «done» are one commit, so
that whatever dies, and whenever, an event is handled once. Sending is at least once, made once by
LINE's retry keys and single-use tokens (DESIGN 3).
"""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session

from bot import metrics
from bot.clock import Clock, monotonic
from bot.errors import LineError, LineRejected, LineUnauthorized, LineUnreachable
from bot.line import shapes, webhook
from bot.log import fingerprint
from bot.messages import Brought, Incoming, IncomingKind, Reply
from bot.store import chats, inbox, outbox, unsent
from bot.store.bell import Bell
from bot.store.engine import Database
from bot.store.inbox import ClaimedEvent, Related
from bot.store.models import State, Way
from bot.store.outbox import ClaimedMessage
from bot.store.queues import LeaseLost

if TYPE_CHECKING:
    from bot.line.client import Sent

log = logging.getLogger(__name__)

Handle = Callable[[Incoming, Session, datetime], Reply | None]
Prepare = Callable[[Incoming, datetime, bool], Brought | None]
Item = TypeVar("Item")
Result = TypeVar("Result")

POLL_SECONDS = 1.0
"""How long a lane sleeps at most when nobody rings."""

PAUSE = timedelta(minutes=1)
"""How long the sender rests after LINE did not accept the channel's token."""

_SPEAKING = frozenset(
    {
        IncomingKind.TEXT,
        IncomingKind.IMAGE,
        IncomingKind.VIDEO,
        IncomingKind.AUDIO,
        IncomingKind.FILE,
        IncomingKind.LOCATION,
        IncomingKind.STICKER,
        IncomingKind.POSTBACK,
        IncomingKind.EDITED,
    }
)
_CLAIM_TRIES = 3
_LINGER_SECONDS = 0.01
_LEAST_WAIT = 0.1  # seconds that each lane gets to end in, whatever the other took
_NOT_INSIDE = "failed to send messages"  # how LINE answers a push to a chat without the bot


class Client(Protocol):
    """What the worker needs of `bot.line.client.LineClient`."""

    def reply(self, token: str, messages: Sequence[dict[str, Any]]) -> Sent:
        """Answer an event."""
        ...

    def push(self, to: str, messages: Sequence[dict[str, Any]], *, retry_key: str) -> Sent:
        """Say something unasked."""
        ...


class Worker:
    """Handles events and sends messages until it is stopped.

    Args:
        handle: what answers an event; it gets the event, the transaction and the moment, writes
            through the transaction, and sends nothing.
        prepare: what fetches from LINE for an event, before the transaction of its handler; gets
            the event, the moment, and whether this is the last attempt. What it gives comes with
            the event; when it raises, the event is tried again.
        threads: how many chats are handled, and how many sent to, at once.
        bell: wakes it; it rings the bell itself for what it adds to the outbox.
        lease, send_lease: how long an event, a call may be in hand before it is given to another.
    """

    def __init__(
        self,
        database: Database,
        handle: Handle,
        client: Client,
        *,
        clock: Clock,
        prepare: Prepare | None = None,
        threads: int = 8,
        bell: Bell | None = None,
        name: str = "worker",
        poll_seconds: float = POLL_SECONDS,
        lease: timedelta = inbox.LEASE,
        send_lease: timedelta = outbox.LEASE,
    ) -> None:
        self._database = database
        self._handle = handle
        self._prepare = prepare
        self._client = client
        self._clock = clock
        self._bell = bell or Bell()
        self._name = name
        self._lease = lease
        self._send_lease = send_lease
        self._paused_until: datetime | None = None
        self._month: datetime | None = None
        self._lanes = (
            _Lane("inbox", self._claim_events, self._work_on, threads, self._bell, poll_seconds),
            _Lane("outbox", self._settle_and_claim, self._send, threads, self._bell, poll_seconds),
        )

    def start(self) -> None:
        """Begin to work in threads of its own."""
        self._recover()
        self._bell.listen()
        for lane in self._lanes:
            lane.start()

    def stop(self, timeout: float = 15.0) -> bool:
        """Claim nothing more and finish what is in hand.

        Args:
            timeout: seconds to wait; what is unfinished then still goes on, and if the process
                ends it is given to another worker later. One may ask again.

        Returns:
            Whether everything in hand was finished.
        """
        for lane in self._lanes:
            lane.ask_to_stop()
        deadline = monotonic() + timeout
        finished = [lane.join(max(_LEAST_WAIT, deadline - monotonic())) for lane in self._lanes]
        return all(finished)

    def run_until_idle(self) -> None:
        """Work here and now, in this thread, until nothing is due at the clock's moment."""
        while True:
            found = [lane.run_once() for lane in self._lanes]
            if not any(found):
                return

    def send_until_idle(self) -> None:
        """Send here and now what waits in the outbox; nobody is answered."""
        _, sending = self._lanes
        while sending.run_once():
            pass

    def _recover(self) -> None:
        # On SQLite there is one claiming process, so whatever is in hand was its predecessor's.
        if self._database.is_sqlite:
            now = self._clock()
            with self._database.begin() as db:
                inbox.release_all(db, now)
                outbox.release_all(db, now)

    # inbox

    def _claim_events(self, k: int, _handled: Sequence[None]) -> list[ClaimedEvent]:
        if k == 0:
            return []
        now = self._clock()
        with self._database.begin_on_queue() as db:
            return inbox.claim(db, k, now=now, by=self._name, lease=self._lease)

    def _work_on(self, event: ClaimedEvent) -> None:
        now = self._clock()
        try:
            outcome = self._answer(event, now)
        except LeaseLost:
            outcome = "lease_lost"
        except Exception as error:  # noqa: BLE001 - the worker loop must outlive any handler
            outcome = self._failed(event, error)
        metrics.events_handled.labels(outcome).inc()
        metrics.event_wait_seconds.observe((self._clock() - event.stored_at).total_seconds())
        extra = {
            "event_id": event.id,
            "kind": event.kind,
            "outcome": outcome,
            "attempt": event.attempts,
        }
        log.info("event_handled", extra=extra)

    def _answer(self, event: ClaimedEvent, now: datetime) -> str:
        """Effects, replies and «done» in one commit."""
        if event.attempts > inbox.MAX_ATTEMPTS:
            # It took whole processes down with it, or there would be no attempt beyond the last.
            with self._database.begin() as db:
                return str(inbox.failed(db, event, now))
        incoming = webhook.parse(event.payload)
        if self._prepare is not None:
            is_last = event.attempts >= inbox.MAX_ATTEMPTS
            incoming = replace(incoming, brought=self._prepare(incoming, now, is_last))
        with self._database.begin() as db:
            outcome = self._handle_message(db, event, incoming, now)
            inbox.done(db, event, outcome, now)
        return outcome

    def _handle_message(
        self, db: Session, event: ClaimedEvent, incoming: Incoming, now: datetime
    ) -> str:
        if event.message_id is None:
            return self._hand_over(db, event, incoming, now)
        if incoming.kind is IncomingKind.UNSENT:
            unsent.forget(db, event.message_id, chat_key=event.chat_key, now=now)
            return self._hand_over(db, event, incoming, now)
        about = inbox.about_message(db, event.message_id, chat_key=event.chat_key)
        if any(one.kind == inbox.UNSEND for one in about):
            return unsent.OUTCOME
        turn = turn_of(event, incoming, about)
        inbox.settle_waiting(db, turn.replaces, "replaced", now)
        if turn.incoming is None:
            return "outdated"
        current = replace(turn.incoming, brought=incoming.brought)
        return self._hand_over(db, event, current, now)

    def _hand_over(
        self, db: Session, event: ClaimedEvent, incoming: Incoming, now: datetime
    ) -> str:
        if incoming.chat is not None and incoming.kind in _SPEAKING:
            chats.spoke(db, incoming.chat)
        reply = self._handle(incoming, db, now)
        if reply is None or incoming.chat is None or incoming.is_standby:
            return "silent"
        if incoming.reply_token is None and not reply.worth_a_push:
            return "silent"
        messages, abouts = rendered(reply)
        if not messages:
            return "silent"
        outbox.enqueue(
            db,
            what=f"reply:{event.id}",
            chat_id=incoming.chat.id,
            messages=messages,
            abouts=abouts,
            now=now,
            reply_token=incoming.reply_token,
            token_dies_at=event.stored_at + outbox.TOKEN_LIFE,
            worth_a_push=reply.worth_a_push,
            event_id=event.id,
        )
        return inbox.ANSWERED

    def _failed(self, event: ClaimedEvent, error: Exception) -> str:
        try:
            with self._database.begin() as db:
                outcome = str(inbox.failed(db, event, self._clock()))
        except (LeaseLost, SQLAlchemyError):
            outcome = "lease_lost"  # its lease ends, and then it is tried again
        say = log.error if outcome == State.ASIDE else log.warning
        say("event_failed", exc_info=error, extra={"event_id": event.id, "outcome": outcome})
        return outcome

    # outbox

    def _settle_and_claim(self, k: int, attempts: Sequence[Attempt]) -> list[ClaimedMessage]:
        """Record what became of earlier calls and take the next ones, in one commit."""
        now = self._clock()
        is_paused = self._paused_until is not None and now < self._paused_until
        with self._database.begin_on_queue() as db:
            settled = [(attempt.message, self._settle(db, attempt, now)) for attempt in attempts]
            messages: list[ClaimedMessage] = []
            if k > 0 and not is_paused:
                self._release_held(db, now)
                messages, ended = self._claim_messages(db, k, now)
                settled += ended
        if k > 0 and not is_paused:
            self._month = outbox.next_month(now)
        for message, outcome in settled:
            _tell(message, outcome)
        return messages

    def _release_held(self, db: Session, now: datetime) -> None:
        """Once at the start and once whenever a month begins, when the quota returns."""
        if self._month is None or now >= self._month:
            outbox.release_held(db, now)

    def _claim_messages(
        self, db: Session, k: int, now: datetime
    ) -> tuple[list[ClaimedMessage], list[Settled]]:
        """What is to be sent now, and what was found not to go any more."""
        ended: list[Settled] = []
        while True:
            claimed = outbox.claim(db, k, now=now, by=self._name, lease=self._send_lease)
            refusals = [(message, _end(db, message, now)) for message in claimed]
            ended += [(message, outcome) for message, outcome in refusals if outcome is not None]
            going = [message for message, outcome in refusals if outcome is None]
            if going or not claimed:
                return going, ended

    def _send(self, message: ClaimedMessage) -> Attempt:
        try:
            return Attempt(message, self._call(message))
        except LineError as error:
            return Attempt(message, error)
        except Exception as error:  # the worker loop must outlive the client
            log.exception("send_failed", extra={"outbox_id": message.id})
            return Attempt(message, LineUnreachable(type(error).__name__))

    def _call(self, message: ClaimedMessage) -> Sent:
        if message.way is Way.REPLY:
            assert message.reply_token is not None
            return self._client.reply(message.reply_token, message.messages)
        try:
            return self._push(message, message.messages)
        except LineRejected:
            plain = [shapes.without_mentions(one) for one in message.messages]
            if plain == message.messages:
                raise
            # LINE says the same when the one who is called has left as when the bot has.
            log.warning("mention_refused", extra={"outbox_id": message.id})
            return self._push(message, plain)

    def _push(self, message: ClaimedMessage, messages: list[dict[str, Any]]) -> Sent:
        return self._client.push(message.chat_id, messages, retry_key=message.retry_key)

    def _settle(self, db: Session, attempt: Attempt, now: datetime) -> str:
        try:
            if isinstance(attempt.answer, LineError):
                return self._refused(db, attempt.message, attempt.answer, now)
            ids, request_id = attempt.answer.ids, attempt.answer.request_id
            outbox.sent(db, attempt.message, ids=ids, request_id=request_id, now=now)
        except LeaseLost:
            return "lease_lost"
        self._paused_until = None
        return "sent"

    def _refused(
        self, db: Session, message: ClaimedMessage, error: LineError, now: datetime
    ) -> str:
        if isinstance(error, LineUnauthorized):
            self._paused_until = now + PAUSE
            extra = {"status": error.status, "request_id": error.request_id}
            log.error("sender_paused", extra=extra)
        if message.way is Way.PUSH and _says_not_inside(error):
            chats.lost(db, message.chat_id, now)
        jitter = random.random()  # noqa: S311 - spreads retries, guards nothing
        return outbox.refused(db, message, error, now=now, jitter=jitter)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A call that was made and what came back."""

    message: ClaimedMessage
    answer: Sent | LineError


Settled = tuple[ClaimedMessage, str]
"""A message and what became of it."""


def _end(db: Session, message: ClaimedMessage, now: datetime) -> str | None:
    """Settle a push that must not go any more; why it must not, or None when it may."""
    if message.way is Way.REPLY:
        return None
    if outbox.is_too_late(message, now):
        outbox.fail(db, message, "gave_up", now, request_id=None)
        return "gave_up"
    if not chats.is_active(db, message.chat_id):
        outbox.drop(db, message, "left_chat", now)
        return "left_chat"
    return None


def _tell(message: ClaimedMessage, outcome: str) -> None:
    """Count and log what became of a call."""
    metrics.sends.labels(message.way, outcome).inc()
    extra = {
        "outbox_id": message.id,
        "chat": fingerprint(message.chat_id),
        "way": message.way,
        "outcome": outcome,
        "attempt": message.attempts,
    }
    log.info("message_sent" if outcome == "sent" else "message_not_sent", extra=extra)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What becomes of a message's event at its turn.

    `incoming` is what the handler sees, None when it must not see anything; `replaces` are the
    waiting events that are settled with it.
    """

    incoming: Incoming | None
    replaces: tuple[str, ...] = ()


def turn_of(event: ClaimedEvent, incoming: Incoming, about: Sequence[Related]) -> Turn:
    """Which version of a message counts: the one with the largest timestamp (LINE.md, rule 11).

    A message whose edit waits behind it is handled as it reads now. An edit that comes before its
    message, or after its message failed, stands in for it; an edit of a message that was handled
    is `EDITED`.

    Args:
        about: the other events about the message that are not in hand.
    """
    edits = [one for one in about if one.kind == inbox.EDITED]
    if incoming.kind is not IncomingKind.EDITED:
        return _message_turn(incoming, edits)
    if any((edit.at, edit.id) > (event.at, event.id) for edit in edits):
        return Turn(incoming=None)
    if any(one.state == State.DONE for one in about):
        return Turn(incoming=incoming)
    return Turn(
        incoming=replace(incoming, kind=IncomingKind.TEXT),
        replaces=tuple(one.id for one in about),
    )


def _message_turn(incoming: Incoming, edits: Sequence[Related]) -> Turn:
    if any(edit.state == State.DONE for edit in edits):
        return Turn(incoming=None)
    if not edits:
        return Turn(incoming=incoming)
    newest = max(edits, key=lambda edit: (edit.at, edit.id))
    return Turn(
        incoming=replace(webhook.parse(newest.payload), kind=IncomingKind.TEXT),
        replaces=tuple(edit.id for edit in edits),
    )


def rendered(reply: Reply) -> tuple[list[dict[str, Any]], list[str]]:
    """LINE's JSON of a reply and, for each of its messages, what quoting it refers to.

    A long message becomes several, all about the same.
    """
    parts = [
        (part, message.about)
        for message in reply.messages
        for part in shapes.fitted(shapes.to_line(message))
    ]
    messages = shapes.checked([part for part, _ in parts])
    return messages, [about for _, about in parts][: len(messages)]


def _says_not_inside(error: LineError) -> bool:
    return isinstance(error, LineRejected) and _NOT_INSIDE in error.detail.lower()


class _Lane(Generic[Item, Result]):
    """One dispatcher that claims, and a pool of threads that work.

    Args:
        exchange: settles the results of earlier work and claims up to k items, in one commit.
        work: deals with one item and raises nothing.
    """

    def __init__(
        self,
        name: str,
        exchange: Callable[[int, Sequence[Result]], list[Item]],
        work: Callable[[Item], Result],
        threads: int,
        bell: Bell,
        poll_seconds: float,
    ) -> None:
        self._name = name
        self._exchange = exchange
        self._work = work
        self._threads = threads
        self._bell = bell
        self._poll_seconds = poll_seconds
        self._pool: ThreadPoolExecutor | None = None
        self._dispatcher: threading.Thread | None = None
        self._changed = threading.Condition()
        self._busy = 0
        self._results: list[Result] = []
        self._stopping = False

    def start(self) -> None:
        self._pool = ThreadPoolExecutor(self._threads, thread_name_prefix=self._name)
        self._dispatcher = threading.Thread(target=self._run, name=self._name, daemon=True)
        self._dispatcher.start()

    def ask_to_stop(self) -> None:
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        self._bell.ring_here()

    def join(self, timeout: float) -> bool:
        """Wait until nothing is in hand; says whether that came about."""
        if self._dispatcher is None or self._pool is None:
            return True
        self._dispatcher.join(timeout)
        if self._dispatcher.is_alive():
            return False
        self._pool.shutdown()
        return True

    def run_once(self) -> bool:
        """Claim once and work here; says whether there was anything."""
        items = self._try_exchange(self._threads, [])
        results = [self._work(item) for item in items]
        if results:
            self._try_exchange(0, results)
        return bool(items)

    def _run(self) -> None:
        unsettled: list[Result] = []
        while True:
            heard = self._bell.rings
            room = self._room()
            unsettled += self._take_results()
            if self._stopping and not unsettled and self._busy == 0:
                return
            try:
                items = self._try_exchange(room, unsettled)
            except SQLAlchemyError as error:
                extra = {"lane": self._name, "error": type(error).__name__}
                log.warning("exchange_failed", extra=extra)
                self._bell.wait(heard, self._poll_seconds)
                continue
            for item in items:
                self._begin(item)
            if not items and not unsettled:
                self._bell.wait(heard, self._poll_seconds)
            unsettled = []

    def _room(self) -> int:
        """How many threads are free; none when it is time to stop.

        When most are busy it waits a moment for more, so that one claim serves several chats.
        """
        with self._changed:
            if 0 < self._threads - self._busy < self._threads / 2:
                half = self._threads // 2
                self._changed.wait_for(
                    lambda: self._stopping or self._busy <= half, _LINGER_SECONDS
                )
            return 0 if self._stopping else self._threads - self._busy

    def _take_results(self) -> list[Result]:
        with self._changed:
            taken, self._results = self._results, []
        return taken

    def _try_exchange(self, k: int, results: Sequence[Result]) -> list[Item]:
        if k == 0 and not results:
            return []
        for _ in range(_CLAIM_TRIES):
            try:
                return self._exchange(k, results)
            except IntegrityError:
                continue  # another process claimed in the same chat at this moment
        return self._exchange(0, results)

    def _begin(self, item: Item) -> None:
        assert self._pool is not None
        with self._changed:
            self._busy += 1
        self._pool.submit(self._do, item)

    def _do(self, item: Item) -> None:
        result = self._work(item)
        with self._changed:
            self._busy -= 1
            self._results.append(result)
            self._changed.notify_all()
        # The chat's next row is free now, and a reply may be in the outbox.
        self._bell.ring_here()
