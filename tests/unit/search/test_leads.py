"""What is said before a clause."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot import phrases
from bot.search.answer import Answerer
from handlers.answers import as_reply
from tests.unit.search.helpers import ask


def lead(answerer: Answerer, question: str, unit: str) -> str:
    found = ask(answerer, question, unit)
    return as_reply(found, answerer.corpus).plain.splitlines()[0]


@pytest.mark.parametrize(
    ("question", "unit"),
    [
        ("網站的常見問答我們室有沒有要做", "企劃室"),
        ("常見問答我們科室要不要處理", "企劃室"),
        ("我們這邊也要做網站常見問答吧", "企劃室"),
        ("是不是我們要負責網站常見問答", "企劃室"),
        ("本室是否要辦網站常見問答", "企劃室"),
    ],
)
def test_whether_a_section_has_to_do_it(by_words: Answerer, question: str, unit: str) -> None:
    assert lead(by_words, question, unit) == phrases.is_responsible(unit)


def test_that_it_has_not(by_words: Answerer) -> None:
    said = lead(by_words, "我們科需不需要弄網站常見問答", "檢驗科")
    assert said == phrases.is_not_responsible("檢驗科", ("企劃室",))


def test_that_it_is_not_spared(by_words: Answerer) -> None:
    said = lead(by_words, "我們室不用做網站常見問答嗎", "企劃室")
    assert said == phrases.has_to("企劃室")


@pytest.mark.parametrize(("doubt", "begins"), [(-3.0, "要，"), (-1.0, "")])
def test_an_office_is_told_it_of_its_own_plan(
    by_words: Answerer, doubt: float, begins: str
) -> None:
    found = ask(by_words, "我們中心要配合律師諮詢服務對不對", "長青中心")
    said = as_reply(replace(found, doubt=doubt), by_words.corpus).plain
    assert said.startswith(f"{begins}長青綜合服務中心適用這一條，由教保課負責：")


@pytest.mark.parametrize(
    "question",
    [
        "我們室要怎麼處理網站常見問答",
        "網站常見問答我們室要做幾次",
        "我們室有沒有做過網站常見問答",
        "網站的常見問答",
    ],
)
def test_other_questions_get_no_yes(by_words: Answerer, question: str) -> None:
    assert lead(by_words, question, "企劃室") != phrases.is_responsible("企劃室")


def test_also_where_its_plan_lost_the_units(by_words: Answerer) -> None:
    said = lead(by_words, "我們所要做雙語標示嗎", "三民區第二衛生所")
    assert said == phrases.binds("三民區第二衛生所", (), must=True)
