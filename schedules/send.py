"""The pass that speaks first: what is due goes into the outbox, and into the ledger with it.

Any number of processes may do it at any time: a chat's message of a day is unique by what it is,
a reminder stands in the ledger once, and both are one commit.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy.orm import Session

from bot import clock, phrases
from bot.clock import TAIPEI, monotonic
from bot.errors import LineError
from bot.messages import ChatKind, ChatRef, Message, Reply, say
from bot.plans import roc
from bot.plans.corpus import Units
from bot.plans.dates import Dates
from bot.plans.deadlines import Adjustment, Cycle, Deadline, duty_bearer
from bot.plans.model import RocYear, Unit, UnitLevel
from bot.plans.workdays import DayOverride, Workdays
from bot.store import acknowledgements, adjustments, courtesy, outbox, overrides, reminders
from bot.store.engine import Database
from bot.store.outbox import Push
from bot.store.reminders import Entry, LedgerState, Place
from schedules import compose, mentions, quota
from schedules.due import LOOK_BACK, Listener, Reminder, Situation, due, preview
from schedules.mentions import AskMember, Members
from schedules.quota import Allowance, ChatMessage, Decision, Meter, Price
from schedules.rules import Rules

log = logging.getLogger(__name__)

Render = Callable[[Reply], tuple[list[dict[str, Any]], list[str]]]
"""A reply as LINE's JSON and, for each of its messages, what quoting it refers to."""

_ANSWERS_KEPT = timedelta(days=800)
_SIZE_LIVES = timedelta(days=1)
_SHARE = 20  # a pass that finds nothing may take a twentieth of the time
_HELD_PAUSE_SECONDS = 600.0
_BEFORE, _AFTER = timedelta(days=100), timedelta(days=120)  # how far from its dates it speaks


@dataclass(kw_only=True)
class Facts:
    """What is known apart from the database: plans, office calendar, rules."""

    dates: Dates
    rules: Rules
    _calendars: dict[tuple[DayOverride, ...], Workdays] = field(default_factory=dict, repr=False)

    @property
    def units(self) -> Units:
        """The city's units."""
        return self.dates.schedules.units

    def workdays(self, decided: tuple[DayOverride, ...]) -> Workdays:
        """The office calendar with what administrators decided; the last one is kept."""
        if (known := self._calendars.get(decided)) is None:
            known = self.dates.workdays(decided)
            self._calendars = {decided: known}
        return known


