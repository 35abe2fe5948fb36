"""How an index stands to its catalogue: whole, behind, of somewhere else, damaged or not there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from convarchive.domain.passage import PassageNumber
from convarchive.errors import IndexCorrupt, IndexError_, IndexForeign, IndexMissing
from convarchive.home import Home
from convarchive.index import manifest as manifests
from convarchive.index.beside import held_beside
from convarchive.index.build import themes_digest
from convarchive.index.live import Load, Opened, demand_own, opened
from convarchive.index.manifest import Manifest
from convarchive.index.renewing import blocks, covered
from convarchive.index.words import LoadStored, demand_words
from convarchive.store.catalogue import Catalogue
from convarchive.store.read_index import IndexReads

State = Literal["ready", "behind", "missing", "foreign", "corrupt"]
_BUILD = "bring it up to date with: convarchive index build"
_ROUNDING = 1e-5


@dataclass(frozen=True, slots=True)
class Standing:
    """
    How the index stands. `pending` passages are not in it yet, `stale` ones still are though
    the catalogue dropped them (no answer shows them); `detail` says in one line what is wrong
    and the way out, and is empty where all is well.
    """

    state: State
    passages: int
    pending: int = 0
    stale: int = 0
    generation: int = 0
    encoder: str = ""
    detail: str = ""

    @property
    def usable(self) -> bool:
        """Whether searches are answered from it."""
        return self.state in ("ready", "behind")


@dataclass(frozen=True, slots=True)
class _Known:
    """What the catalogue says."""

    catalogue: str
    numbers: tuple[PassageNumber, ...]
    themes: str
    beside: int = 0
    """Passages that the index lacks and search finds all the same (`index.beside`)."""


def status(home: Home, catalogue: Catalogue) -> Standing:
    """What the manifest says beside the catalogue; of the vectors' file only its size. Never raises IndexError_."""

    def look() -> Standing:
        found = manifests.read(home)
        vectors = home.build / found.vectors
        held = vectors.stat().st_size if vectors.is_file() else 0
        # No kind of index keeps a vector in less than a byte a place.
        if held < found.count * found.dimensions:
            raise IndexCorrupt(f"{vectors} is damaged: it is too short for the {found.count} vectors it should hold")
        if found.words and not (home.build / found.words).is_file():
            raise IndexCorrupt(f"{home.build / found.words} is gone")
        with catalogue.reading("editor") as read:
            return _compare(home, found, _known(read.index, found))

    return _guarded(look)


def check(home: Home, catalogue: Catalogue, load: Load, load_words: LoadStored | None = None) -> Standing:
    """
    As `status`, after reading every byte and comparing every vector with the catalogue's.

    Finds damage that a digest cannot: an index that is whole, and wrong.
    """

    def look() -> Standing:
        found = opened(home, load)
        path = home.build / found.manifest.vectors
        if manifests.digest_of(path) != found.manifest.sha256:
            raise IndexCorrupt(f"{path} is damaged: its bytes are not those that were written")
        with catalogue.reading("editor") as read:
            standing = _compare(home, found.manifest, _known(read.index, found.manifest))
            if not standing.usable:
                return standing
            _demand_same(path, read.index, found)
            fingerprint = found.manifest.encoder
            numbers = covered(read.index.embedded_numbers(fingerprint), read.index.numbers())
        if found.manifest.words and load_words is not None:
            numbers = numbers[: np.searchsorted(numbers, found.manifest.highest, side="right")]
            path = home.build / found.manifest.words
            words = load_words(path, found.manifest.words_sha256)
            demand_words(path, catalogue, words, numbers, found.manifest.count)
        return standing

    return _guarded(look)


def _demand_same(path: Path, reads: IndexReads, found: Opened) -> None:
    """Raise IndexCorrupt unless the index holds the catalogue's vectors, to within its own precision."""
    numbers = covered(reads.embedded_numbers(found.manifest.encoder), reads.numbers())
    numbers = numbers[numbers <= found.manifest.highest]
    stats = found.index.stats()
    if stats.count != found.manifest.count:
        raise IndexCorrupt(f"{path} holds another number of vectors than it says")
    for part, vectors in blocks(reads, found.manifest.encoder, numbers, found.manifest.dimensions):
        try:
            far = np.linalg.norm(found.index.vectors(part) - vectors, axis=1)
        except ValueError as exc:
            raise IndexCorrupt(f"{path} does not hold the catalogue's vectors") from exc
        if far.max() > stats.precision + _ROUNDING:
            raise IndexCorrupt(f"{path} does not hold the catalogue's vectors")


def _guarded(look: Callable[[], Standing]) -> Standing:
    try:
        return look()
    except IndexMissing as exc:
        return Standing("missing", 0, detail=str(exc))
    except IndexForeign as exc:
        return Standing("foreign", 0, detail=str(exc))
    except IndexError_ as exc:
        detail = str(exc)
        return Standing("corrupt", 0, detail=detail if "index build" in detail else f"{detail}; {_BUILD}")


def _known(reads: IndexReads, found: Manifest) -> _Known:
    numbers = reads.numbers()
    beside = held_beside(reads, np.array(numbers, np.int64), found.highest, found.encoder)
    return _Known(reads.catalogue(), numbers, themes_digest(reads.themes()), len(beside))


def _compare(home: Home, found: Manifest, known: _Known) -> Standing:
    demand_own(home, found, known.catalogue, found.encoder)
    held = sum(number <= found.highest for number in known.numbers)
    pending, stale = len(known.numbers) - held - known.beside, found.count - held
    if stale < 0:
        raise IndexCorrupt(f"the index in {home.build} lacks {-stale} passages that it says it has")
    behind = [f"{_passages(pending)} not in the index yet"] if pending else []
    if stale:
        behind.append(f"{stale} that are gone still are")
    if found.themes != known.themes:
        behind.append("themes have changed since quotes were scored")
    return Standing(
        "behind" if behind else "ready",
        found.count,
        pending,
        stale,
        found.generation,
        found.encoder,
        f"{', '.join(behind)}; {_BUILD}" if behind else f"all {len(known.numbers)} passages are in the index",
    )


def _passages(count: int) -> str:
    return "1 passage is" if count == 1 else f"{count} passages are"
