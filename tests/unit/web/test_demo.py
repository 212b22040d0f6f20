"""The demo page: what it shows, what it does, and what it refuses."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import urllib3
from flask import Flask
from flask.testing import FlaskClient

from bot.line.stand_in import Group, Person, StandIn
from bot.web import demo

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
STATIC = Path(demo.__file__).parent / "static" / "demo"
PAGE = Path(demo.__file__).parent / "templates" / "demo" / "page.html"
PNG = b"\x89PNG\r\n\x1a\n" + b"a picture"
CONFIRM: dict[str, Any] = {
    "type": "template",
    "altText": "要送出嗎？",
    "template": {
        "type": "confirm",
        "text": "要送出嗎？",
        "actions": [
            {"type": "postback", "label": "送出", "data": "a=send", "displayText": "送出"},
            {"type": "datetimepicker", "label": "改日期", "data": "a=date", "mode": "date"},
        ],
    },
}
SEND, PICK = CONFIRM["template"]["actions"]

Json = dict[str, Any]
BotSends = Callable[..., None]


@dataclass
class Page:
    """The page's side of the API."""

    client: FlaskClient

    def state(self, **query: str | int) -> Json:
        answer: Json = self.client.get("/demo/api/state", query_string=query).get_json()
        return answer

    def does(self, name: str, **body: object) -> Json:
        answer = self.client.post(f"/demo/api/{name}", json=body, headers={"X-Planbot-Demo": "1"})
        assert answer.status_code == 200, answer.get_json()
        done: Json = answer.get_json()
        return done

    def is_refused(self, name: str, **body: object) -> str:
        answer = self.client.post(f"/demo/api/{name}", json=body, headers={"X-Planbot-Demo": "1"})
        assert answer.status_code == 400
        sentence: str = answer.get_json()["error"]
        return sentence

    def sends(self, data: bytes, **query: str) -> Json:
        answer = self.client.post(
            "/demo/api/picture", query_string=query, data=data, headers={"X-Planbot-Demo": "1"}
        )
        done: Json = {"status": answer.status_code, **answer.get_json()}
        return done


@pytest.fixture
def line() -> StandIn:
    return StandIn(secret="s" * 32, token="token", clock=lambda: NOW)


@pytest.fixture
def lin(line: StandIn) -> Person:
    return line.add_person("林管理員")


@pytest.fixture
def stranger(line: StandIn, lin: Person) -> Person:
    return line.add_person("路人甲")


@pytest.fixture
def office(line: StandIn, lin: Person, stranger: Person) -> Group:
    group = line.add_group("企劃室", [lin])
    line.invite_bot(group.id)
    return group


@pytest.fixture
def client(line: StandIn) -> FlaskClient:
    app = Flask("demo_page")
    blueprint = demo.demo_blueprint(line, clock=lambda: NOW, hints=["期限", "回報 …"])
    app.register_blueprint(blueprint)
    return app.test_client()


@pytest.fixture
def page(client: FlaskClient) -> Page:
    return Page(client)


@pytest.fixture
def bot_sends(line: StandIn) -> Iterator[BotSends]:
    """The bot answers the latest event, or pushes to a chat, over HTTP as it would to LINE."""
    base = line.start()
    pool = urllib3.PoolManager()

    def send(*messages: Json, to: str | None = None) -> None:
        token = {"replyToken": line.events[-1]["replyToken"]}
        body = {**(token if to is None else {"to": to}), "messages": list(messages)}
        way = "reply" if to is None else "push"
        answer = pool.request(
            "POST",
            f"{base}/v2/bot/message/{way}",
            body=json.dumps(body),
            headers={"Authorization": "Bearer token", "Content-Type": "application/json"},
        )
        assert answer.status == 200, answer.data

    yield send
    pool.clear()
    line.stop()


def latest(state: Json) -> Json:
    message: Json = state["messages"][-1]
    return message


# --- the page --------------------------------------------------------------------------------


def test_the_page_and_all_it_needs_come_from_this_server_only(client: FlaskClient) -> None:
    answer = client.get("/demo/")
    assert answer.status_code == 200
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'self';")
    needed = re.findall(r'(?:href|src)="(/[^"]+)"', answer.get_data(as_text=True))
    assert len(needed) == 4
    for address in needed:
        with client.get(address) as file:
            assert file.status_code == 200


