"""`planbot remind` and `planbot reminders`: what is due, what will be said, and what it costs."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import URL

from bot.cli import main
from bot.line.stand_in import StandIn
from bot.messages import ChatKind, ChatRef
from bot.store import acknowledgements, chats
from bot.store.acknowledgements import Ack
from bot.store.engine import Database
from tests.conftest import SECRET, TOKEN

UNIT = "三民區第二衛生所"
LEAD = "2026-01-29T10:00:00+08:00"
FIELDS = {"at", "kind", "deadline", "unit", "chat", "text", "recipients"}


@pytest.fixture
def database(
    sqlite_url: URL, monkeypatch: pytest.MonkeyPatch, open_database: Callable[..., Database]
) -> Database:
    """The database that the commands use."""
    monkeypatch.setenv("DATABASE_URL", sqlite_url.render_as_string(hide_password=False))
    return open_database(sqlite_url)


def printed(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> Any:
    assert main(arguments) == status
    return json.loads(capsys.readouterr().out)


def bind(database: Database, chat: ChatRef, unit: str = UNIT) -> None:
    with database.begin() as db:
        since = datetime(2025, 12, 1, tzinfo=UTC)
        chats.bind(db, chat, unit, by=None, now=since)


def test_without_a_bound_chat_every_units_reminders_are_shown(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    found = printed(capsys, "remind", "--now", LEAD, "--json")

    ours = [one for one in found if one["unit"] == UNIT and one["kind"] == "lead"]
    assert {frozenset(one) for one in found} == {frozenset(FIELDS)}
    assert {one["deadline"] for one in ours} == {f"115:s2:{UNIT}", f"114:s10:{UNIT}"}
    assert {(one["chat"], one["recipients"]) for one in found} == {(None, 0)}
    assert ours[0]["at"] == "2026-01-29T09:30:00+08:00"


def test_a_unit_is_named_by_any_of_its_names(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    found = printed(capsys, "remind", "--now", "2026-01-29T10:00", "--unit", "三民二所", "--json")

    assert {one["unit"] for one in found} == {UNIT}


def test_with_bound_chats_only_they_are_shown_and_what_is_done_is_left_out(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    chat = ChatRef(kind=ChatKind.GROUP, id="C" + "1" * 32)
    bind(database, chat)
    with database.begin() as db:
        acknowledgements.record(
            db, deadline=f"115:s2:{UNIT}", unit=UNIT, what=Ack.DONE, by=None, chat=chat,
            now=datetime(2026, 1, 20, tzinfo=UTC),
        )  # fmt: skip

    found = printed(capsys, "remind", "--now", LEAD, "--json")

    assert {one["chat"] for one in found} == {chat.id}
    assert {one["deadline"] for one in found if one["kind"] == "lead"} == {f"114:s10:{UNIT}"}


def test_a_preview_tells_days_kinds_and_the_price(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    bind(database, ChatRef(kind=ChatKind.USER, id="U" + "1" * 32))
    period = ("reminders", "--from", "2027-01-01", "--to", "2027-02-28", "--unit", UNIT)

    report = [
        (one["at"][:10], one["kind"])
        for one in printed(capsys, *period, "--json")
        if one["deadline"] == f"115:s10:{UNIT}"
    ]
    assert report[:6] == [
        ("2027-01-04", "opening"),
        ("2027-01-11", "lead"),
        ("2027-01-20", "lead"),
        ("2027-01-26", "lead"),
        ("2027-01-28", "lead"),
        ("2027-01-29", "due"),
    ]
    assert {kind for _, kind in report[6:]} == {"overdue"}
    assert main(period) == 0
    assert "預計用掉 LINE 訊息" in capsys.readouterr().out.splitlines()[-1]


def test_with_nothing_due_it_says_so(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    assert printed(capsys, "remind", "--now", "2026-01-31T10:00", "--json") == []
    assert main(["remind", "--now", "2026-01-31T10:00"]) == 0
    assert capsys.readouterr().out == "沒有要提醒的事\n"


def test_send_says_it_in_the_chats_once(
    database: Database,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    line: StandIn,
    line_url: str,
) -> None:
    people = [line.add_person(f"同仁{number}") for number in range(3)]
    group = line.add_group("三民二所", people)
    line.invite_bot(group.id)
    bind(database, ChatRef(kind=ChatKind.GROUP, id=group.id))
    monkeypatch.setenv("LINE_CHANNEL_SECRET", SECRET)
    monkeypatch.setenv("LINE_CHANNEL_ACCESS_TOKEN", TOKEN)
    monkeypatch.setenv("LINE_API_BASE", line_url)

    found = printed(capsys, "remind", "--now", LEAD, "--send", "--json")

    (said,) = line.said_to(group.id)
    assert all(one["text"] in said for one in found)
    assert {one["recipients"] for one in found} == {3}
    assert line.used == 3
    assert printed(capsys, "remind", "--now", LEAD, "--send", "--json") == []
    assert line.used == 3


@pytest.mark.parametrize(
    "arguments",
    [
        ("remind", "--now", "gestern"),
        ("remind", "--now", LEAD, "--unit", "沒有這個單位"),
        ("remind", "--now", LEAD, "--send"),
        ("reminders", "--from", "2026-02-30", "--to", "2026-03-01"),
        ("reminders", "--from", "2026-03-02", "--to", "2026-03-01"),
        ("reminders", "--from", "2020-01-01", "--to", "2029-03-01"),
    ],
)
def test_wrong_use_is_told_and_changes_nothing(
    database: Database, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    assert main(arguments) == 2
    assert capsys.readouterr().err.startswith("planbot: ")


def test_a_database_that_is_not_there_yet_is_made(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/new.sqlite3")

    assert len(printed(capsys, "remind", "--now", LEAD, "--unit", UNIT, "--json")) == 3
    assert (tmp_path / "new.sqlite3").exists()
