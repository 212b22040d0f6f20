"""What LINE posts to us: is it LINE's, which events are in it, what does one of them say.

The web process uses `verify` and `split` and keeps the raw JSON; the worker reads one event with
`parse`. LINE's SDK is not imported: its parser loses events that it does not know (LINE.md,
section 1), and importing it costs a second.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

from bot.messages import Album, ChatKind, ChatRef, Incoming, IncomingKind

Json = Mapping[str, Any]

UNKNOWN_TIME = datetime.fromtimestamp(0, UTC)
"""The time of an event that tells none: it comes before all others."""

_USABLE_ID = re.compile(r"[!-~]{1,64}")
_INVISIBLE = (
    "\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\x00"
)
_EDGES = re.compile(rf"^[\s{_INVISIBLE}]+|[\s{_INVISIBLE}]+$")
_QUERY = re.compile(r"[^=&]+=[^&]*(&[^=&]+=[^&]*)*")

_MESSAGE_KINDS = {
    kind.value: kind
    for kind in (
        IncomingKind.TEXT,
        IncomingKind.IMAGE,
        IncomingKind.VIDEO,
        IncomingKind.AUDIO,
        IncomingKind.FILE,
        IncomingKind.LOCATION,
        IncomingKind.STICKER,
    )
}
_EVENT_KINDS = {
    "postback": IncomingKind.POSTBACK,
    "messageEdited": IncomingKind.EDITED,
    "unsend": IncomingKind.UNSENT,
    "follow": IncomingKind.FOLLOW,
    "unfollow": IncomingKind.UNFOLLOW,
    "join": IncomingKind.JOIN,
    "leave": IncomingKind.LEAVE,
    "memberJoined": IncomingKind.MEMBER_JOINED,
    "memberLeft": IncomingKind.MEMBER_LEFT,
}


class UnreadableBody(ValueError):
    """The body is no JSON object with a list of events."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RawEvent:
    """One event as it is stored.

    `id` is unique and stays the same on redelivery. `chat_key` keeps a conversation together.
    `at` is the event's own time, aware. `payload` is the event's JSON with everything in it.
    """

    id: str
    chat_key: str
    at: datetime
    payload: str


def verify(body: bytes, signature: str | None, secrets: Sequence[str]) -> bool:
    """Whether the body was signed with one of the channel secrets.

    HMAC-SHA256 over the raw bytes, compared in constant time; two secrets are accepted while
    one is being replaced (LINE.md section 1).

    Args:
        body: the request's bytes, untouched.
        signature: the header `x-line-signature`, None where it is missing.
        secrets: the channel secrets.
    """
    if not signature or not signature.isascii():
        return False
    is_right = False
    for secret in secrets:
        digest = hmac.new(secret.encode(), body, hashlib.sha256).digest()
        is_right |= hmac.compare_digest(base64.b64encode(digest), signature.encode())
    return is_right


def split(body: bytes) -> list[RawEvent]:
    """The events of a request, none of them left out.

    Raises:
        UnreadableBody: the body is no JSON object with a list of events.
    """
    try:
        return [_raw(event) for event in _events(body)]
    except (ValueError, RecursionError) as exc:
        raise UnreadableBody("the body is no JSON object with events") from exc


def parse(payload: str) -> Incoming:
    """What an event says, in planbot's words.

    Nothing that LINE may add or leave out makes it fail: what is not understood is
    `IncomingKind.OTHER`.

    Args:
        payload: of a `RawEvent`.
    """
    event = _loaded(payload)
    message = _dict(event, "message")
    text = _str(message, "text") or ""
    mentionees = _mentionees(_dict(message, "mention"))
    mentions_bot = any(_is_self(one) for one in mentionees)
    is_standby = event.get("mode") == "standby"
    return Incoming(
        event_id=_event_id(event),
        kind=_kind(event, message),
        at=_time(event),
        chat=_chat(_dict(event, "source")),
        person=_str(_dict(event, "source"), "userId"),
        text=_without_mentions(text, mentionees, mentions_bot=mentions_bot),
        typed=text,
        mentions_bot=mentions_bot,
        mentions=_others(mentionees),
        message_id=_str(message, "id") or _str(_dict(event, "unsend"), "messageId"),
        quoted_message_id=_str(message, "quotedMessageId"),
        data=_query(_str(_dict(event, "postback"), "data") or ""),
        params=_texts(_dict(_dict(event, "postback"), "params")),
        members=_members(_dict(event, "joined")) or _members(_dict(event, "left")),
        file_name=_str(message, "fileName") or "",
        file_size=_size(message.get("fileSize")),
        album=_album(_dict(message, "imageSet")),
        reply_token=None if is_standby else _str(event, "replyToken"),
        is_standby=is_standby,
        is_redelivery=_dict(event, "deliveryContext").get("isRedelivery") is True,
    )


# splitting


def _events(body: bytes) -> list[object]:
    content = json.loads(body.decode())
    events = content.get("events") if isinstance(content, dict) else None
    if not isinstance(events, list):
        raise ValueError("no list of events")  # noqa: TRY004 - wrong data, not a wrong argument
    return events


def _raw(event: object) -> RawEvent:
    known: Json = event if isinstance(event, dict) else {"type": "unreadable", "value": event}
    return RawEvent(
        id=_event_id(known), chat_key=_chat_key(known), at=_time(known), payload=_dumped(known)
    )


