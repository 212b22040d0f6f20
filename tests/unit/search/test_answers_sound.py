"""What surrounds an answer: what it does not state, whose plan speaks, and when it says nothing."""

from __future__ import annotations

from datetime import date

import pytest

from bot import phrases
from bot.messages import Card
from bot.search.answer import Answerer
from bot.search.refusal import Band
from bot.search.result import OFF_TOPIC, Answer, Kind
from handlers.answers import as_reply
from tests.unit.search.helpers import ask


def said(answerer: Answerer, found: Answer) -> str:
    return as_reply(found, answerer.corpus).plain


def card_of(answerer: Answerer, found: Answer) -> Card:
    (card,) = as_reply(found, answerer.corpus).messages
    assert isinstance(card, Card)
    return card


class TestOffTopic:
    @pytest.mark.parametrize(
        "words",
        ["天氣如何", "颱風假有放嗎", "下班了沒", "中元普渡要拜嗎", "刪掉這個單位", "明天要補班嗎",
         "端午節放幾天", "晚餐要吃啥"],
    )  # fmt: skip
    def test_what_has_nothing_to_do_with_the_plans_gets_one_line(
        self, answerer: Answerer, words: str
    ) -> None:
        found = ask(answerer, words, "三民二所")
        assert (found.topic, found.nearest) == (OFF_TOPIC, ())
        assert said(answerer, found) == phrases.OFF_TOPIC

    @pytest.mark.parametrize(
        ("words", "topic"),
        [("講個笑話", "chat"), ("唱首歌", "chat"), ("你很爛", "insult"), ("你真的好笨", "insult")],
    )
    def test_jokes_and_insults_are_small_talk(
        self, by_words: Answerer, words: str, topic: str
    ) -> None:
        found = ask(by_words, words)
        assert (found.kind, found.topic) == (Kind.SMALLTALK, topic)

    @pytest.mark.parametrize("words", ["經費從哪出", "不去會怎樣"])
    def test_what_is_near_the_plans_and_not_stated_keeps_the_nearest_clauses(
        self, answerer: Answerer, words: str
    ) -> None:
        found = ask(answerer, words, "三民二所")
        assert found.kind is Kind.UNKNOWN
        assert found.nearest
        assert said(answerer, found).startswith("計畫沒有寫到這件事")


class TestNearlySaid:
    @pytest.mark.parametrize(
        ("words", "unit", "clause"),
        [
            ("放在網站的文件可以用pdf嗎", "三民二所", "khh-sanmin2-115:4.5.1.1.1"),
            ("乳攝是跟哪幾間診所合作的", "三民二所", "khh-sanmin2-115:4.3.3.1"),
        ],
    )
    def test_a_clause_far_before_all_others_is_shown_as_nearly_the_answer(
        self, answerer: Answerer, words: str, unit: str, clause: str
    ) -> None:
        found = ask(answerer, words, unit)
        assert (found.band, found.passages[0].node.id) == (Band.NEAR, clause)
        assert said(answerer, found).startswith(phrases.NEARLY_SAID)

    @pytest.mark.parametrize(
        ("words", "lead"),
        [
            ("日托的一般戶每個月付多少錢", phrases.nearest(1)),
            ("日托有幾位照服員", phrases.plan_lacks(["人數"])),
        ],
    )
    def test_an_amount_of_something_else_or_none_is_not_and_the_one_clause_is_offered(
        self, answerer: Answerer, words: str, lead: str
    ) -> None:
        found = ask(answerer, words, "教保課")
        assert found.kind is Kind.UNKNOWN
        assert [one.node.id for one in found.nearest] == ["khh-changqing-113:4.4.1.4"]
        assert lead in said(answerer, found)

    def test_a_clause_with_the_words_of_the_question_is_not_called_only_the_nearest(
        self, answerer: Answerer
    ) -> None:
        found = ask(answerer, "文康車有辦什麼宣導", "服務課")
        assert (found.band, found.passages[0].node.id) == (Band.SAID, "khh-changqing-113:4.3.3.2")
        assert phrases.NEARLY_SAID not in said(answerer, found)

    def test_but_one_that_does_not_state_what_is_asked_is(self, answerer: Answerer) -> None:
        found = ask(answerer, "癌症篩檢要準備哪些證件", "健康管理科")
        assert found.band is Band.NEAR

    def test_which_days_is_no_number_of_days(self, answerer: Answerer) -> None:
        found = ask(answerer, "分區據點哪幾天開", "心理健康科")
        assert found.unstated == ("時間",)
        assert ask(answerer, "乳房攝影是哪幾天", "三民二所").band is Band.SAID


