"""
Builds the index from the catalogue: embeds what is new, scores themes, and swaps the files in one step.

Vectors are kept in the catalogue as they come, so a build that was stopped is carried on by
the next, and `index/build` may be deleted at any moment. A running reader keeps its index
until the new manifest stands.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from convarchive.domain.passage import PassageNumber
from convarchive.domain.quote import QuoteId
from convarchive.domain.run import digest
from convarchive.domain.theme import Theme, ThemeId, ThemeScore
from convarchive.errors import HomeBusy, HomeNotWritable, IndexCorrupt, IndexMissing
from convarchive.home import Home
from convarchive.index import manifest as manifests
from convarchive.index.manifest import Manifest
from convarchive.index.ports import Encoder, Numbers, VectorIndex, Vectors
from convarchive.index.themes import LEAST, score, with_decisions
from convarchive.store.catalogue import Catalogue
from convarchive.store.read_index import Embedded
from convarchive.store.writer import Writer

Report = Callable[[str, int, int], None]
"""Told how far a build is: (step, done, total)."""

TEXTS_A_STEP = 512
"""Texts embedded between two short transactions: what an interrupted build does again at most."""


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did: texts newly embedded, passages in the index, quotes scored, and whether files changed."""

    embedded: int
    passages: int
    scored: int
    themes: int
    changed: bool
    generation: int


@dataclass(frozen=True, slots=True)
class _Snapshot:
    """What the catalogue held at one instant."""

    catalogue: str
    generation: int
    embedded: Embedded
    numbers: tuple[PassageNumber, ...]


def build(
    home: Home,
    catalogue: Catalogue,
    encoder: Encoder,
    make_index: Callable[[int], VectorIndex],
    report: Report | None = None,
) -> BuildReport:
    """
    Bring the home's index in line with its catalogue (opened for writing).

    `make_index(dimensions)` gives an empty index. Raises HomeBusy where another process
    builds, HomeNotWritable where the files cannot be written.
    """
    told = report or _silent
    with alone(home):
        _drop_part_files(home)
        with catalogue.writing() as write:
            write.search.sync_passages()
        fresh = _embed(catalogue, encoder, told)
        scored, themes = _score_themes(catalogue, encoder)
        with catalogue.writing() as write:
            write.search.forget_vectors(encoder.fingerprint)
            snapshot = _Snapshot(
                write.index.catalogue(),
                write.index.generation(),
                write.index.embedded(encoder.fingerprint),
                write.index.numbers(),
            )
        numbers, vectors = covered(snapshot.embedded, snapshot.numbers, encoder.dimensions)
        index = make_index(encoder.dimensions)
        index.rebuild(numbers, vectors)
        told("write", 0, 1)
        highest = int(numbers[-1]) if len(numbers) else 0
        changed = _put(home, index, snapshot, encoder.fingerprint, highest, themes_digest(themes))
        told("write", 1, 1)
    return BuildReport(fresh, len(numbers), scored, len(themes), changed, snapshot.generation)


def put_back(
    home: Home, catalogue: Catalogue, encoder: str, themes: str, make_index: Callable[[int], VectorIndex]
) -> int:
    """
    Make the index anew from the vectors that the catalogue holds, and return how many passages it covers.

    Needs no encoder, for it embeds and scores nothing: `encoder` is the fingerprint whose
    vectors to take, `themes` the digest of the themes that quotes were scored for. Where the
    catalogue holds no such vectors, no index is made. Raises HomeBusy, HomeNotWritable.
    """
    with alone(home):
        with catalogue.writing() as write:
            snapshot = _Snapshot(
                write.index.catalogue(),
                write.index.generation(),
                write.index.embedded(encoder),
                write.index.numbers(),
            )
        if not snapshot.embedded.numbers:
            return 0
        dimensions = len(snapshot.embedded.vectors) // 4 // len(snapshot.embedded.numbers)
        numbers, vectors = covered(snapshot.embedded, snapshot.numbers, dimensions)
        index = make_index(dimensions)
        index.rebuild(numbers, vectors)
        _put(home, index, snapshot, encoder, int(numbers[-1]) if len(numbers) else 0, themes)
    return len(numbers)


def themes_digest(themes: tuple[Theme, ...]) -> str:
    """What the theme scores depend on, apart from the quotes."""
    return digest(
        *((theme.id, theme.title, theme.description, theme.examples, theme.counter_examples) for theme in themes)
    )


def _silent(_step: str, _done: int, _total: int) -> None:
    return None


def _embed(catalogue: Catalogue, encoder: Encoder, report: Report) -> int:
    """Embed every text that this encoder has not seen, and keep the vectors; return how many."""
    done = 0
    with catalogue.writing() as write:
        total = write.index.waiting(encoder.fingerprint)
        texts = write.search.without_vector(encoder.fingerprint, TEXTS_A_STEP)
    while texts:
        report("embed", done, max(total, done))
        vectors = encoder.encode(texts).astype("<f4")
        with catalogue.writing() as write:
            write.search.put_vectors(
                encoder.fingerprint, {text: row.tobytes() for text, row in zip(texts, vectors, strict=True)}
            )
            done += len(texts)
            texts = write.search.without_vector(encoder.fingerprint, TEXTS_A_STEP)
    report("embed", done, done)
    return done


