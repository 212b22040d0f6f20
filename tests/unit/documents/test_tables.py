"""Tables of the progress as .xlsx, .ods and .csv."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from datetime import date
from typing import Any
from xml.etree import ElementTree

import odfdo
import openpyxl
import pytest

from bot.documents import tables
from bot.documents.tables import Row, rows_of
from bot.plans.progress import ProgressReport
from tests import played_year as played
from tests.played_year import PLAYED, TRAINING, VISIT, report

WRITERS = {"xlsx": tables.write_xlsx, "ods": tables.write_ods, "csv": tables.write_csv}
EVERY = pytest.mark.parametrize("kind", WRITERS)
SHEETS = pytest.mark.parametrize("kind", ["xlsx", "ods"])
HEAD = [
    "單位", "年度", "章", "項目", "條號", "重點", "業務單位", "狀態", "百分比", "量化成果",
    "執行情形", "落後原因", "因應對策", "回報人", "回報時間", "佐證數", "回報編號",
]  # fmt: skip
SAID, NUMBER = HEAD.index("執行情形"), HEAD.index("回報編號")
CR = "\r"
FORMULAS = (
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", f"{CR}=1", "\n=1", " =1", "＝1+1", "=cmd|'/c calc'!A1",
)  # fmt: skip


def written(kind: str, rows: Sequence[Row]) -> bytes:
    """The rows as a file."""
    out = io.BytesIO()
    WRITERS[kind](iter(rows), out)
    return out.getvalue()


def read(kind: str, content: bytes, sheet: int = 0) -> list[list[Any]]:
    """A sheet's values with its head, empty cells as None."""
    if kind == "csv":
        text = content.decode("utf-8-sig")
        return [[cell or None for cell in row] for row in csv.reader(io.StringIO(text))]
    if kind == "xlsx":
        page = openpyxl.load_workbook(io.BytesIO(content)).worksheets[sheet]
        return [[cell.value for cell in row] for row in page.iter_rows()]
    page = odfdo.Document(io.BytesIO(content)).body.tables[sheet]
    return [list(row) for row in page.get_values()]


def rows(*record: ProgressReport, name: str = played.OFFICE) -> list[Row]:
    """The rows of what a unit reported."""
    return list(rows_of(played.progress(record, name), {1: 2}))


def reported(kind: str, content: bytes) -> list[list[Any]]:
    """The rows that have a number."""
    return [row for row in read(kind, content)[1:] if row[NUMBER] is not None]


@EVERY
def test_a_row_for_each_report_and_each_item_without_one(kind: str) -> None:
    found = read(kind, written(kind, rows(*PLAYED)))

    assert found[0] == HEAD
    owed = [one for one in played.items() if not one.is_optional or one.id == VISIT]
    assert len(found) == 1 + len(owed) + 1  # one of them has two reports
    first = next(row for row in found if row[NUMBER] in (1, "1"))
    assert [str(one) for one in first] == [
        "三民區第二衛生所",
        "115",
        "一、完備基礎服務項目，注重服務特性差異性",
        "積極參與衛生局辦理各類專業知能之服務訓練…",
        "肆、一、(一)2.(1)",
        (
            "積極參與衛生局辦理各類專業知能之服務訓練，提升人員專業能力，培養服務親切主動性，"
            "強化服務深度。"
        ),
        "各組室",
        "進行中",
        "50",
        "2場、60人",
        "辦了2場電話禮貌訓練",
        "None",
        "None",
        "王小明",
        "115-03-15 10:30",
        "2",
        "1",
    ]
    assert [row[NUMBER] for row in found].count(None) == len(found) - 1 - 5


@SHEETS
def test_numbers_stay_numbers(kind: str) -> None:
    (row,) = reported(kind, written(kind, rows(report(1, note="12", percent=40))))

    assert (row[1], row[8], row[15], row[16]) == (115, 40, 2, 1)
    assert row[SAID] == "12"  # words that look like a number are words


@EVERY
def test_numbers_of_a_csv_have_nothing_before_them(kind: str) -> None:
    found = reported(kind, written(kind, rows(report(1, percent=0))))

    assert str(found[0][8]) == "0"


