"""Answers side by side: usual ways to search against planbot, on the same clauses and questions.

`python -m tests.bench answers` prints for each way how often the right clause came first and among
the first three, how long a question took, and what it cost in memory; then what planbot costs with
ten and a hundred times the clauses. The rivals need the `bench` group of pyproject.toml; one that
is not installed is said and left out. Deadlines, lists and other structured questions are asked of
all alike: a way that cannot answer them misses them, as it would in the office.
"""

from __future__ import annotations

import argparse
import gc
import resource
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np

from bot.plans.corpus import Corpus
from bot.plans.model import Node
from bot.search import answer, encoders, index
from bot.search.answer import Answerer
from bot.search.evaluation import Question, plain, read
from bot.search.lexical import Postings, Runs, weigh
from bot.search.words import Folder, grams

DATA = Path(__file__).parents[2] / "data"
SHARED = Path(__file__).parents[3] / "shared" / "eval"
TODAY = date(2026, 11, 22)

Search = Callable[[Question], Sequence[str]]
"""A question to the texts found, best first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A way to search: what makes it from texts, and whether it needs something extra."""

    name: str
    make: Callable[[Corpus], Search]


def main(arguments: Sequence[str]) -> bool:
    """Run the comparison and print it; true, because it compares and has no target of its own."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench answers")
    parser.add_argument("files", nargs="*", type=Path, help="question files")
    parser.add_argument("--no-growth", action="store_true", help="leave out 10 and 100 times")
    given = parser.parse_args(arguments)
    files = given.files or list(_files())
    corpus = answer.load(DATA, encoders=[]).corpus
    asked = {file.stem: [one for one in read(file) if one.gold] for file in files}
    print(
        f"{'way':<34}"
        + "".join(f"{name:>22}" for name in asked)
        + f"{'p50 ms':>9}{'p95 ms':>9}{'MiB':>7}"
    )
    for way in WAYS:
        _print_way(way, corpus, asked)
    if not given.no_growth:
        _print_growth(corpus)
    return True


def _files() -> Iterator[Path]:
    yield from sorted(SHARED.glob("*.jsonl"))
    yield from sorted((DATA / "questions").glob("*.jsonl"))


def _print_way(way: Way, corpus: Corpus, asked: dict[str, list[Question]]) -> None:
    before = _mebibytes()
    try:
        search = way.make(corpus)
    except ImportError as error:
        print(f"{way.name:<34}{'not installed: ' + str(error.name)}")
        return
    figures, times = [], []
    for questions in asked.values():
        first, three = 0, 0
        for question in questions:
            began = time.perf_counter()
            found = search(question)
            times.append((time.perf_counter() - began) * 1000)
            hits = [_hits(question, text) for text in found[:3]]
            first += bool(hits and hits[0])
            three += any(hits)
        count = max(len(questions), 1)
        figures.append(f"{first / count:.3f} / {three / count:.3f}")
    p50, p95 = np.percentile(times, [50, 95])
    print(
        f"{way.name:<34}" + "".join(f"{one:>22}" for one in figures)
        + f"{p50:>9.1f}{p95:>9.1f}{_mebibytes() - before:>7.0f}",
        flush=True,
    )  # fmt: skip
    gc.collect()


def _hits(question: Question, text: str) -> bool:
    """Whether a found text holds a gold snippet, or is the gold clause itself."""
    said = plain(text)
    return any(
        words in said if words else plain(_words[doc]) in said for doc, words in question.gold
    )


_words: dict[str, str] = {}


def _texts(corpus: Corpus) -> list[str]:
    _words.update({node.id: node.words for node in corpus.nodes.values()})
    return [node.label + node.words for node in corpus.nodes.values()]


def _best(scores: Iterable[float], texts: Sequence[str]) -> list[str]:
    values = np.fromiter(scores, dtype=np.float64, count=len(texts))
    return [texts[at] for at in np.argsort(-values)[:3]]


def _bm25s(corpus: Corpus) -> Search:
    import bm25s
    import rjieba

    texts = _texts(corpus)
    engine = bm25s.BM25()
    engine.index([rjieba.cut(text) for text in texts], show_progress=False)

    def search(question: Question) -> list[str]:
        found, _ = engine.retrieve([rjieba.cut(question.q)], k=3, show_progress=False)
        return [texts[int(at)] for at in found[0]]

    return search


def _fts5(corpus: Corpus) -> Search:
    texts = _texts(corpus)
    db = sqlite3.connect(":memory:")
    db.execute("CREATE VIRTUAL TABLE t USING fts5(body, tokenize='trigram')")
    db.executemany("INSERT INTO t(rowid, body) VALUES (?, ?)", enumerate(texts))

    def search(question: Question) -> list[str]:
        words = "".join(one for one in question.q if one.isalnum())
        runs = {words[at : at + 3] for at in range(len(words) - 2)}
        if not runs:
            return []
        match = " OR ".join(f'"{run}"' for run in sorted(runs))
        rows = db.execute("SELECT rowid FROM t WHERE t MATCH ? ORDER BY rank LIMIT 3", (match,))
        return [texts[row[0]] for row in rows]

    return search


def _tantivy(corpus: Corpus) -> Search:
    import tantivy

    texts = _texts(corpus)
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("body", stored=False, tokenizer_name="whitespace")
    builder.add_integer_field("at", stored=True)
    store = tantivy.Index(builder.build(), path=tempfile.mkdtemp())
    writer = store.writer()
    for at, text in enumerate(texts):
        writer.add_document(tantivy.Document(body=_pairs(text), at=at))
    writer.commit()
    store.reload()
    searcher = store.searcher()

    def search(question: Question) -> list[str]:
        words = _pairs(question.q)
        if not words:
            return []
        quoted = " ".join(f'"{word}"' for word in words.split())
        found = searcher.search(store.parse_query(quoted, ["body"]), 3).hits
        return [texts[searcher.doc(where)["at"][0]] for _, where in found]

    return search


def _pairs(text: str) -> str:
    words = "".join(one for one in text if one.isalnum())
    return " ".join(words[at : at + 2] for at in range(len(words) - 1))


def _bigrams(corpus: Corpus) -> Search:
    texts = _texts(corpus)
    fold = Folder.read(DATA / "characters.txt")
    postings = Postings(len(texts), (Runs.of(fold(text) for text in texts), 1.0))

    def search(question: Question) -> list[str]:
        return _best(postings.score(weigh((_two(grams(fold(question.q))), 1.0))), texts)

    return search


def _two(runs: Iterable[str]) -> list[str]:
    return [run for run in runs if len(run) == 2]


def _dense(name: str) -> Callable[[Corpus], Search]:
    def make(corpus: Corpus) -> Search:
        texts = _texts(corpus)
        return _nearest(_encoder(name), texts)

    return make


def _chunks(name: str) -> Callable[[Corpus], Search]:
    """500 characters of the source after another, as common chat bots on documents do."""

    def make(corpus: Corpus) -> Search:
        _texts(corpus)
        texts = []
        for plan in corpus.plans.values():
            whole = "\n".join(node.label + node.words for node in plan.nodes)
            texts += [whole[at : at + 500] for at in range(0, len(whole), 500)]
        return _nearest(_encoder(name), texts)

    return make


def _nearest(encoder: encoders.Encoder, texts: Sequence[str]) -> Search:
    vectors = np.concatenate(
        [encoder.passages(list(texts[at : at + 16])) for at in range(0, len(texts), 16)]
    )

    def search(question: Question) -> list[str]:
        return _best(vectors @ encoder.questions([question.q])[0], texts)

    return search


def _encoder(name: str) -> encoders.Encoder:
    others = [kind.name for kind in encoders.KINDS if kind.name != name]
    found = encoders.installed(without=others)
    if not found:
        raise ImportError(name=name)
    return found[0]


def _planbot(without: Sequence[str]) -> Callable[[Corpus], Search]:
    def make(corpus: Corpus) -> Search:
        _texts(corpus)
        answerer = answer.load(DATA, encoders=encoders.installed(without=without))
        return _asked(answerer)

    return make


def _asked(answerer: Answerer) -> Search:
    def search(question: Question) -> list[str]:
        found = answerer.answer(question.q, unit=question.unit, today=TODAY)
        return [one.text for one in found.passages]

    return search


WAYS = (
    Way(name="500-character chunks, e5", make=_chunks("e5")),
    Way(name="plain dense, e5", make=_dense("e5")),
    Way(name="plain dense, USE", make=_dense("use")),
    Way(name="bm25s with jieba", make=_bm25s),
    Way(name="SQLite FTS5 trigram", make=_fts5),
    Way(name="tantivy, pairs of characters", make=_tantivy),
    Way(name="BM25, pairs of characters", make=_bigrams),
    Way(name="planbot, words alone", make=_planbot(["use", "e5"])),
    Way(name="planbot, words and USE", make=_planbot(["e5"])),
    Way(name="planbot, all encoders", make=_planbot([])),
)


def _print_growth(corpus: Corpus) -> None:
    """What a question costs with more plans: copies of the plans with changed ids and words."""
    print(f"\n{'clauses':>9}{'build s':>9}{'p50 ms':>9}{'p95 ms':>9}{'MiB':>7}")
    questions = [one for file in _files() for one in read(file)][:60]
    for times in (1, 10, 100):
        before = _mebibytes()
        began = time.perf_counter()
        nodes = [_copy(node, copy) for copy in range(times) for node in corpus.nodes.values()]
        headings = (_fold(" ".join(node.trail[-2:])) for node in nodes)
        postings = Postings(
            len(nodes),
            (Runs.of(_fold(node.words) for node in nodes), 1.0),
            (Runs.of(headings), index.HEADING),
        )
        vectors = _grown(corpus, times)
        build = time.perf_counter() - began
        took = [_timed(postings, vectors, question) for question in questions]
        p50, p95 = np.percentile(took, [50, 95])
        size = times * len(corpus.nodes)
        print(
            f"{size:>9}{build:>9.1f}{p50:>9.2f}{p95:>9.2f}{_mebibytes() - before:>7.0f}", flush=True
        )
        del postings, vectors
        gc.collect()


_fold = Folder.read(DATA / "characters.txt")


def _copy(node: Node, copy: int) -> Node:
    return replace(node, text=f"{node.text}第{copy}年度")


def _grown(corpus: Corpus, times: int) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    rng = np.random.default_rng(1)
    made = rng.standard_normal((times * len(corpus.nodes), 896)).astype(np.float32)
    return made / np.linalg.norm(made, axis=1, keepdims=True)


def _timed(
    postings: Postings,
    vectors: np.ndarray[tuple[int, int], np.dtype[np.float32]],
    question: Question,
) -> float:
    """The part of a question's cost that grows with the plans: words and nearness."""
    began = time.perf_counter()
    postings.score(weigh((grams(_fold(question.q)), 1.0)))
    vectors @ vectors[0]
    return (time.perf_counter() - began) * 1000


def _mebibytes() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 if sys.platform != "darwin" else 1024 * 1024)
