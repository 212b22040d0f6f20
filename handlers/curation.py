"""待補問題: administrators turn what was not answered, or not well, into answers.

A question goes on the list without who asked it. An administrator links it to a clause, writes an
entry that cites clauses, marks it as outside the plans, or passes over it; it counts from the
next question on in every process, and each step can be taken back.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from bot import phrases
from bot.log import fingerprint
from bot.messages import Button, Card, Cards, Does, Incoming, IncomingKind, Reply, Tone, say
from bot.plans.model import Node
from bot.search import privacy
from bot.search.answer import LONGEST, Answer, Kind, Passage
from bot.search.curated import Taught
from bot.search.words import bare
from bot.store import audit, questions, teachings
from bot.store.questions import Asked
from bot.store.teachings import TeachingKind
from handlers import citing
from handlers.addressing import plain
from handlers.context import Context

_WORD = re.compile(r"待[補补][問问][題题]")
_TEXTS = frozenset({IncomingKind.TEXT, IncomingKind.EDITED})
MARKS = frozenset({"helped", "wrong", "wrong_clause"})

_SCREEN, _CHOICES, _MOST_CITED = 8, 4, 3
_QUOTED, _LABEL = 200, 20
_CORRECTIONS = 3
_SHORTEST_ENTRY, _LONGEST_ENTRY = 4, 1_000
_PATIENCE = timedelta(minutes=15)
_AWAITED = "curation"
_DRAFT = "draft"
_CANCEL = "取消"


# what every answer needs


def bring_up_to_date(ctx: Context) -> None:
    """Let the answerer know what curators taught, when that changed since its last answer."""
    version = teachings.version(ctx.db)
    if version == ctx.answerer.taught_version:
        return
    taught = [
        Taught(question=one.question, clauses=one.clauses, faq=one.faq)
        for one in teachings.in_force(ctx.db)
    ]
    ctx.answerer.teach(taught, version)


def note_unanswered(answer: Answer, message: Incoming, ctx: Context) -> None:
    """Put a question that the plans do not answer on the curators' list.

    Not what curators already know to be outside, nor a short question that only lost its thread.
    """
    if message.kind is IncomingKind.EDITED and message.message_id is not None:
        questions.forget_message(ctx.db, message.message_id)  # what counts is the last version
    if answer.kind is Kind.UNKNOWN and not answer.topic and len(message.text) <= LONGEST:
        _record(answer.question, "unknown", message, ctx, message_id=message.message_id)


def mark(
    said: str, clause: str, message: Incoming, ctx: Context, *, question: str, asked_in: str
) -> int | None:
    """What somebody thinks of an answer; what was not good goes on the curators' list.

    Args:
        said: one of `MARKS`.
        clause: the one that was shown.
        question: what was asked, where the conversation still knows it.
        asked_in: the id of the message that asked it.

    Returns:
        The number of the question on the list; None when it is not there.
    """
    assert message.chat is not None
    known = None
    if said != "helped" and question:
        known = _record(question, said, message, ctx, message_id=asked_in or None, clause=clause)
    questions.mark(
        ctx.db,
        key=(asked_in or f"{fingerprint(message.chat.id)}:{ctx.today}:{clause}")[:64],
        clause=clause,
        mark=said,
        unit=ctx.unit_of(message.chat),
        now=ctx.now,
        question_id=known,
    )
    return known


def note_correction(disliked: int, message: Incoming, ctx: Context) -> None:
    """Keep with a question whose answer was not good what its asker said instead."""
    kept = privacy.storable(message.text)
    if kept is None or message.message_id is None:
        return
    questions.forget_message(ctx.db, message.message_id)  # edited: what counts is the last version
    questions.correct(ctx.db, disliked, kept, message_id=message.message_id, now=ctx.now)


def _record(
    text: str,
    kind: str,
    message: Incoming,
    ctx: Context,
    *,
    message_id: str | None,
    clause: str = "",
) -> int | None:
    """The id of the question on the list; None where nothing of it may be kept."""
    kept = privacy.storable(text)
    if kept is None:
        return None
    assert message.chat is not None
    if message_id is not None:
        questions.forget_message(ctx.db, message_id)  # a message asks once
    return questions.record(
        ctx.db,
        kept,
        kind=kind,
        now=ctx.now,
        unit=ctx.unit_of(message.chat),
        message_id=message_id,
        folded=bare(ctx.answerer.index.fold(kept)),
        clause=clause,
    )


# what the table asks


def is_meant(message: Incoming, ctx: Context) -> bool:
    """Whether somebody asks for the list."""
    return message.kind in _TEXTS and _WORD.fullmatch(plain(message.text)) is not None


def is_awaited(message: Incoming, ctx: Context) -> bool:
    """Whether the text is the entry, or the path, that the bot has asked an administrator for."""
    return message.kind in _TEXTS and ctx.asked(message) == _AWAITED


def is_tapped(message: Incoming, ctx: Context) -> bool:
    """Whether it is a tap on one of the buttons of the list."""
    return message.kind is IncomingKind.POSTBACK and message.data.get("do") == "curate"


def show(message: Incoming, ctx: Context) -> Reply:
    """The open questions, the most asked first."""
    return _refusal(message, ctx) or _list(0, ctx)


def tapped(message: Incoming, ctx: Context) -> Reply:
    """What a button of the list does."""
    handler = _TAPS.get(message.data.get("op", ""))
    if handler is None:
        return say(phrases.NOT_LONGER_HERE)
    return _refusal(message, ctx) or handler(message, ctx)


def typed(message: Incoming, ctx: Context) -> Reply:
    """The words of an entry, or where the clause stands that is to be cited."""
    refused = _refusal(message, ctx)
    if refused:
        return refused
    draft = _draft(message, ctx)
    asked = questions.get_open(ctx.db, draft.get("q", 0))
    if plain(message.text) == _CANCEL or asked is None:
        ctx.forget(message)
        return say(phrases.CURATION_CANCELLED if asked else phrases.CURATION_SETTLED)
    if draft.get("step") == "words":
        return _words(asked, message, ctx)
    if draft.get("step") == "cite" and plain(message.text) == phrases.CURATION_SAVE:
        return _saved(asked, draft, message, ctx)
    return _place(asked, draft, message, ctx)


def _refusal(message: Incoming, ctx: Context) -> Reply | None:
    """Why this person cannot curate here; None when they can."""
    assert message.chat is not None
    if not ctx.is_admin(message.person):
        audit.record(ctx.db, message.person, "refused", "curation", ctx.now)
        return say(phrases.CURATION_ADMINS_ONLY)
    return say(phrases.CURATION_ALONE) if message.chat.is_shared else None


# the list, and one question of it


def _list(page: int, ctx: Context) -> Reply:
    total = questions.how_many_open(ctx.db)
    start = min(page, max(total - 1, 0) // _SCREEN) * _SCREEN
    found = questions.open_ones(ctx.db, limit=_SCREEN, offset=start)
    if not found:
        return say(phrases.CURATION_NONE)
    numbered = list(enumerate(found, start=start + 1))
    lines = [_line(number, asked) for number, asked in numbered]
    buttons = [
        _tap(citing.clipped(f"{number} {asked.text}", _LABEL), "open", q=asked.id)
        for number, asked in numbered
    ]
    if start + _SCREEN < total:
        buttons.append(_tap(phrases.MORE, "page", page=start // _SCREEN + 1))
    title = phrases.curation_title(total)
    card = Card(
        title=title,
        body="\n".join(lines),
        note=phrases.CURATION_TAP,
        buttons=tuple(buttons),
        alt="\n".join([title, *lines]),
    )
    return Reply(messages=(card,))


def _line(number: int, asked: Asked) -> str:
    words = citing.clipped(asked.text.replace("\n", " "), citing.ENTRY)
    return f"{number}. {words}（{phrases.curation_about(asked.count, asked.unit, asked.kind)}）"


def _page(message: Incoming, ctx: Context) -> Reply:
    return _list(_number(message, "page") or 0, ctx)


def _open(message: Incoming, ctx: Context) -> Reply:
    asked = _asked(message, ctx)
    return say(phrases.CURATION_SETTLED) if asked is None else _opened(asked, ctx)


def _opened(asked: Asked, ctx: Context) -> Reply:
    """The question with what can be done, and a card for each of the nearest clauses."""
    shown = ctx.corpus.nodes.get(asked.clause)
    rows = [(phrases.CURATION_SHOWN, _cite(shown, ctx))] if shown else []
    rows += [(phrases.CURATION_CORRECTED, one) for one in asked.corrections[-_CORRECTIONS:]]
    first = Card(
        kicker=phrases.curation_about(asked.count, asked.unit, asked.kind),
        title=citing.clipped(asked.text, _QUOTED),
        rows=tuple(rows),
        buttons=(
            _tap(phrases.CURATION_WRITE, "write", q=asked.id),
            _tap(phrases.CURATION_PATH, "path", q=asked.id),
            _tap(phrases.CURATION_OUTSIDE, "outside", q=asked.id),
            _tap(phrases.CURATION_SKIP, "skip", q=asked.id),
        ),
    )
    near = _nearest(asked, ctx)
    return _cards(first, _choices(near, phrases.CURATION_LINK, "link", asked))


def _nearest(asked: Asked, ctx: Context) -> tuple[Passage, ...]:
    """The clauses that the question may mean, without the one that was disliked."""
    answer = ctx.answerer.answer(asked.text, unit=asked.unit, today=ctx.today)
    found = answer.nearest or answer.passages
    return tuple(one for one in found if one.node.id != asked.clause)[:_CHOICES]


def _choices(near: Sequence[Passage], label: str, op: str, asked: Asked) -> tuple[Card, ...]:
    return tuple(
        Card(
            kicker=citing.cite(one),
            title=citing.title_of(one.node),
            body=citing.clipped(one.text, _QUOTED),
            buttons=(_tap(label, op, q=asked.id, id=one.node.id),),
        )
        for one in near
    )


# what is done with it


def _link(message: Incoming, ctx: Context) -> Reply:
    asked, node = _asked(message, ctx), ctx.corpus.nodes.get(message.data.get("id", ""))
    if asked is None or node is None:
        return say(phrases.NOT_LONGER_HERE if asked else phrases.CURATION_SETTLED)
    return _teach(asked, TeachingKind.LINK, message, ctx, clauses=(node.id,))


def _outside(message: Incoming, ctx: Context) -> Reply:
    asked = _asked(message, ctx)
    if asked is None:
        return say(phrases.CURATION_SETTLED)
    return _teach(asked, TeachingKind.OUTSIDE, message, ctx)


def _skip(message: Incoming, ctx: Context) -> Reply:
    asked = _asked(message, ctx)
    if asked is None or not questions.settle(ctx.db, asked.id, questions.DISMISSED):
        return say(phrases.CURATION_SETTLED)
    audit.record(ctx.db, message.person, "skip_question", f"question {asked.id}", ctx.now)
    undo = _tap(phrases.UNDO, "reopen", q=asked.id)
    return _done(phrases.CURATION_SKIPPED, asked, (), undo)


def _reopen(message: Incoming, ctx: Context) -> Reply:
    number = _number(message, "q")
    if number is None or not questions.reopen(ctx.db, number):
        return say(phrases.CURATION_UNDONE_ALREADY)
    audit.record(ctx.db, message.person, "reopen_question", f"question {number}", ctx.now)
    return say(phrases.CURATION_UNDONE)


def _undo(message: Incoming, ctx: Context) -> Reply:
    number = _number(message, "t")
    if number is None or not teachings.undo(ctx.db, number, by=message.person, now=ctx.now):
        return say(phrases.CURATION_UNDONE_ALREADY)
    return say(phrases.CURATION_UNDONE)


def _teach(
    asked: Asked,
    kind: TeachingKind,
    message: Incoming,
    ctx: Context,
    *,
    clauses: Sequence[str] = (),
    faq: str = "",
) -> Reply:
    outside = kind is TeachingKind.OUTSIDE
    status = questions.DISMISSED if outside else questions.ANSWERED
    if not questions.settle(ctx.db, asked.id, status):
        return say(phrases.CURATION_SETTLED)
    teaching = teachings.add(
        ctx.db,
        question=asked.text,
        kind=kind,
        clauses=clauses,
        faq=faq,
        by=message.person,
        now=ctx.now,
        question_id=asked.id,
    )
    ctx.forget(message)
    cited = [_cite(ctx.corpus.nodes[one], ctx) for one in clauses]
    return _done(phrases.CURATION_DONE[kind], asked, cited, _tap(phrases.UNDO, "undo", t=teaching))


def _done(said: str, asked: Asked, cited: Sequence[str], undo: Button) -> Reply:
    card = Card(
        kicker=said,
        title=citing.clipped(asked.text, _QUOTED),
        body="\n".join(f"・{one}" for one in cited),
        note=phrases.CURATION_FROM_NOW,
        tone=Tone.GOOD,
        buttons=(undo, Button(label=phrases.CURATION, does=Does.SAY, value=phrases.CURATION)),
    )
    return Reply(messages=(card,), worth_a_push=True)


# an entry, step by step


def _write(message: Incoming, ctx: Context) -> Reply:
    return _ask(message, ctx, "words", phrases.CURATION_ASK_WORDS)


def _path(message: Incoming, ctx: Context) -> Reply:
    return _ask(message, ctx, "place", phrases.CURATION_ASK_PATH)


def _ask(message: Incoming, ctx: Context, step: str, words: str) -> Reply:
    asked = _asked(message, ctx)
    if asked is None:
        return say(phrases.CURATION_SETTLED)
    _keep({"step": step, "q": asked.id}, message, ctx)
    return say(words, quick=(_cancel(),))


def _words(asked: Asked, message: Incoming, ctx: Context) -> Reply:
    """The entry's words are there; now it wants clauses to cite."""
    words = privacy.redacted(message.text.strip(), office=True)
    letters = len(bare(words.replace(privacy.MARK, "").lower()))
    if letters < _SHORTEST_ENTRY or len(words) > _LONGEST_ENTRY:
        return say(phrases.CURATION_BAD_WORDS, quick=(_cancel(),))
    draft = {
        "step": "cite",
        "q": asked.id,
        "faq": words,
        "clauses": [],
        "message": message.message_id or "",
    }
    _keep(draft, message, ctx)
    return _drafted(asked, draft, _nearest(asked, ctx), ctx)


