"""People are seated on voices all at once, and the chances are exact."""

import math
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convarchive.naming.seating import shares

weights = st.floats(-6, 6)


@given(st.integers(1, 3).flatmap(lambda voices: st.lists(
    st.tuples(weights, st.lists(weights, min_size=voices, max_size=voices)), min_size=1, max_size=4)))  # fmt: skip
def test_the_chances_are_those_of_counting_every_seating(rows: list[tuple[float, list[float]]]) -> None:
    voices = len(rows[0][1])
    total, found = 0.0, [[0.0] * voices for _ in rows]
    for choice in product(range(-1, voices), repeat=len(rows)):
        seated = [voice for voice in choice if voice >= 0]
        if len(seated) == len(set(seated)):
            weight = math.exp(sum(rows[p][0] if v < 0 else rows[p][1][v] for p, v in enumerate(choice)))
            total += weight
            for person, voice in enumerate(choice):
                if voice >= 0:
                    found[person][voice] += weight
    for ours, counted in zip(shares([row[0] for row in rows], [row[1] for row in rows]), found, strict=True):
        assert list(ours) == pytest.approx([part / total for part in counted], abs=1e-6)


def test_nobody_to_seat() -> None:
    assert shares([], []) == ()
