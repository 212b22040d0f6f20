"""Asking in one line."""

from __future__ import annotations

from datetime import date

from bot.search.answer import Answer, Answerer
from bot.search.follow import Previous

TODAY = date(2026, 11, 22)


def ask(
    answerer: Answerer, question: str, unit: str | None = None, previous: Previous | None = None
) -> Answer:
    return answerer.answer(question, unit=unit, today=TODAY, previous=previous)


def after(answer: Answer) -> Previous:
    """The conversation after an answer."""
    nodes = answer.shown or tuple(one.node for one in answer.passages)
    return Previous(question=answer.question, clauses=tuple(node.id for node in nodes))
