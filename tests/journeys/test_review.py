"""核閱: a superior accepts or returns reports, where the agency has turned it on."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from bot.line.stand_in import Person
from bot.plans.model import RocYear
from bot.plans.progress import ProgressStatus, Verdict, items_of, standing
from bot.store import progress
from bot.store.progress import Content, Origin
from tests.journeys.conftest import City, Place

OFFICE = "三民區第二衛生所"


@pytest.fixture
def office(city: City, ling: Person) -> Place:
    city.clock.now = datetime(2026, 9, 1, 2, tzinfo=UTC)
    place = city.group("三民二所", ling)
    place.bind(OFFICE)
    return place


@pytest.fixture
def bureau(city: City, ming: Person) -> Place:
    """衛生局's group, which is above the office."""
    place = city.group("衛生局", ming)
    place.bind("衛生局")
    return place


@pytest.fixture
def turned_on(city: City, alone: Place) -> Place:
    """An administrator has turned reviews on for 衛生局."""
    city.make_admin(alone.person)
    alone.says("核閱 開啟 衛生局")
    return alone


def verdict(place: Place) -> tuple[Verdict, str] | None:
    with place.city.app.database.begin() as db:
        (report,) = standing(progress.record_of(db, OFFICE, RocYear(115)))
    return (report.review.verdict, report.review.remark) if report.review else None


def test_without_being_turned_on_there_is_nothing_to_review(office: Place, bureau: Place) -> None:
    office.says("小幫手 回報 一(一)1.(1) 已完成")

    (said,) = bureau.says("小幫手 待核閱")
    assert "沒有開啟核閱" in said


def test_the_agency_accepts_what_waits(turned_on: Place, office: Place, bureau: Place) -> None:
    office.says("小幫手 回報 一(一)1.(1) 已完成 公告12項流程")

    (said,) = bureau.says("小幫手 待核閱")
    assert "公告12項流程" in said
    (said,) = bureau.tap("核閱")

    assert said == "已核閱 #1。沒有其他等著核閱的了。"
    assert verdict(office) == (Verdict.ACCEPTED, "")
    assert bureau.says("小幫手 待核閱") == ["沒有等著核閱的回報。"]


def test_a_report_is_returned_with_a_remark_and_the_unit_sees_it(
    turned_on: Place, office: Place, bureau: Place
) -> None:
    office.says("小幫手 回報 一(一)1.(1) 已完成")
    bureau.says("小幫手 待核閱")
    bureau.tap("退回")
    (said,) = bureau.says("請補公告的日期")
    assert "退回 #1：『請補公告的日期』？" in said
    assert verdict(office) is None
    (said,) = bureau.tap("確定退回")

    assert "請補公告的日期" in said
    assert verdict(office) == (Verdict.RETURNED, "請補公告的日期")
    (said,) = office.says("小幫手 進度")
    assert "#1 被退回：請補公告的日期" in said


def test_the_unit_corrects_what_was_returned_from_its_progress(
    turned_on: Place, office: Place, bureau: Place
) -> None:
    office.says("小幫手 回報 一(一)1.(1) 已完成")
    bureau.says("小幫手 退回 #1 請補公告的日期")
    office.says("小幫手 進度")
    office.tap("更正 #1")
    office.city.clock.goes_on(minutes=1)
    office.says("已完成 5月2日公告")

    (said,) = office.says("小幫手 進度")
    assert "被退回" not in said
    assert "5月2日" in bureau.says("小幫手 待核閱")[0]


def test_the_unit_is_told_at_once_for_the_price_that_was_shown(
    turned_on: Place, office: Place, bureau: Place
) -> None:
    office.says("小幫手 回報 一(一)1.(1) 已完成")
    bureau.says("小幫手 待核閱")
    bureau.tap("退回")
    bureau.says("請補公告的日期")
    bureau.tap("確定退回")
    with office.listening() as heard:
        bureau.tap(0)

    assert "請補公告的日期" in heard[0]


def test_a_corrected_report_waits_again(turned_on: Place, office: Place, bureau: Place) -> None:
    office.says("小幫手 回報 一(一)1.(1) 50%")
    bureau.says("小幫手 待核閱")
    bureau.tap("核閱")
    office.city.clock.now = datetime(2026, 9, 2, 2, tzinfo=UTC)
    office.says("小幫手 更正 80%")

    (said,) = bureau.says("小幫手 待核閱")
    assert "80%" in said


def test_a_unit_cannot_accept_its_own(turned_on: Place, office: Place, bureau: Place) -> None:
    office.says("小幫手 回報 一(一)1.(1) 已完成")

    (said,) = office.says("小幫手 待核閱")
    assert "衛生局已開啟核閱，由衛生局的群組或管理者核閱" in said
    assert said == office.says("小幫手 核閱 #1")[0] == office.says("小幫手 退回 #1 不行")[0]
    assert verdict(office) is None


def test_only_administrators_turn_it_on(office: Place) -> None:
    (said,) = office.says("小幫手 核閱 開啟 衛生局")

    assert "管理者" in said


