"""Follow-ups that turn to another plan, or to another edition of one."""

from __future__ import annotations

import pytest

from bot.search.answer import Answer, Answerer
from bot.search.follow import Previous
from bot.search.result import BESIDE, HERE
from tests.unit.search.helpers import ask

COURTESY = "khh-doh-112:4.1.3.3.2"
WEBSITE = "khh-changqing-113:4.5.1.3"
QUESTIONS = "khh-doh-112:4.2.2.a.1"


def about(clause: str, question: str = "") -> Previous:
    return Previous(question=question, clauses=(clause,))


def plans(answer: Answer) -> set[str]:
    return {one.plan.id for one in answer.passages}


class TestUnits:
    @pytest.mark.parametrize(
        ("question", "plan"),
        [
            ("長青那邊的計畫有提到嗎", "khh-changqing-113"),
            ("啊弄錯了，我是想問長青中心自己那份怎麼寫的", "khh-changqing-113"),
            ("市府那份有沒有寫", "khh-112"),
        ],
    )
    def test_the_plan_that_is_named_answers_on_the_subject(
        self, answerer: Answerer, question: str, plan: str
    ) -> None:
        found = ask(answerer, question, "企劃室", about(COURTESY, "電話禮貌怎麼做"))
        assert plans(found) == {plan}
        assert "電話" in found.passages[0].node.words

    @pytest.mark.parametrize(
        "question", ["三民二所有相似的嗎", "衛生所那邊的計畫也有寫嗎？比如三民二所"]
    )
    def test_it_is_the_clause_most_like_the_shown_one(
        self, answerer: Answerer, question: str
    ) -> None:
        before = about("khh-changqing-113:4.5.3.a", "公文流程怎麼簡化")
        found = ask(answerer, question, "行政課", before)
        own = [one.node.id for one in found.passages if one.plan.id == "khh-sanmin2-115"]
        assert own[0].startswith("khh-sanmin2-115:4.5.3.a.")

    def test_what_else_is_asked_for_is_looked_up_there(self, answerer: Answerer) -> None:
        before = about(WEBSITE, "網站多久更新")
        found = ask(answerer, "三民二所那邊規定多久", "長青綜合服務中心", before)
        assert plans(found) == {"khh-sanmin2-115"}
        assert "網站" in found.passages[0].node.words

    def test_a_subject_of_its_own_is_looked_up_in_the_named_plan(self, answerer: Answerer) -> None:
        before = about("khh-sanmin2-115:4.2.3.a.3", "滿意度調查怎麼做")
        found = ask(answerer, "市府的計畫裡有要求雙語網站嗎", "三民區第二衛生所", before)
        assert plans(found) == {"khh-112"}
        assert "網站" in found.passages[0].node.words

    def test_that_the_named_plan_has_nothing_is_said(self, answerer: Answerer) -> None:
        before = about("khh-doh-112:4.4.3.1.2", "遠距醫療在哪做")
        found = ask(answerer, "三民二所自己的計畫有寫嗎", "醫政事務科", before)
        assert (found.topic, found.lacking and found.lacking.id) == (BESIDE, "khh-sanmin2-115")

    def test_whether_it_concerns_us_is_no_turn(self, answerer: Answerer) -> None:
        found = ask(answerer, "這是局裡寫的吧 我們所也要做嗎", "鳥松區衛生所", about(COURTESY))
        assert found.topic != HERE


class TestEditions:
    @pytest.mark.parametrize(
        "question", ["之前那一本拿來看看", "舊版的寫誰", "111年是寫常見問題集沒錯吧"]
    )
    def test_the_clause_of_the_other_edition_is_shown(
        self, by_words: Answerer, question: str
    ) -> None:
        found = ask(by_words, question, "企劃室", about(QUESTIONS, "常見問題誰整理"))
        assert "khh-doh-111:4.2.2.a.1" in [one.node.id for one in found.passages]

    def test_what_a_unit_was_called_before_is_no_edition(self, answerer: Answerer) -> None:
        before = about("khh-doh-112:4.2.3.a.2", "心理諮商要調查滿意度嗎")
        found = ask(answerer, "我們以前叫社區心衛", "社區心衛中心", before)
        assert not found.passages or found.passages[0].plan.id == "khh-doh-112"

    @pytest.mark.parametrize("question", ["去年也是一組在做嗎", "那去年是誰負責"])
    def test_that_there_is_no_other_is_said(self, by_words: Answerer, question: str) -> None:
        before = about("khh-sanmin2-115:4.1.2.2.2", "新住民單張")
        found = ask(by_words, question, "三民區第二衛生所", before)
        assert found.topic == "no_edition"
        assert found.passages[0].node.id == "khh-sanmin2-115:4.1.2.2.2"

    def test_the_edition_that_is_shown_stays(self, by_words: Answerer) -> None:
        found = ask(by_words, "112年版怎麼寫", "企劃室", about(QUESTIONS, "常見問題誰整理"))
        assert (found.topic, found.passages[0].node.id) == (HERE, QUESTIONS)

    def test_a_new_subject_leaves_the_older_edition(self, answerer: Answerer) -> None:
        before = about("khh-doh-111:4.2.2.a.1", "111年常見問題誰整理")
        found = ask(answerer, "那電話禮貌呢", "企劃室", before)
        assert found.passages[0].plan.id == "khh-doh-112"
