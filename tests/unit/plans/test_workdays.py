"""The office calendar: the tables of data/workdays, and counting in workdays."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import DataError, UsageError
from bot.plans import roc, schedule_data
from bot.plans.model import RocYear
from bot.plans.workdays import DayOverride, Workdays, WorkdayTable, warnings
from bot.settings import packaged_data

TABLES = schedule_data.load_workdays(packaged_data())
WORKDAYS = Workdays(TABLES)
OFFICIAL = (113, 114, 115, 116)
MOMENT = datetime(2026, 7, 9, 12, 0, tzinfo=UTC)


def days_of(year: int) -> list[date]:
    first = date(roc.to_western(year), 1, 1)
    return [
        first + timedelta(days=n) for n in range(366) if (first + timedelta(n)).year == first.year
    ]


def override(day: date, works: bool | None, *, minutes: int = 0) -> DayOverride:
    at = MOMENT + timedelta(minutes=minutes)
    return DayOverride(day=day, works=works, reason="颱風停班", by="admin", at=at)


# the tables


@pytest.mark.parametrize("table", TABLES, ids=lambda table: str(table.year))
def test_every_year_agrees_with_the_holidays_package_day_by_day(table: WorkdayTable) -> None:
    rules = holidays.country_holidays("TW", years=roc.to_western(table.year))

    wrong = [
        day for day in days_of(table.year) if WORKDAYS.is_workday(day) != rules.is_working_day(day)
    ]

    assert wrong == []


def test_the_official_years_are_113_to_116_and_the_rest_is_marked_as_estimated() -> None:
    assert [table.year for table in TABLES] == list(range(113, 122))
    assert tuple(table.year for table in TABLES if not table.estimated) == OFFICIAL


@pytest.mark.parametrize(("year", "off"), [(113, 115), (115, 120), (116, 121)])
def test_the_number_of_days_off_is_the_official_one(year: int, off: int) -> None:
    """115: 120 days (院授人培字第11430248312號); 116: 121 (DEPENDENCIES, section 2)."""
    assert sum(not WORKDAYS.is_workday(day) for day in days_of(year)) == off


NAMED = {
    115: "1/1 2/15-2/20 2/27 2/28 4/3-4/6 5/1 6/19 9/25 9/28 10/9 10/10 10/25 10/26 12/25",
    116: "1/1 2/4-2/10 2/28 3/1 4/4-4/6 4/30 5/1 6/9 9/15 9/28 10/10 10/11 10/25 12/24 12/25 12/31",
}


@pytest.mark.parametrize("year", NAMED)
def test_the_named_days_are_those_of_the_official_table(year: int) -> None:
    """The list of DEPENDENCIES, section 2, word for word."""
    assert set(WORKDAYS.tables[RocYear(year)].days_off) == set(_spelled_out(NAMED[year], year))


def _spelled_out(words: str, year: int) -> list[date]:
    found = []
    for word in words.split():
        first, _, last = word.partition("-")
        start, end = (_day(one, year) for one in (first, last or first))
        found += [start + timedelta(days=n) for n in range((end - start).days + 1)]
    return found


def _day(words: str, year: int) -> date:
    month, _, day = words.partition("/")
    return date(roc.to_western(year), int(month), int(day))


@pytest.mark.parametrize("saturday", [date(2024, 2, 17), date(2025, 2, 8)])
def test_a_make_up_saturday_is_worked(saturday: date) -> None:
    assert saturday.weekday() == 5
    assert WORKDAYS.is_workday(saturday)
    assert WORKDAYS.name_of(saturday) == "補行上班"


def test_new_years_eve_of_116_is_off_for_the_saturday_after_it() -> None:
    assert not WORKDAYS.is_workday(date(2027, 12, 31))
    assert WORKDAYS.next_workday(date(2027, 12, 30)) == date(2028, 1, 3)


# counting


@pytest.mark.parametrize(
    ("day", "before", "after"),
    [
        (date(2026, 3, 4), date(2026, 3, 3), date(2026, 3, 5)),
        (date(2026, 3, 7), date(2026, 3, 6), date(2026, 3, 9)),  # a Saturday
        (date(2026, 2, 17), date(2026, 2, 13), date(2026, 2, 23)),  # New Year
        (date(2027, 1, 31), date(2027, 1, 29), date(2027, 2, 1)),  # the report of 115 is due
        (date(2024, 2, 18), date(2024, 2, 17), date(2024, 2, 19)),  # after a worked Saturday
    ],
)
def test_the_workdays_before_and_after(day: date, before: date, after: date) -> None:
    assert WORKDAYS.previous_workday(day) == before
    assert WORKDAYS.next_workday(day) == after


@pytest.mark.parametrize(
    ("due", "reminded"),
    [
        (date(2026, 1, 30), date(2026, 1, 30)),
        (date(2027, 1, 31), date(2027, 1, 29)),
        (date(2026, 2, 28), date(2026, 2, 26)),  # 2/27 is the day off for 2/28
    ],
)
def test_a_due_date_is_reminded_on_its_day_or_the_workday_before(due: date, reminded: date) -> None:
    assert WORKDAYS.on_or_before(due) == reminded


@pytest.mark.parametrize(
    ("n", "expected"),
    [
        (0, date(2027, 1, 29)),
        (1, date(2027, 1, 28)),
        (7, date(2027, 1, 20)),
        (14, date(2027, 1, 11)),
    ],
)
def test_leads_count_back_from_the_day_of_the_due_reminder(n: int, expected: date) -> None:
    assert WORKDAYS.minus(date(2027, 1, 31), n) == expected


def test_leads_step_over_the_new_year_holidays() -> None:
    assert WORKDAYS.minus(date(2026, 2, 23), 1) == date(2026, 2, 13)


@given(st.dates(date(2024, 3, 1), date(2032, 12, 30)), st.integers(1, 14))
def test_minus_is_previous_workday_again_and_again(day: date, n: int) -> None:
    expected = WORKDAYS.on_or_before(day)
    for _ in range(n):
        expected = WORKDAYS.previous_workday(expected)

    assert WORKDAYS.minus(day, n) == expected
    assert WORKDAYS.is_workday(expected)


@given(st.dates(date(2024, 1, 8), date(2032, 12, 20)))
def test_between_a_day_and_the_workday_before_nothing_is_worked(day: date) -> None:
    before = WORKDAYS.previous_workday(day)

    assert before < day
    between = range(1, (day - before).days)
    assert not any(WORKDAYS.is_workday(before + timedelta(days=n)) for n in between)
    assert WORKDAYS.next_workday(before) >= day


# overrides


def test_a_typhoon_day_is_off_and_says_why() -> None:
    typhoon = date(2026, 7, 10)
    workdays = Workdays(TABLES, [override(typhoon, works=False)])

    assert WORKDAYS.is_workday(typhoon)
    assert not workdays.is_workday(typhoon)
    assert workdays.name_of(typhoon) == "颱風停班"
    assert workdays.on_or_before(typhoon) == date(2026, 7, 9)


def test_a_correction_makes_a_saturday_worked_and_is_no_estimate() -> None:
    saturday = date(2028, 2, 19)
    workdays = Workdays(TABLES, [override(saturday, works=True)])

    assert workdays.is_workday(saturday)
    assert not workdays.is_estimated(saturday)
    assert workdays.is_estimated(saturday + timedelta(days=1))


def test_the_latest_override_of_a_day_wins_and_can_be_taken_back() -> None:
    day = date(2026, 7, 10)
    off, back, again = (
        override(day, False),
        override(day, None, minutes=5),
        override(day, False, minutes=9),
    )

    assert Workdays(TABLES, [back, off]).is_workday(day)
    assert not Workdays(TABLES, [off, back, again]).is_workday(day)


def test_an_override_outside_the_tables_changes_nothing() -> None:
    assert not Workdays(TABLES, [override(date(2099, 1, 1), True)]).covers(date(2099, 1, 1))


def test_an_override_needs_a_reason() -> None:
    with pytest.raises(UsageError, match="reason"):
        DayOverride(day=date(2026, 7, 10), works=False, reason=" ", by="admin", at=MOMENT)


# estimates and the end of the tables


def test_days_from_117_on_rest_on_an_estimate() -> None:
    assert not WORKDAYS.is_estimated(date(2027, 12, 31))
    assert WORKDAYS.is_estimated(date(2028, 1, 3))


@pytest.mark.parametrize(
    "ask",
    [
        WORKDAYS.is_workday,
        WORKDAYS.previous_workday,
        WORKDAYS.next_workday,
        WORKDAYS.on_or_before,
        WORKDAYS.is_estimated,
        WORKDAYS.name_of,
    ],
)
def test_past_the_last_table_the_error_names_file_and_remedy(ask: object) -> None:
    assert callable(ask)
    with pytest.raises(DataError, match=r"workdays/122\.yaml: .*122 \(2033\) → add the file"):
        ask(date(2033, 1, 1))


def test_counting_off_the_end_of_the_tables_is_an_error_too() -> None:
    with pytest.raises(DataError, match="122"):
        WORKDAYS.next_workday(date(2032, 12, 31))
    with pytest.raises(DataError, match="112"):
        WORKDAYS.previous_workday(date(2024, 1, 1))
    with pytest.raises(DataError, match="112"):
        WORKDAYS.minus(date(2024, 1, 5), 9)


def test_a_missing_year_between_two_is_refused() -> None:
    with pytest.raises(DataError, match="115"):
        Workdays([table for table in TABLES if table.year != 115])


def test_no_table_at_all_is_refused() -> None:
    with pytest.raises(DataError, match="no office calendar"):
        Workdays([])


@pytest.mark.parametrize(
    ("today", "years"),
    [
        (date(2026, 6, 30), []),
        (date(2026, 11, 22), []),  # 116 is official
        (date(2027, 6, 30), []),
        (date(2027, 7, 1), [117]),
        (date(2028, 1, 5), [117]),
        (date(2028, 7, 1), [117, 118]),
        (date(2032, 8, 1), [121, 122]),
    ],
)
def test_an_operator_is_warned_of_estimates_after_the_first_of_july(
    today: date, years: list[int]
) -> None:
    found = warnings(WORKDAYS, today)

    assert [f"workdays/{year}.yaml" in one for year, one in zip(years, found, strict=True)] == [
        True
    ] * len(years)
    assert all("→" in one for one in found)


# files


def write(folder: Path, text: str, year: int = 115) -> Path:
    (folder / "workdays").mkdir(exist_ok=True)
    (folder / "workdays" / f"{year}.yaml").write_text(text, encoding="utf-8")
    return folder


HEAD = "year: 115\nsource: a letter\nestimated: false\n"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (HEAD + "days_off:\n  2027-01-01: 開國紀念日\n", "is not in 115"),
        (HEAD + "days_off:\n  2026-02-30: 沒有這天\n", "does not exist"),
        (HEAD + "days_off:\n  2026-01-01: ''\n", "days_off"),
        (HEAD + "days_off: {}\nworking_days:\n  2026-01-05: 星期一\n", "Saturdays"),
        (HEAD + "days_off:\n  2026-01-01: 一\n  2026-01-01: 二\n", "twice"),
        (HEAD + "days_of: {}\n", "days_of"),
    ],
)
def test_a_wrong_table_is_refused_with_its_file(tmp_path: Path, text: str, fault: str) -> None:
    with pytest.raises(DataError, match=fault) as refused:
        schedule_data.load_workdays(write(tmp_path, text))

    assert refused.value.file.name == "115.yaml"


def test_two_tables_of_one_year_are_refused(tmp_path: Path) -> None:
    write(tmp_path, HEAD + "days_off: {}\n")
    write(tmp_path, HEAD + "days_off: {}\n", year=116)

    with pytest.raises(DataError, match="two tables"):
        schedule_data.load_workdays(tmp_path)
