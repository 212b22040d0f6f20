"""Reads the schedules and the office calendar from YAML; data/README.md has the formats."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated

import pydantic

from bot.errors import DataError
from bot.plans import precedence, roc
from bot.plans.corpus import Corpus, read_yaml
from bot.plans.deadlines import (
    Concern,
    DeadlineKind,
    Duty,
    Period,
    ScheduleEntry,
    Schedules,
    Source,
    WorkSchedule,
)
from bot.plans.model import Plan, RocYear, UnitLevel
from bot.plans.workdays import WorkdayTable

_PeriodIn = Annotated[Period, pydantic.BeforeValidator(Period.read)]


class _Strict(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="forbid", frozen=True)


class _ConcernIn(_Strict):
    levels: frozenset[UnitLevel] = frozenset()
    units: frozenset[str] = frozenset()
    duty: Duty = Duty.OWED
    title: str = ""
    for_whom: str = ""
    period: _PeriodIn | None = None
    clause: str = ""

    @pydantic.model_validator(mode="after")
    def _concerns_somebody(self) -> _ConcernIn:
        if bool(self.levels) == bool(self.units):
            raise ValueError("give either `levels` or `units`")
        if (self.duty is Duty.IF_APPLICABLE) and not self.for_whom:
            raise ValueError("`if_applicable` needs `for_whom`: say of which units")
        return self


class _EntryIn(_Strict):
    id: str = pydantic.Field(pattern=r"^[a-z][a-z0-9-]{0,31}$")
    kind: DeadlineKind
    clause: str
    title: str
    period: _PeriodIn | None = None
    concerns: tuple[_ConcernIn, ...]

    @pydantic.model_validator(mode="after")
    def _says_when_and_to_whom_once(self) -> _EntryIn:
        if self.period is None and any(one.period is None for one in self.concerns):
            raise ValueError("give `period`, here or with each of `concerns`")
        seen = [str(word) for one in self.concerns for word in (*one.levels, *one.units)]
        doubled = sorted({one for one in seen if seen.count(one) > 1})
        if doubled:
            raise ValueError(f"{doubled[0]} is concerned twice")
        return self


class _ScheduleIn(_Strict):
    plan: str
    only: int | None = None
    entries: tuple[_EntryIn, ...]


class _TableIn(_Strict):
    year: int = pydantic.Field(ge=100, le=200)
    source: str
    estimated: bool
    days_off: dict[date, Annotated[str, pydantic.Field(min_length=1)]]
    working_days: dict[date, Annotated[str, pydantic.Field(min_length=1)]] = {}

    @pydantic.model_validator(mode="after")
    def _fits_its_year(self) -> _TableIn:
        western = roc.to_western(self.year)
        for day in (*self.days_off, *self.working_days):
            if day.year != western:
                raise ValueError(f"{day} is not in {self.year} ({western})")
        for day in self.working_days:
            if day.weekday() < 5 or day in self.days_off:
                raise ValueError(f"{day}: `working_days` are Saturdays and Sundays that are worked")
        return self


def load(folder: Path, corpus: Corpus) -> Schedules:
    """All schedules of a data folder (`work_schedules/*.yaml`).

    Args:
        folder: the data folder.
        corpus: its plans and units, whose ids the schedules name.

    Raises:
        DataError: a file is wrong, names a clause or unit that is not there, or says of an
            entry something else than another file.
    """
    files = sorted((folder / "work_schedules").glob("*.yaml"))
    if not files:
        raise DataError(
            folder / "work_schedules", None, "no schedule here", "set PLANBOT_DATA to the data folder"
        )  # fmt: skip
    schedules: dict[str, WorkSchedule] = {}
    for file in files:
        schedule = _read_schedule(file, corpus)
        if schedule.plan_id in schedules:
            raise DataError(
                file, 1, f"{schedule.plan_id} has two schedules", "put them into one file"
            )
        schedules[schedule.plan_id] = schedule
        _refuse_two_kinds(file, schedules)
    return Schedules(all=tuple(schedules.values()), units=corpus.units)


def load_workdays(folder: Path) -> tuple[WorkdayTable, ...]:
    """The office calendar of a data folder (`workdays/*.yaml`), a table a year.

    Raises:
        DataError: a file is wrong, or a year stands twice.
    """
    tables: dict[int, WorkdayTable] = {}
    for file in sorted((folder / "workdays").glob("*.yaml")):
        content = _read_table(file)
        if content.year in tables:
            raise DataError(file, None, f"{content.year} has two tables", "keep one")
        tables[content.year] = WorkdayTable(
            year=RocYear(content.year),
            source=content.source,
            estimated=content.estimated,
            days_off=content.days_off,
            working_days=content.working_days,
        )
    return tuple(tables.values())


def warnings(corpus: Corpus, schedules: Schedules) -> list[str]:
    """Plans that took over from one with a schedule and have none: the old dates still count.

    Returns:
        A sentence for each, with the remedy after an arrow.
    """
    known = {one.plan_id for one in schedules.all}
    return [
        f"{plan.id} replaces {plan.supersedes}, whose dates still count → add "
        f"work_schedules/{plan.id}.yaml (entries: [] if it sets no dates)"
        for plan in corpus.plans.values()
        if plan.supersedes in known and plan.id not in known
    ]


def _read_table(file: Path) -> _TableIn:
    try:
        return read_yaml(file, _TableIn)
    except ValueError as exc:  # YAML itself makes dates, and 2026-02-30 is none
        raise DataError(file, None, f"a date in it does not exist: {exc}", "correct it") from exc


def _read_schedule(file: Path, corpus: Corpus) -> WorkSchedule:
    content = read_yaml(file, _ScheduleIn)
    plan = corpus.plans.get(content.plan)
    if plan is None:
        raise DataError(file, None, f"there is no plan {content.plan}", "name a plan's id")
    if content.only not in (None, plan.year):
        raise DataError(file, None, f"only: {content.only}", f"the plan is of {plan.year}")
    owner = corpus.units.get(plan.owner)
    assert owner is not None  # corpus.load has seen to it
    return WorkSchedule(
        plan_id=plan.id,
        owner=owner.name,
        year=plan.year,
        only_that_year=content.only is not None,
        city_wide=precedence.is_city_wide(corpus, plan),
        entries=tuple(_entries(file, content, plan, corpus)),
    )


def _entries(
    file: Path, content: _ScheduleIn, plan: Plan, corpus: Corpus
) -> Iterator[ScheduleEntry]:
    seen: set[str] = set()
    for one in content.entries:
        if one.id in seen:
            raise DataError(file, None, f"the entry {one.id} stands twice", "give it its own id")
        seen.add(one.id)
        concerns = [_concern(file, one, concern, content, plan, corpus) for concern in one.concerns]
        if precedence.is_city_wide(corpus, plan):
            concerns.append(_for_the_city(file, one, content, plan, corpus))
        yield ScheduleEntry(id=one.id, kind=one.kind, concerns=tuple(concerns))


def _concern(
    file: Path,
    entry: _EntryIn,
    concern: _ConcernIn,
    content: _ScheduleIn,
    plan: Plan,
    corpus: Corpus,
) -> Concern:
    unknown = [name for name in sorted(concern.units) if name not in corpus.units.all]
    if unknown:
        raise DataError(file, None, f"there is no unit {unknown[0]}", "use a name of units.yaml")
    period = concern.period or entry.period
    assert period is not None  # _EntryIn has seen to it
    return Concern(
        levels=concern.levels,
        units=concern.units,
        duty=concern.duty,
        title=concern.title or entry.title,
        for_whom=concern.for_whom,
        period=_in_its_year(file, period, content, plan),
        source=_source(file, concern.clause or entry.clause, plan, corpus),
    )


def _for_the_city(
    file: Path, entry: _EntryIn, content: _ScheduleIn, plan: Plan, corpus: Corpus
) -> Concern:
    """The city itself owes nothing, but its list is the whole appendix, as printed."""
    everybody = _ConcernIn(levels=frozenset({UnitLevel.CITY}), duty=Duty.TAKES_PLACE)
    if entry.period is None:
        raise DataError(file, None, f"{entry.id} has no `period`", "a city-wide entry needs one")
    return _concern(file, entry, everybody, content, plan, corpus)


def _in_its_year(file: Path, period: Period, content: _ScheduleIn, plan: Plan) -> Period:
    """A printed year turned into this or the following year of the plan's cycle."""
    if period.printed_year is None:
        return period
    after = period.printed_year - plan.year
    if content.only is None or after not in (0, 1):
        raise DataError(
            file, None, f"{period.words} is printed with its year",
            f"add `only: {plan.year}` and a year of that cycle",
        )  # fmt: skip
    return Period(
        words=period.words,
        opens=period.opens,
        closes=period.closes,
        following_year=after == 1,
        printed_year=period.printed_year,
    )


def _source(file: Path, clause: str, plan: Plan, corpus: Corpus) -> Source:
    node = corpus.nodes.get(clause)
    if node is None or node.plan_id != plan.id:
        raise DataError(file, None, f"{plan.id} has no clause {clause}", "use an id of that plan")
    return Source(plan=plan.title, short=plan.short, path=node.path, text=node.text, clause=node.id)


def _refuse_two_kinds(file: Path, schedules: dict[str, WorkSchedule]) -> None:
    kinds: dict[str, DeadlineKind] = {}
    for schedule in schedules.values():
        for entry in schedule.entries:
            if kinds.setdefault(entry.id, entry.kind) is not entry.kind:
                raise DataError(
                    file, None, f"{entry.id} is a {kinds[entry.id]} elsewhere",
                    "give another thing to do its own id",
                )  # fmt: skip