class TestWhomToAsk:
    @pytest.mark.parametrize("words", ["被測到不及格會怎樣", "電話測試沒過會不會扣考績"])
    def test_nobody_is_sent_to_another_agencys_people(self, answerer: Answerer, words: str) -> None:
        found = ask(answerer, words, "三民二所")
        assert found.kind is Kind.UNKNOWN
        for stranger in ("行政課", "服務課", "教保課"):
            assert stranger not in card_of(answerer, found).note

    def test_who_is_not_known_is_sent_to_nobody(self, answerer: Answerer) -> None:
        found = ask(answerer, "安心手鍊壞掉換新的一條幾塊錢")
        assert found.nearest
        assert card_of(answerer, found).note == ""

    def test_ones_own_units_may_be_asked(self, answerer: Answerer) -> None:
        found = ask(answerer, "安心手鍊壞掉換新的一條幾塊錢", "長青")
        assert "教保課" in card_of(answerer, found).note

    def test_nobody_is_sent_to_themselves(self, answerer: Answerer) -> None:
        found = ask(answerer, "安心手鍊壞掉換新的一條幾塊錢", "教保課")
        assert found.nearest
        assert card_of(answerer, found).note == ""

    def test_buttons_that_would_look_alike_name_the_plan(self, answerer: Answerer) -> None:
        corpus = answerer.corpus
        near = tuple(
            answerer.passage(corpus.nodes[one])
            for one in ("khh-sanmin2-115:3.a", "khh-112:3.a", "khh-doh-112:3")
            if one in corpus.nodes
        )
        assert len({one.node.path for one in near}) < len(near)
        labels = [
            one.label
            for one in card_of(
                answerer, Answer(question="", kind=Kind.UNKNOWN, nearest=near)
            ).buttons
        ]
        assert len(set(labels)) == len(labels)
        assert all(len(one) <= 20 for one in labels)


class TestOnTheSubject:
    def said_of(self, answerer: Answerer, words: str, unit: str, clause: str) -> list[str]:
        found = ask(answerer, words, unit)
        assert found.kind is Kind.UNKNOWN
        assert [one.node.id for one in found.nearest] == [clause]
        return said(answerer, found).splitlines()

    def test_the_clause_is_shown_with_what_it_does_not_state(self, answerer: Answerer) -> None:
        clause = "khh-changqing-113:4.4.1.4"
        lines = self.said_of(answerer, "日托有幾位照服員", "教保課", clause)
        assert lines[0] == phrases.plan_lacks(["人數"])
        assert answerer.corpus.nodes[clause].words in lines[1]
        assert lines[2:4] == ["責任單位：服務課", "出處：長青中心113年度工作計畫 肆、四、(一)4"]

    def test_with_what_it_says_in_place_of_it(self, answerer: Answerer) -> None:
        lines = self.said_of(answerer, "分層負責多久要修正一次", "秘書室", "khh-doh-112:4.5.3.a.1")
        assert lines[0] == phrases.plan_lacks(["多久一次"], vaguely="適時")

    def test_with_what_it_does_state(self, answerer: Answerer) -> None:
        lines = self.said_of(
            answerer, "法律諮詢要滿幾歲？禮拜幾去？", "服務課", "khh-changqing-113:4.4.1.1"
        )
        assert lines[0] == phrases.plan_lacks(["時間"], ["年齡"])


class TestNotStatedBeside:
    @pytest.mark.parametrize(
        ("words", "unit", "lacks"),
        [
            ("長照專員什麼時候來？誰負責？電話幾號？", "三民二所", ("日期", "電話")),
            ("研考會什麼時候來抽查，抽查要準備什麼", "企劃室", ("準備什麼",)),
            ("滿意度調查要做幾份", "企劃室", ("份數",)),
            ("定點用餐在哪裡？一餐多少錢？", "長青", ("費用",)),
            ("X光檢查誰負責？哪一天來？要準備什麼？", "三民二所", ("日期", "準備什麼")),
        ],
    )
    def test_one_line_says_what_the_clause_does_not_state(
        self, answerer: Answerer, words: str, unit: str, lacks: tuple[str, ...]
    ) -> None:
        found = ask(answerer, words, unit)
        assert found.passages
        lines = said(answerer, found).splitlines()
        (line,) = [one for one in lines if one.startswith(("這裡沒有寫", "這一條沒有寫"))]
        assert all(one in line for one in lacks)

    @pytest.mark.parametrize("words", ["環境美化誰負責", "第二次電話禮貌測試什麼時候"])
    def test_what_is_stated_is_not_denied(self, answerer: Answerer, words: str) -> None:
        assert "沒有寫" not in said(answerer, ask(answerer, words, "三民二所"))

    def test_where_one_thing_is_asked_it_is_said_above_the_clause(self, answerer: Answerer) -> None:
        lines = said(answerer, ask(answerer, "新聞稿多久檢討一次", "企劃室")).splitlines()
        assert lines[0] == "這一條只寫「定期」，沒有寫多久一次。條文是："

    def test_of_a_list_it_is_not_said_which_are_missing(self, answerer: Answerer) -> None:
        assert "沒有寫" not in said(answerer, ask(answerer, "滿意度調查有哪些項目", "企劃室"))


