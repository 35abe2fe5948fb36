"""Windows with voices of their own become turns of one recording."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convarchive.domain.span import Span
from convarchive.domain.speech import SpeakerLabel, Turn
from convarchive.ingest import stitching
from convarchive.ingest.stitching import NOBODY, Manner, alone, held, labelled, matched, turns_of
from convarchive.ingest.voices import FRAME, FRAMES, RATE, Heard

SECOND = round(RATE / FRAME)


def window(start, *speaking):
    """A window from second `start`; each local voice speaks (first, last) in seconds of the recording."""
    activity = np.zeros((FRAMES, 3), dtype=np.float32)
    for voice, stretches in enumerate(speaking):
        for first, last in stretches:
            a, b = round((first - start) * RATE / FRAME), round((last - start) * RATE / FRAME)
            activity[max(0, a) : max(0, b), voice] = 0.9
    return Heard(start * SECOND, activity, np.minimum(1.0, activity.max(axis=1)))


def alike(*rows):
    """Cosines of three local voices with the recording's voices."""
    return np.array(rows, dtype=np.float32)


def seconds(floor):
    return [[(round(span.start / 1000, 1), round(span.end / 1000, 1)) for span in own] for own in floor]


def test_local_voices_are_matched_with_the_voices_they_sound_like():
    one = window(0, [(0, 4)], [(5, 9)])
    two = window(5, [(5, 9)], [(10, 14)])
    found = matched([one, two], [alike((0.8, 0.1), (0.1, 0.7), (0, 0)), alike((0.2, 0.8), (0.9, 0.1), (0, 0))])
    assert found == ((0, 1, NOBODY), (1, 0, NOBODY))


def test_a_voice_never_alone_is_the_one_the_window_before_says_it_is():
    one = window(0, [(5, 10)], [(0, 4)])
    two = window(5, [(11, 14)], [], [(5, 10)])
    found = matched([one, two], [alike((0.1, 0.8), (0.9, 0.1), (0, 0)), alike((0.8, 0.1), (0, 0), (0, 0))])
    assert found[1] == (0, NOBODY, 1)


def test_two_local_voices_are_one_only_where_both_plainly_sound_so():
    split = window(0, [(0, 4)], [(5, 9)])
    assert matched([split], [alike((0.8, 0.1), (0.8, 0.1), (0, 0))])[0] == (0, 0, NOBODY)
    assert matched([split], [alike((0.8, 0.3), (0.5, 0.4), (0, 0))])[0] == (0, 1, NOBODY)


def test_a_window_of_nobody_matches_nobody():
    assert matched([window(0)], [alike((0, 0), (0, 0), (0, 0))]) == ((NOBODY,) * 3,)


def test_windows_laid_over_each_other_give_the_floor():
    heard = [window(0, [(0, 4)], [(5, 10)]), window(5, [(5, 12)], [(12.5, 14)])]
    floor = held(heard, [(0, 1, NOBODY), (1, 0, NOBODY)], 2, Manner())
    assert seconds(floor) == [[(0.0, 4.0), (12.5, 14.0)], [(5.0, 12.0)]]


def test_where_two_speak_at_once_both_hold_the_floor():
    both = window(0, [(0, 6)], [(4, 9)])
    assert seconds(held([both], [(1, 0, NOBODY)], 2, Manner())) == [[(4.0, 9.0)], [(0.0, 6.0)]]


def test_ten_minutes_worked_out_in_blocks_have_no_seams():
    heard = [window(5 * n, [(5 * n, 5 * n + 10)]) for n in range(120)]
    assert len(held(heard, [(0, NOBODY, NOBODY)] * 120, 1, Manner())[0]) == 1


def test_no_window_or_no_voice_is_no_turn():
    assert turns_of(held([], [], 0, Manner()), Manner()) == ()
    assert turns_of(held([window(0, [(0, 4)])], [(NOBODY,) * 3], 0, Manner()), Manner()) == ()


def test_pauses_brief_beside_the_speech_around_them_belong_to_the_turn_and_clicks_are_none():
    floor = (
        # 0.9 s between long stretches, then the same beside a brief one, then a click.
        (Span(100, 3000), Span(3900, 8000), Span(8900, 9400), Span(14_000, 14_050)),
        (Span(20_000, 21_000),),
    )
    assert turns_of(floor, Manner()) == (
        Turn(Span(0, 8100), SpeakerLabel("S1")),
        Turn(Span(8800, 9500), SpeakerLabel("S1")),
        Turn(Span(19_900, 21_100), SpeakerLabel("S2")),
    )


def test_turns_are_made_longer_only_into_silence():
    floor = ((Span(1000, 4000),), (Span(4050, 6000),))
    assert [turn.span for turn in turns_of(floor, Manner())] == [Span(900, 4025), Span(4025, 6100)]


def test_a_sound_that_is_never_clearly_one_voices_is_nobodys():
    heard = [window(0, [(0, 4)], [(5, 6)])]
    heard[0].activity[:, 1] *= 0.4
    assert seconds(held(heard, [(0, 1, NOBODY)], 2, Manner())) == [[(0.0, 4.0)], []]


def test_voices_are_named_by_first_appearance_and_silent_ones_not_at_all():
    found = labelled([(Span(9, 10),), (), (Span(5, 7), Span(1, 2))])
    assert [(turn.span.start, turn.label) for turn in found] == [(1, "S1"), (5, "S1"), (9, "S2")]


def test_stretches_of_one_voice_alone_are_cut_by_the_others():
    floor = ((Span(0, 10_000),), (Span(3000, 4000), Span(8000, 12_000)))
    assert alone(floor, 1000) == (
        (0, Span(0, 3000)),
        (0, Span(4000, 8000)),
        (1, Span(10_000, 12_000)),
    )


def test_stretches_too_short_to_know_a_voice_by_are_left_out():
    floor = ((Span(0, 10_000),), (Span(900, 9100),))
    assert alone(floor, 1000) == ()


def test_a_stretch_handed_over_leaves_the_rest_with_its_voice():
    floor = ((Span(0, 10_000),), (Span(12_000, 13_000),))
    assert stitching.given(floor, [(0, Span(4000, 6000), 1)]) == (
        (Span(0, 4000), Span(6000, 10_000)),
        (Span(4000, 6000), Span(12_000, 13_000)),
    )


own = st.lists(st.tuples(st.integers(0, 50), st.integers(1, 20)), max_size=6).map(
    lambda pairs: tuple(stitching.joined([Span(a * 100, (a + n) * 100) for a, n in pairs]))
)


@given(st.lists(own, min_size=1, max_size=4).map(tuple), st.integers(1, 1000))
def test_whoever_is_alone_speaks_and_nobody_else_does(floor, shortest):
    found = alone(floor, shortest)
    for voice, span in found:
        assert span.duration >= shortest
        assert any(span in whole for whole in floor[voice])
        assert not any(span.overlap(o) for other, spans in enumerate(floor) if other != voice for o in spans)


@pytest.mark.slow(alone=False)
@given(st.lists(own, min_size=2, max_size=4).map(tuple), st.data())
def test_handing_over_neither_loses_nor_adds_speech(floor, data):
    stretches = alone(floor, 100)
    moves = [(voice, span, data.draw(st.integers(0, len(floor) - 1))) for voice, span in stretches]
    after = stitching.given(floor, moves)
    before = stitching.joined([span for spans in floor for span in spans])
    assert stitching.joined([span for spans in after for span in spans]) == before
