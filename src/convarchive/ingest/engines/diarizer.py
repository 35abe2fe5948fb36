"""
Tells voices apart in a recording, with nothing known about how many there are.

Windows of ten seconds are segmented into local voices; each local voice is described by
one vector made where it undoubtedly speaks, and alone; the vectors are clustered into the recording's
voices; and the windows are laid over each other. Two windows share half of their
seconds, so a voice that goes on from one to the next is embedded only once in two.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from convarchive.domain.run import digest
from convarchive.domain.span import Span
from convarchive.domain.speech import Turn
from convarchive.errors import BadInput
from convarchive.ingest.clustering import Pieces, Rule, likeness, reliable, voices_of
from convarchive.ingest.doubts import Care, doubted, to_hear_again
from convarchive.ingest.engines.audio import Samples, samples
from convarchive.ingest.engines.ears import HOP, REACH, SIZES, Segmenter, SpeechEar, VoiceEncoder
from convarchive.ingest.ports import Report
from convarchive.ingest.sifting import Sieve, disputed, sifted, speaks
from convarchive.ingest.stitching import Floor, Manner, given, held, matched, turns_of, without
from convarchive.ingest.voices import (
    FIELD,
    FRAME,
    FRAMES,
    LOCAL,
    RATE,
    WINDOW,
    Flags,
    Floats,
    Heard,
    central,
    decoded,
    same_voices,
    window_starts,
)

RECIPE = 4
"""Raised whenever the method changes in a way that its settings do not show."""


@dataclass(frozen=True, slots=True)
class Settings:
    """
    How voices are told apart. `step`: seconds between windows. `batch`: windows heard at
    once (each takes some 40 MB, and more of them save no time). `longest`: seconds a
    voice is embedded from at most; `shortest`: at least.
    `reuse`: whether a voice that goes on in the next window keeps the vector it has.
    What `care` asks to be heard again is embedded once more in the end, and goes to a voice that is
    `margin` of cosine nearer.
    """

    step: float = 5.0
    batch: int = 4
    longest: float = 4.0
    shortest: float = 0.3
    reuse: bool = True
    margin: float = 0.1
    sieve: Sieve = field(default_factory=Sieve)
    care: Care = field(default_factory=Care)
    rule: Rule = field(default_factory=Rule)
    manner: Manner = field(default_factory=Manner)


def changed(values: Mapping[str, float]) -> Settings:
    """The usual settings with these changed, wherever they stand. Raises BadInput for an unknown one."""
    found = Settings()
    for name, value in values.items():
        parts: dict[str, Any] = {name: value}
        if name in {one.name for one in fields(Rule)}:
            parts = {"rule": replace(found.rule, **parts)}
        elif name in {one.name for one in fields(Sieve)}:
            parts = {"sieve": replace(found.sieve, **parts)}
        elif name in {one.name for one in fields(Care)}:
            parts = {"care": replace(found.care, **parts)}
        elif name in {one.name for one in fields(Manner)}:
            parts = {"manner": replace(found.manner, **parts)}
        elif name not in {one.name for one in fields(Settings)}:
            raise BadInput(f"voices have no setting {name!r}; there are threshold, speech, beside, step and more")
        found = replace(found, **parts)
    return found


@dataclass(slots=True)
class _Told:
    """
    What is known of a recording so far, window by window: what was heard, and of each local voice
    its vector, for how many seconds it is alone beyond dispute, and whether that is most of the time.
    """

    heard: list[Heard]
    vectors: list[Floats]
    seconds: list[Floats]
    beyond: list[Flags]


class NeuralDiarizer:
    """Tells voices apart by segmentation 3.0 and CAM++; a Diarizer."""

    def __init__(
        self, segmentation: Path, campplus: Path, *, threads: int = 2, settings: Settings | None = None
    ) -> None:
        """
        `segmentation` and `campplus` are the folders of the two models, each holding `model.onnx`.

        Raises ModelMissing where one is not there or damaged.
        """
        self._settings = settings or Settings()
        files = (segmentation / "model.onnx", campplus / "model.onnx")
        self._segmenter = Segmenter(files[0], threads)
        self._encoder = VoiceEncoder(files[1], threads)
        self._ear = SpeechEar()
        self._weights = tuple(_sha256(path) for path in files)

    @property
    def fingerprint(self) -> str:
        """Names the tool, its version, its settings and its weights."""
        facts = digest(
            RECIPE, self._weights, asdict(self._settings), version("kaldi-native-fbank"), version("faster-whisper")
        )
        return f"voices {RECIPE} (segmentation-3.0, CAM++) {facts[:12]}"

    def diarize(self, audio: Path, *, most_voices: int | None = None, report: Report | None = None) -> tuple[Turn, ...]:
        """
        Return who held the floor when, sorted, with labels `S1`, `S2`, … by first appearance.

        No turn where nobody speaks (silence, music). Raises AudioUnreadable.
        """
        with samples(audio) as sound:
            if sound.silent:
                return ()
            spoken = speaks(self._ear.likelihood(sound.count, sound.read), self._settings.sieve)
            told = self._listened(sound, spoken, report)
            centroids = voices_of(_pieces(told), self._settings.rule, most=most_voices)
            alike = [likeness(vectors, centroids) for vectors in told.vectors]
            matches = matched(told.heard, alike)
            floor = held(told.heard, matches, len(centroids), self._settings.manner)
            floor = self._without_music(sound, floor, centroids, spoken)
            doubts = doubted(told.heard, alike, told.seconds, matches, self._settings.care)
            floor = self._heard_again(sound, floor, centroids, doubts)
        return _within(turns_of(floor, self._settings.manner), sound.duration)

    def _listened(self, sound: Samples, spoken: Flags, report: Report | None) -> _Told:
        """Hear every window, and embed every voice that stands alone in it for long enough."""
        told = _Told([], [], [], [])
        fresh = np.zeros(LOCAL, dtype=np.bool_)
        starts = window_starts(sound.count, self._settings.step)
        for group in _grouped(starts, self._settings.batch):
            block = _block(sound, group[0], group[-1])
            offsets = [(start - group[0]) * FRAME for start in group]
            scores = self._segmenter.scores(np.stack([block[at : at + WINDOW] for at in offsets]))
            wanted: list[tuple[int, int]] = []
            features: list[Floats] = []
            for at, start, score in zip(offsets, group, scores, strict=True):
                heard = decoded(start, score)
                sure = sifted(heard, spoken)
                fresh = self._worth_embedding(told.heard[-1] if told.heard else None, heard, fresh)
                told.heard.append(heard)
                told.vectors.append(np.zeros((LOCAL, self._encoder.dimensions), dtype=np.float32))
                told.seconds.append(_seconds(sure))
                told.beyond.append(_seconds(sure) >= self._settings.sieve.undisputed * _seconds(heard))
                for local in np.flatnonzero(fresh).tolist():
                    wanted.append((len(told.heard) - 1, local))
                    features.append(self._features(block[at : at + WINDOW], self._telling(heard, sure, local), local))
            for (window, local), vector in zip(wanted, self._encoder.vectors(features), strict=True):
                told.vectors[window][local] = vector
            if report is not None:
                done = sound.duration if group[-1] == starts[-1] else (group[-1] + FRAMES) * FRAME * 1000 // RATE
                report(done, sound.duration)
        return told

    def _telling(self, heard: Heard, sure: Heard, local: int) -> Heard:
        """What a local voice is described by: all of it, or what is beyond dispute where that is less than most."""
        beyond, whole = float(_seconds(sure)[local]), float(_seconds(heard)[local])
        # Short pieces say less, and a voice that is disputed throughout still has to be somebody's or nobody's.
        most = beyond >= self._settings.sieve.undisputed * whole
        return heard if most or beyond < self._settings.shortest else sure

    def _worth_embedding(self, before: Heard | None, heard: Heard, fresh: Flags) -> Flags:
        """Which local voices need a vector: those long enough alone that do not go on from one just embedded."""
        enough = _seconds(heard) >= self._settings.shortest
        if before is None or not self._settings.reuse:
            return np.asarray(enough)
        # Told by the segmentation itself: in the seconds both windows heard, the same voice speaks.
        goes_on = same_voices(before, heard)
        return np.asarray(enough & ~(goes_on & fresh[:, None]).any(axis=0))

    def _without_music(self, sound: Samples, floor: Floor, centroids: Floats, spoken: Flags) -> Floor:
        """Take disputed sound away from the voices that sounds like none of them."""
        sieve = self._settings.sieve
        pieces = disputed(floor, spoken, sieve)
        gone: list[tuple[int, Span]] = []
        for some, vectors in self._embedded(sound, pieces):
            asked = sieve.like * reliable(np.array([span.duration / 1000 for _, span in some]))
            nearest = likeness(vectors, centroids).max(axis=1)
            gone += [one for one, least, cosine in zip(some, asked, nearest, strict=True) if cosine < least]
        return without(floor, gone)

    def _embedded(
        self, sound: Samples, stretches: Sequence[tuple[int, Span]]
    ) -> Iterator[tuple[Sequence[tuple[int, Span]], Floats]]:
        """Some stretches at a time, with the vectors of how they sound."""
        settings = self._settings
        for at in range(0, len(stretches), settings.batch):
            some = stretches[at : at + settings.batch]
            banks = [self._encoder.features(_middle(sound, span, settings.longest)) for _, span in some]
            yield some, self._encoder.vectors(banks)

    def _heard_again(self, sound: Samples, floor: Floor, centroids: Floats, doubts: Sequence[Sequence[Span]]) -> Floor:
        """Embed once more what may be another voice's, and hand over what clearly sounds like another."""
        if len(centroids) < 2:
            return floor
        moves: list[tuple[int, Span, int]] = []
        for some, vectors in self._embedded(sound, to_hear_again(floor, doubts, self._settings.care)):
            for (voice, span), row in zip(some, likeness(vectors, centroids), strict=True):
                nearest = int(row.argmax())
                if row[nearest] > row[voice] + self._settings.margin:
                    moves.append((voice, span, nearest))
        return given(floor, moves)

    def _features(self, window: Floats, heard: Heard, local: int) -> Floats:
        """Filter banks of the central seconds in which a voice is alone: float32 [frames, 80]."""
        most = round(self._settings.longest * RATE / FRAME)
        places = central(heard.alone[:, local], most)
        first, last = int(places[0]) * FRAME, int(places[-1]) * FRAME + FIELD
        banks = self._encoder.features(window[first:last])
        # A filter bank belongs where its middle falls into a frame of the voice alone.
        middles = first + np.arange(len(banks)) * HOP + REACH // 2
        frames = np.clip((middles - (FIELD - FRAME) // 2) // FRAME, 0, FRAMES - 1)
        mask = np.zeros(FRAMES, dtype=np.bool_)
        mask[places] = True
        chosen = banks[mask[frames]]
        return np.asarray((chosen if len(chosen) else banks)[: SIZES[-1]])


def _block(sound: Samples, first: int, last: int) -> Floats:
    """The samples of windows `first` to `last` (frames), filled up with silence at the recording's end."""
    start, stop = first * FRAME, last * FRAME + WINDOW
    block = np.zeros(stop - start, dtype=np.float32)
    found = sound.read(start, stop)
    block[: len(found)] = found
    return block


def _middle(sound: Samples, span: Span, longest: float) -> Floats:
    """The samples of a stretch, or the middle of it where it is longer than `longest` seconds."""
    spare = max(0, span.duration - round(longest * 1000)) // 2
    return sound.read((span.start + spare) * RATE // 1000, (span.end - spare) * RATE // 1000)


def _seconds(heard: Heard) -> Floats:
    """float32 [LOCAL]: for how long each local voice is alone."""
    return np.asarray(heard.alone.sum(axis=0) * FRAME / RATE, dtype=np.float32)


def _grouped(starts: tuple[int, ...], size: int) -> Iterator[tuple[int, ...]]:
    for at in range(0, len(starts), size):
        yield starts[at : at + size]


def _pieces(told: _Told) -> Pieces:
    """Every voice of every window that has a vector and is beyond dispute, with the seconds it is alone."""
    vectors = np.concatenate(told.vectors)
    seconds = np.concatenate(told.seconds).astype(np.float64)
    windows = np.repeat(np.arange(len(told.vectors)), LOCAL)
    known = np.flatnonzero((np.abs(vectors).sum(axis=1) > 0) & np.concatenate(told.beyond))
    return Pieces(vectors[known], seconds[known], windows[known])


def _within(turns: tuple[Turn, ...], duration: int) -> tuple[Turn, ...]:
    """Turns cut at the recording's end, which the last window may reach beyond."""
    return tuple(
        Turn(type(t.span)(t.span.start, min(t.span.end, duration)), t.label) for t in turns if t.span.start < duration
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
