"""Vectors as LanceDB's manual begins: a table, and from 100,000 rows on the index that it recommends then."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import lancedb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

_INDEX_FROM = 100_000


class LanceDb:
    """Every setting as it comes, on cosine."""

    name = "LanceDB"
    by = "vectors"

    def hold(self, folder: Path, texts: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Search these from now on, out of the folder."""
        flat = pa.array(vectors.ravel())
        columns = {
            "row": pa.array(range(len(texts)), pa.int64()),
            "text": pa.array(list(texts)),
            "vector": pa.FixedSizeListArray.from_arrays(flat, vectors.shape[1]),
        }
        self._table: Any = lancedb.connect(str(folder)).create_table("said", pa.table(columns))
        if len(texts) >= _INDEX_FROM:
            self._table.create_index(metric="cosine", vector_column_name="vector")

    def nearest(self, _text: str, vector: NDArray[np.float32], k: int) -> list[int]:
        """Rows of the `k` nearest, best first."""
        found = self._table.search(vector).distance_type("cosine").limit(k).select(["row", "_distance"]).to_arrow()
        return [int(row) for row in found["row"].to_pylist()]
