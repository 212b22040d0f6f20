"""A conversation: words that are buttons, what comes next, corrections, slips of the finger."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot import phrases, phrases_reports
from bot.line.stand_in import Person
from bot.store.models import Base, Conversation, Mark, Question
from tests.journeys.conftest import City, Place

QUESTION = "電話禮貌由誰負責？"
CLAUSE = "推展電話服務禮貌工作"
DUE = "年度執行成果何時提報？"


def actions_of(place: Place) -> list[dict[str, Any]]:
    """Everything that can be tapped under the newest message."""
    found: list[dict[str, Any]] = []
    waiting: list[Any] = [place.last_message().content]
    while waiting:
        part = waiting.pop(0)
        if isinstance(part, dict):
            found += [part["action"]] if isinstance(part.get("action"), dict) else []
            waiting += part.values()
        elif isinstance(part, list):
            waiting += part
    return found


def tap(place: Place, label: str) -> list[str]:
    action = next(one for one in actions_of(place) if one["label"] == label)
    with place.listening() as heard:
        place.city.line.tap(place.person.id, place.chat.id, place.last_message().id, action)
    return heard


def marks(city: City) -> list[tuple[str, str]]:
    with city.app.database.begin() as db:
        return [(one.mark, one.clause) for one in db.scalars(select(Mark).order_by(Mark.id))]


def kept(city: City) -> list[tuple[str, str]]:
    with city.app.database.begin() as db:
        return [(one.kind, one.text) for one in db.scalars(select(Question).order_by(Question.id))]


class TestTypedButtons:
    def test_helped_marks_the_last_answer(self, city: City, group: Place) -> None:
        group.says(f"小幫手 {QUESTION}")
        assert group.says("小幫手 有幫助") == [phrases.HELPED_TYPED]
        assert [mark for mark, _ in marks(city)] == ["helped"]

    @pytest.mark.parametrize(
        ("words", "mark"), [("不對", "wrong"), ("引錯條文", "wrong_clause"), ("錯了！", "wrong")]
    )
    def test_a_dislike_hands_the_question_to_the_curators(
        self, city: City, alone: Place, words: str, mark: str
    ) -> None:
        alone.says(QUESTION)
        assert alone.says(words) == [phrases.SAY_IT_OTHERWISE]
        assert [one for one, _ in marks(city)] == [mark]
        assert kept(city) == [(mark, QUESTION)]

    def test_in_a_group_they_are_words_like_any_unless_addressed(self, group: Place) -> None:
        group.says(f"小幫手 {QUESTION}")
        assert group.says("不對") == []

    def test_around_and_whole_show_the_clause_of_the_last_answer(self, group: Place) -> None:
        group.bind("衛生局")
        group.says(f"小幫手 {QUESTION}")
        (around,) = group.says("小幫手 前後條文")
        assert around.startswith(f"{phrases.AROUND}\n{phrases.BEFORE_IT}：")
        assert CLAUSE in group.says("小幫手 全文")[0]

    def test_other_answers_come_once(self, alone: Place) -> None:
        alone.says(QUESTION)
        assert alone.says("別的答案")[0].startswith("1. ")
        assert alone.says("別的答案") == [phrases.NO_MORE]
        assert alone.says("還有嗎") == [phrases.NO_MORE]

    def test_before_any_answer_they_get_a_sentence(self, city: City, alone: Place) -> None:
        for words in ("有幫助", "不對", "別的答案", "前後條文", "還有嗎", "取消"):
            (said,) = alone.says(words)
            assert "\n" not in said
        assert marks(city) == []

    def test_a_refusal_is_not_marked_as_the_answer_before(self, city: City, alone: Place) -> None:
        alone.says(QUESTION)
        alone.says("員工餐廳幾點開")
        alone.says("不對")
        assert marks(city) == []


class TestGoingOn:
    def test_a_list_goes_on_to_its_end(self, alone: Place) -> None:
        alone.bind("三民二所")
        (first,) = alone.says("整年的作業期程列給我")
        (second,) = alone.says("還有嗎")
        assert "先列 8 條" in first
        assert "\n9. " in second
        assert alone.says("還有呢") == [phrases.list_ends(11)]

    def test_asking_who_is_responsible_does_not_lose_the_list(self, alone: Place) -> None:
        alone.bind("衛生局")
        alone.says("第三大項有哪些")
        assert alone.says("誰負責")[0].startswith(phrases.WHO_OF_EACH)
        assert "\n9. " in alone.says("還有嗎")[0]

    def test_tapping_and_typing_go_on_from_each_other(self, alone: Place) -> None:
        alone.bind("企劃室")
        alone.says("我的單位")
        assert "\n9. " in tap(alone, phrases.MORE)[0]
        assert "\n17. " in alone.says("還有嗎")[0]

    def test_two_lists_go_on_together(self, alone: Place) -> None:
        assert len(alone.says("秘書室跟人事室分別要做什麼")) == 2
        first, second = alone.says("還有嗎")
        assert first.startswith("秘書室的工作")
        assert second.startswith("人事室的工作")
        assert "\n9. " in first

    def test_a_button_of_an_older_list_does_not_show_the_newer_one(self, alone: Place) -> None:
        alone.says("整年的作業期程列給我")
        old = next(one for one in actions_of(alone) if one["label"] == phrases.MORE)
        message = alone.last_message()
        alone.says("肆一(三)是什麼")
        with alone.listening() as heard:
            alone.city.line.tap(alone.person.id, alone.chat.id, message.id, old)
        assert heard == [phrases.NOT_LONGER_HERE]


class TestComparing:
    def test_the_subject_may_come_with_the_next_message(self, alone: Place) -> None:
        alone.bind("企劃室")
        assert "新增 2 條" in alone.says("111跟112差在哪")[0]
        assert "文字相同" in alone.says("雙語標示")[0]

    def test_without_anything_to_compare_it_asks_of_what(self, alone: Place) -> None:
        alone.bind("三民二所")
        assert alone.says("跟市府的一樣嗎") == [phrases.LOST_COMPARE]

    def test_a_long_list_of_changes_goes_on(self, alone: Place) -> None:
        alone.bind("企劃室")
        assert "\n8. " in alone.says("兩年的計畫有什麼不同")[0]
        (further,) = alone.says("還有嗎")
        assert "\n9. " in further
        assert "新增 2 條" not in further

    def test_a_question_after_it_is_a_question_of_its_own(self, alone: Place) -> None:
        alone.bind("企劃室")
        alone.says("111跟112差在哪")
        assert "兩年" not in alone.says("雙語標示要做什麼")[0]

    def test_one_year_and_a_subject_are_enough(self, alone: Place) -> None:
        alone.bind("企劃室")
        assert "文字相同" in alone.says("雙語標示 跟111年有差嗎")[0]

    def test_subjects_can_be_tapped(self, group: Place) -> None:
        group.says("小幫手 111跟112差在哪")
        action = actions_of(group)[0]
        assert action["text"].startswith("小幫手 ")
        with group.listening() as heard:
            group.city.line.tap(group.person.id, group.chat.id, group.last_message().id, action)
        assert heard[0].startswith("兩年")


class TestCorrections:
    def test_it_is_asked_anew_and_kept_with_the_disliked_question(
        self, city: City, alone: Place
    ) -> None:
        alone.says(QUESTION)
        alone.says("不對")
        (said,) = alone.says("應該是雙語標示")

        assert "雙語標示" in said
        assert kept(city) == [("wrong", QUESTION), ("correction", "應該是雙語標示")]
        person = city.line.add_person("陳怡君")
        city.make_admin(person)
        admin = city.alone_with(person)
        (listed,) = admin.says("待補問題")
        assert "共 1 題" in listed
        assert "1 次" in listed
        action = actions_of(admin)[0]
        with admin.listening() as opened:
            city.line.tap(person.id, admin.chat.id, admin.last_message().id, action)
        assert f"{phrases.CURATION_CORRECTED}：應該是雙語標示" in opened[0]

    def test_after_a_tapped_dislike_too(self, city: City, group: Place) -> None:
        group.says(f"小幫手 {QUESTION}")
        tap(group, phrases.WRONG)
        group.says("小幫手 我是問雙語標示")
        assert kept(city)[-1] == ("correction", "我是問雙語標示")

    def test_both_in_one_message(self, city: City, alone: Place) -> None:
        alone.says(QUESTION)
        (said,) = alone.says("不對，我是問雙語標示")
        assert "雙語標示" in said
        assert [kind for kind, _ in kept(city)] == ["wrong", "correction"]

    def test_without_a_dislike_it_is_only_asked_anew(self, city: City, alone: Place) -> None:
        alone.says(QUESTION)
        assert "雙語標示" in alone.says("我是問雙語標示")[0]
        assert kept(city) == []

    def test_without_a_conversation_it_is_a_question(self, alone: Place) -> None:
        assert "雙語" in alone.says("我是問雙語標示")[0]

    def test_a_correction_that_is_taken_back_goes(self, city: City, alone: Place) -> None:
        alone.says(QUESTION)
        alone.says("不對")
        alone.says("應該是雙語標示")
        line = city.line.history(alone.chat.id)
        mine = [one for one in line if "應該是雙語" in str(one.content)[:60]]
        city.line.unsend(alone.person.id, mine[0].id)
        city.settle()
        assert kept(city) == [("wrong", QUESTION)]


SLIPS = {
    "綁訂": "綁定", "期線": "期限", "進渡": "進度", "說明書": "說明", "我的但位": "我的單位",
    "電話禮冒": "電話禮貌", "行事歷": "行事曆",
}  # fmt: skip


class TestSlips:
    def test_a_slip_is_asked_back_with_the_button(self, city: City, group: Place) -> None:
        for typed, meant in SLIPS.items():
            assert group.says(f"小幫手 {typed}") == [phrases.perhaps_meant(meant)]
            (action,) = actions_of(group)
            assert (action["label"], action["text"]) == (meant, f"小幫手 {meant}")
        assert kept(city) == []

    def test_what_follows_the_word_goes_with_it(self, alone: Place) -> None:
        alone.says("綁訂 ABCD-EFGH")
        assert actions_of(alone)[0]["text"] == "綁定 ABCD-EFGH"

    def test_a_word_of_the_plans_is_a_question(self, alone: Place) -> None:
        for question in ("網站", "電話禮貌由誰負責", "進度查詢", "服務"):
            assert "您是不是要" not in alone.says(question)[0]

    def test_a_question_about_what_a_command_makes_is_one(self, alone: Place) -> None:
        alone.says("工作計畫幾月要交")
        assert "您是不是要" not in alone.says("成果報告呢")[0]

    def test_administrators_words_are_offered_to_administrators(
        self, city: City, alone: Place
    ) -> None:
        assert "您是不是要" not in alone.says("崔辦")[0]
        city.make_admin(alone.person)
        assert alone.says("崔辦") == [phrases.perhaps_meant("催辦")]


class TestAskedBack:
    @pytest.mark.parametrize(("asked", "subject"), [("誰負責", "電話禮貌"), ("誰負責", "雙語標示")])
    def test_the_next_words_in_the_group_are_the_subject(
        self, group: Place, asked: str, subject: str
    ) -> None:
        group.bind("三民二所")
        assert group.says(f"小幫手 {asked}") == [phrases.LOST]
        assert subject in group.says(subject)[0]

    def test_only_for_two_minutes(self, city: City, group: Place) -> None:
        group.says("小幫手 誰負責")
        city.clock.now += timedelta(minutes=3)
        assert group.says("雙語標示") == []

    @pytest.mark.parametrize("words", ["好喔我看看", "中午吃什麼", "好的", "開會了"])
    def test_talk_among_people_stays_theirs(self, group: Place, words: str) -> None:
        group.says("小幫手 誰負責")
        assert group.says(words) == []

    def test_of_somebody_else_nothing_is_awaited(self, group: Place, ming: Person) -> None:
        group.says("小幫手 誰負責")
        assert group.seen_by(ming).says("雙語標示") == []

    @pytest.mark.parametrize(
        "words", ["是 肆、二、(二)2.(2)", "肆、二、(二)2.(2)", "我要找的是雙語標示", "雙語標示"]
    )
    def test_after_a_dislike_the_correction_needs_no_name(self, group: Place, words: str) -> None:
        group.bind("三民二所")
        group.says("小幫手 輿情誰回")
        assert tap(group, phrases.WRONG) == [phrases.SORRY_MARKED]
        assert len(group.says(words)) == 1

    def test_a_number_after_a_dislike_is_kept_as_the_correction(
        self, city: City, group: Place
    ) -> None:
        group.bind("三民二所")
        group.says("小幫手 輿情誰回")
        tap(group, phrases.WRONG)
        assert "定期分析統計機關陳情案件" in group.says("肆、二、(二)2.(2)")[0]
        assert kept(city)[-1] == ("correction", "肆、二、(二)2.(2)")


class TestThread:
    def test_a_refusal_does_not_cut_it(self, alone: Place) -> None:
        alone.bind("三民二所")
        clause = alone.says("雙語標示")[0].splitlines()[0]
        alone.says("員工餐廳幾點開")
        assert clause in alone.says("誰負責")[0]

    def test_nor_does_a_detail_that_is_not_there(self, alone: Place) -> None:
        alone.bind("三民二所")
        alone.says("滿意度調查")
        assert alone.says("要做幾份")[0].startswith("這一條沒有寫份數。")
        assert "滿意度調查" in alone.says("誰負責")[0]

    def test_the_two_last_can_be_compared(self, alone: Place) -> None:
        alone.says("長青中心的減紙")
        alone.says("三民二所的減紙")
        (said,) = alone.says("一樣嗎")
        assert "長青中心113年度工作計畫" in said
        assert "三民區第二衛生所115年度工作計畫" in said


class TestDeadlines:
    def test_remind_me_means_the_deadline_of_the_last_answer(self, alone: Place) -> None:
        alone.bind("三民二所")
        (said,) = alone.says(DUE)
        assert "1月31日" in said
        (echo,) = alone.says("提醒我 3天後")
        assert "稍後提醒" in echo
        assert "3月5日" in echo

    def test_it_still_does_after_whether_it_may_be_late(self, alone: Place) -> None:
        alone.bind("三民二所")
        alone.says(DUE)
        assert "116年1月31日" in alone.says("可以遲交嗎")[0]
        assert "3月5日" in alone.says("提醒我 3天後")[0]

    def test_of_several_it_asks_which_and_keeps_the_day(self, alone: Place) -> None:
        alone.bind("三民二所")
        alone.says("期限")
        (which,) = alone.says("提醒我 3天後")
        assert which.startswith(phrases.WHICH_ONE)
        action = actions_of(alone)[-1]
        with alone.listening() as heard:
            alone.city.line.tap(alone.person.id, alone.chat.id, alone.last_message().id, action)
        assert "3月5日" in heard[0]

    def test_an_unbound_chat_is_told_how_to_bind(self, alone: Place) -> None:
        assert alone.says("提醒我 3天後") == [phrases.not_bound_yet(shared=False)]

    def test_a_quoted_deadline_is_what_the_question_is_about(self, alone: Place) -> None:
        alone.bind("三民二所")
        alone.says(DUE)
        alone.says("提醒我 3天後")
        echo = alone.last_message()
        alone.says("早安")
        assert "1月31日" in alone.says("可以遲交嗎", quote=echo.id)[0]

    def test_when_stays_with_the_deadline(self, group: Place) -> None:
        (first,) = group.says(f"小幫手 {DUE}")
        (then,) = group.says("小幫手 什麼時候交")
        assert then.splitlines()[0] == first.splitlines()[0]


def test_our_duties_in_an_unbound_chat_say_that_it_is_unbound(new_group: Place) -> None:
    assert new_group.says("小幫手 我的單位") == [phrases.not_bound_yet(shared=True)]


def test_a_colleague_without_a_thread_of_his_own_is_asked_back(group: Place, ming: Person) -> None:
    group.says(f"小幫手 {QUESTION}")
    assert group.seen_by(ming).says("小幫手 那人事室呢") == [phrases.LOST]


@pytest.mark.parametrize("then", [(), ("誰負責",), ("那三民二所呢", "全文"), ("不對",)])
def test_of_a_question_that_is_taken_back_no_word_is_kept(
    city: City, alone: Place, then: tuple[str, ...]
) -> None:
    words = "我們的霓虹招牌雙語標示"
    alone.says(f"{words}要做什麼")
    for one in then:
        alone.says(one)
    asked = next(one for one in city.line.history(alone.chat.id) if words in str(one.content)[:80])

    city.line.unsend(alone.person.id, asked.id)
    city.settle()

    with city.app.database.begin() as db:
        for table in Base.metadata.sorted_tables:
            assert "霓虹" not in str(db.execute(select(table)).all()), table.name
        talks = db.scalars(select(Conversation).where(Conversation.chat_id == alone.chat.id)).all()
    assert talks == []


def test_a_question_about_a_revision_corrects_no_report(alone: Place) -> None:
    for question in ("修正的話要重新公告嗎", "更改前要先跟誰說"):
        assert alone.says(question) != [phrases_reports.NO_REPORT_YET]


def test_a_long_clause_is_not_read_out_twice_in_a_row(city: City, ming: Person) -> None:
    chat = city.alone_with(ming)
    chat.bind("三民區第二衛生所")
    (first,) = chat.says("跨機關整合單一窗口和哪些院所一起做")
    (second,) = chat.says("誰負責")
    assert "節省掛號" in first
    assert "節省掛號" not in second
    assert "節省掛號" in tap(chat, phrases.WHOLE)[0]
    assert "節省掛號" not in chat.says("那是誰負責")[0]


def test_after_a_row_of_dates_a_clause_is_whole(city: City, ming: Person) -> None:
    chat = city.alone_with(ming)
    chat.bind("企劃室")
    chat.says("期限")
    (said,) = chat.says("第一個是誰負責")
    assert "…" not in said


def test_two_questions_about_whose_it_is_are_one(alone: Place) -> None:
    alone.bind("企劃室")
    alone.says(QUESTION)
    (said,) = alone.says("真的是我們室嗎？不是秘書室嗎？")
    assert "企劃室" in said.splitlines()[0]
