"""The HTTP doors of an invented archive, as an app or as a real server on loopback."""

import contextlib
import socket
import threading
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import uvicorn

from convarchive.api.app import create_app
from convarchive.api.doors import Doors, Sound
from convarchive.api.sessions import Sessions
from convarchive.editorial.deciding import Decisions
from convarchive.editorial.renaming import Renaming
from convarchive.ingest.engines.clips import cut
from convarchive.store.catalogue import Catalogue
from convarchive.store.holdings import path_of
from convarchive.web.embed import Embed
from convarchive.web.pages import Pages
from convarchive.web.room import ReadingRoom
from convarchive.wiring import encoder_of
from fakes.reading_archive import likener, searcher

TITLE = "An invented archive"


@contextlib.contextmanager
def opened(archive, **choices):
    """The doors of an archive; `choices` are fields of `Doors` that differ."""

    def sound(recording):
        return Sound(path_of(archive.home, recording.sha256, recording.suffix), recording.media_type)

    def clip(recording, span):
        with TemporaryDirectory() as folder:
            return cut(sound(recording).path, span, Path(folder) / "clip.m4a").read_bytes()

    with Catalogue.for_reading(archive.home) as catalogue:
        yield Doors(
            **{
                "catalogue": catalogue,
                "search": searcher(archive.home),
                "sound": sound,
                "clip": clip,
                "similar": likener(archive.home),
                "encoder": lambda: encoder_of(archive.home),
                "sessions": Sessions("a secret of this test", str(archive.home.root)),
                "decisions": Decisions(archive.home, Renaming(lambda episode: None)),
                "title": TITLE,
            }
            | choices
        )


def app_of(doors, contact=None):
    """The whole server: API and pages."""
    room = ReadingRoom(
        doors.catalogue,
        doors.search,
        doors.similar,
        doors.encoder,
        doors.decisions,
        doors.title,
        doors.public_url,
        contact,
    )
    pages = Pages(room)
    shown = [*Embed(room, doors.allowed_origins).routes(), *pages.routes()]
    return create_app(doors, shown, pages.error, pages.signing_in)


@contextlib.contextmanager
def served(app):
    """A real server on loopback; gives its address."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off", proxy_headers=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
        listening.close()
