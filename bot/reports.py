"""Gathers what reports are made of, from database and plans, and has the documents written.

Web, handlers and commands get from here one and the same state of a unit, and one and the same
document of it. Whoever writes a document calls with a reading transaction: it may take seconds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, BinaryIO

from sqlalchemy.orm import Session

from bot.documents import plan_format
from bot.documents.facts import CourtesyTest, Evidence, Part
from bot.links import FileFormat, FileKind, FileWanted
from bot.plans import duties, progress
from bot.plans.corpus import Corpus
from bot.plans.deadlines import Adjustment, Schedules, deadline_of, deadlines_of
from bot.plans.model import RocYear, Unit, UnitLevel
from bot.plans.progress import Item, ProgressReport, UnitProgress
from bot.store import adjustments, chats, courtesy, evidence
from bot.store import progress as record

if TYPE_CHECKING:
    from bot.documents.model import Document
    from bot.documents.result_report import ResultReport
    from bot.documents.tables import Row
    from bot.documents.template import ReportTemplate

TEXTS = (FileFormat.ODT, FileFormat.DOCX)
TABLES = (FileFormat.XLSX, FileFormat.ODS, FileFormat.CSV)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """What documents rest on besides the database: plans, dates, the layout of reports."""

    corpus: Corpus
    schedules: Schedules
    template: ReportTemplate


# the state


def unit_progress(
    db: Session, corpus: Corpus, schedules: Schedules, unit: Unit, year: RocYear, today: date
) -> UnitProgress:
    """Where a unit stands in a cycle.

    Args:
        today: the date in Taipei; a deadline that ended before it and is not done is behind.
    """
    (found,) = agency_progress(db, corpus, schedules, year, today, [unit])
    return found


def agency_progress(
    db: Session,
    corpus: Corpus,
    schedules: Schedules,
    year: RocYear,
    today: date,
    units: Sequence[Unit] | None = None,
) -> Iterator[UnitProgress]:
    """Where units stand in a cycle, one after the other, without holding all of them at once.

    Args:
        today: as of `unit_progress`.
        units: only these, in this order; None for all that are to report (`reporting_units`).
    """
    moved = adjustments.adjustments(db, [year])
    known = progress.Items(corpus, schedules, year, moved)
    for unit in reporting_units(db, corpus, year) if units is None else units:
        entries = record.record_of(db, unit.name, year)
        items = known.of(unit)
        others = _others(corpus, schedules, items, entries, moved)
        yield progress.progress_of(unit, year, (*items, *others), entries, today)


def reporting_units(db: Session, corpus: Corpus, year: RocYear) -> tuple[Unit, ...]:
    """The units that speak through a chat or have reported in the cycle, in the city's order."""
    names = {*chats.bound_units(db), *record.units_with_reports(db, year)}
    return tuple(unit for unit in corpus.units if unit.name in names)


def _others(
    corpus: Corpus,
    schedules: Schedules,
    items: Sequence[Item],
    entries: Sequence[ProgressReport],
    moved: Sequence[Adjustment],
) -> Iterator[Item]:
    """What was reported on beyond the unit's items: of a plan that a newer one has replaced."""
    known = {one.id for one in items}
    reported = dict.fromkeys(one.item for one in progress.standing(entries))
    for item in (one for one in reported if one not in known):
        if (node := corpus.nodes.get(item)) is not None:
            yield replace(progress.clause_item(corpus, node), is_optional=True)
        elif (deadline := deadline_of(schedules, item, moved)) is not None:
            yield replace(progress.deadline_item(deadline), is_optional=True)


# the documents


def file_name(corpus: Corpus, what: FileWanted) -> str:
    """What a document is called: 高雄市三民區第二衛生所115年度提升服務成果報告.odt."""
    unit = corpus.units.get(what.unit)
    whose = unit.full_name if unit else ""
    if what.kind is FileKind.PLAN_FORMAT and unit is not None:
        form = plan_format.form_of(corpus, unit)
        words = plan_format.title_of(form, RocYear(what.year)) if form else whose
        return f"{words}（格式）.{what.format}"
    kind = "成果報告" if what.kind is FileKind.RESULT_REPORT else "執行情形總表"
    together = "" if unit else "（彙整）"
    return f"{whose}{what.year}年度提升服務{kind}{together}.{what.format}"


def write_file(db: Session, sources: Sources, what: FileWanted, today: date, out: BinaryIO) -> bool:
    """Write a document as it is now.

    Args:
        today: the date in Taipei.

    Returns:
        False when there is none: its unit is no longer there, or nobody is to report.
    """
    unit, year = sources.corpus.units.get(what.unit), RocYear(what.year)
    if unit is None and what.unit is not None:
        return False
    if what.kind is FileKind.TABLES:
        write_tables(db, sources, unit, year, today, what.format, out)
        return True
    if what.kind is FileKind.RESULT_REPORT:
        document: Document | None = result_report(db, sources, unit, year, today)
    else:
        document = empty_plan(db, sources, unit, year) if unit else None
    if document is None:
        return False
    _write(document, what.format, out)
    return True


