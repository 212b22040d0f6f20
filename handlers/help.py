"""說明: what this person may do here, and nothing else."""

from __future__ import annotations

from bot import phrases
from bot.messages import Incoming, Reply
from handlers.addressing import plain
from handlers.context import Context

_WORDS = frozenset({"", "說明", "说明", "使用說明", "幫助", "功能", "help", "h"})


def is_meant(message: Incoming, ctx: Context) -> bool:
    """Whether somebody asks for help, calls the bot and says nothing, or sends only marks."""
    return plain(message.text) in _WORDS


def show_help(message: Incoming, ctx: Context) -> Reply:
    """The card for this person in this chat."""
    assert message.chat is not None
    card = phrases.help_card(
        shared=message.chat.is_shared,
        units=ctx.units_of(message.chat),
        admin=ctx.is_admin(message.person),
    )
    return Reply(messages=(card,))
