"""期限: what is due next, and what people answer to it."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from urllib.parse import parse_qs

import pytest

from bot import phrases
from bot.plans.deadlines import Adjustment
from bot.plans.model import RocYear
from bot.store import acknowledgements, adjustments, audit
from bot.store.acknowledgements import Ack, Acknowledgement
from tests.journeys.conftest import City, Place

OFFICE = "三民區第二衛生所"
LAST_REPORT = f"114:s10:{OFFICE}"
PLAN, REPORT, TEST = f"115:s2:{OFFICE}", f"115:s10:{OFFICE}", f"115:s5:{OFFICE}"


@pytest.fixture
def office(city: City, new_group: Place) -> Place:
    """三民二所's group on 5 January 2026."""
    city.clock.now = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
    new_group.bind(OFFICE)
    return new_group


def buttons(place: Place) -> list[dict[str, str]]:
    """The actions of every button of the last message, in order."""
    found: list[dict[str, str]] = []

    def look(part: object) -> None:
        if isinstance(part, dict):
            if "action" in part:
                found.append(part["action"])
            for value in part.values():
                look(value)
        elif isinstance(part, list):
            for value in part:
                look(value)

    look(place.last_message().content["contents"])
    return found


def tap(place: Place, do: str, deadline: str) -> list[str]:
    """The person taps the button; what the bot says."""
    wanted = [one for one in buttons(place) if f"do={do}&" in one.get("data", "")]
    action = next(one for one in wanted if parse_qs(one["data"])["id"] == [deadline])
    with place.listening() as heard:
        place.city.line.tap(place.person.id, place.chat.id, place.last_message().id, action)
    return heard


def answer_of(place: Place, deadline: str) -> Acknowledgement | None:
    """What is kept of a deadline's answers."""
    unit = deadline.rpartition(":")[2]
    with place.city.app.database.begin() as db:
        return acknowledgements.state_of(db, unit, [deadline]).get(deadline)


def done(place: Place, deadline: str) -> None:
    """The unit has done it, without anybody talking about it."""
    unit = deadline.rpartition(":")[2]
    with place.city.app.database.begin() as db:
        acknowledgements.record(
            db, deadline=deadline, unit=unit, what=Ack.DONE, by=None, chat=None,
            now=place.city.clock.now,
        )  # fmt: skip


def move(city: City, entry: str, end: date, *, reason: str = "配合評核") -> None:
    """An administrator moves a deadline of 115 for all."""
    with city.app.database.begin() as db:
        adjustments.record(
            db,
            Adjustment(
                entry=entry, unit=None, year=RocYear(115), start=None, end=end,
                reason=reason, by=audit.COMMAND_LINE, at=city.clock.now,
            ),
        )  # fmt: skip


def test_a_bound_group_sees_its_own_deadline_with_the_general_rule(office: Place) -> None:
    (said,) = office.says("小幫手 期限")

    assert said.startswith(f"{OFFICE}的期限")
    assert "115年1月1日至1月30日（五） 提出提升服務工作計畫" in said
    assert "還有 25 天（三民區第二衛生所115年度工作計畫" in said
    assert "一般規定：115年3月1日至3月31日（二）（衛生局112年度執行計畫" in said


@pytest.mark.parametrize("words", ["期限", "我們的期限", "我的期限", "期限？", "　期限　"])
def test_several_words_bring_the_deadlines(office: Place, words: str) -> None:
    (said,) = office.says(f"小幫手 {words}")

    assert said.startswith(f"{OFFICE}的期限")


def test_a_deadline_has_buttons_and_its_clause_opens(office: Place) -> None:
    office.says("小幫手 期限")
    labels = [one["label"] for one in buttons(office)]
    assert labels.count("看規定") == labels.count("提醒我")
    assert "完成了" in labels

    clause = next(one for one in buttons(office) if one["label"] == "看規定")
    with office.listening() as heard:
        office.city.line.tap(office.person.id, office.chat.id, office.last_message().id, clause)
    assert "出處：" in heard[0]


def test_a_section_has_its_agencys_deadlines(group: Place) -> None:
    (said,) = group.says("小幫手 期限")

    assert said.startswith("企劃室的期限")
    assert "科室的期限與衛生局相同" in said


def test_what_an_administrator_moved_is_marked_with_the_reason(city: City, group: Place) -> None:
    move(city, "s10", date(2027, 2, 26))
    (said,) = group.says("小幫手 期限")

    assert "＊提出提升服務成果報告" in said
    assert "原為116年1月1日至1月31日（日）；配合評核" in said


def test_what_rests_on_an_estimated_calendar_says_so(city: City, group: Place) -> None:
    city.clock.now = datetime(2027, 12, 1, 2, 0, tzinfo=UTC)
    (said,) = group.says("小幫手 期限")

    assert "【推定】117年" in said


