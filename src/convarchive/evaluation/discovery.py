"""
Compares proposals of themes with a peer's: do a group's words stand together in texts, and are groups different?

Coherence is normalised pointwise mutual information (Bouma 2009) of a group's ten words, by the
texts in which they stand together, from -1 to 1; diversity the share of all groups' words that
stand in one group only (Dieng, Ruiz and Blei 2020). Since ours chooses words that stand together,
it is also counted in texts that no system has seen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from convarchive.domain.quote import QuoteId
from convarchive.evaluation.judged import JudgedSet
from convarchive.index.discovery import Voiced, discover
from convarchive.index.distinguishing import information, tokens
from convarchive.index.ports import Encoder, Vectors

_BATCH = 512
Topics = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Row:
    """
    What one system found in one set: how many groups, their mean coherence and their diversity.

    `unseen` is the coherence, in every second text, of what was found in the others alone.
    """

    set: str
    system: str
    groups: int
    coherence: float
    diversity: float
    unseen: float


def compare(
    judged: Sequence[JudgedSet], encoder: Encoder, peers: dict[str, Callable[[Sequence[str], Vectors], Topics]]
) -> tuple[Row, ...]:
    """Ours and each peer, over the same texts and vectors."""
    systems: dict[str, Callable[[Sequence[str], Vectors], Topics]] = {"convarchive": _ours, **peers}
    rows = []
    for one in judged:
        texts = [text.text for text in one.documents]
        vectors = np.concatenate([encoder.encode(texts[at : at + _BATCH]) for at in range(0, len(texts), _BATCH)])
        for name, topics in systems.items():
            groups = topics(texts, vectors)
            unseen = coherence(topics(texts[::2], vectors[::2]), texts[1::2])
            rows.append(Row(one.name, name, len(groups), coherence(groups, texts), diversity(groups), unseen))
    return tuple(rows)


def _ours(texts: Sequence[str], vectors: Vectors) -> Topics:
    voiced = [Voiced(QuoteId(str(number)), text, None) for number, text in enumerate(texts)]
    return tuple(proposal.words for proposal in discover(voiced, vectors, {}))


def coherence(groups: Topics, texts: Sequence[str]) -> float:
    """The mean over groups of their words' mean pairwise information; 0 where there is no pair."""
    wanted = {word for group in groups for word in group}
    holding: dict[str, set[int]] = {word: set() for word in wanted}
    for number, text in enumerate(texts):
        for word in wanted & set(tokens(text)):
            holding[word].add(number)
    means = []
    for group in groups:
        pairs = [information(holding[a], holding[b], len(texts)) for a, b in combinations(group, 2)]
        if pairs:
            means.append(sum(pairs) / len(pairs))
    return sum(means) / len(means) if means else 0.0


def diversity(groups: Topics) -> float:
    """Different words among all groups' words, 0 to 1."""
    every = [word for group in groups for word in group]
    return len(set(every)) / len(every) if every else 0.0
