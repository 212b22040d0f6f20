"""A few words in a running conversation: they stay with what was shown, or say it is not there."""

from __future__ import annotations

import pytest

from bot import phrases
from bot.search.answer import Answer, Answerer, Kind
from bot.search.follow import Previous
from bot.search.refusal import Band
from bot.search.result import SILENT
from handlers.answers import as_reply
from tests.unit.search.helpers import after, ask

DAY_CARE = "khh-changqing-113:4.4.1.4"
BRACELET = "khh-changqing-113:4.4.1.2"
SCREENING = "khh-sanmin2-115:4.3.3.1"
SURVEY = "khh-sanmin2-115:4.2.3.a.2"
DESK = "khh-sanmin2-115:4.1.1.2.3"
DUE, COURTESY = "khh-112:f1.10", "khh-doh-112:4.1.3.3.2"
FACEBOOK = "khh-sanmin2-115:4.5.2.1"
FLU = "khh-doh-112:4.4.1.a.3.2"
SUGGESTIONS = "khh-changqing-113:4.2.2.1"
HEALTH_CENTRES = "khh-doh-112:4.4.1.a.2.6"


def said(answerer: Answerer, answer: Answer) -> str:
    return as_reply(answer, answerer.corpus).plain


def about(clause: str, question: str) -> Previous:
    return Previous(question=question, clauses=(clause,))


class TestWhatTheClauseSays:
    @pytest.mark.parametrize(
        ("clause", "before", "question", "unit"),
        [
            (DAY_CARE, "日托", "70歲才可以嗎", "長青"),
            (DAY_CARE, "日間托老", "補助幾成", "長青"),
            (DAY_CARE, "日間托老要注意什麼", "年齡有限制嗎", "長青"),
            (SCREENING, "乳房攝影", "星期六可以嗎", "三民二所"),
            (SCREENING, "乳房攝影", "禮拜三有嗎", "三民二所"),
            (SCREENING, "乳房攝影", "大腸癌的呢", "三民二所"),
            (SCREENING, "乳房攝影", "子宮頸抹片也有嗎", "三民二所"),
            (HEALTH_CENTRES, "社區心衛中心", "小港有嗎", "企劃室"),
            (HEALTH_CENTRES, "社區心衛中心", "岡山有嗎", "企劃室"),
        ],
    )
    def test_a_detail_that_it_states_is_answered_with_it(
        self, answerer: Answerer, clause: str, before: str, question: str, unit: str
    ) -> None:
        found = ask(answerer, question, unit, about(clause, before))
        assert (found.kind, found.passages[0].node.id) == (Kind.CLAUSE, clause)
        assert not found.unstated

    @pytest.mark.parametrize("question", ["日托幾歲可以", "日間托老幾歲以上", "日托補助多少"])
    def test_asked_without_a_conversation_too(self, answerer: Answerer, question: str) -> None:
        found = ask(answerer, question, "長青")
        assert (found.band, found.passages[0].node.id) == (Band.SAID, DAY_CARE)

    def test_a_turn_with_a_detail_goes_to_the_clause_that_states_it(
        self, answerer: Answerer
    ) -> None:
        found = ask(answerer, "那日托呢 補助多少", "長青", about(BRACELET, "第一次辦要錢嗎"))
        assert found.passages[0].node.id == DAY_CARE

    @pytest.mark.parametrize(
        "question", ["安心手鍊要帶什麼證件", "申請安心手鍊要附什麼", "辦安心手鍊要準備哪些證件"]
    )
    def test_what_to_bring_comes_from_the_clause_that_says_it(
        self, answerer: Answerer, question: str
    ) -> None:
        found = ask(answerer, question, "長青")
        assert "身分證影本" in found.passages[0].node.words


