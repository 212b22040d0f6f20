"""The one place that turns an answer into a message.

A card for a clause, a list in one card with a button for what follows, two clauses side by side
for a comparison, and for what the plans do not say a sentence with the nearest clauses to tap.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlencode

from bot import phrases
from bot.messages import Button, Card, Does, Reply, Tone, say
from bot.plans import precedence
from bot.plans.corpus import Corpus
from bot.plans.deadlines import Deadline, Duty, Source
from bot.plans.model import Node, NodeKind, Plan, PlanKind, Unit, UnitLevel
from bot.search.editions import Change, Difference, other_units, same_units, same_words
from bot.search.refusal import Band
from bot.search.result import (
    APPLIES,
    EDITIONS,
    ERRAND,
    HAS_IT,
    HAS_OURS,
    HERE,
    IN_CHARGE,
    LATE,
    NEITHER,
    OFF_TOPIC,
    ONE_EDITION,
    PERIOD,
    SECTIONS,
    SILENT,
    SPARES,
    STILL,
    THEIRS,
    TOLD,
    TWO,
    Answer,
    Kind,
    Passage,
)
from bot.search.structure import covers, is_alone

LINES = 8
"""Entries of a list that are shown at once: about one screen of a phone."""

ENTRY, QUOTED, WHOLE, COPIED = 90, 120, 250, 950
"""Characters of an entry in a list, of another plan's clause, of a clause that is shown once more,
and of a citation to copy."""


LABEL, _PATH_END = 20, 12
"""Characters of a button's label, and of a path's end in one with the plan's name."""


def as_reply(answer: Answer, corpus: Corpus, *, page: int = 0) -> Reply:
    """What the bot says.

    Args:
        page: of a list, from 0.
    """
    if answer.kind is Kind.SMALLTALK:
        return say(_SMALLTALK[answer.topic])
    if answer.topic == LATE:
        return say(_late(answer))
    if answer.topic == OFF_TOPIC:
        return say(phrases.OFF_TOPIC)
    if answer.topic == ERRAND:
        return say(phrases.ERRAND)
    if answer.topic == "no_plan" and answer.turned_to is not None:
        speaking = answer.plan.short if answer.plan else ""
        return say(phrases.plan_not_here(answer.turned_to.name, speaking))
    if answer.topic in _NOT_THERE and not answer.passages:
        return say(_NOT_THERE[answer.topic])
    if answer.topic == SILENT:
        return Reply(messages=(_silent(answer, corpus),))
    if answer.topic == SECTIONS:
        return Reply(messages=(_sections(answer, corpus),))
    if answer.topic == ONE_EDITION and answer.plan is not None:
        return say(_one_edition(answer.plan, corpus))
    if answer.topic == EDITIONS:
        return Reply(messages=(_changes(answer, corpus, page),))
    if answer.topic == IN_CHARGE:
        return Reply(messages=(_in_both_years(answer, corpus),))
    if answer.topic == PERIOD:
        return Reply(messages=(_of_period(answer),))
    if answer.kind is Kind.UNKNOWN:
        return Reply(messages=(_unknown(answer, corpus),))
    if answer.parts:
        return Reply(messages=tuple(_list(part, corpus, page) for part in answer.parts))
    if answer.topic == "who" and len(answer.shown) > 1:
        return Reply(messages=(_who_of_each(answer, corpus),))
    if answer.faq:
        return Reply(messages=(_faq(answer),))
    if answer.topic == "why":
        return Reply(messages=(_why(answer.passages[0]),))
    if answer.kind is Kind.COMPARE:
        return Reply(messages=(_comparison(answer),))
    if answer.shown and answer.topic not in _NO_LISTS:
        return Reply(messages=(_list(answer, corpus, page),))
    if answer.topic == "path" and len(answer.shown) > 1:
        return Reply(messages=(_list(answer, corpus, page),))
    if answer.kind is Kind.LIST and len(answer.passages) > 1:
        return Reply(messages=(_several(answer, corpus),))
    return Reply(messages=(clause_card(answer, corpus),))


_NOT_THERE = {
    "node": phrases.NO_SUCH_ENTRY,
    "others": phrases.NO_MORE,
    NEITHER: phrases.NEITHER_SAYS,
}
_NO_LISTS = frozenset(
    {
        "node", "older", "who", "whose", "path", "others", "when", "undated", "said",
        APPLIES, HAS_OURS, HERE, SPARES, THEIRS, TOLD,
    }
)  # fmt: skip

_SMALLTALK = {
    **phrases.SMALL_TALK,
    "lost": phrases.LOST,
    "lost_compare": phrases.LOST_COMPARE,
    "empty": phrases.NOTHING_ASKED,
    "too_long": phrases.TOO_LONG,
}


def clause_card(answer: Answer, corpus: Corpus) -> Card:
    """A clause word for word, with where it stands, who is responsible, and what differs."""
    first = answer.passages[0]
    cited = cite(first)
    near = answer.band is Band.NEAR
    hint = near and is_about_telephoning(answer)
    notes = [
        *_not_stated(answer),
        *_another_units(answer, corpus),
        *_unsure(answer),
        *_second(answer, corpus),
        *_differences(answer, corpus),
        *_newer(first, corpus),
        *([phrases.COURTESY_HINT] if hint else []),
    ]
    lead = _lead(answer, corpus)
    rows = (*_rows(answer, corpus), *_dates(answer))
    return Card(
        kicker=cited,
        title=title_of(first.node),
        body="\n".join([*lead, _said(first)]),
        rows=rows,
        note="\n".join(notes),
        buttons=_buttons(answer),
        quick=(*([_courtesy()] if hint else []), *_marks(answer)),
        tone=Tone.CARE if near else Tone.NORMAL,
        about=f"clause:{first.node.id}",
        alt=_plain(first, rows, notes, lead),
    )


