"""The layout of the result report, a file that an agency replaces (`templates/result_report.yaml`)."""

from __future__ import annotations

import string
import zipfile
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import pydantic

from bot.documents.model import Layout
from bot.errors import DataError
from bot.plans.corpus import read_yaml

_FOLDER = "templates"
_NAME = "result_report"
_PLACES = frozenset({"unit", "year", "plan"})
_PAGES = frozenset({"page", "pages"})
_SIZES = {"A4": (210, 297), "A3": (297, 420), "B4": (257, 364), "Letter": (216, 279)}


class SectionKind(StrEnum):
    """What a section of the report holds."""

    BASIS = "basis"  # 依據, the plan's own words
    GOALS = "goals"  # 目標
    SCOPE = "scope"  # 實施對象
    SUMMARY = "summary"  # how things stand by chapter, in numbers
    RESULTS = "results"  # the table of what was done
    CONTROL = "control"  # 推動及管考
    REVIEW = "review"  # 檢討與策進
    ANNEX = "annex"  # pictures and files
    SOURCES = "sources"  # which report every line and figure is from


class ColumnKind(StrEnum):
    """What a column of the table of results shows."""

    CHAPTER = "chapter"  # 工作要項
    CLAUSE = "clause"  # 工作重點
    UNITS = "units"  # 業務單位
    DONE = "done"  # 執行情形
    TOTALS = "totals"  # 量化成果
    EVIDENCE = "evidence"  # 佐證


class WithoutReport(StrEnum):
    """What becomes of an item on which nobody reported, in the table of results."""

    ROWS = "rows"  # it has a row as the others
    ONLY_REPORTED = "only_reported"  # it is left out


class Orientation(StrEnum):
    """How the paper lies."""

    PORTRAIT = "portrait"
    LANDSCAPE = "landscape"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportColumn:
    """A column of the table of results; `width` is its share of the sum."""

    shows: ColumnKind
    heading: str
    width: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSection:
    """A section in its place."""

    kind: SectionKind
    heading: str
    landscape: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportTemplate:
    """The layout of a result report.

    `title`, `agency_title` and `header` are patterns with `{unit}`, `{year}`, `{plan}`.
    A merged cell of the first column is begun anew after `repeat_after` rows, as a page does not
    show the one before. What is internal is left out unless wanted: the list of items without a
    report (`lists_missing`), that of reports which were returned (`lists_returned`), and who
    reported (`names`).
    """

    title: str
    agency_title: str
    header: str
    footer: str
    layout: Layout
    sections: tuple[ReportSection, ...]
    columns: tuple[ReportColumn, ...]
    without_report: WithoutReport
    lists_missing: bool
    lists_returned: bool
    names: bool
    repeat_after: int
    pictures_per_row: int


def load(folder: Path) -> ReportTemplate:
    """The layout of a data folder, with the documents beside it that give the styles.

    Args:
        folder: the data folder (`templates/result_report.yaml`, and beside it perhaps
            `result_report.odt` and `result_report.docx`).

    Raises:
        DataError: the file is missing or wrong, or a document beside it is none.
    """
    file = folder / _FOLDER / f"{_NAME}.yaml"
    if not file.is_file():
        raise DataError(file, None, "there is no report layout", "copy the one that came along")
    content = read_yaml(file, _TemplateIn)
    return ReportTemplate(
        title=content.title,
        agency_title=content.agency_title,
        header=content.header,
        footer=content.footer,
        layout=replace(
            content.layout,
            base_odt=_base(file.with_suffix(".odt"), "content.xml"),
            base_docx=_base(file.with_suffix(".docx"), "word/document.xml"),
        ),
        sections=tuple(
            ReportSection(
                kind=one.kind,
                heading=one.heading,
                landscape=(one.orientation or content.page.orientation) is Orientation.LANDSCAPE,
            )
            for one in content.sections
        ),
        columns=tuple(
            ReportColumn(shows=one.shows, heading=one.heading, width=one.width)
            for one in content.columns
        ),
        without_report=content.without_report,
        lists_missing=content.lists_missing,
        lists_returned=content.lists_returned,
        names=content.names,
        repeat_after=content.repeat_after,
        pictures_per_row=content.pictures_per_row,
    )


