"""What LINE accepts in a request: types, required properties, limits (LINE.md section 4).

Stricter than LINE in one thing: an unknown property is refused everywhere, not in Flex alone.
A checker is a function of a value and its place; it adds what is wrong to a list.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from bot.line.stand_in.world import utf16

Fault = dict[str, str]
"""`message` says what is wrong, `property` where."""

_Faults = list[Fault]
_Checker = Callable[[Any, str, _Faults], None]

BUBBLE_BYTES = 30 * 1024
CAROUSEL_BYTES = 50 * 1024


def reply_faults(body: Any) -> list[Fault]:
    """What is wrong with the body of a reply."""
    return _faults(_REPLY, body)


def push_faults(body: Any) -> list[Fault]:
    """What is wrong with the body of a push."""
    return _faults(_PUSH, body)


def validate_faults(body: Any) -> list[Fault]:
    """What is wrong with the body of a call that only validates."""
    return _faults(_VALIDATE, body)


def loading_faults(body: Any) -> list[Fault]:
    """What is wrong with the body of a call for the loading animation."""
    return _faults(_LOADING, body)


def endpoint_faults(body: Any, *, required: bool) -> list[Fault]:
    """What is wrong with the body that sets or tests the webhook's URL."""
    return _faults(_object({"endpoint": _Property(_link(500, "https", "http"), required)}), body)


def _faults(checker: _Checker, body: Any) -> list[Fault]:
    faults: _Faults = []
    checker(body, "", faults)
    return faults


# checkers of single values


class _Property(NamedTuple):
    checker: _Checker
    is_required: bool = False


def _must(checker: _Checker) -> _Property:
    return _Property(checker, is_required=True)


def _blame(faults: _Faults, where: str, message: str) -> None:
    faults.append({"message": message, "property": where})


def _words(low: int, high: int, measure: Callable[[str], int] = utf16) -> _Checker:
    def check(value: Any, where: str, faults: _Faults) -> None:
        if not isinstance(value, str):
            _blame(faults, where, "Must be a string")
        elif low > 0 and not value.strip():
            _blame(faults, where, "May not be empty")
        elif not low <= measure(value) <= high:
            _blame(faults, where, f"Length must be between {low} and {high}")

    return check


def graphemes(text: str) -> int:
    """How many characters a person sees, near enough: what joins the one before is not counted."""
    count, flags = 0, 0
    before = ""
    for letter in text:
        flags = flags + 1 if 0x1F1E6 <= ord(letter) <= 0x1F1FF else 0
        joins = before == "\u200d" or _extends(letter) or (flags > 0 and flags % 2 == 0)
        count += not joins or not before
        before = letter
    return count


def _extends(letter: str) -> bool:
    code = ord(letter)
    return (
        unicodedata.category(letter) in ("Mn", "Me", "Mc")
        or code == 0x200D
        or 0xFE00 <= code <= 0xFE0F
        or 0x1F3FB <= code <= 0x1F3FF
    )


def _seen(low: int, high: int) -> _Checker:
    return _words(low, high, graphemes)


def _one_of(*allowed: str) -> _Checker:
    def check(value: Any, where: str, faults: _Faults) -> None:
        if value not in allowed:
            _blame(faults, where, f"Must be one of the following values: {list(allowed)}")

    return check


def _whole(low: int, high: int, step: int = 1) -> _Checker:
    def check(value: Any, where: str, faults: _Faults) -> None:
        is_whole = isinstance(value, int) and not isinstance(value, bool)
        if not is_whole or not low <= value <= high or value % step:
            _blame(faults, where, f"Must be a whole number from {low} to {high}")

    return check


def _number(low: float, high: float) -> _Checker:
    def check(value: Any, where: str, faults: _Faults) -> None:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not low <= value <= high:
            _blame(faults, where, f"Must be a number from {low} to {high}")

    return check


def _flag(value: Any, where: str, faults: _Faults) -> None:
    if not isinstance(value, bool):
        _blame(faults, where, "Must be true or false")


def _matching(pattern: str, what: str) -> _Checker:
    regex = re.compile(pattern)

    def check(value: Any, where: str, faults: _Faults) -> None:
        if not isinstance(value, str) or not regex.fullmatch(value):
            _blame(faults, where, f"invalid property: must be {what}")

    return check