def _said(passage: Passage) -> str:
    """The clause with its number; of a table's row without, for the citation names the row."""
    return passage.node.words if passage.node.label.isdecimal() else passage.text


def _lead(answer: Answer, corpus: Corpus) -> list[str]:
    """What has to be said before the clause."""
    lead = []
    asker = answer.asker
    if asker and asker.level is UnitLevel.SECTION and _is_whether_ours(answer, corpus):
        lead.append(_turned_to(asker, answer.passages[0], corpus))
    if answer.topic == "who":
        lead.append(_in_charge(answer))
    if answer.topic == "undated":
        lead.append(phrases.UNDATED)
    if answer.topic in (APPLIES, SPARES):
        lead.append(_applies(answer, corpus))
    if answer.topic == HAS_OURS:
        lead.append(phrases.OURS_HAS_IT)
    if answer.topic == HERE:
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
        lead.append(_turned_to(answer.turned_to, answer.passages[0], corpus))
    if answer.band is Band.NEAR:
        lead.append(phrases.NEARLY_SAID)
    return lead


def _not_stated(answer: Answer) -> list[str]:
    """What the question asks for besides, and what is shown does not state."""
    return [phrases.clause_lacks(answer.unstated)] if answer.unstated else []


def _unsure(answer: Answer) -> list[str]:
    """That the source is not clear about the units of what is shown, where any are shown."""
    unsure = [one for one in (answer.passages[0], answer.second) if one and one.node.units]
    return _caution(*unsure)


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


_WHOM_TO_ASK = re.compile("[問问找][誰谁哪]")
_BESIDES = re.compile("[還还]有|[跟和與与][誰谁哪]")
_IN_CHARGE = re.compile(
    "[負负][責责]|主[辦办]|承[辦办]|管|做|[歸归]|[單单]位|[科室課课組组]|who|^[那是]?[誰谁][呢啊]?$",
    re.IGNORECASE,
)


def _turned_to(unit: Unit, passage: Passage, corpus: Corpus) -> str:
    """Whether a clause concerns the section that was asked about; whose plan binds an agency."""
    units = passage.node.units
    if unit.level is not UnitLevel.SECTION:
        binds = passage.plan in precedence.plans_for(corpus, unit)
        return phrases.no_own_plan(unit.name, passage.plan.short if binds else "")
    if any(corpus.units.get(one) == unit for one in units):
        return phrases.is_responsible(unit.name)
    group = next((one for one in units if covers(corpus, one, unit)), "")
    if group:
        return phrases.is_included(unit.name, group)
    return phrases.is_not_responsible(unit.name, units) if units else phrases.is_unclear(unit.name)


def _is_whether_ours(answer: Answer, corpus: Corpus) -> bool:
    """Whether a question that stands for itself also asks whether its subject is the asker's."""
    first = answer.passages[0]
    is_new = answer.kind in (Kind.CLAUSE, Kind.UNIT) and not answer.topic
    is_bound = first.plan in precedence.plans_for(corpus, answer.asker)
    is_told = is_new and is_bound and bool(first.node.units)
    return is_told and answer.turned_to is None and _OURS.search(answer.question) is not None


_OURS = re.compile(
    "(?:是|[歸归]|算).{0,2}(?:我們|我们).{0,6}[嗎吗吧]|(?:我們|我们).{0,4}(?:要|需要|得)"
    "(?:管|做|[辦办]|[負负][責责]|配合).{0,2}(?:[嗎吗沒没]|$)"
)


def _applies(answer: Answer, corpus: Corpus) -> str:
    """Whether a clause binds who asks."""
    unit, first = answer.asker, answer.passages[0]
    if unit is None:
        return phrases.WHOSE_UNKNOWN
    if first.plan not in precedence.plans_for(corpus, unit):
        return phrases.does_not_bind(first.plan.owner, unit.name)
    if answer.topic == SPARES:
        return phrases.is_not_its_row(unit.name)
    if unit.level is UnitLevel.SECTION:
        alone = [unit.name] == list(first.node.units)
        only = _ONLY.search(answer.question) is not None
        if only and first.node.units:
            return phrases.only_its(unit.name) if alone else phrases.not_only(first.node.units)
        return _turned_to(unit, first, corpus)
    return phrases.binds(unit.name, first.node.units)


_ONLY = re.compile("只|[单單][独獨]")


def is_about_telephoning(answer: Answer) -> bool:
    """Whether a question is about how the telephone is answered, which the courtesy card tells."""
    return _TELEPHONING.search(answer.question) is not None


_TELEPHONING = re.compile(
    "幾聲|[響响].{0,3}[聲声下]|接起|接聽|接听|(?:接|講|回|打來的?)(?:電話|电话)|(?:電話|电话).{0,6}(?:接|禮貌|礼貌|口氣|"
    "態度|開頭|用語|怎麼[說講回])|[轉转]接|報.{0,3}姓|開頭要說|第一句"
)


