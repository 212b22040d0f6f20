"""A thousand units with a hundred reports each, gathered from SQLite and written as tables.

What `planbot export` does after it has loaded the plans: every unit's record is read, its state is
worked out, and a row for each report is written. Each format has a process of its own, so that its
peak of memory is its own. The target is taken by the processor's time, as other work on the machine
makes the clock's longer.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from bot import reports
from bot.documents import template
from bot.links import FileFormat
from bot.plans import corpus, dates
from bot.plans.corpus import Units
from bot.plans.model import RocYear, Unit, UnitLevel
from bot.plans.progress import ItemKind, ProgressStatus, items_of
from bot.reports import Sources
from bot.settings import packaged_data
from bot.store import rows
from bot.store.engine import Database
from bot.store.migrations import migrate
from bot.store.models import Person, ProgressEntry
from tests import factories

UNITS, REPORTS = 1_000, 100
TARGET_SECONDS, TARGET_MIB = 30.0, 500.0
YEAR, TODAY = RocYear(115), date(2026, 12, 1)
BEGAN = datetime(2026, 2, 2, 1, tzinfo=UTC)
NOTE = "辦理電話禮貌訓練，邀請講師說明接聽要點並實地演練，會後檢討改進。"


class Measured(NamedTuple):
    """Seconds of the processor and by the clock, MiB of memory at most, MiB of the file."""

    cpu: float
    clock: float
    peak: float
    size: float


def main(options: Sequence[str]) -> bool:
    """Measure, print, and say whether the targets were met."""
    with TemporaryDirectory(prefix="planbot-bench-") as folder:
        fill(Path(folder))
        found = {form: measured(folder, form) for form in reports.TABLES}
    print(f"{UNITS:,} units x {REPORTS} reports, from SQLite")
    print(f"{'format':>8} {'CPU (s)':>8} {'by clock':>9} {'peak MiB':>9} {'MiB':>6}")
    for form, one in found.items():
        print(f"{form:>8} {one.cpu:>8.1f} {one.clock:>9.1f} {one.peak:>9.0f} {one.size:>6.1f}")
    return all(one.cpu < TARGET_SECONDS and one.peak < TARGET_MIB for one in found.values())


def measured(folder: str, form: FileFormat) -> Measured:
    """What a process takes that writes one."""
    command = [sys.executable, "-m", "tests.bench.gathering", folder, form]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return Measured(*json.loads(done.stdout))


def measure(folder: Path, form: FileFormat) -> Measured:
    """The same, in this process."""
    sources, database = many_units(), opened(folder)
    file = folder / f"export.{form}"
    cpu, clock = time.process_time(), time.perf_counter()
    with database.begin_reading() as db, file.open("wb") as out:
        reports.write_tables(db, sources, None, YEAR, TODAY, form, out)
    cpu, clock = time.process_time() - cpu, time.perf_counter() - clock
    database.dispose()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Measured(cpu, clock, peak, file.stat().st_size / 2**20)


def many_units() -> Sources:
    """The plans with a thousand offices more."""
    known = corpus.load(packaged_data())
    offices = {
        name: Unit(name=name, full_name=name, level=UnitLevel.SUBORDINATE, parent="衛生局")
        for name in map(name_of, range(UNITS))
    }
    units = Units(all={**known.units.all, **offices}, groups=known.units.groups)
    more = replace(known, units=units)
    return Sources(
        corpus=more,
        schedules=dates.load(packaged_data(), more).schedules,
        template=template.load(packaged_data()),
    )


def fill(folder: Path) -> None:
    """A database with every report."""
    database, sources = opened(folder), many_units()
    migrate(database)
    office = sources.corpus.units.all[name_of(0)]
    items = items_of(sources.corpus, sources.schedules, office, YEAR)
    clauses = [one.id for one in items if one.kind is ItemKind.CLAUSE]
    with database.begin() as db:
        db.execute(rows.table_of(Person).insert(), [person(unit) for unit in range(UNITS)])
        for unit in range(UNITS):
            record = [entry(unit, at, clauses[at % len(clauses)]) for at in range(REPORTS)]
            db.execute(rows.table_of(ProgressEntry).insert(), record)
    database.dispose()


def opened(folder: Path) -> Database:
    """The database of the measurement."""
    return Database(f"sqlite:///{folder / 'planbot.sqlite3'}")


def name_of(unit: int) -> str:
    """A unit's name by its number."""
    return f"測試{unit}衛生所"


def person(unit: int) -> dict[str, Any]:
    """Who reports for a unit."""
    return {
        "id": factories.person(str(unit)),
        "admin": False,
        "since": BEGAN,
        "name": f"王小{unit}",
    }


def entry(unit: int, at: int, item: str) -> dict[str, Any]:
    """A report as staff make them."""
    number = unit * REPORTS + at
    return {
        "entry": "report",
        "root": None,
        "unit": name_of(unit),
        "year": int(YEAR),
        "item": item,
        "status": list(ProgressStatus)[1 + number % 3].value,
        "percent": number % 100,
        "quantities": [[str(number % 90), "場", "", False], [str(number % 900), "人次", "", False]],
        "note": NOTE,
        "reason": "",
        "remedy": "",
        "done_on": None,
        "person": factories.person(str(unit)),
        "chat_id": factories.group(str(unit)).id,
        "message_id": str(number),
        "event_id": str(number),
        "part": 0,
        "at": BEGAN + timedelta(hours=number % 7_000),
    }


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1]), FileFormat(sys.argv[2]))))
