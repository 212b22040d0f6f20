"""What an exemption does not speak of."""

from __future__ import annotations

import pytest

from bot.search.answer import Answerer
from bot.search.follow import Previous
from handlers.answers import as_reply
from tests.unit.search.helpers import ask

SPARED = Previous(question="警察局要不要提報計畫", clauses=("khh-112:8.2",))
LEAD = "捌、二只寫「免提報」，這一項沒有寫可以免："


@pytest.mark.parametrize(
    "question",
    ["這樣電話禮貌測試也不必吧", "連次年的執行成果也都不用提報嗎", "提升服務研習也免了嗎"],
)
def test_an_exemption_is_of_what_its_clause_says_only(answerer: Answerer, question: str) -> None:
    said = as_reply(ask(answerer, question, "警察局", SPARED), answerer.corpus).plain
    assert said.startswith(LEAD)


@pytest.mark.parametrize(
    ("question", "unit"),
    [
        ("這樣電話禮貌測試也不必吧", "財政局"),  # spared nothing
        ("電話禮貌測試每年有幾次", "警察局"),  # does not ask whether it is spared
    ],
)
def test_others_are_told_nothing_of_it(answerer: Answerer, question: str, unit: str) -> None:
    assert ask(answerer, question, unit, SPARED).exemption is None
