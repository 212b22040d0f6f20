"""What kind of answer a question asks for, and what that says for or against each clause.

Patterns are written in Traditional Chinese and folded like the question. They tell the form of
a question (when, who, which form), never its subject.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bot.plans.corpus import Corpus
from bot.plans.model import Node, NodeKind, PlanFormat, Unit, UnitLevel
from bot.search.lexical import Scores
from bot.search.scope import Scope
from bot.search.words import Folder

_WHEN = (
    r"幾月|幾號|何時|哪時|何日|哪天|哪一天|哪日|哪個月|哪幾個月|幾個月|哪段時間|甚麼時候|什麼時候|"
    r"啥時|多久|期限|最晚|最慢|截止|時程|期程|日期|月份|幾時|when|deadline"
)
_WHO = (
    r"哪個?一?[個間]?(?:單位|科|室|組|課|局|處|所|股|邊|位|裡的哪)|(?<![給向])誰|"
    r"(?:找|歸|給|屬|轉)哪|哪[科室組課局處邊]|who|which (?:unit|section|office)"
)
_LIST = r"全部|總共|列出來|哪幾點|有哪|哪幾|哪[三六]個|列出|列一下|[寫提講說列](?:了|到|過)哪些|清單|一覽|有什麼|有啥|幾種|哪種|各是|整理給"
_FORM = (
    r"附件\s*[23二三幾]|哪一?個?附件|附錄|格式|範本|範例|樣板|樣張|版型|空白|制式|樣子|表格|大表|那張表|哪?[三幾]欄|"
    r"壹.{0,3}貳|大段|"
    r"(?:左|右|中)(?:邊|間).{0,6}[欄格行]|[欄格](?:位|子)?.{0,4}(?:填|寫)|template"
)
_COMPARE = r"比.{0,6}(?:早|晚|多|少|好|嚴|鬆)|早還晚|這兩年|新舊|跟去年|跟前一?年|差在|差別|有差(?:嗎|沒|$)|不同|不一樣|一樣嗎|一樣ㄇ|比較|各自|各依|改了|有改|有變|換.{0,4}嗎|多了什麼|少了什麼|同一個"
_FIRST = r"第[一1]次|頭一|首輪|首次|第[一1]輪|上半年|年初|前一輪|先打來"
_SECOND = r"第[二2]次|後面那|再.{0,6}一[輪次]|第[二2]輪|下半年|年中過|後半|年底前"
_APPROVED = r"核准|批(?:下|准|可)|核定|簽奉|發布|發文|文號|生效|頒布|哪天定|訂定的?日"
_FORM_TWO, _FORM_THREE = r"附件\s*[2二]", r"附件\s*[3三]"
_FILL = r"填|寫什麼|寫啥|怎麼寫|打什麼|照抄|自己想"
_DATE = re.compile(r"\d+\s*月|月\s*\d+\s*日|[上下]半年|次年|每日|每周|每月|定期|周一")
_BELOW = r"二級|所屬|底下|下屬|轄下|他們|它們|各[衛地戶]所|小所"
_OUR_PLAN = r"我們?(?:[局處會所院室科]|單位|中心)?的?|本[局處會所院中]心?的?"
_WORK_PLAN, _EXECUTION_PLAN = r"工作計畫", r"執行計畫"
_HIGH = r"一級|局處|公所|府內各局"
_LOW = r"二級|衛生所|衛所|小所|地政(?!局)|戶政|醫院|所屬|下面|底下|轄下|下屬"
_ALL_AGENCIES = r"(?:各個?|所有的?|每一?個)(?:機關|單位|局)|大家"
_NO_WRITERS = (UnitLevel.CITY, UnitLevel.RDEC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """What the question asks for; several may be true.

    `turn` is 1 or 2 where the first or second of two courtesy tests is meant, else 0;
    `form_number` the number of the appendix that is named, else 0; `level` whose form is meant,
    `named_level` where it is named and not the asker's own; `of_all`: all agencies are meant.
    """

    when: bool
    who: bool
    which: bool
    form: bool
    compare: bool
    fill: bool
    approved: bool
    turn: int
    form_number: int
    level: UnitLevel | None
    named_level: UnitLevel | None
    of_all: bool


class Reader:
    """Reads intents; holds the folded patterns."""

    def __init__(self, corpus: Corpus, fold: Folder) -> None:
        self._corpus = corpus
        self._fold = fold

    def read(self, folded: str, scope: Scope) -> Intent:
        """The intents of a question."""
        form = self._says(_FORM, folded)
        return Intent(
            when=self._says(_WHEN, folded),
            who=self._says(_WHO, folded),
            which=self._says(_LIST, folded),
            form=form,
            compare=self._says(_COMPARE, folded) or len(scope.years) > 1,
            approved=self._says(_APPROVED, folded),
            fill=form and self._says(_FILL, folded),
            turn=2 if self._says(_SECOND, folded) else 1 if self._says(_FIRST, folded) else 0,
            form_number=self._number(folded),
            level=self._level(folded, scope) if form else None,
            named_level=self._named_level(folded, scope),
            of_all=self._says(_ALL_AGENCIES, folded),
        )

    def whose(self, folded: str, scope: Scope) -> UnitLevel | None:
        """The level of the agencies whose dates are asked for, None where it is the asker's own.

        Named by the kind of office, by words such as 所屬, or by the kind of plan that they write.
        """
        if scope.kind or self._says(_BELOW, folded):
            return UnitLevel.SUBORDINATE
        if self._says(f"(?:{_OUR_PLAN})(?:{_WORK_PLAN}|{_EXECUTION_PLAN})", folded):
            return None
        work, execution = (self._says(one, folded) for one in (_WORK_PLAN, _EXECUTION_PLAN))
        if work == execution:
            return None
        return UnitLevel.SUBORDINATE if work else UnitLevel.AGENCY

    def _number(self, folded: str) -> int:
        """The number of the one appendix that is named, else 0."""
        named = [number for number, pattern in ((2, _FORM_TWO), (3, _FORM_THREE))
                 if self._says(pattern, folded)]  # fmt: skip
        return named[0] if len(named) == 1 and not self._says("還是", folded) else 0

    def _says(self, pattern: str, folded: str) -> bool:
        if pattern not in self._patterns:
            self._patterns[pattern] = re.compile(self._fold(pattern))
        return bool(self._patterns[pattern].search(folded))

    @cached_property
    def _patterns(self) -> dict[str, re.Pattern[str]]:
        return {}

    def _level(self, folded: str, scope: Scope) -> UnitLevel | None:
        """Whose form is meant: of what is named, else the asker's, a section's agency's."""
        return self._named_level(folded, scope) or self._level_of(scope.asker)

    def _named_level(self, folded: str, scope: Scope) -> UnitLevel | None:
        """The level of the kind of agency that is named, else of the named unit, else of who writes
        the one kind of plan that is named."""
        for pattern, level in ((_LOW, UnitLevel.SUBORDINATE), (_HIGH, UnitLevel.AGENCY)):
            if self._says(pattern, folded):
                return level
        levels = (self._level_of(unit) for unit in scope.named)
        named = next((level for level in levels if level is not None), None)
        if named is not None:
            return named
        work, execution = (self._says(one, folded) for one in (_WORK_PLAN, _EXECUTION_PLAN))
        if work == execution:
            return None
        return UnitLevel.SUBORDINATE if work else UnitLevel.AGENCY

    def _level_of(self, unit: Unit | None) -> UnitLevel | None:
        """The level of an agency that writes a plan; a section's is its agency's."""
        if unit is not None and unit.level is UnitLevel.SECTION:
            unit = self._corpus.units.get(unit.parent)
        return None if unit is None or unit.level in _NO_WRITERS else unit.level


