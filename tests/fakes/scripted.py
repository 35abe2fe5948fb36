"""Ears that know the sample show by heart, and a grader whom everything pleases: stand-ins for models."""

from __future__ import annotations

import json
import time
from importlib.resources import files
from pathlib import Path

from convarchive.domain.span import Span
from convarchive.domain.speech import SpeakerLabel, Turn
from convarchive.domain.transcript import Transcript, Word


def _lines(audio: Path) -> list[dict]:
    reference = json.loads((files("convarchive.cli") / "sample_show" / "reference.json").read_text())
    size = audio.stat().st_size
    return next(one["lines"] for one in reference["episodes"] if one["bytes"] == size)


class ScriptedTranscriber:
    """Hears the script, each word given its share of its turn; `pace` seconds a turn, to be interrupted in."""

    fingerprint = "scripted words 1"

    def __init__(self, pace: float = 0.0) -> None:
        self._pace = pace

    def transcribe(self, audio, *, hints=(), language=None, report=None):
        words: list[Word] = []
        for line in _lines(audio):
            time.sleep(self._pace)
            said = line["text"].split()
            share = (line["end_ms"] - line["start_ms"]) / len(said)
            starts = [round(line["start_ms"] + i * share) for i in range(len(said) + 1)]
            words += [Word(t, Span(a, b), 0.9) for t, a, b in zip(said, starts, starts[1:], strict=False)]
            if report:
                report(line["end_ms"], 0)
        return Transcript(tuple(words), "en", "heard", self.fingerprint)


class ScriptedDiarizer:
    """Tells apart whoever the script names, by first appearance."""

    fingerprint = "scripted turns 1"

    def diarize(self, audio, *, most_voices=None, report=None):
        labels: dict[str, SpeakerLabel] = {}
        turns = []
        for line in _lines(audio):
            label = labels.setdefault(line["speaker"], SpeakerLabel(f"S{len(labels) + 1}"))
            turns.append(Turn(Span(line["start_ms"], line["end_ms"]), label))
        return tuple(turns)


class ScriptedGrader:
    """Finds every text understandable, save those that hold one of `dark`."""

    fingerprint = "scripted grades 1"

    def __init__(self, *dark: str) -> None:
        self._dark = dark

    def grade(self, texts):
        return tuple(0.0 if any(word in text for word in self._dark) else 1.0 for text in texts)