def _base(file: Path, part: str) -> Path | None:
    """A document beside the layout, looked at so that a broken one is found before January."""
    if not file.is_file():
        return None
    try:
        with zipfile.ZipFile(file) as package:
            package.getinfo(part)
    except (zipfile.BadZipFile, KeyError) as exc:
        raise DataError(
            file, None, f"is no {file.suffix} document", f"save it as {file.suffix}, or remove it"
        ) from exc
    return file


def _pattern(places: frozenset[str]) -> pydantic.AfterValidator:
    def check(text: str) -> str:
        named = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
        if unknown := sorted(named - places):
            known = ", ".join(f"{{{one}}}" for one in sorted(places))
            raise ValueError(f"{{{unknown[0]}}} is not known here, use {known}")
        return text

    return pydantic.AfterValidator(check)


_Words = Annotated[str, pydantic.Field(min_length=1, max_length=200)]
_Named = Annotated[_Words, _pattern(_PLACES)]
_Numbered = Annotated[str, _pattern(_PAGES)]
_Font = Annotated[str, pydantic.Field(min_length=1, max_length=60, pattern=r"^[^\"';,<>&]+$")]
_Size = Annotated[float, pydantic.Field(ge=6, le=48)]
_Margin = Annotated[int, pydantic.Field(ge=5, le=60)]


class _Strict(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="forbid", frozen=True)


class _PageIn(_Strict):
    size: str = "A4"
    orientation: Orientation = Orientation.PORTRAIT
    margins_mm: tuple[_Margin, _Margin, _Margin, _Margin] = (22, 20, 20, 20)

    @pydantic.field_validator("size")
    @classmethod
    def _is_known(cls, size: str) -> str:
        if size not in _SIZES:
            raise ValueError(f"{size} is not known, use {', '.join(_SIZES)}")
        return size


class _FontsIn(_Strict):
    asian: Annotated[tuple[_Font, ...], pydantic.Field(min_length=1)]
    latin: _Font
    title_pt: _Size
    heading_pt: _Size
    text_pt: _Size
    table_pt: _Size


class _SectionIn(_Strict):
    kind: SectionKind
    heading: _Words
    orientation: Orientation | None = None


class _ColumnIn(_Strict):
    shows: ColumnKind
    heading: _Words
    width: int = pydantic.Field(ge=1, le=1000)


class _TemplateIn(_Strict):
    title: _Named
    agency_title: _Named
    header: Annotated[str, _pattern(_PLACES)]
    footer: _Numbered
    page: _PageIn
    fonts: _FontsIn
    sections: Annotated[tuple[_SectionIn, ...], pydantic.Field(min_length=1)]
    columns: Annotated[tuple[_ColumnIn, ...], pydantic.Field(min_length=1)]
    without_report: WithoutReport = WithoutReport.ROWS
    lists_missing: bool = False
    lists_returned: bool = False
    names: bool = False
    repeat_after: int = pydantic.Field(default=6, ge=1, le=1000)
    pictures_per_row: int = pydantic.Field(default=2, ge=1, le=4)

    @pydantic.model_validator(mode="after")
    def _has_each_once(self) -> _TemplateIn:
        for what, named in (
            ("sections", [str(one.kind) for one in self.sections]),
            ("columns", [str(one.shows) for one in self.columns]),
        ):
            doubled = sorted({one for one in named if named.count(one) > 1})
            if doubled:
                raise ValueError(f"{what}: {doubled[0]!r} stands twice")
        return self

    @property
    def layout(self) -> Layout:
        """How it looks, without documents beside it."""
        width, height = _SIZES[self.page.size]
        return Layout(
            width=width,
            height=height,
            margins=self.page.margins_mm,
            asian_fonts=self.fonts.asian,
            latin_font=self.fonts.latin,
            title_size=self.fonts.title_pt,
            heading_size=self.fonts.heading_pt,
            text_size=self.fonts.text_pt,
            table_size=self.fonts.table_pt,
        )
