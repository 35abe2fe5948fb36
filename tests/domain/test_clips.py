"""Clips by which a voice is known: that voice alone, and from all over what it says."""

from hypothesis import given
from hypothesis import strategies as st

from convarchive.domain.clips import clean
from convarchive.domain.span import Span
from convarchive.domain.speech import SpeakerLabel, Turn

S1, S2 = SpeakerLabel("S1"), SpeakerLabel("S2")


def turn(label, start, end):
    return Turn(Span(start, end), label)


@given(st.lists(st.tuples(st.sampled_from([S1, S2]), st.integers(0, 90_000), st.integers(1, 30_000)), max_size=20))
def test_nobody_else_is_heard_in_a_clip_and_none_is_too_long(rows):
    turns = [turn(label, start, start + length) for label, start, length in rows]
    chosen = clean(turns, S1)
    own = [one.span for one in turns if one.label == S1]
    assert len(chosen) <= 3
    assert list(chosen) == sorted(chosen)
    for clip in chosen:
        assert clip.duration <= 8_000
        assert any(clip.overlap(span) for span in own)
        assert not any(clip.gap(one.span) < 250 for one in turns if one.label == S2)


def test_a_voice_that_talks_in_one_piece_is_heard_at_its_beginning_middle_and_end():
    chosen = clean([turn(S1, 0, 600_000)], S1)
    assert [clip.start // 200_000 for clip in chosen] == [0, 1, 2]
    assert all(3_000 <= clip.duration <= 8_000 for clip in chosen)


def test_a_voice_that_is_two_persons_is_heard_as_both():
    first = [turn(S1, 10_000 * n, 10_000 * n + 5_000) for n in range(6)]
    second = [turn(S1, 500_000, 504_000)]
    starts = {clip.start for clip in clean([*first, *second], S1)}
    assert min(starts) < 60_000
    assert max(starts) == 500_000


def test_clips_are_of_as_many_turns_as_there_are_before_any_gives_a_second():
    long = [turn(S1, 0, 60_000), turn(S1, 100_000, 104_000), turn(S1, 130_000, 132_000)]
    assert [clip.start for clip in clean(long, S1)] == [0, 100_000, 130_000]
    assert [clip.start for clip in clean(long[:2], S1)] == [0, 48_000, 100_000]


def test_one_who_only_says_a_few_words_is_heard_saying_them():
    assert clean([turn(S1, 5_000, 6_500), turn(S2, 7_000, 90_000)], S1) == (Span(5_000, 6_500),)
    assert clean([turn(S1, 5_000, 6_500), turn(S2, 0, 90_000)], S1) == ()
