"""What administrators moved: deadlines, and days that are off or worked after all.

Rows are only ever added: the latest wins, and what was said before stays to be read.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.plans.deadlines import Adjustment
from bot.plans.model import RocYear
from bot.plans.workdays import DayOverride
from bot.store import audit
from bot.store.models import AdjustmentRow, DayOverrideRow


def record(db: Session, adjustment: Adjustment) -> None:
    """Keep an adjustment; it counts from now on.

    Args:
        adjustment: its `by` is LINE's id of an administrator, or `audit.COMMAND_LINE`; only a
            fingerprint is kept.
    """
    db.add(
        AdjustmentRow(
            entry=adjustment.entry,
            unit=adjustment.unit,
            year=adjustment.year,
            starts=adjustment.start,
            ends=adjustment.end,
            reason=adjustment.reason,
            by=audit.who(adjustment.by),
            at=adjustment.at,
        )
    )
    what = "move_deadline" if adjustment.end else "restore_deadline"
    about = f"{adjustment.year}:{adjustment.entry}:{adjustment.unit or '*'}"
    audit.record(db, adjustment.by, what, about, adjustment.at)


def adjustments(db: Session, years: Collection[RocYear] | None = None) -> tuple[Adjustment, ...]:
    """The adjustments, the oldest first; `by` is a fingerprint.

    Args:
        years: only of these cycles; None for all.
    """
    every = select(AdjustmentRow).order_by(AdjustmentRow.at, AdjustmentRow.id)
    wanted = every if years is None else every.where(AdjustmentRow.year.in_(years))
    return tuple(
        Adjustment(
            entry=row.entry,
            unit=row.unit,
            year=RocYear(row.year),
            start=row.starts,
            end=row.ends,
            reason=row.reason,
            by=row.by,
            at=row.at,
        )
        for row in db.scalars(wanted)
    )


def override_day(db: Session, override: DayOverride) -> None:
    """Keep a decision on a day; it counts from now on.

    Args:
        override: its `by` is LINE's id of an administrator, or `audit.COMMAND_LINE`; only a
            fingerprint is kept.
    """
    db.add(
        DayOverrideRow(
            day=override.day,
            works=override.works,
            reason=override.reason,
            by=audit.who(override.by),
            at=override.at,
        )
    )
    word = {True: "declare_workday", False: "declare_day_off", None: "restore_day"}[override.works]
    audit.record(db, override.by, word, override.day.isoformat(), override.at)


def day_overrides(db: Session) -> tuple[DayOverride, ...]:
    """The decisions on days, the oldest first; `by` is a fingerprint."""
    every = select(DayOverrideRow).order_by(DayOverrideRow.at, DayOverrideRow.id)
    return tuple(
        DayOverride(day=row.day, works=row.works, reason=row.reason, by=row.by, at=row.at)
        for row in db.scalars(every)
    )
