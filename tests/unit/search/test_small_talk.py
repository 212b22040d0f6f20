"""Courtesies, sighs, talk about the bot and errands; and the questions that only look like them."""

from __future__ import annotations

import json

import pytest

from bot import phrases
from bot.search.answer import Answerer
from bot.search.result import ERRAND, Answer, Kind
from bot.search.small_talk import SmallTalk
from bot.search.words import Folder, Lexicon, bare
from handlers.answers import as_reply
from tests.unit.search.conftest import DATA
from tests.unit.search.helpers import after, ask


@pytest.fixture
def talk(lexicon: Lexicon) -> SmallTalk:
    return lexicon.small_talk


def said(answerer: Answerer, found: Answer) -> str:
    return as_reply(found, answerer.corpus).plain


class TestWhatIsMadeOfParts:
    @pytest.mark.parametrize(
        ("words", "topic"),
        [("收到囉感謝您", "thanks"), ("感恩 了解", "thanks"), ("好喔 辛苦大家了", "thanks"),
         ("小幫手多謝", "thanks"), ("喔原來如此，謝謝說明！", "thanks"), ("哈哈 3Q", "thanks"),
         ("ok thx", "thanks"), ("不用了謝謝", "thanks"), ("你也太厲害了吧", "praise"),
         ("超讚的啦", "praise"), ("收到了解", "okay"), ("嗯嗯好的呀", "okay"), ("OK的", "okay"),
         ("那好", "okay"), ("哈囉 在嗎", "here"), ("大家早啊", "morning"), ("先這樣 掰掰", "bye")],
    )  # fmt: skip
    def test_the_warmest_part_decides(self, by_words: Answerer, words: str, topic: str) -> None:
        found = ask(by_words, words, "企劃室")
        assert (found.kind, found.topic) == (Kind.SMALLTALK, topic)

    @pytest.mark.parametrize(
        ("words", "topic"),
        [("上班好累喔", "tired"), ("唉 今天又被長官唸", "tired"), ("業務好多 壓力好大", "tired"),
         ("怎麼都找不到", "sorry"), ("你都亂回", "sorry"), ("不好用耶", "sorry"),
         ("我要投訴這個機器人", "sorry"), ("謝謝可是答案都不是我要的", "sorry"),
         ("看不太懂耶", "unclear"), ("這答案太長", "unclear"), ("可以簡單說嗎", "unclear")],
    )  # fmt: skip
    def test_a_sigh_gets_a_kind_sentence(self, by_words: Answerer, words: str, topic: str) -> None:
        found = ask(by_words, words, "企劃室")
        assert (found.kind, found.topic) == (Kind.SMALLTALK, topic)
        assert "\n" not in said(by_words, found)

    @pytest.mark.parametrize("topic", ["sorry", "unclear"])
    def test_whoever_complains_of_an_answer_reads_how_to_go_on(self, topic: str) -> None:
        sentence = phrases.SMALL_TALK[topic]
        assert sentence.startswith("抱歉")
        assert "「不對」" in sentence
        assert "「說明」" in sentence

    @pytest.mark.parametrize(
        "words",
        ["你會做哪些事情", "您能回答什麼問題", "可以叫你做什麼", "我要怎麼用你", "小幫手可以幹嘛",
         "我可以問你問題嗎"],
    )  # fmt: skip
    def test_what_the_bot_can_do(self, by_words: Answerer, words: str) -> None:
        assert said(by_words, ask(by_words, words, "企劃室")) == phrases.SMALL_TALK["able"]

    @pytest.mark.parametrize("words", ["要怎麼叫你", "群組裡怎麼喊你", "怎麼找你"])
    def test_how_the_bot_is_called(self, by_words: Answerer, words: str) -> None:
        assert said(by_words, ask(by_words, words)) == phrases.SMALL_TALK["call"]

    @pytest.mark.parametrize(
        "words",
        ["民眾罵人要怎麼處理", "投訴", "申訴案件幾天要回", "民眾說看不懂怎麼辦", "進度查不到要問誰",
         "表單太長要不要改", "長輩聽不懂怎麼辦", "會查什麼", "可以做什麼", "收到了嗎", "好幾天要回",
         "掛電話前要說謝謝嗎", "被長官罵怎麼辦", "做不完怎麼辦", "志工可以做什麼"],
    )  # fmt: skip
    def test_a_question_is_no_small_talk(self, talk: SmallTalk, fold: Folder, words: str) -> None:
        assert talk.topic_of(bare(fold(words))) == ""

    def test_words_that_go_with_one_topic_are_nothing_without_it(
        self, talk: SmallTalk, fold: Folder
    ) -> None:
        assert talk.topic_of(bare(fold("謝謝你的協助"))) == "thanks"
        assert talk.topic_of(bare(fold("協助"))) == ""
        assert talk.topic_of(bare(fold("好的 提醒"))) == ""

    def test_any_length_is_read_at_once(self, talk: SmallTalk) -> None:
        assert talk.topic_of("哈" * 300) == "laugh"
        assert talk.topic_of("哈" * 300 + "表") == ""

    def test_no_phrasing_of_a_clause_is_taken_for_talk_or_an_errand(
        self, by_words: Answerer, lexicon: Lexicon, fold: Folder
    ) -> None:
        asked = [one for many in by_words.phrasings.by_node.values() for one in many]
        letters = {one: bare(fold(one)) for one in asked}
        taken = [
            one for one, short in letters.items()
            if lexicon.small_talk.topic_of(short) or lexicon.errands.has(short)
        ]  # fmt: skip
        assert taken == []

    def test_no_word_of_the_plans_is_taken_for_talk(
        self, by_words: Answerer, lexicon: Lexicon, fold: Folder
    ) -> None:
        words = [*lexicon.synonyms, *(one for many in lexicon.synonyms.values() for one in many)]
        words += [fold(unit.name) for unit in by_words.corpus.units]
        assert [one for one in words if lexicon.small_talk.topic_of(bare(one))] == []

    def test_no_question_that_has_an_answer_is_taken_for_talk(
        self, lexicon: Lexicon, fold: Folder
    ) -> None:
        for file in sorted((DATA / "questions").glob("*.jsonl")):
            for line in file.read_text(encoding="utf-8").splitlines():
                question = json.loads(line)["q"]
                assert lexicon.small_talk.topic_of(bare(fold(question))) == ""


