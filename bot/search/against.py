"""Comparisons of owners' plans and of what was shown, and whether another year has a clause too.

「跟市府的一樣嗎」 sets the plans of the owners beside each other on the subject of the conversation,
never two editions; 「111年也有嗎」 is answered with yes or no and the clause.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from bot.plans import precedence, roc
from bot.plans.corpus import Corpus
from bot.plans.model import Node, NodeKind, Plan, RocYear, Unit, UnitLevel
from bot.search import scope
from bot.search.details import Details
from bot.search.editions import Editions
from bot.search.elsewhere import Elsewhere
from bot.search.follow import PAST, Previous
from bot.search.index import Index
from bot.search.refusal import Band
from bot.search.result import BESIDE, HAS_IT, NEITHER, SECTIONS, TWO, Answer, Kind, Passage
from bot.search.scope import Names
from bot.search.structure import SECTION_OF, Structure
from bot.search.words import Folder, Lexicon, bare

_COMPARES = r"差在|差別|差異|不同|不一樣|一樣|有差|差多少|差很多|差哪|比較|對照"
_ALSO = r"也是?(?:這樣|這麼|如此)|也有(?:寫|嗎|這|規定|提到|要求)"
_WITH = (
    r"^(?:那|啊)?(?:跟|和|與)(.{2,12}?)(?:是|有|會)?(?:一樣|有差|差在|差別|有什麼不|有何不|哪裡不)"
)
_KINDS = r"^(?:那|所以|請問)?執行計畫(?:跟|和|與|還是)工作計畫(?:的?格式)?(?:到底|是|有)?(?:差在|差別|有什麼不|哪裡不|有何不|怎麼分|不一樣|有差|什麼差).{0,6}$"
_OURS = (
    r"^(?:那|啊|至於)?(?:我們?|本|咱們)[局處所科室會府]?(?:自己)?的?(?:\d{3}年?度?)?的?(?:計畫|版本)?"
    r"(?:的|呢|咧|怎麼(?:寫|說|規定))$"
)
_EXISTS = r"(?:也|還|是否|是不是|有沒有?|還是)?(?:也|還)?有(?:這[一]?[條項個])?(?:嗎|沒有?)$|有沒有(?:這[一]?[條項個])?$|^.{0,6}年?(?:度)?有.{2,10}嗎$"
_HAS = r"有.{0,8}嗎"
_NTH = r"第[一二三四五六七八九十\d]{1,2}[點條項個款]"
# What may stand in a comparison without a subject.
_FRAME = (
    r"例如|比如說?|比方說?|像是|[那這]邊|執行計畫|工作計畫|實施計畫|計畫|條文|內容|規定|寫的|做的|講的|說的|比起來|相比|比較|對照|比|差很多|差多少|差在|差別|差異|差|"
    r"不同|不一樣|一樣|同樣|這樣|這麼|如此|之間|兩[個條份邊]|還是|還有|也有|有沒有|跟|和|與|有|沒|是|在|也|還|做|寫|"
    r"什麼|哪裡?|些|這|那|的|嗎|呢|年度|年|[條項點]|第[一二三四五六七八九十\d]"
)
_SCHEDULE = r"附件\s*[1一]|作業(?:期程|時程)"
_COMMON = r"規定|計畫|條文|內容|辦理|執行"


@dataclass(frozen=True, slots=True, kw_only=True)
class Against:
    """Sets plans and clauses side by side; `looked_up` answers a question that stands for itself."""

    corpus: Corpus
    index: Index
    details: Details
    editions: Editions
    structure: Structure
    names: Names
    lexicon: Lexicon
    fold: Folder
    looked_up: Callable[[str, Unit | None], Answer]
    elsewhere: Elsewhere

    def answer(self, question: str, asker: Unit | None, previous: Previous | None) -> Answer | None:
        """The comparison that a question asks for, None when it asks for none of these."""
        folded = self.fold(question)
        years = roc.years_in(question)
        known = self._known(previous.clauses if previous else ())
        if known and previous and asker is not None and self._says(_OURS, bare(folded)):
            return self._ours(question, known[0], previous, asker, years)
        if len(years) == 1 and self._says(_EXISTS, bare(folded)):
            return self._exists(question, years[0], known)
        if not years and self._says(PAST, folded):
            return self._existed(question, folded, known, asker)
        sections = [
            unit for unit, _, _ in self.names.find(folded) if unit.level is UnitLevel.SECTION
        ]
        if len(years) == 2 and len(sections) == 1 and self._says(_HAS, folded):
            return self._unit_in_years(question, years, sections[0])
        if years:
            return None
        if self._says(_KINDS, bare(folded)):
            return self._kinds_of_plans(question)
        if not self._says(f"{_COMPARES}|{_ALSO}|^.{{0,3}}(?:跟|和|與).{{2,12}}比$", folded):
            return None
        owners = scope.owners(folded, asker, self.names, self.corpus, self.fold)
        rest = self._rest(
            self.names.without_kinds(scope.without_owners(folded, self.names, self.fold))
        )
        if owners:
            return self._owners(question, owners, rest, asker, previous, known)
        return self._two(question, rest, previous, known, asker)

    def _known(self, clauses: Sequence[str]) -> list[Node]:
        return [self.corpus.nodes[one] for one in clauses if one in self.corpus.nodes]

    def _rest(self, folded: str) -> str:
        """What a question says beside the comparison."""
        rest = self.lexicon.content(self.fold(roc.without_years(folded)))
        return bare(_compiled(self.fold(_FRAME)).sub(" ", rest))

    # owners' plans

    def _owners(
        self,
        question: str,
        owners: Sequence[Unit],
        rest: str,
        asker: Unit | None,
        previous: Previous | None,
        known: list[Node],
    ) -> Answer | None:
        """The plans of the owners that are named, on the present subject or on the question's."""
        folded = self.fold(question)
        schedule = self._says(_SCHEDULE, folded)
        rest = bare(_compiled(self.fold(_SCHEDULE)).sub(" ", rest))
        if len(rest) > 1:
            named = {unit for unit, _, _ in self.names.find(folded)}
            is_also = len(owners) == 1 and self._says(_ALSO, folded)
            if not is_also and (len(owners) < 2 or set(owners) <= named):
                return None
            return self._side_by_side(question, owners, rest, None, asker)
        if previous is None or not known:
            return Answer(question=question, kind=Kind.SMALLTALK, topic="lost_compare")
        segment = SECTION_OF.get(previous.topic)
        if segment is not None:
            return self._sections(question, owners, segment, known[0], asker)
        if self._is_refused(previous, known[0], asker):
            return Answer(question=question, kind=Kind.UNKNOWN, band=Band.NOT_SAID, topic=NEITHER)
        kinds = (NodeKind.SCHEDULE,) if schedule else (NodeKind.CLAUSE,)
        subject = self._subject(previous, known)
        found = self._side_by_side(question, owners, subject, known[0], asker, kinds)
        return replace(found, topic=BESIDE) if found is not None else None

    def _is_refused(self, previous: Previous, node: Node, asker: Unit | None) -> bool:
        """Whether the plans do not say what the conversation is about; then a clause is but near."""
        runs = self.runs(previous.question)
        if not runs or self.details.is_on(node, runs):
            return False
        return self.looked_up(previous.question, asker).band is Band.NOT_SAID

    def runs(self, subject: str) -> tuple[str, ...]:
        """The words of a subject, without owners and what is said of any."""
        folded = scope.without_owners(self.fold(subject), self.names, self.fold)
        words = _compiled(self.fold(_COMMON)).sub(" ", roc.without_years(folded))
        return tuple(run for run in self.details.subject(words) if len(run) > 1)

    def _plans(
        self, owners: Sequence[Unit], node: Node | None, asker: Unit | None
    ) -> tuple[list[Plan], Unit | None]:
        """At least two plans where there are as many, and the owner that has none of its own."""
        found: list[Plan] = []
        lacks = None
        if len(owners) == 1 and node is not None:
            found.append(self.corpus.plan_of(node))
        for unit in owners:
            own = precedence.own_plans(self.corpus, unit)
            lacks = lacks if own else unit
            found += own[:1] or precedence.plans_for(self.corpus, unit)[:1]
        for plan in (*precedence.plans_for(self.corpus, asker), *(
            [self.corpus.plan_of(node)] if node is not None else []
        )):  # fmt: skip
            if len(set(found)) < 2:
                found.append(plan)
        return list(dict.fromkeys(found)), lacks

    def _side_by_side(
        self,
        question: str,
        owners: Sequence[Unit],
        subject: str,
        node: Node | None,
        asker: Unit | None,
        kinds: tuple[NodeKind, ...] = (NodeKind.CLAUSE,),
    ) -> Answer | None:
        """The clause of each plan on a subject; of a plan without one that it has none."""
        plans, lacks = self._plans(owners, node, asker)
        scores = self.elsewhere.scores(subject)
        best = [self.elsewhere.best(plan, scores, node, kinds) for plan in plans]
        top = max(score for _, score in best)
        if node is not None:
            top = scores[self.index.row[node.id]]
        is_strict = node is not None or self._says(_ALSO, self.fold(question))
        runs = self.runs(subject) if is_strict else ()
        kept = [
            one for one, score in best if one == node or self.elsewhere.is_on(one, runs, score, top)
        ]
        if not kept:
            return None
        missing = next((p for p in plans if p.id not in {one.plan_id for one in kept}), None)
        return Answer(
            question=question,
            kind=Kind.COMPARE,
            passages=tuple(self._passage(one) for one in kept),
            lacking=missing if len(kept) == 1 else None,
            turned_to=lacks,
            asker=asker,
        )

    def _subject(self, previous: Previous, known: Sequence[Node]) -> str:
        """What the conversation is about, in words, without any owner or year."""
        folded = self.fold(roc.without_years(previous.question))
        words = scope.without_owners(folded, self.names, self.fold).strip()
        kept = self._rest(words)
        return words if len(kept) > 1 else (known[0].title or known[0].words)[:40]

    def _sections(
        self,
        question: str,
        owners: Sequence[Unit],
        segment: str,
        node: Node,
        asker: Unit | None,
    ) -> Answer | None:
        """The same section of two plans, such as the goals."""
        plans, lacks = self._plans(owners, node, asker)
        parts = [self.structure.section(plan, segment) for plan in plans[:2]]
        lists = [
            Answer(question="", kind=Kind.LIST, plan=part.plan, shown=part.nodes,
                   topic=part.topic, heading=part.heading,
                   passages=tuple(self._passage(one) for one in part.nodes[:5]))
            for part in parts if part is not None
        ]  # fmt: skip
        if len(lists) < 2:
            return None
        return replace(
            lists[0], question=question, kind=Kind.COMPARE, topic=SECTIONS, parts=tuple(lists),
            turned_to=lacks, asker=asker,
        )  # fmt: skip

    def _kinds_of_plans(self, question: str) -> Answer | None:
        """Whose plan is an 執行計畫 and whose a 工作計畫: the two lines of the forms that say so."""
        lines = [
            node
            for plan in precedence.newest(self.corpus) if precedence.is_city_wide(self.corpus, plan)
            for node in plan.nodes
            if node.kind is NodeKind.FORM and node.words.startswith("適用機關")
        ]  # fmt: skip
        return self._pair(question, lines[0], lines[1]) if len(lines) == 2 else None

    def _ours(
        self,
        question: str,
        node: Node,
        previous: Previous,
        asker: Unit,
        years: Sequence[RocYear],
    ) -> Answer | None:
        """「我們112的呢」: the asker's own plan, of that year, on the present subject."""
        binding = precedence.plans_for(self.corpus, asker)[:1]
        owner = self.corpus.units.get(binding[0].owner) if binding else None
        own = precedence.own_plans(self.corpus, owner) if owner else ()
        plan = next((one for one in own if not years or one.year in years), None)
        if plan is None:
            return None
        twin = self.editions.counterpart(node, plan)
        if twin is not None:
            return Answer(
                question=previous.question, kind=Kind.CLAUSE, plan=plan,
                passages=(self._passage(twin),),
            )  # fmt: skip
        if SECTION_OF.get(previous.topic) is not None:
            return None
        subject = self._subject(previous, [node])
        return self.elsewhere.in_plan(plan, f"{plan.owner} {subject}", subject, [node], asker)

    # two things that were shown

    def _two(
        self,
        question: str,
        rest: str,
        previous: Previous | None,
        known: list[Node],
        asker: Unit | None,
    ) -> Answer | None:
        """What was shown beside what is named, or beside what was shown before it."""
        if previous is None or not known:
            return None
        folded = self.fold(question)
        match = _compiled(self.fold(_WITH)).search(folded)
        if match is not None and len(rest) > 1:
            found = self.looked_up(match[1], asker)
            first = found.passages[0].node if found.passages else None
            if found.band is not Band.SAID or first is None or first == known[0]:
                return None
            return self._pair(question, known[0], first)
        earlier = self._known(previous.earlier)
        if len(rest) > 1 or not earlier or earlier[0].plan_id == known[0].plan_id:
            return None
        return self._pair(question, earlier[0], known[0])

    def _pair(self, question: str, one: Node, other: Node) -> Answer:
        passages = (self._passage(one), self._passage(other))
        return Answer(question=question, kind=Kind.COMPARE, passages=passages, topic=TWO)

    # other years

    def _existed(
        self, question: str, folded: str, known: list[Node], asker: Unit | None
    ) -> Answer | None:
        """Whether the edition before has it too: 「舊版也有嗎」; None where that is not asked."""
        words = _compiled(self.fold(rf"(?:{PAST})的?[年版]?")).sub("", folded)
        plans = [self.corpus.plan_of(one) for one in known[:1]]
        plans += precedence.plans_for(self.corpus, asker)[:1]
        before = (self.corpus.plans.get(one.supersedes or "") for one in plans)
        older = next((one for one in before if one is not None), None)
        is_asked = self._says(_EXISTS, bare(words)) and not self._says(_COMPARES, folded)
        if older is None or not is_asked:
            return None
        return self._exists(words, older.year, known)

    def _exists(self, question: str, year: RocYear, known: list[Node]) -> Answer | None:
        """Whether the plan of another year has the clause too."""
        folded = self.fold(roc.without_years(question))
        rest = self._rest(re.sub(self.fold(_NTH), " ", folded))
        node = known[0] if known and len(rest) <= 1 else self._worded(rest, self._with_year(year))
        if node is None or not node.is_quotable:
            return None
        plan = self.corpus.plan_of(node)
        owner = self.corpus.units.get(plan.owner)
        own = precedence.own_plans(self.corpus, owner) if owner else ()
        other = next((one for one in own if one.year == year), None)
        if other is None:
            return None
        twin = self._worded(rest, [other])
        twin = twin or (node if other == plan else self.editions.counterpart(node, other))
        if twin is None:
            return Answer(
                question=question, kind=Kind.COMPARE, passages=(self._passage(node),),
                lacking=other, topic="apart",
            )  # fmt: skip
        return Answer(
            question=question, kind=Kind.CLAUSE, passages=(self._passage(twin),), topic=HAS_IT,
            plan=other,
        )  # fmt: skip

    def _unit_in_years(self, question: str, years: Sequence[RocYear], unit: Unit) -> Answer | None:
        """One clause in two years, the one that names a unit: 「111年有疾管處嗎 112呢」."""
        plans = [plan for plan in self.corpus.plans.values() if plan.year in years]
        named = [
            node for plan in plans for node in plan.nodes
            if any(self.corpus.units.get(one) == unit for one in node.units)
        ]  # fmt: skip
        rest = self._rest(scope.without_owners(self.fold(question), self.names, self.fold))
        if len(rest) < 2 or not named:
            return None
        scores = self.elsewhere.scores(rest)
        best = max(named, key=lambda node: scores[self.index.row[node.id]])
        twin = next((one for plan in plans if (one := self.editions.counterpart(best, plan))), None)
        return None if twin is None else self._pair(question, best, twin)

    def _with_year(self, year: RocYear) -> list[Plan]:
        """The plans of owners that wrote one for this year, newest first."""
        owners = {plan.owner for plan in self.corpus.plans.values() if plan.year == year}
        found = (plan for plan in self.corpus.plans.values() if plan.owner in owners)
        return sorted(found, key=lambda plan: -plan.year)

    def _worded(self, rest: str, plans: Sequence[Plan]) -> Node | None:
        """The clause that has these very words, the first plan's first."""
        if len(rest) < 3:
            return None
        nodes = (node for plan in plans for node in plan.nodes if node.is_quotable)
        return next((node for node in nodes if rest in self.fold(node.words)), None)

    def _says(self, pattern: str, folded: str) -> bool:
        return _compiled(self.fold(pattern)).search(folded) is not None

    def _passage(self, node: Node) -> Passage:
        return Passage(node=node, plan=self.corpus.plan_of(node), score=1.0)


@lru_cache(maxsize=64)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