class TestWhatItDoesNotSay:
    @pytest.mark.parametrize(
        ("clause", "before", "question", "unit", "lacks"),
        [
            (FACEBOOK, "臉書", "多久發一次文", "三民二所", "多久一次"),
            (FACEBOOK, "臉書", "要花多少錢", "三民二所", "費用"),
            (SUGGESTIONS, "意見箱放哪", "多久要看一次", "長青", "多久一次"),
            (SURVEY, "滿意度", "要做幾份", "三民二所", "份數"),
            (SURVEY, "滿意度", "要問多少人", "三民二所", "人數"),
            (DAY_CARE, "日托", "電話幾號", "長青", "電話"),
        ],
    )
    def test_it_says_so_in_a_line_and_shows_the_clause_in_short(
        self,
        answerer: Answerer,
        clause: str,
        before: str,
        question: str,
        unit: str,
        lacks: str,
    ) -> None:
        found = ask(answerer, question, unit, about(clause, before))
        assert (found.topic, found.passages[0].node.id) == (SILENT, clause)
        assert said(answerer, found).startswith(f"這一條沒有寫{lacks}。")

    @pytest.mark.parametrize("question", ["會先通知嗎", "一定要做嗎"])
    def test_of_words_that_name_nothing_it_says_what_there_is(
        self, answerer: Answerer, question: str
    ) -> None:
        found = ask(answerer, question, "三民二所", about("khh-112:6.2", "查訪"))
        assert (found.topic, found.passages[0].node.id) == (SILENT, "khh-112:6.2")
        assert said(answerer, found).startswith("關於這個，計畫是這樣寫的：")

    @pytest.mark.parametrize("question", ["什麼時候打", "幾號辦"])
    def test_no_date_is_taken_from_another_subject(self, answerer: Answerer, question: str) -> None:
        found = ask(answerer, question, "左營衛生所", about(FLU, "行動不便的阿公想打流感針"))
        assert said(answerer, found).startswith(phrases.UNDATED)

    @pytest.mark.parametrize("question", ["誰去", "誰來打", "誰要去", "who is responsible"])
    def test_who_stays_with_the_clause(self, by_words: Answerer, question: str) -> None:
        found = ask(by_words, question, "左營衛生所", about(FLU, "流感針"))
        assert (found.topic, found.passages[0].node.id) == ("who", FLU)

    @pytest.mark.parametrize("question", ["做完要幹嘛", "問卷收完之後要做什麼", "結果出來之後呢"])
    def test_what_follows_is_the_clause_on_results(self, answerer: Answerer, question: str) -> None:
        found = ask(answerer, question, "三民二所", about(SURVEY, "滿意度"))
        assert found.passages[0].node.id == "khh-sanmin2-115:4.2.3.a.3"


