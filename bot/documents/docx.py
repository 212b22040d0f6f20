"""Writes a document for Word (.docx).

python-docx brings the package, styles and pictures; the body is written as XML, since its own
tables take longer with every cell.
"""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import BinaryIO

from bot.documents import breaks, docx_styles, words
from bot.documents.docx_styles import Base, Page
from bot.documents.drawn import draw, space
from bot.documents.model import (
    Align,
    Block,
    Cell,
    Document,
    Gallery,
    Heading,
    Layout,
    Paragraph,
    Picture,
    Run,
    Table,
    Tone,
    heads,
)
from bot.documents.text import escaped

_LOOKS = {
    Tone.PLAIN: "",
    Tone.BOLD: "<w:rPr><w:b/><w:bCs/></w:rPr>",
    Tone.FAINT: '<w:rPr><w:color w:val="767676"/></w:rPr>',
    Tone.SOURCE: '<w:rPr><w:color w:val="767676"/><w:sz w:val="{size}"/></w:rPr>',
}
_TWIPS = 56.6929  # of a millimetre
_EMU = 36_000  # of a millimetre
_BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="444444"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
_HEAD = '<w:shd w:val="clear" w:color="auto" w:fill="E7ECEF"/><w:vAlign w:val="center"/>'
_WITHOUT_NUMBER = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="0"/></w:numPr>'
_ONE_ROW = "<w:trPr><w:cantSplit/></w:trPr>"
_ROOM, _LITTLE_ROOM = (57, 68), (28, 45)
"""Twips above and below the words of a cell, and beside them."""


def write(document: Document, out: BinaryIO) -> None:
    """The document as Office Open XML.

    Args:
        out: where the bytes go.

    Raises:
        DataError: the base document is no Word document.
    """
    base = docx_styles.base(document)
    writing = _Writing(base=base, layout=document.layout)
    body = "".join(_body(writing, document))
    docx_styles.put_body(base.word, f"{body}{writing.page.properties}")
    whole = io.BytesIO()  # python-docx reads back what it writes
    base.word.save(whole)
    out.write(whole.getvalue())


@dataclass(slots=True, kw_only=True)
class _Writing:
    """What is known while a body is written: styles, pages, and how the present page lies."""

    base: Base
    layout: Layout
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    landscape: bool = False

    @property
    def page(self) -> Page:
        """The present page."""
        return self.base.pages[self.landscape]

    def paragraph(self, style: str, inside: str, properties: str = "") -> str:
        """A paragraph of a named style."""
        named = f'<w:pStyle w:val="{escaped(self.base.styles[style])}"/>'
        return f"<w:p><w:pPr>{named}{properties}</w:pPr>{inside}</w:p>"


def _body(writing: _Writing, document: Document) -> Iterator[str]:
    if document.sections:
        writing.landscape = document.sections[0].landscape
    yield writing.paragraph(docx_styles.TITLE, _text(document.title))
    for section in document.sections:
        if section.landscape is not writing.landscape:
            # What a section's page is like stands in its last paragraph.
            yield writing.paragraph(docx_styles.AFTER, "", writing.page.properties)
            writing.landscape = section.landscape
        for block in section.blocks:
            yield from _block(writing, block)


def _block(writing: _Writing, block: Block) -> Iterator[str]:
    if isinstance(block, Heading):
        style = docx_styles.HEADINGS[block.level - 1]
        yield writing.paragraph(style, _text(block.text), f"<w:keepNext/>{_WITHOUT_NUMBER}")
    elif isinstance(block, Paragraph):
        style = docx_styles.TABLE_SMALL if block.small else docx_styles.TEXT
        yield _paragraph(writing, block, style)
    elif isinstance(block, Table):
        yield from _table(writing, block)
    else:
        yield from _gallery(writing, block)


def _paragraph(writing: _Writing, paragraph: Paragraph, style: str) -> str:
    kept = "<w:keepNext/>" if paragraph.keeps else ""
    centred = '<w:jc w:val="center"/>' if paragraph.align is Align.CENTER else ""
    inside = "".join(_run(writing, one) for one in paragraph.runs)
    return writing.paragraph(style, inside, f"{kept}{centred}")


def _run(writing: _Writing, run: Run) -> str:
    size = round(breaks.source_size(writing.layout) * 2)
    return _text(run.text, _LOOKS[run.tone].format(size=size))


def _text(text: str, look: str = "") -> str:
    """A run, escaped, with its line breaks, tabs and blanks."""
    opened, closed = '<w:t xml:space="preserve">', "</w:t>"
    inside = escaped(text)
    for character, element in (("\n", "<w:br/>"), ("\t", "<w:tab/>")):
        inside = inside.replace(character, f"{closed}{element}{opened}")
    return f"<w:r>{look}{opened}{inside}{closed}</w:r>"


