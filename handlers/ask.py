"""Any question: from the plans, or honestly not. And the buttons under the answers, also typed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from bot import phrases
from bot.messages import Button, Card, Does, Incoming, IncomingKind, Reply, say
from bot.plans import deadlines
from bot.plans.deadlines import Adjustment
from bot.plans.model import Node
from bot.search.answer import Answer, Kind
from bot.search.refusal import Band
from bot.search.result import APPLIES, DEADLINES, EDITIONS, WHOSE
from bot.search.words import Folder, bare
from bot.store import adjustments
from handlers import answer_lists, answers, citing, courtesy, curation, help, talk
from handlers.context import Context

_QUESTIONS = re.compile(r"[^?？\n]+[?？\n]*")
_FURTHER = re.compile(
    "[那好嗯喔啊]*(?:[后後]面|下面|剩下|其[余餘他]|再下面)的?(?:[还還]?有)?(?:哪些|[什甚][么麼]|那?[几幾][条條項项])?"
    "(?:呢|一起|一次|全部|也|都|[给給]我|看一下|看看|看|列出[来來]|列|要|想)*"
)
_SHORTEST, _MOST = 6, 3
_SURE = -2.5
_FRAGMENT = 6  # letters of a correction that may need the question before it
_SUBJECT = 15  # letters of an answer to «compare what?», which asks nothing itself
_PATIENCE = timedelta(minutes=2)  # for the answer to our question, in a group
_PLACE = re.compile(
    r"(?:不是|是|應該是|我要的是)?[:：,，\s]*"
    r"(?:[壹貳參肆伍陸柒捌玖]、)?[一二三四五六七八九十]{1,2}[、,]?\s*[(（][一二三四五六七八九十][)）][\s\d.()（）]*"
)
_ASKS = re.compile("[什甚][麼么]|[誰谁哪何嗎吗呢怎?？]|多久|差")

_SAYS_NO = r"(?:不對|不是|錯了|都不是)[啦喔吧,，。!！\s]*"
_MEANS = r"我是(?:要|想)?[問问说說]的?是?|我[問问说說]的是|我的意思是|我指的是|我要(?:[問问]|找|查)的是|我要找"
_CORRECTS = re.compile(
    rf"(?:(?P<no>{_SAYS_NO})?(?:{_MEANS})|(?P<should>(?:{_SAYS_NO})?(?:應該是|应该是|正確的?是)))"
    r"[:：,，\s]*(?P<words>.{2,})",
    re.DOTALL,
)


def answer_question(message: Incoming, ctx: Context) -> Reply:
    """The answer to a text; several clear questions in one message are answered one by one."""
    curation.bring_up_to_date(ctx)
    short = bare(ctx.answerer.index.fold(message.text))
    typed = _typed(ctx.answerer.index.fold).get(short)
    if typed is not None:
        return typed(message, ctx)
    if _FURTHER.fullmatch(short) and talk.of(message, ctx).get("listed"):
        return _go_on(message, ctx)
    corrected = _corrected(message, ctx) or _placed(message, ctx)
    return corrected if corrected is not None else _answered(message, ctx)


def is_subject(message: Incoming, ctx: Context) -> bool:
    """Whether it is one of the subjects that we named when we asked back, also where the same
    word alone is a command."""
    is_named = message.kind is IncomingKind.TEXT and message.text.strip() in phrases.COMPARED
    return is_named and bool(talk.of(message, ctx).get("pending")) and _is_fresh(message, ctx)


def is_awaited(message: Incoming, ctx: Context) -> bool:
    """Whether we have just asked this person back, and the words look like the answer."""
    about = talk.of(message, ctx)
    if message.kind is not IncomingKind.TEXT or not _is_fresh(message, ctx):
        return False
    text = message.text.strip()
    is_dislike = bool(about.get("disliked")) and (
        _CORRECTS.fullmatch(text) is not None or _PLACE.fullmatch(text) is not None
    )
    return is_dislike or (_is_subject(text) and ctx.answerer.knows(text))


def _is_fresh(message: Incoming, ctx: Context) -> bool:
    """Whether we asked this person something a moment ago."""
    asked_at = talk.of(message, ctx).get("asked_at", "")
    return asked_at != "" and ctx.now - datetime.fromisoformat(asked_at) <= _PATIENCE


def _answered(message: Incoming, ctx: Context) -> Reply:
    """The answer to a question that is no word of its own."""
    found = _answers(message, ctx)
    if len(found) == 1 and (meant := help.mistyped(message, found[0], ctx)):
        return meant
    for one in found:
        curation.note_unanswered(one, message, ctx)
    again = talk.has_just_shown(found[0], message, ctx)
    talk.keep(found[-1], message, ctx)
    if found[-1].topic in _LOST:
        return _ask_back(found[-1], message, ctx)
    if found[-1].topic == EDITIONS and _is_of_all(found[-1], ctx):
        return _with_subjects(found[-1], message, ctx)
    replies = [answers.as_reply(one, ctx.corpus, again=again) for one in found]
    return Reply(messages=tuple(one for reply in replies for one in reply.messages))


def _is_of_all(found: Answer, ctx: Context) -> bool:
    """Whether two editions were compared as a whole."""
    first = found.differences[0].node
    return len(found.differences) == len(ctx.answerer.differences(first))


def _with_subjects(found: Answer, message: Incoming, ctx: Context) -> Reply:
    """What changed in a plan, with subjects to compare; one of them may come alone, next."""
    talk.change(message, ctx, pending=found.question, asked_at=ctx.now.isoformat())
    reply = answers.as_reply(found, ctx.corpus)
    return replace(
        reply, messages=tuple(
            replace(one, quick=_subjects(message)) if isinstance(one, Card) else one
            for one in reply.messages
        )
    )  # fmt: skip


def _answers(message: Incoming, ctx: Context) -> list[Answer]:
    """The answers to each of several questions, unless together they ask of what was shown."""
    assert message.chat is not None
    parts = _asked_apart(message.text, ctx.unit_of(message.chat), ctx)
    if parts and not talk.of(message, ctx):
        return parts
    whole = _found(_with_pending(message, ctx), message, ctx)
    return parts if parts and whole.topic not in _OF_TALK else [whole]


def _found(text: str, message: Incoming, ctx: Context) -> Answer:
    assert message.chat is not None
    return ctx.answerer.answer(
        text,
        unit=ctx.unit_of(message.chat),
        today=ctx.today,
        previous=talk.previous(message, ctx),
        moves=_moves(ctx),
    )


_LOST = frozenset({"lost", "lost_compare"})


def _ask_back(found: Answer, message: Incoming, ctx: Context) -> Reply:
    """Which subject is meant; an answer to «compare what?» may be the subject alone."""
    assert message.chat is not None
    shared = message.chat.is_shared
    talk.change(message, ctx, pending=found.question, asked_at=ctx.now.isoformat())
    if found.topic == "lost":
        return say(phrases.LOST, quick=phrases.examples(shared=shared))
    return say(phrases.LOST_COMPARE, quick=_subjects(message, found.question))


def _subjects(message: Incoming, question: str = "") -> tuple[Button, ...]:
    """Subjects to compare, each with a question that compares."""
    assert message.chat is not None
    words = (f"{subject} {question or phrases.COMPARING}" for subject in phrases.COMPARED)
    return tuple(_says(one, shared=message.chat.is_shared) for one in words)


def _says(words: str, *, shared: bool) -> Button:
    said = phrases.called(words, shared=shared)
    return Button(label=citing.clipped(words, 20), does=Does.SAY, value=said)


def _with_pending(message: Incoming, ctx: Context) -> str:
    """The text, with the comparison that waited for its subject."""
    pending = talk.of(message, ctx).get("pending", "")
    text = message.text.strip()
    is_named = _is_subject(text) and ctx.answerer.knows(text)
    return f"{text} {pending}" if pending and is_named else text


def _is_subject(text: str) -> bool:
    """Whether a text names something and asks nothing itself."""
    return len(text) <= _SUBJECT and not _ASKS.search(text)


def _moves(ctx: Context) -> list[Adjustment]:
    """The deadlines near today that administrators moved."""
    return list(adjustments.adjustments(ctx.db, deadlines.cycles_near(ctx.today)))


def tapped(message: Incoming, ctx: Context) -> Reply | None:
    """What a button under an answer does; a button of long ago gets a sentence."""
    handler = _TAPS.get(message.data.get("do", ""))
    return handler(message, ctx) if handler else say(phrases.NOT_LONGER_HERE)


_OF_TALK = frozenset({WHOSE, APPLIES, "who"})
"""Topics of what is asked of the clause that was shown, in however many sentences."""


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


# a question put otherwise


def _corrected(message: Incoming, ctx: Context) -> Reply | None:
    """「我是問…」, and after 「不對」 also 「應該是…」: asked anew, and kept for the curators."""
    match = _CORRECTS.fullmatch(message.text.strip())
    about = talk.of(message, ctx)
    if match is None or not about:
        return None
    disliked = about.get("disliked", 0)
    if match["no"] and not disliked:
        disliked = _dislike("wrong", message, ctx) or 0
    if match["should"] and not disliked:
        return None
    if disliked:
        curation.note_correction(disliked, message, ctx)
    asked = replace(message, text=match["words"])
    found = _found(asked.text, asked, ctx)
    is_unclear = found.kind is Kind.UNKNOWN or found.band is Band.NEAR
    if is_unclear and len(asked.text) <= _FRAGMENT:
        whole = _found(f"{about.get('question', '')} {asked.text}", asked, ctx)
        found = whole if whole.kind is not Kind.UNKNOWN and whole.band is Band.SAID else found
    if not disliked:
        curation.note_unanswered(found, message, ctx)
    talk.keep(found, message, ctx)
    return answers.as_reply(found, ctx.corpus)


def _placed(message: Incoming, ctx: Context) -> Reply | None:
    """After 「不對」 a clause's number alone is the correction."""
    disliked = talk.of(message, ctx).get("disliked", 0)
    if not disliked or _PLACE.fullmatch(message.text.strip()) is None:
        return None
    curation.note_correction(disliked, message, ctx)
    found = _found(message.text, message, ctx)
    talk.keep(found, message, ctx)
    return answers.as_reply(found, ctx.corpus)


