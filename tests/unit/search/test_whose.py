"""Whose something is: of what was shown, or of a subject that is named before."""

from __future__ import annotations

import pytest

from bot.search.answer import Answer, Answerer, Kind
from bot.search.follow import Previous
from handlers.answers import as_reply
from tests.unit.search.helpers import ask

AUDIT = "khh-doh-112:4.5.3.a.2"  # 各單位、會計室
WEBSITE = "khh-doh-112:4.1.3.2.4"  # 企劃室
PRESS = "khh-sanmin2-115:4.2.2.1.1"  # 一、二組
LAWYER = "khh-changqing-113:4.4.1.1"  # 教保課
PAPER = "khh-changqing-113:4.5.3.a"  # 行政課


def about(*clauses: str) -> Previous:
    return Previous(question="這一條", clauses=clauses, listed=len(clauses) > 1)


def said(answerer: Answerer, answer: Answer) -> str:
    return as_reply(answer, answerer.corpus).plain


@pytest.mark.parametrize(
    ("question", "unit", "clause", "lead"),
    [
        ("這只有會計室要做嗎", "企劃室", AUDIT, "不只，"),
        ("秘書室自己做就好了吧", "企劃室", AUDIT, "不只，"),
        ("只有檢驗科在處理嗎", "企劃室", WEBSITE, "不是，這一條的責任單位是企劃室"),
        ("只是我們室在顧嗎", "企劃室", WEBSITE, "對，這一條只列企劃室"),
        ("不會又是我們室吧", "企劃室", WEBSITE, "是，企劃室是"),
        ("秘書室也要負責嗎", "企劃室", WEBSITE, "這一條沒有列秘書室"),
        ("是歸一組還是二組管", "三民區第二衛生所", PRESS, "都是，"),
        ("行政課或教保課哪個要做", "服務課", LAWYER, "由教保課負責"),
        ("服務課跟行政課都要嗎", "服務課", LAWYER, "都不是，"),
        ("這也算我們課的工作嗎", "服務課", LAWYER, "這一條沒有列服務課"),
        ("真的是企劃室？不是秘書室？", "檢驗科", WEBSITE, "由企劃室負責"),
        ("這項掛在我們室名下嗎", "企劃室", WEBSITE, "是，企劃室是"),
    ],
)
def test_what_was_shown(
    by_words: Answerer, question: str, unit: str, clause: str, lead: str
) -> None:
    found = ask(by_words, question, unit, about(clause))
    assert [one.node.id for one in found.passages] == [clause]
    assert said(by_words, found).startswith(lead)


