"""The one door to LINE's Messaging API: line-bot-sdk with timeouts, and its errors sorted.

The SDK is imported when a client is made, not before (it costs a second). Messages go out as
the JSON they were stored as: `ApiClient.call_api` with a dict, as the SDK's models drop what
they do not know. Nothing is tried again here: the outbox does that, with the same retry key.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, NoReturn, Self
from urllib.parse import quote

import urllib3

from bot.clock import monotonic
from bot.errors import (
    LineError,
    LineQuotaExhausted,
    LineRateLimited,
    LineRejected,
    LineTokenDead,
    LineUnauthorized,
    LineUnreachable,
)
from bot.messages import ChatKind, ChatRef

log = logging.getLogger(__name__)

Json = dict[str, Any]

_API = "https://api.line.me"
_DATA = "https://api-data.line.me"
_NOT_READY = 202
_ALREADY_ACCEPTED = 409
_CHUNK_BYTES = 64 * 1024
_DETAIL_LENGTH = 120

# The SDK hands over a body as it came when the answer's type is «bytearray»; everything else it
# decodes into models, which fails on answers that it does not know, after the message has gone.
_AS_BYTES = {str(status): "bytearray" for status in range(200, 300)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """LINE has taken a reply or a push.

    `ids` and `quote_tokens` go with the messages, in order; both are empty where LINE did not
    say. `already`: an earlier attempt with the same retry key had been accepted.
    """

    ids: tuple[str, ...] = ()
    quote_tokens: tuple[str | None, ...] = ()
    request_id: str | None = None
    already: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What LINE tells about a person."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A picture or a file that somebody sent: its bytes and what LINE says it is."""

    data: bytes
    content_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """Messages that may be sent this month (None: no limit) and about how many were."""

    limit: int | None
    used: int

    @property
    def left(self) -> int | None:
        """How many are left, None where there is no limit."""
        return None if self.limit is None else max(0, self.limit - self.used)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelState:
    """The channel as LINE knows it; `webhook` is its URL, None where none is set."""

    bot_id: str
    name: str
    webhook: str | None
    webhook_is_active: bool


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    request_id: str | None
    body: Json


