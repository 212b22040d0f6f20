"""綁定 CODE: the chat speaks for a unit, or the sender becomes an administrator."""

from __future__ import annotations

import re
from datetime import timedelta

from bot import phrases
from bot.messages import ChatRef, Incoming, Reply, say
from bot.store import audit, chats, codes
from bot.store.codes import Redeemed, Role
from handlers import people
from handlers.addressing import plain
from handlers.context import Context

_WORD = re.compile(r"(?:綁定|绑定)碼?\W*")
_TYPED = re.compile(r"[0-9a-z\W_]+")
_A_CODE = re.compile(r"[0-9a-z]{4}\W?[0-9a-z]{4}")
_CANCEL = "取消"

_AWAITED = "code"
_PATIENCE = timedelta(minutes=5)


def is_meant(message: Incoming, ctx: Context) -> bool:
    """Whether the text is about binding, or the code that the bot has asked for."""
    return _WORD.match(plain(message.text)) is not None or is_awaited(message, ctx)


def is_awaited(message: Incoming, ctx: Context) -> bool:
    """Whether the text answers the bot's request for a code.

    Only what looks like a code, or a refusal, does: people in a group go on talking.
    """
    text = plain(message.text)
    if text != _CANCEL and not _A_CODE.fullmatch(text):
        return False
    return ctx.asked(message) == _AWAITED


def bind(message: Incoming, ctx: Context) -> Reply:
    """Use the code; without one, ask for it or say where to get it."""
    text = plain(message.text)
    if text == _CANCEL:
        ctx.forget(message)
        return say(phrases.BINDING_CANCELLED)
    code = _WORD.sub("", text, count=1)
    if not code:
        ctx.ask(message, _AWAITED, lifetime=_PATIENCE)
        return say(phrases.SEND_THE_CODE)
    if not _TYPED.fullmatch(code):
        assert message.chat is not None
        return say(phrases.how_to_bind(shared=message.chat.is_shared))
    return _redeem(code, message, ctx)


def _redeem(code: str, message: Incoming, ctx: Context) -> Reply:
    assert message.chat is not None
    chat, person = message.chat, message.person
    if codes.is_slowed(ctx.db, person or chat.id, ctx.now):
        return say(phrases.TOO_MANY_CODES)
    redeemed = codes.redeem(ctx.db, code, chat=chat, person=person, now=ctx.now)
    if redeemed is None:
        return say(phrases.CODE_REFUSED)
    ctx.forget(message)
    if redeemed.role is Role.ADMIN and chat.is_shared:
        # Everybody in the group has read it, so it stays used up and gives nobody anything.
        audit.record(ctx.db, person, "void_code", redeemed.role.value, ctx.now)
        return say(phrases.ADMIN_CODE_IN_GROUP, worth_a_push=True)
    if redeemed.giver is not None:
        return people.accept(redeemed, message, ctx)
    return _grant(redeemed, chat, person, ctx)


def _grant(redeemed: Redeemed, chat: ChatRef, person: str | None, ctx: Context) -> Reply:
    if redeemed.unit is None:
        chats.make_admin(ctx.db, person or chat.id, now=ctx.now)
        card = phrases.now_admin()
    else:
        chats.bind(ctx.db, chat, redeemed.unit, by=person, now=ctx.now)
        units = ctx.units_of(chat)
        card = phrases.now_bound(redeemed.unit, units, shared=chat.is_shared)
    return Reply(messages=(card,), worth_a_push=True)
