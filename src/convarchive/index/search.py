"""
Answers a query: what may be shown is settled first, then ranked by meaning and words together.

Words, clearance, names and filters are read from the catalogue in the answer's own
transaction; from the index come only numbers and cosines, so a decision counts at once.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from convarchive.domain.passage import Hit, Passage, PassageNumber, Query
from convarchive.errors import BadInput
from convarchive.index.live import Opened
from convarchive.index.ports import Encoder, Numbers, Vectors
from convarchive.index.relevance import CUT_OFF, Likeness, order, relevance
from convarchive.store.reader import Reader

CANDIDATES = 200
"""Passages taken from each of meaning and words before they are ranked together."""
LONGEST = 10_000
"""Characters of a query that are looked at."""
_ALL = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Answer:
    """
    What an archive says to a query: its best hits, and how many there were above the cut-off.

    `total` counts the passages among those ranked that are relevant enough; `generation` is
    the index's, and `pending` how many passages that might have been shown it does not cover yet.
    """

    hits: tuple[Hit, ...]
    total: int
    generation: int
    pending: int


def search(
    reader: Reader, opened: Opened, encoder: Encoder, query: Query, *, offset: int = 0, least: float = CUT_OFF
) -> Answer:
    """
    The passages that answer the query, best first, from the `offset`th on, `query.limit` at most.

    Passages whose relevance is below `least` are left out: an empty answer says that nothing
    in the archive speaks to this. Whether a filter names anything is for the caller to ask.
    Raises BadInput for a query without words, a limit below 1 or a date that is none.
    """
    words = _demand_sense(query, offset)
    shown = np.array(reader.numbers(query), np.int64)
    allowed = shown[shown <= opened.manifest.highest]
    pending = len(shown) - len(allowed)
    if not len(allowed):
        return Answer((), 0, opened.manifest.generation, pending)
    numbers, like = _candidates(reader, opened, encoder, words, allowed, offset + query.limit)
    ranks, sure = order(like), relevance(like)
    places = [place for place in np.lexsort((numbers, -ranks)) if sure[place] >= least]
    chosen = places[offset : offset + query.limit]
    best = [PassageNumber(int(numbers[place])) for place in chosen]
    passages, marks = reader.passages_of(query, best), reader.marks(words, best)
    hits = tuple(
        _hit(passages[number], like, sure[place], place, marks) for number, place in zip(best, chosen, strict=True)
    )
    return Answer(hits, len(places), opened.manifest.generation, pending)


def _demand_sense(query: Query, offset: int) -> str:
    """The query's words as they are searched for. Raises BadInput."""
    # What no encoding can hold (a lone half of a surrogate pair) would stop the tokenizer.
    plain = query.text[:LONGEST].encode("utf-8", "replace").decode("utf-8")
    words = unicodedata.normalize("NFC", plain).replace("\x00", " ").strip()
    if not words:
        raise BadInput("the query is empty; say what to look for")
    if query.limit < 1:
        raise BadInput(f"limit is {query.limit}; ask for 1 or more")
    if offset < 0:
        raise BadInput(f"offset is {offset}; it cannot lie before the first hit")
    for name, value in (("since", query.since), ("until", query.until)):
        try:
            date.fromisoformat(value or "2000-01-01")
        except ValueError as exc:
            raise BadInput(f"{name} is {value!r}; write a date such as 2031-01-15") from exc
    return words


def _candidates(
    reader: Reader, opened: Opened, encoder: Encoder, words: str, allowed: Numbers, wanted: int
) -> tuple[Numbers, Likeness]:
    """The best by meaning and the best by words, each with both its numbers."""
    vector = encoder.encode([words])[0]
    enough = min(len(allowed), max(wanted, CANDIDATES))
    may = set(allowed.tolist())
    lexical = {int(n): value for n, value in reader.lexical_scores(words, _ALL).items() if n in may}
    best = sorted(lexical, key=lambda number: (-lexical[number], number))[:enough]
    near, cosines = opened.index.search(vector, enough, allowed)
    numbers, meaning = _joined(opened, vector, near, cosines, best)
    verbatim = _verbatim(reader, words, may)
    values = np.array(list(lexical.values()), np.float64)
    mean = float(values.sum()) / len(allowed)
    return numbers, Likeness(
        meaning=meaning.astype(np.float64),
        words=np.array([lexical.get(int(n), 0.0) for n in numbers], np.float64),
        verbatim=np.array([verbatim.get(int(n), 0.0) for n in numbers], np.float64),
        mean=mean,
        deviation=math.sqrt(max(0.0, float((values**2).sum()) / len(allowed) - mean**2)),
        count=len(allowed),
        rarity=sum(reader.rarities(words).values()),
    )


def _joined(
    opened: Opened, vector: Vectors, near: Numbers, cosines: Vectors, best: list[int]
) -> tuple[Numbers, Vectors]:
    """Candidates by meaning and by words together; those by words get their cosine too."""
    more = np.setdiff1d(np.array(best, np.int64), near)
    if not len(more):
        return near, cosines
    found, theirs = opened.index.search(vector, len(more), more)
    return np.concatenate([near, found]), np.concatenate([cosines, theirs])


def _verbatim(reader: Reader, words: str, allowed: set[int]) -> dict[int, float]:
    """
    Passages that hold the query word for word, with how rare that is among all, 0 to 1.

    What every other passage holds is no find; a name said once is.
    """
    holding = [int(number) for number in reader.with_phrase(words) if int(number) in allowed]
    count = len(allowed)
    rarity = math.log((count - len(holding) + 0.5) / (len(holding) + 0.5)) / math.log((count + 0.5) / 0.5)
    return dict.fromkeys(holding, min(1.0, max(0.0, rarity)))


def _hit(
    passage: Passage,
    like: Likeness,
    sure: float,
    place: int,
    marks: Mapping[PassageNumber, tuple[tuple[int, int], ...]],
) -> Hit:
    return Hit(
        passage=passage,
        relevance=round(float(sure), 4),
        semantic=round(max(0.0, float(like.meaning[place])), 4),
        lexical=round(float(like.covered[place]), 4),
        highlights=marks.get(passage.number, ()),
    )
