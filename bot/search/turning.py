"""Follow-ups that turn the talk to another plan: 「市府那份有寫嗎」, 「舊的那版寫誰」.

What is left of the words without the unit or the year, without 「那份計畫怎麼寫」 and a correction
(「不對，我是問」), tells whether the subject of the talk is meant or one that they bring.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from bot.plans import precedence, roc
from bot.plans.model import Node, Plan, Unit, UnitLevel
from bot.search import scope
from bot.search.asked import Asked
from bot.search.detail_kinds import SCORE
from bot.search.editions import Editions
from bot.search.elsewhere import Elsewhere
from bot.search.follow import PAST, Followed
from bot.search.refusal import Band
from bot.search.result import Answer
from bot.search.shown import Shown
from bot.search.words import bare

_CORRECTS = (
    r"^(?:[啊欸誒喔哦呃嗯唉]|等等|等一下|抱歉|不好意思)*(?:不是這[個條]|不是|不對|搞錯|弄錯|打錯|說錯|問錯)"
    r"[了啦欸耶喔哦]*(?=[ ,，。.、!！]|我|$)"
    r"|我(?:剛剛?|其實|的意思)?是?(?:要|想)?(?:問|指|說)的?是?|我(?:是)?(?:要|想)(?:看|知道|查)"
)
_PLAN = r"計畫|版本|[那這](?:一?[本份版]|邊)|自己|他們|她們|規定|要求|提到|提及|講到|寫到|寫|講|提|說|叫(?=我們?)"
_AROUND = r"類似的?|相似的?|差不多的?|怎麼|如何|什麼|哪些|也|有沒有|是不是|好像|應該|記得|印象|我們?|有|沒|是|的|裡面?|上面?|看一?下|給我|一下|對|嗎|呢|吧|耶|欸|啊|喔|齁"
_ABOUT_PLANS = r"計畫|版本|[那這](?:一?[本份版]|邊)|自己|他們|規定|要求|寫|講|提|怎麼說|有說|有叫"
_COMPARES = r"差在|差別|差異|不同|不一樣|一樣|有差|比較|對照|對一?下|改|變|新增|刪|拿掉|取消|換"
_OF_US = (
    r"(?:我們[所局科室課處組]?|本(?:[所局科室課處組]|中心))(?:也|還|都|就)?(?:要|需要|得|適用|算)"
)
_LONGEST = 30  # letters of a follow-up that turns to another plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Turning:
    """Reads whose plan, or which edition, a follow-up turns to."""

    shown: Shown
    editions: Editions
    elsewhere: Elsewhere

    def read(self, asked: Asked) -> Followed | Answer | None:
        """What a follow-up about another plan means, or its answer; None when it is about none."""
        if not asked.known or len(asked.short) > _LONGEST:
            return None
        folded = self.shown.fold(asked.question)
        if self._is_of_results(folded) or self._says(_COMPARES, folded):
            return None
        if roc.years_in(asked.question) or self._says(PAST, folded):
            return self._to_edition(asked, folded)
        return self._to_unit(asked, folded)

    def is_past(self, question: str) -> bool:
        """Whether words mean an older edition, and not last year's results."""
        folded = self.shown.fold(question)
        return self._says(PAST, folded) and not self._is_of_results(folded)

    def _is_of_results(self, folded: str) -> bool:
        detail = self.shown.details.asked(folded)
        return detail is not None and detail.name == SCORE

    def _to_unit(self, asked: Asked, folded: str) -> Followed | Answer | None:
        """The subject in the plan of the unit, or of the kind of office, that is named."""
        unit = self._unit(asked, folded)
        if unit is None:
            return None
        plan = next(iter(precedence.written_by(self.shown.corpus, unit)), None)
        is_about_plans = self._says(_ABOUT_PLANS, folded)
        is_citys = plan is not None and precedence.is_city_wide(self.shown.corpus, plan)
        is_asked = is_about_plans or (asked.detail is not None if is_citys else plan is not None)
        is_question = self.shown.details.is_question(asked.short)
        if not is_asked or not (is_question or is_about_plans):
            return None
        rest = self._rest(scope.without_units(folded, self.shown.names))
        own = self._own(rest)
        words = self.shown.words(roc.without_years(asked.previous))
        kept = words or asked.known[0].title or asked.known[0].words[:_LONGEST]
        if not own:
            further = bare(_compiled(self.shown.fold(_AROUND)).sub("", rest))
            if self._says(_OF_US, folded):
                return None
            return Followed(
                what="asks", question=f"{self._rest(folded).strip()} {kept}", kept=kept, alone=further,
                nodes=asked.known, unit=unit,
            )  # fmt: skip
        if plan is None or not is_about_plans:
            return None
        return self._in_named(plan, unit, own, asked)

    def _in_named(
        self, plan: Plan, unit: Unit, own: tuple[str, ...], asked: Asked
    ) -> Answer | None:
        """What the named plan says on a subject that the words bring; None where it has nothing."""
        words = " ".join(own)
        question = f"{unit.name} {words}"
        found = self.shown.looked_up(question, asked.asker)
        first = next(iter(found.passages), None)
        is_said = first is not None and found.band is not Band.NOT_SAID
        if first is None or not is_said or not self.shown.details.is_on(first.node, own):
            return None
        if first.plan == plan:
            return self.elsewhere.led_in(first, found)
        return self.elsewhere.in_plan(plan, question, words, (first.node,), asked.asker)

    def _unit(self, asked: Asked, folded: str) -> Unit | None:
        """The unit whose plan is meant: one that is named, or of the kind that is named."""
        names = self.shown.names
        named = [one for one in names.find(folded) if not scope.receives(folded[: one[1]])]
        if named:
            unit = named[0][0]
            return None if unit.level is UnitLevel.SECTION else unit
        kind = names.kind_in(folded) if self._says(_ABOUT_PLANS, folded) else ""
        owners = (self.shown.corpus.units.get(p.owner) for p in self.shown.corpus.plans.values())
        return next((one for one in owners if kind and one and one.name.endswith(kind)), None)

    def _to_edition(self, asked: Asked, folded: str) -> Followed | Answer | None:
        """The clause that was shown in the other edition, where nothing else is asked for."""
        years = roc.years_in(asked.question)
        node = asked.known[0]
        plan = self.shown.corpus.plan_of(node)
        other = self.editions.other(plan, years)
        if len(years) > 1 or asked.listed or other is None or plan.year in years:
            return None
        is_old = precedence.is_superseded(self.shown.corpus, plan)
        twin = self.editions.counterpart(node, other)
        rest = _compiled(self.shown.fold(PAST)).sub(" ", self.shown.fold(roc.without_years(folded)))
        own = self._own(self._rest(scope.without_units(rest, self.shown.names)))
        both = (node, twin) if twin is not None else (node,)
        if not all(self._is_of(one, both) or one in asked.before for one in own):
            return None
        if is_old and not years:
            return self.shown.here(node, asked.question)
        return Followed(what="edition", nodes=(node,), years=years)

    def _is_of(self, run: str, nodes: tuple[Node, ...]) -> bool:
        """Whether a run stands in one of the clauses, or in the name of a unit of theirs."""
        return any(
            self.shown.details.names(node, (run,))
            or any(run in self.shown.fold(unit) for unit in node.units)
            for node in nodes
        )

    def _rest(self, folded: str) -> str:
        """What a follow-up says beside a correction and 「那份計畫有寫嗎」."""
        for pattern in (_CORRECTS, _PLAN):
            folded = _compiled(self.shown.fold(pattern)).sub(" ", folded)
        return folded

    def _own(self, rest: str) -> tuple[str, ...]:
        """The subjects that the rest brings."""
        details = self.shown.details
        runs = (
            _compiled(self.shown.fold(_AROUND)).sub("", one) if len(one) < 5 else one
            for one in details.subject(rest)
        )
        return tuple(one for one in runs if len(one) > 1 and not details.is_light(one))

    def _says(self, pattern: str, folded: str) -> bool:
        return _compiled(self.shown.fold(pattern)).search(folded) is not None


@lru_cache(maxsize=16)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
