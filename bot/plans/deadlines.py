"""Deadlines: what the schedules of the plans say, for which unit, in which cycle.

A cycle is a plan's year of the Republic; 「次年1月」 of 115 is January 2027. For a unit and an
entry the most specific plan speaks (its own, its superior's, the city's), and the general rule
is kept beside it. Administrators' adjustments move what came out (附件1: ※以上作業時程得視
實際狀況予以調整). What is the same for all units of a level is worked out once (`Cycle`).
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from bot.errors import UsageError
from bot.plans import roc
from bot.plans.corpus import Units
from bot.plans.model import RocYear, Unit, UnitLevel


class DeadlineKind(StrEnum):
    """What a deadline is about; reminders and reports go by it."""

    IMPLEMENTATION_PLAN = "implementation_plan"  # the city's plan is revised and promulgated
    OWN_PLAN = "own_plan"  # an agency's 執行計畫, an office's 工作計畫
    AWARD_APPLICATION = "award_application"
    AWARD_REVIEW = "award_review"
    AWARD_SUBMISSION = "award_submission"
    COURTESY_TEST = "courtesy_test"
    TRAINING = "training"
    UNANNOUNCED_VISIT = "unannounced_visit"
    RESULT_REPORT = "result_report"
    OTHER = "other"


class Duty(StrEnum):
    """What a deadline asks of a unit; only what is owed can be late."""

    OWED = "owed"  # something is to be handed in or done by the end
    IF_APPLICABLE = "if_applicable"  # the same, but only of those that `for_whom` names
    TAKES_PLACE = "takes_place"  # something happens in this time: a test, a visit, a training


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A time of the year as it is printed: 「2月至3月」, 「上半年」, 「115年1月30日前」.

    `opens` and `closes` are month and day, `closes` without a day is the month's last.
    `printed_year` is a year that stands in it.
    """

    words: str
    opens: tuple[int, int]
    closes: tuple[int, int | None]
    following_year: bool = False
    printed_year: RocYear | None = None

    @classmethod
    def read(cls, words: str) -> Period:
        """What the words mean.

        A month is its first to its last day. Of a single day (「3月10日」, 「1月30日前」) the
        plans say only the end; such a period opens on the first of that month.

        Raises:
            ValueError: they are no period, or a day of it never comes.
        """
        if words in _HALVES:
            first, last = _HALVES[words]
            return cls(words=words, opens=(first, 1), closes=(last, None))
        match = _PERIOD.fullmatch(words)
        if match is None:
            raise ValueError(f"{words!r} is no period such as 2月至3月, 上半年, 次年1月, 3月10日")
        month, day = int(match["month"]), _number(match["day"])
        if match["to_month"]:
            opens, closes = (month, day or 1), (int(match["to_month"]), _number(match["to_day"]))
        else:
            opens, closes = (month, 1), (month, day)
        for one in (opens, closes):
            _refuse_impossible(words, *one)
        if opens > (closes[0], closes[1] or 31):
            raise ValueError(f"{words!r} ends before it starts")
        return cls(
            words=words,
            opens=opens,
            closes=closes,
            following_year=match["next"] is not None,
            printed_year=RocYear(int(match["year"])) if match["year"] else None,
        )

    def of(self, year: RocYear) -> tuple[date, date]:
        """First and last day in a cycle, both inclusive."""
        western = roc.to_western(year) + self.following_year
        month, day = self.closes
        last = day or calendar.monthrange(western, month)[1]
        return date(western, *self.opens), date(western, month, last)


