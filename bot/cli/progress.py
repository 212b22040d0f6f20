"""Print what units have reported: item, status, percent, words, who and when.

Without --unit all units; without --year the running cycle, in January the closing one. Items
that nothing was reported on are counted, not listed.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import closing
from typing import TYPE_CHECKING, Any

from bot import clock, settings
from bot.cli import DONE, new_command

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from bot.app import App
    from bot.plans.model import RocYear
    from bot.plans.progress import ItemState, UnitProgress


def add(subparsers: Any) -> None:
    """Declare the command."""
    parser = new_command(subparsers, __name__, __doc__)
    parser.add_argument("--year", type=int, help="the cycle's ROC year, such as 115")
    parser.add_argument("--unit", metavar="NAME", help="a unit's name or alias")
    parser.add_argument("--json", action="store_true", help="print one JSON value")


def run(args: argparse.Namespace) -> int:
    """Gather what was reported and print it."""
    from bot.app import build
    from bot.cli.deadlines import cycle
    from bot.cli.enroll import unit_named
    from bot.cli.remind import ready
    from bot.plans.deadlines import running_cycles

    with closing(build(settings.read(os.environ))) as app:
        sources = app.sources
        units = sources.corpus.units
        name = unit_named(args.unit, units) if args.unit is not None else None
        today = clock.today(app.clock())
        year = running_cycles(today)[0]
        if args.year is not None:
            year = cycle(args.year, sources.schedules)
        ready(app)
        with app.database.begin_reading() as db:
            found = _found(app, db, name, year)
            if args.json:
                print(json.dumps(list(_as_json(db, found)), ensure_ascii=False))
            else:
                print("\n".join(_as_text(found)) or f"nobody has reported in {year}")
    return DONE


def _found(app: App, db: Session, name: str | None, year: RocYear) -> list[UnitProgress]:
    """The units that are asked for; without a name those that may report."""
    from bot import reports

    units = app.sources.corpus.units
    wanted = None if name is None else [units.all[name]]
    today = clock.today(app.clock())
    sources = app.sources
    return list(reports.agency_progress(db, sources.corpus, sources.schedules, year, today, wanted))


def _as_json(db: Session, found: Iterable[UnitProgress]) -> Iterator[dict[str, object]]:
    from bot.store import progress

    for one in found:
        reported = [state for state in one.states if state.reports]
        roots = [report.root for state in reported for report in state.reports]
        counts = progress.evidence_counts(db, roots)
        for state in reported:
            yield _item(one, state, sum(counts.get(each.root, 0) for each in state.reports))


def _item(one: UnitProgress, state: ItemState, attachments: int) -> dict[str, object]:
    latest = state.reports[-1]
    return {
        "unit": one.unit.name,
        "year": one.year,
        "item": state.item.id,
        "title": state.item.title,
        "status": state.status.value,
        "percent": state.percent,
        "note": latest.note,
        "reporter": latest.reporter,
        "at": latest.at.astimezone(clock.TAIPEI).isoformat(),
        "attachments": attachments,
    }


def _as_text(found: Iterable[UnitProgress]) -> Iterator[str]:
    from bot.plans.progress import ProgressStatus

    for one in found:
        counts = "、".join(f"{status} {one.count(status)}" for status in ProgressStatus)
        yield f"{one.unit.name} {one.year}年度：{counts}"
        for state in one.states:
            if state.latest is not None:
                percent = f" {state.percent}%" if 0 < state.percent < 100 else ""
                words = state.latest.note.replace("\n", " ")
                yield f"    {state.item.path}  {state.status}{percent}  {state.item.title}  {words}"
