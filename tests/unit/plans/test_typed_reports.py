"""Reports as clerks type them."""

from __future__ import annotations

import json
import os
import unicodedata
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.plans import typed_numbers, typed_reports
from bot.plans.progress import ProgressStatus, Quantity
from bot.plans.typed_reports import LONGEST_NOTE, FaultKind, TypedReport

TODAY = date(2026, 11, 22)
UNITS = ("三民二所", "二所", "三民區第二衛生所", "長青中心", "長青")
MOST = 400 if os.environ.get("CI") else 60  # examples of a property
MESSAGES = [
    json.loads(line)
    for line in (Path(__file__).parents[2] / "fixtures" / "reports" / "messages.jsonl")
    .read_text(encoding="utf-8")
    .splitlines()
]


def read(text: str, today: date = TODAY) -> tuple[TypedReport, ...]:
    return typed_reports.read(text, today=today, unit_names=UNITS)


def only(text: str, today: date = TODAY) -> TypedReport:
    (one,) = read(text, today)
    return one


@pytest.mark.parametrize("message", MESSAGES, ids=lambda one: one["says"].replace("\n", "⏎"))
def test_a_message_means(message: dict[str, Any]) -> None:
    assert [_as_data(one) for one in read(message["says"])] == message["means"]


def test_the_table_is_large_enough() -> None:
    assert len(MESSAGES) >= 150


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("3", "3"), ("1,200", "1200"), ("2.5", "2.5"), ("十", "10"), ("十二", "12"), ("二十", "20"),
        ("兩百", "200"), ("一百零五", "105"), ("一百二", "120"), ("一百二十", "120"), ("三千五", "3500"),
        ("三千五百", "3500"), ("1萬2", "12000"), ("1萬2千", "12000"), ("1.5萬", "15000"), ("3千", "3000"),
        ("一萬零五十", "10050"), ("十五萬", "150000"), ("一二〇", "120"), ("2萬5,000", "25000"),
    ],
)  # fmt: skip
def test_a_numeral_is_read(words: str, number: str) -> None:
    assert typed_numbers.value(words) == Decimal(number)


@pytest.mark.parametrize("words", ["兩三", "百", "千", "萬", "三五", "", "1" * 16])
def test_what_is_no_single_number_is_none(words: str) -> None:
    assert typed_numbers.value(words) is None


@pytest.mark.parametrize(
    ("today", "words", "day"),
    [
        (date(2026, 11, 22), "3/15", date(2026, 3, 15)),
        (date(2026, 11, 22), "11/22", date(2026, 11, 22)),
        (date(2026, 11, 22), "11/23", None),
        (date(2027, 1, 10), "12/20", date(2026, 12, 20)),
        (date(2027, 1, 10), "1/5", date(2027, 1, 5)),
        (date(2026, 11, 22), "115年3月15日", date(2026, 3, 15)),
        (date(2026, 11, 22), "114.12.31", date(2025, 12, 31)),
        (date(2026, 11, 22), "116/1/5", None),
        (date(2026, 11, 22), "3/1-3/3", date(2026, 3, 3)),
        (date(2026, 11, 22), "3月", None),
        (date(2026, 11, 22), "昨日", date(2026, 11, 21)),
        (date(2026, 11, 22), "上星期三", date(2026, 11, 11)),
        (date(2026, 11, 22), "本週一", date(2026, 11, 16)),
    ],
)
def test_the_day_on_which_it_was_done(today: date, words: str, day: date | None) -> None:
    typed = only(f"一(三)2 {words} 已完成", today)

    assert typed.done_on == day
    assert typed.status is ProgressStatus.DONE
    assert words in typed.note


def test_a_note_that_is_too_long_is_kept_and_told() -> None:
    words = "民眾反映良好" * 500

    typed = only(f"一(三)2 已完成 {words}")

    assert typed.note == words
    assert len(typed.note) > LONGEST_NOTE
    assert [one.kind for one in typed.faults] == [FaultKind.TOO_LONG]


def test_a_unit_and_a_year_hold_for_what_follows() -> None:
    first, second = read("三民二所 114年度\n一(三)2(1) 已完成\n四(一)3 60%")

    assert {(one.unit, one.year) for one in (first, second)} == {("三民二所", 114)}


def test_the_reports_of_a_range_differ_in_their_paths_alone() -> None:
    first, *others = read("一(三)2(1)~(3) 落後 原因：人力不足")

    assert len(others) == 2
    assert {replace(one, segments=first.segments) for one in others} == {first}


def test_an_item_that_is_not_carried_out_has_no_status() -> None:
    typed = only("四(一)3 因颱風取消辦理")

    assert typed.not_held
    assert (typed.status, typed.percent) == (None, None)
    assert typed.note == "因颱風取消辦理"


def test_a_name_inside_another_word_is_no_unit() -> None:
    assert only("長青學苑課程 已完成").unit == ""
    assert only("長青 意見箱 已完成").unit == "長青"


def test_a_unit_that_something_was_sent_to_is_not_whose_report_it_is() -> None:
    typed = only("一(三)2 已完成 函報 三民二所 備查")

    assert typed.unit == ""
    assert typed.note == "函報 三民二所 備查"


