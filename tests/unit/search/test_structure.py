from __future__ import annotations

import pytest

from bot.search.answer import Answerer, Kind
from tests.unit.search.helpers import ask


@pytest.mark.parametrize(
    ("question", "unit", "first"),
    [
        ("一(三)第3點是什麼", "衛生局", "khh-doh-112:4.1.3.3.1"),
        ("肆、一、(三)3.(2)", "衛生局", "khh-doh-112:4.1.3.3.2"),
        ("一（三）2", "三民二所", "khh-sanmin2-115:4.1.3.2.1"),
        ("四(二)2的第一項", "衛生局", "khh-doh-112:4.4.2.a.2.1"),
    ],
)
def test_a_clause_is_found_by_its_number(
    by_words: Answerer, question: str, unit: str, first: str
) -> None:
    assert ask(by_words, question, unit).passages[0].node.id == first


def test_the_six_chapters_come_complete_and_in_order(by_words: Answerer) -> None:
    found = ask(by_words, "六大面向是哪六個")
    assert found.kind is Kind.LIST
    assert [node.label for node in found.shown][:2] == ["一、", "二、"]
    assert len(found.shown) == 6


def test_the_goals_are_those_of_the_askers_plan(by_words: Answerer) -> None:
    found = ask(by_words, "我們計畫的三個目標是什麼", "長青")
    assert [node.id for node in found.shown] == [f"khh-changqing-113:2.{n}" for n in (1, 2, 3)]


def test_the_years_schedule_is_appendix_one_with_its_note(by_words: Answerer) -> None:
    found = ask(by_words, "整年的作業期程列給我")
    assert len(found.shown) == 11
    assert found.shown[-1].text.startswith("※")


@pytest.mark.parametrize(
    ("question", "unit"),
    [
        ("教保課的工作有哪些", None),
        ("我們課有哪些", "教保課"),
        ("我剛接教保 有哪些是我們的", "教保課"),
    ],
)
def test_a_sections_duties_are_the_clauses_that_name_it(
    by_words: Answerer, question: str, unit: str | None
) -> None:
    found = ask(by_words, question, unit)
    assert found.unit is not None
    assert found.unit.name == "教保課"
    assert all("教保課" in node.units for node in found.shown)
    assert found.shown[0].units == ("教保課",)


def test_only_what_one_section_does_alone(by_words: Answerer) -> None:
    found = ask(by_words, "只掛我們課、沒有別課的有哪些", "行政課")
    assert found.shown
    assert all(node.units == ("行政課",) for node in found.shown)


def test_a_question_with_a_subject_is_no_question_for_duties(by_words: Answerer) -> None:
    assert ask(by_words, "教保課的安心手鍊要怎麼申請").topic != "duties"
