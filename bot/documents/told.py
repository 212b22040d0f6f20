"""執行情形: what was reported on an item, told so that a supervisor reads each thing once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.documents import words
from bot.documents.facts import Exhibit, labels
from bot.documents.model import Paragraph, Run, Tone
from bot.documents.model import words as paragraph
from bot.plans.model import RocYear
from bot.plans.progress import ItemState, ProgressReport, ProgressStatus

_NO_DIFFERENCE = re.compile(r"\s+|[。．.；;，,]+$")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """Words, and the reports that say them, the oldest first."""

    text: str
    reports: tuple[ProgressReport, ...]


def done(state: ItemState, year: RocYear) -> tuple[Paragraph, ...]:
    """The present status, then a line for each thing that was told."""
    if not state.reports:
        return (paragraph(words.NO_REPORT, Tone.FAINT, small=True),)
    return (status(state, Tone.BOLD), *(_paragraph(one, year) for one in _lines(state)))


def status(state: ItemState, tone: Tone = Tone.PLAIN) -> Paragraph:
    """The present status; the number of the report that it is from, where no line bears it."""
    runs = [Run(text=words.standing(state), tone=tone)]
    told = {report.root for line in _lines(state) for report in line.reports}
    if state.latest and state.latest.root not in told:
        runs.append(_source((state.latest.root,)))
    return Paragraph(runs=tuple(runs))


def lines(
    state: ItemState, year: RocYear, exhibits: Mapping[int, Sequence[Exhibit]]
) -> Iterator[Paragraph]:
    """A line for each thing that was told, with the labels of its evidence."""
    left = dict(exhibits)
    for one in _lines(state):
        shown = [label for report in one.reports for label in labels(left.pop(report.root, ()))]
        yield _paragraph(one, year, shown)
    if rest := [label for one in state.reports for label in labels(left.get(one.root, ()))]:
        yield paragraph(words.evidence(rest))


def cited(text: str, roots: Iterable[int]) -> Paragraph:
    """Words with the numbers of the reports that they are from."""
    return Paragraph(runs=(Run(text=text), _source(roots)))


def _source(roots: Iterable[int]) -> Run:
    return Run(text=words.sources(roots), tone=Tone.SOURCE)


def _paragraph(line: _Line, year: RocYear, shown: Sequence[str] = ()) -> Paragraph:
    first = line.reports[0]
    said = f"{words.day(words.day_of(first), year)}：{line.text}"
    made = cited(said, (one.root for one in line.reports))
    after = (Run(text=words.evidence(shown)),) if shown else ()
    return Paragraph(runs=(*made.runs, *after))


def _lines(state: ItemState) -> tuple[_Line, ...]:
    """What was told; reports without words are none, and the same words are told once."""
    found: dict[str, list[ProgressReport]] = {}
    texts: dict[str, str] = {}
    for one in state.reports:
        if text := _said(one, state):
            key = _NO_DIFFERENCE.sub("", text)
            texts.setdefault(key, text)
            found.setdefault(key, []).append(one)
    return tuple(_Line(text=texts[key], reports=tuple(several)) for key, several in found.items())


def _said(report: ProgressReport, state: ItemState) -> str:
    """The note; reason and remedy of what still is behind."""
    is_behind = ProgressStatus.BEHIND is report.status is state.status
    reason, remedy = (report.reason, report.remedy) if is_behind else ("", "")
    parts = (report.note, words.named(words.REASON, reason), words.named(words.REMEDY, remedy))
    said = [one.strip() for one in parts if one.strip()]
    return "；".join([*(one.rstrip("。；") for one in said[:-1]), *said[-1:]])