def test_an_unbound_chat_is_told_how_to_bind_and_sees_the_citys_dates(new_group: Place) -> None:
    how, dates = new_group.says("小幫手 期限")

    assert "小幫手 綁定" in how
    assert "市府" in how
    assert "電話服務品質及禮貌測試" in dates


def test_done_by_button_is_kept_with_who_did_it_and_can_be_taken_back(office: Place) -> None:
    office.says("小幫手 期限")
    (said,) = tap(office, "done", PLAN)
    assert said.startswith("已完成：提出提升服務工作計畫")
    kept = answer_of(office, PLAN)
    assert kept is not None
    assert (kept.what, kept.by) == (Ack.DONE, audit.who(office.person.id))

    (said,) = tap(office, "undo", PLAN)
    assert said.startswith("已復原：")
    with office.city.app.database.begin() as db:
        rows = acknowledgements.history(db, OFFICE, PLAN)
    assert [row.what for row in rows] == [Ack.DONE, Ack.OPEN]


def test_undoing_twice_changes_nothing(office: Place) -> None:
    office.says("小幫手 期限")
    tap(office, "done", PLAN)
    assert tap(office, "undo", PLAN)[0].startswith("已復原")
    (said,) = office.says("復原", quote=office.last_message().id)

    assert said == "這一項目前沒有登記完成，不用復原。"


def test_done_is_shown_in_the_list_and_goes_to_its_end(office: Place) -> None:
    office.says("小幫手 期限")
    tap(office, "done", PLAN)
    (said,) = office.says("小幫手 期限")

    lines = said.splitlines()
    assert "工作計畫" not in lines[1]
    assert office.says("小幫手 完成了")[0].count("工作計畫") == 0


def test_words_that_quote_a_card_answer_it(office: Place) -> None:
    office.says("小幫手 期限")
    tap(office, "done", PLAN)
    tap(office, "undo", PLAN)
    (said,) = office.says("完成了", quote=office.last_message().id)

    assert said.startswith("已完成：")
    kept = answer_of(office, PLAN)
    assert kept is not None
    assert kept.what is Ack.DONE


def test_of_several_quoted_it_asks_which(office: Place) -> None:
    office.says("小幫手 期限")
    (said,) = office.says("已經完成了", quote=office.last_message().id)
    assert said.startswith("哪一項完成了？")

    (said,) = tap(office, "done", PLAN)
    assert said.startswith("已完成：")


def test_a_bare_done_asks_which_of_those_that_are_owed_and_near(office: Place) -> None:
    (said,) = office.says("小幫手 完成了")

    assert said.startswith("哪一項完成了？")
    assert "工作計畫" in said
    assert "測試" not in said


def test_a_bare_done_leaves_out_what_is_months_away(city: City, office: Place) -> None:
    city.clock.now = datetime(2026, 5, 4, 2, 0, tzinfo=UTC)
    for deadline in (PLAN, LAST_REPORT):
        done(office, deadline)
    (said,) = office.says("小幫手 完成了")

    assert [one["label"] for one in buttons(office)] == ["本府推薦參獎機關評選暨輔導"]
    done(office, f"115:s4:{OFFICE}")
    (said,) = office.says("小幫手 完成了")
    assert said.startswith("沒有逾期或 30 天內到期")


def test_a_bare_done_takes_the_only_thing_the_chat_was_just_reminded_of(
    city: City, office: Place
) -> None:
    done(office, LAST_REPORT)
    city.clock.now = datetime(2026, 1, 21, 2, 0, tzinfo=UTC)
    with office.listening():
        city.app.reminding.tick(city.clock.now)
    (said,) = office.says("小幫手 完成了")

    assert said.startswith("已完成：提出提升服務工作計畫")
    assert [one["label"] for one in buttons(office)] == ["復原"]
    assert tap(office, "undo", PLAN)[0].startswith("已復原")


def test_a_bare_done_asks_when_the_reminder_was_long_ago(city: City, office: Place) -> None:
    done(office, LAST_REPORT)
    (said,) = office.says("小幫手 完成了")

    assert said.startswith("哪一項完成了？")
    assert answer_of(office, PLAN) is None


def test_of_a_quoted_list_done_means_what_is_owed_and_near(city: City, office: Place) -> None:
    done(office, LAST_REPORT)
    office.says("小幫手 期限")
    (said,) = office.says("完成了", quote=office.last_message().id)

    assert said.startswith("已完成：提出提升服務工作計畫")


def test_the_cards_are_those_of_the_list_and_each_is_one_short_line(office: Place) -> None:
    (said,) = office.says("小幫手 期限")
    first, *cards = office.last_message().content["contents"]["contents"]
    rows = next(part for part in first["body"]["contents"] if part.get("contents"))["contents"]

    listed = [line for line in said.splitlines() if re.match(r"\d{3}年", line)]
    assert len(rows) == len(cards) == len(listed)
    for row in rows:
        day, title = (part["text"] for part in row["contents"])
        assert len(day) <= 6
        assert len(title) <= 13


