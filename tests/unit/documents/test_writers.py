"""Documents as files: valid packages, the same words in both formats, nothing that breaks them."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import docx as python_docx
import odfdo
import pytest

from bot.documents import docx, odt
from bot.documents.facts import Evidence
from bot.documents.model import (
    COVERED,
    Cell,
    Column,
    Document,
    Gallery,
    Heading,
    Layout,
    Picture,
    Section,
    Table,
    words,
)
from bot.errors import DataError
from bot.plans.progress import ProgressReport
from tests import played_year as played
from tests.played_year import COURTESY, EVIDENCE, PLAYED, composed, report

WRITERS = {"odt": odt.write, "docx": docx.write}
BODY = {"odt": "content.xml", "docx": "word/document.xml"}
BOTH = pytest.mark.parametrize("kind", WRITERS)
DIRTY = "量測\x00值\x0b <b>&amp; \"引號\" 'x' ]]> \ud800\ufffe\U0001f600\r\n第二行\t欄  兩格"
CLEAN = "量測值\n <b>&amp; \"引號\" 'x' ]]> \U0001f600\n第二行\t欄  兩格"


def written(kind: str, document: Document) -> bytes:
    """The document as a file."""
    out = io.BytesIO()
    WRITERS[kind](document, out)
    return out.getvalue()


def opened(content: bytes) -> zipfile.ZipFile:
    """The package, of which every part that is XML parses."""
    package = zipfile.ZipFile(io.BytesIO(content))
    assert package.testzip() is None
    for name in package.namelist():
        if name.endswith((".xml", ".rels")):
            ElementTree.fromstring(package.read(name))
    return package


def text_of(kind: str, content: bytes) -> str:
    """All words, a line a paragraph, as the libraries read them."""
    if kind == "docx":
        body = python_docx.Document(io.BytesIO(content)).element.body
        return "\n".join(_docx_text(one) for one in body.iter(f"{_W}p"))
    body = odfdo.Document(io.BytesIO(content)).body
    return "\n".join(str(one.inner_text) for one in body.get_elements("//text:p|//text:h"))


_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def _docx_text(paragraph: Any) -> str:
    signs = {f"{_W}br": "\n", f"{_W}tab": "\t"}
    return "".join(
        one.text or "" if one.tag == f"{_W}t" else signs.get(one.tag, "")
        for one in paragraph.iter()
    )


def one_table(*cells: str) -> Document:
    """A document with one row."""
    columns = tuple(Column(heading=f"欄{at}", width=1) for at in range(len(cells)))
    row = tuple(Cell(paragraphs=(words(one),)) for one in cells)
    return Document(
        title="標題", sections=(Section(blocks=(Table(columns=columns, rows=(row,)),)),)
    )


def gallery(*contents: bytes) -> Document:
    """A document of pictures."""
    pictures = tuple(
        Picture(label=f"圖{at}", caption="說明", content=lambda content=content: content)
        for at, content in enumerate(contents, 1)
    )
    return Document(title="圖", sections=(Section(blocks=(Gallery(pictures=pictures),)),))


@BOTH
def test_a_report_is_a_valid_package_with_all_its_words(kind: str) -> None:
    content = written(kind, composed(PLAYED, courtesy=COURTESY, evidence=EVIDENCE))

    opened(content)
    said = text_of(kind, content)
    for line in (
        "高雄市三民區第二衛生所115年度提升服務成果報告",
        "壹、依據",
        "3月12日：辦了2場電話禮貌訓練（#1）",
        "3場（#1、#2）",
        "84.5分",
        "圖2　訓練實況（肆、一、(一)2.(1)，#2）",
    ):
        assert line in said.splitlines()


def test_both_formats_say_the_same() -> None:
    made = composed(
        PLAYED, courtesy=COURTESY, evidence=EVIDENCE[:1]
    )  # of a picture odfdo says more

    both = [text_of(kind, written(kind, made)).split() for kind in WRITERS]
    assert both[0] == both[1]


@BOTH
def test_what_xml_forbids_is_dropped_and_the_rest_is_kept(kind: str) -> None:
    content = written(kind, composed([report(1, note=DIRTY, reporter="<王>&\x01")]))

    body = opened(content).read(BODY[kind]).decode()
    assert "&lt;b&gt;&amp;amp; " in body
    assert "<b>" not in body
    said = text_of(kind, content)
    assert (CLEAN if kind == "docx" else CLEAN.splitlines()[1]) in said


@BOTH
def test_a_long_note_is_whole_and_its_row_may_be_divided(kind: str) -> None:
    note = "".join(f"第{number}項工作完成，" for number in range(330))[:3000]
    content = written(kind, composed([report(1, note=note)]))

    assert note in text_of(kind, content)
    body = opened(content).read(BODY[kind]).decode()
    row = body[: body.index(note[:40])].rpartition(
        "<table:table-row" if kind == "odt" else "<w:tr>"
    )
    assert "Planbot_Together" not in row[2] if kind == "odt" else "cantSplit" not in row[2]


@BOTH
def test_a_tables_head_is_repeated_on_each_page(kind: str) -> None:
    body = opened(written(kind, one_table("一", "二"))).read(BODY[kind]).decode()

    assert body.count("<table:table-header-rows>" if kind == "odt" else "<w:tblHeader/>") == 1


@BOTH
def test_a_short_table_stays_on_one_page_with_its_heading(kind: str) -> None:
    made = replace(one_table("一", "二"), sections=())
    (table,) = one_table("一", "二").sections[0].blocks
    assert isinstance(table, Table)
    together = replace(table, rows=table.rows * 3, together=True)
    made = replace(made, sections=(Section(blocks=(together,)),))
    body = opened(written(kind, made)).read(BODY[kind]).decode()

    if kind == "odt":
        assert 'style:may-break-between-rows="false"' in body
    else:  # the words of all rows but the last stay with what follows, as those of the head
        assert body.count('PlanbotTableContents"/><w:keepNext/>') == 4


def test_rows_may_stay_with_the_next_one_in_libreoffice_too() -> None:
    settings = opened(written("odt", one_table("一"))).read("settings.xml").decode()

    assert 'config:name="TableRowKeep" config:type="boolean">true<' in settings


@BOTH
def test_references_and_small_words_have_their_own_look(kind: str) -> None:
    content = written(kind, composed(PLAYED))
    body = opened(content).read(BODY[kind]).decode()

    if kind == "odt":
        assert '<text:span text:style-name="Planbot_Source">（#1）</text:span>' in body
        assert 'text:style-name="Table_20_Small"' in body
    else:
        assert '<w:sz w:val="15"/></w:rPr><w:t xml:space="preserve">（#1）</w:t>' in body
        assert 'w:pStyle w:val="PlanbotTableSmall"' in body


def test_merged_cells_reach_over_their_rows() -> None:
    columns = (Column(heading="甲", width=1), Column(heading="乙", width=3))
    rows = (
        (Cell(paragraphs=(words("章"),), rows=2), Cell(paragraphs=(words("一"),))),
        (COVERED, Cell(paragraphs=(words("二"),))),
    )
    made = Document(title="表", sections=(Section(blocks=(Table(columns=columns, rows=rows),)),))

    (table,) = python_docx.Document(io.BytesIO(written("docx", made))).tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["甲", "乙"],
        ["章", "一"],
        ["章", "二"],
    ]
    spanning = odfdo.Document(io.BytesIO(written("odt", made))).body.get_elements(
        "//table:table-cell[@table:number-rows-spanned='2']"
    )
    assert [one.inner_text.strip() for one in spanning] == ["章"]


def test_a_table_lies_between_pages_that_stand() -> None:
    made = composed(PLAYED)

    sections = python_docx.Document(io.BytesIO(written("docx", made))).sections
    assert [one.page_width > one.page_height for one in sections] == [False, True, False]
    assert [one.header.paragraphs[0].text for one in sections] == [made.header] * 3
    body = opened(written("odt", made)).read("content.xml").decode()
    assert re.findall('master-page-name="([^"]+)"', body) == [
        "Standard", "Planbot_Landscape", "Standard",
    ]  # fmt: skip


@BOTH
def test_asian_fonts_and_the_language_of_taiwan_are_named(kind: str) -> None:
    package = opened(written(kind, one_table("字")))

    if kind == "odt":
        styles = package.read("styles.xml").decode()
        assert 'style:country-asian="TW"' in styles
        assert "'標楷體', 'DFKai-SB', 'BiauKai', 'PMingLiU', 'Noto Serif CJK TC'" in styles
        return
    styles = package.read("word/styles.xml").decode()
    assert 'w:eastAsia="標楷體"' in styles
    assert 'w:eastAsia="zh-TW"' in styles
    assert '<w:altName w:val="DFKai-SB"/>' in package.read("word/fontTable.xml").decode()


@BOTH
def test_pages_are_numbered(kind: str) -> None:
    package = opened(written(kind, one_table("字")))
    every = "".join(
        package.read(name).decode() for name in package.namelist() if name.endswith(".xml")
    )

    fields = ("<text:page-number", "<text:page-count") if kind == "odt" else ("PAGE", "NUMPAGES")
    assert all(field in every for field in fields)
    assert "{page" not in every


@BOTH
def test_pictures_keep_their_ratio_and_fit(kind: str) -> None:
    made = gallery(played.picture(3000, 1000), played.picture(500, 2000, "PNG"))
    content = written(kind, made)
    package = opened(content)

    media = [name for name in package.namelist() if name.endswith((".jpg", ".png", ".jpeg"))]
    assert len(media) == 2
    body = package.read(BODY[kind]).decode()
    pattern = (
        r'svg:width="([\d.]+)mm" svg:height="([\d.]+)mm"'
        if kind == "odt"
        else r'<wp:extent cx="(\d+)" cy="(\d+)"'
    )
    unit = 1 if kind == "odt" else 36_000
    sizes = [
        (float(width) / unit, float(height) / unit) for width, height in re.findall(pattern, body)
    ]
    assert sizes[0] == pytest.approx((81, 27), abs=0.1)
    assert sizes[1][1] / sizes[1][0] == pytest.approx(4, rel=0.02)
    assert sizes[1][1] < 85


@BOTH
def test_other_pictures_become_jpeg_and_broken_ones_are_named(kind: str) -> None:
    content = written(kind, gallery(played.picture(kind="BMP"), b"no picture", b""))

    assert text_of(kind, content).count("（圖檔無法讀取）") == 2
    opened(content)


@BOTH
def test_a_hundred_pictures_are_read_one_by_one(kind: str) -> None:
    alive: list[int] = []

    def content(number: int) -> bytes:
        alive.append(number)
        return played.picture(64, 48 + number)

    evidence = [
        Evidence(
            root=1,
            number=number,
            kind="picture",
            name=f"{number}.jpg",
            media_type="image/jpeg",
            content=lambda number=number: content(number),
        )
        for number in range(100)
    ]
    made = written(kind, composed(PLAYED[:1], evidence=evidence))

    assert alive == list(range(100))
    assert len([one for one in opened(made).namelist() if one.endswith(".jpg")]) == 100
    assert "圖1-100" in text_of(kind, made)


@BOTH
def test_the_same_report_is_the_same_text_twice(kind: str) -> None:
    made = composed(PLAYED, evidence=EVIDENCE)

    first, second = (opened(written(kind, made)).read(BODY[kind]) for _ in range(2))
    assert first == second


def test_the_manifest_names_every_part() -> None:
    package = opened(written("odt", composed(PLAYED, evidence=EVIDENCE)))

    manifest = package.read("META-INF/manifest.xml").decode()
    named = set(re.findall('full-path="([^"]+)"', manifest))
    assert package.namelist()[0] == "mimetype"
    assert package.infolist()[0].compress_type == zipfile.ZIP_STORED
    assert named == {"/", *package.namelist()} - {"mimetype", "META-INF/manifest.xml"}


def base_of(kind: str, folder: Path) -> Path:
    """An agency's own document, with its page, header and a numbered heading."""
    file = folder / f"result_report.{kind}"
    layout = Layout(width=250, height=350, margins=(30, 30, 30, 30), heading_size=17)
    theirs = Document(
        title="舊的內容",
        header="機關自己的頁首",
        footer="機關自己的頁尾 {page}",
        sections=(Section(blocks=(Heading(text="舊標題"), words("舊的內文"))),),
        layout=layout,
    )
    file.write_bytes(written(kind, theirs))
    return file


