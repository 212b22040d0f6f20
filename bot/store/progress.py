"""The record of progress: reports, corrections and withdrawals, each a row that stays (DESIGN 7)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, Select, func, select, update
from sqlalchemy.orm import Session

from bot.messages import ChatRef
from bot.plans.model import RocYear
from bot.plans.progress import (
    Entry,
    ProgressReport,
    ProgressStatus,
    Quantity,
    Review,
    Verdict,
    standing,
)
from bot.store import audit, rows
from bot.store.models import EvidenceRow, Person, ProgressEntry, ReviewRow

_ENTRIES = rows.table_of(ProgressEntry)
_PEOPLE = rows.table_of(Person)
_REVIEWS = rows.table_of(ReviewRow)
_EVIDENCE = rows.table_of(EvidenceRow)


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a report says: status, percent (0 to 100), numbers, words, the day it was done."""

    status: ProgressStatus
    percent: int
    quantities: tuple[Quantity, ...] = ()
    note: str = ""
    reason: str = ""
    remedy: str = ""
    done_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a report comes from: the person, the chat, the message and its event, the moment.

    `part` counts the reports of one message, so that handling an event twice adds nothing twice.
    """

    person: str | None
    chat: ChatRef
    message_id: str | None
    event_id: str
    at: datetime
    part: int = 0


def report(
    db: Session, *, unit: str, year: RocYear, item: str, content: Content, origin: Origin
) -> int:
    """Add a report.

    Returns:
        Its id, which names it from now on.
    """
    row = _row(Entry.REPORT, None, unit, year, item, content, origin)
    db.add(row)
    db.flush()
    audit.record(db, origin.person, "report", f"{unit} · {item}", origin.at)
    return row.id


def correct(
    db: Session, of: ProgressReport, content: Content, origin: Origin, *, item: str | None = None
) -> int:
    """Put other words in place of a report's; what it said before stays in the history.

    Args:
        item: another item, when the report was filed under the wrong one.

    Returns:
        The report's id, as before.
    """
    db.add(_row(Entry.CORRECTION, of.root, of.unit, of.year, item or of.item, content, origin))
    db.flush()
    audit.record(db, origin.person, "correct_report", f"#{of.root}", origin.at)
    return of.root


def withdraw(db: Session, of: ProgressReport, origin: Origin) -> None:
    """Take a report back; what stood before it stands again."""
    content = Content(status=of.status, percent=of.percent)
    db.add(_row(Entry.WITHDRAWAL, of.root, of.unit, of.year, of.item, content, origin))
    db.flush()
    audit.record(db, origin.person, "withdraw_report", f"#{of.root}", origin.at)


def review(
    db: Session, root: int, verdict: Verdict, *, remark: str, by: str | None, now: datetime
) -> None:
    """A supervisor accepts a report, returns it with a remark, or takes the last word back."""
    db.add(ReviewRow(root=root, verdict=verdict, remark=remark, by=audit.who(by), at=now))
    db.flush()
    audit.record(db, by, "review_report", f"#{root} {verdict.name.lower()}", now)


def record_of(db: Session, unit: str, year: RocYear) -> list[ProgressReport]:
    """Every entry of a unit's cycle, in the order they were made."""
    return list(_read(db, _entries().where(_ENTRIES.c.unit == unit, _ENTRIES.c.year == year)))


def records(
    db: Session, year: RocYear, units: Iterable[str] | None = None
) -> Iterator[tuple[str, list[ProgressReport]]]:
    """By unit every entry of a cycle, unit by unit, without holding all of them at once.

    Args:
        units: only these; None for every unit that has reported.
    """
    names = sorted(units) if units is not None else units_with_reports(db, year)
    for name in names:
        yield name, record_of(db, name, year)


def reviews_of(db: Session, root: int) -> tuple[Review, ...]:
    """Everything that supervisors said of a report, in the order they said it."""
    given = select(_REVIEWS).where(_REVIEWS.c.root == root).order_by(_REVIEWS.c.id)
    return tuple(_review(row) for row in db.execute(given))


def units_with_standing_reports(db: Session, year: RocYear) -> set[str]:
    """The units with a report of a cycle that stands: those that count as having reported."""
    return {unit for unit, entries in records(db, year) if standing(entries)}


def units_with_reports(db: Session, year: RocYear) -> list[str]:
    """The units that have ever reported in a cycle, even where nothing of it stands."""
    of_year = select(_ENTRIES.c.unit).where(_ENTRIES.c.year == year)
    return list(db.scalars(of_year.distinct().order_by(_ENTRIES.c.unit)))


def history(db: Session, root: int) -> list[ProgressReport]:
    """All entries of one report, in the order they were made; empty when there is none."""
    return list(_read(db, _entries().where((_ENTRIES.c.id == root) | (_ENTRIES.c.root == root))))


def last_by(
    db: Session, person: str | None, chat: ChatRef, units: Sequence[str]
) -> ProgressReport | None:
    """The person's last report for one of the units that still stands, as last corrected.

    Where LINE does not tell who speaks, the last one of the chat.
    """
    whose = _ENTRIES.c.person == person if person else _ENTRIES.c.chat_id == chat.id
    first = (
        select(_ENTRIES.c.id)
        .where(whose, _ENTRIES.c.entry == Entry.REPORT, _ENTRIES.c.unit.in_(units))
        .order_by(_ENTRIES.c.id.desc())
        .limit(20)
    )
    for root in db.scalars(first):
        if (found := standing_report(db, root)) is not None:
            return found
    return None


