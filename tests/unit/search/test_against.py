"""Comparisons of owners' plans, of two things that were shown, and with another year."""

from __future__ import annotations

import pytest

from bot import phrases
from bot.search.answer import Answer, Answerer, Kind
from bot.search.follow import Previous
from bot.search.result import HAS_IT, NEITHER, SECTIONS, TWO
from handlers.answers import as_reply
from tests.unit.search.helpers import ask

LEAFLETS = "khh-sanmin2-115:4.1.2.2.2"
SEARCHING = "khh-doh-112:4.1.3.2.3"
COURTESY = "khh-doh-112:4.1.3.3.2"
ROUTINE = "khh-sanmin2-115:5.2"


def said(answerer: Answerer, answer: Answer) -> str:
    return as_reply(answer, answerer.corpus).plain


def plans(answer: Answer) -> list[str]:
    return [one.plan.id for one in answer.passages]


class TestOwners:
    @pytest.mark.parametrize(
        "question",
        ["電話禮貌我們跟局裡寫的有什麼不一樣", "我們所的電話禮貌跟局裡寫的一樣嗎"],
    )
    def test_an_office_without_a_plan_is_told_so_and_sees_both_others(
        self, answerer: Answerer, question: str
    ) -> None:
        found = ask(answerer, question, "左營衛生所")
        assert plans(found) == ["khh-doh-112", "khh-112"]
        assert said(answerer, found).startswith("左營區衛生所自己的計畫不在我的資料裡")

    @pytest.mark.parametrize(
        "question", ["我們跟市府的差在哪", "跟市府的有什麼不同", "市府的也一樣嗎"]
    )
    def test_the_subject_of_the_conversation_is_compared(
        self, answerer: Answerer, question: str
    ) -> None:
        before = Previous(question="電話禮貌規定", clauses=(COURTESY,))
        found = ask(answerer, question, "左營衛生所", before)
        assert (found.kind, plans(found)) == (Kind.COMPARE, ["khh-doh-112", "khh-112"])

    @pytest.mark.parametrize("question", ["局裡也這樣嗎", "衛生局也是這樣嗎"])
    def test_a_plan_without_it_is_named(self, answerer: Answerer, question: str) -> None:
        before = Previous(question="新住民衛教單張", clauses=(LEAFLETS,))
        found = ask(answerer, question, "三民二所", before)
        assert found.lacking is not None
        assert found.lacking.id == "khh-doh-112"
        assert found.passages[0].node.id == LEAFLETS

    @pytest.mark.parametrize(
        ("unit", "question"),
        [
            ("三民二所", "跟市府的一樣嗎"),
            ("苓雅區公所", "和衛生局的一樣嗎"),
            (None, "跟長青一樣嗎"),
        ],
    )
    def test_goals_are_compared_as_a_whole(
        self, by_words: Answerer, unit: str | None, question: str
    ) -> None:
        goals = ask(by_words, "目標是什麼", unit)
        before = Previous(
            question=goals.question,
            clauses=tuple(node.id for node in goals.shown),
            listed=True,
            topic=goals.topic,
        )
        found = ask(by_words, question, unit, before)
        assert found.topic == SECTIONS
        assert "兩份計畫相同" in said(by_words, found)

    def test_without_a_subject_it_asks_of_what(self, by_words: Answerer) -> None:
        assert ask(by_words, "跟市府的一樣嗎", "三民二所").topic == "lost_compare"

    def test_the_citys_own_clause_can_be_asked_for_after(self, answerer: Answerer) -> None:
        before = Previous(question="電話禮貌規定", clauses=(COURTESY,))
        found = ask(answerer, "那市府的呢", "左營衛生所", before)
        assert set(plans(found)) == {"khh-112"}
        assert "電話服務禮貌" in found.passages[0].node.words

    @pytest.mark.parametrize("question", ["我們112的呢", "那我們的計畫怎麼寫"])
    def test_the_askers_own_plan_can_be_asked_for_after(
        self, answerer: Answerer, question: str
    ) -> None:
        before = Previous(question="三民二所的電話禮貌", clauses=("khh-sanmin2-115:4.1.3.2.1",))
        found = ask(answerer, question, "人事室", before)
        assert found.passages[0].node.id == COURTESY
        assert set(plans(found)) == {"khh-doh-112"}

    def test_a_row_of_the_schedule_may_be_set_beside_a_clause(self, answerer: Answerer) -> None:
        before = Previous(question="電話禮貌", clauses=(COURTESY,))
        found = ask(answerer, "和市府附件1比較", "企劃室", before)
        assert "附件1" in found.passages[1].node.path
        assert "電話" in found.passages[1].node.words

    def test_what_no_plan_says_is_not_compared(self, answerer: Answerer) -> None:
        refused = ask(answerer, "加班費怎麼算", "社會局")
        near = refused.nearest[0].node.id if refused.nearest else COURTESY
        before = Previous(question=refused.question, clauses=(near,))
        found = ask(answerer, "跟長青的一樣嗎", "社會局", before)
        assert (found.topic, found.passages) == (NEITHER, ())
        assert said(answerer, found) == phrases.NEITHER_SAYS

    def test_a_clause_on_another_subject_is_no_counterpart(self, answerer: Answerer) -> None:
        node = next(n for n in answerer.corpus.nodes.values() if "安心手鍊" in n.text)
        before = Previous(question="安心手鍊", clauses=(node.id,))
        found = ask(answerer, "衛生局也有這樣嗎", "長青", before)
        assert [one.node for one in found.passages] == [node]
        assert "沒有寫這一點" in said(answerer, found)

    def test_what_only_the_own_plan_says_is_no_comparison(self, answerer: Answerer) -> None:
        found = ask(answerer, "新住民單張 衛生局也有規定嗎", "三民二所")
        assert plans(found) == ["khh-sanmin2-115"]
        assert said(answerer, found).startswith("衛生局112年度執行計畫沒有寫這一點")

    def test_yes_or_no_comes_first(self, answerer: Answerer) -> None:
        before = Previous(question="電話禮貌規定", clauses=(COURTESY,))
        assert said(answerer, ask(answerer, "市府也有規定嗎", "企劃室", before)).startswith("有，")
        assert said(answerer, ask(answerer, "跟市府一樣嗎", "企劃室", before)).startswith(
            "不一樣，"
        )


