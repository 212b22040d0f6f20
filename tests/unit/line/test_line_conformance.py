"""The stand-in and our messages against LINE's own OpenAPI description.

The description is not part of this repository: it lies beside it, in ../shared/line-openapi.
Read strictly here: a property that it does not know is an error.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator, FormatChecker
from line_helpers import Api, Webhook

from bot.line.shapes import checked, to_line
from bot.line.stand_in import Group, Person, StandIn
from bot.line.stand_in.api import make_api
from bot.messages import Button, Card, Cards, Does, Message, Text, Tone

Json = dict[str, Any]

ROOT = Path(__file__).parents[3]
DESCRIPTION = ROOT.parent / "shared" / "line-openapi"

pytestmark = pytest.mark.skipif(
    not (DESCRIPTION / "webhook.yml").is_file(),
    reason="../shared/line-openapi, LINE's OpenAPI description, is not beside this checkout",
)


# OpenAPI as JSON Schema


@cache
def description(name: str) -> Json:
    """The file, its schemas turned into JSON Schema that knows discriminators and is strict."""
    text = (DESCRIPTION / name).read_text("utf-8")
    content: Json = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    schemas = content["components"]["schemas"]
    extended = {ref for schema in schemas.values() for ref in _bases(schema)}
    ready: Json = {}
    for key, schema in schemas.items():
        ready[key] = _rewritten(schema, schemas)
        mapping = schema.get("discriminator", {}).get("mapping")
        if mapping:
            ready[f"{key}__any"] = _by_tag(schema["discriminator"]["propertyName"], mapping)
        elif key not in extended and schema.get("type") == "object":
            ready[f"{key}__any"] = _strict(f"#/components/schemas/{key}")
    return {"paths": content["paths"], "components": {"schemas": ready}}


def _bases(schema: Json) -> Iterator[str]:
    for part in schema.get("allOf", ()):
        if "$ref" in part:
            yield part["$ref"].rsplit("/", 1)[-1]


def _strict(ref: str) -> Json:
    return {"$ref": ref, "unevaluatedProperties": False}


def _by_tag(tag: str, mapping: dict[str, str]) -> Json:
    """One of the kinds that the tag names, and only what that kind has."""
    kinds = [
        {"if": {"properties": {tag: {"const": kind}}}, "then": _strict(ref)}
        for kind, ref in mapping.items()
    ]
    return {"required": [tag], "properties": {tag: {"enum": list(mapping)}}, "allOf": kinds}


def _rewritten(part: Any, schemas: Json, *, is_base: bool = False) -> Any:
    """References point to the strict form, except those of a kind to what it extends."""
    if isinstance(part, list):
        return [_rewritten(item, schemas, is_base=is_base) for item in part]
    if not isinstance(part, dict):
        return part
    if "$ref" in part and not is_base:
        name = part["$ref"].rsplit("/", 1)[-1]
        schema = schemas[name]
        has_any = "mapping" in schema.get("discriminator", {}) or schema.get("type") == "object"
        return {"$ref": part["$ref"] + ("__any" if has_any else "")}
    return {
        name: _rewritten(value, schemas, is_base=name == "allOf")
        for name, value in part.items()
        if name not in ("discriminator", "externalDocs", "example", "description", "xml")
    }


def faults(file: str, ref: str, instance: Any) -> list[str]:
    """What is wrong with a JSON value by a schema of the description."""
    schema = {**_rewritten({"$ref": ref}, _plain_schemas(file)), **description(file)}
    validator = Draft202012Validator(schema, format_checker=FormatChecker())
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(instance)]


@cache
def _plain_schemas(file: str) -> Json:
    content: Json = yaml.load(
        (DESCRIPTION / file).read_text("utf-8"),
        Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader),
    )
    schemas: Json = content["components"]["schemas"]
    return schemas


def answer_schema(method: str, path: str, status: int) -> str | None:
    """The schema of an answer, None where the description names none."""
    operation = description("messaging-api.yml")["paths"][path][method.lower()]
    content = operation["responses"].get(str(status), {}).get("content", {})
    schema = content.get("application/json", {}).get("schema")
    if schema is None and status >= 400:
        return "#/components/schemas/ErrorResponse"
    return None if schema is None else str(schema["$ref"])


def described_path(path: str) -> str:
    """The path as the description writes it: /v2/bot/group/C1/summary → …/{groupId}/summary."""
    given = path.split("/")
    for template in description("messaging-api.yml")["paths"]:
        parts = template.split("/")
        if len(parts) == len(given) and all(
            part.startswith("{") or part == own for part, own in zip(parts, given, strict=True)
        ):
            return str(template)
    raise AssertionError(f"LINE describes no {path}")


# the yardstick itself


def test_the_yardstick_finds_what_is_wrong() -> None:
    request = "#/components/schemas/ReplyMessageRequest"
    right = {"replyToken": "t", "messages": [{"type": "text", "text": "好"}]}
    assert faults("messaging-api.yml", request, right) == []
    for wrong in (
        {"replyToken": "t"},
        {"replyToken": "t", "messages": []},
        {"replyToken": "t", "messages": [{"type": "text"}]},
        {"replyToken": "t", "messages": [{"type": "poem", "text": "好"}]},
        {"replyToken": "t", "messages": [{"type": "text", "text": "好", "x": 1}]},
        {"replyToken": "t", "messages": [to_line(CARD), {"type": "flex", "altText": "x"}]},
    ):
        assert faults("messaging-api.yml", request, wrong)
    deep = to_line(Card(title="標題"))
    deep["contents"]["body"]["contents"][0]["colour"] = "#000000"
    assert faults("messaging-api.yml", request, {"replyToken": "t", "messages": [deep]})


# webhook events


def everything_happens(line: StandIn, api: Api, wang: Person, lee: Person, group: Group) -> None:
    """One of each event that the stand-in can make."""
    room = line.add_group("舊聊天室", [wang], room=True)
    line.invite_bot(room.id)
    line.say(wang.id, room.id, "嗨")
    line.follow(wang.id)
    third = line.add_person("張三")
    line.add_member(group.id, third.id)
    line.remove_member(group.id, third.id)
    text = line.say(wang.id, group.id, "@提升服務小幫手 期限 @李大華")
    line.say(lee.id, group.id, "同上", quote=text.id)
    line.edit(wang.id, text.id, "@提升服務小幫手 進度")
    for kind in ("image", "video", "audio", "file"):
        line.send_content(wang.id, group.id, kind, b"data", file_name="成果.pdf")
    line.send_album(wang.id, group.id, [b"\xff\xd8\xff1", b"\xff\xd8\xff2"])
    line.send_sticker(lee.id, group.id)
    body = {"to": group.id, "messages": [{"type": "text", "text": "好"}]}
    shown = api("POST", "/message/push", body)[1]["sentMessages"][0]["id"]
    line.tap(wang.id, group.id, shown, {"type": "postback", "data": "a=1", "displayText": "看"})
    picker = {"type": "datetimepicker", "data": "a=1", "mode": "date"}
    line.tap(wang.id, group.id, shown, {**picker, "picked": {"date": "2026-07-01"}})
    line.unsend(wang.id, text.id)
    line.unfollow(wang.id)
    line.remove_bot(group.id)
    line.wait_idle()


def test_every_webhook_that_the_stand_in_sends_is_as_line_describes_it(
    line: StandIn, api: Api, webhook: Webhook, wang: Person, lee: Person, group: Group
) -> None:
    everything_happens(line, api, wang, lee, group)
    line.redeliver(line.events[0]["webhookEventId"])
    assert len({event["type"] for event in webhook.events}) == 10
    for _, raw in webhook.requests:
        body = json.loads(raw)
        # The description does not have this event yet (SOURCE.md); it has its own test below.
        body["events"] = [event for event in body["events"] if event["type"] != "messageEdited"]
        assert faults("webhook.yml", "#/components/schemas/CallbackRequest", body) == []


def test_an_edit_is_a_message_event_with_the_same_message_id_and_its_own_token(
    line: StandIn, api: Api, wang: Person, lee: Person, group: Group
) -> None:
    everything_happens(line, api, wang, lee, group)
    edited = next(event for event in line.events if event["type"] == "messageEdited")
    assert faults("webhook.yml", "#/components/schemas/Event", {**edited, "type": "message"}) == []
    first = next(
        event
        for event in line.events
        if event.get("message", {}).get("id") == edited["message"]["id"]
    )
    assert first["type"] == "message"
    assert first["replyToken"] != edited["replyToken"]
    assert "markAsReadToken" not in edited["message"]


# answers


def test_every_answer_of_the_stand_in_is_as_line_describes_it(
    line: StandIn, api: Api, webhook: Webhook, wang: Person, group: Group
) -> None:
    hello = [{"type": "text", "text": "好"}]
    line.follow(wang.id)
    line.say(wang.id, group.id, "小幫手 期限")
    line.wait_idle()
    token = line.events[-1]["replyToken"]
    picture = line.send_content(wang.id, group.id, "image", b"\xff\xd8\xff")
    key = str(uuid.uuid4())
    room = line.add_group("舊聊天室", [wang], room=True)
    line.invite_bot(room.id)
    push = {"to": group.id, "messages": hello}
    calls: list[tuple[str, str, Any, str | None]] = [
        ("POST", "/message/reply", {"replyToken": token, "messages": hello}, None),
        ("POST", "/message/reply", {"replyToken": token, "messages": hello}, None),
        ("POST", "/message/push", push, key),
        ("POST", "/message/push", push, key),
        ("POST", "/message/push", {**push, "messages": [{"type": "text"}]}, None),
        ("POST", "/message/validate/push", {"messages": hello}, None),
        ("POST", "/message/validate/reply", {"messages": []}, None),
        ("POST", "/chat/loading/start", {"chatId": wang.id, "loadingSeconds": 5}, None),
        ("POST", "/chat/loading/start", {"chatId": group.id}, None),
        ("GET", "/message/quota", None, None),
        ("GET", "/message/quota/consumption", None, None),
        ("GET", "/info", None, None),
        ("GET", f"/profile/{wang.id}", None, None),
        ("GET", "/profile/nobody", None, None),
        ("GET", f"/group/{group.id}/summary", None, None),
        ("GET", f"/group/{group.id}/members/count", None, None),
        ("GET", f"/group/{group.id}/members/ids", None, None),
        ("GET", f"/group/{group.id}/member/{wang.id}", None, None),
        ("GET", f"/room/{room.id}/members/count", None, None),
        ("GET", f"/room/{room.id}/member/{wang.id}", None, None),
        ("GET", f"/message/{picture.id}/content/transcoding", None, None),
        ("GET", "/message/1/content/transcoding", None, None),
        ("GET", "/channel/webhook/endpoint", None, None),
        ("POST", "/channel/webhook/test", {}, None),
        ("PUT", "/channel/webhook/endpoint", {"endpoint": webhook.url}, None),
        ("POST", f"/room/{room.id}/leave", None, None),
        ("POST", f"/group/{group.id}/leave", None, None),
        ("POST", "/message/push", push, None),
    ]
    seen = []
    for method, path, body, retry_key in calls:
        headers = {"X_Line_Retry_Key": retry_key} if retry_key else {}
        status, answer = api(method, path, body, **headers)
        template = described_path(f"/v2/bot{path}")
        ref = answer_schema(method, template, status)
        if ref is not None:
            assert faults("messaging-api.yml", ref, answer) == [], (method, path, status)
        seen.append(status)
    assert {200, 202, 400, 403, 404, 409} <= set(seen)
    line.quota = 0
    line.invite_bot(group.id)
    status, answer = api("POST", "/message/push", push)
    assert status == 429
    assert faults("messaging-api.yml", "#/components/schemas/ErrorResponse", answer) == []


def test_every_endpoint_of_the_stand_in_is_one_of_lines() -> None:
    rules = [rule for rule in make_api().url_map.iter_rules() if rule.endpoint != "static"]
    for rule in rules:
        path = rule.rule.replace("<kind>", "group").replace("<way>", "push")
        methods = description("messaging-api.yml")["paths"][described_path(path)]
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            assert method.lower() in methods, (method, path)


# our messages

BUTTONS = (
    Button(label="全文", does=Does.POSTBACK, value="a=1"),
    Button(label="看規定", does=Does.POSTBACK, value="a=2", says="看規定"),
    Button(label="期限", does=Does.SAY, value="小幫手 期限"),
    Button(label="看板", does=Does.OPEN, value="https://example.org/board?token=x"),
    Button(label="複製", does=Does.COPY, value="條文"),
)
CARD = Card(
    title="高齡及身心障礙者便利措施",
    kicker="115年 工作計畫",
    body="各申辦業務單位應設置單一窗口。" * 30,
    rows=(("負責單位", "企劃室"), ("期限", "7月1日至12月31日")),
    note="與112年的計畫不同",
    buttons=BUTTONS,
    tone=Tone.CARE,
    quick=BUTTONS,
)
SAYINGS: list[Message] = [
    Text(text="好"),
    Text(text="很長的一句話。" * 3000, quick=BUTTONS),
    CARD,
    Card(title="只有標題"),
    Cards(cards=(CARD, Card(title="另一條")), alt="兩條", quick=BUTTONS),
]


@pytest.mark.parametrize("message", SAYINGS, ids=lambda message: type(message).__name__)
def test_what_planbot_says_is_as_line_describes_it(message: Message) -> None:
    for given in (checked([to_line(message)]), [to_line(message)]):
        request = {"to": "C1", "messages": given}
        assert faults("messaging-api.yml", "#/components/schemas/PushMessageRequest", request) == []
