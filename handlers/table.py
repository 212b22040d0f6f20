"""Which handler answers what: rows tried in order, the first that matches answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot import phrases
from bot.messages import ChatRef, Incoming, IncomingKind, Reply, say
from bot.store import chats
from bot.store import progress as record
from handlers import (
    admin,
    ask,
    bind,
    calendar,
    chase,
    courtesy,
    curation,
    deadlines,
    documents,
    evidence,
    help,
    overview,
    people,
    progress,
    reminder_settings,
    report,
    review,
    units,
    welcome,
)
from handlers.addressing import addressed
from handlers.context import Context

_GROUPS_ASKED = 2  # each may cost a second of waiting
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


def _for_that_unit(message: Incoming, ctx: Context) -> Reply | None:
    """A unit was chosen: what was said before is answered for it."""
    earlier = units.again(message, ctx)
    if earlier is None:
        return say(phrases.NOT_LONGER_HERE)
    return _first_that_matches(earlier, ctx)


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
    Row(
        name="people",
        matches=people.is_meant,
        handler=people.answer,
        words=("代理人", "結束代理", "交接", "我是誰"),
    ),
    Row(name="people_typed", matches=people.is_awaited, handler=people.typed),
    Row(name="unit_chosen", matches=units.is_chosen, handler=_for_that_unit),
    Row(name="deadline_tapped", matches=deadlines.is_tapped, handler=deadlines.tapped),
    Row(
        name="calendar",
        matches=calendar.is_meant,
        handler=calendar.answer,
        words=("行事曆", "停用行事曆"),
    ),
    Row(name="asked_back", matches=ask.is_subject, handler=ask.answer_question),
    Row(
        name="documents",
        matches=documents.is_meant,
        handler=documents.answer,
        words=("格式", "成果報告", "總表 匯出"),
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
        name="overview",
        matches=overview.is_meant,
        handler=overview.answer,
        words=("總表", "未回報"),
    ),
    Row(
        name="reminder_settings",
        matches=reminder_settings.is_meant,
        handler=reminder_settings.answer,
        words=("提醒設定",),
    ),
    Row(name="evidence_tapped", matches=evidence.is_tapped, handler=evidence.tapped),
    Row(name="review", matches=review.is_meant, handler=review.answer, words=("待核閱",)),
    Row(name="courtesy_tapped", matches=courtesy.is_tapped, handler=courtesy.tapped),
    Row(name="report_tapped", matches=report.is_tapped, handler=report.tapped),
    Row(name="tapped", matches=_is(IncomingKind.POSTBACK), handler=ask.tapped),
    Row(name="evidence", matches=evidence.is_wanted, handler=evidence.receive),
    Row(name="evidence_unasked", matches=evidence.is_unasked, handler=evidence.explain),
    Row(name="contents", matches=_is(*_CONTENTS), handler=welcome.cannot_read),
    Row(name="bind", matches=bind.is_meant, handler=bind.bind, words=("綁定",)),
    Row(name="help", matches=help.is_meant, handler=help.show_help, words=("說明",)),
    Row(name="curation", matches=curation.is_meant, handler=curation.show, words=("待補問題",)),
    Row(name="curation_typed", matches=curation.is_awaited, handler=curation.typed),
    Row(name="review_typed", matches=review.is_awaited, handler=review.typed),
    Row(name="deadlines", matches=deadlines.is_meant, handler=deadlines.show, words=("期限",)),
    Row(
        name="evidence_said",
        matches=evidence.is_said,
        handler=evidence.said,
        words=("加照片", "圖說"),
    ),
    Row(name="courtesy", matches=courtesy.is_meant, handler=courtesy.show, words=("電話禮貌",)),
    Row(
        name="courtesy_report",
        matches=courtesy.is_report,
        handler=courtesy.report,
        words=("回報 電話禮貌",),
    ),
    Row(name="progress", matches=progress.is_meant, handler=progress.show, words=("進度",)),
    Row(name="report_cancelled", matches=report.is_cancelled, handler=report.cancel),
    Row(
        name="report",
        matches=report.is_meant,
        handler=report.answer,
        words=("回報", "更正", "撤回", "歷程", "取消"),
    ),
    Row(name="report_typed", matches=report.is_answer, handler=report.typed),
    Row(
        name="deadline_said",
        matches=deadlines.is_said,
        handler=deadlines.said,
        words=("完成了", "知道了", "提醒我"),
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
    return _first_that_matches(meant, ctx)


def where_to_ask_the_name(message: Incoming, ctx: Context) -> tuple[ChatRef, ...]:
    """The chats in which LINE may tell who reports, for somebody who has no name here yet.

    One-to-one it tells nothing of who is no friend, but their unit's groups may know them.

    Returns:
        The message's own chat first; nothing where the name is known or nobody reports.
    """
    if message.chat is None or message.person is None:
        return ()
    units, alone = ctx.units_of(message.chat), not message.chat.is_shared
    if not units and not (alone and ctx.is_admin(message.person)):
        return ()
    if record.name_of(ctx.db, message.person) or _meant_for_us(message, ctx) is None:
        return ()
    groups = (one for unit in units for one in chats.chats_of(ctx.db, unit, today=ctx.today))
    others = [one for one in groups if one.is_shared][:_GROUPS_ASKED] if alone else []
    return tuple(dict.fromkeys((message.chat, *others)))


def _first_that_matches(message: Incoming, ctx: Context) -> Reply | None:
    for row in TABLE:
        if row.matches(message, ctx):
            return row.handler(message, ctx)
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
        return message if evidence.is_wanted(message, ctx) else None
    return message


def _is_expected(message: Incoming, ctx: Context) -> bool:
    """Whether the bot waits for this text: an answer to it, or a new version of a question."""
    if message.kind is IncomingKind.EDITED and ctx.was_answered(message):
        return True
    return any(
        one.is_awaited(message, ctx) for one in (bind, people, courtesy, report, review, ask)
    )