def _courtesy() -> Button:
    return _tap(phrases.COURTESY_CARD, do="courtesy")


def cite(passage: Passage) -> str:
    """The plan's short name and the path."""
    return phrases.citation(passage.plan.short, passage.node.path)


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

    Where the source is not clear about them, `_caution` says so, once in a message.
    """
    node = passage.node
    if node.units:
        return "、".join(node.units)
    if passage.plan.kind is PlanKind.IMPLEMENTATION:
        return phrases.NO_UNIT_COLUMN
    return phrases.UNITS_LOST if node.segments[0] == "4" else phrases.NO_UNIT_HERE


def _units_after(passage: Passage) -> str:
    """The responsible units behind a citation; nothing where the plan names none there."""
    return f"；{'、'.join(passage.node.units)}" if passage.node.units else ""


def _lacks_units(passage: Passage) -> bool:
    return units_of(passage) == phrases.UNITS_LOST


def _caution(*passages: Passage) -> list[str]:
    """Once for all entries that the source leaves it open who is responsible."""
    lost = [phrases.SOME_UNITS_LOST] if any(_lacks_units(one) for one in passages) else []
    unsure = any(one.node.units_unsure and one.node.units for one in passages)
    return [*lost, *([phrases.UNSURE] if unsure else [])]


def clipped(words: str, length: int) -> str:
    """The words, or their beginning with 「…」."""
    return words if len(words) <= length else words[: length - 1].rstrip("，、；") + "…"


def data(**fields: str | int) -> str:
    """A postback's data as a query string."""
    return urlencode(fields)


def _plain(
    first: Passage, rows: Sequence[tuple[str, str]], notes: Sequence[str], lead: Sequence[str]
) -> str:
    lines = [*lead, _said(first)]
    lines += [f"{name}：{value}" for name, value in rows]
    lines.append(f"出處：{cite(first)}")
    return "\n".join([*lines, *notes])


def _another_units(answer: Answer, corpus: Corpus) -> list[str]:
    """That the clause is of a plan which does not bind who asks."""
    plan, asked = answer.passages[0].plan, answer.turned_to
    unit = asked if asked and asked.level is not UnitLevel.SECTION else answer.asker
    return [phrases.of_another_unit(plan.owner)] if _is_strange(plan, unit, corpus) else []


def _is_strange(plan: Plan, unit: Unit | None, corpus: Corpus) -> bool:
    """Whether a plan is another unit's, and does not bind this one."""
    return unit is not None and not precedence.binds(corpus, plan, unit)


def _whose(passage: Passage, answer: Answer, corpus: Corpus) -> str:
    """Behind a clause beside the first: that it is another unit's, or of an older edition."""
    if _is_strange(passage.plan, answer.asker, corpus):
        return phrases.OF_ANOTHER
    return phrases.OF_OLD if precedence.is_superseded(corpus, passage.plan) else ""


def _rows(answer: Answer, corpus: Corpus) -> tuple[tuple[str, str], ...]:
    """The responsible unit; of a form's line the form.

    That a plan names no units is said only to who asks for them.
    """
    passage = answer.passages[0]
    if passage.node.kind is NodeKind.FORM:
        form = corpus.nodes[f"{passage.plan.id}:{passage.node.segments[0]}"]
        return ((phrases.FORM, form.title),)
    is_told = answer.topic in ("who", "whose", APPLIES, THEIRS)
    is_asked = answer.kind is Kind.UNIT or _lacks_units(passage)
    if is_told or not (passage.node.units or is_asked):
        return ()
    return ((phrases.RESPONSIBLE, units_of(passage)),)


def _dates(answer: Answer) -> list[tuple[str, str]]:
    """The asker's own dates in the running cycle, or with whose they are, and how long there is."""
    return [
        (
            phrases.cycle_of(one.year, answer.dates_of),
            phrases.date_of(one.start, one.end, one.title, _left(one, answer)),
        )
        for one in answer.deadlines[:2]
    ]


def _left(one: Deadline, answer: Answer) -> str:
    """How long there is, or since when it is over; nothing where no day is known."""
    if answer.today is None:
        return ""
    return phrases.days_left(one.start, one.end, answer.today, owed=one.duty is Duty.OWED)


def _second(answer: Answer, corpus: Corpus) -> list[str]:
    second = answer.second
    if second is None:
        return []
    words = clipped(second.node.words.replace("\n", " "), QUOTED)
    said = phrases.perhaps(cite(second), words, _units_after(second).lstrip("；"))
    return [said + _whose(second, answer, corpus)]


def _differences(answer: Answer, corpus: Corpus) -> list[str]:
    notes = []
    for other in answer.differs:
        words = clipped(other.node.words.replace("\n", " "), QUOTED)
        older = other.plan.id == answer.passages[0].plan.supersedes
        said = (phrases.older_edition if older else phrases.same_subject_elsewhere)(
            cite(other), words
        )
        is_strange = _is_strange(other.plan, answer.asker, corpus)
        notes.append(said + (phrases.OF_ANOTHER if is_strange else ""))
    return notes


