"""A played year of five units becomes result reports in which every figure has its message."""

from __future__ import annotations

import io
import re
from collections import defaultdict
from datetime import UTC, date, datetime
from decimal import Decimal

import docx
import pytest

from bot import reports
from bot.links import FileFormat
from bot.plans.model import RocYear
from bot.plans.progress import ProgressReport, standing
from bot.store import progress
from tests.journeys.conftest import City
from tests.journeys.played_year import UNITS, Year

YEAR = RocYear(115)
JANUARY = date(2027, 1, 11)
FIGURE = re.compile(r"(?P<what>[^\d、（]*)(?P<value>\d[\d,]*(?:\.\d+)?)(?P<unit>[^\d、（]+)")


@pytest.fixture
def year(city: City) -> Year:
    """The year, played."""
    made = Year(city)
    made.play()
    city.clock.now = datetime(2027, 1, 11, 2, tzinfo=UTC)
    return made


def test_a_played_year_makes_reports_that_can_be_traced(year: Year) -> None:
    _every_line_and_figure_comes_from_a_message(year)
    _what_was_withdrawn_or_taken_back_is_in_no_report(year)


def _every_line_and_figure_comes_from_a_message(year: Year) -> None:
    assert [one.typed for one in year.played if not one.said and one.typed[0] != "["] == []
    for place, unit in UNITS.items():
        entries = reported(year, unit)
        typed = typed_in(year, place, entries)
        record = {one.root: one for one in standing(entries)}
        for quantities, done in rows_of(year, unit):
            for number in re.findall(r"#(\d+)", done):
                words = record[int(number)].note.split()
                assert all(bare(one) in typed[int(number)] for one in words)
            for what, value, roots in figures(quantities):
                assert value == worked_out([record[root] for root in roots], what, typed)


def _what_was_withdrawn_or_taken_back_is_in_no_report(year: Year) -> None:
    words = "\n".join(f"{done}{said}" for said, done in rows_of(year, "長青綜合服務中心"))
    assert "602人次" in words
    assert "620人次" not in words
    words = "\n".join(f"{done}{said}" for said, done in rows_of(year, "三民區第二衛生所"))
    assert "提報自行研究1篇" in words
    assert "提報研究1篇" not in words


def reported(year: Year, unit: str) -> list[ProgressReport]:
    """The whole record of a unit."""
    with year.city.app.database.begin() as db:
        return progress.record_of(db, unit, YEAR)


def rows_of(year: Year, unit: str) -> list[tuple[str, str]]:
    """量化成果 and 執行情形 of every line of 肆、執行成果 in the unit's report."""
    app, out = year.city.app, io.BytesIO()
    known = app.sources.corpus.units.all[unit]
    with app.database.begin() as db:
        reports.write_result_report(db, app.sources, known, YEAR, JANUARY, FileFormat.DOCX, out)
    tables = (table for table in docx.Document(out).tables if len(table.columns) == 6)
    results = next(one for one in tables if one.rows[0].cells[4].text == "量化成果")
    cells = [[cell.text for cell in row.cells] for row in results.rows[1:]]
    return [(row[4], row[3]) for row in cells]


def typed_in(year: Year, place: str, entries: list[ProgressReport]) -> dict[int, str]:
    """By report what was typed for it and its corrections, without blanks and commas."""
    chat = next(iter(year.places[place].values())).chat
    texts = {one.id: one.content.get("text", "") for one in year.city.line.history(chat.id)}
    found: defaultdict[int, str] = defaultdict(str)
    for one in entries:
        found[one.root] += bare(texts.get(one.message_id or "", ""))
    return found


def figures(cell: str) -> list[tuple[str, Decimal, list[int]]]:
    """What is counted with its unit, the value and the reports that a figure names."""
    found = []
    for part, named in re.findall(r"([^（]+)（([^）]+)）", cell):
        roots = [int(one) for one in re.findall(r"#(\d+)", named)]
        for match in FIGURE.finditer(part.strip("、\n")):
            value = Decimal(match["value"].replace(",", ""))
            found.append((f"{match['what'].strip('、')}{match['unit'].strip()}", value, roots))
    return found


def worked_out(given: list[ProgressReport], what: str, typed: dict[int, str]) -> Decimal:
    """The figure once more, from the reports that it names, each number found in its message."""
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for report in given:
        for one in report.quantities:
            assert f"{one.value.normalize():f}" in typed[report.root]
            name = f"{one.what}{one.unit}"
            starts_anew = one.is_total or one.unit in ("%", "分")
            sums[name] = one.value if starts_anew else sums[name] + one.value
    return sums[what]


def bare(text: str) -> str:
    """Without blanks and commas."""
    return re.sub(r"[\s,]", "", text)
