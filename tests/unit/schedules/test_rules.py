"""Which reminders a deadline has, and on which days of the office calendar."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.errors import DataError
from bot.plans import corpus, schedule_data
from bot.plans.deadlines import Cycle, Deadline
from bot.plans.model import RocYear
from bot.plans.workdays import Workdays
from bot.settings import packaged_data
from bot.store.reminders import ReminderKind
from schedules import rules
from schedules.rules import Calendar, which_test

CORPUS = corpus.load(packaged_data())
SCHEDULES = schedule_data.load(packaged_data(), CORPUS)
WORKDAYS = Workdays(schedule_data.load_workdays(packaged_data()))
RULES = rules.load(packaged_data())


def deadline(unit: str, entry: str, year: int = 115) -> Deadline:
    found = Cycle(SCHEDULES, RocYear(year)).of(CORPUS.units.all[unit])
    return next(one for one in found if one.entry == entry)


def days(one: Deadline, kind: ReminderKind, leads: tuple[int, ...] | None = None) -> list[str]:
    calendar = Calendar(RULES, WORKDAYS)
    return [str(o.day)[5:] for o in calendar.of(one.rule, leads) if o.kind is kind]


def test_what_is_owed_is_opened_reminded_of_due_and_overdue() -> None:
    plan = deadline("三民區第一衛生所", "s2")  # March

    assert days(plan, ReminderKind.OPENING) == ["03-02"]
    assert days(plan, ReminderKind.LEAD) == ["03-11", "03-20", "03-26", "03-30"]
    assert days(plan, ReminderKind.DUE) == ["03-31"]
    assert days(plan, ReminderKind.OVERDUE) == [
        "04-01", "04-08", "04-15", "04-22", "04-29", "05-06", "05-13", "05-20",
    ]  # fmt: skip


def test_a_due_day_off_is_reminded_of_on_the_workday_before() -> None:
    report = deadline("三民區第二衛生所", "s10")  # 31 January 2027 is a Sunday

    assert days(report, ReminderKind.DUE) == ["01-29"]
    assert days(report, ReminderKind.LEAD)[-1] == "01-28"
    assert days(report, ReminderKind.OVERDUE)[0] == "02-01"


def test_no_lead_falls_on_the_opening_or_before_it() -> None:
    bureau = deadline("衛生局", "s2")  # February 2026, with the Spring Festival in it

    assert days(bureau, ReminderKind.OPENING) == ["02-02"]
    assert days(bureau, ReminderKind.LEAD) == ["02-10", "02-23", "02-25"]


def test_long_holidays_do_not_double_a_weekly_reminder() -> None:
    late = days(deadline("三民區第二衛生所", "s2"), ReminderKind.OVERDUE)  # due 30 January

    assert late == sorted(set(late))
    assert "02-23" in late


def test_above_only_what_is_late_beyond_the_grace_is_heard() -> None:
    every = Calendar(RULES, WORKDAYS).of(deadline("三民區第一衛生所", "s2").rule)
    late = [one for one in every if one.kind is ReminderKind.OVERDUE]

    assert [one.after_grace for one in late[:3]] == [False, False, True]


def test_who_need_not_apply_is_reminded_less_and_never_late() -> None:
    award = deadline("三民區第二衛生所", "s3")

    assert days(award, ReminderKind.LEAD) == ["02-10", "02-25"]
    assert days(award, ReminderKind.OVERDUE) == []


def test_what_takes_place_is_opened_and_nothing_more() -> None:
    training = Calendar(RULES, WORKDAYS).of(deadline("三民區第二衛生所", "s7").rule)

    assert [(str(one.day), one.kind) for one in training] == [("2026-04-01", ReminderKind.OPENING)]


def test_a_test_is_spoken_of_each_month_of_its_window_and_then_its_result_is_asked_for() -> None:
    second = deadline("三民區第二衛生所", "s8")

    assert days(second, ReminderKind.COURTESY) == [
        "07-01", "08-03", "09-01", "10-01", "11-02", "12-01",
    ]  # fmt: skip
    assert days(second, ReminderKind.FOLLOWUP) == ["01-15", "01-29", "02-12"]
    assert which_test(second.rule) == 2


def test_a_unit_may_have_its_own_leads_where_there_are_any() -> None:
    plan, training = deadline("三民區第一衛生所", "s2"), deadline("三民區第二衛生所", "s7")

    assert days(plan, ReminderKind.LEAD, (5,)) == ["03-24"]
    assert days(plan, ReminderKind.LEAD, ()) == []
    assert days(training, ReminderKind.LEAD, (5,)) == []


def test_every_reminder_is_on_a_workday() -> None:
    calendar = Calendar(RULES, WORKDAYS)
    for year in (114, 115, 116):
        for unit in CORPUS.units:
            for one in Cycle(SCHEDULES, RocYear(year)).of(unit):
                assert all(WORKDAYS.is_workday(o.day) for o in calendar.of(one.rule))


def test_beyond_the_office_calendar_nothing_is_said() -> None:
    plan = deadline("三民區第一衛生所", "s2")
    far = replace(plan.rule, start=date(2040, 3, 1), end=date(2040, 3, 31))

    assert Calendar(RULES, WORKDAYS).of(far) == ()


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ('until: "08:30"', 'until: "17:30"'),
        ("  takes_place:", "  # takes_place:"),
        ("times: 8  ", "times: -1  "),
    ],
)
def test_a_wrong_file_is_refused(tmp_path: Path, wrong: str, right: str) -> None:
    shutil.copy(packaged_data() / "reminders.yaml", tmp_path)
    file = tmp_path / "reminders.yaml"
    text = file.read_text(encoding="utf-8")
    assert wrong in text
    file.write_text(text.replace(wrong, right), encoding="utf-8")

    with pytest.raises(DataError, match=r"reminders\.yaml"):
        rules.load(tmp_path)