class TestAQuestionWithCourtesies:
    @pytest.mark.parametrize(
        ("typed", "asked"),
        [("感謝～那第二點呢", "那第二點呢"), ("好喔了解，由誰負責", "由誰負責"),
         ("懂了那要幾月交", "那要幾月交"), ("早安 志工誰訓練", "志工誰訓練"),
         ("好的，謝謝，那三民二所呢", "那三民二所呢"), ("幾月要交？感恩", "幾月要交？"),
         ("多久檢查一次，謝謝囉", "多久檢查一次"), ("誰要去謝謝", "誰要去"),
         ("嗯 第二條", "第二條")],
    )  # fmt: skip
    def test_it_is_asked_without_them(
        self, talk: SmallTalk, fold: Folder, typed: str, asked: str
    ) -> None:
        assert talk.asked(typed, lambda text: bare(fold(text))) == asked

    @pytest.mark.parametrize(
        "typed",
        ["接電話要先說 您好", "結束時要說謝謝", "要說「謝謝」嗎", "對那些人要做什麼", "好幾天要回",
         "臉書上有家屬謝謝我們", "看不懂 中文的人", "收到", "電話禮貌"],
    )  # fmt: skip
    def test_words_that_are_asked_about_stay(
        self, talk: SmallTalk, fold: Folder, typed: str
    ) -> None:
        assert talk.asked(typed, lambda text: bare(fold(text))) == typed

    @pytest.mark.parametrize("words", ["收到，誰負責", "了解那誰負責", "誰負責？感恩"])
    def test_it_follows_on_what_was_shown(self, by_words: Answerer, words: str) -> None:
        first = ask(by_words, "癌症篩檢設站", "衛生局")
        plain = ask(by_words, "誰負責", "衛生局", after(first))
        found = ask(by_words, words, "衛生局", after(first))
        assert (found.topic, found.passages) == (plain.topic, plain.passages)


class TestErrands:
    @pytest.mark.parametrize(
        "words",
        ["麻煩幫我訂會議室", "小幫手可以幫我叫計程車嗎", "能不能替我請假", "幫我影印三份",
         "有人能幫我代打卡嗎", "幫我擬一篇新聞稿", "好的 幫我買便當", "可以麻煩你幫忙翻譯嗎",
         "幫我刪掉昨天的訊息"],
    )  # fmt: skip
    def test_what_the_bot_cannot_do_is_said_with_what_it_can(
        self, by_words: Answerer, words: str
    ) -> None:
        found = ask(by_words, words, "企劃室")
        assert (found.kind, found.topic) == (Kind.UNKNOWN, ERRAND)
        assert said(by_words, found) == phrases.ERRAND

    @pytest.mark.parametrize(
        "words",
        ["幫我查電話禮貌", "可以幫我看期限嗎", "幫我列我們的工作", "請幫我確認期限", "幫我問誰負責",
         "幫我提醒成果報告", "幫我比較兩年", "幫我找雙語標示", "幫我訂定計畫的期限", "幫我回報進度",
         "幫我寫成果報告", "可以幫忙翻譯嗎", "志工可以幫我們翻譯嗎", "幫民眾填表是誰的工作"],
    )  # fmt: skip
    def test_what_it_does_is_no_errand(self, lexicon: Lexicon, fold: Folder, words: str) -> None:
        assert not lexicon.errands.has(bare(fold(words)))


@pytest.mark.parametrize(
    ("words", "topic"),
    [
        ("感恩股長", "thanks"),
        ("謝謝學弟妳好棒喔", "thanks"),
        ("瞭解 我等等去跟所長講", "will"),
        ("OK 那我去通知他們", "will"),
        ("知道了 會再轉達給同事", "will"),
        ("好 我先去忙 掰", "bye"),
        ("撒花", "praise"),
        ("要轉達給誰", ""),
        ("我去通知嗎", ""),
        ("好的 通知", ""),
    ],
)
def test_what_people_say_to_people(talk: SmallTalk, fold: Folder, words: str, topic: str) -> None:
    assert talk.topic_of(bare(fold(words))) == topic


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("謝謝組長第三個歸誰", "第三個歸誰"),
        ("好喔我去弄，多久一次", "多久一次"),
        ("這項幾號要交 感恩前輩", "這項幾號要交"),
        ("感謝狀誰要做", "感謝狀誰要做"),
    ],
)
def test_thanks_with_a_question_are_the_question(
    talk: SmallTalk, fold: Folder, words: str, asked: str
) -> None:
    assert talk.asked(words, lambda text: bare(fold(text))) == asked
