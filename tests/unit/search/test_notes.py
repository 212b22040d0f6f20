"""What stands in small print under a clause."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot import phrases
from bot.search.answer import Answerer
from bot.search.refusal import Band
from handlers.answers import as_reply
from tests.unit.search.helpers import after, ask

COURSES = "khh-changqing-113:4.1.1.3"
CENTRE = "長青綜合服務中心"


def said(answerer: Answerer, question: str, unit: str) -> str:
    """What somebody of a unit reads where nobody's plan goes first."""
    found = replace(ask(answerer, question), asker=answerer.corpus.units.get(unit))
    assert found.passages[0].node.id == COURSES
    return as_reply(found, answerer.corpus).plain


def test_a_plan_that_does_not_bind_who_asks_is_told(by_words: Answerer) -> None:
    words = said(by_words, "定期辦理員工及志工相關訓練", "社會局")
    assert phrases.of_another_unit(CENTRE) in words


@pytest.mark.parametrize("name", ["長青中心", "長青", CENTRE])
def test_but_not_where_its_owner_was_named(by_words: Answerer, name: str) -> None:
    words = said(by_words, f"{name}的員工及志工訓練", "健康管理科")
    assert phrases.of_another_unit(CENTRE) not in words


def test_nor_where_the_talk_turned_to_it(by_words: Answerer) -> None:
    first = ask(by_words, "志工訓練", "三民二所")
    words = as_reply(ask(by_words, "那長青中心呢", "三民二所", after(first)), by_words.corpus).plain
    assert "長青中心113年度工作計畫" in words
    assert phrases.of_another_unit(CENTRE) not in words


@pytest.mark.parametrize(
    ("question", "is_told"),
    [
        ("長青中心今年度有寫員工及志工訓練嗎", True),
        ("長青中心115年的員工及志工訓練", True),
        ("長青中心113年的員工及志工訓練", False),
        ("長青中心的員工及志工訓練", False),
        ("今年要定期辦理員工及志工相關訓練嗎", False),
    ],
)
def test_this_years_plan_is_told_to_be_of_another_year(
    by_words: Answerer, question: str, is_told: bool
) -> None:
    words = said(by_words, question, "社會局")
    assert (phrases.is_of_year(CENTRE, 113) in words) is is_told


def test_ones_own_plan_need_not_be_named(by_words: Answerer) -> None:
    words = said(by_words, "今年計畫有寫定期員工及志工訓練嗎", "服務課")
    assert phrases.is_of_year(CENTRE, 113) in words


@pytest.mark.parametrize(("band", "is_shown"), [(Band.SAID, False), (Band.NEAR, True)])
def test_another_plan_gives_way_to_what_may_be_meant_and_the_older_edition(
    by_words: Answerer, band: Band, is_shown: bool
) -> None:
    nodes = by_words.corpus.nodes
    first, older, other, second = (
        by_words.passage(nodes[one])
        for one in ("khh-doh-112:4.5.3.a.2", "khh-doh-111:4.5.3.a.2", COURSES, "khh-112:f1.3")
    )
    found = replace(
        ask(by_words, "內部稽核", "企劃室"),
        band=band, passages=(first,), differs=(other, older), second=second,
    )  # fmt: skip
    words = as_reply(found, by_words.corpus).plain
    assert "也可能是" in words
    assert "舊版" in words
    assert ("另見" in words) is is_shown
    alone = as_reply(replace(found, second=None), by_words.corpus).plain
    assert "另見" in alone