class TestOwnPlanFirst:
    @pytest.mark.parametrize(
        ("words", "clause"),
        [
            ("民眾申請逾期了怎麼辦", "khh-sanmin2-115:4.1.1.1.2"),
            ("臉書", "khh-sanmin2-115:4.5.2.1"),
            ("SOP要放哪", "khh-sanmin2-115:4.1.1.1.1"),
            ("SOP要貼在哪裡", "khh-sanmin2-115:4.1.1.1.1"),
        ],
    )
    def test_a_clause_of_ones_own_plan_that_fits_about_as_well_comes_first(
        self, answerer: Answerer, words: str, clause: str
    ) -> None:
        assert ask(answerer, words, "三民二所").passages[0].node.id == clause


class TestLists:
    def test_a_named_year_keeps_the_others_out(self, answerer: Answerer) -> None:
        found = ask(answerer, "111年局裡有哪幾種滿意度", "三民二所")
        assert {one.plan.id for one in found.passages} == {"khh-doh-111"}
        assert "核准" not in said(answerer, found)

    @pytest.mark.parametrize("words", ["還有哪些癌症篩檢", "社區心衛中心有哪些據點"])
    def test_two_editions_that_say_the_same_stand_once(
        self, answerer: Answerer, words: str
    ) -> None:
        texts = [one.node.text for one in ask(answerer, words, "衛生局").passages]
        assert len(texts) > 1
        assert len(set(texts)) == len(texts)

    def test_a_goal_is_no_entry_among_duties(self, answerer: Answerer) -> None:
        found = ask(answerer, "還有什麼給弱勢長輩的", "長青")
        assert {one.node.segments[0] for one in found.passages} == {"4"}


class TestNamedInTheCitysPlan:
    @pytest.mark.parametrize("words", ["警察局咧", "警察局要交計畫嗎", "警察局要不要提報計畫"])
    def test_what_the_citys_plan_says_of_an_agency_answers(
        self, answerer: Answerer, words: str
    ) -> None:
        found = ask(answerer, words, "三民二所")
        assert found.passages[0].node.id == "khh-112:8.2"
        assert "不在我的資料裡" not in said(answerer, found)

    @pytest.mark.parametrize("words", ["那瑪夏區公所可以自己訂計畫嗎", "茂林可以自己寫計畫嗎"])
    def test_a_district_that_may_write_its_own(self, answerer: Answerer, words: str) -> None:
        assert ask(answerer, words, "企劃室").passages[0].node.id == "khh-112:3.b"


class TestPapersToBring:
    @pytest.mark.parametrize(
        "words", ["安心手鍊要帶什麼證件", "申請安心手鍊要附什麼", "辦手鍊要準備哪些文件"]
    )
    def test_the_clause_that_states_them_answers(self, answerer: Answerer, words: str) -> None:
        assert ask(answerer, words, "長青").passages[0].node.id == "khh-changqing-113:4.3.1.1"


class TestGoals:
    @pytest.mark.parametrize(
        ("words", "unit", "plan"),
        [
            ("我們的目標", "三民二所", "khh-sanmin2-115"),
            ("衛生局的目標", None, "khh-doh-112"),
            ("市府的目標呢", "長青", "khh-112"),
            ("本局的目標是什麼", "企劃室", "khh-doh-112"),
        ],
    )
    def test_all_three_of_the_plan_that_is_asked_for(
        self, answerer: Answerer, words: str, unit: str | None, plan: str
    ) -> None:
        found = ask(answerer, words, unit)
        assert [one.plan_id for one in found.shown] == [plan] * 3


class TestUnclearUnits:
    def test_a_list_says_once_that_units_are_unclear(self, answerer: Answerer) -> None:
        text = said(answerer, ask(answerer, "問卷有哪些", "衛生局"))
        (note,) = (line for line in text.splitlines() if "寫在同一格" in line)
        assert note.startswith("（第1、")
        assert text.endswith(note)

    def test_a_lost_unit_is_told_in_plain_words(self, answerer: Answerer) -> None:
        text = said(answerer, ask(answerer, "環境美化誰負責", "三民二所"))
        assert text.count(phrases.UNITS_LOST) == 1
        assert "缺漏" not in text


class TestWhoseDatesTheyAre:
    def test_who_owes_it_is_told_so_before_the_date(self, answerer: Answerer) -> None:
        lines = said(answerer, ask(answerer, "研習是我們辦的嗎？幾月辦", "研考會")).splitlines()
        assert lines[0] == "是，研考會要辦理本府提升服務研習："

    def test_who_only_takes_part_is_not(self, answerer: Answerer) -> None:
        text = said(answerer, ask(answerer, "研習是我們辦的嗎？幾月辦", "衛生局"))
        assert not text.startswith("是")


class TestDatesForNobody:
    @pytest.mark.parametrize(
        ("words", "ends"),
        [
            ("今年第二次電話測試什麼時候開始", date(2026, 12, 31)),
            ("研習什麼時候辦", date(2026, 8, 31)),
            ("第二次電話禮貌測試哪時候", date(2026, 12, 31)),
        ],
    )
    def test_the_citys_dates_of_the_running_cycle(
        self, answerer: Answerer, words: str, ends: date
    ) -> None:
        assert ask(answerer, words).deadlines[0].end == ends
