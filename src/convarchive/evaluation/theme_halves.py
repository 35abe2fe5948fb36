"""
Divides judged sets in two for themes: one half to fit constants and peers' cut-offs on, one to report.

No tag, key point or text is in both. Where texts hang together in groups through what they are
relevant to (the arguments of one debate), whole groups go to a half; else tags and texts are dealt out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convarchive.evaluation.judged import JudgedSet
from convarchive.index.ports import Encoder, Vectors

Flags = NDArray[np.bool_]
_SEED = 0
_BATCH = 512


@dataclass(frozen=True, slots=True, eq=False)
class Half:
    """
    Texts and themes of one half of a set: `vectors` [n, d], the themes' words, which belong [n, themes].

    Examples are taken from the `pool` [n] only; what is measured is measured on the rest.
    """

    vectors: Vectors
    themes: tuple[str, ...]
    belong: Flags
    pool: Flags


def halves(judged: JudgedSet, encoder: Encoder) -> tuple[Half, Half]:
    """The half to fit on and the half to report, always the same."""
    place = {text.id: row for row, text in enumerate(judged.documents)}
    texts = [text.text for text in judged.documents]
    vectors = np.concatenate([encoder.encode(texts[at : at + _BATCH]) for at in range(0, len(texts), _BATCH)])
    belong = np.zeros((len(texts), len(judged.queries)), np.bool_)
    for column, asked in enumerate(judged.queries):
        belong[[place[one] for one in asked.relevant], column] = True
    of_text, of_theme = _dealt(belong)
    return (_half(0, judged, vectors, belong, of_text, of_theme), _half(1, judged, vectors, belong, of_text, of_theme))


def _half(
    which: int, judged: JudgedSet, vectors: Vectors, belong: Flags, of_text: NDArray[np.int64],
    of_theme: NDArray[np.int64],
) -> Half:  # fmt: skip
    texts, themes = np.flatnonzero(of_text == which), np.flatnonzero(of_theme == which)
    pool = np.random.default_rng(_SEED).permutation(len(texts)) % 2 == 0
    words = tuple(judged.queries[column].query for column in themes)
    return Half(vectors[texts], words, belong[np.ix_(texts, themes)], pool)


def _dealt(belong: Flags) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Which half each text and each theme goes to."""
    group = _groups(belong)
    names, sizes = np.unique(group, return_counts=True)
    draw = np.random.default_rng(_SEED)
    if sizes.max() > len(belong) / 4:
        return draw.permutation(len(belong)) % 2, draw.permutation(belong.shape[1]) % 2
    half = dict(zip(names.tolist(), (draw.permutation(len(names)) % 2).tolist(), strict=True))
    of_text = np.array([half[one] for one in group.tolist()], np.int64)
    return of_text, of_text[belong.argmax(axis=0)]


def _groups(belong: Flags) -> NDArray[np.int64]:
    """A number for each text, the same for texts that a chain of themes joins."""
    group = np.arange(len(belong))
    changed = True
    while changed:
        before = group.copy()
        for column in belong.T:
            if column.any():
                joined = np.isin(group, group[column])
                group[joined] = group[joined].min()
        changed = bool((group != before).any())
    return group
