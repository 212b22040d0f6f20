"""For which unit words in a chat are meant: the chat's only one, the one named, or asked."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from bot import phrases_reports
from bot.messages import Card, Incoming, IncomingKind, Reply, say
from bot.plans import roc
from bot.plans.model import RocYear, Unit
from bot.store import chats
from handlers.context import Context
from handlers.timeline import tap

CHOOSE = "unit"
"""What the buttons of the question do, the word in their data."""

_TOPIC = "unit"
_YEAR = re.compile(r"(?:民國)?(?P<year>1\d\d|20\d\d)(?:年度?)?")
_BETWEEN = re.compile(r"[\s,，、;；:：。()（）「」]+")
_MOST = 20


def unit_for(message: Incoming, ctx: Context, *, what: str, looking: bool = False) -> Unit | Reply:
    """The unit that a message is for.

    Once a unit is tapped the message comes again as it was, with the unit's name in its data
    (`again`), and this gives that unit.

    Args:
        what: what is done for the unit, in the words of the question: 「回報」, 「交接」.
        looking: nothing is done, something of the unit is looked at: 「進度」.

    Returns:
        The chat's only unit, or the one of its units that the text names or that was tapped (for
        an administrator one-to-one any unit that stands in front); else what to say: that the
        unit in front is not this chat's, how to bind the chat, or the question with a button for
        each unit. The question remembers the message for the person who wrote it.
    """
    assert message.chat is not None
    mine = [unit for name in ctx.units_of(message.chat) if (unit := ctx.corpus.units.get(name))]
    chosen = ctx.corpus.units.get(message.data.get(CHOOSE))
    words = words_of(message.text)
    named = [unit for word in words if (unit := ctx.corpus.units.get(word))]
    if found := next((unit for unit in (chosen, *named) if unit in mine), None):
        return found
    if in_front := ctx.corpus.units.get(next(iter(words[1:]), None)):
        return _others(in_front, mine, message, ctx, what, looking=looking)
    if not mine:
        return say(_no_unit(message, ctx, what, looking=looking))
    if len(mine) == 1:
        return mine[0]
    return _question(mine, message, ctx, phrases_reports.which_unit(what, looking=looking))


def is_chosen(message: Incoming, ctx: Context) -> bool:
    """Whether a button of the question was tapped."""
    return message.kind is IncomingKind.POSTBACK and message.data.get("do") == CHOOSE


def again(message: Incoming, ctx: Context) -> Incoming | None:
    """The message that the question was about, now with its unit; None when it is forgotten."""
    earlier = ctx.recall(message, topic=_TOPIC)
    if earlier is None or earlier["event_id"] != message.data.get("of"):
        return None
    ctx.forget(message, topic=_TOPIC)
    return replace(
        message,
        kind=IncomingKind.TEXT,
        text=earlier["text"],
        typed=earlier["text"],
        message_id=earlier["message_id"],
        quoted_message_id=earlier["quoted"],
        mentions=tuple(earlier["mentions"]),
        data={CHOOSE: message.data.get("unit", "")},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """The year and the unit that stand behind a word; None for what is not named."""

    year: RocYear | None = None
    unit: Unit | None = None


def details(text: str, ctx: Context) -> Details | None:
    """The year and the unit that a text names, in any order; None where it says anything else."""
    found = Details()
    for word in words_of(text):
        if match := _YEAR.fullmatch(word):
            number = int(match["year"])
            year = roc.from_western(number) if number > 1911 else RocYear(number)
            found = replace(found, year=year)
        elif unit := ctx.corpus.units.get(word):
            found = replace(found, unit=unit)
        else:
            return None
    return found


def words_of(text: str) -> list[str]:
    """The words of a text, between blanks and marks."""
    return [word for word in _BETWEEN.split(text) if word]


def _no_unit(message: Incoming, ctx: Context, what: str, *, looking: bool) -> str:
    """That the chat has no unit: an administrator one-to-one may name any, others have to bind."""
    assert message.chat is not None
    shared = message.chat.is_shared
    if not shared and ctx.is_admin(message.person):
        return phrases_reports.name_the_unit(what, looking=looking)
    return phrases_reports.nobody_here(what, shared=shared, looking=looking)


def _others(
    unit: Unit, mine: list[Unit], message: Incoming, ctx: Context, what: str, *, looking: bool
) -> Unit | Reply:
    """A unit that is not the chat's, said right after the word: never done for another instead."""
    assert message.chat is not None
    if chats.may_report(ctx.db, message.chat, unit.name, person=message.person, today=ctx.today):
        return unit
    if not mine:
        return say(_no_unit(message, ctx, what, looking=looking))
    names = [one.name for one in mine]
    return say(phrases_reports.not_for(unit.name, names, what, looking=looking))


def _question(units: list[Unit], message: Incoming, ctx: Context, title: str) -> Reply:
    """Which unit; the words are kept, so that nobody types them twice."""
    earlier = {
        "event_id": message.event_id,
        "text": message.text,
        "message_id": message.message_id,
        "quoted": message.quoted_message_id,
        "mentions": list(message.mentions),
    }
    ctx.remember(message, earlier, topic=_TOPIC)
    buttons = tuple(
        tap(unit.name, do=CHOOSE, unit=unit.name, of=message.event_id) for unit in units[:_MOST]
    )
    card = Card(title=title, buttons=buttons)
    return Reply(messages=(card,))
