"""
Builds the index from the catalogue: embeds what is new, scores themes, and swaps the files in one step.

Vectors are kept in the catalogue as they come, so a build that was stopped is carried on by
the next, and `index/build` may be deleted at any moment. A running reader keeps its index
until the new manifest stands.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from convarchive.domain.quote import QuoteId, VersionId
from convarchive.domain.run import digest
from convarchive.domain.theme import Theme, ThemeId, ThemeScore
from convarchive.errors import HomeBusy, HomeNotWritable, IndexCorrupt, IndexMissing
from convarchive.home import Home
from convarchive.index import manifest as manifests
from convarchive.index.manifest import Manifest
from convarchive.index.ports import Encoder, VectorIndex, Vectors
from convarchive.index.renewing import MakeIndex, Reopen, Target, covered, renewed
from convarchive.index.themes import LEAST, score, with_decisions
from convarchive.index.words import WordsEngine, put_words
from convarchive.store.catalogue import Catalogue
from convarchive.store.disk import refusal
from convarchive.store.ledgers import AT_ONCE
from convarchive.store.read_index import Embedded, IndexReads
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
    themes: str


def build(
    home: Home,
    catalogue: Catalogue,
    encoder: Encoder,
    make_index: MakeIndex,
    report: Report | None = None,
    *,
    words: WordsEngine | None = None,
    reopen: Reopen | None = None,
) -> BuildReport:
    """
    Bring the home's index in line with its catalogue (opened for writing).

    Without `words` the catalogue's own full text answers for words. With `reopen` the last build
    of a large archive is carried on, else made anew. Raises HomeBusy where another process
    builds, HomeNotWritable where the files cannot be written.
    """
    told = report or _silent
    with alone(home):
        _drop_part_files(home)
        with catalogue.writing() as write:
            write.search.sync_passages(everything=True)
        fresh = _embed(catalogue, encoder, told)
        scored, themes = _score_themes(catalogue, encoder)
        with catalogue.writing() as write:
            write.search.forget_vectors(encoder.fingerprint)
        with catalogue.reading("editor") as read:
            snapshot = _Snapshot(read.index.catalogue(), read.index.generation(), themes_digest(themes))
            target = _target(read.index, encoder.fingerprint, encoder.dimensions)
            index, before = renewed(
                home, read.index, target, make_index, reopen, lambda done, total: told("gather", done, total)
            )
        told("write", 0, 1)
        named = put_words(home, catalogue, words, target.numbers) if words is not None else ("", "")
        changed = _put(home, index, snapshot, target, before, named)
        if len(target.numbers) > AT_ONCE:
            catalogue.keep_ledger()
        told("write", 1, 1)
    return BuildReport(fresh, len(target.numbers), scored, len(themes), changed, snapshot.generation)


def put_back(home: Home, catalogue: Catalogue, encoder: str, themes: str, make_index: MakeIndex) -> int:
    """
    Make the index anew from the vectors that the catalogue holds, and return how many passages it covers.

    Needs no encoder, for it embeds and scores nothing: `encoder` is the fingerprint whose
    vectors to take, `themes` the digest of the themes that quotes were scored for. Where the
    catalogue holds no such vectors, no index is made. Raises HomeBusy, HomeNotWritable.
    """
    with alone(home):
        with catalogue.reading("editor") as read:
            snapshot = _Snapshot(read.index.catalogue(), read.index.generation(), themes)
            some = read.index.embedded_numbers(encoder)[:1]
            if not some:
                return 0
            target = _target(read.index, encoder, len(read.index.vectors_at(some, encoder)) // 4)
            index, before = renewed(home, read.index, target, make_index, None, _unheard)
        _put(home, index, snapshot, target, before)
    return len(target.numbers)


def _target(reads: IndexReads, encoder: str, dimensions: int) -> Target:
    numbers = covered(reads.embedded_numbers(encoder), reads.numbers())
    return Target(reads.catalogue(), encoder, dimensions, numbers)


def themes_digest(themes: tuple[Theme, ...]) -> str:
    """What the theme scores depend on, apart from the quotes."""
    return digest(
        *((theme.id, theme.title, theme.description, theme.examples, theme.counter_examples) for theme in themes)
    )


def _unheard(_done: int, _total: int) -> None:
    return None


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
            # All that was stirred by that is looked at now, and not when an editor next decides something.
            write.search.sync_passages()
            write.count_up("content")
    return len(held.versions), themes


def teach(write: Writer, encoder: Encoder, theme: ThemeId) -> None:
    """Score every embedded quote for one theme anew, in the transaction that changed what is known of it."""
    _, _, scores = _scored(write, encoder, theme)
    write.search.put_scores(scores, by="model", only=theme)


def _scored(
    write: Writer, encoder: Encoder, only: ThemeId | None = None
) -> tuple[tuple[Theme, ...], Embedded, dict[VersionId, tuple[ThemeScore, ...]]]:
    """The themes as they stand on the desk, the quotes that were scored, and the scores worth writing down."""
    themes = write.index.themes()
    taught = with_decisions(themes, write.index.theme_decisions())
    held = write.index.embedded(encoder.fingerprint)
    named = sorted({QuoteId(name) for theme in taught for name in (*theme.examples, *theme.counter_examples)})
    blobs = write.index.vectors_of(named, encoder.fingerprint)
    shown = {quote: np.frombuffer(blob, "<f4") for quote, blob in blobs.items()}
    matrix = _matrix(held, encoder.dimensions)
    return themes, held, score(taught, encoder, held.versions, held.quotes, matrix, shown, only, least=LEAST)


def _matrix(held: Embedded, dimensions: int) -> Vectors:
    flat: Vectors = np.frombuffer(held.vectors, "<f4").astype(np.float32)
    return flat.reshape(len(held.numbers), dimensions)


def _put(
    home: Home,
    index: VectorIndex,
    snapshot: _Snapshot,
    target: Target,
    before: Manifest | None,
    words: tuple[str, str] = ("", ""),
) -> bool:
    """
    Save the index under its digest and let the manifest name it, and the words'. False where that was so already.

    `before` is the manifest of the file that holds just these vectors, where there is one.
    """
    raw = home.build / f".vectors.{os.getpid()}.part"
    if before is None:
        index.save(raw)
    try:
        sha256 = manifests.digest_of(raw) if before is None else before.sha256
        name = f"vectors-{sha256[:16]}.index"
        stats = index.stats()
        fresh = Manifest(
            catalogue=snapshot.catalogue,
            encoder=target.encoder,
            dimensions=stats.dimensions,
            count=stats.count,
            highest=int(target.numbers[-1]) if len(target.numbers) else 0,
            generation=snapshot.generation,
            themes=snapshot.themes,
            kind=stats.kind,
            vectors=name,
            sha256=sha256,
            words=words[0],
            words_sha256=words[1],
        )
        if before == fresh or (before is None and _stands(home, fresh)):
            return False
        if before is None:
            raw.replace(home.build / name)
        manifests.write(home, fresh)
    except OSError as exc:
        raise refusal(home.build, exc) from exc
    finally:
        raw.unlink(missing_ok=True)
    for old in (*home.build.glob("vectors-*.index"), *home.build.glob("words-*.index")):
        if old.name not in (name, words[0]):
            old.unlink(missing_ok=True)
    return True


def _stands(home: Home, fresh: Manifest) -> bool:
    """Whether exactly this build lies there whole."""
    try:
        held = home.build / fresh.vectors
        whole = not fresh.words or manifests.digest_of(home.build / fresh.words) == fresh.words_sha256
        return whole and manifests.read(home) == fresh and manifests.digest_of(held) == fresh.sha256
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