def _link(most: int, *schemes: str) -> _Checker:
    def check(value: Any, where: str, faults: _Faults) -> None:
        if not isinstance(value, str) or not 1 <= utf16(value) <= most:
            _blame(faults, where, f"Length must be between 1 and {most}")
        elif urlsplit(value).scheme.lower() not in schemes or not value.isascii() or " " in value:
            _blame(faults, where, "invalid uri")

    return check


_HTTPS = _link(2000, "https")
_COLOUR = _matching(r"#[0-9A-Fa-f]{6}([0-9A-Fa-f]{2})?", "a colour, #RRGGBB or #RRGGBBAA")
_GAP = _matching(r"none|xs|sm|md|lg|xl|xxl|\d+(\.\d+)?px", "a keyword or pixels")
_PADDING = _matching(r"none|xs|sm|md|lg|xl|xxl|\d+(\.\d+)?(px|%)", "a keyword, pixels or per cent")
_OFFSET = _matching(r"none|xs|sm|md|lg|xl|xxl|-?\d+(\.\d+)?(px|%)", "a keyword, pixels or per cent")
_WIDTH = _matching(r"\d+(\.\d+)?(px|%)", "pixels or per cent")
_PIXELS = _matching(r"\d+(\.\d+)?px", "pixels")
_FONT = _matching(r"xxs|xs|sm|md|lg|xl|xxl|[345]xl|\d+(\.\d+)?px", "a keyword or pixels")
_PICTURE = _matching(r"xxs|xs|sm|md|lg|xl|xxl|[345]xl|full|\d+(\.\d+)?(px|%)", "a size")
_BORDER = _matching(r"none|light|normal|medium|semi-bold|bold|\d+(\.\d+)?px", "a width")
_RATIO = _matching(r"[1-9]\d{0,5}(\.\d+)?:[1-9]\d{0,5}(\.\d+)?", "{width}:{height}")


# checkers of objects and lists


def _object(properties: Mapping[str, _Property]) -> _Checker:
    def check(value: Any, where: str, faults: _Faults) -> None:
        if not isinstance(value, dict):
            _blame(faults, where, "Must be an object")
            return
        for name in value.keys() - properties.keys():
            _blame(faults, _inside(where, name), "unknown field")
        for name, rule in properties.items():
            if name in value:
                rule.checker(value[name], _inside(where, name), faults)
            elif rule.is_required:
                _blame(faults, _inside(where, name), "May not be empty")

    return check


def _tagged(kinds: Mapping[str, _Checker], tag: str = "type") -> _Checker:
    def check(value: Any, where: str, faults: _Faults) -> None:
        kind = value.get(tag) if isinstance(value, dict) else None
        if not isinstance(kind, str) or kind not in kinds:
            message = f"Must be one of the following values: {list(kinds)}"
            _blame(faults, _inside(where, tag), message)
        else:
            kinds[kind](value, where, faults)

    return check


def _list(checker: _Checker, low: int, high: int) -> _Checker:
    def check(value: Any, where: str, faults: _Faults) -> None:
        if not isinstance(value, list):
            _blame(faults, where, "Must be an array")
            return
        if not low <= len(value) <= high:
            _blame(faults, where, f"Size must be between {low} and {high}")
        for place, item in enumerate(value):
            checker(item, f"{where}[{place}]", faults)

    return check


def _also(checker: _Checker, *more: _Checker) -> _Checker:
    """A checker, and rules that are only tried when it found nothing wrong."""

    def check(value: Any, where: str, faults: _Faults) -> None:
        before = len(faults)
        checker(value, where, faults)
        for rule in more:
            if len(faults) == before:
                rule(value, where, faults)

    return check


def _typed(**properties: _Property) -> _Checker:
    return _object({"type": _Property(_words(1, 50)), **properties})


