"""Evidence (佐證): pictures and files of reports, their bytes apart from what is told of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from bot.messages import ChatRef, Checked, ContentKind
from bot.plans.progress import Entry, ProgressReport
from bot.store import audit, rows
from bot.store.models import EvidenceContent, EvidenceRow, ProgressEntry

MOST = 20
"""Pictures and files of one report."""

_EVIDENCE = rows.table_of(EvidenceRow)
_CONTENTS = rows.table_of(EvidenceContent)
_ENTRIES = rows.table_of(ProgressEntry)
_CAPTION_LENGTH = 60
_STANDS = _EVIDENCE.c.removed_at.is_(None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What is known of a picture or a file.

    `root` is the number of its report. `size` is in bytes, `sha256` in hexadecimal digits.
    `caption` is what somebody wrote for it, else empty (see `caption_of`). `at` is aware.
    """

    id: int
    root: int
    kind: ContentKind
    name: str
    media_type: str
    size: int
    sha256: str
    caption: str
    person: str | None
    at: datetime


def add(
    db: Session,
    root: int,
    content: Checked,
    *,
    message_id: str,
    person: str | None,
    now: datetime,
) -> int | None:
    """Keep a picture or a file with its report.

    Returns:
        Its id; None when the report has this message's content already, or had it.
    """
    same = select(_EVIDENCE.c.id).where(
        _EVIDENCE.c.message_id == message_id, _EVIDENCE.c.root == root
    )
    if db.scalar(same) is not None:
        return None
    row = EvidenceRow(
        root=root,
        kind=content.kind,
        name=content.name,
        media_type=content.media_type,
        size=len(content.data),
        sha256=hashlib.sha256(content.data).hexdigest(),
        caption="",
        person=person,
        message_id=message_id,
        at=now,
    )
    db.add(row)
    db.flush()
    db.add(EvidenceContent(evidence_id=row.id, content=content.data))
    db.flush()
    audit.record(db, person, "add_evidence", f"#{root} · {row.id}", now)
    return row.id


def of_reports(db: Session, roots: Iterable[int]) -> list[Evidence]:
    """What shows these reports, in the order it came; without what was removed."""
    wanted = sorted(set(roots))
    found: list[Evidence] = []
    for at in range(0, len(wanted), 500):
        found += _read(db, _EVIDENCE.c.root.in_(wanted[at : at + 500]))
    return sorted(found, key=lambda one: one.id)


def some(db: Session, ids: Sequence[int]) -> list[Evidence]:
    """Evidence by id, in the order it came; without what was removed."""
    return _read(db, _EVIDENCE.c.id.in_(ids))


def content(db: Session, evidence_id: int) -> bytes | None:
    """The bytes of an evidence; None when it was removed or never was."""
    wanted = select(_CONTENTS.c.content).where(_CONTENTS.c.evidence_id == evidence_id)
    return db.scalar(wanted)


def caption_of(one: Evidence, report: ProgressReport) -> str:
    """What stands below a picture: its own caption, else the report's note, shortened."""
    words = one.caption or " ".join(report.note.split())
    return words if len(words) <= _CAPTION_LENGTH else f"{words[: _CAPTION_LENGTH - 1]}…"


def describe(db: Session, ids: Sequence[int], caption: str, *, message_id: str | None) -> None:
    """Put a caption to evidence.

    Args:
        message_id: the message with the caption's words, so that taking it back empties them.
    """
    given = {"caption": caption, "caption_from": message_id}
    rows.change(db, update(_EVIDENCE).where(_EVIDENCE.c.id.in_(ids), _STANDS).values(**given))


def move(db: Session, ids: Sequence[int], root: int, *, by: str | None, now: datetime) -> None:
    """Put evidence to another report; what is there already stays where it is."""
    there = select(_EVIDENCE.c.message_id).where(_EVIDENCE.c.root == root)
    moved = update(_EVIDENCE).where(_EVIDENCE.c.id.in_(ids), _EVIDENCE.c.message_id.not_in(there))
    rows.change(db, moved.values(root=root))
    audit.record(db, by, "move_evidence", f"#{root} · {_listed(ids)}", now)


def remove(db: Session, ids: Sequence[int], *, by: str | None, now: datetime) -> int:
    """Forget the bytes and the words of evidence; that there was some stays.

    Returns:
        How many there were.
    """
    number = _forget(db, _EVIDENCE.c.id.in_(ids), now)
    audit.record(db, by, "remove_evidence", _listed(ids), now)
    return number


def forget_message(db: Session, message_id: str, now: datetime) -> None:
    """A message was taken back: what it brought goes, and what showed the reports it made."""
    reports = select(_ENTRIES.c.id).where(
        _ENTRIES.c.message_id == message_id, _ENTRIES.c.entry == Entry.REPORT
    )
    _forget(db, (_EVIDENCE.c.message_id == message_id) | _EVIDENCE.c.root.in_(reports), now)
    wrote = _EVIDENCE.c.caption_from == message_id
    rows.change(db, update(_EVIDENCE).where(wrote).values(caption="", caption_from=None))


def forget_before(db: Session, before: datetime, now: datetime) -> int:
    """Forget the content of what came before a moment; how many there were."""
    return _forget(db, _EVIDENCE.c.at < before, now)


def recent_reports(
    db: Session, chat: ChatRef, person: str, units: Sequence[str], since: datetime
) -> list[int]:
    """The reports that the person's last message of this chat made or corrected.

    Args:
        units: of these units only.
        since: not from before this moment.

    Returns:
        Their numbers, those that were withdrawn among them; empty when there are none.
    """
    said = _ENTRIES.c.entry.in_((Entry.REPORT, Entry.CORRECTION))
    ours = (_ENTRIES.c.chat_id == chat.id, _ENTRIES.c.person == person, _ENTRIES.c.at >= since)
    last = select(_ENTRIES.c.event_id).where(_ENTRIES.c.unit.in_(units), said, *ours)
    event_id = db.scalar(last.order_by(_ENTRIES.c.id.desc()).limit(1))
    if event_id is None:
        return []
    same = select(_ENTRIES.c.id, _ENTRIES.c.root).where(_ENTRIES.c.event_id == event_id, said)
    return [row.root or row.id for row in db.execute(same.order_by(_ENTRIES.c.part))]


def _forget(db: Session, which: ColumnElement[bool], now: datetime) -> int:
    meant = select(_EVIDENCE.c.id).where(which)
    rows.change(db, delete(_CONTENTS).where(_CONTENTS.c.evidence_id.in_(meant)))
    empty = {"name": "", "caption": "", "caption_from": None, "removed_at": now}
    return rows.change(db, update(_EVIDENCE).where(which, _STANDS).values(**empty))


def _read(db: Session, which: ColumnElement[bool]) -> list[Evidence]:
    wanted = select(_EVIDENCE).where(which, _STANDS).order_by(_EVIDENCE.c.id)
    return [
        Evidence(
            id=row.id,
            root=row.root,
            kind=ContentKind(row.kind),
            name=row.name,
            media_type=row.media_type,
            size=row.size,
            sha256=row.sha256,
            caption=row.caption,
            person=row.person,
            at=row.at,
        )
        for row in db.execute(wanted)
    ]


def _listed(ids: Sequence[int]) -> str:
    return ",".join(str(one) for one in ids)
