"""Typed text in the one form in which it is read, with the way back to what was typed."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe0f\ufeff\u00ad\ue000-\uf8ff]")
_SAME = str.maketrans(
    "进办时开结续处执规划迟还没来项条点万钟个户两计总数满对应后为张报务练训话礼场关过达现实际"
    "动无与据从较预测标让医护长专员驻线调查讲师请对补优质资讯业体馆轮辆间济费组织级单证"
    "−–—﹣﹘臺[]【】〔〕叁叄弍",
    "進辦時開結續處執規劃遲還沒來項條點萬鐘個戶兩計總數滿對應後為張報務練訓話禮場關過達現實際"
    "動無與據從較預測標讓醫護長專員駐線調查講師請對補優質資訊業體館輪輛間濟費組織級單證"
    "-----台()()()參參貳",
)
_CIRCLED = re.compile(r"[\u2460-\u2473\u2776-\u277f]")

PATH, PERCENT, AMOUNT, DAY, AHEAD = "\ue000", "\ue001", "\ue002", "\ue003", "\ue004"
IDIOM = "\ue005"
"""What stands in place of characters that were read: a path or a name, a percentage, a number
with its unit, a day, a day in the future; and of a word with a numeral that counts nothing."""

MARKS = r"\s,，。.;；:：、!！?？()「」『』~…\-/\ue000-\ue004"
"""What may stand around a word that stands by itself, for a character class."""


@dataclass(slots=True)
class Plain:
    """A text half width, in small letters and Traditional forms, one character for each other.

    `text` is what is read, and characters that were read are covered in it; `at` tells for each
    of its characters where it stands in `original`; `gone` which of them a note is without.
    """

    original: str
    text: str
    at: list[int]
    gone: list[bool]

    @classmethod
    def of(cls, original: str) -> Plain:
        """A text as typed."""
        made: list[str] = []
        at: list[int] = []
        for place, character in enumerate(original):
            folded = _fold(character)
            made.append(folded)
            at += [place] * len(folded)
        text = "".join(made)
        return cls(original=original, text=text, at=at, gone=[False] * len(text))

    def cover(self, start: int, end: int, mark: str, *, gone: bool = False) -> None:
        """Put a mark over characters that were read; `gone` takes them out of the note too."""
        self.text = self.text[:start] + mark * (end - start) + self.text[end:]
        if gone:
            self.gone[start:end] = [True] * (end - start)

    def typed(self, start: int, end: int) -> str:
        """The characters from one place to another as they were typed."""
        if start >= end:
            return ""
        return self.original[self.at[start] : self.at[end - 1] + 1]

    def left(self, start: int = 0, end: int | None = None) -> str:
        """What was typed and is not gone, word for word, a blank for each gap."""
        made: list[str] = []
        last = -1
        for place in range(start, len(self.text) if end is None else end):
            if self.gone[place]:
                made.append(" ")
            elif self.at[place] != last:
                made.append(self.original[self.at[place]])
                last = self.at[place]
        return tidy("".join(made))


def tidy(text: str) -> str:
    """Without blanks and separators at both ends, and with one blank where there were more."""
    lines = (re.sub(r"[^\S\n]+", " ", line).strip() for line in text.split("\n"))
    kept = "\n".join(line for line in lines if line).strip(" \n\t,，、;；:：。.~–—/|")
    return re.sub(r"^-+\s*(?!\d)|\s*-+$", "", kept)


def _fold(character: str) -> str:
    if _INVISIBLE.match(character):
        return ""
    if _CIRCLED.match(character):
        return "•"
    if character == "\n":
        return "\n"
    if character.isspace():
        return " "
    return unicodedata.normalize("NFKC", character).lower().translate(_SAME)
