"""進度, 總表, 未回報: where a unit stands, and all units for administrators."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from bot.line.stand_in import Person
from tests.journeys.conftest import City, Place, actions_of

OFFICE = "三民區第二衛生所"


@pytest.fixture
def office(city: City, ling: Person, ming: Person) -> Place:
    """三民二所's group on Tuesday 1 September of 115."""
    city.clock.now = datetime(2026, 9, 1, 2, tzinfo=UTC)
    place = city.group("三民二所", ling, ming)
    place.bind(OFFICE)
    return place


@pytest.fixture
def admin(city: City) -> Place:
    """An administrator's one-to-one chat."""
    person = city.line.add_person("陳怡君")
    city.make_admin(person)
    return city.alone_with(person)


def test_progress_counts_by_chapter_and_lists_what_is_missing(office: Place) -> None:
    office.says("小幫手 回報 一(一)1.(1) 已完成 都公告了")
    office.says("小幫手 回報 一(一)1.(2) 40%")
    (said,) = office.says("小幫手 進度")

    assert f"{OFFICE} 115年度進度" in said
    assert "🟢已完成 1、🟡進行中 1" in said
    assert "最近的回報" in said
    assert "還沒回報" in said


def test_a_date_that_is_over_shows_as_behind(office: Place) -> None:
    (said,) = office.says("小幫手 進度")

    assert "🔴落後 1" in said
    assert "1月30日" in said


def test_what_is_missing_is_reported_from_a_button(office: Place) -> None:
    office.says("小幫手 回報 訂定工作計畫期限 已完成")
    office.says("小幫手 進度")
    missing = office.last_message()
    (said,) = office.tap(2, card=missing)

    assert said.startswith("做到哪裡了？")


def test_an_answer_to_a_reminder_is_a_report_and_can_be_undone(office: Place) -> None:
    office.says("小幫手 期限")
    office.tap("完成了")
    (said,) = office.says("小幫手 進度")
    assert "🟢已完成 1" in said

    office.says("小幫手 期限")
    office.tap("復原")
    (said,) = office.says("小幫手 進度")
    assert "🟢已完成 0" in said


def test_another_units_progress_is_not_shown_to_a_group(office: Place) -> None:
    (said,) = office.says("小幫手 進度 長青中心")

    assert "長青綜合服務中心 115年度進度" not in said


def test_administrators_see_all_units(office: Place, admin: Place, city: City) -> None:
    other = city.group("長青", admin.person)
    other.bind("長青綜合服務中心")
    office.says("小幫手 回報 一(一)1.(1) 已完成")

    (said,) = admin.says("總表")

    assert "共 2 個單位：1 個回報過、1 個還沒回報" in said
    assert f"{OFFICE}：🟢1" in said
    assert "長青綜合服務中心：⚪ 還沒回報" in said


def test_those_without_a_report_are_asked_with_one_tap_at_the_price_shown(
    office: Place, admin: Place, city: City
) -> None:
    other = city.group("長青", admin.person)
    other.bind("長青綜合服務中心")
    office.says("小幫手 回報 一(一)1.(1) 已完成")

    (said,) = admin.says("未回報")
    assert "長青綜合服務中心" in said
    assert OFFICE not in said.split("\n")[1]
    with other.listening() as heard, office.listening() as silent:
        (done,) = admin.tap("催回報")

    assert "還沒有任何提升服務進度回報" in heard[0]
    assert silent == []
    assert "已" in done


def test_nobody_is_asked_twice_a_day_nor_at_night(office: Place, admin: Place, city: City) -> None:
    admin.says("未回報")
    card = admin.last_message()
    admin.tap("催回報", card=card)
    with office.listening() as heard:
        admin.tap("催回報", card=card)
    assert heard == []

    city.clock.now = datetime(2026, 9, 2, 14, tzinfo=UTC)  # ten in the evening
    with office.listening() as heard:
        admin.tap("催回報", card=card)
    assert heard == []


def test_the_overview_is_for_administrators(office: Place) -> None:
    (said,) = office.says("小幫手 總表")

    assert "管理者" in said


def test_an_overdue_date_says_when_it_was_due_and_can_be_finished(office: Place) -> None:
    (said,) = office.says("小幫手 進度")
    assert "（期限1月30日（五），已過）" in said

    (said,) = office.says("小幫手 完成了")
    assert "115年1月30日（五）" in said
    office.tap(0)
    (said,) = office.says("小幫手 進度")
    assert "🔴落後 0" in said


def test_the_figures_are_the_same_everywhere(office: Place, admin: Place) -> None:
    office.says("小幫手 回報 一(一)1.(1) 已完成")
    office.says("小幫手 回報 一(一)1.(2) 40%")
    (progress,) = office.says("小幫手 進度")
    (card,) = office.says("小幫手 成果報告")
    (overview,) = admin.says("總表")
    (compiled,) = admin.says("成果報告")

    numbers = re.search(r"共 (\d+) 項", progress), re.search(r"還沒回報 (\d+) 項", progress)
    asked, missing = (int(one[1]) for one in numbers if one)
    assert missing == asked - 2
    assert f"2／{asked} 項" in card
    assert f"還缺：{missing} 項" in card
    assert f"缺{missing}" in overview
    assert "1 個回報過" in overview
    assert "1／1 個單位" in compiled


