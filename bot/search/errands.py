"""Errands: what people ask the bot to do for them and it cannot, 「幫我訂便當」."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

_POLITE = (
    "(?:不好意思|可不可以|能不能|有沒有人|請問|可以|可否|能否|麻煩|拜託|有人|順便|想請|要不要|想|要|"
    "小幫手|請|能|會|那|欸|唉|也|再|先|誰|你|妳|您|我|大家)*"
)
_FOR_US = "(?:(?:幫|替)(?:我們|我|大家)|代我)"
_BY_YOU = "(?:你|妳|您|小幫手|麻煩|拜託|請)(?:可不可以|能不能|可以|可否|能否|能|要)?幫忙?"
_AT_ONCE = "(?:們|忙|一下|先|再|也)*"


@dataclass(frozen=True)
class Errands:
    """What may follow 「幫我」, folded, and whether the bot cannot do it.

    `asks` finds who is asked. 「可以幫忙翻譯嗎」 asks nobody: it may be about the volunteers that
    were just spoken of.
    """

    words: Mapping[str, bool]
    asks: re.Pattern[str]

    @classmethod
    def of(
        cls, errands: Collection[str], helps: Collection[str], fold: Callable[[str], str]
    ) -> Errands:
        """The errands of the data, and what begins like one and is none."""
        return cls(
            words={fold(one): one in errands for one in (*errands, *helps)},
            asks=re.compile(fold(f"{_POLITE}(?:{_FOR_US}|{_BY_YOU}){_AT_ONCE}")),
        )

    def has(self, short: str) -> bool:
        """Whether bare letters of folded text ask for an errand."""
        asked = self.asks.match(short)
        if asked is None:
            return False
        wanted = [one for one in self.words if short.startswith(one, asked.end())]
        return bool(wanted) and self.words[max(wanted, key=len)]