def _place(asked: Asked, draft: dict[str, Any], message: Incoming, ctx: Context) -> Reply:
    """A path, an id or other words for a clause: cited or linked, or offered when unclear."""
    found = _found(message.text.strip(), asked, ctx)
    if not found:
        return say(phrases.CURATION_NO_PLACE, quick=(_cancel(),))
    is_entry = draft.get("step") == "cite"
    if len(found) == 1:
        node = found[0].node
        if is_entry:
            return _cited(asked, draft, node, message, ctx)
        return _teach(asked, TeachingKind.LINK, message, ctx, clauses=(node.id,))
    if is_entry:
        return _drafted(asked, draft, found, ctx)
    first = Card(title=phrases.CURATION_WHICH, body=citing.clipped(asked.text, _QUOTED))
    return _cards(first, _choices(found, phrases.CURATION_LINK, "link", asked))


def _found(words: str, asked: Asked, ctx: Context) -> tuple[Passage, ...]:
    node = ctx.corpus.nodes.get(words)
    if node is not None:
        return (ctx.answerer.passage(node),)
    answer = ctx.answerer.answer(words, unit=asked.unit, today=ctx.today)
    return (answer.passages or answer.nearest)[:_CHOICES]


def _cite_it(message: Incoming, ctx: Context) -> Reply:
    draft, asked = _draft(message, ctx), _asked(message, ctx)
    node = ctx.corpus.nodes.get(message.data.get("id", ""))
    if asked is None or node is None or draft.get("step") != "cite" or draft["q"] != asked.id:
        return say(phrases.CURATION_SETTLED if asked is None else phrases.NOT_LONGER_HERE)
    return _cited(asked, draft, node, message, ctx)