def result_report(
    db: Session, sources: Sources, unit: Unit | None, year: RocYear, today: date
) -> ResultReport | None:
    """The yearly result report of a unit, or (None) the compiled one of all that are to report.

    Its evidence is read from `db` when the document is written.

    Args:
        today: the date in Taipei on which it is made.

    Returns:
        None when nobody is to report.
    """
    from bot.documents import result_report as composing

    corpus, template = sources.corpus, sources.template
    if unit is None:
        units = reporting_units(db, corpus, year)
        if not units:
            return None
        agency = above_all(corpus, units)
        found = agency_progress(db, corpus, sources.schedules, year, today, units)
        return composing.compose_agency(
            agency,
            year,
            plan=duties.plan_of(corpus, agency, (year,)),
            corpus=corpus,
            parts=[_part(db, corpus, one) for one in found],
            template=template,
            made_on=today,
        )
    part = _part(db, corpus, unit_progress(db, corpus, sources.schedules, unit, year, today))
    return composing.compose(
        part.progress,
        plan=part.plan,
        corpus=corpus,
        courtesy=part.courtesy,
        evidence=part.evidence,
        template=template,
        made_on=today,
    )


def empty_plan(db: Session, sources: Sources, unit: Unit, year: RocYear) -> Document | None:
    """The plan document of a unit with nothing in it yet; None when no form is for its level."""
    corpus = sources.corpus
    form = plan_format.form_of(corpus, unit)
    if form is None:
        return None
    moved = adjustments.adjustments(db, [year])
    deadlines = deadlines_of(sources.schedules, form.unit, year, moved)
    return plan_format.compose(corpus, form, year, deadlines, sources.template.layout)


def write_result_report(
    db: Session,
    sources: Sources,
    unit: Unit | None,
    year: RocYear,
    today: date,
    form: FileFormat,
    out: BinaryIO,
) -> bool:
    """Write a result report as .odt or .docx; arguments and result as of `result_report`."""
    document = result_report(db, sources, unit, year, today)
    if document is not None:
        _write(document, form, out)
    return document is not None


def write_tables(
    db: Session,
    sources: Sources,
    unit: Unit | None,
    year: RocYear,
    today: date,
    form: FileFormat,
    out: BinaryIO,
) -> None:
    """Write what was reported as a table, of a unit or (None) of all that are to report.

    Where nobody has reported yet and no chat is bound, all units that owe a report stand in it.

    Args:
        form: .xlsx, .ods or .csv.
    """
    from bot.documents import tables

    corpus = sources.corpus
    units = (unit,) if unit else reporting_units(db, corpus, year) or obliged_units(corpus)
    rows = _rows(db, agency_progress(db, corpus, sources.schedules, year, today, units))
    write = {
        FileFormat.XLSX: tables.write_xlsx,
        FileFormat.ODS: tables.write_ods,
        FileFormat.CSV: tables.write_csv,
    }[form]
    write(rows, out)


def above_all(corpus: Corpus, units: Sequence[Unit]) -> Unit:
    """The lowest unit that all of some units are or are below of: whose report a compiled one is.

    Args:
        units: at least one.
    """
    chains = [(unit, *corpus.units.above(unit)) for unit in units]
    shared = [one for one in chains[0] if all(one in chain for chain in chains)]
    return shared[0] if shared else chains[0][-1]


def obliged_units(corpus: Corpus) -> tuple[Unit, ...]:
    """All units that hand in a report of their own."""
    apart = (UnitLevel.CITY, UnitLevel.SECTION)
    return tuple(unit for unit in corpus.units if unit.level not in apart)


def _rows(db: Session, several: Iterator[UnitProgress]) -> Iterator[Row]:
    from bot.documents import tables

    for one in several:
        roots = [report.root for state in one.states for report in state.reports]
        yield from tables.rows_of(one, record.evidence_counts(db, roots))


def _part(db: Session, corpus: Corpus, found: UnitProgress) -> Part:
    """A unit's share of a report."""
    tests = courtesy.results(db, found.unit.name, found.year).values()
    return Part(
        progress=found,
        plan=duties.plan_of(corpus, found.unit, (found.year,)),
        courtesy=tuple(
            CourtesyTest(
                which=one.which,
                tested_on=one.tested_on,
                score=one.score,
                faults=one.faults,
                improvement=one.improvement,
            )
            for one in tests
        ),
        evidence=tuple(_evidence(db, found)),
    )


def _evidence(db: Session, found: UnitProgress) -> Iterator[Evidence]:
    """The evidence of the standing reports; the bytes are read when they are written."""
    reports = {one.root: one for state in found.states for one in state.reports}
    for one in evidence.of_reports(db, reports):
        yield Evidence(
            root=one.root,
            number=one.id,
            kind=one.kind,
            name=one.name,
            caption=evidence.caption_of(one, reports[one.root]),
            media_type=one.media_type,
            content=partial(_content, db, one.id),
            size=one.size,
            sha256=one.sha256,
        )


def _content(db: Session, evidence_id: int) -> bytes:
    return evidence.content(db, evidence_id) or b""


def _write(document: Document, form: FileFormat, out: BinaryIO) -> None:
    if form is FileFormat.ODT:
        from bot.documents import odt

        odt.write(document, out)
    else:
        from bot.documents import docx

        docx.write(document, out)
