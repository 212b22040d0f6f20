"""Fourteen months of twelve units, ticked through: who is told what, when, and at what price.

The table in tests/fixtures/reminders/year_115.txt was reviewed by hand: a line for each chat and
day with the deadlines' kinds and ids. Restarts, a second process, a typhoon, moved dates, done,
seen and put off, a chat that is left, own quiet hours: all are in it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import URL

from bot.app import App, build
from bot.clock import TAIPEI, today
from bot.line.stand_in import StandIn
from bot.messages import ChatKind, ChatRef
from bot.plans.deadlines import Adjustment
from bot.plans.model import RocYear
from bot.plans.workdays import DayOverride
from bot.settings import Settings, packaged_data
from bot.store import acknowledgements, adjustments, audit, chats, courtesy, overrides, reminders
from bot.store.acknowledgements import Ack
from bot.store.courtesy import CourtesyResult
from bot.store.overrides import Override, Quiet
from bot.store.reminders import Entry, LedgerState
from schedules import quota
from tests.conftest import TestClock

TABLE = Path(__file__).parents[1] / "fixtures" / "reminders" / "year_115.txt"
FIRST, LAST = date(2026, 1, 1), date(2027, 2, 28)
BOUND = datetime(2025, 12, 15, 2, 0, tzinfo=UTC)

GROUPS = {
    "研考會": 10,
    "企劃室": 18,
    "社會局": 7,
    "民政局": 15,
    "警察局": 6,
    "三民區公所": 22,
    "那瑪夏區公所": 5,
    "三民區第一衛生所": 8,
    "三民區第二衛生所": 9,
    "長青綜合服務中心": 12,
    "聯合醫院": 14,
    "民生醫院": 25,
}
OFFICER, ADMIN = "三民區第二衛生所", "管理者"
SANMIN_1, SANMIN_2, CENTRE = "三民區第一衛生所", "三民區第二衛生所", "長青綜合服務中心"
BEARERS = tuple("衛生局" if name == "企劃室" else name for name in GROUPS)


@dataclass
class Year:
    """planbot, LINE and the clock through fourteen months."""

    app: App
    line: StandIn
    clock: TestClock
    loaded: dict[str, object]
    names: dict[str, str] = field(default_factory=dict)
    done: dict[str, datetime] = field(default_factory=dict)
    foreseen: int = 0
    counted: int = 0

    def settle(self) -> None:
        """Bring the chats into the world, bound to their units."""
        with self.app.database.begin() as db:
            for unit, size in GROUPS.items():
                people = [self.line.add_person(f"{unit}{number}") for number in range(size)]
                group = self.line.add_group(unit, people)
                self.line.invite_bot(group.id)
                self.names[group.id] = unit
                chats.bind(db, ref(ChatKind.GROUP, group.id), unit, by=None, now=BOUND)
            officer, admin = (self.line.add_person(name) for name in ("承辦人", ADMIN))
            for person, name in ((officer, f"{OFFICER}承辦人"), (admin, ADMIN)):
                self.line.follow(person.id)
                self.names[person.id] = name
            chats.bind(db, ref(ChatKind.USER, officer.id), OFFICER, by=None, now=BOUND)
            chats.make_admin(db, admin.id, now=BOUND)
            afternoon = Override(quiet=Quiet(start=time(18), end=time(13, 30)))
            overrides.put(db, "三民區公所", afternoon, by=None, now=BOUND)

    def tick(self) -> int:
        """One beat, and whatever it put into the outbox is sent; how many chats were told."""
        told, held = self.app.reminding.tick(self.clock.now)
        assert held == 0
        if told:
            self.app.send_now()
        return told

    def restart(self) -> None:
        """A new process on the same database."""
        self.app.close()
        self.app = build(self.app.settings, self.clock)
        vars(self.app).update(self.loaded)

    def answer(self, what: Ack, *deadlines: str, until: date | None = None) -> None:
        """Somebody says what became of deadlines."""
        with self.app.database.begin() as db:
            for deadline in deadlines:
                unit = deadline.rpartition(":")[2]
                acknowledgements.record(
                    db, deadline=deadline, unit=unit, what=what, by=None, chat=None,
                    now=self.clock.now, until=until,
                )  # fmt: skip
                if what is Ack.DONE:
                    self.done[deadline] = self.clock.now

    def all_done(self, entry: str, year: int, *, but: tuple[str, ...] = ()) -> None:
        """Every unit but some has done something."""
        self.answer(Ack.DONE, *(f"{year}:{entry}:{one}" for one in BEARERS if one not in but))

    def test_result(self, unit: str, which: int, score: float, improvement: str = "") -> None:
        """A courtesy test's result is reported."""
        with self.app.database.begin() as db:
            courtesy.record(
                db,
                CourtesyResult(
                    unit=unit, year=RocYear(115), which=which, score=score, by=None,
                    improvement=improvement, asks_improvement=score < 90, at=self.clock.now,
                ),
            )  # fmt: skip

    def foresee(self, month: date) -> None:
        """What the month's reminders will cost, as it looks at its beginning."""
        last = min((month + timedelta(days=31)).replace(day=1) - timedelta(days=1), LAST)
        found, price = self.app.reminding.preview(month, last)
        self.foreseen += quota.forecast(found, price).total

    def said(self) -> list[Entry]:
        """The ledger's rows that were said, the oldest first."""
        with self.app.database.begin() as db:
            every = reminders.said(db, limit=100_000)
        return [one for one in reversed(every) if one.state is LedgerState.SAID]

    def table(self) -> list[str]:
        """A line for each chat and day."""
        days: dict[tuple[date, str], list[str]] = {}
        for one in self.said():
            year, entry, unit = one.deadline.split(":")
            name = self.names[one.chat_id]
            about = f"{one.kind.value} {year}:{entry}"
            if unit != ("衛生局" if name == "企劃室" else name.removesuffix("承辦人")):
                about += f":{unit}"
            days.setdefault((today(one.at), name), []).append(about)
        return [
            f"{day} {name}｜{'、'.join(sorted(found))}"
            for (day, name), found in sorted(days.items())
        ]


