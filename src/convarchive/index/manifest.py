"""
What lies in `index/build`: a file of vectors, in a large archive one of words, and a manifest.

The manifest says which files, of what and how many. Each is named by its digest and the manifest
is replaced in one step after them, so that at every instant, also after a crash, it names whole files.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from convarchive.errors import IndexCorrupt, IndexMissing
from convarchive.home import Home
from convarchive.store.disk import refusal

SCHEMA = 1
NAME = "manifest.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """
    One build of the index.

    `catalogue` and `encoder` say what it was built from; every passage up to number `highest`
    was there and embedded; `generation` is the catalogue's at that time; `themes` is the
    digest of the themes that quotes were scored for; `vectors` is the file's name, `words` that
    of the index of words, empty where the catalogue's own full text answers.
    """

    catalogue: str
    encoder: str
    dimensions: int
    count: int
    highest: int
    generation: int
    themes: str
    kind: str
    vectors: str
    sha256: str
    words: str = ""
    words_sha256: str = ""
    schema: int = SCHEMA


def path_of(home: Home) -> Path:
    """Where the home's manifest lies."""
    return home.build / NAME


def read(home: Home) -> Manifest:
    """The home's manifest. Raises IndexMissing, or IndexCorrupt where it cannot be read."""
    path = path_of(home)
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(data, dict) or data.get("schema") != SCHEMA:
            raise ValueError("of another release")
        manifest = Manifest(**data)
    except FileNotFoundError as exc:
        raise IndexMissing(f"there is no index in {home.build}; build it with: convarchive index build") from exc
    except (OSError, ValueError, TypeError) as exc:
        raise IndexCorrupt(f"{path} cannot be used ({exc}); build it again with: convarchive index build") from exc
    for field, value in asdict(manifest).items():
        # Read back from a file that anything may have happened to.
        if type(value).__name__ != Manifest.__annotations__[field]:
            raise IndexCorrupt(f"{path}: {field} is damaged; build it again with: convarchive index build")
    for name in (manifest.vectors, manifest.words):
        if Path(name).name != name:
            raise IndexCorrupt(f"{path}: {name} lies outside; build it again with: convarchive index build")
    return manifest


def write(home: Home, manifest: Manifest) -> None:
    """Replace the home's manifest in one step. Raises HomeNotWritable."""
    path = path_of(home)
    part = path.with_name(f".{NAME}.{os.getpid()}.part")
    try:
        with part.open("w", encoding="utf-8") as file:
            file.write(json.dumps(asdict(manifest), indent=1) + "\n")
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        handle = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as exc:
        part.unlink(missing_ok=True)
        raise refusal(path, exc) from exc


def digest_of(path: Path) -> str:
    """The hex digest of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
