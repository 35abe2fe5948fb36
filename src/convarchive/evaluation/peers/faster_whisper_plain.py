"""Plain faster-whisper, used as its own manual begins: the yardstick for our speed and our words."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

from faster_whisper import WhisperModel

from convarchive.domain.span import Span
from convarchive.domain.transcript import Transcript, Word


class PlainFasterWhisper:
    """
    `WhisperModel(folder).transcribe(path)` with every default: beam of five, the whole file
    in sequence, no word times, as many threads as the library takes.

    Only `compute` is set, to eight bits, which is faster than its default on a CPU and the
    same as ours; so the yardstick is not made slow.
    """

    def __init__(self, folder: Path, *, compute: str = "int8", words: bool = False) -> None:
        self._folder = folder
        self._words = words
        self._model = WhisperModel(str(folder), device="cpu", compute_type=compute, local_files_only=True)

    @property
    def fingerprint(self) -> str:
        """Names the library, its version and the model's folder."""
        return f"plain faster-whisper {version('faster-whisper')}; {self._folder.name}"

    def transcribe(self, audio: Path) -> Transcript:
        """Return what it hears; without word times each word has its segment's."""
        segments, told = self._model.transcribe(str(audio), word_timestamps=self._words)
        words: list[Word] = []
        for segment in segments:
            if segment.words is not None:
                words += [
                    Word(word.word.strip(), Span.seconds(word.start, word.end), float(word.probability))
                    for word in segment.words
                    if word.word.strip()
                ]
            else:
                span = Span.seconds(segment.start, max(segment.start, segment.end))
                words += [Word(text, span) for text in segment.text.split()]
        return Transcript(tuple(words), told.language, "heard", self.fingerprint)


def transcribe(folder: Path, audio: Path) -> Transcript:
    """Load the model and hear one recording: what a benchmark runs in a process of its own."""
    return PlainFasterWhisper(folder).transcribe(audio)
