"""What a conversation is about: the last answer, so that 「誰負責」 and 「還有嗎」 mean something.

It is kept with the person's state in this chat and ends with it. The ids of the messages whose
words are in it stand beside them: when one is taken back, the whole talk is forgotten.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.messages import Incoming
from bot.plans.deadlines import Deadline, deadline_of
from bot.plans.model import Node
from bot.search import privacy
from bot.search.follow import Previous
from bot.search.result import DEADLINES, EDITIONS, OFF_TOPIC, PERIOD, SECTIONS, Answer, Kind
from handlers.context import Context

_TALK = "talk"
_REMEMBERED = 150  # clauses of a list that a later 「第三點」 may mean; no plan's list is longer
_MESSAGES = 10
_ABOUT = frozenset(
    {
        "who", "why", "node", "others", "whose", "when", "undated", "near", "late", "said",
        "silent", "has_it", "in_charge", "beside", "two", "sections", "applies", "spares",
        "theirs", "here", "some", "has_ours", "told", "older",
    }
)  # fmt: skip


def of(message: Incoming, ctx: Context) -> dict[str, Any]:
    """What the talk with this person is about; empty when about nothing."""
    talk = (ctx.recall(message) or {}).get(_TALK)
    return talk if isinstance(talk, dict) else {}


def keep(answer: Answer, message: Incoming, ctx: Context, *, page: int = 0) -> None:
    """The talk is about this answer now; small talk changes nothing.

    Args:
        page: of a list, from 0.
    """
    nodes = answer.shown or tuple(one.node for one in answer.passages)
    is_refusal = answer.kind is Kind.UNKNOWN and answer.topic in ("", OFF_TOPIC)
    if answer.kind is Kind.SMALLTALK or (not nodes and not is_refusal):
        return
    if answer.topic == "who" and len(nodes) > 1:  # of a list, which stays what the talk is about
        return
    before = of(message, ctx)
    question = answer.question
    is_same = bool(nodes) and before.get("clauses", [])[:1] == [nodes[0].id]
    if answer.topic in _ABOUT or (is_same and not answer.topic and before.get("question")):
        question = before.get("question", "")  # the subject stays, it is not 「誰負責」
    _put(
        {
            "question": privacy.redacted(question),
            "message": message.message_id or "",
            "messages": _messages(before, message),
            "clauses": [node.id for node in nodes[:_REMEMBERED]],
            "listed": answer.kind is Kind.LIST or answer.topic in (SECTIONS, EDITIONS),
            "topic": answer.topic,
            "unit": answer.unit.name if answer.unit else "",
            "units": [part.unit.name for part in answer.parts if part.unit],
            "heading": answer.heading.id if answer.heading else "",
            "page": page,
            "deadlines": _deadlines(answer, nodes, before),
            "thread": _thread(answer, before) if not nodes else [],
            "earlier": _earlier(nodes, before),
            "entries": _entries(answer, before),
        },
        message,
        ctx,
    )


def _deadlines(answer: Answer, nodes: Sequence[Node], before: dict[str, Any]) -> list[str]:
    """The deadline that was shown, also when its clause is shown once more."""
    shown = [one.id for one in answer.deadlines[:1]]
    is_same = bool(nodes) and before.get("clauses", [])[:1] == [nodes[0].id]
    return shown or (before.get("deadlines", [])[:1] if is_same else [])


def _thread(answer: Answer, before: dict[str, Any]) -> list[str]:
    """After a refusal, the clause that follow-ups mean: what was shown before, else the nearest."""
    known: list[str] = before.get("clauses", []) or before.get("thread", [])
    return known[:1] or [one.node.id for one in answer.nearest[:1]]


def _entries(answer: Answer, before: dict[str, Any]) -> list[str]:
    """The list from which a clause was chosen, as long as the talk is about its entries."""
    if answer.topic not in _ABOUT:
        return []
    listed = before.get("clauses", []) if before.get("listed") else before.get("entries", [])
    return list(listed)


def _earlier(nodes: Sequence[Node], before: dict[str, Any]) -> list[str]:
    """The clause that was shown before these, for 「一樣嗎」."""
    known: list[str] = before.get("clauses", [])[:1]
    is_new = bool(nodes) and known != [nodes[0].id]
    return known if is_new else before.get("earlier", [])


def keep_deadlines(shown: Sequence[Deadline], message: Incoming, ctx: Context) -> None:
    """The talk is about deadlines and their clauses; of several 「第一個」 means the first."""
    talk = {
        "topic": DEADLINES,
        "clauses": [one.source.clause for one in shown],
        "listed": len(shown) > 1,
        "deadlines": [one.id for one in shown],
    }
    _put({"question": "", "message": "", "messages": [], **talk}, message, ctx)


def has_just_shown(answer: Answer, message: Incoming, ctx: Context) -> bool:
    """Whether the last answer was the very clause of this one, and no list or row of dates."""
    before = of(message, ctx)
    first = [one.node.id for one in answer.passages[:1]]
    is_clause = not before.get("listed") and before.get("topic") not in (DEADLINES, PERIOD)
    return is_clause and bool(first) and before.get("clauses", [])[:1] == first


def change(message: Incoming, ctx: Context, **fields: Any) -> None:
    """Note something more about the talk, with the message that says it."""
    talk = of(message, ctx)
    _put({**talk, "messages": _messages(talk, message), **fields}, message, ctx)


def previous(message: Incoming, ctx: Context) -> Previous | None:
    """What a short question may refer to: the quoted message, else the last answer."""
    kind, _, what = (ctx.about(message) or "").partition(":")
    talk = of(message, ctx)
    if kind == "clause" and talk.get("clauses", [])[:1] != [what]:
        return Previous(question="", clauses=(what,))
    if kind == "deadline" and (due := deadline_of(ctx.dates.schedules, what)) is not None:
        return Previous(question=due.title, clauses=(due.source.clause,), deadlines=(due.id,))
    if not talk:
        return None
    deadlines = talk.get("deadlines", [])
    return Previous(
        question=talk.get("question", ""),
        clauses=tuple(talk.get("clauses", []) or talk.get("thread", [])),
        listed=bool(talk.get("listed", False)),
        topic=talk.get("topic", ""),
        deadlines=tuple(deadlines) if len(deadlines) == 1 else (),
        earlier=tuple(talk.get("earlier", [])),
        entries=tuple(talk.get("entries", [])),
    )


def _messages(talk: dict[str, Any], message: Incoming) -> list[str]:
    known = [*talk.get("messages", []), message.message_id or ""]
    return [one for one in dict.fromkeys(known) if one][-_MESSAGES:]


def _put(talk: dict[str, Any], message: Incoming, ctx: Context) -> None:
    ctx.remember(message, {_TALK: talk})
