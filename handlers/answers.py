"""The one place that turns an answer into a message.

A card for a clause, a list in one card with a button for what follows, two clauses side by side
for a comparison, and for what the plans do not say a sentence with the nearest clauses to tap.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot import phrases
from bot.messages import Button, Card, Does, Reply, Tone, say
from bot.plans import precedence
from bot.plans.corpus import Corpus
from bot.plans.deadlines import Deadline, Duty
from bot.plans.model import NodeKind, UnitLevel
from bot.search.refusal import Band
from bot.search.result import (
    APPLIES,
    EDITIONS,
    ERRAND,
    HANDED,
    HAS_OURS,
    HERE,
    IN_CHARGE,
    LATE,
    NEITHER,
    NONE_IS,
    OFF_TOPIC,
    ONE_EDITION,
    PERIOD,
    PLANS_HERE,
    REMARK,
    SECTIONS,
    SILENT,
    SOME,
    SPARES,
    THEIRS,
    TOLD,
    TWICE,
    Answer,
    Kind,
    Passage,
)
from bot.search.structure import covers
from handlers.answer_forms import for_whom, form_button
from handlers.answer_leads import lead_of
from handlers.answer_lists import list_card, period_card, several_card, units_card
from handlers.answer_notes import notes_of, second_of, whose_plan
from handlers.citing import (
    ENTRY,
    cite,
    cite_both,
    clipped,
    lacks_units,
    marks,
    open_button,
    open_buttons,
    tap,
    title_of,
    units_of,
)
from handlers.comparisons import (
    both_years_card,
    changes_card,
    comparison_card,
    one_edition,
    plans_here,
    sections_card,
)

WHOLE, COPIED = 250, 950
"""Characters of a clause that is shown once more, and of a citation to copy."""

LONG, REPEATED = 120, 60
"""Characters from which on a clause is tiring to read twice, and of what is repeated of it."""


def as_reply(answer: Answer, corpus: Corpus, *, page: int = 0, again: bool = False) -> Reply:
    """What the bot says.

    Args:
        page: of a list, from 0.
        again: the clause has just been shown.
    """
    if answer.kind is Kind.SMALLTALK:
        return say(_SMALLTALK[answer.topic])
    if answer.topic == LATE:
        return say(_late(answer))
    if answer.topic == HANDED:
        return say(_handed(answer))
    if answer.topic == PLANS_HERE and answer.plan is not None:
        return say(plans_here(answer.plan, corpus))
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
        return Reply(messages=(sections_card(answer, corpus),))
    if answer.topic == ONE_EDITION and answer.plan is not None:
        return say(one_edition(answer.plan, corpus))
    if answer.topic == EDITIONS:
        return Reply(messages=(changes_card(answer, corpus, page),))
    if answer.topic == IN_CHARGE:
        return Reply(messages=(both_years_card(answer, corpus),))
    if answer.topic == PERIOD:
        return Reply(messages=(period_card(answer),))
    if answer.on_subject:
        return Reply(messages=(_lacking(answer, corpus),))
    if answer.kind is Kind.UNKNOWN:
        return Reply(messages=(_unknown(answer, corpus),))
    if answer.parts:
        return Reply(messages=tuple(list_card(part, corpus, page) for part in answer.parts))
    if answer.topic == "who" and len(answer.shown) > 1:
        return Reply(messages=(units_card(answer, corpus),))
    if answer.faq:
        return Reply(messages=(_faq(answer),))
    if answer.topic == "why":
        return Reply(messages=(_why(answer.passages[0]),))
    if answer.kind is Kind.COMPARE:
        return Reply(messages=(comparison_card(answer),))
    if answer.shown and answer.topic not in _NO_LISTS:
        return Reply(messages=(list_card(answer, corpus, page),))
    if answer.topic == "path" and len(answer.shown) > 1:
        return Reply(messages=(list_card(answer, corpus, page),))
    if answer.kind is Kind.LIST and len(answer.passages) > 1:
        return Reply(messages=(several_card(answer, corpus),))
    return Reply(messages=(clause_card(answer, corpus, again=again),))


_NOT_THERE = {
    "node": phrases.NO_SUCH_ENTRY,
    "others": phrases.NO_MORE,
    NEITHER: phrases.NEITHER_SAYS,
    NONE_IS: phrases.NONE_OF_THESE,
}
_NO_LISTS = frozenset(
    {
        "node", "older", "who", "whose", "path", "others", "when", "undated", "said",
        APPLIES, HAS_OURS, HERE, SOME, SPARES, THEIRS, TOLD, TWICE,
    }
)  # fmt: skip

_SMALLTALK = {
    **phrases.SMALL_TALK,
    REMARK: phrases.SMALL_TALK["okay"],
    "lost": phrases.LOST,
    "lost_compare": phrases.LOST_COMPARE,
    "empty": phrases.NOTHING_ASKED,
    "too_long": phrases.TOO_LONG,
}


def clause_card(answer: Answer, corpus: Corpus, *, again: bool = False) -> Card:
    """A clause word for word, with where it stands, who is responsible, and what differs.

    Args:
        again: it has just been shown; where it is long and the lead tells what was asked, its
            beginning is enough.
    """
    first = answer.passages[0]
    twin = answer.second if answer.topic == TWICE else None
    cited = cite(first) if twin is None else cite_both(first, twin)
    said = [_said(one) for one in (first, twin) if one is not None]
    is_repeated = again and (answer.topic == "who" or (answer.topic == HERE and answer.says != ""))
    is_short = is_repeated and len(said[0]) > LONG
    said = [clipped(said[0], REPEATED)] if is_short else said
    near = answer.band is not Band.SAID
    hint = near and is_about_telephoning(answer)
    notes = [
        *notes_of(answer, corpus, again=is_repeated),
        *([phrases.COURTESY_HINT] if hint else []),
    ]
    lead = lead_of(answer, corpus)
    rows = (*_rows(answer, corpus), *_dates(answer))
    return Card(
        kicker=cited,
        title=title_of(first.node),
        body="\n".join([*lead, *said]),
        rows=rows,
        note="\n".join(notes),
        buttons=(*([_whole(first)] if is_short else []), *_buttons(answer)),
        quick=(
            *([_courtesy()] if hint else []),
            *form_button(answer, first.node, corpus),
            *marks(answer),
        ),
        tone=Tone.CARE if near else Tone.NORMAL,
        about=f"clause:{first.node.id}",
        alt=_plain(cited, rows, notes, [*lead, *said]),
    )


def _said(passage: Passage) -> str:
    """The clause with its number; of a table's row without, for the citation names the row."""
    return passage.node.words if passage.node.label.isdecimal() else passage.text


