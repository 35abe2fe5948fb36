"""Search as its parts' manuals begin: sentence-transformers on torch, and numpy against every vector."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer


class PlainVectors:
    """`SentenceTransformer(folder).encode(texts)` with every default, then `matrix @ query` sorted whole."""

    def __init__(self, folder: Path) -> None:
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        self._model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
        self._matrix: NDArray[np.float32] = np.empty((0, 0), np.float32)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors [len(texts), dimensions]."""
        found: NDArray[np.float32] = self._model.encode(
            list(texts), normalize_embeddings=True, show_progress_bar=False
        ).astype(np.float32)
        return found

    def hold(self, matrix: NDArray[np.float32]) -> None:
        """Search these vectors from now on."""
        self._matrix = matrix

    def nearest(self, query: NDArray[np.float32], k: int) -> NDArray[np.int64]:
        """Rows of the `k` nearest vectors, best first."""
        return np.argsort(-(self._matrix @ query))[:k].astype(np.int64)
