"""What became of a plan from one edition to the next: new, dropped, reworded, given to others.

Of the whole plan (「今年新增了什麼」), of all clauses on a subject, and of one clause: whether it
is still there, and whether the same units are responsible.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.plans import precedence, roc
from bot.plans.corpus import Corpus
from bot.plans.model import Node, Plan, RocYear, Unit, UnitLevel
from bot.search import scope
from bot.search.detail_kinds import SCORE
from bot.search.details import Details
from bot.search.editions import Change, Difference, Editions, other_units, same_words
from bot.search.follow import PAST, Previous
from bot.search.refusal import Band
from bot.search.result import (
    EDITIONS,
    GONE,
    IN_CHARGE,
    ONE_EDITION,
    PASSAGES,
    STILL,
    Answer,
    Kind,
    Passage,
)
from bot.search.scope import Names
from bot.search.words import Folder, Lexicon, bare

_NEW = r"新增|新加|增加|增列|多(?:了|出|哪|什麼)|新的"
_DROPPED = r"刪(?:掉|除|了)?|拿掉|移除|取消|拔掉|少(?:了|掉|哪|什麼)|不見|沒有?了"
_CHANGED = r"改了|有改|修改|更改|修正|修訂|更動|變動|變更|改變|變了|有變|調整"
_DIFFERS = r"差在|差多少|差別|差異|不同|不一樣|差哪|差多少|有差|一樣|比較|對照|比起來"
_SWAPPED = r"換|改|變|一樣|也是|還是|同一"
_WHO = (
    r"誰|哪個?一?個?(?:科室?|單位|室|組|課)|(?:這|那|同)一?個?(?:科室?|單位|室|組|課)|"
    r"執行單位|(?:負責|責任|承辦|主辦)的?(?:單位|科室?|人)?|科室|單位(?=.{0,3}[換改變])|換(?:單位|科|室|人)"
)
_NOW = r"今年|現在|目前|新版|這一?版|現行"
_STILL = (
    r"還(?:在不在|有沒有|要不要|(?:在|有|要|需要|會)(?:做|辦|寫|列)?(?:嗎|不|沒有?))$|"
    r"還(?:做|辦|列)(?:嗎|不)$|有沒有(?:被)?(?:刪|拿掉|取消)|(?:刪掉?|拿掉|取消|移除)了?(?:嗎|沒有?|吧)$"
)
_OURS = r"(?:跟|和|與|屬於|是|有)?(?:我們|本[科室處課中])(?:[科室處課]|中心)?(?:有關|相關|負責|的)"
_READS = r"(?:寫|說|規定|內容)(?:了|是)?(?:什麼|哪些)?(?:呢)?$"
_WIDE = r"計畫|整[份本個]|全部|哪些|哪幾|還有|其他|其它|別的|今年"
_PAIR = r"兩年|兩版|兩個?版本|新舊版?"
# What may stand in a question about all of a plan.
_FRAME = (
    rf"{_NEW}|{_DROPPED}|{_CHANGED}|{_DIFFERS}|{_WHO}|{_NOW}|{PAST}|{_PAIR}|執行計畫|工作計畫|計畫|條文|內容|項目|工作|規定|"
    r"整[份本個]|版本|年度|之間|其他|其它|別的|還有|所以|有沒有|是不是|差|比|換|改|變|也是|還是|同一|跟|和|與|被|有|沒|是|在|也|都|還|做|寫|要|多|少|新|列|可是|以前|應該|得|比較|詳細|仔細|細|清楚|短|長|"
    r"哪些|哪幾|哪|地方|方面|部分|些|個|這|那|本|份|幾|條|項|的|到|了|對|不|嗎|呢|喔|吧|年"
)
_ON, _MOST = 0.6, 30
"""How much of a subject's pairs of letters a clause on it has, and from how many clauses on the
subject is too wide to be compared clause by clause."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """Answers what changed; `looked_up` answers a question that stands for itself."""

    corpus: Corpus
    editions: Editions
    details: Details
    names: Names
    lexicon: Lexicon
    fold: Folder
    looked_up: Callable[[str, Unit | None], Answer]

    def answer(self, question: str, asker: Unit | None, previous: Previous | None) -> Answer | None:
        """What a question about two editions asks for, None when it is about something else."""
        folded = self.fold(question)
        detail = self.details.asked(folded)
        if detail is not None and detail.name == SCORE:
            return None  # of no edition: plans have no results
        clauses = previous.clauses if previous else ()
        known = [self.corpus.nodes[one] for one in clauses if one in self.corpus.nodes]
        listed = previous is not None and previous.listed
        return (
            self._named_unit(question, folded, known, listed, asker)
            or self._ours(question, folded, known, asker, previous)
            or self._of_list(folded, known, previous)
            or self._in_charge(question, folded, known, previous)
            or self._still(question, folded, known, asker)
            or self._overview(question, folded, known, asker, previous)
            or (self._then(question, folded, known[0]) if known and not listed else None)
            or self.on_subject(question, asker, in_talk=bool(known))
        )

    def of(self, plan: Plan) -> tuple[Difference, ...]:
        """What became of each clause of a plan, whichever of the two editions is given."""
        newer = (one for one in self.corpus.plans.values() if one.supersedes == plan.id)
        return self.editions.differences(next(newer, plan))

    def _of_list(
        self, folded: str, known: Sequence[Node], previous: Previous | None
    ) -> Answer | None:
        """Of a subject's clauses that were compared those that are asked for, else all again."""
        if previous is None or not known or not self._is_compared(previous):
            return None
        if self._rest(folded) or self._says(_WIDE, folded) or not self._subject_of(previous):
            return None
        found = self._differences_of(known)
        kinds = self._kinds(folded)
        chosen = [one for one in found if one.change in (*kinds, Change.REWORDED)]
        is_years = bool(roc.years_in(folded)) or self._says(f"{PAST}|{_NOW}", folded)
        if not found or not (kinds or is_years):
            return None
        return self._listed(previous.question, chosen if kinds and chosen else found, found)

    def _ours(
        self,
        question: str,
        folded: str,
        known: Sequence[Node],
        asker: Unit | None,
        previous: Previous | None,
    ) -> Answer | None:
        """Of the changes that were listed those of the asker's own clauses."""
        if previous is None or asker is None or not self._is_compared(previous):
            return None
        if not self._says(_OURS, bare(folded)):
            return None
        own = [
            one
            for one in self._differences_of(known)
            if any(self._has(node, asker) for node in (one.node, one.before) if node is not None)
        ]
        return self._listed(question, own, own) if own else None

    def _is_compared(self, previous: Previous) -> bool:
        return previous.topic == EDITIONS

    def _subject_of(self, previous: Previous) -> tuple[str, ...]:
        """What was compared; nothing where it was a whole plan."""
        folded = self.fold(previous.question)
        return self._subject(folded) if self._rest(folded) else ()

    # the whole plan

    def _overview(
        self,
        question: str,
        folded: str,
        known: Sequence[Node],
        asker: Unit | None,
        previous: Previous | None,
    ) -> Answer | None:
        """How many clauses are new, dropped and changed, and a list of those asked for."""
        kinds = self._kinds(folded)
        if not kinds or self._rest(folded) or not self._is_wide(folded, kinds, known, previous):
            return None
        named = self._owners(folded, asker)
        if len(named) > 1 or (named and asker not in named and len(kinds) > len(_SEVERAL)):
            return None  # a comparison between owners
        years = roc.years_in(folded)
        plan = self._plan(named, known, asker, years)
        if plan is None:
            return None
        found = self.of(plan)
        has = self._years_of(plan)
        if not found or not set(years) <= set(has):
            return Answer(question=question, kind=Kind.COMPARE, topic=ONE_EDITION, plan=plan)
        asked = [one for one in found if one.change in kinds or self._is_given(one, kinds)]
        return self._listed(question, asked, found)

    def _is_given(self, one: Difference, kinds: Sequence[Change]) -> bool:
        """Whether a clause with other words was given to others, where that is asked for."""
        is_asked = tuple(kinds) == (Change.UNITS,)
        return is_asked and one.before is not None and other_units(one.node, one.before)

    def _kinds(self, folded: str) -> tuple[Change, ...]:
        """Which changes are asked for; all of them in 「差在哪」."""
        if self._says(_NEW, folded):
            return (Change.NEW,)
        if self._says(_DROPPED, folded):
            return (Change.DROPPED,)
        if self._says(_WHO, folded) and self._says(_SWAPPED, folded):
            return (Change.UNITS,)
        if self._says(_CHANGED, folded):
            return _SEVERAL
        is_all = self._says(_DIFFERS, folded) or len(roc.years_in(folded)) > 1
        return (Change.NEW, Change.DROPPED, *_SEVERAL) if is_all else ()

    def _is_wide(
        self,
        folded: str,
        kinds: Sequence[Change],
        known: Sequence[Node],
        previous: Previous | None,
    ) -> bool:
        """Whether all of the plan is meant, rather than the clause of the conversation."""
        years = roc.years_in(folded)
        of_years = bool(years) or any(self._says(one, folded) for one in (PAST, _PAIR, _NOW))
        is_wide = self._says(_WIDE, folded)
        if previous is not None and self._is_compared(previous):
            return is_wide or not self._subject_of(previous)
        if not known:
            return of_years or (is_wide and len(kinds) <= len(_SEVERAL))
        return is_wide and (of_years or len(kinds) <= len(_SEVERAL))

    def _owners(self, folded: str, asker: Unit | None) -> tuple[Unit, ...]:
        return scope.owners(folded, asker, self.names, self.corpus, self.fold)

    def _plan(
        self,
        named: Sequence[Unit],
        known: Sequence[Node],
        asker: Unit | None,
        years: Sequence[RocYear],
    ) -> Plan | None:
        """The plan that is meant: of who is named, of the talk, the asker's, the only one."""
        if named:
            return self._newest(precedence.plans_for(self.corpus, named[0]))
        talked = [self.corpus.plan_of(node) for node in known[:1]]
        own = precedence.plans_for(self.corpus, asker)[:1] if asker else ()
        with_two = [plan for plan in self.corpus.plans.values() if plan.supersedes]
        of_talk = [plan for plan in talked if self.of(plan)]
        others = with_two if len(with_two) == 1 else []
        for plan in (*of_talk, *own, *others):
            if set(years) <= set(self._years_of(plan)):
                return plan
        return self._newest((*of_talk, *own, *others))

    def _newest(self, plans: Sequence[Plan]) -> Plan | None:
        return plans[0] if plans else None

    def _years_of(self, plan: Plan) -> tuple[RocYear, ...]:
        """The years of which the owner's plan is here."""
        owner = self.corpus.units.get(plan.owner)
        own = precedence.own_plans(self.corpus, owner) if owner else ()
        return tuple(one.year for one in own)

    def _listed(
        self,
        question: str,
        asked: Sequence[Difference],
        of_all: Sequence[Difference],
        first: Node | None = None,
    ) -> Answer:
        """A list of changes; the passages begin with the clause that answers best."""
        best = sorted(asked, key=lambda one: first not in (one.node, one.before))
        nodes = [node for one in best for node in (one.node, one.before) if node is not None]
        plan = self.corpus.plan_of((of_all[0]).node)
        return Answer(
            question=question,
            kind=Kind.COMPARE,
            topic=EDITIONS,
            passages=tuple(self._passage(node) for node in nodes[:PASSAGES]),
            shown=tuple(one.node for one in asked),
            differences=tuple(of_all),
            plan=plan,
        )

    # a subject

    def on_subject(
        self, question: str, asker: Unit | None, *, in_talk: bool = False
    ) -> Answer | None:
        """All clauses on a subject in two editions, those that changed first.

        None where there is but one and nothing was shown; then the search finds it with its
        counterpart.
        """
        folded = self.fold(question)
        years = roc.years_in(folded)
        of_two = len(years) > 1 or self._says(f"{PAST}|{_PAIR}", folded)
        is_asked = len(years) > 1 or ((of_two or years) and self._says(_DIFFERS, folded))
        who = self._says(_WHO, folded) and (bool(years) or of_two)
        if not (is_asked or who):
            return None
        runs = self._subject(folded)
        plan = self._plan(self._owners(folded, None), (), asker, years)
        if not runs or plan is None:
            return None
        if any(unit.level is UnitLevel.SECTION for unit, _, _ in self.names.find(folded)):
            return None
        if of_two and is_asked and not self.of(plan):
            return self._of_one_edition(question, runs, plan, asker)
        found = [one for one in self.of(plan) if self._is_on(one, runs)]
        is_said = any(self._has_words(one, runs) for one in found)
        best = self.looked_up(question, asker).passages[:1] if found else ()
        first = best[0].node if best else None
        is_best = any(first in (one.node, one.before) for one in found)
        if not found or len(found) > _MOST or (is_asked and not (is_best or is_said)):
            return None
        if len(found) > 1:
            return self._listed(question, found, found, first)
        if who and not years:
            return self._units(question, found[0], None)
        is_left = who or (is_best and not in_talk)
        return None if is_left else self._pair(question, found[0])

    def _of_one_edition(
        self, question: str, runs: tuple[str, ...], plan: Plan, asker: Unit | None
    ) -> Answer:
        """That a plan has but one edition, with its clause on the subject where it has one."""
        found = self.looked_up(" ".join(runs), asker)
        near = found.passages[:1] if found.band is not Band.NOT_SAID else ()
        own = tuple(one for one in near if one.plan == plan)
        topic = "no_edition" if own else ONE_EDITION
        return Answer(question=question, kind=Kind.COMPARE, topic=topic, passages=own, plan=plan)

    def _pair(self, question: str, one: Difference) -> Answer:
        """The one clause on a subject in both editions, or that only one has it."""
        nodes = (one.node, one.before) if one.before is not None else (one.node,)
        return Answer(
            question=question,
            kind=Kind.COMPARE,
            topic="" if one.before else GONE,
            passages=tuple(self._passage(node) for node in nodes),
            lacking=None if one.before else self._other_edition(one.node),
            plan=self.corpus.plan_of(one.node),
        )

    def _other_edition(self, node: Node) -> Plan | None:
        """The other of the two editions that are compared."""
        plan = self.corpus.plan_of(node)
        others = (self.corpus.plan_of(one.node) for one in self.of(plan))
        return next((one for one in others if one != plan), None)

    def _has_words(self, one: Difference, runs: tuple[str, ...]) -> bool:
        """Whether a clause, in either edition, has the very words."""
        nodes = (node for node in (one.node, one.before) if node is not None)
        return any(self.details.names(node, runs) for node in nodes)

    def _subject(self, folded: str) -> tuple[str, ...]:
        """What a question names beside years and words that compare."""
        rest = _compiled(self.fold(rf"{_DIFFERS}|{_CHANGED}|{_WHO}|{PAST}|{_PAIR}|跟|和|與|有沒有|的")).sub(
            " ", self.fold(roc.without_years(folded))
        )  # fmt: skip
        rest = scope.without_owners(rest, self.names, self.fold)
        return tuple(run for run in self.details.subject(rest) if len(run) > 1)

    def _is_on(self, one: Difference, runs: tuple[str, ...]) -> bool:
        """Whether a clause, in either edition, or its heading has what a question names."""
        nodes = [node for node in (one.node, one.before) if node is not None]
        headings = (self.fold(words) for node in nodes for words in node.trail[2:])
        if any(self.details.share(node, runs) >= _ON for node in nodes):
            return True
        return any(all(run in words for run in runs) for words in headings)

    # one clause

    def _still(
        self, question: str, folded: str, known: Sequence[Node], asker: Unit | None
    ) -> Answer | None:
        """Whether a clause is still there: in the year named, else in the newest edition."""
        years = roc.years_in(folded)
        short = bare(folded)
        is_gone = self._says(_DROPPED, short) and not self._says(_WIDE, short)
        is_dated = bool(years) or self._says(_NOW, short)
        is_still = self._says(_STILL, short) and (is_dated or self._says("還在", short))
        if not (is_still or is_gone) or len(years) > 1 or self._says("什麼|哪", short):
            return None
        runs = self._subject(
            _compiled(self.fold(f"{_STILL}|{_NOW}|{_DROPPED}|被|所以")).sub(" ", folded)
        )
        if runs and not is_still and not years and not short.endswith(self.fold("嗎")):
            return None
        if not runs and not (is_dated or is_gone):
            return None
        several = self._several(question, runs, asker, years) if runs else None
        if several is not None:
            return several
        node = self._named(runs, asker) if runs else known[0] if known else None
        if node is None or (not runs and self._rest(folded)):
            return None
        target = self._edition(node, years)
        if target is None:
            return None
        twin = node if node.plan_id == target.id else self.editions.counterpart(node, target)
        if twin is None:
            return Answer(
                question=question, kind=Kind.COMPARE, topic=GONE, lacking=target,
                passages=(self._passage(node),), plan=self.corpus.plan_of(node),
            )  # fmt: skip
        old = self.editions.older(twin)
        return Answer(
            question=question, kind=Kind.CLAUSE, topic=STILL, passages=(self._passage(twin),),
            differs=(self._passage(old),) if old and not same_words(old, twin) else (), plan=target,
        )  # fmt: skip

    def _several(
        self, question: str, runs: tuple[str, ...], asker: Unit | None, years: Sequence[RocYear]
    ) -> Answer | None:
        """All clauses with the very words of a subject, where there are several."""
        plan = self._plan((), (), asker, years)
        found = [one for one in self.of(plan) if self._has_words(one, runs)] if plan else []
        return self._listed(question, found, found) if 1 < len(found) <= _MOST else None

    def _named(self, runs: tuple[str, ...], asker: Unit | None) -> Node | None:
        """The clause that surely is on what a question names: with its words, or most of them."""
        found = self.looked_up(" ".join(runs), asker)
        near = [one.node for one in found.passages[:1] if found.band is not Band.NOT_SAID]
        if near and self.details.names(near[0], runs):
            return near[0]
        clauses = (node for plan in self.corpus.plans.values() for node in plan.nodes)
        said = [node for node in clauses if node.is_quotable and self.details.names(node, runs)]
        of_two = [node for node in said if self._edition(node, ()) is not None]
        sure = [node for node in near if not of_two and self.details.share(node, runs) >= _ON]
        return next(iter((*of_two, *sure)), None)

    def _edition(self, node: Node, years: Sequence[RocYear]) -> Plan | None:
        """Of a clause's plan the edition of a year, else the newest; None where it has but one."""
        owner = self.corpus.units.get(self.corpus.plan_of(node).owner)
        own = precedence.own_plans(self.corpus, owner) if owner else ()
        wanted = [one for one in own if not years or one.year in years]
        return wanted[0] if len(own) > 1 and wanted else None

    def _then(self, question: str, folded: str, node: Node) -> Answer | None:
        """「111年怎麼寫」: the clause of the conversation in the edition of a year."""
        years = roc.years_in(folded)
        if len(years) != 1 or self._rest(folded) or not self._says(_READS, bare(folded)):
            return None
        target = self._edition(node, years)
        twin = self.editions.counterpart(node, target) if target else None
        if target is None or target.id == node.plan_id:
            return None
        if twin is None:
            return Answer(
                question=question, kind=Kind.COMPARE, topic=GONE, lacking=target,
                passages=(self._passage(node),), plan=self.corpus.plan_of(node),
            )  # fmt: skip
        topic = "older" if precedence.is_superseded(self.corpus, target) else "node"
        return Answer(
            question=question, kind=Kind.CLAUSE, topic=topic, passages=(self._passage(twin),),
            plan=target,
        )  # fmt: skip

    # who is responsible

    def _in_charge(
        self, question: str, folded: str, known: Sequence[Node], previous: Previous | None
    ) -> Answer | None:
        """Whether the same units are responsible in both years for what was shown."""
        of_years = bool(roc.years_in(folded)) or self._says(PAST, folded)
        is_asked = of_years or self._says(_SWAPPED, folded)
        if previous is None or not known or not is_asked or self._rest(folded):
            return None
        went_on = self._says(_WHO, self.fold(previous.question)) and self._says("也是", folded)
        if not (went_on or self._says(_WHO, folded)):
            return None
        if self._is_compared(previous) or self._says(_WIDE, folded):
            return None
        found = self._differences_of(known if previous.listed else known[:1])
        if not found:
            return self._only_edition(question, known[0])
        if len(found) > 1:
            return self._listed(question, found, found)
        return self._units(question, found[0], None)

    def _named_unit(
        self,
        question: str,
        folded: str,
        known: Sequence[Node],
        listed: bool,
        asker: Unit | None,
    ) -> Answer | None:
        """Whether a section was dropped from what was shown: 「秘書室被拿掉了嗎」, 「111年有列我們吧」."""
        named = [unit for unit, _, _ in self.names.find(folded)]
        if not named and asker is not None and self._says("我們", folded):
            named = [asker]
        of_years = bool(roc.years_in(folded)) or self._says(PAST, folded)
        is_asked = self._says(f"{_DROPPED}|還在|也在", folded) or (
            of_years and self._says("不是|也是|有列|列了|有.{2,8}[嗎吧]", folded)
        )
        if len(named) != 1 or named[0].level is not UnitLevel.SECTION or not is_asked:
            return None
        nodes = list(known if listed else known[:1])
        words = self._without_us(folded)
        if self._rest(words):
            node = self._named(self._subject(words), asker) if of_years else None
            if node is None:
                return None
            nodes = [node]
        found = self._differences_of(nodes)
        for one in found:
            if one.before is not None and self._has(one.node, named[0]) != self._has(
                one.before, named[0]
            ):
                return self._units(question, one, named[0])
        if not found:
            return self._only_edition(question, nodes[0]) if nodes and of_years else None
        return self._units(question, found[0], named[0])

    def _without_us(self, folded: str) -> str:
        """A question without sections, the asker's own among them."""
        words = scope.without_owners(folded, self.names, self.fold)
        return _compiled(self.fold("我們?(?:這邊|科室|[科室課組處]|中心)?|本[科室課組處]")).sub(
            " ", words
        )

    def _only_edition(self, question: str, node: Node) -> Answer | None:
        """That the plan of what was shown has but one edition; None where it has two."""
        plan = self.corpus.plan_of(node)
        if self.of(plan):
            return None
        return Answer(
            question=question, kind=Kind.COMPARE, topic="no_edition", passages=(self._passage(node),),
            plan=plan,
        )  # fmt: skip

    def _units(self, question: str, one: Difference, unit: Unit | None) -> Answer:
        """A clause with the units of both years."""
        nodes = [one.node, *([one.before] if one.before else [])]
        plan = self.corpus.plan_of(one.node)
        return Answer(
            question=question,
            kind=Kind.COMPARE,
            topic=IN_CHARGE if one.before else GONE,
            passages=tuple(self._passage(node) for node in nodes),
            lacking=None if one.before else self._other_edition(one.node),
            plan=plan,
            unit=unit if one.before else None,
        )

    def _has(self, node: Node, unit: Unit) -> bool:
        return any(self.corpus.units.get(one) == unit for one in node.units)

    def _differences_of(self, nodes: Sequence[Node]) -> list[Difference]:
        """What became of some clauses, of either edition."""
        ids = {node.id for node in nodes}
        plans = list(dict.fromkeys(self.corpus.plan_of(node).id for node in nodes))
        return [
            one
            for plan in plans[:1]
            for one in self.of(self.corpus.plans[plan])
            if one.node.id in ids or (one.before is not None and one.before.id in ids)
        ]

    def _rest(self, folded: str) -> str:
        """What a question says beside years, owners and words that ask what changed."""
        named = scope.without_owners(self.fold(roc.without_years(folded)), self.names, self.fold)
        rest = _compiled(self.fold(_FRAME)).sub(" ", named)
        return bare(_compiled(self.fold(_FRAME)).sub(" ", self.lexicon.content(rest)))

    def _says(self, pattern: str, folded: str) -> bool:
        return _compiled(self.fold(pattern)).search(folded) is not None

    def _passage(self, node: Node) -> Passage:
        return Passage(node=node, plan=self.corpus.plan_of(node), score=1.0)


_SEVERAL = (Change.REWORDED, Change.UNITS)


@lru_cache(maxsize=64)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
