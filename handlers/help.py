"""說明: what this person may do here, and nothing else; and what a mistyped word may mean."""

from __future__ import annotations

import re

from bot import phrases
from bot.messages import Button, Does, Incoming, Reply, say
from bot.search.result import REMARK, Answer, Kind
from handlers import admin
from handlers.addressing import plain
from handlers.context import Context

_WORDS = frozenset({"", "說明", "说明", "使用說明", "幫助", "功能", "help", "h"})
_FOR_ALL = ("說明", "期限", "綁定", "電話禮貌", "我的單位", "行事曆", "格式", "成果報告", "看板")
_OF_UNITS = ("回報", "進度", "更正", "撤回", "待核閱", "代理人")
_OF_ADMINS = (
    "總表", "未回報", "催辦", "調整", "停班", "預告", "待補問題", "提醒紀錄", "提醒設定",
)  # fmt: skip
_WITH_MORE = (
    "回報", "更正", "撤回", "歷程", "圖說", "進度", "待核閱", "核閱", "退回", "收回退回", "收回核閱",
    "代理人", "結束代理", "交接", "總表", "未回報", "催辦", "調整", "停班", "預告", "提醒紀錄",
    "提醒設定", "期限", "行事曆", "格式", "成果報告", "綁定", "電話禮貌",
)  # fmt: skip
_ALONE = (
    "催回報", "復原", "加照片", "我是誰", "停用行事曆", "完成了", "知道了", "提醒我", "取消",
    "全部核閱",
)  # fmt: skip
_COMMAND = re.compile(rf"\s*(?:{'|'.join(_WITH_MORE)})(?:$|[\s#＃:：\d])")
_LONGEST = 40
_ASKS = re.compile("[?？嗎吗呢怎誰谁哪]|什麼|什么|多少|多久")
_TURNS = re.compile("[呢咧嗎吗]$")
_FIRST = re.compile(r"\s*(?P<word>[^\s:：,，]+)(?P<rest>.*)", re.DOTALL)


def is_meant(message: Incoming, ctx: Context) -> bool:
    """Whether somebody asks for help, calls the bot and says nothing, or sends only marks."""
    return plain(message.text) in _WORDS


def show_help(message: Incoming, ctx: Context) -> Reply:
    """The card for this person in this chat."""
    assert message.chat is not None
    is_admin = ctx.is_admin(message.person)
    card = phrases.help_card(
        shared=message.chat.is_shared,
        units=ctx.units_of(message.chat),
        lasting=bool(ctx.lasting_units_of(message.chat)),
        admin=is_admin,
        days=admin.example_days(ctx) if is_admin else None,
    )
    return Reply(messages=(card,))


def is_command(text: str) -> bool:
    """Whether a text is one of the words that do something, or begins with one that takes more.

    >>> is_command("核閱 #36"), is_command("說明"), is_command("進度寫錯了，請更正")
    (True, True, False)
    """
    return _COMMAND.match(text) is not None or plain(text) in {
        *_FOR_ALL, *_OF_UNITS, *_OF_ADMINS, *_ALONE
    }  # fmt: skip


def mistyped(message: Incoming, found: Answer, ctx: Context) -> Reply | None:
    """「您是不是要…」 for a word that is one slip away from a command; None for a question.

    A clause that holds the very word answers it, so the word was meant as typed.
    """
    assert message.chat is not None
    match = _FIRST.fullmatch(message.text)
    is_talk = found.kind is Kind.SMALLTALK and found.topic != REMARK
    if match is None or is_talk or len(message.text) > _LONGEST:
        return None
    word = plain(match["word"])
    if (
        _TURNS.search(word)
        or any(word in plain(one.text) for one in found.passages)
        or _ASKS.search(match["rest"])
    ):
        return None
    meant = next((one for one in _commands(message, ctx) if is_one_slip(word, one)), None)
    if meant is None:
        return None
    said = phrases.called(meant + match["rest"].rstrip(), shared=message.chat.is_shared)
    return say(
        phrases.perhaps_meant(meant), quick=(Button(label=meant, does=Does.SAY, value=said),)
    )


def _commands(message: Incoming, ctx: Context) -> tuple[str, ...]:
    """The words that do something for this person."""
    if ctx.is_admin(message.person):
        return (*_FOR_ALL, *_OF_UNITS, *_OF_ADMINS)
    return (*_FOR_ALL, *_OF_UNITS, *(word for word in _OF_ADMINS if len(word) > 3))


def is_one_slip(typed: str, word: str) -> bool:
    """Whether one letter is wrong, missing or too many, or two neighbours changed places.

    >>> is_one_slip("綁訂", "綁定"), is_one_slip("期", "期限")
    (True, False)
    """
    if typed == word or len(typed) < 2 or abs(len(typed) - len(word)) > 1:
        return False
    short, long = sorted((typed, word), key=len)
    if len(short) < len(long):
        return any(long[:at] + long[at + 1 :] == short for at in range(len(long)))
    wrong = [at for at, pair in enumerate(zip(typed, word, strict=True)) if pair[0] != pair[1]]
    if len(wrong) == 2:
        first, second = wrong
        return second == first + 1 and typed[first] == word[second] and typed[second] == word[first]
    return len(wrong) == 1