@BOTH
def test_an_agencys_own_document_gives_page_header_and_styles(kind: str, tmp_path: Path) -> None:
    file = base_of(kind, tmp_path)
    layout = replace(played.layout().layout, **{f"base_{kind}": file})
    made = replace(composed(PLAYED, evidence=EVIDENCE), layout=layout)
    content = written(kind, made)

    package = opened(content)
    every = "".join(
        package.read(name).decode() for name in package.namelist() if name.endswith(".xml")
    )
    assert "機關自己的頁首" in every
    assert "機關自己的頁尾" in every
    assert "舊的內" not in every
    assert "17pt" in every if kind == "odt" else 'w:sz w:val="34"' in every
    assert "3月12日：辦了2場電話禮貌訓練（#1）" in text_of(kind, content)
    if kind == "docx":
        sections = python_docx.Document(io.BytesIO(content)).sections
        assert [round(one.page_width.mm) for one in sections] == [250, 350, 250]
    else:
        assert every.count('fo:page-width="350mm"') == 2  # its own one that lies, and ours


@BOTH
def test_a_foreign_document_without_our_styles_gets_them(kind: str, tmp_path: Path) -> None:
    file = tmp_path / f"result_report.{kind}"
    if kind == "docx":
        python_docx.Document().save(str(file))
    else:
        odfdo.Document("text").save(str(file))
    layout = replace(played.layout().layout, **{f"base_{kind}": file})
    content = written(kind, replace(composed(PLAYED, evidence=EVIDENCE), layout=layout))

    opened(content)
    assert "3月12日：辦了2場電話禮貌訓練（#1）" in text_of(kind, content)