class LineClient:
    """Calls of one channel; one object serves all threads of a process.

    Make it after a fork. Every method raises the `LineError` kind that LINE.md section 3 names
    for the answer.

    Args:
        token: the channel access token.
        api_base: instead of https://api.line.me.
        data_base: instead of https://api-data.line.me.
        threads: how many threads call at once; as many connections are kept.
        timeout: seconds for connecting and for reading; the SDK has none of its own.
    """

    def __init__(
        self,
        token: str,
        *,
        api_base: str | None = None,
        data_base: str | None = None,
        threads: int = 8,
        timeout: tuple[float, float] = (3.0, 10.0),
    ) -> None:
        from linebot.v3.messaging import ApiClient, ApiException, Configuration

        configuration = Configuration(access_token=token)
        configuration.retries = False
        configuration.connection_pool_maxsize = threads
        self._sdk = ApiClient(configuration)
        self._refused: type[Exception] = ApiException
        self._api = api_base or _API
        self._data = data_base or _DATA
        self._timeout = timeout

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._sdk.rest_client.pool_manager.clear()
        self._sdk.close()

    # sending

    def reply(self, token: str, messages: Sequence[Mapping[str, Any]]) -> Sent:
        """Answer an event, free of charge.

        After `LineUnreachable` it is not known whether it arrived; the same token may be tried
        once more, and `LineTokenDead` then means that it had.

        Args:
            token: the event's reply token; it works once.
            messages: one to five of LINE's message objects, sent as they are.
        """
        body = {"replyToken": token, "messages": list(messages)}
        return _sent(self._call("reply", "POST", "/v2/bot/message/reply", body=body))

    def push(self, to: str, messages: Sequence[Mapping[str, Any]], *, retry_key: str) -> Sent:
        """Send unasked; costs one message for every person of the chat.

        Args:
            to: a person's, a group's or a room's id.
            messages: one to five of LINE's message objects, sent as they are.
            retry_key: a UUID; within 24 hours LINE sends once for the same key.
        """
        answer = self._call(
            "push",
            "POST",
            "/v2/bot/message/push",
            body={"to": to, "messages": list(messages)},
            headers={"X-Line-Retry-Key": retry_key},
        )
        return _sent(answer)

    # chats and people

    def members_count(self, chat: ChatRef) -> int:
        """How many people a push to the chat would cost; the bot is not counted."""
        if chat.kind is ChatKind.USER:
            return 1
        path = f"/v2/bot/{chat.kind.value}/{quote(chat.id, safe='')}/members/count"
        return _whole(self._call("members_count", "GET", path), "count")

    def profile(
        self, person: str, chat: ChatRef, *, timeout: tuple[float, float] | None = None
    ) -> Profile:
        """A person's name, as the chat shows it.

        Args:
            person: the person's id.
            chat: where they are; in groups LINE tells it of strangers too.
            timeout: seconds for connecting and for reading, where somebody waits for it.
        """
        path = f"/v2/bot/profile/{quote(person, safe='')}"
        if chat.is_shared:
            inside = f"{chat.kind.value}/{quote(chat.id, safe='')}"
            path = f"/v2/bot/{inside}/member/{quote(person, safe='')}"
        answer = self._call("profile", "GET", path, timeout=timeout)
        return Profile(name=_text(answer, "displayName"))

    def group_name(self, group_id: str) -> str:
        """The name of a group; rooms have none."""
        path = f"/v2/bot/group/{quote(group_id, safe='')}/summary"
        return _text(self._call("group_name", "GET", path), "groupName")

    def leave(self, chat: ChatRef) -> None:
        """Leave a group or a room.

        Raises:
            ValueError: one cannot leave a one-to-one chat.
        """
        if not chat.is_shared:
            raise ValueError("a one-to-one chat cannot be left")
        path = f"/v2/bot/{chat.kind.value}/{quote(chat.id, safe='')}/leave"
        self._call("leave", "POST", path)

    # the channel

    def quota(self) -> Quota:
        """The month's messages; LINE calls its count of the used ones approximate."""
        limit = self._call("quota", "GET", "/v2/bot/message/quota")
        used = self._call("quota_used", "GET", "/v2/bot/message/quota/consumption")
        return Quota(
            limit=_whole(limit, "value") if limit.body.get("type") == "limited" else None,
            used=_whole(used, "totalUsage"),
        )

    def bot_id(self) -> str:
        """The bot's own user id."""
        return _text(self._call("bot_info", "GET", "/v2/bot/info"), "userId")

    def check(self) -> ChannelState:
        """Who the bot is and where LINE would post to; needs a working token."""
        info = self._call("bot_info", "GET", "/v2/bot/info")
        try:
            webhook = self._call("webhook", "GET", "/v2/bot/channel/webhook/endpoint").body
        except LineRejected:
            webhook = {}
        return ChannelState(
            bot_id=_text(info, "userId"),
            name=_text(info, "displayName"),
            webhook=webhook.get("endpoint"),
            webhook_is_active=webhook.get("active") is True,
        )

    # content

    def content(self, message_id: str, max_bytes: int) -> Content | None:
        """A picture, film, recording or file that somebody sent.

        Args:
            message_id: the message it came with.
            max_bytes: more is not taken.

        Returns:
            None while LINE is still preparing it (202): ask again.

        Raises:
            LineRejected: taken back (410), unknown (404), or more than `max_bytes` (200).
            LineUnreachable: for 400 too; an outage of LINE answered so for 90 minutes.
        """
        url = f"{self._data}/v2/bot/message/{quote(message_id, safe='')}/content"
        began = monotonic()
        try:
            answer = self._sdk.rest_client.pool_manager.request(
                "GET",
                url,
                headers=dict(self._sdk.default_headers),
                timeout=urllib3.Timeout(connect=self._timeout[0], read=self._timeout[1]),
                preload_content=False,
            )
            try:
                return self._taken(answer, max_bytes, began)
            finally:
                answer.close()
        except urllib3.exceptions.HTTPError as exc:
            self._log("content", None, None, began)
            raise LineUnreachable(type(exc).__name__) from exc

    def _taken(
        self, answer: urllib3.BaseHTTPResponse, max_bytes: int, began: float
    ) -> Content | None:
        request_id = answer.headers.get("x-line-request-id")
        if answer.status == _NOT_READY:
            self._log("content", answer.status, request_id, began)
            return None
        if answer.status != 200:
            self._log("content", answer.status, request_id, began)
            kind = LineUnreachable if answer.status == 400 else _kind_of(answer.status, "")
            raise kind("content", status=answer.status, request_id=request_id)
        data = bytearray()
        for chunk in answer.stream(_CHUNK_BYTES):
            data += chunk
            if len(data) > max_bytes:
                raise LineRejected("content is too large", status=200, request_id=request_id)
        self._log("content", answer.status, request_id, began)
        content_type = answer.headers.get("content-type", "application/octet-stream")
        return Content(data=bytes(data), content_type=content_type)

    # calling

    def _call(
        self,
        endpoint: str,
        method: str,
        path: str,
        *,
        body: Json | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: tuple[float, float] | None = None,
    ) -> _Answer:
        began = monotonic()
        try:
            answer = self._sdk.call_api(
                path,
                method,
                header_params={
                    "Accept": "application/json",
                    "Content-Type": "application/json",
                    **(headers or {}),
                },
                body=body,
                response_types_map=_AS_BYTES,
                auth_settings=["Bearer"],
                _request_timeout=timeout or self._timeout,
                _host=self._api,
            )
        except (urllib3.exceptions.HTTPError, UnicodeDecodeError) as exc:
            self._log(endpoint, None, None, began)
            raise LineUnreachable(type(exc).__name__) from exc
        except self._refused as exc:
            return self._refusal(exc, endpoint, began)
        request_id = answer.headers.get("x-line-request-id")
        self._log(endpoint, answer.status_code, request_id, began)
        return _Answer(answer.status_code, request_id, _object(answer.data))

    def _refusal(self, exc: Any, endpoint: str, began: float) -> _Answer:
        """Raise ours for the SDK's exception; 409 for a push is no error."""
        status, headers = exc.status or None, exc.headers or {}
        request_id = headers.get("x-line-request-id")
        self._log(endpoint, status, request_id, began)
        body = _object(exc.body)
        if endpoint == "push" and status == _ALREADY_ACCEPTED:
            accepted = headers.get("x-line-accepted-request-id") or request_id
            return _Answer(_ALREADY_ACCEPTED, accepted, body)
        said = str(body.get("message", ""))
        kind = self._kind_of_429(endpoint, said) if status == 429 else _kind_of(status, said)
        _raise(kind, _detail(body), status, request_id, exc)

    def _kind_of_429(self, endpoint: str, said: str) -> type[LineError]:
        """The month or the speed? LINE's words tell, and where they do not, the quota does."""
        if "monthly" in said.lower():
            return LineQuotaExhausted
        if endpoint != "push" or "rate limit" in said.lower():
            return LineRateLimited
        try:
            left = self.quota().left
        except LineError:
            return LineRateLimited
        return LineRateLimited if left is None or left > 0 else LineQuotaExhausted

    def _log(self, endpoint: str, status: int | None, request_id: str | None, began: float) -> None:
        # LINE keeps no log for us and asks for this one (LINE.md section 5).
        log.info(
            "line_call",
            extra={
                "endpoint": endpoint,
                "status": status,
                "request_id": request_id,
                "took_ms": round((monotonic() - began) * 1000, 1),
            },
        )


