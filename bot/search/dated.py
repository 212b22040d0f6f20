"""Whose dates a question asks for: those of the clauses that were found, and all of a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.plans import deadlines, precedence, roc
from bot.plans.corpus import Corpus
from bot.plans.deadlines import Adjustment, Deadline, DeadlineKind, Duty, Rule, Schedules
from bot.plans.model import RocYear, Unit, UnitLevel
from bot.search import scope
from bot.search.follow import Previous
from bot.search.intent import Reader
from bot.search.periods import Asked, Periods
from bot.search.result import HANDED, LATE, PASSAGES, PERIOD, Answer, Kind, Passage
from bot.search.scope import Names
from bot.search.talked import WRITERS
from bot.search.words import Folder

_OFFICES_BELOW, _OFFICES = "所屬機關", "二級機關"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """Finds dates in the work schedules, for the unit that a question is about."""

    corpus: Corpus
    schedules: Schedules
    reader: Reader
    names: Names
    periods: Periods
    fold: Folder

    def dates_of(
        self,
        found: Answer,
        asked: str,
        asker: Unit | None,
        previous: Previous | None,
        today: date,
        moves: Sequence[Adjustment],
    ) -> tuple[Deadline, ...]:
        """The dates, in the running cycle, of the clauses that were found.

        They are those of the unit or the kind of agency that the question is about, else the
        asker's own; where nobody is known to ask, the city's.
        """
        if found.topic in ("when", LATE, HANDED) and previous is not None and previous.deadlines:
            same = (deadlines.deadline_of(self.schedules, one, moves) for one in previous.deadlines)
            return tuple(one for one in same if one is not None)
        whose, _ = self.whose(found.question or asked, asker)
        own = [
            one
            for year in deadlines.running_cycles(today)
            for one in deadlines.deadlines_of(self.schedules, whose, year, moves)
        ]
        for clauses in _by_turns(found, previous):
            dates = tuple(one for one in own if _speaks_of(one, clauses))
            if dates:
                return dates
        return ()

    def of_period(
        self, question: str, asker: Unit | None, today: date, moves: Sequence[Adjustment]
    ) -> Answer | None:
        """All dates that fall into a time, where a question asks for no more than that."""
        folded = scope.without_units(self.fold(question), self.names)
        asked = self.periods.read(folded, today)
        if asked is None:
            return None
        whose, _ = self.whose(question, asker)
        year = roc.from_western(asked.start.year)
        found = [
            one
            for cycle in ((year,) if asked.is_year else (RocYear(year - 1), year))
            for one in deadlines.deadlines_of(self.schedules, whose, cycle, moves)
            if _falls_into(one, asked)
        ]
        clauses = dict.fromkeys(one.source.clause for one in found)
        nodes = tuple(self.corpus.nodes[one] for one in clauses if one in self.corpus.nodes)
        if not nodes:
            return None
        return Answer(
            question=question,
            kind=Kind.LIST,
            passages=tuple(
                Passage(node=node, plan=self.corpus.plan_of(node), score=1.0)
                for node in nodes[:PASSAGES]
            ),
            shown=nodes,
            deadlines=tuple(found),
            topic=PERIOD,
            plan=self.corpus.plan_of(nodes[0]),
            period=f"{roc.from_western(asked.start.year)}年{asked.name}" if asked.name else "",
        )

    def whose(self, question: str, asker: Unit | None) -> tuple[Unit, str]:
        """Whose dates a question asks for, and their name where they are not the asker's own.

        Of a kind of office any one of it, for the dates of all are the same.
        """
        named = scope.read(question, asker, self.names, self.corpus, self.fold)
        own = deadlines.duty_bearer(self.corpus.units, asker) if asker else None
        unit = next((one for one in named.named if one.level in WRITERS), own)
        level = self.reader.whose(self.fold(question), named)
        if unit is not None and unit.level is UnitLevel.DISTRICT_OFFICE and not named.kind:
            level = None  # nothing is below a district office: 「他們」 are others like it
        if unit is not None and (level is None or unit.level is level):
            return unit, "" if unit == asker else unit.name
        if level is None:
            return self._city, ""
        if level is UnitLevel.AGENCY and unit is not None:
            above = self.corpus.units.above(unit)
            agency = next((one for one in above if one.level is level), None)
            return (agency, agency.name) if agency else (unit, "")
        return self._any_below(unit, named.kind) or (own or self._city, "")

    @property
    def _city(self) -> Unit:
        return next(one for one in self.corpus.units if one.level is UnitLevel.CITY)

    def _any_below(self, unit: Unit | None, kind: str) -> tuple[Unit, str] | None:
        """An office below a unit (of the city, where none is given), and what all of them are called.

        Not one with a plan of its own, whose dates may differ from the others'.
        """
        offices = (one for one in self.corpus.units if one.level is UnitLevel.SUBORDINATE)
        alike = [one for one in offices if one.name.endswith(kind)
                 and not precedence.own_plans(self.corpus, one)]  # fmt: skip
        is_agency = unit is not None and unit.level is UnitLevel.AGENCY
        below = [one for one in alike if unit is not None and one.parent == unit.name]
        if is_agency and not below and not kind:
            return None
        found = below or alike
        return (found[0], kind or (_OFFICES_BELOW if is_agency else _OFFICES)) if found else None


def concerned(schedules: Schedules) -> dict[str, frozenset[UnitLevel]]:
    """For each clause of the city's schedule the levels that it concerns."""
    found: dict[str, frozenset[UnitLevel]] = {}
    for plan in schedules.all:
        for entry in plan.entries:
            for concern in entry.concerns:
                clause = concern.source.clause
                found[clause] = found.get(clause, frozenset()) | concern.levels
    return found


def _by_turns(found: Answer, previous: Previous | None) -> list[set[str]]:
    """The clauses whose dates are meant: of what is shown, never of one further down."""
    if found.topic in (LATE, HANDED):
        return [set(previous.clauses[:1])] if previous else []
    if found.kind is not Kind.DEADLINE:
        return []
    # Either of two near ones may be meant: of both courtesy tests both times.
    shown = found.passages[: 2 if found.second else 1]
    return [{one.node.id for one in shown}]


def _speaks_of(deadline: Deadline, clauses: set[str]) -> bool:
    """Whether a deadline, or the general rule beside it, rests on one of the clauses."""
    rule: Rule | None = deadline.rule
    while rule is not None:
        if rule.source.clause in clauses:
            return True
        rule = rule.general
    return False


def _falls_into(deadline: Deadline, asked: Asked) -> bool:
    """Whether a deadline falls into a time; of what is owed in a year all of the cycle's."""
    if asked.is_year:
        return deadline.duty is Duty.OWED
    is_applying = deadline.kind is DeadlineKind.AWARD_APPLICATION
    if asked.owed and deadline.duty is not Duty.OWED and not is_applying:
        return False
    return deadline.start <= asked.end and asked.start <= deadline.end