# what is typed instead of tapped


def _our_duties(message: Incoming, ctx: Context) -> Reply:
    """我的單位: all duties of the chat's unit; unbound, how to bind."""
    assert message.chat is not None
    known = ctx.corpus.units.get(ctx.unit_of(message.chat))
    if known is None:
        return say(phrases.not_bound_yet(shared=message.chat.is_shared))
    return _show(ctx.answerer.duties(known), message, ctx)


def _helped(message: Incoming, ctx: Context) -> Reply:
    about = _about(message, ctx)
    if about is None:
        return say(phrases.HELPED_TYPED)
    clause, question, asked_in = about
    curation.mark("helped", clause, message, ctx, question=question, asked_in=asked_in)
    return say(phrases.HELPED_TYPED)


def _wrong(message: Incoming, ctx: Context) -> Reply:
    return _disliked("wrong", message, ctx)


def _wrong_clause(message: Incoming, ctx: Context) -> Reply:
    return _disliked("wrong_clause", message, ctx)


def _disliked(said: str, message: Incoming, ctx: Context) -> Reply:
    """The last answer was not good: it goes to the curators, and may be asked anew."""
    if _about(message, ctx) is None:
        return say(phrases.NOT_THAT)
    _dislike(said, message, ctx)
    return say(phrases.SAY_IT_OTHERWISE)


