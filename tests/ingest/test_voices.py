"""What the segmentation says about a window is read frame by frame."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convarchive.ingest.voices import (
    FRAME,
    FRAMES,
    RATE,
    WINDOW,
    Heard,
    central,
    decoded,
    frames_in,
    runs,
    same_voices,
    seconds_at,
    window_starts,
)

NOBODY, FIRST, SECOND, THIRD, FIRST_AND_SECOND, FIRST_AND_THIRD, SECOND_AND_THIRD = range(7)


def scores(*classes):
    """Scores that are sure of one class a frame, the last one going on to the end."""
    sure = np.full((FRAMES, 7), -20.0, dtype=np.float32)
    whole = [*classes, *([classes[-1]] * (FRAMES - len(classes)))]
    sure[np.arange(FRAMES), whole] = 0.0
    return sure


@pytest.mark.parametrize(
    ("kind", "speaking"),
    [
        (NOBODY, []),
        (FIRST, [0]),
        (SECOND, [1]),
        (THIRD, [2]),
        (FIRST_AND_SECOND, [0, 1]),
        (FIRST_AND_THIRD, [0, 2]),
        (SECOND_AND_THIRD, [1, 2]),
    ],
)
def test_each_class_stands_for_the_voices_it_names(kind, speaking):
    heard = decoded(0, scores(kind))
    assert np.flatnonzero(heard.activity[0] > 0.5).tolist() == speaking
    assert heard.speech[0] == pytest.approx(float(bool(speaking)), abs=1e-4)
    assert heard.overlap[0] == pytest.approx(float(len(speaking) == 2), abs=1e-4)


def test_a_voice_is_alone_where_no_other_speaks():
    heard = decoded(0, scores(NOBODY, FIRST, FIRST_AND_SECOND, SECOND))
    assert heard.alone[:4].tolist() == [[False] * 3, [True, False, False], [False] * 3, [False, True, False]]


@given(st.integers(0, 60 * RATE), st.sampled_from([1.0, 2.5, 5.0]))
def test_windows_cover_the_whole_recording_and_reach_its_end(samples, step):
    starts = window_starts(samples, step)
    assert starts[0] == 0
    assert starts[-1] + FRAMES == frames_in(samples)
    assert all(a < b <= a + round(step * RATE / FRAME) for a, b in pairwise(starts))
    # The last window ends within two frames of the recording's last sample.
    assert samples <= WINDOW or abs(starts[-1] * FRAME + WINDOW - samples) <= 2 * FRAME


def test_frames_stand_in_order_of_time():
    assert seconds_at(0) == 0
    assert seconds_at(100) == pytest.approx(1.71, abs=0.01)


@given(st.lists(st.booleans(), max_size=50))
def test_runs_are_the_stretches_of_true(flags):
    found = runs(np.array(flags, dtype=bool))
    rebuilt = [False] * len(flags)
    for start, end in found:
        assert start < end
        rebuilt[start:end] = [True] * (end - start)
    assert rebuilt == flags
    assert all(a[1] < b[0] for a, b in pairwise(found))


@given(st.lists(st.booleans(), max_size=50), st.integers(0, 20))
def test_the_central_places_are_true_ones_with_as_many_left_out_on_either_side(flags, most):
    true = np.flatnonzero(flags).tolist()
    found = central(np.array(flags, dtype=bool), most).tolist()
    assert len(found) == min(most, len(true))
    if found:
        at = true.index(found[0])
        assert true[at : at + len(found)] == found
        assert abs(at - (len(true) - at - len(found))) <= 1


def windows(step, *frames):
    """Two windows `step` frames apart, each (voice speaking, first frame, last frame) in frames of the recording."""
    made = []
    for start, speaking in zip((0, step), frames, strict=True):
        activity = np.zeros((FRAMES, 3), dtype=np.float32)
        for voice, first, last in speaking:
            activity[max(0, first - start) : max(0, last - start), voice] = 1.0
        made.append(Heard(start, activity, activity.max(axis=1)))
    return made


def test_a_voice_that_goes_on_is_known_by_the_seconds_both_windows_heard():
    before, after = windows(300, [(0, 100, 500)], [(2, 300, 500), (0, 520, 800)])
    assert np.argwhere(same_voices(before, after)).tolist() == [[0, 2]]


def test_voices_that_hardly_share_their_time_are_not_taken_for_one():
    before, after = windows(300, [(0, 300, 450)], [(1, 400, 560)])
    assert not same_voices(before, after).any()


def test_windows_that_share_no_second_have_no_voice_in_common():
    before, after = windows(FRAMES, [(0, 0, FRAMES)], [(0, FRAMES, 2 * FRAMES)])
    assert not same_voices(before, after).any()
