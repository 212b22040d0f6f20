"""The client against the stand-in over HTTP: what arrives, and which error each answer is."""

from __future__ import annotations

import logging
import socket
import threading
import uuid
from collections.abc import Iterator

import pytest
from line_helpers import TOKEN, Webhook

from bot.errors import (
    LineError,
    LineQuotaExhausted,
    LineRateLimited,
    LineRejected,
    LineTokenDead,
    LineUnauthorized,
    LineUnreachable,
)
from bot.line.client import LineClient, Quota
from bot.line.shapes import checked, to_line
from bot.line.stand_in import Group, Person, StandIn
from bot.messages import Button, Card, ChatKind, ChatRef, Does

HELLO = [{"type": "text", "text": "好"}]


def key() -> str:
    return str(uuid.uuid4())


def token_of(line: StandIn, person: Person, group: Group) -> str:
    """A living reply token: the person has just said something."""
    line.say(person.id, group.id, "小幫手 期限")
    line.wait_idle()
    return str(line.events[-1]["replyToken"])


def as_ref(group: Group) -> ChatRef:
    return ChatRef(kind=ChatKind.GROUP, id=group.id)


@pytest.fixture
def deaf() -> Iterator[str]:
    """A server that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


# sending


def test_a_reply_arrives_and_tells_its_ids(
    line: StandIn, client: LineClient, wang: Person, group: Group
) -> None:
    sent = client.reply(token_of(line, wang, group), HELLO)
    message = line.history(group.id)[-1]
    assert (message.way, message.content) == ("reply", HELLO[0])
    assert sent.ids == (message.id,)
    assert sent.quote_tokens[0]
    assert sent.request_id == line.calls[-1].request_id
    assert not sent.already


def test_what_arrives_is_what_was_given_to_the_last_property(
    line: StandIn, client: LineClient, wang: Person, group: Group
) -> None:
    buttons = (Button(label="看板", does=Does.OPEN, value="https://example.org/b?x=%E6%9D%BF"),)
    card = Card(title="標題 😀", body="內文\n第二行", rows=(("期限", "3月"),), buttons=buttons)
    messages = checked([to_line(card)])
    client.reply(token_of(line, wang, group), messages)
    assert line.calls[-1].body["messages"] == messages


def test_properties_that_the_sdk_does_not_know_are_sent_too(
    line: StandIn, client: LineClient, group: Group
) -> None:
    with pytest.raises(LineRejected):
        client.push(group.id, [{**HELLO[0], "ofTomorrow": {"a": [None, 1]}}], retry_key=key())
    assert line.calls[-1].body["messages"][0]["ofTomorrow"] == {"a": [None, 1]}


def test_a_push_arrives_with_its_key(line: StandIn, client: LineClient, group: Group) -> None:
    retry_key = key()
    sent = client.push(group.id, HELLO, retry_key=retry_key)
    assert line.history(group.id)[-1].id == sent.ids[0]
    assert line.history(group.id)[-1].way == "push"
    assert line.calls[-1].retry_key == retry_key


def test_the_same_key_sends_once_and_counts_as_a_success(
    line: StandIn, client: LineClient, group: Group
) -> None:
    retry_key = key()
    first = client.push(group.id, HELLO, retry_key=retry_key)
    again = client.push(group.id, HELLO, retry_key=retry_key)
    assert again.already
    assert (again.ids, again.quote_tokens) == (first.ids, first.quote_tokens)
    assert again.request_id == first.request_id
    assert line.said_to(group.id) == ["好"]


def test_a_reply_never_carries_a_retry_key(
    line: StandIn, client: LineClient, wang: Person, group: Group
) -> None:
    client.reply(token_of(line, wang, group), HELLO)
    assert line.calls[-1].retry_key is None


@pytest.mark.parametrize(
    "body", [{}, {"sentMessages": []}, {"sentMessages": [{"id": 5}]}, {"sentMessages": "x"}]
)
def test_a_success_in_an_unexpected_shape_is_still_a_success(
    line: StandIn, client: LineClient, group: Group, body: dict[str, object]
) -> None:
    line.fail_next("/push", status=200, body=body, after_effect=True)
    sent = client.push(group.id, HELLO, retry_key=key())
    assert not sent.already
    assert line.said_to(group.id) == ["好"]


# errors


def test_a_used_reply_token_is_dead(
    line: StandIn, client: LineClient, wang: Person, group: Group
) -> None:
    token = token_of(line, wang, group)
    client.reply(token, HELLO)
    with pytest.raises(LineTokenDead) as caught:
        client.reply(token, HELLO)
    assert caught.value.status == 400
    assert caught.value.request_id == line.calls[-1].request_id


def test_a_message_that_line_refuses_names_the_place_and_not_the_words(
    client: LineClient, group: Group
) -> None:
    with pytest.raises(LineRejected) as caught:
        client.push(group.id, [{"type": "text", "text": "秘密" * 3000}], retry_key=key())
    assert "messages[0].text" in caught.value.detail
    assert "秘密" not in caught.value.detail


def test_a_group_without_the_bot_is_rejected(
    line: StandIn, client: LineClient, group: Group
) -> None:
    line.remove_bot(group.id)
    with pytest.raises(LineRejected):
        client.push(group.id, HELLO, retry_key=key())


def test_a_wrong_access_token_is_unauthorized(base: str, group: Group) -> None:
    with LineClient("another token", api_base=base) as client, pytest.raises(LineUnauthorized):
        client.push(group.id, HELLO, retry_key=key())


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, LineRejected),
        (401, LineUnauthorized),
        (403, LineUnauthorized),
        (404, LineRejected),
        (408, LineUnreachable),
        (413, LineRejected),
        (415, LineRejected),
        (500, LineUnreachable),
        (502, LineUnreachable),
        (503, LineUnreachable),
    ],
)
@pytest.mark.parametrize("way", ["reply", "push"])
def test_each_status_is_its_own_kind_of_error(
    line: StandIn, client: LineClient, group: Group, status: int, kind: type[LineError], way: str
) -> None:
    line.fail_next(f"/{way}", status=status)
    calls = {
        "reply": lambda: client.reply("a-token", HELLO),
        "push": lambda: client.push(group.id, HELLO, retry_key=key()),
    }
    with pytest.raises(LineError) as caught:
        calls[way]()
    assert type(caught.value) is kind
    assert caught.value.status == status
    assert caught.value.request_id == line.calls[-1].request_id


def test_a_conflict_is_only_for_pushes_a_success(line: StandIn, client: LineClient) -> None:
    line.fail_next("/reply", status=409)
    with pytest.raises(LineRejected):
        client.reply("a-token", HELLO)


def test_the_used_up_month_is_not_the_same_as_too_fast(
    line: StandIn, client: LineClient, group: Group
) -> None:
    line.fail_next(
        "/push",
        status=429,
        body={"message": "The API rate limit has been exceeded. Try again later."},
    )
    with pytest.raises(LineRateLimited):
        client.push(group.id, HELLO, retry_key=key())
    line.quota = 1
    with pytest.raises(LineQuotaExhausted):
        client.push(group.id, HELLO, retry_key=key())


@pytest.mark.parametrize(
    ("quota", "kind"), [(0, LineQuotaExhausted), (200, LineRateLimited), (None, LineRateLimited)]
)
def test_where_the_words_do_not_tell_the_quota_does(
    line: StandIn, client: LineClient, group: Group, quota: int | None, kind: type[LineError]
) -> None:
    line.quota = quota
    line.fail_next("/push", status=429, body={"message": "Too many."})
    with pytest.raises(kind):
        client.push(group.id, HELLO, retry_key=key())


def test_where_even_the_quota_cannot_be_asked_it_was_too_fast(
    line: StandIn, client: LineClient, group: Group
) -> None:
    line.fail_next("/push", status=429, body={"message": "Too many."})
    line.fail_next("/quota", status=500)
    with pytest.raises(LineRateLimited):
        client.push(group.id, HELLO, retry_key=key())


# no answer


def test_a_server_that_is_silent_is_given_up_in_time(deaf: str) -> None:
    with (
        LineClient(TOKEN, api_base=deaf, data_base=deaf, timeout=(0.2, 0.2)) as client,
        pytest.raises(LineUnreachable) as caught,
    ):
        client.reply("a-token", HELLO)
    assert caught.value.status is None


def test_a_server_that_is_not_there_is_tried_once_and_is_unreachable(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        nowhere = f"http://127.0.0.1:{server.getsockname()[1]}"
    with LineClient(TOKEN, api_base=nowhere, data_base=nowhere) as client:
        with pytest.raises(LineUnreachable):
            client.push("C1", HELLO, retry_key=key())
        with pytest.raises(LineUnreachable):
            client.content("500", 1000)


def test_an_address_that_speaks_no_tls_is_unreachable(base: str) -> None:
    secure = base.replace("http:", "https:")
    with (
        LineClient(TOKEN, api_base=secure, timeout=(1, 1)) as client,
        pytest.raises(LineUnreachable),
    ):
        client.bot_id()


def test_a_call_is_never_repeated_behind_our_back(
    line: StandIn, client: LineClient, group: Group
) -> None:
    line.fail_next("/push", status=0, times=5)
    with pytest.raises(LineUnreachable):
        client.push(group.id, HELLO, retry_key=key())
    line.fail_next("/info", status=0, times=5)
    with pytest.raises(LineUnreachable):
        client.bot_id()
    assert len([call for call in line.calls if call.status == 0]) == 2


def test_a_push_whose_answer_was_lost_is_sent_again_with_its_key_and_arrives_once(
    line: StandIn, client: LineClient, group: Group
) -> None:
    line.fail_next("/push", status=0, after_effect=True)
    retry_key = key()
    with pytest.raises(LineUnreachable):
        client.push(group.id, HELLO, retry_key=retry_key)
    assert client.push(group.id, HELLO, retry_key=retry_key).already
    assert line.said_to(group.id) == ["好"]


def test_a_reply_whose_answer_was_lost_is_known_by_the_dead_token(
    line: StandIn, client: LineClient, wang: Person, group: Group
) -> None:
    token = token_of(line, wang, group)
    line.fail_next("/reply", status=500, after_effect=True)
    with pytest.raises(LineUnreachable):
        client.reply(token, HELLO)
    with pytest.raises(LineTokenDead):
        client.reply(token, HELLO)
    assert line.said_to(group.id) == ["好"]


def test_a_reply_that_did_not_arrive_does_so_the_second_time(
    line: StandIn, client: LineClient, wang: Person, group: Group
) -> None:
    token = token_of(line, wang, group)
    line.fail_next("/reply", status=503)
    with pytest.raises(LineUnreachable):
        client.reply(token, HELLO)
    client.reply(token, HELLO)
    assert line.said_to(group.id) == ["好"]


def test_an_answer_that_is_too_late_is_no_answer(
    line: StandIn, base: str, client: LineClient, group: Group
) -> None:
    line.fail_next("/push", status=200, hang_seconds=30, after_effect=True)
    retry_key, before = key(), line.seq
    with (
        LineClient(TOKEN, api_base=base, timeout=(1, 0.2)) as hasty,
        pytest.raises(LineUnreachable),
    ):
        hasty.push(group.id, HELLO, retry_key=retry_key)
    line.wait_for_change(before, timeout=10)
    assert client.push(group.id, HELLO, retry_key=retry_key).already


# asking


def test_a_push_to_a_group_costs_its_members_and_one_to_a_person_one(
    client: LineClient, wang: Person, group: Group
) -> None:
    assert client.members_count(as_ref(group)) == 2
    assert client.members_count(ChatRef(kind=ChatKind.USER, id=wang.id)) == 1


def test_rooms_are_asked_at_their_own_address(
    line: StandIn, client: LineClient, wang: Person
) -> None:
    room = line.add_group("舊聊天室", [wang], room=True)
    line.invite_bot(room.id)
    chat = ChatRef(kind=ChatKind.ROOM, id=room.id)
    assert client.members_count(chat) == 1
    assert client.profile(wang.id, chat).name == "王小明"
    client.leave(chat)
    assert not line.bot_inside(room.id)


def test_a_member_has_a_name_without_being_a_friend(
    line: StandIn, client: LineClient, wang: Person, group: Group
) -> None:
    assert client.profile(wang.id, as_ref(group)).name == "王小明"
    alone = ChatRef(kind=ChatKind.USER, id=wang.id)
    with pytest.raises(LineRejected):
        client.profile(wang.id, alone)
    line.follow(wang.id)
    assert client.profile(wang.id, alone).name == "王小明"


def test_a_group_has_a_name_while_the_bot_is_in_it(
    line: StandIn, client: LineClient, group: Group
) -> None:
    assert client.group_name(group.id) == "企劃室"
    client.leave(as_ref(group))
    assert not line.bot_inside(group.id)
    with pytest.raises(LineRejected) as caught:
        client.group_name(group.id)
    assert caught.value.status == 404


def test_one_cannot_leave_a_person(client: LineClient, wang: Person) -> None:
    with pytest.raises(ValueError, match="one-to-one"):
        client.leave(ChatRef(kind=ChatKind.USER, id=wang.id))


def test_the_quota_and_what_is_left_of_it(line: StandIn, client: LineClient, group: Group) -> None:
    client.push(group.id, HELLO, retry_key=key())
    assert client.quota() == Quota(limit=200, used=2)
    assert client.quota().left == 198
    line.quota = None
    assert client.quota().left is None


def test_the_channel_can_be_looked_at(line: StandIn, client: LineClient, webhook: Webhook) -> None:
    state = client.check()
    assert (state.bot_id, state.name) == (line.bot_user_id, "提升服務小幫手")
    assert (state.webhook, state.webhook_is_active) == (webhook.url, True)
    assert client.bot_id() == line.bot_user_id
    line.webhook_url = None
    assert client.check().webhook is None


def test_an_answer_without_what_was_asked_for_is_no_answer(
    line: StandIn, client: LineClient, group: Group
) -> None:
    line.fail_next("/count", status=200, body={"anzahl": 3})
    line.fail_next("/info", status=200, body={})
    with pytest.raises(LineUnreachable):
        client.members_count(as_ref(group))
    with pytest.raises(LineUnreachable):
        client.bot_id()


# content


def test_a_picture_is_fetched_byte_by_byte(
    line: StandIn, client: LineClient, wang: Person, group: Group
) -> None:
    data = b"\x89PNG" + bytes(range(256)) * 1000
    message = line.send_content(wang.id, group.id, "image", data)
    content = client.content(message.id, max_bytes=len(data))
    assert content is not None
    assert (content.data, content.content_type) == (data, "image/png")


def test_content_that_is_being_prepared_is_asked_for_again(
    line: StandIn, client: LineClient, wang: Person, group: Group
) -> None:
    message = line.send_content(wang.id, group.id, "video", b"film")
    line.fail_next("/content", status=202)
    assert client.content(message.id, 1000) is None
    content = client.content(message.id, 1000)
    assert content is not None
    assert content.content_type == "video/mp4"


def test_content_that_is_too_large_is_not_taken(
    line: StandIn, client: LineClient, wang: Person, group: Group
) -> None:
    message = line.send_content(wang.id, group.id, "file", b"x" * 200_000, file_name="大.bin")
    with pytest.raises(LineRejected, match="too large"):
        client.content(message.id, max_bytes=199_999)


def test_content_that_was_taken_back_is_gone(
    line: StandIn, client: LineClient, wang: Person, group: Group
) -> None:
    message = line.send_content(wang.id, group.id, "image", b"\xff\xd8\xff")
    line.unsend(wang.id, message.id)
    with pytest.raises(LineRejected) as caught:
        client.content(message.id, 1000)
    assert caught.value.status == 410


@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, LineUnreachable), (404, LineRejected), (401, LineUnauthorized), (500, LineUnreachable)],
)
def test_content_that_cannot_be_had_is_tried_again_only_where_that_helps(
    line: StandIn, client: LineClient, status: int, kind: type[LineError]
) -> None:
    line.fail_next("/content", status=status)
    with pytest.raises(kind) as caught:
        client.content("500", 1000)
    assert caught.value.status == status


# many at once, and what is kept of it


def test_many_threads_share_a_client_without_mixing_their_keys(
    line: StandIn, client: LineClient, group: Group
) -> None:
    line.quota = None
    keys = {f"{n}": key() for n in range(24)}
    seen: dict[str, tuple[str, ...]] = {}

    def push(text: str) -> None:
        messages = [{"type": "text", "text": text}]
        seen[text] = client.push(group.id, messages, retry_key=keys[text]).ids

    threads = [threading.Thread(target=push, args=(text,)) for text in keys]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    arrived = {m.id: m.content.get("text") for m in line.history(group.id) if m.way == "push"}
    assert sorted(arrived.values()) == sorted(keys)
    assert all(arrived[seen[text][0]] == text for text in keys)
    pushes = {call.body["messages"][0]["text"]: call.retry_key for call in line.calls}
    assert pushes == keys


def test_each_call_is_logged_with_lines_request_id_and_without_words(
    line: StandIn, client: LineClient, group: Group, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="bot.line.client"):
        client.push(group.id, [{"type": "text", "text": "秘密"}], retry_key=key())
    record = caplog.records[-1]
    assert record.getMessage() == "line_call"
    fields = vars(record)
    assert (fields["endpoint"], fields["status"]) == ("push", 200)
    assert fields["request_id"] == line.calls[-1].request_id
    assert fields["took_ms"] > 0
    assert "秘密" not in str(fields)
    assert group.id not in str(fields)
    assert TOKEN not in str(fields)
