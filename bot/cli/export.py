"""Write what was reported in a cycle to a file: tables, or the yearly result report.

xlsx, ods and csv are tables with a row for each report; odt and docx are the result report.
Without --unit it is all units that have reported or are bound to a chat, compiled into one.
A file that is there already is replaced once the new one is complete.
"""

from __future__ import annotations

import argparse
import os
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from bot import clock, settings
from bot.cli import DONE, new_command
from bot.errors import PlanbotError, UsageError

if TYPE_CHECKING:
    from bot.app import App
    from bot.links import FileFormat
    from bot.plans.model import RocYear, Unit

_FORMATS = ("xlsx", "ods", "csv", "odt", "docx")


def add(subparsers: Any) -> None:
    """Declare the command."""
    parser = new_command(subparsers, __name__, __doc__)
    parser.add_argument("--year", type=int, required=True, help="the cycle's ROC year, such as 115")
    parser.add_argument("--unit", metavar="NAME", help="only this unit, by name or alias")
    parser.add_argument(
        "--format", choices=_FORMATS, required=True, metavar="FORMAT", help=", ".join(_FORMATS)
    )
    parser.add_argument("-o", "--output", metavar="FILE", required=True, help="the file to write")


def run(args: argparse.Namespace) -> int:
    """Write the file."""
    from bot.app import build
    from bot.cli.deadlines import cycle
    from bot.cli.enroll import unit_named
    from bot.cli.remind import ready
    from bot.links import FileFormat

    target = Path(args.output)
    if not target.parent.is_dir() or target.is_dir():
        raise UsageError(f"{target} cannot be written: name a file in a folder that is there")
    with closing(build(settings.read(os.environ))) as app:
        units = app.sources.corpus.units
        unit = units.all[unit_named(args.unit, units)] if args.unit is not None else None
        year = _begun(cycle(args.year, app.sources.schedules), app)
        ready(app)
        _write(app, unit, year, FileFormat(args.format), target)
    return DONE


def _write(app: App, unit: Unit | None, year: RocYear, form: FileFormat, target: Path) -> None:
    """Write to a file beside it, and put that in its place when it is whole.

    Raises:
        PlanbotError: nobody is to report, or the file cannot be written.
    """
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with part.open("xb") as out:
            _fill(app, unit, year, form, out)
        part.replace(target)
    except OSError as exc:
        raise PlanbotError(f"{target} cannot be written ({exc.strerror})") from exc
    finally:
        part.unlink(missing_ok=True)


def _fill(app: App, unit: Unit | None, year: RocYear, form: FileFormat, out: BinaryIO) -> None:
    from bot import reports

    today = clock.today(app.clock())
    with app.database.begin_reading() as db:
        if form in reports.TABLES:
            reports.write_tables(db, app.sources, unit, year, today, form, out)
        elif not reports.write_result_report(db, app.sources, unit, year, today, form, out):
            raise PlanbotError(f"no unit has reported in {year} and no chat is bound: name --unit")


def _begun(year: RocYear, app: App) -> RocYear:
    """The cycle itself.

    Raises:
        UsageError: it has not begun.
    """
    from bot.plans import roc

    if year > roc.from_western(clock.today(app.clock()).year):
        raise UsageError(f"the cycle {year} has not begun: nobody has reported in it")
    return year
