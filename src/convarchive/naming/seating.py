"""
Seats people on voices, all at once: no person on two voices, no voice with two people.

Every way of seating has a weight, the product of what was heard for each pair and for each
person who stays away. The chance of one pair is the share of all weight in which it occurs,
summed exactly by going through the people one by one over sets of taken voices (the forward
and backward passes of dynamic programming, as for hidden Markov models).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

_NEGLIGIBLE = 1e-12


def shares(away: Sequence[float], seats: Sequence[Sequence[float]]) -> tuple[tuple[float, ...], ...]:
    """
    For each person and voice the chance (0 to 1) that they belong together.

    `away[p]` is the log weight of person `p` having no voice here, `seats[p][v]` that of
    their having voice `v`. Takes 2 to the power of the voices steps for each person: give
    it a dozen voices at most.
    """
    weights = [_weights(stay, row) for stay, row in zip(away, seats, strict=True)]
    forward = [{0: 1.0}]
    for stay, row in weights:
        reached: dict[int, float] = {}
        for taken, weight in forward[-1].items():
            reached[taken] = reached.get(taken, 0.0) + weight * stay
            for voice, one in row:
                if not taken >> voice & 1:
                    reached[taken | 1 << voice] = reached.get(taken | 1 << voice, 0.0) + weight * one
        # Only the proportions count, and products of many small weights would vanish.
        most = max(reached.values())
        forward.append({taken: weight / most for taken, weight in reached.items() if weight > most * 1e-15})
    backward = dict.fromkeys(forward[-1], 1.0)
    found: list[tuple[float, ...]] = []
    for at in range(len(weights) - 1, -1, -1):
        stay, row = weights[at]
        width = len(seats[at])
        pairs, total, earlier = [0.0] * width, 0.0, dict[int, float]()
        for taken, weight in forward[at].items():
            onward = stay * backward.get(taken, 0.0)
            for voice, one in row:
                if not taken >> voice & 1:
                    part = one * backward.get(taken | 1 << voice, 0.0)
                    pairs[voice] += weight * part
                    onward += part
            earlier[taken] = onward
            total += weight * onward
        backward = earlier
        found.append(tuple(pair / total if total else 0.0 for pair in pairs))
    return tuple(reversed(found))


def _weights(stay: float, row: Sequence[float]) -> tuple[float, list[tuple[int, float]]]:
    top = max([stay, *row])
    kept = [(voice, math.exp(weight - top)) for voice, weight in enumerate(row)]
    # A little always remains for staying away, so that no crowd is without any seating.
    return max(math.exp(stay - top), _NEGLIGIBLE), [(voice, one) for voice, one in kept if one > _NEGLIGIBLE]
