"""Details that a few words ask for (how often, how much), and whether a clause states one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.plans.model import Node
from bot.search.detail_kinds import ELIGIBLE, ENUMERATION, KINDS, LOOKER, NUMBER, PAYER, SCORE
from bot.search.words import Folder, Lexicon

_RUNS = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """A kind of detail, folded: how it is asked for, and how a clause states it.

    `said` is its name in a sentence; `vague` are words that state it only vaguely. `decides`: of
    two clauses on one subject the one that states it is the answer. `plainly`: a clause that is
    found for a question and does not state it is known to lack it. `loose`: what states it fits
    much else, so that another clause than the one that was shown is not taken to.
    """

    name: str
    said: str
    ask: re.Pattern[str]
    told: re.Pattern[str]
    vague: re.Pattern[str] | None
    decides: bool
    plainly: bool
    loose: bool


_EACH = re.compile(r"哪[几幾\d]")  # 「寫了哪些」 asks for clauses, not for what one enumerates
_OF_LIST = frozenset({NUMBER, ENUMERATION})
_BESIDE, _NEXT = "要帶或準備什麼", re.compile(r"[,，;；?？\n]+.")

# What may stand around a detail; if nothing else is left, the question has no subject of its own.
_AROUND = (
    r"所以|而且|還有|然後|另外|順便|對了|話說|那麼|不過|但是|可是|因為|如果|假如|萬一|就是|其實|反正|總之|聽說|據說|真的假的|是真的|請問|想問|不知道|好像|最後|現在|目前|固定|總共|一共|總計|合計|部分|方面|預計|一年|今年|每年|一個月|每個?月|是不是|有沒有|會不會|要不要|可不可以|能不能|一定|必須|需要|可以|應該|通知|事先|提前|之後|以後|結果|限制|規定|"
    r"我們所?|本所|所裡|你們|自己|這個|那個|每次|一次|一下|大概|通常|裡面|上面|下面|"
    r"[這那它會要可能得該也都還先再才就只又去來打看發做辦交填寫報查測收用開送給找問審跑管弄出派完好到有沒是從在了的第個次多幾被怕麼啊嘛吧喔呢嗎咧勒齁厚捏條]"
)
# Words that say what is done or what is meant, with any subject: alone they are none.
_LIGHT = (
    r"定期|注意|準備|缺失|符合|問卷|訂定|擬定|研訂|修訂|修正|修改|統計|分析|更新|維護|申請|辦理|處理|執行|進行|參加|報名|登記|測試|調查|檢查|查核|抽查|公告|公布|回覆|回報|提報|提出|繳交|負責|配合|"
    r"公開|計畫|規定|條文|資料|文件|表格|格式|附件|內容|時間|地點|方式|方法|流程|步驟|項目|條件|資格|期限|單位|人員|對象|標準"
)
_NOUNS = (
    "執行計畫",
    "工作計畫",
    "實施計畫",
    "成果報告",
    "參獎申請書",
    "申請書",
    "今年計畫",
    "今年的計畫",
    "年度計畫",
)
"""Papers, which are a subject though their parts are not."""
_WHOLE = (
    "[公工協學社議]會|(?:委員|說明|座談|研習|運動|同樂)會|看診|看板|看護|出院|到宅|到府|問安|訪查|查訪|報備|電子報|收托|發照|"
    "管道|用藥|送餐|多元|在地|在宅|要項|跑馬燈|就醫|就診|就業|交通"
)
"""Words that stay whole though they have letters that may stand around a detail."""
_ASKS = r"怎樣|怎麼|如何|什麼|[哪誰幾]|多少|[嗎呢咧吧]$|沒有?$|[要會能可是有]不|有沒有|^(?:那|啊)?(?:要|會|可以|能|需要|一定|也要|還要)|幹嘛|做什麼|怎麼辦|怎樣$"
_AFTER = (
    r"^(?:那|啊|所以)?.{0,6}(?:完|結果|出來|結束|之後|以後|好了)(?:了|出來|之後|以後|後)*"
    r"(?:要|該)?(?:幹嘛|做什麼|幹什麼|怎麼辦|呢)$"
    r"|(?:缺失|不好|很差|太低|不及格|不合格|沒過|考差|考不好).{0,3}(?:要|該)?(?:幹嘛|做什麼|幹什麼|怎麼辦|怎麼改|怎麼處理)$"
)
_WHO = r"(?<![給向跟])誰|哪個?一?[個間]?(?:單位|科|室|組|課|局|處|所)"
# Which of something: where no detail is named, a clause tells it if it lists some.
_WHICH = r"^(?:那|啊|是|有|分別|總共|一共|到底|包括|包含|所以)*哪(?:些|幾).{0,2}?(?:有|是|呢|啊)*$"
_LISTS = r"、|包括|包含|例如|[(「：]"
_PARTS = re.compile(r"[^,，;；。:：\n]+")
_PART, _MOSTLY, _MORE = 36, 0.7, 3
"""Letters of a part of a clause that is pointed at, how much of the clause it may be, and how many
more it has than the words of the question."""
_RUNS_KEPT = 512  # runs of questions whose plans' words are kept
_ON = 0.6  # of the pairs of letters of a subject
_IMPROVES = r"檢討|改善|改進|提列|列入|分析"


class Details:
    """Reads which detail a question asks for."""

    def __init__(self, fold: Folder, lexicon: Lexicon) -> None:
        self._fold = fold
        self._lexicon = lexicon
        self._kinds = tuple(
            Detail(
                name=one.name,
                said=one.said or one.name,
                ask=re.compile(fold(one.ask)),
                told=re.compile(fold(one.told)),
                vague=re.compile(fold(one.vague)) if one.vague else None,
                decides=one.decides,
                plainly=one.plainly,
                loose=one.loose,
            )
            for one in KINDS
        )
        self._folded: dict[str, str] = {}
        self._plan_words = lru_cache(maxsize=_RUNS_KEPT)(self._find_plan_words)
        self._around = re.compile(fold(_AROUND))
        self._light = re.compile(fold(_LIGHT))
        words = {word for one in lexicon.synonyms.items() for word in (one[0], *one[1])}
        self._nouns = frozenset(fold(word) for word in _NOUNS)
        words |= self._nouns
        known = sorted((word for word in words if len(word) > 1), key=len, reverse=True)
        self._known = re.compile(
            f"({'|'.join([*map(re.escape, known), fold(_LIGHT), fold(_WHOLE)])})"
        )
        self._who = re.compile(fold(_WHO))
        self._asks = re.compile(fold(_ASKS))
        self._after = re.compile(fold(_AFTER))
        self._which = re.compile(fold(_WHICH))
        self._lists = re.compile(fold(_LISTS))
        self._improves = re.compile(fold(_IMPROVES))

    def asked(self, folded: str) -> Detail | None:
        """The detail that a question asks for."""
        return next(iter(self.all_asked(folded)), None)

    def all_asked(self, folded: str) -> Iterator[Detail]:
        """The details that a question asks for."""
        return (one for one in self._kinds if one.ask.search(folded))

    def lacking(
        self, folded: str, nodes: Sequence[Node], *, listed: bool = False
    ) -> tuple[tuple[str, ...], str]:
        """What a question asks for besides and no clause states, and what the first one has instead.

        A place and an age are left out: clauses tell them in too many ways to say that one does
        not; and what to prepare, but in a message with several questions; and of a list how many
        there are and which, because it is that.
        """
        beside = _BESIDE if _NEXT.search(folded) else ""
        lacks: list[Detail] = []
        for one in self._kinds:
            found, (folded, times) = folded, one.ask.subn(" ", folded)
            is_known = (one.plainly or one.name == beside) and not (listed and one.name in _OF_LIST)
            is_known = is_known and (one.name != ENUMERATION or _EACH.search(found) is not None)
            if times and is_known and not any(self.states(node, one) for node in nodes):
                lacks.append(one)
        vaguely = self.vaguely(nodes[0], lacks[0]) if len(lacks) == 1 and nodes else ""
        return tuple(dict.fromkeys(one.said for one in lacks)), vaguely

    def stated(self, folded: str, node: Node) -> tuple[tuple[str, ...], str]:
        """What a question asks for that a clause surely states, and the question without what can
        be said for sure."""
        found: list[str] = []
        for one in self._kinds:
            is_told = (one.plainly or one.decides) and self.states(node, one)
            if (is_told or one.plainly) and one.ask.search(folded):
                folded = one.ask.sub(" ", folded)
                found += [one.said] if is_told else []
        return tuple(dict.fromkeys(found)), folded

    def is_question(self, short: str) -> bool:
        """Whether letters ask something, rather than only name it."""
        return self._asks.search(short) is not None or self.asked(short) is not None

    def asks_who(self, short: str) -> bool:
        """Whether letters ask for a unit or for people, not for who pays, looks, or may have it."""
        detail = self.asked(short)
        is_other = detail is not None and detail.name in (ELIGIBLE, LOOKER, PAYER, SCORE)
        return not is_other and self._who.search(short) is not None

    def asks_what_follows(self, short: str) -> bool:
        """Whether letters ask what has to be done afterwards."""
        return self._after.search(short) is not None

    def asks_which(self, short: str) -> bool:
        """Whether letters ask only which ones, of something that they hardly name: 「哪幾種」."""
        return self._which.match(short) is not None

    def lists_some(self, node: Node) -> bool:
        """Whether a clause lists some of a kind."""
        return self._lists.search(self._said(node)) is not None

    def says_what_follows(self, node: Node) -> bool:
        """Whether a clause says what is done with results."""
        return self._improves.search(self._said(node)) is not None

    def states(self, node: Node, detail: Detail) -> bool:
        """Whether a clause states a detail of this kind."""
        return detail.told.search(self._said(node)) is not None

    def stating(self, node: Node, folded: str) -> str:
        """The part of a clause, in its own words, that says what a question asks for.

        That is what states the detail; where none is asked for, what has the question's words. Of
        several parts it is those with most of the question's letters; nothing where that is nearly
        all of the clause, or too long to be pointed at.
        """
        said, detail = self._said(node), self.asked(folded)
        if len(said) != len(node.words):
            return ""
        runs = [one for one in self.subject(folded) if len(one) > 1 and not self.is_light(one)]
        places = (
            [said.find(one) for one in runs if one in said]
            if detail is None
            else [one.start() for one in detail.told.finditer(said)]
        )
        parts = [
            part
            for part in _PARTS.finditer(said)
            if any(part.start() <= one < part.end() for one in places)
            and not any(len(part[0]) - len(one) < _MORE for one in runs if one in part[0])
        ]
        shares = [_pairs_in(folded, part[0]) for part in parts]
        if detail is not None and detail.loose and not any(shares):
            return ""  # what lists some does not tell of what
        best = [one for one, share in zip(parts, shares, strict=True) if share == max(shares)]
        while best and not self._is_pointed(best[0].start(), best[-1].end(), said):
            best.pop()
        return node.words[best[0].start() : best[-1].end()].strip(" (") if best else ""

    def _is_pointed(self, start: int, end: int, said: str) -> bool:
        return end - start <= min(_PART, _MOSTLY * len(said))

    def vaguely(self, node: Node, detail: Detail) -> str:
        """The clause's own words that state a detail only vaguely: 定期 where 多久一次 is asked."""
        found = detail.vague.search(self._said(node)) if detail.vague else None
        is_aligned = len(self._said(node)) == len(node.words)
        return node.words[slice(*found.span())] if found and is_aligned else ""

    def subject(self, folded: str) -> tuple[str, ...]:
        """The runs of letters that a question brings beside the detail and filling words.

        Words that we know stay whole: 隨到隨辦 has filling letters in it.
        """
        rest = folded
        for kind in self._kinds:
            rest = kind.ask.sub(" ", rest)
        runs: list[str] = []
        for place, piece in enumerate(self._known.split(self._lexicon.content(rest))):
            runs += [piece] if place % 2 else _RUNS.findall(self._around.sub(" ", piece))
        return tuple(runs)

    def is_light(self, run: str) -> bool:
        """Whether a run says only what is done with some subject, or what of it is meant."""
        return run not in self._nouns and len(self._light.sub("", run)) <= 1

    def names(self, node: Node, runs: tuple[str, ...]) -> bool:
        """Whether every run stands in a clause: whole, piece by piece, or in the plan's words."""
        said = self._said(node)
        return bool(runs) and all(
            _stands(run, said) or any(word in said for word in self._plan_words(run))
            for run in runs
        )

    def _said(self, node: Node) -> str:
        """A clause's words, folded; kept, because each is looked at again and again."""
        if node.id not in self._folded:
            self._folded[node.id] = self._fold(node.words)
        return self._folded[node.id]

    def _find_plan_words(self, run: str) -> tuple[str, ...]:
        """The plans' words for a run that is, but for a letter, one everyday word."""
        return tuple(
            plan
            for word, plans in self._lexicon.synonyms.items()
            if word in run and len(run) - len(word) <= 1
            for plan in plans
        )

    def has_one(self, node: Node, runs: tuple[str, ...]) -> bool:
        """Whether one of the runs stands in a clause letter by letter."""
        said = self._said(node)
        return any(run in said for run in runs)

    def is_on(self, node: Node, runs: tuple[str, ...]) -> bool:
        """Whether a clause, with the headings above it, is on what the runs name, or nearly."""
        said = self._fold(" ".join((*node.trail, node.words)))
        words = [word for run in runs for word in (run, *self._plan_words(run))]
        return any(
            word in said or (word not in self._nouns and _pairs_in(word, said) >= _ON)
            for word in words
        )

    def share(self, node: Node, runs: tuple[str, ...]) -> float:
        """How much of the runs stands in a clause, by pairs of letters, from 0 to 1."""
        if self.names(node, runs):
            return 1.0
        return _pairs_in(" ".join(runs), self._said(node))


def _pairs_in(words: str, said: str) -> float:
    """How many of the pairs of letters of some words stand in a text, from 0 to 1."""
    runs = words.split()
    pairs = [run[at : at + 2] for run in runs for at in range(max(len(run) - 1, 1))]
    return sum(pair in said for pair in pairs) / len(pairs) if pairs else 0.0


def _stands(run: str, said: str) -> bool:
    if run in said:
        return True
    pairs = [run[at : at + 2] for at in range(len(run) - 1)]
    return len(run) > 3 and all(pair in said for pair in pairs)
