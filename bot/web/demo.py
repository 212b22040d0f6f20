"""The chat page of `planbot demo`: the stand-in's people and groups, in the browser.

The page polls `/demo/api/state`, which answers when something has changed, and acts through
POSTs under `/demo/api/`. Nothing is loaded from elsewhere: the Content-Security-Policy allows
this server only.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, abort, jsonify, make_response, render_template, request
from werkzeug.exceptions import RequestEntityTooLarge

from bot.clock import Clock
from bot.line.stand_in import ChatMessage, Group, Person, StandIn

Json = dict[str, Any]

_POLICY = (
    "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "object-src 'none'"
)
_OUR_HEADER = "X-Planbot-Demo"  # a foreign page cannot send it, so it cannot act here
_LONGEST_WAIT_SECONDS = 25.0
_LARGEST_FILE_BYTES = 10 * 1024 * 1024
_LONGEST_TEXT = 5_000  # LINE.md section 4
_LONGEST_NAME = 200
_EVENTS_SHOWN = 60
_CALLS_LOOKED_AT = 500
_REFUSALS_SHOWN = 3
_SAME_PUSH = timedelta(seconds=2)
_PICTURES = ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"))
_PICKED = re.compile(r"(\d{4}-\d{2}-\d{2})?T?(\d{2}:\d{2})?")

# What the page itself says when it refuses; the bot's own sentences are in bot/phrases.py.
_UNREADABLE = "看不懂這個要求，請重新整理頁面再試一次。"
_NOT_FROM_THE_PAGE = "請從試用頁操作。"
_NOBODY = "沒有這個人，請重新整理頁面。"
_NO_CHAT = "沒有這個聊天，請重新整理頁面。"
_NOT_INSIDE = "你不在這個聊天裡，加入群組後才能說話。"
_NO_TEXT = "請先輸入文字。"
_TOO_LONG = "一則訊息最多 5,000 字，請分成幾則。"
_GONE = "這則訊息已經不在了。"
_NO_SUCH_BUTTON = "那則訊息上沒有這個按鈕。"
_NOT_PICKED = "請選擇日期或時間。"
_NO_FILE = "這個檔案是空的，請換一個。"
_FILE_TOO_LARGE = "檔案太大了，最多 10 MB。"
_NOT_NOW = "現在做不到：可能已經做過了，或這則訊息不是你的。"


class _RefusedError(Exception):
    """The page asked for something that cannot be; the message is a sentence for people."""


def demo_blueprint(stand_in: StandIn, *, clock: Clock, hints: Sequence[str]) -> Blueprint:
    """The page at `/demo/` with its API, static files and the stand-in's pictures.

    Args:
        stand_in: the local LINE whose chats are shown; the first group is opened first.
        clock: what «today» means on the page.
        hints: messages that the page suggests; one that ends in «…» is put into the text box,
            the others are sent at a tap. In groups the page puts 「小幫手 」 in front.
    """
    demo = Blueprint(
        "demo",
        __name__,
        url_prefix="/demo",
        template_folder="templates",
        static_folder="static/demo",
        static_url_path="/static",
    )
    run = secrets.token_hex(8)

    @demo.get("/")
    def page() -> str:
        return render_template("demo/page.html", bot_name=stand_in.bot_name)

    @demo.get("/api/state")
    def state() -> Json:
        since = _whole(request.args.get("since"))
        if request.args.get("run") != run:
            since = -1
        wait = min(float(_whole(request.args.get("wait"))), _LONGEST_WAIT_SECONDS)
        stand_in.wait_for_change(since, wait)
        return {"run": run, "hints": list(hints), **_state(stand_in, since, clock())}

    @demo.post("/api/<name>")
    def act(name: str) -> Json:
        action = _ACTIONS.get(name)
        if action is None:
            abort(404)
        return _done(stand_in, action)

    @demo.get("/content/<message_id>")
    def content(message_id: str) -> Response:
        return _content(stand_in, message_id)

    @demo.before_request
    def check_origin() -> None:
        if request.method == "POST" and _OUR_HEADER not in request.headers:
            raise _RefusedError(_NOT_FROM_THE_PAGE)
        request.max_content_length = _LARGEST_FILE_BYTES

    @demo.after_request
    def protect(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", _POLICY)
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    @demo.errorhandler(_RefusedError)
    def refuse(refusal: _RefusedError) -> Response:
        return make_response(jsonify(error=str(refusal)), 400)

    @demo.errorhandler(RequestEntityTooLarge)
    def refuse_size(_: RequestEntityTooLarge) -> Response:
        return make_response(jsonify(error=_FILE_TOO_LARGE), 400)

    return demo


# --- what the page shows ---------------------------------------------------------------------


def _state(stand_in: StandIn, since: int, now: datetime) -> Json:
    """Everything small, and the messages that are newer than `since`."""
    seq = stand_in.seq
    chats = [
        *(_group(stand_in, group) for group in stand_in.groups),
        *(_one_to_one(stand_in, person) for person in stand_in.people),
    ]
    return {
        "seq": seq,
        "now": now.isoformat(),
        "bot": {"id": stand_in.bot_user_id, "name": stand_in.bot_name},
        "people": [{"id": person.id, "name": person.name} for person in stand_in.people],
        "chats": chats,
        "messages": [
            _message(line)
            for chat in chats
            for line in stand_in.history(chat["id"])
            if line.seq > since
        ],
        "used": stand_in.used,
        "quota": stand_in.quota,
        "heard": _heard(stand_in),
        "pushed": [push for chat in chats for push in _pushed(stand_in, chat["id"])],
        "refused": _refused(stand_in),
    }


def _group(stand_in: StandIn, group: Group) -> Json:
    return {
        "id": group.id,
        "kind": "group",
        "name": group.name,
        "members": [member.id for member in stand_in.members(group.id)],
        "bot_hears": stand_in.bot_inside(group.id),
    }


def _one_to_one(stand_in: StandIn, person: Person) -> Json:
    return {
        "id": person.id,
        "kind": "user",
        "name": person.name,
        "members": [person.id],
        "bot_hears": not stand_in.world.has_blocked(person.id),
    }


def _message(line: ChatMessage) -> Json:
    return {
        "id": line.id,
        "chat": line.chat_id,
        "sender": line.sender,
        "at": line.at.isoformat(),
        "content": dict(line.content),
        "quoted": line.quoted,
        "unsent": line.unsent,
        "way": line.way,
        "seq": line.seq,
    }


def _heard(stand_in: StandIn) -> list[Json]:
    """The latest events that went to the bot, and whether it used their reply token."""
    answered = {
        call.body.get("replyToken")
        for call in stand_in.calls[-_CALLS_LOOKED_AT:]
        if call.path.endswith("/message/reply") and call.status == 200
    }
    return [
        {
            "id": event["webhookEventId"],
            "at": event["timestamp"],
            "chat": _chat_of(event["source"]),
            "sender": event["source"].get("userId", ""),
            "kind": event["type"],
            "what": _what(event),
            "answerable": "replyToken" in event,
            "answered": event.get("replyToken", "") in answered,
        }
        for event in stand_in.events[-_EVENTS_SHOWN:]
    ]


def _chat_of(source: Mapping[str, str]) -> str:
    return source.get("groupId") or source.get("roomId") or source["userId"]


def _what(event: Mapping[str, Any]) -> Json:
    message = event.get("message", {})
    return {"type": message.get("type", ""), "text": message.get("text", "")}


def _pushed(stand_in: StandIn, chat_id: str) -> Iterator[Json]:
    """The pushes of a chat; messages at the same moment are one push, and one price."""
    before: datetime | None = None
    for line in stand_in.history(chat_id):
        if line.way != "push":
            before = None
            continue
        if before is None or line.at - before > _SAME_PUSH:
            price = stand_in.world.price(chat_id)
            yield {"id": line.id, "at": line.at.isoformat(), "chat": chat_id, "price": price}
        before = line.at


def _refused(stand_in: StandIn) -> list[Json]:
    calls = stand_in.calls[-_CALLS_LOOKED_AT:]
    wrong = [call for call in calls if call.status >= 400]
    return [{"path": call.path, "status": call.status} for call in wrong[-_REFUSALS_SHOWN:]]


def _content(stand_in: StandIn, message_id: str) -> Response:
    """A picture to look at; anything else only to save."""
    try:
        data, _ = stand_in.content(message_id)
    except KeyError:
        abort(404)
    picture = _picture_type(data)
    response = make_response(data)
    response.headers["Content-Type"] = picture or "application/octet-stream"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, max-age=3600"
    if picture is None:
        response.headers["Content-Disposition"] = "attachment"
    return response


def _picture_type(data: bytes) -> str | None:
    return next((name for start, name in _PICTURES if data.startswith(start)), None)


# --- what the page does ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Form:
    """What was posted, read with care: each method raises a refusal where it is not there."""

    stand_in: StandIn
    given: Mapping[str, Any]

    def word(self, name: str) -> str:
        value = self.given.get(name)
        if not isinstance(value, str):
            raise _RefusedError(_UNREADABLE)
        return value

    def text(self) -> str:
        text = self.word("text").strip()
        if not text:
            raise _RefusedError(_NO_TEXT)
        if len(text) > _LONGEST_TEXT:
            raise _RefusedError(_TOO_LONG)
        return text

    def person(self) -> str:
        person_id = self.word("person")
        if not any(person.id == person_id for person in self.stand_in.people):
            raise _RefusedError(_NOBODY)
        return person_id

    def group(self) -> str:
        group_id = self.word("chat")
        if not any(group.id == group_id for group in self.stand_in.groups):
            raise _RefusedError(_NO_CHAT)
        return group_id

    def place(self) -> tuple[str, str]:
        """Who is in which chat."""
        person_id, chat_id = self.person(), self.word("chat")
        if chat_id == person_id:
            return person_id, chat_id
        if not any(member.id == person_id for member in self.stand_in.members(self.group())):
            raise _RefusedError(_NOT_INSIDE)
        return person_id, chat_id

    def message(self, chat_id: str) -> ChatMessage:
        message_id = self.word("message")
        for line in self.stand_in.history(chat_id):
            if line.id == message_id and not line.unsent:
                return line
        raise _RefusedError(_GONE)

    def quote(self, chat_id: str) -> str | None:
        if self.given.get("quote") is None:
            return None
        return _Form(self.stand_in, {"message": self.given["quote"]}).message(chat_id).id


def _done(stand_in: StandIn, action: Callable[[_Form], None]) -> Json:
    """Do what was posted; the stand-in's own objections become one sentence."""
    try:
        action(_Form(stand_in, _posted()))
    except (KeyError, ValueError) as fault:
        raise _RefusedError(_NOT_NOW) from fault
    return {"seq": stand_in.seq}


