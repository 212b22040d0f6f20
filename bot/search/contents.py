"""What a plan or its form consists of: its chapters, its columns, and how one is filled in.

「這份計畫有哪幾章」 asks for a plan's sections; after a form, or where somebody has to write,
「裡面要寫哪幾章」 asks for those of the form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.plans import precedence
from bot.plans.corpus import Corpus
from bot.plans.model import Node, Plan, PlanFormat
from bot.search import scope
from bot.search.result import PARTS
from bot.search.scope import Names, Scope
from bot.search.structure import Found, Structure
from bot.search.words import Folder, bare

_FRAME = (
    r"(?:那麼?|啊|請問|它|[這那]一?[份本個]|整份|市府|[局所]裡|我們?(?:局|處|所|會|中心|公所|單位)?|本[局處所會]|他們|"
    r"提升服務|年度|\d{3}年?|的|執行計畫書?|工作計畫書?|實施計畫|計畫書?|參考格式|格式|附件\d?|附錄一?|範本|大綱|"
    r"裡面?|內容|內|中|照|上|總共|一共|大概|應該|該|需要|必須|得|會|要)*"
)
_END = r"(?:呢|啊|嗎|才對|才行|列|給我|列出來)*$"
_HAS = r"(?:有|分成?|包[括含]|寫|列)+(?:了|為|到|進去|出)?"
_WHICH = r"(?:哪些?|哪幾個?|幾個?|什麼|啥)"
_PARTS = rf"^{_FRAME}(?:{_HAS})?{_WHICH}大?(?:章節?|大項|大段|大塊){_END}"
_THINGS = rf"^{_FRAME}{_HAS}{_WHICH}(?:東西|項目|部分|內容)?{_END}"
_WITHIN = r"裡面?|內容"
_FORM = r"格式|附件|附錄|範本|(?:要|該|得|必須)寫"
_COLUMN = (
    rf"^{_FRAME}(?:[工執][作行]重點)?{_FRAME}(?:本欄的?說明|(?:[工執][作行]重點)(?:[這那])?一?[欄格]位?)"
    r"(?:[裡]面?|的|是|要|該|應該|怎麼|如何|寫|填|說|講|什麼|啥|了|意思|內容|有|哪些|才對)*" + _END
)
_COLUMNS = rf"^{_FRAME}(?:肆|第[4四]章)?{_FRAME}(?:表格?|大表|那?張表)?{_FRAME}(?:{_HAS})?(?:哪些?|哪?幾)個?(?:欄位?|格){_END}"
_EXPLAINS = "本欄說明"
_THIS, _ITS_OWN = r"[這那]一?[份本]", r"我們|本[局處所會]|執行計畫|工作計畫"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """Reads questions about what a plan or a form consists of."""

    corpus: Corpus
    structure: Structure
    names: Names
    fold: Folder

    def find(self, question: str, named: Scope, shown: Node | None) -> Found | None:
        """The chapters, the columns or their explanation that is asked for; None where a question asks for
        something else.

        Args:
            question: as typed.
            named: what it names.
            shown: the clause that the talk is about, if any.
        """
        folded = self.fold(question)
        short = bare(scope.without_units(folded, self.names))
        of_talk = self._form_of(shown) if shown is not None else None
        if self._says(_COLUMN, short):
            form = of_talk or self._form_for(folded, named)
            return self._found(form, self._explaining(form)) if form is not None else None
        if self._says(_COLUMNS, short):
            form = of_talk or self._form_for(folded, named)
            return self._found(form, self._columns(form)) if form is not None else None
        is_of_form = of_talk is not None or self._says(_FORM, folded)
        is_whole = is_of_form and self._says(_WITHIN, short) and self._says(_THINGS, short)
        if not (is_whole or self._says(_PARTS, short)):
            return None
        form = of_talk or (self._form_for(folded, named) if self._says(_FORM, folded) else None)
        plan = self._plan(folded, named, shown)
        if form is None and plan is None:
            form = self._form_for(folded, named)
        if form is not None:
            return self._found(form, self._chapters(form))
        if plan is None:
            return None
        sections = tuple(one for one in plan.nodes if len(one.segments) == 1 and one.label)
        return Found(topic=PARTS, nodes=sections, plan=plan)

    def _plan(self, folded: str, named: Scope, shown: Node | None) -> Plan | None:
        """The plan that is meant; None where it is one of an agency whose plan is not here."""
        is_this = self._says(_THIS, folded) and not (named.named or named.years)
        if shown is not None and is_this:
            return self.corpus.plan_of(shown)
        plan = self.structure.meant(named)
        is_lent = precedence.is_city_wide(self.corpus, plan) and self._says(_ITS_OWN, folded)
        return None if is_lent and named.home(self.corpus) is not None else plan

    def _form_for(self, folded: str, named: Scope) -> PlanFormat | None:
        found = self.structure.form_for(folded, named)
        return found[1] if found is not None else None

    def _form_of(self, node: Node) -> PlanFormat | None:
        """The form that a clause is a line of, or that it names as an appendix."""
        forms = sorted(self.corpus.plan_of(node).formats, key=lambda one: -len(one.name))
        for form in forms:
            is_its_line = node.id == form.node or node.id.startswith(f"{form.node}.")
            if is_its_line or node.words.startswith(form.name):
                return form
        return None

    def _found(self, form: PlanFormat, nodes: tuple[Node, ...]) -> Found:
        heading = self.corpus.nodes[form.node]
        return Found(topic=PARTS, nodes=nodes, plan=self.corpus.plan_of(heading), heading=heading)

    def _chapters(self, form: PlanFormat) -> tuple[Node, ...]:
        """The lines of a form that print its chapters."""
        titles = [bare(one.partition("、")[2]) for one in form.sections]
        lines = (self.corpus.nodes[one] for one in self.corpus.nodes[form.node].children)
        return tuple(one for one in lines if any(title in bare(one.words) for title in titles))

    def _columns(self, form: PlanFormat) -> tuple[Node, ...]:
        """The line of a form that prints its columns."""
        lines = self._lines(self.corpus.nodes[form.node])
        printed = (one for one in lines if all(column in one.words for column in form.columns))
        return tuple(printed)[:1]

    def _explaining(self, form: PlanFormat) -> tuple[Node, ...]:
        """The lines of a form that explain how its middle column is filled in."""
        for node in self._lines(self.corpus.nodes[form.node]):
            if node.words.startswith(_EXPLAINS):
                return self.corpus.leaves(node) if node.children else (node,)
        return ()

    def _lines(self, node: Node) -> Iterator[Node]:
        yield node
        for child in node.children:
            yield from self._lines(self.corpus.nodes[child])

    def _says(self, pattern: str, folded: str) -> bool:
        return re.search(self.fold(pattern), folded) is not None
