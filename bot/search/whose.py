"""Whose a clause is: 「不是只有人事室在辦嗎」, 「企劃室還是秘書室做」, 「減章也是我們課要弄嗎」."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from bot.plans import precedence, roc
from bot.plans.model import Node, Unit, UnitLevel
from bot.search.follow import PAST, Previous
from bot.search.refusal import Band
from bot.search.result import APPLIES, WHOSE, Answer, Kind
from bot.search.scope import receives
from bot.search.shown import NEARLY, Shown, led_by
from bot.search.words import bare

_A_UNIT = "ø"  # stands for each unit while a question is read
_OUR_SECTION = r"我們?(?:這一?)?(?:科室|科|室|課|組|處|中心)|本[室科課組處]"
_US = r"我們?這?(?:單位|局|公所|所|院)|我們(?:這邊)?|我這邊|本[局所]|咱們|所[裡裏]"
_THEM = r"[他她它]們"
_ALL = r"[兩三四]個?(?:單位|[科室課組處])|(?:全部|所有|每一?個?|各)(?:的?單位|科室|課室|[科室課組處])|大家|全[局所室科課處]"
_DOES = (
    r"(?:頭上|名下|身上|在|要|得|該|需要|可以|會|來|去|自己|他們|一起|負責|主辦|承辦|辦理|處理|更新|配合|接手|接|做|辦|寫|發|擬|訂|編|排|開|收|管|弄|顧|扛|跑|"
    r"出人|出|的|有|份|業務|工作|事情|事|這一?[個件塊項條]|它|沒|關係|關|就|完|不用|不|也|都|還|而已)*"
)
_END = r"(?:才?對|好|可以|行|夠)?(?:了|嗎|沒有?|不|呢|吧|啊|對吧|對嗎|是嗎|是吧|喔|嘛|哦|耶|囉|齁|還是(?:別人|別科|別課|別的單位|其他單位)的?)*$"
_BEING = r"(?:掛在?|算在|落在|不?是|是不是|確定|真的|應該|該|歸|由|算|屬於|到底|所以|那|難道|該不會|會不會|不會)*"
_IS = r"(?:不?是|是不是|歸|由|算|屬於|關|跟|也|都|還|總不會?|又|不用|不)"
_ONLY = (
    rf"{_BEING}(?:只有?是?|就只?有?|光|單獨|都是?){_A_UNIT}{_DOES}{_END}"
    rf"|{_BEING}{_A_UNIT}(?:自己|一個(?:單位|[科課室組處])|單獨){_DOES}就?{_END}"
    rf"|{_BEING}{_A_UNIT}{_DOES}就(?:好|可以|行|夠){_END}"
)
_WHICH = (
    rf"{_BEING}{_A_UNIT}{_DOES}(?:嗎|呢)?(?:還是|或者?是?|不是|跟|和|與|、)?(?:是|要|由|歸)?{_A_UNIT}"
    rf"(?:哪一?[個邊]|誰|都|也)?{_DOES}{_END}"
)
_ITS = rf"{_BEING}{_IS}*{_A_UNIT}{_DOES}{_END}"
# Unlike 「那企劃室呢」.
_SAYS = r"[掛是歸由算關份也都又做辦管弄接顧扛跑用要該只就光還]|負責|處理|主辦|承辦|配合"
_BESIDES = rf"(?:除了?)?{_A_UNIT}(?:以外|之外)?還?有(?:誰|哪.{{0,4}}|別人|其[他它].{{0,3}}|別的.{{0,3}}){_DOES}{_END}"
# What stands between a subject and the question, or opens one without a subject.
_BETWEEN = (
    r"[那這](?:一?[個件塊項條]事?情?|邊)?|的(?:部分|事情?|話)|部分|所以|請問|應該|到底|啊|也就是說"
)
_ASKS = r"[誰哪]|什麼|怎|幾|多少|有沒有"
_WHY = r"^(?:那|啊)*(?:為什麼|為何|為啥|幹嘛)$"
_NEARLY = 0.5  # of the pairs of letters of a subject
_AHEAD = 1.5  # score by which another clause on a subject is surely meant
_CLOSE = 1.0  # score by which a clause of the asker's own section may be behind another
_NEAR = 2.0  # score by which a clause that binds who asks may be behind another


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Of which units it is asked whether something is theirs, none where all are meant, and what
    that is: folded letters, none where it is what was shown. `is_ours`: who asks is meant, and no section is named;
    `is_why`: it is asked why that is so."""

    units: tuple[Unit, ...]
    subject: str
    is_ours: bool
    is_why: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Whose:
    """Answers whether a clause is a section's, or the asker's: of what was shown, or of a subject
    that is named before."""

    shown: Shown

    def answer(self, question: str, asker: Unit | None, previous: Previous) -> Answer | None:
        """The answer; None where a question asks something else."""
        asked = self._read(question, asker, self._theirs(previous))
        return None if asked is None else self._answered(asked, question, asker, previous)

    def which(self, question: str, asker: Unit | None, previous: Previous) -> Answer | None:
        """The answer to which of several sections; None where a question asks something else."""
        asked = self._read(question, asker)
        if asked is None or len(asked.units) < 2:
            return None
        return self._answered(asked, question, asker, previous)

    def _answered(
        self, asked: Asked, question: str, asker: Unit | None, previous: Previous
    ) -> Answer | None:
        nodes = self.shown.corpus.nodes
        known = tuple(nodes[one] for one in previous.clauses if one in nodes)
        if not asked.subject and (previous.listed or not known):
            return self.shown.about("who", known, question) if known else None
        if asked.is_why:
            return self.shown.about("why", known[:1], question)
        node = self._meant(asked, known)
        if node is not None and not self._is_better_elsewhere(node, asked, asker):
            topic = WHOSE if asked.units else "who"
            return self._told(self.shown.about(topic, (node,), question), asked)
        found = self._with_before(asked, asker, previous) or self.shown.looked_up(
            asked.subject, asker
        )
        if found.band is not Band.SAID or not found.passages or found.topic or found.shown:
            return None
        return self._told(
            replace(self._bound(found, asker, asked.subject), question=question), asked
        )

    def _with_before(self, asked: Asked, asker: Unit | None, previous: Previous) -> Answer | None:
        """What is found for the subject together with what the talk is about, where it has both."""
        before = self.shown.subject(previous.question)
        if not before:
            return None
        found = self.shown.looked_up(
            f"{self.shown.words(previous.question)} {asked.subject}", asker
        )
        runs = tuple(one for one in self.shown.details.subject(asked.subject) if len(one) > 1)
        first = next((one.node for one in found.passages), None)
        if first is None or found.band is not Band.SAID:
            return None
        is_both = self.shown.details.names(first, runs) and self.shown.details.is_on(first, before)
        return found if is_both else None

    def _bound(self, found: Answer, asker: Unit | None, subject: str) -> Answer:
        """What was found, led by a clause that binds who asks where one is near."""
        first = found.passages[0]
        bound = precedence.plans_for(self.shown.corpus, asker)
        runs = tuple(one for one in self.shown.details.subject(subject) if len(one) > 1)
        alike = [one for one in found.passages if self.shown.details.names(one.node, runs)]
        own = (one for one in alike if asker is not None and asker.name in one.node.units)
        mine = next((one for one in own if one.score >= first.score - _CLOSE), None)
        if first in alike and mine is not None and mine.plan in bound:
            return led_by(mine, found)
        if first.plan in bound:
            return found
        owned = (one for one in found.passages if one.plan in bound and one.node.units)
        near = (one for one in owned if one.score >= first.score - _NEAR)
        return led_by(next(near, first), found)

    def _theirs(self, previous: Previous) -> Unit | None:
        """Who 「他們」 are: the one unit of the clause that was shown."""
        corpus = self.shown.corpus
        node = corpus.nodes.get(previous.clauses[0]) if previous.clauses else None
        return corpus.units.get(node.units[0]) if node and len(node.units) == 1 else None

    def _read(self, question: str, asker: Unit | None, theirs: Unit | None = None) -> Asked | None:
        """What is asked, where the whole of a question is whose something is."""
        text, units = self._without_units(question, asker, theirs)
        match = self._whole(text)
        if match is None or roc.years_in(question):
            return None
        before = text[: match.start()]
        is_why = self._finds(_WHY, before)
        if receives(before) or (self._finds(f"{_ASKS}|{PAST}", before) and not is_why):
            return None
        first = before.count(_A_UNIT)
        named = dict.fromkeys(units[first:])
        meant = tuple(one for one in named if one is not None)
        is_ours = meant == (asker,) and asker is not None and asker.level is not UnitLevel.SECTION
        if not is_ours and any(one.level is not UnitLevel.SECTION for one in meant):
            return None
        if None in named or self._finds(_BESIDES, match[0]):
            meant, is_ours = (), False
        subject = self._subject(before, [one for one in units[:first] if one != asker])
        is_why = is_why and not subject
        return Asked(units=meant, subject=subject, is_ours=is_ours, is_why=is_why)

    def _whole(self, text: str) -> re.Match[str] | None:
        """The last words of a question, where they ask whose something is."""
        patterns = (_ONLY, _WHICH, _BESIDES, _ITS)
        found = (re.search(self.shown.fold(one), text) for one in patterns)
        whole = next((one for one in found if one is not None), None)
        return whole if whole is not None and self._finds(_SAYS, whole[0]) else None

    def _subject(self, before: str, units: list[Unit | None]) -> str:
        """What is named before, with its units; nothing where that is no subject."""
        for unit in units:
            before = before.replace(_A_UNIT, self.shown.fold(unit.name) if unit else "", 1)
        fold = self.shown.fold
        before = re.sub(fold(f"{_BETWEEN}|{_WHY}|{_A_UNIT}"), " ", before)
        runs = (one for one in self.shown.details.subject(before) if len(one) > 1)
        return "" if all(self.shown.details.is_light(one) for one in runs) else before

    def _finds(self, pattern: str, folded: str) -> bool:
        return re.search(self.shown.fold(pattern), folded) is not None

    def _without_units(
        self, question: str, asker: Unit | None, theirs: Unit | None
    ) -> tuple[str, list[Unit | None]]:
        """Folded letters with a sign for each section, for 我們, 他們 and for all of them, and which
        these are; all are None."""
        folded = self.shown.fold(question)
        names = self.shown.names.find(folded)
        found: list[tuple[int, int, Unit | None]] = [(at, end, unit) for unit, at, end in names]
        for words, unit in ((f"{_OUR_SECTION}|{_US}", asker), (_THEM, theirs), (_ALL, None)):
            if unit is None and words != _ALL:
                continue
            taken = {at for start, end, _ in found for at in range(start, end)}
            matches = re.finditer(self.shown.fold(words), folded)
            starts = {start for start, _, _ in found}  # 「我們二組」 is one unit
            found += [
                (one.start(), one.end(), unit)
                for one in matches
                if one.start() not in taken and (unit is None or one.end() not in starts)
            ]
        found += self._short_names(folded, asker, {at for a, b, _ in found for at in range(a, b)})
        found.sort(key=lambda one: one[0])
        for start, end, _ in reversed(found):
            folded = f"{folded[:start]}{_A_UNIT}{folded[end:]}"
        return bare(folded), [unit for _, _, unit in found]

    def _short_names(
        self, folded: str, asker: Unit | None, taken: set[int]
    ) -> list[tuple[int, int, Unit | None]]:
        """Sections of the asker's office beside 「還是」, named without their last letter."""
        found: list[tuple[int, int, Unit | None]] = []
        if asker is None or self.shown.fold("還是") not in folded:
            return found
        homes = {asker.name, asker.parent}
        for unit in self.shown.corpus.units:
            short = self.shown.fold(unit.name[:-1])
            if unit.level is not UnitLevel.SECTION or unit.parent not in homes or len(short) < 2:
                continue
            one = re.search(self.shown.fold(f"(?<=還是){short}|{short}(?=還是)"), folded)
            if one is not None and one.start() not in taken:
                found.append((one.start(), one.end(), unit))
        return found

    def _meant(self, asked: Asked, known: tuple[Node, ...]) -> Node | None:
        """The clause that was shown, the one of several that is on the subject, or one beside it."""
        details = self.shown.details
        if not asked.subject:
            return known[0]
        runs = tuple(one for one in details.subject(asked.subject) if len(one) > 1)
        near = (one for one in known if details.share(one, runs) >= _NEARLY)
        beside = self.shown.beside(known[0]) if known else ()
        return next(near, None) or next((one for one in beside if details.names(one, runs)), None)

    def _is_better_elsewhere(self, node: Node, asked: Asked, asker: Unit | None) -> bool:
        """Whether another clause has more of a subject that is named."""
        if not asked.subject:
            return False
        runs = tuple(one for one in self.shown.details.subject(asked.subject) if len(one) > 1)
        found = self.shown.looked_up(asked.subject, asker)
        first = next((one.node for one in found.passages), node)
        share = self.shown.details.share
        scores = {one.node: one.score for one in found.passages}
        best = scores.get(first, 0.0)
        is_sure = best >= NEARLY and best - scores.get(node, 0.0) >= _AHEAD
        return found.band is Band.SAID and (share(first, runs) > share(node, runs) or is_sure)

    def _told(self, found: Answer, asked: Asked) -> Answer:
        first = found.passages[0]
        if asked.is_ours:
            return replace(found, kind=Kind.UNIT, topic=APPLIES, passages=(first,), second=None)
        return replace(found, kind=Kind.UNIT, passages=(first,), second=None, asked_of=asked.units)
