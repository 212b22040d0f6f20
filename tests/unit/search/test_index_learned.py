"""What is learned from the phrasings is kept for the next start, and never used for other data."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from bot.plans.corpus import Corpus
from bot.search import encoders, index, outside, phrasings
from bot.search.adapter import Packed
from bot.search.encoders import Matrix
from bot.search.learned import Learned, Questions, learned_file
from bot.search.vectors import Keys, Vectors
from tests.unit.search.conftest import DATA

INSTALLED = encoders.installed()


@dataclass(frozen=True)
class SmallEncoder:
    """An encoder of few dimensions, of which only the kept vectors are used here."""

    name: str
    size: int
    version: str = "1"

    def questions(self, texts: list[str]) -> Matrix:
        raise NotImplementedError

    passages = questions


ENCODERS = (SmallEncoder("one", 8), SmallEncoder("two", 5))


def vectors(keys: Keys, size: int) -> Vectors:
    rng = np.random.default_rng(size)
    rows = rng.integers(-127, 128, (len(keys), size), dtype=np.int8)
    scales = rng.uniform(0.001, 0.01, len(keys)).astype(np.float32)
    return Vectors(np.sort(keys), rows, scales)


@pytest.fixture
def questions() -> Questions:
    return Questions(
        asked=np.arange(2000, dtype=np.uint64) * np.uint64(7),
        owner=np.repeat(np.arange(100, dtype=np.int32), 20),
        near=np.arange(50, dtype=np.uint64) * np.uint64(7) + np.uint64(1),
        off_topic=np.arange(30, dtype=np.uint64) * np.uint64(7) + np.uint64(2),
    )


@pytest.fixture
def kept(questions: Questions) -> list[Vectors]:
    return [vectors(questions.all, encoder.size) for encoder in ENCODERS]


def test_bytes_are_as_near_to_a_question_as_the_vectors_that_they_stand_for(
    questions: Questions, kept: list[Vectors]
) -> None:
    learned = Learned.of(questions, kept)
    adapted = learned.adapter([one.of(questions.all) for one in kept])
    packed = Packed.of(questions.all, kept, learned.factors)

    near = packed.likeness(learned.adapter.aim(adapted[3]))

    assert near == pytest.approx(adapted @ adapted[3], abs=1e-4)
    assert near[3] == pytest.approx(1, abs=1e-4)


def test_a_centre_is_the_mean_of_a_clauses_phrasings(
    questions: Questions, kept: list[Vectors]
) -> None:
    learned = Learned.of(questions, kept)
    asked = Packed.of(questions.asked, kept, learned.factors[:, : len(questions.asked)])
    adapted = learned.adapter([one.of(questions.asked) for one in kept])

    centres = learned.adapter.centres(asked, questions.owner, 101)

    mean = adapted[questions.owner == 42].mean(axis=0)
    assert centres[42] == pytest.approx(mean / np.linalg.norm(mean), abs=1e-4)
    assert not centres[100].any(), "a clause without phrasings has no centre"


def test_phrasings_of_one_clause_are_nearer_than_before(questions: Questions) -> None:
    """Every clause spreads most in one and the same direction, which therefore tells nothing."""
    rng = np.random.default_rng(1)
    places = rng.standard_normal((100, 8))[questions.owner]
    noise = rng.standard_normal((len(questions.owner), 8)) * ([3] + [0.1] * 7)
    raw = (places + noise).astype(np.float32)
    rows = np.clip(raw * 10, -127, 127).astype(np.int8)
    one = Vectors(questions.asked, rows, np.full(len(rows), 0.1, dtype=np.float32))
    only = replace(questions, near=questions.near[:0], off_topic=questions.off_topic[:0])

    adapted = Learned.of(only, [one]).adapter([one.of(only.asked)])

    before = raw / np.linalg.norm(raw, axis=1, keepdims=True)
    assert (adapted[0] @ adapted[1:20].T).mean() > (before[0] @ before[1:20].T).mean()


def test_what_was_kept_is_read_again(
    questions: Questions, kept: list[Vectors], tmp_path: Path
) -> None:
    learned, mark = Learned.of(questions, kept), questions.mark(ENCODERS)
    learned.write(tmp_path / "learned.npz", mark)

    again = Learned.read(tmp_path / "learned.npz", mark)

    assert again is not None
    assert (again.adapter.turn == learned.adapter.turn).all()
    assert [len(mean) for mean in again.adapter.means] == [8, 5]
    assert (again.leaning == learned.leaning).all()
    assert (again.factors == learned.factors).all()


def test_other_questions_clauses_or_encoders_leave_another_mark(questions: Questions) -> None:
    marks = {
        questions.mark(ENCODERS),
        replace(questions, asked=questions.asked[:-1], owner=questions.owner[:-1]).mark(ENCODERS),
        replace(questions, owner=questions.owner[::-1].copy()).mark(ENCODERS),
        replace(questions, near=questions.off_topic, off_topic=questions.near).mark(ENCODERS),
        questions.mark((replace(ENCODERS[0], version="2"), ENCODERS[1])),
    }
    assert len(marks) == 5


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04 no archive"])
def test_a_missing_or_damaged_file_counts_as_nothing_kept(
    tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "kept.npz"
    if content is not None:
        file.write_bytes(content)
    assert Learned.read(file, "mark") is None
    assert len(Vectors.read(file, ENCODERS[0]).keys) == 0


def test_what_was_learned_from_something_else_counts_as_nothing_kept(
    questions: Questions, kept: list[Vectors], tmp_path: Path
) -> None:
    Learned.of(questions, kept).write(tmp_path / "learned.npz", "then")
    assert Learned.read(tmp_path / "learned.npz", "now") is None


def test_a_question_that_one_encoder_does_not_know_is_left_out(
    questions: Questions, kept: list[Vectors]
) -> None:
    first = replace(kept[0], keys=kept[0].keys + np.uint64(7))  # the first key is now unknown

    known = questions.known_to([first, kept[1]])

    assert (len(known.asked), len(known.owner)) == (1999, 1999)
    assert known.asked[0] == questions.asked[1]


@pytest.fixture(scope="module")
def all_of_it(corpus: Corpus) -> tuple[Questions, list[Vectors]]:
    """The questions of the data, and their kept vectors by the installed encoders."""
    kept = [Vectors.read(index.vectors_file(DATA, one), one) for one in INSTALLED]
    asked, beyond = phrasings.load(DATA, corpus), outside.load(DATA, corpus)
    return Questions.of(tuple(corpus.nodes.values()), asked, beyond).known_to(kept), kept


@pytest.mark.skipif(len(INSTALLED) < 2, reason="kept for both encoders, and one is not installed")
def test_what_is_kept_is_what_the_data_teaches(
    all_of_it: tuple[Questions, list[Vectors]],
) -> None:
    questions, vectors_of_all = all_of_it
    file = learned_file(DATA, INSTALLED)

    kept = Learned.read(file, questions.mark(INSTALLED))

    assert kept is not None, "run: planbot index"
    fresh = Learned.of(questions, vectors_of_all)
    assert np.allclose(kept.factors, fresh.factors, rtol=1e-2), "raise VERSION, run: planbot index"
    assert np.allclose(kept.leaning, fresh.leaning, atol=1e-2)
