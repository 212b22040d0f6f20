"""Any question: from the plans, or honestly not. And the buttons under the answers."""

from __future__ import annotations

import re
from typing import Any

from bot import phrases
from bot.messages import Incoming, Reply, say
from bot.plans import deadlines
from bot.plans.deadlines import Adjustment
from bot.search import privacy
from bot.search.answer import Answer, Kind
from bot.search.follow import Previous
from bot.store import adjustments
from handlers import answers, curation
from handlers.addressing import plain
from handlers.context import Context

OUR_UNIT = "我的單位"
_TALK = "talk"
_REMEMBERED = 60  # clauses of a list that a later 「第三點」 may mean
_QUESTIONS = re.compile(r"[^?？\n]+[?？\n]*")
_NOT_THAT = frozenset(
    {"不對", "不對吧", "不是這個", "不是這條", "引用錯了", "引錯條文", "錯了", "答非所問", "取消"}
)
_ABOUT = frozenset({"who", "why", "node", "others"})
_SHORTEST, _MOST = 6, 3
_SURE = -2.5


def answer_question(message: Incoming, ctx: Context) -> Reply:
    """The answer to a text; several clear questions in one message are answered one by one."""
    assert message.chat is not None
    curation.bring_up_to_date(ctx)
    unit = ctx.unit_of(message.chat)
    if plain(message.text) == OUR_UNIT:
        return _our_duties(unit, message, ctx)
    if plain(message.text) in _NOT_THAT:
        return say(phrases.NOT_THAT)
    state = ctx.recall(message) or {}
    previous = _previous(state, message, ctx)
    parts = _asked_apart(message.text, unit, ctx)
    found = parts or [
        ctx.answerer.answer(
            message.text, unit=unit, today=ctx.today, previous=previous, moves=_moves(ctx)
        )
    ]
    for one in found:
        curation.note_unanswered(one, message, ctx)
    _remember(found[-1], message, ctx)
    replies = [answers.as_reply(one, ctx.corpus) for one in found]
    return Reply(messages=tuple(one for reply in replies for one in reply.messages))


def _our_duties(unit: str | None, message: Incoming, ctx: Context) -> Reply:
    """我的單位: all duties of the chat's unit; unbound, how to bind."""
    assert message.chat is not None
    known = ctx.corpus.units.get(unit)
    if known is None:
        return say(phrases.how_to_bind(shared=message.chat.is_shared))
    answer = ctx.answerer.duties(known)
    _remember(answer, message, ctx)
    return answers.as_reply(answer, ctx.corpus)


def _moves(ctx: Context) -> list[Adjustment]:
    """The deadlines near today that administrators moved."""
    return list(adjustments.adjustments(ctx.db, deadlines.cycles_near(ctx.today)))


def tapped(message: Incoming, ctx: Context) -> Reply | None:
    """What a button under an answer does; a button of long ago gets a sentence."""
    handler = _TAPS.get(message.data.get("do", ""))
    return handler(message, ctx) if handler else say(phrases.NOT_LONGER_HERE)


def _asked_apart(text: str, unit: str | None, ctx: Context) -> list[Answer]:
    """The answers to several questions in one text, or none when it is better read whole."""
    parts = [part.strip() for part in _QUESTIONS.findall(text)]
    parts = [part for part in parts if len(part) >= _SHORTEST]
    if not 2 <= len(parts) <= _MOST or sum(part[-1] in "?？" for part in parts) < 2:
        return []
    found = [ctx.answerer.answer(part, unit=unit, today=ctx.today) for part in parts]
    firsts = [one.passages[0].node.id for one in found if one.passages]
    sure = all(one.passages and one.doubt <= _SURE for one in found)
    return found if sure and len(set(firsts)) == len(found) else []


def _clause(message: Incoming, ctx: Context) -> Reply | None:
    node = ctx.corpus.nodes.get(message.data.get("id", ""))
    if node is None:
        return say(phrases.NOT_LONGER_HERE)
    answer = Answer(question="", kind=Kind.CLAUSE, passages=(ctx.answerer.passage(node),))
    _remember(answer, message, ctx)
    return Reply(messages=(answers.clause_card(answer, ctx.corpus),))


