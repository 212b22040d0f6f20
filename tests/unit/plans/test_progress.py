"""Progress: which items a unit has, what stands of its record, and what its numbers come to."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from bot.plans import corpus as plans
from bot.plans import dates
from bot.plans.corpus import Corpus
from bot.plans.dates import Dates
from bot.plans.model import RocYear
from bot.plans.progress import (
    SCHEDULE,
    Entry,
    ItemKind,
    ProgressReport,
    ProgressStatus,
    Quantity,
    Review,
    UnitProgress,
    Verdict,
    items_of,
    progress_of,
    short_title,
    standing,
    totals,
)
from bot.settings import packaged_data

YEAR = RocYear(115)
OFFICE = "三民區第二衛生所"
NOW = datetime(2026, 6, 1, 2, tzinfo=UTC)
CLAUSE = "khh-sanmin2-115:4.1.1.1.1"


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return plans.load(packaged_data())


@pytest.fixture(scope="module")
def known(corpus: Corpus) -> Dates:
    return dates.load(packaged_data(), corpus)


def entry(number: int, **changes: object) -> ProgressReport:
    """A report, the first of its number unless `root` says otherwise."""
    made = ProgressReport(
        id=number,
        root=number,
        entry=Entry.REPORT,
        unit=OFFICE,
        year=YEAR,
        item=CLAUSE,
        status=ProgressStatus.UNDERWAY,
        percent=50,
        at=NOW + timedelta(minutes=number),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def state_on(corpus: Corpus, known: Dates, day: date, *record: ProgressReport) -> UnitProgress:
    """三民二所's progress on a day."""
    unit = corpus.units.all[OFFICE]
    items = items_of(corpus, known.schedules, unit, YEAR)
    return progress_of(unit, YEAR, items, record, day)


def test_an_office_reports_on_its_own_plan_and_then_on_its_dates(
    corpus: Corpus, known: Dates
) -> None:
    items = items_of(corpus, known.schedules, corpus.units.all[OFFICE], YEAR)

    clauses = [one for one in items if one.kind is ItemKind.CLAUSE]
    assert len(clauses) == 100
    assert {one.plan for one in clauses} == {"三民區第二衛生所115年度工作計畫"}
    assert [one.chapter for one in items[len(clauses) :]] == [SCHEDULE] * (len(items) - 100)
    assert not any("電話" in one.title for one in items if one.kind is ItemKind.DEADLINE)


def test_a_section_reports_on_the_clauses_that_name_it(corpus: Corpus, known: Dates) -> None:
    items = items_of(corpus, known.schedules, corpus.units.all["企劃室"], YEAR)

    named = [one for one in items if one.kind is ItemKind.CLAUSE]
    assert 0 < len(named) < 86
    assert all(
        "企劃室" in one.duty_units or any(unit.startswith("各") for unit in one.duty_units)
        for one in named
    )


def test_its_agencys_dates_are_not_missed_by_each_section(corpus: Corpus, known: Dates) -> None:
    items = items_of(corpus, known.schedules, corpus.units.all["企劃室"], YEAR)

    assert all(one.is_optional for one in items if one.kind is ItemKind.DEADLINE)


def test_the_last_correction_stands(corpus: Corpus) -> None:
    record = [entry(1), entry(2, root=1, entry=Entry.CORRECTION, percent=80)]

    (one,) = standing(record)
    assert (one.root, one.percent) == (1, 80)


def test_a_withdrawal_lets_the_earlier_report_stand_again() -> None:
    record = [entry(1), entry(2, percent=90), entry(3, root=2, entry=Entry.WITHDRAWAL)]

    assert [one.percent for one in standing(record)] == [50]


def test_a_correction_after_a_withdrawal_brings_the_report_back() -> None:
    record = [
        entry(1),
        entry(2, root=1, entry=Entry.WITHDRAWAL),
        entry(3, root=1, entry=Entry.CORRECTION, percent=70),
    ]

    assert [(one.root, one.percent) for one in standing(record)] == [(1, 70)]


def test_a_report_that_was_taken_back_is_gone_whatever_was_corrected() -> None:
    record = [entry(1, is_unsent=True), entry(2, root=1, entry=Entry.CORRECTION)]

    assert standing(record) == ()


def test_a_correction_that_was_taken_back_leaves_the_report_as_it_was() -> None:
    record = [entry(1), entry(2, root=1, entry=Entry.CORRECTION, percent=80, is_unsent=True)]

    assert [one.percent for one in standing(record)] == [50]


