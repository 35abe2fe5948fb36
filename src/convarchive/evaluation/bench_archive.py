"""
Measures a whole archive of some size: how long its index takes, a new process to its first answer, and every answer.

Vectors are put into the catalogue beforehand, so that what is told is the index's own work.
"""

from __future__ import annotations

import multiprocessing
import queue
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from convarchive.domain.passage import Query
from convarchive.domain.theme import Theme, ThemeId
from convarchive.errors import BadInput
from convarchive.evaluation.bench_scale import Times, times_of
from convarchive.evaluation.filling import fill
from convarchive.evaluation.judged import Text
from convarchive.home import Home
from convarchive.index.build import build
from convarchive.index.ports import Encoder, Vectors
from convarchive.index.renewing import MakeIndex, Reopen
from convarchive.index.search import Answer
from convarchive.index.words import WordsEngine
from convarchive.store.catalogue import Catalogue
from convarchive.store.reader import Reader

OpenSearcher = Callable[[Home], Callable[[Reader, Query], Answer]]
"""Opens what answers queries over a home's index."""

_AT_ONCE = 10_000
"""Texts put in by one transaction."""
_TOGETHER = 50
"""Texts that one episode is said to have, so that something stands around every one."""
_BEFORE = 2
"""Answers that are not measured: the first ones load what all the others use."""
_A_LOOK_S = 1.0
_NEWS = 100
"""Quotes that come in before the index is brought up to date."""


@dataclass(frozen=True, slots=True)
class Whole:
    """
    An archive of `count` quotes: seconds to build its index from kept vectors, with no news, and with a
    hundred new quotes; bytes of index files a quote; seconds from
    a new process to its first answer; and the times of whole answers, the query's encoding included.
    """

    count: int
    build: float
    again: float
    update: float
    bytes_each: float
    start: float
    answers: Times


def whole(
    texts: Sequence[str],
    vectors: Vectors,
    queries: Sequence[str],
    encoder: Encoder,
    make_index: MakeIndex,
    reopen: Reopen,
    words: WordsEngine,
    searcher: OpenSearcher,
    ask: Callable[[Home, str], None] | None = None,
) -> Whole:
    """
    Fill an archive with the texts and measure it.

    `searcher` answers in a process of its own, as a server does; it is sent there, so it must be importable.
    `ask` puts a query to a new process. Raises BadInput where either gives no answer.
    """
    with TemporaryDirectory(prefix="convarchive-whole-") as folder:
        home = Home(Path(folder))
        home.settings.write_text('title = "A measurement (fiction)"\n', encoding="utf-8")
        with Catalogue.for_writing(home) as catalogue:
            _fill(catalogue, texts, vectors, encoder)
            bring = partial(build, home, catalogue, encoder, make_index, words=words, reopen=reopen)
            first, again = _seconds(bring), _seconds(bring)
            fill(catalogue, (Text(f"new {n}", f"Something new was said, number {n}.") for n in range(_NEWS)),
                 begin=len(texts))  # fmt: skip
            update = _seconds(bring)
            size = sum(path.stat().st_size for path in home.build.iterdir()) / (len(texts) + _NEWS)
        answers = times_of(_in_a_server(home, queries, searcher))
        start = _seconds(partial(ask or in_new_process, home, queries[0]))
    return Whole(len(texts), first, again, update, size, start, answers)


def _fill(catalogue: Catalogue, texts: Sequence[str], vectors: Vectors, encoder: Encoder) -> None:
    for at in range(0, len(texts), _AT_ONCE):
        some = texts[at : at + _AT_ONCE]
        fill(catalogue, (Text(str(n), text, f"{n // _TOGETHER}") for n, text in enumerate(some, at)), begin=at)
        rows = vectors[at : at + _AT_ONCE].astype("<f4")
        with catalogue.writing() as write:
            write.search.put_vectors(
                encoder.fingerprint, {text: row.tobytes() for text, row in zip(some, rows, strict=True)}
            )
    with catalogue.writing() as write:
        write.search.put_themes([Theme(ThemeId("work"), "Work", "How people work together; what they make.")])


def _in_a_server(home: Home, queries: Sequence[str], searcher: OpenSearcher) -> list[float]:
    """Seconds of each whole answer in a process that does nothing else and has answered before."""
    context = multiprocessing.get_context("spawn")
    told = context.Queue()
    process = context.Process(target=_answer_all, args=(home.root, queries, searcher, told), daemon=True)
    process.start()
    alive = True
    while alive:
        alive = process.is_alive()
        with suppress(queue.Empty):
            seconds: list[float] = told.get(timeout=_A_LOOK_S)
            process.join()
            return seconds
    raise BadInput(f"the process that answers ended with {process.exitcode}")


def _answer_all(
    root: Path, queries: Sequence[str], searcher: OpenSearcher, told: multiprocessing.Queue[list[float]]
) -> None:
    home = Home(root)
    find = searcher(home)
    with Catalogue.for_reading(home) as catalogue:

        def answer(query: str) -> None:
            with catalogue.reading("researcher") as read:
                found = find(read, Query(query))
                read.quotes([hit.passage.quote for hit in found.hits])

        for query in queries[:_BEFORE]:
            answer(query)
        told.put([_seconds(partial(answer, query)) for query in queries])


def in_new_process(home: Home, query: str) -> None:
    """Search with the command line. Raises BadInput where it fails."""
    words = [sys.executable, "-m", "convarchive", "search", query, "--home", str(home.root), "--json"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BadInput(f"a new process gave no answer: {done.stderr.strip()[-200:]}")


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
