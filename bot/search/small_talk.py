"""Small talk: sentences made of courtesies, sighs and talk about the bot, and of nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

_BEFORE = frozenset(
    {"thanks", "okay", "greeting", "morning", "here", "laugh", "tired", "wish", "will"}
)
_AFTER = frozenset({"thanks", "praise", "laugh"})
"""What is said before and after a question and is no part of it."""
_MARKS = r"""[^\w「」『』《》()（）"'“”:：/#＃%、-]+"""
_AFTER_THANKS = "|".join("(?<=[謝谢]{2}" + r"[^\W那]" * letters + ")" for letters in range(4))
_STARTS = re.compile(
    rf"{_MARKS}|{_AFTER_THANKS}|(?=那(?![些個个位種种邊边])|請問|请问|想問|想问|我想)"
)
_ENDS = re.compile(
    rf"{_MARKS}|(?=(?:謝謝|谢谢|感謝|感谢|感恩|辛苦了|3q|thx)[^\W我]{{0,4}}\W*$)", re.IGNORECASE
)
_QUOTES = re.compile(r"[說说講讲道喊唸念聲声句跟]\s*$")  # 「要說 謝謝」 is about the word


@dataclass(frozen=True)
class SmallTalk:
    """What is small talk, as bare letters of folded text.

    `parts` are by topic, the topic that wins over the others first; `beside` the words that may
    stand beside the parts of one topic, `fillers` those that may stand beside any.
    """

    parts: Mapping[str, frozenset[str]]
    beside: Mapping[str, frozenset[str]]
    fillers: frozenset[str]

    def topic_of(self, short: str) -> str:
        """The topic of letters that are small talk and nothing else; else nothing."""
        if not self._is_made_of(short, self._parts, self._anything):
            return ""
        return next((topic for topic in self.parts if self._is_on(topic, short)), "")

    def asked(self, question: str, bare: Callable[[str], str]) -> str:
        """A question without the courtesies before and after it: 「謝謝，那誰負責」.

        Args:
            question: as typed.
            bare: what makes bare letters of typed text.
        """
        return self._without_last(self._without_first(question, bare), bare)

    def _without_first(self, question: str, bare: Callable[[str], str]) -> str:
        for found in reversed([*_STARTS.finditer(question)]):
            said, rest = question[: found.start()], question[found.end() :]
            if bare(rest) and self.topic_of(bare(said)) in _BEFORE:
                return rest
        return question

    def _without_last(self, question: str, bare: Callable[[str], str]) -> str:
        for found in _ENDS.finditer(question):
            rest, said = question[: found.end()].rstrip(" ,，;；~～"), question[found.end() :]
            is_said = bare(rest) and not _QUOTES.search(rest)
            if is_said and self.topic_of(bare(said)) in _AFTER:
                return rest
        return question

    def _is_on(self, topic: str, short: str) -> bool:
        others = self._anywhere | self.beside.get(topic, frozenset())
        return self._is_made_of(short, self.parts[topic], others)

    def _is_made_of(self, text: str, parts: frozenset[str], others: frozenset[str]) -> bool:
        """Whether a text can be cut into words of both kinds, with a part among them."""
        without, with_part = {0}, set[int]()  # the places that cuts reach
        for start in range(len(text)):
            if start not in without and start not in with_part:
                continue
            for end in range(start + 1, min(start + self._longest, len(text)) + 1):
                word = text[start:end]
                if word in parts:
                    with_part.add(end)
                elif word in others:
                    (with_part if start in with_part else without).add(end)
        return len(text) in with_part

    @cached_property
    def _parts(self) -> frozenset[str]:
        return frozenset[str]().union(*self.parts.values())

    @cached_property
    def _anywhere(self) -> frozenset[str]:
        return self._parts | self.fillers

    @cached_property
    def _anything(self) -> frozenset[str]:
        return self._anywhere.union(*self.beside.values())

    @cached_property
    def _longest(self) -> int:
        return max(map(len, self._anything), default=0)
