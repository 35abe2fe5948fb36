"""
The index as a running reader holds it: opened once, and opened anew as soon as a build replaced it.

A process that answers searches asks `current` for every answer; looking costs one `stat` of the
manifest.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from convarchive.errors import IndexCorrupt, IndexForeign, IndexMissing
from convarchive.home import Home
from convarchive.index import manifest as manifests
from convarchive.index.manifest import Manifest
from convarchive.index.ports import FindsVectors, LexicalIndex, VectorIndex

Load = Callable[[Path, str], VectorIndex]
"""
Opens a saved index whose bytes have this SHA-256. A small one is read whole and held to it; of a
large one only header and size are looked at, for reading it all would make every opening slow.
Raises IndexMissing, IndexCorrupt.
"""

LoadWords = Callable[[Path, str], LexicalIndex]
"""The same of an index of words."""

_TRIES = 5
"""A build may delete the file that the manifest named a moment ago; then the new manifest stands."""


@dataclass(frozen=True, slots=True)
class Opened:
    """An index in memory, with the manifest of its build."""

    manifest: Manifest
    index: FindsVectors
    words: LexicalIndex | None = None
    """Where there is none, the catalogue's own full text answers."""


class LiveIndex:
    """One home's index, for encoders of one fingerprint. Safe to use from several threads."""

    def __init__(self, home: Home, load: Load, fingerprint: str, load_words: LoadWords | None = None) -> None:
        self._home = home
        self._load = load
        self._load_words = load_words
        self._fingerprint = fingerprint
        self._guard = threading.Lock()
        self._opened: Opened | None = None
        self._before: Opened | None = None
        self._mark: tuple[int, int, int] | None = None

    def current(self, catalogue: str) -> Opened:
        """
        The newest build, which must be of the catalogue with this id.

        Raises IndexMissing, IndexCorrupt; IndexForeign for one of another catalogue or encoder.
        """
        with self._guard:
            mark = self._look()
            if self._opened is None or mark != self._mark:
                newest = opened(self._home, self._load, self._load_words)
                # A backup was restored. Answers that began before that still read the catalogue that was here.
                foreign = self._opened is not None and self._opened.manifest.catalogue != newest.manifest.catalogue
                self._before = self._opened if foreign else None
                self._opened, self._mark = newest, mark
            found = self._opened
            if self._before is not None and self._before.manifest.catalogue == catalogue:
                found = self._before
        demand_own(self._home, found.manifest, catalogue, self._fingerprint)
        return found

    def _look(self) -> tuple[int, int, int] | None:
        try:
            seen = manifests.path_of(self._home).stat()
        except OSError:
            return None
        return seen.st_mtime_ns, seen.st_size, seen.st_ino


def opened(home: Home, load: Load, load_words: LoadWords | None = None) -> Opened:
    """
    Open the home's index as its manifest names it now, with its index of words where there is one.

    Raises IndexMissing, IndexCorrupt.
    """
    for _ in range(_TRIES - 1):
        try:
            return _opened(home, manifests.read(home), load, load_words)
        except IndexMissing:
            continue
    return _opened(home, manifests.read(home), load, load_words)


def _opened(home: Home, found: Manifest, load: Load, load_words: LoadWords | None) -> Opened:
    path = home.build / found.vectors
    index = load(path, found.sha256)
    stats = index.stats()
    if (stats.kind, stats.count, stats.dimensions) != (found.kind, found.count, found.dimensions):
        raise IndexCorrupt(f"{path} is not what its manifest says; build it again with: convarchive index build")
    words = load_words(home.build / found.words, found.words_sha256) if found.words and load_words else None
    return Opened(found, index, words)


def demand_own(home: Home, found: Manifest, catalogue: str, fingerprint: str) -> None:
    """Raise IndexForeign unless the index was built from this catalogue by this encoder."""
    way_out = "build it again with: convarchive index build"
    if found.catalogue != catalogue:
        raise IndexForeign(f"the index in {home.build} was built from another catalogue; {way_out}")
    if found.encoder != fingerprint:
        raise IndexForeign(
            f"the index in {home.build} was built with the encoder {found.encoder}, not {fingerprint}; {way_out}"
        )
