"""回報: a line, several, step by step; corrections, withdrawals, quotes, edits, taken back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.line.stand_in import Person
from bot.plans.model import RocYear
from bot.plans.progress import Entry, ProgressReport, ProgressStatus, standing
from bot.store import acknowledgements, progress
from bot.store.acknowledgements import Ack
from tests.journeys.conftest import City, Place


@pytest.fixture
def office(city: City, ling: Person, ming: Person) -> Place:
    """三民二所's group, bound, seen by the officer, in September of 115."""
    city.clock.now = datetime(2026, 9, 1, 2, tzinfo=UTC)
    place = city.group("三民二所", ling, ming)
    place.bind("三民區第二衛生所")
    return place


def record(place: Place, unit: str = "三民區第二衛生所", year: int = 115) -> list[ProgressReport]:
    with place.city.app.database.begin() as db:
        return progress.record_of(db, unit, RocYear(year))


def stand(place: Place, unit: str = "三民區第二衛生所") -> list[ProgressReport]:
    return list(standing(record(place, unit)))


def test_one_line_is_stored_at_once_and_echoed(office: Place) -> None:
    (said,) = office.says("小幫手 回報 一(三)2.(1) 已完成 辦了2場電話禮貌訓練 60人")

    (report,) = stand(office)
    assert report.item == "khh-sanmin2-115:4.1.3.2.1"
    assert report.status is ProgressStatus.DONE
    assert report.percent == 100
    assert [one.plain for one in report.quantities] == ["2場", "60人"]
    assert report.note == "辦了2場電話禮貌訓練 60人"
    assert f"#{report.root}" in said
    assert "2場、60人" in said
    assert "三民區第二衛生所115年度工作計畫 肆、一、(三)2.(1)" in said


def test_several_lines_are_several_reports_with_one_receipt(office: Place) -> None:
    said = office.says("小幫手 回報\n一(一)1.(1) 已完成\n一(一)1.(2) 50%\n一(一)1.(3) 落後")

    assert [one.status for one in stand(office)] == ["已完成", "進行中", "落後"]
    assert len(said) == 1
    assert said[0].startswith("已記錄 3 項")


def test_a_doubtful_item_is_asked_and_a_tap_completes_it(office: Place) -> None:
    (said,) = office.says("小幫手 回報 服務 已完成 辦了3場")

    assert stand(office) == []
    assert said.startswith("這是回報哪一項？")

    (receipt,) = office.tap(0)
    (report,) = stand(office)
    assert receipt.startswith("已記錄")
    assert [one.plain for one in report.quantities] == ["3場"]


def test_words_that_do_more_than_name_the_item_stay_in_the_note(office: Place) -> None:
    office.says("小幫手 回報 已收38所滿意度問卷 進行中")
    office.tap(0)
    office.says("小幫手 回報 長照專員進駐 60%")

    counted, named = stand(office)
    assert "38所滿意度問卷" in counted.note
    assert named.note == ""


def test_a_question_in_between_does_not_lose_the_line_that_waits(office: Place) -> None:
    office.says("小幫手 回報 服務 已完成 辦了3場")
    asked = office.last_message()
    office.says("小幫手 年度執行成果何時提報？")

    office.tap(0, card=asked)

    assert len(stand(office)) == 1


def test_what_is_done_is_not_reminded_of(office: Place) -> None:
    office.says("小幫手 回報 成果報告 已完成")

    (report,) = stand(office)
    with office.city.app.database.begin() as db:
        known = acknowledgements.state_of(db, "三民區第二衛生所", [report.item])
    assert known[report.item].what is Ack.DONE

    office.says("小幫手 撤回")
    with office.city.app.database.begin() as db:
        known = acknowledgements.state_of(db, "三民區第二衛生所", [report.item])
    assert known[report.item].what is Ack.OPEN


def test_a_correction_changes_what_it_names_and_keeps_the_rest(office: Place) -> None:
    office.says("小幫手 回報 一(三)2.(1) 50% 辦了1場")
    (said,) = office.says("小幫手 更正 80%")

    (report,) = stand(office)
    assert report.percent == 80
    assert report.note == "辦了1場"
    assert said.startswith("已更正")
    assert [one.entry for one in record(office)] == [Entry.REPORT, Entry.CORRECTION]


