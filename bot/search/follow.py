"""Short questions that only make sense after the one before: 「那三民二所呢」, 「誰負責」, 「第二點呢」."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from bot.plans import roc
from bot.plans.corpus import Corpus
from bot.plans.model import Node, RocYear, Unit
from bot.search.numbered import Numbered, Numbers
from bot.search.result import SOME
from bot.search.scope import Names
from bot.search.words import Folder, Lexicon, bare

_CHINESE = "一二三四五六七八九十"
_WHO = (
    r"^(?:那|啊|所以)*(?:這個?|這條|它)?(?:分別|是|要|歸|該|有)*(?:由)?(?:誰|哪(?:些|幾個?|一?個)?(?:單位|科室|課室|科|室|組|課|局處|處室)|負責單位|承辦單位)(?:的(?:業務|工作|事))?(?:是|要|該|會|來)?(?:誰|哪個?|負責|主辦|管|承辦|要負責|要做|去|來|做|辦|處理|發|寫|填|審|收|跑|回|打|查|交|送|報|繳|弄|接|訂|擬|提|顧|呢|啊|的)*$"
    r"|^(?:那|啊|所以)*(?:.{2,3}局|市府|[局所]裡|中心|公所)?那?邊?的?(?:窗口|承辦人?|聯絡人|負責人|對口)(?:是|在|找|要找|該找)*(?:誰|哪.{0,3}|哪一?個?(?:單位|科室|科|室|組|課|處))(?:呢|啊|的)*$"
    r"|^(?:and)?who(?:is|s|will|does)?(?:responsible|incharge|it|this|that|for|doit|do)*$"
)
_WHY = (
    r"^(?:那|啊)*為(?:什麼|甚麼|何|啥)(?:要|呢|會|這樣|要這樣|要做)*$"
    r"|^(?:那|啊|所以|到底|做|弄|寫|這個?|那個|這條|這樣|它)*(?:是|要)*(?:幹嘛用?|做什麼用|有什麼用|什麼用意|什麼目的|用意|目的)(?:是什麼|在哪|的|呢|啊|嗎)*$"
)
_SHOWN = (
    r"(?:呢|咧|嗎|啊|是|什麼|說|寫|內容|怎麼寫|詳細|一點|全文|完整的?|原文|再|重新|給我|讓我|我要|我想|想|可以|能|幫我|麻煩|請|"
    r"看一?[次下遍]?|講一?[次下遍]?|說一?[次下遍]?|列一?[次下遍]?|貼|一[次下遍]|出來|就好|呢)*$"
)
_ITEM = rf"^(?:那|啊|第)*\(([{_CHINESE}]{{1,2}})\)\s*(?:項|點|呢|咧|是什麼|寫什麼|說什麼|的內容|有哪些|有什麼)*[?!。]*$"
_NUMBER = r"^(\d{1,2})$"
_NEXT = r"^(?:那|啊)*(?:下一?[條點項個]|接下來|後面那?[條點]?)(?:呢|是|什麼|內容|是什麼)*$"
_BEFORE = r"^(?:那|啊)*(?:上一?[條點項個]|前一[條點項個]|前[條點項個]|前面那?[條點]?)(?:呢|是|什麼|內容|是什麼)*$"
_WHOLE = r"^(?:給我|我要|看|的|這|那|是|啊)*(?:誰(?:說|講|規定|訂)的|全文|完整(?:條文|內容|版)?|原文|整條|詳細(?:內容)?|哪一?條|第幾條|出處|(?:是)?哪[個份本]?計畫(?:規定|寫|說|講)?的?|在哪[裡一]?(?:份|本|條)?(?:規定|寫的?)?)(?:呢|啊|給我|是什麼|在哪)*$"
_OTHER = r"^(?:還有|有沒有|那|啊)*(?:別的?|其他|其它|另外)(?:的)?(?:答案|條文|規定|科室?|單位|課|室|組)*的?(?:嗎|呢|咧)*$"
_THAT = r"^(?:那|啊|阿|至於|換成|改問)"
_AND_THAT = r"^.{1,6}[呢咧]$"
_WHEN_IS_IT = (
    r"^(?:那|啊|所以|這個|這項|它|是|要|該|得|最晚|最慢)*"
    r"(?:什麼時候|何時|幾號|幾月|幾月幾[號日]|幾月底?|月底|年底|哪一?天|哪個月|到哪天|多久|期限|截止日)"
    r"(?:之?前|要|得|該|以前|會)*(?:交|繳交?|提報|提送|送|報|截止|到期|完成|做完?|辦完?|開始|結束|到|是|給|打|測|辦|查|來|去|調查|寫)*"
    r"(?:什麼時候|何時|呢|啊|出去|哪天|幾號)*$"
    r"|^(?:and)?when(?:is|s|do|does|must|it|this|that|due|we|submit|done|be)*$|^whatisthedeadline$"
)
_SO = r"^(?:那|啊|所以|請問|這個?|那個|這條|這項|它|應該|也就是說)*"
_US = r"(?:我們?(?:這邊|單位|科室?|室|課|組|局|處|所|中心|公所|院)?|本[局處所室科課中院]心?|我這邊|所[裡裏])"
_END = r"(?:的|做|管|辦|開|收|寫|訂|發|負責|要做|的事|的工作|在內|這邊|嗎|沒有?|不|呢|吧|啊|對吧|對嗎|是嗎|喔)*$"
_APPLIES = (
    rf"{_SO}{_US}"
    r"(?:也|都|還|自己|是不是|是否|需不需要|要不要|有沒有|會不會|一定|到底)*(?:需要|要|得|必須|應該|適用|算|用|有份|包括|包含|屬於|有責任)(?:自己|另外)?"
    r"(?:做|辦|交|寫|配合|參加|測|填|報|弄|管|遵守|在內|這個?|這條|到)*(?:不用|不要)?(?:嗎|沒有?|不|呢|吧)*$"
    rf"|{_SO}(?:也|都|還)?(?:不?是|是不是|歸|算|屬於|就)(?:由|歸)?{_US}{_END}"
    rf"|{_SO}(?:只有|只要|只是|只|就只有|單獨){_US}{_END}"
    rf"|{_SO}{_US}(?:也|都)?是{_END}"
    rf"|{_SO}(?:跟|和|與)?{_US}(?:沒有?|無)(?:關係?|份)?{_END}|{_SO}(?:跟|和|與)?{_US}有關係?{_END}"
)
_OURS_HAVE = (
    rf"{_SO}{_US}(?:自己|的計畫|的|這份)*(?:也|都)?(?:沒有?|有(?:沒有)?|是不是有)"
    r"(?:寫|規定|提到?|這[一]?條|這項|講)*(?:到|的)?(?:多久一?次?|幾次|期限|日期|時間)?(?:嗎|沒有?|呢|對吧|吧)*(?:還是.{0,8})?$"
)
_OURS_OF_THESE = (
    r"^(?:那|啊|只要?|就|請|我要)*(?:看|列|挑|給我)?(?:出來)?(?:哪些|哪幾[條項個]|有沒有|還有|有|其中)*(?:是|屬於|跟)*"
    r"(?:我們自己|我們|自己|本)(?:[科處室課組]|中心|單位)?(?:的|有關的?|負責的?|要做的?)(?:部分|那幾[條項]|就好)?(?:有哪些|嗎|呢)*$"
)
_THEIRS = rf"{_SO}(?:也|都|還)?(?:不?是|歸|算|由)(?:同一?[個群]?|他們|它們|這個?|那個?|一樣的?)?(?:單位|科|室|課|組|局|所|人)?{_END}"
_WITH_WHOM = (
    rf"^(?:那|啊|所以)*(?:還有(?:誰|哪些?(?:單位|科室?|室|課|組)|別的單位|其他單位)|(?:{_US})?(?:是|要)?(?:跟|和|與)(?:誰|哪些?(?:單位|科室?|室|課|組))"
    r"(?:一起|合作|配合|共同)?)(?:要|一起)?(?:做|負責|辦|弄)?(?:的|嗎|呢)*$"
)
_PASSED = (
    r"^(?:那|啊|所以|這個|這項|已經|是不是|現在|我們|第[一二12]次)*(?:都)?"
    r"(?:過期|過|到期|截止|逾期|開始|結束|到|來得及|來不來得及|還來得及|趕得上|剩(?:下)?幾天|還有幾天|剩多久|還有多久|幾天前)"
    r"(?:了|嗎|沒有?|呢|啊|吧|辦|做|交)*$"
)
_LATE = (
    r"^(?:那|啊|請問|如果|萬一|我們?|這個|這項)*"
    r"(?:可不可以|能不能|可否|能否|可以|能)?"
    r"(?:遲交|晚交|晚一?點交|晚一?點|晚幾天交?|慢一?點交|遲一?點交|延期|延後|展延|延長|緩交|寬限|補交"
    r"|(?:不|沒有?)(?:交|繳|報|做|完成)(?=會|怎|的話|行|可)|逾期(?=會|怎|了)"
    r"|(?:做|交|趕|弄|寫)?(?:不完|來不及|不出來)|來不及(?:交|做|寫|趕)?(?:完|出來)?)"
    r"(?:的話|會怎樣|會怎麼樣|會被罰|會罰|怎麼辦|要怎麼辦|可以|行|嗎|呢|嘛|行嗎|可以嗎|了|一下|幾天)*$"
)
_HANDED = r"(?<![要能可會])(?:交|送|報)(?:出去|上去)?了(?:沒有?(?!關)|嗎|吧)|有沒有(?:交|送|報)(?:出去|上去|了|過)|有(?:交|繳交?)的?紀錄|(?:去年|前年|上次|之前|我們).{0,4}有(?:交|送|報)(?:了|過)?(?:嗎|沒有?)$"
_COMPARES = (
    r"差在|差別|差異|不同|不一樣|一樣嗎|一樣$|有差|差多少|差很多|差哪|改了|有改|有變|變了|比較|對照|新舊|"
    r"跟(?:去|前一?)年|也是?(?:這樣|這麼|如此)|(?:跟|和|與)\d{3}年?(?:比|$)"
)
_SECTIONS = r"目標|對象|依據"  # a plan's own sections, which are a subject
PAST = r"(?<![點點号號月日底天前])以前(?!都?叫)|之前那?[年版]|原本|原來的|那時候|去年|前一?年|上一?版|前一?版|舊[版的那]|上個?年度|(?:之前|上一?|前一?|前面)那?一?[本份]"
# What may stand in a comparison without a subject.
_FRAME = (
    r"兩年|兩版|兩個?版本|新舊版?|新版|舊版|去年|前一?年|今年|現在|上一?版|前一?版|上個?年度|版本|年度|年|"
    r"執行計畫|工作計畫|實施計畫|計畫|條文|內容|比起來|相比|比較|對照|比|差很多|差多少|差在|差別|差異|差|"
    r"不同|不一樣|一樣|這樣寫?|這麼寫?|如此|改了|改變|改|變了|變|多了|少了|之間|跟|和|與|有|沒|是|在|也|都|用|寫|幾[月號日]|\d+[月號日]|[一二三四五六七八九十]+[月號日]|時候|可是|應該|吧|喔|條|掉|什麼|哪裡?|些|這|那|的|嗎|呢"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Previous:
    """What the conversation was about: the question and its clauses in the order shown.

    `listed`: they stood in a numbered list, so 「第二點」 is its second entry. `topic` is the
    answer's; `deadlines` are the ids of those that were shown;
    `earlier` is the clause that was shown before these, `entries` the list from which they were
    chosen, so that 「第三點」 after 「第二點」 is the list's.
    """

    question: str
    clauses: tuple[str, ...]
    listed: bool = False
    topic: str = ""
    deadlines: tuple[str, ...] = ()
    earlier: tuple[str, ...] = ()
    entries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """What a short question means: another question, or nodes to show.

    `what` is `asks`, `who`, `why`, `node`, `some` (several entries), `item` (a heading of what was shown), `others`, `when` (the date of what was shown), `applies`
    (does it bind who asks), `mine` (those of a list that are the asker's),
    `ours` (has the asker's own plan it), `theirs` (is it of the units of what was shown before: the second), `late` (may it be handed in late), `compares` (with another year), `edition` (what another year says),
    `lost` or `lost_compare` (it needs a subject, and there is none). `unit` is the one that the
    question turns to, `kept` the question before without any unit; `years` are those that it names.
    `alone` is a further detail without the question before.
    """

    what: str
    question: str = ""
    kept: str = ""
    alone: str = ""
    nodes: tuple[Node, ...] = ()
    unit: Unit | None = None
    years: tuple[RocYear, ...] = ()


class Follower:
    """Understands short questions by the conversation."""

    def __init__(self, corpus: Corpus, names: Names, lexicon: Lexicon, fold: Folder) -> None:
        self._corpus = corpus
        self._names = names
        self._lexicon = lexicon
        self._fold = fold
        self._numbers = Numbered(fold)

    def follow(self, question: str, previous: Previous | None) -> Followed | None:
        """What a question means after another; None when it stands for itself."""
        folded = self._fold(question)
        short = bare(folded)
        clauses = previous.clauses if previous else ()
        known = tuple(self._corpus.nodes[one] for one in clauses if one in self._corpus.nodes)
        if self._finds(_HANDED, short):
            return Followed(what="handed", nodes=known[:1])
        if self._is(_LATE, short):
            return Followed(what="late", nodes=known[:1])
        compared = self._compares(question, folded)
        if previous is None or not known:
            again = self._again(question, folded, short, previous, ()) if previous else None
            return compared or again or self._lost(question, folded, short)
        about = self._item(folded, known) or self._about(short, known, previous)
        if about is not None:
            return about
        if compared is not None:
            what = "compares" if compared.what == "lost_compare" else "edition"
            return Followed(what=what, nodes=known[:1], years=compared.years)
        return self._again(question, folded, short, previous, known)

    def narrowed(self, question: str, previous: Previous) -> tuple[str, Previous]:
        """A question about one entry, 「第二點誰負責」: the question, and that entry as the subject."""
        found = self._numbers.read(bare(self._fold(question)))
        known = tuple(self._corpus.nodes[n] for n in previous.clauses if n in self._corpus.nodes)
        if found is None or not known or self._is(_SHOWN, found.rest):
            return question, previous
        nodes = self._of_numbers(found, known, previous)
        is_about_it = any(self._is(one, found.rest) for one in (_WHO, _WHY, _WHEN_IS_IT, _WHOLE))
        is_about_it |= bool(roc.years_in(found.rest)) or self._finds(_COMPARES, found.rest)
        if len(nodes) != 1 or not (is_about_it or previous.listed):
            return question, previous
        entries = previous.clauses if previous.listed else previous.entries
        one = Previous(question=nodes[0].words[:40], clauses=(nodes[0].id,), entries=entries)
        return self._typed(found.rest, question), one

    def _typed(self, rest: str, question: str) -> str:
        """The end of a question, of which bare letters are given, as it was typed."""
        ends = (question[at:] for at in range(len(question)))
        return next((one for one in ends if bare(self._fold(one)) == rest), rest)

    def _item(self, folded: str, known: tuple[Node, ...]) -> Followed | None:
        """「(二)呢」: the heading of that number in the chapter that was shown."""
        match = _compiled(self._fold(_ITEM)).match(folded.strip())
        if match is None:
            return None
        shared = known[0].segments
        for node in known:
            same = [a == b for a, b in zip(shared, node.segments, strict=False)]
            shared = shared[: same.index(False) if False in same else len(same)]
        label = f"({match[1]})"
        for length in range(len(shared), 0, -1):
            here = self._corpus.nodes.get(f"{known[0].plan_id}:{'.'.join(shared[:length])}")
            for child in here.children if here else ():
                node = self._corpus.nodes[child]
                if self._fold(node.label) == label:
                    return Followed(what="item", nodes=(node,))
        return None

    def _about(self, short: str, known: tuple[Node, ...], previous: Previous) -> Followed | None:
        if self._is(_WHOLE, short):
            return Followed(what="node", nodes=known[:1])
        if self._is(_WHO, short) or self._is(_WITH_WHOM, short):
            return Followed(what="who", nodes=known if previous.listed else known[:1])
        if self._is(_WHY, short):
            return Followed(what="why", nodes=known[:1])
        if previous.listed and self._is(_OURS_OF_THESE, short):
            return Followed(what="mine", nodes=known)
        if self._is(_APPLIES, short):
            return Followed(what="applies", nodes=known[:1])
        if self._is(_OURS_HAVE, short):
            return Followed(what="ours", nodes=known[:1], kept=previous.question)
        earlier = self._corpus.nodes.get(previous.earlier[0]) if previous.earlier else None
        if earlier is not None and self._is(_THEIRS, short):
            return Followed(what="theirs", nodes=(known[0], earlier))
        if self._is(_OTHER, short):
            return Followed(what="others", nodes=known[1:])
        if self._is(_WHEN_IS_IT, short) or self._is(_PASSED, short):
            question = f"{previous.question} {short}" if previous.question else ""
            return Followed(what="when", question=question, kept=previous.question, nodes=known[:1])
        return self._placed(short, known, previous)

    def _placed(self, short: str, known: tuple[Node, ...], previous: Previous) -> Followed | None:
        """The clause before, after, or of a number."""
        entries = tuple(self._corpus.nodes[n] for n in previous.entries if n in self._corpus.nodes)
        listed = previous.listed or known[0] in entries
        entries = known if previous.listed else entries
        for pattern, place in ((_NEXT, 1), (_BEFORE, 0)):
            if self._is(pattern, short):
                node = self._corpus.neighbours(known[0])[place] if known[0].is_quotable else None
                return Followed(what="node", nodes=(node,) if node else ())
        number = _compiled(self._fold(_NUMBER)).match(short)
        if number and listed:
            return Followed(what="node", nodes=_entry(entries, int(number[1])))
        found = self._numbers.read(short)
        if found is None or not self._is(_SHOWN, found.rest):
            return None
        nodes = self._of_numbers(found, known, previous)
        return Followed(what="node" if len(nodes) < 2 else SOME, nodes=nodes)

    def _of_numbers(
        self, numbers: Numbers, known: tuple[Node, ...], previous: Previous
    ) -> tuple[Node, ...]:
        """The entries of some numbers: of the list that was shown, else beside what was."""
        entries = tuple(self._corpus.nodes[n] for n in previous.entries if n in self._corpus.nodes)
        if previous.listed or known[0] in entries:
            entries = known if previous.listed else entries
            return numbers.entries_of(entries)
        if len(numbers.places) == 1 and numbers.places[0] > 0:
            return self._nth(numbers.places[0], known)
        return ()

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
        return _entry(known, number)

    def _compares(self, question: str, folded: str) -> Followed | None:
        """A comparison, or another year, without saying of what: only years and 「差在哪」."""
        years = roc.years_in(question)
        past = self._finds(PAST, folded)
        compares = self._finds(_COMPARES, folded) or len(years) > 1
        if not (compares or years or past):
            return None
        rest = self._lexicon.content(self._fold(roc.without_years(question)))
        if bare(_compiled(self._fold(_FRAME)).sub(" ", rest)):
            return None
        return Followed(what="lost_compare" if compares else "lost", years=years)

    def _lost(self, question: str, folded: str, short: str) -> Followed | None:
        """A question that needs one before it, where there is none."""
        needs = (_WHO, _WHY, _NEXT, _BEFORE, _OTHER, _WHEN_IS_IT)
        found = self._numbers.read(short)
        is_numbers = found is not None and self._is(_SHOWN, found.rest)
        if is_numbers or any(self._is(pattern, short) for pattern in needs):
            return Followed(what="lost")
        names = self._names.find(folded)
        is_that = _compiled(self._fold(_THAT)).match(short) is not None
        if is_that and names and not self._left(question, folded, names):
            return Followed(what="lost")
        return None

    def _again(
        self,
        question: str,
        folded: str,
        short: str,
        previous: Previous,
        known: tuple[Node, ...],
    ) -> Followed | None:
        """The question before, asked for another unit or year, or with a further detail."""
        that = self._finds(_THAT, short) or self._finds(_AND_THAT, short)
        names = self._names.find(folded)
        years = roc.years_in(question)
        left = self._left(question, folded, names)
        before = previous.question or (known[0].words[:40] if known else "")
        if not before:
            return None
        own = self._finds(_SECTIONS, left)
        if (names or years) and not own and (len(left) <= 1 or (that and len(left) <= 2)):
            kept = self._without_names(before)
            unit = names[0][0] if names and not years else None
            return Followed(
                what="asks",
                question=f"{question.strip('那呢?？ ')} {kept}",
                kept=kept,
                nodes=known,
                unit=unit,
            )
        if that and len(short) <= 10 and not names and len(left) <= 6:
            on = roc.without_years(before).strip() or before
            subject = re.sub("^[那啊阿]|[呢咧]$", "", question.strip(" ?？。!！"))
            compared = " ".join(f"{year}年" for year in roc.years_in(before))
            if self._finds(_COMPARES, self._fold(before)) and compared:
                return Followed(what="asks", question=f"{subject} {compared} 差在哪")
            return Followed(
                what="asks", question=f"{on} {question}", alone=subject, nodes=known[:1]
            )
        return None

    def _left(self, question: str, folded: str, names: list[tuple[Unit, int, int]]) -> str:
        """What a question says beside units, years and words that carry nothing."""
        rest = folded
        for _, start, end in reversed(names):
            rest = rest[:start] + rest[end:]
        rest = self._lexicon.content(self._fold(roc.without_years(rest)))
        return bare(re.sub("[那呢咧啊阿的]", "", rest))

    def _without_names(self, question: str) -> str:
        folded = self._fold(question)
        kept = question if len(folded) == len(question) else folded
        for _, start, end in reversed(self._names.find(folded)):
            kept = kept[:start] + " " + kept[end:]
        return roc.without_years(kept).strip()

    def _is(self, pattern: str, short: str) -> bool:
        return _compiled(self._fold(pattern)).match(short) is not None

    def _finds(self, pattern: str, folded: str) -> bool:
        return _compiled(self._fold(pattern)).search(folded) is not None


def _entry(known: tuple[Node, ...], number: int) -> tuple[Node, ...]:
    """The entry of a list, from 1; nothing where the list has none."""
    return known[number - 1 : number] if number else ()


@lru_cache(maxsize=64)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
