"""What administrators moved is kept with reason and author, and only ever added to."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from bot.log import fingerprint
from bot.plans.deadlines import Adjustment
from bot.plans.model import RocYear
from bot.plans.workdays import DayOverride
from bot.store import adjustments, audit
from bot.store.engine import Database
from bot.store.models import AdjustmentRow, AuditEntry
from tests.factories import person


def move(
    now: datetime,
    *,
    unit: str | None = None,
    year: int = 115,
    end: date | None = date(2026, 4, 15),
    by: str = audit.COMMAND_LINE,
) -> Adjustment:
    return Adjustment(
        entry="s2", unit=unit, year=RocYear(year), start=None, end=end,
        reason="配合評獎時程", by=by, at=now,
    )  # fmt: skip


def test_adjustments_come_back_as_they_were_the_oldest_first(
    database: Database, now: datetime
) -> None:
    later, earlier = move(now + timedelta(hours=1), unit="衛生局"), move(now)
    with database.begin() as db:
        adjustments.record(db, later)
        adjustments.record(db, earlier)
        adjustments.record(db, move(now, year=116))

    with database.begin() as db:
        assert adjustments.adjustments(db, [RocYear(115)]) == (earlier, later)
        assert len(adjustments.adjustments(db)) == 3


def test_of_who_moved_it_only_a_fingerprint_is_kept(database: Database, now: datetime) -> None:
    with database.begin() as db:
        adjustments.record(db, move(now, by=person("admin")))

    with database.begin() as db:
        (kept,) = adjustments.adjustments(db)
        assert kept.by == fingerprint(person("admin"))


@pytest.mark.parametrize(
    ("unit", "end", "what", "about"),
    [
        (None, date(2026, 4, 15), "move_deadline", "115:s2:*"),
        ("衛生局", None, "restore_deadline", "115:s2:衛生局"),
    ],
)
def test_a_move_stands_in_the_audit_log(
    database: Database, now: datetime, unit: str | None, end: date | None, what: str, about: str
) -> None:
    with database.begin() as db:
        adjustments.record(db, move(now, unit=unit, end=end))

    with database.begin() as db:
        (entry,) = db.scalars(select(AuditEntry))
        assert (entry.what, entry.about, entry.who) == (what, about, audit.COMMAND_LINE)


def test_the_database_refuses_an_end_before_the_start(database: Database, now: datetime) -> None:
    wrong = AdjustmentRow(
        entry="s2", unit=None, year=115, starts=date(2026, 3, 2), ends=date(2026, 3, 1),
        reason="r", by="admin", at=now,
    )  # fmt: skip
    with pytest.raises(IntegrityError, match="in_order"), database.begin() as db:
        db.add(wrong)


@pytest.mark.parametrize(
    ("works", "what"),
    [(False, "declare_day_off"), (True, "declare_workday"), (None, "restore_day")],
)
def test_a_decision_on_a_day_is_kept_and_stands_in_the_audit_log(
    database: Database, now: datetime, works: bool | None, what: str
) -> None:
    decision = DayOverride(
        day=date(2026, 7, 10), works=works, reason="颱風停班", by=audit.COMMAND_LINE, at=now
    )
    with database.begin() as db:
        adjustments.override_day(db, decision)

    with database.begin() as db:
        assert adjustments.day_overrides(db) == (decision,)
        (entry,) = db.scalars(select(AuditEntry))
        assert (entry.what, entry.about) == (what, "2026-07-10")
