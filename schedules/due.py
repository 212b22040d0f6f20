"""What is to be said at a moment, worked out from the data, the ledger and people's answers.

It remembers nothing: being late is the same computation with a later now. Of several reminders
of one deadline that were not said, the latest that is still of use is said, the others are missed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property

from bot.clock import TAIPEI, aware
from bot.log import fingerprint
from bot.messages import ChatRef
from bot.plans.deadlines import Deadline, DeadlineKind, Duty
from bot.plans.workdays import Workdays
from bot.store import overrides as settings
from bot.store.acknowledgements import Ack, Acknowledgement
from bot.store.courtesy import CourtesyResult
from bot.store.overrides import Override, Quiet
from bot.store.reminders import Key, LedgerState, ReminderKind
from schedules.rules import Calendar, Occurrence, Rules, which_test

LOOK_BACK = timedelta(days=31)
"""What was not said for longer than this is not even recorded as missed."""

_REPEATS = frozenset(
    {ReminderKind.LEAD, ReminderKind.OVERDUE, ReminderKind.COURTESY, ReminderKind.FOLLOWUP}
)
_Test = tuple[str, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """A chat that hears a unit's reminders; None stands for a unit without a chat.

    `above`: it is the superior's or an administrator's, and hears only what is long overdue.
    `since`: when it was bound; what was due before is not brought up. `units`: those that the
    chat is bound to among the deadlines' unit and its sections; empty is the unit itself.
    """

    chat: ChatRef | None
    above: bool = False
    since: datetime | None = None
    units: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The chat's id, empty where there is none."""
        return self.chat.id if self.chat else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """Something to say in a chat about a deadline: `at` is when it should be said, aware.

    `state` says what becomes of it: to be said, missed, or settled. Of a courtesy test it speaks
    of `units`, those of the chat's own that it still concerns; `has_result`: their results are
    known, and 改善措施 are missing.
    """

    at: datetime
    day: date
    kind: ReminderKind
    deadline: Deadline
    listener: Listener
    state: LedgerState = LedgerState.SAID
    units: tuple[str, ...] = ()
    has_result: bool = False

    @property
    def key(self) -> Key:
        """What it is in the ledger."""
        return (self.deadline.id, self.listener.id, self.kind, self.day)


@dataclass(frozen=True, kw_only=True)
class Situation:
    """Everything that decides what is said, except the moment.

    `deadlines` and `listeners` are by unit; `ledger` has what became of the reminders of the last
    `LOOK_BACK`; `answers` are by deadline, the oldest first; `tests` by unit, cycle and test;
    `spoken_to` are the chats that have had their message of the day; `overrides` by unit.
    """

    deadlines: Mapping[str, Sequence[Deadline]]
    listeners: Mapping[str, Sequence[Listener]]
    rules: Rules
    workdays: Workdays
    ledger: Mapping[Key, LedgerState] = field(default_factory=dict)
    answers: Mapping[str, Sequence[Acknowledgement]] = field(default_factory=dict)
    tests: Mapping[_Test, Sequence[CourtesyResult]] = field(default_factory=dict)
    spoken_to: frozenset[str] = frozenset()
    overrides: Mapping[str | None, Override] = field(default_factory=dict)

    @cached_property
    def calendar(self) -> Calendar:
        """The occurrences, each rule's worked out once."""
        return Calendar(self.rules, self.workdays)

    @cached_property
    def hours(self) -> Mapping[str, Hours]:
        """By chat when it may be spoken to."""
        quiet: dict[str, dict[Quiet, None]] = {}
        for unit, heard_by in self.listeners.items():
            own = self.override(unit).quiet or self.rules.quiet
            general = self.override(None).quiet or self.rules.quiet
            for one in heard_by:
                quiet.setdefault(one.id, {})[general if one.above else own] = None
        return {chat: Hours(self.rules.sends_at, tuple(found)) for chat, found in quiet.items()}

    @cached_property
    def _units_of(self) -> Mapping[str | None, frozenset[str]]:
        """By a chat's fingerprint the units that it is bound to."""
        found: dict[str | None, frozenset[str]] = {}
        for unit, heard_by in self.listeners.items():
            for one in heard_by:
                if not one.above:
                    known = found.get(key := fingerprint(one.id), frozenset())
                    found[key] = known | {*(one.units or (unit,))}
        return found

    def answers_in(self, listener: Listener, deadline: Deadline) -> Sequence[Acknowledgement]:
        """What was answered that counts in a chat, the oldest first.

        An agency's duty is one for all its chats; a courtesy test is each unit's own, so there
        another unit's answer does not count.
        """
        answers = self.answers.get(deadline.id, ())
        if not answers or not _is_test(deadline) or listener.above:
            return answers
        units = {*_tested(listener, deadline)}
        return [one for one in answers if units & self._units_of.get(one.chat, units)]

    def override(self, unit: str | None) -> Override:
        """A unit's own settings."""
        if not self.overrides:
            return settings.NOTHING
        general = self.overrides.get(None, settings.NOTHING)
        return settings.merged(self.overrides.get(unit, settings.NOTHING), general)


