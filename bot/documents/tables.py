"""Tables of the progress: .xlsx, .ods and .csv, written row by row in little memory.

What staff typed is always text, never a formula; numbers stay numbers.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from bot.clock import TAIPEI
from bot.documents import ods, words
from bot.documents.sheets import Sheet, Value
from bot.documents.text import clean
from bot.plans.model import RocYear
from bot.plans.progress import ItemState, ProgressReport, ProgressStatus, UnitProgress
from bot.plans.roc import from_western

MOST = 32_767
"""Characters that a cell of Excel holds."""

_COLUMNS = (
    ("單位", 18), ("年度", 7), ("章", 24), ("項目", 30), ("條號", 18), ("重點", 40),
    ("業務單位", 14), ("狀態", 9), ("百分比", 8), ("量化成果", 18), ("執行情形", 48),
    ("落後原因", 24), ("因應對策", 24), ("回報人", 12), ("回報時間", 18), ("佐證數", 8),
    ("回報編號", 10),
)  # fmt: skip
_TOTALS = (
    ("單位", 18), ("年度", 7), ("應辦項數", 10), ("已完成", 9), ("進行中", 9), ("落後", 9),
    ("未開始", 9), ("尚無回報", 10), ("完成率（%）", 11), ("最近回報", 18),
)  # fmt: skip
_TAKEN_FOR_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A report with its item, or an item without a report; `evidence` is how many pieces it has."""

    unit: str
    year: RocYear
    state: ItemState
    report: ProgressReport | None
    evidence: int = 0


def rows_of(progress: UnitProgress, evidence: Mapping[int, int] | None = None) -> Iterator[Row]:
    """A row for each standing report, and one for each item without any, in the plan's order.

    Dates that do not concern every unit are left out until somebody reports on them.

    Args:
        evidence: by the number of a report (its root) how many pieces of evidence it has.
    """
    counted = evidence or {}
    unit, year = progress.unit.name, progress.year
    for state in progress.states:
        for one in state.reports:
            count = counted.get(one.root, 0)
            yield Row(unit=unit, year=year, state=state, report=one, evidence=count)
        if not state.reports and not state.item.is_optional:
            yield Row(unit=unit, year=year, state=state, report=None)


def write_xlsx(rows: Iterable[Row], out: BinaryIO) -> None:
    """The rows as an Excel workbook, and a second sheet with a line for each unit.

    Args:
        rows: as of `rows_of`, unit by unit.
        out: where the bytes go; it must be able to seek.
    """
    from bot.documents import xlsx  # brings XlsxWriter along

    xlsx.write(tuple(_sheets(rows)), out)


def write_ods(rows: Iterable[Row], out: BinaryIO) -> None:
    """The rows as an OpenDocument spreadsheet, and a second sheet with a line for each unit.

    Args:
        rows: as of `rows_of`, unit by unit.
        out: where the bytes go.
    """
    ods.write(_sheets(rows), out)


def write_csv(rows: Iterable[Row], out: BinaryIO) -> None:
    """The rows as comma-separated values, in UTF-8 with the mark that Excel knows it by.

    A text that a spreadsheet would take for a formula gets a ' before it (OWASP, CSV injection).

    Args:
        rows: as of `rows_of`.
        out: where the bytes go.
    """
    text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="", write_through=False)
    writer = csv.writer(text)
    writer.writerow([name for name, _ in _COLUMNS])
    for row in rows:
        writer.writerow([_harmless(one) if isinstance(one, str) else one for one in _values(row)])
    text.flush()
    text.detach()


def _harmless(text: str) -> str:
    return f"'{text}" if text.lstrip(" ").startswith(_TAKEN_FOR_FORMULA) else text


def _sheets(rows: Iterable[Row]) -> Iterator[Sheet]:
    """Both sheets; the second one is known when the first one is written."""
    tally = _Tally()
    yield Sheet(name="回報明細", columns=_COLUMNS, rows=map(_values, tally.watch(rows)), frozen=1)
    yield Sheet(name="總表", columns=_TOTALS, rows=tally.lines(), frozen=1)


def _values(row: Row) -> Sequence[Value]:
    item, report = row.state.item, row.report
    front: tuple[Value, ...] = (
        _cell(row.unit),
        int(row.year),
        _cell(item.chapter),
        _cell(item.title),
        _cell(item.path),
        _cell(item.text),
        _cell("、".join(item.duty_units)),
    )
    if report is None:
        return (*front, row.state.status.value, 0, "", "", "", "", "", "", 0, None)
    return (
        *front,
        report.status.value,
        report.percent,
        _cell(words.quantities(report.quantities)),
        _cell(report.note),
        _cell(report.reason),
        _cell(report.remedy),
        _cell(report.reporter),
        _moment(report),
        row.evidence,
        report.root,
    )


def _cell(text: str) -> str:
    """Clean, and as long as Excel takes it, which counts as UTF-16 does."""
    cleaned = clean(text)
    if len(cleaned) * 2 <= MOST:
        return cleaned
    return cleaned.encode("utf-16-le")[: MOST * 2].decode("utf-16-le", "ignore")


def _moment(report: ProgressReport) -> str:
    """When it was reported, in Taipei, so that sorting the words sorts the times."""
    at = report.at.astimezone(TAIPEI)
    return f"{from_western(at.year)}-{at:%m-%d %H:%M}"


@dataclass(slots=True)
class _Line:
    """A unit's line while its rows go by."""

    year: RocYear
    items: int = 0
    by_status: dict[ProgressStatus, int] = field(default_factory=dict)
    missing: int = 0
    last: ProgressReport | None = None

    def count(self, state: ItemState) -> None:
        """Counts an item, unless nobody is asked for it."""
        if not state.item.is_optional:
            self.items += 1
            self.by_status[state.status] = self.by_status.get(state.status, 0) + 1
            self.missing += state.is_missing


class _Tally:
    """Counts by unit what goes by."""

    def __init__(self) -> None:
        self._lines: dict[str, _Line] = {}
        self._before: tuple[str, str] | None = None

    def watch(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The rows, counted; those of an item stand together."""
        for row in rows:
            line = self._lines.get(row.unit)
            if line is None:
                line = self._lines[row.unit] = _Line(row.year)
            here = (row.unit, row.state.item.id)
            if here != self._before:
                self._before = here
                line.count(row.state)
            if row.report and (line.last is None or row.report.at > line.last.at):
                line.last = row.report
            yield row

    def lines(self) -> Iterator[Sequence[Value]]:
        """A line for each unit, in the order in which they went by."""
        for unit, one in self._lines.items():
            done = one.by_status.get(ProgressStatus.DONE, 0)
            yield (
                _cell(unit),
                int(one.year),
                one.items,
                done,
                one.by_status.get(ProgressStatus.UNDERWAY, 0),
                one.by_status.get(ProgressStatus.BEHIND, 0),
                one.by_status.get(ProgressStatus.NOT_STARTED, 0),
                one.missing,
                round(100 * done / one.items) if one.items else None,
                _moment(one.last) if one.last else "",
            )
