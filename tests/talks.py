"""Plays labelled conversations and marks every turn: `python -m tests.talks`.

tests/fixtures/conversations/labelled.jsonl has what people say in 160 conversations and, for each
turn, what a colleague who knows the plans would lead with. The labels were written from the plans
by people who had not seen the bot's answers; a few are a matter of taste.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pydantic

from bot.search.answer import Answerer
from bot.search.result import Answer, Kind
from tests.aloud import BETWEEN, city
from tests.journeys.conftest import City

LABELLED = Path(__file__).parent / "fixtures" / "conversations" / "labelled.jsonl"
_HONEST = re.compile("沒有寫|沒寫|未明文|看不出|沒有提到|這樣寫的|沒有列")
_REFUSING = frozenset({"silent", "late", "undated", "none_is", "errand"})
_FIRST = 5  # entries of a list that are looked at


class Turn(pydantic.BaseModel):
    """What a person says, and what the answer has to be.

    `leads` are the clauses of which one comes first (`clause`), that belong into a list (`list`), or of the other
    edition (`other_year`); `silent` and `talk` want no clause. `must` are words of which one is shown.
    """

    model_config = pydantic.ConfigDict(extra="forbid")
    q: str
    want: Literal["clause", "silent", "list", "other_year", "talk"]
    leads: tuple[str, ...] = ()
    not_leads: tuple[str, ...] = ()
    must: str = ""


class Talk(pydantic.BaseModel):
    """A conversation of somebody of a unit."""

    model_config = pydantic.ConfigDict(extra="forbid")
    id: str
    unit: str
    turns: tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class Marked:
    """A turn with whether it was right; `place` counts from 0."""

    talk: Talk
    place: int
    is_right: bool

    @property
    def turn(self) -> Turn:
        """The turn."""
        return self.talk.turns[self.place]


def talks() -> list[Talk]:
    """All of them, in the order of the file."""
    lines = LABELLED.read_text(encoding="utf-8").splitlines()
    return [Talk.model_validate_json(line) for line in lines if line.strip()]


def play(some: Sequence[Talk]) -> list[Marked]:
    """Every turn of some conversations, marked."""
    with city() as place, _listening() as heard:
        return [one for at, talk in enumerate(some) for one in _played(at, talk, place, heard)]


def figures(marked: list[Marked]) -> dict[str, float]:
    """The shares of right first turns, of right later ones, and of talks with all turns right."""
    first = [one.is_right for one in marked if one.place == 0]
    later = [one.is_right for one in marked if one.place > 0]
    wrong = {one.talk.id for one in marked if not one.is_right}
    whole = [one not in wrong for one in dict.fromkeys(one.talk.id for one in marked)]
    named = {"first": first, "later": later, "whole": whole}
    return {name: round(sum(each) / len(each), 3) for name, each in named.items()}


class _listening:
    """Collects the answers that the search gives while the chat is played."""

    def __enter__(self) -> list[Answer]:
        self._heard: list[Answer] = []
        self._answer = Answerer.answer

        def answer(answerer: Answerer, *args: object, **named: object) -> Answer:
            found = self._answer(answerer, *args, **named)  # type: ignore[arg-type]
            self._heard.append(found)
            return found

        Answerer.answer = answer  # type: ignore[method-assign,assignment]
        return self._heard

    def __exit__(self, *_: object) -> None:
        Answerer.answer = self._answer  # type: ignore[method-assign]


def _played(at: int, talk: Talk, place: City, heard: list[Answer]) -> Iterator[Marked]:
    person = place.line.add_person(f"同仁{at}")
    place.line.follow(person.id)
    place.settle()
    chat = place.alone_with(person)
    chat.bind(talk.unit)
    for number, turn in enumerate(talk.turns):
        heard.clear()
        said = "\n".join(chat.says(turn.q))
        place.clock.goes_on(seconds=BETWEEN)
        yield Marked(talk, number, is_right(turn, heard[-1] if heard else None, said))


def is_right(turn: Turn, answer: Answer | None, said: str) -> bool:
    """Whether an answer is what a colleague would have said; None: no question was seen in it."""
    if answer is None:
        return turn.want == "talk"
    first = [one.node.id for one in answer.passages]
    shown = [one.id for one in answer.shown] or first
    if turn.want == "talk":
        return answer.kind is Kind.SMALLTALK
    if turn.want == "silent":
        is_honest = _HONEST.search(said.split("\n")[0]) is not None
        is_refused = answer.kind is Kind.UNKNOWN or answer.topic in _REFUSING
        return (is_honest or is_refused) and not set(first[:1]) & set(turn.not_leads)
    if turn.want == "list":
        most = shown[:_FIRST]
        return bool(most) and 2 * sum(one in turn.leads for one in most) >= len(most)
    if turn.want == "other_year":
        near = [*shown[:2], *first[:2], *(one.node.id for one in answer.differs)]
        return bool(set(near) & set(turn.leads))
    dated = [one.source.clause for one in answer.deadlines[:1]]
    is_led = bool(set(first[:1] + dated) & set(turn.leads)) and answer.kind is not Kind.UNKNOWN
    plain = re.sub(r"\s", "", said)
    has_words = any(re.sub(r"\s", "", one) in plain for one in turn.must.split("|"))
    return is_led and has_words and answer.topic != "silent"


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    everything = play(talks())
    for one in everything:
        if not one.is_right:
            print(one.talk.id, one.talk.unit, one.turn.want, one.turn.q)
    print(figures(everything))
