"""What changed between two editions: of a plan, of a subject, of a clause and its units."""

from __future__ import annotations

import pytest

from bot import phrases
from bot.search.answer import Answer, Answerer, Kind
from bot.search.follow import Previous
from bot.search.result import EDITIONS, GONE, IN_CHARGE, ONE_EDITION, STILL
from handlers.answers import as_reply
from tests.unit.search.helpers import ask

SCREENING = "khh-doh-112:4.4.2.a.1.1"  # 健康管理科, in 111 醫政事務科
RAPID_TESTS = "khh-doh-111:4.5.1.b.a.1"  # in 111 only
SEARCHING = "khh-doh-112:4.1.3.2.3"
FAQ = "khh-doh-112:4.2.2.a.1"  # 企劃室 in both years
AUDIT = "khh-doh-112:4.5.3.a.2"
COURTESY = "khh-doh-112:4.1.3.3.2"  # in 111 the units are lost
COUNTER = "khh-doh-112:4.1.3.1.4"  # 各申辦業務單位 in both years
SURVEYS = tuple(f"khh-doh-112:4.2.3.a.{number}" for number in (1, 2, 3))


def said(answerer: Answerer, answer: Answer) -> str:
    return as_reply(answer, answerer.corpus).plain


def about(*clauses: str, question: str = "這一條", topic: str = "") -> Previous:
    return Previous(question=question, clauses=clauses, listed=len(clauses) > 1, topic=topic)


class TestTheWholePlan:
    @pytest.mark.parametrize(
        ("question", "first", "total"),
        [
            ("今年的計畫增加了哪些項目", "〔新增〕", 2),
            ("跟前一版比多了什麼", "〔新增〕", 2),
            ("112比111少了什麼", "〔刪掉〕", 8),
            ("有哪些被拿掉", "〔刪掉〕", 8),
            ("今年修改了哪些條文", "〔文字有改〕", 23),
            ("哪些科室換了", "〔文字有改〕", 7),
            ("111年和112年的計畫有什麼不同", "〔新增〕", 33),
        ],
    )
    def test_how_much_changed_and_a_list_of_what_is_asked_for(
        self, by_words: Answerer, question: str, first: str, total: int
    ) -> None:
        found = ask(by_words, question, "人事室")
        words = said(by_words, found)
        assert (found.topic, len(found.shown)) == (EDITIONS, total)
        assert "新增 2 條、刪掉 8 條" in words
        assert next(line for line in words.splitlines() if line.startswith("〔")) == first

    def test_each_entry_has_its_place_and_what_each_year_says(self, by_words: Answerer) -> None:
        words = said(by_words, ask(by_words, "今年責任單位有哪些改了", "企劃室"))
        assert "肆、四、(二)1.(1)" in words
        assert "112年：健康管理科\n111年：醫政事務科" in words

    def test_it_stands_for_itself_after_another_subject(self, by_words: Answerer) -> None:
        found = ask(by_words, "還有哪些被刪掉", "企劃室", about(SEARCHING))
        assert (found.topic, len(found.shown)) == (EDITIONS, 8)

    @pytest.mark.parametrize("unit", ["三民二所", "長青", "鳳山區公所"])
    def test_a_plan_with_one_edition_is_told(self, by_words: Answerer, unit: str) -> None:
        found = ask(by_words, "今年的計畫多了哪些", unit)
        assert found.topic == ONE_EDITION
        assert "沒有別的年度可以比" in said(by_words, found)

    def test_without_a_unit_it_is_the_only_plan_with_two(self, by_words: Answerer) -> None:
        assert ask(by_words, "兩年的計畫差在哪").topic == EDITIONS

    @pytest.mark.parametrize(
        "question", ["有新增的網站功能要報嗎", "取消預約要怎麼辦", "誰修改標準作業流程"]
    )
    def test_a_question_with_a_subject_is_none(self, by_words: Answerer, question: str) -> None:
        assert ask(by_words, question, "企劃室").topic != EDITIONS

    def test_of_a_list_ones_own_can_be_asked_for(self, by_words: Answerer) -> None:
        first = ask(by_words, "兩年的計畫差在哪", "健康管理科")
        nodes = tuple(node.id for node in first.shown)
        found = ask(by_words, "跟我們科有關的呢", "健康管理科", about(*nodes, topic=EDITIONS))
        assert SCREENING in {node.id for node in found.shown}
        assert len(found.shown) < len(first.shown)


