"""Which plan speaks for whom: a unit's own newest, then its superior's newest, then the city's.

An older edition answers only when its year is asked for (DOMAIN, Which plan speaks for whom).
"""

from __future__ import annotations

from bot.plans.corpus import Corpus
from bot.plans.model import Plan, Unit, UnitLevel


def plans_for(corpus: Corpus, unit: Unit | None) -> tuple[Plan, ...]:
    """The plans that bind a unit, its own first; without a unit only the city's."""
    chain = (unit, *corpus.units.above(unit)) if unit else ()
    found = [plan for one in chain for plan in own_plans(corpus, one)[:1]]
    city = [plan for plan in newest(corpus) if is_city_wide(corpus, plan)]
    return tuple(dict.fromkeys([*found, *city]))


def binds(corpus: Corpus, plan: Plan, unit: Unit) -> bool:
    """Whether a plan is one that binds a unit, or an older edition of one."""
    bound = plans_for(corpus, unit)
    return plan in bound or any(one.supersedes == plan.id for one in bound)


def own_plans(corpus: Corpus, unit: Unit) -> tuple[Plan, ...]:
    """The plans that a unit wrote, newest first."""
    own = (plan for plan in corpus.plans.values() if corpus.units.get(plan.owner) == unit)
    return tuple(sorted(own, key=lambda plan: -plan.year))


def written_by(corpus: Corpus, unit: Unit) -> tuple[Plan, ...]:
    """The plans that a unit wrote, newest first; the city's are those for the whole city."""
    if unit.level not in (UnitLevel.RDEC, UnitLevel.CITY):
        return own_plans(corpus, unit)
    return tuple(plan for plan in newest(corpus) if is_city_wide(corpus, plan))


def newest(corpus: Corpus) -> tuple[Plan, ...]:
    """The plans that no other plan supersedes."""
    return tuple(plan for plan in corpus.plans.values() if not is_superseded(corpus, plan))


def is_superseded(corpus: Corpus, plan: Plan) -> bool:
    """Whether a newer edition is loaded."""
    return any(one.supersedes == plan.id for one in corpus.plans.values())


def is_city_wide(corpus: Corpus, plan: Plan) -> bool:
    """Whether the plan is the city's own, which binds every unit."""
    owner = corpus.units.get(plan.owner)
    return owner is not None and owner.level in (UnitLevel.RDEC, UnitLevel.CITY)
