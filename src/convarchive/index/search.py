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
from convarchive.index.candidates import asked, gathered, weighed
from convarchive.index.full_text import FullText
from convarchive.index.lighting import lit
from convarchive.index.live import Opened
from convarchive.index.ports import Encoder
from convarchive.index.relevance import CUT_OFF, FULL, Likeness, kinship, order, relevance
from convarchive.store.reader import Reader

LONGEST = 10_000
"""Characters of a query that are looked at."""


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
    shown = reader.numbers(query)
    highest = opened.manifest.highest
    allowed = shown[: np.searchsorted(shown, highest, side="right")]
    pending = len(shown) - len(allowed)
    if not len(allowed):
        return Answer((), 0, opened.manifest.generation, pending)
    lexical = opened.words or FullText(reader)
    everything = reader.numbers(Query("")) if query != Query(query.text, limit=query.limit) else shown
    ready = asked(lexical, encoder, words, allowed, everything[: np.searchsorted(everything, highest, side="right")])
    numbers, like = gathered(reader, opened, lexical, encoder, ready, offset + query.limit)
    ranks, sure = order(like), relevance(like)
    places = [place for place in np.lexsort((numbers, -ranks)) if sure[place] >= least]
    chosen = places[offset : offset + query.limit]
    best = [PassageNumber(int(numbers[place])) for place in chosen]
    passages, marks = reader.passages_of(query, best), reader.marks(words, best)
    light = lit(encoder, weighed(ready), {number: passages[number].text for number in best if not marks.get(number)})
    hits = tuple(
        _hit(passages[number], like, sure[place], place, marks | light)
        for number, place in zip(best, chosen, strict=True)
    )
    return Answer(hits, len(places), opened.manifest.generation, pending)


def similar(
    reader: Reader, opened: Opened, encoder: Encoder, passage: Passage, limit: int = 10, *, least: float = CUT_OFF
) -> Answer:
    """Passages of other quotes that mean much the same as this one. Raises BadInput for a limit below 1."""
    if limit < 1:
        raise BadInput(f"limit is {limit}; ask for 1 or more")
    everything = Query("")
    shown = reader.numbers(everything)
    shown = shown[shown != passage.number]
    allowed = shown[: np.searchsorted(shown, opened.manifest.highest, side="right")]
    pending = len(shown) - len(allowed)
    vector = encoder.encode([passage.text])[0]
    numbers, cosines = opened.index.search(vector, min(limit, len(allowed)), allowed)
    sure = kinship(cosines.astype(np.float64))
    near = [PassageNumber(int(number)) for number in numbers]
    passages = reader.passages_of(everything, near)
    hits = tuple(
        Hit(passages[number], round(float(sure[place]), 4), round(max(0.0, float(cosines[place])), 4), 0.0)
        for place, number in enumerate(near)
        if sure[place] >= least and passages[number].quote != passage.quote
    )
    return Answer(hits, len(hits), opened.manifest.generation, pending)


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
        context=_context(float(like.around[place])),
        name=float(like.named[place]),
        theme=float(like.themed[place]),
        highlights=marks.get(passage.number, ()),
    )


def _context(around: float) -> float:
    return 0.0 if math.isnan(around) else round(min(1.0, max(0.0, around / FULL)), 4)
