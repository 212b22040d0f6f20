"""When a text is meant for the bot, and which of its words are: a table of cases."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.messages import Incoming, IncomingKind
from handlers.addressing import addressed, plain, without_name


def text(words: str, *, mentions_bot: bool = False) -> Incoming:
    """A text as the webhook's reader hands it over."""
    return Incoming(
        event_id="1",
        kind=IncomingKind.TEXT,
        at=datetime(2026, 3, 2, tzinfo=UTC),
        text=words,
        mentions_bot=mentions_bot,
    )


def in_a_group(message: Incoming) -> str | None:
    """What the bot hears of it where nothing else speaks for an answer."""
    return addressed(message, one_to_one=False, is_ours_quoted=False, is_expected=False)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("小幫手 期限", "期限"),
        ("小幫手　期限", "期限"),
        ("小幫手\n期限", "期限"),
        ("小幫手,期限", "期限"),
        ("小幫手，期限", "期限"),
        ("小幫手、期限", "期限"),
        ("小幫手：期限", "期限"),
        ("小幫手:期限", "期限"),
        ("小幫手～ 期限", "期限"),
        ("小幫手~期限", "期限"),
        ("小幫手！！期限？", "期限？"),
        ("小幫手…期限", "期限"),
        ("小幫手—期限", "期限"),
        ("小幫手\u200b期限", "期限"),
        ("小幫手😀期限", "期限"),
        ("小幫手👍🏻 期限", "期限"),
        ("小幫手❤️期限", "期限"),
        ("小幫手「期限」是什麼", "「期限」是什麼"),
        ("小幫手 (三)3.(2) 是什麼", "(三)3.(2) 是什麼"),
        ("@小幫手 期限", "期限"),
        ("＠小幫手 期限", "期限"),
        ("@提升服務小幫手 期限", "期限"),
        ("＠ 提升服務小幫手，期限", "期限"),
        ("提升服務小幫手 期限", "期限"),
        ("小帮手 期限", "期限"),
        ("小幫手", ""),
        ("小幫手？", ""),
        ("小幫手 ", ""),
        ("小幫手 小幫手是誰", "小幫手是誰"),
        # Nothing between, yet nobody says this about a third.
        ("小幫手請問期限", "請問期限"),
        ("小幫手您好", "您好"),
        ("小幫手綁定ABCD-EFGH", "綁定ABCD-EFGH"),
        ("小幫手說明", "說明"),
        ("小幫手我的單位", "我的單位"),
        ("小幫手期限", "期限"),
    ],
)
def test_what_follows_the_name_is_meant_for_the_bot(typed: str, meant: str) -> None:
    assert in_a_group(text(typed)) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "期限",
        "小幫手們好",
        "小幫手的回答怪怪的",
        "小幫手好棒",
        "小幫手說明得很清楚",
        "小幫手期限抓得太緊",
        "小幫手2號",
        "小幫手s",
        "請問小幫手",
        "這個小幫手 很好用",
        "小 幫手 期限",
        "@王小幫手 期限",
        "幫手 期限",
        "「小幫手 期限」",
    ],
)
def test_what_talks_about_it_or_to_others_is_not(typed: str) -> None:
    assert in_a_group(text(typed)) is None


@pytest.mark.parametrize(
    ("left", "meant"),
    [
        ("期限", "期限"),
        ("，期限", "期限"),
        ("請問  期限", "請問  期限"),
        ("小幫手 期限", "期限"),
        ("", ""),
    ],
)
def test_a_mention_anywhere_is_enough(left: str, meant: str) -> None:
    assert in_a_group(text(left, mentions_bot=True)) == meant


@pytest.mark.parametrize("reason", ["one_to_one", "is_ours_quoted", "is_expected"])
def test_other_reasons_to_answer_leave_the_words_as_they_are(reason: str) -> None:
    reasons = {"one_to_one": False, "is_ours_quoted": False, "is_expected": False, reason: True}

    assert addressed(text("期限？"), **reasons) == "期限？"
    assert addressed(text("小幫手 期限"), **reasons) == "期限"


def test_without_a_call_there_are_no_words() -> None:
    assert without_name("期限") is None


@pytest.mark.parametrize(
    ("typed", "compared"),
    [
        ("說明", "說明"),
        (" 說明！", "說明"),
        ("「說明」", "說明"),
        ("ＨＥＬＰ", "help"),
        ("？", ""),
        ("說\u200b明", "說明"),
        ("綁定　ＡＢＣＤ－ＥＦＧＨ", "綁定 abcd-efgh"),
        ("👍", ""),
    ],
)
def test_commands_are_compared_without_what_does_not_matter(typed: str, compared: str) -> None:
    assert plain(typed) == compared
