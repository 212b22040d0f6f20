"""The reminder pass over 100, 1,000 and 10,000 units with ten deadlines each.

Every unit has a group, and on the day that is measured every group is told something: the pass
reads bindings, ledger and answers, works out what is due, and writes outbox and ledger in one
commit. Its time must grow with the number of units, and be under ten seconds for 10,000. A second
pass, which finds nothing to say, is what runs every minute.
"""

from __future__ import annotations

import itertools
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.app import in_line
from bot.clock import TAIPEI
from bot.plans import corpus, dates
from bot.plans.corpus import Units
from bot.plans.dates import Dates
from bot.plans.deadlines import Schedules, deadlines_of
from bot.plans.model import RocYear, Unit, UnitLevel
from bot.settings import packaged_data
from bot.store import rows
from bot.store.engine import Database
from bot.store.migrations import migrate
from bot.store.models import Binding, Chat
from schedules import rules
from schedules.send import Facts, Reminding

SIZES = (100, 1_000, 10_000)
DEADLINES = 10
TARGET_SECONDS = 10.0
MOST_GROWTH = 1.6
"""Ten times the units may take at most so many times ten times as long."""

BOUND = datetime(2026, 2, 24, tzinfo=UTC)  # a pass as on any first of a month, with nothing late
FIRST_DAY = datetime(2026, 3, 2, 10, tzinfo=TAIPEI)


def main(options: Sequence[str]) -> bool:
    """Measure, print, and say whether the targets were met."""
    known = corpus.load(packaged_data())
    given = dates.load(packaged_data(), known)
    print(f"{'units':>7} {'pass (s)':>9} {'per unit (ms)':>14} {'idle pass (s)':>14} {'told':>7}")
    took = []
    for size in SIZES:
        with tempfile.TemporaryDirectory(prefix="planbot-bench-") as folder:
            seconds, idle, told = measure(given, size, Path(folder))
        took.append(seconds)
        print(f"{size:>7} {seconds:>9.2f} {seconds / size * 1000:>14.3f} {idle:>14.2f} {told:>7}")
        assert told == size
    growth = max(later / earlier / 10 for earlier, later in itertools.pairwise(took))
    print(f"under {TARGET_SECONDS:.0f} s: {took[-1]:.2f}; growth {growth:.2f} of linear")
    return took[-1] < TARGET_SECONDS and growth < MOST_GROWTH


def measure(given: Dates, size: int, folder: Path) -> tuple[float, float, int]:
    """Seconds of a pass that tells every chat, of one that tells none, and how many were told."""
    units = many_units(given.schedules.units, size)
    facts = Facts(
        dates=Dates(schedules=Schedules(all=given.schedules.all, units=units), tables=given.tables),
        rules=rules.load(packaged_data()),
    )
    one = next(unit for unit in units if unit.name.startswith("測試"))
    some = deadlines_of(facts.dates.schedules, one, RocYear(115))
    assert len(some) + 3 >= DEADLINES, "the neighbouring cycles bring the rest"
    database = Database(f"sqlite:///{folder}/bench.sqlite3")
    migrate(database)
    bind_all(database, [unit.name for unit in units if unit.name.startswith("測試")])
    reminding = Reminding(database, facts, render=in_line)
    began = time.process_time()
    told, _ = reminding.tick(FIRST_DAY)
    seconds = time.process_time() - began
    began = time.process_time()
    reminding.tick(FIRST_DAY + timedelta(minutes=1))
    idle = time.process_time() - began
    database.dispose()
    return seconds, idle, told


def many_units(known: Units, size: int) -> Units:
    """The city's units, and many offices below one bureau."""
    more = (
        Unit(
            name=f"測試{number}所",
            full_name=f"測試{number}所",
            level=UnitLevel.SUBORDINATE,
            parent="衛生局",
        )
        for number in range(size)
    )
    return Units(all={**known.all, **{unit.name: unit for unit in more}}, groups=known.groups)


def bind_all(database: Database, names: Sequence[str]) -> None:
    """A group for each of them."""
    chats = [
        {"id": f"C{number:032x}", "kind": "group", "active": True, "since": BOUND}
        for number in range(len(names))
    ]
    bindings = [
        {
            "chat_id": chat["id"], "unit": name, "active": True,
            "changed_by": "bench", "changed_at": BOUND,
        }
        for chat, name in zip(chats, names, strict=True)
    ]  # fmt: skip
    with database.begin() as db:
        db.execute(rows.table_of(Chat).insert(), chats)
        db.execute(rows.table_of(Binding).insert(), bindings)


if __name__ == "__main__":
    sys.exit(0 if main(sys.argv[1:]) else 1)
