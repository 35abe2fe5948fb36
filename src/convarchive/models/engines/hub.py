"""
Models from a hub, over HTTP, in the layout Hugging Face documents.

A file's address is `{hub}/{repository}/resolve/{revision}/{file}`. A broken download is carried on
with (`Range` and `If-Range`), in this try and in the next one.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import ProtocolError, ReadTimeoutError
from urllib3.util import Retry

from convarchive.errors import SourceUnavailable
from convarchive.models.ports import Report
from convarchive.models.record import sha256
from convarchive.models.table import Hub, Model, WeightFile

PUBLIC_HUB = "https://huggingface.co"
_CONNECT, _READ = 3.0, 30.0
"""Seconds: a hub that is not there should not hold anybody up for long."""
_TRIES = 3
_CHUNK = 1 << 20
_WHISPER = ("config.json", "model.bin")
_WHISPER_MORE = ("preprocessor_config.json", "tokenizer.json", "vocabulary.json", "vocabulary.txt")
_BROKE_OFF = (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError)
_DIGEST = re.compile(r'^(?:W/)?"?([0-9a-f]{64})"?$')


class HubSource:
    """
    A model hub at `base`, the public one unless said otherwise; an address inside the own network is fine.

    `token` is sent to that hub alone, as its documentation says (`HF_TOKEN` by default).
    """

    ready_made = False

    def __init__(self, base: str | None = None, *, token: str | None = None) -> None:
        self._given = base.rstrip("/") if base else None
        self._token = token or os.environ.get("HF_TOKEN")
        self._session = requests.Session()
        self._session.headers["Accept-Encoding"] = "identity"
        # One more try where a kept-open connection turns out to be dead; none where nobody is there.
        adapter = HTTPAdapter(max_retries=Retry(total=1, connect=0, read=1, status=0))
        self._session.mount("http://", adapter)
        self._session.mount("https://", adapter)
        self._silent: set[str] = set()

    @property
    def name(self) -> str:
        return f"hub {self._given or PUBLIC_HUB}"

    def fetch(self, model: Model, into: Path, report: Report) -> str:
        """Fetch the model's files. Raises SourceUnavailable where the hub is silent or has other files."""
        if model.hub is None:
            raise SourceUnavailable(f"{model.name} is on no hub in a form that can be used safely")
        base = self._given or model.hub.base or PUBLIC_HUB
        if (host := urlsplit(base).netloc) in self._silent:
            raise SourceUnavailable(f"{host} does not answer")
        address = f"{base}/{model.hub.repo}/resolve/{model.hub.revision}"
        if not model.files:
            return self._whatever_is_there(address, model.hub, into, report)
        done = 0
        # Small files first: a repository that changed is found out before the weights come.
        for file in sorted(model.files, key=lambda file: file.bytes):
            self._file(address, file.path, into, file, _after(done, model.bytes, report))
            done += file.bytes
            report(done, model.bytes)
        return f"{base}/{model.hub.repo} at {model.hub.revision}"

    def _whatever_is_there(self, address: str, hub: Hub, into: Path, report: Report) -> str:
        """A repository that the table does not know: a ready Whisper folder, digests unknown."""
        commit = ""
        for path in sorted((*_WHISPER, *_WHISPER_MORE), key=lambda path: path == "model.bin"):
            try:
                commit = self._file(address, path, into, None, report) or commit
            except _NotThere:
                if path in _WHISPER:
                    raise SourceUnavailable(
                        f"{address}/{path} is not there: {hub.repo} is no Whisper model in CTranslate2's format"
                    ) from None
        return f"{address.split('/resolve/')[0]} at {commit or hub.revision}"

    def _file(self, address: str, path: str, into: Path, known: WeightFile | None, report: Report) -> str:
        """One file, whole and with the right digest, into `into`. Return the repository's commit if the hub says it."""
        target = into / path
        if known and target.is_file() and sha256(target) == known.sha256:
            return ""
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(target.name + ".part")
        for attempt in range(1, _TRIES + 1):
            try:
                answer = self._stream(f"{address}/{path}", part, known, report)
                break
            except _BROKE_OFF as exc:
                if attempt == _TRIES:
                    raise SourceUnavailable(f"{address}/{path} broke off; what came is kept for the next try") from exc
        expected = known.sha256 if known else answer.digest
        if expected and sha256(part) != expected:
            _forget(part)
            raise SourceUnavailable(f"{address}/{path} is not the expected file (SHA-256 differs)")
        part.replace(target)
        _forget(part)
        return answer.commit

    def _stream(self, url: str, part: Path, known: WeightFile | None, report: Report) -> _Answer:
        """Carry on with `part`, or begin it; return what the hub says about the file."""
        mark = _mark(part)
        held = part.stat().st_size if part.exists() and mark.exists() else 0
        headers = {"Range": f"bytes={held}-", "If-Range": mark.read_text()} if held else {}
        if self._token and (self._given or PUBLIC_HUB) == f"{urlsplit(url).scheme}://{urlsplit(url).netloc}":
            headers["Authorization"] = f"Bearer {self._token}"
        with self._ask(url, headers) as response:
            if response.status_code == 416:
                _forget(part)
                raise requests.ConnectionError("the file is shorter than what came of it")
            if response.status_code == 404:
                raise _NotThere(f"{url} is not there")
            if response.status_code not in (200, 206):
                raise SourceUnavailable(f"{url} answers {response.status_code}")
            carried = response.status_code == 206 and response.headers.get("Content-Range", "").startswith(
                f"bytes {held}-"
            )
            if response.status_code == 206 and not carried:
                _forget(part)
                raise SourceUnavailable(f"{url} answers with another part than was asked for")
            total = (held if carried else 0) + int(response.headers.get("Content-Length") or 0)
            _write(response, part, held if carried else 0, known.bytes if known else None, total, report)
            return _said(response)

    def _ask(self, url: str, headers: dict[str, str]) -> requests.Response:
        """The hub's answer, its body still to come. Raises SourceUnavailable where it does not answer at all."""
        try:
            return self._session.get(url, headers=headers, stream=True, timeout=(_CONNECT, _READ))
        except (requests.ConnectionError, requests.Timeout) as exc:
            self._silent.add(urlsplit(url).netloc)
            raise SourceUnavailable(f"{urlsplit(url).netloc} does not answer") from exc
        except requests.RequestException as exc:
            raise SourceUnavailable(f"{url} cannot be fetched ({type(exc).__name__})") from exc


