"""What is said before a clause: who is responsible, and whether it concerns who asks."""

from __future__ import annotations

import re

from bot import phrases
from bot.plans import precedence
from bot.plans.corpus import Corpus
from bot.plans.deadlines import Duty
from bot.plans.model import Unit, UnitLevel
from bot.search.actors import Actor
from bot.search.exemption import what_is_spared
from bot.search.refusal import Band
from bot.search.result import (
    APPLIES,
    HAS_IT,
    HAS_OURS,
    HERE,
    SPARES,
    STILL,
    THEIRS,
    TWICE,
    Answer,
    Kind,
)
from bot.search.structure import covers, is_alone
from handlers.answer_forms import asks_for_one
from handlers.citing import is_silent, units_of


def lead_of(answer: Answer, corpus: Corpus) -> list[str]:
    """What has to be said before the clause."""
    lead = []
    asker = answer.asker
    if asker and _is_whether_ours(answer, corpus):
        lead.append(_is_ours(asker, answer, corpus))
    if asker and _owes_it(answer):
        lead.append(phrases.has_to_do(asker.name, answer.deadlines[0].title))
    is_of_unit = answer.asked_of or answer.topic in (APPLIES, SPARES)
    if answer.exemption is not None:
        where = phrases.path_of(answer.exemption.path)
        lead.append(phrases.only_spares(where, what_is_spared(answer.exemption)))
    if answer.asked_of and answer.actor is None:
        lead.append(_whose(answer, corpus))
    if answer.actor is not None and not is_of_unit:
        lead.append(_acting(answer.actor, answer))
    elif answer.topic == "who":
        lead.append(_in_charge(answer))
    if answer.topic == "undated":
        lead.append(phrases.UNDATED)
    if answer.actor is not None and is_of_unit:
        lead.append(_is_acting(answer.actor, answer, corpus))
    elif answer.topic in (APPLIES, SPARES):
        lead.append(_applies(answer, corpus))
    if answer.topic == TWICE:
        lead.append(phrases.TWICE)
    if asks_for_one(answer):
        lead.append(phrases.THERE_IS_A_FORM)
    if answer.topic == HAS_OURS:
        lead.append(phrases.OURS_HAS_IT)
    if answer.says:
        lead.append(phrases.it_states(answer.says))
    elif answer.topic == HERE and not answer.stated:
        lead.append(phrases.IN_THIS_CLAUSE)
    if answer.topic == THEIRS:
        units = answer.passages[0].node.units
        alike = set(units) == set(answer.others) and bool(units)
        lead.append(phrases.is_theirs(units, alike=alike))
    if answer.topic == HAS_IT:
        lead.append(phrases.that_year_has_it(answer.passages[0].plan.year))
    if answer.topic == STILL:
        lead.append(phrases.is_still_there(answer.passages[0].plan.year))
    if answer.topic == "older":
        lead.append(phrases.edition_before(answer.passages[0].plan.year))
    if answer.turned_to is not None:
        lead.append(_is_its(answer.turned_to, answer, corpus))
    if answer.on_subject or (answer.stated and answer.unstated):
        lead.append(phrases.plan_lacks(answer.unstated, answer.stated, answer.vaguely))
    elif is_silent(answer):
        lead.append(phrases.clause_is_silent(answer.unstated, (), answer.vaguely))
    elif answer.band is Band.NEAR:
        lead.append(phrases.NEARLY_SAID)
    return lead


def _in_charge(answer: Answer) -> str:
    """Who is responsible; who does a thing that is not the whole clause is not said by that."""
    passage = answer.passages[0]
    units = passage.node.units
    if not units and _WHOM_TO_ASK.search(answer.question):
        return phrases.ask_its_owner(units_of(passage), passage.plan.owner)
    if not units:
        return phrases.nobody_in_charge(units_of(passage))
    if _BESIDES.search(answer.question):
        return phrases.all_in_charge(units)
    return (phrases.in_charge if _IN_CHARGE.search(answer.question) else phrases.units_are)(units)