class TestOnItsSubject:
    @pytest.mark.parametrize(
        ("clause", "before", "question", "unit", "found"),
        [
            (BRACELET, "安心手鍊", "在哪裡申請", "長青", "khh-changqing-113:4.3.2.1"),
            (BRACELET, "安心手鍊", "要附什麼", "長青", "khh-changqing-113:4.3.1.1"),
            (DUE, "成果報告什麼時候交", "要交給誰", "企劃室", "khh-doh-112:5.3.1"),
            (COURTESY, "電話禮貌", "一年測幾次", "企劃室", "khh-112:f1.5"),
            ("khh-112:f1.2", "執行計畫什麼時候交", "有格式嗎", "苓雅區公所", "khh-112:f2"),
        ],
    )
    def test_another_clause_that_tells_it_is_shown(
        self, answerer: Answerer, clause: str, before: str, question: str, unit: str, found: str
    ) -> None:
        told = ask(answerer, question, unit, about(clause, before))
        assert told.passages[0].node.id.startswith(found)
        assert told.band is Band.SAID

    @pytest.mark.parametrize("question", ["要一直有人顧嗎", "中午也要開嗎", "這個要寫進報告嗎"])
    def test_a_clause_that_only_shares_a_letter_is_not(
        self, answerer: Answerer, question: str
    ) -> None:
        told = ask(answerer, question, "三民二所", about(DESK, "服務台"))
        assert told.passages[0].node.parent == "khh-sanmin2-115:4.1.1.2"

    @pytest.mark.parametrize("question", ["誰去坐", "誰排班", "要派誰"])
    def test_who_does_a_part_of_it_is_the_unit_of_the_clause(
        self, answerer: Answerer, question: str
    ) -> None:
        told = ask(answerer, question, "三民二所", about(DESK, "服務台"))
        assert said(answerer, told).startswith("這一條的責任單位是各組室")

    @pytest.mark.parametrize(
        ("question", "clause"),
        [
            ("那今年計畫呢 幾月幾號", "khh-sanmin2-115:5.1"),
            ("雙語標示牌有規定嗎", "khh-sanmin2-115:4.1.3.3.3"),
        ],
    )
    def test_a_question_with_a_noun_of_the_plans_leaves_it(
        self, answerer: Answerer, question: str, clause: str
    ) -> None:
        talk = about("khh-sanmin2-115:5.3", "成果報告什麼時候交")
        assert ask(answerer, question, "三民二所", talk).passages[0].node.id == clause

    @pytest.mark.parametrize("question", ["要符合什麼資格", "有什麼條件限制"])
    def test_whom_it_is_for_is_in_the_clause(self, answerer: Answerer, question: str) -> None:
        told = ask(answerer, question, "長青", about(DAY_CARE, "日間托老"))
        assert told.passages[0].node.id == DAY_CARE
        assert told.topic != SILENT

    def test_another_subject_after_a_detail_leaves_it(self, answerer: Answerer) -> None:
        talk = about("khh-changqing-113:4.3.1.1", "安心手鍊要附什麼")
        told = ask(answerer, "法律諮詢咧", "長青", talk)
        assert told.passages[0].node.id == "khh-changqing-113:4.4.1.1"

    def test_what_was_shown_is_as_good_as_another_with_the_word(self, answerer: Answerer) -> None:
        weekly = about("khh-changqing-113:4.4.3.2", "臉書多久更新")
        told = ask(answerer, "要印紙本嗎", "長青", weekly)
        assert told.passages[0].node.id == "khh-changqing-113:4.4.3.2"

    def test_they_are_the_other_plan_of_a_comparison(self, answerer: Answerer) -> None:
        both = Previous(
            question="臉書", clauses=("khh-doh-112:4.2.2.2", "khh-changqing-113:4.5.2.1")
        )
        told = ask(answerer, "他們多久更新一次", "企劃室", both)
        assert told.passages[0].plan.id == "khh-changqing-113"

    def test_a_noun_of_its_own_leaves_it(self, answerer: Answerer) -> None:
        told = ask(answerer, "那血壓計呢", "三民二所", about(DESK, "服務台"))
        assert "血壓" in told.passages[0].node.words

    def test_what_follows_may_stand_elsewhere(self, answerer: Answerer) -> None:
        told = ask(answerer, "測完之後呢", "三民二所", about("khh-112:f1.5", "電話禮貌測試"))
        assert told.passages[0].node.id == "khh-sanmin2-115:4.1.3.2.2"

    @pytest.mark.parametrize("question", ["要報給市府嗎", "要送到衛生局嗎"])
    def test_a_unit_that_would_receive_it_is_no_subject(
        self, answerer: Answerer, question: str
    ) -> None:
        told = ask(answerer, question, "三民二所", about(SURVEY, "滿意度"))
        assert said(answerer, told).startswith("這一條沒有寫交給誰")

    def test_what_to_do_with_faults_is_the_clause_that_improves(self, answerer: Answerer) -> None:
        told = ask(answerer, "有缺失要怎麼辦", "企劃室", about("khh-doh-112:5.2", "平時查核"))
        assert said(answerer, told).startswith(phrases.IN_THIS_CLAUSE)

    def test_nothing_that_tells_the_due_day_is_guessed(self, answerer: Answerer) -> None:
        told = ask(answerer, "月底前嗎", "三民二所", about(DESK, "服務台"))
        assert told.passages[0].node.id == DESK


