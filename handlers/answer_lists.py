"""Lists as a card: duties, chapters, the dates of a time, several clauses, and units of each."""

from __future__ import annotations

from collections.abc import Sequence

from bot import phrases
from bot.messages import Card, Tone
from bot.plans import precedence
from bot.plans.corpus import Corpus
from bot.plans.model import Node, NodeKind, Unit, UnitLevel
from bot.search.refusal import Band
from bot.search.result import PARTS, Answer, Passage
from bot.search.structure import is_alone
from handlers.answer_forms import form_button
from handlers.citing import (
    ENTRY,
    LINES,
    caution,
    cite,
    cite_source,
    clipped,
    lacks_units,
    marks,
    not_stated,
    open_buttons,
    tap,
    units_after,
    units_of,
    whose_it_is,
)


def list_card(answer: Answer, corpus: Corpus, page: int) -> Card:
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
    further = tap(phrases.MORE, do="more", page=str(page + 1), first=nodes[0].id, **whose)
    buttons = (further,) if more else ()
    return Card(
        kicker=answer.plan.short,
        title=title,
        body="\n".join([*lead, *lines]),
        note=note,
        buttons=buttons,
        quick=form_button(answer, nodes[0], corpus),
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
        title = phrases.on_subject(said(answer.unit.name), answer.on)
        return title if answer.topic != "duties" else _counted(title, answer, corpus)
    if answer.heading is not None and answer.topic in ("chapter", "path", "family", PARTS):
        return clipped(answer.heading.label + answer.heading.title.strip("：:"), 40)
    return phrases.TOPICS.get(answer.topic, "")


def _counted(title: str, answer: Answer, corpus: Corpus) -> str:
    """The title of a unit's duties with how many there are."""
    alone = _first_shared(answer, corpus)
    return phrases.counted(title, alone, len(answer.shown) - alone)


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
        if answer.topic == PARTS and node.title:
            words = node.label + node.title.strip("：:")
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


def period_card(answer: Answer) -> Card:
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


def several_card(answer: Answer, corpus: Corpus) -> Card:
    """The clauses that answer a question for several things, best first."""
    near = answer.band is Band.NEAR
    lines = [
        f"{number}. {_entry(one)}{whose_it_is(one, answer, corpus)}"
        for number, one in enumerate(answer.passages, start=1)
    ]
    lines += [*not_stated(answer), *_unsure_of(answer.passages)]
    body = "\n".join([phrases.NEARLY_SAID, *lines] if near else lines)
    plans = dict.fromkeys(one.plan.short for one in answer.passages)
    return Card(
        kicker="、".join(plans) if len(plans) == 1 else "",
        title="計畫裡相關的條文",
        body=body,
        quick=marks(answer),
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


def units_card(answer: Answer, corpus: Corpus) -> Card:
    """The responsible units of the entries of a list."""
    passages = [
        Passage(node=node, plan=corpus.plan_of(node), score=1.0) for node in answer.shown[:LINES]
    ]
    units = [phrases.UNCLEAR if lacks_units(one) else units_of(one) for one in passages]
    lines = [
        f"{number}. {clipped(one.node.words.replace(chr(10), ' ').rstrip('。'), 30)}：{named}"
        for number, (one, named) in enumerate(zip(passages, units, strict=True), start=1)
    ]
    lines += caution(*passages)
    return Card(
        kicker=passages[0].plan.short,
        title=phrases.WHO_OF_EACH,
        body="\n".join(lines),
        about=f"clause:{passages[0].node.id}",
        alt="\n".join([phrases.WHO_OF_EACH, *lines]),
    )


def _entry(one: Passage) -> str:
    """A clause in a line, with where it stands and who is responsible."""
    return f"{one.node.words.replace(chr(10), ' ')}（{cite(one)}{units_after(one)}）"


def around(before: Passage | None, after: Passage | None) -> Card:
    """The clauses before and after one, named as such; at least one of them is given."""
    named = ((phrases.BEFORE_IT, before), (phrases.AFTER_IT, after))
    found = [(name, one) for name, one in named if one is not None]
    lines = [f"{name}：{_entry(one)}" for name, one in found]
    lines += caution(*(one for _, one in found))
    first = found[0][1]
    return Card(
        kicker=first.plan.short,
        title=phrases.AROUND,
        body="\n".join(lines),
        buttons=open_buttons([one for _, one in found]),
        about=f"clause:{first.node.id}",
        alt="\n".join([phrases.AROUND, *lines]),
    )
