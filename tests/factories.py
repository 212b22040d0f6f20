"""Makes what tests need many of."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.line import webhook
from bot.line.webhook import RawEvent
from bot.messages import ChatKind, ChatRef

_numbers = itertools.count(1)


def group(name: str = "group") -> ChatRef:
    """A group's chat; the same name, the same chat."""
    return ChatRef(kind=ChatKind.GROUP, id="C" + name.encode().hex().ljust(32, "0")[:32])


def person(name: str = "person") -> str:
    """A person's id; the same name, the same person."""
    return "U" + name.encode().hex().ljust(32, "0")[:32]


def own_chat(name: str = "person") -> ChatRef:
    """A person's one-to-one chat."""
    return ChatRef(kind=ChatKind.USER, id=person(name))


def line_event(
    chat: ChatRef,
    at: datetime,
    kind: str = "message",
    *,
    sender: str | None = None,
    event_id: str | None = None,
    reply_token: str | None = None,
    **fields: Any,
) -> dict[str, Any]:
    """An event as LINE posts it."""
    number = next(_numbers)
    return {
        "type": kind,
        "mode": "active",
        "timestamp": int(at.timestamp() * 1000),
        "source": {
            "type": chat.kind.value,
            f"{chat.kind.value}Id": chat.id,
            "userId": sender or person(),
        },
        "webhookEventId": event_id or f"01TEST{number:020d}",
        "deliveryContext": {"isRedelivery": False},
        "replyToken": reply_token or f"token{number:027d}",
        **fields,
    }


def text_event(
    chat: ChatRef, at: datetime, text: str = "問題", *, message_id: str | None = None, **more: Any
) -> dict[str, Any]:
    """Somebody says something."""
    message = {"id": message_id or f"{next(_numbers):018d}", "type": "text", "text": text}
    return line_event(chat, at, message=message, **more)


def edit_event(
    chat: ChatRef, at: datetime, text: str, *, message_id: str, **more: Any
) -> dict[str, Any]:
    """Somebody changes what they said."""
    message = {"id": message_id, "type": "text", "text": text}
    return line_event(chat, at, "messageEdited", message=message, **more)


def unsend_event(chat: ChatRef, at: datetime, *, message_id: str, **more: Any) -> dict[str, Any]:
    """Somebody takes a message back; LINE gives no reply token for it."""
    event = line_event(chat, at, "unsend", unsend={"messageId": message_id}, **more)
    del event["replyToken"]
    return event


def raw(event: Mapping[str, Any]) -> RawEvent:
    """An event as the web process stores it."""
    (one,) = split_events(event)
    return one


def split_events(*events: Mapping[str, Any]) -> list[RawEvent]:
    """Events of one webhook body, as the web process stores them."""
    return webhook.split(json.dumps({"destination": "U" + "0" * 32, "events": events}).encode())
