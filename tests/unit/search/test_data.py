"""The answering data: enough phrasings, none doubled, vectors up to date."""

from __future__ import annotations

import pytest

from bot.plans.corpus import Corpus
from bot.plans.model import NodeKind
from bot.search import encoders, index, outside, phrasings
from bot.search.vectors import Vectors
from bot.search.words import Folder, bare
from tests.unit.search.conftest import DATA


@pytest.fixture(scope="session")
def asked(corpus: Corpus) -> phrasings.Phrasings:
    return phrasings.load(DATA, corpus)


@pytest.fixture(scope="session")
def beyond(corpus: Corpus) -> outside.Outside:
    return outside.load(DATA, corpus)


def test_every_clause_has_at_least_eight_phrasings(
    corpus: Corpus, asked: phrasings.Phrasings
) -> None:
    short = [
        node.id for node in corpus.nodes.values()
        if node.kind in (NodeKind.CLAUSE, NodeKind.SCHEDULE, NodeKind.APPROVAL)
        and len(asked.of(node.id)) < 8
    ]  # fmt: skip
    assert short == []


def test_no_phrasing_stands_under_two_clauses_of_a_plan(
    asked: phrasings.Phrasings, fold: Folder
) -> None:
    """Parallel clauses of two plans may be asked for alike; whose plan is meant tells them apart."""
    owners: dict[tuple[str, str], set[str]] = {}
    for node_id, many in asked.by_node.items():
        for one in many:
            owners.setdefault((node_id.partition(":")[0], bare(fold(one))), set()).add(node_id)
    assert [words for (_, words), nodes in owners.items() if len(nodes) > 1] == []


def test_no_outside_question_is_also_a_phrasing(
    asked: phrasings.Phrasings, beyond: outside.Outside, fold: Folder
) -> None:
    known = {bare(fold(one)) for many in asked.by_node.values() for one in many}
    assert [one for one in beyond.questions if bare(fold(one)) in known] == []


def test_no_question_of_the_question_files_is_a_phrasing(
    asked: phrasings.Phrasings, beyond: outside.Outside, fold: Folder
) -> None:
    from bot.search.evaluation import read

    known = {bare(fold(one)) for many in asked.by_node.values() for one in many}
    known |= {bare(fold(one)) for one in beyond.questions}
    found = [
        question.q
        for file in sorted((DATA / "questions").glob("*.jsonl"))
        for question in read(file)
        if bare(fold(question.q)) in known
    ]
    assert found == []


@pytest.mark.parametrize("encoder", encoders.installed(), ids=lambda encoder: encoder.name)
def test_the_kept_vectors_are_up_to_date(
    corpus: Corpus,
    asked: phrasings.Phrasings,
    beyond: outside.Outside,
    encoder: encoders.Encoder,
) -> None:
    kept = Vectors.read(index.vectors_file(DATA, encoder), encoder)
    missing = kept.missing(index.texts_to_encode(corpus, asked, beyond))
    assert missing == [], "run: planbot index"
