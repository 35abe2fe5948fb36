"""What the HTTP doors are given when they open: the archive, its engines and the owner's choices."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from convarchive.api.meter import Meter
from convarchive.api.sessions import Sessions
from convarchive.domain.key import Key
from convarchive.domain.passage import Query
from convarchive.domain.span import Span
from convarchive.editorial.deciding import Decisions
from convarchive.index.search import Answer
from convarchive.index.similar import Likes
from convarchive.store.catalogue import Catalogue
from convarchive.store.reader import Reader
from convarchive.store.views import QuoteView, RecordingView

CLIP_TYPE = "audio/mp4"
"""Media type of what `Doors.clip` cuts: AAC in M4A, which every browser plays and seeks exactly."""

_LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Sound:
    """A file that holds a recording in a kind that browsers seek exactly, and its media type."""

    path: Path
    media_type: str


@dataclass(frozen=True, slots=True)
class Doors:
    """
    Everything the API needs, built by the wiring.

    `sound` names the file to serve for a recording (NotFound where it is not held); `clip`
    cuts a span of a recording to bytes of `CLIP_TYPE`. `encoder` names whose vectors the index holds.
    `hosts` are the only names under which the server answers; None lets any through. `used` is told
    of every key that opened something. `rate_limit` is in units a minute, 0 for none; `clock` counts seconds. `meter`
    counts what is answered.
    """

    catalogue: Catalogue
    search: Callable[[Reader, Query], Answer]
    sound: Callable[[RecordingView], Sound]
    clip: Callable[[RecordingView, Span], bytes]
    similar: Callable[[Reader, QuoteView, int, bool], Likes]
    encoder: Callable[[], str | None]
    sessions: Sessions
    decisions: Decisions
    title: str
    public_url: str | None = None
    allowed_origins: tuple[str, ...] = ()
    hosts: tuple[str, ...] | None = _LOOPBACK
    trusted_proxies: tuple[str, ...] = ()
    rate_limit: int = 600
    used: Callable[[Key], None] = lambda key: None
    clock: Callable[[], float] = time.monotonic
    meter: Meter = field(default_factory=Meter)


def hosts_for(host: str, public_url: str | None = None) -> tuple[str, ...] | None:
    """
    The names under which a server bound to `host` may be called.

    On loopback only this machine's own names (and the public address, where a proxy stands
    in front): a web page elsewhere that has pointed its own name at 127.0.0.1 is refused.

    >>> hosts_for("127.0.0.1", "https://archive.example")
    ('localhost', '127.0.0.1', '::1', 'archive.example')
    >>> hosts_for("0.0.0.0") is None
    True
    """
    if host.strip("[]").casefold() not in _LOOPBACK:
        return None
    public = urlsplit(public_url).hostname if public_url else None
    return (*_LOOPBACK, public) if public else _LOOPBACK
