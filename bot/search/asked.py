"""A few words in a conversation, read: what they bring, and what the talk is about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.plans.model import Node, Unit
from bot.search.details import Detail
from bot.search.result import Answer

LEAST, SHORT, LONGER = 4, 16, 20
"""Letters of what says nothing of itself, of a question that may only make sense after another,
and of one that names nothing."""
_TURNING = "呢咧"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A few words in a talk: the detail and the words that they bring, and what the talk is about.

    `own` are those of `runs` that are a subject, unlike 申請 or 格式; `known` are the clauses that
    were shown, `before` what the question before named and `subject` that as it was typed, or the
    clause's first words. `goes_on`: what was shown last answers the question before itself.
    `looked_up` answers a text as who asks, each once.
    """

    question: str
    short: str
    detail: Detail | None
    runs: tuple[str, ...]
    own: tuple[str, ...]
    known: tuple[Node, ...]
    before: tuple[str, ...]
    previous: str
    subject: str
    asker: Unit | None
    listed: bool
    goes_on: bool
    looked_up: Callable[[str], Answer]

    @property
    def turns(self) -> bool:
        """Whether the words turn to something: 「文康車呢」."""
        return any(mark in self.short[1:] for mark in _TURNING)

    def joined(self, more: str = "") -> Answer:
        """The answer to the words, perhaps with more, and what the talk is about."""
        return self.looked_up(f"{self.subject} {self.question} {more}".strip())
