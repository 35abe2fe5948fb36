"""
Describes how each voice of a recording sounds, from the stretches in which it speaks alone.

A voice is cut into pieces of at most four seconds, each is embedded by CAM++ (3D-Speaker),
and the mean of those, made a unit vector, is how it sounds. Nothing is written anywhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path

import numpy as np

from convarchive.domain.run import digest
from convarchive.domain.span import Span
from convarchive.domain.speech import SpeakerLabel
from convarchive.ingest.engines.audio import samples
from convarchive.ingest.engines.ears import VoiceEncoder
from convarchive.ingest.voiceprinting import Voiceprinting
from convarchive.ingest.voices import RATE, Floats
from convarchive.naming.voiceprints import Voice

RECIPE = 1
"""Raised whenever the method changes: prints of another recipe are not compared."""
PIECE = 4_000
"""Milliseconds that are embedded at once, at most."""
SHORTEST = 1_000
"""Milliseconds that are embedded at once, at least."""
MOST = 20
"""Pieces that are listened to of one voice, spread over all it says."""
NARROW = -20.0
"""
Decibels between what a voice has just above 4 kHz and just below (`band`). Voices in rooms
and studios stood at -11.5 and above, telephones at -31 and below.
"""
_FRAME = 400
_BELOW, _ABOVE = slice(50, 85), slice(105, 175)
"""Bins of 40 Hz: 2 to 3.4 kHz, and 4.2 to 7 kHz."""


class VoiceListener:
    """Says how voices sound, by CAM++ run by ONNX Runtime."""

    def __init__(self, campplus: Path, *, threads: int = 2) -> None:
        """`campplus` is the model's folder, holding `model.onnx`. Raises ModelMissing."""
        model = campplus / "model.onnx"
        self._encoder = VoiceEncoder(model, threads)
        with model.open("rb") as file:
            weights = hashlib.file_digest(file, "sha256").hexdigest()
        facts = digest(RECIPE, weights, PIECE, MOST, version("kaldi-native-fbank"))
        self.fingerprint = f"voiceprints {RECIPE} (CAM++) {facts[:12]}"

    @property
    def tool(self) -> Voiceprinting:
        """This, as the stages use it."""
        return Voiceprinting(self.fingerprint, self.listen)

    def listen(self, audio: Path, voices: Mapping[SpeakerLabel, Sequence[Span]]) -> dict[SpeakerLabel, Voice]:
        """
        How each voice sounds in its stretches; voices without a second of them are left out.

        Raises AudioUnreadable.
        """
        found: dict[SpeakerLabel, Voice] = {}
        with samples(audio) as sound:
            for label, spans in voices.items():
                pieces = _spread([piece for span in spans for piece in _pieces(span)])
                heard = [sound.read(p.start * RATE // 1000, p.end * RATE // 1000) for p in pieces]
                heard = [one for one in heard if len(one) >= SHORTEST * RATE // 1000 - 1]
                if not heard:
                    continue
                mean = self._encoder.vectors([self._encoder.features(one) for one in heard]).mean(axis=0)
                unit = mean / max(float(np.linalg.norm(mean)), 1e-9)
                found[label] = Voice(
                    tuple(float(one) for one in unit),
                    sum(len(one) for one in heard) * 1000 // RATE,
                    max(spans, key=lambda span: span.duration),
                    band(np.concatenate(heard)) < NARROW,
                )
        return found


def band(sound: Floats) -> float:
    """
    How loud the sound (float32 [n] at 16 kHz) is above 4 kHz against below it, in decibels, each where it is loudest.

    Two bands side by side: a dark voice loses little from one to the other, a telephone nearly all.
    """
    whole = sound[: len(sound) // _FRAME * _FRAME].reshape(-1, _FRAME) * np.hanning(_FRAME)
    power = np.abs(np.fft.rfft(whole, axis=1)) ** 2
    louder = power[power.sum(axis=1) >= np.median(power.sum(axis=1))]
    above, below = (np.quantile(louder[:, part].sum(axis=1), 0.9) for part in (_ABOVE, _BELOW))
    return float(10 * np.log10((above + 1e-20) / (below + 1e-20)))


def _pieces(span: Span) -> Iterator[Span]:
    """A stretch in equal pieces of at most `PIECE`."""
    if span.duration < SHORTEST:
        return
    count = -(-span.duration // PIECE)
    cuts = [span.start + span.duration * i // count for i in range(count + 1)]
    yield from (Span(a, b) for a, b in pairwise(cuts))


def _spread(pieces: Sequence[Span]) -> list[Span]:
    """At most `MOST` of the pieces, as far apart as they can be."""
    if len(pieces) <= MOST:
        return list(pieces)
    return [pieces[round(i * (len(pieces) - 1) / (MOST - 1))] for i in range(MOST)]
