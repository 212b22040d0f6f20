"""What goes with a clause that is a line of a form or names one: for whom the form is, that there
is one, and the form as a document."""

from __future__ import annotations

import re

from bot import phrases
from bot.documents import plan_format
from bot.links import FileKind
from bot.messages import Button
from bot.plans.corpus import Corpus
from bot.plans.model import Node, NodeKind, Plan, PlanFormat
from bot.search.result import Answer
from handlers.citing import tap


def form_of(node: Node, plan: Plan) -> PlanFormat | None:
    """The form of which a node is a line, or which it names: 「附件2 執行計畫(參考格式)」."""
    if node.kind is NodeKind.FORM:
        return next((one for one in plan.formats if one.node == _top(node)), None)
    named = _letters(node.words).replace("參考", "")
    return next((one for one in plan.formats if named.endswith(_letters(one.title))), None)


def for_whom(node: Node, plan: Plan, corpus: Corpus) -> list[tuple[str, str]]:
    """The row that says which offices a form is for, as it is printed there."""
    form = form_of(node, plan)
    lines = corpus.leaves(corpus.nodes[form.node]) if form is not None else ()
    said = (_FOR_WHOM.fullmatch(one.words) for one in lines if one != node)
    return [(phrases.FORM_FOR, match[1]) for match in said if match is not None]


def asks_for_one(answer: Answer) -> bool:
    """Whether a question is whether there is a form, and the clause names it or is of it."""
    first = answer.passages[0]
    is_asked = _IS_THERE.search(answer.question) is not None
    return is_asked and form_of(first.node, first.plan) is not None


def form_button(answer: Answer, node: Node, corpus: Corpus) -> tuple[Button, ...]:
    """A button that does 格式 for who asks, where that gives the kind of plan the form is of."""
    form = form_of(node, corpus.plan_of(node))
    own = plan_format.form_of(corpus, answer.asker) if form and answer.asker else None
    if form is None or own is None or answer.asker is None or own.format.document != form.document:
        return ()
    label = phrases.get_form(form.document.chinese)
    unit = answer.asker.name
    return (tap(label, do="document", kind=FileKind.PLAN_FORMAT, unit=unit),)


def _top(node: Node) -> str:
    return f"{node.plan_id}:{node.segments[0]}"


def _letters(words: str) -> str:
    return "".join(letter for letter in words if letter.isalnum())


_FOR_WHOM = re.compile("適用機關[：:](.+)")
_IS_THERE = re.compile(
    "(?:有|附|提供).{0,8}(?:格式|範本|范本|範例|表格|樣本).{0,4}[嗎吗沒没]|有[沒没]有.{0,8}(?:格式|範|范|表格|樣)"
    "|(?:格式|範本|范本|範例|表格).{0,4}有[沒没]?.{0,6}[嗎吗]?$"
)
