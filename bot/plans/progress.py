"""Progress: what may be reported on, what was reported, and the state that follows from it.

The record is append-only: a correction or a withdrawal is an entry that points at the first
entry of its report. The present state is worked out from the entries (DESIGN 7).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from bot.plans.corpus import Corpus
from bot.plans.deadlines import (
    Adjustment,
    Cycle,
    Deadline,
    DeadlineKind,
    Duty,
    Schedules,
)
from bot.plans.duties import duties_of
from bot.plans.model import Node, RocYear, Unit, UnitLevel

SCHEDULE = "作業期程"
"""The chapter of the items that are deadlines."""

_TITLE_LENGTH = 28
_MARKS = "，。；：、:;,（("


class ProgressStatus(StrEnum):
    """Where an item stands; staff read these words."""

    NOT_STARTED = "未開始"
    UNDERWAY = "進行中"
    DONE = "已完成"
    BEHIND = "落後"


class Entry(StrEnum):
    """What a row of the record is."""

    REPORT = "report"
    CORRECTION = "correction"
    WITHDRAWAL = "withdrawal"


class Verdict(StrEnum):
    """What a supervisor said of a report (核閱)."""

    ACCEPTED = "核閱"
    RETURNED = "退回"
    TAKEN_BACK = "收回"
    """The word before it was a slip: what was said before that counts again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A number with its unit as reported: 2 場, 60 人次, 95.5 %.

    `is_total`: it was said to be a sum so far (累計, 合計), which replaces what was reported
    before rather than adding to it. `what` names what is counted, where the words say so.
    """

    value: Decimal
    unit: str
    what: str = ""
    is_total: bool = False

    @property
    def plain(self) -> str:
        """The number as staff write it: `2場`, `1,200人次`."""
        whole = self.value == self.value.to_integral_value()
        digits = f"{self.value:,.0f}" if whole else f"{self.value.normalize():,f}"
        return f"{digits}{self.unit}"


class ItemKind(StrEnum):
    """What an item is: a clause of a plan, or a date of the schedule."""

    CLAUSE = "clause"
    DEADLINE = "deadline"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """Something that a unit may report on.

    `id` is the clause's or the deadline's. `chapter` is the 工作要項 that it stands under,
    `focus` the 子項; `text` is the clause word for word. `duty_units` are the responsible units
    as printed, empty where the source lost them. `due` is a deadline's last day. `is_optional`:
    it does not concern every unit, or only takes place, so that nobody misses a report on it.
    """

    id: str
    kind: ItemKind
    title: str
    text: str
    path: str
    plan: str
    chapter: str
    focus: str = ""
    duty_units: tuple[str, ...] = ()
    due: date | None = None
    is_optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A supervisor's word on a report; `remark` is why it was returned."""

    verdict: Verdict
    remark: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressReport:
    """One entry of the record.

    `root` is the id of the report that it begins, corrects or withdraws (its own id for a first
    entry). `percent` is 0 to 100. `person` is LINE's id, `reporter` the display name where it is
    known. `is_unsent`: the message was taken back, so its words are gone. `at` is aware.
    """

    id: int
    root: int
    entry: Entry
    unit: str
    year: RocYear
    item: str
    status: ProgressStatus
    percent: int
    quantities: tuple[Quantity, ...] = ()
    note: str = ""
    reason: str = ""
    remedy: str = ""
    done_on: date | None = None
    person: str | None = None
    reporter: str = ""
    message_id: str | None = None
    at: datetime
    is_unsent: bool = False
    review: Review | None = None

    @property
    def waits(self) -> bool:
        """Whether no supervisor has spoken on it since it was made or last corrected."""
        return self.review is None or self.review.at < self.at

    @property
    def is_returned(self) -> bool:
        """Whether it came back with a remark and was not corrected since."""
        return (
            self.review is not None and not self.waits and self.review.verdict is Verdict.RETURNED
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemState:
    """An item of a unit and what was reported on it.

    `reports` are the standing ones, each as last corrected, the oldest first. `status` and
    `percent` are those of the latest; a deadline that is over and not done is behind.
    """

    item: Item
    reports: tuple[ProgressReport, ...]
    status: ProgressStatus
    percent: int

    @property
    def latest(self) -> ProgressReport | None:
        """The report that decides, None when there is none."""
        return self.reports[-1] if self.reports else None

    @property
    def is_missing(self) -> bool:
        """Whether a report is still to come."""
        return not self.reports and not self.item.is_optional

    @property
    def is_done(self) -> bool:
        """Whether it was reported as done."""
        return self.status is ProgressStatus.DONE


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitProgress:
    """A unit's cycle: every item with its state, in the plan's order.

    Every figure that is shown anywhere comes from here: what is asked is either reported or
    missing, and stands in exactly one status.
    """

    unit: Unit
    year: RocYear
    states: tuple[ItemState, ...]

    @property
    def asked(self) -> tuple[ItemState, ...]:
        """What a report is asked for: every item that is not optional."""
        return tuple(one for one in self.states if not one.item.is_optional)

    @property
    def reported(self) -> tuple[ItemState, ...]:
        """What is asked for and has a report."""
        return tuple(one for one in self.asked if one.reports)

    @property
    def missing(self) -> tuple[ItemState, ...]:
        """What is asked for and has no report, overdue or not."""
        return tuple(one for one in self.asked if not one.reports)

    @property
    def unasked(self) -> tuple[ItemState, ...]:
        """What was reported on without being asked for."""
        return tuple(one for one in self.states if one.item.is_optional and one.reports)

    def count(self, status: ProgressStatus) -> int:
        """How many of the asked items stand so."""
        return sum(one.status is status for one in self.asked)

    @property
    def returned(self) -> tuple[ProgressReport, ...]:
        """The reports that came back with a remark and that no newer one has replaced."""
        latest = [one.latest for one in self.states if one.latest is not None]
        return tuple(one for one in latest if one.is_returned)

    @property
    def chapters(self) -> Mapping[str, tuple[ItemState, ...]]:
        """The states by chapter, in the plan's order."""
        found: dict[str, list[ItemState]] = {}
        for one in self.states:
            found.setdefault(one.item.chapter, []).append(one)
        return {chapter: tuple(states) for chapter, states in found.items()}

    @property
    def last_report(self) -> ProgressReport | None:
        """The newest standing report of all items."""
        every = [one.latest for one in self.states if one.latest]
        return max(every, key=lambda one: (one.at, one.id), default=None)


def items_of(
    corpus: Corpus,
    schedules: Schedules,
    unit: Unit,
    year: RocYear,
    adjustments: Iterable[Adjustment] = (),
) -> tuple[Item, ...]:
    """What a unit may report on in a cycle: its duties in the plan's order, then its dates.

    Courtesy tests are reported by score, so their dates are no items.
    """
    return Items(corpus, schedules, year, adjustments).of(unit)


class Items:
    """What units may report on in a cycle; make one for a pass over many units."""

    def __init__(
        self,
        corpus: Corpus,
        schedules: Schedules,
        year: RocYear,
        adjustments: Iterable[Adjustment] = (),
    ) -> None:
        self._corpus = corpus
        self._year = year
        self._cycle = Cycle(schedules, year, adjustments)
        self._clauses: dict[str, Item] = {}

    def of(self, unit: Unit) -> tuple[Item, ...]:
        """The unit's, as of `items_of`."""
        _, nodes = duties_of(self._corpus, unit, (self._year,))
        dates = self._cycle.of(unit)
        wanted = (one for one in dates if one.kind is not DeadlineKind.COURTESY_TEST)
        items = (deadline_item(one) for one in wanted)
        if unit.level is UnitLevel.SECTION:  # one of its agency's sections answers for the dates
            items = (replace(one, is_optional=True) for one in items)
        return (*map(self._clause, nodes), *items)

    def _clause(self, node: Node) -> Item:
        known = self._clauses.get(node.id)
        if known is None:
            known = self._clauses[node.id] = clause_item(self._corpus, node)
        return known


def clause_item(corpus: Corpus, node: Node) -> Item:
    """A clause as something to report on."""
    trail = node.trail[1:] if len(node.trail) > 1 else node.trail
    chapter = corpus.nodes.get(f"{node.plan_id}:{'.'.join(node.segments[:2])}")
    name = chapter.title if chapter and chapter.title else (trail[0] if trail else "")
    label = chapter.label if chapter else ""
    return Item(
        id=node.id,
        kind=ItemKind.CLAUSE,
        title=short_title(node.title or node.text),
        text=node.words,
        path=node.path,
        plan=corpus.plan_of(node).short,
        chapter=f"{label}{name}",
        focus=trail[1] if len(trail) > 1 else "",
        duty_units=node.units,
    )


def deadline_item(deadline: Deadline) -> Item:
    """A date of the schedule as something to report on."""
    return Item(
        id=deadline.id,
        kind=ItemKind.DEADLINE,
        title=deadline.title,
        text=deadline.source.text,
        path=deadline.source.path,
        plan=deadline.source.short,
        chapter=SCHEDULE,
        duty_units=(deadline.unit,),
        due=deadline.end,
        is_optional=deadline.duty is not Duty.OWED,
    )


def short_title(text: str) -> str:
    """A clause's first words, short enough for a card's title."""
    line = re.sub(r"\s+", "", text.strip().splitlines()[0] if text.strip() else "")
    line = line.rstrip(_MARKS)
    if len(line) <= _TITLE_LENGTH:
        return line
    cut = max(line.rfind(mark, 8, _TITLE_LENGTH) for mark in _MARKS)
    return f"{line[: cut if cut > 0 else _TITLE_LENGTH]}…"


def progress_of(
    unit: Unit,
    year: RocYear,
    items: Sequence[Item],
    record: Iterable[ProgressReport],
    today: date,
) -> UnitProgress:
    """The state of every item of a unit.

    Args:
        record: all entries of the unit and the cycle, in the order they were made.
        today: the date in Taipei; a deadline that ended before it and is not done is behind.
    """
    by_item: dict[str, list[ProgressReport]] = {}
    for one in standing(record):
        by_item.setdefault(one.item, []).append(one)
    states = (_state(item, tuple(by_item.get(item.id, ())), today) for item in items)
    return UnitProgress(unit=unit, year=year, states=tuple(states))


def standing(record: Iterable[ProgressReport]) -> tuple[ProgressReport, ...]:
    """The reports that stand, each as last corrected, by the time they were first made.

    A correction after a withdrawal brings the report back. A report whose own message was taken
    back is gone for good; of a correction that was taken back nothing counts.

    Args:
        record: entries in the order they were made.
    """
    found: dict[int, ProgressReport] = {}
    taken_back: set[int] = set()
    for one in record:
        if one.entry is Entry.WITHDRAWAL:
            found.pop(one.root, None)
        elif one.is_unsent:
            taken_back |= {one.root} if one.entry is Entry.REPORT else set()
        elif one.root not in taken_back:
            found[one.root] = one
    return tuple(found[root] for root in sorted(found))


def totals(reports: Iterable[ProgressReport]) -> tuple[tuple[Quantity, tuple[int, ...]], ...]:
    """What the numbers of an item come to, with the ids of the reports that they come from.

    Numbers of one unit of measure that count one thing are added; one that was said to be a sum
    so far takes the place of those before it. Percentages and scores are never added: the last
    one stands.
    """
    found: dict[tuple[str, str], tuple[Quantity, tuple[int, ...]]] = {}
    for report in reports:
        for one in report.quantities:
            key = (one.what, one.unit)
            before = found.get(key)
            if before is None or one.is_total or one.unit in _NEVER_ADDED:
                found[key] = (replace(one, is_total=False), (report.root,))
            else:
                total = replace(before[0], value=before[0].value + one.value)
                roots = tuple(dict.fromkeys((*before[1], report.root)))
                found[key] = (total, roots)
    return tuple(found.values())


_NEVER_ADDED = frozenset({"%", "分"})


def _state(item: Item, reports: tuple[ProgressReport, ...], today: date) -> ItemState:
    status = reports[-1].status if reports else ProgressStatus.NOT_STARTED
    percent = reports[-1].percent if reports else 0
    is_over = not item.is_optional and item.due is not None and item.due < today
    if is_over and status is not ProgressStatus.DONE:
        status = ProgressStatus.BEHIND
    return ItemState(item=item, reports=reports, status=status, percent=percent)