def test_a_unit_may_stand_before_the_path_or_be_reported_for() -> None:
    assert only("已完成 三民二所 一(三)2").unit == "三民二所"
    assert only("代替三民二所回報 一(三)2 已完成").unit == "三民二所"


@pytest.mark.parametrize("text", ["", "   ", "回報", "回報：\n", "。，！", "三民二所"])
def test_a_message_that_says_nothing_is_no_report(text: str) -> None:
    assert read(text) == ()


@settings(max_examples=MOST, deadline=None)
@given(text=st.text(max_size=80))
@example(text="１" * 40)
@example(text="①㈢⑵ 百分之 % - -1 負")
def test_any_text_can_be_read(text: str) -> None:
    for one in read(text):
        _is_sound(one, text)


# What clerks' messages are made of, in any mixture.
PIECES = st.sampled_from([
    "一(三)2", "1-3-2", "一、", "肆、", "第三章", "二(", ")", "已完成", "完成", "未", "還沒", "進行中", "落後", "60%", "120%",
    "六成", "百分之", "三分之二", "-5", "負3", "2場", "兩場", "1,200人次", "3萬元", "一百二十人", "滿意度95%", "3/15", "2/30",
    "115年", "114年度", "12月", "昨天", "第2次", "每月", "累計", "預計", "原因：", "對策", "因為", "長照專員進駐", "電話禮貌訓練",
    "三民二所", "長青", " ", "，", "、", "；", "。", "\n", "- ", "1. ", "(1)", "的", "了", "/", ".", "％", "３", "㈢", "①", "回報",
])  # fmt: skip


@settings(max_examples=MOST, deadline=None)
@given(pieces=st.lists(PIECES, max_size=14))
def test_any_mixture_of_what_clerks_type_can_be_read(pieces: list[str]) -> None:
    text = "".join(pieces)

    for one in read(text):
        _is_sound(one, text)


@settings(max_examples=MOST, deadline=None)
@given(pieces=st.lists(PIECES, max_size=10))
def test_full_width_digits_mean_the_same(pieces: list[str]) -> None:
    text = "".join(pieces)
    wide = text.translate(str.maketrans("0123456789%", "０１２３４５６７８９％"))
    narrow = text.translate(str.maketrans("０１２３４５６７８９％", "0123456789%"))

    assert [_sense(one) for one in read(wide)] == [_sense(one) for one in read(narrow)]


PATHS = st.sampled_from(
    ["一(三)2", "肆、一、(三)3.(2)", "1-3-2-1", "第一章(三)第2點", "二(一)5(3)"]
)
NAMES = st.sampled_from(["長照專員進駐", "電話禮貌訓練", "用藥安全講座", "X光檢查"])
STATES = st.sampled_from(
    ["已完成", "進行中", "還沒開始", "落後", "60%", "六成", "做完了", "未完成"]
)
COUNTS = st.sampled_from(
    ["2場60人", "共3場", "1,200人次", "滿意度95.5%", "經費3萬元", "一百二十人"]
)


@settings(max_examples=MOST // 2, deadline=None)
@given(what=PATHS | NAMES, state=STATES, count=COUNTS)
def test_the_order_of_the_parts_does_not_matter(what: str, state: str, count: str) -> None:
    read_as = [only(" ".join(parts)) for parts in permutations((what, state, count))]

    assert len({(one.segments, one.status, one.percent, one.quantities) for one in read_as}) == 1
    assert read_as[0].status is not None
    assert read_as[0].quantities


def _is_sound(one: TypedReport, text: str) -> None:
    """A percentage is one or is faulted, and nothing is said that was not typed."""
    assert one.percent is None or 0 <= one.percent <= 100
    assert all(quantity.value >= 0 for quantity in one.quantities)
    typed = set(text) | set(" \n")
    for words in (one.words, one.note, one.subject, one.path, one.unit, one.reason, one.remedy):
        assert set(words) <= typed


def _sense(one: TypedReport) -> tuple[Any, ...]:
    narrow = tuple(
        unicodedata.normalize("NFKC", words) for words in (one.subject, one.note, one.path)
    )
    kinds = tuple(fault.kind for fault in one.faults)
    return (
        *narrow, one.segments, one.status, one.percent, one.quantities, one.done_on, one.year, kinds,
    )  # fmt: skip


def _as_data(one: TypedReport) -> dict[str, Any]:
    """A report as the table has it: what was said, without what is empty."""
    said = {
        "path": one.path,
        "segments": ".".join(one.segments),
        "subject": one.subject if not one.segments else "",
        "unit": one.unit,
        "year": one.year,
        "status": one.status,
        "percent": one.percent,
        "numbers": [_number(quantity) for quantity in one.quantities],
        "done_on": one.done_on.isoformat() if one.done_on else None,
        "note": one.note,
        "reason": one.reason,
        "remedy": one.remedy,
        "not_held": one.not_held or None,
        "faults": [f"{fault.kind} {fault.words}" for fault in one.faults],
    }
    return {name: value for name, value in said.items() if value not in ("", None, [])}


def _number(quantity: Quantity) -> str:
    what = f"{quantity.what} " if quantity.what else ""
    return f"{what}{quantity.plain}{' 累計' if quantity.is_total else ''}"
