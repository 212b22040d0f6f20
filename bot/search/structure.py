"""Questions that the plans' own structure answers: complete, in order, without ranking.

Chapters and items by number, the goals, the six chapters, 附件1 as a whole, a unit's duties.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

from bot.plans import precedence, roc
from bot.plans.corpus import Corpus
from bot.plans.model import Node, NodeKind, Plan, PlanFormat, Unit, UnitLevel
from bot.search.scope import Scope
from bot.search.words import Folder, Lexicon, bare

_CHINESE = "一二三四五六七八九十"
_PATH = (
    rf"(?:肆[、,.]?)?(?:第?([{_CHINESE}])[、,.]?)\s*\(([{_CHINESE}])\)"
    rf"(?:\s*(?:的|第|之)*\s*(\d{{1,2}}|[{_CHINESE}]{{1,2}})[.、點条項]?(?:\s*\((\d{{1,2}})\))?)?"
)
_PLACE = (
    rf"([壹貳參肆伍陸柒捌玖])[、,.]?\s*(?:([{_CHINESE}]{{1,2}})[、,.]?)?(?:\s*\(([{_CHINESE}]{{1,2}})\))?"
    r"(?:\s*(\d{1,2})[.、點条項]?(?:\s*\((\d{1,2})\))?)?"
)
_CHAPTER = (
    rf"第([{_CHINESE}\d])(?:章|大項|個?要項|個?面向)|(?:要項|面向)([{_CHINESE}])(?![{_CHINESE}])"
)
_SECTION = "第?([壹貳參肆伍陸柒捌玖])(?:[、章]|部分|大項)"
_GOALS = r"(?:計畫|三個|三大|年度)?的?目標(?:是|有|為|各|叫)?(?:什麼|哪|啥|甚麼|嗎)|哪[三幾]個目標|三[個大]目標|計畫目標"
_WHOSE_GOALS = (
    r"^(?:那|啊)?(?:(?:我們?|本|.{1,8}[局所府處院會心])的?)?(?:計畫|年度)?的?目標(?:呢|咧|嗎)?$"
)
_SUBJECTS = (
    r"實施對象|適用(?:對象|範圍|(?:於|到)?哪些(?:機關|單位|人))|哪些(?:機關|單位|人)要(?:照|遵)|"
    r"計畫(?:是|書)?(?:要|有|得|必須)?(?:誰|給誰|哪些人?)(?:要|得|必須|該)?(?:照|遵)(?:著|守|辦|做)*|"
    r"(?:誰|哪些人)(?:要|得|必須|該)?(?:照|遵)(?:著|守)?(?:這一?份|市府這?份?的?|我們(?:局|所|中心)?的?)?計畫"
)
_BASIS = r"計畫依據|依據(?:是|為)?(?:什麼|哪|啥)|(?:法源|母法)"
_CHAPTERS = r"[六6]大?(?:塊|類|部分)|[六6]大?(?:個)?(?:面向|要項|章|大項|項目)|(?:實施|執行|工作)要項(?:有|是)?(?:哪|什麼|幾)|哪[幾六]個?(?:面向|要項)|(?:幾|哪)[大個](?:面向|要項)"
_SCHEDULE = (
    r"作業(?:期程|時程)(?!.{0,3}(?:調|改))|(?:整|全|一)年(?!.{0,4}[幾多]).{0,10}(?:從頭到尾|期程|時程|行程|行事(?!曆)|大事|流程|要做|要跑|總表)|"
    r"附件[1一](?!\d)的?(?:作業)?(?:[時期]程)?表?(?:整[份張個]|全部|內容|全文|寫什麼|是什麼|有什麼|有哪些|列|給我)|"
    r"^(?:那|看|給我看?|我要看?)*附件[1一](?:的?[時期]程)?(?:呢|給我看?)?$|"
    r"(?:期程|時程)表|全部(?:的)?(?:期程|時程|日期)"
)
_OUR_SECTION = r"我們?(?:這一?)?(?:科室|科|室|課|組|處|中心)|本[科室課組處]"
_PAUSE = re.compile(r"[\s,。;!?]+")
# What may stand around a unit when its duties are asked for; if nothing else is left in the
# question, it has no further subject.
_FRAME = (
    r"提升服務|我是問|不是|主要|其他|其餘|盤點|可以|可不可以|部分|整理|交接給?|新同[事仁]|同[事仁]們?|剛調來?|新來的?|由我接|想知道|了解|請問|麻煩|負責|要做|主辦|業務|工作|任務|職責|分到|掛名|被派|被寫進去|寫進去|有份|扛|要顧|要管|管|掛|歸|"
    r"全部|總共|所有|一共|全列|列|清單|撈|整理|哪些|哪幾|幾[條件項點]|什麼|啥|條文?|項目|事情?|號碼|"
    r"計畫|裡|今年|現在|那本|這本|目前|到底|主任|長官|課長|科長|組長|要看|剛接|新接|接手|新人|給我|幫我|讓我|"
    r"兩條|三條|還是?|含|跟|一起|自己|單獨|只有?|沒有別的?|別的?|的|要|是|有|了|在|被|和|全|來|看|哭|一下|出來|我"
)
_ASKS_DUTIES = r"哪些|哪幾|有哪|什麼|啥|幾[條件項點]|列|全部|總共|所有|清單|有份|撈|兩條|我的單位"
_A_DAY = r"什麼時候|啥時|何時|幾月|幾號|哪一?天|期限|截止|最晚|最慢"
_ASKS_ITS_DUTIES = r"的?(?:工作|業務|職責|任務|負責的?項目)(?:內容|項目)?(?:呢|有|是)?$"
_CONTENTS = (
    r"計畫(?:書|裡面?|內容|內|的內容|中)*(?:要|應該?|該|得|必須|需要)(?:寫|包含|包括|有|列|放)(?:進去|進|些|到|上)*"
    r"(?:什麼|哪些|哪幾|幾|啥)(?:東西|內容|項目|部分|章節?|大?[項塊段]|欄位?)*(?:呢|啊|嗎|才對|進去)*[?!。]*$"
)
_WORK, _EXECUTION = "工作計畫", "執行計畫"
_EACH = r"分別|各自|各別|個別|各要|各有|各是"
_MOST_UNITS = 3
_ALONE = r"自己.{0,4}(?:扛|做|負責|的)|只掛|只有我們|單獨|沒有別"
_OUR = r"我們?(?:科|室|組|課|局|處|所|中心|單位|公所|會|這|的)|本[科室組課局所]|我的單位|我們(?=有(?:哪些|什麼)(?:事|工作|要))|我們(?=(?:要|該|需要|應該)?(?:做|負責)(?:什麼|哪些|啥))"
_IN_OUR_PLAN = (
    r"我們.{0,4}(?:計畫|那本|這本)[裡裏面中內頭]*(?:有寫|寫[了到])"
    r"|(?:計畫|那本|這本)[裡裏面中內頭]*(?:有寫|寫[了到])[到了]?(?:要|給)?我們"
)
"""Asks what the plan has for a section; what is to be written into one is another question."""

SECTION_OF = {"basis": "1", "goals": "2", "subjects": "3"}
"""The sections of a plan that are asked for as a whole, by topic."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the structure says.

    `topic` names what was looked up (`chapters`, `goals`, `schedule`, `duties`, `path` …);
    `nodes` are complete and in document order; `on` is the subject to which duties are limited.
    """

    topic: str
    nodes: tuple[Node, ...]
    plan: Plan
    unit: Unit | None = None
    heading: Node | None = None
    on: str = ""


class Structure:
    """Looks questions up in the plans' structure."""

    def __init__(self, corpus: Corpus, fold: Folder, lexicon: Lexicon) -> None:
        self._corpus = corpus
        self._fold = fold
        self._lexicon = lexicon

    def find(self, folded: str, scope: Scope) -> Found | None:
        """What the structure answers, or None when the question asks for something else."""
        for rule in self._rules:
            found = rule(folded, scope)
            if found is not None and found.nodes:
                return found
        return None

    @property
    def _rules(self) -> tuple[Callable[[str, Scope], Found | None], ...]:
        return (
            self._path, self._chapter, self._schedule, self._chapters, self._goals,
            self._subjects, self._basis, self._duties, self._contents,
        )  # fmt: skip

    def home(self, scope: Scope) -> Plan:
        """The plan that a question without a subject is about."""
        corpus = self._corpus
        unit = scope.home(corpus)
        bound = precedence.plans_for(corpus, unit)
        for year in scope.years:
            chain = (unit, *corpus.units.above(unit)) if unit else ()
            for one in chain:
                for plan in precedence.own_plans(corpus, one):
                    if plan.year == year:
                        return plan
            for plan in corpus.plans.values():
                if plan.year == year and unit is None:
                    return plan
        return bound[0] if bound else precedence.newest(corpus)[0]

    def _path(self, folded: str, scope: Scope) -> Found | None:
        placed = self._place(folded, scope)
        if placed is not None:
            return placed
        match = self._pattern(_PATH).search(folded)
        if match is None:
            return None
        plan = self.home(scope)
        numbers = [roc.number(one) for one in match.groups() if one]
        segments = ["4", *(str(one) for one in numbers)]
        node = self._nearest(plan, segments)
        if node is None:
            return None
        return Found(topic="path", nodes=self._corpus.leaves(node), plan=plan, heading=node)

    def _place(self, folded: str, scope: Scope) -> Found | None:
        """A heading or clause by a path that begins with its section: 伍、二; 肆、一、(三)3.(2)."""
        match = self._pattern(_PLACE).search(folded)
        if match is None or not (match[2] or match[3]):
            return None
        plan = self.home(scope)
        section = self._fold("壹貳參肆伍陸柒捌玖").index(match[1]) + 1
        numbers = [str(roc.number(one)) for one in match.groups()[1:] if one]
        node = self._nearest(plan, [str(section), *numbers])
        if node is None:
            return None
        return Found(topic="path", nodes=self._corpus.leaves(node), plan=plan, heading=node)

    def _nearest(self, plan: Plan, segments: list[str]) -> Node | None:
        """The node of a numbered path; unnumbered headings on the way are passed through."""
        here = self._corpus.nodes.get(f"{plan.id}:{'.'.join(segments[:2])}")
        for segment in segments[2:]:
            if here is None:
                return None
            here = self._below(here, segment)
        return here

    def _below(self, node: Node, segment: str) -> Node | None:
        children = [self._corpus.nodes[child] for child in node.children]
        for child in children:
            if child.segments[-1] == segment:
                return child
        for child in children:
            if child.segments[-1].isalpha():
                found = self._below(child, segment)
                if found is not None:
                    return found
        return None

    def _chapter(self, folded: str, scope: Scope) -> Found | None:
        plan = self.home(scope)
        section = self._pattern(_SECTION).search(folded)
        if section:
            order = self._fold("壹貳參肆伍陸柒捌玖").index(section[1]) + 1
            return self._under(plan, f"{plan.id}:{order}")
        match = self._pattern(_CHAPTER).search(folded)
        if match is None:
            return None
        return self._under(plan, f"{plan.id}:4.{roc.number(match[1] or match[2])}")

    def _under(self, plan: Plan, node_id: str) -> Found | None:
        heading = self._corpus.nodes.get(node_id)
        if heading is None:
            return None
        return Found(
            topic="chapter", nodes=self._corpus.leaves(heading), plan=plan, heading=heading
        )

    def _chapters(self, folded: str, scope: Scope) -> Found | None:
        if not self._pattern(_CHAPTERS).search(folded):
            return None
        plan = self.home(scope)
        nodes = [self._corpus.nodes.get(f"{plan.id}:4.{number}") for number in range(1, 7)]
        return Found(topic="chapters", nodes=tuple(one for one in nodes if one), plan=plan)

    def _goals(self, folded: str, scope: Scope) -> Found | None:
        is_asked = self._says(_GOALS, folded) or self._says(_WHOSE_GOALS, folded.strip(" ?!。"))
        if not is_asked or self._pattern("數字|量化").search(folded):
            return None
        return self._section("goals", "2", scope)

    def _subjects(self, folded: str, scope: Scope) -> Found | None:
        return self._section("subjects", "3", scope) if self._says(_SUBJECTS, folded) else None

    def _basis(self, folded: str, scope: Scope) -> Found | None:
        return self._section("basis", "1", scope) if self._says(_BASIS, folded) else None

    def _contents(self, folded: str, scope: Scope) -> Found | None:
        """What has to be written into a plan: the form of the asker's level, or of the named kind."""
        found = self.form_for(folded, scope) if self._says(_CONTENTS, folded) else None
        if found is None:
            return None
        plan, form = found
        heading = self._corpus.nodes[form.node]
        return Found(
            topic="chapter", nodes=self._corpus.leaves(heading), plan=plan, heading=heading
        )

    def form_for(self, folded: str, scope: Scope) -> tuple[Plan, PlanFormat] | None:
        """The form of a plan, and the plan that prescribes it: of the level of who writes the named
        kind of plan, else of the asker's; of the year that is named, where there is one."""
        level = self._writes(folded, scope)
        bound = precedence.plans_for(self._corpus, scope.home(self._corpus))
        before = (self._corpus.plans.get(plan.supersedes or "") for plan in bound)
        older = [plan for plan in before if plan is not None and plan.year in scope.years]
        forms = ((plan, one) for plan in (*older, *bound) for one in plan.formats)
        return next(((plan, one) for plan, one in forms if level in one.levels), None)

    def _writes(self, folded: str, scope: Scope) -> UnitLevel | None:
        """The level of who writes the kind of plan that is named, else the asker's own level."""
        work, execution = (self._says(one, folded) for one in (_WORK, _EXECUTION))
        if work != execution:
            return UnitLevel.SUBORDINATE if work else UnitLevel.AGENCY
        unit = scope.home(self._corpus)
        if unit is not None and unit.level is UnitLevel.SECTION:
            unit = self._corpus.units.get(unit.parent)
        return unit.level if unit else None

    def _section(self, topic: str, segment: str, scope: Scope) -> Found | None:
        return self.section(self.meant(scope), segment, topic)

    def section(self, plan: Plan, segment: str, topic: str = "") -> Found | None:
        """A section of a plan by its number, such as the goals."""
        heading = self._corpus.nodes.get(f"{plan.id}:{segment}")
        if heading is None:
            return None
        topic = topic or next((one for one, at in SECTION_OF.items() if at == segment), "chapter")
        return Found(topic=topic, nodes=self._corpus.leaves(heading), plan=plan, heading=heading)

    def meant(self, scope: Scope) -> Plan:
        """The plan that is asked about: the city's too, where only the city is named."""
        above = (UnitLevel.CITY, UnitLevel.RDEC)
        if scope.named and all(unit.level in above for unit in scope.named):
            return precedence.plans_for(self._corpus, None)[0]
        return self.home(scope)

    def _schedule(self, folded: str, scope: Scope) -> Found | None:
        if not self._says(_SCHEDULE, folded):
            return None
        city = next(
            p for p in self._corpus.plans.values() if precedence.is_city_wide(self._corpus, p)
        )
        rows = tuple(
            node for node in city.nodes
            if node.kind in (NodeKind.SCHEDULE, NodeKind.NOTE)
        )  # fmt: skip
        return Found(topic="schedule", nodes=rows, plan=city)

    def _duties(self, folded: str, scope: Scope) -> Found | None:
        """A unit's duties, when the question has no further subject."""
        is_of_section = self._says(_ASKS_ITS_DUTIES, folded.strip(" ?!。")) and any(
            unit.level is UnitLevel.SECTION for unit in scope.named
        )
        if not (is_of_section or self._says(_ASKS_DUTIES, folded)):
            return None
        if self._says(_A_DAY, folded):
            return None
        parts = _PAUSE.split(folded.strip(" ?!。"))  # 「下週要交接，我們課有哪些」
        last = parts[-1]
        is_ours = scope.asker is not None and any(
            self._asks_ours(part, scope.asker) for part in parts
        )
        unit = scope.asker if is_ours else self._whose(folded, scope)
        is_named = unit is not None and self._fold(unit.name) in last
        is_last = is_named and unit is not None and self._asks_only(last, unit)
        if unit is None or (not is_ours and not is_last and self._subject_left(folded, unit)):
            return None
        found = self.duties(unit, scope)
        if found is not None and unit.level is UnitLevel.SECTION and self._says(_ALONE, folded):
            alone = tuple(node for node in found.nodes if len(node.units) == 1)
            return replace(found, nodes=alone)
        return found

    def _asks_ours(self, last: str, unit: Unit) -> bool:
        """Whether the last part of a message asks for the asker's own duties and for nothing else."""
        is_in_plan = unit.level is UnitLevel.SECTION and self._says(_IN_OUR_PLAN, last)
        return (is_in_plan or self._says(_OUR, last)) and self._asks_only(last, unit)

    def _asks_only(self, last: str, unit: Unit) -> bool:
        return self._says(_ASKS_DUTIES, last) and not self._subject_left(last, unit)

    def duties_of_several(self, folded: str, scope: Scope) -> tuple[Found, ...]:
        """The duties of each of two or three sections that a question names, else nothing."""
        sections = [unit for unit in scope.named if unit.level is UnitLevel.SECTION]
        if not 2 <= len(sections) <= _MOST_UNITS or not self._says(_ASKS_DUTIES, folded):
            return ()
        if self._subject_left(self._pattern(_EACH).sub(" ", folded), *sections):
            return ()
        found = [self.duties(unit, scope) for unit in sections]
        return tuple(one for one in found if one is not None and one.nodes)

    def duties(self, unit: Unit, scope: Scope) -> Found | None:
        """All clauses that a unit must carry out, in the plan that binds it most closely."""
        corpus = self._corpus
        owner = corpus.units.get(unit.parent) if unit.level is UnitLevel.SECTION else unit
        plans = precedence.own_plans(corpus, owner) if owner else ()
        if unit.level is UnitLevel.RDEC:
            return self._under_its_name(unit)
        by_year = [plan for plan in plans if plan.year in scope.years]
        plan = (by_year or list(plans) or list(precedence.plans_for(corpus, unit)))[0]
        nodes = tuple(
            node
            for node in plan.nodes
            if node.kind is NodeKind.CLAUSE
            and node.segments[0] == "4"
            and (unit.level is not UnitLevel.SECTION or self.concerns(node, unit))
        )
        return Found(topic="duties", nodes=nodes, plan=plan, unit=unit)

    def _under_its_name(self, unit: Unit) -> Found | None:
        """What stands under the headings that name a unit, and the dates that concern it."""
        plan = precedence.own_plans(self._corpus, unit)[0]
        headings = [
            node for node in plan.nodes
            if node.kind is NodeKind.HEADING and unit.name in node.title
        ]  # fmt: skip
        leaves = [leaf for heading in headings for leaf in self._corpus.leaves(heading)]
        return Found(topic="duties", nodes=tuple(dict.fromkeys(leaves)), plan=plan, unit=unit)

    def concerns(self, node: Node, unit: Unit) -> bool:
        """Whether a clause names a section, itself or through a group such as 各組室."""
        return any(covers(self._corpus, printed, unit) for printed in node.units)

    def _whose(self, folded: str, scope: Scope) -> Unit | None:
        sections = [unit for unit in scope.named if unit.level is UnitLevel.SECTION]
        asker = scope.asker
        is_section = asker is not None and asker.level is UnitLevel.SECTION
        is_own = asker is not None and (
            self._fold(asker.name[:-1]) in folded or self._says(_OUR_SECTION, folded)
        )
        if not sections and is_section and is_own:
            return asker
        if sections:
            return sections[0]
        named = [unit for unit in scope.named if unit.level is not UnitLevel.CITY]
        if named:
            return named[0]
        return scope.asker if self._says(_OUR, folded) else None

    def _subject_left(self, folded: str, *units: Unit) -> bool:
        """Whether more than one character of a subject is left beside units and frame."""
        rest = self._pattern(f"{_IN_OUR_PLAN}|{_OUR}").sub(" ", roc.without_years(folded))
        words = [word for unit in units for word in (unit.name, unit.full_name, *unit.aliases)]
        above = [one for unit in units for one in self._corpus.units.above(unit)]
        words += [word for unit in above for word in (unit.name, unit.full_name, *unit.aliases)]
        words += [unit.name[:-1] for unit in units if unit.level is UnitLevel.SECTION]
        for word in sorted(words, key=len, reverse=True):
            rest = rest.replace(self._fold(word), " ")
        rest = self._pattern(_FRAME).sub(" ", self._lexicon.content(rest))
        return len(bare(rest)) > 1

    def _says(self, pattern: str, folded: str) -> bool:
        return bool(self._pattern(pattern).search(folded))

    def _pattern(self, pattern: str) -> re.Pattern[str]:
        return self._patterns.setdefault(pattern, re.compile(self._fold(pattern)))

    @cached_property
    def _patterns(self) -> dict[str, re.Pattern[str]]:
        return {}


def covers(corpus: Corpus, printed: str, unit: Unit) -> bool:
    """Whether a responsible unit as printed is the section, or a group such as 各組室 with it."""
    if corpus.units.get(printed) == unit:
        return True
    if printed not in corpus.units.groups:
        return False
    return printed.startswith("各") or unit.name[:-1] in printed


def is_alone(corpus: Corpus, node: Node, unit: Unit) -> bool:
    """Whether a section is the only one that a clause makes responsible."""
    return all(corpus.units.get(printed) == unit for printed in node.units)