def _whole(passage: Passage) -> Button:
    """A button that shows all of a clause of which only the beginning was shown."""
    return tap(phrases.WHOLE, do="clause", id=passage.node.id)


def is_about_telephoning(answer: Answer) -> bool:
    """Whether a question is about how the telephone is answered, which the courtesy card tells."""
    return _TELEPHONING.search(answer.question) is not None


_TELEPHONING = re.compile(
    "幾聲|[響响].{0,3}[聲声下]|接起|接聽|接听|(?:接|講|回|打來的?)(?:電話|电话)|(?:電話|电话).{0,6}(?:接|禮貌|礼貌|口氣|"
    "態度|開頭|用語|怎麼[說講回])|[轉转]接|報.{0,3}姓|開頭要說|第一句"
)


def _courtesy() -> Button:
    return tap(phrases.COURTESY_CARD, do="courtesy")


def _plain(
    cited: str, rows: Sequence[tuple[str, str]], notes: Sequence[str], said: Sequence[str]
) -> str:
    told = [f"{name}：{value}" for name, value in rows]
    return "\n".join([*said, *told, f"出處：{cited}", *notes])


def _rows(answer: Answer, corpus: Corpus) -> tuple[tuple[str, str], ...]:
    """The responsible unit; of a form's line the form.

    That a plan names no units is said only to who asks for them.
    """
    passage = answer.passages[0]
    if passage.node.kind is NodeKind.FORM:
        form = corpus.nodes[f"{passage.plan.id}:{passage.node.segments[0]}"]
        return ((phrases.FORM, form.title), *for_whom(passage.node, passage.plan, corpus))
    if named := for_whom(passage.node, passage.plan, corpus):
        return tuple(named)
    is_told = answer.topic in ("who", "whose", APPLIES, THEIRS) or answer.actor is not None
    is_asked = answer.kind is Kind.UNIT or lacks_units(passage)
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


def _buttons(answer: Answer) -> tuple[Button, ...]:
    first = answer.passages[0]
    buttons = [tap(phrases.AROUND, do="near", id=first.node.id)]
    if len(answer.passages) > 1:
        buttons.append(tap(phrases.OTHERS, do="others"))
    copied = clipped(f"{first.text}\n（{cite(first)}）", COPIED)
    buttons.append(Button(label=phrases.COPY, does=Does.COPY, value=copied))
    if answer.deadlines and _are_own_dates(answer):
        buttons.append(tap(phrases.REMIND, do="remind", id=answer.deadlines[0].id))
    asked = answer.turned_to
    section = asked.name if asked and asked.level is UnitLevel.SECTION else ""
    own = answer.asker.name if answer.asker and answer.asker.name in first.node.units else ""
    unit = section or own or (first.node.units[0] if first.node.units else "")
    if unit and not unit.startswith("各"):
        buttons.append(tap(phrases.unit_duties_button(unit), do="duties", unit=unit))
    return tuple(buttons)


