"""Administrators: dates moved, days declared off, what will be sent, whom to chase."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from sqlalchemy import select

from bot import phrases
from bot.plans.deadlines import Adjustment
from bot.store import adjustments, audit, overrides, reminders
from bot.store.models import AuditEntry
from bot.store.overrides import Quiet
from tests.journeys.conftest import City, Place
from tests.journeys.test_deadlines import buttons

OFFICE = "三民區第二衛生所"


@pytest.fixture
def admin(city: City, alone: Place) -> Place:
    """An administrator's one-to-one chat, on Monday 2 March 2026."""
    city.make_admin(alone.person)
    return alone


def moved(city: City) -> tuple[Adjustment, ...]:
    """What was moved."""
    with city.app.database.begin() as db:
        return adjustments.adjustments(db)


def press(place: Place, label: str) -> list[str]:
    """The button is tapped; what the bot says."""
    action = next(one for one in buttons(place) if one["label"] == label)
    with place.listening() as heard:
        place.city.line.tap(place.person.id, place.chat.id, place.last_message().id, action)
    return heard


# 調整


@pytest.mark.parametrize(
    "typed",
    [
        "調整 工作計畫 3月20日 三民二所 原因：配合評核",
        "調整 工作計畫 三民二所 3/20 原因 配合評核",
        "調整　序號２　１１５年３月２０日　三民區第二衛生所　理由：配合評核",
        "調整 執行計畫 延到三月二十日 三民二所，因為配合評核",
        "調整工作計畫 2026-03-20 三民二所 原因：配合評核",
    ],
)
def test_a_date_is_moved_for_one_unit_with_a_reason(city: City, admin: Place, typed: str) -> None:
    (said,) = admin.says(typed)

    (one,) = moved(city)
    assert (one.entry, one.unit, one.year) == ("s2", OFFICE, 115)
    assert (one.start, one.end, one.reason) == (None, date(2026, 3, 20), "配合評核")
    assert one.by == audit.who(admin.person.id)
    assert "原期限：115年1月1日至1月30日（五）" in said
    assert "新期限：115年1月1日至3月20日（五）" in said


def test_a_period_is_moved_for_all(city: City, admin: Place) -> None:
    (said,) = admin.says("調整 研習 5月1日至6月30日 全部 原因：講師檔期")

    (one,) = moved(city)
    assert (one.entry, one.unit) == ("s7", None)
    assert (one.start, one.end) == (date(2026, 5, 1), date(2026, 6, 30))
    assert said.startswith("全部單位")


def test_the_following_years_report_is_moved_within_its_own_cycle(city: City, admin: Place) -> None:
    admin.says("調整 成果報告 1/20 原因：提前彙整")

    (one,) = moved(city)
    assert (one.year, one.end) == (115, date(2027, 1, 20))


def test_the_units_chat_sees_what_was_moved(city: City, admin: Place, new_group: Place) -> None:
    new_group.bind(OFFICE)
    admin.says("調整 工作計畫 3月20日 三民二所 原因：配合評核")
    (said,) = new_group.says("小幫手 期限")

    assert "＊提出提升服務工作計畫" in said
    assert "配合評核" in said


def test_it_can_be_taken_back(city: City, admin: Place) -> None:
    admin.says("調整 工作計畫 3月20日 三民二所 原因：配合評核")
    (said,) = press(admin, "改回原期限")

    assert "已改回原期限" in said
    assert "115年1月1日至1月30日（五）" in said
    assert [one.end for one in moved(city)] == [date(2026, 3, 20), None]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("調整", "請像這樣傳"),
        ("調整 工作計畫 2月30日 原因：評核", "沒有「2月30日」這一天"),
        ("調整 工作計畫 13月 原因：評核", "沒有「13月」這一天"),
        ("調整 工作計畫 3月20日至3月1日 原因：評核", "早於開始日"),
        ("調整 工作計畫 3月20日 三民區第2衛生 原因：評核", f"、{OFFICE}、"),
        ("調整 工作計畫 3月20日 三民二所", "請寫出原因"),
        ("調整 工作計畫 三民二所 原因：評核", "沒有看到日期"),
        ("調整 電話測試 3月20日 原因：評核", "・5 本府電話服務品質"),
        ("調整 下午茶 3月20日 原因：評核", "・10 "),
        ("調整 函送行政院 3月20日 三民二所 原因：評核", f"{OFFICE}沒有"),
    ],
)
def test_what_cannot_be_gets_a_sentence_and_changes_nothing(
    city: City, admin: Place, typed: str, said: str
) -> None:
    (answer,) = admin.says(typed)

    assert said in answer
    assert "沒有變更" in answer
    assert moved(city) == ()


