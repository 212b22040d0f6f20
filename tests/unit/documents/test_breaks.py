"""Where pages end within tables."""

from __future__ import annotations

from bot.documents import breaks
from bot.documents.model import COVERED, Cell, Column, Layout, Table, words

PAGE = (257.0, 168.0)
COLUMNS = (Column(heading="工作要項", width=1), Column(heading="工作重點", width=3))


def cell(length: int, rows: int = 1) -> Cell:
    """A cell with so many characters."""
    return Cell(paragraphs=(words("字" * length),), rows=rows)


def table(*rows: tuple[Cell, ...], together: bool = False) -> Table:
    """A table of two columns, the first a quarter of the page."""
    return Table(columns=COLUMNS, rows=rows, together=together)


def ways(made: Table) -> list[breaks.Row]:
    """How the rows go over pages."""
    return list(breaks.rows(made, Layout(), PAGE))


def test_a_low_row_stays_whole_and_a_high_one_may_be_divided() -> None:
    low, high = ways(table((cell(5), cell(100)), (cell(5), cell(3000))))

    assert low.whole
    assert not high.whole


def test_a_table_does_not_begin_with_one_row_alone() -> None:
    found = ways(table(*[(cell(5), cell(5))] * 5))

    assert [one.follows for one in found] == [True, True, False, False, False]


def test_a_table_that_is_to_stay_together_does() -> None:
    found = ways(table(*[(cell(5), cell(5))] * 4, together=True))

    assert [one.follows for one in found] == [True, True, True, False]


def test_rows_beside_the_words_of_a_merged_cell_stay_together() -> None:
    """The words take six lines: the rows that have them are kept, the others are free."""
    merged = cell(16 * 6, rows=8)
    first, *others = ways(table((merged, cell(5)), *[(COVERED, cell(5))] * 7))

    assert first.follows
    assert first.beside == 0
    kept = [one.follows for one in others]
    assert kept[0]
    assert not any(kept[6:])
    assert kept == sorted(kept, reverse=True)
    assert others[0].beside > others[1].beside


def test_short_words_of_a_merged_cell_keep_nothing() -> None:
    found = ways(table((cell(5, rows=3), cell(200)), *[(COVERED, cell(5))] * 2))

    assert not any(one.follows for one in found)


def test_small_words_take_less_room() -> None:
    small = Cell(paragraphs=(words("字" * 700, small=True),))
    plain = cell(700)

    assert [one.whole for one in ways(table((cell(1), plain), (cell(1), small)))] == [False, True]
