"""肆、執行成果: the plan's own table with what was done, how much, and what shows it."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.documents import told, words
from bot.documents.facts import Exhibit, Part, by_report, labels
from bot.documents.model import COVERED, Block, Cell, Column, Paragraph, Table, Tone
from bot.documents.model import words as paragraph
from bot.documents.template import ColumnKind, ReportTemplate, WithoutReport
from bot.plans.corpus import Corpus
from bot.plans.model import Node, RocYear
from bot.plans.progress import ItemKind, ItemState, totals

_FOCUS_DEPTH = 3
"""Parts of an id down to the 子項: section, chapter, focus."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """An item with its place: chapter and focus, and the headings that begin with it."""

    state: ItemState
    node: Node | None
    chapter: str
    focus: str
    begins: tuple[str, ...]


def table(
    part: Part, corpus: Corpus, exhibits: Iterable[Exhibit], template: ReportTemplate
) -> Iterable[Block]:
    """The table of a unit's clauses; nothing when it has none to show."""
    with_all = template.without_report is WithoutReport.ROWS
    shown = [
        state
        for state in part.progress.states
        if state.item.kind is ItemKind.CLAUSE and (state.reports or with_all)
    ]
    if not shown:
        return (paragraph(words.NO_REPORT, Tone.FAINT),)
    columns = tuple(Column(heading=one.heading, width=one.width) for one in template.columns)
    kinds = [one.shows for one in template.columns]
    of_report = by_report(exhibits)
    rows: list[tuple[Cell, ...]] = []
    before = None
    for group in _groups(_rows(shown, corpus), template.repeat_after):
        begun, before = before, (group[0].chapter, group[0].focus)
        for at, row in enumerate(group):
            again = begun == (row.chapter, row.focus)
            first = _chapter_cell(row, len(group), again=again) if at == 0 else COVERED
            rows.append(
                tuple(
                    first
                    if kind is ColumnKind.CHAPTER
                    else Cell(paragraphs=_cell(kind, row, part.progress.year, of_report))
                    for kind in kinds
                )
            )
    whole = Table(columns=columns, rows=tuple(rows))
    if ColumnKind.UNITS in kinds and not all(one.item.duty_units for one in shown):
        return (whole, paragraph(words.UNIT_NOT_PRINTED, small=True))
    return (whole,)


def _rows(states: Iterable[ItemState], corpus: Corpus) -> Iterator[_Row]:
    before: tuple[str, ...] = ()
    for state in states:
        node = corpus.nodes.get(state.item.id)
        above = _headings(node, corpus) if node else ()
        new = [one for one in above if one.id not in before]
        before = tuple(one.id for one in above)
        yield _Row(
            state=state,
            node=node,
            chapter=state.item.chapter,
            focus=_focus(node, corpus) or state.item.focus,
            begins=tuple(f"{one.label}{one.title}" for one in new),
        )


def _headings(node: Node, corpus: Corpus) -> tuple[Node, ...]:
    """The headings between the focus and a clause, outermost first."""
    found: list[Node] = []
    here = corpus.nodes.get(node.parent or "")
    while here is not None and len(here.segments) > _FOCUS_DEPTH:
        found.insert(0, here)
        here = corpus.nodes.get(here.parent or "")
    return tuple(found)


def _focus(node: Node | None, corpus: Corpus) -> str:
    if node is None or len(node.segments) <= _FOCUS_DEPTH:
        return ""
    focus = corpus.nodes.get(f"{node.plan_id}:{'.'.join(node.segments[:_FOCUS_DEPTH])}")
    return f"{focus.label}{focus.title}" if focus else ""


def _groups(rows: Iterable[_Row], most: int) -> Iterator[list[_Row]]:
    """Rows of one chapter and focus, at most so many together, as evenly as it goes."""
    for _, several in itertools.groupby(rows, key=lambda row: (row.chapter, row.focus)):
        group = list(several)
        shares = -(-len(group) // most)
        size = -(-len(group) // shares)
        yield from (group[at : at + size] for at in range(0, len(group), size))


def _chapter_cell(row: _Row, rows: int, *, again: bool) -> Cell:
    """Chapter and focus; where they are said again the focus is cut short."""
    focus = words.continued(row.focus) if again else row.focus
    below = (paragraph(focus),) if focus else ()
    return Cell(paragraphs=(paragraph(row.chapter, Tone.BOLD), *below), rows=rows)


def _cell(
    kind: ColumnKind, row: _Row, year: RocYear, of_report: Mapping[int, Sequence[Exhibit]]
) -> tuple[Paragraph, ...]:
    item, is_silent = row.state.item, not row.state.reports
    if kind is ColumnKind.CLAUSE:
        label = row.node.label if row.node else ""
        heads = (paragraph(one, Tone.BOLD) for one in row.begins)
        return (*heads, paragraph(f"{label}{item.text}", small=is_silent))
    if kind is ColumnKind.UNITS:
        return tuple(paragraph(one, small=is_silent) for one in item.duty_units)
    if kind is ColumnKind.DONE:
        return told.done(row.state, year)
    if kind is ColumnKind.TOTALS:
        return figures(row.state)
    return evidence(row.state, of_report)


def figures(state: ItemState) -> tuple[Paragraph, ...]:
    """What the numbers come to, those of the same reports on one line."""
    found = itertools.groupby(totals(state.reports), key=lambda one: one[1])
    return tuple(
        told.cited(words.quantities(one for one, _ in several), roots) for roots, several in found
    )


def evidence(state: ItemState, of_report: Mapping[int, Sequence[Exhibit]]) -> tuple[Paragraph, ...]:
    """The labels of an item's evidence, a line each."""
    return tuple(
        paragraph(label)
        for report in state.reports
        for label in labels(of_report.get(report.root, ()))
    )
