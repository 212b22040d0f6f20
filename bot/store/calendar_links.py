"""Secret links to the calendars of units: kept as hashes, good until they are revoked."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot import links
from bot.store import audit, rows
from bot.store.models import CalendarLink

_LINKS = rows.table_of(CalendarLink)


def issue(db: Session, unit: str, *, to: str | None, now: datetime) -> str:
    """Make a link's token; it can be read only now.

    Args:
        to: LINE's id of the person who gets it; only a fingerprint is kept.
    """
    token = links.new_token()
    hashed = links.hash_of(token)
    assert hashed is not None
    db.add(CalendarLink(hash=hashed, unit=unit, issued_at=now, issued_to=audit.who(to)))
    audit.record(db, to, "issue_calendar", unit, now)
    db.flush()
    return token


def unit_of(db: Session, token: str) -> str | None:
    """The unit whose calendar a token opens, None for a wrong or revoked one."""
    hashed = links.hash_of(token)
    if hashed is None:
        return None
    known = select(CalendarLink.unit).where(
        CalendarLink.hash == hashed, CalendarLink.revoked_at.is_(None)
    )
    return db.scalar(known)


def revoke(
    db: Session, unit: str, *, by: str | None, now: datetime, everybodys: bool = False
) -> int:
    """End a person's links to a unit's calendar, or everybody's.

    Returns:
        How many there were.
    """
    of_unit = _LINKS.c.unit == unit, _LINKS.c.revoked_at.is_(None)
    mine = () if everybodys else (_LINKS.c.issued_to == audit.who(by),)
    ended = rows.change(db, update(_LINKS).where(*of_unit, *mine).values(revoked_at=now))
    if ended:
        audit.record(db, by, "revoke_calendar", unit, now)
    return ended
