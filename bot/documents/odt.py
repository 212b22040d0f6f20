"""Writes a document as OpenDocument 1.3 text (.odt).

content.xml is written by hand: reports are long, and a tree of them is not needed. Styles and pages
are those of `odt_styles`, or of the agency's own document (`odt_base`).
"""

from __future__ import annotations

import itertools
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import BinaryIO

from bot.documents import breaks, odt_base, odt_styles, words
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
from bot.documents.odt_styles import Package
from bot.documents.text import clean, escaped

_MIMETYPE = "application/vnd.oasis.opendocument.text"
_DATE = (2000, 1, 1, 0, 0, 0)  # the same document is the same bytes
_LOOKS = {
    Tone.BOLD: "Planbot_Bold",
    Tone.FAINT: "Planbot_Faint",
    Tone.SOURCE: "Planbot_Source",
}


def write(document: Document, out: BinaryIO) -> None:
    """The document as OpenDocument 1.3.

    Args:
        out: where the bytes go.

    Raises:
        DataError: the base document is no OpenDocument text.
    """
    base = odt_base.read(document) or odt_styles.package(document)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        _put(package, "mimetype", _MIMETYPE.encode(), stored=True)
        writing = _Writing(package=package, base=base, layout=document.layout)
        body = "".join(_body(writing, document))
        _put(package, "content.xml", odt_styles.content(document, writing.styles, body).encode())
        _put(package, "meta.xml", odt_styles.meta(document).encode())
        for name, (content, media_type) in base.parts.items():
            _put(package, name, content)
            writing.files[name] = media_type
        _put(package, "META-INF/manifest.xml", _manifest(writing.files).encode())


@dataclass(slots=True, kw_only=True)
class _Writing:
    """What comes together while a body is written: styles, files, and how the page lies."""

    package: zipfile.ZipFile
    base: Package
    layout: Layout
    styles: list[str] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    landscape: bool = False

    @property
    def page(self) -> tuple[float, float]:
        """Width and height for text on the present page, in millimetres."""
        return self.base.lying if self.landscape else self.base.upright

    def style(self, template: str) -> str:
        """Adds an automatic style, whose name stands for `{}`, and gives that name."""
        name = f"A{next(self.numbers)}"
        self.styles.append(template.format(name))
        return name


def _body(writing: _Writing, document: Document) -> Iterator[str]:
    first = document.sections[0].landscape if document.sections else False
    writing.landscape = first
    style = _breaking(writing, "Title")
    yield f'<text:p text:style-name="{style}">{_lines(document.title)}</text:p>'
    for section in document.sections:
        turns = section.landscape is not writing.landscape
        writing.landscape = section.landscape
        for at, block in enumerate(section.blocks):
            if turns and at == 0 and not isinstance(block, Heading):
                yield f'<text:p text:style-name="{_breaking(writing, "Text_20_body")}"/>'
            yield from _block(writing, block, breaks=turns and at == 0)


def _breaking(writing: _Writing, parent: str) -> str:
    """A style that begins a page of the present orientation."""
    master = writing.base.masters[writing.landscape]
    return writing.style(
        f'<style:style style:name="{{}}" style:family="paragraph" '
        f'style:parent-style-name="{parent}" style:master-page-name="{master}"/>'
    )


def _block(writing: _Writing, block: Block, *, breaks: bool) -> Iterator[str]:
    if isinstance(block, Heading):
        name = f"Heading_20_{block.level}"
        style = _breaking(writing, name) if breaks else name
        yield (
            f'<text:h text:style-name="{style}" text:outline-level="{block.level}" '
            f'text:is-list-header="true">{_lines(block.text)}</text:h>'
        )
    elif isinstance(block, Paragraph):
        yield _paragraph(block, _SMALL if block.small else "Text_20_body")
    elif isinstance(block, Table):
        yield from _table(writing, block)
    else:
        yield from _gallery(writing, block)


def _paragraph(paragraph: Paragraph, style: str) -> str:
    style = odt_styles.varied(style, centred=paragraph.align is Align.CENTER, kept=paragraph.keeps)
    return f'<text:p text:style-name="{style}">{"".join(map(_run, paragraph.runs))}</text:p>'


def _run(run: Run) -> str:
    lines = _lines(run.text)
    look = _LOOKS.get(run.tone)
    return f'<text:span text:style-name="{look}">{lines}</text:span>' if look else lines


def _lines(text: str) -> str:
    """Escaped, with line breaks and tabs, and with blanks beside each other kept."""
    marked = escaped(text).replace("\n", "<text:line-break/>").replace("\t", "<text:tab/>")
    return marked.replace("  ", " <text:s/>")


def _table(writing: _Writing, table: Table) -> Iterator[str]:
    look = "Planbot_Dense" if table.dense else "Planbot_Cell"
    yield from _opened(writing, [one.width for one in table.columns], together=table.together)
    yield '<table:table-header-rows><table:table-row table:style-name="Planbot_Together">'
    for first, *others in heads(table.columns):
        head = f'<text:p text:style-name="Table_20_Heading">{_lines(first.heading)}</text:p>'
        spans = f' table:number-columns-spanned="{1 + len(others)}"' if others else ""
        yield f'<table:table-cell table:style-name="{look}_Head"{spans}>{head}</table:table-cell>'
        yield "<table:covered-table-cell/>" * len(others)
    yield "</table:table-row></table:table-header-rows>"
    follows = False
    for row, way in zip(table.rows, breaks.rows(table, writing.layout, writing.page), strict=True):
        # A merged cell's later rows cannot be kept with the next: the second one has its words.
        low = way.beside if follows and way.follows and not table.together else 0.0
        follows = way.follows and any(one.rows > 1 for one in row)
        style = _row_style(writing, low) if low else _ROWS[way.whole]
        cells = "".join(_cell(one, look, keeps=way.follows) for one in row)
        yield f'<table:table-row table:style-name="{style}">{cells}</table:table-row>'
    yield '</table:table><text:p text:style-name="Planbot_After"/>'


