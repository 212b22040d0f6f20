"""Dates as people type them."""

from __future__ import annotations

from datetime import date

import pytest

from bot.plans import typed_dates
from bot.plans.typed_dates import ImpossibleDate

NEAR = date(2026, 3, 2)


@pytest.mark.parametrize(
    "words",
    [
        "3月20日", "３月２０日", "三月二十日", "3/20", "3月20號", "115年3月20日", "民國115年3月20日",
        "一一五年三月二十日", "115/3/20", "115.3.20", "115-03-20", "2026-03-20", "2026年3月20日",
        "1150320", "20260320",
    ],
)  # fmt: skip
def test_a_day_is_read(words: str) -> None:
    typed = typed_dates.find(f"交到{words}為止")

    assert typed is not None
    assert typed.near(NEAR) == (None, date(2026, 3, 20))
    assert (typed.before, typed.after) == ("交到", "為止")


@pytest.mark.parametrize(
    ("words", "start", "end"),
    [
        ("3月1日至3月20日", date(2026, 3, 1), date(2026, 3, 20)),
        ("3/1~3/20", date(2026, 3, 1), date(2026, 3, 20)),
        ("3/1－3/20", date(2026, 3, 1), date(2026, 3, 20)),
        ("3月1日到20日", date(2026, 3, 1), date(2026, 3, 20)),
        ("4月", date(2026, 4, 1), date(2026, 4, 30)),
        ("4月至5月", date(2026, 4, 1), date(2026, 5, 31)),
        ("115年12月1日至116年1月20日", date(2026, 12, 1), date(2027, 1, 20)),
    ],
)
def test_a_period_is_read(words: str, start: date, end: date) -> None:
    typed = typed_dates.find(words)

    assert typed is not None
    assert typed.near(NEAR) == (start, end)


def test_the_end_of_a_month_has_no_start() -> None:
    typed = typed_dates.find("2月底前")

    assert typed is not None
    assert typed.near(NEAR) == (None, date(2026, 2, 28))


@pytest.mark.parametrize(
    ("words", "near", "day"),
    [
        ("1/20", date(2027, 1, 31), date(2027, 1, 20)),
        ("12/31", date(2027, 1, 5), date(2026, 12, 31)),
        ("2/29", date(2028, 3, 1), date(2028, 2, 29)),
    ],
)
def test_a_missing_year_is_the_nearest(words: str, near: date, day: date) -> None:
    typed = typed_dates.find(words)

    assert typed is not None
    assert typed.near(near)[1] == day


@pytest.mark.parametrize(
    "words",
    ["2月30日", "２月３０日", "13月", "13/5", "4/31", "2/29", "0月3日", "3月0日", "115年2月29日"],
)
def test_a_day_that_never_comes_is_refused(words: str) -> None:
    typed = typed_dates.find(words)

    assert typed is not None
    with pytest.raises(ImpossibleDate):
        typed.near(NEAR)


def test_a_year_that_cannot_be_one_is_refused() -> None:
    with pytest.raises(ImpossibleDate):
        typed_dates.find("999年3月20日")


@pytest.mark.parametrize("words", ["", "第1次", "92分", "112號公文", "電話禮貌"])
def test_other_numbers_are_no_dates(words: str) -> None:
    assert typed_dates.find(words) is None
