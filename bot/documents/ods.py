"""Writes sheets as an OpenDocument spreadsheet, row by row.

A tree of a hundred thousand rows takes gigabytes (odfdo, odfpy), so content.xml goes into the
package as it is made.
"""

from __future__ import annotations

import itertools
import string
import zipfile
from collections.abc import Generator, Iterable, Iterator, Sequence
from typing import BinaryIO

from bot.documents.sheets import Sheet, Value
from bot.documents.text import escaped

_MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"
_DATE = (2000, 1, 1, 0, 0, 0)  # the same rows are the same bytes
_NAMES = "urn:oasis:names:tc:opendocument:xmlns"
_SPACES = (
    f'xmlns:office="{_NAMES}:office:1.0" xmlns:style="{_NAMES}:style:1.0" '
    f'xmlns:text="{_NAMES}:text:1.0" xmlns:table="{_NAMES}:table:1.0" '
    f'xmlns:fo="{_NAMES}:xsl-fo-compatible:1.0" xmlns:config="{_NAMES}:config:1.0" '
    f'xmlns:ooo="http://openoffice.org/2004/office" office:version="1.3"'
)
_DECLARED = '<?xml version="1.0" encoding="UTF-8"?>'
_MILLIMETRES = 2.1  # of a character's width
_BATCH = 200  # rows that are compressed at once


def write(sheets: Iterable[Sheet], out: BinaryIO) -> None:
    """The sheets as OpenDocument 1.3; a sheet's rows are read before the next sheet is asked for.

    Args:
        out: where the bytes go.
    """
    heads: list[tuple[Sheet, int]] = []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        package.writestr(_info("mimetype", zipfile.ZIP_STORED), _MIMETYPE)
        with package.open(_info("content.xml"), "w", force_zip64=True) as content:
            for piece in _content(sheets, heads):
                content.write(piece.encode())
        package.writestr(_info("styles.xml"), _STYLES)
        package.writestr(_info("settings.xml"), _settings([sheet for sheet, _ in heads]))
        package.writestr(_info("META-INF/manifest.xml"), _MANIFEST)


def _info(name: str, kind: int = zipfile.ZIP_DEFLATED) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _DATE)
    info.compress_type = kind
    return info


def _content(sheets: Iterable[Sheet], heads: list[tuple[Sheet, int]]) -> Iterator[str]:
    yield f"{_DECLARED}<office:document-content {_SPACES}><office:automatic-styles>{_AUTOMATIC}"
    yield "</office:automatic-styles><office:body><office:spreadsheet>"
    for sheet in sheets:
        count = yield from _table(sheet)
        heads.append((sheet, count))
    yield f"<table:database-ranges>{''.join(map(_filter, heads, range(len(heads))))}"
    yield "</table:database-ranges></office:spreadsheet></office:body></office:document-content>"


def _table(sheet: Sheet) -> Generator[str, None, int]:
    """A sheet in pieces; at the end how many rows it has below its head."""
    columns = "".join(
        f'<table:table-column table:style-name="{_column(width)}" '
        'table:default-cell-style-name="Body"/>'
        for _, width in sheet.columns
    )
    head = "".join(_text(name, "Head") for name, _ in sheet.columns)
    yield (
        f'<table:table table:name="{escaped(sheet.name)}" table:style-name="Sheet">{columns}'
        f"<table:table-header-rows><table:table-row>{head}</table:table-row>"
        "</table:table-header-rows>"
    )
    count = 0
    rows = iter(sheet.rows)
    while batch := list(itertools.islice(rows, _BATCH)):
        count += len(batch)
        yield "".join(map(_row, batch))
    yield "</table:table>"
    return count


def _row(row: Sequence[Value]) -> str:
    return f"<table:table-row>{''.join(map(_cell, row))}</table:table-row>"


def _cell(value: Value) -> str:
    if value is None or value == "":
        return "<table:table-cell/>"
    if isinstance(value, str):
        return _text(value, "Body")
    return (
        f'<table:table-cell table:style-name="Body" office:value-type="float" '
        f'office:value="{value}"><text:p>{value}</text:p></table:table-cell>'
    )


def _text(text: str, style: str) -> str:
    """A cell of words, a paragraph a line; blanks beside each other are kept."""
    lines = escaped(text).replace("\t", "<text:tab/>").replace("  ", " <text:s/>")
    lines = lines.replace("\n", "</text:p><text:p>")
    return (
        f'<table:table-cell table:style-name="{style}" office:value-type="string">'
        f"<text:p>{lines}</text:p></table:table-cell>"
    )


def _column(width: int) -> str:
    return f"Column{width}"


