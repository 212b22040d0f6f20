"""What curators taught: a question linked to clauses, a FAQ entry, or «outside the plans»."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from bot.search import privacy
from bot.search.encoders import Matrix
from bot.search.index import Index
from bot.search.words import Folder, bare

SAME = 0.9
"""From this likeness on two questions are the same question otherwise put; paraphrases of one
clause are mostly below, so that a taught answer does not spread to its neighbours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taught:
    """One question and what answers it: clauses, an entry's own words, or neither (outside)."""

    question: str
    clauses: tuple[str, ...] = ()
    faq: str = ""


@dataclass(frozen=True)
class Curated:
    """The teaching of one version; `vectors` (questions, dimensions) where there is an encoder."""

    taught: tuple[Taught, ...]
    exact: dict[str, int]
    vectors: Matrix | None
    version: int

    @classmethod
    def none(cls) -> Curated:
        """No teaching yet."""
        return cls((), {}, None, 0)

    @classmethod
    def of(cls, taught: Sequence[Taught], version: int, index: Index, fold: Folder) -> Curated:
        """The teaching, its questions encoded; of two for one question the later counts."""
        vectors = None
        if index.meaning is not None and taught:
            vectors = np.stack([index.meaning.question(one.question)[1] for one in taught])
        exact = {_key(fold(one.question), fold): at for at, one in enumerate(taught)}
        return cls(tuple(taught), exact, vectors, version)

    def match(self, question: str, index: Index) -> Taught | None:
        """What was taught for this question, or for one that means the same.

        Personal data does not count: the taught question was kept without it.
        """
        if not self.taught:
            return None
        question = privacy.redacted(question)
        at = self.exact.get(_key(index.fold(question), index.fold))
        if at is not None:
            return self.taught[at]
        if self.vectors is None or index.meaning is None:
            return None
        likeness = self.vectors @ index.meaning.question(question)[1]
        best = int(likeness.argmax())
        return self.taught[best] if likeness[best] >= SAME else None


_BEFORE = "(?:不好意思|請問|請教|想問|想知道|麻煩|我|想|一下)*"
_AFTER = "[嗎呢啊呀喔哦啦耶吧欸]*"


def _key(folded: str, fold: Folder) -> str:
    """A folded question without marks and without what only makes it polite."""
    short = bare(folded)
    found = _polite(fold).fullmatch(short)
    return (found[1] if found else "") or short


@lru_cache(maxsize=8)
def _polite(fold: Folder) -> re.Pattern[str]:
    return re.compile(f"{fold(_BEFORE)}(.*?){fold(_AFTER)}")
