"""An agency whose own plan is not loaded: what the city's plan says of it, and that it is not here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.plans import precedence
from bot.plans.corpus import Corpus
from bot.plans.model import Plan, Unit, UnitLevel
from bot.search import refusal
from bot.search.index import Index
from bot.search.refusal import Band
from bot.search.result import PLANS_HERE, Answer, Kind, Passage
from bot.search.scope import Names, Scope
from bot.search.talked import WRITERS
from bot.search.words import Folder

_PLANS_ASKED = "計畫|提報|成果|報告|參獎|申請書|要交"
_WHICH_HERE = (
    "(?:計畫|[那這][本份]).{0,6}(?:(?:在?你|這[裡邊]|系統|資料庫).{0,4})?(?:查得到|找得到|看得到)[嗎沒]"
    "|(?:計畫|[那這][本份]).{0,4}在?你(?:這[裡邊]|那[裡邊]).{0,3}(?:有|嗎)"
    "|[那這]一?[份本]計畫.{0,2}(?:是)?哪一?[年個]年?度?(?:的|版)?(?:的|呢|嗎|啊|$)"
    "|(?:最新|更新|比較新)的?(?:計畫|版本|就?是|只有|到|有).{0,6}(?:年|嗎|吧)|(?:計畫|[那這][本份]).{0,12}有沒有(?:更新|比較新|新)的"
)
_OUR_OWN = "我們?(?:這邊)?(?:自己|局|處|所|公所|中心|會)|本[局處所會]"
_MUST_WE = "(?:我們?|本[局所處]).{0,6}(?:要|需|得|必須|可以?不|免).{0,8}(?:計畫|成果|報告).{0,3}(?:嗎|沒|不|呢|$)"


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingPlan:
    """Answers for units without a plan of their own.

    `mentions` are, for a unit's name, the rows of the clauses that name it.
    """

    corpus: Corpus
    index: Index
    names: Names
    fold: Folder
    mentions: Mapping[str, list[int]]

    def answer(self, question: str, folded: str, named: Scope) -> Answer | None:
        """That the plan of the agency that is asked about is not loaded."""
        if not refusal.is_about_a_missing_plan(folded, named, self.corpus):
            return None
        unit = next(
            one
            for one in named.named
            if one.level in WRITERS and not precedence.own_plans(self.corpus, one)
        )
        bound = precedence.plans_for(self.corpus, unit)
        own = self.rule_of(unit, folded)
        if own is not None:
            return replace(own, question=question)
        return Answer(
            question=question,
            kind=Kind.UNKNOWN,
            band=Band.NOT_SAID,
            topic="no_plan",
            turned_to=unit,
            plan=bound[0] if bound else None,
        )

    def which_here(self, question: str, named: Scope, talked_of: Plan | None) -> Answer | None:
        """Which editions of a plan are here: of the unit that is named, of the asker's own office,
        else of the plan that the talk is about."""
        folded = self.fold(question)
        if not re.search(self.fold(_WHICH_HERE), folded):
            return None
        unit = next((one for one in named.named if one.level in WRITERS), None)
        if unit is None and named.asker is not None and re.search(self.fold(_OUR_OWN), folded):
            above = (named.asker, *self.corpus.units.above(named.asker))
            unit = next((one for one in above if one.level in WRITERS), None)
        plan = (
            talked_of if unit is None else next(iter(precedence.own_plans(self.corpus, unit)), None)
        )
        if plan is not None:
            first = next(node for node in plan.nodes if node.is_quotable)
            said = (Passage(node=first, plan=plan, score=1.0),)
            return Answer(
                question=question, kind=Kind.COMPARE, topic=PLANS_HERE, plan=plan, passages=said
            )
        bound = precedence.plans_for(self.corpus, unit) if unit is not None else ()
        return None if unit is None else Answer(
            question=question, kind=Kind.UNKNOWN, band=Band.NOT_SAID, topic="no_plan", turned_to=unit,
            plan=bound[0] if bound else None,
        )  # fmt: skip

    def rule_for_asker(self, question: str, folded: str, named: Scope) -> Answer | None:
        """What the city's plan says of the asker's own plan, where it asks whether it needs one."""
        if named.asker is None or named.named or not re.search(self.fold(_MUST_WE), folded):
            return None
        own = self.rule_of(named.asker, folded)
        return None if own is None else replace(own, question=question)

    def rule_of(self, unit: Unit, folded: str) -> Answer | None:
        """What the city's plan says of this very unit's plan, such as that 警察局 hands in none."""
        nodes = [self.index.nodes[row] for row in self.mentions.get(unit.name, [])]
        about = [node for node in nodes if self.fold("計畫") in self.fold(node.words)]
        if not about or not re.search(self.fold(_PLANS_ASKED), folded):
            return None
        first = Passage(node=about[0], plan=self.corpus.plan_of(about[0]), score=1.0)
        return Answer(question="", kind=Kind.CLAUSE, passages=(first,), plan=first.plan)

    def planless(self, folded: str, named: Scope) -> Unit | None:
        """The unit with which a question begins, when its own plan is not loaded."""
        found = self.names.find(folded)
        if not found or found[0][1] > 0 or found[0][0] not in named.named:
            return None
        unit = found[0][0]
        if unit == named.asker or unit.level in (UnitLevel.CITY, UnitLevel.RDEC, UnitLevel.SECTION):
            return None
        return None if precedence.own_plans(self.corpus, unit) else unit

    def is_named_in(self, found: Answer, unit: Unit) -> bool:
        """Whether the clause that was found names the unit itself."""
        rows = [self.index.row[one.node.id] for one in found.passages[:1]]
        return any(row in self.mentions.get(unit.name, []) for row in rows)


def mentions(corpus: Corpus, index: Index) -> dict[str, list[int]]:
    """The rows of clauses that name a unit, in the plans above it; a district by its place."""
    found: dict[str, list[int]] = {}
    for plan in corpus.plans.values():
        if not precedence.is_city_wide(corpus, plan):
            continue
        for unit in corpus.units:
            if unit.level not in (UnitLevel.AGENCY, UnitLevel.DISTRICT_OFFICE):
                continue
            place = unit.name.removesuffix("區公所")
            # 「茂林、桃源區公所」 names both, 「擴大社會參與」 no 大社.
            name = re.compile(unit.name if place == unit.name else f"{place}(?=區|、)")
            rows = [index.row[node.id] for node in plan.nodes if name.search(node.text)]
            if rows:
                found[unit.name] = rows
    return found