def test_a_correction_of_a_number_changes_that_number_in_the_words(office: Place) -> None:
    office.says("小幫手 回報 二(三)1. 進行中 活動2場 滿意度95.5% 有效問卷1,120份")
    office.says("小幫手 更正 有效問卷1,240份")

    (report,) = stand(office)
    assert report.note == "活動2場 滿意度95.5% 有效問卷1,240份"
    assert [f"{one.what}{one.plain}" for one in report.quantities] == [
        "2場", "滿意度95.5%", "1,240份",
    ]  # fmt: skip


def test_other_words_take_the_place_of_what_was_said(office: Place) -> None:
    office.says("小幫手 回報 二(三)1. 進行中 活動2場")
    office.says("小幫手 更正 活動併入六月辦理，另辦說明會1場")

    (report,) = stand(office)
    assert report.note == "活動併入六月辦理，另辦說明會1場"
    assert [one.plain for one in report.quantities] == ["1場"]


def test_a_clause_and_how_far_it_is_need_no_word_for_it(office: Place) -> None:
    office.says("小幫手 一(一)1.(2) 30%")

    assert [one.percent for one in stand(office)] == [30]


def test_a_question_with_a_clause_in_it_is_no_report(office: Place) -> None:
    office.says("小幫手 一(一)1.(2) 已完成了嗎？")
    office.says("小幫手 一(一)1.(2)")

    assert stand(office) == []


def test_a_correction_that_names_another_clause_moves_the_report(office: Place) -> None:
    office.says("小幫手 回報 一(三)2.(1) 已完成 辦了1場")
    office.says("小幫手 更正 條號 一(一)1.(2)")

    (report,) = stand(office)
    assert report.item == "khh-sanmin2-115:4.1.1.1.2"
    assert report.note == "辦了1場"


def test_a_receipt_that_is_quoted_is_corrected_by_whoever_quotes_it(
    office: Place, ming: Person
) -> None:
    office.says("小幫手 回報 一(一)1.(1) 50%")
    quoted = office.last_message().id
    office.says("小幫手 回報 一(一)1.(2) 已完成")

    office.seen_by(ming).says("90%", quote=quoted)

    assert [one.percent for one in stand(office)] == [90, 100]


def test_withdrawing_brings_back_what_stood_before(office: Place) -> None:
    office.says("小幫手 回報 一(一)1.(1) 50%")
    office.city.clock.now += timedelta(days=1)
    office.says("小幫手 回報 一(一)1.(1) 已完成")
    (said,) = office.says("小幫手 撤回")

    assert said.startswith("已撤回")
    assert [one.percent for one in stand(office)] == [50]
    assert len(record(office)) == 3


def test_a_withdrawal_can_be_undone(office: Place) -> None:
    office.says("小幫手 回報 一(一)1.(1) 50% 公告了三項")
    office.says("小幫手 撤回")
    (said,) = office.tap("復原")

    (report,) = stand(office)
    assert (report.root, report.note) == (1, "公告了三項")
    assert said.startswith("已復原")


def test_the_same_words_twice_are_one_report(office: Place) -> None:
    office.says("小幫手 回報 一(一)1.(1) 50% 整理中")
    (said,) = office.says("小幫手 回報 一(一)1.(1) 50% 整理中")

    assert "沒有重複記錄" in said
    assert len(record(office)) == 1


def test_two_people_who_report_the_same_item_are_told_of_each_other(
    office: Place, ming: Person
) -> None:
    office.says("小幫手 回報 一(一)1.(1) 已完成 甲案")
    (said,) = office.seen_by(ming).says("小幫手 回報 一(一)1.(1) 已完成 乙案")

    assert "剛才也有同仁回報這一項" in said
    assert len(stand(office)) == 2


def test_behind_asks_for_reason_and_remedy_and_takes_the_next_words(office: Place) -> None:
    said = office.says("小幫手 回報 一(一)1.(1) 落後 30%")
    assert "落後原因和因應對策" in said[-1]

    office.says("原因：場地整修 對策：改線上辦理")

    (report,) = stand(office)
    assert (report.reason, report.remedy) == ("場地整修", "改線上辦理")