@pytest.mark.parametrize("said", ["小幫手 核閱 #2", "小幫手 進度", "小幫手 回報 一(一)1.(1) 50%"])
def test_a_command_is_no_remark(turned_on: Place, office: Place, bureau: Place, said: str) -> None:
    office.says("小幫手 回報 一(一)1.(1) 已完成")
    bureau.says("小幫手 待核閱")
    bureau.tap("退回")
    (answer,) = bureau.says(said)

    assert "退回 #1：" not in answer
    assert "退回 #1：『請補日期』？" in bureau.says("請補日期")[0]
    assert verdict(office) is None


@pytest.mark.parametrize("remark", ["請補照片", "進度寫錯了，請更正", "期限要寫"])
def test_words_that_others_would_take_are_the_remark(
    turned_on: Place, office: Place, bureau: Place, remark: str
) -> None:
    office.says("小幫手 回報 一(一)1.(1) 已完成")
    bureau.says("小幫手 待核閱")
    bureau.tap("退回")
    bureau.says(remark)
    bureau.says("確定")

    assert verdict(office) == (Verdict.RETURNED, remark)


def test_words_for_a_colleague_do_not_return_it(
    turned_on: Place, office: Place, bureau: Place
) -> None:
    office.says("小幫手 回報 一(一)1.(1) 已完成")
    bureau.says("小幫手 待核閱")
    bureau.tap("退回")
    (said,) = bureau.says("好，我看一下")
    assert "退回 #1：『好，我看一下』？" in said
    assert bureau.tap("取消") == ["好的，沒有退回。"]

    assert bureau.says("要補日期") == []
    assert verdict(office) is None


def test_what_is_said_too_late_is_no_remark(turned_on: Place, office: Place, bureau: Place) -> None:
    office.says("小幫手 回報 一(一)1.(1) 已完成")
    bureau.says("小幫手 待核閱")
    bureau.tap("退回")
    bureau.city.clock.goes_on(minutes=6)

    assert bureau.says("請補日期") == []


def test_a_slip_is_undone(turned_on: Place, office: Place, bureau: Place) -> None:
    office.says("小幫手 回報 一(一)1.(1) 已完成")
    bureau.says("小幫手 核閱 #1")
    bureau.says("小幫手 退回 #1 請補日期")
    assert bureau.tap("收回退回") == ["已收回退回：#1。"]
    assert verdict(office) == (Verdict.ACCEPTED, "")

    assert bureau.says("小幫手 收回核閱 #1") == ["已收回核閱：#1。"]
    assert verdict(office) is None
    assert "沒有可以收回的" in bureau.says("小幫手 收回退回 #1")[0]
    with office.city.app.database.begin() as db:
        said = [one.verdict for one in progress.reviews_of(db, 1)]
    assert said == [Verdict.ACCEPTED, Verdict.RETURNED, Verdict.TAKEN_BACK, Verdict.TAKEN_BACK]


def test_a_number_that_is_none_changes_nothing(
    turned_on: Place, office: Place, bureau: Place
) -> None:
    assert "沒有這個號碼" in bureau.says("小幫手 核閱 #99")[0]
    assert "請加上回報的號碼" in bureau.says("小幫手 退回")[0]
    assert "請加上回報的號碼" in bureau.says("小幫手 收回退回")[0]


def test_of_an_item_only_its_latest_report_waits(
    turned_on: Place, office: Place, bureau: Place
) -> None:
    office.says("小幫手 回報 一(一)1.(1) 30%")
    office.says("小幫手 回報 一(一)1.(1) 60%")

    (said,) = bureau.says("小幫手 待核閱")
    assert "等著核閱的回報：1 筆" in said
    assert "#1" not in said
    assert "60%" in said


def test_what_waits_stands_once_and_goes_on_overleaf(
    turned_on: Place, office: Place, bureau: Place
) -> None:
    with office.city.app.database.begin() as db:
        for part, item in enumerate(items(office)[:11]):
            made(db, office, item, part)
    (said,) = bureau.says("小幫手 待核閱")
    assert "等著核閱的回報：11 筆" in said
    assert [said.count(f"#{one}") for one in (2, 8, 9, 11)] == [1, 1, 1, 1]
    (more,) = bureau.tap("看後面的")
    assert "#9" in more
    assert "#8" not in more

    bureau.says("小幫手 待核閱")
    (said,) = bureau.tap("全部核閱")
    assert said.startswith("已核閱 8 筆：#1、#2")
    assert said.endswith("還有 3 筆等著核閱。")


def items(place: Place) -> list[str]:
    """The items of the office."""
    sources = place.city.app.sources
    unit = sources.corpus.units.get(OFFICE)
    assert unit is not None
    return [one.id for one in items_of(sources.corpus, sources.schedules, unit, RocYear(115))]


def made(db: Session, place: Place, item: str, part: int) -> None:
    """A report of the office on an item."""
    origin = Origin(
        person=place.person.id,
        chat=place.chat,
        message_id=None,
        event_id=f"made-{part}",
        at=place.city.clock.now,
    )
    content = Content(status=ProgressStatus.DONE, percent=100)
    progress.report(db, unit=OFFICE, year=RocYear(115), item=item, content=content, origin=origin)


def test_an_unbound_chat_is_told_so(new_group: Place) -> None:
    assert new_group.says("小幫手 待核閱")[0].startswith(
        "這個聊天還沒有綁定單位，看不到待核閱的回報。"
    )
