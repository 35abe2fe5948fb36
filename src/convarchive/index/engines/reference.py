"""Sentences to vectors with the library the model comes from: what the quick encoder must agree with."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from convarchive.errors import EngineMissing, ModelMissing
from convarchive.index.ports import Scores, Vectors


class ReferenceEncoder:
    """
    sentence-transformers on a model folder (for the table's model: `all-MiniLM-L6-v2/source`).

    Raises EngineMissing without the `convert` extra, ModelMissing where the folder holds no such model.
    """

    def __init__(self, folder: Path) -> None:
        # The model lies here already: nothing may look for it elsewhere.
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as exc:
            raise EngineMissing(
                "the reference encoder needs sentence-transformers; install it with: pip install 'convarchive[convert]'"
            ) from exc
        try:
            self._model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
        except (OSError, ValueError) as exc:
            raise ModelMissing(
                f"{folder} holds no sentence-transformers model; get it with: convarchive models pull all-MiniLM-L6-v2"
            ) from exc
        # Measured, since the method that says it has another name in each release.
        self._dimensions = len(self._model.encode([""], show_progress_bar=False)[0])
        self._fingerprint = f"sentence-transformers:{folder.parent.name}:{self._model.max_seq_length}"

    @property
    def fingerprint(self) -> str:
        """Names the library and the model."""
        return self._fingerprint

    @property
    def dimensions(self) -> int:
        """Length of each vector."""
        return self._dimensions

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a text, in order: float32 [len(texts), dimensions]."""
        if not texts:
            return np.empty((0, self.dimensions), np.float32)
        vectors: Vectors = self._model.encode(
            list(texts), normalize_embeddings=True, convert_to_numpy=True, show_progress_bar=False
        ).astype(np.float32)
        return vectors

    def closeness(self, words: Sequence[tuple[str, float]], texts: Sequence[str]) -> Scores:
        """How near each text comes to the words, one by one: see `Encoder`. Words are encoded as sentences of one."""
        result = np.zeros(len(texts), np.float32)
        weights = np.array([weight for _, weight in words], np.float32)
        mine = self.encode([word for word, _ in words])
        for row, text in enumerate(texts):
            theirs = self.encode(text.split())
            if len(mine) and len(theirs) and weights.sum() > 0:
                result[row] = weights @ (mine @ theirs.T).max(axis=1) / weights.sum()
        return result

    def respelt(self, word: str) -> tuple[str, ...]:
        """None: what the quick encoder must agree with are vectors."""
        return ()
