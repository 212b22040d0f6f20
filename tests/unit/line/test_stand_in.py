"""The stand-in keeps LINE's rules (LINE.md, sections 1 to 4)."""

from __future__ import annotations

import json
import threading
import uuid
from typing import Any

import pytest
from line_helpers import SECRET, TOKEN, Api, Hands, Webhook

from bot.line.stand_in import Group, Person, StandIn
from bot.line.stand_in.rules import graphemes, validate_faults
from bot.line.webhook import parse, split, verify
from bot.messages import IncomingKind

HELLO = [{"type": "text", "text": "好"}]


def reply(api: Api, token: str, messages: Any = HELLO) -> tuple[int, dict[str, Any]]:
    return api("POST", "/message/reply", {"replyToken": token, "messages": messages})


def push(
    api: Api, to: str, messages: Any = HELLO, key: str | None = None
) -> tuple[int, dict[str, Any]]:
    headers = {"X_Line_Retry_Key": key} if key else {}
    return api("POST", "/message/push", {"to": to, "messages": messages}, **headers)


def said(line: StandIn, person: Person, group: Group, text: str = "小幫手 期限") -> str:
    """Somebody says something; the reply token."""
    line.say(person.id, group.id, text)
    line.wait_idle()
    return str(line.events[-1]["replyToken"])


# webhooks


def test_a_message_arrives_signed_and_in_utf_8(
    line: StandIn, webhook: Webhook, wang: Person, group: Group
) -> None:
    said(line, wang, group, "期限 😀")
    headers, body = webhook.requests[-1]
    assert verify(body, headers["x-line-signature"], [SECRET])
    assert headers["content-type"] == "application/json; charset=utf-8"
    assert "期限 😀" in body.decode()
    assert json.loads(body)["destination"] == line.bot_user_id
    incoming = parse(split(body)[-1].payload)
    assert (incoming.kind, incoming.text) == (IncomingKind.TEXT, "期限 😀")
    assert incoming.message_id == line.history(group.id)[-1].id


def test_the_bot_hears_everything_in_its_groups_and_nothing_elsewhere(
    line: StandIn, wang: Person, lee: Person
) -> None:
    group = line.add_group("沒有機器人", [wang, lee])
    line.say(wang.id, group.id, "嗨")
    assert line.events == []
    line.invite_bot(group.id)
    line.say(wang.id, group.id, "嗨")
    line.remove_bot(group.id)
    line.say(wang.id, group.id, "走了")
    assert [event["type"] for event in line.events] == ["join", "message", "leave"]
    assert [message.content["text"] for message in line.history(group.id) if message.sender] == [
        "嗨",
        "嗨",
        "走了",
    ]


def test_a_mention_is_counted_in_utf_16_and_marks_the_bot_itself(
    line: StandIn, webhook: Webhook, wang: Person, group: Group
) -> None:
    line.say(wang.id, group.id, "😀 @提升服務小幫手 期限 @李大華")
    line.wait_idle()
    bot, lee = webhook.events[-1]["message"]["mention"]["mentionees"]
    assert (bot["index"], bot["length"], bot["isSelf"], bot["userId"]) == (
        3,
        8,
        True,
        line.bot_user_id,
    )
    assert (lee["index"], lee["length"], lee["isSelf"]) == (15, 4, False)
    line.say(wang.id, group.id, "期限", mention_bot=True)
    assert line.events[-1]["message"]["text"] == "@提升服務小幫手 期限"
    assert line.events[-1]["message"]["mention"]["mentionees"][0]["isSelf"]


def test_every_kind_of_event_comes_as_what_it_is(
    line: StandIn, webhook: Webhook, wang: Person, lee: Person, group: Group
) -> None:
    third = line.add_person("張三")
    line.follow(wang.id)
    line.add_member(group.id, third.id)
    line.remove_member(group.id, third.id)
    text = line.say(wang.id, group.id, "期限")
    line.say(lee.id, group.id, "同上", quote=text.id)
    line.edit(wang.id, text.id, "@提升服務小幫手 進度")
    line.unsend(wang.id, text.id)
    for kind in ("image", "video", "audio", "file"):
        line.send_content(wang.id, group.id, kind, b"data", file_name="成果.pdf")
    line.send_sticker(lee.id, group.id)
    line.unfollow(wang.id)
    line.remove_bot(group.id)
    line.wait_idle()
    read = [parse(raw.payload) for _, body in webhook.requests for raw in split(body)]
    assert [incoming.kind.value for incoming in read] == [
        "join", "follow", "member_joined", "member_left", "text", "text", "edited", "unsent",
        "image", "video", "audio", "file", "sticker", "unfollow", "leave",
    ]  # fmt: skip
    edited = read[6]
    assert (edited.message_id, edited.text, edited.mentions_bot) == (text.id, "進度", True)
    assert read[5].quoted_message_id == text.id
    assert read[7].message_id == text.id
    assert (read[11].file_name, read[11].file_size) == ("成果.pdf", 4)