def test_the_page_has_no_inline_script_and_no_inline_style() -> None:
    html = PAGE.read_text()
    assert not re.search(r"\son\w+=|\sstyle=|<style|<script(?![^>]*\ssrc=)", html)


@pytest.mark.parametrize("script", sorted(STATIC.glob("*.js")), ids=lambda path: path.name)
def test_no_script_makes_markup_out_of_words(script: Path) -> None:
    makers = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function"
    assert not re.search(makers, script.read_text())


@pytest.mark.parametrize("script", sorted(STATIC.glob("*.js")), ids=lambda path: path.name)
def test_what_a_script_imports_is_there(script: Path) -> None:
    imported = re.findall(r'from "([^"]+)"', script.read_text())
    assert all((STATIC / name).is_file() for name in imported)


# --- what it shows ---------------------------------------------------------------------------


def test_it_shows_the_groups_first_and_then_everybody_one_to_one(
    page: Page, office: Group, lin: Person, stranger: Person
) -> None:
    chats = page.state()["chats"]
    assert [chat["name"] for chat in chats] == ["企劃室", "林管理員", "路人甲"]
    assert chats[0]["members"] == [lin.id]
    assert chats[0]["bot_hears"] is True


def test_it_hands_over_the_suggestions_and_the_present_moment(page: Page) -> None:
    state = page.state()
    assert state["hints"] == ["期限", "回報 …"]
    assert datetime.fromisoformat(state["now"]) == NOW


def test_it_gives_only_what_is_newer_than_what_the_page_has(
    page: Page, office: Group, lin: Person
) -> None:
    before = page.state()
    page.does("say", person=lin.id, chat=office.id, text="大家早")
    after = page.state(run=before["run"], since=before["seq"])
    assert [message["content"]["text"] for message in after["messages"]] == ["大家早"]


def test_a_page_of_an_earlier_run_gets_everything(page: Page, office: Group) -> None:
    everything = page.state(run="another", since=10_000)["messages"]
    assert [message["content"]["type"] for message in everything] == ["system"]


def test_a_waiting_page_hears_of_a_message_at_once(
    line: StandIn, page: Page, office: Group, lin: Person
) -> None:
    before = page.state()
    with ThreadPoolExecutor() as threads:
        waiting = threads.submit(page.state, run=before["run"], since=before["seq"], wait=20)
        line.say(lin.id, office.id, "大家早")
        assert latest(waiting.result(timeout=10))["content"]["text"] == "大家早"


def test_a_reply_is_shown_as_free(
    page: Page, office: Group, lin: Person, bot_sends: BotSends
) -> None:
    page.does("say", person=lin.id, chat=office.id, text="小幫手 期限")
    assert page.state()["heard"][-1]["answered"] is False
    bot_sends({"type": "text", "text": "3月10日"})
    state = page.state()
    assert latest(state)["way"] == "reply"
    assert state["heard"][-1]["answered"] is True
    assert state["used"] == 0


def test_a_push_is_shown_with_its_price_once_however_many_messages(
    line: StandIn, page: Page, office: Group, stranger: Person, bot_sends: BotSends
) -> None:
    line.add_member(office.id, stranger.id)
    bot_sends({"type": "text", "text": "提醒"}, {"type": "text", "text": "還有"}, to=office.id)
    state = page.state()
    assert [(push["chat"], push["price"]) for push in state["pushed"]] == [(office.id, 2)]
    assert (state["used"], state["quota"]) == (2, 200)


def test_what_the_bot_heard_and_left_unanswered_can_be_seen(
    page: Page, office: Group, lin: Person
) -> None:
    page.does("say", person=lin.id, chat=office.id, text="中午吃什麼")
    heard = page.state()["heard"][-1]
    assert heard["what"] == {"type": "text", "text": "中午吃什麼"}
    assert (heard["chat"], heard["answered"]) == (office.id, False)


def test_a_refused_call_is_shown(page: Page, office: Group, bot_sends: BotSends) -> None:
    with pytest.raises(AssertionError):
        bot_sends({"type": "text", "text": ""}, to=office.id)
    assert page.state()["refused"] == [{"path": "/v2/bot/message/push", "status": 400}]


# --- what one can do -------------------------------------------------------------------------


def test_a_mention_reaches_the_bot_as_one(
    line: StandIn, page: Page, office: Group, lin: Person
) -> None:
    page.does("say", person=lin.id, chat=office.id, text="@提升服務小幫手 期限")
    assert line.events[-1]["message"]["mention"]["mentionees"][0]["isSelf"] is True