def _table(writing: _Writing, table: Table) -> Iterator[str]:
    every = sum(one.width for one in table.columns)
    shares = [one.width / every for one in table.columns]
    widths = [round(share * writing.page.width * _TWIPS) for share in shares]
    around = _LITTLE_ROOM if table.dense else _ROOM
    yield _opened(widths, f"<w:tblBorders>{_BORDERS}</w:tblBorders>", around)
    yield "<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>"
    left = iter(widths)
    for group in heads(table.columns):
        head = writing.paragraph(docx_styles.TABLE_HEAD, _text(group[0].heading))
        width = sum(next(left) for _ in group)
        spans = f'<w:gridSpan w:val="{len(group)}"/>' if len(group) > 1 else ""
        yield f"<w:tc>{_properties(width, spans + _HEAD)}{head}</w:tc>"
    yield "</w:tr>"
    page = (writing.page.width, writing.page.height)
    for row, way in zip(table.rows, breaks.rows(table, writing.layout, page), strict=True):
        cells = "".join(
            _cell(writing, cell, width, keeps=way.follows)
            for cell, width in zip(row, widths, strict=True)
        )
        yield f"<w:tr>{_ONE_ROW if way.whole else ''}{cells}</w:tr>"
    yield f"</w:tbl>{writing.paragraph(docx_styles.AFTER, '')}"


def _opened(widths: Sequence[int], borders: str, around: tuple[int, int] = _ROOM) -> str:
    """The beginning of a table of fixed columns."""
    above, beside = around
    sides = (("top", above), ("left", beside), ("bottom", above), ("right", beside))
    margins = "".join(f'<w:{side} w:w="{width}" w:type="dxa"/>' for side, width in sides)
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/>{borders}'
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{margins}</w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>"
    )


def _properties(width: int, look: str = "") -> str:
    return f'<w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{look}</w:tcPr>'


def _cell(writing: _Writing, cell: Cell, width: int, *, keeps: bool) -> str:
    merged = ""
    if cell.rows != 1:
        merged = '<w:vMerge w:val="restart"/>' if cell.rows else "<w:vMerge/>"
    inside = "".join(
        _paragraph(
            writing,
            replace(one, keeps=keeps),
            docx_styles.TABLE_SMALL if one.small else docx_styles.TABLE,
        )
        for one in cell.paragraphs or (_EMPTY,)
    )
    return f"<w:tc>{_properties(width, merged)}{inside}</w:tc>"


_EMPTY = Paragraph(runs=())


def _gallery(writing: _Writing, gallery: Gallery) -> Iterator[str]:
    width = round(writing.page.width * _TWIPS / gallery.per_row)
    opened = f"<w:tc>{_properties(width)}"
    empty = f"{opened}{writing.paragraph(docx_styles.TABLE, '')}</w:tc>"
    yield _opened([width] * gallery.per_row, "")
    for at in range(0, len(gallery.pictures), gallery.per_row):
        beside = gallery.pictures[at : at + gallery.per_row]
        yield f"<w:tr>{_ONE_ROW}"
        for one in beside:
            yield f"{opened}{_picture(writing, one, gallery.per_row)}</w:tc>"
        yield f"{empty * (gallery.per_row - len(beside))}</w:tr>"
    yield f"</w:tbl>{writing.paragraph(docx_styles.AFTER, '')}"


def _picture(writing: _Writing, picture: Picture, per_row: int) -> str:
    drawn = draw(picture)
    line = words.caption(picture.label, picture.caption)
    if drawn is None:
        return writing.paragraph(docx_styles.CAPTION, _text(line + words.UNREADABLE))
    size = drawn.within(*space((writing.page.width, writing.page.height), per_row))
    relation, _ = writing.base.word.part.get_or_add_image(io.BytesIO(drawn.content))
    shown = _inline(relation, next(writing.numbers), size, picture)
    centred = '<w:jc w:val="center"/>'
    return writing.paragraph(docx_styles.TABLE, f"<w:r>{shown}</w:r>", centred) + (
        writing.paragraph(docx_styles.CAPTION, _text(line))
    )


def _inline(relation: str, number: int, size: tuple[float, float], picture: Picture) -> str:
    width, height = (round(one * _EMU) for one in size)
    named = f'id="{number}" name="{escaped(picture.label)}" descr="{escaped(picture.caption)}"'
    return (
        f'<w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{width}" cy="{height}"/><wp:docPr {named}/><a:graphic>'
        '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>'
        f"<pic:nvPicPr><pic:cNvPr {named}/><pic:cNvPicPr/></pic:nvPicPr>"
        f'<pic:blipFill><a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch>'
        '</pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/>'
        f'<a:ext cx="{width}" cy="{height}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/>'
        "</a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing>"
    )
