"""Which reminders a deadline has, and on which days: data/reminders.yaml, worked out.

A day is always a workday of the office calendar; how late it may still be said is a rule, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from pathlib import Path
from typing import Annotated

import pydantic

from bot.errors import DataError, UsageError
from bot.plans.corpus import read_yaml
from bot.plans.deadlines import DeadlineKind, Duty, Rule
from bot.plans.workdays import Workdays
from bot.store.overrides import Quiet
from bot.store.reminders import ReminderKind

_AFTER = timedelta(days=120)  # how long after its end a deadline may still be spoken of
_Days = Annotated[int, pydantic.Field(ge=1, le=60)]
_Times = Annotated[int, pydantic.Field(ge=0, le=52)]


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyRule:
    """Which reminders go with a duty; `leads` are workdays before the due day, descending."""

    opening: bool
    leads: tuple[int, ...]
    due: bool
    overdue: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """Every so many days, so many times."""

    every: timedelta
    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """data/reminders.yaml; days are calendar days unless the name says workdays."""

    sends_at: time
    quiet: Quiet
    duties: Mapping[Duty, DutyRule]
    overdue: Again
    grace_workdays: int
    results_after_workdays: int
    results: Again
    improvement: Again
    useful: Mapping[ReminderKind, timedelta]
    warn_at: float


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Occurrence:
    """A reminder of a deadline: the workday that it belongs to, and why it is said.

    `after_grace`: an overdue one that the superior and the administrators hear, too.
    """

    day: date
    kind: ReminderKind
    after_grace: bool = False


@dataclass(slots=True)
class Calendar:
    """The occurrences of rules, each worked out once; for one pass over many units."""

    rules: Rules
    workdays: Workdays
    _known: dict[tuple[int, tuple[int, ...] | None], tuple[Rule, tuple[Occurrence, ...]]] = field(
        default_factory=dict
    )

    def of(self, rule: Rule, leads: tuple[int, ...] | None = None) -> tuple[Occurrence, ...]:
        """All occurrences of a rule in order.

        Args:
            leads: a unit's own lead workdays, None for those of the rules.
        """
        key = (id(rule), leads)
        if key not in self._known:
            # The rule is kept beside its occurrences, so that its id stays its own.
            self._known[key] = (rule, tuple(sorted(set(self._work_out(rule, leads)))))
        return self._known[key][1]

    def again(self, first: date, rhythm: Again, kind: ReminderKind) -> tuple[Occurrence, ...]:
        """A reminder that comes again and again, each time on a workday."""
        return tuple(Occurrence(day=day, kind=kind) for day in self._repeated(first, rhythm))

    def on_or_after(self, day: date) -> date:
        """The day if it is worked, else the next workday.

        Raises:
            DataError: the office calendar does not cover it.
        """
        return day if self.workdays.is_workday(day) else self.workdays.next_workday(day)

    def covers(self, rule: Rule) -> bool:
        """Whether the office calendar reaches from before the rule's time to well after it."""
        return self.workdays.first <= rule.start and rule.end + _AFTER <= self.workdays.last

    def _work_out(self, rule: Rule, leads: tuple[int, ...] | None) -> Iterator[Occurrence]:
        if not self.covers(rule):
            return
        if rule.kind is DeadlineKind.COURTESY_TEST and rule.duty is Duty.TAKES_PLACE:
            yield from self._of_test(rule)
            return
        duty = self.rules.duties[rule.duty]
        opening = self.on_or_after(rule.start)
        last = self.workdays.on_or_before(rule.end)
        if duty.opening and (opening < last or not duty.due) and opening <= rule.end:
            yield Occurrence(day=opening, kind=ReminderKind.OPENING)
        for lead in duty.leads if leads is None or not duty.leads else leads:
            day = self._before(rule.end, lead)
            if day is not None and day > opening:
                yield Occurrence(day=day, kind=ReminderKind.LEAD)
        if duty.due:
            yield Occurrence(day=last, kind=ReminderKind.DUE)
        if duty.overdue:
            yield from self._overdue(rule.end)

    def _overdue(self, end: date) -> Iterator[Occurrence]:
        graced = end
        for _ in range(self.rules.grace_workdays):
            graced = self.workdays.next_workday(graced)
        for day in self._repeated(self.workdays.next_workday(end), self.rules.overdue):
            yield Occurrence(day=day, kind=ReminderKind.OVERDUE, after_grace=day > graced)

    def _of_test(self, rule: Rule) -> Iterator[Occurrence]:
        """The window opens, a month begins in it, its result is asked for."""
        for day in _firsts_of_months(rule.start, rule.end):
            worked = self.on_or_after(day)
            if worked <= rule.end:
                yield Occurrence(day=worked, kind=ReminderKind.COURTESY)
        asked = rule.end
        for _ in range(self.rules.results_after_workdays):
            asked = self.workdays.next_workday(asked)
        yield from self.again(asked, self.rules.results, ReminderKind.FOLLOWUP)

    def _before(self, end: date, workdays: int) -> date | None:
        try:
            return self.workdays.minus(end, workdays)
        except DataError:  # before the office calendar begins
            return None

    def _has(self, day: date) -> bool:
        return day + timedelta(days=31) <= self.workdays.last

    def _repeated(self, first: date, rhythm: Again) -> Iterator[date]:
        days = (first + rhythm.every * number for number in range(rhythm.times))
        # After a long holiday two of them may meet on one day.
        yield from dict.fromkeys(self.on_or_after(day) for day in days if self._has(day))