def _dislike(said: str, message: Incoming, ctx: Context) -> int | None:
    """The curators' number of the question whose answer was not good, if it may be kept."""
    about = _about(message, ctx)
    if about is None:
        return None
    clause, question, asked_in = about
    known = curation.mark(said, clause, message, ctx, question=question, asked_in=asked_in)
    if known is not None:
        talk.change(message, ctx, disliked=known, asked_at=ctx.now.isoformat())
    return known


def _about(message: Incoming, ctx: Context) -> tuple[str, str, str] | None:
    """The clause of the last answer, its question and the message that asked it."""
    about = talk.of(message, ctx)
    kind, _, quoted = (ctx.about(message) or "").partition(":")
    shown = about.get("clauses", [])[:1]
    if kind == "clause" and [quoted] != shown:
        return (quoted, "", "") if quoted in ctx.corpus.nodes else None
    return (shown[0], about["question"], about["message"]) if shown else None


def _around_last(message: Incoming, ctx: Context) -> Reply:
    node = _last(message, ctx)
    return say(phrases.LOST) if node is None else _show_around(node, message, ctx)


def _last(message: Incoming, ctx: Context) -> Node | None:
    """The clause that the conversation is about."""
    about = _about(message, ctx)
    return ctx.corpus.nodes.get(about[0]) if about else None