_WIDTHS = range(5, 61)
_AUTOMATIC = (
    "".join(
        f'<style:style style:name="{_column(width)}" style:family="table-column">'
        f'<style:table-column-properties style:column-width="{width * _MILLIMETRES:.1f}mm"/>'
        "</style:style>"
        for width in _WIDTHS
    )
    + '<style:style style:name="Sheet" style:family="table" style:master-page-name="Default">'
    '<style:table-properties table:display="true"/></style:style>'
    '<style:style style:name="Body" style:family="table-cell" style:parent-style-name="Default">'
    '<style:table-cell-properties fo:wrap-option="wrap" style:vertical-align="top"/>'
    '</style:style><style:style style:name="Head" style:family="table-cell" '
    'style:parent-style-name="Default"><style:table-cell-properties fo:wrap-option="wrap" '
    'fo:background-color="#e7ecef" fo:border="0.5pt solid #444444"/><style:text-properties '
    'fo:font-weight="bold" style:font-weight-asian="bold"/></style:style>'
)
_STYLES = (
    f"{_DECLARED}<office:document-styles {_SPACES}><office:styles>"
    '<style:default-style style:family="table-cell"><style:text-properties '
    "fo:font-family=\"Arial\" style:font-family-asian=\"'Microsoft JhengHei', 'PingFang TC', "
    '\'Noto Sans CJK TC\'" fo:font-size="10pt" style:font-size-asian="10pt" '
    'fo:language="en" fo:country="US" style:language-asian="zh" style:country-asian="TW"/>'
    '</style:default-style><style:style style:name="Default" style:family="table-cell"/>'
    "</office:styles><office:automatic-styles>"
    '<style:page-layout style:name="Page"><style:page-layout-properties fo:page-width="297mm" '
    'fo:page-height="210mm" style:print-orientation="landscape" style:scale-to-X="1"/>'
    "</style:page-layout></office:automatic-styles><office:master-styles>"
    '<style:master-page style:name="Default" style:page-layout-name="Page"/>'
    "</office:master-styles></office:document-styles>"
)
_MANIFEST = (
    f'{_DECLARED}<manifest:manifest xmlns:manifest="{_NAMES}:manifest:1.0" manifest:version="1.3">'
    f'<manifest:file-entry manifest:full-path="/" manifest:version="1.3" '
    f'manifest:media-type="{_MIMETYPE}"/>'
    + "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="text/xml"/>'
        for name in ("content.xml", "styles.xml", "settings.xml")
    )
    + "</manifest:manifest>"
)


def _filter(head: tuple[Sheet, int], number: int) -> str:
    """The buttons in the head that filter the rows below, named as LibreOffice does."""
    sheet, count = head
    last = _letters(len(sheet.columns))
    where = f"'{sheet.name}'.A1:'{sheet.name}'.{last}{count + 1}"
    return (
        f'<table:database-range table:name="__Anonymous_Sheet_DB__{number}" '
        f'table:target-range-address="{escaped(where)}" table:display-filter-buttons="true"/>'
    )


def _letters(number: int) -> str:
    """The name of a column, from 1: A … Z, AA …"""
    name = ""
    while number:
        number, rest = divmod(number - 1, 26)
        name = string.ascii_uppercase[rest] + name
    return name


def _settings(sheets: Sequence[Sheet]) -> str:
    """What stays in sight while one scrolls."""
    tables = "".join(
        f'<config:config-item-map-entry config:name="{escaped(sheet.name)}">'
        + _split("Horizontal", sheet.frozen, "PositionRight")
        + _split("Vertical", 1, "PositionBottom")
        + '<config:config-item config:name="ActiveSplitRange" config:type="short">3'
        "</config:config-item></config:config-item-map-entry>"
        for sheet in sheets
    )
    return (
        f"{_DECLARED}<office:document-settings {_SPACES}><office:settings>"
        '<config:config-item-set config:name="ooo:view-settings">'
        '<config:config-item-map-indexed config:name="Views"><config:config-item-map-entry>'
        '<config:config-item config:name="ViewId" config:type="string">view1</config:config-item>'
        f'<config:config-item-map-named config:name="Tables">{tables}'
        "</config:config-item-map-named></config:config-item-map-entry>"
        "</config:config-item-map-indexed></config:config-item-set></office:settings>"
        "</office:document-settings>"
    )


def _split(direction: str, at: int, position: str) -> str:
    return (
        f'<config:config-item config:name="{direction}SplitMode" config:type="short">'
        f"{2 if at else 0}</config:config-item>"
        f'<config:config-item config:name="{direction}SplitPosition" config:type="int">{at}'
        f'</config:config-item><config:config-item config:name="{position}" config:type="int">'
        f"{at}</config:config-item>"
    )