def test_what_another_person_says_next_is_not_taken_for_the_answer(
    office: Place, ming: Person
) -> None:
    office.says("小幫手 回報 一(一)1.(1) 落後 30%")

    assert office.seen_by(ming).says("中午吃什麼") == []
    (report,) = stand(office)
    assert report.reason == ""


def test_an_edited_message_changes_its_report(office: Place) -> None:
    office.says("小幫手 回報 一(一)1.(1) 已完成 辦了2場")
    mine = office.city.line.history(office.chat.id)[-2]
    with office.listening() as heard:
        office.city.line.edit(office.person.id, mine.id, "小幫手 回報 一(一)1.(1) 已完成 辦了3場")

    (report,) = stand(office)
    assert [one.plain for one in report.quantities] == ["3場"]
    assert heard[0].startswith("已更正")


def test_a_message_that_is_taken_back_leaves_the_fact_and_no_words(office: Place) -> None:
    office.says("小幫手 回報 一(一)1.(1) 已完成 秘密的事")
    mine = office.city.line.history(office.chat.id)[-2]
    office.city.line.unsend(office.person.id, mine.id)
    office.city.settle()

    assert stand(office) == []
    (entry,) = record(office)
    assert entry.note == ""
    assert entry.is_unsent


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("一(一)1.(1) 120%", "進度要在 0 到 100% 之間"),
        ("一(一)1.(1) 已完成 辦了-2場", "數量不能是負的"),
        ("一(一)1.(1) 已完成 30%", "狀態和百分比對不起來"),
        ("114年度 一(一)1.(1) 已完成", "114年度已經結束"),
        ("116年度 一(一)1.(1) 已完成", "116年度還沒開始"),
        (f"一(一)1.(1) 已完成 {'長' * 3000}", "最多 1,000 字"),
    ],
)
def test_what_cannot_be_meant_gets_a_sentence_and_changes_nothing(
    office: Place, words: str, sentence: str
) -> None:
    (said,) = office.says(f"小幫手 回報 {words}")

    assert sentence in said
    assert record(office) == []


def test_an_unbound_chat_is_told_how_to_get_bound(new_group: Place) -> None:
    (said,) = new_group.says("小幫手 回報 一(一)1.(1) 已完成")

    assert "綁定碼" in said


def test_step_by_step_from_the_chapter_to_the_confirmation(office: Place) -> None:
    (chapters,) = office.says("小幫手 回報")
    assert chapters.startswith("要回報哪一章？")
    office.tap(1)
    office.tap(0)
    office.tap(0)
    (check,) = office.says("辦了2場，共60人")
    assert check.startswith("這樣對嗎？")
    assert record(office) == []
    office.tap(0)

    (report,) = stand(office)
    assert report.status is ProgressStatus.DONE
    assert [one.plain for one in report.quantities] == ["2場", "60人"]
    assert report.message_id is not None


def test_a_form_is_left_at_any_step(office: Place) -> None:
    office.says("小幫手 回報")
    office.tap(1)
    office.tap(0)
    office.tap(0)
    (said,) = office.says("取消")

    assert "沒有留下任何紀錄" in said
    assert record(office) == []


def test_a_form_goes_on_after_hours(office: Place) -> None:
    office.says("小幫手 回報")
    office.tap(1)
    office.tap(0)
    office.tap(0)
    office.city.clock.now += timedelta(hours=3)
    (said,) = office.says("小幫手 回報")
    assert said.startswith("上次的回報還沒填完")
    office.tap("繼續填")
    office.tap("略過")
    office.tap("確認送出")

    assert len(stand(office)) == 1


def test_two_taps_on_send_are_one_report(office: Place) -> None:
    office.says("小幫手 回報")
    office.tap(1)
    office.tap(0)
    office.tap(0)
    office.tap(0)
    card = office.last_message()
    office.tap(0, card=card)
    office.tap(0, card=card)

    assert len(record(office)) == 1


