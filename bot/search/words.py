"""Text as the search sees it: folded to one form, cut into short runs of characters.

Word segmentation of Traditional Chinese was measured and cut wrongly more often than it helped;
runs of one to three characters need no dictionary and forgive a typing slip.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pydantic

from bot.errors import DataError
from bot.plans.corpus import read_yaml
from bot.search.errands import Errands
from bot.search.small_talk import SmallTalk

_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")
_PATTERN = "(?:"  # stands in nearly all patterns, and in nothing that a person writes
_PATTERNS = 2048
_RUNS = re.compile(r"[a-z0-9]+|[^\W\d_a-z]+")


class Folder:
    """Turns text into the one form in which it is compared.

    Full width becomes half width, capitals small, Traditional forms the simplified form of the
    same character, invisible and direction marks go. It is for comparing only: nothing that a
    person reads is folded.
    """

    def __init__(self, forms: Mapping[str, str]) -> None:
        self._table = str.maketrans(dict(forms))
        self._pattern = lru_cache(maxsize=_PATTERNS)(self._folded)

    @classmethod
    def read(cls, file: Path) -> Folder:
        """The folder of `data/characters.txt`.

        Raises:
            DataError: the file cannot be read.
        """
        try:
            lines = file.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as exc:
            raise DataError(file, None, f"cannot be read ({exc})", "restore the file") from exc
        groups = [group for line in lines if not line.startswith("#") for group in line.split()]
        return cls({form: group[0] for group in groups for form in group[1:]})

    def __call__(self, text: str) -> str:
        """The folded text. Patterns are folded once: a question needs more than a hundred."""
        return self._pattern(text) if _PATTERN in text else self._folded(text)

    def _folded(self, text: str) -> str:
        plain = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).lower()
        return plain.translate(self._table)


def bare(folded: str) -> str:
    """Folded text with letters and digits only."""
    return "".join(_RUNS.findall(folded))


@lru_cache(maxsize=64)
def grams(folded: str) -> tuple[str, ...]:
    """The runs of one, two and three neighbouring characters of folded text.

    Latin words and numbers stay whole, because parts of them mean nothing. Runs go over
    punctuation, because staff type without it.
    """
    units: list[str] = []
    for run in _RUNS.findall(folded):
        if run[0].isascii():
            units.append(run)
        else:
            units.extend(run)
    return tuple(
        "".join(units[at : at + length])
        for length in (1, 2, 3)
        for at in range(len(units) - length + 1)
    )


class _LexiconIn(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="forbid")
    question_words: tuple[str, ...]
    small_talk: Mapping[str, tuple[str, ...]]
    beside: Mapping[str, tuple[str, ...]]
    fillers: tuple[str, ...]
    errands: tuple[str, ...]
    helps: tuple[str, ...]
    synonyms: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Lexicon:
    """The words of `data/words.yaml`, folded.

    `synonyms` gives for each everyday word the plan's words of the same concept.
    """

    small_talk: SmallTalk
    errands: Errands
    question_words: tuple[str, ...]
    synonyms: Mapping[str, tuple[str, ...]]

    @classmethod
    def read(cls, file: Path, fold: Folder) -> Lexicon:
        """The lexicon of a file.

        Raises:
            DataError: the file is wrong.
        """
        content = read_yaml(file, _LexiconIn)
        groups = [[fold(word) for word in group] for group in content.synonyms]
        return cls(
            small_talk=SmallTalk(
                parts={topic: _bare(words, fold) for topic, words in content.small_talk.items()},
                beside={topic: _bare(words, fold) for topic, words in content.beside.items()},
                fillers=_bare(content.fillers, fold),
            ),
            errands=Errands.of(content.errands, content.helps, fold),
            question_words=tuple(
                sorted((fold(word) for word in content.question_words), key=len, reverse=True)
            ),
            synonyms={word: _others(groups, word) for group in groups for word in group[1:]},
        )

    def content(self, folded: str) -> str:
        """Folded text without the words that carry nothing in a question."""
        for word in self.question_words:
            if word in folded:
                folded = folded.replace(word, " ")
        return folded

    def plan_words(self, folded: str) -> tuple[str, ...]:
        """The plans' words for everyday words that stand in the text, longest match first."""
        found: list[str] = []
        rest = folded
        for word in sorted(self.synonyms, key=len, reverse=True):
            if _stands_in(word, rest):
                found.extend(one for one in self.synonyms[word] if one not in folded)
                rest = rest.replace(word, " ")
        return tuple(dict.fromkeys(found))


def _bare(words: Sequence[str], fold: Folder) -> frozenset[str]:
    return frozenset(bare(fold(word)) for word in words)


def _others(groups: Sequence[Sequence[str]], word: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(group[0] for group in groups if word in group[1:]))


def _stands_in(word: str, folded: str) -> bool:
    """Whether a word stands in the text; Latin words only whole."""
    if word not in folded:
        return False
    return not word.isascii() or bool(
        re.search(rf"(?<![a-z0-9]){re.escape(word)}(?![a-z0-9])", folded)
    )