def _score_themes(catalogue: Catalogue, encoder: Encoder) -> tuple[int, tuple[Theme, ...]]:
    """Score every quote for every theme; write only where something changed, so that answers keep their generation."""
    with catalogue.writing() as write:
        themes, held, scores = _scored(write, encoder)
        before = write.index.theme_scores()
    if scores != before:
        with catalogue.writing() as write:
            still = {theme.id for theme in write.index.themes()}
            write.search.put_scores(
                {version: [one for one in many if one.theme in still] for version, many in scores.items()}, by="model"
            )
            write.count_up("content")
    return len(held.versions), themes


def teach(write: Writer, encoder: Encoder, theme: ThemeId) -> None:
    """Score every embedded quote for one theme anew, in the transaction that changed what is known of it."""
    _, _, scores = _scored(write, encoder, theme)
    write.search.put_scores(scores, by="model", only=theme)


def _scored(
    write: Writer, encoder: Encoder, only: ThemeId | None = None
) -> tuple[tuple[Theme, ...], Embedded, dict[str, tuple[ThemeScore, ...]]]:
    """The themes as they stand on the desk, the quotes that were scored, and the scores worth writing down."""
    themes = write.index.themes()
    taught = with_decisions(themes, write.index.theme_decisions())
    held = write.index.embedded(encoder.fingerprint)
    named = sorted({QuoteId(name) for theme in taught for name in (*theme.examples, *theme.counter_examples)})
    blobs = write.index.vectors_of(named, encoder.fingerprint)
    shown = {quote: np.frombuffer(blob, "<f4") for quote, blob in blobs.items()}
    every = score(taught, encoder, held.versions, held.quotes, _matrix(held, encoder.dimensions), shown, only)
    kept: dict[str, tuple[ThemeScore, ...]] = {
        version: tuple(one for one in many if one.score >= LEAST) for version, many in every.items()
    }
    return themes, held, {version: many for version, many in kept.items() if many}


def _matrix(held: Embedded, dimensions: int) -> Vectors:
    flat: Vectors = np.frombuffer(held.vectors, "<f4").astype(np.float32)
    return flat.reshape(len(held.numbers), dimensions)


def covered(embedded: Embedded, there: Sequence[PassageNumber], dimensions: int) -> tuple[Numbers, Vectors]:
    """
    The vectors up to the first passage of those `there` that has none yet.

    So one number, the manifest's `highest`, says which passages an index covers.
    """
    known = np.array(embedded.numbers, np.int64)
    absent = np.setdiff1d(np.array(there, np.int64), known)
    upto = len(known) if not len(absent) else int(np.searchsorted(known, absent[0]))
    return known[:upto], _matrix(embedded, dimensions)[:upto]


def _put(home: Home, index: VectorIndex, snapshot: _Snapshot, encoder: str, highest: int, themes: str) -> bool:
    """Save the index under its digest and let the manifest name it. False where that was so already."""
    raw = home.build / f".vectors.{os.getpid()}.part"
    index.save(raw)
    try:
        sha256 = manifests.digest_of(raw)
        name = f"vectors-{sha256[:16]}.index"
        stats = index.stats()
        fresh = Manifest(
            catalogue=snapshot.catalogue,
            encoder=encoder,
            dimensions=stats.dimensions,
            count=stats.count,
            highest=highest,
            generation=snapshot.generation,
            themes=themes,
            kind=stats.kind,
            vectors=name,
            sha256=sha256,
        )
        if _stands(home, fresh):
            return False
        raw.replace(home.build / name)
        manifests.write(home, fresh)
    except OSError as exc:
        raise HomeNotWritable(f"{home.build} cannot be written ({exc.strerror}); free some space there") from exc
    finally:
        raw.unlink(missing_ok=True)
    for old in home.build.glob("vectors-*.index"):
        if old.name != name:
            old.unlink(missing_ok=True)
    return True


def _stands(home: Home, fresh: Manifest) -> bool:
    """Whether exactly this build lies there whole."""
    try:
        held = home.build / fresh.vectors
        return manifests.read(home) == fresh and manifests.digest_of(held) == fresh.sha256
    except (IndexMissing, IndexCorrupt, FileNotFoundError):
        return False


def _drop_part_files(home: Home) -> None:
    """What a build that was killed left behind; nobody else writes while we hold the lock."""
    for left in home.build.glob(".*.part"):
        left.unlink(missing_ok=True)


@contextmanager
def alone(home: Home) -> Iterator[None]:
    """Only one process at a time changes a home's index. Raises HomeBusy, HomeNotWritable."""
    try:
        home.build.mkdir(parents=True, exist_ok=True)
        lock = (home.build / ".lock").open("w")
    except OSError as exc:
        raise HomeNotWritable(f"{home.build} cannot be written ({exc.strerror}); make it writable") from exc
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as exc:
            raise HomeBusy(f"another process is building the index in {home.build}; try again when it is done") from exc
        yield
