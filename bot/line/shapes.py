"""planbot's messages as LINE's JSON, and every message brought within LINE's limits.

`to_line` draws: a text, a bubble, a carousel. `checked` is the last thing before a message is
stored: it splits, shortens and drops until LINE will take it (LINE.md section 4), because a
message that LINE refuses reaches nobody.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from bot.messages import Button, Card, Cards, Does, Message, Text, Tone

log = logging.getLogger(__name__)

Json = dict[str, Any]

TEXT_UNITS = 5_000
ALT_UNITS = 1_500
BUBBLE_BYTES = 30_000
CAROUSEL_BYTES = 50_000
BUBBLES = 12
QUICK_REPLIES = 13
MESSAGES = 5
MENTIONS = 20
QUICK_LABEL = 20
BUTTON_LABEL = 40
DATA_UNITS = 300
SAID_UNITS = 300
COPIED_UNITS = 1_000
LINK_UNITS = 1_000

_MORE = "…"
_NO_TEXT: Json = {"text": ""}
_SHORT_ENOUGH = 120  # letters; a text that short is left whole when a card is too large


def to_line(message: Message) -> Json:
    """One of planbot's messages as LINE's JSON, not yet checked.

    A quick reply that copies is left out: LINE knows that on cards only.
    """
    match message:
        case Text():
            shaped: Json = _calling(message) if message.mentions else _text(message.text)
        case Card():
            shaped = _flex(message.plain, _bubble(message))
        case Cards():
            shaped = _flex(message.alt or message.plain, _carousel(message.cards))
    items = [
        {"type": "action", "action": _action(button)}
        for button in message.quick
        if button.does is not Does.COPY
    ]
    if items:
        shaped["quickReply"] = {"items": items}
    return shaped


def checked(messages: Sequence[Mapping[str, Any]]) -> list[Json]:
    """The messages of one reply or push, as LINE will take them.

    A long text becomes several, cut at the end of a sentence; a long carousel several carousels;
    what cannot be split is shortened with 「…」. Buttons that LINE would refuse are left out.
    Quick replies all move to the last message, the only one whose LINE shows. Past five
    messages the last text ends with 「…」.

    Args:
        messages: as `to_line` makes them.

    Returns:
        At most five messages; none where there was nothing to say.
    """
    fitting = [part for message in messages for part in fitted(message)]
    if len(fitting) > MESSAGES:
        log.warning("messages_cut", extra={"messages": len(fitting)})
        fitting = [*fitting[: MESSAGES - 1], _marked_as_cut(fitting[MESSAGES - 1])]
    return _with_quick_replies_last(fitting, _quick_replies(fitting))


def fitted(message: Mapping[str, Any]) -> list[Json]:
    """One message as one or more that LINE takes; none where it is empty.

    All parts are about the same thing: who quotes any of them quotes the message.
    """
    clean: Json = _cleaned(message)
    quick = _quick_replies([clean])
    clean.pop("quickReply", None)
    if clean.get("type") == "text":
        parts = _text_parts(clean)
    elif clean.get("type") == "textV2":
        parts = _calling_parts(clean)
    elif clean.get("type") == "flex":
        parts = _flex_parts(clean)
    else:
        parts = [clean]
    return _with_quick_replies_last(parts, quick)


def without_mentions(message: Mapping[str, Any]) -> Json:
    """The message calling nobody by name, for a chat that somebody has left meanwhile."""
    if message.get("type") != "textV2":
        return dict(message)
    kept = {name: value for name, value in message.items() if name != "substitution"}
    return {**kept, **_text(_body(message) or _MORE)}


# drawing


@dataclass(frozen=True, slots=True)
class _Palette:
    band: str
    chip: str


_PALETTES = {
    Tone.NORMAL: _Palette(band="#0F766E", chip="#E2F1EE"),
    Tone.GOOD: _Palette(band="#15803D", chip="#E4F3E8"),
    Tone.CARE: _Palette(band="#B45309", chip="#FBEEDA"),
}
_DARK = "#1B2126"
_GREY = "#5B6570"
_LINE = "#E3E7EA"


def _text(text: str) -> Json:
    return {"type": "text", "text": text}


def _calling(message: Text) -> Json:
    """A text with people's names in front (LINE.md section 2)."""
    substitution = {
        f"officer{place}": {"type": "mention", "mentionee": {"type": "user", "userId": person}}
        for place, person in enumerate(message.mentions[:MENTIONS])
    }
    shaped: Json = {"type": "textV2", "text": "", "substitution": substitution}
    return {**shaped, "text": _names(shaped) + _doubled(message.text)}


