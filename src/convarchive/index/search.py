"""
Answers a query: what may be shown is settled first, then ranked by meaning and words together.

Words, clearance, names and filters are read from the catalogue in the answer's own
transaction; from the index come only numbers and cosines, so a decision counts at once.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from convarchive.domain.passage import Hit, Passage, PassageNumber, Query
from convarchive.errors import BadInput
from convarchive.index.asking import asked, weighed
from convarchive.index.beside import covered
from convarchive.index.candidates import gathered
from convarchive.index.folding import Folding, Group, fold
from convarchive.index.full_text import FullText
from convarchive.index.leading import led
from convarchive.index.lighting import lit
from convarchive.index.live import Opened
from convarchive.index.ports import Encoder
from convarchive.index.relevance import CUT_OFF, FULL, WEIGHTS, Likeness, Weights, order, relevance
from convarchive.store.marking import marked
from convarchive.store.reader import Reader

LONGEST = 10_000
"""Characters of a query that are looked at."""


@dataclass(frozen=True, slots=True)
class Answer:
    """
    What an archive says to a query: its best hits, and how many there were above the cut-off.

    `total` counts the passages among those ranked that are relevant enough; `generation` is
    the index's, and `pending` how many passages that might have been shown it does not cover yet. `read_as`
    is the query as it was read, where a word was taken for a slip of the keyboard; else empty.
    """

    hits: tuple[Hit, ...]
    total: int
    generation: int
    pending: int
    read_as: str = ""


def search(
    reader: Reader,
    opened: Opened,
    encoder: Encoder,
    query: Query,
    *,
    offset: int = 0,
    least: float = CUT_OFF,
    weights: Weights = WEIGHTS,
) -> Answer:
    """
    The passages that answer the query, best first, from the `offset`th on, `query.limit` at most.

    Repeats of the same words stand under that of them which stands best for publication, with the
    relevance of the most relevant. Passages whose relevance is below
    `least` are left out: an empty answer says that nothing in the archive speaks to this. `weights`
    other than these are for measuring what each part is worth. Whether a filter names anything is
    for the caller to ask.
    Raises BadInput for a query without words, a limit below 1 or a date that is none.
    """
    words = _demand_sense(query, offset)
    shown = reader.numbers(query)
    everything = reader.numbers(Query("")) if query != Query(query.text, limit=query.limit) else shown
    known = covered(reader.index, opened, everything)
    opened, allowed = known.opened, known.among(shown)
    pending = len(shown) - len(allowed)
    if not len(allowed):
        return Answer((), 0, opened.manifest.generation, pending)
    lexical = opened.words or FullText(reader)
    ready = asked(lexical, encoder, words, allowed, known.among(everything))
    numbers, like = gathered(reader, opened, lexical, encoder, ready, offset + query.limit, weights)
    ranks, sure = order(like, weights), relevance(like)
    places = [place for place in np.lexsort((numbers, -ranks)) if sure[place] >= least]
    place_of = {PassageNumber(int(numbers[place])): place for place in places[: 2 * (offset + query.limit)]}
    passages = reader.passages_of(list(place_of))
    folded = _folded(opened, [passages[number] for number in place_of])[offset : offset + query.limit]
    groups = _led(reader, passages, folded)
    best = [group.first for group in groups]
    marks = dict(zip(best, marked(ready.read, [passages[number].text for number in best]), strict=True))
    light = lit(encoder, weighed(ready), {number: passages[number].text for number in best if not marks[number]})
    hits = tuple(
        replace(
            _hit(passages[group.first], like, sure[place_of[strongest.first]], place_of[group.first], marks | light),
            also=tuple(passages[number].quote for number in group.others),
        )
        for group, strongest in zip(groups, folded, strict=True)
    )
    read_as = ready.read if ready.read != words else ""
    return Answer(hits, len(places), opened.manifest.generation, pending, read_as)


def _folded(opened: Opened, passages: Sequence[Passage]) -> tuple[Group[PassageNumber], ...]:
    """These passages, best first, with repeats of the same words under the first of them."""
    vectors = opened.index.vectors(np.array([passage.number for passage in passages], np.int64))
    return fold([Folding(passage.number, passage.text) for passage in passages], vectors)


def _led(
    reader: Reader, passages: Mapping[PassageNumber, Passage], groups: tuple[Group[PassageNumber], ...]
) -> tuple[Group[PassageNumber], ...]:
    """These groups, each led by the quote that stands best."""
    numbers = [number for group in groups if group.others for number in (group.first, *group.others)]
    views = {view.id: view for view in reader.quotes({passages[number].quote for number in numbers})} if numbers else {}
    return led(groups, {n: views[passages[n].quote] for n in numbers if passages[n].quote in views})


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
