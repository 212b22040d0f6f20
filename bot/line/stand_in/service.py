"""The stand-in itself: people act, the bot answers over HTTP, faults can be ordered."""

from __future__ import annotations

import contextlib
import hashlib
import re
import secrets
import socket
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from bot.clock import Clock, system_clock
from bot.line.stand_in.api import api_of
from bot.line.stand_in.channel import Channel
from bot.line.stand_in.post import Postman, redelivered
from bot.line.stand_in.world import (
    Call,
    ChatMessage,
    Group,
    Person,
    World,
    mentions,
    new_event_id,
)

Json = dict[str, Any]
ContentKind = Literal["image", "video", "audio", "file"]

_LOOKS_LIKE = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG", "image/png"),
    (b"%PDF", "application/pdf"),
)
_LOOK_SECONDS = 0.05  # how often the server looks whether it shall stop
_USUAL_TYPE = {"image": "image/jpeg", "video": "video/mp4", "audio": "audio/x-m4a"}
_NAME = re.compile(r"\{\{|\}\}|\{([0-9A-Za-z_]{1,20})\}")


@dataclass(slots=True, kw_only=True)
class Fault:
    """What the next calls of an endpoint get instead of the right answer."""

    path_part: str
    status: int
    body: Json | None
    times: int
    after_effect: bool
    hang_seconds: float


class _QuietHandler(WSGIRequestHandler):
    """Werkzeug's, without a line on stderr for every request."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing: `StandIn.calls` keeps the calls."""


