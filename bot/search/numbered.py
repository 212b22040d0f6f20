"""Numbers of a list's entries, as a question begins with them: 「第二個」, 「最後一項」, 「前兩點」."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.plans import roc
from bot.plans.model import Node
from bot.search.words import Folder

_DIGITS = r"[一二兩三四五六七八九十\d]{1,3}"
_ENTRY = r"[點條項個款筆則列欄]"
_STARTS = (
    r"^(?:那|啊|所以|再|就|看|給我看?|我要|我想看|麻煩|請|幫我|可以|能|重新|列|貼|講|說|先|把)*"
)
_PATTERNS = {
    "several": rf"第({_DIGITS}){_ENTRY}?(?:跟|和|與|、|還有|以及)第?({_DIGITS}){_ENTRY}?",
    "range": rf"第({_DIGITS}){_ENTRY}?到第?({_DIGITS}){_ENTRY}?",
    "nth": rf"第({_DIGITS})(?:{_ENTRY}|(?=呢|咧|$))",
    "from_end": rf"倒數第({_DIGITS}){_ENTRY}",
    "last": rf"最後面?(?:那?一?{_ENTRY}|一{_ENTRY})",
    "first_few": rf"[前頭]({_DIGITS}){_ENTRY}",
    "last_few": rf"(?:最後|後)({_DIGITS}){_ENTRY}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """The places that a question names, from 1, or below 0 from the end, and what follows them."""

    places: tuple[int, ...]
    rest: str

    def entries_of(self, nodes: tuple[Node, ...]) -> tuple[Node, ...]:
        """Those entries of a list that are meant."""
        return tuple(nodes[at - 1] for at in self.of(len(nodes)))

    def rows_of(self, rows: tuple[Node, ...]) -> tuple[Node, ...]:
        """Those rows of a table that are meant, by the numbers that are printed before them."""
        printed = {int(one.label): one for one in rows}
        if any(at < 0 for at in self.places):
            return self.entries_of(rows)
        return tuple(printed[at] for at in self.places if at in printed)

    def of(self, count: int) -> tuple[int, ...]:
        """The places, from 1, that a list of so many entries has."""
        places = (at if at > 0 else count + 1 + at for at in self.places)
        return tuple(sorted(at for at in set(places) if 0 < at <= count))


class Numbered:
    """Reads numbers of entries."""

    def __init__(self, fold: Folder) -> None:
        self._patterns = {
            kind: re.compile(fold(f"{_STARTS}{pattern}的?(.*)$"))
            for kind, pattern in _PATTERNS.items()
        }

    def read(self, short: str) -> Numbers | None:
        """The entries that letters begin with, None where they begin with none."""
        for kind, pattern in self._patterns.items():
            match = pattern.match(short)
            if match is None:
                continue
            numbers = [number_of(one) for one in match.groups()[:-1]]
            if all(numbers):
                return Numbers(places=_places(kind, numbers), rest=match.groups()[-1])
        return None


def number_of(letters: str) -> int:
    """The number that letters write; 0 for none."""
    return 2 if letters in ("兩", "两") else roc.number(letters) or 0


def _places(kind: str, numbers: list[int]) -> tuple[int, ...]:
    if kind == "range":
        return tuple(range(numbers[0], numbers[1] + 1))
    if kind == "from_end":
        return (-numbers[0],)
    if kind == "last":
        return (-1,)
    if kind == "first_few":
        return tuple(range(1, numbers[0] + 1))
    if kind == "last_few":
        return tuple(range(-numbers[0], 0))
    return tuple(numbers)