class Shape:
    """What kind of thing each node says, once for all questions. Arrays of shape (nodes,).

    Args:
        concerned: for the clauses of the work schedules the levels that they concern.
    """

    def __init__(
        self,
        corpus: Corpus,
        nodes: tuple[Node, ...],
        fold: Folder,
        concerned: Mapping[str, frozenset[UnitLevel]],
    ) -> None:
        self.concerned = {
            level: np.array([level in concerned.get(node.id, ()) for node in nodes])
            for level in (
                UnitLevel.RDEC,
                UnitLevel.AGENCY,
                UnitLevel.DISTRICT_OFFICE,
                UnitLevel.SUBORDINATE,
            )
        }
        self.heading = np.array([node.kind is NodeKind.HEADING for node in nodes])
        self.dated = np.array([bool(_DATE.search(fold(node.text))) for node in nodes])
        self.schedule = np.array([node.kind is NodeKind.SCHEDULE for node in nodes])
        self.approval = np.array([node.kind is NodeKind.APPROVAL for node in nodes])
        self.unitless = np.array([not node.units for node in nodes])
        formats = [one for plan in corpus.plans.values() for one in plan.formats]
        owner = [_format_of(node, formats) for node in nodes]
        self.form = np.array([one is not None for one in owner])
        self.fits = {
            level: np.array([one is not None and level in one.levels for one in owner])
            for level in UnitLevel
        }
        self.title = np.array(
            [
                one is not None and node.id == one.node
                for node, one in zip(nodes, owner, strict=True)
            ]
        )
        self.first = np.array(["第1次" in node.text for node in nodes])
        self.second = np.array(["第2次" in node.text for node in nodes])
        self.number = np.array(
            [
                int(one.name[-1]) if one is not None and one.name[-1].isdecimal() else 0
                for one in owner
            ]
        )
        self.explains = np.array(
            ["本欄" in node.text or "二欄" in node.text for node in nodes]
        ) | np.array([node.text.startswith("可參考") for node in nodes])
        self.preprinted = self.form & np.array(
            [".4." in node.id and not node.text for node in nodes]
        )


