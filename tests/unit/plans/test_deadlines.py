"""The cycle engine: 附件1, the plans' own dates, who is concerned, which plan speaks, moves."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import DataError, UsageError
from bot.plans import corpus, roc, schedule_data
from bot.plans.corpus import Units
from bot.plans.deadlines import (
    Adjustment,
    Cycle,
    Deadline,
    DeadlineKind,
    Duty,
    Period,
    Schedules,
    cycles_near,
    deadline_of,
    deadlines_of,
    duty_bearer,
    on_or_after,
    running_cycles,
    upcoming,
)
from bot.plans.model import RocYear, Unit, UnitLevel
from bot.settings import packaged_data

CORPUS = corpus.load(packaged_data())
SCHEDULES = schedule_data.load(packaged_data(), CORPUS)
MOMENT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)

RDEC, CITY = "研考會", "高雄市政府"
BUREAU, OTHER_BUREAU, POLICE = "衛生局", "社會局", "警察局"
DISTRICT, NATIVE_DISTRICTS = "三民區公所", ("茂林區公所", "桃源區公所", "那瑪夏區公所")
OFFICE, SANMIN_2, CENTRE = "三民區第一衛生所", "三民區第二衛生所", "長青綜合服務中心"
ONE_OF_EACH = (RDEC, BUREAU, OTHER_BUREAU, DISTRICT, *NATIVE_DISTRICTS, OFFICE, SANMIN_2, CENTRE)
AGENCIES = tuple(name for name in ONE_OF_EACH if name != RDEC)


def unit(name: str) -> Unit:
    found = CORPUS.units.get(name)
    assert found is not None, name
    return found


def cycle(name: str, year: int = 115, *moves: Adjustment) -> dict[str, Deadline]:
    found = deadlines_of(SCHEDULES, unit(name), RocYear(year), moves)
    return {one.entry: one for one in found}


def dates(deadline: Deadline) -> tuple[str, str]:
    return deadline.start.isoformat(), deadline.end.isoformat()


# DOMAIN's table: 附件1 and the other deadlines


APPENDIX = [
    # entry, start and end in 115, whom it concerns; 002 附件1
    pytest.param("s1", "2026-01-01", "2026-02-28", (RDEC,), id="002-附件1-1-修訂及函頒實施計畫"),
    pytest.param("s2", "2026-02-01", "2026-03-31", (OTHER_BUREAU, DISTRICT, *NATIVE_DISTRICTS, CENTRE), id="002-附件1-2-修定執行計畫及工作計畫"),
    pytest.param("s3", "2026-02-01", "2026-02-28", AGENCIES, id="002-附件1-3-參獎申請書"),
    pytest.param("s4", "2026-03-01", "2026-05-31", ONE_OF_EACH, id="002-附件1-4-評選暨輔導"),
    pytest.param("s5", "2026-01-01", "2026-06-30", ONE_OF_EACH, id="002-附件1-5-電話禮貌第1次"),
    pytest.param("s6", "2026-05-01", "2026-05-31", (RDEC,), id="002-附件1-6-函送行政院參獎"),
    pytest.param("s7", "2026-04-01", "2026-08-31", ONE_OF_EACH, id="002-附件1-7-研習"),
    pytest.param("s8", "2026-07-01", "2026-12-31", ONE_OF_EACH, id="002-附件1-8-電話禮貌第2次"),
    pytest.param("s9", "2026-09-01", "2026-11-30", ONE_OF_EACH, id="002-附件1-9-不定期查訪"),
    pytest.param("s10", "2027-01-01", "2027-01-31", AGENCIES, id="002-附件1-10-年度執行成果"),
]  # fmt: skip


@pytest.mark.parametrize(("entry", "start", "end", "concerned"), APPENDIX)
def test_each_item_of_the_appendix_has_its_period_and_its_units(
    entry: str, start: str, end: str, concerned: tuple[str, ...]
) -> None:
    for name in concerned:
        assert dates(cycle(name)[entry]) == (start, end), name
    if entry != "s2":  # the bureau and its offices have stricter dates of their own
        others = set(ONE_OF_EACH) - set(concerned)
        assert [name for name in others if entry in cycle(name)] == []


OWN_DATES = [
    # unit, cycle, entry, start, end, the clause that says so
    pytest.param(BUREAU, 111, "s2", "2022-03-01", "2022-03-10", "khh-doh-111:5.1", id="000-本局3月10日"),
    pytest.param(OFFICE, 111, "s2", "2022-03-01", "2022-03-17", "khh-doh-111:5.1", id="000-所屬3月17日"),
    pytest.param(SANMIN_2, 111, "s2", "2022-03-01", "2022-03-17", "khh-doh-111:5.1", id="000-所屬-三民二所"),
    pytest.param(BUREAU, 111, "s10", "2023-01-01", "2023-01-31", "khh-doh-111:5.3.1", id="000-成果次年1月"),
    pytest.param(OFFICE, 111, "s10", "2023-01-01", "2023-01-31", "khh-doh-111:5.3.1", id="000-成果-所屬"),
    pytest.param(BUREAU, 112, "s2", "2023-02-01", "2023-02-28", "khh-doh-112:5.1", id="003-本局2月"),
    pytest.param(BUREAU, 113, "s2", "2024-02-01", "2024-02-29", "khh-doh-112:5.1", id="003-本局2月-閏年"),
    pytest.param(BUREAU, 115, "s2", "2026-02-01", "2026-02-28", "khh-doh-112:5.1", id="003-本局2月-115"),
    pytest.param(OFFICE, 112, "s2", "2023-03-01", "2023-03-31", "khh-doh-112:5.1", id="003-所屬3月"),
    pytest.param(OFFICE, 115, "s2", "2026-03-01", "2026-03-31", "khh-doh-112:5.1", id="003-所屬3月-115"),
    pytest.param(BUREAU, 115, "s10", "2027-01-01", "2027-01-31", "khh-doh-112:5.3.1", id="003-成果次年1月"),
    pytest.param(OFFICE, 115, "s10", "2027-01-01", "2027-01-31", "khh-doh-112:5.3.1", id="003-成果-所屬"),
    pytest.param(SANMIN_2, 115, "s2", "2026-01-01", "2026-01-30", "khh-sanmin2-115:5.1", id="001-115年1月30日"),
    pytest.param(SANMIN_2, 115, "s10", "2027-01-01", "2027-01-31", "khh-sanmin2-115:5.3", id="001-116年1月"),
    pytest.param(SANMIN_2, 114, "s2", "2025-03-01", "2025-03-31", "khh-doh-112:5.1", id="001-不及114"),
    pytest.param(SANMIN_2, 116, "s2", "2027-03-01", "2027-03-31", "khh-doh-112:5.1", id="001-不及116"),
    pytest.param(CENTRE, 113, "s2", "2024-02-01", "2024-03-31", "khh-112:f1.2", id="004-沒有日期"),
    pytest.param(CENTRE, 113, "s10", "2025-01-01", "2025-01-31", "khh-112:f1.10", id="004-沒有日期-成果"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "year", "entry", "start", "end", "clause"), OWN_DATES)
def test_the_plans_own_dates_come_before_the_appendix(
    name: str, year: int, entry: str, start: str, end: str, clause: str
) -> None:
    found = cycle(name, year)[entry]

    assert dates(found) == (start, end)
    assert found.source.clause == clause


def test_before_the_citys_plan_was_in_force_only_the_bureau_has_deadlines() -> None:
    assert set(cycle(BUREAU, 111)) == {"s2", "s10"}
    assert cycle(OTHER_BUREAU, 111) == {}
    assert cycle(CITY, 111) == {}


def test_item_2_is_the_execution_plan_above_and_the_work_plan_below() -> None:
    assert "執行計畫" in cycle(OTHER_BUREAU)["s2"].title
    assert "執行計畫" in cycle(DISTRICT)["s2"].title
    assert "工作計畫" in cycle(CENTRE)["s2"].title
    assert "執行計畫" not in cycle(CENTRE)["s2"].title


@pytest.mark.parametrize("name", [one.name for one in CORPUS.units])
def test_every_unit_of_the_city_has_a_cycle(name: str) -> None:
    found = cycle(name)

    assert len(found) == {CITY: 10, RDEC: 7}.get(name, 8)
    starts = [one.start for one in found.values()]
    assert starts == sorted(starts)
    assert all(one.start <= one.end for one in found.values())


def test_the_citys_list_is_the_whole_appendix_as_printed_and_owes_nothing() -> None:
    found = cycle(CITY)

    assert set(found) == {f"s{n}" for n in range(1, 11)}
    for one in found.values():
        assert one.title in one.source.text
        assert one.duty is Duty.TAKES_PLACE


@pytest.mark.parametrize("name", NATIVE_DISTRICTS)
def test_the_three_native_districts_have_what_every_district_office_has(name: str) -> None:
    assert [(d.entry, dates(d), d.duty) for d in cycle(name).values()] == [
        (d.entry, dates(d), d.duty) for d in cycle(DISTRICT).values()
    ]


@pytest.mark.parametrize(
    ("section", "agency"), [("企劃室", BUREAU), ("一組", SANMIN_2), ("服務課", CENTRE)]
)
def test_a_section_has_its_agencys_deadlines(section: str, agency: str) -> None:
    assert cycle(section) == cycle(agency)
    assert duty_bearer(CORPUS.units, unit(section)).name == agency


def test_what_an_agency_need_not_do_is_not_owed() -> None:
    found = cycle(OTHER_BUREAU)

    assert {one.entry for one in found.values() if one.duty is Duty.OWED} == {"s2", "s10"}
    assert found["s3"].duty is Duty.IF_APPLICABLE
    assert found["s3"].for_whom == "報名參獎的機關"


def test_the_police_hand_no_plan_to_the_city() -> None:
    """002 捌、二: 本府警察局依其主管警政署規定提報「提升服務計畫」備查，本府免提報。"""
    found = cycle(POLICE)["s2"]

    assert found.duty is Duty.TAKES_PLACE
    assert found.source.path == "捌、二、"
    assert found.general is not None
    assert found.general.source.clause == "khh-112:f1.2"
    assert found.general.duty is Duty.OWED


def test_the_general_rules_stand_beside_the_stricter_one_up_to_the_citys() -> None:
    own = cycle(SANMIN_2)["s2"]

    assert own.general is not None
    assert (own.general.end, own.general.source.clause) == (date(2026, 3, 31), "khh-doh-112:5.1")
    assert own.general.general is not None
    assert own.general.general.source.clause == "khh-112:f1.2"
    assert own.general.general.general is None


def test_the_source_is_the_clause_word_for_word() -> None:
    source = cycle("三民二所")["s2"].source

    assert source.plan == "高雄市三民區第二衛生所115年度提升服務工作計畫"
    assert source.path == "伍、一、"
    assert source.text == CORPUS.nodes[source.clause].text
    assert "115年1月30日" in source.text


def test_every_period_stands_in_the_clause_that_it_comes_from() -> None:
    for schedule in SCHEDULES.all:
        for entry in schedule.entries:
            for concern in entry.concerns:
                if concern.units:  # the police: 捌、二 sets no date of its own
                    continue
                assert concern.period.words in concern.source.text, entry.id


def test_the_ids_are_stable_and_lead_back_to_the_deadline() -> None:
    found = cycle(SANMIN_2)["s2"]

    assert found.id == "115:s2:三民區第二衛生所"
    assert deadline_of(SCHEDULES, found.id) == found


@pytest.mark.parametrize(
    "wrong",
    ["", "115", "115:s2", "115:s2:", "115:s99:衛生局", "115:s2:無此單位", "x:s2:衛生局", "１１５:s2:衛生局",
     "115:s2:企劃室", "109:s2:衛生局", "99999999999:s2:衛生局"],
)  # fmt: skip
def test_an_id_of_nothing_leads_nowhere(wrong: str) -> None:
    assert deadline_of(SCHEDULES, wrong) is None


def test_the_same_thing_to_do_has_the_same_kind_in_every_plan() -> None:
    assert {cycle(name)["s2"].kind for name in AGENCIES} == {DeadlineKind.OWN_PLAN}
    assert {cycle(name)["s10"].kind for name in AGENCIES} == {DeadlineKind.RESULT_REPORT}
    tests = [d.entry for d in cycle(OFFICE).values() if d.kind is DeadlineKind.COURTESY_TEST]
    assert tests == ["s5", "s8"]


def test_units_of_a_level_share_what_is_the_same() -> None:
    year = Cycle(SCHEDULES, RocYear(115))

    one, other = year.of(unit("鼓山區衛生所")), year.of(unit("左營區衛生所"))

    assert [a.rule is b.rule for a, b in zip(one, other, strict=True)] == [True] * 8


# periods


@pytest.mark.parametrize(
    ("words", "start", "end"),
    [
        ("2月", "2026-02-01", "2026-02-28"),
        ("1月至2月", "2026-01-01", "2026-02-28"),
        ("9月至11月", "2026-09-01", "2026-11-30"),
        ("上半年", "2026-01-01", "2026-06-30"),
        ("下半年", "2026-07-01", "2026-12-31"),
        ("次年1月", "2027-01-01", "2027-01-31"),
        ("次年2月底前", "2027-02-01", "2027-02-28"),
        ("3月10日", "2026-03-01", "2026-03-10"),
        ("3月10日前", "2026-03-01", "2026-03-10"),
        ("3月底前", "2026-03-01", "2026-03-31"),
        ("9月5日至9月20日", "2026-09-05", "2026-09-20"),
        ("9月5日至10月", "2026-09-05", "2026-10-31"),
        ("12月31日", "2026-12-01", "2026-12-31"),
    ],
)
def test_a_printed_period_becomes_dates(words: str, start: str, end: str) -> None:
    first, last = Period.read(words).of(RocYear(115))

    assert (first.isoformat(), last.isoformat()) == (start, end)


@pytest.mark.parametrize(("year", "last"), [(112, 28), (113, 29), (117, 29), (189, 28)])
def test_february_ends_as_its_year_has_it(year: int, last: int) -> None:
    """117 is 2028; 189 is 2100, which is no leap year."""
    assert Period.read("2月").of(RocYear(year))[1].day == last


@pytest.mark.parametrize(
    "words", ["2月30日", "2月29日", "13月", "0月", "4月31日", "1月至13月", "3月0日"]
)
def test_a_day_that_never_or_not_always_comes_is_refused(words: str) -> None:
    with pytest.raises(ValueError, match="does not come every year"):
        Period.read(words)


@pytest.mark.parametrize(
    "words", ["", "三月", "3月前", "春天", "3月10日底", "2月至", "11月至次年1月", "2026年3月"]
)
def test_words_that_are_no_period_are_refused(words: str) -> None:
    with pytest.raises(ValueError, match="is no period"):
        Period.read(words)


@pytest.mark.parametrize("words", ["5月至3月", "3月20日至3月5日"])
def test_a_period_that_ends_before_it_starts_is_refused(words: str) -> None:
    with pytest.raises(ValueError, match="ends before it starts"):
        Period.read(words)


@given(st.integers(1, 12), st.integers(1, 12), st.integers(100, 199), st.booleans())
def test_months_are_whole(first: int, last: int, year: int, following: bool) -> None:
    if first > last:
        return
    words = f"{'次年' if following else ''}{first}月至{last}月"

    start, end = Period.read(words).of(RocYear(year))

    assert (start.day, start.month, end.month) == (1, first, last)
    assert (end + timedelta(days=1)).day == 1
    assert start.year == end.year == roc.to_western(year) + following


# the running cycle, and what is still to come


@pytest.mark.parametrize(
    ("day", "running", "near"),
    [
        (date(2026, 12, 31), (115,), (114, 115, 116)),
        (date(2027, 1, 1), (115, 116), (115, 116, 117)),
        (date(2027, 1, 31), (115, 116), (115, 116, 117)),
        (date(2027, 2, 1), (116,), (115, 116, 117)),
    ],
)
def test_in_january_the_closing_cycle_runs_beside_the_new_one(
    day: date, running: tuple[int, ...], near: tuple[int, ...]
) -> None:
    assert running_cycles(day) == running
    assert cycles_near(day) == near


def test_in_january_last_years_report_is_still_to_come() -> None:
    found = upcoming(SCHEDULES, unit(OFFICE), date(2027, 1, 20))

    assert [one.id.rpartition(":")[0] for one in found[:3]] == ["115:s10", "116:s3", "116:s2"]


def test_a_deadline_is_still_to_come_on_its_last_day() -> None:
    office = cycle(OFFICE).values()

    assert "s2" in {one.entry for one in on_or_after(office, date(2026, 3, 31))}
    assert "s2" not in {one.entry for one in on_or_after(office, date(2026, 4, 1))}


def test_what_is_to_come_has_the_nearest_end_first() -> None:
    ends = [one.end for one in upcoming(SCHEDULES, unit(SANMIN_2), date(2025, 12, 20))]

    assert ends == sorted(ends)
    assert ends[0] == date(2025, 12, 31)
    assert date(2026, 1, 30) in ends


def test_a_report_that_was_moved_into_march_is_to_come_in_february() -> None:
    late = move("s10", end=date(2027, 3, 15))

    found = upcoming(SCHEDULES, unit(OFFICE), date(2027, 2, 20), [late])

    assert "115:s10:三民區第一衛生所" in {one.id for one in found}


# adjustments (002 附件1: ※以上作業時程得視實際狀況予以調整)


def move(
    entry: str = "s2",
    name: str | None = None,
    *,
    start: date | None = None,
    end: date | None,
    year: int = 115,
    minutes: int = 0,
    reason: str = "配合評獎時程",
) -> Adjustment:
    at = MOMENT + timedelta(minutes=minutes)
    return Adjustment(
        entry=entry, unit=name, year=RocYear(year), start=start, end=end,
        reason=reason, by="admin", at=at,
    )  # fmt: skip


def test_a_move_for_all_moves_everybody_and_keeps_reason_and_old_dates() -> None:
    moved = move(start=date(2026, 2, 1), end=date(2026, 4, 15))

    for name in AGENCIES:
        found = cycle(name, 115, moved)["s2"]
        assert dates(found) == ("2026-02-01", "2026-04-15"), name
        assert (found.adjusted, found.reason) == (True, "配合評獎時程")
        assert found.moved_from == (cycle(name)["s2"].start, cycle(name)["s2"].end)


def test_a_move_for_one_unit_leaves_the_others_and_the_general_rule() -> None:
    moved = move(name=OFFICE, end=date(2026, 4, 10))

    found = cycle(OFFICE, 115, moved)["s2"]
    assert dates(found) == ("2026-03-01", "2026-04-10")
    assert found.general is not None
    assert found.general.end == date(2026, 3, 31)
    assert cycle(SANMIN_2, 115, moved) == cycle(SANMIN_2)
    assert not cycle("鼓山區衛生所", 115, moved)["s2"].adjusted


@pytest.mark.parametrize("first", ["all", "one"])
def test_a_move_for_one_unit_beats_one_for_all_whichever_came_first(first: str) -> None:
    for_all = move(end=date(2026, 4, 30), minutes=0 if first == "all" else 9)
    for_one = move(name=OFFICE, end=date(2026, 4, 10), minutes=5)

    assert cycle(OFFICE, 115, for_one, for_all)["s2"].end == date(2026, 4, 10)
    assert cycle(CENTRE, 115, for_one, for_all)["s2"].end == date(2026, 4, 30)


def test_the_latest_move_wins_in_whatever_order_they_are_given() -> None:
    early, late = move(end=date(2026, 4, 10)), move(end=date(2026, 4, 20), minutes=5)

    assert cycle(CENTRE, 115, late, early)["s2"].end == date(2026, 4, 20)
    assert cycle(CENTRE, 115, early, late)["s2"].end == date(2026, 4, 20)


def test_a_move_that_is_taken_back_leaves_what_was_there_without_it() -> None:
    for_all = move(end=date(2026, 4, 30))
    for_one, back = move(name=OFFICE, end=date(2026, 4, 10)), move(name=OFFICE, end=None, minutes=5)

    assert cycle(OFFICE, 115, for_one, back) == cycle(OFFICE)
    assert cycle(OFFICE, 115, for_all, for_one, back)["s2"].end == date(2026, 4, 30)


def test_old_dates_are_the_plans_own_even_after_two_moves() -> None:
    moves = (move(end=date(2026, 4, 30)), move(name=OFFICE, end=date(2026, 4, 10)))

    assert cycle(OFFICE, 115, *moves)["s2"].moved_from == (date(2026, 3, 1), date(2026, 3, 31))


def test_a_move_of_another_cycle_changes_nothing() -> None:
    assert cycle(OFFICE, 115, move(end=date(2027, 4, 10), year=116)) == cycle(OFFICE)


def test_a_move_of_an_entry_that_does_not_concern_the_unit_changes_nothing() -> None:
    assert cycle(OFFICE, 115, move("s1", end=date(2026, 3, 10))) == cycle(OFFICE)
    assert cycle(OFFICE, 115, move("s99", end=date(2026, 3, 10))) == cycle(OFFICE)


def test_a_move_for_a_section_is_one_for_its_agency() -> None:
    moved = move(name="企劃室", end=date(2026, 3, 5))

    assert cycle(BUREAU, 115, moved)["s2"].end == date(2026, 3, 5)
    assert cycle("秘書室", 115, moved)["s2"].end == date(2026, 3, 5)


def test_a_moved_deadline_takes_its_new_place_in_the_list() -> None:
    moved = move(name=OFFICE, start=date(2026, 10, 1), end=date(2026, 10, 31))

    assert list(cycle(OFFICE, 115, moved))[-2:] == ["s2", "s10"]


def test_an_end_that_is_moved_before_the_rules_start_takes_the_start_along() -> None:
    assert dates(cycle(OFFICE, 115, move(end=date(2026, 2, 10)))["s2"]) == (
        "2026-02-10",
        "2026-02-10",
    )


def test_an_end_before_the_start_is_refused() -> None:
    with pytest.raises(UsageError, match="end on 2026-03-01, before it starts on 2026-03-15"):
        move(start=date(2026, 3, 15), end=date(2026, 3, 1))


def test_a_start_without_an_end_is_refused() -> None:
    with pytest.raises(UsageError, match="needs an end"):
        move(start=date(2026, 3, 15), end=None)


def test_a_move_without_a_reason_is_refused() -> None:
    with pytest.raises(UsageError, match="reason"):
        move(end=date(2026, 3, 15), reason=" ")


def test_a_move_at_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        replace(move(end=date(2026, 3, 15)), at=datetime(2026, 3, 2))  # noqa: DTZ001


# growth: new units and new editions are data


def test_a_unit_that_is_added_has_the_deadlines_of_its_level_and_superior() -> None:
    new = Unit(name="新衛生所", full_name="新衛生所", level=UnitLevel.SUBORDINATE, parent=BUREAU)
    units = Units(all={**CORPUS.units.all, new.name: new})
    schedules = Schedules(all=SCHEDULES.all, units=units)

    found = deadlines_of(schedules, new, RocYear(115))

    assert [one.rule for one in found] == [one.rule for one in cycle(OFFICE).values()]
    assert {one.unit for one in found} == {"新衛生所"}


def test_a_newer_edition_takes_over_in_its_year() -> None:
    older = next(one for one in SCHEDULES.all if one.plan_id == "khh-doh-112")
    newer = replace(older, plan_id="khh-doh-117", year=RocYear(117), entries=())
    schedules = Schedules(all=(*SCHEDULES.all, newer), units=CORPUS.units)

    before, after = (deadlines_of(schedules, unit(OFFICE), RocYear(y)) for y in (116, 117))

    assert {one.source.clause for one in before if one.entry == "s2"} == {"khh-doh-112:5.1"}
    assert {one.source.clause for one in after if one.entry == "s2"} == {"khh-112:f1.2"}


def test_after_a_schedule_for_one_year_no_older_one_of_its_owner_comes_back() -> None:
    own = next(one for one in SCHEDULES.all if one.plan_id == "khh-sanmin2-115")
    older = replace(own, plan_id="khh-sanmin2-113", year=RocYear(113), only_that_year=False)
    schedules = Schedules(all=(older, *SCHEDULES.all), units=CORPUS.units)

    found = deadlines_of(schedules, unit(SANMIN_2), RocYear(116))

    assert next(one for one in found if one.entry == "s2").source.clause == "khh-doh-112:5.1"


# files


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder that a test may spoil."""
    shutil.copytree(packaged_data() / "work_schedules", tmp_path / "work_schedules")
    return tmp_path


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("plan: khh-doh-112", "plan: khh-doh-999", "there is no plan khh-doh-999"),
        ("plan: khh-doh-112", "plan: khh-doh-112\nonly: 115", "the plan is of 112"),
        ("clause: khh-doh-112:5.1\n", "clause: khh-doh-112:99\n", "has no clause khh-doh-112:99"),
        ("clause: khh-doh-112:5.1\n", "clause: khh-112:f1.2\n", "has no clause khh-112:f1.2"),
        ("id: s10", "id: s2", "stands twice"),
        ("kind: own_plan", "kind: training", "is a own_plan elsewhere"),
        ("period: 2月", "period: 2月30日", "does not come every year"),
        ("period: 2月", "period: 春天", "is no period"),
        ("period: 2月", "period: 112年2月", "printed with its year"),
        ("period: 2月, ", "", "give `period`"),
        ("levels: [agency], period", "units: [無此局], period", "there is no unit 無此局"),
        ("levels: [agency], period", "period", "either `levels` or `units`"),
        ("levels: [subordinate], period", "levels: [agency], period", "concerned twice"),
        ("levels: [agency], period", "levels: [agency], duty: if_applicable, period", "for_whom"),
        ("title: 提出本局執行計畫", "titel: 提出本局執行計畫", "titel"),
    ],
)
def test_a_wrong_schedule_is_refused_with_its_file(
    folder: Path, old: str, new: str, fault: str
) -> None:
    file = folder / "work_schedules" / "khh-doh-112.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(DataError, match=fault) as refused:
        schedule_data.load(folder, CORPUS)

    assert refused.value.file.name.startswith("khh-")
    assert refused.value.remedy


