"""The one place that turns an answer into a message.

A card for a clause, a list in one card with a button for what follows, two clauses side by side
for a comparison, and for what the plans do not say a sentence with the nearest clauses to tap.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from bot import phrases
from bot.messages import Button, Card, Does, Reply, Tone, say
from bot.plans import precedence
from bot.plans.corpus import Corpus
from bot.plans.deadlines import Source
from bot.plans.model import Node, NodeKind, PlanKind
from bot.search.answer import Answer, Kind, Passage
from bot.search.refusal import Band

LINES = 8
"""Entries of a list that are shown at once: about one screen of a phone."""

ENTRY, QUOTED, COPIED = 90, 120, 950
"""Characters of an entry in a list, of another plan's clause, and of a citation to copy."""


def as_reply(answer: Answer, corpus: Corpus, *, page: int = 0) -> Reply:
    """What the bot says.

    Args:
        page: of a list, from 0.
    """
    if answer.kind is Kind.SMALLTALK:
        return say(_SMALLTALK[answer.topic])
    if answer.kind is Kind.UNKNOWN:
        return Reply(messages=(_unknown(answer),))
    if answer.faq:
        return Reply(messages=(_faq(answer),))
    if answer.topic == "why":
        return Reply(messages=(_why(answer.passages[0]),))
    if answer.kind is Kind.COMPARE:
        return Reply(messages=(_comparison(answer),))
    if answer.shown and answer.topic not in ("node", "who", "path", "others"):
        return Reply(messages=(_list(answer, corpus, page),))
    if answer.topic == "path" and len(answer.shown) > 1:
        return Reply(messages=(_list(answer, corpus, page),))
    if answer.kind is Kind.LIST and len(answer.passages) > 1:
        return Reply(messages=(_several(answer),))
    return Reply(messages=(clause_card(answer, corpus),))


_SMALLTALK = {
    "greeting": phrases.GREETING,
    "thanks": phrases.THANKS,
    "empty": phrases.NOTHING_ASKED,
    "insult": phrases.INSULTED,
    "too_long": phrases.TOO_LONG,
}


def clause_card(answer: Answer, corpus: Corpus) -> Card:
    """A clause word for word, with where it stands, who is responsible, and what differs."""
    first = answer.passages[0]
    cited = cite(first)
    near = answer.band is Band.NEAR
    notes = [
        *_another_units(answer, corpus),
        *_second(answer),
        *_differences(answer),
        *_newer(first, corpus),
    ]
    rows = (*_rows(first, corpus), *_dates(answer))
    return Card(
        kicker=cited,
        title=title_of(first.node),
        body=(f"{phrases.NEARLY_SAID}\n" if near else "") + first.text,
        rows=rows,
        note="\n".join(notes),
        buttons=_buttons(answer),
        quick=_marks(answer),
        tone=Tone.CARE if near else Tone.NORMAL,
        about=f"clause:{first.node.id}",
        alt=_plain(first, rows, notes, near=near),
    )


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
    return clipped(nearest.split("，")[0], 24) or node.path


def units_of(passage: Passage) -> str:
    """The responsible units as printed; says so where the source lost them, and never guesses."""
    node = passage.node
    if node.units:
        return "、".join(node.units) + (phrases.UNSURE if node.units_unsure else "")
    if passage.plan.kind is PlanKind.IMPLEMENTATION or node.segments[0] != "4":
        return phrases.NO_UNIT_COLUMN
    return phrases.UNITS_LOST


def clipped(words: str, length: int) -> str:
    """The words, or their beginning with 「…」."""
    return words if len(words) <= length else words[: length - 1].rstrip("，、；") + "…"


def data(**fields: str | int) -> str:
    """A postback's data as a query string."""
    return urlencode(fields)


def _plain(
    first: Passage, rows: Sequence[tuple[str, str]], notes: Sequence[str], *, near: bool
) -> str:
    lines = [phrases.NEARLY_SAID] if near else []
    lines.append(first.text)
    lines += [f"{name}：{value}" for name, value in rows]
    lines.append(f"出處：{cite(first)}")
    return "\n".join([*lines, *notes])


def _another_units(answer: Answer, corpus: Corpus) -> list[str]:
    """That a work plan was found which does not bind who asks."""
    plan = answer.passages[0].plan
    if plan.kind is not PlanKind.WORK or answer.asker is None:
        return []
    bound = precedence.plans_for(corpus, answer.asker)
    return [] if plan in bound else [phrases.of_another_unit(plan.owner)]


def _rows(passage: Passage, corpus: Corpus) -> tuple[tuple[str, str], ...]:
    """The responsible unit; of a form's line the form."""
    if passage.node.kind is NodeKind.FORM:
        form = corpus.nodes[f"{passage.plan.id}:{passage.node.segments[0]}"]
        return ((phrases.FORM, form.title),)
    return ((phrases.RESPONSIBLE, units_of(passage)),)


def _dates(answer: Answer) -> list[tuple[str, str]]:
    """The asker's own dates in the running cycle."""
    return [
        (phrases.cycle(one.year), f"{phrases.span(one.start, one.end)} {one.title}")
        for one in answer.deadlines[:2]
    ]


def _second(answer: Answer) -> list[str]:
    if answer.second is None:
        return []
    words = clipped(answer.second.text.replace("\n", " "), QUOTED)
    return [phrases.perhaps(cite(answer.second), words, units_of(answer.second))]