def ref(kind: ChatKind, identifier: str) -> ChatRef:
    return ChatRef(kind=kind, id=identifier)


def typhoon(year: Year) -> None:
    """On the last evening of August the first of September is declared a day off."""
    with year.app.database.begin() as db:
        adjustments.override_day(
            db,
            DayOverride(day=date(2026, 9, 1), works=False, reason="颱風停班",
                        by=audit.COMMAND_LINE, at=year.clock.now),
        )  # fmt: skip


def move(year: Year) -> None:
    """The plan of one district is due two weeks later."""
    with year.app.database.begin() as db:
        adjustments.record(
            db,
            Adjustment(entry="s2", unit="那瑪夏區公所", year=RocYear(115), start=None,
                       end=date(2026, 4, 15), reason="風災", by=audit.COMMAND_LINE,
                       at=year.clock.now),
        )  # fmt: skip


def leave(year: Year) -> None:
    """The bot is put out of a group."""
    identifier = next(one for one, name in year.names.items() if name == "民生醫院")
    year.line.remove_bot(identifier)
    with year.app.database.begin() as db:
        chats.left(db, ref(ChatKind.GROUP, identifier), year.clock.now)


LATE = ("三民區第一衛生所", "民政局")
HAPPENS: dict[date, Callable[[Year], None]] = {
    date(2026, 1, 30): lambda year: (
        year.all_done("s10", 114, but=LATE),
        year.answer(Ack.DONE, f"115:s2:{SANMIN_2}"),
    ),
    date(2026, 2, 5): lambda year: year.answer(Ack.DONE, "114:s10:民政局"),
    date(2026, 2, 10): lambda year: year.answer(Ack.DONE, "115:s3:民政局"),
    date(2026, 2, 26): lambda year: year.answer(Ack.DONE, "115:s2:衛生局", "115:s1:研考會"),
    date(2026, 3, 10): lambda year: year.answer(Ack.SEEN, f"115:s2:{SANMIN_1}"),
    date(2026, 3, 17): lambda year: year.answer(
        Ack.SNOOZED, f"115:s2:{CENTRE}", until=date(2026, 3, 26)
    ),
    date(2026, 3, 20): move,
    date(2026, 3, 27): lambda year: year.answer(Ack.DONE, "115:s2:三民區公所"),
    date(2026, 3, 31): lambda year: year.all_done(
        "s2", 115, but=("三民區公所", "那瑪夏區公所", "衛生局", SANMIN_2)
    ),
    date(2026, 4, 8): lambda year: year.test_result(SANMIN_2, 1, 75),
    date(2026, 4, 15): lambda year: year.answer(Ack.DONE, "115:s2:那瑪夏區公所"),
    date(2026, 4, 29): lambda year: year.test_result(SANMIN_2, 1, 75, "每週演練"),
    date(2026, 5, 20): lambda year: year.test_result("社會局", 1, 95),
    date(2026, 5, 21): lambda year: year.test_result("企劃室", 1, 92),  # a section's own
    date(2026, 5, 29): lambda year: year.answer(Ack.DONE, "115:s4:研考會", "115:s6:研考會"),
    date(2026, 6, 10): leave,
    date(2026, 8, 31): lambda year: (
        year.answer(Ack.DONE, "115:s7:研考會"),
        typhoon(year),
    ),
    date(2027, 1, 29): lambda year: year.all_done("s10", 115, but=(CENTRE,)),
}


