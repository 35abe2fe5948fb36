"""
What is written down about a pulled model, so that one can later say whose it is and whether it is whole.

Each model's folder holds a `model.json`. It is written last: a folder without it is no model.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from convarchive.errors import ModelMissing
from convarchive.models.table import WeightFile

RECORD = "model.json"
_SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Record:
    """
    One model's `model.json`.

    `origin` says which source answered; `files` are those in the folder; `weights` is the
    digest that names the weights wherever they were converted (the largest fetched file's);
    `conversion` and `largest_difference` say how `model.onnx` was made and how far it is from
    the original. `pinned` is False for a hub id whose digests nobody had fixed beforehand.
    """

    name: str
    licence: str
    origin: str
    pulled_from: str
    files: tuple[WeightFile, ...]
    sources: tuple[WeightFile, ...]
    weights: str
    pinned: bool = True
    conversion: str | None = None
    largest_difference: float | None = None

    def write(self, folder: Path) -> None:
        """Write `model.json` into `folder`."""
        (folder / RECORD).write_text(
            json.dumps({"schema": _SCHEMA, **asdict(self)}, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
        )


def read(folder: Path) -> Record:
    """The record in `folder`. Raises ModelMissing where there is none, or none that can be read."""
    try:
        data = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        if data.pop("schema") != _SCHEMA:
            raise ValueError("of another release")
        data["files"] = tuple(WeightFile(**file) for file in data["files"])
        data["sources"] = tuple(WeightFile(**file) for file in data["sources"])
        return Record(**data)
    except FileNotFoundError as exc:
        raise ModelMissing(f"{folder} holds no {RECORD}") from exc
    except (OSError, ValueError, KeyError, TypeError) as exc:
        raise ModelMissing(f"{folder / RECORD} cannot be read ({exc})") from exc


def sha256(path: Path) -> str:
    """The hex digest of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def describe(folder: Path) -> tuple[WeightFile, ...]:
    """Every file under `folder` but its record, with size and digest, sorted by path."""
    return tuple(
        WeightFile(path.relative_to(folder).as_posix(), path.stat().st_size, sha256(path))
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.relative_to(folder).as_posix() != RECORD
    )
