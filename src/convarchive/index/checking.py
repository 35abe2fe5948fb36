"""How an index stands to its catalogue: whole, behind, of somewhere else, damaged or not there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from convarchive.domain.passage import PassageNumber
from convarchive.errors import IndexCorrupt, IndexError_, IndexForeign, IndexMissing
from convarchive.home import Home
from convarchive.index import manifest as manifests
from convarchive.index.build import covered, themes_digest
from convarchive.index.live import Load, demand_own, opened
from convarchive.index.manifest import Manifest
from convarchive.index.ports import Numbers, Vectors
from convarchive.index.words import LoadStored, demand_words
from convarchive.store.catalogue import Catalogue
from convarchive.store.read_index import Embedded

State = Literal["ready", "behind", "missing", "foreign", "corrupt"]
_BUILD = "bring it up to date with: convarchive index build"
_BYTES = 4
"""Of one number in a vector."""
_PROBES = 3
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
    embedded: Embedded | None


def status(home: Home, catalogue: Catalogue) -> Standing:
    """What the manifest says beside the catalogue; of the vectors' file only its size. Never raises IndexError_."""

    def look() -> Standing:
        found = manifests.read(home)
        vectors = home.build / found.vectors
        held = vectors.stat().st_size if vectors.is_file() else 0
        if held < found.count * found.dimensions * _BYTES:
            raise IndexCorrupt(f"{vectors} is damaged: it is too short for the {found.count} vectors it should hold")
        if found.words and not (home.build / found.words).is_file():
            raise IndexCorrupt(f"{home.build / found.words} is gone")
        return _compare(home, found, _known(catalogue, None))

    return _guarded(look)


def check(home: Home, catalogue: Catalogue, load: Load, load_words: LoadStored | None = None) -> Standing:
    """
    As `status`, after reading every byte and comparing every vector with the catalogue's.

    Finds damage that a digest cannot: an index that is whole, and wrong.
    """

    def look() -> Standing:
        found = opened(home, load)
        known = _known(catalogue, found.manifest.encoder)
        standing = _compare(home, found.manifest, known)
        if not standing.usable or known.embedded is None:
            return standing
        numbers, vectors = covered(known.embedded, known.numbers, found.manifest.dimensions)
        numbers, vectors = _upto(found.manifest.highest, numbers, vectors)
        for seed in range(_PROBES):
            probe = np.random.default_rng(seed).normal(size=found.manifest.dimensions).astype(np.float32)
            probe /= np.linalg.norm(probe)
            theirs, products = found.index.search(probe, len(numbers), numbers)
            ordered = np.argsort(theirs)
            if not np.array_equal(theirs[ordered], numbers) or (
                len(numbers) and np.abs(products[ordered] - vectors @ probe).max() > _ROUNDING
            ):
                raise IndexCorrupt(f"{home.build / found.manifest.vectors} does not hold the catalogue's vectors")
        if found.index.stats().count != found.manifest.count:
            raise IndexCorrupt(f"{home.build / found.manifest.vectors} holds another number of vectors than it says")
        if found.manifest.words and load_words is not None:
            path = home.build / found.manifest.words
            words = load_words(path, found.manifest.words_sha256)
            demand_words(path, catalogue, words, numbers, found.manifest.count)
        return standing

    return _guarded(look)


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


def _known(catalogue: Catalogue, fingerprint: str | None) -> _Known:
    with catalogue.reading("editor") as read:
        return _Known(
            read.index.catalogue(),
            read.index.numbers(),
            themes_digest(read.index.themes()),
            read.index.embedded(fingerprint) if fingerprint else None,
        )


def _compare(home: Home, found: Manifest, known: _Known) -> Standing:
    demand_own(home, found, known.catalogue, found.encoder)
    held = sum(number <= found.highest for number in known.numbers)
    pending, stale = len(known.numbers) - held, found.count - held
    if stale < 0:
        raise IndexCorrupt(f"the index in {home.build} lacks {-stale} passages that it says it has")
    behind = [f"{pending} passages are not in the index yet"] if pending else []
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
        f"{', '.join(behind)}; {_BUILD}" if behind else f"all {found.count} passages are in the index",
    )


def _upto(highest: int, numbers: Numbers, vectors: Vectors) -> tuple[Numbers, Vectors]:
    end = int(np.searchsorted(numbers, highest, side="right"))
    return numbers[:end], vectors[:end]