def test_in_january_the_closing_cycle_is_meant_and_the_other_is_a_tap_away(office: Place) -> None:
    office.city.clock.now = datetime(2027, 1, 5, 2, tzinfo=UTC)
    office.says("小幫手 回報 一(一)1.(1) 已完成")
    assert len(record(office, year=115)) == 1

    office.tap("改為116年度")
    assert len(record(office, year=116)) == 1
    assert stand(office) == []


def test_in_january_a_date_is_reported_in_the_cycle_that_it_is_due_in(office: Place) -> None:
    office.city.clock.now = datetime(2027, 1, 5, 2, tzinfo=UTC)
    office.says("小幫手 回報 伍、一 已完成")
    office.says("小幫手 回報 伍、三 已完成")
    office.says("小幫手 回報 一(三)3.(2) 1/4 辦了2場")

    assert [one.item.partition(":")[0] for one in record(office, year=115)] == ["115"]
    assert next(one.item for one in record(office, year=116)).startswith("116:")
    assert len(record(office, year=116)) == 2


def test_a_reports_history_shows_who_changed_what(office: Place, group: Place) -> None:
    office.says("小幫手 回報 一(一)1.(1) 50% 公告了三項")
    office.says("小幫手 更正 80%")
    (said,) = office.says("小幫手 歷程")

    assert "回報：進行中 50% 公告了三項" in said
    assert "更正：進行中 80%" in said
    (said,) = group.says("小幫手 歷程 #1")
    assert "公告了三項" not in said


def test_a_number_that_is_said_names_the_report(office: Place) -> None:
    office.says("小幫手 回報 一(一)1.(1) 50%")
    office.says("小幫手 回報 一(一)1.(2) 50%")
    office.says("小幫手 更正 #1 80%")
    office.says("小幫手 把 #2 改成 90%")
    (said,) = office.says("小幫手 更正 #7 90%")

    assert [one.percent for one in stand(office)] == [80, 90]
    assert said.startswith("找不到這筆回報")

    office.says("小幫手 撤回 #1")
    assert [one.root for one in stand(office)] == [2]
    (said,) = office.says("小幫手 撤回 #1")
    assert said.startswith("這筆回報已經撤回了")


def test_the_card_of_a_withdrawn_report_changes_no_other(office: Place) -> None:
    office.says("小幫手 回報 一(一)1.(1) 50%")
    office.says("小幫手 回報 一(一)1.(2) 60%")
    card = office.last_message().id
    office.says("小幫手 撤回")

    (said,) = office.says("更正 90%", quote=card)

    assert said.startswith("這筆回報已經撤回了")
    assert [one.percent for one in stand(office)] == [50]


def test_a_card_of_several_asks_for_the_number(office: Place) -> None:
    office.says("小幫手 回報\n一(一)1.(1) 50%\n一(一)1.(2) 60%")
    (said,) = office.says("更正 90%", quote=office.last_message().id)

    assert "請加上號碼" in said
    assert [one.percent for one in stand(office)] == [50, 60]


@pytest.mark.parametrize(
    ("typed", "note", "numbers"),
    [
        ("把4場改成5場", "辦了5場 65人", ["5場", "65人"]),
        ("人數改成12", "辦了4場 12人", ["4場", "12人"]),
        ("多打一個0 應該是6人", "辦了4場 6人", ["4場", "6人"]),
        ("4場→6場", "辦了6場 65人", ["6場", "65人"]),
    ],
)
def test_a_correction_in_words_changes_what_it_names(
    office: Place, typed: str, note: str, numbers: list[str]
) -> None:
    office.says("小幫手 回報 一(三)3.(2) 進行中 辦了4場 65人")
    office.says(f"小幫手 更正 {typed}")

    (report,) = stand(office)
    assert report.note == note
    assert [one.plain for one in report.quantities] == numbers


def test_a_correction_that_only_names_a_part_is_asked_about(office: Place) -> None:
    office.says("小幫手 回報 一(三)3.(2) 進行中 辦了4場")
    (said,) = office.says("小幫手 更正 備註")

    assert said.startswith("要改成什麼")
    assert stand(office)[0].note == "辦了4場"


