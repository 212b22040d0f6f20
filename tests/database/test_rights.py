"""Codes, chats, administrators: who may speak for which unit."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from bot.log import fingerprint
from bot.store import chats, codes, outbox
from bot.store.codes import Redeemed, Role
from bot.store.engine import Database
from bot.store.models import AuditEntry, BindingCode, CodeAttempt
from tests.factories import group, own_chat, person

UNIT = "企劃室"


def issue(database: Database, now: datetime, role: Role = Role.UNIT) -> str:
    with database.begin() as db:
        unit = UNIT if role is Role.UNIT else None
        return codes.issue(db, role=role, unit=unit, now=now).code


def redeem(
    database: Database, code: str, now: datetime, who: str | None = "officer"
) -> Redeemed | None:
    with database.begin() as db:
        somebody = person(who) if who else None
        return codes.redeem(db, code, chat=group(), person=somebody, now=now)


def test_a_code_gives_its_unit_once(database: Database, now: datetime) -> None:
    code = issue(database, now)

    assert redeem(database, code, now) == Redeemed(role=Role.UNIT, unit=UNIT)
    assert redeem(database, code, now) is None


def test_an_administrators_code_names_no_unit(database: Database, now: datetime) -> None:
    code = issue(database, now, Role.ADMIN)

    assert redeem(database, code, now) == Redeemed(role=Role.ADMIN, unit=None)


def test_a_code_is_good_for_72_hours(database: Database, now: datetime) -> None:
    with database.begin() as db:
        issued = codes.issue(db, role=Role.ADMIN, now=now)
    assert issued.expires_at == now + timedelta(hours=72)

    assert redeem(database, issued.code, issued.expires_at) is None
    assert redeem(database, issued.code, issued.expires_at - timedelta(seconds=1)) is not None


@pytest.mark.parametrize(
    "typed",
    [
        "{code}",
        "{lower}",
        "  {code}　",
        "{bare}",
        "{spaced}",
        "{wide}",
        "{code}\u200b",
        "{dashed}",
        "「{code}」。",
    ],
)
def test_a_code_may_be_typed_in_many_ways(database: Database, now: datetime, typed: str) -> None:
    code = issue(database, now)
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in code)
    ways = {
        "code": code,
        "lower": code.lower(),
        "bare": code.replace("-", ""),
        "spaced": " ".join(code.replace("-", "")),
        "wide": wide,
        "dashed": code.replace("-", "—"),
    }

    assert redeem(database, typed.format(**ways), now) is not None


def test_codes_are_short_clear_and_kept_only_as_hashes(database: Database, now: datetime) -> None:
    made = [issue(database, now) for _ in range(200)]

    assert len(set(made)) == 200
    assert not set("".join(made)) & set("0O1IlLU")
    assert {len(code) for code in made} == {9}
    with database.begin() as db:
        kept = str([vars(row) for row in db.scalars(select(BindingCode))])
    assert not [code for code in made if code in kept or code.replace("-", "") in kept]


def test_wrong_used_and_expired_are_the_same(database: Database, now: datetime) -> None:
    used, expired = issue(database, now), issue(database, now - timedelta(days=9))
    redeem(database, used, now)

    for code in ("ABCD-2345", used, expired, "", "🙂", "x" * 5000):
        assert redeem(database, code, now, who=f"somebody with {code[:5]}") is None


def test_five_wrong_codes_in_ten_minutes_slow_a_person(database: Database, now: datetime) -> None:
    good = issue(database, now)
    for minute in range(5):
        assert redeem(database, "ABCD-2345", now + timedelta(minutes=minute)) is None

    fifth = now + timedelta(minutes=4)
    with database.begin() as db:
        assert codes.is_slowed(db, person("officer"), fifth)
        assert not codes.is_slowed(db, person("another"), fifth)
    assert redeem(database, good, fifth) is None
    # The first of the five is more than ten minutes ago now.
    assert redeem(database, good, now + timedelta(minutes=10)) is not None


def test_where_line_does_not_tell_who_speaks_the_chat_is_slowed(
    database: Database, now: datetime
) -> None:
    for _ in range(5):
        redeem(database, "ABCD-2345", now, who=None)

    with database.begin() as db:
        assert codes.is_slowed(db, group().id, now)
        assert db.scalars(select(CodeAttempt.who)).all() == [fingerprint(group().id)] * 5


def test_a_code_must_say_what_it_gives(database: Database, now: datetime) -> None:
    nothing = BindingCode(
        hash="0", role="unit", unit=None, issued_at=now, expires_at=now, issued_by="x"
    )
    with database.begin() as db:
        db.add(nothing)
        with pytest.raises(IntegrityError):
            db.flush()
        db.rollback()


# chats


def test_a_chat_speaks_for_the_units_it_is_bound_to(database: Database, now: datetime) -> None:
    with database.begin() as db:
        assert chats.units_of(db, group()) == ()
        chats.bind(db, group(), UNIT, by=person(), now=now)
        chats.bind(db, group(), UNIT, by=person(), now=now)
        chats.bind(db, group(), "人事室", by=person(), now=now)
        chats.bind(db, own_chat(), "會計室", by=person(), now=now)

    with database.begin() as db:
        assert chats.units_of(db, group()) == ("人事室", UNIT)
        assert chats.units_of(db, own_chat()) == ("會計室",)
        assert chats.chats_of(db, UNIT) == (group(),)


def test_a_binding_can_be_ended_and_begun_again(database: Database, now: datetime) -> None:
    with database.begin() as db:
        chats.bind(db, group(), UNIT, by=person(), now=now)
        assert chats.unbind(db, group(), UNIT, by=person(), now=now)
        assert not chats.unbind(db, group(), UNIT, by=person(), now=now)
        assert chats.units_of(db, group()) == ()
        assert chats.chats_of(db, UNIT) == ()
        chats.bind(db, group(), UNIT, by=person(), now=now)
        assert chats.units_of(db, group()) == (UNIT,)


def test_a_chat_that_was_left_gets_nothing_and_keeps_its_units(
    database: Database, now: datetime
) -> None:
    with database.begin() as db:
        assert chats.is_active(db, group().id)  # unknown: nothing speaks against it
        chats.joined(db, group(), now)
        chats.bind(db, group(), UNIT, by=person(), now=now)
        outbox.enqueue(db, what="a", chat_id=group().id, messages=[{}], abouts=[""], now=now)
        chats.left(db, group(), now)

    with database.begin() as db:
        assert not chats.is_active(db, group().id)
        assert chats.chats_of(db, UNIT) == ()
        assert chats.units_of(db, group()) == (UNIT,)
        assert outbox.claim(db, 1, now=now, by="me") == []
        chats.joined(db, group(), now)
        assert chats.is_active(db, group().id)


def test_a_person_who_blocks_the_bot_gets_nothing(database: Database, now: datetime) -> None:
    with database.begin() as db:
        chats.followed(db, own_chat(), now)
        assert chats.is_active(db, own_chat().id)
        chats.unfollowed(db, own_chat(), now)
        assert not chats.is_active(db, own_chat().id)
        chats.spoke(db, own_chat())
        assert chats.is_active(db, own_chat().id)


def test_an_administrator_is_one_person_not_their_chats(database: Database, now: datetime) -> None:
    with database.begin() as db:
        chats.make_admin(db, person("admin"), now=now)
        chats.make_admin(db, person("admin"), now=now)

    with database.begin() as db:
        assert chats.is_admin(db, person("admin"))
        assert not chats.is_admin(db, person("stranger"))
        assert not chats.is_admin(db, None)
        assert chats.admins(db) == (person("admin"),)


def test_the_audit_log_names_nobody(database: Database, now: datetime) -> None:
    with database.begin() as db:
        chats.bind(db, group(), UNIT, by=person(), now=now)
        chats.make_admin(db, person("admin"), now=now)
    issue(database, now)

    with database.begin() as db:
        entries = db.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        said = [(entry.who, entry.what) for entry in entries]
        everything = str([(entry.who, entry.about) for entry in entries])
    assert said == [
        (fingerprint(person()), "bind"),
        (fingerprint(person("admin")), "become_admin"),
        ("command line", "issue_code"),
    ]
    assert group().id not in everything
    assert person("admin") not in everything