def _kind_of(status: int | None, said: str) -> type[LineError]:
    """The error for a status, LINE.md section 3; its words only tell apart what it cannot."""
    if status in (401, 403):
        return LineUnauthorized
    if status == 429:
        return LineRateLimited
    if status == 400 and "invalid reply token" in said.lower():
        return LineTokenDead
    if status is not None and 400 <= status < 500 and status != 408:
        return LineRejected
    return LineUnreachable


def _raise(
    kind: type[LineError],
    detail: str,
    status: int | None,
    request_id: str | None,
    cause: Exception,
) -> NoReturn:
    raise kind(detail, status=status, request_id=request_id) from cause


def _object(raw: bytes | str | None) -> Json:
    """The JSON object in a body; an empty one for whatever else came."""
    try:
        content = json.loads(raw or "{}")
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def _detail(body: Json) -> str:
    """LINE's reason and the places it names; neither quotes what was sent."""
    details = body.get("details")
    places = [
        f"{one.get('property', '?')}: {one.get('message', '')}"
        for one in (details if isinstance(details, list) else [])
        if isinstance(one, dict)
    ]
    parts = [str(body.get("message", "no reason given")), *places[:3]]
    return "; ".join(part[:_DETAIL_LENGTH] for part in parts)


def _sent(answer: _Answer) -> Sent:
    """What LINE took; an answer in an unexpected shape is still a success."""
    given = answer.body.get("sentMessages")
    messages = [one for one in (given if isinstance(given, list) else []) if isinstance(one, dict)]
    tokens = [one.get("quoteToken") for one in messages]
    return Sent(
        ids=tuple(str(one.get("id", "")) for one in messages),
        quote_tokens=tuple(token if isinstance(token, str) else None for token in tokens),
        request_id=answer.request_id,
        already=answer.status == _ALREADY_ACCEPTED,
    )


def _whole(answer: _Answer, name: str) -> int:
    value = answer.body.get(name)
    if not isinstance(value, int):
        raise LineUnreachable(f"no {name} in the answer", status=answer.status)
    return value


def _text(answer: _Answer, name: str) -> str:
    value = answer.body.get(name)
    if not isinstance(value, str):
        raise LineUnreachable(f"no {name} in the answer", status=answer.status)
    return value
