"""Recordings made hard: what is made of them is what their references say, and a broken ceiling is told."""

import numpy as np
import pytest

from convarchive.domain.span import Span
from convarchive.domain.speech import SpeakerLabel, Turn
from convarchive.evaluation.hardships import Workshop, bear
from convarchive.evaluation.mixing import RATE, read, write
from convarchive.evaluation.speech import Reference, Stretch


@pytest.fixture
def talk(tmp_path):
    """Four people, a tone each, eight seconds at a time, twice."""
    at = np.arange(8 * RATE) / RATE
    rows, parts = [], []
    for n in range(8):
        who = f"voice{n % 4}"
        parts += [0.1 * np.sin(2 * np.pi * 200 * (n % 4 + 1) * at), np.zeros(RATE)]
        rows.append(Stretch(Span(9000 * n, 9000 * n + 8000), who, f"words of {who}"))
    audio = write(np.concatenate(parts).astype(np.float32), tmp_path / "talk.wav")
    return Reference("talk", audio, tuple(rows), tuple(rows))


def tell_by_tone(audio):
    """Knows each voice by its tone, in tenths of a second."""
    sound = read(audio)
    turns = []
    for n in range(len(sound) // 1600):
        spectrum = np.abs(np.fft.rfft(sound[n * 1600 : (n + 1) * 1600]))
        for voice in range(4):
            # A tenth of a second has a line every 10 Hz.
            if spectrum[20 * (voice + 1)] > 20:
                turns.append(Turn(Span(100 * n, 100 * n + 100), SpeakerLabel(f"S{voice}")))
    return tuple(turns)


def borne(talk, tmp_path, tell, *under):
    made = tmp_path / "made"
    made.mkdir()
    shop = Workshop(read, lambda audio, out: out.write_bytes(audio.read_bytes()), made)
    found = list(bear([talk], tell, shop, only=under))
    assert list(made.iterdir()) == []
    return found


@pytest.mark.slow(alone=False)
def test_who_knows_the_voices_knows_them_in_what_was_made_of_them(talk, tmp_path):
    found = borne(talk, tmp_path, tell_by_tone, "as they", "8 kHz", "noise", "spoken at once", "6 seconds", "4 voices")
    assert [(one.hardship.name, one.held) for one in found] == [
        ("as they are", True),
        ("8 kHz", True),
        ("noise at 10 dB", True),
        ("a tenth spoken at once", True),
        ("one voice for 6 seconds", True),
        ("4 voices", True),
    ]


def test_a_ceiling_is_broken_by_error_and_by_a_voice_too_many(talk, tmp_path):
    def one_too_many(audio):
        return (*tell_by_tone(audio), Turn(Span(8100, 8400), SpeakerLabel("music")))

    (found,) = borne(talk, tmp_path, one_too_many, "as they")
    assert found.score.der < found.hardship.ceiling
    assert not found.held
