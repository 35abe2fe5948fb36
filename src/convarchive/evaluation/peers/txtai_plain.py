"""Vectors as txtai's manual begins: `Embeddings`, here given vectors that are computed already."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from txtai import Embeddings


class TxtAi:
    """Its default engine with every setting as it comes; encoding is left out, for it is the same for all."""

    name = "txtai"
    by = "vectors"

    def hold(self, folder: Path, texts: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Search these from now on, and write them into the folder."""
        self._asked: NDArray[np.float32] = vectors[:1]
        self._embeddings: Any = Embeddings(
            {"method": "external", "transform": lambda texts: self._given(texts), "content": False}
        )
        self._embeddings.index((row, vector, None) for row, vector in enumerate(vectors))
        self._embeddings.save(str(folder / "txtai"))

    def nearest(self, _text: str, vector: NDArray[np.float32], k: int) -> list[int]:
        """Rows of the `k` nearest, best first."""
        self._asked = vector[None]
        return [int(row) for row, _ in self._embeddings.search("asked", k)]

    def _given(self, texts: Sequence[Any]) -> NDArray[np.float32]:
        if len(texts) == 1 and isinstance(texts[0], str):
            return self._asked
        return np.stack([np.asarray(text, np.float32) for text in texts])