def test_a_date_that_is_over_and_not_done_is_behind(corpus: Corpus, known: Dates) -> None:
    before = state_on(corpus, known, date(2026, 1, 30))
    after = state_on(corpus, known, date(2026, 1, 31))

    def own_plan(found: UnitProgress) -> ProgressStatus:
        return next(one.status for one in found.states if one.item.due == date(2026, 1, 30))

    assert own_plan(before) is ProgressStatus.NOT_STARTED
    assert own_plan(after) is ProgressStatus.BEHIND


def test_what_only_takes_place_is_never_missing_nor_behind(corpus: Corpus, known: Dates) -> None:
    found = state_on(corpus, known, date(2027, 1, 1))

    optional = [one for one in found.states if one.item.is_optional]
    assert optional
    assert not any(one.is_missing or one.status is ProgressStatus.BEHIND for one in optional)


def test_counts_missing_and_the_last_report(corpus: Corpus, known: Dates) -> None:
    found = state_on(
        corpus, known, date(2026, 1, 2), entry(1), entry(2, item="khh-sanmin2-115:4.1.1.1.2")
    )

    assert found.count(ProgressStatus.UNDERWAY) == 2
    assert found.last_report is not None
    assert found.last_report.root == 2
    assert CLAUSE not in {one.item.id for one in found.missing}


def test_what_is_asked_is_reported_or_missing_and_stands_in_one_status(
    corpus: Corpus, known: Dates
) -> None:
    empty = state_on(corpus, known, date(2026, 6, 1))
    optional = next(one.item.id for one in empty.states if one.item.is_optional)
    found = state_on(corpus, known, date(2026, 6, 1), entry(1), entry(2, item=optional))

    assert (len(found.reported), len(found.unasked)) == (1, 1)
    assert len(found.reported) + len(found.missing) == len(found.asked)
    assert sum(found.count(one) for one in ProgressStatus) == len(found.asked)
    assert any(one.item.due and one.item.due > date(2026, 6, 1) for one in found.missing)


def test_a_report_came_back_until_it_is_corrected_or_replaced(corpus: Corpus, known: Dates) -> None:
    made = entry(1).at
    day, before, after = date(2026, 6, 1), made - timedelta(hours=1), made + timedelta(hours=1)
    came_back = Review(verdict=Verdict.RETURNED, remark="請補日期", at=after)
    earlier = Review(verdict=Verdict.RETURNED, remark="請補日期", at=before)

    def returned(*record: ProgressReport) -> list[int]:
        return [one.root for one in state_on(corpus, known, day, *record).returned]

    assert returned(entry(1, review=came_back)) == [1]
    assert returned(entry(1, review=earlier)) == []
    assert returned(entry(1, review=came_back), entry(2)) == []


def number(value: str, unit: str, *, what: str = "", is_total: bool = False) -> Quantity:
    return Quantity(value=Decimal(value), unit=unit, what=what, is_total=is_total)


def test_numbers_of_one_measure_are_added_and_keep_where_they_come_from() -> None:
    record = [
        entry(1, quantities=(number("2", "場"), number("60", "人"))),
        entry(2, quantities=(number("1", "場"),)),
    ]

    assert [(one.plain, roots) for one, roots in totals(record)] == [
        ("3場", (1, 2)),
        ("60人", (1,)),
    ]


def test_a_sum_so_far_replaces_what_it_sums() -> None:
    record = [
        entry(1, quantities=(number("2", "場"),)),
        entry(2, quantities=(number("5", "場", is_total=True),)),
        entry(3, quantities=(number("1", "場"),)),
    ]

    assert [(one.plain, roots) for one, roots in totals(record)] == [("6場", (2, 3))]


def test_percentages_and_scores_are_not_added() -> None:
    record = [
        entry(1, quantities=(number("90", "%", what="滿意度"),)),
        entry(2, quantities=(number("95.5", "%", what="滿意度"),)),
    ]

    assert [(one.plain, roots) for one, roots in totals(record)] == [("95.5%", (2,))]


@pytest.mark.parametrize(
    ("value", "plain"), [("2", "2場"), ("1200", "1,200場"), ("2.50", "2.5場"), ("0.5", "0.5場")]
)
def test_a_number_is_written_as_staff_write_it(value: str, plain: str) -> None:
    assert number(value, "場").plain == plain


def test_a_title_ends_where_a_part_of_the_sentence_ends() -> None:
    words = (
        "訂立各類業務之標準作業流程，公布於機關網站或服務場所，提供民眾了解，並定期檢討更新其內容。"
    )

    assert short_title(words) == "訂立各類業務之標準作業流程，公布於機關網站或服務場所…"
    assert short_title("標竿學習：") == "標竿學習"