def _acting(actor: Actor, answer: Answer) -> str:
    """Who acts by the plan's own words; whom to ask about it is not said by them."""
    if actor.is_city and _WHOM_TO_ASK.search(answer.question):
        return _in_charge(answer)
    if actor.is_city:
        return phrases.only_the_city(actor.name)
    return phrases.who_acts(*_where_it_acts(actor, answer))


def _where_it_acts(actor: Actor, answer: Answer) -> tuple[str, str]:
    """The path of the heading that names who acts, and its words; of the clause itself no path.

    Of a heading that quotes something itself only who acts, not quotes in quotes.
    """
    if actor.node == answer.passages[0].node:
        return "", actor.name
    words = actor.name if "「" in actor.node.title else actor.node.title
    return phrases.path_of(actor.node.path), words


def _is_acting(actor: Actor, answer: Answer, corpus: Corpus) -> str:
    """Whether a unit is the one that acts by the plan's own words."""
    asked = answer.asked_of[0] if answer.asked_of else answer.asker
    if asked is None:
        return _acting(actor, answer)
    home = corpus.units.get(asked.parent) if asked.level is UnitLevel.SECTION else asked
    is_meant = home is not None and actor.includes(home)
    if not is_meant:
        return phrases.does_not_act(asked.name, *_where_it_acts(actor, answer))
    if asked != home:
        return phrases.acts_as_an_agency(asked.name, actor.name)
    if actor.unit is None:
        return _applies(answer, corpus)
    return phrases.acts(asked.name, *_where_it_acts(actor, answer))


_WHOM_TO_ASK = re.compile("[問问找][誰谁哪]")
_BESIDES = re.compile("[還还]有|[跟和與与][誰谁哪]")
_IN_CHARGE = re.compile(
    "[負负][責责]|主[辦办]|承[辦办]|管|做|[歸归]|[單单]位|[科室課课組组]|who|^[那是]?[誰谁][呢啊]?$",
    re.IGNORECASE,
)


def _whose(answer: Answer, corpus: Corpus) -> str:
    """Whether a clause is of the section that was asked about; of several, of which."""
    if len(answer.asked_of) == 1:
        return _is_its(answer.asked_of[0], answer, corpus)
    passage = answer.passages[0]
    units = passage.node.units
    if not units:
        return phrases.nobody_in_charge(units_of(passage))
    its = [one for one in answer.asked_of if any(covers(corpus, unit, one) for unit in units)]
    if its and all(is_alone(corpus, passage.node, one) for one in its):
        return phrases.in_charge(units)
    return phrases.which_in_charge([one.name for one in its], units, both=its == [*answer.asked_of])


def _is_its(unit: Unit, answer: Answer, corpus: Corpus) -> str:
    """Whether a clause concerns the section that was asked about; whose plan binds an agency."""
    passage = answer.passages[0]
    units = passage.node.units
    if unit.level is not UnitLevel.SECTION:
        binds = passage.plan in precedence.plans_for(corpus, unit)
        return phrases.no_own_plan(unit.name, passage.plan.short if binds else "")
    group = next((one for one in units if covers(corpus, one, unit)), "")
    if units and _ONLY.search(answer.question):
        if is_alone(corpus, passage.node, unit):
            return phrases.only_its(unit.name)
        return (phrases.not_only if group else phrases.not_its)(units)
    if any(corpus.units.get(one) == unit for one in units):
        is_denied = _SPARED.search(answer.question) is not None
        return (phrases.has_to if is_denied else phrases.is_responsible)(unit.name)
    if group:
        return phrases.is_included(unit.name, group)
    return phrases.is_not_responsible(unit.name, units) if units else phrases.is_unclear(unit.name)


def _is_ours(asker: Unit, answer: Answer, corpus: Corpus) -> str:
    """Whether a clause concerns the section that asks, or the office whose own plan it is of."""
    if asker.level is UnitLevel.SECTION:
        return _is_its(asker, answer, corpus)
    units = answer.passages[0].node.units
    return phrases.binds(asker.name, units, must=answer.doubt <= _SURE)


