"""Chooses the engines: the one place that knows which outside tool does what.

Every engine is imported inside the function that builds it, so that a server which only
answers searches never loads torch, CTranslate2 or Whisper.
"""

from __future__ import annotations

from pathlib import Path

from convarchive.home import Home
from convarchive.index.ports import Encoder, VectorIndex
from convarchive.models.shelf import default_folder, require

ENCODER = "all-MiniLM-L6-v2"


def encoder(models: Path | None = None) -> Encoder:
    """
    The sentence encoder, run by ONNX Runtime.

    Raises ModelMissing, naming `convarchive models pull`.
    """
    from convarchive.index.engines.minilm import OnnxEncoder

    return OnnxEncoder(require(models or default_folder(), ENCODER))


def vector_index(home: Home) -> VectorIndex:
    """The home's index as it was last built. Raises IndexMissing, IndexCorrupt."""
    from convarchive.index.engines.faiss_index import FaissIndex

    return FaissIndex.load(home.build / "vectors.faiss")
