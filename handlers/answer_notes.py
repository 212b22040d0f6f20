"""The small print under a clause: whose plan it is, what else says it, and what is not sure."""

from __future__ import annotations

import re

from bot import phrases
from bot.plans import precedence, roc
from bot.plans.corpus import Corpus
from bot.plans.model import Plan, PlanKind, UnitLevel
from bot.search.refusal import Band
from bot.search.result import TWICE, Answer, Passage
from handlers.citing import (
    caution,
    cite,
    clipped,
    is_of_another,
    is_silent,
    not_stated,
    units_after,
    whose_it_is,
)

QUOTED = 120
"""Characters of another plan's clause."""

_MOST = 2  # clauses beside the first


def notes_of(answer: Answer, corpus: Corpus, *, again: bool = False) -> list[str]:
    """All that stands under a clause; whose plan it is not again where that was just said."""
    return [
        *([] if is_silent(answer) or answer.on_subject or answer.stated else not_stated(answer)),
        *([] if again else whose_plan(answer, corpus)),
        *_unsure(answer),
        *_beside(answer, corpus),
        *_newer(answer.passages[0], corpus),
    ]


def whose_plan(answer: Answer, corpus: Corpus) -> list[str]:
    """That the clause is of a plan which does not bind who asks and was not asked for by name,
    and of which year a plan is that was asked for as this year's."""
    plan, asked = answer.passages[0].plan, answer.turned_to
    unit = asked if asked and asked.level is not UnitLevel.SECTION else answer.asker
    is_told = is_of_another(plan, unit, corpus) and not _is_named(plan, answer, corpus)
    year = [phrases.is_of_year(plan.owner, plan.year)] if _is_dated(answer, corpus) else []
    return [*([phrases.of_another_unit(plan.owner)] if is_told else []), *year]


def _is_named(plan: Plan, answer: Answer, corpus: Corpus) -> bool:
    """Whether a question names the owner of a plan."""
    owner = corpus.units.get(plan.owner)
    names = (owner.name, owner.full_name, *owner.aliases) if owner else (plan.owner,)
    return any(name in answer.question for name in names)


def _is_dated(answer: Answer, corpus: Corpus) -> bool:
    """Whether this year's plan is asked for, by its owner's name or as the asker's own, and what is
    shown is of another year's.

    The city's plan is in force from its year on, and a date is of this year whatever the plan's.
    """
    plan = answer.passages[0].plan
    if answer.today is None or answer.deadlines or plan.kind is PlanKind.IMPLEMENTATION:
        return False
    now = roc.from_western(answer.today.year)
    years = roc.years_in(answer.question)
    is_asked = now in years or _THIS_YEAR.search(answer.question) is not None
    is_own = plan in precedence.plans_for(corpus, answer.asker)[:1]
    is_of_plan = is_own and _A_PLAN.search(answer.question) is not None
    return (
        is_asked
        and (is_of_plan or _is_named(plan, answer, corpus))
        and plan.year not in (now, *years)
    )


_THIS_YEAR = re.compile("今年|本年度")
_A_PLAN = re.compile("計畫|计画|计划")


def _unsure(answer: Answer) -> list[str]:
    """That the source is not clear about the units of what is shown, where any are shown."""
    unsure = [one for one in (answer.passages[0], answer.second) if one and one.node.units]
    return caution(*unsure)


def _beside(answer: Answer, corpus: Corpus) -> list[str]:
    """What else says it: what may be meant, the older edition, and, while there is room for it,
    another plan on the subject."""
    first = answer.passages[0].plan
    second = second_of(answer, corpus)
    older = [one for one in answer.differs if one.plan.id == first.supersedes]
    others = [one for one in answer.differs if one not in older]
    if answer.band is Band.SAID:
        others = others[: max(_MOST - len(second) - len(older), 0)]
    told = [one for one in answer.differs if one in older or one in others]
    return [*second, *(_difference(one, answer, corpus) for one in told)]


def second_of(answer: Answer, corpus: Corpus) -> list[str]:
    """A clause that may be meant instead, or says more."""
    second = answer.second
    if second is None or answer.topic == TWICE:
        return []
    words = clipped(second.node.words.replace("\n", " "), QUOTED)
    named = phrases.also if answer.on_subject else phrases.perhaps
    said = named(cite(second), words, units_after(second).lstrip("；"))
    return [said + whose_it_is(second, answer, corpus)]


def _difference(other: Passage, answer: Answer, corpus: Corpus) -> str:
    """What the older edition or another plan says on the subject."""
    words = clipped(other.node.words.replace("\n", " "), QUOTED)
    is_older = other.plan.id == answer.passages[0].plan.supersedes
    said = phrases.older_edition if is_older else phrases.same_subject_elsewhere
    is_strange = is_of_another(other.plan, answer.asker, corpus)
    return said(cite(other), words) + (phrases.OF_ANOTHER if is_strange else "")


def _newer(passage: Passage, corpus: Corpus) -> list[str]:
    for plan in corpus.plans.values():
        if plan.supersedes == passage.plan.id and precedence.is_superseded(corpus, passage.plan):
            return [phrases.there_is_a_newer(plan.short)]
    return []
