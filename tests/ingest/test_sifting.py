"""Sound in which a second ear hears no speech is disputed, and stays a voice's only where it sounds like one."""

import numpy as np

from convarchive.domain.span import Span
from convarchive.ingest.sifting import CHUNK, Sieve, disputed, sifted, speaks
from convarchive.ingest.stitching import without
from convarchive.ingest.voices import FRAMES, LOCAL, RATE, Heard


def likelihood(*parts):
    """So many seconds of each likelihood of speech."""
    return np.concatenate([np.full(round(seconds * RATE / CHUNK), value, np.float32) for seconds, value in parts])


def test_music_between_speech_is_disputed_and_a_brief_lull_is_not():
    spoken = speaks(likelihood((4, 0.9), (0.3, 0.0), (4, 0.9), (6, 0.02), (4, 0.9)), Sieve())
    ((voice, piece),) = [one for one in disputed(((Span(0, 18_300),),), spoken, Sieve(longest=60))]
    assert voice == 0
    assert 8_300 < piece.start < 9_500
    assert 13_200 < piece.end < 14_400


def test_a_long_dispute_is_decided_piece_by_piece():
    spoken = speaks(likelihood((12, 0.0)), Sieve())
    pieces = [piece for _, piece in disputed(((), (Span(1_000, 11_000),)), spoken, Sieve())]
    assert [(piece.start, piece.end) for piece in pieces] == [(1_000, 4_333), (4_333, 7_666), (7_666, 11_000)]


def test_a_sieve_that_asks_for_nothing_disputes_nothing():
    assert speaks(likelihood((3, 0.0)), Sieve(likely=0)).all()


def test_disputed_sound_is_silence_to_whoever_founds_voices():
    there = np.ones((FRAMES, LOCAL), np.float32)
    heard = sifted(Heard(0, there, there[:, 0]), speaks(likelihood((5, 1.0), (5, 0.0)), Sieve()))
    assert heard.speech[: FRAMES // 2].all()
    assert not heard.speech[-FRAMES // 3 :].any()
    assert not heard.activity[-FRAMES // 3 :].any()


def test_what_is_taken_from_a_voice_is_nobodys():
    floor = ((Span(0, 9_000),), (Span(2_000, 3_000),))
    assert without(floor, [(0, Span(2_000, 4_000)), (0, Span(4_000, 5_000))]) == (
        (Span(0, 2_000), Span(5_000, 9_000)),
        (Span(2_000, 3_000),),
    )