def _names(message: Mapping[str, Any]) -> str:
    return "".join(f"{{{key}}} " for key in message.get("substitution", ()))


def _body(message: Mapping[str, Any]) -> str:
    """What a text says behind the names, its braces as they were typed."""
    behind = str(message["text"]).removeprefix(_names(message))
    return behind.replace("{{", "{").replace("}}", "}")


def _doubled(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def _flex(alt: str, contents: Json) -> Json:
    return {"type": "flex", "altText": alt, "contents": contents}


def _carousel(cards: Sequence[Card]) -> Json:
    if len(cards) == 1:
        return _bubble(cards[0])
    return {"type": "carousel", "contents": [_bubble(card) for card in cards]}


def _bubble(card: Card) -> Json:
    palette = _PALETTES[card.tone]
    bubble: Json = {
        "type": "bubble",
        "size": "mega",
        "header": _box(
            "vertical", [], height="6px", paddingAll="0px", backgroundColor=palette.band
        ),
        "body": _box("vertical", list(_lines(card)), paddingAll="18px"),
    }
    if card.buttons:
        bubble["body"]["paddingBottom"] = "12px"
        bubble["footer"] = _footer(card.buttons, palette)
    return bubble


def _lines(card: Card) -> Iterator[Json]:
    if card.kicker.strip():
        yield _words(card.kicker, size="xs", color=_GREY)
    if card.title.strip():
        bold: Json = {"size": "lg", "weight": "bold", "color": _DARK}
        yield _words(card.title, **bold, lineSpacing="4px", margin="sm")
    if card.body.strip():
        yield _words(card.body, size="md", color=_DARK, lineSpacing="7px", margin="lg")
    if rows := [(name, value) for name, value in card.rows if name.strip() and value.strip()]:
        yield {"type": "separator", "margin": "lg", "color": _LINE}
        yield _box("vertical", _rows(rows), margin="lg", spacing="md")
    if card.note.strip():
        yield _words(card.note, size="xs", color=_GREY, lineSpacing="4px", margin="lg")


def _rows(rows: Sequence[tuple[str, str]]) -> list[Json]:
    for_name, for_value = _columns(max(_width(name) for name, _ in rows))
    return [
        _box(
            "baseline",
            [
                _words(name, size="sm", color=_GREY, flex=for_name),
                _words(value, size="sm", color=_DARK, lineSpacing="5px", flex=for_value),
            ],
            spacing="md",
        )
        for name, value in rows
    ]


def _columns(width: float) -> tuple[int, int]:
    """How a row is shared so that the longest name stays on one line of a mega bubble."""
    if width <= 3:
        return 2, 8
    if width <= 4:
        return 2, 6
    if width <= 5:
        return 2, 5
    return 3, 5


def _footer(buttons: Sequence[Button], palette: _Palette) -> Json:
    rows = []
    for row in _button_rows(buttons):
        chips = [_chip(button, palette) for button in row]
        rows.append(chips[0] if len(chips) == 1 else _box("horizontal", chips, spacing="sm"))
    return _box("vertical", rows, spacing="sm", paddingAll="14px", paddingTop="4px")


def _button_rows(buttons: Sequence[Button]) -> Iterator[list[Button]]:
    """Short buttons stand side by side: three of up to 4 characters, two of up to 6."""
    row: list[Button] = []
    for button in buttons:
        if row and len(row) >= min(_beside(other.label) for other in (*row, button)):
            yield row
            row = []
        row.append(button)
    if row:
        yield row


def _beside(label: str) -> int:
    width = _width(label)
    if width <= 4:
        return 3
    return 2 if width <= 6 else 1


def _chip(button: Button, palette: _Palette) -> Json:
    return {
        "type": "button",
        "style": "secondary",
        "height": "sm",
        "color": palette.chip,
        "adjustMode": "shrink-to-fit",
        "action": _action(button),
    }


def _action(button: Button) -> Json:
    match button.does:
        case Does.POSTBACK:
            action = {"type": "postback", "label": button.label, "data": button.value}
            return {**action, "displayText": button.says} if button.says else action
        case Does.SAY:
            return {"type": "message", "label": button.label, "text": button.value}
        case Does.OPEN:
            return {"type": "uri", "label": button.label, "uri": button.value}
        case Does.COPY:
            return {"type": "clipboard", "label": button.label, "clipboardText": button.value}


def _box(layout: str, contents: list[Json], **properties: str | int) -> Json:
    return {"type": "box", "layout": layout, "contents": contents, **properties}


def _words(text: str, **properties: str | int) -> Json:
    return {"type": "text", "text": text.strip(), "wrap": True, **properties}


def _width(text: str) -> float:
    """How wide a text is, in full-width characters."""
    return sum(0.55 if letter.isascii() else 1.0 for letter in text)


# measuring and cutting


def units(text: str) -> int:
    """UTF-16 code units, as LINE counts most things."""
    return len(text.encode("utf-16-le")) // 2


def json_bytes(container: object) -> int:
    """The size of a Flex container as the SDK sends it: every 漢字 as six bytes, \\uXXXX."""
    return len(json.dumps(container))


def shortened(text: str, most: int, measure: Callable[[str], int] = units) -> str:
    """The text, or as much of it as fits before 「…」."""
    if measure(text) <= most:
        return text
    return _head(text, most - 1, measure).rstrip() + _MORE


def _head(text: str, most: int, measure: Callable[[str], int] = units) -> str:
    """The longest beginning that measures at most so much and cuts no character in two."""
    low, high = 0, min(len(text), max(0, most))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if measure(text[:middle]) <= most else (low, middle - 1)
    while 0 < low < len(text) and _belongs_to_the_one_before(text[low], text[low - 1]):
        low -= 1
    return text[:low]


def _belongs_to_the_one_before(letter: str, before: str) -> bool:
    """Joiners, variation selectors, skin tones and combining marks are not cut off."""
    code = ord(letter)
    return (
        before == "\u200d"
        or code == 0x200D
        or 0xFE00 <= code <= 0xFE0F
        or 0x1F3FB <= code <= 0x1F3FF
        or 0x0300 <= code <= 0x036F
    )


_ENDS = (
    re.compile(r"\n\s*\n"),
    re.compile(r"\n"),
    re.compile(r"[。！？!?]"),
    re.compile(r"[；;，、,]"),
)


def split_text(
    text: str, most: int = TEXT_UNITS, measure: Callable[[str], int] = units
) -> list[str]:
    """A text in pieces of at most `most` UTF-16 units, or whatever `measure` counts.

    A piece ends, if it can without being less than half full, with a paragraph, else a line,
    else a sentence, else a clause.
    """
    pieces = []
    rest = text.strip()
    while measure(rest) > most:
        head = _head(rest, most, measure)
        piece = head[: _best_end(head)] or head
        pieces.append(piece.rstrip())
        rest = rest[len(piece) :].lstrip()
    return [*pieces, rest] if rest else pieces


def _best_end(head: str) -> int:
    for end in _ENDS:
        places = [found.end() for found in end.finditer(head, len(head) // 2)]
        if places:
            return places[-1]
    return len(head)


# bringing within the limits


def _cleaned(value: Any) -> Any:
    """The same without halves of surrogate pairs and NUL, which neither LINE nor a database takes."""
    if isinstance(value, str):
        whole = value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        return whole.replace("\0", "")
    if isinstance(value, Mapping):
        return {name: _cleaned(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_cleaned(item) for item in value]
    return value


def _text_parts(message: Json) -> list[Json]:
    pieces = split_text(str(message.get("text", "")))
    parts = [{**message, "text": piece} for piece in pieces]
    for part in parts[1:]:
        part.pop("quoteToken", None)
    return parts


def _calling_parts(message: Json) -> list[Json]:
    """The names go with the first part; the others are plain texts."""
    names = _names(message)
    room = TEXT_UNITS - units(names)
    first, *more = split_text(_body(message), room, lambda text: units(_doubled(text))) or [""]
    calling = {**message, "text": names + _doubled(first)}
    return [calling, *map(_text, more)]


def _flex_parts(message: Json) -> list[Json]:
    contents = message["contents"]
    alt = shortened(str(message.get("altText", "")).strip(), ALT_UNITS)
    bubbles = contents["contents"] if contents["type"] == "carousel" else [contents]
    whole = [_small_bubble(_without_bad_parts(bubble)) for bubble in bubbles]
    parts = []
    for group in _carousels(whole):
        container = group[0] if len(group) == 1 else {"type": "carousel", "contents": group}
        parts.append({**message, "altText": alt or _MORE, "contents": container})
    return parts


def _carousels(bubbles: Sequence[Json]) -> Iterator[list[Json]]:
    """Bubbles in groups that fit into a carousel."""
    group: list[Json] = []
    for bubble in bubbles:
        larger = {"type": "carousel", "contents": [*group, bubble]}
        if group and (len(group) == BUBBLES or json_bytes(larger) > CAROUSEL_BYTES):
            yield group
            group = []
        group.append(bubble)
    if group:
        yield group


def _small_bubble(bubble: Json) -> Json:
    """The bubble with its longest text, then its last rows, cut until its JSON is small enough."""
    if json_bytes(bubble) > BUBBLE_BYTES:
        log.warning("card_cut", extra={"bytes": json_bytes(bubble)})
    while (excess := json_bytes(bubble) - BUBBLE_BYTES) > 0:
        longest = max(_texts(bubble), key=lambda text: json_bytes(text["text"]), default=_NO_TEXT)
        if len(longest["text"]) > _SHORT_ENOUGH:
            kept = max(_SHORT_ENOUGH, len(longest["text"]) - excess // 12 - 2)
            longest["text"] = longest["text"][: kept - 1].rstrip(_MORE) + _MORE
        else:
            _heaviest_list(bubble).pop()
    return bubble


def _heaviest_list(bubble: Json) -> list[Json]:
    """The rows or the buttons, whichever weigh more; without either the body's contents."""
    body = bubble["body"]["contents"]
    lists = [item["contents"] for item in body if item.get("contents")]
    lists.append(bubble.get("footer", {}).get("contents", []))
    return max(filter(None, lists), key=json_bytes, default=body)


def _texts(component: Any) -> Iterator[Json]:
    if isinstance(component, dict):
        if component.get("type") == "text" and "text" in component:
            yield component
        for value in component.values():
            yield from _texts(value)
    elif isinstance(component, list):
        for item in component:
            yield from _texts(item)


def _without_bad_parts(component: Any) -> Any:
    """The component with every action within its limits, without dead buttons and blank texts."""
    if isinstance(component, list):
        kept = (_without_bad_parts(item) for item in component)
        return [item for item in kept if item is not None]
    if not isinstance(component, dict):
        return component
    if component.get("type") == "button":
        action = _fitted_action(component["action"], BUTTON_LABEL)
        return None if action is None else {**component, "action": action}
    if component.get("type") == "text" and not component.get("text", "").strip():
        return None
    kept_values = {name: _without_bad_parts(value) for name, value in component.items()}
    if any(_buttons(component.get("footer"))) and not any(_buttons(kept_values["footer"])):
        del kept_values["footer"]
    return kept_values


def _buttons(component: Any) -> Iterator[Json]:
    if isinstance(component, dict):
        if component.get("type") == "button":
            yield component
        for item in component.get("contents", ()):
            yield from _buttons(item)


def _fitted_action(action: Json, label_letters: int) -> Json | None:
    """An action within LINE's limits; None where cutting it would make it do something else."""
    label = str(action.get("label", "")).strip()
    if not label or not _WORKS.get(action["type"], _never)(action):
        log.error("button_dropped", extra={"action": action["type"]})
        return None
    fitting = {**action, "label": shortened(label, label_letters)}
    if shown := fitting.pop("displayText", "").strip():
        fitting["displayText"] = shortened(shown, SAID_UNITS)
    if "clipboardText" in fitting:
        fitting["clipboardText"] = shortened(fitting["clipboardText"], COPIED_UNITS)
    return fitting


def _never(action: Json) -> bool:
    return False


def _is_link(action: Json) -> bool:
    uri = str(action.get("uri", ""))
    known = urlsplit(uri).scheme in ("http", "https", "line", "tel")
    return known and uri.isascii() and " " not in uri and units(uri) <= LINK_UNITS


def _is_said(text: str, most: int) -> bool:
    return bool(text.strip()) and units(text) <= most


_WORKS: dict[str, Callable[[Json], bool]] = {
    "postback": lambda action: _is_said(action.get("data", ""), DATA_UNITS),
    "message": lambda action: _is_said(action.get("text", ""), SAID_UNITS),
    "uri": _is_link,
    "clipboard": lambda action: bool(action.get("clipboardText", "").strip()),
}


def _quick_replies(messages: Sequence[Mapping[str, Any]]) -> list[Json]:
    """All quick replies within their limits, each once, at most thirteen."""
    items: list[Json] = []
    for message in messages:
        for item in _cleaned(message.get("quickReply", {}).get("items", [])):
            action = _fitted_action(item["action"], QUICK_LABEL)
            if action is not None and {**item, "action": action} not in items:
                items.append({**item, "action": action})
    return items[:QUICK_REPLIES]


def _with_quick_replies_last(messages: list[Json], items: list[Json]) -> list[Json]:
    if not messages:
        return []
    bare = [{k: v for k, v in message.items() if k != "quickReply"} for message in messages]
    if items:
        bare[-1] = {**bare[-1], "quickReply": {"items": items}}
    return bare


def _marked_as_cut(message: Json) -> Json:
    if message.get("type") != "text":
        return message
    return {**message, "text": _head(message["text"], TEXT_UNITS - 1).rstrip() + _MORE}