@pytest.fixture
def year(sqlite_url: URL, loaded: dict[str, object]) -> Iterator[Year]:
    """planbot before the first of January, everybody bound."""
    clock = TestClock(datetime.combine(FIRST, time(0), TAIPEI))
    line = StandIn(secret="secret", token="token", clock=clock, quota=None)
    base = line.start()
    given = Settings(
        database_url=sqlite_url.render_as_string(hide_password=False),
        data=packaged_data(),
        channel_secrets=("secret",),
        channel_access_token="token",
        line_api_base=base,
        line_api_data_base=base,
        worker_threads=2,
    )
    running = Year(build(given, clock), line, clock, loaded)
    vars(running.app).update(loaded)
    running.settle()
    with running.app.database.begin() as db:  # known from the first message on
        sizes = {one: GROUPS[name] for one, name in running.names.items() if name in GROUPS}
        reminders.keep_sizes(db, sizes, clock.now)
    yield running
    running.app.close()
    line.stop()


def hours_of(day: date, *, works: bool, chance: random.Random) -> list[int]:
    """When it is ticked on a day: by day and by night, sometimes late, sometimes every hour."""
    if not works:
        return [11]
    if day.day == 2 or chance.random() < 0.02:
        return list(range(24))
    return [10, 14] if chance.random() < 0.3 else [14]


def live_through(year: Year) -> None:
    """Fourteen months, hour by hour where anything may happen."""
    chance = random.Random(115)
    calendar = year.app.dates.workdays()
    day, used = FIRST, 0
    while day <= LAST:
        if day.day == 1:
            year.foresee(day)
            year.counted, used = year.counted + used, 0
        for hour in hours_of(day, works=calendar.is_workday(day), chance=chance):
            year.clock.now = datetime.combine(day, time(hour), TAIPEI)
            year.tick()
            if hour == 14 and chance.random() < 0.05:
                year.restart()
                assert year.tick() == 0
        if day in HAPPENS:
            year.clock.now = datetime.combine(day, time(16), TAIPEI)
            HAPPENS[day](year)
        used = year.line.used
        day += timedelta(days=1)
    year.counted += used


def test_each_chat_hears_what_the_table_says_and_nothing_else(year: Year) -> None:
    live_through(year)

    assert year.table() == TABLE.read_text(encoding="utf-8").splitlines()
    check_moments(year)
    check_nothing_after_done(year)
    check_pushes(year)
    assert year.counted * 0.95 <= year.foreseen <= year.counted * 1.05


def check_moments(year: Year) -> None:
    """None at night, on a day off, in a unit's own quiet hours."""
    with year.app.database.begin() as db:
        workdays = year.app.dates.workdays(adjustments.day_overrides(db))
    for chat, name in year.names.items():
        for message in year.line.history(chat):
            if message.way != "push":
                continue
            local = message.at.astimezone(TAIPEI)
            assert workdays.is_workday(local.date()), (name, local)
            opens = time(13, 30) if name == "三民區公所" else time(9, 30)
            assert opens <= local.time() < time(18), (name, local)


def check_nothing_after_done(year: Year) -> None:
    """What was done is not spoken of again."""
    assert year.done
    for one in year.said():
        assert one.at <= year.done.get(one.deadline, one.at), one


def check_pushes(year: Year) -> None:
    """LINE got one message for each chat and day of the ledger, no more."""
    told: dict[str, set[date]] = {}
    for one in year.said():
        told.setdefault(one.chat_id, set()).add(today(one.at))
    for chat, days in told.items():
        pushed = [today(one.at) for one in year.line.history(chat) if one.way == "push"]
        assert pushed == sorted(days)