def _go_on(message: Incoming, ctx: Context) -> Reply:
    """還有嗎: the next part of a list, else the further clauses of the last answer."""
    about = talk.of(message, ctx)
    if not about:
        return say(phrases.LOST)
    if about.get("topic") == DEADLINES:
        return say(phrases.NO_MORE_DEADLINES)
    if not about.get("listed") or about.get("others"):
        return _others(message, ctx)
    lists = _lists(about, ctx)
    page = int(about.get("page", 0)) + 1
    further = [one for one in lists if len(one.shown) > page * citing.LINES]
    if not further and not about.get("topic"):
        return say(phrases.NO_MORE)
    if not further:
        return say(phrases.list_ends(sum(len(one.shown) for one in lists)))
    talk.change(message, ctx, page=page)
    replies = [answers.as_reply(one, ctx.corpus, page=page) for one in further]
    return Reply(messages=tuple(one for reply in replies for one in reply.messages))


def _nothing(message: Incoming, ctx: Context) -> Reply:
    return say(phrases.NOTHING_TO_CANCEL)


_TYPED: tuple[tuple[str, Callable[[Incoming, Context], Reply]], ...] = (
    ("我的單位", _our_duties),
    ("取消", _nothing),
    ("有幫助|很有幫助|有幫助謝謝|有用|很有用|對了|就是這個|就是這條", _helped),
    ("不對|還是不對|也不對|還是不是|不對吧|不對啦|不是這個|不是這條|不是這題|錯了|答錯了|答非所問|不是|不是啦", _wrong),
    ("引錯條文|引用錯了|引錯了|條文錯了|條文不對|錯條文", _wrong_clause),
    ("前後條文|前後文|上下文|看前後條文", _around_last),
    ("別的答案|其他答案|其他的答案|別的條文|其他條文|還有別的嗎|還有其他的嗎|還有其他嗎|有別的嗎",
     lambda message, ctx: _others(message, ctx)),
    ("還有嗎|還有呢|還有咧|還有沒有|還有|還有哪些|然後呢|再來呢|再來|繼續|看後面的|看後面|後面呢|後面的呢|後面的|下面的|看下面的|剩下的|剩下的呢|還沒看完", _go_on),
    ("下一頁|更多|看更多|就這些嗎|只有這些嗎|就這樣嗎", _go_on),
)  # fmt: skip


@lru_cache(maxsize=8)
def _typed(fold: Folder) -> dict[str, Callable[[Incoming, Context], Reply]]:
    """What each typed word does, by its folded letters."""
    return {bare(fold(word)): does for words, does in _TYPED for word in words.split("|")}


# what is tapped


def _show(answer: Answer, message: Incoming, ctx: Context) -> Reply:
    talk.keep(answer, message, ctx)
    return answers.as_reply(answer, ctx.corpus)


def _clause(message: Incoming, ctx: Context) -> Reply:
    node = ctx.corpus.nodes.get(message.data.get("id", ""))
    if node is None:
        return say(phrases.NOT_LONGER_HERE)
    answer = Answer(question="", kind=Kind.CLAUSE, passages=(ctx.answerer.passage(node),))
    talk.keep(answer, message, ctx)
    return Reply(messages=(answers.clause_card(answer, ctx.corpus),))


def _near(message: Incoming, ctx: Context) -> Reply:
    node = ctx.corpus.nodes.get(message.data.get("id", ""))
    return say(phrases.NOT_LONGER_HERE) if node is None else _show_around(node, message, ctx)


def _show_around(node: Node, message: Incoming, ctx: Context) -> Reply:
    """The clauses before and after one; the talk stays with that one."""
    if not node.is_quotable:
        return say(phrases.AT_THE_END)
    before, after = (
        ctx.answerer.passage(one) if one else None for one in ctx.corpus.neighbours(node)
    )
    if before is None and after is None:
        return say(phrases.AT_THE_END)
    return Reply(messages=(answer_lists.around(before, after),))


