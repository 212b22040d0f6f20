"""What curators taught answers the same question, also otherwise put, and only that."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.search.answer import Answerer, Kind
from bot.search.curated import Taught
from tests.unit.search.helpers import ask

CLAUSE = "khh-doh-112:4.1.3.3.2"
QUESTION = "員工餐廳幾點開"


@pytest.fixture
def taught(by_words: Answerer) -> Iterator[Answerer]:
    """Answers by words alone, with one question linked to a clause."""
    by_words.teach([Taught(question=QUESTION, clauses=(CLAUSE,))], 1)
    yield by_words
    by_words.teach([], 0)


def test_without_teaching_the_question_has_no_answer(by_words: Answerer) -> None:
    assert by_words.taught_version == 0
    assert ask(by_words, QUESTION).kind is Kind.UNKNOWN


@pytest.mark.parametrize(
    "words",
    [QUESTION, "員工餐廳幾點開？", "請問員工餐廳幾點開呢", "員工餐厅几点开", "想請問一下，員工餐廳幾點開啊？！"],
)  # fmt: skip
def test_the_same_question_politely_put_gets_the_clause(taught: Answerer, words: str) -> None:
    answer = ask(taught, words)

    assert [one.node.id for one in answer.passages] == [CLAUSE]
    assert taught.taught_version == 1


def test_personal_data_in_it_makes_no_other_question(taught: Answerer) -> None:
    taught.teach([Taught(question="民眾〔個資〕問餐廳幾點開", clauses=(CLAUSE,))], 2)

    answer = ask(taught, "民眾A123456789問餐廳幾點開？")

    assert [one.node.id for one in answer.passages] == [CLAUSE]


@pytest.mark.parametrize("words", ["員工餐廳會幾點開", "我們員工餐廳幾點開"])
def test_with_an_encoder_slightly_other_words_are_enough(answerer: Answerer, words: str) -> None:
    if not answerer.encoders:
        pytest.skip("no encoder is installed")
    answerer.teach([Taught(question=QUESTION, clauses=(CLAUSE,))], 1)

    same, other = ask(answerer, words), ask(answerer, "員工餐廳幾點關")
    answerer.teach([], 0)

    assert [one.node.id for one in same.passages] == [CLAUSE]
    assert other.kind is Kind.UNKNOWN


@pytest.mark.parametrize("words", ["員工餐廳幾點關", "訪客餐廳幾點開", "員工餐廳誰負責開"])
def test_another_question_does_not(taught: Answerer, words: str) -> None:
    assert [one.node.id for one in ask(taught, words).passages[:1]] != [CLAUSE]


def test_an_entry_answers_with_its_words_and_clauses(taught: Answerer) -> None:
    taught.teach([Taught(question=QUESTION, clauses=(CLAUSE,), faq="八點開。")], 2)

    answer = ask(taught, QUESTION)

    assert (answer.faq, answer.topic) == ("八點開。", "faq")
    assert [one.node.id for one in answer.passages] == [CLAUSE]


def test_what_is_outside_is_told_from_what_nobody_looked_at(taught: Answerer) -> None:
    taught.teach([Taught(question=QUESTION)], 2)

    answer = ask(taught, QUESTION)

    assert (answer.kind, answer.topic) == (Kind.UNKNOWN, "outside")


def test_a_clause_that_the_plans_no_longer_have_does_not_answer(taught: Answerer) -> None:
    taught.teach([Taught(question=QUESTION, clauses=("gone:1",))], 2)

    answer = ask(taught, QUESTION)

    assert (answer.kind, answer.topic) == (Kind.UNKNOWN, "")


def test_of_two_for_one_question_the_later_counts(taught: Answerer) -> None:
    later = Taught(question="請問員工餐廳幾點開？", faq="九點開。")
    taught.teach([Taught(question=QUESTION, faq="八點開。"), later], 2)

    assert ask(taught, QUESTION).faq == "九點開。"


@pytest.mark.parametrize(
    "words", ["你這個白痴", "笨蛋！", "真的很爛的垃圾機器人", "FUCK you", "幹", "去死啦"]
)
def test_an_insult_is_answered_kindly(by_words: Answerer, words: str) -> None:
    answer = ask(by_words, words)

    assert (answer.kind, answer.topic) == (Kind.SMALLTALK, "insult")


@pytest.mark.parametrize(
    "words", ["垃圾分類要怎麼宣導", "智障者服務要注意什麼", "幹部要參加研習嗎", "滾動式檢討", "沒用過的表單"]
)  # fmt: skip
def test_a_question_with_such_a_word_in_it_is_a_question(by_words: Answerer, words: str) -> None:
    assert ask(by_words, words).topic != "insult"


def test_a_text_of_thousands_of_letters_is_no_question(by_words: Answerer) -> None:
    answer = ask(by_words, "電話禮貌" * 1250)

    assert (answer.kind, answer.topic) == (Kind.SMALLTALK, "too_long")
