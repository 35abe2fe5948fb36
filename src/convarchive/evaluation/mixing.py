"""
Makes recordings whose truth is known by construction, from stretches of other people's reference recordings.

Stretches in which one person speaks and nobody else does are taken out of references and laid
one after the other anew: with pauses, over each other, with music between them, by as many
people as are asked for. All sound here is float32 [n], mono, 16,000 samples a second.
"""

from __future__ import annotations

import wave
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from convarchive.domain.span import Span
from convarchive.evaluation.speech import Reference, Stretch

Sound = NDArray[np.float32]
Decode = Callable[[Path], Sound]
"""Reads a recording whole, mono at 16 kHz."""

RATE = 16_000
LEAST = 1_500
"""Milliseconds a stretch lasts at least to be worth taking."""
LOUDNESS = 0.06
"""Root mean square that stretches from different recordings are brought to."""


@dataclass(frozen=True, slots=True)
class Piece:
    """What one person says without a break, and the words where they were written down."""

    speaker: str
    sound: Sound
    text: str | None

    @property
    def seconds(self) -> float:
        return len(self.sound) / RATE


def pieces(recordings: Sequence[Reference], decode: Decode) -> dict[str, tuple[Piece, ...]]:
    """
    Every stretch of at least `LEAST` ms in which one person speaks alone, by person, evened out in loudness.

    Where words were written down their stretches are taken, else those of who spoke when.
    """
    found: dict[str, list[Piece]] = {}
    for recording in recordings:
        sound = decode(recording.audio)
        rows = recording.said or recording.spoken
        for row in rows:
            if row.span.duration < LEAST or _disturbed(row, recording.spoken):
                continue
            cut = sound[row.span.start * RATE // 1000 : row.span.end * RATE // 1000]
            level = float(np.sqrt(np.mean(cut.astype(np.float64) ** 2)))
            if level > 0:
                evened = np.clip(cut * (LOUDNESS / level), -1, 1).astype(np.float32)
                found.setdefault(row.speaker, []).append(Piece(row.speaker, evened, row.text))
    return {speaker: tuple(own) for speaker, own in found.items()}


def quickened(own: Sequence[Piece], factor: float) -> tuple[Piece, ...]:
    """
    The same pieces played `factor` times as fast, as said by somebody else of that name and factor.

    Pitch and vocal tract move along, so that to an ear for voices it is another person: the models for
    voices are trained with such people (Ko et al., "Audio augmentation for speech recognition", 2015).
    """
    made = []
    for piece in own:
        places = np.arange(0, len(piece.sound) - 1, factor)
        sound = np.interp(places, np.arange(len(piece.sound)), piece.sound).astype(np.float32)
        made.append(Piece(f"{piece.speaker} x{factor:g}", sound, piece.text))
    return tuple(made)


def conversation(
    voices: Mapping[str, Sequence[Piece]], seconds: float, rng: np.random.Generator, *, each: float | None = None
) -> list[Piece]:
    """
    Let people take turns, never twice in a row where there are two, until all have said `seconds` together.

    Everybody speaks before anybody is done; `each` bounds a person's seconds.
    """
    rest = {name: [own[int(i)] for i in rng.permutation(len(own))] for name, own in voices.items()}
    said = dict.fromkeys(rest, 0.0)
    order: list[Piece] = []
    while sum(said.values()) < seconds:
        last = order[-1].speaker if order else ""
        open_ = [name for name in rest if rest[name] and (name != last or len(rest) == 1)]
        open_ = [name for name in open_ if each is None or said[name] < each]
        if not open_:
            break
        # Whoever has said least comes next, chance deciding between equals.
        least = min(said[name] for name in open_)
        name = str(rng.choice([one for one in open_ if said[one] <= least + 4.0]))
        piece = rest[name].pop()
        order.append(piece)
        said[name] += piece.seconds
    return order


def laid(id: str, order: Sequence[Piece], pauses: Sequence[float], folder: Path, floor: float = 0.0005) -> Reference:
    """
    Lay pieces out in order, `pauses[i]` seconds before piece `i`; a negative pause lets it begin over the one before.

    A floor of noise lies under all of it. Writes `ID.wav` into `folder`.
    """
    starts: list[int] = []
    end = 0
    for piece, pause in zip(order, pauses, strict=True):
        start = max(0, end + round(pause * RATE))
        starts.append(start)
        end = max(end, start + len(piece.sound))
    whole = np.random.default_rng(1).normal(0, floor, end + RATE // 2).astype(np.float32)
    for piece, start in zip(order, starts, strict=True):
        whole[start : start + len(piece.sound)] += piece.sound
    rows = [
        Stretch(Span(start * 1000 // RATE, (start + len(piece.sound)) * 1000 // RATE), piece.speaker, piece.text)
        for piece, start in zip(order, starts, strict=True)
    ]
    said = tuple(rows) if all(row.text for row in rows) else ()
    return Reference(id, write(whole, folder / f"{id}.wav"), tuple(sorted(rows, key=lambda row: row.span)), said)


def read(path: Path) -> Sound:
    """What `write` wrote."""
    with wave.open(str(path), "rb") as file:
        return np.frombuffer(file.readframes(file.getnframes()), dtype="<i2").astype(np.float32) / np.float32(32768)


def write(sound: Sound, path: Path) -> Path:
    """Write sound as 16-bit WAV and return its path."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())
    return path


def _disturbed(row: Stretch, spoken: Sequence[Stretch]) -> bool:
    return any(other.speaker != row.speaker and other.span.overlap(row.span) for other in spoken)
