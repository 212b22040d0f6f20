"""Comparisons as a card: clauses of two plans, a section of both, and editions of one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot import phrases
from bot.messages import Card
from bot.plans import precedence, roc
from bot.plans.corpus import Corpus
from bot.plans.model import Node, Plan, Unit
from bot.search.editions import Change, Difference, other_units, same_units, same_words
from bot.search.result import TWO, Answer, Passage
from bot.search.structure import covers
from handlers.citing import ENTRY, LINES, caution, cite, clipped, marks, open_buttons, tap, units_of


def comparison_card(answer: Answer) -> Card:
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


def sections_card(answer: Answer, corpus: Corpus) -> Card:
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
        buttons=open_buttons(chosen[:3], of_several=True),
        quick=marks(answer),
        about=f"clause:{chosen[0].node.id}",
        alt="\n".join(lines),
    )


def one_edition(plan: Plan, corpus: Corpus) -> str:
    """Of which years an owner's plan is here, so that nothing can be compared."""
    owner = corpus.units.get(plan.owner)
    own = precedence.own_plans(corpus, owner) if owner else ()
    return phrases.only_these_years(plan.owner, [one.year for one in own])


def plans_here(plan: Plan, corpus: Corpus) -> str:
    """Which editions of an owner's plan are here."""
    owner = corpus.units.get(plan.owner)
    own = precedence.own_plans(corpus, owner) if owner else ()
    return phrases.plans_here(plan.owner, [one.year for one in own or (plan,)])


def changes_card(answer: Answer, corpus: Corpus, page: int) -> Card:
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
    further = tap(phrases.MORE, do="more", page=str(page + 1), first=first)
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


def both_years_card(answer: Answer, corpus: Corpus) -> Card:
    """Whether the same units are responsible for a clause in two years."""
    new, old = answer.passages[:2]
    lost = next((one.plan.year for one in (old, new) if not one.node.units), None)
    if lost is not None:
        said = phrases.units_unknown_in(lost)
    elif answer.unit is not None:
        said = _then_and_now(answer.question, answer.unit, new, old, corpus)
    else:
        said = _changed_hands(answer, new, old)
    units = [
        f"{phrases.responsible_in(f'{one.plan.year}年')}：{units_of(one)}" for one in (new, old)
    ]
    places = "、".join(cite(one) for one in (new, old))
    words = _of_the_year_asked(answer, new, old)
    lines = [said, words, *units, f"出處：{places}", *caution(new, old)]
    return _compared(answer, (new, old), phrases.IN_BOTH_YEARS, lines)


def _of_the_year_asked(answer: Answer, new: Passage, old: Passage) -> str:
    """The clause's words; where both years differ those of the year that is asked about."""
    if same_words(new.node, old.node):
        return new.node.words
    is_of_unit = answer.unit is not None and _DROPPED.search(answer.question) is None
    years = roc.years_in(answer.question)
    is_old = years == (old.plan.year,) or (is_of_unit and years != (new.plan.year,))
    asked = old if is_old else new
    return f"{phrases.wording_of(asked.plan.year)}{asked.node.words}"


def _then_and_now(question: str, unit: Unit, new: Passage, old: Passage, corpus: Corpus) -> str:
    """Whether a unit was dropped; otherwise whether it was the other year's as well."""
    had, has = (_listed_as(unit, one, corpus) for one in (old, new))
    if _DROPPED.search(question):
        return phrases.was_dropped(
            had or has or unit.name, old.plan.year, new.plan.year, had=bool(had), has=bool(has)
        )
    asked, other, is_its, also = old, new, had, has
    if roc.years_in(question) == (new.plan.year,):
        asked, other, is_its, also = new, old, has, had
    return phrases.was_its_too(
        is_its, asked.plan.year, asked.node.units, other=other.plan.year, also=bool(also)
    )


def _listed_as(unit: Unit, passage: Passage, corpus: Corpus) -> str:
    """The printed name that makes a unit responsible: its own, else a group's; nothing where none does."""
    names = passage.node.units
    own = (name for name in names if corpus.units.get(name) == unit)
    group = (name for name in names if covers(corpus, name, unit))
    return next(own, "") or next(group, "")


def _changed_hands(answer: Answer, new: Passage, old: Passage) -> str:
    """In a sentence whether a clause was given to other units."""
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


_DROPPED = re.compile("拿掉|拔掉|[刪删]|移除|取消|少了|不[見见]|[還还]在|[沒没]有?了")
_SAME_HANDS = re.compile("也是|一[樣样]|同一?[個个]|[還还]是|同[科單单室]")
_OTHER_HANDS = re.compile("[換换]|改|[變变]|[調调]")
