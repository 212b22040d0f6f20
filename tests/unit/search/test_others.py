"""A short question that turns to other agencies: their kind alone, or 「他們」."""

from __future__ import annotations

import pytest

from bot.search.answer import Answerer
from tests.unit.search.helpers import after, ask


def _then(answerer: Answerer, asker: str, first: str, then: str) -> str:
    shown = ask(answerer, first, asker)
    return ask(answerer, then, asker, after(shown)).passages[0].node.id


@pytest.mark.parametrize(
    ("asker", "first", "then", "clause"),
    [
        ("教育局", "執行計畫要公開嗎", "那麼二級機關呢", "khh-112:5.3"),
        ("水利局", "一級機關平時怎麼查核", "二級單位咧", "khh-112:6.1.2"),
        ("地政局", "執行計畫的附件是哪個", "至於底下的地政事務所呢", "khh-112:f3.a"),
        ("秘書室", "本局的執行計畫幾月提出", "各衛生所呢", "khh-doh-112:5.1"),
    ],
)
def test_a_kind_of_agency_alone_is_asked_the_question_before(
    by_words: Answerer, asker: str, first: str, then: str, clause: str
) -> None:
    assert _then(by_words, asker, first, then) == clause


@pytest.mark.parametrize(
    ("first", "then", "clause"),
    [
        ("桃源區公所可以參加推薦評核嗎", "他們的計畫得照市府那份嗎", "khh-112:3.b"),
        ("警察局要提報計畫嗎", "他們是依誰的規定提報計畫", "khh-112:8.2"),
    ],
)
def test_they_are_whom_the_clause_names_that_was_shown(
    by_words: Answerer, first: str, then: str, clause: str
) -> None:
    assert _then(by_words, "民政局", first, then) == clause


def test_a_kind_of_agency_after_a_clause_on_services_turns_to_its_plan(
    by_words: Answerer,
) -> None:
    shown = ask(by_words, "登革熱快訊電子報誰負責", "企劃室")
    found = ask(by_words, "衛生所呢", "企劃室", after(shown))
    assert "工作計畫" not in found.question