def _others(message: Incoming, ctx: Context) -> Reply:
    """The further clauses of the last answer, once."""
    about = talk.of(message, ctx)
    if not about:
        return say(phrases.LOST)
    if about.get("listed") and about.get("topic") != "others":
        return _go_on(message, ctx)
    known = [] if about.get("others") else about.get("clauses", [])[1:6]
    nodes = ctx.answerer.on_subject(about.get("question", ""), known)
    if not nodes:
        return say(phrases.NO_MORE)
    passages = tuple(ctx.answerer.passage(node) for node in nodes)
    answer = Answer(question="", kind=Kind.LIST, passages=passages, topic="others")
    talk.keep(answer, message, ctx)
    talk.change(message, ctx, others=True)
    return answers.as_reply(answer, ctx.corpus)


def _duties(message: Incoming, ctx: Context) -> Reply:
    """All duties of a unit."""
    unit = ctx.corpus.units.get(message.data.get("unit"))
    if unit is None:
        return say(phrases.NOT_LONGER_HERE)
    return _show(ctx.answerer.duties(unit), message, ctx)


def _more(message: Incoming, ctx: Context) -> Reply:
    """A further screen of a list: of the last one, or of a unit's duties at any time."""
    page = message.data.get("page", "")
    found = _list_of(message, ctx) if page.isdecimal() else None
    if found is None:
        return say(phrases.NOT_LONGER_HERE)
    if talk.of(message, ctx).get("clauses", [])[:1] == [found.shown[0].id]:
        talk.change(message, ctx, page=int(page))
    else:
        talk.keep(found, message, ctx, page=int(page))
    return answers.as_reply(found, ctx.corpus, page=int(page))


def _list_of(message: Incoming, ctx: Context) -> Answer | None:
    """The list to which a button belongs; None when the talk has gone on to another one."""
    first = message.data.get("first", "")
    for one in _lists(talk.of(message, ctx), ctx):
        if one.shown[0].id == first:
            return one
    unit = ctx.corpus.units.get(message.data.get("unit"))
    answer = ctx.answerer.duties(unit) if unit else None
    return answer if answer is not None and answer.shown else None


def _lists(about: dict[str, Any], ctx: Context) -> list[Answer]:
    """The lists that the talk is about, complete."""
    units = [unit for name in about.get("units", []) if (unit := ctx.corpus.units.get(name))]
    if units:
        return [ctx.answerer.duties(unit) for unit in units]
    known = about.get("clauses", [])
    nodes = tuple(ctx.corpus.nodes[one] for one in known if one in ctx.corpus.nodes)
    if not nodes:
        return []
    topic = about.get("topic", "")
    return [
        Answer(
            question="",
            kind=Kind.LIST,
            shown=nodes,
            topic=topic,
            plan=ctx.corpus.plan_of(nodes[0]),
            unit=ctx.corpus.units.get(about.get("unit")),
            heading=ctx.corpus.nodes.get(about.get("heading", "")),
            differences=ctx.answerer.differences(nodes[0]) if topic == EDITIONS else (),
        )
    ]


def _mark(message: Incoming, ctx: Context) -> Reply:
    """有幫助, 不對, 引錯條文: about the last answer, where that showed the clause."""
    said, clause = message.data.get("as", ""), message.data.get("id", "")
    if said not in curation.MARKS or clause not in ctx.corpus.nodes:
        return say(phrases.NOT_LONGER_HERE)
    about = talk.of(message, ctx)
    is_same = about.get("clauses", [])[:1] == [clause]
    known = curation.mark(
        said,
        clause,
        message,
        ctx,
        question=about["question"] if is_same else "",
        asked_in=about["message"] if is_same else "",
    )
    if known is None:
        return say(phrases.THANKS_FOR_MARK)
    talk.change(message, ctx, disliked=known, asked_at=ctx.now.isoformat())
    return say(phrases.SORRY_MARKED)


def _courtesy(message: Incoming, ctx: Context) -> Reply:
    """The card that tells how the telephone is answered."""
    return courtesy.show(message, ctx)


_TAPS: dict[str, Callable[[Incoming, Context], Reply]] = {
    "clause": _clause,
    "near": _near,
    "others": _others,
    "duties": _duties,
    "more": _more,
    "mark": _mark,
    "courtesy": _courtesy,
}