def _newer(passage: Passage, corpus: Corpus) -> list[str]:
    for plan in corpus.plans.values():
        if plan.supersedes == passage.plan.id and precedence.is_superseded(corpus, passage.plan):
            return [phrases.there_is_a_newer(plan.short)]
    return []


def _buttons(answer: Answer) -> tuple[Button, ...]:
    first = answer.passages[0]
    buttons = [_tap(phrases.AROUND, do="near", id=first.node.id)]
    if len(answer.passages) > 1:
        buttons.append(_tap(phrases.OTHERS, do="others"))
    copied = clipped(f"{first.text}\n（{cite(first)}）", COPIED)
    buttons.append(Button(label=phrases.COPY, does=Does.COPY, value=copied))
    if answer.deadlines and _are_own_dates(answer):
        buttons.append(_tap(phrases.REMIND, do="remind", id=answer.deadlines[0].id))
    asked = answer.turned_to
    section = asked.name if asked and asked.level is UnitLevel.SECTION else ""
    unit = section or (first.node.units[0] if first.node.units else "")
    if unit and not unit.startswith("各"):
        buttons.append(_tap(phrases.unit_duties_button(unit), do="duties", unit=unit))
    return tuple(buttons)


def _are_own_dates(answer: Answer) -> bool:
    """Whether the dates are those of who asks or of its agency, not another's or the city's."""
    asker = answer.asker
    return asker is not None and (asker.level is UnitLevel.SECTION or not answer.dates_of)


def _marks(answer: Answer) -> tuple[Button, ...]:
    first = answer.passages[0].node.id
    return (
        _tap(phrases.HELPED, do="mark", as_="helped", id=first),
        _tap(phrases.WRONG, do="mark", as_="wrong", id=first),
        _tap(phrases.WRONG_CLAUSE, do="mark", as_="wrong_clause", id=first),
    )


def _tap(label: str, **fields: str) -> Button:
    plain = {name.rstrip("_"): value for name, value in fields.items()}
    return Button(label=label, does=Does.POSTBACK, value=data(**plain), says=label)


def _open(passage: Passage, *, of_several: bool = False) -> Button:
    """A button that shows a clause; its label is the end of the path, which tells most.

    Args:
        of_several: clauses of several plans stand side by side, so the year comes first.
    """
    path = phrases.path_of(passage.node.path) or clipped(passage.node.words, 12)
    label = f"{passage.plan.year}年 {path}" if of_several else path
    return Button(
        label=label if len(label) <= LABEL else "…" + label[1 - LABEL :],
        does=Does.POSTBACK,
        value=data(do="clause", id=passage.node.id),
        says=clipped(cite(passage), 60),
    )


def _opens(passages: Sequence[Passage], *, of_several: bool = False) -> tuple[Button, ...]:
    """A button for each clause; where two would look alike, with the plan's short name."""
    made = [_open(one, of_several=of_several) for one in passages]
    labels = [one.label for one in made]
    return tuple(
        button if labels.count(button.label) == 1 else replace(button, label=_with_plan(one))
        for button, one in zip(made, passages, strict=True)
    )


def _with_plan(passage: Passage) -> str:
    path = phrases.path_of(passage.node.path) or passage.node.words
    end = path if len(path) <= _PATH_END else "…" + path[1 - _PATH_END :]
    return f"{clipped(passage.plan.short, LABEL - 1 - len(end))} {end}"


def _ours(answer: Answer, corpus: Corpus) -> list[str]:
    """Whom who asks could ask: units of its own agency, and of none that only resembles it."""
    if answer.asker is None:
        return []
    bound = precedence.plans_for(corpus, answer.asker)
    units = (unit for one in answer.nearest if one.plan in bound for unit in one.node.units)
    return [unit for unit in dict.fromkeys(units) if unit not in corpus.units.groups][:3]


def _unknown(answer: Answer, corpus: Corpus) -> Card:
    nearest = answer.nearest
    units = _ours(answer, corpus)
    lines = [
        f"・{cite(one)}：{clipped(one.node.words.replace(chr(10), ' '), ENTRY)}" for one in nearest
    ]
    said = phrases.not_stated(answer.unstated)
    hint = is_about_telephoning(answer)
    note = phrases.COURTESY_HINT if hint else phrases.may_ask(units) if nearest and units else ""
    return Card(
        title=said,
        body="\n".join([phrases.NEAREST, *lines]) if nearest else "",
        note=note,
        buttons=_opens(nearest),
        quick=(_courtesy(),) if hint else (),
        tone=Tone.CARE,
        alt="\n".join(part for part in (said, phrases.NEAREST if nearest else "", *lines, note) if part),
    )  # fmt: skip


def _faq(answer: Answer) -> Card:
    cited = [f"・{cite(one)}：{one.node.words}" for one in answer.passages]
    return Card(
        kicker="管理者整理的常見問答",
        title=clipped(answer.question, 40),
        body="\n".join([answer.faq, *cited]),
        buttons=_opens(answer.passages[:3]),
    )


def _why(passage: Passage) -> Card:
    trail = [words.strip("：: ") for words in passage.node.trail[1:]]
    return Card(
        kicker=cite(passage),
        title=phrases.NOT_WHY,
        body="\n".join(trail),
        about=f"clause:{passage.node.id}",
    )


