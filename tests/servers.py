"""Web servers on this machine for tests: they speak real HTTP, and misbehave as they are told."""

from __future__ import annotations

import contextlib
import hashlib
import resource
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Answer:
    """
    What one address answers. `announce` is the Content-Length: the true one by default, -1 for
    none at all (the end of the connection ends the body). `cuts` holds, one a request, after how
    many bytes of the body the connection breaks; `busy` the statuses to answer with first.
    """

    body: bytes = b""
    media_type: str | None = "audio/mpeg"
    status: int = 200
    location: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    ranges: bool = True
    chunked: bool = False
    announce: int | None = None
    cuts: list[int] = field(default_factory=list)
    busy: list[int] = field(default_factory=list)
    retry_after: str | None = None
    pause: float = 0.0
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Asked:
    """One request as it came in."""

    path: str
    headers: dict[str, str]


class Server:
    """A loopback web server: put answers at paths, see what was asked."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[Asked] = []
        self.sent_with_redirects = 0
        server = self

        class Handler(_Handler):
            site = server

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    @property
    def port(self) -> int:
        return self._http.server_address[1]

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def put(self, path: str, answer: Answer | bytes) -> str:
        """Answer at a path from now on; returns its address."""
        self.answers[path] = answer if isinstance(answer, Answer) else Answer(answer)
        return self.base + path

    def requests(self, path: str) -> list[Asked]:
        return [one for one in self.asked if one.path == path]

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


@contextlib.contextmanager
def serving() -> Iterator[Server]:
    """A server for as long as the block lasts."""
    server = Server()
    server.start()
    try:
        yield server
    finally:
        server.stop()


class _Handler(BaseHTTPRequestHandler):
    site: Server
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        self.close_connection = True
        self.site.asked.append(Asked(self.path, {key.lower(): value for key, value in self.headers.items()}))
        answer = self.site.answers.get(self.path) or self.site.answers.get(self.path.partition("?")[0])
        with contextlib.suppress(ConnectionError):
            self._respond(answer or Answer(b"<!doctype html><p>Not found</p>", "text/html", 404))

    def _respond(self, answer: Answer) -> None:
        if answer.busy:
            self._head(answer.busy.pop(0), 0, {"Retry-After": answer.retry_after} if answer.retry_after else {})
        elif answer.location is not None:
            self._head(answer.status, len(answer.body), {"Location": answer.location})
            for piece in _pieces(answer.body, 100_000):
                self.wfile.write(piece)
                self.site.sent_with_redirects += len(piece)
        elif self._unchanged(answer):
            self._head(304, None, self._facts(answer))
        else:
            self._send_body(answer)

    def _unchanged(self, answer: Answer) -> bool:
        asked = self.headers
        if answer.etag and (tag := asked.get("If-None-Match")):
            return tag == answer.etag
        return bool(answer.last_modified) and asked.get("If-Modified-Since") == answer.last_modified

    def _send_body(self, answer: Answer) -> None:
        body, status, extra = answer.body, answer.status, self._facts(answer)
        wanted, condition = self.headers.get("Range"), self.headers.get("If-Range")
        if wanted and answer.ranges and condition in (None, answer.etag, answer.last_modified):
            start = int(wanted.removeprefix("bytes=").partition("-")[0])
            if start >= len(body):
                self._head(416, 0, {"Content-Range": f"bytes */{len(body)}"})
                return
            extra["Content-Range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
            body, status = body[start:], 206
        if answer.chunked:
            extra["Transfer-Encoding"] = "chunked"
        length = len(body) if answer.announce is None or status == 206 else answer.announce
        self._head(status, None if answer.chunked or length < 0 else length, extra)
        cut = answer.cuts.pop(0) if answer.cuts else None
        for piece in _pieces(body[:cut], 7 if answer.pause else 4096):
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece) if answer.chunked else piece)
            self.wfile.flush()
            time.sleep(answer.pause)
        if answer.chunked and cut is None:
            self.wfile.write(b"0\r\n\r\n")

    def _facts(self, answer: Answer) -> dict[str, str]:
        facts = {"ETag": answer.etag, "Last-Modified": answer.last_modified, "Content-Type": answer.media_type}
        return {key: value for key, value in facts.items() if value} | answer.headers

    def _head(self, status: int, length: int | None, extra: dict[str, str]) -> None:
        self.send_response_only(status)
        for key, value in {"Date": formatdate(usegmt=True), "Connection": "close", **extra}.items():
            self.send_header(key, value)
        if length is not None:
            self.send_header("Content-Length", str(length))
        self.end_headers()


def _pieces(body: bytes, size: int) -> Iterator[bytes]:
    for start in range(0, len(body), size):
        yield body[start : start + size]


def sound(size: int, seed: str = "sound") -> bytes:
    """Bytes that begin as an MP3 does and repeat nowhere; nothing in them can be heard."""
    blocks = (hashlib.sha256(f"{seed} {number}".encode()).digest() for number in range(size // 32 + 1))
    return (b"ID3\x04\x00\x00\x00\x00\x00\x00" + b"".join(blocks))[:size]


@contextlib.contextmanager
def no_file_grows_past(size: int) -> Iterator[None]:
    """Let the system refuse to write more than `size` bytes into any file, as a full disk does."""
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, usual[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)
