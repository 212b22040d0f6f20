"""Short questions: what they mean after another one, and that they are asked back without."""

from __future__ import annotations

import pytest

from bot import phrases
from bot.search.answer import Answer, Answerer, Kind
from bot.search.follow import Previous
from bot.search.result import EDITIONS, SILENT
from handlers.answers import as_reply
from tests.unit.search.helpers import after, ask

BILINGUAL = "khh-doh-112:4.1.3.1.5"  # the same words in 111, with one unit less
COURTESY = "khh-doh-112:4.1.3.3.2"
CHATBOT_WORDS = "khh-doh-112:4.1.2.1"  # other words in 111


def about(clause: str, question: str = "這一條") -> Previous:
    return Previous(question=question, clauses=(clause,))


def said(answerer: Answerer, answer: Answer) -> str:
    return as_reply(answer, answerer.corpus).plain


@pytest.mark.parametrize(
    "question",
    ["112跟111差在哪", "跟112年有差嗎", "跟去年有差嗎", "兩年有什麼不同", "新舊版差在哪"],
)
class TestComparing:
    def test_without_a_subject_the_whole_plan_is_compared(
        self, by_words: Answerer, question: str
    ) -> None:
        found = ask(by_words, question, "企劃室")
        assert (found.kind, found.topic) == (Kind.COMPARE, EDITIONS)
        assert "新增 2 條、刪掉 8 條" in said(by_words, found)

    def test_the_subject_of_the_conversation_is_compared(
        self, by_words: Answerer, question: str
    ) -> None:
        found = ask(by_words, question, "企劃室", about(CHATBOT_WORDS))
        assert found.kind is Kind.COMPARE
        assert [one.plan.year for one in found.passages] == [112, 111]
        assert said(by_words, found).removeprefix("有差，").startswith("兩年的寫法不同")


class TestTwoEditions:
    def test_the_same_words_stand_once_with_the_units_that_differ(self, by_words: Answerer) -> None:
        words = said(by_words, ask(by_words, "跟111年有差嗎", "企劃室", about(BILINGUAL)))
        assert "文字相同" in words
        assert words.count("識別證") == 1
        assert "112年的責任單位：秘書室、人事室" in words
        assert "111年的責任單位：人事室" in words

    def test_last_years_is_the_edition_before(self, by_words: Answerer) -> None:
        found = ask(by_words, "去年的呢", "企劃室", about(BILINGUAL))
        assert found.passages[0].plan.year == 111
        assert said(by_words, found).startswith(phrases.edition_before(111))

    def test_a_plan_with_one_edition_has_nothing_to_compare_with(self, by_words: Answerer) -> None:
        node = "khh-sanmin2-115:4.1.3.2.1"
        words = said(by_words, ask(by_words, "跟去年有差嗎", "三民二所", about(node)))
        assert words.startswith(phrases.no_other_edition("三民區第二衛生所", 115))

    def test_what_only_one_edition_has_is_not_set_against_something_else(
        self, answerer: Answerer
    ) -> None:
        words = said(answerer, ask(answerer, "匿名快篩 111跟112差在哪", "衛生局"))
        assert words.startswith(phrases.no_longer_there(112, 111))
        assert "匿名快篩" in words

    def test_one_clause_is_taken_rather_than_the_two_best(self, answerer: Answerer) -> None:
        found = ask(answerer, "滿意度調查111跟112差在哪", "衛生局")
        first, second = (one.node for one in found.passages[:2])
        assert first.segments == second.segments

    def test_another_subject_after_a_comparison_is_compared_too(self, answerer: Answerer) -> None:
        first = ask(answerer, "雙語標示 111跟112差在哪", "衛生局")
        then = ask(answerer, "那假牙申請呢", "衛生局", after(first))
        assert then.kind is Kind.COMPARE
        assert "假牙" in then.passages[0].text


class TestAnotherUnit:
    def test_a_section_that_the_clause_names(self, by_words: Answerer) -> None:
        words = said(
            by_words, ask(by_words, "那企劃室呢", "衛生局", about(COURTESY, "電話禮貌誰負責"))
        )
        assert words.startswith(phrases.is_responsible("企劃室"))

    def test_a_section_that_it_does_not_name(self, by_words: Answerer) -> None:
        words = said(
            by_words, ask(by_words, "那人事室呢", "衛生局", about(COURTESY, "電話禮貌誰負責"))
        )
        assert words.startswith(phrases.is_not_responsible("人事室", ["企劃室"]))
        assert "推展電話服務禮貌工作" in words

    def test_an_office_without_a_plan_here_is_told_whose_plan_speaks(
        self, by_words: Answerer
    ) -> None:
        words = said(
            by_words, ask(by_words, "那左營衛生所呢", "衛生局", about(COURTESY, "電話禮貌誰負責"))
        )
        assert words.startswith(phrases.no_own_plan("左營區衛生所", "衛生局112年度執行計畫"))
        assert "推展電話服務禮貌工作" in words

    def test_asked_for_its_own_plan_too(self, by_words: Answerer) -> None:
        words = said(by_words, ask(by_words, "左營衛生所的計畫寫什麼"))
        assert words == phrases.plan_not_here("左營區衛生所", "衛生局112年度執行計畫")

    def test_another_section_after_a_duty_list_gets_its_own(self, by_words: Answerer) -> None:
        first = ask(by_words, "秘書室要做什麼")
        then = ask(by_words, "那會計室呢", None, after(first))
        assert then.unit is not None
        assert then.unit.name == "會計室"