def boost(intent: Intent, shape: Shape, asker: UnitLevel | None = None) -> Scores:
    """What the intent adds to each node's score, shape (nodes,).

    Args:
        asker: the level of who asks; rows of 附件1 that do not concern it stand back, or, where
            研考會 asks about the agencies, those that do not concern these.
    """
    total = np.where(shape.heading, -0.25, 0.0)
    total += np.where(shape.preprinted, -0.6, 0.0)
    if intent.when:
        total += np.where(shape.dated, 0.35, -0.15) + np.where(shape.schedule, 0.25, 0.0)
        if asker is UnitLevel.RDEC:
            asker = intent.named_level or (UnitLevel.AGENCY if intent.of_all else asker)
        if asker in shape.concerned:
            total += np.where(shape.schedule, np.where(shape.concerned[asker], 0.2, -0.5), 0.0)
    else:
        total += np.where(shape.schedule, -0.1, 0.0)
    total += np.where(shape.approval, 0.3 if intent.approved else -4.0, 0.0)
    if intent.who and not intent.when:
        total += np.where(shape.unitless, -0.2, 0.0)
    if intent.form:
        total += np.where(shape.form, 0.4, 0.0)
        if intent.level is not None:
            total += np.where(shape.form, np.where(shape.fits[intent.level], 0.4, -0.4), 0.0)
        if intent.form_number:
            total += np.where(
                shape.form, np.where(shape.number == intent.form_number, 0.4, -0.4), 0.0
            )
        if intent.fill:
            total += np.where(shape.explains, 0.5, 0.0)
    if intent.turn:
        total += np.where(shape.first, 0.4 if intent.turn == 1 else -0.4, 0.0)
        total += np.where(shape.second, 0.4 if intent.turn == 2 else -0.4, 0.0)
    return np.asarray(total, dtype=np.float32)


def _format_of(node: Node, formats: list[PlanFormat]) -> PlanFormat | None:
    for one in formats:
        is_its_line = node.id == one.node or node.id.startswith(one.node + ".")
        is_listed = node.plan_id == one.node.partition(":")[0] and node.text.startswith(one.name)
        if is_its_line or is_listed:
            return one
    return None
