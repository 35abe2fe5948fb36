"""An encoder one can reckon with: words are counted into buckets, so that shared words mean likeness."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

import numpy as np

from convarchive.index.ports import Scores, Vectors

SLIPS = {"gardne": ("garden",), "zephyria": ("zephyr",)}
"""Words it takes for slips of the keyboard, where nobody said them."""


class HashingEncoder:
    """Bag of words, hashed; the first dimension is what every text has a little of, even an empty one."""

    def __init__(self, dimensions: int = 64) -> None:
        self._dimensions = dimensions

    @property
    def fingerprint(self) -> str:
        return f"hashed-words:{self._dimensions}"

    @property
    def dimensions(self) -> int:
        return self._dimensions

    def encode(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self._dimensions), np.float32)
        vectors[:, 0] = 0.1
        for row, text in enumerate(texts):
            for word in re.findall(r"\w+", text.casefold()):
                bucket = int.from_bytes(hashlib.sha256(word.encode()).digest()[:4], "big")
                vectors[row, 1 + bucket % (self._dimensions - 1)] += 1
        return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)

    def closeness(self, words: Sequence[tuple[str, float]], texts: Sequence[str]) -> Scores:
        held = [set(re.findall(r"\w+", text.casefold())) for text in texts]
        whole = sum(weight for _, weight in words) or 1.0
        return np.array([sum(w for word, w in words if word.casefold() in one) / whole for one in held], np.float32)

    def respelt(self, word: str) -> tuple[str, ...]:
        return SLIPS.get(word, ())