def _near(message: Incoming, ctx: Context) -> Reply | None:
    """The clauses before and after one."""
    node = ctx.corpus.nodes.get(message.data.get("id", ""))
    if node is None:
        return say(phrases.NOT_LONGER_HERE)
    around = [one for one in ctx.corpus.neighbours(node) if one is not None]
    if not around:
        return say(phrases.AT_THE_END)
    passages = tuple(ctx.answerer.passage(one) for one in around)
    answer = Answer(question="", kind=Kind.LIST, passages=passages)
    _remember(answer, message, ctx)
    return answers.as_reply(answer, ctx.corpus)


def _others(message: Incoming, ctx: Context) -> Reply | None:
    """The further clauses of the last answer."""
    known = _talk(ctx.recall(message) or {}).get("clauses", [])
    nodes = [ctx.corpus.nodes[one] for one in known[1:] if one in ctx.corpus.nodes]
    if not nodes:
        return say(phrases.NO_MORE)
    passages = tuple(ctx.answerer.passage(node) for node in nodes[:5])
    answer = Answer(question="", kind=Kind.LIST, passages=passages)
    return answers.as_reply(answer, ctx.corpus)


def _duties(message: Incoming, ctx: Context) -> Reply | None:
    """All duties of a unit."""
    unit = ctx.corpus.units.get(message.data.get("unit"))
    if unit is None:
        return say(phrases.NOT_LONGER_HERE)
    answer = ctx.answerer.duties(unit)
    _remember(answer, message, ctx)
    return answers.as_reply(answer, ctx.corpus)


def _more(message: Incoming, ctx: Context) -> Reply | None:
    """The next screen of the last list."""
    talk = _talk(ctx.recall(message) or {})
    page = message.data.get("page", "")
    if not talk or not page.isdecimal():
        return say(phrases.NOT_LONGER_HERE)
    answer = _list_again(talk, ctx)
    if answer is None:
        return say(phrases.NOT_LONGER_HERE)
    return answers.as_reply(answer, ctx.corpus, page=int(page))


def _list_again(talk: dict[str, Any], ctx: Context) -> Answer | None:
    nodes = tuple(ctx.corpus.nodes[one] for one in talk["clauses"] if one in ctx.corpus.nodes)
    if not nodes:
        return None
    return Answer(
        question="",
        kind=Kind.LIST,
        shown=nodes,
        topic=talk.get("topic", ""),
        plan=ctx.corpus.plan_of(nodes[0]),
        unit=ctx.corpus.units.get(talk.get("unit")),
        heading=ctx.corpus.nodes.get(talk.get("heading", "")),
    )


def _mark(message: Incoming, ctx: Context) -> Reply:
    """有幫助, 不對, 引錯條文: about the last answer, where that showed the clause."""
    talk = _talk(ctx.recall(message) or {})
    is_same = talk.get("clauses", [])[:1] == [message.data.get("id")]
    return curation.mark(
        message,
        ctx,
        question=talk["question"] if is_same else "",
        asked_in=talk["message"] if is_same else "",
    )


_TAPS = {
    "clause": _clause,
    "near": _near,
    "others": _others,
    "duties": _duties,
    "more": _more,
    "mark": _mark,
}


def _remember(answer: Answer, message: Incoming, ctx: Context) -> None:
    """Keep what the conversation is about, for 「誰負責」 and 「別的答案」."""
    nodes = answer.shown or tuple(one.node for one in answer.passages)
    if not nodes:
        return
    question = answer.question
    if answer.topic in _ABOUT:  # the subject stays the question before, not 「誰負責」
        question = _talk(ctx.recall(message) or {}).get("question", "")
    talk = {
        "question": privacy.redacted(question),
        "message": message.message_id or "",
        "clauses": [node.id for node in nodes[:_REMEMBERED]],
        "listed": answer.kind is Kind.LIST,
        "topic": answer.topic,
        "unit": answer.unit.name if answer.unit else "",
        "heading": answer.heading.id if answer.heading else "",
    }
    ctx.remember(message, {_TALK: talk})


def _talk(state: dict[str, Any]) -> dict[str, Any]:
    talk = state.get(_TALK)
    return talk if isinstance(talk, dict) else {}


def _previous(state: dict[str, Any], message: Incoming, ctx: Context) -> Previous | None:
    """What the conversation was about: of the quoted message, else of the last answer."""
    about = ctx.about(message) or ""
    if about.startswith("clause:"):
        return Previous(question="", clauses=(about.removeprefix("clause:"),))
    talk = _talk(state)
    if not talk:
        return None
    return Previous(
        question=talk["question"],
        clauses=tuple(talk["clauses"]),
        listed=bool(talk.get("listed", False)),
    )
