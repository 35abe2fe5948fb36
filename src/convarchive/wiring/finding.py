"""Builds what search works with: the encoder, the index, and both together."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from functools import cache
from pathlib import Path

from threadpoolctl import threadpool_limits

from convarchive.domain.passage import Query
from convarchive.errors import EngineMissing, IndexCorrupt, IndexMissing, ModelMissing
from convarchive.home import Home
from convarchive.index import manifest as manifests
from convarchive.index.build import BuildReport, build
from convarchive.index.live import LiveIndex
from convarchive.index.ports import Encoder, VectorIndex
from convarchive.index.search import Answer, search
from convarchive.index.similar import Likes, similar
from convarchive.index.words import WordsEngine
from convarchive.models.shelf import default_folder, require
from convarchive.store.catalogue import Catalogue
from convarchive.store.reader import Reader
from convarchive.store.views import QuoteView
from convarchive.wiring.installed import cores

ENCODER = "all-MiniLM-L6-v2"
POSTINGS_FROM = 5_000
"""Passages from which on words have an index of their own: there FTS5 begins to be felt (docs/benchmarks.md)."""
Searcher = Callable[[Reader, Query], Answer]
Likener = Callable[[Reader, QuoteView, int, bool], Likes]
"""Asked for a quote, how many, and whether its own speaker's count too."""


def encoder(models: Path | None = None, *, threads: int | None = None) -> Encoder:
    """
    The sentence encoder, run by ONNX Runtime on `threads` cores for one call (all, by default).

    Raises ModelMissing, naming `convarchive models pull`.
    """
    from convarchive.index.engines.minilm import OnnxEncoder

    return OnnxEncoder(require(models or default_folder(), ENCODER), threads=threads)


def empty_index(dimensions: int) -> VectorIndex:
    """An index without vectors, which will be of the kind that fits how many it comes to hold."""
    from convarchive.index.engines.by_size import IndexBySize

    return IndexBySize(dimensions)


def load_index(path: Path, sha256: str) -> VectorIndex:
    """A saved index; a small one only if its bytes have this digest. Raises IndexMissing, IndexCorrupt."""
    from convarchive.index.engines.by_size import IndexBySize

    return IndexBySize.load(path, sha256)


def reopen_index(path: Path, count: int) -> VectorIndex | None:
    """A saved large index to be carried on to so many vectors; None if either is small. Raises as `load_index`."""
    from convarchive.index.engines.by_size import IndexBySize

    return IndexBySize.reopen(path, count)


def words_engine() -> WordsEngine:
    """What answers for words in archives that SQLite's full text is too slow for."""
    from convarchive.index.engines.postings import PostingsIndex

    return WordsEngine(POSTINGS_FROM, PostingsIndex, PostingsIndex.load)


def build_index(home: Home, catalogue: Catalogue) -> BuildReport:
    """Bring a home's index in line with its catalogue. Raises ModelMissing, HomeBusy, HomeNotWritable."""
    return build(home, catalogue, _encoder_of_this_process(), empty_index, words=words_engine(), reopen=reopen_index)


@cache
def _encoder_of_this_process() -> Encoder:
    return encoder()


def likener(home: Home) -> Likener:
    """Says who else says what a quote says, over the home's newest index; needs no encoder."""

    def find(reader: Reader, quote: QuoteView, limit: int, own: bool) -> Likes:
        live = _live(home, manifests.read(home).encoder)
        return similar(reader, live.current(reader.index.catalogue()), quote, limit, own=own)

    return find


def encoder_of(home: Home) -> str | None:
    """The fingerprint of the encoder whose vectors the home's index holds; None while there is no index."""
    try:
        return manifests.read(home).encoder
    except (IndexMissing, IndexCorrupt):
        return None


@cache
def _live(home: Home, fingerprint: str) -> LiveIndex:
    """One index in memory for all that one process answers from it."""
    return LiveIndex(home, load_index, fingerprint, words_engine().load)


def searcher(home: Home) -> Searcher:
    """Answers queries over the home's newest index. Raises ModelMissing."""
    # Many ask at once: one core each, and no more at a time than have one, is half the work of all on all of them.
    threadpool_limits(1, "blas")
    with_words = encoder(threads=1)
    live = _live(home, with_words.fingerprint)
    places = threading.BoundedSemaphore(2 * cores())

    def find(reader: Reader, query: Query) -> Answer:
        with places:
            return search(reader, live.current(reader.index.catalogue()), with_words, query)

    return find


def index_anew(home: Home, catalogue: Catalogue) -> bool:
    """
    Make the index from what the catalogue still holds, so that nothing erased stays in its files.

    Where the encoder is not here the index is deleted instead, and False returned; `index
    build` makes it anew.
    """
    if not home.build.is_dir():
        return False
    try:
        build_index(home, catalogue)
    except (ModelMissing, EngineMissing):
        shutil.rmtree(home.build)
        return False
    return True
