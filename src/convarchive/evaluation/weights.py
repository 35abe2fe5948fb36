"""Names the weights that were measured by their digests, so that anybody can tell whether theirs are the same."""

from __future__ import annotations

from hashlib import sha256
from importlib.resources import files
from pathlib import Path

from convarchive.errors import ModelMissing
from convarchive.models import record


def weights(name: str, folder: Path, purpose: str) -> dict[str, object]:
    """A model by the SHA-256 of its weights, as its record says, else as its file is. Raises ModelMissing."""
    try:
        kept = record.read(folder)
    except ModelMissing:
        held = next((folder / one for one in ("model.bin", "model.onnx") if (folder / one).is_file()), None)
        if held is None:
            raise
        digest, licence, origin = record.sha256(held), "not stated", "a folder of this machine"
    else:
        digest, licence, origin = kept.weights, kept.licence, kept.origin
    return {"name": name, "purpose": purpose, "sha256": digest, "licence": licence, "origin": origin}


def strengths() -> dict[str, object]:
    """The counted strengths of evidence by which voices are named, by the SHA-256 of their file."""
    held = (files("convarchive.naming") / "measured.json").read_bytes()
    return {
        "name": "measured.json", "purpose": "how strongly each kind of evidence counts", "licence": "Apache-2.0",
        "sha256": sha256(held).hexdigest(), "origin": "counted on half of the podcast transcripts",
    }  # fmt: skip
