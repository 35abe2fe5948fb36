"""Vectors as FAISS's manual begins: `IndexFlatIP`, add, search."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

_CORES = faiss.omp_get_max_threads()


class FaissFlat:
    """Exact nearest vectors, on all cores."""

    name = "FAISS flat"
    by = "vectors"

    def hold(self, folder: Path, _texts: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Search these from now on, and write them into the folder."""
        self._library: Any = faiss
        self._index: Any = faiss.IndexFlatIP(vectors.shape[1])
        self._index.add(vectors)
        faiss.write_index(self._index, str(folder / "flat.index"))

    def nearest(self, _text: str, vector: NDArray[np.float32], k: int) -> list[int]:
        """Rows of the `k` nearest, best first."""
        self._library.omp_set_num_threads(_CORES)
        return [int(row) for row in self._index.search(vector[None], k)[1][0]]
