"""Signatures, splitting a request into events, reading one event."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.line.webhook import UNKNOWN_TIME, UnreadableBody, parse, split, verify
from bot.messages import Album, ChatKind, ChatRef, Incoming, IncomingKind

SECRET = "8c570fa6dd201bb328f1c1eac23a96d8"
BODY = b'{"destination":"U8e742f61d673b39c7fff3cecb7536ef0","events":[]}'
SIGNATURE = "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs="  # LINE's own example

REPEATABLE = settings(derandomize=True, database=None, deadline=None)

FIXTURES = Path(__file__).parents[2] / "fixtures" / "line"
SHAPES: dict[str, dict[str, Any]] = json.loads((FIXTURES / "events.json").read_text("utf-8"))


def body_of(*events: Any) -> bytes:
    return json.dumps({"destination": "U" + "0" * 32, "events": list(events)}).encode()


def read(event: Any) -> Incoming:
    return parse(split(body_of(event))[0].payload)


def text_event(text: str, **message: Any) -> dict[str, Any]:
    return {
        "type": "message",
        "mode": "active",
        "timestamp": 1772413200123,
        "webhookEventId": "01KJNV8W3V0000000000000000",
        "deliveryContext": {"isRedelivery": False},
        "replyToken": "a-token",
        "source": {"type": "group", "groupId": "C1", "userId": "U1"},
        "message": {"type": "text", "id": "500", "text": text, "quoteToken": "q", **message},
    }


def mention(*, index: int, length: int, **more: Any) -> dict[str, Any]:
    one = {"index": index, "length": length, "type": "user", "userId": "Ubot", "isSelf": True}
    return {"mentionees": [{**one, **more}]}


# signatures


def test_it_knows_the_signature_of_lines_own_example() -> None:
    assert verify(BODY, SIGNATURE, [SECRET])


def test_a_body_that_was_touched_is_refused() -> None:
    assert not verify(BODY + b" ", SIGNATURE, [SECRET])


@pytest.mark.parametrize("signature", [None, "", "x", SIGNATURE[:-2], SIGNATURE + "=", "簽章"])
def test_a_missing_or_wrong_signature_is_refused(signature: str | None) -> None:
    assert not verify(BODY, signature, [SECRET])


def test_either_of_two_secrets_is_accepted_while_one_is_being_replaced() -> None:
    assert verify(BODY, SIGNATURE, ["a new secret", SECRET])
    assert verify(BODY, SIGNATURE, [SECRET, "a new secret"])


def test_without_a_secret_nothing_is_accepted() -> None:
    assert not verify(BODY, SIGNATURE, [])


@REPEATABLE
@given(body=st.binary(max_size=200), secret=st.text(min_size=1, max_size=40))
def test_what_is_signed_with_the_secret_is_accepted(body: bytes, secret: str) -> None:
    key = secret.encode("utf-8", "replace").decode("utf-8")
    digest = hmac.new(key.encode(), body, hashlib.sha256).digest()
    assert verify(body, base64.b64encode(digest).decode(), [key])


def test_the_web_process_does_not_import_the_sdk() -> None:
    program = "import sys, bot.line.webhook; sys.exit('linebot' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], check=False, timeout=60)
    assert done.returncode == 0


# splitting


def test_lines_own_trial_has_no_events() -> None:
    assert split(BODY) == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"[]",
        b"{}",
        b'"text"',
        b"null",
        b'{"events": null}',
        b'{"events": {}}',
        b'{"events": [',
        b"\xff\xfe\x00",
        b'{"events": [' + b"1" * 5000 + b"]}",
        b"[" * 200_000,
    ],
)
def test_a_body_without_a_list_of_events_cannot_be_read(body: bytes) -> None:
    with pytest.raises(UnreadableBody):
        split(body)


def test_an_event_is_stored_with_everything_that_is_in_it() -> None:
    event = {**text_event("期限 😀"), "somethingNew": {"deep": [1, 2.5, None, "字"]}}
    raw = split(body_of(event))[0]
    assert json.loads(raw.payload) == event
    assert "期限 😀" in raw.payload  # readable in the database
    assert (raw.id, raw.chat_key) == ("01KJNV8W3V0000000000000000", "C1")
    assert raw.at == datetime(2026, 3, 2, 1, 0, 0, 123000, tzinfo=UTC)


def test_events_of_several_chats_in_one_request_are_kept_apart_and_in_order() -> None:
    events = [
        {"type": "a", "webhookEventId": "1", "source": {"type": "group", "groupId": "C1"}},
        {"type": "b", "webhookEventId": "2", "source": {"type": "room", "roomId": "R1"}},
        {"type": "c", "webhookEventId": "3", "source": {"type": "user", "userId": "U1"}},
        {"type": "d", "webhookEventId": "4"},
    ]
    assert [raw.chat_key for raw in split(body_of(*events))] == ["C1", "R1", "U1", ""]


def test_an_event_without_an_id_gets_one_that_its_redelivery_gets_too() -> None:
    event = text_event("期限")
    del event["webhookEventId"]
    again = {**event, "deliveryContext": {"isRedelivery": True}}
    other = {**event, "timestamp": 1}
    ids = [raw.id for raw in split(body_of(event, again, other))]
    assert ids[0] == ids[1] != ids[2]
    assert parse(split(body_of(event))[0].payload).event_id == ids[0]


@pytest.mark.parametrize("event", [None, 5, "text", [1], True])
def test_what_is_no_object_is_kept_as_an_unreadable_event(event: Any) -> None:
    raw = split(body_of(event))[0]
    assert json.loads(raw.payload) == {"type": "unreadable", "value": event}
    assert parse(raw.payload).kind is IncomingKind.OTHER


@pytest.mark.parametrize("timestamp", [None, "soon", {}, 10**30, -(10**30), float("nan")])
def test_a_time_that_cannot_be_read_comes_before_all_others(timestamp: Any) -> None:
    raw = split(body_of({**text_event("x"), "timestamp": timestamp}))[0]
    assert raw.at == UNKNOWN_TIME


def test_half_of_a_surrogate_pair_can_still_be_stored() -> None:
    body = b'{"events": [{"type": "x\\ud83d", "webhookEventId": "bad\\ud83d", "source": {"groupId": "\\u0000"}}]}'
    raw = split(body)[0]
    assert raw.payload.encode()
    assert raw.id.startswith("sha256-")
    assert raw.chat_key == ""


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
KNOWN_NAMES = st.sampled_from(
    ["type", "source", "message", "postback", "timestamp", "mode", "unsend", "joined", "left",
     "replyToken", "webhookEventId", "deliveryContext"]
)  # fmt: skip


@REPEATABLE
@given(event=st.dictionaries(KNOWN_NAMES, JSON_VALUES))
def test_no_event_whatever_is_in_it_is_lost_or_breaks_the_reading(event: dict[str, Any]) -> None:
    raws = split(body_of(event))
    assert len(raws) == 1
    assert parse(raws[0].payload).event_id == raws[0].id


# reading


@pytest.mark.parametrize("name", sorted(SHAPES))
def test_an_event_is_read_as_it_should(name: str) -> None:
    shape = SHAPES[name]
    incoming = read(shape["event"])
    expected = dict(shape["reads"])
    if "chat" in expected:
        chat = ChatRef(kind=ChatKind(expected["chat"][0]), id=expected["chat"][1])
        assert incoming.chat == chat
        del expected["chat"]
    for attribute, value in expected.items():
        found = getattr(incoming, attribute)
        assert (list(found) if isinstance(found, tuple) else found) == value, attribute


def test_there_are_thirty_shapes_and_more() -> None:
    assert len(SHAPES) >= 30


def test_one_bad_event_does_not_take_the_others_with_it() -> None:
    raws = split(body_of(text_event("期限"), {"mode": "unheard of"}, None, text_event("進度")))
    kinds = [parse(raw.payload).kind for raw in raws]
    assert kinds == ["text", "other", "other", "text"]


def test_a_payload_that_is_not_json_reads_as_something_else() -> None:
    assert parse("{").kind is IncomingKind.OTHER
    assert parse("[]").kind is IncomingKind.OTHER


# the bot's own mention


@pytest.mark.parametrize(
    ("typed", "index", "length", "text"),
    [
        ("@小幫手 期限", 0, 4, "期限"),
        ("請問 @小幫手", 3, 4, "請問"),
        ("請問@小幫手期限", 2, 4, "請問期限"),
        ("😀😀@小幫手 期限", 4, 4, "😀😀 期限"),  # UTF-16 units
        ("😀😀@小幫手 期限", 2, 4, "😀😀 期限"),  # code points
        ("@幫手😀 期限", 0, 5, "期限"),
        ("＠小幫手 期限", 0, 4, "期限"),
        ("\u200b@小幫手\u2060 期限\ufeff", 1, 4, "期限"),
    ],
)
def test_the_mention_is_cut_out(typed: str, index: int, length: int, text: str) -> None:
    incoming = read(text_event(typed, mention=mention(index=index, length=length)))
    assert incoming.mentions_bot
    assert incoming.text == text
    assert incoming.typed == typed


@pytest.mark.parametrize(
    ("index", "length"),
    [(1, 3), (-1, 4), (0, 0), (0, 99), (99, 1), (None, 4), ("0", "4"), (0, True)],
)
def test_a_mention_whose_place_makes_no_sense_cuts_nothing_wrong(index: Any, length: Any) -> None:
    incoming = read(text_event("@小幫手 期限", mention=mention(index=index, length=length)))
    assert incoming.mentions_bot
    assert incoming.text in ("@小幫手 期限", "小幫手 期限")


@pytest.mark.parametrize(
    "given",
    [
        {"mentionees": [{"index": 0, "length": 4, "type": "all"}]},
        {
            "mentionees": [
                {"index": 0, "length": 4, "type": "user", "userId": "U2", "isSelf": False}
            ]
        },
        {"mentionees": [{"index": 0, "length": 4, "type": "user", "userId": "U2"}]},
        {"mentionees": []},
        {"mentionees": None},
        {"mentionees": [None, 5]},
        None,
    ],
)
def test_mentioning_others_is_not_mentioning_the_bot(given: Any) -> None:
    incoming = read(text_event("@王小明 期限", mention=given))
    assert not incoming.mentions_bot
    assert incoming.text == "@王小明 期限"


def mentionees(text: str, **people: str | None) -> dict[str, Any]:
    """Mentions of people by the names that stand in a text; `bot` is the bot itself."""
    found = []
    for person, name in people.items():
        index = len(text[: text.index(f"@{name}")].encode("utf-16-le")) // 2
        one: dict[str, Any] = {"index": index, "length": len(f"@{name}"), "type": "user"}
        known = {} if person == "unknown" else {"userId": person}
        found.append({**one, **known, "isSelf": person == "bot"})
    return {"mentionees": found}


@pytest.mark.parametrize(
    ("typed", "people", "text", "mentions"),
    [
        ("小幫手 代理人 @李志明 12/1", {"U2": "李志明"}, "小幫手 代理人  12/1", ("U2",)),
        ("小幫手 🙂 交接 @王美玲", {"U3": "王美玲"}, "小幫手 🙂 交接", ("U3",)),
        ("@小幫手 交接@王美玲", {"bot": "小幫手", "U3": "王美玲"}, "交接", ("U3",)),
        ("@王美玲 @小幫手 交接", {"bot": "小幫手", "U3": "王美玲"}, "交接", ("U3",)),
        ("小幫手 @甲 @乙 代理人", {"U4": "甲", "U5": "乙"}, "小幫手   代理人", ("U4", "U5")),
        ("小幫手 交接 @某某", {"unknown": "某某"}, "小幫手 交接", ()),
        # Who is called first is spoken to, so that the bot does not take it for itself.
        ("@王美玲 小幫手 很好用", {"U3": "王美玲"}, "@王美玲 小幫手 很好用", ("U3",)),
    ],
)
def test_other_people_are_told_by_their_ids_and_their_names_cut_out(
    typed: str, people: dict[str, str], text: str, mentions: tuple[str, ...]
) -> None:
    incoming = read(text_event(typed, mention=mentionees(typed, **people)))

    assert (incoming.text, incoming.mentions) == (text, mentions)
    assert incoming.typed == typed


def test_somebody_who_is_mentioned_twice_counts_once() -> None:
    twice = {
        "mentionees": [
            {"index": 4, "length": 2, "type": "user", "userId": "U2"},
            {"index": 7, "length": 2, "type": "user", "userId": "U2"},
        ]
    }
    assert read(text_event("小幫手 @甲 @甲 交接", mention=twice)).mentions == ("U2",)


def test_two_mentions_of_the_bot_are_both_cut_out() -> None:
    both = {
        "mentionees": [
            {"index": 0, "length": 4, "type": "user", "isSelf": True},
            {"index": 8, "length": 4, "type": "user", "isSelf": True},
        ]
    }
    assert read(text_event("@小幫手 期限 @小幫手", mention=both)).text == "期限"


@REPEATABLE
@given(before=st.text(max_size=10), after=st.text(max_size=10))
def test_the_mention_is_found_after_any_text(before: str, after: str) -> None:
    units = len(before.encode("utf-16-le", "surrogatepass")) // 2
    name = "@小幫手"
    incoming = read(
        text_event(before + name + after, mention=mention(index=units, length=len(name)))
    )
    assert incoming.mentions_bot
    assert len(incoming.text) <= len(before + after)


# albums


@pytest.mark.parametrize(
    ("image_set", "expected"),
    [
        ({"id": "A", "index": 2, "total": 6}, Album(id="A", index=2, total=6)),
        ({"id": "A"}, Album(id="A")),
        ({"id": "A", "index": "2", "total": None}, Album(id="A")),
        ({"index": 1, "total": 2}, None),
        ("album", None),
    ],
)
def test_a_picture_knows_its_album(image_set: Any, expected: Album | None) -> None:
    event = text_event("")
    event["message"] = {"type": "image", "id": "500", "imageSet": image_set}

    assert read(event).album == expected
