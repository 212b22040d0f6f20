"""電話禮貌: how to answer, the two tests, and a unit's own results."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from bot import phrases
from bot.plans.model import RocYear
from bot.store import courtesy
from bot.store.courtesy import CourtesyResult
from bot.store.models import CourtesyTestRow
from tests.journeys.conftest import City, Place

UNIT = "企劃室"


def result(place: Place, which: int = 1, *, unit: str = UNIT, year: int = 115) -> CourtesyResult:
    """What is kept of a test."""
    with place.city.app.database.begin() as db:
        return courtesy.results(db, unit, RocYear(year))[which]


def results(place: Place, *, unit: str = UNIT, year: int = 115) -> dict[int, CourtesyResult]:
    """What is kept of a cycle."""
    with place.city.app.database.begin() as db:
        return courtesy.results(db, unit, RocYear(year))


def test_the_card_says_how_to_answer_and_where_the_windows_stand(new_group: Place) -> None:
    (said,) = new_group.says("小幫手 電話禮貌")

    assert "速度：鈴響4聲" in said
    assert "第1次：115年1月1日至6月30日（二），進行中，還有 120 天" in said
    assert "第2次：115年7月1日至12月31日（四），121 天後開始" in said


def test_a_unit_sees_its_own_results(group: Place) -> None:
    group.says("小幫手 回報 電話禮貌 第1次 92分 缺失：未問貴姓 改善：晨會演練")
    _, own = group.says("小幫手 電話禮貌")

    assert own.startswith("115年度\n企劃室的測試結果")
    assert "第1次：92 分（優良）" in own
    assert "缺失：未問貴姓" in own
    assert "第2次：尚未回報" in own


def test_another_units_results_are_never_shown_in_a_group(
    city: City, group: Place, new_group: Place
) -> None:
    group.says("小幫手 回報 電話禮貌 第1次 92分")
    new_group.bind("長期照顧中心")
    city.make_admin(new_group.person)

    assert "92 分" not in "".join(new_group.says("小幫手 電話禮貌"))
    assert new_group.says("小幫手 電話禮貌 企劃室") == [phrases.COURTESY_NOT_SHOWN]


def test_an_administrator_sees_them_one_to_one_and_nobody_else(
    city: City, group: Place, alone: Place
) -> None:
    group.says("小幫手 回報 電話禮貌 第1次 92分")
    assert alone.says("電話禮貌 企劃室") == [phrases.COURTESY_NOT_SHOWN]

    city.make_admin(alone.person)
    assert "92 分（優良）" in "".join(alone.says("電話禮貌 企劃室"))


@pytest.mark.parametrize(
    "typed",
    [
        "回報 電話禮貌 第1次 92分 缺失：未問貴姓 改善：晨會演練",
        "回報電話禮貌第一次九十二分 缺失未問貴姓 改善晨會演練",
        "回報　電話禮貌　９２分　第１次　缺失：未問貴姓　改善措施：晨會演練",
        "回報 電話禮貌測試 改善：晨會演練，缺失：未問貴姓，第1次，92分",
        "回報 電話禮貌 上半年 得分：92 缺失:未問貴姓 改善:晨會演練",
        "回報 電話測試 92 第1次\n缺失 未問貴姓\n改善 晨會演練",
        "回報：電話禮貌，分數92，缺失：未問貴姓；改善：晨會演練",
    ],
)
def test_a_result_may_be_typed_in_any_order(group: Place, typed: str) -> None:
    (said,) = group.says(f"小幫手 {typed}")

    assert "已記錄第1次電話禮貌測試" in said
    kept = result(group)
    assert (kept.score, kept.faults, kept.improvement) == (92, "未問貴姓", "晨會演練")


def test_times_and_minutes_among_the_faults_are_left_there(group: Place) -> None:
    group.says("小幫手 回報 電話禮貌 92分 缺失：第5次響鈴才接，轉接等了2分才有人")

    kept = result(group)
    assert (kept.which, kept.score) == (1, 92)
    assert kept.faults == "第5次響鈴才接，轉接等了2分才有人"


def test_the_day_and_tenths_are_understood(group: Place) -> None:
    group.says("小幫手 回報 電話禮貌 2月26日 92.5分 第1次")

    assert (result(group).tested_on, result(group).score) == (date(2026, 2, 26), 92.5)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("120分", "分數要在 0 到 100 之間，「120分」不行"),
        ("-5分", "分數要在 0 到 100 之間，「-5分」不行"),
        ("第3次 90分", "一年兩次，沒有「第3次」"),
        ("第1次", "沒有看到分數"),
        ("2月30日 90分", "沒有「2月30日」這一天"),
        ("4月1日 90分", "還沒到"),
        ("長期照顧中心 90分", "只能回報這個聊天綁定的單位"),
    ],
)
def test_what_cannot_be_gets_a_sentence_and_is_not_kept(
    group: Place, typed: str, said: str
) -> None:
    (answer,) = group.says(f"小幫手 回報 電話禮貌 {typed}")

    assert said in answer
    assert results(group) == {}


def test_an_unbound_chat_cannot_report(new_group: Place) -> None:
    assert new_group.says("小幫手 回報 電話禮貌 92分") == [phrases.COURTESY_NEEDS_BINDING]


def test_a_chat_of_two_units_has_to_name_one(group: Place) -> None:
    group.bind("長期照顧中心")
    assert "請寫明是哪一個" in group.says("小幫手 回報 電話禮貌 92分")[0]
    group.says("小幫手 回報 電話禮貌 長期照顧中心 92分")

    assert result(group, unit="長期照顧中心").score == 92
    assert results(group) == {}


def test_below_the_mark_it_asks_and_the_next_message_is_the_answer(group: Place) -> None:
    (said,) = group.says("小幫手 回報 電話禮貌 第1次 75分 缺失：語氣平淡")
    assert "低於 90 分，需要改善措施" in said
    assert "您在這裡的下一則訊息" in said
    assert result(group).owes_improvement

    (said,) = group.says("每週晨會抽測一次")
    assert "改善措施：每週晨會抽測一次" in said
    assert (result(group).score, result(group).improvement) == (75, "每週晨會抽測一次")
    assert group.says("今天中午吃什麼呢大家") == []


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("改善：每週晨會抽測", "每週晨會抽測"),
        ("改善措施： 每週晨會抽測", "每週晨會抽測"),
        ("改善措施為每週晨會抽測", "每週晨會抽測"),
        ("改善:每週晨會抽測。", "每週晨會抽測"),
        ("為新進同仁安排演練", "為新進同仁安排演練"),
        ("改善電話接聽流程", "改善電話接聽流程"),
    ],
)
def test_an_improvement_is_kept_without_its_heading_and_marks(
    group: Place, typed: str, kept: str
) -> None:
    group.says("小幫手 回報 電話禮貌 75分")
    group.says(typed)

    assert result(group).improvement == kept


def test_what_a_fault_and_an_improvement_begin_with_is_kept(group: Place) -> None:
    group.says("小幫手 回報 電話禮貌 75分 缺失是語氣平淡 改善：為新進同仁安排演練")

    assert (result(group).faults, result(group).improvement) == ("語氣平淡", "為新進同仁安排演練")


def test_only_the_person_who_reported_is_waited_for(group: Place, city: City) -> None:
    other = next(one for one in city.line.members(group.chat.id) if one != group.person)
    group.says("小幫手 回報 電話禮貌 75分")

    assert group.seen_by(other).says("我等等要去開會喔") == []
    assert result(group).owes_improvement


def test_a_nod_a_question_and_a_command_are_no_improvement(group: Place) -> None:
    group.says("小幫手 回報 電話禮貌 75分")
    assert group.says("好的") == []
    assert group.says("要寫到多詳細呢？") == []
    assert group.says("小幫手 說明")[0].startswith("說明")

    assert result(group).owes_improvement
    assert "改善措施：每週抽測" in group.says("每週抽測")[0]


def test_it_does_not_wait_for_ever_and_can_be_told_not_to(group: Place, city: City) -> None:
    group.says("小幫手 回報 電話禮貌 75分")
    assert group.says("取消") == [phrases.COURTESY_CANCELLED]
    group.says("小幫手 回報 電話禮貌 75分")
    city.clock.goes_on(minutes=31)

    assert group.says("每週晨會抽測一次") == []
    assert result(group).owes_improvement


def test_an_improvement_may_come_later_by_itself(group: Place) -> None:
    group.says("小幫手 回報 電話禮貌 75分 缺失：語氣平淡")
    group.says("取消")
    group.says("小幫手 回報 電話禮貌 第1次 改善：每週抽測")

    kept = result(group)
    assert (kept.score, kept.faults, kept.improvement) == (75, "語氣平淡", "每週抽測")


def test_in_january_the_second_test_is_last_years(city: City, group: Place) -> None:
    city.clock.now = datetime(2027, 1, 5, 2, 0, tzinfo=UTC)
    group.says("小幫手 回報 電話禮貌 第2次 95分")

    assert result(group, 2).score == 95


# taken back


def unsend(place: Place, text: str) -> None:
    """The person takes back the message of that text."""
    line = place.city.line
    (said,) = [one for one in line.history(place.chat.id) if one.content.get("text") == text]
    line.unsend(place.person.id, said.id)
    place.city.settle()


FIRST, AGAIN = (
    "小幫手 回報 電話禮貌 第1次 75分 缺失：王小姐語氣平淡 改善：每週演練",
    "小幫手 回報 電話禮貌 第1次 75分 缺失：語氣平淡",
)


def test_a_report_that_is_taken_back_leaves_no_word_and_no_score(group: Place) -> None:
    group.says(FIRST)
    unsend(group, FIRST)

    assert results(group) == {}
    assert "尚未回報" in group.says("小幫手 電話禮貌")[-1]
    with group.city.app.database.begin() as db:
        (row,) = db.scalars(select(CourtesyTestRow))
        assert (row.score, row.faults, row.improvement) == (None, "", "")


def test_what_another_message_said_stays_when_one_is_taken_back(group: Place) -> None:
    group.says(FIRST)
    group.says(AGAIN)
    unsend(group, FIRST)

    kept = result(group)
    assert (kept.score, kept.faults, kept.improvement) == (75, "語氣平淡", "")
    assert kept.owes_improvement


def test_a_correction_that_is_taken_back_leaves_what_stood_before(group: Place) -> None:
    group.says("小幫手 回報 電話禮貌 第1次 80分 缺失：語氣平淡")
    group.says(FIRST)
    unsend(group, FIRST)

    kept = result(group)
    assert (kept.score, kept.faults, kept.improvement) == (80, "語氣平淡", "")


def test_an_improvement_that_is_taken_back_is_owed_again(group: Place) -> None:
    group.says("小幫手 回報 電話禮貌 第1次 75分")
    group.says("每週晨會抽測")
    unsend(group, "每週晨會抽測")

    assert (result(group).score, result(group).owes_improvement) == (75, True)


def test_with_the_report_its_question_for_an_improvement_is_taken_back(group: Place) -> None:
    group.says("小幫手 回報 電話禮貌 第1次 75分")
    unsend(group, "小幫手 回報 電話禮貌 第1次 75分")

    assert group.says("每週晨會抽測") == []


def test_a_correction_is_a_further_row(group: Place) -> None:
    group.says("小幫手 回報 電話禮貌 第1次 92分")
    group.says("小幫手 回報 電話禮貌 第1次 95分")

    with group.city.app.database.begin() as db:
        rows = courtesy.history(db, UNIT, RocYear(115))
    assert [row.score for row in rows] == [92, 95]


# January, corrections


def january(city: City) -> None:
    city.clock.now = datetime(2027, 1, 6, 2, 0, tzinfo=UTC)


def test_in_january_a_test_without_a_result_is_the_closing_years(city: City, group: Place) -> None:
    january(city)
    (said,) = group.says("小幫手 回報 電話禮貌 第1次 91.5分")

    assert "115年度 第1次" in said
    assert result(group).score == 91.5
    assert results(group, year=116) == {}


def test_in_january_a_button_moves_it_to_the_new_year_and_back(city: City, group: Place) -> None:
    january(city)
    group.says("小幫手 回報 電話禮貌 第1次 75分")
    receipt = group.last_message()
    (said,) = group.tap("改為116年度", card=receipt)
    assert "已改為116年度第1次電話禮貌測試" in said
    group.says("每週晨會抽測一次")

    kept = result(group, year=116)
    assert (kept.score, kept.improvement) == (75, "每週晨會抽測一次")
    assert results(group) == {}
    assert group.tap("改為116年度", card=receipt) == [phrases.NOT_LONGER_HERE]


def test_a_moved_result_that_is_taken_back_is_gone_from_both_years(
    city: City, group: Place
) -> None:
    january(city)
    group.says("小幫手 回報 電話禮貌 第1次 92分")
    group.tap("改為116年度")
    unsend(group, "小幫手 回報 電話禮貌 第1次 92分")

    assert results(group) == results(group, year=116) == {}


def test_in_january_a_known_test_is_the_new_years_and_a_correction_is_not(
    city: City, group: Place
) -> None:
    group.says("小幫手 回報 電話禮貌 第1次 92分")
    january(city)
    group.says("小幫手 更正 電話禮貌 第1次 93分")
    assert (result(group).score, results(group, year=116)) == (93, {})

    group.says("小幫手 回報 電話禮貌 第1次 95分")
    assert (result(group).score, result(group, year=116).score) == (93, 95)


def test_in_january_a_score_alone_is_of_the_test_that_is_still_open(
    city: City, group: Place
) -> None:
    january(city)
    group.says("小幫手 回報 電話禮貌 92分")

    assert set(results(group)) == {2}


def test_a_result_is_corrected(group: Place) -> None:
    group.says("小幫手 回報 電話禮貌 第1次 92分")
    (said,) = group.says("小幫手 更正 電話禮貌 第1次 95分")

    assert "已更正第1次電話禮貌測試" in said
    assert result(group).score == 95


def test_a_score_that_falls_below_the_mark_asks_for_an_improvement_again(group: Place) -> None:
    group.says("小幫手 回報 電話禮貌 第1次 92分 缺失：未問貴姓 改善：晨會演練")
    (said,) = group.says("小幫手 更正 電話禮貌 第1次 88分")

    assert "需要改善措施" in said
    assert phrases.COURTESY_FAULTS_KEPT in said
    assert result(group).owes_improvement
    group.says("每週晨會抽測一次")
    assert (result(group).faults, result(group).improvement) == ("未問貴姓", "每週晨會抽測一次")