def _after(done: int, total: int, report: Report) -> Report:
    """Progress of one file as progress of the model, `done` bytes of which came before it."""
    return lambda part, _: report(done + part, total)


class _NotThere(SourceUnavailable):
    """The hub answers, and has no such file."""


class _Answer:
    """What a hub's headers say: the file's SHA-256 where it is known, and the commit it belongs to."""

    def __init__(self, digest: str, commit: str) -> None:
        self.digest, self.commit = digest, commit


def _said(response: requests.Response) -> _Answer:
    """A hub redirects big files elsewhere: its own words stand on the redirect, not on the last answer."""
    hops = (*response.history, response)
    linked = next((hop.headers["X-Linked-ETag"] for hop in hops if "X-Linked-ETag" in hop.headers), "")
    found = _DIGEST.match(linked)
    commit = next((hop.headers["X-Repo-Commit"] for hop in hops if "X-Repo-Commit" in hop.headers), "")
    return _Answer(found[1] if found else "", commit)


def _write(
    response: requests.Response, part: Path, held: int, expected: int | None, total: int, report: Report
) -> None:
    """Append the answer to `part` (or begin it anew). A file longer than it may be is cut off, not stored."""
    mark = _mark(part)
    if not held:
        mark.unlink(missing_ok=True)
    with part.open("ab" if held else "wb") as file:
        etag = response.headers.get("ETag", "")
        # Only a strong validator promises the same bytes, and only then may a later try carry on.
        if etag and not etag.startswith("W/"):
            mark.write_text(etag)
        for chunk in _as_they_come(response):
            file.write(chunk)
            held += len(chunk)
            if expected is not None and held > expected:
                break
            report(held, expected or total)
    if total > held and not (expected is not None and held > expected):
        raise requests.ConnectionError("the connection ended before the file did")


def _as_they_come(response: requests.Response) -> Iterator[bytes]:
    """
    The body in pieces as the network brings them.

    Asked for a full piece, the library would throw away what it holds of it when the
    connection breaks, and there would be less to carry on with.
    """
    try:
        while piece := response.raw.read1(_CHUNK, decode_content=True):
            yield piece
    except (ProtocolError, ReadTimeoutError) as exc:
        raise requests.ConnectionError("the connection broke") from exc


def _mark(part: Path) -> Path:
    """Where the validator of a half file is kept."""
    return part.with_name(part.name + ".etag")


def _forget(part: Path) -> None:
    part.unlink(missing_ok=True)
    _mark(part).unlink(missing_ok=True)
