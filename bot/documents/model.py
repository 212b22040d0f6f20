"""A document before it has a format: sections of headings, paragraphs, tables and pictures.

The writers (`odt`, `docx`) know only this. Text is plain; they escape it and drop what XML forbids.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Tone(StrEnum):
    """How words look."""

    PLAIN = "plain"
    BOLD = "bold"
    FAINT = "faint"
    SOURCE = "source"  # a reference, small and faint


class Align(StrEnum):
    """Where a line stands."""

    START = "start"
    CENTER = "center"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Words of one look; a line break in them is kept."""

    text: str
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """Runs on the same lines. `small` counts in tables; `keeps`: it stays with what follows."""

    runs: tuple[Run, ...]
    align: Align = Align.START
    small: bool = False
    keeps: bool = False

    @property
    def text(self) -> str:
        """The words without their looks."""
        return "".join(run.text for run in self.runs)


def words(
    text: str,
    tone: Tone = Tone.PLAIN,
    *,
    align: Align = Align.START,
    small: bool = False,
    keeps: bool = False,
) -> Paragraph:
    """A paragraph of one look."""
    return Paragraph(runs=(Run(text=text, tone=tone),), align=align, small=small, keeps=keeps)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading; level 1 is 壹、, level 2 is 一、 and 3 is (一). It stays with what follows."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table; `width` is its share of the sum of all.

    Without a heading the one of the column before it reaches over it.
    """

    heading: str
    width: int
    align: Align = Align.START


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A cell of a table that reaches over `rows` rows; 0: a cell above reaches over it."""

    paragraphs: tuple[Paragraph, ...] = ()
    rows: int = 1

    @property
    def text(self) -> str:
        """The words, a line a paragraph."""
        return "\n".join(one.text for one in self.paragraphs)


COVERED = Cell(rows=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table whose head is repeated on each page; every row has a cell for every column.

    `together`: it is short, and stands on one page. `dense`: its cells have little room around.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    together: bool = False
    dense: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A JPEG or PNG; `content` is called when it is written, so that one is in memory at a time."""

    label: str
    caption: str
    content: Callable[[], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gallery:
    """Pictures with their captions below, `per_row` beside each other."""

    pictures: tuple[Picture, ...]
    per_row: int = 2


def heads(columns: Sequence[Column]) -> list[list[Column]]:
    """The columns that each cell of a table's head reaches over."""
    found: list[list[Column]] = []
    for one in columns:
        if one.heading or not found:
            found.append([one])
        else:
            found[-1].append(one)
    return found


Block = Heading | Paragraph | Table | Gallery


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Blocks on pages of one orientation; a change of orientation begins a page."""

    blocks: tuple[Block, ...]
    landscape: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How a document looks.

    `width`, `height` (portrait) and `margins` (top, right, bottom, left) are in millimetres, sizes
    in points. `asian_fonts` are tried from the first on. `base_odt` and `base_docx` are documents
    whose styles, page, header and footer are taken instead, None where there is none.
    """

    width: int = 210
    height: int = 297
    margins: tuple[int, int, int, int] = (22, 20, 20, 20)
    asian_fonts: tuple[str, ...] = (
        "標楷體",
        "DFKai-SB",
        "BiauKai",
        "PMingLiU",
        "Noto Serif CJK TC",
    )
    latin_font: str = "Times New Roman"
    title_size: float = 20
    heading_size: float = 14
    text_size: float = 12
    table_size: float = 10
    base_odt: Path | None = None
    base_docx: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document. `header` stands on every page; `footer` may hold `{page}` and `{pages}`."""

    title: str
    header: str = ""
    footer: str = "第 {page} 頁，共 {pages} 頁"
    sections: tuple[Section, ...]
    layout: Layout = Layout()