def _cited(
    asked: Asked, draft: dict[str, Any], node: Node, message: Incoming, ctx: Context
) -> Reply:
    """One more clause, at most three; the same one again changes nothing."""
    clauses = list(dict.fromkeys([*draft["clauses"], node.id]))
    if len(clauses) > _MOST_CITED:
        return say(phrases.CURATION_ENOUGH)
    draft = {**draft, "clauses": clauses}
    _keep(draft, message, ctx)
    return _drafted(asked, draft, _nearest(asked, ctx), ctx)


def _drafted(asked: Asked, draft: dict[str, Any], near: Sequence[Passage], ctx: Context) -> Reply:
    """The entry as it stands, with clauses that it may cite."""
    clauses = [one for one in draft["clauses"] if one in ctx.corpus.nodes]
    save = (_tap(phrases.CURATION_SAVE, "save", q=asked.id),) if clauses else ()
    first = Card(
        kicker=phrases.curation_draft(len(clauses), _MOST_CITED),
        title=citing.clipped(asked.text, _QUOTED),
        body="\n".join([draft["faq"], *(f"・{_cite(ctx.corpus.nodes[c], ctx)}" for c in clauses)]),
        note=phrases.CURATION_CITE_OR_TYPE if clauses else phrases.CURATION_MUST_CITE,
        buttons=(*save, _cancel()),
    )
    left = [one for one in near if one.node.id not in clauses]
    room = left if len(clauses) < _MOST_CITED else []
    return _cards(first, _choices(room, phrases.CURATION_CITE, "cite", asked))


