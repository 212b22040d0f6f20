"""How staff ask for each clause: reviewed data, kept beside the plans by clause id."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pydantic

from bot.errors import DataError
from bot.plans.corpus import Corpus, read_yaml


class _SameAs(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="forbid")
    same_as: str


class _FileIn(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="forbid")
    plan: str
    phrasings: Mapping[str, tuple[str, ...] | _SameAs]


@dataclass(frozen=True, slots=True)
class Phrasings:
    """Phrasings by node id; `same_as` points from a clause to its twin in another plan."""

    by_node: Mapping[str, tuple[str, ...]]
    same_as: Mapping[str, str]

    def of(self, node_id: str) -> tuple[str, ...]:
        """The phrasings of a node, its twin's where it has none of its own."""
        return self.by_node.get(self.same_as.get(node_id, node_id), ())


def load(folder: Path, corpus: Corpus) -> Phrasings:
    """All phrasings of a data folder.

    Raises:
        DataError: a file is wrong, or names a clause that no plan has.
    """
    by_node: dict[str, tuple[str, ...]] = {}
    same_as: dict[str, str] = {}
    for file in sorted((folder / "phrasings").glob("*.yaml")):
        content = read_yaml(file, _FileIn)
        for segment, given in content.phrasings.items():
            node_id = f"{content.plan}:{segment}"
            _must_exist(corpus, node_id, file)
            if isinstance(given, _SameAs):
                _must_exist(corpus, given.same_as, file)
                same_as[node_id] = given.same_as
            else:
                by_node[node_id] = by_node.get(node_id, ()) + given
    return Phrasings(by_node, same_as)


def _must_exist(corpus: Corpus, node_id: str, file: Path) -> None:
    if node_id not in corpus.nodes:
        raise DataError(file, None, f"no clause {node_id}", "use an id of data/plans")