def _is_whether_ours(answer: Answer, corpus: Corpus) -> bool:
    """Whether a question that stands for itself also asks whether its subject is the asker's."""
    first, asker = answer.passages[0], answer.asker
    is_section = asker is not None and asker.level is UnitLevel.SECTION
    is_own = corpus.units.get(first.plan.owner) == asker and not answer.deadlines
    if not is_section and (not is_own or answer.band is Band.NEAR):
        return False
    is_new = answer.kind in (Kind.CLAUSE, Kind.UNIT, Kind.DEADLINE) and not answer.topic
    is_bound = first.plan in precedence.plans_for(corpus, asker)
    is_open = is_new and not answer.asked_of
    is_told = is_open and is_bound and (bool(first.node.units) or not is_section)
    return is_told and answer.turned_to is None and _OURS.search(answer.question) is not None


def _owes_it(answer: Answer) -> bool:
    """Whether a question for a date also asks whether it is the asker's, whose own date it is."""
    is_own = answer.kind is Kind.DEADLINE and not answer.dates_of and not answer.topic
    is_owed = is_own and any(one.duty is Duty.OWED for one in answer.deadlines[:1])
    return is_owed and _OURS.search(answer.question) is not None


_SURE = -2.5  # the doubt up to which a clause surely is on what was asked
_US = "(?:(?:我們|我们|咱們|咱们).{0,4}?|本[科室課课組组所處处局])"
_DOES = "(?:管|做|[辦办]|[負负][責责]|配合|[處处]理|弄)"
_MUST_DO = f"(?:要|需要|得|[該该]|不用|不必|不需要?){_DOES}"
_EITHER = "(?:要不要|需不需要|用不用|[該该]不[該该]|(?:有[沒没]有|[會会]不[會会]|是不是|是否)也?(?:要|需要|得|[該该]))"
_NOT_WHAT = "(?!.*(?:[哪誰谁什啥怎幾几何]|多少|多久))"
_OURS = re.compile(
    "(?:是|[歸归]|算).{0,2}(?:我們|我们).{0,6}[嗎吗吧]|(?:我們|我们).{0,4}(?:要|需要|得)"
    "(?:管|做|[辦办]|[負负][責责]|配合)[^哪什幾几]{0,2}(?:[嗎吗沒没]|$)"
    f"|{_US}{_EITHER}{_DOES}{_NOT_WHAT}"
    f"|是(?:不是|否)[也由]?{_US}(?:要|需要|得|[來来])?{_DOES}{_NOT_WHAT}"
    f"|{_US}[也都有]?{_MUST_DO}{_NOT_WHAT}.{{0,14}}(?:[嗎吗吧]|[對对]不[對对]|是不是)[?？]*$"
)


def _applies(answer: Answer, corpus: Corpus) -> str:
    """Whether a clause binds who asks."""
    unit, first = answer.asker, answer.passages[0]
    if unit is None:
        return phrases.WHOSE_UNKNOWN
    must = _MUST.search(answer.question) is not None
    if not precedence.binds(corpus, first.plan, unit):
        return phrases.does_not_bind(first.plan.owner, unit.name, must=must)
    if answer.topic == SPARES:
        return phrases.is_not_its_row(unit.name, must=must)
    if unit.level is UnitLevel.SECTION:
        return _is_its(unit, answer, corpus)
    return phrases.binds(unit.name, first.node.units, must=must)


_MUST = re.compile("要|需|得|必|配合|適用|适用")
_SPARED = re.compile("不用|不必|免了|不需")
_ONLY = re.compile(
    "只|而已|^[那这這所以]*就(?![是要])|[单單][独獨]|光是?(?!碟)|就(?:好|可以|行|[夠够])|自己.{0,3}[嗎吗]|一[個个](?:[單单]位|[科室課课組组])"
)