_ROWS = {True: "Planbot_Together", False: "Planbot_Apart"}


def _row_style(writing: _Writing, height: float) -> str:
    """A row of at least so many millimetres that is not divided."""
    return writing.style(
        '<style:style style:name="{}" style:family="table-row"><style:table-row-properties '
        f'style:min-row-height="{height:.1f}mm" fo:keep-together="always"/></style:style>'
    )


def _opened(writing: _Writing, shares: Sequence[int], *, together: bool = False) -> Iterator[str]:
    """The beginning of a table as wide as the page, with its columns."""
    width = writing.page[0]
    name = writing.style(
        '<style:style style:name="{}" style:family="table"><style:table-properties '
        f'style:width="{width:.2f}mm" table:align="margins" table:border-model="collapsing" '
        f'style:may-break-between-rows="{str(not together).lower()}"/></style:style>'
    )
    yield f'<table:table table:name="{name}" table:style-name="{name}">'
    for share in shares:
        column = writing.style(
            '<style:style style:name="{}" style:family="table-column"><style:table-column-properties '
            f'style:column-width="{width * share / sum(shares):.2f}mm"/></style:style>'
        )
        yield f'<table:table-column table:style-name="{column}"/>'


def _cell(cell: Cell, look: str, *, keeps: bool) -> str:
    if not cell.rows:
        return "<table:covered-table-cell/>"
    inside = "".join(
        _paragraph(replace(one, keeps=keeps), _SMALL if one.small else _CONTENTS)
        for one in cell.paragraphs or (_NOTHING,)
    )
    spans = f' table:number-rows-spanned="{cell.rows}"' if cell.rows > 1 else ""
    return f'<table:table-cell table:style-name="{look}"{spans}>{inside}</table:table-cell>'


_CONTENTS, _SMALL = "Table_20_Contents", "Table_20_Small"
_NOTHING = Paragraph(runs=())
_EMPTY = '<text:p text:style-name="Table_20_Contents"/>'


def _gallery(writing: _Writing, gallery: Gallery) -> Iterator[str]:
    yield from _opened(writing, [1] * gallery.per_row)
    for at in range(0, len(gallery.pictures), gallery.per_row):
        yield '<table:table-row table:style-name="Planbot_Together">'
        beside = gallery.pictures[at : at + gallery.per_row]
        for one in beside:
            shown = "".join(_picture(writing, one, gallery.per_row))
            yield f'<table:table-cell table:style-name="Planbot_Plain">{shown}</table:table-cell>'
        for _ in range(gallery.per_row - len(beside)):
            yield f'<table:table-cell table:style-name="Planbot_Plain">{_EMPTY}</table:table-cell>'
        yield "</table:table-row>"
    yield '</table:table><text:p text:style-name="Planbot_After"/>'


def _picture(writing: _Writing, picture: Picture, per_row: int) -> Iterator[str]:
    drawn = draw(picture)
    line = words.caption(picture.label, picture.caption)
    if drawn is None:
        line += words.UNREADABLE
    else:
        number = next(writing.numbers)
        name = f"Pictures/planbot-{number}.{drawn.suffix}"
        _put(writing.package, name, drawn.content, stored=True)
        writing.files[name] = drawn.media_type
        width, height = drawn.within(*space(writing.page, per_row))
        yield (
            '<text:p text:style-name="Planbot_Picture">'
            f'<draw:frame draw:style-name="Planbot_Frame" draw:name="P{number}" '
            f'text:anchor-type="as-char" svg:width="{width:.1f}mm" svg:height="{height:.1f}mm">'
            f'<draw:image xlink:href="{name}" xlink:type="simple" xlink:show="embed" '
            'xlink:actuate="onLoad"/>'
            f"<svg:title>{escaped(picture.label)}</svg:title>"
            f"<svg:desc>{escaped(picture.caption)}</svg:desc></draw:frame></text:p>"
        )
    yield f'<text:p text:style-name="Caption">{_lines(line)}</text:p>'


def _put(package: zipfile.ZipFile, name: str, content: bytes, *, stored: bool = False) -> None:
    info = zipfile.ZipInfo(name, _DATE)
    info.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    package.writestr(info, content)


def _manifest(files: dict[str, str]) -> str:
    every = {"content.xml": "text/xml", "meta.xml": "text/xml", **files}
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{escaped(clean(name))}" '
        f'manifest:media-type="{escaped(kind)}"/>'
        for name, kind in every.items()
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" '
        'manifest:version="1.3"><manifest:file-entry manifest:full-path="/" '
        f'manifest:version="1.3" manifest:media-type="{_MIMETYPE}"/>{entries}</manifest:manifest>'
    )
