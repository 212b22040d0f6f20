"""LINE is asked once a day who is in a group, and its silence never stops a reminder."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.errors import LineError, LineRejected, LineUnreachable
from bot.messages import ChatKind, ChatRef
from schedules.mentions import Members

NOW = datetime(2026, 3, 31, 2, tzinfo=UTC)
GROUP = ChatRef(kind=ChatKind.GROUP, id="C1")
WANTED = [(GROUP, "U1"), (GROUP, "U2")]


class Line:
    """Answers for one member and counts how often it is asked."""

    def __init__(self, otherwise: LineError) -> None:
        self.otherwise = otherwise
        self.asked: list[str] = []

    def profile(self, person: str, chat: ChatRef) -> None:
        """Nothing for U2."""
        self.asked.append(person)
        if person != "U2":
            raise self.otherwise


def test_an_answer_is_kept_for_a_day() -> None:
    line = Line(LineRejected("Not found", status=404))
    members = Members(line.profile)
    for hours in (0, 1, 23):
        assert members.confirmed(WANTED, NOW + timedelta(hours=hours)) == {("C1", "U2")}
    assert line.asked == ["U1", "U2"]
    members.confirmed(WANTED, NOW + timedelta(hours=24))
    assert line.asked == ["U1", "U2", "U1", "U2"]


def test_a_silent_line_is_not_asked_for_everybody_and_asked_again_later() -> None:
    line = Line(LineUnreachable("timeout"))
    members = Members(line.profile)
    assert members.confirmed(WANTED, NOW) == frozenset()
    assert members.confirmed(WANTED, NOW) == frozenset()
    assert line.asked == ["U1", "U1"]


def test_without_a_channel_nobody_is_known() -> None:
    assert Members(None).confirmed(WANTED, NOW) == frozenset()
