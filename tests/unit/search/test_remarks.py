"""What people say between their questions."""

from __future__ import annotations

import pytest

from bot import phrases
from bot.search.answer import Answerer, Kind
from bot.search.follow import Previous
from handlers.answers import as_reply
from tests.unit.search.helpers import ask

FLU = "khh-doh-112:4.4.1.a.3.2"
TOLD = Previous(question="流感疫苗", clauses=(FLU,))


@pytest.mark.parametrize("said", ["真是辛苦", "那我曉得了", "唉 真煩人"])
def test_what_asks_nothing_is_taken_note_of(answerer: Answerer, said: str) -> None:
    found = ask(answerer, said, "疾病管制處", TOLD)
    assert found.kind is Kind.SMALLTALK
    assert as_reply(found, answerer.corpus).plain.startswith(("好的", "辛苦", "不客氣"))


@pytest.mark.parametrize(
    ("said", "clause"),
    [
        ("哎呀，那雙語標示誰負責", "khh-doh-112:4.1.3.1.5"),
        ("這條我看過了。那內部稽核呢", "khh-doh-112:4.5.3.a.2"),
        ("不是流感，是登革熱的網站", "khh-doh-112:4.3.3.a.2.2"),
        ("好 再說回我們處，登革熱的網站放什麼", "khh-doh-112:4.3.3.a.2.2"),
    ],
)
def test_the_question_after_it_is_answered(answerer: Answerer, said: str, clause: str) -> None:
    assert ask(answerer, said, "疾病管制處", TOLD).passages[0].node.id == clause


@pytest.mark.parametrize("said", ["我們要辦講座。要注意什麼", "文康車，多久出去一次"])
def test_a_subject_before_the_question_is_kept(answerer: Answerer, said: str) -> None:
    assert answerer.remarks.without(said) == said


def test_words_in_other_letters_are_kept(answerer: Answerer) -> None:
    assert answerer.remarks.without("QR code 誰做") == "QR code 誰做"


def test_a_slip_of_a_command_is_not_taken_note_of_in_its_place(answerer: Answerer) -> None:
    found = ask(answerer, "雙語標示", "疾病管制處", TOLD)
    assert found.passages[0].node.id == "khh-doh-112:4.1.3.1.5"
    assert phrases.SMALL_TALK["okay"] not in as_reply(found, answerer.corpus).plain


class TestCorrections:
    @pytest.mark.parametrize(
        ("said", "clause"),
        [
            ("不是流感，是登革熱", "khh-doh-112:4.3.3.a.2.2"),
            ("我是說登革熱，不是打疫苗", "khh-doh-112:4.3.3.a.2.2"),
        ],
    )
    def test_what_is_meant_is_answered(self, answerer: Answerer, said: str, clause: str) -> None:
        assert ask(answerer, said, "疾病管制處", TOLD).passages[0].node.id == clause

    def test_what_was_rejected_is_not_shown_again(self, answerer: Answerer) -> None:
        found = ask(answerer, "不是這個，是到家裡打針以外的防疫", "疾病管制處", TOLD)
        assert not found.passages or found.passages[0].node.id != FLU

    def test_a_denial_of_whose_it_is_is_no_correction(self, answerer: Answerer) -> None:
        found = ask(answerer, "這一條，不是我們做的吧", "企劃室", TOLD)
        assert found.passages[0].node.id == FLU
