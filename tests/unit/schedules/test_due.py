"""What is said at a moment: late is not never, done is not repeated, nothing at night."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from bot.clock import TAIPEI
from bot.log import fingerprint
from bot.messages import Card, ChatKind, ChatRef
from bot.plans import corpus, schedule_data
from bot.plans.corpus import Units
from bot.plans.deadlines import Cycle
from bot.plans.model import RocYear, UnitLevel
from bot.plans.workdays import DayOverride, Workdays
from bot.settings import packaged_data
from bot.store.acknowledgements import Ack, Acknowledgement
from bot.store.courtesy import CourtesyResult
from bot.store.overrides import Override, Quiet
from bot.store.reminders import LedgerState, Place, ReminderKind
from schedules import compose, rules
from schedules.due import Listener, Reminder, Situation, due, preview
from schedules.send import listeners_of

CORPUS = corpus.load(packaged_data())
SCHEDULES = schedule_data.load(packaged_data(), CORPUS)
TABLES = schedule_data.load_workdays(packaged_data())
WORKDAYS = Workdays(TABLES)
RULES = rules.load(packaged_data())
UNIT = "三民區第一衛生所"  # its plan is due in March
PLAN, TEST = f"115:s2:{UNIT}", f"115:s5:{UNIT}"
GROUP = ChatRef(kind=ChatKind.GROUP, id="C1")
ABOVE = ChatRef(kind=ChatKind.USER, id="U1")


def at(day: int, month: int = 3, hour: int = 10, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=TAIPEI)


def situation(*listeners: Listener, entry: str | None = "s2", **more: Any) -> Situation:
    unit = CORPUS.units.all[UNIT]
    every = Cycle(SCHEDULES, RocYear(115)).of(unit)
    return Situation(
        deadlines={UNIT: [one for one in every if entry in (None, one.entry)]},
        listeners={UNIT: listeners or (Listener(chat=GROUP),)},
        rules=RULES,
        workdays=more.pop("workdays", WORKDAYS),
        **more,
    )


def spoken(found: list[Reminder]) -> list[tuple[str, str]]:
    return [(one.kind.value, str(one.day)[5:]) for one in found if one.state is LedgerState.SAID]


def states(found: list[Reminder]) -> dict[str, str]:
    return {f"{one.kind.value} {str(one.day)[5:]}": one.state.value for one in found}


def answered(what: Ack, when: datetime, *, until: date | None = None, deadline: str = PLAN) -> Any:
    one = Acknowledgement(deadline=deadline, unit=UNIT, what=what, by="x", at=when, until=until)
    return {deadline: (one,)}


def test_at_the_hour_of_the_day_what_is_near_is_said() -> None:
    now = at(11, hour=9, minute=30)
    known = {(PLAN, "C1", ReminderKind.OPENING, date(2026, 3, 2)): LedgerState.SAID}

    (one,) = due(now, situation(ledger=known))

    assert (one.kind, one.at, one.deadline.id) == (ReminderKind.LEAD, now, PLAN)


@pytest.mark.parametrize(
    "moment",
    [
        at(11, hour=9, minute=29),
        at(11, hour=17, minute=30),
        at(11, hour=3),
        at(14),  # a Saturday
        at(3, month=4),  # a holiday
    ],
)
def test_nothing_is_said_at_night_or_on_a_day_off(moment: datetime) -> None:
    assert due(moment, situation()) == []


def test_of_every_hour_of_a_year_only_working_hours_are_spoken_in() -> None:
    speaks = situation(entry=None)
    hour = at(1, month=1, hour=0)
    while hour.year == 2026:
        if due(hour, speaks):
            assert WORKDAYS.is_workday(hour.date())
            assert time(9, 30) <= hour.time() < time(17, 30)
        hour += timedelta(hours=1)


def test_on_a_day_declared_off_nothing_is_said_and_the_day_after_it_is() -> None:
    typhoon = DayOverride(day=date(2026, 3, 11), works=False, reason="颱風", by="x", at=at(10))
    closed = situation(workdays=Workdays(TABLES, [typhoon]))

    assert due(at(11), closed) == []
    assert spoken(due(at(12), closed)) == [("lead", "03-10")]


def test_what_was_said_is_not_repeated() -> None:
    first = due(at(11), situation())
    known = {one.key: one.state for one in first}

    assert spoken(first) == [("lead", "03-11")]
    assert due(at(11, hour=14), situation(ledger=known)) == []


def test_a_chat_that_had_its_message_of_the_day_waits_until_the_next() -> None:
    assert due(at(11), situation(spoken_to=frozenset({"C1"}))) == []


def test_after_three_days_away_the_latest_of_use_is_said_and_the_rest_is_missed() -> None:
    known = {(PLAN, "C1", ReminderKind.OPENING, date(2026, 3, 2)): LedgerState.SAID}

    found = due(at(31), situation(ledger=known))

    assert states(found) == {
        "lead 03-11": "missed",
        "lead 03-20": "missed",
        "lead 03-26": "missed",
        "lead 03-30": "missed",
        "due 03-31": "said",
    }


def test_what_is_no_longer_of_use_is_missed() -> None:
    opening = due(at(30, month=4), situation(entry="s7"))  # a training that opened on 1 April

    assert states(opening) == {"opening 04-01": "missed"}


@pytest.mark.parametrize(
    ("answers", "moment", "state"),
    [
        (answered(Ack.DONE, at(5)), at(11), "settled"),
        (answered(Ack.DONE, at(5)), at(1, month=4), "settled"),
        (answered(Ack.OPEN, at(5)), at(11), "said"),
        (answered(Ack.SEEN, at(5)), at(11), "settled"),
        (answered(Ack.SEEN, at(5)), at(31), "said"),
        (answered(Ack.SEEN, at(5)), at(1, month=4), "said"),
        (answered(Ack.SEEN, at(2, month=4)), at(8, month=4), "settled"),
        (answered(Ack.SNOOZED, at(5), until=date(2026, 3, 25)), at(11), "settled"),
    ],
)
def test_an_answer_settles_what_it_is_about(answers: Any, moment: datetime, state: str) -> None:
    found = due(moment, situation(answers=answers))

    assert next(one.state.value for one in found if one.day == moment.date()) == state


def test_what_was_put_off_comes_again_on_the_day_that_was_asked_for() -> None:
    asked = answered(Ack.SNOOZED, at(5), until=date(2026, 3, 28))  # a Saturday

    found = due(at(30), situation(answers=asked))

    assert spoken(found) == [("lead", "03-30")]
    assert spoken(due(at(24), situation(answers=asked))) == []


def test_above_only_the_long_overdue_is_heard_until_it_is_done() -> None:
    both = (Listener(chat=GROUP), Listener(chat=ABOVE, above=True))

    early, late = at(8, month=4), at(15, month=4)

    assert {one.listener.id for one in due(early, situation(*both))} == {"C1"}
    told = [one for one in due(late, situation(*both)) if one.state is LedgerState.SAID]
    assert {one.listener.id for one in told} == {"C1", "U1"}
    seen = situation(*both, answers=answered(Ack.SEEN, at(9, month=4)))
    told = [one for one in due(late, seen) if one.state is LedgerState.SAID]
    assert {one.listener.id for one in told} == {"U1"}
    done = situation(*both, answers=answered(Ack.DONE, at(9, month=4)))
    assert spoken(due(late, done)) == []


def test_a_chat_is_not_told_of_what_was_late_before_it_was_bound() -> None:
    new = Listener(chat=GROUP, since=at(10, month=4))

    assert due(at(15, month=4), situation(new)) == []
    assert spoken(due(at(8, month=4), situation(new))) == [("overdue", "04-08")]


def test_a_test_with_a_result_is_over_but_for_what_is_owed_of_it() -> None:
    def with_result(improvement: str) -> Situation:
        result = CourtesyResult(
            unit=UNIT, year=RocYear(115), which=1, score=70, improvement=improvement,
            asks_improvement=True, by=None, at=at(8, month=4),
        )  # fmt: skip
        return situation(entry="s5", tests={(UNIT, 115, 1): (result,)})

    assert spoken(due(at(15, month=4), with_result(""))) == [("followup", "04-15")]
    assert spoken(due(at(15, month=4), with_result("演練"))) == []
    assert spoken(due(at(4, month=5), with_result("演練"))) == []


def test_a_units_own_hours_and_leads_count() -> None:
    own = {
        UNIT: Override(quiet=Quiet(start=time(17), end=time(13))),
        None: Override(lead_days=(5,)),
    }
    mine = situation(overrides=own)

    assert due(at(24, hour=12), mine) == []
    (one,) = [one for one in due(at(24, hour=13), mine) if one.state is LedgerState.SAID]
    assert (one.kind, one.at) == (ReminderKind.LEAD, at(24, hour=13))


def test_a_preview_is_what_is_said_day_by_day() -> None:
    first, last = date(2026, 1, 1), date(2026, 12, 31)
    every = situation(entry=None)
    seen = preview(first, last, every)
    ledger: dict[Any, LedgerState] = {}
    said: list[Any] = []
    day = first
    while day <= last:
        now = datetime.combine(day, time(10), TAIPEI)
        for one in due(now, replace(every, ledger=ledger)):
            ledger[one.key] = one.state
            said += [one.key] if one.state is LedgerState.SAID else []
        day += timedelta(days=1)

    assert sorted(said) == sorted(one.key for one in seen)


def test_sections_hear_their_agency_and_superiors_and_administrators_are_above() -> None:
    since = datetime(2025, 12, 1, tzinfo=UTC)
    chats = {
        name: ChatRef(kind=ChatKind.GROUP, id=f"C{name}") for name in ("企劃室", UNIT, "研考會")
    }
    places = [Place(chat=chat, unit=name, since=since) for name, chat in chats.items()]
    places.append(Place(chat=chats["企劃室"], unit="改了名的單位", since=since))

    found = listeners_of(CORPUS.units, places, [ABOVE])

    assert set(found) == {"衛生局", UNIT, "研考會"}
    assert [(one.id, one.above) for one in found[UNIT]] == [
        (f"C{UNIT}", False), ("C企劃室", True), ("U1", True),
    ]  # fmt: skip
    assert [one.id for one in found["衛生局"] if one.above] == ["C研考會", "U1"]
    assert [one.id for one in found["研考會"] if one.above] == ["U1"]


def test_everybody_means_units_without_a_chat_too() -> None:
    found = listeners_of(CORPUS.units, [], [], everybody=True)

    assert found[UNIT] == [Listener(chat=None)]
    units = Units(all={name: CORPUS.units.all[name] for name in found})
    assert all(one.level is not UnitLevel.SECTION for one in units)


# courtesy tests of an agency and its sections

AGENCY, SECTION, OTHER = "衛生局", "企劃室", "長期照顧中心"
AGENCY_TEST = f"115:s5:{AGENCY}"


def heard_by(*units: str, name: str = "") -> Listener:
    return Listener(chat=ChatRef(kind=ChatKind.GROUP, id=name or f"C{units[0]}"), units=units)


def in_sections(*results: CourtesyResult, **more: Any) -> Situation:
    every = Cycle(SCHEDULES, RocYear(115)).of(CORPUS.units.all[AGENCY])
    return Situation(
        deadlines={AGENCY: [one for one in every if one.entry == "s5"]},
        listeners={AGENCY: (heard_by(AGENCY), heard_by(SECTION), heard_by(OTHER))},
        rules=RULES,
        workdays=WORKDAYS,
        tests={(one.unit, 115, one.which): (one,) for one in results},
        **more,
    )


def scored(unit: str, score: float, when: datetime) -> CourtesyResult:
    return CourtesyResult(
        unit=unit, year=RocYear(115), which=1, score=score,
        asks_improvement=score < 90, by="x", at=when,
    )  # fmt: skip


def asked(found: list[Reminder]) -> dict[str, tuple[str, ...]]:
    return {one.listener.id: one.units for one in found if one.state is LedgerState.SAID}


@pytest.mark.parametrize("reporting", [AGENCY, SECTION, OTHER])
@pytest.mark.parametrize("moment", [at(1, month=4), at(14, month=7)])
def test_a_result_spares_the_chat_of_its_own_unit_and_no_other(
    reporting: str, moment: datetime
) -> None:
    found = due(moment, in_sections(scored(reporting, 95, at(10))))

    others = {AGENCY, SECTION, OTHER} - {reporting}
    assert asked(found) == {f"C{one}": (one,) for one in others}


def test_missing_improvements_are_asked_for_in_the_sections_own_chat() -> None:
    found = due(at(17), in_sections(scored(SECTION, 75, at(10))))
    (asks,) = [one for one in found if one.kind is ReminderKind.FOLLOWUP]

    assert (asks.listener.id, asks.units, asks.has_result) == (f"C{SECTION}", (SECTION,), True)
    assert "改善措施" in compose.line(asks, at(17).date(), WORKDAYS)
    (card,) = compose.message([asks], at(17).date(), WORKDAYS).messages
    assert isinstance(card, Card)
    assert card.kicker == "企劃室 · 115年度"


def test_a_chat_of_two_units_is_asked_for_the_one_that_lacks_its_result() -> None:
    both = heard_by(SECTION, OTHER)
    known = replace(in_sections(scored(SECTION, 95, at(10))), listeners={AGENCY: (both,)})

    (asks,) = [one for one in due(at(14, month=7), known) if one.state is LedgerState.SAID]

    assert asks.units == (OTHER,)
    said = compose.line(asks, at(14, month=7).date(), WORKDAYS)
    assert said.startswith("長期照顧中心的電話禮貌測試第1次有結果了嗎？")
    assert "回報 電話禮貌 長期照顧中心 第1次" in said


def test_what_a_section_answers_to_its_test_says_nothing_of_other_sections() -> None:
    seen = Acknowledgement(
        deadline=AGENCY_TEST, unit=AGENCY, what=Ack.SEEN, by="x", at=at(15, month=7),
        chat=fingerprint(f"C{SECTION}"),
    )  # fmt: skip

    found = due(at(28, month=7), in_sections(answers={AGENCY_TEST: (seen,)}))

    assert set(asked(found)) == {f"C{AGENCY}", f"C{OTHER}"}


def test_a_chats_message_has_the_urgent_first_and_a_digest_for_those_above() -> None:
    every = situation(Listener(chat=GROUP), Listener(chat=ABOVE, above=True), entry=None)
    found = [one for one in due(at(15, month=4), every) if one.state is LedgerState.SAID]
    own = [one for one in found if not one.listener.above]
    above = [one for one in found if one.listener.above]

    (mine,) = compose.message(own, date(2026, 4, 15), WORKDAYS).messages
    (digest,) = compose.message(above, date(2026, 4, 15), WORKDAYS).messages

    assert isinstance(mine, Card)
    assert mine.alt.splitlines()[0] == "今天有 2 件事"
    assert mine.alt.splitlines()[1].startswith("・已過期 15 天｜")
    assert digest.plain.splitlines()[0] == "逾期未完成"
    assert UNIT in digest.plain


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (at(2), "開始｜"),
        (at(30), "還有 1 天｜"),
        (at(31), "今天到期｜"),
        (at(1, month=4), "已過期 1 天｜"),
    ],
)
def test_each_kind_says_how_the_land_lies(moment: datetime, words: str) -> None:
    found = [one for one in due(moment, situation()) if one.state is LedgerState.SAID]

    assert compose.line(found[-1], moment.date(), WORKDAYS).startswith(words)
    (message,) = compose.message(found, moment.date(), WORKDAYS).messages
    assert message.about == f"deadline:{PLAN}"
