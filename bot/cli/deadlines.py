"""Print a unit's deadlines of a cycle: title, dates, and the clause that says so.

Without --unit the city's: all of 附件1. Without --year the running cycle; in January the closing
one, too. A star marks what an administrator moved.
"""

from __future__ import annotations

import argparse
import json
import os
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot import clock, settings
from bot.cli import DONE, new_command
from bot.errors import UsageError

if TYPE_CHECKING:
    from bot.app import App
    from bot.plans.corpus import Units
    from bot.plans.deadlines import Adjustment, Deadline, Schedules
    from bot.plans.model import RocYear, Unit
    from bot.plans.workdays import DayOverride, Workdays

_WEEKDAYS = "一二三四五六日"
_INDENT = " " * 4


def add(subparsers: Any) -> None:
    """Declare the command."""
    parser = new_command(subparsers, __name__, __doc__)
    parser.add_argument("--year", type=int, help="the cycle's ROC year, such as 115")
    parser.add_argument("--unit", metavar="NAME", help="a unit's name or alias")
    parser.add_argument("--json", action="store_true", help="print one JSON value")


def run(args: argparse.Namespace) -> int:
    """Work the deadlines out and print them."""
    from bot.app import build
    from bot.plans import corpus, schedule_data
    from bot.plans.deadlines import deadlines_of, running_cycles
    from bot.plans.workdays import Workdays

    given = settings.read(os.environ)
    plans = corpus.load(given.data)
    schedules = schedule_data.load(given.data, plans)
    tables = schedule_data.load_workdays(given.data)
    unit = _unit(args.unit, plans.units)
    with closing(build(given)) as app:
        today = clock.today(app.clock())
        years = running_cycles(today) if args.year is None else (cycle(args.year, schedules),)
        adjustments, overrides = _decided(app, years)
    found = [one for year in years for one in deadlines_of(schedules, unit, year, adjustments)]
    if args.json:
        print(json.dumps([_as_json(one) for one in found], ensure_ascii=False))
    else:
        print("\n".join(_as_text(unit, years, found, Workdays(tables, overrides))))
    return DONE


def _unit(name: str | None, units: Units) -> Unit:
    from bot.cli.enroll import unit_named
    from bot.plans.model import UnitLevel

    if name is not None:
        return units.all[unit_named(name, units)]
    city = next((one for one in units if one.level is UnitLevel.CITY), None)
    if city is None:
        raise UsageError("units.yaml has no unit of the level city: give --unit")
    return city


def cycle(year: int, schedules: Schedules) -> RocYear:
    """The cycle that is asked for.

    Raises:
        UsageError: no plan can speak of it; a western year is told its ROC year.
    """
    from bot.plans import roc
    from bot.plans.model import RocYear

    if 1911 < year < 2111:
        raise UsageError(f"{year} is {roc.from_western(year)} of the Republic: use that")
    if not schedules.first_year <= year < 200:
        raise UsageError(f"no plan speaks of the cycle {year}: from {schedules.first_year} on")
    return RocYear(year)


def _decided(
    app: App, years: Sequence[RocYear]
) -> tuple[Sequence[Adjustment], Sequence[DayOverride]]:
    """What administrators moved; nothing where there is no database yet.

    Raises:
        NotCurrentError: the database cannot be read; dates without what was moved would mislead.
    """
    from bot.store import adjustments

    path = app.settings.database_url.removeprefix("sqlite:///")
    if path != app.settings.database_url and not Path(path).exists():
        return (), ()
    app.make_ready()
    with app.database.begin() as db:
        return adjustments.adjustments(db, years), adjustments.day_overrides(db)


def _as_json(deadline: Deadline) -> dict[str, object]:
    source = deadline.source
    return {
        "id": deadline.id,
        "title": deadline.title,
        "unit": deadline.unit,
        "year": deadline.year,
        "start": deadline.start.isoformat(),
        "end": deadline.end.isoformat(),
        "source": {"plan": source.plan, "path": source.path, "text": source.text},
        "adjusted": deadline.adjusted,
    }


def _as_text(
    unit: Unit, years: Sequence[RocYear], deadlines: Sequence[Deadline], workdays: Workdays
) -> Iterator[str]:
    cycles = "、".join(f"{year}年度" for year in years)
    if not deadlines:
        yield f"{unit.name}　{cycles}：計畫沒有訂期限"
        return
    bearer = deadlines[0].unit
    yield f"{unit.name}　{cycles}" + (f"（與{bearer}相同）" if bearer != unit.name else "")
    rows = [
        ("★" if one.adjusted else "", _span(one.start, one.end), one.title,
         f"{one.source.short} {one.source.path}")
        for one in deadlines
    ]  # fmt: skip
    for deadline, line in zip(deadlines, _aligned(rows), strict=True):
        yield line
        yield from (f"{_INDENT}↳ {note}" for note in _notes(deadline, workdays))
    if any(one.adjusted for one in deadlines):
        yield "★ 已由管理者調整"


def _notes(deadline: Deadline, workdays: Workdays) -> Iterator[str]:
    if deadline.for_whom:
        yield deadline.for_whom
    if deadline.moved_from is not None:
        yield f"原為{_span(*deadline.moved_from)}；{deadline.reason}"
    general = deadline.general
    if general is not None and general.end != deadline.end:
        place = f"{general.source.short} {general.source.path}"
        yield f"一般規定{_span(general.start, general.end)}（{place}）"
    if workdays.covers(deadline.end) and not workdays.is_workday(deadline.end):
        yield _day_off(deadline.end, workdays)


def _day_off(day: date, workdays: Workdays) -> str:
    before = workdays.on_or_before(day)
    name = workdays.name_of(day) or f"星期{_WEEKDAYS[day.weekday()]}"
    unsure = "（推定）" if workdays.is_estimated(day) else ""
    return f"期限日逢{name}{unsure}，前一上班日是{_roc(before)}"


def _span(start: date, end: date) -> str:
    return _roc(end) if start == end else f"{_roc(start)}至{_roc(end)}"


def _roc(day: date) -> str:
    from bot.plans import roc

    return f"{roc.from_western(day.year)}年{day.month}月{day.day}日"


def _aligned(rows: Sequence[tuple[str, ...]]) -> Iterable[str]:
    """The rows as lines, each column as wide as its widest cell on a terminal."""
    widths = [max(_width(cell) for cell in column) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (
            cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)
        )
        yield "  ".join(cells).rstrip()


def _width(text: str) -> int:
    """Columns of a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)
