"""LINE's endpoints under /v2/bot, those of the data host among them."""

from __future__ import annotations

import json
import socket
import uuid
from collections.abc import Callable, Iterable
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException
from werkzeug.local import LocalProxy

from bot.clock import system_clock
from bot.line.stand_in import rules
from bot.line.stand_in.channel import Refused
from bot.line.stand_in.world import Call

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from bot.line.stand_in.service import Fault, StandIn

Json = dict[str, Any]

MOST_BODY_BYTES = 2 * 1024 * 1024

_REASONS = {0: "COULD_NOT_CONNECT"}


_STAND_IN = "planbot.stand_in"

line = cast("StandIn", LocalProxy(lambda: request.environ[_STAND_IN]))
"""The stand-in that the request has come to."""


def api_of(stand_in: StandIn) -> WSGIApplication:
    """The API of one stand-in as a WSGI application."""
    app = make_api()

    def serve(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return app({**environ, _STAND_IN: stand_in}, start_response)

    return serve


@cache
def make_api() -> Flask:
    """The endpoints; one app serves every stand-in of the process, as making it takes long."""
    app = Flask("line")
    app.before_request(_begin)
    app.after_request(_finish)
    app.register_error_handler(Refused, _refusal)
    app.register_error_handler(HTTPException, _not_served)
    _add_sending(app)
    _add_channel(app)
    _add_chats(app)
    _add_content(app)
    return app


# around every call


def _begin() -> Response | None:
    g.request_id = str(uuid.uuid4())
    g.fault = line.fault_for(request.path)
    if g.fault is not None and not g.fault.after_effect:
        return Response()  # `_finish` puts the ordered answer in its place
    if request.headers.get("Authorization") != f"Bearer {line.token}":
        raise Refused(
            401,
            "Authentication failed. Confirm that the access token in the authorization header "
            "is valid.",
        )
    if (request.content_length or 0) > MOST_BODY_BYTES:
        raise Refused(413, "Payload Too Large")
    return None


def _finish(answer: Response) -> Response:
    fault: Fault | None = g.fault
    line.calls.append(
        Call(
            method=request.method,
            path=request.path,
            status=answer.status_code if fault is None else fault.status,
            body=request.get_json(silent=True) if request.is_json else None,
            retry_key=request.headers.get("X-Line-Retry-Key"),
            request_id=g.request_id,
        )
    )
    if fault is not None:
        answer = _ordered(fault)
    answer.headers.setdefault("x-line-request-id", g.request_id)
    return answer


def _ordered(fault: Fault) -> Response:
    """The ordered answer: late, wrong, or a connection that breaks."""
    line.stopping.wait(fault.hang_seconds)
    if fault.status == 0:
        broken: socket.socket = request.environ["werkzeug.socket"]
        broken.shutdown(socket.SHUT_RDWR)
        return Response(status=500)
    body = {"message": "ordered by a test"} if fault.body is None else fault.body
    return _answer(body, fault.status)


def _answer(body: Json, status: int = 200) -> Response:
    return Response(json.dumps(body, ensure_ascii=False), status, mimetype="application/json")


def _refusal(refused: Refused) -> Response:
    answer = _answer(refused.body, refused.status)
    answer.headers.update(refused.headers)
    return answer


def _not_served(error: HTTPException) -> Response:
    return _answer({"message": error.name}, error.code or 500)


def _body() -> Json:
    """The request's JSON object.

    Raises:
        Refused: it is not one.
    """
    if not request.is_json:
        raise Refused(415, "Unsupported Media Type")
    try:
        body = json.loads(request.get_data())
    except ValueError:
        raise Refused(
            400, "The request body could not be parsed as JSON (line: -, column: -)"
        ) from None
    if not isinstance(body, dict):
        raise Refused(400, "The request body must be a JSON object")
    return body


# sending


def _add_sending(app: Flask) -> None:
    @app.post("/v2/bot/message/reply")
    def reply() -> Response:
        key = request.headers.get("X-Line-Retry-Key")
        return _answer({"sentMessages": line.channel.reply(_body(), key)})

    @app.post("/v2/bot/message/push")
    def push() -> Response:
        key = request.headers.get("X-Line-Retry-Key")
        return _answer({"sentMessages": line.channel.push(_body(), key, g.request_id)})

    @app.post("/v2/bot/message/validate/<way>")
    def validate(way: str) -> Response:
        if way not in ("reply", "push"):
            raise Refused(404, "Not found")
        _refuse_faults(rules.validate_faults(_body()))
        return _answer({})

    @app.post("/v2/bot/chat/loading/start")
    def start_loading() -> Response:
        body = _body()
        _refuse_faults(rules.loading_faults(body))
        if not line.world.is_person(body["chatId"]):
            raise Refused(400, "The property, 'chatId', in the request body is invalid")
        return _answer({}, 202)

    @app.get("/v2/bot/message/quota")
    def quota() -> Response:
        if line.quota is None:
            return _answer({"type": "none"})
        return _answer({"type": "limited", "value": line.quota})

    @app.get("/v2/bot/message/quota/consumption")
    def consumption() -> Response:
        return _answer({"totalUsage": line.used})


def _refuse_faults(faults: list[rules.Fault]) -> None:
    if faults:
        raise Refused(400, f"The request body has {len(faults)} error(s)", details=faults)


# the channel


def _add_channel(app: Flask) -> None:
    @app.get("/v2/bot/info")
    def info() -> Response:
        return _answer(
            {
                "userId": line.bot_user_id,
                "basicId": "@" + line.bot_user_id[1:9],
                "displayName": line.bot_name,
                "chatMode": "bot",
                "markAsReadMode": "auto",
            }
        )

    @app.get("/v2/bot/channel/webhook/endpoint")
    def endpoint() -> Response:
        if line.webhook_url is None:
            raise Refused(404, "Webhook endpoint not found")
        return _answer({"endpoint": line.webhook_url, "active": True})

    @app.put("/v2/bot/channel/webhook/endpoint")
    def set_endpoint() -> Response:
        body = _body()
        _refuse_faults(rules.endpoint_faults(body, required=True))
        line.webhook_url = body["endpoint"]
        return _answer({})

    @app.post("/v2/bot/channel/webhook/test")
    def test_endpoint() -> Response:
        body = _body()
        _refuse_faults(rules.endpoint_faults(body, required=False))
        url = body.get("endpoint") or line.webhook_url
        if url is None:
            raise Refused(404, "Webhook endpoint not found")
        return _answer(_tried(line.try_webhook(url)))


def _tried(status: int) -> Json:
    is_well = 200 <= status < 300
    reason = "OK" if is_well else _REASONS.get(status, "ERROR_STATUS_CODE")
    return {
        "success": is_well,
        "timestamp": system_clock().isoformat().replace("+00:00", "Z"),
        "statusCode": status,
        "reason": reason,
        "detail": str(status),
    }


# groups, rooms, people


def _add_chats(app: Flask) -> None:
    def inside(kind: str, chat_id: str) -> str:
        """The chat's id, if the bot is in it and it is of this kind."""
        is_kind = kind in ("group", "room") and chat_id.startswith("R") is (kind == "room")
        if not is_kind or not line.bot_inside(chat_id):
            raise Refused(404, "Not found")
        return chat_id

    @app.get("/v2/bot/group/<chat_id>/summary")
    def summary(chat_id: str) -> Response:
        group = line.world.group(inside("group", chat_id))
        return _answer({"groupId": group.id, "groupName": group.name})

    @app.get("/v2/bot/<kind>/<chat_id>/members/count")
    def count(kind: str, chat_id: str) -> Response:
        return _answer({"count": len(line.members(inside(kind, chat_id)))})

    @app.get("/v2/bot/<kind>/<chat_id>/members/ids")
    def member_ids(kind: str, chat_id: str) -> Response:
        inside(kind, chat_id)
        raise Refused(403, "Access to this API is not available for your account")

    @app.get("/v2/bot/<kind>/<chat_id>/member/<person_id>")
    def member(kind: str, chat_id: str, person_id: str) -> Response:
        if not line.world.is_member(inside(kind, chat_id), person_id):
            raise Refused(404, "Not found")
        person = line.world.person(person_id)
        return _answer({"displayName": person.name, "userId": person.id})

    @app.post("/v2/bot/<kind>/<chat_id>/leave")
    def leave(kind: str, chat_id: str) -> Response:
        line.remove_bot(inside(kind, chat_id))
        return _answer({})

    @app.get("/v2/bot/profile/<person_id>")
    def profile(person_id: str) -> Response:
        if not line.world.is_friend(person_id) or line.world.has_blocked(person_id):
            raise Refused(404, "Not found")
        person = line.world.person(person_id)
        return _answer({"displayName": person.name, "userId": person.id, "language": "zh-Hant"})


# content


def _add_content(app: Flask) -> None:
    def found(message_id: str) -> tuple[bytes, str]:
        try:
            is_unsent = line.world.message(message_id).unsent
        except KeyError:
            raise Refused(404, "Not found") from None
        if is_unsent:
            raise Refused(410, "Gone")
        try:
            return line.content(message_id)
        except KeyError:
            raise Refused(404, "Not found") from None

    def download(message_id: str) -> Response:
        data, kind = found(message_id)
        return Response(data, content_type=kind)

    def transcoding(message_id: str) -> Response:
        found(message_id)
        return _answer({"status": "succeeded"})

    views: dict[str, Callable[[str], Response]] = {
        "content": download,
        "content/preview": download,
        "content/transcoding": transcoding,
    }
    for path, view in views.items():
        app.add_url_rule(f"/v2/bot/message/<message_id>/{path}", path, view)
