"""
Finds whom a query names: what somebody said answers their name, whatever its words.

A name counts in any form the register knows, without its title, or misspelt by a slip or two; a
single word only where it is the whole query, ends a name and is no word of the language here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from typing import TypeAlias

import numpy as np

from convarchive.domain.passage import Query
from convarchive.domain.speaker import SpeakerId
from convarchive.index.asking import Asked
from convarchive.index.ports import Numbers
from convarchive.index.spelling import Spelling
from convarchive.store.fulltext import words_of
from convarchive.store.reader import Reader

_MOST = 5
"""Words of a query in which a misspelt name is looked for: in a longer one other words tell more."""
_One: TypeAlias = tuple[str, SpeakerId | None]
"""A person in the register, or a name that is only printed; the name is left empty for the former."""
_TWO_SLIPS = 12
"""Letters of a name from which on two slips are forgiven."""


def named(reader: Reader, query: Asked) -> list[tuple[Numbers, float]]:
    """Passages of each speaker the query names, with the share of its words that the name is; they may not be shown."""
    asked = [word.casefold() for word in words_of(query.words)]
    if not asked:
        return []
    exact = _shares(asked, reader.names_in(query.words), bare=set(asked) <= query.unheard)
    shares = exact or (
        _misspelt(asked, query.unheard, reader.names()) if query.unheard and 1 < len(asked) <= _MOST else {}
    )
    return [(_theirs(reader, *one), share) for one, share in sorted(shares.items(), key=str)]


def _theirs(reader: Reader, name: str, speaker: SpeakerId | None) -> Numbers:
    return reader.under_name(name) if speaker is None else reader.numbers(Query("", speaker=speaker))


def _shares(asked: Sequence[str], forms: Iterable[_One], *, bare: bool) -> dict[_One, float]:
    found: dict[_One, float] = defaultdict(float)
    text = f" {' '.join(asked)} "
    for form, speaker in forms:
        words = [word.casefold() for word in words_of(form)]
        # Two words and more, from the longest: whatever stands before them may be a title.
        ends = [words[at:] for at in range(max(1, len(words) - 1))]
        most = next((len(end) for end in ends if len(end) > 1 and f" {' '.join(end)} " in text), 0)
        if not most and bare and words and asked == words[-1:]:
            most = 1
        if most:
            who = ("", speaker) if speaker else (form, None)
            found[who] = max(found[who], most / len(asked))
    return dict(found)


def _misspelt(asked: Sequence[str], unheard: AbstractSet[str], forms: Iterable[_One]) -> dict[_One, float]:
    known: dict[str, list[_One]] = defaultdict(list)
    for form, speaker in forms:
        words = [word.casefold() for word in words_of(form)]
        # An initial is too little to be misspelt.
        for at in (at for at in range(len(words) - 1) if len(words[at]) > 1):
            known[" ".join(words[at:])].append(("", speaker) if speaker else (form, None))
    spelling = Spelling(tuple(known), np.ones(len(known), np.int64))
    found: dict[_One, float] = {}
    for size in range(min(len(asked), _MOST), 1, -1):
        for at in range(len(asked) - size + 1):
            part = " ".join(asked[at : at + size])
            doubtful = not unheard.isdisjoint(asked[at : at + size])
            near = spelling.near(part, 2 if len(part) >= _TWO_SLIPS else 1) if doubtful else ()
            for one in known[near[0][0]] if near else ():
                found.setdefault(one, size / len(asked))
    return found
