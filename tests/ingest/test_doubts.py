"""Stretches are heard again where another voice may be in them, and nowhere else."""

import numpy as np
import pytest

from convarchive.domain.span import Span
from convarchive.ingest.doubts import Care, doubted, to_hear_again
from convarchive.ingest.voices import FRAMES, LOCAL, Heard


def windows(cosines):
    """Windows of ten seconds, one after the other, in which one voice is as like itself as said; nobody else speaks."""
    quiet = np.zeros((FRAMES, LOCAL), np.float32)
    heard = [Heard(FRAMES * place, quiet, quiet[:, 0]) for place in range(len(cosines))]
    alike = [np.array([[cosine, 0.1], [0, 0], [0, 0]], np.float32) for cosine in cosines]
    return heard, alike, [(0, -1, -1)] * len(cosines)


def doubts(cosines, seconds=8.0):
    heard, alike, matches = windows(cosines)
    return doubted(heard, alike, [np.array([seconds, 0, 0], np.float32)] * len(cosines), matches, Care())


def test_a_window_that_finds_a_voice_unlike_itself_is_in_doubt():
    (first,), second = doubts([0.8, 0.82, 0.5, 0.79])
    assert first.overlap(Span(20_000, 29_000)) == 9_000
    assert second == ()


def test_a_voice_that_is_always_as_unlike_itself_is_not_in_doubt():
    assert doubts([0.5, 0.52, 0.5, 0.49]) == ((), ())


def test_a_voice_that_is_hardly_alone_says_nothing():
    assert doubts([0.8, 0.82, 0.5, 0.79], seconds=1.0) == ((), ())


@pytest.mark.parametrize("there", [True, False])
def test_a_long_stretch_is_heard_piece_by_piece_where_it_is_in_doubt(there):
    floor = ((Span(0, 12_000),), (Span(13_000, 15_000), Span(16_000, 16_500)))
    doubt = (Span(5_000, 15_000),) if there else (Span(20_000, 30_000),)
    found = to_hear_again(floor, (doubt, ()), Care())
    # Brief ones are always heard again, if they are long enough to be told at all.
    assert found[-1] == (1, Span(13_000, 15_000))
    assert found[:-1] == (tuple((0, Span(at, at + 3_000)) for at in range(0, 12_000, 3_000)) if there else ())
