"""回報 step by step: chapter, item, state, words, confirmation; a row keeps where one is.

Each tap carries its choice, so a card from before a restart still works; 取消 leaves at any step.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot import phrases, phrases_reports, reports
from bot.messages import Button, Card, Incoming, Reply, say
from bot.plans.deadlines import running_cycles
from bot.plans.model import RocYear, Unit
from bot.plans.progress import Item, ProgressStatus, UnitProgress
from bot.store.progress import Content
from handlers import receipts, recording, report_lines, units
from handlers.citing import clipped
from handlers.context import Context
from handlers.report_replies import LIFETIME, PATIENCE, TOPIC, told

STEPS = frozenset(
    {"begin", "go_on", "chapters", "chapter", "item", "state", "skip", "send", "leave"}
)
"""What the buttons of the form do."""

_LISTED = 9  # buttons for items on one card, beside «further» and «back»


def begin(unit: Unit, message: Incoming, ctx: Context) -> Reply:
    """The first card: go on with what was left half filled in, or the chapters."""
    state = ctx.recall(message, topic=TOPIC)
    if state and state.get("unit") == unit.name and (state.get("item") or state.get("lines")):
        return _resume(state, ctx)
    return _chapters(unit, recording.cycle(ctx), message, ctx)


def tapped(message: Incoming, ctx: Context) -> Reply:
    """A step's button."""
    step = message.data["step"]
    if step == "leave":
        ctx.forget(message, topic=TOPIC)
        return say(phrases_reports.CANCELLED)
    unit = _unit(message, ctx)
    if isinstance(unit, Reply):
        return unit
    state = ctx.recall(message, topic=TOPIC) or {}
    year = RocYear(int(message.data.get("year") or state.get("year") or recording.cycle(ctx)))
    if step == "chapter":
        return _items(unit, year, message, ctx)
    if step == "item":
        return _states(unit, year, message, ctx)
    if step == "state":
        return _words(unit, year, message, ctx)
    if year not in running_cycles(ctx.today):
        return say(phrases_reports.past_cycle(year, running_cycles(ctx.today)[-1]))
    if step == "go_on" and state.get("awaits") == "note":
        return _ask_words(state, unit, message, ctx)
    if step == "go_on" and state.get("lines"):
        lines = [found[0] for one in state["lines"] if (found := report_lines.read(one, ctx))]
        return told([], lines, unit, year, message, ctx)
    if step == "skip" and state.get("status"):
        state = {**state, "awaits": None, "until": (ctx.now + PATIENCE).isoformat()}
        ctx.remember(message, state, topic=TOPIC, lifetime=LIFETIME)
    if step in ("skip", "go_on"):
        return _confirm(state, unit, ctx) if state.get("status") else _again(unit, year, state, ctx)
    if step == "send":
        return send(state if state.get("unit") == unit.name else {}, message, ctx)
    if step == "begin":
        ctx.forget(message, topic=TOPIC)
    return _chapters(unit, year, message, ctx)


def noted(state: Mapping[str, Any], message: Incoming, ctx: Context) -> Reply:
    """What was done, in the words that the form has asked for; then everything once more."""
    unit = ctx.corpus.units.get(state["unit"])
    assert unit is not None
    found = report_lines.read(message.text, ctx)
    if fault := report_lines.fault(found, ctx):
        return say(fault)
    filled = {
        **state,
        "awaits": None,
        "until": (ctx.now + PATIENCE).isoformat(),
        "note": message.text.strip(),
        "message": message.message_id,
    }
    ctx.remember(message, filled, topic=TOPIC, lifetime=LIFETIME)
    return _confirm(filled, unit, ctx)


# the cards


def _chapters(unit: Unit, year: RocYear, message: Incoming, ctx: Context) -> Reply:
    found = _progress(unit, year, ctx)
    buttons = [
        _tap(
            phrases_reports.chapter_label(clipped(chapter, 13), sum(one.is_missing for one in of_it)),
            unit, year, step="chapter", chapter=number, then=_then(message),
        )
        for number, (chapter, of_it) in enumerate(found.chapters.items())
    ]  # fmt: skip
    return _card(phrases_reports.CHOOSE_CHAPTER, unit, year, buttons)


