"""What people say between their questions: 「難怪」, 「真是幫了大忙」."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.search.details import Details
from bot.search.words import Folder, bare

_LONGEST = 6  # letters of a remark before a question
_NOT_BUT = re.compile(
    r"(?:[啊欸喔哦蛤那]|我|如果|要是)*不是(?:[说說问問指])?(?!.{0,6}[吗嗎吧])[^,，。、 ]{1,8}[,，。、 ]+(?:我?(?:[說说問问]的)?是)?(?P<rest>.{3,})"
)
_MEANT_NOT = re.compile(
    r"(?:[啊欸喔哦]|我(?:是)?(?:要|想)?[說说問问指]的?是?)*(?P<meant>[^,，。]{3,20})[,，。、 ]+(?:我)?不是(?:[說说問问指])?(?!.{0,8}(?:我們|我们|他們|他们|吧))[^,，。?？嗎吗]{2,10}[啦喔欸]?$"
)
_BACK = re.compile(
    r"^(?:[好那啊欸再]|然後)*(?:[再先]?[回說说講讲]回?到|換回|换回)[^\s,，。]{1,8}[\s,，。]+(?=.{2})"
)
_SENTENCES = re.compile(r"[。！!\n]+")
_BETWEEN = re.compile(r"[\s,，。;；!！~～…]+")
# Marks, and the particles that ask for a yes or wonder; words that want something done.
_ASKS = re.compile(r"[?？]|還是|还是|啥|[嗎吗呢咧吧喔哦囉啰齁吼厚勒膩捏耶欸ㄟ]\W*$")
_WANTS = re.compile(
    "給|给|列|看|幫|帮|再|請|请|我要|我想|我是|查|找|[說说講讲](?=[明解給给]|一[下次遍])|[請请想再][問问]|[問问]一?下|繼續|继续|全|換|换"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Remarks:
    """Tells remarks from questions.

    `is_word` tells whether folded letters stand in any clause.
    """

    details: Details
    fold: Folder
    is_word: Callable[[str], bool]

    def asks_nothing(self, said: str) -> bool:
        """Whether words neither ask nor want anything; they may name a subject."""
        return not (self._asks(said) or _WANTS.search(said))

    def _asks(self, said: str) -> bool:
        return bool(_ASKS.search(said)) or self.details.is_question(bare(self.fold(said)))

    def corrects(self, question: str) -> bool:
        """Whether a question says what is not meant, and what is: 「不是成果，是計畫」."""
        return self._meant(question) != ""

    def _meant(self, question: str) -> str:
        """What is meant by a correction, as a question; nothing where it is none."""
        but, meant = _NOT_BUT.match(question.strip()), _MEANT_NOT.match(question.strip())
        if but is not None and self._names(but["rest"]):
            return but["rest"] if self._asks(but["rest"]) else f"{but['rest']}呢"
        return meant["meant"] if meant is not None and self._names(meant["meant"]) else ""

    def without(self, question: str) -> str:
        """A question without remarks before it, where a subject is left."""
        if (meant := self._meant(question)) != "":
            return meant
        question = _BACK.sub("", question.strip())
        last = self._last_sentence(question)
        if last:
            return self.without(last)
        found = _BETWEEN.search(question.strip())
        if found is None:
            return question
        first, rest = question.strip()[: found.start()], question.strip()[found.end() :]
        is_short = len(bare(self.fold(first))) <= _LONGEST and not first.isascii()
        is_said = is_short and rest and self.asks_nothing(first) and not self._names(first)
        return self.without(rest) if is_said else question

    def without_preamble(self, question: str) -> tuple[str, bool]:
        """A question without what is told before it, however long: 「我剛調來，…」, and whether that
        names something of the plans; nothing where nothing is told."""
        found = _BETWEEN.search(question.strip())
        if found is None:
            return "", False
        first, rest = question.strip()[: found.start()], question.strip()[found.end() :]
        is_told = self.asks_nothing(first) and self._asks(rest) and self._names(rest)
        return (rest, self._names(first)) if is_told else ("", False)

    def _last_sentence(self, question: str) -> str:
        """The last of several sentences, where it alone asks, and has a subject; else nothing."""
        *before, last = [one for one in _SENTENCES.split(question) if one.strip()] or [""]
        is_asked = self._asks(last)
        is_alone = all(self.asks_nothing(one) for one in before)
        runs = self.details.subject(self.fold(last))
        own = any(len(one) > 1 and not self.details.is_light(one) for one in runs)
        return last if before and is_asked and is_alone and own and self._names(last) else ""

    def _names(self, said: str) -> bool:
        runs = self.details.subject(self.fold(said))
        return any(self.is_word(one[at : at + 2]) for one in runs for at in range(len(one) - 1))