def _differences(answer: Answer) -> list[str]:
    notes = []
    for other in answer.differs:
        words = clipped(other.text.replace("\n", " "), QUOTED)
        older = other.plan.id == answer.passages[0].plan.supersedes
        say_it = phrases.older_edition if older else phrases.same_subject_elsewhere
        notes.append(say_it(cite(other), words))
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
    unit = first.node.units[0] if first.node.units else ""
    if unit and not unit.startswith("各"):
        buttons.append(_tap(phrases.unit_duties_button(unit), do="duties", unit=unit))
    return tuple(buttons)


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
    path = passage.node.path or clipped(passage.node.words, 12)
    label = f"{passage.plan.year}年 {path}" if of_several else path
    return Button(
        label=label if len(label) <= 20 else "…" + label[-19:],
        does=Does.POSTBACK,
        value=data(do="clause", id=passage.node.id),
        says=clipped(cite(passage), 60),
    )


def _unknown(answer: Answer) -> Card:
    nearest = answer.nearest
    units = list(dict.fromkeys(unit for one in nearest for unit in one.node.units))[:3]
    lines = [f"・{cite(one)}：{clipped(one.text.replace(chr(10), ' '), ENTRY)}" for one in nearest]
    said = phrases.not_stated(answer.unstated)
    note = phrases.may_ask(units) if nearest and units else ""
    return Card(
        title=said,
        body="\n".join([phrases.NEAREST, *lines]) if nearest else "",
        note=note,
        buttons=tuple(_open(one) for one in nearest),
        tone=Tone.CARE,
        alt="\n".join(part for part in (said, phrases.NEAREST if nearest else "", *lines, note) if part),
    )  # fmt: skip


def _faq(answer: Answer) -> Card:
    cited = [f"・{cite(one)}：{one.text}" for one in answer.passages]
    return Card(
        kicker="管理者整理的常見問答",
        title=clipped(answer.question, 40),
        body="\n".join([answer.faq, *cited]),
        buttons=tuple(_open(one) for one in answer.passages[:3]),
    )


def _why(passage: Passage) -> Card:
    trail = [words.strip("：: ") for words in passage.node.trail]
    return Card(
        kicker=cite(passage),
        title=phrases.NOT_WHY,
        body="\n".join(trail),
        about=f"clause:{passage.node.id}",
    )


def _comparison(answer: Answer) -> Card:
    """The best clause of each plan, one below the other."""
    seen: set[str] = set()
    parts = []
    chosen = []
    for one in answer.passages:
        if one.plan.id not in seen:
            seen.add(one.plan.id)
            chosen.append(one)
            parts.append(f"【{cite(one)}】\n{one.text}\n{phrases.RESPONSIBLE}：{units_of(one)}")
    return Card(
        kicker="　".join(one.plan.short for one in chosen),
        title="兩份計畫這樣寫",
        body="\n\n".join(parts),
        buttons=tuple(_open(one, of_several=True) for one in chosen[:3]),
        quick=_marks(answer),
        about=f"clause:{chosen[0].node.id}",
        alt="\n\n".join(parts),
    )


def _several(answer: Answer) -> Card:
    """The clauses that answer a question for several things, best first."""
    near = answer.band is Band.NEAR
    lines = [
        f"{number}. {one.node.words.replace(chr(10), ' ')}（{cite(one)}；{units_of(one)}）"
        for number, one in enumerate(answer.passages, start=1)
    ]
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


def _list(answer: Answer, corpus: Corpus, page: int) -> Card:
    """A list from the plans' structure: complete, in order, a screen at a time."""
    nodes = answer.shown
    start = min(page * LINES, max(len(nodes) - 1, 0))
    part = nodes[start : start + LINES]
    lines = _entries(part, start, answer, corpus)
    more = len(nodes) > start + LINES
    assert answer.plan is not None
    title = _list_title(answer)
    note = phrases.how_many(start + len(part), len(nodes))
    buttons = (_tap(phrases.MORE, do="more", page=str(page + 1)),) if more else ()
    return Card(
        kicker=answer.plan.short,
        title=title,
        body="\n".join(lines),
        note=note,
        buttons=buttons,
        about=f"clause:{part[0].id}",
        alt="\n".join([f"{title}（{answer.plan.short}）", *lines, note]),
    )


def _list_title(answer: Answer) -> str:
    if answer.unit is not None:
        return phrases.duties_of(answer.unit.name)
    if answer.heading is not None and answer.topic in ("chapter", "path", "family"):
        return clipped(answer.heading.label + answer.heading.title.strip("：:"), 40)
    return phrases.TOPICS.get(answer.topic, "")


def _entries(nodes: Sequence[Node], start: int, answer: Answer, corpus: Corpus) -> list[str]:
    """Numbered entries; a duty list names the chapter wherever a new one begins."""
    lines: list[str] = []
    chapter = ""
    for number, node in enumerate(nodes, start=start + 1):
        here = _chapter(node, corpus) if answer.topic == "duties" else ""
        if here != chapter:
            chapter = here
            lines.append(f"〔{clipped(here, 24)}〕")
        words = (node.title or node.text) if node.kind is NodeKind.HEADING else node.words
        entry = clipped(words.replace("\n", " "), ENTRY if len(nodes) > 3 else 400)
        label = f"{node.path} " if answer.topic == "duties" else ""
        lines.append(f"{number}. {label}{entry}{_with(node, answer)}")
    return lines


def _with(node: Node, answer: Answer) -> str:
    """Who else is responsible, in a list of one unit's duties."""
    if answer.unit is None:
        return ""
    others = [unit for unit in node.units if unit != answer.unit.name]
    return f"（{'、'.join(others)}）" if others else ""


def _chapter(node: Node, corpus: Corpus) -> str:
    above = corpus.nodes.get(f"{node.plan_id}:{'.'.join(node.segments[:2])}")
    return above.label + above.title if above else ""