class TestTwoThings:
    def test_those_that_were_shown_last(self, by_words: Answerer) -> None:
        before = Previous(
            question="衛生所也有減紙嗎",
            clauses=("khh-sanmin2-115:4.5.3.a.3",),
            earlier=("khh-changqing-113:4.5.3.a",),
        )
        found = ask(by_words, "一樣嗎", None, before)
        assert (found.topic, plans(found)) == (TWO, ["khh-changqing-113", "khh-sanmin2-115"])

    def test_what_was_shown_and_what_is_named(self, answerer: Answerer) -> None:
        before = Previous(question="什麼叫平時查核", clauses=(ROUTINE,))
        found = ask(answerer, "跟不定期訪查一樣嗎", "三民二所", before)
        assert found.passages[0].node.id == ROUTINE
        assert "不定期" in found.passages[1].node.words


class TestAnotherYear:
    @pytest.mark.parametrize("question", ["111年也有嗎", "111有沒有這一條"])
    def test_a_clause_of_both_years(self, by_words: Answerer, question: str) -> None:
        before = Previous(question="檢索服務", clauses=(SEARCHING,))
        found = ask(by_words, question, "企劃室", before)
        assert (found.topic, plans(found)) == (HAS_IT, ["khh-doh-111"])
        assert said(by_words, found).startswith("有，111年度這樣寫：")

    @pytest.mark.parametrize(
        "question", ["科技防疫112還有嗎", "112年有科技防疫嗎", "112年有匿名快篩嗎"]
    )
    def test_a_clause_of_one_year_only(self, by_words: Answerer, question: str) -> None:
        found = ask(by_words, question, "企劃室")
        assert found.lacking is not None
        assert found.lacking.year == 112
        assert plans(found) == ["khh-doh-111"]

    def test_whether_a_unit_is_named_in_two_years(self, by_words: Answerer) -> None:
        found = ask(by_words, "滿意度調查111年有疾管處嗎 112呢", "企劃室")
        words = said(by_words, found)
        assert "111年的責任單位：疾病管制處、健康管理科" in words
        assert "112年的責任單位：健康管理科" in words

    def test_one_entry_of_a_list(self, by_words: Answerer) -> None:
        nodes = ask(by_words, "五、(三)有哪些", "企劃室").shown
        listed = Previous(question="", clauses=tuple(node.id for node in nodes), listed=True)
        found = ask(by_words, "第一點跟111一樣嗎", "企劃室", listed)
        assert (found.kind, found.passages[0].node) == (Kind.COMPARE, nodes[0])


class TestTheEditionBefore:
    @pytest.mark.parametrize("question", ["舊版也有嗎", "前一版也有嗎"])
    def test_it_has_the_clause_too(self, by_words: Answerer, question: str) -> None:
        before = Previous(question="常見問題集誰整理", clauses=("khh-doh-112:4.2.2.a.1",))
        found = ask(by_words, question, "企劃室", before)
        assert (found.topic, found.passages[0].node.id) == (HAS_IT, "khh-doh-111:4.2.2.a.1")

    def test_or_one_on_a_subject_that_is_named(self, by_words: Answerer) -> None:
        before = Previous(question="電話禮貌規定", clauses=(COURTESY,))
        found = ask(by_words, "出院返家的去年版也有嗎", "長期照顧中心", before)
        assert found.topic == HAS_IT
        assert found.passages[0].plan.id == "khh-doh-111"
        assert "出院返家" in found.passages[0].node.words

    def test_whether_it_says_the_same_is_a_comparison(self, by_words: Answerer) -> None:
        before = Previous(question="新聞稿誰發", clauses=("khh-doh-112:4.2.4.a.2.2",))
        found = ask(by_words, "這跟前一版有一樣嗎", "企劃室", before)
        assert found.kind is Kind.COMPARE