def _late(answer: Answer) -> str:
    """That the plans do not say, the deadline that was talked about, and who may move it."""
    dates = [phrases.deadline_was(one.title, one.end) for one in answer.deadlines[:1]]
    hint = [] if dates else [phrases.SEE_DEADLINES]
    return "\n".join([phrases.NOT_SAID_LATE, *dates, phrases.CAN_BE_MOVED, *hint])


def _comparison(answer: Answer) -> Card:
    """The best clause of each plan: once where they say the same, else one below the other."""
    first: dict[str, Passage] = {}
    for one in answer.passages:
        first.setdefault(one.plan.id, one)
    chosen = list(answer.passages) if answer.topic == TWO else list(first.values())
    if len(chosen) == 1 or answer.lacking:
        return _compared(answer, chosen[:1], phrases.ONLY_TITLE, _alone(answer, chosen[0]))
    years = len({one.plan.owner for one in chosen}) == 1
    if all(same_words(chosen[0].node, other.node) for other in chosen[1:]):
        lines = _alike(answer, chosen, years=years)
        return _compared(answer, chosen, phrases.SAME_TITLE, lines)
    parts = [
        f"【{cite(one)}】\n{one.text}\n{phrases.RESPONSIBLE}：{units_of(one)}" for one in chosen
    ]
    said = (
        phrases.NEAREST_OF_EACH if answer.topic == "apart" else phrases.said_otherwise(years=years)
    )
    said = phrases.BOTH_SAY if answer.topic == TWO else said
    said = phrases.plainly(_asks_whether(answer.question), alike=False) + said
    return _compared(answer, chosen, phrases.OTHER_TITLE, ["\n\n".join([said, *parts])])


def _lacks_own(answer: Answer) -> list[str]:
    """Of a comparison, the owner whose own plan is not loaded."""
    return [phrases.plan_not_here(answer.turned_to.name, "")] if answer.turned_to else []


def _sections(answer: Answer, corpus: Corpus) -> Card:
    """The same section of two plans: once where they say the same, else one below the other."""
    first, second = answer.parts
    pairs = zip(first.shown, second.shown, strict=False)
    alike = len(first.shown) == len(second.shown) and all(same_words(*pair) for pair in pairs)
    lines = [f"{at}. {node.words}" for at, node in enumerate(first.shown, start=1)]
    title = phrases.TOPICS.get(first.topic, "")
    if alike:
        said = [phrases.said_alike(years=False, units_differ=False), *lines]
    else:
        others = [f"{at}. {node.words}" for at, node in enumerate(second.shown, start=1)]
        names = [f"【{part.plan.short}】" if part.plan else "" for part in answer.parts]
        said = [phrases.said_otherwise(years=False), names[0], *lines, names[1], *others]
    body = "\n".join([*_lacks_own(answer), *said])
    plans = "、".join(part.plan.short for part in answer.parts if part.plan)
    return Card(
        kicker=plans,
        title=title,
        body=body,
        about=f"clause:{first.shown[0].id}",
        alt=f"{title}（{plans}）\n{body}",
    )


def _silent(answer: Answer, corpus: Corpus) -> Card:
    """That the clause which was shown does not state a detail, and the clause in short."""
    first = answer.passages[0]
    said = phrases.clause_is_silent(answer.unstated, answer.unmentioned)
    words = clipped(first.node.words.replace("\n", " "), WHOLE)
    notes = _another_units(answer, corpus)
    return Card(
        kicker=cite(first),
        title=said,
        body=words,
        buttons=(_open(first),),
        tone=Tone.CARE,
        note="\n".join(notes),
        about=f"clause:{first.node.id}",
        alt="\n".join([said, words, f"出處：{cite(first)}", *notes]),
    )


def _alone(answer: Answer, one: Passage) -> list[str]:
    """A clause without a counterpart."""
    said = phrases.no_other_edition(one.plan.owner, one.plan.year)
    if answer.lacking is not None:
        said = _lacks_it(answer.lacking, one)
    return [said, one.text, f"{phrases.RESPONSIBLE}：{units_of(one)}", f"出處：{cite(one)}"]


def _lacks_it(plan: Plan, one: Passage) -> str:
    """That a plan has no such clause: no longer, not yet, or another owner's."""
    if plan.owner != one.plan.owner:
        return phrases.does_not_say(plan.short)
    said = phrases.no_longer_there if plan.year > one.plan.year else phrases.not_yet_there
    return said(plan.year, one.plan.year)


def _asks_whether(question: str) -> str:
    """Whether a question asks for «the same?» or «any difference?», or for neither."""
    match = _WHETHER.search(question)
    if match is None:
        return ""
    return "has" if match["has"] else "same" if match["same"] else "differs"


_WHETHER = re.compile(
    "有差[嗎吗]|有[沒没]有(?:差|不|改|變|变)|有(?:什麼|什么)?(?:改|變|变).{0,2}[嗎吗]|有不(?:同|一[樣样])|不一[樣样][嗎吗]|"
    "(?P<has>也有(?:寫|写|這|这|規定|规定|提到|要求)?.{0,3}[嗎吗])|"
    "(?P<same>(?<!不)一[樣样][嗎吗吧?？]?|也是?(?:這[樣麼]|这[样么]|如此)|相同[嗎吗])"
)


