"""Opens an archive's doors to the web, and answers at them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from convarchive.domain.episode import EpisodeId
from convarchive.editorial.deciding import Decisions
from convarchive.editorial.keys import LastUse
from convarchive.editorial.renaming import Renaming
from convarchive.home import Home
from convarchive.ingest.engines.memory import share_freed
from convarchive.settings import Settings
from convarchive.store.catalogue import Catalogue
from convarchive.store.lock import holding
from convarchive.store.secret import session_secret
from convarchive.wiring.finding import encoder_of, likener, searcher
from convarchive.wiring.hearing import rename
from convarchive.wiring.installed import extra


@dataclass(frozen=True, slots=True)
class OpenDoors:
    """A server that is ready: what answers, where, and the path of the link that lets one researcher in."""

    app: Any
    bound: Any
    entrance: str
    watching: tuple[Any, Any] | None = None
    """The numbers alone, and where they are served apart from the archive."""

    @property
    def invitation(self) -> str:
        """The link that lets one researcher in, once."""
        return f"{self.bound.address}{self.entrance}"


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
    options: str = "others with --host and --port",
) -> OpenDoors:
    """
    The pages and the API of one home, bound to an address but not yet answering.

    `rate_limit` is in units a minute for each visitor, 0 for none. `metrics` is another
    address, where whoever reaches it is told the server's numbers. `options` choose `host` and `port`.

    Raises BadInput for an address that cannot be had, CatalogueError, ModelMissing, EngineMissing.
    """
    with extra("serve"):
        from convarchive.api.app import create_app
        from convarchive.api.doors import Doors, Sound, hosts_for
        from convarchive.api.meter import Meter
        from convarchive.api.server import bind
        from convarchive.api.sessions import Sessions
        from convarchive.api.watching import create_watching_app
        from convarchive.ingest.engines.playing import Playing
        from convarchive.web.embed import Embed
        from convarchive.web.pages import Pages
        from convarchive.web.room import ReadingRoom
    share_freed()
    catalogue = Catalogue.for_reading(home)
    meter = Meter()
    find = meter.timing(searcher(home))
    apart = bind(*metrics, "another with --metrics") if metrics else None
    bound = bind(host, port, options)
    sessions = Sessions(session_secret(home), f"{home.root}:{bound.port}")
    decisions = Decisions(home, Renaming(lambda episode: _renamed(home, episode)))
    playing = Playing(home)
    opened = Doors(
        catalogue=catalogue,
        search=find,
        sound=lambda recording: Sound(*playing.whole(recording)),
        clip=playing.clip,
        similar=likener(home),
        encoder=lambda: encoder_of(home),
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
    room = ReadingRoom(
        catalogue,
        find,
        opened.similar,
        opened.encoder,
        decisions,
        settings.title,
        settings.public_url,
        settings.contact,
    )
    pages = Pages(room)
    shown = [*Embed(room, settings.allowed_origins).routes(), *pages.routes()]
    app = create_app(opened, shown, pages.error, pages.signing_in)
    watching = None
    if apart is not None:
        watching = create_watching_app(opened, app.state.readiness, hosts_for(apart.host)), apart
    return OpenDoors(app, bound, f"/enter?key={sessions.invite()}", watching)


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
