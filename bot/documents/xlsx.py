"""Writes sheets as an Excel workbook, row by row.

XlsxWriter makes the workbook: looks, widths, panes, filters. The rows below the heads, more than a
million cells, are put into it by hand, which takes a fifth of the time.
"""

from __future__ import annotations

import io
import itertools
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import BinaryIO

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from bot.documents.sheets import Sheet, Value
from bot.documents.text import escaped

_A4 = 9  # as Excel counts paper
_BATCH = 200  # rows that are compressed at once
_END_OF_ROWS = "</sheetData>"
_DIMENSION = re.compile(r"<dimension [^>]*/>")
_LIKE_AN_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Book:
    """A workbook with nothing but heads: its parts by name, and the number of the body's look."""

    parts: dict[str, bytes]
    look: int

    def page(self, name: str) -> tuple[str, str]:
        """What stands before and after the rows of a sheet."""
        front, end, back = self.parts[name].decode().partition(_END_OF_ROWS)
        return _DIMENSION.sub("", front), end + back


def write(sheets: Sequence[Sheet], out: BinaryIO) -> None:
    """The sheets as Office Open XML; the rows of one are read after those of the one before.

    Args:
        out: where the bytes go.
    """
    counts = [0] * len(sheets)
    names = [f"xl/worksheets/sheet{number}.xml" for number in range(1, len(sheets) + 1)]
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for at, (sheet, name) in enumerate(zip(sheets, names, strict=True)):
            book = _book(sheets, counts)
            letters = [xl_col_to_name(number) for number in range(len(sheet.columns))]
            rows = enumerate(sheet.rows, 2)
            with package.open(name, "w", force_zip64=True) as part:
                part.write(book.page(name)[0].encode())
                while batch := list(itertools.islice(rows, _BATCH)):
                    counts[at] += len(batch)
                    lines = (_row(number, row, letters, book.look) for number, row in batch)
                    part.write("".join(lines).encode())
                part.write(_book(sheets, counts).page(name)[1].encode())
        for name, content in _book(sheets, counts).parts.items():
            if name not in names:
                package.writestr(name, content)


def _book(sheets: Sequence[Sheet], counts: Sequence[int]) -> _Book:
    """The workbook around so many rows."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        head = book.add_format({"bold": True, "bg_color": "#E7ECEF", "border": 1, "valign": "top"})
        body = book.add_format({"text_wrap": True, "valign": "top"})
        for sheet, count in zip(sheets, counts, strict=True):
            page = book.add_worksheet(sheet.name)
            page.freeze_panes(1, sheet.frozen)
            page.set_landscape()
            page.set_paper(_A4)
            page.fit_to_pages(1, 0)
            page.repeat_rows(0)
            for at, (name, width) in enumerate(sheet.columns):
                page.set_column(at, at, width, body)
                page.write_string(0, at, name, head)
            page.autofilter(0, 0, count, len(sheet.columns) - 1)
    with zipfile.ZipFile(made) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    return _Book(parts=parts, look=body.xf_index)


def _row(number: int, row: Sequence[Value], letters: Sequence[str], look: int) -> str:
    """A row by its number in the sheet; an empty cell is none."""
    cells = "".join(
        f'<c r="{letter}{number}" s="{look}"{_inside(value)}</c>'
        for letter, value in zip(letters, row, strict=True)
        if value not in (None, "")
    )
    return f'<row r="{number}">{cells}</row>'


@lru_cache(maxsize=4096)
def _inside(value: Value) -> str:
    """The rest of a cell: words stay words, whatever they look like."""
    if not isinstance(value, str):
        return f"><v>{value}</v>"
    words = _LIKE_AN_ESCAPE.sub("_x005F_", escaped(value))
    return f' t="inlineStr"><is><t xml:space="preserve">{words}</t></is>'
