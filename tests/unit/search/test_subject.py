"""Whether a few words in a talk have a subject of their own."""

from __future__ import annotations

import pytest

from bot.search.answer import Answerer, Kind
from bot.search.follow import Previous
from bot.search.result import SILENT
from tests.unit.search.helpers import ask

SIGNS = "khh-sanmin2-115:4.1.3.3.3"
DAY_CARE = "khh-changqing-113:4.4.1.4"
WEB_MARK = "khh-doh-112:4.1.3.2.5"
TEETH = "khh-doh-112:4.4.1.a.3.1"
ALONE_AT_HOME = (
    "khh-changqing-113:4.1.4.1",
    "khh-changqing-113:4.1.4.2",
    "khh-changqing-113:4.3.1.2",
    "khh-changqing-113:4.4.2.1",
)


def about(clause: str, question: str) -> Previous:
    return Previous(question=question, clauses=(clause,))


class TestLeaving:
    @pytest.mark.parametrize(
        ("question", "clause"),
        [
            ("有人在網路上罵我們怎麼回", "khh-sanmin2-115:4.2."),
            ("職務代理人有規定嗎", "khh-sanmin2-115:4.5.3.a.2"),
            ("外籍配偶看得懂的單張", "khh-sanmin2-115:4.1.2.2"),
        ],
    )
    def test_words_in_other_words_leave_what_was_shown(
        self, answerer: Answerer, question: str, clause: str
    ) -> None:
        found = ask(answerer, question, "三民二所", about(SIGNS, "雙語標示"))
        assert found.passages[0].node.id.startswith(clause)

    @pytest.mark.parametrize("question", ["要先登記嗎", "名額有限制嗎", "可以帶家人來嗎"])
    def test_words_that_fit_nothing_clearly_better_stay(
        self, answerer: Answerer, question: str
    ) -> None:
        found = ask(answerer, question, "長青", about(DAY_CARE, "日間托老"))
        assert (found.topic, found.passages[0].node.id) == (SILENT, DAY_CARE)


class TestAnOpenDetail:
    """「研習呢」 after 「查訪是幾月」 asks for the month of that too."""

    VISITS = "khh-112:f1.9"

    def test_the_detail_of_the_question_before_is_carried_on(self, answerer: Answerer) -> None:
        found = ask(answerer, "那參獎評選呢", "研考會", about(self.VISITS, "查訪在幾月"))
        assert found.kind is Kind.DEADLINE
        assert found.passages[0].node.id == "khh-112:f1.4"

    def test_the_other_time_of_what_is_done_twice(self, answerer: Answerer) -> None:
        before = about("khh-112:f1.5", "第一次電話測試什麼時候")
        found = ask(answerer, "啊第2次呢", "研考會", before)
        assert (found.kind, found.passages[0].node.id) == (Kind.DEADLINE, "khh-112:f1.8")

    def test_where_nothing_states_it_the_subject_alone_is_meant(self, answerer: Answerer) -> None:
        found = ask(answerer, "那雙語標誌呢", "研考會", about(self.VISITS, "查訪在幾月"))
        assert found.passages[0].node.id == "khh-112:4.1.a.2"

    def test_when_results_come_is_not_when_it_takes_place(self, answerer: Answerer) -> None:
        before = about("khh-112:f1.5", "第一次電話測試什麼時候")
        found = ask(answerer, "成績哪時會下來", "研考會", before)
        assert (found.topic, found.unstated) == (SILENT, ("成績怎麼公布",))

    def test_last_years_results_are_of_no_edition(self, answerer: Answerer) -> None:
        before = about("khh-112:f1.5", "第一次電話測試什麼時候")
        found = ask(answerer, "前一年哪個局成績最好", "研考會", before)
        assert found.topic == SILENT
        assert found.unstated == ("分數",)

    def test_a_detail_that_the_shown_clause_lacks_is_not_sought_elsewhere(
        self, answerer: Answerer
    ) -> None:
        before = about("khh-doh-112:4.4.1.a.3.2", "流感疫苗可以到長輩家裡打嗎")
        found = ask(answerer, "滿幾歲才算長輩", "疾病管制處", before)
        assert (found.topic, found.passages[0].node.id) == (SILENT, "khh-doh-112:4.4.1.a.3.2")


class TestOnTheSubject:
    def test_of_clauses_that_fit_alike_it_is_the_one_on_the_subject(
        self, answerer: Answerer
    ) -> None:
        found = ask(answerer, "那滿意度有做嗎", "醫政事務科", about(TEETH, "老人假牙"))
        assert found.passages[0].node.id == "khh-doh-112:4.2.3.a.3"

    def test_nothing_beside_a_clause_of_an_older_edition(self, answerer: Answerer) -> None:
        before = about("khh-doh-111:5.1", "111年的計畫幾號提出")
        found = ask(answerer, "那成果報告什麼時候交", "鳳山區第一衛生所", before)
        assert all(one.plan.id != "khh-doh-111" for one in found.passages[:1])

    def test_or_the_one_beside_what_was_shown(self, answerer: Answerer) -> None:
        found = ask(answerer, "那QR Code呢", "企劃室", about(WEB_MARK, "無障礙標章"))
        assert found.passages[0].node.id == "khh-doh-112:4.1.3.2.8"

    def test_a_talk_about_another_units_plan_stays_in_it(self, answerer: Answerer) -> None:
        before = about("khh-changqing-113:4.2.2.1", "長青中心的意見箱")
        found = ask(answerer, "那臉書多久更新", "社會局", before)
        assert found.passages[0].plan.owner == "長青綜合服務中心"


def test_entries_of_a_list_by_what_they_name(answerer: Answerer) -> None:
    shown = Previous(question="教保課的工作", clauses=ALONE_AT_HOME, listed=True)
    found = ask(answerer, "只要看獨居老人那幾條", "教保課", shown)
    assert found.kind is Kind.LIST
    assert {one.id for one in found.shown} == set(ALONE_AT_HOME) - {"khh-changqing-113:4.1.4.2"}


def test_what_may_be_meant_instead_is_offered(answerer: Answerer) -> None:
    found = ask(answerer, "能用視訊開會嗎", "長青", about(DAY_CARE, "日間托老"))
    first = found.passages[0].node.id
    assert first != DAY_CARE or found.second is not None


class TestWhichEditionAndDate:
    def test_the_edition_in_force_comes_first(self, answerer: Answerer) -> None:
        for question in ("平常有人查我們嗎", "網站要有無障礙", "內部稽核"):
            found = ask(answerer, question, "企劃室")
            assert found.passages[0].plan.year != 111

    @pytest.mark.parametrize("unit", ["長青", "苓雅區公所", "三民二所"])
    def test_the_date_of_a_plan_is_not_that_of_its_results(
        self, answerer: Answerer, unit: str
    ) -> None:
        found = ask(answerer, "今年計畫最晚哪時要送出去", unit)
        assert "成果" not in found.passages[0].node.words
