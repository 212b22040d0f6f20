"""The bot's side of LINE: reply tokens, retry keys, the month's quota, sending."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

from bot.clock import Clock
from bot.line.stand_in import rules
from bot.line.stand_in.rules import Fault
from bot.line.stand_in.world import ChatMessage, World

Json = dict[str, Any]

_AFTER_DELIVERY = timedelta(seconds=60)
_AFTER_THE_EVENT = timedelta(minutes=20)
_KEY_LIVES = timedelta(hours=24)
_JAPAN = timezone(timedelta(hours=9))  # LINE's statistics count days in UTC+9
_CAN_BE_QUOTED = frozenset({"text", "textV2", "sticker", "image", "video", "template", "flex"})


class Refused(Exception):
    """LINE's answer when it does not do what was asked: status, message and more."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        details: Sequence[Fault] = (),
        headers: Mapping[str, str] | None = None,
        sent: Sequence[Json] = (),
    ) -> None:
        super().__init__(message)
        self.status = status
        self.headers = dict(headers or {})
        self.body: Json = {"message": message}
        if details:
            self.body["details"] = list(details)
        if sent:
            self.body["sentMessages"] = list(sent)


@dataclass(slots=True)
class _Token:
    chat_id: str
    event_at: datetime
    delivered_at: datetime
    is_used: bool = False


@dataclass(frozen=True, slots=True)
class _Accepted:
    at: datetime
    request_id: str
    sent: list[Json]


@dataclass(slots=True)
class Channel:
    """What LINE keeps about one bot; guarded by the world's lock.

    `quota` is the month's limit, None for no limit.
    """

    world: World
    clock: Clock
    quota: int | None
    _tokens: dict[str, _Token] = field(default_factory=dict)
    _accepted: dict[str, _Accepted] = field(default_factory=dict)
    _used: dict[str, int] = field(default_factory=dict)

    @property
    def used(self) -> int:
        """Messages counted this month: for each push, one for every person of the chat."""
        with self.world.changed:
            return self._used.get(self._month(), 0)

    def open_token(self, chat_id: str, event_at: datetime) -> str:
        """A new reply token for an event of a chat."""
        with self.world.changed:
            token = secrets.token_hex(16)
            self._tokens[token] = _Token(chat_id, event_at, event_at)
            return token

    def delivered(self, token: str) -> None:
        """The event of this token is brought now, for the first time or again."""
        with self.world.changed:
            if token in self._tokens:
                self._tokens[token].delivered_at = self.clock()

    def reply(self, body: Json, retry_key: str | None) -> list[Json]:
        """Send a reply (R#send-reply-message).

        Returns:
            `sentMessages`.

        Raises:
            Refused: the body, the token or the header is wrong.
        """
        if retry_key is not None:
            raise Refused(400, "The retry key can't be used in this request")
        _check(rules.reply_faults(body))
        with self.world.changed:
            token = self._tokens.get(body["replyToken"])
            if token is None or not self._is_alive(token):
                raise Refused(400, "Invalid reply token")
            self._check_for_chat(token.chat_id, body["messages"])
            token.is_used = True
            return self._write(token.chat_id, body["messages"], way="reply")

    def push(self, body: Json, retry_key: str | None, request_id: str) -> list[Json]:
        """Send a push (R#send-push-message).

        Returns:
            `sentMessages`.

        Raises:
            Refused: the body, the recipient or the key is wrong, or the quota is used up.
        """
        with self.world.changed:
            key = _as_key(retry_key)
            self._check_key(key)
            _check(rules.push_faults(body))
            chat_id = self._recipient(body["to"])
            self._check_for_chat(chat_id, body["messages"])
            self._charge(self.world.price(chat_id))
            if self.world.has_blocked(chat_id):
                sent = [{"id": self.unseen_id()} for _ in body["messages"]]
            else:
                sent = self._write(chat_id, body["messages"], way="push")
            if key is not None:
                self._accepted[key] = _Accepted(self.clock(), request_id, sent)
            return sent

    def unseen_id(self) -> str:
        """An id for a message that LINE accepts and nobody sees."""
        return str(secrets.randbelow(10**17) + 10**17)

    def _is_alive(self, token: _Token) -> bool:
        now = self.clock()
        return (
            not token.is_used
            and now - token.delivered_at <= _AFTER_DELIVERY
            and now - token.event_at <= _AFTER_THE_EVENT
        )

    def _check_key(self, key: str | None) -> None:
        before = self._accepted.get(key or "")
        if before is None or self.clock() - before.at > _KEY_LIVES:
            return
        raise Refused(
            409,
            "The retry key is already accepted",
            headers={"x-line-accepted-request-id": before.request_id},
            sent=before.sent,
        )

    def _recipient(self, to: str) -> str:
        if not (self.world.is_person(to) or self.world.is_group(to)):
            raise Refused(
                400, "The property, 'to', in the request body is invalid (line: -, column: -)"
            )
        if not self.world.can_be_pushed_to(to):
            raise Refused(400, "Failed to send messages")
        return to

    def _charge(self, price: int) -> None:
        if self.quota is not None and self.used + price > self.quota:
            raise Refused(429, "You have reached your monthly limit.")
        self._used[self._month()] = self.used + price

    def _month(self) -> str:
        return self.clock().astimezone(_JAPAN).strftime("%Y-%m")

    def _check_for_chat(self, chat_id: str, messages: Sequence[Json]) -> None:
        """What only the chat tells: who may be mentioned, what may be quoted."""
        if self.world.is_group(chat_id) and not self.world.bot_inside(chat_id):
            raise Refused(400, "Failed to send messages")
        faults: list[Fault] = []
        for place, message in enumerate(messages):
            token = message.get("quoteToken")
            if token is not None and self.world.quoted_by(token, chat_id) is None:
                faults.append(_fault("invalid quote token", f"messages[{place}].quoteToken"))
            for key, user_id in _mentioned(message):
                if not self.world.is_group(chat_id) or not (
                    user_id is None or self.world.is_member(chat_id, user_id)
                ):
                    where = f"messages[{place}].substitution.{key}"
                    faults.append(_fault("the mentioned user is not in the chat", where))
        _check(faults)

    def _write(self, chat_id: str, messages: Sequence[Json], *, way: str) -> list[Json]:
        sent = []
        for message in messages:
            token = message.get("quoteToken")
            quoted = None if token is None else self.world.quoted_by(token, chat_id)
            line = self.world.write(
                chat_id, self.world.bot_user_id, message, quoted=quoted, way=way
            )
            sent.append(self._receipt(line))
        return sent

    def _receipt(self, line: ChatMessage) -> Json:
        receipt: Json = {"id": line.id}
        if line.content["type"] in _CAN_BE_QUOTED:
            receipt["quoteToken"] = self.world.quote_token(line)
        return receipt


def _as_key(given: str | None) -> str | None:
    if given is None:
        return None
    try:
        return str(uuid.UUID(given))
    except ValueError:
        raise Refused(400, "The retry key is invalid; it must be a UUID") from None


def _check(faults: Sequence[Fault]) -> None:
    if faults:
        raise Refused(400, f"The request body has {len(faults)} error(s)", details=faults)


def _fault(message: str, where: str) -> Fault:
    return {"message": message, "property": where}


def _mentioned(message: Json) -> list[tuple[str, str | None]]:
    """Keys of a textV2 that mention, each with the user's id, None for everybody."""
    return [
        (key, value["mentionee"].get("userId"))
        for key, value in message.get("substitution", {}).items()
        if value["type"] == "mention"
    ]
