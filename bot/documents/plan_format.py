"""The empty plan document of a unit (附件2, 附件3, 附錄), filled with what is known beforehand.

Which form it is follows the plans: the most specific one that prescribes a form for the unit's
level. Chapters and items are the form's, or where it names none («同院頒…內容») its plan's; the
focus and the responsible unit of each item are left for whoever writes the plan. What is faint is
a hint, to be written over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.documents.model import (
    COVERED,
    Align,
    Block,
    Cell,
    Column,
    Document,
    Heading,
    Layout,
    Section,
    Table,
    Tone,
    words,
)
from bot.plans import precedence, roc
from bot.plans.corpus import Corpus
from bot.plans.deadlines import Deadline, DeadlineKind, duty_bearer
from bot.plans.model import Node, Plan, PlanFormat, PlanKind, RocYear, Unit, UnitLevel

_GOALS, _CONTENT = "2", "4"  # 貳、計畫目標 and 肆、計畫內容
_HOW_TO_FILL = "本欄說明"
_WIDTHS = (3, 6, 11, 3)
_NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The form that a unit's plan has, and the plan that prescribes it.

    `unit` is who writes the plan: of a section its agency.
    """

    unit: Unit
    plan: Plan
    format: PlanFormat

    @property
    def kind(self) -> str:
        """執行計畫 or 工作計畫."""
        return self.format.document.chinese

    @property
    def cited(self) -> str:
        """Where the form stands: `市府提升服務實施計畫 附件3`."""
        return f"{self.plan.short} {self.format.name}"


def form_of(corpus: Corpus, unit: Unit) -> Form | None:
    """The form for a unit's level, of the most specific plan that has one; None when none has."""
    writer = duty_bearer(corpus.units, unit)
    level = UnitLevel.AGENCY if writer.level is UnitLevel.RDEC else writer.level
    for plan in precedence.plans_for(corpus, writer):
        for one in plan.formats:
            if level in one.levels:
                return Form(unit=writer, plan=plan, format=one)
    return None


def title_of(form: Form, year: RocYear) -> str:
    """The plan's title: (機關全銜)116年度提升服務工作計畫."""
    return f"{form.unit.full_name}{year}年度提升服務{form.kind}"


def compose(
    corpus: Corpus, form: Form, year: RocYear, deadlines: Sequence[Deadline], layout: Layout
) -> Document:
    """The form, filled in.

    Args:
        deadlines: the unit's of that cycle; its last days stand in 推動及管考.
    """
    contents: tuple[tuple[Block, ...], ...] = (
        _basis(corpus, form),
        _goals(corpus, form),
        (words(_SCOPE_HINT, Tone.FAINT),),
        (_table(corpus, form),),
        _control(form, year, deadlines),
    )
    blocks: list[Block] = [
        words(f"{year}年　　月　　日簽奉核准訂定", Tone.FAINT, align=Align.CENTER),
        words(f"（格式依{form.cited}；灰字為填寫說明，完稿前請改寫或刪除。）", Tone.FAINT),
    ]
    for heading, content in zip(form.format.sections, contents, strict=False):
        blocks += [Heading(text=heading), *content]
    return Document(
        title=title_of(form, year),
        header=title_of(form, year),
        sections=(Section(blocks=tuple(blocks)),),
        layout=layout,
    )


_SCOPE_HINT = "請填本計畫的實施對象，例如：本機關全體同仁。"
_OFFICE_CHECKS = (
    "本機關除接受主管機關之考核、訪查與輔導外，平時依權責自行管理考核，隨時檢討改進服務品質。"
)
_AGENCY_CHECKS = (
    "本機關依本計畫加強辦理，定期進行平時測試及查核，並督導所屬機關，隨時檢討改進服務品質。"
)


def _basis(corpus: Corpus, form: Form) -> tuple[Block, ...]:
    """The plans above this one."""
    titles = [
        one.title for one in precedence.newest(corpus) if precedence.is_city_wide(corpus, one)
    ]
    above = corpus.units.get(form.unit.parent)
    if form.format.document is PlanKind.WORK and above is not None:
        titles.append(f"{above.full_name}提升服務執行計畫")
    return (words(f"依據{'及'.join(titles)}辦理。"),)


def _goals(corpus: Corpus, form: Form) -> tuple[Block, ...]:
    """The goals of the plan that prescribes the form; all plans have the same."""
    node = corpus.nodes.get(f"{form.plan.id}:{_GOALS}")
    leaves = corpus.leaves(node) if node is not None else ()
    return tuple(
        words(f"{numeral}、{leaf.text}") for numeral, leaf in zip(_NUMERALS, leaves, strict=False)
    )


