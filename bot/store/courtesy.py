"""Results of telephone-courtesy tests, by unit, cycle and test (1 or 2).

Rows are only ever added; the latest for a test counts. Who may read them is the handlers' matter.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from bot.plans.model import RocYear
from bot.store import audit
from bot.store.models import CourtesyTestRow


@dataclass(frozen=True, slots=True, kw_only=True)
class CourtesyResult:
    """A test's result; `score` from 0 to 100, None while only faults or measures are known.

    `which` is 1 for the first half-year's test, 2 for the second's. `asks_improvement`: the score
    was below the mark of the sheet by which it was recorded. `by` is LINE's id of who recorded
    it, `audit.COMMAND_LINE` or None, and a fingerprint when it is read back. `at` is aware.
    """

    unit: str
    year: RocYear
    which: int
    tested_on: date | None = None
    score: float | None = None
    faults: str = ""
    improvement: str = ""
    asks_improvement: bool = False
    by: str | None
    at: datetime

    @property
    def owes_improvement(self) -> bool:
        """Whether 改善措施 are asked for and not there yet."""
        return self.asks_improvement and not self.improvement.strip()


def record(db: Session, result: CourtesyResult) -> None:
    """Keep a result, or a correction: the whole of it, as it reads from now on."""
    db.add(
        CourtesyTestRow(
            unit=result.unit,
            year=result.year,
            which=result.which,
            tested_on=result.tested_on,
            score=result.score,
            faults=result.faults,
            improvement=result.improvement,
            asks_improvement=result.asks_improvement,
            by=audit.who(result.by),
            at=result.at,
        )
    )
    audit.record(
        db, result.by, "courtesy_result", f"{result.year}:{result.which}:{result.unit}", result.at
    )
    db.flush()


def results(db: Session, unit: str, year: RocYear) -> dict[int, CourtesyResult]:
    """By test (1, 2) how a unit's result of a cycle reads now; without a result it is not in it."""
    mine = (CourtesyTestRow.unit == unit, CourtesyTestRow.year == year)
    return {one.which: one for one in _read(db, _in_order().where(*mine))}


def history(db: Session, unit: str, year: RocYear) -> tuple[CourtesyResult, ...]:
    """All rows of a unit's cycle, the oldest first."""
    mine = (CourtesyTestRow.unit == unit, CourtesyTestRow.year == year)
    return tuple(_read(db, _in_order().where(*mine)))


def all_of(
    db: Session, years: Iterable[RocYear]
) -> dict[tuple[str, int, int], tuple[CourtesyResult, ...]]:
    """By unit, cycle and test the rows of some cycles, the oldest first."""
    found: dict[tuple[str, int, int], tuple[CourtesyResult, ...]] = {}
    for one in _read(db, _in_order().where(CourtesyTestRow.year.in_(list(years)))):
        key = (one.unit, int(one.year), one.which)
        found[key] = (*found.get(key, ()), one)
    return found


def _in_order() -> Select[Any]:
    return select(CourtesyTestRow).order_by(CourtesyTestRow.at, CourtesyTestRow.id)


def _read(db: Session, query: Select[Any]) -> Iterable[CourtesyResult]:
    row: CourtesyTestRow
    for row in db.scalars(query):
        yield CourtesyResult(
            unit=row.unit,
            year=RocYear(row.year),
            which=row.which,
            tested_on=row.tested_on,
            score=row.score,
            faults=row.faults,
            improvement=row.improvement,
            asks_improvement=row.asks_improvement,
            by=row.by,
            at=row.at,
        )