def test_a_correction_to_a_clause_that_is_not_there_says_so(office: Place) -> None:
    office.says("小幫手 回報 一(三)3.(2) 進行中")
    (said,) = office.says("小幫手 更正 條號 九(九)9")
    assert said.startswith("找不到「九(九)9」這一條")

    office.says("小幫手 更正 條號 一(三)2")
    (said,) = office.tap(0)
    assert said.startswith("已更正")
    assert stand(office)[0].item == "khh-sanmin2-115:4.1.3.2.1"


def test_only_what_is_missing_of_reason_and_remedy_is_asked(office: Place) -> None:
    said = office.says("小幫手 回報 一(一)1.(1) 落後 原因：人力不足")
    assert said[-1].startswith("因應對策是什麼")
    office.says("會加開一場補上")

    (report,) = stand(office)
    assert (report.reason, report.remedy) == ("人力不足", "會加開一場補上")


def test_small_talk_is_no_reason(office: Place) -> None:
    office.says("小幫手 回報 一(一)1.(1) 落後 30%")
    (said,) = office.says("好喔")

    assert "之後傳「更正 #1" in said
    assert stand(office)[0].reason == ""


def test_leaving_a_question_about_a_stored_report_says_that_it_stays(office: Place) -> None:
    office.says("小幫手 回報 一(一)1.(1) 落後 30%")
    (said,) = office.says("取消")

    assert said == "好，不改了。回報 #1 還在。"
    assert len(stand(office)) == 1


def test_further_work_without_a_status_does_not_set_a_done_item_back(office: Place) -> None:
    office.says("小幫手 回報 一(三)3.(2) 已完成 辦了4場")
    office.city.clock.now += timedelta(days=3)
    (said,) = office.says("小幫手 回報 一(三)3.(2) 加辦2場")

    assert [one.status for one in stand(office)] == ["已完成", "已完成"]
    assert "這一項合計 6場（#1、#2）" in said


def test_more_on_a_quoted_receipt_is_added_not_put_in_its_place(office: Place) -> None:
    office.says("小幫手 回報 一(三)3.(2) 進行中 辦了4場")
    office.says("再加2場", quote=office.last_message().id)

    assert [one.plain for report in stand(office) for one in report.quantities] == ["4場", "2場"]


def test_an_item_is_chosen_by_its_place_as_well(office: Place) -> None:
    office.says("小幫手 回報 服務 已完成 辦了3場")
    (said,) = office.says("第一個")

    assert said.startswith("已記錄")
    assert len(stand(office)) == 1


def test_a_form_goes_on_with_words_that_come_late(office: Place) -> None:
    office.says("小幫手 回報")
    office.tap(1)
    office.tap(0)
    office.tap(0)
    office.city.clock.now += timedelta(minutes=20)
    assert office.says("發了200份問卷") == []

    (check,) = office.says("小幫手 發了200份問卷")
    assert check.startswith("這樣對嗎？")
    (said,) = office.says("確認送出")
    assert said.startswith("已記錄")


def test_a_slip_that_was_just_made_is_corrected_in_ones_own_words(office: Place) -> None:
    office.says("小幫手 回報 一(三)3.(2) 進行中 辦了4場")
    office.says("小幫手 打錯了 應該是5場")

    assert [one.plain for one in stand(office)[0].quantities] == ["5場"]


def test_no_blank_is_needed_after_the_name(office: Place) -> None:
    office.says("小幫手回報 一(一)1.(1) 50%")

    assert len(stand(office)) == 1


@pytest.mark.parametrize("asked", ["請問怎麼回報？", "回報要怎麼做", "如何回報進度"])
def test_who_asks_how_to_report_is_told_how(office: Place, asked: str) -> None:
    (said,) = office.says(f"小幫手 {asked}")

    assert said.startswith("一句話就可以")


def test_a_question_about_reports_is_no_report(office: Place) -> None:
    (said,) = office.says("小幫手 回報期限是什麼時候")

    assert "沒有記錄" not in said
    assert record(office) == []


def test_what_confirms_after_skipping_the_words_is_no_note(office: Place) -> None:
    office.says("小幫手 回報")
    office.tap(1)
    office.tap(0)
    office.tap(0)
    office.tap("略過")
    (said,) = office.says("確認送出")

    assert said.startswith("已記錄")
    assert [one.note for one in stand(office)] == [""]
