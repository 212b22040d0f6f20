"""附件 and 數據來源: the evidence, and the reports from which every line and figure is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from bot.documents import words
from bot.documents.control import table
from bot.documents.facts import Exhibit, Part
from bot.documents.model import Block, Gallery, Heading, Picture
from bot.documents.model import words as paragraph

_SHORT_HASH = 12


def exhibits(shown: Sequence[Exhibit], per_row: int) -> Iterator[Block]:
    """The pictures with their captions, then the files with size and hash."""
    pictures = [one for one in shown if one.evidence.is_picture]
    files = [one for one in shown if not one.evidence.is_picture]
    if not shown:
        yield paragraph(words.NO_EVIDENCE)
    if pictures:
        yield Heading(text=words.numbered(1, words.PICTURES, 2), level=2)
        yield Gallery(pictures=tuple(_pictures(pictures)), per_row=per_row)
    if files:
        number = 2 if pictures else 1
        yield Heading(text=words.numbered(number, words.FILES, 2), level=2)
        yield table(words.FILE_COLUMNS, (16, 54, 18, 38, 32, 16), map(_file, files), centred=(0, 5))


def sources(parts: Iterable[Part], *, with_unit: bool, with_name: bool) -> Iterator[Block]:
    """Every report that stands, by its number, in small type."""
    rows = sorted(_sources(parts), key=lambda one: one[0])
    if not rows:
        return
    number, *rest = zip(words.SOURCE_COLUMNS, (12, 17, 28, 84, 31), strict=True)
    columns = [number]
    columns += [(words.UNIT, 32)] if with_unit else []
    columns += [*rest, (words.REPORTER, 20)] if with_name else rest
    yield paragraph(words.SOURCES, small=True, keeps=True)
    headings, widths = zip(*columns, strict=True)
    shown = ([one[heading] for heading in headings] for _, one in rows)
    yield table(headings, widths, shown, centred=(0,), dense=True)


def _pictures(shown: Iterable[Exhibit]) -> Iterator[Picture]:
    """The pictures; where several of one report have the same caption it stands at the first."""
    captions: set[str] = set()
    for one in shown:
        where = f"（{words.place(one.state.item)}，{words.number(one.report.root)}）"
        caption = f"{one.evidence.caption or one.state.item.title}{where}"
        said = "" if caption in captions else caption
        captions.add(caption)
        yield Picture(label=one.label, caption=said, content=one.evidence.read)


def _file(one: Exhibit) -> tuple[str, ...]:
    caption = one.evidence.caption
    return (
        one.label,
        f"{one.evidence.name}（{caption}）" if caption else one.evidence.name,
        words.size(one.evidence.size),
        one.evidence.sha256[:_SHORT_HASH],
        words.place(one.state.item),
        words.number(one.report.root),
    )


def _sources(parts: Iterable[Part]) -> Iterator[tuple[int, Mapping[str, str]]]:
    for part in parts:
        for state in part.progress.states:
            for one in state.reports:
                said = (
                    words.number(one.root),
                    words.day(words.day_of(one), part.progress.year),
                    words.place(state.item),
                    state.item.title,
                    words.quantities(one.quantities),
                )
                named = {words.UNIT: part.progress.unit.name, words.REPORTER: one.reporter}
                yield one.root, dict(zip(words.SOURCE_COLUMNS, said, strict=True)) | named