def _posted() -> Mapping[str, Any]:
    if not request.is_json:
        return {**request.args, "data": request.get_data()}
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise _RefusedError(_UNREADABLE)
    return body


def _say(form: _Form) -> None:
    person_id, chat_id = form.place()
    form.stand_in.say(person_id, chat_id, form.text(), quote=form.quote(chat_id))


def _tap(form: _Form) -> None:
    person_id, chat_id = form.place()
    line = form.message(chat_id)
    action = form.given.get("action")
    if not isinstance(action, dict) or not _holds(line.content, action):
        raise _RefusedError(_NO_SUCH_BUTTON)
    if action.get("type") == "datetimepicker":
        action = {**action, "picked": _picked(form.given.get("picked"), action)}
    form.stand_in.tap(person_id, chat_id, line.id, action)


def _holds(content: object, action: Json) -> bool:
    """Whether the button is somewhere in the message: a person can only tap what is there."""
    if content == action:
        return True
    if isinstance(content, Mapping):
        return any(_holds(value, action) for value in content.values())
    return isinstance(content, list) and any(_holds(value, action) for value in content)


def _picked(given: object, action: Mapping[str, Any]) -> Json:
    """The picker's answer as LINE gives it: {"date": "2026-07-01"}, time or datetime alike."""
    found = _PICKED.fullmatch(given) if isinstance(given, str) else None
    has = {"date": (True, False), "time": (False, True), "datetime": (True, True)}
    mode = action.get("mode", "")
    if found is None or tuple(map(bool, found.groups())) != has.get(mode):
        raise _RefusedError(_NOT_PICKED)
    return {mode: given}


