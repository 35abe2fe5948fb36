"""Builds what ingest works with: fetching, hearing, telling voices apart, naming, and the stages in order."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from convarchive.domain.span import Span
from convarchive.domain.transcript import Transcript
from convarchive.home import Home
from convarchive.ingest.desks import read_lexicon, read_speakers
from convarchive.ingest.engines.memory import keep_freed
from convarchive.ingest.ports import Diarizer, Fetcher, Grader, Transcriber
from convarchive.ingest.run import in_order, run
from convarchive.ingest.stages.diarize import Diarize
from convarchive.ingest.stages.fetch import Fetch
from convarchive.ingest.stages.name import Name
from convarchive.ingest.stages.printed import Printed
from convarchive.ingest.stages.quote import Quoted
from convarchive.ingest.stages.stage import Stage
from convarchive.ingest.stages.transcribe import Transcribe
from convarchive.ingest.stages.utter import Utter
from convarchive.ingest.tools import Tools
from convarchive.ingest.voiceprinting import Voiceprinting
from convarchive.models.shelf import default_folder, require, require_whisper
from convarchive.settings import Settings, load
from convarchive.store.catalogue import Catalogue
from convarchive.wiring.finding import ENCODER
from convarchive.wiring.installed import cores, extra

SEGMENTATION, VOICEPRINT = "segmentation-3.0", "campplus"
Built = TypeVar("Built")


def fetcher(settings: Settings) -> Fetcher:
    """Brings feeds, texts and recordings from the web and from this machine. Raises EngineMissing."""
    with extra("ingest"):
        from convarchive.ingest.engines.folder import FolderFetcher
        from convarchive.ingest.engines.http import HttpFetcher
    from convarchive.ingest.fetching import ByAddress

    most = settings.max_download_mb << 20
    web = HttpFetcher(
        allow_private=settings.allow_private_addresses, max_bytes=most, contact=settings.contact or settings.public_url
    )
    return ByAddress(web=web, files=FolderFetcher(max_bytes=most))


def transcriber(settings: Settings) -> Transcriber:
    """Whisper on this machine, with the model of the settings. Raises EngineMissing, ModelMissing."""
    with extra("ingest"):
        from convarchive.ingest.engines.whisper import WhisperTranscriber
    return WhisperTranscriber(require_whisper(default_folder(), settings.whisper_model), workers=cores())


def whisper_folder(model: str) -> Path:
    """Where a Whisper model lies. Raises ModelMissing."""
    return require_whisper(default_folder(), model)


def join(recordings: Sequence[Path], out: Path, *, bits: int | None = None) -> int:
    """Write recordings one after the other as one file, of so many bits a second; its ms. Raises AudioUnreadable."""
    with extra("ingest"):
        from convarchive.ingest.engines.clips import join as joined

    return joined(recordings, out, bits=bits)


def diarizer(**settings: float) -> Diarizer:
    """Tells voices apart by segmentation and embeddings, with these settings. Raises EngineMissing, ModelMissing."""
    with extra("ingest"):
        from convarchive.ingest.engines.diarizer import NeuralDiarizer, changed

    files = [require(default_folder(), model) for model in (SEGMENTATION, VOICEPRINT)]
    return NeuralDiarizer(*files, threads=cores(), settings=changed(settings))


def voiceprinting() -> Voiceprinting:
    """Says how voices sound, to compare them across recordings. Raises EngineMissing, ModelMissing."""
    with extra("ingest"):
        from convarchive.ingest.engines.voices import VoiceListener
    return VoiceListener(require(default_folder(), VOICEPRINT), threads=cores()).tool


def grader() -> Grader:
    """Says whether sentences can be understood alone. Raises ModelMissing."""
    from convarchive.ingest.engines.grader import OnnxGrader

    return OnnxGrader(require(default_folder(), ENCODER), threads=cores())


def measure(path: Path) -> int:
    """How long a file of sound is, in milliseconds. Raises AudioUnreadable, EngineMissing."""
    with extra("ingest"):
        from convarchive.ingest.engines.audio import probe
    return probe(path).duration_ms


def tools(settings: Settings) -> Tools:
    """
    Everything that ingest works with, the dear parts built when first needed and then kept.

    Also sets how this process keeps its memory (`engines.memory`), which must be before any thread starts.
    """
    keep_freed()
    printing = _once(voiceprinting) if settings.voiceprints else None
    hearing = _once(lambda: transcriber(settings))
    return Tools(fetcher(settings), hearing, _once(diarizer), _once(grader), measure, printing)


def _once(build: Callable[[], Built]) -> Callable[[], Built]:
    """Built when first asked for, and once, however many threads ask."""
    building, built = threading.Lock(), cache(build)

    def ask() -> Built:
        with building:
            return built()

    return ask


def stages(home: Home, settings: Settings, with_tools: Tools) -> tuple[Stage[Any, Any], ...]:
    """The stages of an episode in order, with hints from the home's desks."""
    people = [name for person in read_speakers(home) for name in (person.name,)]
    hints = tuple(dict.fromkeys((*people, *read_lexicon(home))))
    return in_order(
        (
            Fetch(home, with_tools.fetcher, with_tools.measure),
            Transcribe(home, with_tools.transcriber, settings.language, hints, _handed_in),
            Diarize(home, with_tools.diarizer),
            Utter(home),
            Name(home, with_tools.voiceprinting),
            Quoted(home, with_tools.grader),
            Printed(home, with_tools.grader),
        )
    )


def _handed_in(transcript: Transcript) -> Transcriber:
    from convarchive.ingest.engines.supplied import SuppliedTranscriber

    return SuppliedTranscriber(transcript)


def rename(home: Home, catalogue: Catalogue, episode: str) -> tuple[str, ...]:
    """Name an episode's voices again after an editor's word, its quotes too; what went wrong. Raises ModelMissing."""
    return renaming(home, catalogue)(episode)


def renaming(home: Home, catalogue: Catalogue) -> Callable[[str], tuple[str, ...]]:
    """What `rename` does, to be called for one episode after another; models are loaded once."""
    printing = _once(voiceprinting) if load(home).voiceprints else None
    late = (Utter(home), Name(home, printing), Quoted(home, _once(grader)))
    return lambda episode: tuple(trouble for _, _, trouble in run(catalogue, late, only=episode).failed)


def clip(path: Path, span: Span, out: Path) -> Path:
    """Write just this stretch of a recording to `out`, of a kind that its ending names. Raises AudioUnreadable."""
    with extra("serve"):
        from convarchive.ingest.engines.clips import cut

    return cut(path, span, out)