class TestWhoseItIs:
    @pytest.mark.parametrize("question", ["那是我們的嗎", "歸我們科管嗎", "所以是我們做對吧"])
    def test_of_a_section_that_the_clause_names(self, by_words: Answerer, question: str) -> None:
        told = ask(by_words, question, "疾病管制處", about(FLU, "流感"))
        assert said(by_words, told).startswith("是，疾病管制處是這一條的責任單位")

    def test_of_one_that_it_does_not_name(self, by_words: Answerer) -> None:
        told = ask(by_words, "這也是我們要做的嗎", "人事室", about(FLU, "流感"))
        assert said(by_words, told).startswith("這一條沒有列人事室，責任單位是疾病管制處")

    @pytest.mark.parametrize(
        ("unit", "begins"),
        [
            ("疾病管制處", "對，這一條只列疾病管制處"),
            ("人事室", "不是，這一條的責任單位是疾病管制處"),
        ],
    )
    def test_whether_it_is_alone(self, by_words: Answerer, unit: str, begins: str) -> None:
        told = ask(by_words, "只有我們做嗎", unit, about(FLU, "流感"))
        assert said(by_words, told).startswith(begins)

    def test_an_office_that_the_plan_binds(self, by_words: Answerer) -> None:
        told = ask(by_words, "我們公所也要嗎", "苓雅區公所", about("khh-112:f1.10", "成果"))
        assert said(by_words, told).startswith("要，苓雅區公所適用這一條")

    @pytest.mark.parametrize(
        ("clause", "begins"),
        [
            ("khh-112:f1.10", "苓雅區公所適用這一條"),
            ("khh-112:f1.1", "不是，這一項不是苓雅區公所"),
            (BRACELET, "不是，這是長青綜合服務中心自己的計畫"),
        ],
    )
    def test_a_denial_is_not_answered_with_must(
        self, by_words: Answerer, clause: str, begins: str
    ) -> None:
        told = ask(by_words, "那不是我們對吧", "苓雅區公所", about(clause, "這一項"))
        assert said(by_words, told).startswith(begins)

    def test_a_row_of_the_schedule_for_others(self, by_words: Answerer) -> None:
        told = ask(by_words, "我們也要做嗎", "苓雅區公所", about("khh-112:f1.1", "修訂"))
        assert said(by_words, told).startswith("不用，這一項不是苓雅區公所要辦的")

    def test_a_plan_of_somebody_else(self, by_words: Answerer) -> None:
        told = ask(by_words, "我們需要配合嗎", "苓雅區公所", about(BRACELET, "手鍊"))
        assert said(by_words, told).startswith("不用，這是長青綜合服務中心自己的計畫")

    def test_where_nobody_is_known_to_ask(self, by_words: Answerer) -> None:
        told = ask(by_words, "我們也要嗎", None, about(BRACELET, "手鍊"))
        assert said(by_words, told).startswith(phrases.WHOSE_UNKNOWN)

    @pytest.mark.parametrize(("question", "begins"), [("還有誰", "只列"), ("要跟誰一起做", "只列")])
    def test_who_else(self, by_words: Answerer, question: str, begins: str) -> None:
        told = ask(by_words, question, "疾病管制處", about(FLU, "流感"))
        assert said(by_words, told).startswith(f"{begins}疾病管制處")

    @pytest.mark.parametrize(
        ("earlier", "begins"),
        [(DAY_CARE, "不是同一群，這一條是教保課"), (BRACELET, "對，也是教保課")],
    )
    def test_whether_it_is_theirs_too(self, by_words: Answerer, earlier: str, begins: str) -> None:
        talk = Previous(question="手鍊", clauses=(BRACELET,), earlier=(earlier,))
        assert said(by_words, ask(by_words, "也是他們嗎", "長青", talk)).startswith(begins)

    def test_whether_the_own_plan_has_it(self, answerer: Answerer) -> None:
        told = ask(answerer, "我們自己有寫嗎", "三民二所", about(FACEBOOK, "臉書"))
        assert said(answerer, told).startswith(phrases.OURS_HAS_IT)

    def test_or_lacks_a_detail(self, answerer: Answerer) -> None:
        weekly = about("khh-changqing-113:4.4.3.2", "臉書多久更新")
        told = ask(answerer, "我們有寫多久嗎", "三民二所", weekly)
        assert told.passages[0].plan.id == "khh-sanmin2-115"
        assert said(answerer, told).startswith("這一條沒有寫多久")

    @pytest.mark.parametrize("question", ["長青中心也要嗎", "那長青中心是交給誰"])
    def test_a_units_own_plan_on_the_subject(self, answerer: Answerer, question: str) -> None:
        told = ask(answerer, question, "三民二所", about("khh-sanmin2-115:4.2.1.3", "陳情多久回"))
        assert told.passages[0].plan.id == "khh-changqing-113" or told.lacking is not None


class TestOfAList:
    LIST = ("khh-doh-112:4.4.1.1", "khh-doh-112:4.4.1.a.3.2", "khh-doh-112:4.2.3.1")

    @pytest.mark.parametrize("question", ["只看我們的", "哪些是我們科的", "有沒有我們要做的"])
    def test_those_of_the_asker_are_picked(self, by_words: Answerer, question: str) -> None:
        talk = Previous(question="清單", clauses=self.LIST, listed=True)
        told = ask(by_words, question, "疾病管制處", talk)
        assert [node.id for node in told.shown] == ["khh-doh-112:4.4.1.a.3.2"]

    def test_none_is_said_so(self, by_words: Answerer) -> None:
        talk = Previous(question="清單", clauses=self.LIST, listed=True)
        told = ask(by_words, "哪些是我們的", "人事室", talk)
        assert said(by_words, told) == phrases.NONE_OF_THESE

    def test_another_chapter_is_no_detail_of_the_one_before(self, answerer: Answerer) -> None:
        first = ask(answerer, "第四章有哪些", "長青")
        then = ask(answerer, "那第二章呢", "長青", after(first))
        assert {node.segments[1] for node in then.shown} == {"2"}


