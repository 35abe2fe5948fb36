"""
Puts texts into an archive of their own and asks it, as its readers would and by its plain parts.

Ours goes the whole way: texts become quotes, are indexed, and are asked for through the same
`search` that every door uses. The peers rank the same texts with the same vectors and the same
full text: by cosine alone, by BM25 alone, both joined by rank, and both summed in standard deviations.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from convarchive.domain.passage import Query
from convarchive.domain.quote import QuoteId
from convarchive.evaluation.filling import fill
from convarchive.evaluation.judged import Text
from convarchive.evaluation.peers.ranking import best_of, by_deviations, by_rank
from convarchive.home import Home
from convarchive.index.asking import asked
from convarchive.index.build import build
from convarchive.index.candidates import gathered
from convarchive.index.full_text import FullText
from convarchive.index.live import Load, opened
from convarchive.index.ports import Encoder, Numbers, VectorIndex
from convarchive.index.relevance import WEIGHTS, Weights, relevance
from convarchive.index.search import search
from convarchive.index.words import WordsEngine
from convarchive.store.catalogue import Catalogue
from convarchive.store.reader import Reader

DEPTH = 100
"""How many texts are ranked for each query."""
PEERS = ("dense", "bm25", "rrf", "zfusion")

Ranking = list[tuple[str, float]]
"""Ids of texts with scores, best first."""


@dataclass(frozen=True, slots=True)
class Engines:
    """What an archive runs on; `words` where it may have an index of words of its own."""

    encoder: Encoder
    make_index: Callable[[int], VectorIndex]
    load_index: Load
    words: WordsEngine | None = None


@contextmanager
def archive_of(texts: Sequence[Text], engines: Engines) -> Iterator[Archive]:
    """An archive of these texts, each a quote, their meetings its episodes; gone afterwards."""
    with TemporaryDirectory(prefix="convarchive-evaluate-") as folder:
        home = Home(Path(folder))
        with Catalogue.for_writing(home) as catalogue:
            yield Archive(home, catalogue, texts, engines)


class Archive:
    """Texts that can be asked for. What `meeting` names, only texts of that meeting are looked at."""

    def __init__(self, home: Home, catalogue: Catalogue, texts: Sequence[Text], engines: Engines) -> None:
        self._catalogue = catalogue
        self._encoder = engines.encoder
        self._text_of, self._episodes = fill(catalogue, texts)
        build(home, catalogue, engines.encoder, engines.make_index, words=engines.words)
        self._opened = opened(home, engines.load_index, engines.words.load if engines.words else None)
        with catalogue.reading("researcher") as read:
            held = read.index.embedded(engines.encoder.fingerprint)
        self._quotes: dict[int, QuoteId] = {int(n): q for n, q in zip(held.numbers, held.quotes, strict=True)}
        self._numbers: Numbers = np.array(list(self._quotes), np.int64)
        vectors = np.frombuffer(held.vectors, "<f4").astype(np.float32)
        self._vectors: NDArray[np.float32] = vectors.reshape(len(self._numbers), engines.encoder.dimensions)

    def hits(
        self,
        words: str,
        meeting: str | None = None,
        *,
        limit: int = DEPTH,
        least: float = 0.0,
        weights: Weights = WEIGHTS,
    ) -> Ranking:
        """
        What `search` answers, each hit with its relevance, repeats right after their first and as relevant as it.

        `limit` bounds them all together.
        """
        query = self._query(words, meeting, limit)
        with self._catalogue.reading("researcher") as read:
            answer = search(read, self._opened, self._encoder, query, least=least, weights=weights)
        every = [(quote, hit.relevance) for hit in answer.hits for quote in (hit.passage.quote, *hit.also)]
        return [(self._text_of[quote], value) for quote, value in every[:limit]]

    def told(self, words: str, meeting: str | None = None) -> dict[str, float]:
        """The relevance of every text that search has anything to say of, however deep it would stand."""
        query = self._query(words, meeting, len(self._numbers))
        with self._catalogue.reading("researcher") as read:
            allowed, shown = read.numbers(query), read.numbers(Query(""))
            lexical = self._opened.words or FullText(read)
            ready = asked(lexical, self._encoder, words, allowed, shown)
            numbers, like = gathered(read, self._opened, lexical, self._encoder, ready, len(allowed))
        return dict(zip(self._named(numbers), relevance(like).tolist(), strict=True))

    def plain(self, words: str, meeting: str | None = None) -> dict[str, Ranking]:
        """The same query ranked by each of the peers."""
        with self._catalogue.reading("researcher") as read:
            allowed = read.numbers(self._query(words, meeting, DEPTH))
            inside = np.isin(self._numbers, allowed)
            numbers = self._numbers[inside]
            counted = self._words(read, words, numbers)
        cosines = (self._vectors[inside] @ self._encoder.encode([words])[0]).astype(np.float64)
        names = self._named(numbers)
        meaning = best_of(dict(enumerate(cosines.tolist())), DEPTH)
        lexical = best_of({row: value for row, value in enumerate(counted.tolist()) if value > 0}, DEPTH)
        found = {
            "dense": meaning,
            "bm25": lexical,
            "rrf": by_rank([[row for row, _ in meaning], [row for row, _ in lexical]], DEPTH),
            "zfusion": by_deviations(cosines, counted, DEPTH),
        }
        return {peer: [(names[row], value) for row, value in ranking] for peer, ranking in found.items()}

    def _query(self, words: str, meeting: str | None, limit: int) -> Query:
        return Query(words, episode=self._episodes[meeting] if meeting else None, limit=limit)

    def _words(self, read: Reader, words: str, numbers: Numbers) -> NDArray[np.float64]:
        scores = {int(n): value for n, value in read.lexical_scores(words, len(self._numbers)).items()}
        return np.array([scores.get(int(number), 0.0) for number in numbers])

    def _named(self, numbers: Numbers) -> list[str]:
        return [self._text_of[self._quotes[int(number)]] for number in numbers]