class TestWhen:
    def test_the_date_of_what_was_shown(self, by_words: Answerer) -> None:
        first = ask(by_words, "年度執行成果何時提報", "三民二所")
        then = ask(by_words, "什麼時候交", "三民二所", after(first))
        assert then.passages[0].node == first.passages[0].node
        assert then.deadlines[0].end == first.deadlines[0].end

    def test_a_clause_without_a_date_says_so(self, by_words: Answerer) -> None:
        found = ask(by_words, "哪天到期", "企劃室", about(BILINGUAL, ""))
        assert said(by_words, found).startswith(phrases.UNDATED)

    @pytest.mark.parametrize(
        "question",
        [
            "可以遲交嗎",
            "能不能延期",
            "來不及怎麼辦",
            "可以晚一點交嗎？",
            "做不完怎麼辦",
            "不交會怎樣",
        ],
    )
    def test_whether_it_may_be_late_is_not_in_the_plans(
        self, by_words: Answerer, question: str
    ) -> None:
        first = ask(by_words, "年度執行成果何時提報", "三民二所")
        words = said(by_words, ask(by_words, question, "三民二所", after(first)))
        assert words.startswith(phrases.NOT_SAID_LATE)
        assert phrases.deadline_was(first.deadlines[0].title, first.deadlines[0].end) in words
        assert "調整" in words

    def test_without_a_subject_no_deadline_is_named(self, by_words: Answerer) -> None:
        words = said(by_words, ask(by_words, "可以遲交嗎", "三民二所"))
        assert phrases.SEE_DEADLINES in words


@pytest.mark.parametrize(
    "question", ["誰負責？", "為什麼", "第二點呢", "下一條", "那企劃室呢", "去年的呢", "什麼時候交"]
)
def test_what_lost_its_thread_is_asked_back(by_words: Answerer, question: str) -> None:
    assert said(by_words, ask(by_words, question, "衛生局")) == phrases.LOST


def test_a_list_of_headings_can_be_followed(by_words: Answerer) -> None:
    first = ask(by_words, "六大面向是哪六個", "衛生局")
    listed = Previous(
        question=first.question, clauses=tuple(node.id for node in first.shown), listed=True
    )
    assert ask(by_words, "第二點呢", "衛生局", listed).passages[0].node.id == "khh-doh-112:4.2"
    assert said(by_words, ask(by_words, "下一條", "衛生局", listed)) == phrases.NO_SUCH_ENTRY
    assert said(by_words, ask(by_words, "第9點", "衛生局", listed)) == phrases.NO_SUCH_ENTRY


def test_who_is_responsible_for_each_entry_of_a_list(by_words: Answerer) -> None:
    first = ask(by_words, "一(三)3", "衛生局")
    listed = Previous(question="", clauses=tuple(n.id for n in first.shown), listed=True)
    words = said(by_words, ask(by_words, "誰負責", "衛生局", listed))
    assert words.startswith(phrases.WHO_OF_EACH)
    assert "2. 推展電話服務禮貌工作：企劃室" in words


def test_a_detail_that_the_clause_does_not_know_is_not_answered_with_it(
    answerer: Answerer,
) -> None:
    first = ask(answerer, "節能綠化是誰負責", "企劃室")
    then = ask(answerer, "那上班時間呢", "企劃室", after(first))
    is_same = bool(then.passages) and then.passages[0].node == first.passages[0].node
    assert not is_same or then.topic == SILENT


@pytest.mark.parametrize(
    ("words", "topic"),
    [("哈哈哈哈哈哈", "laugh"), ("你是誰", "who"), ("你是誰做的？", "maker"), ("早安", "morning"),
     ("好的", "okay"), ("掰掰～", "bye"), ("謝謝😊", "thanks"), ("你會什麼", "able")],
)  # fmt: skip
def test_small_talk_gets_one_line(by_words: Answerer, words: str, topic: str) -> None:
    found = ask(by_words, words)
    assert (found.kind, found.topic) == (Kind.SMALLTALK, topic)
    assert "\n" not in said(by_words, found)


def test_every_kind_of_small_talk_has_its_sentence(by_words: Answerer) -> None:
    assert set(by_words.small_talk) == set(phrases.SMALL_TALK)


@pytest.mark.parametrize("question", ["響幾聲要接", "要幾聲內接起來"])
def test_how_the_telephone_is_answered_points_to_the_courtesy_card(
    answerer: Answerer, question: str
) -> None:
    reply = as_reply(ask(answerer, question, "三民二所"), answerer.corpus).messages[0]
    assert phrases.COURTESY_CARD in [button.label for button in reply.quick]


def test_what_the_plans_never_state_is_refused_in_plain_words(answerer: Answerer) -> None:
    words = said(answerer, ask(answerer, "登革熱噴藥找誰", "三民二所"))
    assert words.startswith("計畫沒有寫到這件事")


def test_no_clause_is_shown_twice_in_one_answer(by_words: Answerer) -> None:
    for question in ("服務台要做什麼", "工作計畫何時要交", "推輪椅的民眾進不來怎麼辦"):
        found = ask(by_words, question, "三民二所")
        shown = [one.node.id for one in (found.second, *found.differs) if one is not None]
        assert len(shown) == len(set(shown))
