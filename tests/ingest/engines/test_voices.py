"""How voices sound, by the real model: people are like themselves elsewhere, and unlike everybody else."""

import json
import wave
from importlib.resources import files
from pathlib import Path

import av
import numpy as np
import pytest

from convarchive.domain.span import Span
from convarchive.ingest.engines.voices import NARROW, PIECE, VoiceListener, _pieces, _spread, band
from convarchive.models.shelf import default_folder, require
from convarchive.naming.voiceprints import RULE

SHOW = Path(str(files("convarchive.cli"))) / "sample_show"


@pytest.fixture(scope="module")
def listener():
    return VoiceListener(require(default_folder(), "campplus"))


def turns(number):
    """An episode's sound, and when each person speaks in it."""
    episode = json.loads((SHOW / "reference.json").read_text())["episodes"][number - 1]
    found = {}
    for line in episode["lines"]:
        found.setdefault(line["speaker"], []).append(Span(line["start_ms"], line["end_ms"]))
    return SHOW / episode["audio"], found


@pytest.mark.slow
def test_everybody_is_like_themselves_in_another_episode_and_like_nobody_else(listener):
    first, second = (listener.listen(*turns(number)) for number in (1, 2))
    like = {(a, b): float(np.dot(first[a].vector, second[b].vector)) for a in first for b in second}
    assert like["Tom Atlantis", "Tom Atlantis"] > RULE.threshold + RULE.margin
    # Two of the guests are one synthesiser at two pitches.
    assert all(likeness < RULE.threshold - RULE.margin for (a, b), likeness in like.items() if a != b)
    assert all(not one.narrow and one.speech_ms > RULE.made for one in (*first.values(), *second.values()))
    assert np.linalg.norm(first["Tom Atlantis"].vector) == pytest.approx(1.0, abs=1e-5)


@pytest.mark.slow
def test_a_telephones_band_is_noticed_and_too_short_a_voice_left_out(listener, tmp_path):
    audio, spoken = turns(1)
    with av.open(str(audio)) as file:
        resample = av.AudioResampler("s16", "mono", 8000)
        parts = [part.to_ndarray()[0] for frame in file.decode(audio=0) for part in resample.resample(frame)]
    small = tmp_path / "telephone.wav"
    with wave.open(str(small), "wb") as out:
        out.setparams((1, 2, 8000, 0, "NONE", ""))
        out.writeframes(np.concatenate(parts).tobytes())
    found = listener.listen(small, {"S1": spoken["Tom Atlantis"], "S2": (Span(1000, 1900),)})
    assert list(found) == ["S1"]
    assert found["S1"].narrow


def test_noise_is_wide_and_what_ends_below_4_khz_is_narrow():
    noise = np.random.default_rng(3).standard_normal(32_000)
    spectrum = np.fft.rfft(noise)
    spectrum[len(spectrum) // 2 :] = 0
    assert band(noise.astype(np.float32)) > NARROW + 20
    assert band(np.fft.irfft(spectrum).astype(np.float32)) < NARROW - 20


def test_long_speech_is_heard_in_pieces_from_all_over_it():
    pieces = list(_pieces(Span(500, 10_500)))
    assert [(p.start, p.end) for p in pieces] == [(500, 3833), (3833, 7166), (7166, 10_500)]
    assert all(p.duration <= PIECE for p in pieces)
    many = [Span(n, n + 1) for n in range(1000)]
    some = _spread(many)
    assert (len(some), some[0], some[-1]) == (20, many[0], many[-1])
    assert list(_pieces(Span(0, 999))) == []