class TestASubject:
    def test_all_its_clauses_are_compared_those_that_changed_first(
        self, answerer: Answerer
    ) -> None:
        found = ask(answerer, "滿意度調查 111跟112有沒有不一樣", "企劃室")
        words = said(answerer, found)
        assert {node.id for node in found.shown} == set(SURVEYS)
        assert found.shown[0].id == SURVEYS[0]
        assert "有差，只有責任單位改了 1 條、兩年相同 2 條" in words

    def test_rewritten_clauses_are_found_too(self, answerer: Answerer) -> None:
        words = said(answerer, ask(answerer, "假牙申請 111年和112年比較", "企劃室"))
        assert "一處收件全程辦理" in words
        assert "函請民政局及社會局" in words

    def test_what_only_one_year_has_is_told(self, by_words: Answerer) -> None:
        found = ask(by_words, "衛生保健志工 111跟112差在哪", "企劃室")
        assert said(by_words, found).startswith(phrases.no_longer_there(112, 111))

    def test_going_on_stays_on_the_subject(self, by_words: Answerer) -> None:
        before = about(*SURVEYS, question="滿意度調查 111年歸誰", topic=EDITIONS)
        found = ask(by_words, "那112呢", "企劃室", before)
        assert {node.id for node in found.shown} == set(SURVEYS)


class TestStillThere:
    @pytest.mark.parametrize(
        "question", ["匿名快篩今年還有嗎", "防疫資訊系統112還要做嗎", "匿名快篩被取消了嗎"]
    )
    def test_one_that_was_dropped(self, answerer: Answerer, question: str) -> None:
        found = ask(answerer, question, "企劃室")
        assert (found.topic, found.passages[0].node.id) == (GONE, RAPID_TESTS)
        assert said(answerer, found).startswith("112年度沒有這一條了，111年度是這樣寫")

    def test_one_that_stayed(self, answerer: Answerer) -> None:
        found = ask(answerer, "內部稽核112還在嗎", "企劃室")
        assert (found.kind, found.topic) == (Kind.CLAUSE, STILL)
        assert said(answerer, found).startswith("還在，112年度這樣寫")

    @pytest.mark.parametrize("question", ["所以刪掉了喔", "被拿掉了嗎", "今年還要做嗎"])
    def test_the_clause_of_the_conversation(self, by_words: Answerer, question: str) -> None:
        assert ask(by_words, question, "企劃室", about(RAPID_TESTS)).topic == GONE
        assert ask(by_words, question, "企劃室", about(SEARCHING)).topic == STILL

    def test_a_year_can_be_read_for_itself(self, by_words: Answerer) -> None:
        found = ask(by_words, "那111年怎麼寫", "企劃室", about(SEARCHING))
        assert found.passages[0].plan.year == 111

    def test_an_office_has_its_own_clause_rather_than_one_that_the_bureau_dropped(
        self, answerer: Answerer
    ) -> None:
        found = ask(answerer, "新住民衛教單張今年還有嗎", "三民二所")
        assert found.passages[0].plan.id == "khh-sanmin2-115"


