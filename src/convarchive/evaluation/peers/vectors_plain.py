"""Search as its parts' manuals begin: sentence-transformers on torch, and FAISS's flat index."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer

from convarchive.evaluation.peers.faiss_flat import FaissFlat


class PlainVectors:
    """`SentenceTransformer(folder).encode(texts)` with every default, and the vector sought in `IndexFlatIP`."""

    name = "sentence-transformers + FAISS flat"
    by = "vectors"

    def __init__(self, folder: Path) -> None:
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        self._model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
        self._flat = FaissFlat()

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors [len(texts), dimensions]."""
        found: NDArray[np.float32] = self._model.encode(
            list(texts), normalize_embeddings=True, show_progress_bar=False
        ).astype(np.float32)
        return found

    def hold(self, folder: Path, texts: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Search these vectors from now on."""
        self._flat.hold(folder, texts, vectors)

    def nearest(self, text: str, _vector: NDArray[np.float32], k: int) -> list[int]:
        """Rows of the `k` nearest to a query that is encoded first, best first."""
        return self._flat.nearest(text, self.encode([text])[0], k)
