"""Makes small sound files whose every click stands at a known time."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
from av.audio.frame import AudioFrame

CLICKS = (0.5, 1.73, 3.11, 7.77, 11.34)
LENGTH = 12
CODECS = {
    ".wav": ("pcm_s16le", 44_100),
    ".flac": ("flac", 44_100),
    ".mp3": ("libmp3lame", 44_100),
    ".m4a": ("aac", 44_100),
    ".opus": ("libopus", 48_000),
    ".webm": ("libopus", 48_000),
}


def click_track(rate, length=LENGTH, clicks=CLICKS):
    sound = np.zeros(rate * length, dtype=np.float32)
    size = rate // 50
    for at in clicks:
        start = round(at * rate)
        sound[start : start + size] = 0.8 * np.sin(2 * np.pi * 1500 * np.arange(size) / rate)
    return sound


def write(path: Path, sound, rate, codec=None):
    codec = codec or CODECS[path.suffix][0]
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=rate, layout="mono")
        frame = AudioFrame.from_ndarray((sound * 32767).astype(np.int16)[None], format="s16", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = rate, 0, Fraction(1, rate)
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def clicks_in(path: Path, suffix):
    codec, rate = CODECS[suffix]
    return write(path, click_track(rate), rate, codec)


def onsets(sound, rate=16_000):
    """Times in seconds at which a click begins."""
    loud = np.flatnonzero(np.abs(sound) > 0.3)
    starts = [loud[0], *(b for a, b in pairwise(loud) if b - a > rate // 10)]
    return [int(start) / rate for start in starts]
