"""Questions that the plans do not answer: near misses by clause, and topics of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pydantic

from bot.errors import DataError
from bot.plans.corpus import Corpus, read_yaml


class _Topic(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="forbid")
    name: str
    questions: tuple[str, ...]


class _FileIn(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="forbid")
    plan: str | None = None
    near_misses: Mapping[str, tuple[str, ...]] = {}
    topics: tuple[_Topic, ...] = ()


@dataclass(frozen=True, slots=True)
class Outside:
    """Near misses by the id of the clause that they only touch, and questions off the topic."""

    near_misses: Mapping[str, tuple[str, ...]]
    off_topic: tuple[str, ...]

    @property
    def questions(self) -> tuple[str, ...]:
        """All of them."""
        return (*(one for many in self.near_misses.values() for one in many), *self.off_topic)


def load(folder: Path, corpus: Corpus) -> Outside:
    """What `data/outside` holds.

    Raises:
        DataError: a file is wrong, or names a clause that no plan has.
    """
    near: dict[str, tuple[str, ...]] = {}
    off: list[str] = []
    for file in sorted((folder / "outside").glob("*.yaml")):
        content = read_yaml(file, _FileIn)
        for segment, questions in content.near_misses.items():
            node_id = f"{content.plan}:{segment}"
            if node_id not in corpus.nodes:
                raise DataError(file, None, f"no clause {node_id}", "use an id of data/plans")
            near[node_id] = near.get(node_id, ()) + questions
        off.extend(one for topic in content.topics for one in topic.questions)
    return Outside(near, tuple(off))
