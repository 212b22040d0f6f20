"""The score sheet of the telephone-courtesy tests, a file that an agency replaces."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pydantic

from bot.errors import DataError
from bot.plans.corpus import read_yaml

_FILE = "courtesy.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreItem:
    """Something that is tested: its points, and how to earn them."""

    name: str
    points: int
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """From how many points on (out of 100) a result bears a name."""

    name: str
    above: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CourtesySheet:
    """How to answer, what is scored, and below which mark an improvement is asked for."""

    source: str
    items: tuple[ScoreItem, ...]
    grades: tuple[Grade, ...]
    improve_below: float

    def grade_of(self, score: float) -> str:
        """The name of a score from 0 to 100."""
        return next(grade.name for grade in self.grades if score >= grade.above)

    def needs_improvement(self, score: float) -> bool:
        """Whether the score asks for 改善措施."""
        return score < self.improve_below


class _Strict(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="forbid", frozen=True)


class _ItemIn(_Strict):
    name: str = pydantic.Field(min_length=1, max_length=12)
    points: int = pydantic.Field(ge=1, le=100)
    how: str = pydantic.Field(min_length=1, max_length=200)


class _GradeIn(_Strict):
    name: str = pydantic.Field(min_length=1, max_length=12)
    above: float = pydantic.Field(ge=0, le=100)


class _SheetIn(_Strict):
    source: str
    items: tuple[_ItemIn, ...]
    grades: tuple[_GradeIn, ...]
    improve_below: float = pydantic.Field(ge=0, le=100)

    @pydantic.model_validator(mode="after")
    def _is_whole(self) -> _SheetIn:
        if sum(item.points for item in self.items) != 100:
            raise ValueError("the points of `items` must add up to 100")
        marks = [grade.above for grade in self.grades]
        if not marks or marks != sorted(set(marks), reverse=True) or marks[-1] != 0:
            raise ValueError("`grades` go from the best down to one that is `above: 0`")
        return self


def load(folder: Path) -> CourtesySheet:
    """The sheet of a data folder (`courtesy.yaml`).

    Raises:
        DataError: the file is missing or wrong.
    """
    file = folder / _FILE
    if not file.is_file():
        raise DataError(file, None, "there is no score sheet", "copy the one that came along")
    content = read_yaml(file, _SheetIn)
    return CourtesySheet(
        source=content.source,
        items=tuple(
            ScoreItem(name=one.name, points=one.points, how=one.how) for one in content.items
        ),
        grades=tuple(Grade(name=one.name, above=one.above) for one in content.grades),
        improve_below=content.improve_below,
    )
