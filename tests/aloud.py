"""Plays twenty conversations and writes them down, to be read aloud: `python -m tests.aloud`.

People's words stand in tests/fixtures/conversations/turns.yaml; docs/conversations.md has what the
bot said to them, over HTTP and with both encoders. A test fails where the bot says something else.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import pydantic
import yaml

from bot.app import build
from bot.line.stand_in import ChatMessage, StandIn
from bot.search import answer
from bot.settings import Settings, packaged_data
from bot.store.engine import Database
from bot.store.migrations import migrate
from tests.conftest import TestClock
from tests.journeys.conftest import City, Place, actions_of, served

TURNS = Path(__file__).parent / "fixtures" / "conversations" / "turns.yaml"
PAGE = Path(__file__).parents[1] / "docs" / "conversations.md"
NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
BETWEEN = 20
"""Seconds between two turns."""
_MARKS = frozenset({"前後條文", "別的答案", "複製引用", "有幫助", "不對", "引錯條文"})

HEAD = """# 二十段對話

由 `python -m tests.aloud` 產生：對話裡人說的話在 `tests/fixtures/conversations/turns.yaml`，小幫手的回答是實際跑出來的，有一個測試看著它們一致。時間是115年3月2日（一）上午。群組裡的每一句都有提到小幫手。每張卡片都有的按鈕不列。

(English: what the bot says in twenty conversations, recorded from the running program and kept by a test.)
"""


class Conversation(pydantic.BaseModel):
    """What one person types in a chat that is bound to a unit."""

    model_config = pydantic.ConfigDict(extra="forbid")
    title: str
    chat: Literal["group", "one"]
    unit: str
    turns: tuple[str, ...]


def conversations() -> list[Conversation]:
    """All of them, in the order of the file."""
    rows = yaml.safe_load(TURNS.read_text(encoding="utf-8"))
    return [Conversation.model_validate(row) for row in rows]


def page() -> str:
    """The conversations as a page."""
    with city() as place:
        told = [_told(at, one, place) for at, one in enumerate(conversations(), start=1)]
    return "\n".join([HEAD, *told])


@contextmanager
def city() -> Iterator[City]:
    """planbot with all encoders on an empty database, at NOW."""
    clock = TestClock(NOW)
    line = StandIn(secret="secret", token="token", clock=clock)
    base = line.start()
    with tempfile.TemporaryDirectory() as folder:
        address = f"sqlite:///{Path(folder) / 'aloud.sqlite3'}"
        database = Database(address)
        migrate(database)
        database.dispose()
        given = Settings(
            database_url=address,
            data=packaged_data(),
            channel_secrets=("secret",),
            channel_access_token="token",
            public_base_url="https://planbot.example",
            line_api_base=base,
            line_api_data_base=base,
            worker_threads=2,
        )
        app = build(given, clock, answerer=answer.load(packaged_data()))
        with served(app.web()) as url:
            line.webhook_url = f"{url}/callback"
            yield City(app, line, clock)
        line.stop()
        app.close()


def _told(number: int, one: Conversation, city: City) -> str:
    person = city.line.add_person(f"同仁{number}")
    if one.chat == "group":
        place = city.group(f"{one.unit}群組{number}", person)
    else:
        city.line.follow(person.id)
        city.settle()
        place = city.alone_with(person)
    place.bind(one.unit)
    where = "群組" if one.chat == "group" else "一對一"
    turns = [_turn(words, place) for words in one.turns]
    return "\n".join([f"## {number}. {one.title}（{one.unit}，{where}）", "", *turns])


def _turn(words: str, place: Place) -> str:
    line = place.city.line
    before = len(line.history(place.chat.id))
    place.says(words, mention=place.chat.is_shared)
    place.city.clock.goes_on(seconds=BETWEEN)
    said = [one for one in line.history(place.chat.id)[before:] if one.sender == line.bot_user_id]
    heard = list(place.city.line.said_to(place.chat.id))[-len(said) :] if said else []
    shown = [_quoted(text, one) for text, one in zip(heard, said, strict=True)]
    return "\n".join([f"**{words}**", "", *shown])


def _quoted(text: str, message: ChatMessage) -> str:
    buttons = [
        label for one in actions_of(message) if (label := one.get("label")) and label not in _MARKS
    ]
    lines = [*text.splitlines(), *([f"〔{'〕〔'.join(buttons)}〕"] if buttons else [])]
    return "\n".join(f"> {line}  " if line else ">" for line in lines) + "\n"


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    PAGE.write_text(page(), encoding="utf-8")