def _inside(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name


# actions


def _not_both(first: str, second: str) -> _Checker:
    def check(value: Any, where: str, faults: _Faults) -> None:
        if first in value and second in value:
            _blame(faults, where, f"{first} and {second} can't be used together")

    return check


def _fill_in_needs_keyboard(value: Any, where: str, faults: _Faults) -> None:
    if "fillInText" in value and value.get("inputOption") != "openKeyboard":
        _blame(faults, _inside(where, "fillInText"), "needs inputOption openKeyboard")


_MOMENTS = {
    "date": re.compile(r"(19|20|21)\d\d-\d\d-\d\d"),
    "time": re.compile(r"\d\d:\d\d"),
    "datetime": re.compile(r"(19|20|21)\d\d-\d\d-\d\d[Tt]\d\d:\d\d"),
}


def _picker_moments(value: Any, where: str, faults: _Faults) -> None:
    shape = _MOMENTS[value["mode"]]
    for name in ("initial", "min", "max"):
        if name in value and not shape.fullmatch(str(value[name])):
            _blame(faults, _inside(where, name), f"must be a {value['mode']}")
    if "min" in value and "max" in value and not value["min"] < value["max"]:
        _blame(faults, where, "min must be before max")


def _action(label: _Property, *, in_quick_reply: bool = False) -> _Checker:
    data = _must(_words(1, 300))
    link = _must(_link(1000, "http", "https", "line", "tel"))
    desktop = {} if in_quick_reply else {"altUri": _Property(_object({"desktop": link}))}
    kinds: dict[str, _Checker] = {
        "postback": _also(
            _typed(
                label=label,
                data=data,
                displayText=_Property(_seen(1, 300)),
                text=_Property(_seen(1, 300)),
                inputOption=_Property(
                    _one_of("closeRichMenu", "openRichMenu", "openKeyboard", "openVoice")
                ),
                fillInText=_Property(_seen(1, 300)),
            ),
            _not_both("displayText", "text"),
            _fill_in_needs_keyboard,
        ),
        "message": _typed(label=label, text=_must(_seen(1, 300))),
        "uri": _typed(label=label, uri=link, **desktop),
        "datetimepicker": _also(
            _typed(
                label=label,
                data=data,
                mode=_must(_one_of("date", "time", "datetime")),
                initial=_Property(_words(1, 16)),
                min=_Property(_words(1, 16)),
                max=_Property(_words(1, 16)),
            ),
            _picker_moments,
        ),
        "clipboard": _typed(label=label, clipboardText=_must(_words(1, 1000))),
    }
    if in_quick_reply:
        kinds |= dict.fromkeys(("camera", "cameraRoll", "location"), _typed(label=label))
    return _tagged(kinds)


_QUICK_REPLY = _object(
    {
        "items": _must(
            _list(
                _typed(
                    imageUrl=_Property(_HTTPS),
                    action=_must(_action(_must(_seen(1, 20)), in_quick_reply=True)),
                ),
                1,
                13,
            )
        )
    }
)


# Flex


def _flex_component(kinds: Mapping[str, str]) -> _Checker:
    """A component of one of these kinds; the table is filled below, as boxes hold boxes."""

    def check(value: Any, where: str, faults: _Faults) -> None:
        _tagged({kind: _FLEX[name] for kind, name in kinds.items()})(value, where, faults)

    return check


def _text_or_spans(value: Any, where: str, faults: _Faults) -> None:
    if not value.get("contents") and not value.get("text"):
        _blame(faults, _inside(where, "text"), "must be non-empty text")


def _box_contents(value: Any, where: str, faults: _Faults) -> None:
    kinds = _IN_A_LINE if value["layout"] == "baseline" else _IN_A_BOX
    _list(_flex_component(kinds), 0, 100)(value["contents"], _inside(where, "contents"), faults)


def _anything(value: Any, where: str, faults: _Faults) -> None:
    """Checked by a rule that sees more than this one value."""


_IN_A_LINE = {"icon": "icon", "text": "text", "filler": "filler"}
_IN_A_BOX = {
    "box": "box",
    "button": "button",
    "image": "image",
    "text": "text",
    "separator": "separator",
    "filler": "filler",
}
_FLEXIBLE = {"flex": _Property(_whole(0, 1000))}
_PLACED = {
    "margin": _Property(_GAP),
    "position": _Property(_one_of("relative", "absolute")),
    "offsetTop": _Property(_OFFSET),
    "offsetBottom": _Property(_OFFSET),
    "offsetStart": _Property(_OFFSET),
    "offsetEnd": _Property(_OFFSET),
}
_TAPPED = {"action": _Property(_action(_Property(_seen(0, 40))))}
_ALIGNED = {
    "align": _Property(_one_of("start", "end", "center")),
    "gravity": _Property(_one_of("top", "bottom", "center")),
}
_LETTERS = {
    "size": _Property(_FONT),
    "color": _Property(_COLOUR),
    "weight": _Property(_one_of("regular", "bold")),
    "style": _Property(_one_of("normal", "italic")),
    "decoration": _Property(_one_of("none", "underline", "line-through")),
}
_GRADIENT = _tagged(
    {
        "linearGradient": _typed(
            angle=_must(_matching(r"\d+(\.\d+)?deg", "degrees")),
            startColor=_must(_COLOUR),
            endColor=_must(_COLOUR),
            centerColor=_Property(_COLOUR),
            centerPosition=_Property(_matching(r"\d+(\.\d+)?%", "per cent")),
        )
    }
)
_SPAN = _tagged({"span": _typed(text=_must(_words(1, BUBBLE_BYTES)), **_LETTERS)})
_FLEX: dict[str, _Checker] = {
    "box": _also(
        _typed(
            layout=_must(_one_of("horizontal", "vertical", "baseline")),
            contents=_must(_anything),
            spacing=_Property(_GAP),
            backgroundColor=_Property(_COLOUR),
            borderColor=_Property(_COLOUR),
            borderWidth=_Property(_BORDER),
            cornerRadius=_Property(_GAP),
            width=_Property(_WIDTH),
            maxWidth=_Property(_WIDTH),
            height=_Property(_WIDTH),
            maxHeight=_Property(_WIDTH),
            paddingAll=_Property(_PADDING),
            paddingTop=_Property(_PADDING),
            paddingBottom=_Property(_PADDING),
            paddingStart=_Property(_PADDING),
            paddingEnd=_Property(_PADDING),
            justifyContent=_Property(
                _one_of(
                    "center", "flex-start", "flex-end",
                    "space-between", "space-around", "space-evenly",
                )
            ),
            alignItems=_Property(_one_of("center", "flex-start", "flex-end")),
            background=_Property(_GRADIENT),
            **_FLEXIBLE, **_PLACED, **_TAPPED,
        ),
        _box_contents,
    ),
    "button": _typed(
        action=_must(_action(_must(_seen(1, 40)))),
        style=_Property(_one_of("primary", "secondary", "link")),
        height=_Property(_one_of("sm", "md")),
        color=_Property(_COLOUR),
        gravity=_ALIGNED["gravity"],
        adjustMode=_Property(_one_of("shrink-to-fit")),
        scaling=_Property(_flag),
        **_FLEXIBLE, **_PLACED,
    ),
    "text": _also(
        _typed(
            text=_Property(_words(0, BUBBLE_BYTES)),
            contents=_Property(_list(_SPAN, 0, 100)),
            wrap=_Property(_flag),
            lineSpacing=_Property(_PIXELS),
            maxLines=_Property(_whole(0, 1000)),
            adjustMode=_Property(_one_of("shrink-to-fit")),
            scaling=_Property(_flag),
            **_LETTERS, **_ALIGNED, **_FLEXIBLE, **_PLACED, **_TAPPED,
        ),
        _text_or_spans,
    ),
    "separator": _typed(margin=_Property(_GAP), color=_Property(_COLOUR)),
    "filler": _typed(**_FLEXIBLE),
    "icon": _typed(
        url=_must(_HTTPS), size=_Property(_FONT), aspectRatio=_Property(_RATIO),
        scaling=_Property(_flag), **_PLACED,
    ),
    "image": _typed(
        url=_must(_HTTPS), size=_Property(_PICTURE), aspectRatio=_Property(_RATIO),
        aspectMode=_Property(_one_of("cover", "fit")), backgroundColor=_Property(_COLOUR),
        animated=_Property(_flag), **_ALIGNED, **_FLEXIBLE, **_PLACED, **_TAPPED,
    ),
    "video": _typed(
        url=_must(_HTTPS), previewUrl=_must(_HTTPS), altContent=_must(_anything),
        aspectRatio=_Property(_RATIO), **_TAPPED,
    ),
}  # fmt: skip

_BLOCK = _Property(_flex_component({"box": "box"}))
_BLOCK_STYLE = _Property(
    _object(
        {
            "backgroundColor": _Property(_COLOUR),
            "separator": _Property(_flag),
            "separatorColor": _Property(_COLOUR),
        }
    )
)


def _has_a_block(value: Any, where: str, faults: _Faults) -> None:
    if not {"header", "hero", "body", "footer"} & value.keys():
        _blame(faults, where, "At least one block must be specified")


def _small_enough(most: int) -> _Checker:
    def check(value: Any, where: str, faults: _Faults) -> None:
        size = len(json.dumps(value))
        if size > most:
            _blame(faults, where, f"{size} bytes are more than the limit of {most}")

    return check


def _of_one_size(value: Any, where: str, faults: _Faults) -> None:
    if len({bubble.get("size", "mega") for bubble in value["contents"]}) > 1:
        _blame(faults, where, "all bubbles of a carousel must have the same size")


_BUBBLE = _also(
    _typed(
        size=_Property(_one_of("nano", "micro", "deca", "hecto", "kilo", "mega", "giga")),
        direction=_Property(_one_of("ltr", "rtl")),
        header=_BLOCK,
        hero=_Property(_flex_component({"box": "box", "image": "image", "video": "video"})),
        body=_BLOCK,
        footer=_BLOCK,
        styles=_Property(
            _object(dict.fromkeys(("header", "hero", "body", "footer"), _BLOCK_STYLE))
        ),
        **_TAPPED,
    ),
    _has_a_block,
    _small_enough(BUBBLE_BYTES),
)
_CAROUSEL = _also(
    _typed(contents=_must(_list(_tagged({"bubble": _BUBBLE}), 1, 12))),
    _of_one_size,
    _small_enough(CAROUSEL_BYTES),
)


# templates


def _same_number_of_actions(value: Any, where: str, faults: _Faults) -> None:
    if len({len(column["actions"]) for column in value["columns"]}) > 1:
        _blame(faults, where, "all columns must have the same number of actions")


def _short_beside_a_picture(most: int) -> _Checker:
    def check(value: Any, where: str, faults: _Faults) -> None:
        if ("title" in value or "thumbnailImageUrl" in value) and graphemes(value["text"]) > most:
            _blame(faults, _inside(where, "text"), f"Length must be between 1 and {most}")

    return check


_TEMPLATE_ACTION = _action(_must(_seen(1, 20)))
_THUMBNAIL = {
    "thumbnailImageUrl": _Property(_HTTPS),
    "imageBackgroundColor": _Property(_COLOUR),
    "title": _Property(_seen(1, 40)),
    "defaultAction": _Property(_action(_Property(_seen(0, 20)))),
}
_PICTURE_SHAPE = {
    "imageAspectRatio": _Property(_one_of("rectangle", "square")),
    "imageSize": _Property(_one_of("cover", "contain")),
}
_TEMPLATE = _tagged(
    {
        "buttons": _also(
            _typed(
                text=_must(_seen(1, 160)),
                actions=_must(_list(_TEMPLATE_ACTION, 1, 4)),
                **_THUMBNAIL,
                **_PICTURE_SHAPE,
            ),
            _short_beside_a_picture(60),
        ),
        "confirm": _typed(text=_must(_seen(1, 240)), actions=_must(_list(_TEMPLATE_ACTION, 2, 2))),
        "carousel": _also(
            _typed(
                columns=_must(
                    _list(
                        _also(
                            _object(
                                {
                                    "text": _must(_seen(1, 120)),
                                    "actions": _must(_list(_TEMPLATE_ACTION, 1, 3)),
                                    **_THUMBNAIL,
                                }
                            ),
                            _short_beside_a_picture(60),
                        ),
                        1,
                        10,
                    )
                ),
                **_PICTURE_SHAPE,
            ),
            _same_number_of_actions,
        ),
        "image_carousel": _typed(
            columns=_must(
                _list(
                    _object(
                        {
                            "imageUrl": _must(_HTTPS),
                            "action": _must(_action(_Property(_seen(1, 12)))),
                        }
                    ),
                    1,
                    10,
                )
            )
        ),
    }
)


# messages

_PLACEHOLDER = re.compile(r"\{([0-9A-Za-z_]{1,20})\}")


def _placeholders(value: Any, where: str, faults: _Faults) -> None:
    """Each brace is doubled or names a substitution (R#text-message-v2)."""
    plain = value["text"].replace("{{", "").replace("}}", "")
    named = set(_PLACEHOLDER.findall(plain))
    if any(brace in _PLACEHOLDER.sub("", plain) for brace in "{}"):
        _blame(faults, _inside(where, "text"), "a single brace must be doubled")
    for key in sorted(named - value.get("substitution", {}).keys()):
        _blame(faults, _inside(where, "substitution"), f"{key} is missing")


def _substitutions(value: Any, where: str, faults: _Faults) -> None:
    if not isinstance(value, dict) or len(value) > 100:
        _blame(faults, where, "Must be an object of at most 100 keys")
        return
    for key, item in value.items():
        if not re.fullmatch(r"[0-9A-Za-z_]{1,20}", key):
            _blame(faults, _inside(where, key), "invalid key")
        _SUBSTITUTION(item, _inside(where, key), faults)
    for kind in ("mention", "emoji"):
        if sum(isinstance(item, dict) and item.get("type") == kind for item in value.values()) > 20:
            _blame(faults, where, f"more than 20 of {kind}")


_SUBSTITUTION = _tagged(
    {
        "mention": _typed(
            mentionee=_must(_tagged({"user": _typed(userId=_must(_words(1, 33))), "all": _typed()}))
        ),
        "emoji": _typed(productId=_must(_words(1, 50)), emojiId=_must(_words(1, 50))),
    }
)
_EMOJIS = _list(
    _object(
        {
            "index": _must(_whole(0, 5000)),
            "productId": _must(_words(1, 50)),
            "emojiId": _must(_words(1, 50)),
        }
    ),
    1,
    20,
)
_ALT_TEXT = _must(_words(1, 1500))


def _message(**properties: _Property) -> _Checker:
    sender = _object({"name": _Property(_words(1, 20)), "iconUrl": _Property(_HTTPS)})
    return _typed(quickReply=_Property(_QUICK_REPLY), sender=_Property(sender), **properties)


_QUOTE = {"quoteToken": _Property(_words(1, 500))}
_MESSAGES = _must(
    _list(
        _tagged(
            {
                "text": _message(text=_must(_words(1, 5000)), emojis=_Property(_EMOJIS), **_QUOTE),
                "textV2": _also(
                    _message(
                        text=_must(_words(1, 5000)),
                        substitution=_Property(_substitutions),
                        **_QUOTE,
                    ),
                    _placeholders,
                ),
                "sticker": _message(
                    packageId=_must(_words(1, 20)), stickerId=_must(_words(1, 20)), **_QUOTE
                ),
                "image": _message(originalContentUrl=_must(_HTTPS), previewImageUrl=_must(_HTTPS)),
                "video": _message(
                    originalContentUrl=_must(_HTTPS),
                    previewImageUrl=_must(_HTTPS),
                    trackingId=_Property(_words(1, 100)),
                ),
                "audio": _message(
                    originalContentUrl=_must(_HTTPS), duration=_must(_whole(1, 86_400_000))
                ),
                "location": _message(
                    title=_must(_words(1, 100)),
                    address=_must(_words(1, 100)),
                    latitude=_must(_number(-90, 90)),
                    longitude=_must(_number(-180, 180)),
                ),
                "template": _message(altText=_ALT_TEXT, template=_must(_TEMPLATE)),
                "flex": _message(
                    altText=_ALT_TEXT,
                    contents=_must(_tagged({"bubble": _BUBBLE, "carousel": _CAROUSEL})),
                ),
            }
        ),
        1,
        5,
    )
)
_SILENT = {"notificationDisabled": _Property(_flag)}
_REPLY = _object({"replyToken": _must(_words(1, 100)), "messages": _MESSAGES, **_SILENT})
_PUSH = _object(
    {
        "to": _must(_words(1, 40)),
        "messages": _MESSAGES,
        "customAggregationUnits": _Property(_list(_words(1, 30), 0, 1)),
        **_SILENT,
    }
)
_VALIDATE = _object({"messages": _MESSAGES})
_LOADING = _object(
    {"chatId": _must(_words(1, 40)), "loadingSeconds": _Property(_whole(5, 60, step=5))}
)
