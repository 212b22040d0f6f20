"""A clause that is shown again right after it was shown."""

from __future__ import annotations

import pytest

from bot import phrases
from bot.messages import Card
from bot.search.answer import Answerer
from bot.search.result import HERE, SAID, Answer, Kind
from handlers.answers import LONG, REPEATED, clause_card

CHECKUPS, COURSES = "khh-sanmin2-115:4.3.3.1", "khh-changqing-113:4.1.1.3"
SAYS = "節省掛號"


def card(
    answerer: Answerer, clause: str, topic: str, says: str = "", *, again: bool = True
) -> Card:
    passage = answerer.passage(answerer.corpus.nodes[clause])
    found = Answer(
        question="", kind=Kind.CLAUSE, topic=topic, passages=(passage,), says=says,
        asker=answerer.corpus.units.get("三民區第二衛生所"),
    )  # fmt: skip
    return clause_card(found, answerer.corpus, again=again)


@pytest.mark.parametrize(("topic", "says"), [(HERE, SAYS), ("who", "")])
def test_a_long_one_is_begun_below_what_was_asked_and_can_be_opened(
    by_words: Answerer, topic: str, says: str
) -> None:
    whole = by_words.corpus.nodes[CHECKUPS].words
    made = card(by_words, CHECKUPS, topic, says)
    lead, _, shown = made.body.partition("\n")
    assert says in lead
    assert len(whole) > LONG
    assert len(shown) <= REPEATED
    assert shown.endswith("…")
    assert shown in made.plain
    assert whole not in made.plain
    assert made.buttons[0].label == phrases.WHOLE


@pytest.mark.parametrize(
    ("clause", "topic", "says", "again"),
    [
        (CHECKUPS, HERE, SAYS, False),
        (CHECKUPS, HERE, "", True),
        (CHECKUPS, SAID, SAYS, True),
        (COURSES, "who", "", True),
    ],
)
def test_else_it_is_whole(
    by_words: Answerer, clause: str, topic: str, says: str, again: bool
) -> None:
    made = card(by_words, clause, topic, says, again=again)
    assert by_words.corpus.nodes[clause].words in made.plain
    assert phrases.WHOLE not in [one.label for one in made.buttons]


def test_whose_plan_it_is_is_said_once(by_words: Answerer) -> None:
    note = phrases.of_another_unit("長青綜合服務中心")
    assert note in card(by_words, COURSES, "who", again=False).plain
    assert note not in card(by_words, COURSES, "who").plain


def test_quotes_inside_what_it_states_are_inner_ones() -> None:
    assert phrases.it_states("辦理「早安」電話") == "寫的是「辦理『早安』電話」："