@BOTH
def test_a_base_that_is_no_document_is_named(kind: str, tmp_path: Path) -> None:
    for content in (
        b"not a document",
        written("odt" if kind == "docx" else "docx", one_table("a")),
    ):
        file = tmp_path / f"result_report.{kind}"
        file.write_bytes(content)
        layout = replace(Layout(), **{f"base_{kind}": file})
        with pytest.raises(DataError, match=f"result_report.{kind}: is no .* → save it as"):
            written(kind, replace(one_table("a"), layout=layout))


@BOTH
def test_an_empty_year_is_a_document_too(kind: str) -> None:
    nothing: tuple[ProgressReport, ...] = ()

    assert "（尚無回報）" in text_of(kind, written(kind, composed(nothing)))
    opened(written(kind, Document(title="空的", sections=())))


@BOTH
def test_last_years_report_may_be_the_base_of_this_years(kind: str, tmp_path: Path) -> None:
    """Its pictures are gone with its text, and take no name of a new one."""
    file = tmp_path / f"result_report.{kind}"
    old = [played.photo(1, number, content=played.picture(90 + number)) for number in range(5)]
    file.write_bytes(written(kind, composed(PLAYED, evidence=old)))
    layout = replace(played.layout().layout, **{f"base_{kind}": file})
    shown = [played.photo(2, number, content=played.picture(50 + number)) for number in range(2)]
    new = written(kind, replace(composed(PLAYED, evidence=shown), layout=layout))

    names = opened(new).namelist()
    assert len(names) == len(set(names))
    assert len([one for one in names if one.endswith(".jpg")]) == 2
