"""Tells which numbers stand in a long sorted list, at the price of the short one: numpy's own way sorts both."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from convarchive.index.ports import Numbers


def within(some: Numbers, every: Numbers) -> NDArray[np.bool_]:
    """Whether each of these numbers (any shape) is one of `every` (sorted): bool, of the shape of `some`."""
    if not len(every):
        return np.zeros(some.shape, np.bool_)
    places = np.minimum(np.searchsorted(every, some), len(every) - 1)
    found: NDArray[np.bool_] = every[places] == some
    return found
