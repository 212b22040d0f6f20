"""A unit's year as plain values: its items, what was reported, tests and evidence."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache
from typing import Any

from PIL import Image

from bot.clock import TAIPEI
from bot.documents import template
from bot.documents.facts import CourtesyTest, Evidence
from bot.documents.result_report import ResultReport, compose
from bot.documents.template import ReportTemplate
from bot.plans import corpus, dates
from bot.plans.corpus import Corpus
from bot.plans.dates import Dates
from bot.plans.duties import plan_of
from bot.plans.model import RocYear, Unit
from bot.plans.progress import (
    Entry,
    Item,
    ProgressReport,
    ProgressStatus,
    Quantity,
    UnitProgress,
    items_of,
    progress_of,
)
from bot.settings import packaged_data

YEAR = RocYear(115)
OFFICE = "三民區第二衛生所"
JANUARY = date(2027, 1, 8)
TRAINING = "khh-sanmin2-115:4.1.1.2.1"
DESK = "khh-sanmin2-115:4.1.1.2.3"
VISIT = f"115:s9:{OFFICE}"


@cache
def plans() -> Corpus:
    """The packaged plans."""
    return corpus.load(packaged_data())


@cache
def schedule() -> Dates:
    """The packaged dates."""
    return dates.load(packaged_data(), plans())


@cache
def layout() -> ReportTemplate:
    """The packaged layout."""
    return template.load(packaged_data())


def unit(name: str = OFFICE) -> Unit:
    """A unit by its name."""
    found = plans().units.get(name)
    assert found is not None
    return found


def items(name: str = OFFICE) -> tuple[Item, ...]:
    """What a unit may report on."""
    return items_of(plans(), schedule().schedules, unit(name), YEAR)


def quantity(value: str, measure: str, **more: Any) -> Quantity:
    """A number with its unit."""
    return Quantity(value=Decimal(value), unit=measure, **more)


def report(root: int, item: str = TRAINING, note: str = "", **more: Any) -> ProgressReport:
    """A report of the third month; `on` is the day that it was made."""
    day = more.pop("on", date(2026, 3, 15))
    given: dict[str, Any] = {
        "id": root,
        "root": root,
        "entry": Entry.REPORT,
        "unit": OFFICE,
        "year": YEAR,
        "item": item,
        "status": ProgressStatus.UNDERWAY,
        "percent": 50,
        "note": note,
        "reporter": "王小明",
        "at": datetime.combine(day, time(10, 30), TAIPEI),
    }
    return ProgressReport(**(given | more))


def progress(record: Iterable[ProgressReport], name: str = OFFICE) -> UnitProgress:
    """The unit's cycle after what was reported."""
    return progress_of(unit(name), YEAR, items(name), list(record), JANUARY)


def picture(width: int = 320, height: int = 240, kind: str = "JPEG") -> bytes:
    """A picture of one colour."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), "#557799").save(out, kind)
    return out.getvalue()


def photo(root: int, number: int, caption: str = "", **more: Any) -> Evidence:
    """A picture of a report."""
    given = {"kind": "picture", "name": f"{number}.jpg", "content": picture()} | more
    return Evidence(root=root, number=number, caption=caption, media_type="image/jpeg", **given)


def file(root: int, number: int, name: str = "簽到表.pdf") -> Evidence:
    """A file of a report."""
    return Evidence(
        root=root,
        number=number,
        kind="file",
        name=name,
        media_type="application/pdf",
        size=345_678,
        sha256="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    )


def composed(
    record: Iterable[ProgressReport] = (),
    *,
    name: str = OFFICE,
    courtesy: Sequence[CourtesyTest] = (),
    evidence: Sequence[Evidence] = (),
    template: ReportTemplate | None = None,
) -> ResultReport:
    """The result report of what was reported."""
    return compose(
        progress(record, name),
        plan=plan_of(plans(), unit(name), (YEAR,)),
        corpus=plans(),
        courtesy=courtesy,
        evidence=evidence,
        template=template or layout(),
        made_on=JANUARY,
    )


PLAYED = (
    report(
        1,
        note="辦了2場電話禮貌訓練",
        quantities=(quantity("2", "場"), quantity("60", "人")),
        done_on=date(2026, 3, 12),
    ),
    report(2, note="又辦1場", quantities=(quantity("1", "場"),), on=date(2026, 5, 4)),
    report(3, DESK, "服務台改由專人輪值", status=ProgressStatus.DONE, percent=100),
    report(
        4,
        "khh-sanmin2-115:4.4.2.1.2",
        status=ProgressStatus.BEHIND,
        percent=40,
        reason="專員出缺",
        remedy="10月底前補實",
    ),
    report(5, VISIT, "10月14日受訪，建議增設指標", status=ProgressStatus.DONE, percent=100),
)
"""A short record that has something of everything."""

COURTESY = (
    CourtesyTest(
        which=1,
        tested_on=date(2026, 4, 21),
        score=84.5,
        faults="未報姓氏",
        improvement="晨會演練應答",
    ),
)
EVIDENCE = (file(3, 12), photo(2, 11, "訓練實況"), photo(1, 10))
