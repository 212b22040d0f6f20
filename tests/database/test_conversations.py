from __future__ import annotations

from datetime import datetime, timedelta

from bot.store import conversations
from bot.store.engine import Database
from tests.factories import group, person


def test_a_state_comes_back_as_it_was_put(database: Database, now: datetime) -> None:
    state = {"form": "回報", "step": 2, "given": {"percent": 40, "note": "🙂"}}
    with database.begin() as db:
        conversations.put(db, group(), person(), now, state)

    with database.begin() as db:
        assert conversations.get(db, group(), person(), now) == state


def test_the_later_state_replaces_the_earlier(database: Database, now: datetime) -> None:
    with database.begin() as db:
        conversations.put(db, group(), person(), now, {"step": 1})
        conversations.put(db, group(), person(), now, {"step": 2})
        assert conversations.get(db, group(), person(), now) == {"step": 2}


def test_two_people_in_one_group_and_one_person_in_two_groups_do_not_mix(
    database: Database, now: datetime
) -> None:
    with database.begin() as db:
        conversations.put(db, group("a"), person("x"), now, {"who": "x in a"})
        conversations.put(db, group("a"), person("y"), now, {"who": "y in a"})
        conversations.put(db, group("b"), person("x"), now, {"who": "x in b"})
        conversations.put(db, group("a"), None, now, {"who": "somebody in a"})

    with database.begin() as db:
        assert conversations.get(db, group("a"), person("x"), now) == {"who": "x in a"}
        assert conversations.get(db, group("a"), None, now) == {"who": "somebody in a"}
        assert conversations.clear(db, group("a"), person("x"))
        assert not conversations.clear(db, group("a"), person("x"))
        assert conversations.get(db, group("a"), person("x"), now) is None
        assert conversations.get(db, group("a"), person("y"), now) == {"who": "y in a"}
        assert conversations.get(db, group("b"), person("x"), now) == {"who": "x in b"}


def test_what_was_changed_after_getting_is_not_changed_in_the_database(
    database: Database, now: datetime
) -> None:
    with database.begin() as db:
        conversations.put(db, group(), person(), now, {"step": 1})
        state = conversations.get(db, group(), person(), now)
        assert state is not None
        state["step"] = 9

    with database.begin() as db:
        assert conversations.get(db, group(), person(), now) == {"step": 1}


def test_a_form_that_was_left_alone_ends_by_itself(database: Database, now: datetime) -> None:
    with database.begin() as db:
        conversations.put(db, group(), person(), now, {}, lifetime=timedelta(minutes=5))

    with database.begin() as db:
        soon = now + timedelta(minutes=5) - timedelta(seconds=1)
        assert conversations.get(db, group(), person(), soon) == {}
        assert conversations.get(db, group(), person(), now + timedelta(minutes=5)) is None
