"""
Finds who else says much the same as a quote.

Words, clearance and names are read in the answer's own transaction, as for a search; the vector
is the one the catalogue holds of the quote's words, so that nothing need be encoded.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from convarchive.domain.passage import Hit, PassageNumber, Query
from convarchive.domain.quote import QuoteId
from convarchive.errors import BadInput
from convarchive.index.beside import covered
from convarchive.index.folding import Folding, fold
from convarchive.index.live import Opened
from convarchive.index.ports import Vectors
from convarchive.store.reader import Reader
from convarchive.store.views import QuoteView

LEAST = 0.15
"""A relevance below this is none, as in a search."""
_SLOPE, _MIDDLE = 9.0, 0.5
"""How a cosine becomes a relevance: a logistic curve."""
_AROUND = 5
"""Times as many neighbours are looked at as are wanted, for some are the speaker's own or the same words again."""


@dataclass(frozen=True, slots=True)
class Likes:
    """
    Quotes by others near in meaning, nearest first; `also` are those that say the very same.

    `generation` is the index's, and `pending` how many passages it does not cover yet.
    """

    hits: tuple[Hit, ...]
    also: tuple[QuoteId, ...]
    generation: int
    pending: int


def similar(
    reader: Reader, opened: Opened, quote: QuoteView, limit: int = 10, *, own: bool = False, least: float = LEAST
) -> Likes:
    """
    What others say that means much the same; with `own`, what its speaker says elsewhere comes after them.

    Only names that this audience sees tell one speaker from another. Raises BadInput for a limit below 1.
    """
    if limit < 1:
        raise BadInput(f"limit is {limit}; ask for 1 or more")
    everything = Query("")
    shown = reader.numbers(everything)
    known = covered(reader.index, opened, shown)
    opened, allowed = known.opened, known.among(shown)
    nothing = Likes((), (), opened.manifest.generation, len(shown) - len(allowed))
    mine = reader.passage_of_version(quote.version)
    if mine is None or not known.knows(mine.number):
        return nothing
    vector = _vectors(reader, opened, [mine.number])[0]
    wanted = min(limit * _AROUND + 1, len(allowed))
    numbers, cosines = opened.index.search(vector, wanted, allowed)
    near = {PassageNumber(int(number)): float(cosine) for number, cosine in zip(numbers, cosines, strict=True)}
    sure = {number: 1 / (1 + np.exp(-_SLOPE * (cosine - _MIDDLE))) for number, cosine in near.items()}
    passages = reader.passages_of(everything, [number for number in near if sure[number] >= least])
    found = [mine, *(passages[n] for n in near if n in passages and n != mine.number)]
    groups = fold([Folding(p.number, p.text) for p in found], _vectors(reader, opened, [p.number for p in found]))
    by_number = {p.number: p for p in found}
    views = {view.id: view for view in reader.quotes({p.quote for p in found})}
    theirs: list[Hit] = []
    hers: list[Hit] = []
    for group in groups[1:]:
        passage = by_number[group.first]
        also = tuple(by_number[number].quote for number in group.others)
        hit = Hit(
            passage, round(float(sure[passage.number]), 4), round(max(0.0, near[passage.number]), 4), 0.0, also=also
        )
        (hers if _same_speaker(views.get(passage.quote), quote) else theirs).append(hit)
    chosen = (theirs + hers if own else theirs)[:limit]
    return Likes(
        tuple(chosen),
        tuple(by_number[number].quote for number in groups[0].others),
        nothing.generation,
        nothing.pending,
    )


def _same_speaker(view: QuoteView | None, quote: QuoteView) -> bool:
    if view is None or view.speaker is None or quote.speaker is None:
        return False
    return (view.speaker.id or view.speaker.name) == (quote.speaker.id or quote.speaker.name)


def _vectors(reader: Reader, opened: Opened, numbers: list[PassageNumber]) -> Vectors:
    held = reader.index.vectors_by_number(numbers, opened.manifest.encoder)
    blank = np.zeros(opened.manifest.dimensions, np.float32)
    return np.stack([np.frombuffer(held[n], "<f4") if n in held else blank for n in numbers])
