"""What a result report is made from, as plain values; who composes them reads the database."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.plans.model import Plan
from bot.plans.progress import ItemState, ProgressReport, UnitProgress

PICTURE = "picture"
"""The kind of evidence that is shown; any other is listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CourtesyTest:
    """The result of the first or second telephone-courtesy test (`which` is 1 or 2).

    `score` is out of 100, None where only words were reported.
    """

    which: int
    tested_on: date | None
    score: float | None
    faults: str = ""
    improvement: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A picture or a file of a report (`root` is the report's number), with its own `number`.

    `content` are the bytes or what fetches them; it is called once, when the picture is written.
    `size` is in bytes, `sha256` in hexadecimal digits.
    """

    root: int
    number: int
    kind: str
    name: str
    caption: str = ""
    media_type: str
    content: Callable[[], bytes] | bytes = b""
    size: int = 0
    sha256: str = ""

    @property
    def is_picture(self) -> bool:
        """Whether it is shown rather than listed."""
        return self.kind == PICTURE

    def read(self) -> bytes:
        """The bytes."""
        return self.content if isinstance(self.content, bytes) else self.content()


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A unit's share of a report: its cycle, the plan that binds it, its tests and its evidence."""

    progress: UnitProgress
    plan: Plan
    courtesy: Sequence[CourtesyTest] = ()
    evidence: Sequence[Evidence] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """A piece of evidence with the label that it bears in the report (圖1, 圖2-1, 附件1)."""

    label: str
    evidence: Evidence
    report: ProgressReport
    state: ItemState


def exhibits_of(parts: Iterable[Part]) -> tuple[Exhibit, ...]:
    """The evidence of all standing reports, labelled in the order of the items.

    Pictures of one report share a number (圖2-1, 圖2-2). Evidence of a report that was withdrawn
    is none.
    """
    found: list[Exhibit] = []
    groups = files = 0
    for part in parts:
        by_root: dict[int, list[Evidence]] = {}
        for one in sorted(part.evidence, key=lambda one: one.number):
            by_root.setdefault(one.root, []).append(one)
        for state in part.progress.states:
            for report in state.reports:
                every = by_root.get(report.root, ())
                pictures = [one for one in every if one.is_picture]
                groups += bool(pictures)
                for at, one in enumerate(pictures, 1):
                    label = f"圖{groups}-{at}" if len(pictures) > 1 else f"圖{groups}"
                    found.append(Exhibit(label=label, evidence=one, report=report, state=state))
                for one in every:
                    if not one.is_picture:
                        files += 1
                        label = f"附件{files}"
                        found.append(Exhibit(label=label, evidence=one, report=report, state=state))
    return tuple(found)


def labels(exhibits: Sequence[Exhibit]) -> tuple[str, ...]:
    """The labels of one report's evidence, its pictures as one (圖2-1～3)."""
    pictures = [one.label for one in exhibits if one.evidence.is_picture]
    if len(pictures) > 1:
        pictures = [f"{pictures[0]}～{pictures[-1].rpartition('-')[2]}"]
    return (*pictures, *(one.label for one in exhibits if not one.evidence.is_picture))


def by_report(exhibits: Iterable[Exhibit]) -> Mapping[int, tuple[Exhibit, ...]]:
    """Exhibits by the number of their report."""
    found: dict[int, list[Exhibit]] = {}
    for one in exhibits:
        found.setdefault(one.report.root, []).append(one)
    return {root: tuple(several) for root, several in found.items()}
