"""Where a page may end within a table: not within a low row, nor within a merged cell's words.

Heights are reckoned in lines of the table's text, as only the office program knows them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.documents.model import Cell, Layout, Table

_EM = 0.3528  # millimetres of a point
_LINE = 1.6  # of the size, with what lies between lines
_SMALL, _SMALL_LINE = 0.85, 0.78
_SPARE = 0.6
_BEGINNING = 2
"""Rows that stay with the next one, so that a table does not begin with its head alone."""
_LOW = 0.4
"""A row of this share of a page leaves no great gap where it goes to the next page."""


def small_size(layout: Layout) -> float:
    """Points of small words in tables."""
    return round(layout.table_size * _SMALL * 2) / 2


def source_size(layout: Layout) -> float:
    """Points of a reference."""
    return round(layout.table_size * 0.75 * 2) / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """How a row goes over pages.

    `whole`: it is not divided. `follows`: it stays with the next one. `beside` is how many
    millimetres of a merged cell's words stand beside a row that is not the merged cell's first.
    """

    whole: bool
    follows: bool
    beside: float


def rows(table: Table, layout: Layout, page: tuple[float, float]) -> Iterator[Row]:
    """How each row goes over pages.

    Args:
        page: width and height for text in millimetres.
    """
    width, height = page
    across = width / (layout.table_size * _EM)
    every = sum(one.width for one in table.columns)
    room = [across * one.width / every - 1 for one in table.columns]
    line = layout.table_size * _EM * _LINE
    last = len(table.rows) - 1
    is_merged = any(one.rows != 1 for row in table.rows for one in row)
    begun = 0 if is_merged else min(_BEGINNING, last)
    left = 0.0
    for at, row in enumerate(table.rows):
        beside = left
        merged = (
            _height(one, each) + _SPARE for one, each in zip(row, room, strict=True) if one.rows > 1
        )
        # Digits are narrow: what must have room is reckoned high, what gives it low.
        left = max([left, *merged]) - _lines(row, [one + 1 for one in room])
        goes_on = at < last and any(one.rows == 0 for one in table.rows[at + 1])
        follows = goes_on and left > 0
        left = left if follows else 0.0
        yield Row(
            whole=_lines(row, room) * line <= height * _LOW,
            follows=follows or (at < (last if table.together else begun)),
            beside=max(beside, 0) * line,
        )


def _lines(row: tuple[Cell, ...], room: Sequence[float]) -> float:
    return max(
        (_height(one, width) for one, width in zip(row, room, strict=True) if one.rows == 1),
        default=1.0,
    )


def _height(cell: Cell, width: float) -> float:
    """Lines of a cell; small ones are lower, and hold more."""
    return sum(
        math.ceil(len(line) * _SMALL / max(width, 1)) * _SMALL_LINE
        if one.small
        else math.ceil(max(len(line), 1) / max(width, 1))
        for one in cell.paragraphs
        for line in one.text.split("\n")
    )
