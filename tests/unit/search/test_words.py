from __future__ import annotations

import pytest

from bot.search.words import Folder, Lexicon, bare, grams


@pytest.mark.parametrize(
    ("typed", "same"),
    [
        ("電話禮貌測試", "电话礼貌测试"),
        ("ＱＲ　Ｃｏｄｅ", "qr code"),
        ("臺北", "台北"),
        ("祕書室", "秘書室"),
        ("成\u200b果\u202e報告", "成果報告"),
    ],
)
def test_forms_of_the_same_text_fold_to_one(fold: Folder, typed: str, same: str) -> None:
    assert fold(typed) == fold(same)


def test_grams_are_runs_of_one_to_three_and_keep_latin_words_whole() -> None:
    assert grams("qr码怎么") == (
        "qr", "码", "怎", "么", "qr码", "码怎", "怎么", "qr码怎", "码怎么"
    )  # fmt: skip


def test_bare_text_is_letters_and_digits() -> None:
    assert bare("🙂 a，b！1") == "ab1"


def test_an_everyday_word_gives_the_plans_word(lexicon: Lexicon, fold: Folder) -> None:
    assert fold("假牙") in lexicon.plan_words(fold("想裝牙要找誰"))


def test_a_latin_word_counts_only_whole(lexicon: Lexicon, fold: Folder) -> None:
    assert lexicon.plan_words(fold("fbi")) == ()


def test_question_words_carry_nothing(lexicon: Lexicon, fold: Folder) -> None:
    assert bare(lexicon.content(fold("請問一下什麼是"))) in ("", "是")
