"""
Hears words: Whisper, through faster-whisper on CTranslate2.

Speech is found first (Silero VAD), packed into chunks of up to 29 s, and heard a batch at
a time by workers of one thread each, greedily. Chunks that a guard doubts are heard again
with a beam, and once more in halves; the most believable hearing counts. Hints go in as
hotwords, which is safe only because nothing but found speech is ever heard.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import cast

import numpy as np
from faster_whisper import BatchedInferencePipeline, WhisperModel
from faster_whisper.vad import VadOptions, get_speech_timestamps
from numpy.typing import NDArray

from convarchive.domain.run import digest
from convarchive.domain.span import Span
from convarchive.domain.transcript import Dropped, Transcript, Word
from convarchive.errors import BadInput, ModelMissing
from convarchive.ingest.engines.audio import RATE, Samples, samples
from convarchive.ingest.engines.heard import Heard, Listening, hearings, hotword_line, together
from convarchive.ingest.guards import Hearing, believed, better, doubt, in_order
from convarchive.ingest.packing import Chunk, halves, packed
from convarchive.ingest.ports import Report

WINDOW = 600_000
"""Milliseconds of sound held in memory at once."""


@dataclass(frozen=True, slots=True)
class Settings:
    """
    How carefully to listen.

    `batch` chunks are heard at once; `beam` is the width of a second hearing, of which
    at most the share `again` of a window's chunks is given for unsureness alone (a loop,
    a hole or lone hints are always heard again). `least_speech` and `least_pause` are the
    VAD's, in milliseconds; `hint_letters` caps the hints, best ones first.
    """

    compute: str = "int8"
    batch: int = 4
    beam: int = 3
    again: float = 0.25
    least_speech: int = 250
    least_pause: int = 160
    threshold: float = 0.5
    hint_letters: int = 600


class WhisperTranscriber:
    """
    A Transcriber on this machine.

    `folder` holds any Whisper model converted to CTranslate2; nothing is ever downloaded
    here. `workers` batches are heard at once, a thread each.

    Memory does not grow with the recording's length: the model's weights, 38 MB of sound
    (`WINDOW`), and what the workers need for `Settings.batch` chunks each. With the base
    model and two workers it peaked at 1.35 GB (0.98 with batches of two, 2.05 of eight).

    Raises ModelMissing where the folder holds no such model.
    """

    def __init__(self, folder: Path, *, workers: int = 2, settings: Settings | None = None) -> None:
        self._folder = folder
        self._workers = max(1, workers)
        self._settings = settings or Settings()
        # Without tokenizer.json the library would fetch one from a hub by itself.
        missing = [name for name in ("model.bin", "tokenizer.json") if not (folder / name).is_file()]
        if missing:
            raise ModelMissing(
                f"the speech model {folder} holds no {missing[0]}; pull one with: convarchive models pull"
            )

    @cached_property
    def fingerprint(self) -> str:
        """Names faster-whisper's and CTranslate2's versions, the weights' digest and the settings."""
        tools = f"faster-whisper {version('faster-whisper')}, ctranslate2 {version('ctranslate2')}"
        how = digest(asdict(self._settings))[:12]
        with (self._folder / "model.bin").open("rb") as weights:
            whose = hashlib.file_digest(weights, "sha256").hexdigest()
        return f"{tools}; {self._folder.name} {whose[:16]}; settings {how}"

    @cached_property
    def _model(self) -> WhisperModel:
        try:
            return WhisperModel(
                str(self._folder),
                device="cpu",
                compute_type=self._settings.compute,
                cpu_threads=1,
                num_workers=self._workers,
                local_files_only=True,
            )
        except (OSError, ValueError, RuntimeError) as exc:
            why = str(exc).splitlines()[0] if str(exc) else type(exc).__name__
            raise ModelMissing(
                f"the speech model {self._folder} cannot be loaded ({why}); pull it again with: convarchive models pull"
            ) from exc

    def transcribe(
        self,
        audio: Path,
        *,
        hints: tuple[str, ...] = (),
        language: str | None = None,
        report: Report | None = None,
    ) -> Transcript:
        """
        Return every word spoken in `audio`; `report` is told milliseconds of sound done.

        A recording in which nobody speaks gives a transcript without words, and says so in
        `dropped`. Raises AudioUnreadable, ModelMissing, and BadInput where the model does not know `language`.
        """
        told = self._told(language)
        words: list[Word] = []
        dropped: list[Dropped] = []
        with samples(audio) as sound:
            for offset, chunks, piece in self._windows(sound):
                told = told or self._detected(piece, chunks, offset)
                for hearing in self._heard(Listening(piece, offset, told, hints), chunks):
                    kept, lost = believed(hearing)
                    words.extend(kept)
                    dropped.extend(lost)
                if report is not None:
                    report(chunks[-1].span.end, sound.duration)
            if not words and not dropped:
                why = "the recording is silent" if sound.silent else "nobody speaks in the recording"
                dropped.append(Dropped(Span(0, sound.duration), "", why))
            if report is not None:
                report(sound.duration, sound.duration)
            return Transcript(
                words=in_order(words, sound.duration),
                language=told or "en",
                origin="heard",
                fingerprint=self.fingerprint,
                dropped=tuple(dropped),
            )

    def _windows(self, sound: Samples) -> Iterator[tuple[int, tuple[Chunk, ...], NDArray[np.float32]]]:
        """Yield (offset in ms, chunks, samples) of up to ten minutes; a chunk is never cut by a window's end."""
        start = 0
        while start < sound.duration:
            end = min(start + WINDOW, sound.duration)
            piece = sound.read(start * RATE // 1000, None if end == sound.duration else end * RATE // 1000)
            within = Span(start, end)
            chunks = packed(self._speech(piece, start, within), within=within)
            following = end
            if end < sound.duration and len(chunks) > 1:
                # The last chunk may go on beyond the window: the next window begins with it.
                following = chunks[-1].span.start
                chunks = chunks[:-1]
            if chunks:
                yield start, chunks, piece
            start = following

    def _speech(self, piece: NDArray[np.float32], offset: int, within: Span) -> list[Span]:
        if len(piece) < RATE // 10:
            return []
        options = VadOptions(
            threshold=self._settings.threshold,
            min_speech_duration_ms=self._settings.least_speech,
            min_silence_duration_ms=self._settings.least_pause,
            max_speech_duration_s=28,
            speech_pad_ms=0,
        )
        found = (
            Span(offset + part["start"] * 1000 // RATE, offset + part["end"] * 1000 // RATE)
            for part in get_speech_timestamps(piece, options)
        )
        return [cut for span in found if (cut := span & within) is not None]

    def _told(self, language: str | None) -> str | None:
        """The language as the model calls it. A feed's `en-GB` is `en`."""
        if not self._model.model.is_multilingual:
            if language is not None and language.casefold().partition("-")[0] != "en":
                raise BadInput(f"{self._folder.name} hears only English, not {language!r}; name another model")
            return "en"
        if language is None:
            return None
        code = language.casefold().partition("-")[0].partition("_")[0]
        if code not in self._model.supported_languages:
            raise BadInput(f"{self._folder.name} does not know the language {language!r}; leave it out to detect it")
        return code

    def _detected(self, piece: NDArray[np.float32], chunks: Sequence[Chunk], offset: int) -> str:
        """The language of most of the first chunks that speak it clearly."""
        votes: dict[str, float] = {}
        for chunk in chunks[:3]:
            language, sure, _ = self._model.detect_language(audio=_cut(piece, chunk, offset))
            votes[language] = votes.get(language, 0.0) + float(sure)
            if sure > 0.8:
                break
        return max(votes, key=lambda language: votes[language])

    def _heard(self, job: Listening, chunks: Sequence[Chunk]) -> list[Hearing]:
        """Hear every chunk, and the doubtful ones again."""
        heard = self._listen(job, chunks, beam=1)
        for careful, lone in ((job, False), (replace(job, hints=()), True)):
            again = self._worth(heard, lone=lone)
            second = self._listen(careful, [chunks[i] for i in again], beam=self._settings.beam)
            for i, hearing in zip(again, second, strict=True):
                # What is left of lone hints without the hints is what was said, however sure the other was.
                heard[i] = hearing if lone else better(heard[i], hearing)
        for i, hearing in enumerate(heard):
            if doubt(hearing) in ("loops", "leaves speech without words"):
                parts = self._listen(replace(job, hints=()), halves(chunks[i]), beam=self._settings.beam)
                heard[i] = better(hearing, together(chunks[i], parts))
        return heard

    def _worth(self, heard: Sequence[Hearing], *, lone: bool) -> list[int]:
        """Positions of chunks to hear again: those of hints alone, or all others in doubt."""
        doubts = {i: why for i, hearing in enumerate(heard) if (why := doubt(hearing))}
        if lone:
            return [i for i, why in doubts.items() if why == "only hints"]
        unsure = sorted((i for i, why in doubts.items() if why == "unsure"), key=lambda i: heard[i].logprob)
        spared = set(unsure[max(1, round(self._settings.again * len(heard))) :])
        return [i for i, why in doubts.items() if why != "only hints" and i not in spared]

    def _listen(self, job: Listening, chunks: Sequence[Chunk], *, beam: int) -> list[Hearing]:
        """Hear chunks, several batches at a time; how many workers there are changes nothing but the speed."""
        if not chunks:
            return []
        size = max(1, min(self._settings.batch, -(-len(chunks) // 2)))
        hotwords = hotword_line(job.hints, self._settings.hint_letters)

        def hear(batch: Sequence[Chunk]) -> list[Hearing]:
            # A pipeline remembers the last word's time, so each batch gets its own.
            found, _ = BatchedInferencePipeline(self._model).transcribe(
                job.piece,
                language=job.language,
                clip_timestamps=[
                    {"start": (c.span.start - job.offset) / 1000, "end": (c.span.end - job.offset) / 1000}
                    for c in batch
                ],
                batch_size=size,
                beam_size=beam,
                word_timestamps=True,
                hotwords=hotwords,
            )
            return hearings(cast("Iterable[Heard]", found), batch, job)

        with ThreadPoolExecutor(self._workers) as pool:
            batches = [chunks[i : i + size] for i in range(0, len(chunks), size)]
            return [hearing for batch in pool.map(hear, batches) for hearing in batch]


def _cut(piece: NDArray[np.float32], chunk: Chunk, offset: int) -> NDArray[np.float32]:
    return piece[(chunk.span.start - offset) * RATE // 1000 : (chunk.span.end - offset) * RATE // 1000]
