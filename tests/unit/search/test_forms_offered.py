"""What goes with a clause that is a line of a form, or names one."""

from __future__ import annotations

import pytest

from bot import phrases
from bot.messages import Card
from bot.search.answer import Answerer
from bot.search.result import Answer, Kind
from handlers.answers import as_reply, clause_card
from tests.unit.search.helpers import ask

CITY_EXECUTION, CITY_WORK, BUREAU_WORK = "khh-112:9.b", "khh-112:9.c", "khh-doh-112:7"
FOR_AGENCIES = "本府一級機關、區公所"


def card(answerer: Answerer, clause: str, unit: str | None, question: str = "") -> Card:
    found = Answer(
        question=question, kind=Kind.CLAUSE, asker=answerer.corpus.units.get(unit),
        passages=(answerer.passage(answerer.corpus.nodes[clause]),),
    )  # fmt: skip
    return clause_card(found, answerer.corpus)


@pytest.mark.parametrize(
    ("clause", "unit", "plan"),
    [
        (CITY_EXECUTION, "企劃室", "執行計畫"),
        ("khh-112:f2.d", "衛生局", "執行計畫"),
        (CITY_WORK, "三民區第二衛生所", "工作計畫"),
        (BUREAU_WORK, "三民區第二衛生所", "工作計畫"),
        ("khh-doh-112:f1.4.a", "三民區第二衛生所", "工作計畫"),
    ],
)
def test_the_form_of_who_asks_can_be_tapped(
    by_words: Answerer, clause: str, unit: str, plan: str
) -> None:
    made = card(by_words, clause, unit).quick[0]
    assert made.label == phrases.get_form(plan)
    assert "do=document&kind=plan_format" in made.value


@pytest.mark.parametrize(
    ("clause", "unit"),
    [(CITY_WORK, "企劃室"), (CITY_EXECUTION, None), ("khh-doh-112:5.3.1", "企劃室")],
)
def test_no_other_form_is_offered(by_words: Answerer, clause: str, unit: str | None) -> None:
    labels = [one.label for one in card(by_words, clause, unit).quick]
    assert labels == [phrases.HELPED, phrases.WRONG, phrases.WRONG_CLAUSE]


def test_a_list_of_what_a_form_consists_of_offers_it_too(by_words: Answerer) -> None:
    found = ask(by_words, "附錄的格式有哪些章節", "三民區第二衛生所")
    shown = as_reply(found, by_words.corpus).messages[0]
    assert isinstance(shown, Card)
    assert shown.quick[0].label == phrases.get_form("工作計畫")


@pytest.mark.parametrize("clause", [CITY_EXECUTION, "khh-112:f2.d"])
def test_for_whom_it_is_stands_in_a_row(by_words: Answerer, clause: str) -> None:
    made = card(by_words, clause, "企劃室")
    assert (phrases.FORM_FOR, FOR_AGENCIES) in made.rows
    assert f"{phrases.FORM_FOR}：{FOR_AGENCIES}" in made.plain


def test_but_not_under_the_line_that_says_so(by_words: Answerer) -> None:
    assert phrases.FORM_FOR not in dict(card(by_words, "khh-112:f2.a", "企劃室").rows)


@pytest.mark.parametrize(
    ("question", "is_asked"),
    [
        ("執行計畫有範本嗎", True),
        ("有沒有執行計畫的表格", True),
        ("執行計畫的格式在哪", False),
    ],
)
def test_whether_there_is_one_is_answered(
    by_words: Answerer, question: str, is_asked: bool
) -> None:
    made = card(by_words, CITY_EXECUTION, "企劃室", question)
    assert made.body.startswith(phrases.THERE_IS_A_FORM) is is_asked