def test_an_edit_is_told_in_groups_only(line: StandIn, wang: Person) -> None:
    line.follow(wang.id)
    text = line.say(wang.id, wang.id, "期限")
    line.edit(wang.id, text.id, "進度")
    assert line.history(wang.id)[-1].content["text"] == "進度"
    assert [event["type"] for event in line.events] == ["follow", "message"]


def test_only_the_writer_can_edit_or_take_back(
    line: StandIn, wang: Person, lee: Person, group: Group
) -> None:
    text = line.say(wang.id, group.id, "期限")
    with pytest.raises(ValueError, match="not a message of"):
        line.edit(lee.id, text.id, "x")
    with pytest.raises(ValueError, match="not a message of"):
        line.unsend(lee.id, text.id)
    line.unsend(wang.id, text.id)
    assert line.history(group.id)[-1].unsent
    assert "text" not in line.history(group.id)[-1].content


def test_a_failed_delivery_comes_again_with_the_same_ids(
    line: StandIn, webhook: Webhook, wang: Person, group: Group
) -> None:
    line.wait_idle()
    webhook.statuses[:] = [500, 503]
    line.say(wang.id, group.id, "期限")
    line.wait_idle()
    tries = webhook.events[1:]
    assert [event["deliveryContext"]["isRedelivery"] for event in tries] == [False, True, True]
    assert len({(event["webhookEventId"], event["replyToken"]) for event in tries}) == 1


def test_without_redelivery_a_failed_event_is_lost(clock: Hands, webhook: Webhook) -> None:
    line = StandIn(
        secret=SECRET, token=TOKEN, webhook_url=webhook.url, clock=clock, redelivers=False
    )
    webhook.statuses[:] = [500]
    person = line.add_person("王小明")
    line.follow(person.id)
    line.wait_idle()
    assert len(webhook.requests) == 1
    line.stop()


def test_held_events_come_in_one_request_and_perhaps_in_another_order(
    line: StandIn, webhook: Webhook, wang: Person, group: Group
) -> None:
    line.wait_idle()
    line.hold_deliveries()
    for n in range(8):
        line.say(wang.id, group.id, str(n))
    line.wait_idle()
    assert len(webhook.requests) == 1
    line.release_deliveries(shuffled=True)
    line.wait_idle()
    assert len(webhook.requests) == 2
    assert sorted(event["message"]["text"] for event in webhook.events[1:]) == list("01234567")


def test_any_body_can_be_delivered_with_any_signature(line: StandIn, webhook: Webhook) -> None:
    assert line.deliver_raw({"events": []}) == 200
    assert line.deliver_raw({"events": []}, signature=None) == 200
    assert line.deliver_raw({"events": []}, signature="wrong") == 200
    signatures = [headers.get("x-line-signature") for headers, _ in webhook.requests]
    assert signatures[1:] == [None, "wrong"]
    assert verify(webhook.requests[0][1], signatures[0], [SECRET])
    webhook.statuses[:] = [400]
    assert line.deliver_raw([]) == 400


def test_a_webhook_that_is_silent_for_two_seconds_has_failed(
    line: StandIn, webhook: Webhook
) -> None:
    webhook.silent_for_seconds = 30
    assert line.deliver_raw({"events": []}) == 0


def test_an_event_can_be_brought_again(
    line: StandIn, webhook: Webhook, wang: Person, group: Group
) -> None:
    said(line, wang, group)
    assert line.redeliver(line.events[-1]["webhookEventId"]) == 200
    assert webhook.events[-1]["deliveryContext"] == {"isRedelivery": True}
    with pytest.raises(KeyError):
        line.redeliver("unknown")


def test_without_a_webhook_events_are_thrown_away(line: StandIn, webhook: Webhook) -> None:
    line.webhook_url = None
    line.follow(line.add_person("王小明").id)
    line.wait_idle()
    assert webhook.requests == []
    with pytest.raises(ValueError, match="not set"):
        line.deliver_raw({})


def test_who_is_not_in_a_group_cannot_write_there(line: StandIn, group: Group) -> None:
    stranger = line.add_person("路人")
    with pytest.raises(ValueError, match="not in the chat"):
        line.say(stranger.id, group.id, "嗨")
    with pytest.raises(KeyError):
        line.say(stranger.id, "C" + "0" * 32, "嗨")


# taps