def _items(unit: Unit, year: RocYear, message: Incoming, ctx: Context) -> Reply:
    """The items of a chapter, those without a report first, as many as a card holds."""
    chapters = list(_progress(unit, year, ctx).chapters.items())
    number, start = int(message.data.get("chapter", "0")), int(message.data.get("after", "0"))
    if not 0 <= number < len(chapters):
        return say(phrases.NOT_LONGER_HERE)
    chapter, states = chapters[number]
    ordered = sorted(states, key=lambda one: not one.is_missing)
    shown = ordered[start : start + _LISTED]
    buttons = [
        _tap(receipts.label(one.item), unit, year, step=_then(message), id=one.item.id)
        for one in shown
    ]
    if start + _LISTED < len(ordered):
        here = {"chapter": str(number), "after": str(start + _LISTED), "then": _then(message)}
        buttons.append(_tap(phrases_reports.MORE_ITEMS, unit, year, step="chapter", **here))
    buttons.append(_tap(phrases_reports.BACK, unit, year, step="chapters", then=_then(message)))
    lines = [f"・{receipts.cite(one.item)} {one.item.title}（{one.status}）" for one in shown]
    return _card(phrases_reports.CHOOSE_ITEM, unit, year, buttons, body=chapter, lines=lines)


def _then(message: Incoming) -> str:
    """What tapping an item does: begin its form, or file the words that wait for their item."""
    return "place" if message.data.get("then") == "place" else "item"


def _states(unit: Unit, year: RocYear, message: Incoming, ctx: Context) -> Reply:
    """How far it is; the clause word for word above, so that one sees what one reports on."""
    item = recording.item_of(unit, year, message.data.get("id", ""), ctx)
    if item is None:
        return say(phrases_reports.not_an_item_of(unit.name))
    until = (ctx.now + PATIENCE).isoformat()
    state = {"unit": unit.name, "year": int(year), "item": item.id, "until": until}
    ctx.remember(message, state, topic=TOPIC, lifetime=LIFETIME)
    return _how_far(item, unit, year)


def _how_far(item: Item, unit: Unit, year: RocYear) -> Reply:
    buttons = [
        _tap(one.value, unit, year, step="state", status=one.value, id=item.id)
        for one in (ProgressStatus.DONE, ProgressStatus.UNDERWAY, ProgressStatus.BEHIND)
    ]
    buttons.append(_tap(phrases_reports.CANCEL, unit, year, step="leave"))
    body = f"{receipts.cite(item)}\n{clipped(item.text, 200)}"
    return _card(phrases_reports.HOW_FAR, unit, year, buttons, body=body)


def _words(unit: Unit, year: RocYear, message: Incoming, ctx: Context) -> Reply:
    """Ask what was done and how much of it."""
    item = recording.item_of(unit, year, message.data.get("id", ""), ctx)
    if item is None or message.data.get("status") not in list(ProgressStatus):
        return say(phrases.NOT_LONGER_HERE)
    status = message.data["status"]
    state = {"unit": unit.name, "year": int(year), "item": item.id, "status": status}
    return _ask_words(state, unit, message, ctx)


def _ask_words(state: Mapping[str, Any], unit: Unit, message: Incoming, ctx: Context) -> Reply:
    assert message.chat is not None
    year = RocYear(state["year"])
    item = recording.item_of(unit, year, state["item"], ctx)
    until = (ctx.now + PATIENCE).isoformat()
    waiting = {**state, "awaits": "note", "until": until}
    ctx.remember(message, waiting, topic=TOPIC, lifetime=LIFETIME)
    asked = phrases_reports.in_groups(phrases_reports.WHAT_WAS_DONE, shared=message.chat.is_shared)
    buttons = [
        _tap(phrases_reports.SKIP, unit, year, step="skip"),
        _tap(phrases_reports.CANCEL, unit, year, step="leave"),
    ]
    return _card(item.title if item else "", unit, year, buttons, body=asked)


