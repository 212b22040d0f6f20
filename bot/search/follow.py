"""Short questions that only make sense after the one before: 「那三民二所呢」, 「誰負責」, 「第二點呢」."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from bot.plans import roc
from bot.plans.corpus import Corpus
from bot.plans.model import Node
from bot.search.scope import Names
from bot.search.words import Folder, Lexicon, bare

_CHINESE = "一二三四五六七八九十"
_WHO = r"^(?:那|啊|所以)*(?:這個?|這條|它)?(?:是|要|歸|該)?(?:由)?(?:誰|哪個?(?:單位|科室|科|室|組|課)|負責單位|承辦單位)(?:是)?(?:誰|哪個?|負責|主辦|管|承辦|要負責|要做|呢|的)*$"
_WHY = r"^(?:那|啊)*為(?:什麼|甚麼|何|啥)(?:要|呢|會|這樣|要這樣|要做)*$"
_NTH = rf"^(?:那|啊)*第([{_CHINESE}\d]{{1,2}})(?:點|條|項|個|款)(?:呢|咧|是|什麼|說|寫|內容|是什麼|怎麼寫)*$"
_NEXT = r"^(?:那|啊)*(?:下一?[條點項個]|接下來|後面那?[條點]?)(?:呢|是|什麼|內容|是什麼)*$"
_BEFORE = (
    r"^(?:那|啊)*(?:上一?[條點項個]|前一?[條點項個]|前面那?[條點]?)(?:呢|是|什麼|內容|是什麼)*$"
)
_WHOLE = r"^(?:給我|我要|看|的)*(?:全文|完整(?:條文|內容|版)?|原文|整條|詳細(?:內容)?)(?:呢|給我|是什麼)*$"
_OTHER = r"^(?:還有|有沒有)*(?:別的|其他|其它|另外)(?:的)?(?:答案|條文|規定|嗎|呢)*$"
_THAT = r"^(?:那|啊|阿|至於|換成|改問)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Previous:
    """What the conversation was about: the question and its clauses in the order shown.

    `listed`: they stood in a numbered list, so 「第二點」 is its second entry.
    """

    question: str
    clauses: tuple[str, ...]
    listed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """What a short question means: another question, or nodes to show.

    `what` is `asks`, `who`, `why`, `node` or `others`.
    """

    what: str
    question: str = ""
    nodes: tuple[Node, ...] = ()


class Follower:
    """Understands short questions by the conversation."""

    def __init__(self, corpus: Corpus, names: Names, lexicon: Lexicon, fold: Folder) -> None:
        self._corpus = corpus
        self._names = names
        self._lexicon = lexicon
        self._fold = fold

    def follow(self, question: str, previous: Previous | None) -> Followed | None:
        """What a question means after another; None when it stands for itself."""
        if previous is None:
            return None
        folded = self._fold(question)
        short = bare(folded)
        known = tuple(
            self._corpus.nodes[one] for one in previous.clauses if one in self._corpus.nodes
        )
        if known:
            about = self._about(short, known, listed=previous.listed)
            if about is not None:
                return about
        return self._again(question, folded, short, previous)

    def _about(self, short: str, known: tuple[Node, ...], *, listed: bool) -> Followed | None:
        if self._is(_WHO, short):
            return Followed(what="who", nodes=known[:1])
        if self._is(_WHY, short):
            return Followed(what="why", nodes=known[:1])
        if self._is(_WHOLE, short):
            return Followed(what="node", nodes=known[:1])
        if self._is(_OTHER, short):
            return Followed(what="others", nodes=known[1:])
        before, after = self._corpus.neighbours(known[0])
        for pattern, node in ((_NEXT, after), (_BEFORE, before)):
            if self._is(pattern, short):
                return Followed(what="node", nodes=(node,) if node else ())
        nth = _compiled(self._fold(_NTH)).match(short)
        if nth:
            number = roc.number(nth[1]) or 0
            if listed:
                return Followed(what="node", nodes=known[number - 1 : number])
            return Followed(what="node", nodes=self._nth(number, known))
        return None

    def _nth(self, number: int, known: tuple[Node, ...]) -> tuple[Node, ...]:
        """The clause of this number beside the one that was shown, or in the list that was."""
        parent = self._corpus.nodes.get(known[0].parent or "")
        while parent is not None:
            for child in parent.children:
                if child.rpartition(".")[2] == str(number):
                    return self._corpus.leaves(self._corpus.nodes[child])
            parent = self._corpus.nodes.get(parent.parent or "")
            if parent is not None and len(parent.segments) < 3:
                break
        return known[number - 1 : number]

    def _again(self, question: str, folded: str, short: str, previous: Previous) -> Followed | None:
        """The question before, asked for another unit or year, or with a further detail."""
        that = _compiled(self._fold(_THAT)).match(short) is not None
        names = self._names.find(folded)
        years = roc.years_in(question)
        rest = folded
        for _, start, end in reversed(names):
            rest = rest[:start] + rest[end:]
        rest = self._lexicon.content(self._fold(roc.without_years(rest)))
        left = bare(re.sub("[那呢咧啊阿的]", "", rest))
        if (names or years) and (len(left) <= 1 or (that and len(left) <= 2)):
            kept = self._without_names(previous.question)
            return Followed(what="asks", question=f"{question.strip('那呢?？ ')} {kept}")
        if that and len(short) <= 10 and not names and len(left) <= 6:
            return Followed(what="asks", question=f"{previous.question} {question}")
        return None

    def _without_names(self, question: str) -> str:
        folded = self._fold(question)
        kept = question if len(folded) == len(question) else folded
        for _, start, end in reversed(self._names.find(folded)):
            kept = kept[:start] + " " + kept[end:]
        return roc.without_years(kept).strip()

    def _is(self, pattern: str, short: str) -> bool:
        return _compiled(self._fold(pattern)).match(short) is not None


@lru_cache(maxsize=64)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