def test_a_person_can_be_mentioned_in_the_group(
    line: StandIn, page: Page, office: Group, lin: Person
) -> None:
    page.does("say", person=lin.id, chat=office.id, text=f"小幫手 代理人 @{lin.name} 今天")

    mentioned = line.events[-1]["message"]["mention"]["mentionees"][0]
    assert (mentioned["userId"], mentioned["isSelf"]) == (lin.id, False)


def test_a_message_can_be_quoted(line: StandIn, page: Page, office: Group, lin: Person) -> None:
    first = line.say(lin.id, office.id, "7月31日到期")
    page.does("say", person=lin.id, chat=office.id, text="完成了", quote=first.id)
    assert latest(page.state())["quoted"] == first.id
    assert line.events[-1]["message"]["quotedMessageId"] == first.id


def test_a_button_is_tapped_and_its_words_are_shown(
    line: StandIn, page: Page, lin: Person, bot_sends: BotSends
) -> None:
    line.say(lin.id, lin.id, "回報")
    bot_sends(CONFIRM)
    shown = latest(page.state())
    page.does("tap", person=lin.id, chat=lin.id, message=shown["id"], action=SEND)
    assert latest(page.state())["content"]["text"] == "送出"
    assert line.events[-1]["postback"] == {"data": "a=send"}


def test_a_picked_date_goes_with_the_postback(
    line: StandIn, page: Page, lin: Person, bot_sends: BotSends
) -> None:
    line.say(lin.id, lin.id, "回報")
    bot_sends(CONFIRM)
    tap = {"person": lin.id, "chat": lin.id, "message": latest(page.state())["id"], "action": PICK}
    page.does("tap", **tap, picked="2026-07-01")
    assert line.events[-1]["postback"]["params"] == {"date": "2026-07-01"}
    for wrong in (None, "", "明天", "2026-07-01T09:30", "09:30"):
        assert page.is_refused("tap", **tap, picked=wrong) == "請選擇日期或時間。"


def test_only_a_button_of_the_message_can_be_tapped(
    line: StandIn, page: Page, lin: Person, bot_sends: BotSends
) -> None:
    line.say(lin.id, lin.id, "回報")
    bot_sends(CONFIRM)
    tap = {"person": lin.id, "chat": lin.id, "message": latest(page.state())["id"]}
    forged = {"type": "postback", "label": "送出", "data": "a=everything"}
    assert page.is_refused("tap", **tap, action=forged) == "那則訊息上沒有這個按鈕。"
    assert page.is_refused("tap", **tap, action="送出") == "那則訊息上沒有這個按鈕。"


def test_a_picture_can_be_sent_and_looked_at(
    page: Page, client: FlaskClient, office: Group, lin: Person
) -> None:
    assert page.sends(PNG, person=lin.id, chat=office.id, name="a.png")["status"] == 200
    sent = latest(page.state())
    assert sent["content"] == {"type": "image"}
    answer = client.get(f"/demo/content/{sent['id']}")
    assert (answer.data, answer.content_type) == (PNG, "image/png")


def test_a_file_can_only_be_saved_whatever_it_claims_to_be(
    page: Page, client: FlaskClient, office: Group, lin: Person
) -> None:
    page.sends(b"<script>alert(1)</script>", person=lin.id, chat=office.id, name="a.html")
    sent = latest(page.state())
    assert sent["content"]["fileName"] == "a.html"
    answer = client.get(f"/demo/content/{sent['id']}")
    assert answer.content_type == "application/octet-stream"
    assert answer.headers["Content-Disposition"] == "attachment"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_ones_own_message_can_be_edited_and_taken_back(
    line: StandIn, page: Page, office: Group, lin: Person
) -> None:
    mine = {"person": lin.id, "chat": office.id, "message": line.say(lin.id, office.id, "早").id}
    page.does("edit", **mine, text="早安")
    assert latest(page.state())["content"]["text"] == "早安"
    page.does("unsend", **mine)
    shown = latest(page.state())
    assert shown["unsent"] is True
    assert "早安" not in json.dumps(shown, ensure_ascii=False)
    assert page.is_refused("edit", **mine, text="還在嗎") == "這則訊息已經不在了。"


def test_a_picture_taken_back_is_gone(
    line: StandIn, page: Page, client: FlaskClient, office: Group, lin: Person
) -> None:
    sent = line.send_content(lin.id, office.id, "image", PNG)
    page.does("unsend", person=lin.id, chat=office.id, message=sent.id)
    assert client.get(f"/demo/content/{sent.id}").status_code == 404