class Reminding:
    """Says in time what is due.

    Args:
        render: makes LINE's JSON; `schedules` knows nothing of LINE.
        meter: asks LINE about costs; None where no channel is configured.
        ask_member: asks LINE whether a person is in a group; None where nobody is mentioned.
        wake: called after something was added to the outbox.
    """

    def __init__(
        self,
        database: Database,
        facts: Facts,
        *,
        render: Render,
        meter: Meter | None = None,
        ask_member: AskMember | None = None,
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        self._database = database
        self._facts = facts
        self._render = render
        self._meter = meter
        self._members = Members(ask_member)
        self._wake = wake
        self._rests_until = 0.0

    def beat(self, now: datetime) -> None:
        """A tick of the metronome; rests after one that found nothing to say."""
        began = monotonic()
        if began < self._rests_until:
            return
        said, held = self.tick(now)
        if not said:
            took = monotonic() - began
            self._rests_until = monotonic() + (_HELD_PAUSE_SECONDS if held else took * _SHARE)

    def tick(self, now: datetime) -> tuple[int, int]:
        """Say what is due at a moment.

        Returns:
            How many chats are told, and how many are not for want of quota.
        """
        with self._database.begin() as db:
            _take_back(db, self._facts, now)
            version = reminders.version(db)
            situation = read(db, self._facts, now)
            sizes = reminders.sizes(db)
        found = due(now, situation)
        if not found:
            return 0, 0
        chats = _chats_of(found)
        fresh = self._ask_sizes(chats, sizes, now) if chats else {}
        price = priced({**{chat: people for chat, (people, _) in sizes.items()}, **fresh})
        allowance = self._ask_quota() if chats else None
        members = self._members.confirmed(mentions.wanted(_said(found), situation.listeners), now)
        with self._database.begin() as db:
            reminders.keep_sizes(db, fresh, now)
            if reminders.version(db) != version:  # somebody answered, or was faster
                situation = read(db, self._facts, now)
                found = due(now, situation)
            decision = self._write(db, now, situation, found, price, allowance, members)
        if decision.told:
            self._wake()
        log.info("reminded", extra={"told": len(decision.told), "held": len(decision.held)})
        return len(decision.told), len(decision.held)

    def due(self, now: datetime, *, everybody: bool = False) -> tuple[list[Reminder], Price]:
        """What would be said at a moment, and what it costs; changes nothing.

        Args:
            everybody: units without a chat, too.
        """
        with self._database.begin() as db:
            situation = read(db, self._facts, now, everybody=everybody)
            price = priced_by(db)
        found = due(now, situation)
        return _said(found), price

    def preview(
        self, first: date, last: date, *, everybody: bool = False
    ) -> tuple[list[Reminder], Price]:
        """Every reminder of a period, both days inclusive, and what it costs."""
        with self._database.begin() as db:
            return preview_of(db, self._facts, first, last, everybody=everybody)

    def workdays(self) -> Workdays:
        """The office calendar with what administrators decided."""
        with self._database.begin() as db:
            return self._facts.workdays(adjustments.day_overrides(db))

    def _write(
        self,
        db: Session,
        now: datetime,
        situation: Situation,
        found: Sequence[Reminder],
        price: Price,
        allowance: Allowance | None,
        members: frozenset[tuple[str, str]],
    ) -> Decision:
        """Decide who is told, and write it down."""
        today = clock.today(now)
        messages = quota.by_chat(_said(found), price)
        left, reserve, to_come = _budget(db, situation, messages, price, allowance, now)
        decision = quota.decide(messages, left, reserve)
        entries = [_entry(one, one.state, now) for one in found if one.state not in _OF_A_MESSAGE]
        pushes = [self._push(one, today, situation, members) for one in decision.told]
        new = outbox.enqueue_pushes(db, pushes, now)
        for push, one in zip(pushes, decision.told, strict=True):
            if push.what in new:
                entries += [_entry(r, LedgerState.SAID, now, push.what) for r in one.reminders]
        for one in decision.held:
            entries += [_entry(r, LedgerState.HELD, now) for r in one.reminders]
        reminders.record(db, sorted(entries, key=lambda one: one.key))
        if allowance is not None and allowance.limit is not None:
            spent = allowance.limit - (left or 0)
            self._warn(db, decision, spent, allowance.limit, to_come, now)
        return decision

    def _push(
        self,
        message: ChatMessage,
        today: date,
        situation: Situation,
        members: frozenset[tuple[str, str]],
    ) -> Push:
        calls = mentions.people(message.reminders, situation.listeners, members)
        reply = compose.message(message.reminders, today, situation.workdays, calls)
        rendered, abouts = self._render(reply)
        return Push(
            what=reminders.message_of(message.chat.id, today),
            chat_id=message.chat.id,
            messages=rendered,
            abouts=abouts,
            price=message.price,
        )

    def _warn(
        self, db: Session, decision: Decision, used: int, limit: int, to_come: int, now: datetime
    ) -> None:
        """Tell the administrators in time, each thing once a month."""
        cost = sum(one.price for one in decision.told)
        warnings = {}
        if decision.held:
            warnings["held"] = phrases.quota_is_short(len(decision.held))
        if used + cost + to_come > limit:
            warnings["forecast"] = phrases.quota_will_not_do(used + cost, limit, to_come)
        if used + cost >= limit * self._facts.rules.warn_at:
            warnings["used"] = phrases.quota_is_running_out(used + cost, limit)
        if not warnings:
            return
        month = f"{now.astimezone(TAIPEI):%Y-%m}"
        level, words = next(iter(warnings.items()))
        rendered, abouts = self._render(say(words))
        for admin in reminders.administrators(db):
            outbox.enqueue(
                db,
                what=f"quota:{month}:{level}:{admin.id}",
                chat_id=admin.id,
                messages=rendered,
                abouts=abouts,
                now=now,
                price=1,
            )

    def _ask_sizes(
        self,
        chats: Iterable[ChatRef],
        known: Mapping[str, tuple[int, datetime]],
        now: datetime,
    ) -> dict[str, int]:
        """How many people are in the groups for which that is not known of late."""
        found: dict[str, int] = {}
        if self._meter is None:
            return found
        for chat in chats:
            asked = known.get(chat.id)
            if not chat.is_shared or (asked is not None and now - asked[1] < _SIZE_LIVES):
                continue
            try:
                found[chat.id] = self._meter.members_count(chat)
            except LineError as error:
                log.warning("size_unknown", extra={"error": type(error).__name__})
        return found

    def _ask_quota(self) -> Allowance | None:
        if self._meter is None:
            return None
        try:
            return self._meter.quota()
        except LineError as error:
            log.warning("quota_unknown", extra={"error": type(error).__name__})
            return None


_OF_A_MESSAGE = frozenset({LedgerState.SAID, LedgerState.HELD})


def read(db: Session, facts: Facts, now: datetime, *, everybody: bool = False) -> Situation:
    """The situation at a moment.

    Args:
        everybody: units without a chat, too, as listeners without a chat.
    """
    today = clock.today(now)
    since = today - LOOK_BACK
    return replace(
        _situation(db, facts, since, today, today=today, everybody=everybody),
        ledger=reminders.states(db, since),
        spoken_to=reminders.spoken_to(db, today, since),
    )


def ride(db: Session, facts: Facts, chat: ChatRef, now: datetime) -> tuple[Message, ...] | None:
    """What is held for a chat for want of quota, to go along with a free reply; None for nothing.

    It counts as said with the transaction that answers.
    """
    today = clock.today(now)
    if not reminders.is_held(db, chat.id, today - LOOK_BACK):
        return None
    whole = read(db, facts, now)
    here = {
        unit: heard_by if any(one.id == chat.id for one in heard_by) else ()
        for unit, heard_by in whole.listeners.items()
    }
    others = {one.id for heard_by in here.values() for one in heard_by} - {chat.id}
    found = due(now, replace(whole, listeners=here, spoken_to=whole.spoken_to | others))
    said = _said(found)
    if not said:
        return None
    what = reminders.message_of(chat.id, today)
    reminders.record(db, [_entry(one, LedgerState.SAID, now, f"ride:{what}") for one in said])
    return compose.message(said, today, whole.workdays).messages


def preview_of(
    db: Session, facts: Facts, first: date, last: date, *, everybody: bool = False
) -> tuple[list[Reminder], Price]:
    """Every reminder of a period, both days inclusive, and what it costs."""
    situation = _situation(db, facts, first, last, today=first, everybody=everybody)
    return preview(first, last, situation), priced_by(db)


def priced_by(db: Session) -> Price:
    """What pushes cost, as far as LINE has told."""
    return priced({chat: people for chat, (people, _) in reminders.sizes(db).items()})


def priced(sizes: Mapping[str, int]) -> Price:
    """What pushes cost: one for every person of the chat."""

    def price(chat: ChatRef) -> int:
        if chat.kind is ChatKind.USER:
            return 1
        return sizes.get(chat.id, quota.UNKNOWN_GROUP)

    return price


def deadlines_between(
    facts: Facts,
    units: Iterable[Unit],
    first: date,
    last: date,
    moved: Sequence[Adjustment] = (),
) -> dict[str, list[Deadline]]:
    """By unit the deadlines that may have something to say in a period."""
    years = range(roc.from_western(first.year) - 1, roc.from_western(last.year) + 2)
    cycles = [Cycle(facts.dates.schedules, RocYear(year), moved) for year in years]
    return {
        unit.name: [
            one
            for cycle in cycles
            for one in cycle.of(unit)
            if one.start - _BEFORE <= last and first <= one.end + _AFTER
        ]
        for unit in units
    }


def listeners_of(
    units: Units, places: Sequence[Place], admins: Sequence[ChatRef], *, everybody: bool = False
) -> dict[str, list[Listener]]:
    """By unit who hears its reminders.

    A section's chat hears its agency's, and of courtesy tests what concerns the section. Above
    a unit that has a chat are its superior's chats (of an agency: 研考會's) and the
    administrators one-to-one.
    """
    own: dict[str, dict[str, Listener]] = {}
    direct: dict[str, list[ChatRef]] = {}
    for place in places:
        unit = units.get(place.unit)
        if unit is None:  # it was renamed; its chats can be bound anew
            continue
        direct.setdefault(unit.name, []).append(place.chat)
        bearer = duty_bearer(units, unit).name
        heard_by = own.setdefault(bearer, {})
        earlier = heard_by.get(place.chat.id)
        heard_by[place.chat.id] = Listener(
            chat=place.chat,
            since=min(place.since, earlier.since) if earlier and earlier.since else place.since,
            units=(*(earlier.units if earlier else ()), unit.name),
        )
    found = {
        name: [*heard_by.values(), *_above(units, name, heard_by, own, direct, admins)]
        for name, heard_by in own.items()
    }
    if everybody:
        for unit in units:
            if unit.level is not UnitLevel.SECTION:
                found.setdefault(unit.name, [Listener(chat=None)])
    return found


def _above(
    units: Units,
    name: str,
    heard_by: Mapping[str, Listener],
    own: Mapping[str, Mapping[str, Listener]],
    direct: Mapping[str, Sequence[ChatRef]],
    admins: Sequence[ChatRef],
) -> list[Listener]:
    """Those above a unit, without the chats that hear of it anyway."""
    superior = _superior(units, units.all[name])
    of_superior: Collection[ChatRef] = ()
    if superior is not None:
        sections = [one.chat for one in own.get(superior, {}).values() if one.chat is not None]
        of_superior = direct.get(superior) or sections
    known = [one.since for one in heard_by.values() if one.since is not None]
    since = min(known, default=None)
    chats = {chat.id: chat for chat in (*of_superior, *admins) if chat.id not in heard_by}
    return [Listener(chat=chat, above=True, since=since) for chat in chats.values()]


def _superior(units: Units, unit: Unit) -> str | None:
    """Who watches over a unit: the agency above it; over an agency 研考會."""
    above = units.get(unit.parent)
    if above is not None and above.level is not UnitLevel.CITY:
        return duty_bearer(units, above).name
    if unit.level in (UnitLevel.RDEC, UnitLevel.CITY):
        return None
    return next((one.name for one in units if one.level is UnitLevel.RDEC), None)


def _situation(
    db: Session, facts: Facts, first: date, last: date, *, today: date, everybody: bool
) -> Situation:
    """What concerns a period, told to the chats that speak for units today."""
    units = facts.units
    places = reminders.places(db, today=today)
    listeners = listeners_of(units, places, reminders.administrators(db), everybody=everybody)
    years = [RocYear(year) for year in _years(first, last)]
    since = datetime.combine(first, time(), TAIPEI) - _ANSWERS_KEPT
    return Situation(
        deadlines=deadlines_between(
            facts,
            (units.all[name] for name in listeners),
            first,
            last,
            adjustments.adjustments(db, years),
        ),
        listeners=listeners,
        rules=facts.rules,
        workdays=facts.workdays(adjustments.day_overrides(db)),
        answers=acknowledgements.since(db, since),
        tests=courtesy.all_of(db, years),
        overrides=overrides.every(db),
    )


def _years(first: date, last: date) -> range:
    return range(roc.from_western(first.year) - 1, roc.from_western(last.year) + 2)


def _budget(
    db: Session,
    situation: Situation,
    messages: Sequence[ChatMessage],
    price: Price,
    allowance: Allowance | None,
    now: datetime,
) -> tuple[int | None, int, int]:
    """What is left of the month's quota, what is reserved of it, what is still to come."""
    if allowance is None or allowance.limit is None or not messages:
        return None, 0, 0
    month_ends = outbox.next_month(now)
    month_began = month_ends.astimezone(TAIPEI) - timedelta(days=1)
    month_began = month_began.replace(day=1)
    # LINE's number is approximate and late; ours knows what waits, but only what we sent.
    used = max(allowance.used, reminders.spent(db, month_began))
    tomorrow = clock.today(now) + timedelta(days=1)
    last = clock.today(month_ends) - timedelta(days=1)
    coming = quota.forecast(preview(tomorrow, last, situation), price)
    return max(0, allowance.limit - used), coming.urgent, coming.total


def _take_back(db: Session, facts: Facts, now: datetime) -> None:
    """What LINE refused for the month, and what must not go out now, is decided anew later."""
    local = now.astimezone(TAIPEI)
    general = overrides.get(db, None).quiet or facts.rules.quiet
    workdays = facts.workdays(adjustments.day_overrides(db))
    speaks = workdays.is_workday(local.date()) and not general.covers(local.time())
    back = reminders.take_back(db, now, waiting=not speaks)
    if back:
        log.info("reminders_taken_back", extra={"messages": back})


def _said(found: Iterable[Reminder]) -> list[Reminder]:
    return [one for one in found if one.state is LedgerState.SAID]


def _chats_of(found: Iterable[Reminder]) -> list[ChatRef]:
    chats = {
        one.listener.id: one.listener.chat for one in _said(found) if one.listener.chat is not None
    }
    return [chats[key] for key in sorted(chats)]


def _entry(
    reminder: Reminder, state: LedgerState, now: datetime, message: str | None = None
) -> Entry:
    return Entry(
        deadline=reminder.deadline.id,
        unit=reminder.deadline.unit,
        chat_id=reminder.listener.id,
        kind=reminder.kind,
        day=reminder.day,
        state=state,
        message=message,
        at=now,
    )