@pytest.mark.parametrize("typed", ["調整 工作計畫 3月20日 原因：評核", "停班 7月10日 颱風"])
def test_who_is_no_administrator_changes_nothing_and_leaves_a_trace(
    city: City, group: Place, typed: str
) -> None:
    assert group.says(f"小幫手 {typed}") == [phrases.ADMINS_ONLY]

    assert moved(city) == ()
    with city.app.database.begin() as db:
        (entry,) = db.scalars(select(AuditEntry).where(AuditEntry.what == "refused"))
        assert entry.who == audit.who(group.person.id)
        assert adjustments.day_overrides(db) == ()


def test_an_administrators_button_does_nothing_for_others(
    city: City, admin: Place, group: Place
) -> None:
    city.make_admin(group.person)
    other = next(one for one in city.line.members(group.chat.id) if one != group.person)
    group.says("小幫手 調整 工作計畫 3月20日 三民二所 原因：配合評核")

    assert press(group.seen_by(other), "改回原期限") == [phrases.ADMINS_ONLY]
    assert len(moved(city)) == 1


def test_a_question_that_begins_like_it_is_a_question(group: Place) -> None:
    (said,) = group.says("小幫手 調整作業時程可以嗎？")[:1]

    assert said != phrases.ADMINS_ONLY


# 停班


def test_a_day_is_declared_off_and_opened_again(city: City, admin: Place) -> None:
    (said,) = admin.says("停班 7月10日 原因：颱風")
    assert said.startswith("115年7月10日（五）停班")
    with city.app.database.begin() as db:
        (one,) = adjustments.day_overrides(db)
    assert (one.day, one.works, one.reason) == (date(2026, 7, 10), False, "颱風")

    (said,) = press(admin, "恢復上班")
    assert "已恢復原來的辦公日曆" in said
    with city.app.database.begin() as db:
        assert [one.works for one in adjustments.day_overrides(db)] == [False, None]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("停班", "請像這樣傳"),
        ("停班 7月32日 颱風", "沒有「7月32日」這一天"),
        ("停班 7月10日", "請寫出原因"),
        ("停班 7月11日 颱風", "本來就不上班"),
        ("停班 150年7月10日 颱風", "辦公日曆還沒有150年"),
    ],
)
def test_a_day_off_that_cannot_be_gets_a_sentence(
    city: City, admin: Place, typed: str, said: str
) -> None:
    (answer,) = admin.says(typed)

    assert said in answer
    with city.app.database.begin() as db:
        assert adjustments.day_overrides(db) == ()


# 預告, 催辦, 提醒紀錄


@pytest.fixture
def late(city: City, group: Place) -> Place:
    """企劃室's group on 4 March: its agency's plan of February is late."""
    city.clock.now = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
    return group


def test_the_forecast_says_what_will_be_sent_and_what_it_costs(
    admin: Place, new_group: Place
) -> None:
    new_group.bind(OFFICE)
    (said,) = admin.says("預告")

    assert said.startswith("全部單位未來 14 天的提醒")
    assert OFFICE in said
    assert "預計用掉" in said
    assert "算法：個人 1 則，群組每人 1 則；1 個群組人數未知，先以 20 人計。" in said
    assert "測試、研習、查訪沒有要交的東西，到期不提醒、不催辦。" in said


def test_the_forecast_guesses_nothing_of_groups_whose_size_is_known(
    admin: Place, new_group: Place
) -> None:
    new_group.bind(OFFICE)
    with admin.city.app.database.begin() as db:
        reminders.keep_sizes(db, {new_group.chat.id: 2}, admin.city.clock.now)
    (said,) = admin.says("預告")

    assert "算法：個人 1 則，群組每人 1 則。" in said


def test_the_forecast_of_one_unit_leaves_the_others_out(
    admin: Place, new_group: Place, group: Place
) -> None:
    new_group.bind(OFFICE)
    (said,) = admin.says("預告 三民二所")

    assert said.startswith(f"{OFFICE}未來 14 天的提醒")
    assert "衛生局：" not in said
    assert "找不到單位" in admin.says("預告 三民八所")[0]


