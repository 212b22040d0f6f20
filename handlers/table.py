"""Which handler answers what: rows tried in order, the first that matches answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.messages import Incoming, IncomingKind, Reply
from handlers import (
    admin,
    ask,
    bind,
    calendar,
    chase,
    courtesy,
    curation,
    deadlines,
    help,
    reminder_settings,
    welcome,
)
from handlers.addressing import addressed
from handlers.context import Context

_TEXTS = frozenset({IncomingKind.TEXT, IncomingKind.EDITED})
_CONTENTS = frozenset(
    {
        IncomingKind.IMAGE,
        IncomingKind.VIDEO,
        IncomingKind.AUDIO,
        IncomingKind.FILE,
        IncomingKind.LOCATION,
        IncomingKind.STICKER,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A handler and what it answers; `words` are what people type for it, for the manual."""

    name: str
    matches: Callable[[Incoming, Context], bool]
    handler: Callable[[Incoming, Context], Reply | None]
    words: tuple[str, ...] = ()


def _is(*kinds: IncomingKind) -> Callable[[Incoming, Context], bool]:
    return lambda message, _: message.kind in kinds


TABLE = (
    Row(name="joined", matches=_is(IncomingKind.JOIN), handler=welcome.joined),
    Row(name="followed", matches=_is(IncomingKind.FOLLOW), handler=welcome.followed),
    Row(
        name="gone",
        matches=_is(IncomingKind.LEAVE, IncomingKind.UNFOLLOW),
        handler=welcome.gone,
    ),
    Row(
        name="members",
        matches=_is(IncomingKind.MEMBER_JOINED, IncomingKind.MEMBER_LEFT),
        handler=welcome.members_changed,
    ),
    Row(name="deadline_tapped", matches=deadlines.is_tapped, handler=deadlines.tapped),
    Row(
        name="calendar",
        matches=calendar.is_meant,
        handler=calendar.answer,
        words=("行事曆", "停用行事曆"),
    ),
    Row(name="admin", matches=admin.is_meant, handler=admin.answer, words=("調整", "停班")),
    Row(name="curation_tapped", matches=curation.is_tapped, handler=curation.tapped),
    Row(
        name="chase",
        matches=chase.is_meant,
        handler=chase.answer,
        words=("預告", "催辦", "提醒紀錄"),
    ),
    Row(
        name="reminder_settings",
        matches=reminder_settings.is_meant,
        handler=reminder_settings.answer,
        words=("提醒設定",),
    ),
    Row(name="tapped", matches=_is(IncomingKind.POSTBACK), handler=ask.tapped),
    Row(name="contents", matches=_is(*_CONTENTS), handler=welcome.cannot_read),
    Row(name="bind", matches=bind.is_meant, handler=bind.bind, words=("綁定",)),
    Row(name="help", matches=help.is_meant, handler=help.show_help, words=("說明",)),
    Row(name="curation", matches=curation.is_meant, handler=curation.show, words=("待補問題",)),
    Row(name="curation_typed", matches=curation.is_awaited, handler=curation.typed),
    Row(name="deadlines", matches=deadlines.is_meant, handler=deadlines.show, words=("期限",)),
    Row(
        name="deadline_said",
        matches=deadlines.is_said,
        handler=deadlines.said,
        words=("完成了", "知道了", "提醒我"),
    ),
    Row(name="courtesy", matches=courtesy.is_meant, handler=courtesy.show, words=("電話禮貌",)),
    Row(
        name="courtesy_report",
        matches=courtesy.is_report,
        handler=courtesy.report,
        words=("回報 電話禮貌",),
    ),
    Row(name="improvement", matches=courtesy.is_awaited, handler=courtesy.improve),
    Row(
        name="ask",
        matches=_is(*_TEXTS),
        handler=ask.answer_question,
        words=("我的單位",),
    ),
)


def handle(message: Incoming, ctx: Context) -> Reply | None:
    """What the bot says to an event; None when it keeps silent.

    A message that is not meant for the bot changes nothing and leaves no trace.
    """
    if message.chat is None or message.is_standby:
        return None
    meant = _meant_for_us(message, ctx)
    if meant is None:
        return None
    for row in TABLE:
        if row.matches(meant, ctx):
            return row.handler(meant, ctx)
    return None


def _meant_for_us(message: Incoming, ctx: Context) -> Incoming | None:
    """The event with only the words that are for the bot, None when it is not for the bot."""
    assert message.chat is not None
    if message.kind in _TEXTS:
        text = addressed(
            message,
            one_to_one=not message.chat.is_shared,
            is_ours_quoted=ctx.quotes_us(message),
            is_expected=_is_expected(message, ctx),
        )
        return None if text is None else replace(message, text=text)
    if message.kind in _CONTENTS and message.chat.is_shared:
        return None
    return message


def _is_expected(message: Incoming, ctx: Context) -> bool:
    """Whether the bot waits for this text: an answer to it, or a new version of a question."""
    if message.kind is IncomingKind.EDITED and ctx.was_answered(message):
        return True
    return bind.is_awaited(message, ctx) or courtesy.is_awaited(message, ctx)
