"""Fetches feeds and recordings over HTTP: politely, resumably, and never from inside the own network unasked."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import stamina
import stamina.instrumentation

from convarchive.errors import SourceUnavailable
from convarchive.ingest.engines.partfile import PartFile
from convarchive.ingest.engines.web import BROKE_OFF, Opened, Web, in_words, shown
from convarchive.ingest.media import SNIFFED, is_page
from convarchive.ingest.ports import Answer, Download, Report
from convarchive.ingest.retrying import Busy

T = TypeVar("T")

_CHUNK = 1 << 16
_FEED = "application/rss+xml, application/atom+xml, application/xml;q=0.9, */*;q=0.8"
_log = logging.getLogger(__name__)
# Retries are told of below, in the house's words; the library's own line names no address.
stamina.instrumentation.set_on_retry_hooks(())


@dataclass(frozen=True, slots=True)
class Limits:
    """
    How much an answer may cost: bytes of a text, seconds for a text and for a recording, tries
    without progress before giving up, the first pause between tries (s; later ones grow), the
    longest pause a server may ask for, and how long a server may take to answer or fall silent.
    """

    text_bytes: int = 32 << 20
    text_seconds: float = 60.0
    recording_seconds: float = 6 * 3600.0
    tries: int = 5
    first_pause: float = 0.5
    longest_pause: float = 120.0
    connect_seconds: float = 10.0
    silence_seconds: float = 30.0


class HttpFetcher:
    """
    A Fetcher over HTTP.

    Addresses inside the own network are refused, also where a redirect or a host name leads
    there, unless `allow_private`. `max_bytes` bounds a recording. `contact` is an address (web
    or mail) that the User-Agent gives to the people who run the servers. Threads may share
    one; it downloads one recording at a time.
    """

    def __init__(
        self,
        *,
        allow_private: bool = False,
        max_bytes: int = 1 << 30,
        contact: str | None = None,
        limits: Limits | None = None,
    ) -> None:
        self._limits = limits or Limits()
        self._max_bytes = max_bytes
        self._web = Web(
            allow_private=allow_private,
            contact=contact,
            timeouts=(self._limits.connect_seconds, self._limits.silence_seconds),
        )
        # One connection at a time is what hosts ask of programs; it also keeps two episodes
        # with one enclosure from writing to one part file.
        self._downloading = threading.Lock()

    def read(self, url: str, *, etag: str | None = None, last_modified: str | None = None) -> Answer:
        """
        A feed's or transcript's bytes, or None as `body` where they did not change.

        Raises AddressRefused, and SourceUnavailable where no answer worth reading came.
        """
        headers = {"Accept": _FEED}
        if etag:
            headers["If-None-Match"] = etag
        if last_modified:
            headers["If-Modified-Since"] = last_modified

        def attempt() -> Answer:
            deadline = time.monotonic() + self._limits.text_seconds
            with self._web.open(url, headers, also=(304,) if etag or last_modified else ()) as opened:
                same = opened.response.status_code == 304
                said = opened.response.headers
                return Answer(
                    body=None if same else self._whole(opened, url, deadline),
                    url=opened.url,
                    media_type=opened.media_type,
                    etag=said.get("ETag") or (etag if same else None),
                    last_modified=said.get("Last-Modified") or (last_modified if same else None),
                    permanent=opened.permanent,
                )

        return self._retrying(url, attempt)

    def download(self, url: str, into: Path, *, length: int | None = None, report: Report | None = None) -> Download:
        """
        Fetch a recording to `into/<sha256>.<suffix>`, going on where an earlier try left off.

        The sizes the server states are binding: a shorter file counts as broken off. The feed's
        `length` is a promise that is often wrong: where the server marks the end of what it sends,
        a different promise becomes the Download's `note`; where nothing does, a file shorter than
        promised is refused. What was fetched stays in `into/*.part` until it is whole.

        Raises AddressRefused, SourceUnavailable, and HomeNotWritable where the disk is full.
        """
        with self._downloading:
            part = PartFile.open(into, url)
            deadline = time.monotonic() + self._limits.recording_seconds
            tell: Report = report or (lambda done, total: None)
            while not part.whole:
                before = part.size
                try:
                    self._retrying(url, lambda: self._fetch(url, part, length, deadline, tell))
                except SourceUnavailable:
                    # As long as bytes keep coming, a line that breaks again and again is worth going on with.
                    if part.size <= before or time.monotonic() > deadline:
                        raise
            return part.keep(length)

    def close(self) -> None:
        """Hang up; the fetcher can still be used afterwards."""
        self._web.close()

    def _fetch(self, url: str, part: PartFile, length: int | None, deadline: float, report: Report) -> None:
        """One try: ask for what is missing, and append it."""
        headers = {"Accept": "audio/*, */*;q=0.8", "Accept-Encoding": "identity", **part.resume_headers()}
        with self._web.open(url, headers, also=(206, 416) if "Range" in headers else ()) as opened:
            said = opened.response.headers
            if opened.response.status_code == 416:
                part.unsatisfiable(said.get("Content-Range"))
                raise Busy("asked for more than there is")
            if said.get("Content-Encoding", "identity").lower() not in ("identity", ""):
                raise SourceUnavailable(
                    f"{shown(url)} sends its sound compressed although asked not to; tell its publisher"
                )
            chunks = self._chunks(opened, deadline, url)
            if opened.response.status_code == 206:
                if not part.continues(said):
                    part.discard()
                    raise Busy("sent another part than asked for")
            else:
                first = _head(chunks)
                if is_page(first, opened.media_type):
                    part.discard()
                    raise SourceUnavailable(
                        f"{shown(url)} answered with a page instead of sound; open it in a browser to see what it "
                        "says, or try again later"
                    )
                part.restart(said, opened.url, opened.media_type)
                part.expect(self._max_bytes, shown(url))
                part.append(first)
            total = part.total or length or 0
            report(part.size, total)
            for chunk in chunks:
                part.append(chunk)
                report(part.size, total)
                part.expect(self._max_bytes, shown(url))
        part.ended(length, shown(url))

    def _whole(self, opened: Opened, url: str, deadline: float) -> bytes:
        most = self._limits.text_bytes
        body = bytearray()
        for chunk in self._chunks(opened, deadline, url, decode=True):
            body += chunk
            if len(body) > most:
                raise SourceUnavailable(f"{shown(url)} is larger than {most / 1e6:.0f} MB; no feed or transcript is")
        return bytes(body)

    def _chunks(self, opened: Opened, deadline: float, url: str, *, decode: bool = False) -> Iterator[bytes]:
        """
        The body as it comes in. Raises Busy where it breaks off, SourceUnavailable past the deadline.

        `read1` gives what is there, so that a server that drips cannot hold us past the deadline.
        """
        while True:
            try:
                chunk: bytes = opened.response.raw.read1(_CHUNK, decode_content=decode)
            except BROKE_OFF as fault:
                raise Busy(f"broke off: {in_words(fault)}") from fault
            if time.monotonic() > deadline:
                raise SourceUnavailable(f"{shown(url)} takes too long; try again later")
            if not chunk:
                return
            yield chunk

    def _retrying(self, url: str, attempt: Callable[[], T]) -> T:
        """
        The attempt's result, tried again with growing pauses, or with the pause the server asked for.

        Raises SourceUnavailable where it stays busy or asks for a longer pause than is bearable.
        """
        limits = self._limits

        def worth_a_pause(fault: Exception) -> bool | float:
            if not isinstance(fault, Busy):
                return False
            _log.info("%s: %s", shown(url), fault)
            if fault.wait is None:
                return True
            return fault.wait if fault.wait <= limits.longest_pause else False

        try:
            for trial in stamina.retry_context(
                on=worth_a_pause,
                attempts=limits.tries,
                timeout=None,
                wait_initial=limits.first_pause,
                wait_jitter=limits.first_pause,
                wait_max=40 * limits.first_pause,
            ):
                with trial:
                    return attempt()
        except Busy as busy:
            later = f"in {busy.wait:.0f} s, as it asks" if busy.wait else "later"
            raise SourceUnavailable(f"{shown(url)} could not be fetched ({busy}); try again {later}") from busy
        raise AssertionError("a retry ends with a result or an error")


def _head(chunks: Iterator[bytes]) -> bytes:
    """The first chunks of a body, joined until there is enough to tell sound from a page."""
    head = b""
    for chunk in chunks:
        head += chunk
        if len(head) >= SNIFFED:
            break
    return head
