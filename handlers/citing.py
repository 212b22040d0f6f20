"""What every answer's message is made of: citations, units, words cut short, and buttons."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlencode

from bot import phrases
from bot.messages import Button, Does
from bot.plans import precedence
from bot.plans.corpus import Corpus
from bot.plans.deadlines import Source
from bot.plans.model import Node, Plan, PlanKind, Unit
from bot.search.result import Answer, Passage

LINES = 8
"""Entries of a list that are shown at once: about one screen of a phone."""

ENTRY = 90
"""Characters of an entry in a list."""

_LABEL, _PATH_END = 20, 12
"""Characters of a button's label, and of a path's end in one with the plan's name."""


def cite(passage: Passage) -> str:
    """The plan's short name and the path."""
    return phrases.citation(passage.plan.short, passage.node.path)


def cite_both(first: Passage, second: Passage) -> str:
    """The same of two rows of one schedule."""
    return f"{cite(first)}、{second.node.path.rpartition(' ')[2]}"


def cite_source(source: Source) -> str:
    """The same of a deadline's clause."""
    return phrases.citation(source.short, source.path)


def title_of(node: Node) -> str:
    """A few words that say what a clause is about: its own title, else the nearest heading."""
    for words in (node.title, *reversed(node.trail)):
        bare = words.strip("：:。 ")
        if bare and len(bare) <= 24:
            return bare
    nearest = (node.title or (node.trail[-1] if node.trail else "")).strip("：:。 ")
    return clipped(nearest.split("，")[0], 24) or phrases.path_of(node.path)


def units_of(passage: Passage) -> str:
    """The responsible units as printed; says so where the source lost them, and never guesses.

    Where the source is not clear about them, `caution` says so, once in a message.
    """
    node = passage.node
    if node.units:
        return "、".join(node.units)
    if passage.plan.kind is PlanKind.IMPLEMENTATION:
        return phrases.NO_UNIT_COLUMN
    return phrases.UNITS_LOST if node.segments[0] == "4" else phrases.NO_UNIT_HERE


def units_after(passage: Passage) -> str:
    """The responsible units behind a citation; nothing where the plan names none there."""
    return f"；{'、'.join(passage.node.units)}" if passage.node.units else ""


def lacks_units(passage: Passage) -> bool:
    """Whether the source lost a clause's responsible units."""
    return units_of(passage) == phrases.UNITS_LOST


def caution(*passages: Passage) -> list[str]:
    """Once for all entries that the source leaves it open who is responsible."""
    lost = [phrases.SOME_UNITS_LOST] if any(lacks_units(one) for one in passages) else []
    unsure = any(one.node.units_unsure and one.node.units for one in passages)
    return [*lost, *([phrases.UNSURE] if unsure else [])]


def not_stated(answer: Answer) -> list[str]:
    """What the question asks for besides, and what is shown does not state."""
    return [phrases.clause_lacks(answer.unstated, answer.vaguely)] if answer.unstated else []


def is_silent(answer: Answer) -> bool:
    """Whether the clause does not state the one thing that was asked."""
    return bool(answer.unstated) and _MORE_THAN_ONE.search(answer.question) is None


_MORE_THAN_ONE = re.compile(r"[,，;；?？\n]+.")


def is_of_another(plan: Plan, unit: Unit | None, corpus: Corpus) -> bool:
    """Whether a plan is another unit's, and does not bind this one."""
    return unit is not None and not precedence.binds(corpus, plan, unit)


def whose_it_is(passage: Passage, answer: Answer, corpus: Corpus) -> str:
    """Behind a clause beside the first: that it is another unit's, or of an older edition."""
    if is_of_another(passage.plan, answer.asker, corpus):
        return phrases.OF_ANOTHER
    return phrases.OF_OLD if precedence.is_superseded(corpus, passage.plan) else ""


def clipped(words: str, length: int) -> str:
    """The words, or their beginning with 「…」."""
    return words if len(words) <= length else words[: length - 1].rstrip("，、；") + "…"


def data(**fields: str | int) -> str:
    """A postback's data as a query string."""
    return urlencode(fields)


def marks(answer: Answer) -> tuple[Button, ...]:
    """The buttons that tell whether an answer helped."""
    first = answer.passages[0].node.id
    return (
        tap(phrases.HELPED, do="mark", as_="helped", id=first),
        tap(phrases.WRONG, do="mark", as_="wrong", id=first),
        tap(phrases.WRONG_CLAUSE, do="mark", as_="wrong_clause", id=first),
    )


def tap(label: str, **fields: str) -> Button:
    """A button that sends a postback; `as_` is for `as`, a word of Python's."""
    plain = {name.rstrip("_"): value for name, value in fields.items()}
    return Button(label=label, does=Does.POSTBACK, value=data(**plain), says=label)


def open_button(passage: Passage, *, of_several: bool = False) -> Button:
    """A button that shows a clause; its label is the end of the path, which tells most.

    Args:
        of_several: clauses of several plans stand side by side, so the year comes first.
    """
    path = phrases.path_of(passage.node.path) or clipped(passage.node.words, 12)
    label = f"{passage.plan.year}年 {path}" if of_several else path
    return Button(
        label=label if len(label) <= _LABEL else "…" + label[1 - _LABEL :],
        does=Does.POSTBACK,
        value=data(do="clause", id=passage.node.id),
        says=clipped(cite(passage), 60),
    )


def open_buttons(passages: Sequence[Passage], *, of_several: bool = False) -> tuple[Button, ...]:
    """A button for each clause; where two would look alike, with the plan's short name."""
    made = [open_button(one, of_several=of_several) for one in passages]
    labels = [one.label for one in made]
    return tuple(
        button if labels.count(button.label) == 1 else replace(button, label=_with_plan(one))
        for button, one in zip(made, passages, strict=True)
    )


def _with_plan(passage: Passage) -> str:
    path = phrases.path_of(passage.node.path) or passage.node.words
    end = path if len(path) <= _PATH_END else "…" + path[1 - _PATH_END :]
    return f"{clipped(passage.plan.short, _LABEL - 1 - len(end))} {end}"