def which_test(rule: Rule) -> int:
    """1 for the first half-year's courtesy test, 2 for the second's, wherever it was moved."""
    start = (rule.moved_from or (rule.start, rule.end))[0]
    return 1 if start.month <= 6 else 2


def load(folder: Path) -> Rules:
    """The rules of a data folder.

    Raises:
        DataError: the file is missing or wrong.
    """
    file = folder / "reminders.yaml"
    content = read_yaml(file, _RulesIn)
    try:
        quiet = Quiet(start=content.quiet.start, end=content.quiet.until)
    except UsageError as exc:
        raise DataError(file, None, str(exc), "give two times") from exc
    missing = [str(one) for one in Duty if one not in content.duties]
    if missing:
        raise DataError(file, None, f"duties has no {missing[0]}", "add it")
    courtesy, overdue = content.courtesy, content.overdue
    return Rules(
        sends_at=content.sends_at,
        quiet=quiet,
        duties={
            duty: DutyRule(
                opening=one.opening,
                leads=tuple(sorted(set(one.lead_workdays), reverse=True)),
                due=one.due,
                overdue=one.overdue,
            )
            for duty, one in content.duties.items()
        },
        overdue=_again(overdue.every_days, overdue.times),
        grace_workdays=overdue.grace_workdays,
        results_after_workdays=courtesy.results_after_workdays,
        results=_again(courtesy.results_every_days, courtesy.results_times),
        improvement=_again(courtesy.improvement_every_days, courtesy.improvement_times),
        useful={kind: timedelta(days=days) for kind, days in content.useful_days.items()},
        warn_at=content.quota.warn_at,
    )


def _again(days: int, times: int) -> Again:
    return Again(every=timedelta(days=days), times=times)


def _firsts_of_months(start: date, end: date) -> Sequence[date]:
    """The start, and the first day of every further month until the end."""
    days = [start]
    while (following := (days[-1].replace(day=28) + timedelta(days=4)).replace(day=1)) <= end:
        days.append(following)
    return days


class _Strict(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="forbid", frozen=True)


class _QuietIn(_Strict):
    start: time = pydantic.Field(alias="from")
    until: time


class _DutyIn(_Strict):
    opening: bool
    lead_workdays: tuple[_Days, ...]
    due: bool
    overdue: bool


class _OverdueIn(_Strict):
    every_days: _Days
    times: _Times
    grace_workdays: _Days


class _CourtesyIn(_Strict):
    results_after_workdays: _Days
    results_every_days: _Days
    results_times: _Times
    improvement_every_days: _Days
    improvement_times: _Times


class _QuotaIn(_Strict):
    warn_at: float = pydantic.Field(gt=0, le=1)


class _RulesIn(_Strict):
    sends_at: time
    quiet: _QuietIn
    duties: dict[Duty, _DutyIn]
    overdue: _OverdueIn
    courtesy: _CourtesyIn
    useful_days: dict[ReminderKind, Annotated[int, pydantic.Field(ge=0, le=60)]]
    quota: _QuotaIn