class TestItsOwnSubject:
    @pytest.mark.parametrize(
        ("question", "clause"),
        [
            ("雙語標示", "khh-sanmin2-115:4.1.3.3.3"),
            ("職代要寫嗎", "khh-sanmin2-115:4.5.3.a.2"),
            ("電話禮貌要做什麼", "khh-sanmin2-115:4.1.3.2.1"),
        ],
    )
    def test_a_question_with_a_subject_leaves_what_was_shown(
        self, answerer: Answerer, question: str, clause: str
    ) -> None:
        found = ask(answerer, question, "三民二所", about(SURVEY, "滿意度"))
        assert found.passages[0].node.id == clause

    @pytest.mark.parametrize("question", ["那成果要交給誰", "那年度成果送給誰"])
    def test_so_does_one_that_turns_to_something_else(
        self, answerer: Answerer, question: str
    ) -> None:
        before = about("khh-112:5.2.1", "公所要寫執行計畫還是工作計畫")
        found = ask(answerer, question, "苓雅區公所", before)
        assert found.passages[0].node.id == "khh-112:6.3.1"

    def test_when_is_the_date_on_the_same_subject(self, answerer: Answerer) -> None:
        before = about("khh-112:5.2.1", "公所要寫執行計畫還是工作計畫")
        found = ask(answerer, "什麼時候", "苓雅區公所", before)
        assert found.passages[0].node.id == "khh-112:f1.2"


class TestUnitsOfWhichTheCityWrites:
    @pytest.mark.parametrize(
        ("question", "words"),
        [
            ("警察局要交計畫嗎", "本府免提報"),
            ("警察局的計畫要報給市府嗎", "本府免提報"),
            ("那瑪夏區公所可以自己訂計畫嗎", "自行訂定"),
            ("桃源區公所可以自己訂計畫嗎", "自行訂定"),
        ],
    )
    def test_its_own_rule_is_the_answer(
        self, answerer: Answerer, question: str, words: str
    ) -> None:
        found = ask(answerer, question)
        assert words in said(answerer, found)
        assert found.turned_to is None

    def test_after_a_question_on_plans_too(self, answerer: Answerer) -> None:
        before = about("khh-112:5.2.1", "公所要寫執行計畫還是工作計畫")
        found = ask(answerer, "警察局咧", "三民區公所", before)
        assert found.passages[0].node.id == "khh-112:8.2"


class TestEntries:
    def test_the_number_of_an_item_is_looked_up_in_the_chapter_that_was_shown(
        self, by_words: Answerer
    ) -> None:
        first = ask(by_words, "第六章", "三民二所")
        then = ask(by_words, "(二)呢", "三民二所", after(first))
        assert {node.id.rsplit(".", 1)[0] for node in then.shown} == {"khh-sanmin2-115:4.6.2"}

    def test_of_another_chapter_too(self, by_words: Answerer) -> None:
        first = ask(by_words, "第三章講什麼", "苓雅區公所")
        then = ask(by_words, "那（三）呢", "苓雅區公所", after(first))
        assert then.heading is not None
        assert then.heading.id == "khh-112:4.3.3"

    @pytest.mark.parametrize("question", ["第二點誰負責", "那第2點是誰要做"])
    def test_who_is_responsible_for_one_entry(self, by_words: Answerer, question: str) -> None:
        line = "khh-sanmin2-115:4.6.1.a.3"
        found = ask(by_words, question, "三民二所", about(line, "跟LINE有關的"))
        assert (found.topic, found.passages[0].node.id) == ("who", "khh-sanmin2-115:4.6.1.a.2")

    def test_the_next_number_is_of_the_list_from_which_the_last_came(
        self, by_words: Answerer
    ) -> None:
        nodes = ask(by_words, "檢驗科要做什麼", "企劃室").shown
        chosen = Previous(
            question="檢驗科要做什麼",
            clauses=(nodes[1].id,),
            entries=tuple(node.id for node in nodes),
        )
        assert ask(by_words, "第三點呢", "企劃室", chosen).passages[0].node == nodes[2]
