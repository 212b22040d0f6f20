"""One-time binding codes: short enough for a phone, kept only as hashes, good for 72 hours.

Wrong, used and expired codes are told apart nowhere. Whoever gives five wrong ones within ten
minutes is slowed: until the ten minutes are over no code of theirs is looked at.
"""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bot.messages import ChatRef
from bot.store import audit, rows
from bot.store.models import BindingCode, CodeAttempt

LIFETIME = timedelta(hours=72)
SLOWED_AFTER = 5
SLOWED_WITHIN = timedelta(minutes=10)

_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # none that look alike on a phone: 0 O 1 I L U
_LENGTH = 8  # 30⁸: at five guesses in ten minutes nobody finds one in 72 hours


class Role(StrEnum):
    """What a code gives: a unit to a chat, or an administrator's rights to a person."""

    ADMIN = "admin"
    UNIT = "unit"


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedCode:
    """A code to hand over; it can be read only now."""

    code: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Redeemed:
    """What a code was for; `unit` is None for an administrator's.

    `giver` is the one-to-one chat of the officer who gave it: to a successor, or with first and
    last day to a substitute. None where an operator gave it to the unit's chats.
    """

    role: Role
    unit: str | None
    giver: str | None = None
    starts: date | None = None
    ends: date | None = None


def issue(
    db: Session,
    *,
    role: Role,
    unit: str | None = None,
    now: datetime,
    issued_by: str | None = audit.COMMAND_LINE,
    lifetime: timedelta = LIFETIME,
    giver: str | None = None,
    starts: date | None = None,
    ends: date | None = None,
) -> IssuedCode:
    """Make a code.

    Args:
        unit: the unit's name for `Role.UNIT`, None for `Role.ADMIN`.
        issued_by: LINE's id of an administrator or officer, or `audit.COMMAND_LINE`.
        giver, starts, ends: as of `Redeemed`.
    """
    assert (unit is not None) == (role is Role.UNIT)
    assert (starts is None) == (ends is None)
    letters = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
    expires_at = now + lifetime
    db.add(
        BindingCode(
            hash=_hash(letters),
            role=role.value,
            unit=unit,
            giver=giver,
            starts=starts,
            ends=ends,
            issued_at=now,
            issued_by=audit.who(issued_by),
            expires_at=expires_at,
        )
    )
    db.flush()
    audit.record(db, issued_by, "issue_code", unit or role.value, now)
    return IssuedCode(code=f"{letters[:4]}-{letters[4:]}", expires_at=expires_at)


def redeem(
    db: Session, code: str, *, chat: ChatRef, person: str | None, now: datetime
) -> Redeemed | None:
    """Use up a code that somebody typed; case, blanks, hyphens and full width do not matter.

    The caller then binds the chat or makes the person an administrator, in the same transaction.

    Returns:
        What the code was for; None for a wrong, used or expired one, and for any code while the
        person (or, where LINE does not tell who speaks, the chat) is slowed.
    """
    who = person or chat.id
    if is_slowed(db, who, now):
        return None
    digest = _hash(_plain(code))
    # One conditional statement, so that of two people who send the same code one gets it.
    codes = rows.table_of(BindingCode)
    usable = (codes.c.hash == digest, codes.c.used_at.is_(None), codes.c.expires_at > now)
    taken = update(codes).where(*usable).values(used_at=now, used_by=audit.who(who))
    if not rows.change(db, taken):
        db.add(CodeAttempt(who=audit.who(who), at=now))
        return None
    used = db.get_one(BindingCode, digest, populate_existing=True)
    return Redeemed(
        role=Role(used.role), unit=used.unit, giver=used.giver, starts=used.starts, ends=used.ends
    )


def is_slowed(db: Session, person_or_chat: str, now: datetime) -> bool:
    """Whether there were too many wrong codes within the last ten minutes."""
    wrong = select(func.count()).where(
        CodeAttempt.who == audit.who(person_or_chat), CodeAttempt.at > now - SLOWED_WITHIN
    )
    return (db.scalar(wrong) or 0) >= SLOWED_AFTER


def _plain(code: str) -> str:
    """What was typed as the letters alone: full width made narrow, all else than letters gone."""
    narrow = unicodedata.normalize("NFKC", code).upper()
    return "".join(letter for letter in narrow if letter.isalnum())


def _hash(letters: str) -> str:
    return hashlib.sha256(letters.encode()).hexdigest()
