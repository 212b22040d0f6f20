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

QUESTION, PASSAGE = "q:", "p:"
"""What a text is, put before it: an encoder may see a question otherwise than a passage."""


def key(text: str) -> int:
    """The first eight bytes of the SHA-256 of a text with its mark, as a number."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


@dataclass(frozen=True)
class Vectors:
    """The kept vectors of one encoder: keys (n,) sorted, rows (n, size) bytes, scales (n,)."""

    keys: NDArray[np.uint64]
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
            with np.load(file) as kept:
                if str(kept["version"]) != encoder.version:
                    return cls.none(encoder.size)
                return cls(kept["keys"], kept["rows"], kept["scales"])
        except (OSError, KeyError, ValueError, zipfile.BadZipFile):
            return cls.none(encoder.size)

    def write(self, file: Path, encoder: Encoder) -> None:
        """Keep the vectors in a file."""
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("wb") as out:
            np.savez(
                out, version=np.array(encoder.version), keys=self.keys, rows=self.rows,
                scales=self.scales,
            )  # fmt: skip

    def has(self, text: str) -> bool:
        """Whether a marked text has a vector here."""
        wanted = np.uint64(key(text))
        at = int(np.searchsorted(self.keys, wanted))
        return at < len(self.keys) and bool(self.keys[at] == wanted)

    def missing(self, texts: Iterable[str]) -> list[str]:
        """The different texts that have no vector here, in their order."""
        have = set(self.keys.tolist())
        return [text for text in dict.fromkeys(texts) if key(text) not in have]

    def of(self, texts: Sequence[str]) -> Matrix:
        """The vectors of marked texts, shape (len(texts), size); zeros for a text without one."""
        wanted = np.array([key(text) for text in texts], dtype=np.uint64)
        if not len(self.keys):
            return np.zeros((len(texts), self.rows.shape[1]), dtype=np.float32)
        at = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        found = (self.keys[at] == wanted)[:, None]
        made: Matrix = self.rows[at].astype(np.float32) * self.scales[at][:, None] * found
        return made

    def brought_up(self, texts: Sequence[str], encoder: Encoder) -> Vectors:
        """These vectors for exactly `texts`: kept ones reused, missing ones computed."""
        missing = self.missing(texts)
        wanted = sorted({key(text) for text in texts})
        fresh = _encode(missing, encoder)
        keys = np.concatenate([self.keys, fresh.keys])
        rows = np.concatenate([self.rows, fresh.rows])
        scales = np.concatenate([self.scales, fresh.scales])
        order = np.argsort(keys)
        keep = order[np.isin(keys[order], np.array(wanted, dtype=np.uint64))]
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
    keys = np.array([key(text) for text in ordered], dtype=np.uint64)
    return Vectors(keys, rows, scales.astype(np.float32))