def _alike(answer: Answer, chosen: Sequence[Passage], *, years: bool) -> list[str]:
    """The words once, the units once where they are the same, and both places."""
    first = chosen[0]
    alike = all(same_units(first.node, other.node) for other in chosen[1:])
    others = any(other_units(first.node, other.node) for other in chosen[1:])
    plainly = phrases.plainly(_asks_whether(answer.question), alike=not (years and others))
    said = plainly + phrases.said_alike(years=years, units_differ=others)
    if alike:
        units = [f"{phrases.RESPONSIBLE}：{units_of(first)}"]
    else:
        names = [f"{one.plan.year}年" if years else one.plan.short for one in chosen]
        units = [
            f"{phrases.responsible_in(name)}：{units_of(one)}"
            for name, one in zip(names, chosen, strict=True)
        ]
    return [said, first.node.words, *units, f"出處：{'、'.join(cite(one) for one in chosen)}"]


def _compared(answer: Answer, chosen: Sequence[Passage], title: str, lines: Sequence[str]) -> Card:
    lines = [*_lacks_own(answer), *lines]
    return Card(
        kicker="　".join(one.plan.short for one in chosen),
        title=title,
        body="\n".join(lines),
        buttons=_opens(chosen[:3], of_several=True),
        quick=_marks(answer),
        about=f"clause:{chosen[0].node.id}",
        alt="\n".join(lines),
    )


def _one_edition(plan: Plan, corpus: Corpus) -> str:
    """Of which years an owner's plan is here, so that nothing can be compared."""
    owner = corpus.units.get(plan.owner)
    own = precedence.own_plans(corpus, owner) if owner else ()
    return phrases.only_these_years(plan.owner, [one.year for one in own])


def _changes(answer: Answer, corpus: Corpus, page: int) -> Card:
    """What became of clauses from one edition to the next: how many, and a screen of them."""
    plan = answer.plan
    assert plan is not None
    by_node = {one.node.id: one for one in answer.differences}
    found = [by_node[node.id] for node in answer.shown if node.id in by_node]
    start = min(page * LINES, max(len(found) - 1, 0))
    part = found[start : start + LINES]
    years = _years(answer.differences, corpus)
    title = phrases.between_years(years)
    lead = _tally(answer) if page == 0 else []
    lines = _change_lines(part, start, years)
    note = phrases.how_many(start + len(part), len(found)) if found else ""
    first = found[0].node.id if found else ""
    further = _tap(phrases.MORE, do="more", page=str(page + 1), first=first)
    return Card(
        kicker=plan.owner,
        title=title,
        body="\n".join([*lead, *lines]),
        note=note,
        buttons=(further,) if len(found) > start + LINES else (),
        about=f"clause:{part[0].node.id}" if part else "",
        alt="\n".join(one for one in (f"{title}（{plan.owner}）", *lead, *lines, note) if one),
    )


def _years(differences: Sequence[Difference], corpus: Corpus) -> list[int]:
    """The years of the editions in which the clauses stand."""
    nodes = (node for one in differences for node in (one.node, one.before) if node)
    return sorted({corpus.plan_of(node).year for node in nodes})


def _tally(answer: Answer) -> list[str]:
    """How many clauses are new, dropped and so on; first of all whether any are."""
    counts = {change: sum(one.change is change for one in answer.differences) for change in Change}
    differs = any(count for change, count in counts.items() if change is not Change.SAME)
    plainly = phrases.plainly(_asks_whether(answer.question), alike=not differs)
    told = {change.value: count for change, count in counts.items()}
    by_node = {one.node.id: one for one in answer.differences}
    kinds = {by_node[node.id].change for node in answer.shown if node.id in by_node}
    is_told = not kinds.isdisjoint((Change.UNITS, Change.SAME))
    lost = sum(_lost_units(one) for one in answer.differences) if is_told else 0
    return [plainly + phrases.changes(told), *([phrases.units_not_known(lost)] if lost else [])]


def _lost_units(one: Difference) -> bool:
    """Whether only one of both years tells who is responsible for a clause that stayed."""
    return one.before is not None and bool(one.node.units) != bool(one.before.units)


def _change_lines(part: Sequence[Difference], start: int, years: Sequence[int]) -> list[str]:
    """Numbered entries below the name of what became of them."""
    lines: list[str] = []
    last = None
    for number, one in enumerate(part, start=start + 1):
        if one.change is not last:
            last = one.change
            lines.append(f"〔{phrases.CHANGES[last.value]}〕")
        lines += _change_entry(number, one, years)
    return lines


def _change_entry(number: int, one: Difference, years: Sequence[int]) -> list[str]:
    """A clause; of one that changed what each year says."""
    node, before = one.node, one.before
    units = f"；{'、'.join(node.units)}" if node.units else ""
    if before is None or one.change is Change.SAME:
        return [f"{number}. {clipped(_in_line(node), ENTRY)}（{node.path}{units}）"]
    said = [(years[-1], node), (years[0], before)]
    if one.change is Change.UNITS:
        lines = [f"{year}年：{'、'.join(each.units)}" for year, each in said]
        return [f"{number}. {clipped(_in_line(node), ENTRY)}（{node.path}）", *lines]
    start = _first_difference(_in_line(node), _in_line(before))
    told = other_units(node, before)
    lines = [
        f"{year}年：{_from(_in_line(each), start)}{_who(each) if told else ''}"
        for year, each in said
    ]
    return [f"{number}. {node.path}", *lines]


