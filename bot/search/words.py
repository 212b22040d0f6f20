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

_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")
_RUNS = re.compile(r"[a-z0-9]+|[^\W\d_a-z]+")


class Folder:
    """Turns text into the one form in which it is compared.

    Full width becomes half width, capitals small, Traditional forms the simplified form of the
    same character, invisible and direction marks go. It is for comparing only: nothing that a
    person reads is folded.
    """

    def __init__(self, forms: Mapping[str, str]) -> None:
        self._table = str.maketrans(dict(forms))

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
        """The folded text."""
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
    greetings: tuple[str, ...]
    thanks: tuple[str, ...]
    insults: tuple[str, ...]
    errands: tuple[str, ...]
    small_talk: Mapping[str, tuple[str, ...]]
    synonyms: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Lexicon:
    """The words of `data/words.yaml`, folded.

    `synonyms` gives for each everyday word the plan's words of the same concept; `small_talk`
    for words that are talk and nothing else its topic, such as `laugh`.
    """

    greetings: frozenset[str]
    thanks: frozenset[str]
    insults: re.Pattern[str]
    errands: re.Pattern[str]
    small_talk: Mapping[str, str]
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
            greetings=frozenset(bare(fold(word)) for word in content.greetings),
            thanks=frozenset(bare(fold(word)) for word in content.thanks),
            insults=_only(content.insults, fold),
            errands=_asked_of_us(content.errands, fold),
            small_talk={
                bare(fold(word)): topic
                for topic, words in content.small_talk.items()
                for word in words
            },
            question_words=tuple(
                sorted((fold(word) for word in content.question_words), key=len, reverse=True)
            ),
            synonyms={word: _others(groups, word) for group in groups for word in group[1:]},
        )

    def is_insult(self, short: str) -> bool:
        """Whether letters of folded text are an insult and nothing else."""
        return self.insults.fullmatch(short) is not None

    def is_errand(self, short: str) -> bool:
        """Whether letters of folded text ask the bot to run an errand."""
        return self.errands.match(short) is not None

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


# What stands around an insult: you, such a, really, machine.
_AROUND = "[你妳您們這那個是真的好很超有夠太死大笨爛臭啦啊喔吧嗎耶欸了小幫手機器人系統程式]*"


def _only(words: Sequence[str], fold: Folder) -> re.Pattern[str]:
    """A pattern for letters of folded text that are some of the words and filling words alone."""
    around = fold(_AROUND)
    found = "|".join(re.escape(bare(fold(word))) for word in words)
    return re.compile(f"{around}(?:(?:{found}){around})+")


def _asked_of_us(errands: Sequence[str], fold: Folder) -> re.Pattern[str]:
    """A pattern for «help me» with one of the errands at the beginning."""
    found = "|".join(re.escape(bare(fold(one))) for one in errands)
    asking = fold("[請麻煩可以不能你妳您小幫手]*(?:幫|替)(?:忙|我們?|大家|[我你]?一下)*")
    return re.compile(f"{asking}(?:{found})")


def _others(groups: Sequence[Sequence[str]], word: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(group[0] for group in groups if word in group[1:]))


def _stands_in(word: str, folded: str) -> bool:
    """Whether a word stands in the text; Latin words only whole."""
    if word not in folded:
        return False
    return not word.isascii() or bool(
        re.search(rf"(?<![a-z0-9]){re.escape(word)}(?![a-z0-9])", folded)
    )
