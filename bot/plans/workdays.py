"""Workdays of the official office calendar (政府行政機關辦公日曆表), with what was decided since.

The tables come from data/workdays; a typhoon day or a correction comes from the database as an
override and is passed in.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from bot.errors import DataError, UsageError
from bot.plans import roc
from bot.plans.model import RocYear

_SATURDAY = 5
_PUBLISHED_BY = (7, 1)  # month and day by which next year's official table is out (DEPENDENCIES)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkdayTable:
    """One year of the calendar: what differs from plain weeks, by date and name.

    `days_off` may hold weekend days that have a name; `working_days` are Saturdays and Sundays
    on which offices work. `estimated`: by rule, the official table is not out yet.
    """

    year: RocYear
    source: str
    estimated: bool
    days_off: Mapping[date, str]
    working_days: Mapping[date, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOverride:
    """An administrator's word on a day; `works` None takes an earlier one back.

    `by` is who decided, as the audit log names people; `at` is aware.
    """

    day: date
    works: bool | None
    reason: str
    by: str
    at: datetime

    def __post_init__(self) -> None:
        """Refuse a decision without a reason.

        Raises:
            UsageError: the reason is empty.
            ValueError: the moment has no time zone.
        """
        if self.at.tzinfo is None:
            raise ValueError(f"{self.at} has no time zone")
        if not self.reason.strip():
            raise UsageError("a day off or a working day needs a reason")


class Workdays:
    """Which days are worked. A question takes microseconds, the making some milliseconds.

    Args:
        tables: one a year, without a gap between the first and the last.
        overrides: decisions on single days; the latest for a day wins. One for a day that no
            table covers changes nothing.

    Raises:
        DataError: there is no table, or a year between the first and the last is missing.
    """

    def __init__(
        self, tables: Iterable[WorkdayTable], overrides: Iterable[DayOverride] = ()
    ) -> None:
        self.tables = {table.year: table for table in sorted(tables, key=lambda one: one.year)}
        self._refuse_gaps()
        self._overrides = _latest(overrides)
        days = (day for table in self.tables.values() for day in _days_of(table.year))
        self._worked = [day for day in days if self._is_worked(day)]
        self._worked_set = frozenset(self._worked)

    def is_workday(self, day: date) -> bool:
        """Whether offices work on the day.

        Raises:
            DataError: no table covers it.
        """
        self._table(day)
        return day in self._worked_set

    def previous_workday(self, day: date) -> date:
        """The last workday before the day.

        Raises:
            DataError: no table covers it.
        """
        self._table(day)
        return self._at(bisect_left(self._worked, day) - 1, self.first - timedelta(days=1))

    def next_workday(self, day: date) -> date:
        """The first workday after the day.

        Raises:
            DataError: no table covers it.
        """
        self._table(day)
        return self._at(bisect_right(self._worked, day), self.last + timedelta(days=1))

    def on_or_before(self, day: date) -> date:
        """The day itself if it is worked, else the workday before: when a due date is reminded.

        Raises:
            DataError: no table covers it.
        """
        return self.minus(day, 0)

    def minus(self, day: date, n: int) -> date:
        """The workday `n` workdays before a due date.

        It counts from the day itself, or from the workday before where the day is not worked:
        of Sunday, 0 is Friday and 1 is Thursday, so that a lead never falls on the due reminder.

        Args:
            n: 0 or more.

        Raises:
            DataError: no table covers the day or the result.
        """
        self._table(day)
        back = bisect_right(self._worked, day) - 1 - n
        return self._at(back, self.first - timedelta(days=1))

    def is_estimated(self, day: date) -> bool:
        """Whether the answer for the day rests on an estimate (say 「推定」 beside it).

        Raises:
            DataError: no table covers it.
        """
        return self._table(day).estimated and day not in self._overrides

    def name_of(self, day: date) -> str | None:
        """Why the day is off or worked: a holiday's name, an override's reason; else None.

        Raises:
            DataError: no table covers it.
        """
        table = self._table(day)
        if day in self._overrides:
            return self._overrides[day].reason
        return table.working_days.get(day) or table.days_off.get(day)

    def covers(self, day: date) -> bool:
        """Whether there is a table for the day."""
        return roc.from_western(day.year) in self.tables

    @property
    def first(self) -> date:
        """The first day that is covered."""
        return date(roc.to_western(next(iter(self.tables))), 1, 1)

    @property
    def last(self) -> date:
        """The last day that is covered."""
        return date(roc.to_western(next(reversed(self.tables))), 12, 31)

    def _is_worked(self, day: date) -> bool:
        if day in self._overrides:
            return bool(self._overrides[day].works)
        table = self._table(day)
        if day in table.working_days:
            return True
        return day.weekday() < _SATURDAY and day not in table.days_off

    def _table(self, day: date) -> WorkdayTable:
        year = roc.from_western(day.year)
        if year not in self.tables:
            raise _missing(year)
        return self.tables[year]

    def _at(self, place: int, beyond: date) -> date:
        if not 0 <= place < len(self._worked):
            raise _missing(roc.from_western(beyond.year))
        return self._worked[place]

    def _refuse_gaps(self) -> None:
        if not self.tables:
            raise DataError(
                Path("workdays"), None, "no office calendar here", "set PLANBOT_DATA to the data folder"
            )  # fmt: skip
        for year in range(min(self.tables), max(self.tables)):
            if year not in self.tables:
                raise _missing(RocYear(year))


def warnings(workdays: Workdays, today: date) -> list[str]:
    """What an operator should do about the calendar: `planbot check` shows it.

    This year's table must be the official one, and from 1 July on next year's, too.

    Returns:
        A sentence for each year at fault, with the remedy after an arrow.
    """
    year = roc.from_western(today.year)
    wanted = [year]
    if (today.month, today.day) >= _PUBLISHED_BY:
        wanted.append(RocYear(year + 1))
    return [fault for one in wanted if (fault := _fault(workdays, one)) is not None]


def _fault(workdays: Workdays, year: RocYear) -> str | None:
    table = workdays.tables.get(year)
    if table is None:
        return str(_missing(year))
    if table.estimated:
        return (
            f"the office calendar of {year} is still an estimate → put the official one "
            f"(行政院人事行政總處) into workdays/{year}.yaml and set estimated: false"
        )
    return None


def _missing(year: RocYear) -> DataError:
    return DataError(
        Path("workdays", f"{year}.yaml"),
        None,
        f"there is no office calendar of {year} ({roc.to_western(year)})",
        "add the file, see data/README.md",
    )


def _days_of(year: RocYear) -> Iterable[date]:
    first = date(roc.to_western(year), 1, 1)
    number = (date(first.year + 1, 1, 1) - first).days
    return (first + timedelta(days=one) for one in range(number))


def _latest(overrides: Iterable[DayOverride]) -> dict[date, DayOverride]:
    found = {one.day: one for one in sorted(overrides, key=lambda one: one.at)}
    return {day: one for day, one in found.items() if one.works is not None}
