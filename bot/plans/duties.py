"""What a unit has to do: the clauses of the plan that binds it most closely."""

from __future__ import annotations

from bot.plans import precedence
from bot.plans.corpus import Corpus, Units
from bot.plans.model import Node, NodeKind, Plan, RocYear, Unit, UnitLevel

_CONTENT = "4"  # 肆、計畫內容


def plan_of(corpus: Corpus, unit: Unit, years: tuple[RocYear, ...] = ()) -> Plan:
    """The plan that binds a unit most closely; a section's is its agency's.

    Args:
        years: editions to prefer where the unit has its own of one of them.
    """
    owner = corpus.units.get(unit.parent) if unit.level is UnitLevel.SECTION else unit
    own = precedence.own_plans(corpus, owner) if owner else ()
    asked = [plan for plan in own if plan.year in years]
    return (asked or list(own) or list(precedence.plans_for(corpus, unit)))[0]


def duties_of(
    corpus: Corpus, unit: Unit, years: tuple[RocYear, ...] = ()
) -> tuple[Plan, tuple[Node, ...]]:
    """All clauses that a unit must carry out, in document order, and their plan.

    Args:
        years: as of `plan_of`.
    """
    plan = plan_of(corpus, unit, years)
    if unit.level is UnitLevel.RDEC:
        return plan, _under_its_name(corpus, unit, plan)
    nodes = (one for one in plan.nodes if one.kind is NodeKind.CLAUSE)
    content = (one for one in nodes if one.segments[0] == _CONTENT)
    is_part = unit.level is UnitLevel.SECTION
    return plan, tuple(one for one in content if not is_part or concerns(corpus.units, one, unit))


def concerns(units: Units, node: Node, section: Unit) -> bool:
    """Whether a clause names a section, itself or through a group such as 各組室."""
    return any(_covers(units, printed, section) for printed in node.units)


def _covers(units: Units, printed: str, section: Unit) -> bool:
    if units.get(printed) == section:
        return True
    if printed not in units.groups:
        return False
    return printed.startswith("各") or section.name[:-1] in printed


def _under_its_name(corpus: Corpus, unit: Unit, plan: Plan) -> tuple[Node, ...]:
    """What stands under the headings that name a unit: of 研考會, which writes the city's plan."""
    headings = (
        one for one in plan.nodes if one.kind is NodeKind.HEADING and unit.name in one.title
    )
    leaves = (leaf for heading in headings for leaf in corpus.leaves(heading))
    return tuple(dict.fromkeys(leaves))