def _in_line(node: Node) -> str:
    return node.words.replace("\n", " ")


def _who(node: Node) -> str:
    return f"（{'、'.join(node.units)}）"


def _first_difference(one: str, other: str) -> int:
    """Where two texts begin to differ, with a few letters before it."""
    pairs = enumerate(zip(one, other, strict=False))
    differing = next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))
    return max(differing - _CONTEXT, 0)


def _from(words: str, start: int) -> str:
    """A part of a text; texts of about one screen's line whole."""
    if len(words) <= ENTRY:
        return words
    return ("…" if start else "") + clipped(words[start:], ENTRY)


_CONTEXT = 15  # letters before what differs


def _in_both_years(answer: Answer, corpus: Corpus) -> Card:
    """Whether the same units are responsible for a clause in two years."""
    new, old = answer.passages[:2]
    if answer.unit is not None:
        had, has = (
            any(corpus.units.get(name) == answer.unit for name in one.node.units)
            for one in (old, new)
        )
        said = phrases.unit_then_and_now(
            answer.unit.name, old.plan.year, new.plan.year, had=had, has=has
        )
    else:
        said = _changed_hands(answer, new, old)
    units = [
        f"{phrases.responsible_in(f'{one.plan.year}年')}：{units_of(one)}" for one in (new, old)
    ]
    places = "、".join(cite(one) for one in (new, old))
    lines = [said, new.node.words, *units, f"出處：{places}", *_caution(new, old)]
    return _compared(answer, (new, old), phrases.IN_BOTH_YEARS, lines)


def _changed_hands(answer: Answer, new: Passage, old: Passage) -> str:
    """In a sentence whether a clause was given to other units."""
    lost = next((one.plan.year for one in (old, new) if not one.node.units), None)
    if lost is not None:
        return phrases.units_unknown_in(lost)
    alike = same_units(new.node, old.node)
    is_same = _SAME_HANDS.search(answer.question) is not None
    is_other = _OTHER_HANDS.search(answer.question) is not None
    asked = "same" if is_same else "differs" if is_other else ""
    return phrases.hands(
        asked,
        (old.plan.year, old.node.units),
        (new.plan.year, new.node.units),
        alike=alike,
    )


_SAME_HANDS = re.compile("也是|一[樣样]|同一?[個个]|[還还]是|同[科單单室]")
_OTHER_HANDS = re.compile("[換换]|改|[變变]|[調调]")


def around(before: Passage | None, after: Passage | None) -> Card:
    """The clauses before and after one, named as such; at least one of them is given."""
    named = ((phrases.BEFORE_IT, before), (phrases.AFTER_IT, after))
    found = [(name, one) for name, one in named if one is not None]
    lines = [f"{name}：{_entry(one)}" for name, one in found]
    lines += _caution(*(one for _, one in found))
    first = found[0][1]
    return Card(
        kicker=first.plan.short,
        title=phrases.AROUND,
        body="\n".join(lines),
        buttons=_opens([one for _, one in found]),
        about=f"clause:{first.node.id}",
        alt="\n".join([phrases.AROUND, *lines]),
    )


def _who_of_each(answer: Answer, corpus: Corpus) -> Card:
    """The responsible units of the entries of a list."""
    passages = [
        Passage(node=node, plan=corpus.plan_of(node), score=1.0) for node in answer.shown[:LINES]
    ]
    units = [phrases.UNCLEAR if _lacks_units(one) else units_of(one) for one in passages]
    lines = [
        f"{number}. {clipped(one.node.words.replace(chr(10), ' ').rstrip('。'), 30)}：{named}"
        for number, (one, named) in enumerate(zip(passages, units, strict=True), start=1)
    ]
    lines += _caution(*passages)
    return Card(
        kicker=passages[0].plan.short,
        title=phrases.WHO_OF_EACH,
        body="\n".join(lines),
        about=f"clause:{passages[0].node.id}",
        alt="\n".join([phrases.WHO_OF_EACH, *lines]),
    )


def _entry(one: Passage) -> str:
    """A clause in a line, with where it stands and who is responsible."""
    return f"{one.node.words.replace(chr(10), ' ')}（{cite(one)}{_units_after(one)}）"


def _several(answer: Answer, corpus: Corpus) -> Card:
    """The clauses that answer a question for several things, best first."""
    near = answer.band is Band.NEAR
    lines = [
        f"{number}. {_entry(one)}{_whose(one, answer, corpus)}"
        for number, one in enumerate(answer.passages, start=1)
    ]
    lines += [*_not_stated(answer), *_unsure_of(answer.passages)]
    body = "\n".join([phrases.NEARLY_SAID, *lines] if near else lines)
    plans = dict.fromkeys(one.plan.short for one in answer.passages)
    return Card(
        kicker="、".join(plans) if len(plans) == 1 else "",
        title="計畫裡相關的條文",
        body=body,
        quick=_marks(answer),
        tone=Tone.CARE if near else Tone.NORMAL,
        about=f"clause:{answer.passages[0].node.id}",
        alt=body,
    )


def _unsure_of(passages: Sequence[Passage]) -> list[str]:
    """Which entries of a list the source leaves open who is responsible for."""
    unsure = [
        at for at, one in enumerate(passages, start=1) if one.node.units_unsure and one.node.units
    ]
    return [phrases.unsure_of(unsure)] if unsure else []


