"""Reports are gathered from record, evidence, test results and plans, the same for all who ask."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from sqlalchemy.orm import Session

from bot import reports
from bot.documents import template
from bot.links import FileFormat, FileKind, FileWanted
from bot.messages import Checked, ContentKind
from bot.plans import corpus as plans
from bot.plans import dates
from bot.plans.corpus import Corpus
from bot.plans.deadlines import Adjustment
from bot.plans.model import RocYear, Unit
from bot.plans.progress import ProgressStatus, Quantity, totals
from bot.reports import Sources
from bot.settings import packaged_data
from bot.store import adjustments, audit, chats, courtesy, evidence, progress
from bot.store.courtesy import CourtesyResult
from bot.store.engine import Database
from bot.store.progress import Content, Origin
from tests import factories

YEAR, TODAY = RocYear(115), date(2026, 12, 1)
NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
OFFICE, SECTION = "三民區第二衛生所", "企劃室"
TRAINING = "khh-sanmin2-115:4.1.3.2.1"


@pytest.fixture(scope="module")
def sources() -> Sources:
    folder = packaged_data()
    known = plans.load(folder)
    return Sources(
        corpus=known,
        schedules=dates.load(folder, known).schedules,
        template=template.load(folder),
    )


def unit(sources: Sources, name: str) -> Unit:
    return sources.corpus.units.all[name]


def reported(
    db: Session,
    note: str,
    *,
    of: str = OFFICE,
    item: str = TRAINING,
    quantities: Sequence[Quantity] = (),
) -> int:
    return progress.report(
        db,
        unit=of,
        year=YEAR,
        item=item,
        content=Content(
            status=ProgressStatus.DONE, percent=100, note=note, quantities=tuple(quantities)
        ),
        origin=Origin(
            person=factories.person(),
            chat=factories.group(),
            message_id=note,
            event_id=note,
            at=NOW,
        ),
    )


def state_of(db: Session, sources: Sources, name: str = OFFICE) -> reports.UnitProgress:
    return reports.unit_progress(
        db, sources.corpus, sources.schedules, unit(sources, name), YEAR, TODAY
    )


def words_of(db: Session, sources: Sources, what: FileWanted) -> str:
    out = BytesIO()
    assert reports.write_file(db, sources, what, TODAY, out)
    with zipfile.ZipFile(out) as package:
        return package.read("content.xml").decode()


def test_the_state_is_that_of_the_record(database: Database, sources: Sources) -> None:
    two, three = (Quantity(value=Decimal(number), unit="場") for number in (2, 3))
    with database.begin() as db:
        reported(db, "第一次", quantities=[two])
        reported(db, "第二次", quantities=[three])
        found = state_of(db, sources)

    state = next(one for one in found.states if one.item.id == TRAINING)
    assert [one.note for one in state.reports] == ["第一次", "第二次"]
    assert [one.plain for one, _ in totals(state.reports)] == ["5場"]
    assert state.is_done


def test_what_was_reported_on_an_older_plan_is_not_lost(
    database: Database, sources: Sources
) -> None:
    older = "khh-doh-111:4.1.3.2.1"
    with database.begin() as db:
        reported(db, "照舊計畫辦的", of=SECTION, item=older)
        found = state_of(db, sources, SECTION)

    (state,) = (one for one in found.states if one.item.id == older)
    assert state.is_done
    assert state.item.is_optional


def test_an_unknown_item_is_passed_over(database: Database, sources: Sources) -> None:
    with database.begin() as db:
        reported(db, "不知道是什麼", item="khh-gone-110:1")
        found = state_of(db, sources)

    assert all(one.item.id != "khh-gone-110:1" for one in found.states)


def test_a_moved_deadline_is_late_by_its_new_day(database: Database, sources: Sources) -> None:
    moved = Adjustment(
        entry="s2", unit=None, year=YEAR, start=None, end=date(2026, 12, 31), reason="配合評核",
        by=audit.COMMAND_LINE, at=NOW,
    )  # fmt: skip
    with database.begin() as db:
        before = state_of(db, sources).count(ProgressStatus.BEHIND)
        adjustments.record(db, moved)
        after = state_of(db, sources).count(ProgressStatus.BEHIND)

    assert before == after + 1


def test_who_is_bound_or_has_reported_is_to_report(database: Database, sources: Sources) -> None:
    with database.begin() as db:
        chats.bind(db, factories.group(), SECTION, by=None, now=NOW)
        reported(db, "有回報")
        units = reports.reporting_units(db, sources.corpus, YEAR)
        found = reports.agency_progress(db, sources.corpus, sources.schedules, YEAR, TODAY)
        names = [one.unit.name for one in found]

    assert sorted(names) == sorted([SECTION, OFFICE])
    assert names == [one.name for one in units]


def test_a_compiled_report_is_that_of_the_unit_above_all(sources: Sources) -> None:
    corpus: Corpus = sources.corpus

    def above(*names: str) -> str:
        return reports.above_all(corpus, [unit(sources, name) for name in names]).name

    assert above(SECTION, OFFICE) == "衛生局"
    assert above(OFFICE, "衛生局") == "衛生局"
    assert above(OFFICE, "社會局") == "高雄市政府"
    assert above(OFFICE) == OFFICE


def test_a_report_shows_evidence_and_test_results(database: Database, sources: Sources) -> None:
    result = CourtesyResult(
        unit=OFFICE, year=YEAR, which=1, tested_on=date(2026, 5, 6), score=87.5,
        faults="未報姓氏", improvement="晨會演練", by=None, at=NOW,
    )  # fmt: skip
    file = Checked(
        kind=ContentKind.FILE, name="簽到單.pdf", media_type="application/pdf", data=b"%PDF-1.7 x"
    )
    what = FileWanted(kind=FileKind.RESULT_REPORT, unit=OFFICE, year=YEAR, format=FileFormat.ODT)
    with database.begin() as db:
        root = reported(db, "辦了2場電話禮貌訓練")
        evidence.add(db, root, file, message_id="9", person=None, now=NOW)
        courtesy.record(db, result)
    with database.begin_reading() as db:
        words = words_of(db, sources, what)

    for shown in ("辦了2場電話禮貌訓練", "簽到單.pdf", "87.5", "未報姓氏", "晨會演練", f"#{root}"):
        assert shown in words


def test_a_compiled_report_has_each_units_own(database: Database, sources: Sources) -> None:
    what = FileWanted(kind=FileKind.RESULT_REPORT, unit=None, year=YEAR, format=FileFormat.ODT)
    with database.begin() as db:
        reported(db, "辦了2場電話禮貌訓練")
        reported(db, "推展電話服務禮貌", of=SECTION, item="khh-doh-112:4.1.3.3.2")
        words = words_of(db, sources, what)

    assert "高雄市政府衛生局115年度提升服務成果報告" in words
    assert "辦了2場電話禮貌訓練" in words
    assert "推展電話服務禮貌" in words


def test_there_is_no_document_of_nobody(database: Database, sources: Sources) -> None:
    report = FileWanted(kind=FileKind.RESULT_REPORT, unit=None, year=YEAR, format=FileFormat.ODT)
    form = FileWanted(
        kind=FileKind.PLAN_FORMAT, unit="高雄市政府", year=YEAR, format=FileFormat.ODT
    )
    with database.begin_reading() as db:
        for what in (report, replace(report, unit="裁撤的單位"), form):
            assert not reports.write_file(db, sources, what, TODAY, BytesIO())


def test_a_reading_transaction_sees_one_moment(database: Database) -> None:
    with database.begin_reading() as reading:
        assert progress.record_of(reading, OFFICE, YEAR) == []
        with database.begin() as writing:
            reported(writing, "晚到的")
        assert progress.record_of(reading, OFFICE, YEAR) == []
