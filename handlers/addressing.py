"""Is a message meant for the bot, and which of its words are?

The rule is SURFACE's «Words in the chat»: a bot that talks when nobody asked is put out of the
group, so a doubtful case in a group is silence.
"""

from __future__ import annotations

import re
import unicodedata

from bot.messages import Incoming

_NAME = re.compile(r"[@＠]?\s*(?:提升服務|提升服务)?小[幫帮]手")
_TURNING_TO_US = ("請問", "请问", "你好", "您好", "綁定", "绑定")
_MARKS_AROUND = re.compile(r"^[\W_]+|[\W_]+$")
_COMMANDS = frozenset(
    {
        "說明", "说明", "我的單位", "我的单位", "期限", "行事曆", "電話禮貌", "格式", "成果報告",
    }
)  # fmt: skip
_TOLD = re.compile(
    r"(?:回報|更正|撤回|歷程|進度|總表|未回報|格式|成果報告)(?=$|[\s:：,，、#＃\d一二三四五六(（肆])"
)
_CUT = frozenset({"Po", "Pd", "Pc", "Sm", "So", "Sk", "Zs", "Zl", "Zp", "Cc", "Cf", "Mn"})


def addressed(
    message: Incoming, *, one_to_one: bool, is_ours_quoted: bool, is_expected: bool
) -> str | None:
    """The words of a text that are meant for the bot.

    Args:
        message: a text; its mention of the bot is already cut out.
        one_to_one: nobody else is there.
        is_ours_quoted: it quotes a message of the bot.
        is_expected: the bot waits for this person's words.

    Returns:
        The text without the bot's name, perhaps empty; None when the bot keeps silent.
    """
    called = without_name(message.text)
    if called is not None:
        return called
    if message.mentions_bot:
        return _without_marks(message.text)
    if one_to_one or is_ours_quoted or is_expected:
        return message.text
    return None


def without_name(text: str) -> str | None:
    """What follows the bot's name, or None where the text doesn't begin by calling it.

    After the name comes a mark, a blank or the end: 「小幫手們好」 and 「小幫手的回答怪怪的」
    talk about it. Chinese needs no blank, though, so a few words that are only said to
    somebody, and whole commands, may follow directly.
    """
    name = _NAME.match(text)
    if name is None:
        return None
    rest = text[name.end() :]
    if not rest or _is_mark(rest[0]):
        return _without_marks(rest)
    is_called = rest.startswith(_TURNING_TO_US) or rest.strip() in _COMMANDS
    return rest if is_called or _TOLD.match(rest) else None


def _is_mark(letter: str) -> bool:
    """Whether it is neither a letter nor a number."""
    return unicodedata.category(letter)[0] not in "LNM"


def _without_marks(text: str) -> str:
    """Without the blanks, commas and faces in front; a bracket opens something and stays."""
    for place, letter in enumerate(text):
        if unicodedata.category(letter) not in _CUT:
            return text[place:]
    return ""


def plain(text: str) -> str:
    """A text as commands are compared: narrow, lower case, nothing invisible, no marks around."""
    narrow = unicodedata.normalize("NFKC", text).casefold()
    seen = "".join(letter for letter in narrow if unicodedata.category(letter) != "Cf")
    return _MARKS_AROUND.sub("", seen)
