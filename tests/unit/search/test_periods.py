from __future__ import annotations

from datetime import date

import pytest

from bot.search.answer import Answerer
from bot.search.periods import Periods
from bot.search.result import PERIOD
from bot.search.words import Folder
from handlers.answers import as_reply
from tests.unit.search.helpers import ask

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("text", "start", "end", "owed"),
    [
        ("我們上半年要辦什麼", date(2026, 1, 1), date(2026, 6, 30), False),
        ("下半年有哪些工作", date(2026, 7, 1), date(2026, 12, 31), False),
        ("本月有什麼要繳交的嗎", date(2026, 3, 1), date(2026, 3, 31), True),
        ("下個月要做哪些事", date(2026, 4, 1), date(2026, 4, 30), False),
        ("9月有什麼事情", date(2026, 9, 1), date(2026, 9, 30), False),
        ("今年一共要交哪些報告", date(2026, 1, 1), date(2026, 12, 31), True),
    ],
)
def test_a_time_as_a_whole_is_read(
    fold: Folder, text: str, start: date, end: date, owed: bool
) -> None:
    asked = Periods(fold).read(fold(text), TODAY)
    assert asked is not None
    assert (asked.start, asked.end, asked.owed) == (start, end, owed)


@pytest.mark.parametrize(
    "text",
    [
        "上半年的電話測試",
        "下半年要辦什麼研習",
        "這個月",
        "13月有什麼事",
        "今年要做什麼",
        "服務台有什麼",
    ],
)
def test_a_question_with_a_subject_or_without_a_time_is_another(fold: Folder, text: str) -> None:
    assert Periods(fold).read(fold(text), TODAY) is None


def said(answerer: Answerer, question: str, unit: str) -> str:
    return as_reply(ask(answerer, question, unit), answerer.corpus).plain


def test_all_that_falls_into_a_half_year_is_listed_with_its_place(by_words: Answerer) -> None:
    found = said(by_words, "下半年我們要辦什麼", "三民二所")
    assert found.splitlines()[0] == "115年下半年的時程"
    for row in ("附件1 序號7", "附件1 序號8", "附件1 序號9"):
        assert row in found
    assert "序號5" not in found


def test_what_is_owed_in_a_year_is_that_alone(by_words: Answerer) -> None:
    found = ask(by_words, "我們整年要交哪些東西", "三民二所")
    assert found.topic == PERIOD
    assert [one.id.split(":")[1] for one in found.deadlines] == ["s2", "s10"]


def test_it_says_whose_where_they_are_not_the_askers_own(by_words: Answerer) -> None:
    assert said(by_words, "上半年要交什麼", "企劃室").startswith("115年上半年的時程（衛生局）")
    offices = said(by_words, "衛生所上半年要交什麼", "企劃室")
    assert offices.startswith("115年上半年的時程（衛生所）")
    assert "3月1日至3月31日" in offices