def test_a_unit_whose_only_report_was_withdrawn_has_not_reported(
    office: Place, admin: Place
) -> None:
    office.says("小幫手 回報 一(一)1.(1) 已完成")
    office.says("小幫手 撤回")

    assert "0 個回報過、1 個還沒回報" in admin.says("總表")[0]
    assert "0／1 個單位" in admin.says("成果報告")[0]


def test_looking_is_asked_and_refused_in_words_for_looking(
    office: Place, admin: Place, city: City
) -> None:
    (said,) = office.says("小幫手 進度 左營區衛生所")
    assert said == f"這個聊天代表{OFFICE}，看不到左營區衛生所的進度。"

    office.bind("左營區衛生所")
    (said,) = office.says("小幫手 進度")
    assert said.startswith("要看哪個單位的進度？")


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("小幫手 進度", "這個聊天還沒有綁定單位，看不到進度。"),
        ("小幫手 回報 一(一)1.(1) 已完成", "這個聊天還沒有綁定單位，沒有記錄。"),
    ],
)
def test_an_unbound_chat_is_told_so_first(new_group: Place, said: str, answer: str) -> None:
    assert new_group.says(said)[0].startswith(answer)


@pytest.mark.parametrize("said", ["進度", "回報 一(一)1.(1) 已完成", "回報 電話禮貌 第1次 92分"])
def test_an_administrator_is_told_to_name_the_unit(admin: Place, said: str) -> None:
    (answer,) = admin.says(said)

    assert "請加上單位名稱，例如「" in answer
    assert "綁定碼" not in answer


@pytest.mark.parametrize(
    "said", ["進度 三民二所", "進度 115 三民二所", "進度 三民二所 115年度", "進度115 三民二所"]
)
def test_an_administrator_sees_a_units_progress_of_a_year(
    office: Place, admin: Place, said: str
) -> None:
    assert f"{OFFICE} 115年度進度" in admin.says(said)[0]


def test_a_cycle_that_nobody_reported_in_shows_no_red(office: Place, admin: Place) -> None:
    assert office.says("小幫手 進度 114") == [f"{OFFICE}114年度沒有回報紀錄。"]
    assert admin.says("總表 114") == ["114年度沒有回報紀錄。"]
    assert "還沒開始" in office.says("小幫手 進度 117")[0]
    assert "最早是" in admin.says("總表 100")[0]


def test_a_cycle_that_is_over_shows_what_was_reported(
    office: Place, admin: Place, city: City
) -> None:
    office.says("小幫手 回報 一(一)1.(1) 已完成")
    city.clock.now = datetime(2027, 3, 1, 2, tzinfo=UTC)

    assert "🟢已完成 1" in office.says("小幫手 進度 115")[0]
    assert all(one["label"] == "成果報告" for one in actions_of(office.last_message()))
    assert f"{OFFICE}：🟢1" in admin.says("總表 115")[0]
    assert all(one["label"] != "未回報" for one in actions_of(admin.last_message()))


def test_administrators_look_at_one_agency(office: Place, admin: Place, city: City) -> None:
    other = city.group("長青", admin.person)
    other.bind("長青綜合服務中心")

    (said,) = admin.says("未回報 衛生局")
    assert said.startswith("衛生局及所屬115年度還沒回報的單位：1 個")
    assert "長青綜合服務中心" not in said
    with other.listening() as silent, office.listening() as heard:
        admin.tap("催回報")
    assert silent == []
    assert "還沒有任何提升服務進度回報" in heard[0]

    assert "共 1 個單位" in admin.says("總表 衛生局")[0]
    assert "2 個" in admin.says("未回報 115")[0]


def test_the_label_of_the_button_may_be_typed(office: Place, admin: Place) -> None:
    (said,) = admin.says("催回報")

    assert "115年度還沒回報的單位：1 個" in said


def test_who_reports_for_a_unit_without_being_a_friend_is_known_from_its_group(
    office: Place, city: City, ming: Person
) -> None:
    alone = city.alone_with(ming)
    alone.bind(OFFICE)
    alone.says("回報 一(一)1.(1) 已完成")

    assert "（李志明）" in office.says("小幫手 進度")[0]


def test_who_is_known_nowhere_stands_there_without_a_name(office: Place, city: City) -> None:
    stranger = city.alone_with(city.line.add_person("林怡君"))
    stranger.bind(OFFICE)
    stranger.says("回報 一(一)1.(1) 已完成")

    assert "（未具名）" in office.says("小幫手 進度")[0]
    assert "（未具名）" in office.says("小幫手 歷程 #1")[0]
