"""
The folder where pulled models stand, and the way everybody asks for one.

Asking never downloads: what is not there is a one-line error that names the command to pull it.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from convarchive.errors import ModelMissing
from convarchive.models import record
from convarchive.models.table import TABLE, WHISPER_ON_HUB

State = Literal["whole", "missing", "damaged"]


@dataclass(frozen=True, slots=True)
class Listing:
    """One model as `list` and `check` show it. `bytes` is what it takes (or will take) on disk or to fetch."""

    name: str
    state: State
    purpose: str
    licence: str
    origin: str
    bytes: int
    path: Path
    detail: str = ""


def default_folder() -> Path:
    """`CONVARCHIVE_MODELS`, else `convarchive/models` in the user's cache folder."""
    if named := os.environ.get("CONVARCHIVE_MODELS"):
        return Path(named)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "convarchive" / "models"


def folder_name(name: str) -> str:
    """The folder of a model: its own name, or a hub id with `--` for the slash."""
    return name.replace("/", "--")


def require(models: Path, name: str) -> Path:
    """
    The folder of a whole model. Raises ModelMissing, naming the command to pull it.

    Looks at the record and the files' sizes; `check` is what reads every byte.
    """
    folder = models / folder_name(name)
    trouble = _trouble(folder, thorough=False)
    if trouble:
        why = "has not been pulled" if not (folder / record.RECORD).exists() else f"is not whole: {trouble}"
        raise ModelMissing(f"the model {name} {why} (looked in {models}); pull it with: convarchive models pull {name}")
    return folder


def require_whisper(models: Path, name: str) -> Path:
    """
    The folder of a Whisper model named by size (`base`), by table name, by path or by hub id.

    Raises ModelMissing for one that has not been pulled, or a path that holds no CTranslate2 model.
    """
    known = canonical(name)
    given = Path(name).expanduser()
    # A size's name means that size, whatever folder of the same name stands about.
    if known == name and known not in {model.name for model in TABLE} and given.is_dir():
        missing = [part for part in ("model.bin", "config.json") if not (given / part).is_file()]
        if missing:
            raise ModelMissing(f"{given} is no CTranslate2 Whisper model: it holds no {' and no '.join(missing)}")
        return given
    return require(models, known)


def canonical(name: str) -> str:
    """The name a model is kept under: `base` is `whisper-base`, `small` is `Systran/faster-whisper-small`."""
    known = {model.name for model in TABLE}
    size = name.removeprefix("whisper-")
    if name in known:
        return name
    if f"whisper-{size}" in known:
        return f"whisper-{size}"
    return WHISPER_ON_HUB.get(size, name)


def listing(models: Path) -> tuple[Listing, ...]:
    """Every model of the table and every other one pulled, by what their records say; reads no weights."""
    return tuple(_look(models, name, thorough=False) for name in _everything(models))


def check(models: Path, names: Sequence[str] = ()) -> tuple[Listing, ...]:
    """Compare every byte of the named models (all that were pulled, where none is named) with their records."""
    chosen = [canonical(name) for name in names] or [
        name for name in _everything(models) if (models / folder_name(name)).is_dir()
    ]
    return tuple(_look(models, name, thorough=True) for name in chosen)


def _everything(models: Path) -> list[str]:
    known = [model.name for model in TABLE]
    found = sorted(path.parent.name for path in models.glob(f"[!.]*/{record.RECORD}")) if models.is_dir() else []
    return known + [name.replace("--", "/", 1) for name in found if name not in known]


def _look(models: Path, name: str, *, thorough: bool) -> Listing:
    folder = models / folder_name(name)
    trouble = _trouble(folder, thorough=thorough)
    model = next((m for m in TABLE if m.name == name), None)
    if not (folder / record.RECORD).exists():
        return Listing(
            name,
            "missing",
            model.purpose if model else "unknown",
            model.licence if model else "unknown",
            model.origin if model else name,
            model.bytes if model else 0,
            folder,
            f"pull it with: convarchive models pull {name}",
        )
    try:
        kept = record.read(folder)
    except ModelMissing as exc:
        return Listing(name, "damaged", "", "", "", 0, folder, f"{exc}; {_again(name)}")
    return Listing(
        kept.name,
        "damaged" if trouble else "whole",
        model.purpose if model else "speech to words",
        kept.licence,
        f"{kept.origin}; {kept.pulled_from}",
        sum(file.bytes for file in kept.files),
        folder,
        f"{trouble}; {_again(name)}" if trouble else "",
    )


def _again(name: str) -> str:
    return f"pull it again with: convarchive models pull {name} --again"


def _trouble(folder: Path, *, thorough: bool) -> str:
    """What is wrong with a model's folder, in words; nothing where it is whole."""
    try:
        kept = record.read(folder)
    except ModelMissing as exc:
        return str(exc)
    for file in kept.files:
        path = folder / file.path
        if not path.is_file():
            return f"{file.path} is not there"
        if path.stat().st_size != file.bytes:
            return f"{file.path} has {path.stat().st_size} bytes instead of {file.bytes}"
        if thorough and record.sha256(path) != file.sha256:
            return f"{file.path} has changed (its SHA-256 is not {file.sha256[:12]}…)"
    return ""
