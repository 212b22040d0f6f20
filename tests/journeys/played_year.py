"""Plays the year of tests/fixtures/reports/played_year.txt: five units, as their staff type it."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from PIL import Image

from tests.journeys.conftest import City, Place, actions_of

SCRIPT = Path(__file__).parents[1] / "fixtures" / "reports" / "played_year.txt"
UNITS = {
    "三民二所": "三民區第二衛生所",
    "長青中心": "長青綜合服務中心",
    "企劃室": "企劃室",
    "秘書室": "秘書室",
    "左營衛生所": "左營區衛生所",
}
_LINE = re.compile(r"(?P<month>\d+)/(?P<day>\d+) (?P<place>\S+) (?P<who>\S+) (?P<words>.+)")
_DOES = re.compile(r"\[(?P<what>\S+?)(?: (?P<with>[^\]]+))?\]\s*(?P<words>.*)", re.DOTALL)


@dataclass(frozen=True)
class Played:
    """A line of the script: its number, where, who, what was typed, what the bot said."""

    number: int
    place: str
    typed: str
    said: list[str]


@dataclass
class Year:
    """The five groups and what happened in them."""

    city: City
    places: dict[str, dict[str, Place]] = field(default_factory=dict)
    played: list[Played] = field(default_factory=list)

    def play(self) -> None:
        """Everything, in its order; each on a working hour of its day."""
        for number, (at, place, who, words) in enumerate(script()):
            self.city.clock.now = at
            said = self._do(self._seen_by(place, who), words)
            self.played.append(Played(number, place, words, said))

    def _seen_by(self, name: str, who: str) -> Place:
        known = self.places.setdefault(name, {})
        if who not in known:
            person = self.city.line.add_person(who)
            if known:
                somebody = next(iter(known.values()))
                self.city.line.add_member(somebody.chat.id, person.id)
                known[who] = somebody.seen_by(person)
            else:
                known[who] = self.city.group(name, person)
                known[who].bind(UNITS[name])
        return known[who]

    def _do(self, place: Place, words: str) -> list[str]:
        match = _DOES.fullmatch(words)
        if match is None:
            return place.says(words if words.startswith(("原因", "取消")) else f"小幫手 {words}")
        what, given = match["what"], match["with"] or ""
        if what == "引用":
            return place.says(match["words"], quote=place.last_message().id)
        if what == "點":
            labels = [one["label"] for one in actions_of(place.last_message())]
            return place.tap(next(one for one in labels if given in one))
        line, me, chat = self.city.line, place.person.id, place.chat.id
        with place.listening() as heard:
            if what == "照片":
                line.send_content(me, chat, "image", picture(len(self.played)))
            elif what == "檔案":
                line.send_content(me, chat, "file", b"%PDF-1.7\n%%EOF\n", file_name=given)
            elif what == "收回":
                line.unsend(me, self._last_of(place))
            elif what == "編輯":
                line.edit(me, self._last_of(place), match["words"])
        return heard

    def _last_of(self, place: Place) -> str:
        """The person's last text."""
        mine = (
            one
            for one in reversed(self.city.line.history(place.chat.id))
            if one.sender == place.person.id and one.content.get("type") == "text"
        )
        return next(mine).id


def script() -> Iterator[tuple[datetime, str, str, str]]:
    """Moment, place, person, words of every line; later lines of a day come later."""
    for number, line in enumerate(SCRIPT.read_text(encoding="utf-8").splitlines()):
        if line.startswith("#") or not line.strip():
            continue
        match = _LINE.fullmatch(line)
        assert match is not None, f"line {number + 1} is not of the script's form"
        morning = datetime(2026, int(match["month"]), int(match["day"]), 2, tzinfo=UTC)
        at = morning + timedelta(minutes=2 * (number % 60))
        yield at, match["place"], match["who"], match["words"].replace("⏎", "\n")


def picture(number: int) -> bytes:
    """A photo of its own colours, turned on its side as telephones do, with a place in it."""
    image = Image.new("RGB", (1200, 900))
    shade = [(x * 7 + number * 37) % 256 for x in range(1200)]
    for y in range(0, 900, 30):
        for x in range(0, 1200, 30):
            colour = (shade[x], (y // 4 + number * 11) % 256, 180 - number % 90)
            image.paste(colour, (x, y, x + 30, y + 30))
    exif = image.getexif()
    exif[0x0112] = 6
    exif.get_ifd(0x8825).update({1: "N", 2: (22.0, 38.0, 0.0), 3: "E", 4: (120.0, 18.0, 0.0)})
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()