@dataclass(frozen=True, slots=True)
class Hours:
    """When a chat may be spoken to on a workday: not before `sends_at`, never while it is quiet."""

    sends_at: time
    quiet: tuple[Quiet, ...]

    @property
    def opens(self) -> time:
        """When the day's message goes, if nothing is late."""
        ends = [one.end for one in self.quiet if one.covers(self.sends_at)]
        return max(ends, default=self.sends_at)

    def allow(self, moment: time) -> bool:
        """Whether it may be spoken to at a time of the day."""
        return moment >= self.opens and not any(one.covers(moment) for one in self.quiet)


def due(now: datetime, situation: Situation) -> list[Reminder]:
    """What is said now, and what is found to be missed or settled.

    Nothing on a day off, in quiet hours or before the hour of the day; a chat that had its
    message of the day is left alone until the next.

    Args:
        now: aware.

    Raises:
        DataError: the office calendar does not cover the day.
    """
    local = aware(now).astimezone(TAIPEI)
    today = local.date()
    if not situation.workdays.is_workday(today):
        return []
    open_now = {
        chat
        for chat, hours in situation.hours.items()
        if chat not in situation.spoken_to and hours.allow(local.time())
    }
    if not open_now:
        return []
    found: list[Reminder] = []
    for one, listener, occurrences in _heard(situation, today - LOOK_BACK, today):
        if listener.id in open_now:
            found += _decided(situation, one, listener, occurrences, now)
    return found


def preview(first: date, last: date, situation: Situation) -> list[Reminder]:
    """Every reminder of a period, both days inclusive, if nothing more is answered.

    The ledger and what is late do not matter; an answer counts from the moment it was given.
    """
    found = []
    for deadline, listener, occurrences in _heard(situation, first, last):
        for occurrence in occurrences:
            at = _moment(situation, occurrence.day, listener)
            reminder = _reminder(situation, deadline, listener, occurrence, at)
            if _since_bound(listener, occurrence, deadline, at) and not _is_settled(
                situation, reminder, at
            ):
                found.append(reminder)
    return sorted(found, key=lambda one: (one.at, one.listener.id, one.deadline.end))


def _heard(
    situation: Situation, first: date, last: date
) -> Iterator[tuple[Deadline, Listener, list[Occurrence]]]:
    """By deadline and listener the occurrences of some days."""
    recent: dict[tuple[int, tuple[int, ...] | None], list[Occurrence]] = {}
    for unit, heard_by in situation.listeners.items():
        leads = situation.override(unit).lead_days
        for deadline in situation.deadlines.get(unit, ()):
            key = (id(deadline.rule), leads)
            if key not in recent:
                every = situation.calendar.of(deadline.rule, leads)
                recent[key] = [one for one in every if first <= one.day <= last]
            for listener in heard_by:
                every_one = _of_listener(situation, deadline, listener, recent[key], first, last)
                if every_one:
                    yield deadline, listener, every_one


def _of_listener(
    situation: Situation,
    deadline: Deadline,
    listener: Listener,
    usual: list[Occurrence],
    first: date,
    last: date,
) -> list[Occurrence]:
    if listener.above:
        return [one for one in usual if one.after_grace]
    every = _further(situation, deadline, listener)
    further = [one for one in every if first <= one.day <= last]
    return sorted({*usual, *further}) if further else usual


def _further(situation: Situation, deadline: Deadline, listener: Listener) -> Iterator[Occurrence]:
    """What only this chat has: it asked to be reminded again, or its units owe 改善措施."""
    answers = situation.answers_in(listener, deadline)
    if answers and answers[-1].until is not None and situation.workdays.covers(answers[-1].until):
        day = situation.calendar.on_or_after(answers[-1].until)
        yield Occurrence(day=day, kind=_kind_on(day, deadline, situation.workdays))
    if not (situation.tests and _is_test(deadline)):
        return
    rhythm = situation.rules.improvement
    for unit in _tested(listener, deadline):
        results = situation.tests.get(_test_of(unit, deadline))
        if results and results[-1].owes_improvement:
            first = results[-1].at.astimezone(TAIPEI).date() + rhythm.every
            yield from situation.calendar.again(first, rhythm, ReminderKind.FOLLOWUP)


def _kind_on(day: date, deadline: Deadline, workdays: Workdays) -> ReminderKind:
    """What a reminder that somebody asked for is on its day."""
    if _is_test(deadline):
        return ReminderKind.COURTESY if day <= deadline.end else ReminderKind.FOLLOWUP
    if day < workdays.on_or_before(deadline.end):
        return ReminderKind.LEAD
    if day <= deadline.end or deadline.duty is not Duty.OWED:
        return ReminderKind.DUE
    return ReminderKind.OVERDUE


