"""The days of an absence as people type them."""

from __future__ import annotations

from datetime import date

import pytest

from bot.plans import typed_periods
from bot.plans.typed_dates import ImpossibleDate

MONDAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("text", "starts", "ends"),
    [
        ("3/5-3/9", "2026-03-05", "2026-03-09"),
        ("3/5~9", "2026-03-05", "2026-03-09"),
        ("３／５－３／９", "2026-03-05", "2026-03-09"),
        ("3月5日至9日", "2026-03-05", "2026-03-09"),
        ("三月五日到三月九日", "2026-03-05", "2026-03-09"),
        ("民國115年3月5日至3月9日", "2026-03-05", "2026-03-09"),
        ("115.3.5-115.3.9", "2026-03-05", "2026-03-09"),
        ("2026/3/5-2026/3/9", "2026-03-05", "2026-03-09"),
        ("從3/5到3/9", "2026-03-05", "2026-03-09"),
        ("3/5起至3/9", "2026-03-05", "2026-03-09"),
        ("3/5起5天", "2026-03-05", "2026-03-09"),
        ("3/5開始共五天", "2026-03-05", "2026-03-09"),
        ("12/28-1/3", "2026-12-28", "2027-01-03"),
        ("3/5", "2026-03-05", "2026-03-05"),
        ("3月5號", "2026-03-05", "2026-03-05"),
        ("到3/5", "2026-03-02", "2026-03-05"),
        ("3/5止", "2026-03-02", "2026-03-05"),
        ("今天", "2026-03-02", "2026-03-02"),
        ("明日", "2026-03-03", "2026-03-03"),
        ("大後天", "2026-03-05", "2026-03-05"),
        ("今天到3/5", "2026-03-02", "2026-03-05"),
        ("後天至大後天", "2026-03-04", "2026-03-05"),
        ("明天起3天", "2026-03-03", "2026-03-05"),
        ("三天", "2026-03-02", "2026-03-04"),
        ("兩週", "2026-03-02", "2026-03-15"),
        ("一個月", "2026-03-02", "2026-03-31"),
        ("半天", "2026-03-02", "2026-03-02"),
        ("本週", "2026-03-02", "2026-03-08"),
        ("下星期", "2026-03-09", "2026-03-15"),
        ("週五", "2026-03-06", "2026-03-06"),
        ("下週一到週五", "2026-03-09", "2026-03-13"),
        ("這週三到下禮拜二", "2026-03-04", "2026-03-10"),
        ("4月", "2026-04-01", "2026-04-30"),
        # A last day before the first is for the reader to refuse.
        ("3/9-3/5", "2026-03-09", "2026-03-05"),
    ],
)
def test_a_period_is_read(text: str, starts: str, ends: str) -> None:
    period = typed_periods.read(text, MONDAY)

    assert period is not None
    assert (period.starts.isoformat(), period.ends.isoformat()) == (starts, ends)
    assert period.rest == ""


@pytest.mark.parametrize("text", ["", "企劃室", "怎麼設定", "一(三)2", "2場60人"])
def test_words_without_days_are_no_period(text: str) -> None:
    assert typed_periods.read(text, MONDAY) is None


def test_what_else_was_said_is_left() -> None:
    period = typed_periods.read("企劃室 3/5-3/9 請假", MONDAY)

    assert period is not None
    assert period.rest.split() == ["企劃室", "請假"]


def test_a_day_without_a_year_is_rather_to_come() -> None:
    period = typed_periods.read("1/5-1/8", date(2026, 11, 22))

    assert period is not None
    assert period.starts == date(2027, 1, 5)


def test_a_day_that_no_calendar_has_is_refused() -> None:
    with pytest.raises(ImpossibleDate):
        typed_periods.read("2/30", MONDAY)