def test_nothing_is_chased_before_the_price_was_seen_and_confirmed(
    late: Place, admin: Place
) -> None:
    with late.listening() as heard:
        (said,) = admin.says("催辦 執行計畫")
    assert "衛生局" in said
    assert "則 LINE 訊息" in said
    assert "先以 20 人計" in said
    assert heard == []

    with late.listening() as heard:
        (said,) = press(admin, "確認送出")
    assert said.startswith("已催辦 1 個聊天")
    assert heard[0].startswith("【催辦】衛生局：提出本局執行計畫")


def test_once_a_day_is_enough(late: Place, admin: Place) -> None:
    admin.says("催辦 執行計畫")
    card = admin.last_message()
    press(admin, "確認送出")
    action = {"type": "postback", "data": "do=chase&entry=s2&year=115&unit=&price=99"}
    with late.listening() as heard:
        admin.city.line.tap(admin.person.id, admin.chat.id, card.id, action)

    assert heard == []
    assert admin.city.line.said_to(admin.chat.id)[-1] == phrases.CHASED_TODAY


def test_nobody_is_chased_at_night(city: City, late: Place, admin: Place) -> None:
    admin.says("催辦 執行計畫")
    city.clock.now = datetime(2026, 3, 4, 13, 0, tzinfo=UTC)
    with late.listening() as heard:
        (said,) = press(admin, "確認送出")

    assert said == phrases.NOT_NOW
    assert heard == []


def test_what_is_done_is_not_chased_for(late: Place, admin: Place) -> None:
    admin.says("催辦 執行計畫")
    press(admin, "確認送出")
    (said,) = late.says("完成了", quote=late.last_message().id)
    assert said.startswith("已完成：提出本局執行計畫")

    assert admin.says("催辦 執行計畫") == [phrases.NOBODY_TO_CHASE]


def test_the_account_says_what_was_sent_and_what_was_answered(late: Place, admin: Place) -> None:
    assert admin.says("提醒紀錄") == ["全部單位的提醒紀錄：還沒有送出過提醒。"]
    admin.says("催辦 執行計畫")
    press(admin, "確認送出")
    assert "催辦，群組已送，未回應" in admin.says("提醒紀錄 衛生局")[0]
    late.says("完成了", quote=late.last_message().id)

    assert "催辦，群組已送，已完成（3月4日登記）" in admin.says("提醒紀錄")[0]


@pytest.mark.parametrize("word", ["預告", "催辦", "提醒紀錄"])
def test_these_words_are_for_administrators(city: City, group: Place, word: str) -> None:
    assert group.says(f"小幫手 {word}") == [phrases.ADMINS_ONLY]

    with city.app.database.begin() as db:
        assert db.scalar(select(AuditEntry.id).where(AuditEntry.what == "refused")) is not None


# 提醒設定


def test_quiet_hours_and_lead_days_are_set_for_one_unit_or_all(city: City, admin: Place) -> None:
    assert "安靜時段：依預設規則" in admin.says("提醒設定")[0]
    admin.says("提醒設定 安靜 18:00-08:30")
    (said,) = admin.says("提醒設定 提前 7、3、1 三民二所")

    assert said.startswith(f"{OFFICE}的提醒設定（已變更）")
    assert "安靜時段：18:00–08:30" in said
    assert "期限前 7、3、1 個上班日" in said
    with city.app.database.begin() as db:
        own = overrides.get(db, OFFICE)
        assert overrides.get(db, None).lead_days is None
    assert (own.lead_days, own.quiet) == ((7, 3, 1), Quiet(start=time(18), end=time(8, 30)))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("安靜 25:00-08:00", "沒有變更"),
        ("安靜 08:00-08:00", "沒有變更"),
        ("提前 99", "沒有變更"),
        ("提前 3 三民八所", "找不到單位"),
    ],
)
def test_settings_that_cannot_be_change_nothing(
    city: City, admin: Place, typed: str, said: str
) -> None:
    assert said in admin.says(f"提醒設定 {typed}")[0]

    with city.app.database.begin() as db:
        assert overrides.every(db) == {}


def test_settings_are_for_administrators(group: Place) -> None:
    assert group.says("小幫手 提醒設定 提前 3") == [phrases.ADMINS_ONLY]
