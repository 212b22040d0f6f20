"""The audit log: who did what to what, for those who answer for it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from bot.log import fingerprint
from bot.store.models import AuditEntry

COMMAND_LINE = "command line"
"""Who acts when it is an operator at the command line."""


def who(person: str | None) -> str:
    """How the log names a person: a fingerprint, the same for the same person."""
    return person if person == COMMAND_LINE else fingerprint(person) or "unknown"


def record(db: Session, person: str | None, what: str, about: str, now: datetime) -> None:
    """Add an entry.

    Args:
        person: LINE's id of who did it, `COMMAND_LINE`, or None where LINE does not tell.
        what: a constant word, such as `bind`.
        about: identifiers only, never anybody's words.
    """
    db.add(AuditEntry(at=now, who=who(person), what=what, about=about[:200]))