def _dumped(event: Json) -> str:
    text = json.dumps(event, ensure_ascii=False, separators=(",", ":"))
    if text.isascii() or _is_storable(text):
        return text
    return json.dumps(event, separators=(",", ":"))


def _is_storable(text: str) -> bool:
    # Half of a surrogate pair is possible in JSON, but in no database.
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _event_id(event: Json) -> str:
    given = event.get("webhookEventId")
    if isinstance(given, str) and _USABLE_ID.fullmatch(given):
        return given
    lasting = {key: value for key, value in event.items() if key != "deliveryContext"}
    digest = hashlib.sha256(json.dumps(lasting, sort_keys=True).encode()).hexdigest()
    return f"sha256-{digest[:40]}"


def _chat_key(event: Json) -> str:
    source = _dict(event, "source")
    for name in ("groupId", "roomId", "userId"):
        given = _str(source, name)
        if given and _USABLE_ID.fullmatch(given):
            return given
    return ""


def _time(event: Json) -> datetime:
    try:
        return datetime.fromtimestamp(int(event["timestamp"]) / 1000, UTC)
    except (KeyError, TypeError, ValueError, OverflowError, OSError):
        return UNKNOWN_TIME


# reading


def _loaded(payload: str) -> Json:
    try:
        event = json.loads(payload)
    except (ValueError, RecursionError):
        return {"type": "unreadable", "value": payload}
    return event if isinstance(event, dict) else {"type": "unreadable", "value": event}


def _dict(parent: Json, name: str) -> Json:
    value = parent.get(name)
    return value if isinstance(value, dict) else {}


def _str(parent: Json, name: str) -> str | None:
    value = parent.get(name)
    return value if isinstance(value, str) and value else None


def _size(value: object) -> int:
    return max(0, value) if isinstance(value, int) else 0


def _album(image_set: Json) -> Album | None:
    given = _str(image_set, "id")
    if given is None:
        return None
    index, total = _size(image_set.get("index")), _size(image_set.get("total"))
    return Album(id=given, index=index, total=total)


def _kind(event: Json, message: Json) -> IncomingKind:
    kind = event.get("type")
    if kind == "message":
        return _MESSAGE_KINDS.get(str(message.get("type")), IncomingKind.OTHER)
    return _EVENT_KINDS.get(str(kind), IncomingKind.OTHER)


def _chat(source: Json) -> ChatRef | None:
    for kind in (ChatKind.GROUP, ChatKind.ROOM, ChatKind.USER):
        given = _str(source, f"{kind}Id")
        if given is not None:
            return ChatRef(kind=kind, id=given)
    return None


def _members(change: Json) -> tuple[str, ...]:
    members = change.get("members")
    if not isinstance(members, list):
        return ()
    ids = (_str(member, "userId") for member in members if isinstance(member, dict))
    return tuple(person for person in ids if person is not None)


def _texts(given: Json) -> Mapping[str, str]:
    return {str(name): value for name, value in given.items() if isinstance(value, str)}


def _query(data: str) -> Mapping[str, str]:
    if not data:
        return {}
    if not _QUERY.fullmatch(data):
        return {"data": data}
    return dict(parse_qsl(data, keep_blank_values=True))


# mentions


def _mentionees(mention: Json) -> list[Json]:
    found = mention.get("mentionees")
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _is_self(mentionee: Json) -> bool:
    return mentionee.get("isSelf") is True


def _others(mentionees: Sequence[Json]) -> tuple[str, ...]:
    """LINE's ids of the people who are mentioned, each once; LINE does not always tell one."""
    ids = (_str(one, "userId") for one in mentionees if not _is_self(one))
    return tuple(dict.fromkeys(person for person in ids if person is not None))


def _without_mentions(text: str, mentionees: Sequence[Json], *, mentions_bot: bool) -> str:
    """The text without «@bot» and the names of other people.

    LINE does not say how `index` is counted; sending counts UTF-16, so that is tried first, and
    what is cut must begin with @ (LINE.md section 2). Where the bot is not mentioned, another's
    name in front stays: the words are said to that person.
    """
    spans = {span for one in mentionees if (span := _span(text, one)) is not None}
    for start, end in sorted(spans, reverse=True):
        if mentions_bot or _EDGES.sub("", text[:start]):
            text = text[:start] + text[end:]
    return _EDGES.sub("", text)


def _span(text: str, mentionee: Json) -> tuple[int, int] | None:
    """Where the mention stands in the text, in code points."""
    index, length = mentionee.get("index"), mentionee.get("length")
    if not isinstance(index, int) or not isinstance(length, int) or index < 0 or length < 1:
        return None
    for start, end in (_from_utf16(text, index, index + length), (index, index + length)):
        if text[start : start + 1] in ("@", "＠") and end <= len(text):
            return start, end
    return None


def _from_utf16(text: str, start: int, end: int) -> tuple[int, int]:
    """The same places, counted in code points instead of UTF-16 units."""
    places, units = [], 0
    for place, letter in enumerate(text):
        if units in (start, end):
            places.append(place)
        units += 2 if ord(letter) > 0xFFFF else 1
    if units in (start, end):
        places.append(len(text))
    return (places[0], places[1]) if len(places) == 2 else (len(text), len(text))