_HALVES = {"上半年": (1, 6), "下半年": (7, 12)}
_PERIOD = re.compile(
    r"(?:(?P<next>次年)|(?P<year>\d{3})年)?"
    r"(?P<month>\d{1,2})月(?:(?P<day>\d{1,2})日)?"
    r"(?:至(?P<to_month>\d{1,2})月(?:(?P<to_day>\d{1,2})日)?)?"
    r"(?:(?<=日)以?前|(?<=月)底前?)?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a date is printed: plan title, its short name, path, the clause word for word, id."""

    plan: str
    short: str
    path: str
    text: str
    clause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """Whom an entry concerns, and what it asks of them.

    Either `levels` or `units` (names) is given; one that names a unit is more specific.
    `for_whom` says in Chinese which of them, where it is not all.
    """

    levels: frozenset[UnitLevel] = frozenset()
    units: frozenset[str] = frozenset()
    duty: Duty
    title: str
    for_whom: str = ""
    period: Period
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleEntry:
    """A row of a schedule; the same id in two plans is the same thing to do."""

    id: str
    kind: DeadlineKind
    concerns: tuple[Concern, ...]

    def concerns_of(self, unit: Unit) -> tuple[Concern, ...]:
        """What it asks of a unit, the general before the specific; empty when nothing."""
        by_level = (one for one in self.concerns if unit.level in one.levels)
        by_name = (one for one in self.concerns if unit.name in one.units)
        return (*by_level, *by_name)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkSchedule:
    """The dates of one plan (作業期程); it binds its owner and all below.

    It is in force from `year` until the owner's next schedule, or only in `year`.
    """

    plan_id: str
    owner: str
    year: RocYear
    only_that_year: bool = False
    city_wide: bool = False
    entries: tuple[ScheduleEntry, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedules:
    """All schedules, and the units that they bind."""

    all: tuple[WorkSchedule, ...]
    units: Units

    @property
    def first_year(self) -> RocYear:
        """The earliest cycle that any of them speaks of."""
        return min(one.year for one in self.all)


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """An administrator's move of an entry in one cycle, for one unit or (None) for all.

    `start` None keeps the rule's start; `end` None takes an earlier adjustment back. `by` is
    who decided, as the audit log names people; `at` is aware.
    """

    entry: str
    unit: str | None
    year: RocYear
    start: date | None
    end: date | None
    reason: str
    by: str
    at: datetime

    def __post_init__(self) -> None:
        """Refuse what cannot be meant.

        Raises:
            UsageError: the end is before the start, a start has no end, or the reason is empty.
            ValueError: the moment has no time zone.
        """
        if self.at.tzinfo is None:
            raise ValueError(f"{self.at} has no time zone")
        if not self.reason.strip():
            raise UsageError("an adjustment needs a reason")
        if self.start is not None and self.end is None:
            raise UsageError("an adjustment that names a start needs an end")
        if self.start is not None and self.end is not None and self.end < self.start:
            raise UsageError(f"it would end on {self.end}, before it starts on {self.start}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """An entry in one cycle, the same for all units that share it.

    `start` and `end` are both inclusive; `moved_from` are those before an adjustment;
    `general` is what the more general plan says of the same thing, if one does.
    """

    entry: str
    kind: DeadlineKind
    duty: Duty
    title: str
    for_whom: str
    year: RocYear
    start: date
    end: date
    source: Source
    general: Rule | None = None
    moved_from: tuple[date, date] | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """What a unit has to do, or what awaits it, in a cycle.

    `id` is stable: year, entry, unit (`115:s2:三民區第二衛生所`). A section has its agency's
    deadlines, so `unit` is then the agency. Two deadlines of one level share their `rule`.
    """

    id: str
    unit: str
    rule: Rule

    @property
    def entry(self) -> str:
        """The id of the schedule's entry."""
        return self.rule.entry

    @property
    def kind(self) -> DeadlineKind:
        """What it is about."""
        return self.rule.kind

    @property
    def duty(self) -> Duty:
        """What it asks of the unit."""
        return self.rule.duty

    @property
    def title(self) -> str:
        """What staff read."""
        return self.rule.title

    @property
    def for_whom(self) -> str:
        """Which units, in Chinese, where it is not all; else empty."""
        return self.rule.for_whom

    @property
    def year(self) -> RocYear:
        """The cycle."""
        return self.rule.year

    @property
    def start(self) -> date:
        """The first day, inclusive."""
        return self.rule.start

    @property
    def end(self) -> date:
        """The last day, inclusive: when it is due."""
        return self.rule.end

    @property
    def source(self) -> Source:
        """The clause that says so."""
        return self.rule.source

    @property
    def general(self) -> Rule | None:
        """What the more general plan says of the same thing."""
        return self.rule.general

    @property
    def adjusted(self) -> bool:
        """Whether an administrator moved it."""
        return self.rule.moved_from is not None

    @property
    def moved_from(self) -> tuple[date, date] | None:
        """First and last day before it was moved; None when it was not."""
        return self.rule.moved_from

    @property
    def reason(self) -> str:
        """Why it was moved; empty when it was not."""
        return self.rule.reason


class Cycle:
    """The deadlines of one year for any unit; make one for a pass over many units.

    Args:
        adjustments: all that are known; those of other years are left aside. The latest for a
            unit wins over the latest for all.
    """

    def __init__(
        self, schedules: Schedules, year: RocYear, adjustments: Iterable[Adjustment] = ()
    ) -> None:
        self.year = year
        self._units = schedules.units
        self._in_force = _in_force(schedules.all, year)
        self._city_wide = [one for one in self._in_force.values() if one.city_wide]
        self._apart = self._in_force.keys() | _named(self._in_force.values())
        self._moves = _latest(adjustments, year, self._units)
        self._known: dict[tuple[UnitLevel, str | None, str | None], tuple[Rule, ...]] = {}

    def of(self, unit: Unit) -> tuple[Deadline, ...]:
        """The unit's deadlines, ordered by start; a section's are its agency's."""
        bearer = duty_bearer(self._units, unit)
        rules = self._rules(bearer)
        if moves := self._moves.get(bearer.name):
            rules = _in_order(_moved(rule, moves.get(rule.entry)) for rule in rules)
        return tuple(
            Deadline(id=f"{self.year}:{rule.entry}:{bearer.name}", unit=bearer.name, rule=rule)
            for rule in rules
        )

    def _rules(self, unit: Unit) -> tuple[Rule, ...]:
        alone = unit.name if unit.name in self._apart else None
        key = (unit.level, unit.parent, alone)
        if key not in self._known:
            self._known[key] = self._work_out(unit)
        return self._known[key]

    def _work_out(self, unit: Unit) -> tuple[Rule, ...]:
        rules: dict[str, Rule] = {}
        for schedule in reversed(self._speaking_for(unit)):
            for entry in schedule.entries:
                for concern in entry.concerns_of(unit):
                    rules[entry.id] = self._rule(entry, concern, rules.get(entry.id))
        return _in_order(rules.values())

    def _speaking_for(self, unit: Unit) -> tuple[WorkSchedule, ...]:
        """The schedules that bind a unit, the most specific first."""
        chain = (unit, *self._units.above(unit))
        local = [self._in_force[one.name] for one in chain if one.name in self._in_force]
        return tuple({one.plan_id: one for one in (*local, *self._city_wide)}.values())

    def _rule(self, entry: ScheduleEntry, concern: Concern, general: Rule | None) -> Rule:
        start, end = concern.period.of(self.year)
        rule = Rule(
            entry=entry.id,
            kind=entry.kind,
            duty=concern.duty,
            title=concern.title,
            for_whom=concern.for_whom,
            year=self.year,
            start=start,
            end=end,
            source=concern.source,
            general=general,
        )
        return _moved(rule, self._moves.get(None, {}).get(entry.id))


def deadlines_of(
    schedules: Schedules, unit: Unit, year: RocYear, adjustments: Iterable[Adjustment] = ()
) -> tuple[Deadline, ...]:
    """A unit's deadlines of a cycle, ordered by start; empty when no plan speaks of it."""
    return Cycle(schedules, year, adjustments).of(unit)


def deadline_of(
    schedules: Schedules, deadline_id: str, adjustments: Iterable[Adjustment] = ()
) -> Deadline | None:
    """The deadline of an id (a button's, a report's), None when there is none any more."""
    year, _, rest = deadline_id.partition(":")
    unit = schedules.units.get(rest.partition(":")[2])
    if unit is None or not (year.isascii() and year.isdecimal() and len(year) == 3):
        return None
    found = deadlines_of(schedules, unit, RocYear(int(year)), adjustments)
    return next((one for one in found if one.id == deadline_id), None)


def upcoming(
    schedules: Schedules, unit: Unit, day: date, adjustments: Iterable[Adjustment] = ()
) -> tuple[Deadline, ...]:
    """A unit's deadlines that end on the day or later, nearest end first.

    They are those of the cycles near the day: in January the closing cycle's report comes
    before the new cycle's plan, in December next January's dates come last.
    """
    given = tuple(adjustments)
    every = (one for year in cycles_near(day) for one in deadlines_of(schedules, unit, year, given))
    return on_or_after(every, day)


def on_or_after(deadlines: Iterable[Deadline], day: date) -> tuple[Deadline, ...]:
    """Those that end on the day or later, nearest end first."""
    left = (one for one in deadlines if one.end >= day)
    return tuple(sorted(left, key=lambda one: (one.end, one.start)))


def running_cycles(day: date) -> tuple[RocYear, ...]:
    """The cycles that run on a day: in January the closing one, then the new one."""
    year = roc.from_western(day.year)
    return (RocYear(year - 1), year) if day.month == 1 else (year,)


def cycles_near(day: date) -> tuple[RocYear, ...]:
    """The cycles that may have something to say on a day.

    Last year's report may be late, or moved beyond January; next January's dates need a lead.
    """
    year = roc.from_western(day.year)
    return (RocYear(year - 1), year, RocYear(year + 1))


def duty_bearer(units: Units, unit: Unit) -> Unit:
    """The unit whose deadlines a unit has: a section's agency, else itself."""
    while unit.level is UnitLevel.SECTION:
        above = units.get(unit.parent)
        if above is None:
            return unit
        unit = above
    return unit


def _in_force(schedules: Iterable[WorkSchedule], year: RocYear) -> dict[str, WorkSchedule]:
    """By owner the newest schedule that has begun; one for a single year leaves a gap after it."""
    begun = (one for one in sorted(schedules, key=lambda one: one.year) if one.year <= year)
    newest = {one.owner: one for one in begun}
    return {
        owner: one for owner, one in newest.items() if one.year == year or not one.only_that_year
    }


def _named(schedules: Iterable[WorkSchedule]) -> set[str]:
    return {
        name
        for schedule in schedules
        for entry in schedule.entries
        for concern in entry.concerns
        for name in concern.units
    }


def _latest(
    adjustments: Iterable[Adjustment], year: RocYear, units: Units
) -> Mapping[str | None, dict[str, Adjustment]]:
    """By unit (None: all) and entry the last word that still stands."""
    found: dict[str | None, dict[str, Adjustment]] = {}
    ours = (one for one in adjustments if one.year == year)
    for one in sorted(ours, key=lambda one: one.at):
        of_unit = found.setdefault(_bearer_name(units, one.unit), {})
        of_unit.pop(one.entry, None)
        if one.end is not None:
            of_unit[one.entry] = one
    return found


def _bearer_name(units: Units, name: str | None) -> str | None:
    unit = units.get(name)
    return name if unit is None else duty_bearer(units, unit).name


def _moved(rule: Rule, adjustment: Adjustment | None) -> Rule:
    if adjustment is None or adjustment.end is None:
        return rule
    return replace(
        rule,
        start=adjustment.start or min(rule.start, adjustment.end),
        end=adjustment.end,
        moved_from=rule.moved_from or (rule.start, rule.end),
        reason=adjustment.reason,
    )


def _in_order(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    return tuple(sorted(rules, key=lambda rule: (rule.start, rule.end)))


def _number(text: str | None) -> int | None:
    return int(text) if text else None


def _refuse_impossible(words: str, month: int, day: int | None) -> None:
    """A day must come every year, so 2月29日 is refused, too.

    Raises:
        ValueError: there is no such month or day.
    """
    if not 1 <= month <= 12 or (day is not None and not 1 <= day <= _days_in(month)):
        raise ValueError(f"{words!r} names a day that does not come every year")


def _days_in(month: int) -> int:
    return calendar.monthrange(2001, month)[1]  # 2001 is no leap year
