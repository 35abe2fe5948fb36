"""
Spoils recordings the way the world does: narrow lines, noise, rooms, music between turns, lossy files.

All sound is float32 [n], mono, 16,000 samples a second. Everything is the same in every run.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from convarchive.domain.span import Span
from convarchive.evaluation.mixing import RATE, Decode, Sound, write
from convarchive.evaluation.speech import Reference, Stretch

BLOCK = 1 << 20
"""Samples transformed at a time."""
NOISE_DB = 10.0
"""How much louder than the noise speech is."""
RT60 = 0.5
"""Seconds after which an echo is 60 dB weaker."""
JINGLE = 4.0
"""Seconds of music put between turns."""
EVERY = 20_000
"""Milliseconds from one jingle to the next at least."""


def narrowed(sound: Sound) -> Sound:
    """The sound as a line of 8 kHz passes it on: nothing above 4 kHz."""
    return _band(sound, 0, 3_900)


def telephoned(sound: Sound) -> Sound:
    """The sound in a telephone's band: nothing below 300 Hz or above 3.4 kHz."""
    return _band(sound, 300, 3_400)


def _band(sound: Sound, low: int, high: int) -> Sound:
    made = np.empty_like(sound)
    for at in range(0, len(sound), BLOCK):
        block = sound[at : at + BLOCK]
        spectrum = np.fft.rfft(block)
        pitch = np.fft.rfftfreq(len(block), 1 / RATE)
        spectrum[(pitch < low) | (pitch > high)] = 0
        made[at : at + BLOCK] = np.fft.irfft(spectrum, len(block)).astype(np.float32)
    return made


def noisy(sound: Sound) -> Sound:
    """The sound under noise that falls off to the treble, `NOISE_DB` below the level of its speech."""
    white = np.fft.rfft(np.random.default_rng(2).normal(size=len(sound)))
    # Amplitude falls with the root of frequency (pink noise), level below 60 Hz.
    pitch = np.maximum(np.fft.rfftfreq(len(sound), 1 / RATE), 60.0)
    pink = np.fft.irfft(white / np.sqrt(pitch), len(sound))
    frames = sound[: len(sound) // 1600 * 1600].reshape(-1, 1600)
    power = np.sort((frames.astype(np.float64) ** 2).mean(axis=1))
    # Speech is what the louder half of the recording's tenths of a second hold.
    speech = power[len(power) // 2 :].mean()
    pink *= np.sqrt(speech / 10 ** (NOISE_DB / 10) / np.mean(pink**2))
    return np.clip(sound + pink, -1, 1).astype(np.float32)


def echoing(sound: Sound) -> Sound:
    """The sound in a hard room: the straight way, and noise that dies away by 60 dB in `RT60` seconds."""
    rng = np.random.default_rng(3)
    at = np.arange(round(RT60 * RATE)) / RATE
    tail = rng.normal(size=len(at)) * 10 ** (-3 * at / RT60)
    tail[: round(0.003 * RATE)] = 0
    # As much sound comes back from the walls as comes straight.
    room = tail / np.sqrt(np.sum(tail**2))
    room[0] = 1.0
    made = np.zeros(len(sound) + len(room), dtype=np.float64)
    for start in range(0, len(sound), BLOCK):
        block = sound[start : start + BLOCK]
        size = len(block) + len(room)
        made[start : start + size] += np.fft.irfft(np.fft.rfft(block, size) * np.fft.rfft(room, size), size)
    made = made[: len(sound)]
    return (made * min(1.0, 0.98 / max(1e-9, float(np.abs(made).max())))).astype(np.float32)


def jingle(number: int, seconds: float = JINGLE, loudness: float = 0.08) -> Sound:
    """Plucked chords with bass and beat, another tune for each number, faded in and out."""
    rng = np.random.default_rng(100 + number)
    at = np.arange(RATE // 4) / RATE
    bars = []
    for _ in range(round(seconds * 4)):
        note = 220.0 * 2 ** (rng.choice([0, 3, 5, 7, 10, 12]) / 12)
        chord = sum(np.sin(2 * np.pi * note * k * at) / k for k in (1, 2, 3, 4)) + np.sin(np.pi * note * at)
        bars.append(chord * np.exp(-4 * at) + 0.5 * rng.normal(size=len(at)) * np.exp(-60 * at))
    tune = np.concatenate(bars)
    fade = np.minimum(1, np.minimum(np.arange(len(tune)), np.arange(len(tune))[::-1]) / (0.3 * RATE))
    return np.asarray(tune * fade * (loudness / np.sqrt(np.mean(tune**2))), dtype=np.float32)


def with_jingles(one: Reference, sound: Sound, folder: Path) -> Reference:
    """Music before the first word, after the last, and where the voice changes, no more often than `EVERY`."""
    places = [0]
    spoken = sorted(one.spoken, key=lambda row: row.span)
    end = 0
    for before, row in itertools.pairwise(spoken):
        end = max(end, before.span.end)
        if row.span.start >= end and row.speaker != before.speaker and row.span.start - places[-1] >= EVERY:
            places.append((end + row.span.start) // 2)
    cuts = [*places, len(sound) * 1000 // RATE]
    parts: list[Sound] = []
    for number, (a, b) in enumerate(itertools.pairwise(cuts)):
        parts += [jingle(number), sound[a * RATE // 1000 : b * RATE // 1000]]
    parts.append(jingle(len(cuts)))

    def moved(row: Stretch) -> Stretch:
        later = round(JINGLE * 1000) * sum(place <= row.span.start for place in places)
        return Stretch(Span(row.span.start + later, row.span.end + later), row.speaker, row.text)

    whole = write(np.concatenate(parts), folder / f"{one.id}.wav")
    return Reference(one.id, whole, tuple(map(moved, one.spoken)), tuple(map(moved, one.said)))


def as_mp3(one: Reference, encode: Callable[[Path, Path], object], folder: Path) -> Reference:
    """The recording as `encode` writes it."""
    out = folder / f"{one.id}.mp3"
    encode(one.audio, out)
    return Reference(one.id, out, one.spoken, one.said)


def concatenated(id: str, recordings: Sequence[Reference], decode: Decode, duration: int, folder: Path) -> Reference:
    """The recordings one after the other, a second apart, again and again until `duration` ms are full."""
    parts: list[Sound] = []
    spoken: list[Stretch] = []
    at = 0
    sounds = [decode(one.audio) for one in recordings]
    while at < duration:
        for one, sound in zip(recordings, sounds, strict=True):
            if at >= duration:
                break
            spoken += [Stretch(Span(r.span.start + at, r.span.end + at), r.speaker) for r in one.spoken]
            parts += [sound, np.zeros(RATE, dtype=np.float32)]
            at = sum(map(len, parts)) * 1000 // RATE
    return Reference(
        id, write(np.concatenate(parts), folder / f"{id}.wav"), tuple(sorted(spoken, key=lambda r: r.span)), ()
    )
