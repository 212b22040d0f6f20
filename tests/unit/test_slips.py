"""Slips of the finger in command words."""

from __future__ import annotations

import pytest

from handlers import help


@pytest.mark.parametrize(
    ("typed", "word"),
    [("綁訂", "綁定"), ("說明書", "說明"), ("我單位", "我的單位"), ("話電禮貌", "電話禮貌")],
)
def test_one_letter_wrong_missing_too_many_or_exchanged(typed: str, word: str) -> None:
    assert help.is_one_slip(typed, word)


@pytest.mark.parametrize(
    ("typed", "word"),
    [("綁定", "綁定"), ("期", "期限"), ("標語", "綁定"), ("話貌電禮", "電話禮貌")],
)
def test_what_is_right_or_further_off_is_no_slip(typed: str, word: str) -> None:
    assert not help.is_one_slip(typed, word)