def _are_own_dates(answer: Answer) -> bool:
    """Whether the dates are those of who asks or of its agency, not another's or the city's."""
    asker = answer.asker
    return asker is not None and (asker.level is UnitLevel.SECTION or not answer.dates_of)


def _ours(answer: Answer, corpus: Corpus) -> list[str]:
    """Whom who asks could ask: units of its own agency, and of none that only resembles it.

    Nobody where it is itself the one who knows.
    """
    if answer.asker is None:
        return []
    bound = precedence.plans_for(corpus, answer.asker)
    near = [one.node for one in answer.nearest if one.plan in bound]
    if near and any(covers(corpus, unit, answer.asker) for unit in near[0].units):
        return []
    units = dict.fromkeys(unit for node in near for unit in node.units)
    others = (unit for unit in units if not covers(corpus, unit, answer.asker))
    return [unit for unit in others if unit not in corpus.units.groups][:3]


def _lacking(answer: Answer, corpus: Corpus) -> Card:
    """The clause on the subject, and a second one, below what they do not state."""
    second = answer.nearest[1] if len(answer.nearest) > 1 else None
    shown = replace(answer, kind=Kind.CLAUSE, passages=answer.nearest[:1], second=second)
    return clause_card(shown, corpus)


def _unknown(answer: Answer, corpus: Corpus) -> Card:
    nearest = answer.nearest
    units = _ours(answer, corpus)
    length = ENTRY if len(nearest) > 1 else WHOLE
    lines = [
        f"・{cite(one)}：{clipped(one.node.words.replace(chr(10), ' '), length)}" for one in nearest
    ]
    said = phrases.not_stated(answer.unstated)
    hint = is_about_telephoning(answer)
    note = phrases.COURTESY_HINT if hint else phrases.may_ask(units) if nearest and units else ""
    lines = [phrases.nearest(len(nearest)), *lines] if nearest else []
    return Card(
        title=said,
        body="\n".join(lines),
        note=note,
        buttons=open_buttons(nearest),
        quick=(_courtesy(),) if hint else (),
        tone=Tone.CARE,
        alt="\n".join(part for part in (said, *lines, note) if part),
    )


def _faq(answer: Answer) -> Card:
    cited = [f"・{cite(one)}：{one.node.words}" for one in answer.passages]
    return Card(
        kicker="管理者整理的常見問答",
        title=clipped(answer.question, 40),
        body="\n".join([answer.faq, *cited]),
        buttons=open_buttons(answer.passages[:3]),
    )


def _why(passage: Passage) -> Card:
    trail = [words.strip("：: ") for words in passage.node.trail[1:]]
    return Card(
        kicker=cite(passage),
        title=phrases.NOT_WHY if trail else phrases.NOT_WHY_ELSE,
        body="\n".join(trail or [passage.text]),
        about=f"clause:{passage.node.id}",
    )


def _late(answer: Answer) -> str:
    """That the plans do not say, the deadline that was talked about, and who may move it."""
    dates = [phrases.deadline_was(one.title, one.end) for one in answer.deadlines[:1]]
    hint = [] if dates else [phrases.SEE_DEADLINES]
    return "\n".join([phrases.NOT_SAID_LATE, *dates, phrases.CAN_BE_MOVED, *hint])


def _handed(answer: Answer) -> str:
    """That the plans cannot tell, the deadline that was talked about, and what can."""
    dates = [phrases.deadline_was(one.title, one.end) for one in answer.deadlines[:1]]
    return "\n".join([phrases.NOT_SAID_HANDED, *dates, phrases.SEE_PROGRESS])


def _silent(answer: Answer, corpus: Corpus) -> Card:
    """That the clause which was shown does not state a detail, and the clause in short."""
    first = answer.passages[0]
    said = phrases.clause_is_silent(answer.unstated, answer.unmentioned, answer.vaguely)
    words = clipped(first.node.words.replace("\n", " "), WHOLE)
    notes = [*whose_plan(answer, corpus), *second_of(answer, corpus)]
    shown = [first, *([answer.second] if answer.second else [])]
    return Card(
        kicker=cite(first),
        title=said,
        body=words,
        buttons=open_buttons(shown) if len(shown) > 1 else (open_button(first),),
        tone=Tone.CARE,
        note="\n".join(notes),
        about=f"clause:{first.node.id}",
        alt="\n".join([said, words, f"出處：{cite(first)}", *notes]),
    )