def test_a_period_is_told_from_a_deadline(office: Place) -> None:
    (said,) = office.says("小幫手 期限")
    first, *cards = office.last_message().content["contents"]["contents"]
    words = json.dumps(cards, ensure_ascii=False)

    assert phrases.PERIODS_ARE_NOT_CHASED in said
    assert '"至11/30"' in json.dumps(first, ensure_ascii=False)
    assert "這是進行期間，只在開始時提醒，到期不催辦。" in words


def test_a_test_that_takes_place_can_be_seen_but_not_done(office: Place) -> None:
    office.says("小幫手 期限")
    (said,) = tap(office, "seen", TEST)

    assert said.startswith("知道了：")
    kept = answer_of(office, TEST)
    assert kept is not None
    assert kept.what is Ack.SEEN


def test_it_offers_working_days_to_remind_on_and_keeps_the_one_that_is_tapped(
    office: Place,
) -> None:
    office.says("小幫手 期限")
    (said,) = tap(office, "remind", PLAN)
    assert "1月6日（二）" in said
    (said,) = tap(office, "snooze", PLAN)

    assert "1月6日（二）再提醒" in said
    kept = answer_of(office, PLAN)
    assert kept is not None
    assert (kept.what, kept.until) == (Ack.SNOOZED, date(2026, 1, 6))


@pytest.mark.parametrize(
    ("words", "until"),
    [
        ("3天後再提醒我", date(2026, 1, 8)),
        ("明天提醒我", date(2026, 1, 6)),
        ("提醒我 1月20日", date(2026, 1, 20)),
        ("提醒我１／２０", date(2026, 1, 20)),
        ("一月二十日再提醒", date(2026, 1, 20)),
    ],
)
def test_a_day_to_remind_on_may_be_typed(office: Place, words: str, until: date) -> None:
    office.says("小幫手 期限")
    tap(office, "remind", PLAN)
    office.says(words, quote=office.last_message().id)

    kept = answer_of(office, PLAN)
    assert kept is not None
    assert kept.until == until


@pytest.mark.parametrize("words", ["提醒我 1月1日", "提醒我 12月31日", "提醒我 60天後"])
def test_a_day_that_is_past_or_too_late_is_refused(office: Place, words: str) -> None:
    office.says("小幫手 期限")
    tap(office, "remind", PLAN)
    (said,) = office.says(words, quote=office.last_message().id)

    assert said.startswith("這個日子不行")
    assert answer_of(office, PLAN) is None


def test_another_units_deadline_cannot_be_answered_here(
    city: City, office: Place, group: Place
) -> None:
    office.says("小幫手 期限")
    action = next(one for one in buttons(office) if one["label"] == "完成了")
    group.says("小幫手 期限")
    with group.listening() as heard:
        city.line.tap(group.person.id, group.chat.id, group.last_message().id, action)

    assert heard == ["這一項不是這個聊天綁定的單位的期限，沒有變更。"]
    assert answer_of(office, PLAN) is None


def test_what_is_late_comes_first(city: City, office: Place) -> None:
    city.clock.now = datetime(2026, 2, 4, 2, 0, tzinfo=UTC)
    (said,) = office.says("小幫手 期限")

    assert "已過 5 天" in said.splitlines()[1]


def test_two_in_a_group_are_told_apart_in_what_is_kept(office: Place, city: City) -> None:
    other = next(one for one in city.line.members(office.chat.id) if one != office.person)
    office.says("小幫手 期限")
    tap(office.seen_by(other), "done", PLAN)

    kept = answer_of(office, PLAN)
    assert kept is not None
    assert kept.by == audit.who(other.id)


def test_somebody_elses_talk_about_deadlines_stays_unanswered(office: Place) -> None:
    assert office.says("完成了") == []
    assert office.says("期限") == []


def test_a_reminder_that_is_quoted_with_done_is_not_repeated(city: City, office: Place) -> None:
    city.clock.now = datetime(2026, 1, 30, 2, 0, tzinfo=UTC)
    with office.listening() as heard:
        city.app.reminding.tick(city.clock.now)
    assert "工作計畫" in heard[-1]
    (said,) = office.says("完成了", quote=office.last_message().id)
    if said.startswith("哪一項"):
        (said,) = tap(office, "done", PLAN)
    assert said.startswith("已完成：提出提升服務工作計畫")

    city.clock.now = datetime(2026, 2, 2, 2, 0, tzinfo=UTC)
    with office.listening() as heard:
        city.app.reminding.tick(city.clock.now)
    assert "工作計畫" not in "".join(heard)
