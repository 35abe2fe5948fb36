"""
Makes a query ready to be answered: how its words are read, and what each of them counts.

A word that none of the passages holds which this audience may see, and that is no usual word of the language
either, is read as the one it is likeliest a slip of the keyboard for. What only others may see
decides nothing here: else the way a query is read would tell what stands in it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from convarchive.index.among import within
from convarchive.index.ports import Encoder, LexicalIndex, Numbers, Vectors
from convarchive.store.fulltext import terms, words_of

_EVERYDAY = 0.3
"""The weight of words too common to be looked up, where words are held against each other."""
_MISSPELT, _SPELLINGS = 0.6, 3
"""What a word spelt almost so counts for a word that nobody said, and how many of them are tried."""
_WORD = re.compile(r"\w+", re.UNICODE)
_AT_FIRST = 200
"""Passages with a word that are looked through before all of them are."""


@dataclass(frozen=True, slots=True)
class Asked:
    """
    A query made ready: its words, as they are written and as they are `read`, and its vector, the weight of
    each term looked up, how rare each of its terms is; `unheard` are those nobody said. `allowed`
    passages may be hits, `covered` ones the index knows (both sorted).
    """

    words: str
    read: str
    vector: Vectors
    weights: Mapping[str, float]
    rarity: Mapping[str, float]
    unheard: frozenset[str]
    allowed: Numbers
    covered: Numbers


def asked(lexical: LexicalIndex, encoder: Encoder, words: str, allowed: Numbers, covered: Numbers) -> Asked:
    """Make a query ready; `covered` must hold all `allowed`."""
    unheard = frozenset(word for word in terms(words) if not _holds(lexical, word, covered))
    usual: dict[str, str] = {}
    weights: dict[str, float] = {}
    for word in terms(words):
        others: tuple[str, ...] = ()
        if word in unheard:
            meant = encoder.respelt(word)
            said = [one for one in meant if _holds(lexical, one, covered)]
            if meant:
                usual[word] = (said or meant)[0]
            others = tuple(said[:1]) or _spelt_so(lexical, word, covered)
        weights |= dict.fromkeys(others, _MISSPELT) if others else {word: 1.0}
    read = _WORD.sub(lambda found: usual.get(found[0].casefold(), found[0]), words)
    vector = encoder.encode([read])[0]
    return Asked(words, read, vector, weights, lexical.rarity(weights), unheard, allowed, covered)


def weighed(query: Asked) -> list[tuple[str, float]]:
    """The words a query is read as, with their weights for `closeness`: as rare as they are, everyday ones little."""
    every = dict.fromkeys(word.casefold() for word in words_of(query.read))
    spelt = [(word, rare) for word, rare in query.rarity.items() if word not in every]
    return [(word, query.rarity.get(word, _EVERYDAY)) for word in every] + spelt


def _spelt_so(lexical: LexicalIndex, word: str, covered: Numbers) -> tuple[str, ...]:
    """Stems that these passages hold and that are spelt almost as a word nobody said."""
    for distance in (1, 2):
        near = [stem for stem, _ in lexical.near(word, distance) if _holds(lexical, stem, covered)]
        if near:
            return tuple(near[:_SPELLINGS])
    return ()


def _holds(lexical: LexicalIndex, word: str, covered: Numbers) -> bool:
    """Whether any of these passages holds the word."""
    holding = lexical.phrase([word])
    return bool(within(holding[:_AT_FIRST], covered).any() or within(holding[_AT_FIRST:], covered).any())
