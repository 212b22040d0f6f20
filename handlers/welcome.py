"""Where the bot comes and goes: one hello where it was invited, none for each newcomer."""

from __future__ import annotations

from bot import phrases
from bot.messages import Incoming, IncomingKind, Reply, Text, say
from bot.store import chats, conversations
from handlers.context import Context


def joined(message: Incoming, ctx: Context) -> Reply:
    """The bot was invited into a group: how to call it, and that it is silent otherwise."""
    assert message.chat is not None
    chats.joined(ctx.db, message.chat, ctx.now)
    units = ctx.units_of(message.chat)
    text = Text(text=phrases.hello_group(units), quick=phrases.examples(shared=True))
    return Reply(messages=(text,))


def followed(message: Incoming, ctx: Context) -> Reply:
    """A person added the bot: what it is for, with questions to tap."""
    assert message.chat is not None
    chats.followed(ctx.db, message.chat, ctx.now)
    text = Text(text=phrases.HELLO_PERSON, quick=phrases.examples(shared=False))
    return Reply(messages=(text,))


def gone(message: Incoming, ctx: Context) -> None:
    """The bot was put out of a group or blocked: nothing more is said there."""
    assert message.chat is not None
    if message.kind is IncomingKind.LEAVE:
        chats.left(ctx.db, message.chat, ctx.now)
    else:
        chats.unfollowed(ctx.db, message.chat, ctx.now)


def members_changed(message: Incoming, ctx: Context) -> None:
    """People came or went: nobody is greeted, and unfinished talk with who left is forgotten."""
    assert message.chat is not None
    chats.spoke(ctx.db, message.chat)
    if message.kind is IncomingKind.MEMBER_LEFT:
        for person in message.members:
            conversations.clear(ctx.db, message.chat, person)


def cannot_read(message: Incoming, ctx: Context) -> Reply:
    """A picture, a file, a sticker or a place, one-to-one: say what the bot can do instead."""
    return say(phrases.CANNOT_READ, quick=phrases.examples(shared=False))
