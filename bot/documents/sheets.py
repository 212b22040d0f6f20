"""A sheet of a spreadsheet before it has a format."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Value = str | int | float | None
"""What a cell holds; None is an empty cell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A sheet with a head; its rows are read once.

    `columns` are names with widths in characters; `frozen` is how many columns stay in sight.
    """

    name: str
    columns: Sequence[tuple[str, int]]
    rows: Iterable[Sequence[Value]]
    frozen: int = 0
