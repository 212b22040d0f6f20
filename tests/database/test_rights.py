"""Codes, chats, administrators: who may speak for which unit."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.log import fingerprint
from bot.messages import ChatRef
from bot.store import chats, codes, outbox, reminders
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


TODAY = date(2026, 3, 2)
"""The day of the fixture `now`."""


def units_of(db: Session, chat: ChatRef, day: date = TODAY) -> tuple[str, ...]:
    return chats.units_of(db, chat, today=day)


def chats_of(db: Session, day: date = TODAY) -> tuple[ChatRef, ...]:
    return chats.chats_of(db, UNIT, today=day)


def test_a_chat_speaks_for_the_units_it_is_bound_to(database: Database, now: datetime) -> None:
    with database.begin() as db:
        assert units_of(db, group()) == ()
        chats.bind(db, group(), UNIT, by=person(), now=now)
        chats.bind(db, group(), UNIT, by=person(), now=now)
        chats.bind(db, group(), "人事室", by=person(), now=now)
        chats.bind(db, own_chat(), "會計室", by=person(), now=now)

    with database.begin() as db:
        assert units_of(db, group()) == ("人事室", UNIT)
        assert units_of(db, own_chat()) == ("會計室",)
        assert chats_of(db) == (group(),)


def test_a_binding_can_be_ended_and_begun_again(database: Database, now: datetime) -> None:
    with database.begin() as db:
        chats.bind(db, group(), UNIT, by=person(), now=now)
        assert chats.unbind(db, group(), UNIT, by=person(), now=now)
        assert not chats.unbind(db, group(), UNIT, by=person(), now=now)
        assert units_of(db, group()) == ()
        assert chats_of(db) == ()
        chats.bind(db, group(), UNIT, by=person(), now=now)
        assert units_of(db, group()) == (UNIT,)


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
        assert chats_of(db) == ()
        assert units_of(db, group()) == (UNIT,)
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


# substitutes and successors


FIRST, LAST = date(2026, 3, 9), date(2026, 3, 13)
DAY = timedelta(days=1)


def appoint(
    db: Session,
    now: datetime,
    who: str = "substitute",
    *,
    starts: date = FIRST,
    ends: date = LAST,
    unit: str = UNIT,
) -> bool:
    return chats.appoint(
        db, own_chat(who), unit, starts=starts, ends=ends, by=person("officer"), now=now
    )


def test_a_substitutes_right_begins_and_ends_to_the_day(database: Database, now: datetime) -> None:
    with database.begin() as db:
        chats.bind(db, own_chat("officer"), UNIT, by=None, now=now)
        chats.followed(db, own_chat("substitute"), now)
        assert appoint(db, now)

    both = tuple(sorted((own_chat("officer"), own_chat("substitute")), key=lambda one: one.id))
    with database.begin() as db:
        for day, speaks in (
            (FIRST - DAY, False),
            (FIRST, True),
            (LAST, True),
            (LAST + DAY, False),
            (LAST + 90 * DAY, False),
        ):
            assert (units_of(db, own_chat("substitute"), day) == (UNIT,)) is speaks, day
            assert (chats_of(db, day) == both) is speaks, day
            places = reminders.places(db, UNIT, today=day)
            assert (len(places) == 2) is speaks, "reminders go by the same rule"


def test_a_substitute_hears_nothing_that_was_said_before_the_first_day(
    database: Database, now: datetime
) -> None:
    with database.begin() as db:
        chats.followed(db, own_chat("substitute"), now)
        appoint(db, now)

    with database.begin() as db:
        (place,) = reminders.places(db, UNIT, today=LAST)
    assert place.since.isoformat() == "2026-03-09T00:00:00+08:00"


def test_an_end_never_ends_a_binding_that_lasts(database: Database, now: datetime) -> None:
    with database.begin() as db:
        chats.bind(db, own_chat("substitute"), UNIT, by=None, now=now)
        assert not appoint(db, now)
        assert units_of(db, own_chat("substitute"), LAST + DAY) == (UNIT,)


def test_a_substitute_who_is_bound_for_good_stays_so(database: Database, now: datetime) -> None:
    with database.begin() as db:
        appoint(db, now)
        chats.bind(db, own_chat("substitute"), UNIT, by=None, now=now)
        assert units_of(db, own_chat("substitute"), LAST + DAY) == (UNIT,)
        assert chats.substitutes(db, units=[UNIT], today=FIRST) == ()


def test_who_was_unbound_does_not_come_back_with_old_days(
    database: Database, now: datetime
) -> None:
    with database.begin() as db:
        appoint(db, now)
        assert chats.unbind(db, own_chat("substitute"), UNIT, by=None, now=now)
        assert not chats.unbind(db, own_chat("substitute"), UNIT, by=None, now=now)
        assert units_of(db, own_chat("substitute"), FIRST) == ()
        assert chats.substitutes(db, units=[UNIT], today=FIRST) == ()


def test_two_substitutes_have_their_own_days(database: Database, now: datetime) -> None:
    with database.begin() as db:
        appoint(db, now, "first", ends=FIRST)
        appoint(db, now, "second", starts=FIRST + DAY)

        named = chats.substitutes(db, units=[UNIT], today=TODAY)
        assert [(one.chat, one.starts, one.ends) for one in named] == [
            (own_chat("first"), FIRST, FIRST),
            (own_chat("second"), FIRST + DAY, LAST),
        ]
        assert units_of(db, own_chat("first"), FIRST) == (UNIT,)
        assert units_of(db, own_chat("second"), FIRST) == ()
        assert units_of(db, own_chat("first"), LAST) == ()
        assert units_of(db, own_chat("second"), LAST) == (UNIT,)


def test_new_days_take_the_place_of_the_old(database: Database, now: datetime) -> None:
    with database.begin() as db:
        appoint(db, now)
        appoint(db, now, starts=TODAY, ends=TODAY)
        assert units_of(db, own_chat("substitute"), TODAY) == (UNIT,)
        assert units_of(db, own_chat("substitute"), FIRST) == ()


def test_who_never_spoke_to_the_bot_is_told_nothing_until_they_do(
    database: Database, now: datetime
) -> None:
    with database.begin() as db:
        appoint(db, now)
        assert not chats.is_active(db, own_chat("substitute").id)
        assert chats_of(db, FIRST) == ()
        chats.spoke(db, own_chat("substitute"))
        assert chats_of(db, FIRST) == (own_chat("substitute"),)


def test_naming_somebody_who_blocked_the_bot_does_not_unblock_it(
    database: Database, now: datetime
) -> None:
    with database.begin() as db:
        chats.followed(db, own_chat("substitute"), now)
        chats.unfollowed(db, own_chat("substitute"), now)
        appoint(db, now)
        assert not chats.is_active(db, own_chat("substitute").id)


def test_a_hand_over_binds_the_one_and_unbinds_the_other(database: Database, now: datetime) -> None:
    with database.begin() as db:
        chats.bind(db, own_chat("officer"), UNIT, by=None, now=now)
        chats.bind(db, own_chat("officer"), "人事室", by=None, now=now)
        giver, by = own_chat("officer"), person("officer")
        assert chats.hand_over(db, UNIT, to=own_chat("new"), giver=giver, by=by, now=now)

        assert units_of(db, own_chat("new")) == (UNIT,)
        assert units_of(db, own_chat("officer")) == ("人事室",)
        said = db.scalars(select(AuditEntry.what).order_by(AuditEntry.id)).all()
        assert said == ["bind", "bind", "hand_over", "unbind"]


def test_a_hand_over_by_who_was_not_bound_ends_nothing(database: Database, now: datetime) -> None:
    with database.begin() as db:
        chats.bind(db, own_chat("officer"), UNIT, by=None, now=now)
        for giver in (own_chat("another"), None):
            gave = chats.hand_over(db, UNIT, to=own_chat("new"), giver=giver, by=None, now=now)
            assert not gave
        assert units_of(db, own_chat("officer")) == (UNIT,)


def test_a_units_reports_are_for_its_chats_and_administrators_alone(
    database: Database, now: datetime
) -> None:
    with database.begin() as db:
        chats.bind(db, group(), UNIT, by=None, now=now)
        appoint(db, now)
        chats.make_admin(db, person("admin"), now=now)

        def may(chat: ChatRef, who: str | None, day: date = TODAY) -> bool:
            return chats.may_report(db, chat, UNIT, person=who, today=day)

        assert may(group(), person("anybody"))
        assert may(group(), None)
        assert not may(group("another"), person("anybody"))
        assert not may(group("another"), person("admin")), "others read along"
        assert may(own_chat("admin"), person("admin"))
        assert not may(own_chat("substitute"), person("substitute"), FIRST - DAY)
        assert may(own_chat("substitute"), person("substitute"), FIRST)
        assert not may(own_chat("substitute"), person("substitute"), LAST + DAY)


def test_a_personal_code_keeps_who_gave_it_and_its_days(database: Database, now: datetime) -> None:
    with database.begin() as db:
        giver = own_chat("officer").id
        issued = codes.issue(
            db, role=Role.UNIT, unit=UNIT, now=now, giver=giver, starts=FIRST, ends=LAST
        )

    expected = Redeemed(role=Role.UNIT, unit=UNIT, giver=giver, starts=FIRST, ends=LAST)
    assert redeem(database, issued.code, now) == expected
    assert redeem(database, issued.code, now) is None
