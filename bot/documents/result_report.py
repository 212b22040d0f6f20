"""The yearly result report: what was reported in a cycle, laid out as the template says.

Nothing is added to what was reported. Each line and each figure bears the number of its report.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from bot.documents import annex, control, results, words
from bot.documents.facts import CourtesyTest, Evidence, Exhibit, Part, exhibits_of
from bot.documents.model import Block, Document, Heading, Section
from bot.documents.model import words as paragraph
from bot.documents.template import ReportSection, ReportTemplate, SectionKind
from bot.plans.corpus import Corpus
from bot.plans.model import Plan, RocYear, Unit
from bot.plans.progress import UnitProgress

__all__ = ["CourtesyTest", "Evidence", "Part", "ResultReport", "compose", "compose_agency"]

_PLAN_SECTIONS = {SectionKind.BASIS: "1", SectionKind.GOALS: "2", SectionKind.SCOPE: "3"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultReport(Document):
    """A result report: of whom, of which cycle, by which plan."""

    unit: Unit
    year: RocYear
    plan: Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class _Making:
    """What is known while a report is put together."""

    parts: Sequence[Part]
    exhibits: tuple[Exhibit, ...]
    corpus: Corpus
    template: ReportTemplate
    plan: Plan
    made_on: date
    is_compiled: bool = False


def compose(
    progress: UnitProgress,
    *,
    plan: Plan,
    corpus: Corpus,
    courtesy: Sequence[CourtesyTest] = (),
    evidence: Sequence[Evidence] = (),
    template: ReportTemplate,
    made_on: date,
) -> ResultReport:
    """The result report of a unit.

    Args:
        progress: the unit's cycle with its standing reports.
        plan: the plan that binds the unit, whose words the first sections are.
        courtesy: results of the courtesy tests; one that is not in it is shown as missing.
        evidence: pictures and files of the reports, in any order.
        made_on: the date in Taipei.
    """
    part = Part(progress=progress, plan=plan, courtesy=courtesy, evidence=evidence)
    making = _Making(
        parts=(part,),
        exhibits=exhibits_of((part,)),
        corpus=corpus,
        template=template,
        plan=plan,
        made_on=made_on,
    )
    return _report(making, progress.unit, progress.year, template.title)


def compose_agency(
    unit: Unit,
    year: RocYear,
    *,
    plan: Plan,
    corpus: Corpus,
    parts: Sequence[Part],
    template: ReportTemplate,
    made_on: date,
) -> ResultReport:
    """The compiled report of an agency: an overview of its units, then each unit in each section.

    Args:
        unit: the agency.
        plan: the agency's plan, whose words the first sections are.
        parts: the units, in the order in which they are to stand.
        made_on: as of `compose`.
    """
    making = _Making(
        parts=parts,
        exhibits=exhibits_of(parts),
        corpus=corpus,
        template=template,
        plan=plan,
        made_on=made_on,
        is_compiled=True,
    )
    return _report(making, unit, year, template.agency_title)


def _report(making: _Making, unit: Unit, year: RocYear, title: str) -> ResultReport:
    template = making.template
    named = {"unit": unit.full_name, "year": str(year), "plan": making.plan.title}
    pages = [_page(making, section) for section in template.sections]
    if making.is_compiled:
        pages.insert(0, Section(blocks=_overview(making), landscape=False))
    return ResultReport(
        title=title.format(**named),
        header=template.header.format(**named),
        footer=template.footer,
        sections=tuple(one for one in pages if one.blocks),
        layout=template.layout,
        unit=unit,
        year=year,
        plan=making.plan,
    )


def _page(making: _Making, section: ReportSection) -> Section:
    blocks = tuple(_blocks(making, section.kind))
    head = (Heading(text=section.heading),) if blocks else ()
    return Section(blocks=(*head, *blocks), landscape=section.landscape)


def _blocks(making: _Making, kind: SectionKind) -> Iterable[Block]:
    if kind in _PLAN_SECTIONS:
        return _of_the_plan(making.corpus, making.plan, _PLAN_SECTIONS[kind])
    if kind is SectionKind.ANNEX:
        return annex.exhibits(making.exhibits, making.template.pictures_per_row)
    if kind is SectionKind.SOURCES:
        with_unit, with_name = making.is_compiled, making.template.names
        return annex.sources(making.parts, with_unit=with_unit, with_name=with_name)
    if kind is SectionKind.SUMMARY:
        return () if making.is_compiled else _summary(making)
    write = _OF_A_UNIT[kind]
    if not making.is_compiled:
        return write(making, making.parts[0], 2)
    return _unit_by_unit(making, write)


def _unit_by_unit(
    making: _Making, write: Callable[[_Making, Part, int], Iterable[Block]]
) -> Iterable[Block]:
    for number, part in enumerate(making.parts, 1):
        yield Heading(text=words.numbered(number, part.progress.unit.full_name, 2), level=2)
        yield from write(making, part, 3)


def _results(making: _Making, part: Part, _: int) -> Iterable[Block]:
    return results.table(part, making.corpus, making.exhibits, making.template)


def _summary(making: _Making) -> Iterable[Block]:
    return control.summary(making.parts[0], making.exhibits, making.made_on)


def _control(making: _Making, part: Part, level: int) -> Iterable[Block]:
    has_summary = any(one.kind is SectionKind.SUMMARY for one in making.template.sections)
    counted_on = None if has_summary and not making.is_compiled else making.made_on
    return control.control(part, making.exhibits, level, counted_on)


def _review(making: _Making, part: Part, level: int) -> Iterable[Block]:
    template = making.template
    return control.review(
        part,
        level,
        lists_missing=template.lists_missing,
        lists_returned=template.lists_returned,
    )


_OF_A_UNIT = {
    SectionKind.RESULTS: _results,
    SectionKind.CONTROL: _control,
    SectionKind.REVIEW: _review,
}


def _of_the_plan(corpus: Corpus, plan: Plan, number: str) -> Iterable[Block]:
    """A section of the plan word for word, without its heading."""
    head = corpus.nodes.get(f"{plan.id}:{number}")
    if head is None:
        return
    if head.text:
        yield paragraph(head.text)
    for node in plan.nodes:
        if node.segments[0] == number and len(node.segments) > 1:
            yield paragraph(f"{node.label}{node.words}")


def _overview(making: _Making) -> tuple[Block, ...]:
    """A row for each unit of an agency."""
    rows = []
    for part in making.parts:
        counts = control.counts(part.progress.asked)
        last = part.progress.last_report
        rows.append(
            (
                part.progress.unit.name,
                *(str(one) for one in counts),
                f"{counts[1] / counts[0]:.0%}" if counts[0] else words.NOTHING,
                words.day(words.day_of(last), part.progress.year) if last else words.NOTHING,
            )
        )
    widths = (40, *(18 for _ in words.OVERVIEW_COLUMNS[1:-1]), 26)
    table = control.table(words.OVERVIEW_COLUMNS, widths, rows, centred=range(1, len(widths)))
    return (Heading(text=words.OVERVIEW), table)
