"""What a voice is known by: words it says while nobody else speaks."""

from hypothesis import given, settings
from hypothesis import strategies as st

from convarchive.domain.span import Span
from convarchive.domain.speech import SpeakerLabel, Turn, Utterance
from convarchive.domain.transcript import Word
from convarchive.ingest.clean_speech import GUARD, SHORTEST, clean_speech

S1, S2 = SpeakerLabel("S1"), SpeakerLabel("S2")
STRETCH = st.tuples(st.integers(0, 60_000), st.integers(1, 20_000)).map(lambda one: Span(one[0], one[0] + one[1]))


def spoken(label, *words):
    return Utterance(label, 0, tuple(Word("word", Span(a, b)) for a, b in words))


def test_overlap_borders_silence_and_what_was_closed_are_left_out():
    turns = [Turn(Span(0, 20_000), S1), Turn(Span(8_000, 10_000), S2), Turn(Span(30_000, 40_000), S2)]
    said = [
        spoken(S1, (0, 4_000), (4_300, 9_000), (9_100, 12_000), (15_000, 19_000)),
        spoken(S2, (30_000, 36_000), (39_500, 40_000)),
    ]
    found = clean_speech(turns, said, [Span(16_000, 17_500)])
    assert found == {
        S1: (Span(0, 8_000 - GUARD), Span(10_000 + GUARD, 12_000), Span(15_000, 16_000), Span(17_500, 19_000)),
        S2: (Span(30_000, 36_000),),
    }


@settings(max_examples=60)
@given(st.lists(st.tuples(STRETCH, st.sampled_from((S1, S2))), max_size=8), st.lists(STRETCH, max_size=3))
def test_nothing_is_used_that_lies_outside_a_voices_turns_or_in_anybody_elses(turns, without):
    held = [Turn(span, label) for span, label in turns]
    said = [spoken(turn.label, (turn.span.start, turn.span.end)) for turn in held]
    for label, spans in clean_speech(held, said, without).items():
        assert list(spans) == sorted(spans)
        for span in spans:
            assert span.duration >= SHORTEST
            assert sum(span.overlap(t.span) for t in held if t.label == label) >= span.duration
            assert not [t for t in held if t.label != label and t.span.overlap(span)]
            assert not [gone for gone in without if gone.overlap(span)]
