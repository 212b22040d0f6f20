"""Results of telephone-courtesy tests, by unit, cycle and test (1 or 2).

Rows are only ever added, and each holds what its message said: a test reads as its rows laid one
over the other. Only a message that is taken back loses what it said. Who may read them is the
handlers' matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from bot.plans.model import RocYear
from bot.store import audit
from bot.store.models import CourtesyTestRow


@dataclass(frozen=True, slots=True, kw_only=True)
class CourtesyResult:
    """A test's result, or what was said of one.

    `score` is from 0 to 100, None while only faults or measures are known.

    `which` is 1 for the first half-year's test, 2 for the second's. `asks_improvement`: the score
    was below the mark of the sheet by which it was recorded. `message_id` is LINE's id of the
    message that said so, None where there was none. `by` is LINE's id of who recorded it,
    `audit.COMMAND_LINE` or None, and a fingerprint when it is read back. `at` is aware.
    """

    unit: str
    year: RocYear
    which: int
    tested_on: date | None = None
    score: float | None = None
    faults: str = ""
    improvement: str = ""
    asks_improvement: bool = False
    message_id: str | None = None
    by: str | None
    at: datetime

    @property
    def owes_improvement(self) -> bool:
        """Whether 改善措施 are asked for and not there yet."""
        return self.asks_improvement and not self.improvement.strip()


def record(db: Session, said: CourtesyResult) -> None:
    """Keep what was said of a test; what it leaves out stays as it read before."""
    db.add(
        CourtesyTestRow(
            unit=said.unit,
            year=said.year,
            which=said.which,
            tested_on=said.tested_on,
            score=said.score,
            faults=said.faults,
            improvement=said.improvement,
            asks_improvement=said.asks_improvement,
            message_id=said.message_id,
            by=audit.who(said.by),
            at=said.at,
        )
    )
    audit.record(db, said.by, "courtesy_result", f"{said.year}:{said.which}:{said.unit}", said.at)
    db.flush()


def forget_message(db: Session, message_id: str) -> None:
    """Withdraw what a message said; the empty row stays."""
    nothing = {"tested_on": None, "score": None, "faults": "", "improvement": ""}
    of_message = update(CourtesyTestRow).where(CourtesyTestRow.message_id == message_id)
    db.execute(of_message.values(**nothing, asks_improvement=False))


def said_by(db: Session, message_id: str) -> tuple[str, RocYear, int] | None:
    """Unit, cycle and test of what a message said; None where it says nothing any more."""
    last = _rows_of(db, message_id)
    return (last[-1].unit, RocYear(last[-1].year), last[-1].which) if last else None


def move_message(
    db: Session, message_id: str, year: RocYear, *, by: str | None, now: datetime
) -> None:
    """Put what a message said of a test, and what was said of it since, to another cycle.

    The rows stay empty in the old cycle, as those of a message that was taken back.
    """
    first = _rows_of(db, message_id)[-1]
    same = (
        CourtesyTestRow.unit == first.unit,
        CourtesyTestRow.year == first.year,
        CourtesyTestRow.which == first.which,
        CourtesyTestRow.id >= first.id,
    )
    for row in db.scalars(select(CourtesyTestRow).where(*same).order_by(CourtesyTestRow.id)).all():
        db.add(
            CourtesyTestRow(
                unit=row.unit,
                year=year,
                which=row.which,
                tested_on=row.tested_on,
                score=row.score,
                faults=row.faults,
                improvement=row.improvement,
                asks_improvement=row.asks_improvement,
                message_id=row.message_id,
                by=row.by,
                at=row.at,
            )
        )
        row.tested_on, row.score, row.asks_improvement = None, None, False
        row.faults = row.improvement = ""
    audit.record(db, by, "courtesy_result", f"{year}:{first.which}:{first.unit}", now)
    db.flush()


def _rows_of(db: Session, message_id: str) -> list[CourtesyTestRow]:
    """What a message says of tests, in order; rows that were emptied say nothing."""
    given = select(CourtesyTestRow).where(CourtesyTestRow.message_id == message_id)
    rows = db.scalars(given.order_by(CourtesyTestRow.id))
    return [row for row in rows if row.score is not None or row.faults or row.improvement]


def results(db: Session, unit: str, year: RocYear) -> dict[int, CourtesyResult]:
    """By test (1, 2) how a unit's result of a cycle reads now; without a result it is not in it."""
    return {one.which: one for one in history(db, unit, year)}


def history(db: Session, unit: str, year: RocYear) -> tuple[CourtesyResult, ...]:
    """How a unit's results of a cycle have read, the oldest first."""
    mine = (CourtesyTestRow.unit == unit, CourtesyTestRow.year == year)
    return tuple(_read(db, _in_order().where(*mine)))


def all_of(
    db: Session, years: Iterable[RocYear]
) -> dict[tuple[str, int, int], tuple[CourtesyResult, ...]]:
    """By unit, cycle and test how the results of some cycles have read, the oldest first."""
    found: dict[tuple[str, int, int], tuple[CourtesyResult, ...]] = {}
    for one in _read(db, _in_order().where(CourtesyTestRow.year.in_(list(years)))):
        key = (one.unit, int(one.year), one.which)
        found[key] = (*found.get(key, ()), one)
    return found


def _in_order() -> Select[Any]:
    return select(CourtesyTestRow).order_by(CourtesyTestRow.at, CourtesyTestRow.id)


def _read(db: Session, query: Select[Any]) -> Iterator[CourtesyResult]:
    """After each row how its test reads; a row that says nothing was withdrawn."""
    known: dict[tuple[str, int, int], CourtesyResult] = {}
    row: CourtesyTestRow
    for row in db.scalars(query):
        if row.score is None and not (row.faults or row.improvement):
            continue
        said = _said(row)
        key = (row.unit, row.year, row.which)
        known[key] = _laid_over(known[key], said) if key in known else said
        yield known[key]


def _laid_over(before: CourtesyResult, said: CourtesyResult) -> CourtesyResult:
    scored = said if said.score is not None else before
    fell = said.asks_improvement and before.score is not None and not before.asks_improvement
    kept = "" if fell else before.improvement  # it was not meant for a score below the mark
    return replace(
        said,
        tested_on=said.tested_on or before.tested_on,
        score=scored.score,
        asks_improvement=scored.asks_improvement,
        faults=said.faults or before.faults,
        improvement=said.improvement or kept,
    )


def _said(row: CourtesyTestRow) -> CourtesyResult:
    return CourtesyResult(
        unit=row.unit,
        year=RocYear(row.year),
        which=row.which,
        tested_on=row.tested_on,
        score=row.score,
        faults=row.faults,
        improvement=row.improvement,
        asks_improvement=row.asks_improvement,
        message_id=row.message_id,
        by=row.by,
        at=row.at,
    )