def last_withdrawn(db: Session, person: str | None, chat: ChatRef, since: datetime) -> int | None:
    """The report that the person (where LINE does not tell who: anybody in the chat) took back
    last, not before a moment; None when there is none."""
    whose = _ENTRIES.c.person == person if person else _ENTRIES.c.chat_id == chat.id
    taken = (whose, _ENTRIES.c.entry == Entry.WITHDRAWAL, _ENTRIES.c.at >= since)
    return db.scalar(select(_ENTRIES.c.root).where(*taken).order_by(_ENTRIES.c.id.desc()).limit(1))


def standing_report(db: Session, root: int) -> ProgressReport | None:
    """A report as last corrected; None when it was withdrawn, taken back, or never was."""
    return next(iter(standing(history(db, root))), None)


def of_message(db: Session, message_id: str) -> list[ProgressReport]:
    """The first reports that came from a message, in its order."""
    ours = _entries().where(_ENTRIES.c.message_id == message_id, _ENTRIES.c.entry == Entry.REPORT)
    return list(_read(db, ours))


def forget_message(db: Session, message_id: str) -> None:
    """A message was taken back: its words go, the fact that there was a report stays."""
    empty = {"note": "", "reason": "", "remedy": "", "quantities": [], "unsent": True}
    rows.change(db, update(_ENTRIES).where(_ENTRIES.c.message_id == message_id).values(**empty))


def evidence_counts(db: Session, roots: Iterable[int]) -> dict[int, int]:
    """By report how many pictures and files show it; those without any are left out."""
    wanted = list(roots)
    found: dict[int, int] = {}
    for at in range(0, len(wanted), 500):
        counted = (
            select(_EVIDENCE.c.root, func.count())
            .where(_EVIDENCE.c.root.in_(wanted[at : at + 500]), _EVIDENCE.c.removed_at.is_(None))
            .group_by(_EVIDENCE.c.root)
        )
        found.update((root, number) for root, number in db.execute(counted))
    return found


def name_of(db: Session, person: str | None) -> str:
    """The display name of somebody who reported; empty where it is not known."""
    if person is None:
        return ""
    return db.scalar(select(Person.name).where(Person.id == person)) or ""


def learn_name(db: Session, person: str, name: str, now: datetime) -> None:
    """Keep the display name of somebody who reports, for the report's readers."""
    known = db.get(Person, person)
    if known is None:
        db.add(Person(id=person, admin=False, since=now, name=name[:120]))
    else:
        known.name = name[:120]
    db.flush()


def learn_reporter(db: Session, event_id: str, person: str, name: str, now: datetime) -> None:
    """Keep the display name of who has written to the record in this event, of nobody else."""
    wrote = select(_ENTRIES.c.id).where(_ENTRIES.c.event_id == event_id).limit(1)
    if db.scalar(wrote) is not None:
        learn_name(db, person, name, now)


def _row(
    entry: Entry,
    root: int | None,
    unit: str,
    year: RocYear,
    item: str,
    content: Content,
    origin: Origin,
) -> ProgressEntry:
    return ProgressEntry(
        entry=entry.value,
        root=root,
        unit=unit,
        year=int(year),
        item=item,
        status=content.status.value,
        percent=content.percent,
        quantities=[_as_json(one) for one in content.quantities],
        note=content.note,
        reason=content.reason,
        remedy=content.remedy,
        done_on=content.done_on,
        person=origin.person,
        chat_id=origin.chat.id,
        message_id=origin.message_id,
        event_id=origin.event_id,
        part=origin.part,
        at=origin.at,
    )


def _entries() -> Select[Any]:
    return (
        select(_ENTRIES, _PEOPLE.c.name.label("reporter"))
        .outerjoin(_PEOPLE, _PEOPLE.c.id == _ENTRIES.c.person)
        .order_by(_ENTRIES.c.id)
    )


def _read(db: Session, entries: Select[Any]) -> Iterator[ProgressReport]:
    found = db.execute(entries).all()
    reviews = _reviews(db, [row.id for row in found if row.root is None])
    for row in found:
        yield _report(row, reviews.get(row.root or row.id))


def _reviews(db: Session, roots: Sequence[int]) -> dict[int, Review]:
    """By report the last word of a supervisor that was not taken back."""
    found: dict[int, list[Review]] = {}
    for at in range(0, len(roots), 500):
        given = select(_REVIEWS).where(_REVIEWS.c.root.in_(roots[at : at + 500]))
        for row in db.execute(given.order_by(_REVIEWS.c.id)):
            said = found.setdefault(row.root, [])
            if row.verdict != Verdict.TAKEN_BACK:
                said.append(_review(row))
            elif said:
                said.pop()
    return {root: said[-1] for root, said in found.items() if said}


def _review(row: Row[Any]) -> Review:
    return Review(verdict=Verdict(row.verdict), remark=row.remark, at=row.at)


def _report(row: Row[Any], review: Review | None) -> ProgressReport:
    return ProgressReport(
        id=row.id,
        root=row.root or row.id,
        entry=Entry(row.entry),
        unit=row.unit,
        year=RocYear(row.year),
        item=row.item,
        status=ProgressStatus(row.status),
        percent=row.percent,
        quantities=tuple(_quantity(*one) for one in row.quantities),
        note=row.note,
        reason=row.reason,
        remedy=row.remedy,
        done_on=row.done_on,
        person=row.person,
        reporter=row.reporter or "",
        message_id=row.message_id,
        at=row.at,
        is_unsent=row.unsent,
        review=review,
    )


def _as_json(one: Quantity) -> list[Any]:
    return [str(one.value), one.unit, one.what, one.is_total]


@lru_cache(maxsize=4096)
def _quantity(value: str, unit: str, what: str, is_total: bool) -> Quantity:
    return Quantity(value=Decimal(value), unit=unit, what=what, is_total=is_total)