def _send_file(form: _Form) -> None:
    person_id, chat_id = form.place()
    data = form.given.get("data")
    if not isinstance(data, bytes) or not data:
        raise _RefusedError(_NO_FILE)
    form.stand_in.send_content(
        person_id,
        chat_id,
        "image" if _picture_type(data) else "file",
        data,
        file_name=form.word("name")[:_LONGEST_NAME],
    )


def _edit(form: _Form) -> None:
    person_id, chat_id = form.place()
    form.stand_in.edit(person_id, form.message(chat_id).id, form.text())


def _unsend(form: _Form) -> None:
    person_id, chat_id = form.place()
    form.stand_in.unsend(person_id, form.message(chat_id).id)


def _join(form: _Form) -> None:
    form.stand_in.add_member(form.group(), form.person())


def _leave(form: _Form) -> None:
    form.stand_in.remove_member(form.group(), form.person())


def _invite(form: _Form) -> None:
    form.stand_in.invite_bot(form.group())


def _remove(form: _Form) -> None:
    form.stand_in.remove_bot(form.group())


def _follow(form: _Form) -> None:
    form.stand_in.follow(form.person())


def _unfollow(form: _Form) -> None:
    form.stand_in.unfollow(form.person())


_ACTIONS: Mapping[str, Callable[[_Form], None]] = {
    "say": _say,
    "tap": _tap,
    "picture": _send_file,
    "edit": _edit,
    "unsend": _unsend,
    "join": _join,
    "leave": _leave,
    "invite": _invite,
    "remove": _remove,
    "follow": _follow,
    "unfollow": _unfollow,
}


def _whole(given: str | None) -> int:
    """A whole number of the address, 0 where it is none."""
    return int(given) if given and given.isdecimal() and len(given) < 16 else 0