def test_a_tapped_postback_shows_its_words_and_sends_its_data(
    line: StandIn, api: Api, wang: Person, group: Group
) -> None:
    push(api, group.id)
    shown = line.history(group.id)[-1]
    line.tap(
        wang.id,
        group.id,
        shown.id,
        {"type": "postback", "label": "全文", "data": "a=1", "displayText": "看全文"},
    )
    assert line.events[-1]["postback"] == {"data": "a=1"}
    assert line.events[-1]["source"]["userId"] == wang.id
    assert line.history(group.id)[-1].content == {"type": "text", "text": "看全文"}
    assert [event["type"] for event in line.events] == ["join", "postback"]


def test_a_tapped_picker_sends_what_was_picked(
    line: StandIn, api: Api, wang: Person, group: Group
) -> None:
    push(api, group.id)
    shown = line.history(group.id)[-1].id
    action = {
        "type": "datetimepicker",
        "label": "日期",
        "data": "a=1",
        "mode": "date",
        "picked": {"date": "2026-07-01"},
    }
    line.tap(wang.id, group.id, shown, action)
    assert line.events[-1]["postback"] == {"data": "a=1", "params": {"date": "2026-07-01"}}


def test_a_tapped_message_is_said_and_mentions_nobody(
    line: StandIn, api: Api, wang: Person, group: Group
) -> None:
    push(api, group.id)
    shown = line.history(group.id)[-1].id
    action = {"type": "message", "label": "期限", "text": "@提升服務小幫手 期限"}
    line.tap(wang.id, group.id, shown, action)
    assert line.events[-1]["message"]["text"] == "@提升服務小幫手 期限"
    assert "mention" not in line.events[-1]["message"]


def test_a_link_or_a_copy_tells_the_bot_nothing(
    line: StandIn, api: Api, wang: Person, group: Group
) -> None:
    push(api, group.id)
    before = (len(line.events), line.seq)
    shown = line.history(group.id)[-1].id
    line.tap(wang.id, group.id, shown, {"type": "uri", "uri": "https://example.org"})
    line.tap(wang.id, group.id, shown, {"type": "clipboard", "clipboardText": "x"})
    assert (len(line.events), line.seq) == before
    with pytest.raises(KeyError):
        line.tap(wang.id, wang.id, shown, {"type": "uri"})


# the access token, bodies


def test_every_endpoint_asks_for_the_access_token(api: Api) -> None:
    for method, path in (
        ("POST", "/message/push"),
        ("GET", "/info"),
        ("GET", "/message/1/content"),
        ("GET", "/no/such/endpoint"),
    ):
        status, body = api(method, path, Authorization="Bearer wrong")
        assert status == 401
        assert body["message"].startswith("Authentication failed")


def test_every_answer_has_a_request_id_of_its_own(api: Api, line: StandIn) -> None:
    answers = [api.raw("GET", path) for path in ("/info", "/nothing", "/message/quota")]
    ids = [answer.headers["x-line-request-id"] for answer in answers]
    assert len(set(ids)) == 3
    assert [call.request_id for call in line.calls] == ids
    assert answers[1].status == 404


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"[]", 400),
        (b"\xff", 400),
        (b'{"to": "' + b"x" * (2 * 1024 * 1024) + b'"}', 413),
    ],
)
def test_a_body_that_is_no_json_object_or_too_large_is_refused(
    api: Api, body: bytes, status: int
) -> None:
    assert api("POST", "/message/push", body)[0] == status


def test_a_body_that_does_not_say_that_it_is_json_is_refused(api: Api) -> None:
    assert api("POST", "/message/push", b"{}", Content_Type="text/plain")[0] == 415


# reply tokens


def test_a_reply_token_works_once(line: StandIn, api: Api, wang: Person, group: Group) -> None:
    token = said(line, wang, group)
    status, body = reply(api, token)
    assert status == 200
    assert body["sentMessages"][0]["id"] == line.history(group.id)[-1].id
    assert isinstance(body["sentMessages"][0]["id"], str)
    assert reply(api, token) == (400, {"message": "Invalid reply token"})
    assert reply(api, "never issued")[0] == 400
    assert line.used == 0


def test_a_reply_token_dies_after_a_minute_and_a_redelivery_wakes_it(
    line: StandIn, api: Api, clock: Hands, wang: Person, group: Group
) -> None:
    token = said(line, wang, group)
    clock.forward(seconds=61)
    assert reply(api, token)[0] == 400
    line.redeliver(line.events[-1]["webhookEventId"])
    clock.forward(seconds=60)
    assert reply(api, token)[0] == 200


def test_twenty_minutes_after_the_event_no_redelivery_helps(
    line: StandIn, api: Api, clock: Hands, wang: Person, group: Group
) -> None:
    token = said(line, wang, group)
    clock.forward(minutes=20, seconds=1)
    line.redeliver(line.events[-1]["webhookEventId"])
    assert reply(api, token)[0] == 400


