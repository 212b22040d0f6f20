"""What of a subject is for a section to do."""

from __future__ import annotations

import pytest

from bot.search.answer import Answerer, Kind
from handlers.answers import as_reply
from tests.unit.search.helpers import ask


@pytest.mark.parametrize(
    ("question", "unit", "on"),
    [
        ("網站那塊我們室要做什麼", "企劃室", "網站"),
        ("獨居老人的部分，我們課要辦哪些", "教保課", "獨居老人"),
        ("文康車我們要負責哪些事情", "服務課", "文康車"),
        ("還有哪些是我們課要定期辦的", "服務課", "定期"),
    ],
)
def test_only_the_duties_on_it_are_listed(
    by_words: Answerer, question: str, unit: str, on: str
) -> None:
    found = ask(by_words, question, unit)
    whole = by_words.duties(found.unit) if found.unit else found
    assert (found.kind, found.topic, found.on) == (Kind.LIST, "duties", on)
    assert set(found.shown) < set(whole.shown)
    assert f"和「{on}」有關的" in as_reply(found, by_words.corpus).plain.splitlines()[0]


def test_without_a_subject_they_are_all(by_words: Answerer) -> None:
    found = ask(by_words, "我們課要做哪些事", "服務課")
    assert (found.topic, found.on) == ("duties", "")


def test_a_subject_of_one_clause_is_answered_by_it(answerer: Answerer) -> None:
    found = ask(answerer, "免費律師我們要做什麼", "教保課")
    assert (found.topic, found.passages[0].node.id) == ("", "khh-changqing-113:4.4.1.1")


def test_a_sentence_before_it_is_no_subject(by_words: Answerer) -> None:
    found = ask(by_words, "網站要改版了 我們室負責哪些", "企劃室")
    assert (found.topic, found.on) == ("duties", "")


def test_an_office_has_no_part_in_it(by_words: Answerer) -> None:
    assert ask(by_words, "網站那塊我們要做什麼", "三民區第二衛生所").on == ""