def _of_period(answer: Answer) -> Card:
    """All dates that fall into a time, in their order."""
    title = phrases.falls_into(answer.period, answer.dates_of)
    lines = [
        f"{at}. {phrases.span(one.start, one.end)}　{one.title}"
        f"{f'（{one.for_whom}）' if one.for_whom else ''}（{cite_source(one.source)}）"
        for at, one in enumerate(answer.deadlines, start=1)
    ]
    return Card(
        kicker="",
        title=title,
        body="\n".join(lines),
        about=f"clause:{answer.passages[0].node.id}",
        alt="\n".join([title, *lines]),
    )


def _list(answer: Answer, corpus: Corpus, page: int) -> Card:
    """A list from the plans' structure: complete, in order, a screen at a time."""
    nodes = answer.shown
    start = min(page * LINES, max(len(nodes) - 1, 0))
    part = nodes[start : start + LINES]
    lines = _entries(part, start, answer, corpus)
    more = len(nodes) > start + LINES
    assert answer.plan is not None
    title = _list_title(answer, corpus)
    lead = _list_lead(answer, corpus) if page == 0 else []
    note = phrases.how_many(start + len(part), len(nodes))
    whose = {"unit": answer.unit.name} if answer.unit else {}
    further = _tap(phrases.MORE, do="more", page=str(page + 1), first=nodes[0].id, **whose)
    buttons = (further,) if more else ()
    return Card(
        kicker=answer.plan.short,
        title=title,
        body="\n".join([*lead, *lines]),
        note=note,
        buttons=buttons,
        about=f"clause:{part[0].id}",
        alt="\n".join([f"{title}（{answer.plan.short}）", *lead, *lines, note]),
    )


def _list_lead(answer: Answer, corpus: Corpus) -> list[str]:
    """That a section has no duties of its own; that an agency's own plan is not loaded."""
    unit = answer.unit
    if unit is None or answer.topic != "duties" or answer.plan is None:
        return []
    if unit.level is UnitLevel.SECTION:
        named = any(corpus.units.get(one) == unit for node in answer.shown for one in node.units)
        return [] if named else [phrases.only_shared(unit.name)]
    lacks = _lacks_plan(unit, corpus)
    return [phrases.no_own_plan(unit.name, answer.plan.short)] if lacks else []


def _lacks_plan(unit: Unit, corpus: Corpus) -> bool:
    """Whether an agency's own plan is not loaded."""
    return unit.level is not UnitLevel.SECTION and not precedence.own_plans(corpus, unit)


def _list_title(answer: Answer, corpus: Corpus) -> str:
    if answer.unit is not None:
        is_own = answer.plan is not None and not _lacks_plan(answer.unit, corpus)
        said = phrases.duties_of if is_own else phrases.bound_by
        return said(answer.unit.name)
    if answer.heading is not None and answer.topic in ("chapter", "path", "family"):
        return clipped(answer.heading.label + answer.heading.title.strip("：:"), 40)
    return phrases.TOPICS.get(answer.topic, "")


def _entries(nodes: Sequence[Node], start: int, answer: Answer, corpus: Corpus) -> list[str]:
    """Numbered entries; a duty list names the chapter wherever a new one begins."""
    lines: list[str] = []
    chapter = ""
    shared = _first_shared(answer, corpus)
    for number, node in enumerate(nodes, start=start + 1):
        if shared and number - 1 == shared:
            lines.append(phrases.SHARED_FROM_HERE)
            chapter = ""
        here = _chapter(node, corpus) if answer.topic == "duties" else ""
        if here != chapter:
            is_first = not lines and start > 0
            goes_on = is_first and _chapter(answer.shown[start - 1], corpus) == here
            chapter = here
            lines.append(f"〔{clipped(here, 24)}{phrases.GOES_ON if goes_on else ''}〕")
        words = (node.title or node.text) if node.kind is NodeKind.HEADING else node.words
        entry = clipped(words.replace("\n", " "), ENTRY if len(nodes) > 3 else 400)
        counted = "" if node.kind is NodeKind.NOTE else f"{number}. "
        lines.append(f"{counted}{entry}{_with(node, answer, corpus)}")
    return lines


def _first_shared(answer: Answer, corpus: Corpus) -> int:
    """Where in a section's duties those begin that it shares with others; 0 for nowhere."""
    unit = answer.unit
    if unit is None or answer.topic != "duties" or unit.level is not UnitLevel.SECTION:
        return 0
    alone = (is_alone(corpus, node, unit) for node in answer.shown)
    return next((at for at, is_its in enumerate(alone) if not is_its), 0)


def _with(node: Node, answer: Answer, corpus: Corpus) -> str:
    """In a list of one unit's duties where an entry stands and who else is responsible."""
    if answer.unit is None or answer.topic != "duties":
        return ""
    others = [one for one in node.units if corpus.units.get(one) != answer.unit]
    return f"（{phrases.path_of(node.path)}{'；' + '、'.join(others) if others else ''}）"


def _chapter(node: Node, corpus: Corpus) -> str:
    above = corpus.nodes.get(f"{node.plan_id}:{'.'.join(node.segments[:2])}")
    return above.label + above.title if above else ""
