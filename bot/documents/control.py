"""執行概況, 伍、推動及管考 and 陸、檢討與策進: how things stand, the tests, what is behind and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from bot import phrases
from bot.documents import told, words
from bot.documents.facts import CourtesyTest, Exhibit, Part, by_report
from bot.documents.model import Align, Block, Cell, Column, Heading, Paragraph, Table, Tone
from bot.documents.model import words as paragraph
from bot.plans.model import RocYear
from bot.plans.progress import ItemKind, ItemState, ProgressStatus

_CENTRED = Align.CENTER
_SHORT = 8
"""Rows of a table that is better not divided."""
_STATUSES = (
    ProgressStatus.DONE,
    ProgressStatus.UNDERWAY,
    ProgressStatus.BEHIND,
    ProgressStatus.NOT_STARTED,
)
_Words = str | tuple[Paragraph, ...]


def summary(part: Part, exhibits: Iterable[Exhibit], made_on: date) -> Iterator[Block]:
    """執行概況: the year in a few numbers, and how things stand by chapter."""
    states = part.progress.asked
    every = list(exhibits)
    pictures = sum(one.evidence.is_picture for one in every)
    reports = sum(len(one.reports) for one in part.progress.states)
    sentences = [words.state_of_the_unit(counts(states), made_on)]
    if reports:
        sentences.append(words.shown_in_numbers(reports, pictures, len(every) - pictures))
    if scores := [(phrases.TESTS[one.which], _score(one)) for one in part.courtesy]:
        sentences.append(words.scores(scores))
    yield paragraph("".join(sentences), keeps=True)
    yield _by_chapter(states)


def control(
    part: Part, exhibits: Iterable[Exhibit], level: int, counted_on: date | None
) -> Iterator[Block]:
    """伍: how things stand by chapter and by date, the courtesy tests, visits where reported.

    Args:
        counted_on: the day of 平時查核, None where 執行概況 has its numbers.
    """
    year, of_report = part.progress.year, by_report(exhibits)
    states = part.progress.states
    dates = [
        one
        for one in states
        if one.item.kind is ItemKind.DEADLINE and (one.reports or not one.item.is_optional)
    ]
    parts: list[tuple[str, Iterable[Block]]] = []
    if counted_on is not None:
        counted = part.progress.asked
        said = words.state_of_the_unit(counts(counted), counted_on)
        sentence = paragraph(said, keeps=True)
        parts.append((words.ROUTINE, (sentence, _by_chapter(counted))))
    if dates:
        parts.append((words.SCHEDULE, (_schedule(dates, of_report, year),)))
    parts.append((words.COURTESY, (_courtesy(part.courtesy),)))
    visits = (one for one in dates if words.VISIT in one.item.title)
    if lines := [line for one in visits for line in told.lines(one, year, of_report)]:
        parts.append((words.VISITS, lines))
    for number, (heading, blocks) in enumerate(parts, 1):
        yield Heading(text=words.numbered(number, heading, level), level=level)
        yield from blocks


def review(part: Part, level: int, *, lists_missing: bool, lists_returned: bool) -> Iterator[Block]:
    """陸: what is behind with reason and remedy; where wanted what is missing or was returned."""
    states = part.progress.states
    behind = [one for one in states if one.status is ProgressStatus.BEHIND and one.reports]
    missing = part.progress.missing
    returned = list(_returned(states))
    parts: list[tuple[str, Block]] = [
        (words.BEHIND, _behind(behind) if behind else paragraph(words.NOTHING_BEHIND))
    ]
    if lists_missing:
        listed = _missing(missing) if missing else paragraph(words.NOTHING_MISSING)
        parts.append((words.MISSING, listed))
    if lists_returned and returned:
        listed = table(words.RETURNED_COLUMNS, (12, 32, 60, 66), returned, centred=(0,))
        parts.append((words.RETURNED, listed))
    for number, (heading, block) in enumerate(parts, 1):
        yield Heading(text=words.numbered(number, heading, level), level=level)
        yield block


def counts(states: Sequence[ItemState]) -> tuple[int, ...]:
    """How many there are, are done, underway, behind, not begun, and without a report.

    What has no report is nothing else, so that the others come to the first.

    Args:
        states: of what is asked for.
    """
    reported = [one.status for one in states if not one.is_missing]
    by_status = (reported.count(one) for one in _STATUSES)
    return (len(states), *by_status, len(states) - len(reported))


def table(
    headings: Sequence[str],
    widths: Sequence[int],
    rows: Iterable[Sequence[_Words]],
    *,
    centred: Sequence[int] = (),
    dense: bool = False,
) -> Table:
    """A table of plain words; a cell may bring its own paragraphs. A short one is not divided.

    Args:
        widths: the columns' shares.
        centred: the columns, from 0, whose words stand in the middle.
        dense: whether it is in small type.
    """
    columns = tuple(
        Column(heading=heading, width=width, align=_CENTRED if at in centred else Align.START)
        for at, (heading, width) in enumerate(zip(headings, widths, strict=True))
    )
    made = tuple(
        tuple(
            Cell(
                paragraphs=(paragraph(one, align=column.align, small=dense),)
                if isinstance(one, str)
                else one
            )
            for one, column in zip(row, columns, strict=True)
        )
        for row in rows
    )
    return Table(columns=columns, rows=made, together=len(made) <= _SHORT, dense=dense)


def _by_chapter(states: Sequence[ItemState]) -> Table:
    chapters: dict[str, list[ItemState]] = {}
    for one in states:
        chapters.setdefault(one.item.chapter, []).append(one)
    rows = [
        (chapter, *(str(count) for count in counts(several)))
        for chapter, several in chapters.items()
    ]
    columns = len(words.CHAPTERS)
    if not any(one.is_missing for one in states):
        columns -= 1
    widths = (74, 16, 16, 16, 16, 16, 16)[:columns]
    shown = (row[:columns] for row in rows)
    made = table(words.CHAPTERS[:columns], widths, shown, centred=range(1, columns))
    return replace(made, together=True, dense=True)


def _schedule(
    states: Iterable[ItemState], of_report: Mapping[int, Sequence[Exhibit]], year: RocYear
) -> Table:
    rows = (
        (
            one.item.title,
            words.day(one.item.due) if one.item.due else words.NOTHING,
            _status(one),
            tuple(told.lines(one, year, of_report)),
        )
        for one in states
    )
    return table(words.SCHEDULE_COLUMNS, (50, 32, 24, 64), rows, centred=(2,))


def _status(state: ItemState) -> tuple[Paragraph, ...]:
    if state.reports:
        return (replace(told.status(state), align=_CENTRED),)
    is_over = state.status is ProgressStatus.BEHIND
    return (paragraph(words.NO_REPORT if is_over else words.NOT_DUE, Tone.FAINT, align=_CENTRED),)


def _courtesy(tests: Sequence[CourtesyTest]) -> Table:
    by_test = {one.which: one for one in tests}
    rows: list[Sequence[_Words]] = []
    for which, name in phrases.TESTS.items():
        one = by_test.get(which)
        if one is None:
            rows.append((name, (paragraph(words.NO_RESULT, Tone.FAINT),), "", "", ""))
            continue
        tested = words.day(one.tested_on) if one.tested_on else words.NOTHING
        faults, improvement = (one.faults or words.NOTHING, one.improvement or words.NOTHING)
        rows.append((name, tested, _score(one), faults, improvement))
    return table(words.COURTESY_COLUMNS, (18, 34, 18, 46, 54), rows, centred=(0, 2))


def _score(test: CourtesyTest) -> str:
    return words.NOTHING if test.score is None else f"{phrases.number_of(test.score)}分"


def _behind(states: Iterable[ItemState]) -> Table:
    rows = []
    for one in states:
        *_, latest = one.reports
        why = next((it for it in reversed(one.reports) if it.reason or it.remedy), latest)
        roots = dict.fromkeys((latest.root, why.root))
        rows.append(
            (
                words.place(one.item),
                one.item.title,
                (told.cited(words.standing(one), roots),),
                why.reason or words.NOTHING,
                why.remedy or words.NOTHING,
            )
        )
    return table(words.BEHIND_COLUMNS, (32, 40, 24, 38, 38), rows)


def _missing(states: Iterable[ItemState]) -> Table:
    rows = (
        (words.place(one.item), one.item.title, "、".join(one.item.duty_units)) for one in states
    )
    return table(words.MISSING_COLUMNS, (36, 100, 34), rows)


def _returned(states: Iterable[ItemState]) -> Iterator[tuple[str, ...]]:
    for state in states:
        for one in state.reports:
            if one.review is not None and one.is_returned:
                remark = one.review.remark or words.NOTHING
                yield (words.number(one.root), words.place(state.item), state.item.title, remark)
