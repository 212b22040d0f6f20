"""格式: the empty plan of a unit's level, filled with what is known beforehand."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from io import BytesIO
from typing import BinaryIO

import pytest

from bot.documents import docx, odt, plan_format
from bot.documents.model import Document, Layout, Paragraph, Table, Tone
from bot.documents.plan_format import Form
from bot.plans import corpus as plans
from bot.plans import dates
from bot.plans.corpus import Corpus
from bot.plans.deadlines import Schedules, deadlines_of
from bot.plans.model import RocYear
from bot.settings import packaged_data

OFFICE = "三民區第二衛生所"


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return plans.load(packaged_data())


@pytest.fixture(scope="module")
def schedules(corpus: Corpus) -> Schedules:
    return dates.load(packaged_data(), corpus).schedules


def form_of(corpus: Corpus, name: str) -> Form:
    form = plan_format.form_of(corpus, corpus.units.all[name])
    assert form is not None
    return form


def made(corpus: Corpus, schedules: Schedules, name: str, year: int = 116) -> Document:
    form = form_of(corpus, name)
    deadlines = deadlines_of(schedules, form.unit, RocYear(year))
    return plan_format.compose(corpus, form, RocYear(year), deadlines, Layout())


def paragraphs(document: Document) -> list[Paragraph]:
    return [one for one in document.sections[0].blocks if isinstance(one, Paragraph)]


def table(document: Document) -> Table:
    return next(one for one in document.sections[0].blocks if isinstance(one, Table))


def cells(document: Document, column: int) -> list[str]:
    return [row[column].text for row in table(document).rows]


@pytest.mark.parametrize(
    ("unit", "cited"),
    [
        ("民政局", "市府提升服務實施計畫 附件2"),
        ("前金區公所", "市府提升服務實施計畫 附件2"),
        ("研考會", "市府提升服務實施計畫 附件2"),
        ("長青綜合服務中心", "市府提升服務實施計畫 附件3"),
        (OFFICE, "衛生局112年度執行計畫 附錄"),
        ("企劃室", "市府提升服務實施計畫 附件2"),
    ],
)
def test_the_most_specific_plan_with_a_form_for_the_level_decides(
    corpus: Corpus, unit: str, cited: str
) -> None:
    assert form_of(corpus, unit).cited == cited


def test_the_city_itself_has_no_form(corpus: Corpus) -> None:
    assert plan_format.form_of(corpus, corpus.units.all["高雄市政府"]) is None


def test_a_section_gets_its_agencys_plan(corpus: Corpus, schedules: Schedules) -> None:
    assert made(corpus, schedules, "企劃室").title == "高雄市政府衛生局116年度提升服務執行計畫"


def test_the_sections_are_those_of_the_form(corpus: Corpus, schedules: Schedules) -> None:
    text = [
        str(getattr(one, "text", "")) for one in made(corpus, schedules, OFFICE).sections[0].blocks
    ]

    found = [one for one in text if one[:2] in ("壹、", "貳、", "叁、", "肆、", "伍、")]
    assert found == [
        "壹、計畫依據",
        "貳、計畫目標",
        "叁、實施對象",
        "肆、計畫內容",
        "伍、推動及管考",
    ]


def test_chapters_and_items_are_filled_in_and_the_focus_is_left_to_write(
    corpus: Corpus, schedules: Schedules
) -> None:
    document = made(corpus, schedules, OFFICE)

    assert [one.heading for one in table(document).columns] == [
        "工作要項", "", "工作重點", "業務單位",
    ]  # fmt: skip
    chapters = [row[0].text for row in table(document).rows if row[0].rows]
    assert chapters[1:3] == [
        "一、完備基礎服務項目，注重服務特性差異化",
        "二、重視全程意見回饋及參與，力求服務切合民眾需求",
    ]
    assert len(chapters) == 7
    assert cells(document, 1)[-1].startswith("(四)權衡服務措施的必要性")
    assert set(cells(document, 3)) == {""}
    own, hint = (one for one in cells(document, 2) if one)
    assert own == "訂定本所提升服務工作計畫提送衛生局備查，並公布於機關網站。"
    assert hint.startswith("本欄說明：\n1.本欄，請依主管機關執行計畫")


def test_every_row_is_covered_by_its_chapter(corpus: Corpus, schedules: Schedules) -> None:
    for unit in (OFFICE, "民政局", "長青綜合服務中心"):
        left = 0
        for row in table(made(corpus, schedules, unit)).rows:
            assert (row[0].rows == 0) == (left > 0)
            left = row[0].rows - 1 if row[0].rows else left - 1
        assert left == 0


def test_what_is_to_be_written_over_is_faint(corpus: Corpus, schedules: Schedules) -> None:
    document = made(corpus, schedules, "民政局")
    faint = [one.text for one in paragraphs(document) if one.runs[0].tone is Tone.FAINT]
    hint = next(row[2] for row in table(document).rows if row[2].paragraphs)

    assert any("實施對象" in one for one in faint)
    assert {run.tone for one in hint.paragraphs for run in one.runs} == {Tone.FAINT}


def test_slips_of_the_printed_source_are_not_handed_on(
    corpus: Corpus, schedules: Schedules
) -> None:
    chapters = [one for one in cells(made(corpus, schedules, "民政局"), 0) if one.startswith("三")]

    assert chapters == ["三、便捷服務遞送過程與方式，提升民眾生活便利度"]


def test_the_units_own_last_days_stand_in_it(corpus: Corpus, schedules: Schedules) -> None:
    words = "\n".join(one.text for one in paragraphs(made(corpus, schedules, OFFICE, 115)))

    assert "於115年1月30日前提出115年度提升服務工作計畫" in words
    assert "於116年1月31日前提出115年度執行成果，函送衛生局備查" in words
    assert "依據高雄市政府提升服務實施計畫及高雄市政府衛生局提升服務執行計畫辦理。" in words


@pytest.mark.parametrize(
    ("write", "part", "spans"),
    [
        (odt.write, "content.xml", 'table:number-columns-spanned="2"'),
        (docx.write, "word/document.xml", '<w:gridSpan w:val="2"/>'),
    ],
)
def test_both_files_have_the_forms_head_over_two_columns(
    corpus: Corpus,
    schedules: Schedules,
    write: Callable[[Document, BinaryIO], None],
    part: str,
    spans: str,
) -> None:
    out = BytesIO()
    write(made(corpus, schedules, OFFICE), out)

    with zipfile.ZipFile(out) as package:
        content = package.read(part).decode()
    assert "高雄市三民區第二衛生所116年度提升服務工作計畫" in content
    assert content.count(spans) == 1
