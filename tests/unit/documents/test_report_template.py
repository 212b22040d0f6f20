"""The layout of the result report is a file that an agency replaces."""

from __future__ import annotations

import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from bot.documents import template
from bot.documents.template import ColumnKind, SectionKind, WithoutReport
from bot.errors import DataError
from bot.settings import packaged_data
from tests import played_year as played
from tests.played_year import PLAYED, composed


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder with the packaged layout."""
    shutil.copytree(packaged_data() / "templates", tmp_path / "templates")
    return tmp_path


def change(folder: Path, old: str, new: str) -> None:
    """Edits the layout."""
    file = folder / "templates" / "result_report.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_the_packaged_layout_has_every_section_and_every_column() -> None:
    packaged = template.load(packaged_data())

    assert [one.kind for one in packaged.sections] == list(SectionKind)
    assert [one.shows for one in packaged.columns] == list(ColumnKind)
    assert packaged.layout.base_odt is None
    assert [one.landscape for one in packaged.sections].index(True) == 4


def test_what_is_internal_is_left_out_unless_an_agency_wants_it(folder: Path) -> None:
    packaged = template.load(packaged_data())
    assert not any((packaged.lists_missing, packaged.lists_returned, packaged.names))
    assert packaged.without_report is WithoutReport.ROWS
    change(folder, "without_report: rows", "without_report: only_reported")
    for name in ("lists_missing", "lists_returned", "names"):
        change(folder, f"{name}: false", f"{name}: true")

    wanted = template.load(folder)

    assert wanted.lists_missing
    assert wanted.lists_returned
    assert wanted.names
    assert wanted.without_report is WithoutReport.ONLY_REPORTED


def test_an_agency_may_change_titles_order_and_columns(folder: Path) -> None:
    change(
        folder, '{unit}{year}年度提升服務成果報告"\nagency', '{year}年{unit}成果（{plan}）"\nagency'
    )
    change(folder, "  - {kind: sources, heading: 數據來源}\n", "")
    change(folder, "  - {shows: totals, heading: 量化成果, width: 27}\n", "")
    change(folder, "heading: 執行情形", "heading: 辦理成果")

    made = composed(PLAYED, template=template.load(folder))

    assert made.title.startswith("115年高雄市三民區第二衛生所成果（高雄市三民區第二衛生所115年度")
    assert "數據來源" not in str(made)
    table = next(one for one in made.sections[4].blocks if hasattr(one, "columns"))
    assert [one.heading for one in table.columns] == [
        "工作要項", "工作重點", "業務單位", "辦理成果", "佐證",
    ]  # fmt: skip


def test_documents_beside_it_are_found(folder: Path) -> None:
    for kind, part in (("odt", "content.xml"), ("docx", "word/document.xml")):
        with zipfile.ZipFile(folder / "templates" / f"result_report.{kind}", "w") as package:
            package.writestr(part, b"")

    layout = template.load(folder).layout

    assert (layout.base_odt, layout.base_docx) == (
        folder / "templates" / "result_report.odt",
        folder / "templates" / "result_report.docx",
    )


@pytest.mark.parametrize("kind", ["odt", "docx"])
def test_a_document_beside_it_that_is_none_is_named(folder: Path, kind: str) -> None:
    (folder / "templates" / f"result_report.{kind}").write_bytes(b"no document")

    with pytest.raises(DataError, match=f"{kind}: is no .{kind} document → save it as .{kind}"):
        template.load(folder)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('title: "{unit}', 'title: "{office}', r"title: .*\{office\} is not known here"),
        ("{page} 頁，", "{side} 頁，", r"\{side\} is not known here, use \{page\}, \{pages\}"),
        ("size: A4 ", "size: A7 ", "page.size: .*A7 is not known, use A4, A3, B4, Letter"),
        ("kind: annex", "kind: sources", "sections: 'sources' stands twice"),
        ("shows: units", "shows: done", "columns: 'done' stands twice"),
        ("kind: annex", "kind: appendix", "sections.7.kind: Input should be"),
        ("lists_missing:", "list_missing:", "list_missing: Extra inputs are not permitted"),
        ("without_report: rows", "without_report: all", "without_report: Input should be"),
        ("width: 20}", "width: 0}", "columns.2.width"),
        ("標楷體, DFKai-SB", '"標\'楷", DFKai-SB', "fonts.asian.0"),
        ("title_pt: 20", "title_pt: 200", "fonts.title_pt"),
    ],
)
def test_a_fault_names_file_and_place(folder: Path, old: str, new: str, said: str) -> None:
    change(folder, old, new)

    with pytest.raises(DataError, match=rf"result_report\.yaml(:\d+)?: .*{said}"):
        template.load(folder)


def test_a_missing_layout_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="there is no report layout → copy the one"):
        template.load(tmp_path)


def test_a_section_may_lie_or_stand(folder: Path) -> None:
    change(folder, ", orientation: landscape}", "}")

    assert not any(one.landscape for one in composed(template=template.load(folder)).sections)
    assert replace(played.layout()).sections[4].landscape