class TestWhoIsResponsible:
    @pytest.mark.parametrize(
        ("question", "beginning"),
        [
            ("111年也是同一科嗎", "不是，111年度是醫政事務科，112年度是健康管理科"),
            ("承辦單位有變嗎", "有換，111年度是醫政事務科，112年度是健康管理科"),
            ("去年是哪一科", "111年度是醫政事務科，112年度是健康管理科"),
        ],
    )
    def test_units_that_changed(self, by_words: Answerer, question: str, beginning: str) -> None:
        found = ask(by_words, question, "企劃室", about(SCREENING))
        assert found.topic == IN_CHARGE
        assert said(by_words, found).startswith(beginning)

    def test_units_that_stayed(self, by_words: Answerer) -> None:
        node = next(
            node for node in by_words.corpus.plans["khh-doh-112"].nodes
            if node.words.startswith("心理諮商滿意度")
        )  # fmt: skip
        words = said(by_words, ask(by_words, "111年也是這科嗎", "企劃室", about(node.id)))
        assert words.startswith("是，兩年都是社區心衛中心")

    def test_whether_it_was_ours_last_year(self, by_words: Answerer) -> None:
        found = ask(by_words, "癌症篩檢設站前一年也是我們科吧", "健康管理科")
        assert found.topic == IN_CHARGE
        assert said(by_words, found).startswith("不是，111年度是醫政事務科")

    def test_a_year_that_lost_its_units_is_told(self, by_words: Answerer) -> None:
        words = said(
            by_words, ask(by_words, "單位有換嗎", "企劃室", about("khh-doh-112:4.1.3.3.2"))
        )
        assert words.startswith(phrases.units_unknown_in(111))

    def test_whether_a_section_was_taken_out_of_what_was_shown(self, by_words: Answerer) -> None:
        before = about(*SURVEYS, question="滿意度調查 111 112", topic=EDITIONS)
        words = said(by_words, ask(by_words, "疾病管制處是不是不見了", "企劃室", before))
        assert words.startswith("是，111年度有列疾病管制處，112年度沒有列了")


class TestWhetherItWasOurs:
    @pytest.mark.parametrize(
        ("question", "unit", "begins"),
        [
            ("以前不是醫政事務科的嗎", "健康管理科", "是，111年度有列醫政事務科"),
            ("可是111年有列我們吧", "醫政事務科", "是，111年度有列醫政事務科"),
        ],
    )
    def test_a_unit_that_one_year_has(
        self, by_words: Answerer, question: str, unit: str, begins: str
    ) -> None:
        found = ask(by_words, question, unit, about(SCREENING))
        assert said(by_words, found).startswith(begins)

    @pytest.mark.parametrize(
        ("question", "unit", "clause", "begins"),
        [
            ("111年也是企劃室嗎", "企劃室", FAQ, "是，111年度也是企劃室："),
            ("去年我們也有列嗎", "企劃室", SCREENING, "不是，111年度是醫政事務科："),
            ("112年也是我們嗎", "醫政事務科", SCREENING, "不是，112年度是健康管理科："),
            ("111年也是我們嗎", "檢驗科", COUNTER, "是，111年度也是各申辦業務單位："),
            ("我們還在嗎", "企劃室", FAQ, "沒有拿掉，兩年都有列企劃室："),
            ("去年也是我們嗎", "企劃室", COURTESY, phrases.units_unknown_in(111)),
        ],
    )
    def test_it_is_answered_as_it_was_asked(
        self, by_words: Answerer, question: str, unit: str, clause: str, begins: str
    ) -> None:
        found = ask(by_words, question, unit, about(clause))
        assert said(by_words, found).startswith(begins)

    def test_a_unit_is_named_itself_where_it_is_printed_beside_a_group(
        self, by_words: Answerer
    ) -> None:
        found = ask(by_words, "111年也是我們嗎", "會計室", about(AUDIT))
        assert said(by_words, found).startswith("是，111年度也有列會計室：")

    @pytest.mark.parametrize(
        ("question", "year"), [("111年也是我們嗎", 111), ("112年也是我們嗎", 112)]
    )
    def test_the_wording_is_that_of_the_year_that_is_asked_about(
        self, by_words: Answerer, question: str, year: int
    ) -> None:
        words = said(by_words, ask(by_words, question, "會計室", about(AUDIT)))
        clause = by_words.corpus.nodes[f"khh-doh-{year}:{AUDIT.partition(':')[2]}"].words
        assert f"{phrases.wording_of(year)}{clause}" in words

    @pytest.mark.parametrize("question", ["111年那時候是幾號", "去年也是一月嗎"])
    def test_a_year_alone_means_the_clause_of_that_year(
        self, by_words: Answerer, question: str
    ) -> None:
        found = ask(by_words, question, "企劃室", about("khh-doh-112:5.1"))
        assert "khh-doh-111:5.1" in {one.node.id for one in found.passages}


def test_the_two_kinds_of_plans_are_told_by_their_forms(by_words: Answerer) -> None:
    words = said(by_words, ask(by_words, "執行計畫跟工作計畫差在哪", "鳳山區公所"))
    assert "一級機關、區公所" in words
    assert "二級機關" in words