def _confirm(state: Mapping[str, Any], unit: Unit, ctx: Context) -> Reply:
    """Everything once more before it is sent."""
    year = RocYear(state["year"])
    item = recording.item_of(unit, year, state.get("item", ""), ctx)
    if item is None:
        return say(phrases_reports.not_an_item_of(unit.name))
    content = _content(state, ctx)
    numbers = "、".join(f"{one.what}{one.plain}" for one in content.quantities)
    rows = (
        (phrases_reports.PATH, receipts.cite(item)),
        (phrases_reports.STATUS, phrases_reports.status_of(content.status, content.percent)),
        (phrases_reports.NUMBERS, numbers),
    )
    buttons = (
        _tap(phrases_reports.CONFIRM, unit, year, step="send"),
        _tap(phrases_reports.BACK, unit, year, step="item", id=item.id),
        _tap(phrases_reports.CANCEL, unit, year, step="leave"),
    )
    kept = tuple((name, value) for name, value in rows if value)
    plain = f"{phrases_reports.CHECK_IT}\n{item.title}\n{content.note}"
    card = Card(
        kicker=f"{unit.name} · {phrases.cycle(year)}",
        title=phrases_reports.CHECK_IT,
        body="\n".join(one for one in (item.title, content.note) if one),
        rows=kept,
        buttons=buttons,
        alt="\n".join([plain.rstrip(), *(f"{name}：{value}" for name, value in kept)]),
    )
    return Reply(messages=(card,))


def send(state: Mapping[str, Any], message: Incoming, ctx: Context) -> Reply:
    """Record what was confirmed, by a tap or a word; a second one finds the form gone."""
    unit = ctx.corpus.units.get(state.get("unit"))
    item = None
    if unit is not None and state.get("status"):
        item = recording.item_of(unit, RocYear(state["year"]), state["item"], ctx)
    if item is None or unit is None:
        return say(phrases.NOT_LONGER_HERE)
    ctx.forget(message, topic=TOPIC)
    year = RocYear(state["year"])
    sent = replace(message, message_id=state.get("message"))
    root = report_lines.store_content(_content(state, ctx), item, sent, ctx, unit=unit, year=year)
    return told([(root, item)], [], unit, year, sent, ctx)


def _resume(state: Mapping[str, Any], ctx: Context) -> Reply:
    unit = ctx.corpus.units.get(state["unit"])
    assert unit is not None
    year = RocYear(state["year"])
    buttons = (
        _tap(phrases_reports.GO_ON, unit, year, step="go_on"),
        _tap(phrases_reports.START_ANEW, unit, year, step="begin"),
    )
    item = recording.item_of(unit, year, state.get("item", ""), ctx)
    left = item.title if item else phrases_reports.asked_about(state["lines"][0])
    return _card(phrases_reports.STILL_THERE, unit, year, buttons, body=left)


def _again(unit: Unit, year: RocYear, state: Mapping[str, Any], ctx: Context) -> Reply:
    item = recording.item_of(unit, year, state.get("item", ""), ctx)
    return _how_far(item, unit, year) if item else say(phrases.NOT_LONGER_HERE)


def _card(
    title: str,
    unit: Unit,
    year: RocYear,
    buttons: Sequence[Button],
    *,
    body: str = "",
    lines: Sequence[str] = (),
) -> Reply:
    kicker = f"{unit.name} · {phrases.cycle(year)}"
    labels = lines or [f"・{one.label}" for one in buttons]
    alt = "\n".join(one for one in (title, kicker, body, *labels) if one)
    card = Card(kicker=kicker, title=title, body=body, buttons=tuple(buttons), alt=alt)
    return Reply(messages=(card,))


def _tap(label: str, unit: Unit, year: RocYear, **fields: str | int) -> Button:
    return receipts.tap(label, u=unit.name, year=year, **fields)


# what was filled in


def _content(state: Mapping[str, Any], ctx: Context) -> Content:
    status = ProgressStatus(state["status"])
    note = state.get("note", "")
    found = report_lines.read(note, ctx) if note else ()
    said = [one.percent for one in found if one.percent is not None]
    percent = 100 if status is ProgressStatus.DONE else (said[0] if said else 0)
    return Content(
        status=status,
        percent=percent,
        quantities=tuple(number for one in found for number in one.quantities),
        note=note,
        reason="".join(one.reason for one in found),
        remedy="".join(one.remedy for one in found),
        done_on=next((one.done_on for one in found if one.done_on), None),
    )


def _progress(unit: Unit, year: RocYear, ctx: Context) -> UnitProgress:
    return reports.unit_progress(ctx.db, ctx.corpus, ctx.dates.schedules, unit, year, ctx.today)


def _unit(message: Incoming, ctx: Context) -> Unit | Reply:
    """The unit that the button carries, as long as the chat speaks for it."""
    assert message.chat is not None
    name = message.data.get("u")
    if name is None:
        return units.unit_for(message, ctx, what=phrases_reports.REPORT)
    unit = ctx.corpus.units.get(name)
    if unit is None or unit.name not in ctx.units_of(message.chat):
        return say(phrases_reports.NOT_YOUR_UNITS)
    return unit