def test_a_refused_message_does_not_use_up_the_token(
    line: StandIn, api: Api, wang: Person, group: Group
) -> None:
    token = said(line, wang, group)
    assert reply(api, token, [])[0] == 400
    assert reply(api, token, HELLO * 6)[0] == 400
    assert reply(api, token)[0] == 200


def test_a_retry_key_on_a_reply_is_refused(
    line: StandIn, api: Api, wang: Person, group: Group
) -> None:
    token = said(line, wang, group)
    body = {"replyToken": token, "messages": HELLO}
    status, _ = api("POST", "/message/reply", body, X_Line_Retry_Key=str(uuid.uuid4()))
    assert status == 400
    assert reply(api, token)[0] == 200


def test_a_reply_does_not_reach_a_group_that_the_bot_has_left(
    line: StandIn, api: Api, wang: Person, group: Group
) -> None:
    token = said(line, wang, group)
    line.remove_bot(group.id)
    assert reply(api, token)[0] == 400


# push, retry keys, quota


def test_the_same_key_within_a_day_sends_once_and_answers_with_the_first_receipt(
    line: StandIn, api: Api, clock: Hands, group: Group
) -> None:
    key = str(uuid.uuid4())
    _, first = push(api, group.id, key=key)
    first_id = line.calls[-1].request_id
    clock.forward(hours=24)
    body = {"to": group.id, "messages": HELLO}
    answer = api.raw("POST", "/message/push", body, X_Line_Retry_Key=key.upper())
    assert answer.status == 409
    assert answer.headers["x-line-accepted-request-id"] == first_id
    again = json.loads(answer.data)
    assert again["message"] == "The retry key is already accepted"
    assert again["sentMessages"] == first["sentMessages"]
    assert (line.said_to(group.id), line.used) == (["好"], 2)


def test_after_a_day_the_same_key_sends_again(
    line: StandIn, api: Api, clock: Hands, group: Group
) -> None:
    key = str(uuid.uuid4())
    push(api, group.id, key=key)
    clock.forward(hours=24, seconds=1)
    assert push(api, group.id, key=key)[0] == 200
    assert line.said_to(group.id) == ["好", "好"]


def test_a_key_of_a_refused_push_is_not_remembered(line: StandIn, api: Api, group: Group) -> None:
    key = str(uuid.uuid4())
    assert push(api, group.id, [], key=key)[0] == 400
    assert push(api, group.id, key=key)[0] == 200


def test_a_key_must_be_a_uuid(api: Api, group: Group) -> None:
    assert push(api, group.id, key="one")[0] == 400


def test_a_push_costs_one_message_for_every_person_however_many_objects(
    line: StandIn, api: Api, group: Group
) -> None:
    push(api, group.id, HELLO * 5)
    assert line.used == 2
    assert api("GET", "/message/quota") == (200, {"type": "limited", "value": 200})
    assert api("GET", "/message/quota/consumption") == (200, {"totalUsage": 2})


def test_the_used_up_month_answers_429_until_the_next_one_begins(
    line: StandIn, api: Api, clock: Hands, wang: Person, group: Group
) -> None:
    line.quota = 3
    assert push(api, group.id)[0] == 200
    assert push(api, group.id) == (429, {"message": "You have reached your monthly limit."})
    assert reply(api, said(line, wang, group))[0] == 200  # replies are free
    clock.forward(days=31)
    assert line.used == 0
    assert push(api, group.id)[0] == 200


def test_without_a_limit_there_is_none(line: StandIn, api: Api, group: Group) -> None:
    line.quota = None
    assert api("GET", "/message/quota") == (200, {"type": "none"})
    assert push(api, group.id)[0] == 200


def test_a_push_reaches_friends_and_who_wrote_lately_but_no_strangers(
    line: StandIn, api: Api, clock: Hands, wang: Person, lee: Person
) -> None:
    assert push(api, wang.id) == (400, {"message": "Failed to send messages"})
    line.follow(wang.id)
    assert push(api, wang.id)[0] == 200
    line.say(lee.id, lee.id, "嗨")
    assert push(api, lee.id)[0] == 200
    clock.forward(days=8)
    assert push(api, lee.id)[0] == 400
    assert push(api, "U" + "0" * 32)[0] == 400


def test_who_has_blocked_the_bot_gets_nothing_and_costs_nothing(
    line: StandIn, api: Api, wang: Person
) -> None:
    line.follow(wang.id)
    line.unfollow(wang.id)
    assert push(api, wang.id)[0] == 200
    assert (line.said_to(wang.id), line.used) == ([], 0)
    line.say(wang.id, wang.id, "嗨")
    line.follow(wang.id)
    assert [event["type"] for event in line.events] == ["follow", "unfollow", "follow"]
    assert line.events[-1]["follow"] == {"isUnblocked": True}


# what may be sent