def test_a_city_wide_entry_needs_a_period_of_its_own(folder: Path) -> None:
    file = folder / "work_schedules" / "khh-112.yaml"
    text = file.read_text(encoding="utf-8").replace("    period: 5月\n", "").replace(
        "      - {levels: [rdec]}\n  - id: s7", "      - {levels: [rdec], period: 5月}\n  - id: s7"
    )  # fmt: skip
    file.write_text(text, encoding="utf-8")

    with pytest.raises(DataError, match="s6 has no `period`"):
        schedule_data.load(folder, CORPUS)


def test_two_schedules_of_one_plan_are_refused(folder: Path) -> None:
    shutil.copy(folder / "work_schedules/khh-doh-112.yaml", folder / "work_schedules/z.yaml")

    with pytest.raises(DataError, match=r"z\.yaml:1: khh-doh-112 has two schedules"):
        schedule_data.load(folder, CORPUS)


def test_a_folder_without_schedules_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no schedule here"):
        schedule_data.load(tmp_path, CORPUS)


def test_an_operator_is_warned_when_a_new_edition_brings_no_schedule() -> None:
    assert schedule_data.warnings(CORPUS, SCHEDULES) == []

    older = CORPUS.plans["khh-doh-112"]
    newer = replace(older, id="khh-doh-117", year=RocYear(117), supersedes=older.id)
    plans = {**CORPUS.plans, newer.id: newer}
    (found,) = schedule_data.warnings(replace(CORPUS, plans=plans), SCHEDULES)

    assert "khh-doh-117 replaces khh-doh-112" in found
    assert "work_schedules/khh-doh-117.yaml" in found