class TestASubjectNamedBefore:
    def test_its_clause_comes_first_with_the_verdict(self, by_words: Answerer) -> None:
        found = ask(by_words, "減紙這件事就只有我們課在做嗎", "教保課", about(LAWYER))
        assert [one.node.id for one in found.passages] == [PAPER]
        assert said(by_words, found).startswith("不是，這一條的責任單位是行政課")

    def test_who_asks_for_an_office_is_told_whether_it_binds_it(self, by_words: Answerer) -> None:
        found = ask(by_words, "減紙的事只有我們要做嗎", "三民區第二衛生所", about(PRESS))
        assert found.passages[0].node.id == "khh-sanmin2-115:4.5.3.a.3"
        assert "三民區第二衛生所適用這一條" in said(by_words, found)

    def test_a_clause_beside_what_was_shown_goes_before_all_others(
        self, by_words: Answerer
    ) -> None:
        found = ask(by_words, "有效連結不是秘書室在弄嗎", "企劃室", about("khh-doh-112:4.1.3.2.1"))
        assert found.passages[0].node.id == WEBSITE

    def test_it_can_be_asked_of_the_units_of_what_was_shown(self, by_words: Answerer) -> None:
        before = about("khh-sanmin2-115:4.2.2.2.2")
        found = ask(by_words, "常見問題集的部分也是他們弄嗎", "三民區第二衛生所", before)
        assert said(by_words, found).startswith("這一條沒有列一組，責任單位是二組")

    def test_or_first_of_all(self, by_words: Answerer) -> None:
        found = ask(by_words, "臉書粉絲專頁是歸我們管嗎", "企劃室")
        assert said(by_words, found).startswith("是，企劃室是這一條的責任單位")

    def test_a_newsletter_receives_nothing(self, by_words: Answerer) -> None:
        found = ask(by_words, "登革熱電子報是我們的嗎還是別科", "疾病管制處", about(WEBSITE))
        assert [one.node.id for one in found.passages] == ["khh-doh-112:4.1.4.a.1.1"]
        assert said(by_words, found).startswith("這一條沒有列疾病管制處")

    def test_a_clause_that_fits_far_better_is_meant(self, answerer: Answerer) -> None:
        before = about("khh-changqing-113:4.4.2.4")
        found = ask(answerer, "有才藝的老人家出來服務別人也是我們課做嗎", "服務課", before)
        assert [one.node.id for one in found.passages] == ["khh-changqing-113:4.2.1.a"]

    @pytest.mark.parametrize("question", ["是我們課自己辦還是三個課都要", "這條是我們訂的嗎"])
    def test_of_all_or_of_ours_alone(self, by_words: Answerer, question: str) -> None:
        found = ask(by_words, question, "教保課", about(LAWYER))
        assert [one.node.id for one in found.passages] == [LAWYER]
        assert "教保課" in said(by_words, found).splitlines()[0]

    def test_a_list_is_told_clause_by_clause(self, by_words: Answerer) -> None:
        found = ask(by_words, "不是只有秘書室要做嗎", "企劃室", about(AUDIT, WEBSITE))
        assert (found.kind, found.topic) == (Kind.UNIT, "who")
        assert len(found.shown) == 2


@pytest.mark.parametrize(
    "question",
    ["做完是寄給一組還是二組", "會計室負責什麼", "誰跟會計室一起做", "前一年是會計室做嗎"],
)
def test_other_questions_that_name_a_section(by_words: Answerer, question: str) -> None:
    assert not ask(by_words, question, "企劃室", about(AUDIT)).asked_of


def test_why_only_they(by_words: Answerer) -> None:
    assert ask(by_words, "為什麼只有會計室做", "企劃室", about(AUDIT)).topic == "why"


class TestWhoIsNotAlwaysTheOwner:
    @pytest.mark.parametrize("question", ["這筆錢誰要付", "誰負擔經費", "錢是哪一科出"])
    def test_who_pays_is_a_detail(self, by_words: Answerer, question: str) -> None:
        found = ask(by_words, question, "企劃室", about(WEBSITE))
        assert (found.topic, found.unstated) == ("silent", ("經費由誰出",))

    def test_who_looks_is_a_detail(self, by_words: Answerer) -> None:
        assert ask(by_words, "誰會來考核", "企劃室", about(WEBSITE)).unstated == ("由誰來看",)

    def test_who_said_so_is_the_source(self, by_words: Answerer) -> None:
        found = ask(by_words, "這是誰訂的啊", "企劃室", about(WEBSITE))
        assert (found.topic, found.passages[0].node.id) == ("node", WEBSITE)


@pytest.mark.parametrize(
    ("question", "clause", "topic"),
    [
        ("分別是哪幾種", "khh-doh-112:4.4.1.a.2.6", "here"),  # it lists districts
        ("那哪幾所", "khh-doh-112:4.4.3.1.2", "silent"),
        ("有哪些課室", AUDIT, "who"),
    ],
)
def test_which_ones_stays_with_what_was_shown(
    by_words: Answerer, question: str, clause: str, topic: str
) -> None:
    found = ask(by_words, question, "企劃室", about(clause))
    assert (found.topic, found.passages[0].node.id) == (topic, clause)


@pytest.mark.parametrize("word", ["所以", "而且", "然後", "另外", "順便", "對了"])
def test_a_word_that_goes_on_is_no_subject(by_words: Answerer, word: str) -> None:
    found = ask(by_words, f"{word}要收費嗎", "企劃室", about(WEBSITE))
    assert (found.topic, found.unmentioned) == ("silent", ())