GOOD: dict[str, dict[str, Any]] = {
    "sticker": {"type": "sticker", "packageId": "446", "stickerId": "1988"},
    "image": {
        "type": "image",
        "originalContentUrl": "https://example.org/a.jpg",
        "previewImageUrl": "https://example.org/b.jpg",
    },
    "video": {
        "type": "video",
        "originalContentUrl": "https://example.org/a.mp4",
        "previewImageUrl": "https://example.org/b.jpg",
        "trackingId": "t",
    },
    "audio": {
        "type": "audio",
        "originalContentUrl": "https://example.org/a.m4a",
        "duration": 60000,
    },
    "location": {
        "type": "location",
        "title": "衛生局",
        "address": "高雄市",
        "latitude": 22.6,
        "longitude": 120.3,
    },
    "buttons": {
        "type": "template",
        "altText": "選單",
        "template": {
            "type": "buttons",
            "text": "要做什麼？",
            "actions": [
                {"type": "postback", "label": "期限", "data": "a=1"},
                {
                    "type": "datetimepicker",
                    "label": "日期",
                    "data": "a=2",
                    "mode": "date",
                    "min": "2026-01-01",
                    "max": "2026-12-31",
                },
            ],
        },
    },
    "confirm": {
        "type": "template",
        "altText": "確定？",
        "template": {
            "type": "confirm",
            "text": "確定？",
            "actions": [
                {"type": "message", "label": "是", "text": "是"},
                {"type": "uri", "label": "看", "uri": "tel:071234567"},
            ],
        },
    },
    "carousel": {
        "type": "template",
        "altText": "兩條",
        "template": {
            "type": "carousel",
            "columns": [
                {"text": "一", "actions": [{"type": "message", "label": "是", "text": "是"}]}
            ],
        },
    },
    "image carousel": {
        "type": "template",
        "altText": "圖",
        "template": {
            "type": "image_carousel",
            "columns": [
                {
                    "imageUrl": "https://example.org/a.jpg",
                    "action": {"type": "message", "label": "是", "text": "是"},
                }
            ],
        },
    },
    "flex": {
        "type": "flex",
        "altText": "卡片",
        "contents": {
            "type": "bubble",
            "hero": {"type": "image", "url": "https://example.org/a.jpg", "size": "full"},
            "body": {
                "type": "box",
                "layout": "vertical",
                "contents": [
                    {
                        "type": "text",
                        "contents": [{"type": "span", "text": "字", "weight": "bold"}],
                    },
                    {
                        "type": "box",
                        "layout": "baseline",
                        "contents": [
                            {"type": "icon", "url": "https://example.org/i.png"},
                            {"type": "text", "text": "字", "flex": 0},
                        ],
                    },
                    {"type": "separator", "margin": "4px"},
                    {"type": "filler"},
                ],
                "background": {
                    "type": "linearGradient",
                    "angle": "90deg",
                    "startColor": "#ffffff",
                    "endColor": "#000000",
                },
            },
        },
    },
    "quick replies": {
        "type": "text",
        "text": "好",
        "quickReply": {
            "items": [
                {"type": "action", "action": {"type": "camera", "label": "拍照"}},
                {"type": "action", "action": {"type": "location", "label": "位置"}},
            ]
        },
        "sender": {"name": "企劃室"},
    },
}


@pytest.mark.parametrize("name", GOOD)
def test_a_right_message_is_taken(name: str) -> None:
    assert validate_faults({"messages": [GOOD[name]]}) == []


def flex(*contents: dict[str, Any], **more: Any) -> dict[str, Any]:
    body = {"type": "box", "layout": "vertical", "contents": list(contents)}
    return {"type": "flex", "altText": "x", "contents": {"type": "bubble", "body": body, **more}}


def button(**action: Any) -> dict[str, Any]:
    return {"type": "button", "action": {"label": "全文", **action}}


def quick(*actions: dict[str, Any]) -> dict[str, Any]:
    items = [{"type": "action", "action": action} for action in actions]
    return {"type": "text", "text": "好", "quickReply": {"items": items}}


SAY = {"type": "message", "label": "是", "text": "是"}