@SHEETS
@pytest.mark.parametrize("words", FORMULAS)
def test_what_was_typed_is_never_a_formula(kind: str, words: str) -> None:
    content = written(kind, rows(report(1, note=words, reporter=words, reason=words)))
    package = zipfile.ZipFile(io.BytesIO(content))

    for name in package.namelist():
        body = package.read(name).decode()
        assert "<f>" not in body
        assert "<f " not in body
        assert "table:formula" not in body
    (row,) = reported(kind, content)
    assert row[SAID].strip() == words.strip()


@pytest.mark.parametrize("words", FORMULAS)
def test_in_a_csv_it_has_a_mark_before_it(words: str) -> None:
    (row,) = reported("csv", written("csv", rows(report(1, note=words))))

    assert row[SAID] == "'" + words.replace(CR, "\n")


@pytest.mark.parametrize("words", ["3-5月辦理", "a=b", "'已引", "滿意度 95%"])
def test_in_a_csv_other_words_stay_as_they_are(words: str) -> None:
    (row,) = reported("csv", written("csv", rows(report(1, note=words))))

    assert row[SAID] == words


def test_a_csv_is_known_as_utf8() -> None:
    assert written("csv", rows()).startswith(b"\xef\xbb\xbf")


@EVERY
def test_control_characters_are_dropped_and_lines_are_kept(kind: str) -> None:
    dirty = '一\x00\x07\x1b二\r\n三 <b>&"\U0001f600\ud800\ufffe'
    (row,) = reported(kind, written(kind, rows(report(1, note=dirty))))

    assert row[SAID] == '一二\n三 <b>&"\U0001f600'


@EVERY
@pytest.mark.parametrize("sign", ["長", "\U0001f600"])
def test_a_cell_is_as_long_as_excel_takes_it(kind: str, sign: str) -> None:
    (row,) = reported(kind, written(kind, rows(report(1, note=sign * 40_000))))

    units = len(row[SAID].encode("utf-16-le")) // 2
    assert units == (32_767 if sign == "長" else 32_766)


@SHEETS
def test_the_second_sheet_has_a_line_for_each_unit(kind: str) -> None:
    both = [*rows(*PLAYED), *rows(name="長青綜合服務中心")]

    assert read(kind, written(kind, both), 1) == [
        [
            "單位", "年度", "應辦項數", "已完成", "進行中", "落後", "未開始", "尚無回報",
            "完成率（%）", "最近回報",
        ],
        ["三民區第二衛生所", 115, 102, 1, 1, 2, 98, 99, 1, "115-05-04 10:30"],
        ["長青綜合服務中心", 115, 55, 0, 0, 1, 54, 55, 0, None],
    ]  # fmt: skip


def test_a_workbook_is_made_to_be_read() -> None:
    book = openpyxl.load_workbook(io.BytesIO(written("xlsx", rows(*PLAYED))))
    page = book.worksheets[0]

    assert book.sheetnames == ["回報明細", "總表"]
    assert page.freeze_panes == "B2"
    assert page.auto_filter.ref == f"A1:Q{page.max_row}"
    assert page.column_dimensions["K"].width > 40
    assert page["K2"].alignment.wrap_text or page["A2"].alignment.wrap_text


def test_an_ods_is_a_valid_package_with_filter_and_frozen_head() -> None:
    package = zipfile.ZipFile(io.BytesIO(written("ods", rows(*PLAYED))))

    assert package.namelist()[0] == "mimetype"
    for name in package.namelist()[1:]:
        ElementTree.fromstring(package.read(name))
    count = len(rows(*PLAYED)) + 1
    content, settings = (package.read(f"{one}.xml").decode() for one in ("content", "settings"))
    assert f"'回報明細'.A1:'回報明細'.Q{count}" in content
    assert 'config:name="VerticalSplitPosition" config:type="int">1<' in settings


@EVERY
def test_no_rows_are_a_table_too(kind: str) -> None:
    assert read(kind, written(kind, ()))[0] == HEAD


def test_a_report_of_a_day_in_taipei_bears_that_day() -> None:
    late = report(1, TRAINING, on=date(2026, 12, 31))
    (row,) = reported("xlsx", written("xlsx", rows(late)))

    assert row[HEAD.index("回報時間")] == "115-12-31 10:30"