def _save(message: Incoming, ctx: Context) -> Reply:
    draft, asked = _draft(message, ctx), _asked(message, ctx)
    if asked is None:
        return say(phrases.CURATION_SETTLED)
    if draft.get("q") != asked.id:
        return say(phrases.NOT_LONGER_HERE)
    return _saved(asked, draft, message, ctx)


def _saved(asked: Asked, draft: dict[str, Any], message: Incoming, ctx: Context) -> Reply:
    """The entry counts from now on, when it cites a clause; else what to type."""
    clauses = [one for one in draft.get("clauses", ()) if one in ctx.corpus.nodes]
    if not clauses:
        return say(phrases.CURATION_MUST_CITE, quick=(_cancel(),))
    return _teach(asked, TeachingKind.FAQ, message, ctx, clauses=clauses, faq=draft["faq"])


_TAPS = {
    "page": _page,
    "open": _open,
    "link": _link,
    "outside": _outside,
    "skip": _skip,
    "reopen": _reopen,
    "undo": _undo,
    "write": _write,
    "path": _path,
    "cite": _cite_it,
    "save": _save,
}


# small things


def _keep(draft: dict[str, Any], message: Incoming, ctx: Context) -> None:
    ctx.remember(message, {"asked": _AWAITED, _DRAFT: draft}, lifetime=_PATIENCE)


def _draft(message: Incoming, ctx: Context) -> dict[str, Any]:
    draft = (ctx.recall(message) or {}).get(_DRAFT)
    return draft if isinstance(draft, dict) else {}


def _asked(message: Incoming, ctx: Context) -> Asked | None:
    number = _number(message, "q")
    return None if number is None else questions.get_open(ctx.db, number)


def _number(message: Incoming, name: str) -> int | None:
    """A number of a button; None where it isn't one that a button of ours has."""
    value = message.data.get(name, "")
    return int(value) if re.fullmatch("[0-9]{1,15}", value) else None


def _tap(label: str, op: str, **fields: str | int) -> Button:
    value = citing.data(do="curate", op=op, **fields)
    return Button(label=label, does=Does.POSTBACK, value=value, says=label)


def _cancel() -> Button:
    return Button(label=_CANCEL, does=Does.SAY, value=_CANCEL)


def _cite(node: Node, ctx: Context) -> str:
    return citing.cite(ctx.answerer.passage(node))


def _cards(first: Card, others: Sequence[Card]) -> Reply:
    """Cards side by side, with the same as text."""
    cards = (first, *others)
    return Reply(messages=(Cards(cards=cards, alt="\n".join(card.plain for card in cards)),))