class StandIn:
    """A LINE for one bot; thread-safe, in memory.

    Args:
        secret: the channel secret; signs webhooks.
        token: the channel access token that the API asks for.
        webhook_url: where events go; without one they are thrown away, as LINE does.
        clock: decides the age of reply tokens and retry keys and the month of the quota.
        quota: messages a month, None for no limit.
        redelivers: whether «Webhook redelivery» is switched on.
        bot_name: what people type after @.
    """

    def __init__(
        self,
        *,
        secret: str,
        token: str,
        webhook_url: str | None = None,
        clock: Clock = system_clock,
        quota: int | None = 200,
        redelivers: bool = True,
        bot_name: str = "提升服務小幫手",
    ) -> None:
        self.secret = secret
        self.token = token
        self.webhook_url = webhook_url
        self.bot_name = bot_name
        self.bot_user_id = "U" + hashlib.sha256(f"bot:{secret}".encode()).hexdigest()[:32]
        self.events: list[Json] = []
        self.calls: list[Call] = []
        self.world = World(clock=clock, bot_user_id=self.bot_user_id, salt=secret)
        self.channel = Channel(world=self.world, clock=clock, quota=quota)
        self.stopping = threading.Event()
        self._clock = clock
        self._faults: list[Fault] = []
        self._server: BaseWSGIServer | None = None
        self._serving: threading.Thread | None = None
        self._postman = Postman(
            address=lambda: self.webhook_url,
            secret=secret,
            destination=self.bot_user_id,
            redelivers=redelivers,
            leaving=self._leaving,
        )

    # serving

    def start(self, port: int = 0) -> str:
        """Serve the API on this machine in a thread.

        Returns:
            The base URL, for both `LINE_API_BASE` and `LINE_API_DATA_BASE`.
        """
        server = make_server(
            "127.0.0.1", port, api_of(self), threaded=True, request_handler=_QuietHandler
        )
        self._server = server
        self._serving = threading.Thread(
            target=server.serve_forever, args=(_LOOK_SECONDS,), name="line", daemon=True
        )
        self._serving.start()
        return f"http://127.0.0.1:{server.server_port}"

    def stop(self) -> None:
        """Stop serving and delivering."""
        self.stopping.set()
        self._postman.stop()
        if self._server is not None and self._serving is not None:
            with contextlib.suppress(OSError):  # wakes the server: it stops at once
                self._server.socket.shutdown(socket.SHUT_RDWR)
            self._server.shutdown()
            self._serving.join()
            self._server.server_close()
            self._server = None

    # the world

    def add_person(self, name: str) -> Person:
        """Somebody new."""
        return self.world.add_person(name)

    def add_group(self, name: str, members: Iterable[Person], *, room: bool = False) -> Group:
        """A new group (or room, LINE's older kind) of these people, without the bot."""
        return self.world.add_group(name, members, room=room)

    def invite_bot(self, group_id: str) -> None:
        """The bot joins a group.

        Raises:
            ValueError: it is in it already.
        """
        self.world.put_bot(group_id, inside=True)
        self._note(group_id, f"{self.bot_name}已加入群組")
        self._happen("join", group_id, token=True)

    def remove_bot(self, group_id: str) -> None:
        """The bot is put out of a group, or leaves it.

        Raises:
            ValueError: it is not in it.
        """
        self.world.put_bot(group_id, inside=False)
        self._note(group_id, f"{self.bot_name}已離開群組")
        self._happen("leave", group_id)

    def add_member(self, group_id: str, person_id: str) -> None:
        """A person joins a group."""
        self.world.join(group_id, person_id)
        self._note(group_id, f"{self.world.person(person_id).name}已加入群組")
        joined = {"members": [{"type": "user", "userId": person_id}]}
        self._happen("memberJoined", group_id, token=True, joined=joined)

    def remove_member(self, group_id: str, person_id: str) -> None:
        """A person leaves a group."""
        self.world.part(group_id, person_id)
        self._note(group_id, f"{self.world.person(person_id).name}已離開群組")
        self._happen(
            "memberLeft", group_id, left={"members": [{"type": "user", "userId": person_id}]}
        )

    def follow(self, person_id: str) -> None:
        """A person adds the bot as a friend, or unblocks it."""
        was_blocked = self.world.befriend(person_id)
        self._happen(
            "follow", person_id, person_id, token=True, follow={"isUnblocked": was_blocked}
        )

    def unfollow(self, person_id: str) -> None:
        """A person blocks the bot."""
        self._happen("unfollow", person_id, person_id)
        self.world.block(person_id)

    # acting

    def say(
        self,
        person_id: str,
        chat_id: str,
        text: str,
        *,
        mention_bot: bool = False,
        quote: str | None = None,
    ) -> ChatMessage:
        """A person writes.

        Args:
            mention_bot: put «@bot» in front, unless the text has it.
            quote: the id of the message that is quoted.

        Raises:
            KeyError: no such chat, or no such message to quote.
            ValueError: the person is not in the chat.
        """
        if mention_bot and f"@{self.bot_name}" not in text:
            text = f"@{self.bot_name} {text}"
        return self._say(person_id, chat_id, text, quote=quote, picks_names=True)

    def send_content(
        self,
        person_id: str,
        chat_id: str,
        kind: ContentKind,
        data: bytes,
        *,
        file_name: str = "",
        image_set: Json | None = None,
    ) -> ChatMessage:
        """A person sends a picture, a film, a recording or a file.

        Args:
            image_set: of a picture that was chosen with others, LINE's `imageSet`.
        """
        content: Json = {"type": kind}
        if kind == "file":
            content |= {"fileName": file_name, "fileSize": len(data)}
        line = self.world.write(chat_id, person_id, content, data=(data, _content_type(kind, data)))
        message: Json = {**content, "id": line.id, "markAsReadToken": secrets.token_urlsafe(48)}
        if kind in ("image", "video"):
            message["quoteToken"] = self.world.quote_token(line)
        if kind == "image" and image_set is not None:
            message["imageSet"] = image_set
        if kind != "file":
            message["contentProvider"] = {"type": "line"}
        if kind in ("video", "audio"):
            message["duration"] = 1000
        self._happen("message", chat_id, person_id, token=True, message=message)
        return line

    def send_album(
        self, person_id: str, chat_id: str, pictures: Sequence[bytes]
    ) -> list[ChatMessage]:
        """A person chooses several pictures and sends them at once (R#wh-image)."""
        album = secrets.token_hex(32).upper()
        total = len(pictures)
        return [
            self.send_content(
                person_id,
                chat_id,
                "image",
                data,
                image_set={"id": album, "index": index, "total": total},
            )
            for index, data in enumerate(pictures, start=1)
        ]

    def send_sticker(self, person_id: str, chat_id: str) -> ChatMessage:
        """A person sends a sticker."""
        content = {"type": "sticker", "packageId": "446", "stickerId": "1988"}
        line = self.world.write(chat_id, person_id, content)
        message = {
            **content,
            "id": line.id,
            "stickerResourceType": "ANIMATION",
            "keywords": ["OK"],
            "quoteToken": self.world.quote_token(line),
            "markAsReadToken": secrets.token_urlsafe(48),
        }
        self._happen("message", chat_id, person_id, token=True, message=message)
        return line

    def tap(self, person_id: str, chat_id: str, message_id: str, action: Mapping[str, Any]) -> None:
        """A person taps a button.

        Args:
            message_id: the message that has the button.
            action: LINE's action JSON; a picker's with `picked`, such as {"date": "2026-07-01"}.

        Raises:
            KeyError: no such message in the chat.
        """
        if self.world.message(message_id).chat_id != chat_id:
            raise KeyError(message_id)
        kind = action.get("type")
        if kind == "message":
            self._say(person_id, chat_id, action["text"], quote=None, picks_names=False)
        elif kind == "postback":
            shown = action.get("displayText") or action.get("text")
            if shown:
                self.world.write(chat_id, person_id, {"type": "text", "text": shown})
            self._post_back(person_id, chat_id, {"data": action["data"]})
        elif kind == "datetimepicker":
            picked = dict(action["picked"])
            self._post_back(person_id, chat_id, {"data": action["data"], "params": picked})

    def edit(self, person_id: str, message_id: str, text: str) -> None:
        """A person changes a text; the bot hears of it in groups only (R#edit-event).

        Raises:
            ValueError: it is not this person's own text.
        """
        old = self._own(person_id, message_id)
        if old.content.get("type") != "text":
            raise ValueError("only a text can be edited")
        line = self.world.change(message_id, content={**old.content, "text": text})
        if self.world.is_group(line.chat_id):
            message = self._text_of(line, text, picks_names=True)
            self._happen("messageEdited", line.chat_id, person_id, token=True, message=message)

    def unsend(self, person_id: str, message_id: str) -> None:
        """A person takes a message back.

        Raises:
            ValueError: it is not this person's own.
        """
        old = self._own(person_id, message_id)
        self.world.change(message_id, content={"type": old.content["type"]}, unsent=True)
        self._happen("unsend", old.chat_id, person_id, unsend={"messageId": message_id})

    # reading

    def history(self, chat_id: str) -> list[ChatMessage]:
        """A chat's lines, oldest first."""
        return self.world.history(chat_id)

    def content(self, message_id: str) -> tuple[bytes, str]:
        """Bytes and content type of a picture or a file."""
        return self.world.content(message_id)

    @property
    def people(self) -> list[Person]:
        """Everybody."""
        return self.world.people()

    @property
    def groups(self) -> list[Group]:
        """All groups and rooms."""
        return self.world.groups()

    def members(self, group_id: str) -> list[Person]:
        """The people of a group, without the bot."""
        return self.world.members(group_id)

    def bot_inside(self, group_id: str) -> bool:
        """Whether the bot is in the group."""
        return self.world.bot_inside(group_id)

    @property
    def seq(self) -> int:
        """Rises with every visible change."""
        return self.world.seq

    def wait_for_change(self, seq: int, timeout: float) -> int:
        """Wait until something is newer than `seq`, at most `timeout` seconds; the newest seq."""
        return self.world.wait_for_change(seq, timeout)

    @property
    def used(self) -> int:
        """Messages counted this month."""
        return self.channel.used

    @property
    def quota(self) -> int | None:
        """Messages a month, None for no limit."""
        return self.channel.quota

    @quota.setter
    def quota(self, limit: int | None) -> None:
        self.channel.quota = limit

    def said_to(self, chat_id: str) -> list[str]:
        """What the bot said in a chat, as plain words, oldest first."""
        return [
            self._plain(line.content)
            for line in self.history(chat_id)
            if line.sender == self.bot_user_id
        ]

    # faults

    def fail_next(
        self,
        path_part: str,
        *,
        status: int,
        body: Json | None = None,
        times: int = 1,
        after_effect: bool = False,
        hang_seconds: float = 0.0,
    ) -> None:
        """Let the next calls go wrong.

        Args:
            path_part: the calls whose path has this in it.
            status: the answer's status; 0 cuts the connection without an answer.
            body: the answer's JSON.
            times: how many calls.
            after_effect: what was asked is done all the same.
            hang_seconds: how long the answer takes.
        """
        with self.world.changed:
            self._faults.append(
                Fault(
                    path_part=path_part,
                    status=status,
                    body=body,
                    times=times,
                    after_effect=after_effect,
                    hang_seconds=hang_seconds,
                )
            )

    def fault_for(self, path: str) -> Fault | None:
        """The fault ordered for this call, if any; counts it down."""
        with self.world.changed:
            for fault in self._faults:
                if fault.path_part in path and fault.times > 0:
                    fault.times -= 1
                    return fault
            return None

    def hold_deliveries(self) -> None:
        """Keep webhook events back."""
        self._postman.hold()

    def release_deliveries(self, *, shuffled: bool = False) -> None:
        """Bring what was kept back, perhaps in another order."""
        self._postman.release(shuffled=shuffled)

    def redeliver(self, event_id: str) -> int:
        """Bring an event again at once; the status.

        Raises:
            KeyError: no event has this id.
        """
        for event in self.events:
            if event["webhookEventId"] == event_id:
                return self._postman.bring([redelivered(event)])
        raise KeyError(event_id)

    def deliver_raw(self, body: Any, *, signature: str | None = "right") -> int:
        """Bring any body; the status, 0 without an answer.

        Args:
            signature: «right», None for no header, or the header's value.
        """
        return self._postman.bring_body(body, signature=signature)

    def try_webhook(self, url: str | None) -> int:
        """LINE's own test: no events, to `url` or the webhook's; the status."""
        body: Json = {"destination": self.bot_user_id, "events": []}
        return self._postman.bring_body(body, url=url)

    def wait_idle(self, timeout: float = 10) -> None:
        """Wait until every event is delivered or given up.

        Raises:
            TimeoutError: it took longer than `timeout` seconds.
        """
        self._postman.wait_idle(timeout)

    # how events come about

    def _say(
        self, person_id: str, chat_id: str, text: str, *, quote: str | None, picks_names: bool
    ) -> ChatMessage:
        if quote is not None and self.world.message(quote).chat_id != chat_id:
            raise KeyError(quote)
        line = self.world.write(chat_id, person_id, {"type": "text", "text": text}, quoted=quote)
        message = self._text_of(line, text, picks_names=picks_names)
        message["markAsReadToken"] = secrets.token_urlsafe(48)
        self._happen("message", chat_id, person_id, token=True, message=message)
        return line

    def _text_of(self, line: ChatMessage, text: str, *, picks_names: bool) -> Json:
        message: Json = {"type": "text", "id": line.id, "text": text}
        message["quoteToken"] = self.world.quote_token(line)
        if line.quoted is not None:
            message["quotedMessageId"] = line.quoted
        if picks_names and self.world.is_group(line.chat_id):
            others = self.world.members(line.chat_id)
            if mention := mentions(text, self.bot_name, self.bot_user_id, others):
                message["mention"] = mention
        return message

    def _post_back(self, person_id: str, chat_id: str, postback: Json) -> None:
        self._happen("postback", chat_id, person_id, token=True, postback=postback)

    def _own(self, person_id: str, message_id: str) -> ChatMessage:
        message = self.world.message(message_id)
        if message.sender != person_id or message.unsent:
            raise ValueError(f"{message_id} is not a message of {person_id}")
        return message

    def _note(self, chat_id: str, text: str) -> None:
        self.world.write(chat_id, "", {"type": "system", "text": text})

    def _happen(
        self,
        kind: str,
        chat_id: str,
        person_id: str | None = None,
        *,
        token: bool = False,
        **more: Json,
    ) -> None:
        if not self._bot_hears(kind, chat_id):
            return
        at = self._clock()
        event: Json = {
            "type": kind,
            "webhookEventId": new_event_id(at),
            "deliveryContext": {"isRedelivery": False},
            "timestamp": int(at.timestamp() * 1000),
            "source": self._source(chat_id, person_id),
            "mode": "active",
        }
        if token:
            event["replyToken"] = self.channel.open_token(chat_id, at)
        event |= more
        with self.world.changed:
            self.events.append(event)
            if self.webhook_url is not None:
                self._postman.put(event)

    def _bot_hears(self, kind: str, chat_id: str) -> bool:
        if self.world.is_group(chat_id):
            return kind == "leave" or self.world.bot_inside(chat_id)
        return not self.world.has_blocked(chat_id)

    def _source(self, chat_id: str, person_id: str | None) -> Json:
        if not self.world.is_group(chat_id):
            return {"type": "user", "userId": chat_id}
        kind = "room" if self.world.group(chat_id).is_room else "group"
        source: Json = {"type": kind, f"{kind}Id": chat_id}
        if person_id is not None:
            source["userId"] = person_id
        return source

    def _leaving(self, events: Sequence[Mapping[str, Any]]) -> None:
        for event in events:
            if "replyToken" in event:
                self.channel.delivered(event["replyToken"])

    def _plain(self, content: Mapping[str, Any]) -> str:
        if content["type"] == "textV2":
            return _NAME.sub(lambda found: self._filled(found, content), content["text"])
        return str(content.get("text") or content.get("altText") or content["type"])

    def _filled(self, found: re.Match[str], content: Mapping[str, Any]) -> str:
        if found.group(1) is None:
            return found.group()[0]
        mentionee = content["substitution"][found.group(1)].get("mentionee", {})
        user_id = mentionee.get("userId")
        return f"@{self.world.person(user_id).name}" if user_id else "@All"


def _content_type(kind: str, data: bytes) -> str:
    for start, name in _LOOKS_LIKE:
        if data.startswith(start):
            return name
    return _USUAL_TYPE.get(kind, "application/octet-stream")
