"""Vectors of clauses and phrasings, computed when a text changes and kept by the text's hash.

`data/vectors/<encoder>.npz` holds for each text eight bytes of its hash, the vector as signed
bytes, and its scale. `planbot check` says how many texts have no vector yet; `planbot index`
brings the files up to date.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.search.encoders import Encoder, Matrix

Keys = NDArray[np.uint64]

QUESTION, PASSAGE = "q:", "p:"
"""What a text is, put before it: an encoder may see a question otherwise than a passage."""

UNREADABLE = (OSError, EOFError, KeyError, ValueError, zipfile.BadZipFile)
"""What reading a missing or damaged file of arrays raises."""


def key(text: str) -> int:
    """The first eight bytes of the SHA-256 of a text with its mark, as a number."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


def keys_of(texts: Iterable[str]) -> Keys:
    """The keys of marked texts, shape (texts,)."""
    return np.fromiter((key(text) for text in texts), dtype=np.uint64)


@dataclass(frozen=True)
class Vectors:
    """The kept vectors of one encoder: keys (n,) sorted, rows (n, size) bytes, scales (n,)."""

    keys: Keys
    rows: NDArray[np.int8]
    scales: NDArray[np.float32]

    @classmethod
    def none(cls, size: int) -> Vectors:
        """No vectors yet, of an encoder with vectors of `size` numbers."""
        return cls(
            np.zeros(0, dtype=np.uint64),
            np.zeros((0, size), dtype=np.int8),
            np.zeros(0, dtype=np.float32),
        )

    @classmethod
    def read(cls, file: Path, encoder: Encoder) -> Vectors:
        """The vectors of a file; none when it is missing, damaged or of another version."""
        try:
            with file.open("rb") as opened, np.load(opened) as kept:
                if str(kept["version"]) != encoder.version:
                    return cls.none(encoder.size)
                return cls(kept["keys"], kept["rows"], kept["scales"])
        except UNREADABLE:
            return cls.none(encoder.size)

    def write(self, file: Path, encoder: Encoder) -> None:
        """Keep the vectors in a file."""
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("wb") as out:
            np.savez(
                out, version=np.array(encoder.version), keys=self.keys, rows=self.rows,
                scales=self.scales,
            )  # fmt: skip

    def missing(self, texts: Iterable[str]) -> list[str]:
        """The different texts that have no vector here, in their order."""
        have = set(self.keys.tolist())
        return [text for text in dict.fromkeys(texts) if key(text) not in have]

    def of(self, keys: Keys) -> Matrix:
        """The vectors of keys, shape (len(keys), size); zeros for a key without one."""
        rows, scales = self.packed(keys)
        made: Matrix = rows * scales[:, None]
        return made

    def packed(self, keys: Keys) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
        """The rows and scales of keys; the scale is zero for a key without a vector."""
        if not len(self.keys):
            empty = np.zeros((len(keys), self.rows.shape[1]), dtype=np.int8)
            return empty, np.zeros(len(keys), dtype=np.float32)
        at = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        return self.rows[at], self.scales[at] * (self.keys[at] == keys)

    def brought_up(self, texts: Sequence[str], encoder: Encoder) -> Vectors:
        """These vectors for exactly `texts`: kept ones reused, missing ones computed."""
        missing = self.missing(texts)
        fresh = _encode(missing, encoder)
        keys = np.concatenate([self.keys, fresh.keys])
        rows = np.concatenate([self.rows, fresh.rows])
        scales = np.concatenate([self.scales, fresh.scales])
        order = np.argsort(keys)
        keep = order[np.isin(keys[order], keys_of(texts))]
        return Vectors(keys[keep], rows[keep], scales[keep])


def _encode(texts: Sequence[str], encoder: Encoder, *, batch: int = 32) -> Vectors:
    """Fresh vectors; similar lengths go together, because a batch pays for its longest text."""
    if not texts:
        return Vectors.none(encoder.size)
    ordered: list[str] = []
    parts: list[Matrix] = []
    for mark, encode in ((QUESTION, encoder.questions), (PASSAGE, encoder.passages)):
        marked = sorted((text for text in texts if text.startswith(mark)), key=len)
        ordered += marked
        for at in range(0, len(marked), batch):
            parts.append(encode([text.removeprefix(mark) for text in marked[at : at + batch]]))
    vectors = np.concatenate(parts)
    scales = np.abs(vectors).max(axis=1) / 127
    rows = np.round(vectors / scales[:, None]).astype(np.int8)
    return Vectors(keys_of(ordered), rows, scales.astype(np.float32))
