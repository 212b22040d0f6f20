from __future__ import annotations

import pytest

from bot.plans.corpus import Corpus
from bot.search.answer import Answerer
from bot.search.details import Details
from bot.search.words import Folder, Lexicon

VOLUNTEERS = "khh-changqing-113:4.1.1.3"
LAWYER = "khh-changqing-113:4.4.1.1"
MEALS = "khh-changqing-113:4.4.1.3"
BUSES = "khh-changqing-113:4.4.2.3"
TUBERCULOSIS = "khh-sanmin2-115:4.4.1.4"
BREASTS = "khh-sanmin2-115:4.3.3.1"
RESEARCH = "khh-sanmin2-115:4.1.4.2.1"
DENTURES = "khh-doh-112:4.4.1.a.3.1"
POLICIES = "khh-doh-112:4.6.2.a.2"
FRIENDLY = "khh-doh-112:4.4.2.a.2.1"
CENTRES = "khh-doh-112:4.4.1.a.2.6"


@pytest.fixture(scope="module")
def details(fold: Folder, lexicon: Lexicon) -> Details:
    return Details(fold, lexicon)


class TestHowADetailIsAsked:
    @pytest.mark.parametrize(
        ("name", "questions"),
        [
            ("多久一次", ("隔多久辦一回", "兩個月一次喔", "是每週還是每月", "多久要維護")),
            ("次數", ("一年辦幾場", "總共去幾趟")),
            ("多久", ("幾天內要辦好", "多快要處理", "要等幾個月")),
            ("天數", ("每週駐幾天", "一個月要去幾天")),
            ("日期", ("預計哪年完成", "是哪幾個月", "幾號截止")),
            ("賠償", ("掛號證丟了要賠嗎",)),
            ("獎金", ("會發禮券嗎", "獎金有多少")),
            ("敘獎或獎狀", ("可以記功嗎", "有獎狀喔")),
            ("費用", ("一趟多少", "要花錢嗎", "一小時多少")),
            ("經費由誰出", ("鐘點費誰出", "經費從哪邊來", "是局裡出錢嗎")),
            ("數量", ("要設幾處", "分幾類", "共有幾輛")),
            ("是哪些", ("跟哪幾間配合", "是哪六大", "哪些單位")),
            ("地點", ("在哪個區", "會來我們里嗎", "哪一層樓")),
            ("戶籍", ("外縣市的人可以嗎", "一定要設籍才可以嗎")),
            ("要跑幾個地方", ("要跑好幾個窗口嗎",)),
            ("有哪些內容", ("要跟民眾說什麼", "要宣導哪些", "上什麼課")),
            ("年齡", ("62歲可以嗎", "滿幾歲才收")),
            ("星期幾或幾點", ("上午也有嗎", "禮拜天開嗎", "哪幾天可以")),
        ],
    )
    def test_in_many_ways(
        self, details: Details, fold: Folder, name: str, questions: tuple[str, ...]
    ) -> None:
        found = {one: details.asked(fold(one)) for one in questions}
        assert {one: kind.name if kind else "" for one, kind in found.items()} == dict.fromkeys(
            questions, name
        )

    def test_a_program_with_a_word_for_money_in_its_name_is_not_about_money(
        self, details: Details, fold: Folder
    ) -> None:
        assert details.asked(fold("那參與式預算呢")) is None

    @pytest.mark.parametrize(("words", "is_who"), [("哪一科做", True), ("錢誰出", False)])
    def test_who_pays_is_not_who_is_responsible(
        self, details: Details, fold: Folder, words: str, is_who: bool
    ) -> None:
        assert details.asks_who(fold(words)) is is_who


class TestHowAClauseTellsIt:
    @pytest.mark.parametrize(
        ("clause", "question"),
        [
            (MEALS, "在哪個區"),
            (BUSES, "會來我們里嗎"),
            (LAWYER, "要設籍嗎，外縣市的人可以嗎"),
            (DENTURES, "要跑好幾個窗口嗎"),
            (BREASTS, "跟哪幾間配合"),
            (BREASTS, "上午也有嗎"),
            (CENTRES, "是哪幾個"),
            (BUSES, "共有幾輛"),
        ],
    )
    def test_it_states_it(
        self, corpus: Corpus, details: Details, fold: Folder, clause: str, question: str
    ) -> None:
        detail = details.asked(fold(question))
        assert detail is not None
        assert details.states(corpus.nodes[clause], detail)

    @pytest.mark.parametrize(
        ("clause", "question", "vaguely"),
        [
            (VOLUNTEERS, "隔多久辦一回", "定期"),
            (VOLUNTEERS, "一年辦幾場", "定期"),
            (RESEARCH, "獎金有多少", "獎勵"),
            (RESEARCH, "可以記功嗎", "獎勵"),
            (DENTURES, "滿幾歲才收", "老人"),
            (CENTRES, "預計哪年完成", "未來"),
            (TUBERCULOSIS, "是哪七項", ""),
            (POLICIES, "要設幾處", ""),
            (FRIENDLY, "跟哪幾間配合", ""),
            (LAWYER, "幾天內要辦好", ""),
        ],
    )
    def test_or_only_vaguely_or_not(
        self,
        corpus: Corpus,
        details: Details,
        fold: Folder,
        clause: str,
        question: str,
        vaguely: str,
    ) -> None:
        detail = details.asked(fold(question))
        assert detail is not None
        assert not details.states(corpus.nodes[clause], detail)
        assert details.vaguely(corpus.nodes[clause], detail) == vaguely


class TestWhatIsPointedAt:
    """The part of a clause that answers a short question, in the clause's own words."""

    DAY_CARE = "khh-changqing-113:4.4.1.4"
    BREASTS = "khh-sanmin2-115:4.3.3.1"
    OVERDUE = "khh-sanmin2-115:4.1.2.4"

    @pytest.mark.parametrize(
        ("clause", "question", "part"),
        [
            (DAY_CARE, "年齡有限制嗎 幾歲", "提供70歲以上長者"),
            (DAY_CARE, "中低收補助幾成", "補助中低收入戶收託服務費50%"),
            (BREASTS, "禮拜四可以照嗎", "開放週一至週五"),
            (BREASTS, "子宮頸抹片也一起嗎", "同時提供大腸癌篩檢及子宮頸抹片"),
        ],
    )
    def test_it_is_the_part_that_states_it_or_has_the_words(
        self, by_words: Answerer, clause: str, question: str, part: str
    ) -> None:
        node = by_words.corpus.nodes[clause]
        told = by_words.remarks.details.stating(node, by_words.remarks.fold(question))
        assert told.startswith(part)
        assert told in node.words

    @pytest.mark.parametrize(
        ("clause", "question"),
        [
            (DAY_CARE, "電話幾號"),  # not stated
            (OVERDUE, "要跟他們說什麼"),  # lists that may be of anything
            ("khh-doh-112:4.2.3.a.2", "心理諮商的呢"),  # nearly all of the clause
        ],
    )
    def test_nothing_is_pointed_at_that_may_not_answer(
        self, by_words: Answerer, clause: str, question: str
    ) -> None:
        node = by_words.corpus.nodes[clause]
        assert by_words.remarks.details.stating(node, by_words.remarks.fold(question)) == ""
