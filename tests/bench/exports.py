"""A thousand units with a hundred reports each, exported as .xlsx, .ods and .csv.

Each format is written by a process of its own, so that its peak of memory is its own; the reference
is the standard library's csv module with the same values and nothing done to them. The target is
taken by the processor's time, as other work on the machine makes the clock's longer.
"""

from __future__ import annotations

import csv
import io
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO, NamedTuple

from bot.documents import tables
from bot.documents.tables import Row
from bot.plans import corpus, dates
from bot.plans.model import RocYear, Unit, UnitLevel
from bot.plans.progress import (
    Entry,
    Item,
    ProgressReport,
    ProgressStatus,
    Quantity,
    items_of,
    progress_of,
)
from bot.settings import packaged_data

UNITS, REPORTS = 1_000, 100
TARGET_SECONDS, TARGET_MIB = 30.0, 500.0
YEAR = RocYear(115)
BEGAN = datetime(2026, 2, 2, 1, tzinfo=UTC)
SAID = (
    "辦理電話禮貌訓練2場，60人參加，課後測驗平均92分",
    "結合里辦公室辦理健康講座，民眾反映良好；下半年將增加偏遠里別場次",
    "=SUM(A1:A9) 這樣的文字也只是文字",
    "長照專員每週二、四上午進駐，累計服務148人次；個案轉介26案，其餘由本所追蹤。\n等候時間由25分鐘降為8分鐘。",
)


def main(options: Sequence[str]) -> bool:
    """Measure, print, and say whether the targets were met."""
    found = {name: measured(name) for name in WRITERS}
    reference = found["reference"].cpu
    print(f"{UNITS:,} units x {REPORTS} reports = {UNITS * REPORTS:,} rows")
    print(f"{'format':>10} {'CPU (s)':>8} {'by clock':>9} {'x csv':>6} {'peak MiB':>9} {'MiB':>6}")
    for name, one in found.items():
        print(
            f"{name:>10} {one.cpu:>8.1f} {one.clock:>9.1f} {one.cpu / reference:>6.1f} "
            f"{one.peak:>9.0f} {one.size:>6.1f}"
        )
    return all(one.cpu < TARGET_SECONDS and one.peak < TARGET_MIB for one in found.values())


class Measured(NamedTuple):
    """Seconds of the processor and by the clock, MiB of memory at most, MiB of the file."""

    cpu: float
    clock: float
    peak: float
    size: float


def measured(name: str) -> Measured:
    """What a process takes that writes one."""
    command = [sys.executable, "-m", "tests.bench.exports", name]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return Measured(*json.loads(done.stdout))


def measure(name: str) -> Measured:
    """The same, in this process."""
    with TemporaryDirectory(prefix="planbot-bench-") as folder:
        file = Path(folder) / "export"
        cpu, clock = time.process_time(), time.perf_counter()
        with file.open("wb") as out:
            WRITERS[name](many_rows(), out)
        cpu, clock = time.process_time() - cpu, time.perf_counter() - clock
        size = file.stat().st_size / 2**20
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Measured(cpu, clock, peak, size)


def many_rows() -> Iterator[Row]:
    """A row for each report, a unit at a time."""
    known = corpus.load(packaged_data())
    schedules = dates.load(packaged_data(), known).schedules
    office = known.units.get("三民區第二衛生所")
    assert office is not None
    items = items_of(known, schedules, office, YEAR)[:REPORTS]
    for number in range(UNITS):
        name = f"測試{number}所"
        unit = Unit(name=name, full_name=name, level=UnitLevel.SUBORDINATE, parent="衛生局")
        first = number * REPORTS + 1
        record = [report(name, item, first + at) for at, item in enumerate(items)]
        yield from tables.rows_of(progress_of(unit, YEAR, items, record, date(2026, 12, 31)))


def report(unit: str, item: Item, root: int) -> ProgressReport:
    """A report as staff make them."""
    return ProgressReport(
        id=root,
        root=root,
        entry=Entry.REPORT,
        unit=unit,
        year=YEAR,
        item=item.id,
        status=ProgressStatus.UNDERWAY,
        percent=root % 100,
        quantities=(Quantity(value=Decimal(root % 90), unit="場"),),
        note=SAID[root % len(SAID)],
        reporter="王小明",
        at=BEGAN + timedelta(hours=root % 7_000),
    )


def plainly(rows: Iterator[Row], out: BinaryIO) -> None:
    """The reference: the values of the rows, as they are."""
    text = io.TextIOWrapper(out, encoding="utf-8", newline="")
    writer = csv.writer(text)
    for row in rows:
        item, said = row.state.item, row.report
        assert said is not None
        writer.writerow(
            (
                row.unit, row.year, item.chapter, item.title, item.path, item.text,
                item.duty_units, said.status, said.percent, said.quantities[0].value, said.note,
                said.reason, said.remedy, said.reporter, said.at, row.evidence, said.root,
            )
        )  # fmt: skip
    text.flush()
    text.detach()


WRITERS: dict[str, Callable[[Iterator[Row], BinaryIO], None]] = {
    "reference": plainly,
    "csv": tables.write_csv,
    "ods": tables.write_ods,
    "xlsx": tables.write_xlsx,
}

if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1])))