def _decided(
    situation: Situation,
    deadline: Deadline,
    listener: Listener,
    occurrences: Sequence[Occurrence],
    now: datetime,
) -> Iterator[Reminder]:
    """What becomes of the occurrences that the ledger does not know or holds."""
    pending = []
    for occurrence in occurrences:
        key = (deadline.id, listener.id, occurrence.kind, occurrence.day)
        if situation.ledger.get(key, LedgerState.HELD) is not LedgerState.HELD:
            continue
        if not _since_bound(listener, occurrence, deadline, now):
            continue
        reminder = _reminder(situation, deadline, listener, occurrence, now)
        if _is_settled(situation, reminder, now):
            yield replace(reminder, state=LedgerState.SETTLED)
        else:
            pending.append(reminder)
    today = now.astimezone(TAIPEI).date()
    for reminder in pending[:-1]:
        yield replace(reminder, state=LedgerState.MISSED)
    for reminder in pending[-1:]:
        useful = _is_useful(reminder, today, situation.rules)
        yield reminder if useful else replace(reminder, state=LedgerState.MISSED)


def _since_bound(
    listener: Listener, occurrence: Occurrence, deadline: Deadline, at: datetime
) -> bool:
    """Whether the chat was bound in time to hear of it.

    A moment before the binding is somebody's «what if», and hears everything.
    """
    if listener.since is None or at < listener.since:
        return True
    bound = listener.since.astimezone(TAIPEI).date()
    if occurrence.kind in (ReminderKind.OVERDUE, ReminderKind.FOLLOWUP) and deadline.end < bound:
        return False
    return occurrence.day >= bound


def _is_settled(situation: Situation, reminder: Reminder, at: datetime) -> bool:
    """Whether people's answers until a moment make it needless."""
    if _is_test(reminder.deadline) and not reminder.units:
        return True
    answers = situation.answers_in(reminder.listener, reminder.deadline)
    if not answers:
        return False
    given = [one for one in answers if one.at <= at]
    if not given:
        return False
    last = given[-1]
    if last.what is Ack.DONE:
        return True
    if reminder.listener.above or last.what is Ack.OPEN:
        return False
    if last.what is Ack.SNOOZED:
        assert last.until is not None
        return reminder.day < last.until
    return _was_seen(reminder, last)


def _was_seen(reminder: Reminder, seen: Acknowledgement) -> bool:
    """Who has seen it is spared what only repeats; the day itself and the first lateness are said.

    An answer given before the end says nothing about being late.
    """
    if reminder.kind not in _REPEATS:
        return False
    if reminder.kind in (ReminderKind.OVERDUE, ReminderKind.FOLLOWUP):
        return seen.at.astimezone(TAIPEI).date() > reminder.deadline.end
    return True


def _still_concerned(
    situation: Situation,
    deadline: Deadline,
    listener: Listener,
    occurrence: Occurrence,
    at: datetime,
) -> tuple[tuple[str, ...], bool]:
    """Of a chat's units those that a reminder of a test is about, and whether they have results.

    Each unit is tested by itself: a section's result says nothing of its agency, nor the
    agency's of its sections. With its result a test is over; only missing 改善措施 are asked for.
    """
    without, owing = [], []
    for unit in _tested(listener, deadline):
        known = situation.tests.get(_test_of(unit, deadline), ())
        results = [one for one in known if one.at <= at]
        if not results or results[-1].score is None:
            without.append(unit)
        elif results[-1].owes_improvement:
            owing.append(unit)
    if occurrence.kind is not ReminderKind.FOLLOWUP:
        return tuple(without), False
    if without and occurrence.day > deadline.end:  # before its end nobody is asked for a result
        return tuple(without), False
    return tuple(owing), True


def _is_useful(reminder: Reminder, today: date, rules: Rules) -> bool:
    """Whether a reminder that may be late still helps."""
    late = today - reminder.day
    end = reminder.deadline.end
    if reminder.kind in rules.useful and late > rules.useful[reminder.kind]:
        return False
    if reminder.kind in (ReminderKind.OVERDUE, ReminderKind.FOLLOWUP):
        return True
    return today <= end


def _reminder(
    situation: Situation,
    deadline: Deadline,
    listener: Listener,
    occurrence: Occurrence,
    at: datetime,
) -> Reminder:
    units, has_result = (
        _still_concerned(situation, deadline, listener, occurrence, at)
        if _is_test(deadline)
        else ((), False)
    )
    return Reminder(
        at=_moment(situation, occurrence.day, listener),
        day=occurrence.day,
        kind=occurrence.kind,
        deadline=deadline,
        listener=listener,
        units=units,
        has_result=has_result,
    )


def _moment(situation: Situation, day: date, listener: Listener) -> datetime:
    return datetime.combine(day, situation.hours[listener.id].opens, TAIPEI)


def _is_test(deadline: Deadline) -> bool:
    return deadline.kind is DeadlineKind.COURTESY_TEST and deadline.duty is Duty.TAKES_PLACE


def _tested(listener: Listener, deadline: Deadline) -> tuple[str, ...]:
    return listener.units or (deadline.unit,)


def _test_of(unit: str, deadline: Deadline) -> _Test:
    return (unit, int(deadline.year), which_test(deadline.rule))