BAD: dict[str, tuple[Any, str]] = {
    "no object": ("好", "messages[0].type"),
    "no type": ({"text": "好"}, "messages[0].type"),
    "a file": ({"type": "file"}, "messages[0].type"),
    "no text": ({"type": "text"}, "messages[0].text"),
    "an empty text": ({"type": "text", "text": " "}, "messages[0].text"),
    "a number for a text": ({"type": "text", "text": 5}, "messages[0].text"),
    "a text too long": ({"type": "text", "text": "😀" * 2501}, "messages[0].text"),
    "an unknown property": ({"type": "text", "text": "好", "x": 1}, "messages[0].x"),
    "a picture without https": (
        {**GOOD["image"], "originalContentUrl": "http://example.org/a.jpg"},
        "messages[0].originalContentUrl",
    ),
    "an alternative text too long": (
        {**GOOD["flex"], "altText": "字" * 1501},
        "messages[0].altText",
    ),
    "no alternative text": (
        {"type": "flex", "contents": GOOD["flex"]["contents"]},
        "messages[0].altText",
    ),
    "an unknown component": (flex({"type": "table"}), "messages[0].contents.body.contents[0].type"),
    "an unknown property of a component": (
        flex({"type": "text", "text": "字", "colour": "#000000"}),
        "messages[0].contents.body.contents[0].colour",
    ),
    "a colour by name": (
        flex({"type": "text", "text": "字", "color": "red"}),
        "messages[0].contents.body.contents[0].color",
    ),
    "a text without words": (
        flex({"type": "text", "wrap": True}),
        "messages[0].contents.body.contents[0].text",
    ),
    "a button in a line of text": (
        flex({"type": "box", "layout": "baseline", "contents": [button(**SAY)]}),
        "messages[0].contents.body.contents[0].contents[0].type",
    ),
    "a span outside a text": (
        flex({"type": "span", "text": "字"}),
        "messages[0].contents.body.contents[0].type",
    ),
    "a text as a block": (
        {"type": "flex", "altText": "x", "contents": {"type": "bubble", "body": {"type": "text"}}},
        "messages[0].contents.body.type",
    ),
    "a bubble without blocks": (
        {"type": "flex", "altText": "x", "contents": {"type": "bubble"}},
        "messages[0].contents",
    ),
    "a bubble too large": (
        flex({"type": "text", "text": "字" * 5200}),
        "messages[0].contents",
    ),
    "an empty carousel": (
        {"type": "flex", "altText": "x", "contents": {"type": "carousel", "contents": []}},
        "messages[0].contents.contents",
    ),
    "bubbles of two sizes": (
        {
            "type": "flex",
            "altText": "x",
            "contents": {
                "type": "carousel",
                "contents": [
                    flex({"type": "filler"}, size="kilo")["contents"],
                    flex({"type": "filler"})["contents"],
                ],
            },
        },
        "messages[0].contents",
    ),
    "thirteen bubbles": (
        {
            "type": "flex",
            "altText": "x",
            "contents": {
                "type": "carousel",
                "contents": [flex({"type": "filler"})["contents"]] * 13,
            },
        },
        "messages[0].contents.contents",
    ),
    "a carousel too large": (
        {
            "type": "flex",
            "altText": "x",
            "contents": {
                "type": "carousel",
                "contents": [flex({"type": "text", "text": "字" * 1000})["contents"]] * 9,
            },
        },
        "messages[0].contents",
    ),
    "a button without a label": (
        flex({"type": "button", "action": {"type": "message", "text": "是"}}),
        "messages[0].contents.body.contents[0].action.label",
    ),
    "a label too long": (
        flex(button(type="message", label="字" * 41, text="是")),
        "messages[0].contents.body.contents[0].action.label",
    ),
    "a rich menu's action": (
        flex(button(type="richmenuswitch", richMenuAliasId="a", data="x")),
        "messages[0].contents.body.contents[0].action.type",
    ),
    "data too long": (
        flex(button(type="postback", data="x" * 301)),
        "messages[0].contents.body.contents[0].action.data",
    ),
    "two texts for one tap": (
        flex(button(type="postback", data="x", displayText="a", text="b")),
        "messages[0].contents.body.contents[0].action",
    ),
    "a fill-in without a keyboard": (
        flex(button(type="postback", data="x", fillInText="a")),
        "messages[0].contents.body.contents[0].action.fillInText",
    ),
    "a script for a link": (
        flex(button(type="uri", uri="javascript:alert(1)")),
        "messages[0].contents.body.contents[0].action.uri",
    ),
    "a link that is not encoded": (
        flex(button(type="uri", uri="https://example.org/看板")),
        "messages[0].contents.body.contents[0].action.uri",
    ),
    "a copy too long": (
        flex(button(type="clipboard", clipboardText="x" * 1001)),
        "messages[0].contents.body.contents[0].action.clipboardText",
    ),
    "a picker that ends before it begins": (
        flex(
            button(type="datetimepicker", data="x", mode="date", min="2026-12-31", max="2026-01-01")
        ),
        "messages[0].contents.body.contents[0].action",
    ),
    "a picker that begins at a time instead of a date": (
        flex(button(type="datetimepicker", data="x", mode="date", initial="09:30")),
        "messages[0].contents.body.contents[0].action.initial",
    ),
    "a camera on a card": (
        flex(button(type="camera")),
        "messages[0].contents.body.contents[0].action.type",
    ),
    "fourteen quick replies": (quick(*[SAY] * 14), "messages[0].quickReply.items"),
    "a quick reply's label too long": (
        quick({**SAY, "label": "字" * 21}),
        "messages[0].quickReply.items[0].action.label",
    ),
    "a confirmation with one choice": (
        {
            **GOOD["confirm"],
            "template": {**GOOD["confirm"]["template"], "actions": [SAY]},
        },
        "messages[0].template.actions",
    ),
    "columns with different numbers of actions": (
        {
            **GOOD["carousel"],
            "template": {
                "type": "carousel",
                "columns": [
                    {"text": "一", "actions": [SAY]},
                    {"text": "二", "actions": [SAY, SAY]},
                ],
            },
        },
        "messages[0].template",
    ),
    "a title beside a long text": (
        {
            **GOOD["buttons"],
            "template": {**GOOD["buttons"]["template"], "title": "題", "text": "字" * 61},
        },
        "messages[0].template.text",
    ),
    "a single brace": ({"type": "textV2", "text": "{好"}, "messages[0].text"),
    "a placeholder for nothing": (
        {"type": "textV2", "text": "{who}"},
        "messages[0].substitution",
    ),
    "too many people mentioned": (
        {
            "type": "textV2",
            "text": "好",
            "substitution": {
                f"who{n}": {"type": "mention", "mentionee": {"type": "user", "userId": f"U{n}"}}
                for n in range(21)
            },
        },
        "messages[0].substitution",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_wrong_message_is_refused_and_the_place_named(name: str) -> None:
    message, place = BAD[name]
    faults = validate_faults({"messages": [message]})
    assert place in [fault["property"] for fault in faults]


def test_a_refusal_says_how_many_faults_there_are_and_where(api: Api, group: Group) -> None:
    status, body = push(api, group.id, [{"type": "text", "text": "", "x": 1}])
    assert status == 400
    assert body["message"] == "The request body has 2 error(s)"
    assert {detail["property"] for detail in body["details"]} == {
        "messages[0].text",
        "messages[0].x",
    }


def test_letters_are_counted_as_people_see_them() -> None:
    assert graphemes("👨‍👩‍👧🇹🇼e\u0301👍🏽字") == 5


def test_messages_can_be_tried_without_sending(line: StandIn, api: Api) -> None:
    for way in ("reply", "push"):
        assert api("POST", f"/message/validate/{way}", {"messages": HELLO}) == (200, {})
        assert api("POST", f"/message/validate/{way}", {"messages": []})[0] == 400
    assert api("POST", "/message/validate/narrowcast", {"messages": HELLO})[0] == 404


def test_people_are_mentioned_in_their_own_group_only(
    line: StandIn, api: Api, wang: Person, group: Group
) -> None:
    line.follow(wang.id)
    stranger = line.add_person("路人")

    def mentioning(user_id: str) -> list[dict[str, Any]]:
        who = {"type": "mention", "mentionee": {"type": "user", "userId": user_id}}
        return [{"type": "textV2", "text": "{who} 請看 {{1}}", "substitution": {"who": who}}]

    assert push(api, group.id, mentioning(wang.id))[0] == 200
    assert line.said_to(group.id) == ["@王小明 請看 {1}"]
    assert push(api, group.id, mentioning(stranger.id))[0] == 400
    assert push(api, wang.id, mentioning(wang.id))[0] == 400


def test_a_message_is_quoted_in_its_own_chat_only(
    line: StandIn, api: Api, wang: Person, group: Group
) -> None:
    line.follow(wang.id)
    _, body = push(api, group.id)
    token = body["sentMessages"][0]["quoteToken"]
    quoting = [{"type": "text", "text": "如上", "quoteToken": token}]
    assert push(api, group.id, quoting)[0] == 200
    assert line.history(group.id)[-1].quoted == body["sentMessages"][0]["id"]
    assert push(api, wang.id, quoting)[0] == 400


# asking


def test_a_group_is_known_while_the_bot_is_in_it(
    line: StandIn, api: Api, wang: Person, group: Group
) -> None:
    assert api("GET", f"/group/{group.id}/members/count") == (200, {"count": 2})
    assert api("GET", f"/group/{group.id}/summary")[1]["groupName"] == "企劃室"
    assert api("GET", f"/group/{group.id}/member/{wang.id}")[1]["displayName"] == "王小明"
    assert api("GET", f"/group/{group.id}/members/ids")[0] == 403
    assert api("GET", f"/room/{group.id}/members/count")[0] == 404
    assert api("POST", f"/group/{group.id}/leave") == (200, {})
    assert line.events[-1]["type"] == "leave"
    for path in ("summary", "members/count", f"member/{wang.id}"):
        assert api("GET", f"/group/{group.id}/{path}")[0] == 404
    assert push(api, group.id)[0] == 400


def test_loading_is_shown_to_people_only(
    line: StandIn, api: Api, wang: Person, group: Group
) -> None:
    assert api("POST", "/chat/loading/start", {"chatId": wang.id, "loadingSeconds": 10})[0] == 202
    assert api("POST", "/chat/loading/start", {"chatId": wang.id, "loadingSeconds": 7})[0] == 400
    assert api("POST", "/chat/loading/start", {"chatId": group.id})[0] == 400


def test_the_webhook_can_be_set_read_and_tried(line: StandIn, api: Api, webhook: Webhook) -> None:
    assert api("POST", "/channel/webhook/test", {})[1]["success"] is True
    assert json.loads(webhook.requests[-1][1])["events"] == []
    webhook.statuses[:] = [400]
    answer = api("POST", "/channel/webhook/test", {"endpoint": webhook.url})[1]
    assert (answer["success"], answer["statusCode"]) == (False, 400)
    assert api("PUT", "/channel/webhook/endpoint", {"endpoint": "ftp://x"})[0] == 400
    new = webhook.url + "2"
    assert api("PUT", "/channel/webhook/endpoint", {"endpoint": new})[0] == 200
    assert api("GET", "/channel/webhook/endpoint")[1] == {"endpoint": new, "active": True}
    assert line.webhook_url == new


def test_an_album_is_one_set_of_pictures_each_with_its_place(
    line: StandIn, wang: Person, group: Group
) -> None:
    line.send_album(wang.id, group.id, [b"\xff\xd8\xffa", b"\xff\xd8\xffb"])
    sets = [event["message"]["imageSet"] for event in line.events[-2:]]
    assert [(one["index"], one["total"]) for one in sets] == [(1, 2), (2, 2)]
    assert len({one["id"] for one in sets}) == 1


def test_content_is_there_until_it_is_taken_back(
    line: StandIn, api: Api, wang: Person, group: Group
) -> None:
    picture = line.send_content(wang.id, group.id, "image", b"\xff\xd8\xffdata")
    path = f"/message/{picture.id}/content"
    answer = api.raw("GET", path)
    assert (answer.data, answer.headers["Content-Type"]) == (b"\xff\xd8\xffdata", "image/jpeg")
    assert api("GET", path + "/transcoding") == (200, {"status": "succeeded"})
    line.unsend(wang.id, picture.id)
    assert api("GET", path)[0] == 410
    assert api("GET", "/message/12345/content")[0] == 404
    text = line.say(wang.id, group.id, "字")
    assert api("GET", f"/message/{text.id}/content")[0] == 404


# faults, waiting, threads


def test_an_ordered_fault_happens_before_or_after_the_effect(
    line: StandIn, api: Api, group: Group
) -> None:
    line.fail_next("/push", status=500)
    assert push(api, group.id)[0] == 500
    assert line.said_to(group.id) == []
    line.fail_next("/push", status=500, body={"message": "late"}, times=2, after_effect=True)
    assert push(api, group.id) == (500, {"message": "late"})
    assert push(api, group.id)[0] == 500
    assert push(api, group.id)[0] == 200
    assert line.said_to(group.id) == ["好", "好", "好"]
    assert [call.status for call in line.calls] == [500, 500, 500, 200]


def test_a_change_can_be_waited_for(line: StandIn, wang: Person) -> None:
    line.follow(wang.id)
    seen = line.seq
    assert line.wait_for_change(seen, timeout=0.01) == seen
    speaking = threading.Timer(0.05, line.say, (wang.id, wang.id, "嗨"))
    speaking.start()
    assert line.wait_for_change(seen, timeout=10) > seen
    speaking.join()


def test_a_changed_line_has_a_new_number(line: StandIn, wang: Person, group: Group) -> None:
    text = line.say(wang.id, group.id, "期限")
    line.edit(wang.id, text.id, "進度")
    changed = line.history(group.id)[-1]
    assert changed.id == text.id
    assert changed.seq > text.seq
    assert changed.seq == line.seq


def test_the_same_people_get_the_same_ids_after_a_restart(line: StandIn, clock: Hands) -> None:
    other = StandIn(secret=SECRET, token=TOKEN, clock=clock)
    assert line.add_person("王小明") == other.add_person("王小明")
    assert line.add_person("王小明").id != line.people[0].id
    assert line.bot_user_id == other.bot_user_id
    other.stop()


def test_many_threads_lose_no_event(
    line: StandIn, webhook: Webhook, wang: Person, group: Group
) -> None:
    def talk(number: int) -> None:
        for n in range(20):
            line.say(wang.id, group.id, f"{number}-{n}")

    threads = [threading.Thread(target=talk, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    line.wait_idle()
    texts = [event["message"]["text"] for event in webhook.events if event["type"] == "message"]
    assert len(texts) == len(set(texts)) == 80
    ids = [message.id for message in line.history(group.id)]
    assert len(ids) == len(set(ids))