def _control(form: Form, year: RocYear, deadlines: Sequence[Deadline]) -> tuple[Block, ...]:
    """研提計畫, 平時查核, 年度查核 in the words of the plans, with the unit's own last days."""
    above = form.unit.parent or ""
    is_office = form.format.document is PlanKind.WORK
    plan, report = (
        _last_day(deadlines, kind) for kind in (DeadlineKind.OWN_PLAN, DeadlineKind.RESULT_REPORT)
    )
    to_whom = f"，函送{above}備查" if above else ""
    return (
        words("一、研提計畫", Tone.BOLD),
        words(f"本機關於{plan}前提出{year}年度提升服務{form.kind}，並公開於機關網站。"),
        words("二、平時查核", Tone.BOLD),
        words(_OFFICE_CHECKS if is_office else _AGENCY_CHECKS),
        words("三、年度查核", Tone.BOLD),
        words(f"本機關於{report}前提出{year}年度執行成果{to_whom}。"),
    )


def _last_day(deadlines: Sequence[Deadline], kind: DeadlineKind) -> str:
    end = next((one.end for one in deadlines if one.kind is kind), None)
    if end is None:
        return "　　年　　月　　日"
    return f"{roc.from_western(end.year)}年{end.month}月{end.day}日"


def _table(corpus: Corpus, form: Form) -> Table:
    what, *others = form.format.columns
    headings = (what, "", *others)
    chapters = list(_chapters(corpus, form))
    hint = tuple(words(line, Tone.FAINT) for line in _hint(corpus, form))
    rows: list[tuple[Cell, ...]] = []
    for chapter in chapters:
        items = [corpus.nodes[one] for one in chapter.children]
        items = [one for one in items if _is_item(one, chapter)]
        for place, item in enumerate(items):
            first = Cell(paragraphs=(words(_named(chapter)),), rows=len(items))
            focus = tuple(words(line) for line in _printed(corpus, item))
            if not focus and hint and chapter.label:
                focus, hint = hint, ()
            cells = (Cell(paragraphs=(words(_named(item)),)), Cell(paragraphs=focus), Cell())
            rows.append((first if place == 0 else COVERED, *cells))
    columns = zip(headings, _WIDTHS, strict=True)
    return Table(
        columns=tuple(
            Column(heading=heading, width=width, align=Align.CENTER) for heading, width in columns
        ),
        rows=tuple(rows),
    )


def _chapters(corpus: Corpus, form: Form) -> Iterator[Node]:
    """The chapters that the form prints, else those of its plan."""
    printed = corpus.nodes.get(f"{form.format.node}.{_CONTENT}")
    content = printed or corpus.nodes.get(f"{form.plan.id}:{_CONTENT}")
    for child in content.children if content else ():
        if corpus.nodes[child].children:
            yield corpus.nodes[child]


def _is_item(node: Node, chapter: Node) -> bool:
    """Whether it is a 子項 (一)…; of 訂定計畫, which has none, the line below it is."""
    return bool(node.label) or not chapter.label


def _printed(corpus: Corpus, item: Node) -> Iterator[str]:
    """What the form itself prints as the focus of an item; of a plan's own clauses nothing."""
    for leaf in corpus.leaves(item):
        if leaf.id != item.id and "f" in leaf.segments[0] and not _is_hint(corpus, leaf):
            yield leaf.text


def _hint(corpus: Corpus, form: Form) -> Iterator[str]:
    """How the form says that the focus is written."""
    for node in form.plan.nodes:
        if node.id.startswith(f"{form.format.node}.") and node.words.startswith(_HOW_TO_FILL):
            yield node.words if not node.children else _HOW_TO_FILL + "："
            for child in node.children:
                yield f"{corpus.nodes[child].label}{corpus.nodes[child].text}"


def _is_hint(corpus: Corpus, leaf: Node) -> bool:
    above = corpus.nodes.get(leaf.parent or "")
    return above is not None and above.words.startswith(_HOW_TO_FILL)


def _named(node: Node) -> str:
    """Label and title in one hand: the source prints 「三.」 and half-width commas here and there."""
    label = re.sub(r"(?<=[一-十])\.$", "、", node.label)
    return re.sub(r"(?<=[\u4e00-\u9fff]),(?=[\u4e00-\u9fff])", "，", f"{label}{node.title}")
