"""
Decides how many different voices a recording has, from pieces of speech described by vectors.

Pieces are unit vectors ("embeddings") that lie close together where the voice is the
same. They are joined from the bottom up: always the two most alike groups, until no
two are alike enough. The likeness of two groups is the mean cosine over all pairs of
their pieces, each counted by its seconds (average linkage), divided by the geometric
mean of what the pieces of either group have with each other: a correction for
attenuation (Spearman 1904). So it is near 1 for one voice whatever the sound: noise and
echo make the pieces of one voice less alike too, and clean reading makes those of two
people who sound alike still clearly less alike than their own. All of these are products
and lengths of the groups' weighted sums, so a group needs no more memory than its sum,
and a long recording can be joined part by part.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Weights = NDArray[np.float64]
Labels = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Pieces:
    """
    Stretches in which one voice of one window speaks alone.

    `vectors` float32 [n, d] of unit length; `seconds` float64 [n], how long each voice is
    alone; `windows` int64 [n], the window each was heard in. Two pieces of one window
    were told apart by the segmentation: that speaks against their being one voice.
    """

    vectors: Vectors
    seconds: Weights
    windows: Labels

    def __len__(self) -> int:
        return len(self.seconds)


@dataclass(frozen=True, slots=True)
class Rule:
    """
    When two groups are one voice.

    `threshold`: the least score for joining, 1 being one voice beyond doubt. `own`: the cosine
    of two pieces of four seconds that is expected of one voice, where a group has but one.
    `penalty`: what the score loses where all of the lighter group was heard beside the other.
    `founding`: the seconds a piece needs to take part in founding a voice. `least` and `share`:
    a group under so many seconds, or under that share of all speech (of `most` seconds at most,
    so that a guest's minute in a long recording stays theirs), is no voice of its own. `brief`
    and `alike`: a group of fewer seconds than `brief` is the longer one that it sounds like, also
    where it was heard beside it: the segmentation now and then splits a voice. The score for that
    rises from `alike` for an instant to `threshold` for `brief` seconds, as the likeness of one
    voice does. `yielding`: how far the threshold gives way where more voices are
    found than were announced.
    """

    threshold: float = 0.74
    own: float = 0.72
    penalty: float = 0.3
    founding: float = 1.0
    least: float = 1.0
    share: float = 0.01
    most: float = 10.0
    brief: float = 10.0
    alike: float = 0.37
    yielding: float = 0.2


def voices_of(pieces: Pieces, rule: Rule, *, most: int | None = None, block: int = 600) -> Vectors:
    """
    Return one centroid a voice: unit vectors, float32 [voices, d], the longest heard first.

    `most` is a hint: above it voices are joined that are somewhat less alike than the
    rule asks, never such as are clearly different. No more than `block` groups are
    compared with each other at once; a longer recording is first joined block by block
    under a stricter threshold. Returns no row where there is no piece.
    """
    founding = np.flatnonzero(pieces.seconds >= rule.founding)
    if not len(founding):
        # A recording of brief exclamations: its pieces are all there is.
        founding = np.arange(len(pieces))
    seconds = pieces.seconds[founding]
    groups = _Groups(
        pieces.vectors[founding].astype(np.float64) * seconds[:, None],
        seconds,
        seconds**2 * (1.0 - rule.own * reliable(seconds) ** 2),
        _told_apart(pieces.windows[founding], pieces.seconds[founding]),
    )
    groups = _thinned(groups, rule, block)
    groups = _joined(groups, rule.threshold, rule.penalty)
    if most is not None and len(groups) > most:
        groups = _joined(groups, rule.threshold - rule.yielding, rule.penalty, down_to=max(1, most))
    groups = _folded(groups, rule)
    return _centroids(groups, max(rule.least, min(rule.most, rule.share * float(pieces.seconds.sum()))))


def likeness(vectors: Vectors, centroids: Vectors) -> Vectors:
    """Cosines of unit vectors [n, d] with centroids [k, d]: float32 [n, k]."""
    return np.asarray(vectors @ centroids.T, dtype=np.float32)


def reliable(seconds: Weights) -> Weights:
    """
    How much of its cosine with longer pieces of the same voice a piece keeps: 1 from four seconds on.

    Measured with CAM++ on a call and on reading: 0.55 to 0.6 at half a second, 0.75 at one, 0.9 at two.
    """
    heard = np.minimum(seconds, 4.0)
    return np.asarray(1.1 * heard / (heard + 0.4))


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Groups told apart by the segmentation: places [m], [m], and for how many seconds [m]."""

    left: Labels
    right: Labels
    seconds: Weights


@dataclass(frozen=True, slots=True)
class _Groups:
    """
    Groups of pieces: weighted sums [n, d], seconds [n], what chance adds to the square of a sum's
    length [n], and which of them were told apart.
    """

    sums: Weights
    seconds: Weights
    chance: Weights
    apart: _Pairs

    def __len__(self) -> int:
        return len(self.seconds)

    def merged(self, labels: Labels) -> _Groups:
        """The groups that share a label made one; labels run from 0 without holes."""
        count = int(labels.max()) + 1 if len(labels) else 0
        sums, seconds, chance = np.zeros((count, self.sums.shape[1])), np.zeros(count), np.zeros(count)
        np.add.at(sums, labels, self.sums)
        np.add.at(seconds, labels, self.seconds)
        np.add.at(chance, labels, self.chance)
        return _Groups(
            sums, seconds, chance, _Pairs(labels[self.apart.left], labels[self.apart.right], self.apart.seconds)
        )

    def only(self, places: Labels) -> _Groups:
        """The groups at these places."""
        where = np.full(len(self), -1)
        where[places] = np.arange(len(places))
        left, right = where[self.apart.left], where[self.apart.right]
        kept = (left >= 0) & (right >= 0)
        pairs = _Pairs(left[kept], right[kept], self.apart.seconds[kept])
        return _Groups(self.sums[places], self.seconds[places], self.chance[places], pairs)

    @property
    def lengths(self) -> Weights:
        """float64 [n]: how long each sum would be without chance."""
        return _lengths(self.sums, self.chance)


def _lengths(sums: Weights, chance: Weights) -> Weights:
    squares = np.asarray((sums**2).sum(axis=-1))
    return np.asarray(np.sqrt(np.maximum(squares - chance, 0.1 * squares + 1e-12)))


def _told_apart(windows: Labels, seconds: Weights) -> _Pairs:
    """Every pair of pieces of one window, with the seconds of the shorter one."""
    found: list[tuple[int, int]] = []
    order = np.argsort(windows, kind="stable")
    for members in np.split(order, np.flatnonzero(np.diff(windows[order])) + 1):
        found += [(int(a), int(b)) for i, a in enumerate(members) for b in members[i + 1 :]]
    left, right = np.array(found, dtype=np.int64).reshape(-1, 2).T
    return _Pairs(left, right, np.minimum(seconds[left], seconds[right]))


def _thinned(groups: _Groups, rule: Rule, block: int) -> _Groups:
    """Join neighbours in time, `block` groups at a time, until few enough are left to compare them all."""
    while len(groups) > block:
        labels = np.zeros(len(groups), dtype=np.int64)
        count = 0
        for at in range(0, len(groups), block):
            places = np.arange(at, min(at + block, len(groups)))
            local = _labels(groups.only(places), rule.threshold + 0.1, rule.penalty)
            labels[places] = local + count
            count += int(local.max()) + 1
        if count > 0.9 * len(groups):
            # Hardly anything is alike: the longest heard must speak for the rest, or memory would grow without bound.
            return groups.only(np.sort(np.argsort(-groups.seconds, kind="stable")[:block]))
        groups = groups.merged(labels)
    return groups


def _joined(groups: _Groups, threshold: float, penalty: float, *, down_to: int = 1) -> _Groups:
    return groups.merged(_labels(groups, threshold, penalty, down_to=down_to))


def _folded(groups: _Groups, rule: Rule) -> _Groups:
    """Give brief groups to the longer one that they sound like."""
    directions = groups.sums / groups.lengths[:, None]
    labels = np.arange(len(groups))
    for place in np.argsort(groups.seconds, kind="stable").tolist():
        longer = np.flatnonzero(groups.seconds > groups.seconds[place])
        if groups.seconds[place] >= rule.brief or not len(longer):
            break
        alike = directions[longer] @ directions[place]
        if alike.max() >= rule.alike + (rule.threshold - rule.alike) * groups.seconds[place] / rule.brief:
            labels[labels == place] = longer[int(alike.argmax())]
    return groups.merged(np.asarray(np.unique(labels, return_inverse=True)[1], dtype=np.int64))


def _labels(groups: _Groups, threshold: float, penalty: float, *, down_to: int = 1) -> Labels:
    """Join the most alike two again and again; say for each group which of the joined ones it went to."""
    count = len(groups)
    labels = np.arange(count)
    if count < 2:
        return labels
    sums, seconds, chance = groups.sums.copy(), groups.seconds.copy(), groups.chance.copy()
    lengths = groups.lengths
    conflict = np.zeros((count, count))
    np.add.at(conflict, (groups.apart.left, groups.apart.right), groups.apart.seconds)
    np.add.at(conflict, (groups.apart.right, groups.apart.left), groups.apart.seconds)
    scores = (sums @ sums.T) / np.outer(lengths, lengths)
    scores -= penalty * np.minimum(1.0, conflict / np.minimum(seconds[:, None], seconds[None, :]))
    np.fill_diagonal(scores, -np.inf)
    left = count
    while left > down_to:
        a, b = (int(i) for i in np.unravel_index(int(scores.argmax()), scores.shape))
        if scores[a, b] < threshold:
            break
        sums[a] += sums[b]
        seconds[a] += seconds[b]
        chance[a] += chance[b]
        lengths[a] = _lengths(sums[a], chance[a])
        conflict[a] += conflict[b]
        conflict[:, a] = conflict[a]
        gone = np.isneginf(scores[a])
        row = (sums @ sums[a]) / (lengths * lengths[a])
        row -= penalty * np.minimum(1.0, conflict[a] / np.minimum(seconds, seconds[a]))
        # Groups already given away keep their place in the arrays and never win again.
        row[gone] = -np.inf
        scores[a], scores[:, a] = row, row
        scores[a, a] = -np.inf
        scores[b], scores[:, b] = -np.inf, -np.inf
        labels[labels == b] = a
        left -= 1
    return np.asarray(np.unique(labels, return_inverse=True)[1], dtype=np.int64)


def _centroids(groups: _Groups, least: float) -> Vectors:
    """Mean directions, the longest heard first; groups under `least` seconds found no voice unless all are."""
    order = np.argsort(-groups.seconds, kind="stable")
    # A recording has at least one voice: the longest heard stays, however short.
    kept = [int(i) for rank, i in enumerate(order) if rank == 0 or groups.seconds[i] >= least]
    sums = groups.sums[kept]
    return np.asarray(sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-12), dtype=np.float32)
