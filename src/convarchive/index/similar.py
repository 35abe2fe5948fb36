"""
Finds what others say that is nearest in meaning to a quote.

Words, clearance and names are read in the answer's own transaction, as for a search; the vector
is the one the catalogue holds of the quote's words, so that nothing need be encoded.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convarchive.domain.passage import Hit, PassageNumber, Query
from convarchive.domain.quote import QuoteId
from convarchive.errors import BadInput
from convarchive.index.beside import covered
from convarchive.index.folding import Folding, fold
from convarchive.index.leading import led
from convarchive.index.live import Opened
from convarchive.index.ports import Vectors
from convarchive.store.reader import Reader
from convarchive.store.views import QuoteView

LEAST = 0.3
"""
A nearness below this is not told: five in six pairs just below speak of another matter (docs/benchmarks.md).
"""
_SLOPE, _MIDDLE = 9.0, 0.5
"""How a cosine becomes a nearness: a logistic curve."""
_AROUND = 5
"""Times as many neighbours are looked at as are wanted, for some are the speaker's own or the same words again."""


@dataclass(frozen=True, slots=True)
class Likes:
    """
    Quotes by others near in meaning, nearest first, and then the last `own` by the speaker; `also` say the very same.

    `generation` is the index's, and `pending` how many passages it does not cover yet.
    """

    hits: tuple[Hit, ...]
    also: tuple[QuoteId, ...]
    generation: int
    pending: int
    own: int = 0

    @property
    def parts(self) -> tuple[tuple[Hit, ...], tuple[Hit, ...]]:
        """What others say, and what the speaker says elsewhere."""
        cut = len(self.hits) - self.own
        return self.hits[:cut], self.hits[cut:]


def nearness(cosines: NDArray[np.float32]) -> NDArray[np.float64]:
    """How near in meaning, 0 to 1, texts are whose vectors have these cosines; it is no chance of anything."""
    return np.asarray(1 / (1 + np.exp(-_SLOPE * (cosines.astype(np.float64) - _MIDDLE))), np.float64)


def similar(
    reader: Reader, opened: Opened, quote: QuoteView, limit: int = 10, *, own: bool = False, least: float = LEAST
) -> Likes:
    """
    What others say that is near in meaning; with `own`, what its speaker says elsewhere comes after them.

    The limit holds for either. Only names that this audience sees tell one speaker from another. Raises BadInput for a
    limit below 1.
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
    names = [PassageNumber(int(number)) for number in numbers]
    near = dict(zip(names, cosines.tolist(), strict=True))
    sure = dict(zip(names, nearness(cosines).tolist(), strict=True))
    passages = reader.passages_of([number for number in near if sure[number] >= least])
    found = [mine, *(passages[n] for n in near if n in passages and n != mine.number)]
    groups = fold([Folding(p.number, p.text) for p in found], _vectors(reader, opened, [p.number for p in found]))
    by_number = {p.number: p for p in found}
    seen = {view.id: view for view in reader.quotes({p.quote for p in found})}
    views = {p.number: seen[p.quote] for p in found if p.quote in seen}
    theirs: list[Hit] = []
    hers: list[Hit] = []
    for group in led(groups[1:], views):
        passage = by_number[group.first]
        also = tuple(by_number[number].quote for number in group.others)
        hit = Hit(passage, round(sure[passage.number], 4), round(max(0.0, near[passage.number]), 4), 0.0, also=also)
        (hers if _same_speaker(views.get(passage.number), quote) else theirs).append(hit)
    # Another than the nearest may stand for a group.
    for some in (theirs, hers):
        some.sort(key=lambda hit: -hit.relevance)
    mine_too = hers[:limit] if own else []
    return Likes(
        (*theirs[:limit], *mine_too),
        tuple(by_number[number].quote for number in groups[0].others),
        nothing.generation,
        nothing.pending,
        len(mine_too),
    )


def _same_speaker(view: QuoteView | None, quote: QuoteView) -> bool:
    if view is None or view.speaker is None or quote.speaker is None:
        return False
    return (view.speaker.id or view.speaker.name) == (quote.speaker.id or quote.speaker.name)


def _vectors(reader: Reader, opened: Opened, numbers: list[PassageNumber]) -> Vectors:
    held = reader.index.vectors_by_number(numbers, opened.manifest.encoder)
    blank = np.zeros(opened.manifest.dimensions, np.float32)
    return np.stack([np.frombuffer(held[n], "<f4") if n in held else blank for n in numbers])
