"""What administrators set otherwise for all units or for one: quiet hours, lead days, reviews.

Rows are only ever added; the latest for a unit counts, with what it leaves open filled from the
latest for all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.errors import UsageError
from bot.store import audit
from bot.store.models import SettingsOverrideRow

_MOST_LEAD_DAYS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """Hours of the day, in Taipei, in which nothing is said; `start` after `end` spans midnight."""

    start: time
    end: time

    def __post_init__(self) -> None:
        """Refuse an empty or a whole day.

        Raises:
            UsageError: start and end are the same.
        """
        if self.start == self.end:
            raise UsageError("quiet hours need a start and another end")

    def covers(self, moment: time) -> bool:
        """Whether it is quiet at a time of the day."""
        if self.start < self.end:
            return self.start <= moment < self.end
        return moment >= self.start or moment < self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """Settings; None leaves one as the rules have it. `lead_days` are workdays before the due day.

    An empty `lead_days` means no early reminder at all. `reviews`: an agency looks at the reports
    of its units (核閱); nobody does unless it is set.
    """

    quiet: Quiet | None = None
    lead_days: tuple[int, ...] | None = None
    reviews: bool | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be meant.

        Raises:
            UsageError: a lead of less than one or more than 60 workdays.
        """
        for days in self.lead_days or ():
            if not 1 <= days <= _MOST_LEAD_DAYS:
                raise UsageError(f"a lead is from 1 to {_MOST_LEAD_DAYS} workdays, not {days}")


NOTHING = Override()


def put(
    db: Session, unit: str | None, override: Override, *, by: str | None, now: datetime
) -> None:
    """Set it for a unit, or (None) for all; it replaces what was set there before.

    Args:
        by: LINE's id of an administrator, or `audit.COMMAND_LINE`; only a fingerprint is kept.
    """
    db.add(
        SettingsOverrideRow(
            unit=unit,
            quiet_from=override.quiet.start if override.quiet else None,
            quiet_until=override.quiet.end if override.quiet else None,
            lead_days=None if override.lead_days is None else list(override.lead_days),
            reviews=override.reviews,
            by=audit.who(by),
            at=now,
        )
    )
    audit.record(db, by, "set_reminders", unit or "*", now)
    db.flush()


def get(db: Session, unit: str | None) -> Override:
    """What counts for a unit, or (None) for all."""
    known = every(db)
    general = known.get(None, NOTHING)
    return merged(known.get(unit, NOTHING), general)


def every(db: Session) -> dict[str | None, Override]:
    """By unit (None: all) what was set last, each by itself."""
    query = select(SettingsOverrideRow).order_by(SettingsOverrideRow.at, SettingsOverrideRow.id)
    return {row.unit: _read(row) for row in db.scalars(query)}


def merged(own: Override, general: Override) -> Override:
    """A unit's own settings, with what it leaves open from the general ones."""
    return Override(
        quiet=own.quiet or general.quiet,
        lead_days=general.lead_days if own.lead_days is None else own.lead_days,
        reviews=general.reviews if own.reviews is None else own.reviews,
    )


def _read(row: SettingsOverrideRow) -> Override:
    quiet = None
    if row.quiet_from is not None and row.quiet_until is not None:
        quiet = Quiet(start=row.quiet_from, end=row.quiet_until)
    leads = None if row.lead_days is None else tuple(int(one) for one in row.lead_days)
    return Override(quiet=quiet, lead_days=leads, reviews=row.reviews)