def test_people_and_the_bot_come_and_go(
    line: StandIn, page: Page, office: Group, stranger: Person
) -> None:
    page.does("join", person=stranger.id, chat=office.id)
    page.does("leave", person=stranger.id, chat=office.id)
    page.does("remove", chat=office.id)
    assert page.state()["chats"][0]["bot_hears"] is False
    page.does("invite", chat=office.id)
    page.does("follow", person=stranger.id)
    page.does("unfollow", person=stranger.id)
    assert page.state()["chats"][-1]["bot_hears"] is False
    assert [event["type"] for event in line.events[1:]] == [
        "memberJoined",
        "memberLeft",
        "leave",
        "join",
        "follow",
        "unfollow",
    ]


# --- what it refuses -------------------------------------------------------------------------


def test_only_the_page_itself_may_act(client: FlaskClient, office: Group, lin: Person) -> None:
    body = {"person": lin.id, "chat": office.id, "text": "大家早"}
    answer = client.post("/demo/api/say", json=body)
    assert (answer.status_code, answer.get_json()["error"]) == (400, "請從試用頁操作。")
    assert client.get("/demo/api/say").status_code == 405


@pytest.mark.parametrize("text", ["", "  \n ", None, 5, "好" * 5_001])
def test_it_refuses_a_message_without_words_or_with_too_many(
    line: StandIn, page: Page, office: Group, lin: Person, text: object
) -> None:
    before = len(line.history(office.id))
    assert page.is_refused("say", person=lin.id, chat=office.id, text=text).endswith("。")
    assert len(line.history(office.id)) == before


def test_it_refuses_who_and_what_does_not_exist(page: Page, office: Group, lin: Person) -> None:
    assert page.is_refused("say", person="U0", chat=office.id, text="早").startswith("沒有這個人")
    assert page.is_refused("say", person=lin.id, chat="C0", text="早").startswith("沒有這個聊天")
    gone = page.is_refused("say", person=lin.id, chat=office.id, text="早", quote="1")
    assert gone == "這則訊息已經不在了。"


def test_who_is_not_in_a_group_cannot_speak_there(
    page: Page, office: Group, stranger: Person, lin: Person
) -> None:
    assert "加入群組" in page.is_refused("say", person=stranger.id, chat=office.id, text="早")
    refusal = page.is_refused("say", person=stranger.id, chat=lin.id, text="早")
    assert refusal.startswith("沒有這個聊天")


def test_somebody_elses_message_stays(
    line: StandIn, page: Page, office: Group, lin: Person, stranger: Person
) -> None:
    line.add_member(office.id, stranger.id)
    said = line.say(lin.id, office.id, "早")
    theirs = {"person": stranger.id, "chat": office.id, "message": said.id}
    assert page.is_refused("unsend", **theirs).startswith("現在做不到")
    assert page.is_refused("edit", **theirs, text="晚").startswith("現在做不到")


def test_what_was_done_already_is_refused_with_a_sentence(
    page: Page, office: Group, lin: Person
) -> None:
    assert page.is_refused("join", person=lin.id, chat=office.id).startswith("現在做不到")
    assert page.is_refused("invite", chat=office.id).startswith("現在做不到")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"words"', b"\xff\xfe"])
def test_it_refuses_what_it_cannot_read(client: FlaskClient, body: bytes) -> None:
    headers = {"X-Planbot-Demo": "1", "Content-Type": "application/json"}
    answer = client.post("/demo/api/say", data=body, headers=headers)
    assert (answer.status_code, answer.get_json()["error"][:3]) == (400, "看不懂")


def test_it_refuses_an_empty_file_and_one_that_is_too_large(
    page: Page, office: Group, lin: Person
) -> None:
    where = {"person": lin.id, "chat": office.id, "name": "a.png"}
    assert page.sends(b"", **where) == {"status": 400, "error": "這個檔案是空的，請換一個。"}
    large = page.sends(bytes(10 * 1024 * 1024 + 1), **where)
    assert large == {"status": 400, "error": "檔案太大了，最多 10 MB。"}


def test_what_it_does_not_know_is_not_found(page: Page, client: FlaskClient) -> None:
    headers = {"X-Planbot-Demo": "1"}
    assert client.post("/demo/api/shout", json={}, headers=headers).status_code == 404
    assert client.get("/demo/content/123").status_code == 404
