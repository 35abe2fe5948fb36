"""Fetches recordings and texts that already lie on this machine, as if they came from outside."""

from __future__ import annotations

import hashlib
import os
from email.utils import formatdate
from pathlib import Path
from urllib.parse import unquote_to_bytes, urlsplit

from convarchive.domain.episode import Sha256
from convarchive.errors import AddressRefused, SourceUnavailable
from convarchive.ingest.engines.disk import room_for, settle, writing
from convarchive.ingest.media import SNIFFED, SUFFIXES, TRANSCRIPTS, is_page, suffix
from convarchive.ingest.ports import Answer, Download, Report

_BLOCK = 1 << 20
_LARGEST_TEXT = 32 << 20


class FolderFetcher:
    """
    A Fetcher for `file:` addresses. A fragment (`#…`) is left aside: folders use it to tell
    versions of a file apart. `max_bytes` bounds a recording.
    """

    def __init__(self, *, max_bytes: int = 1 << 30) -> None:
        self._max_bytes = max_bytes

    def read(self, url: str, *, etag: str | None = None, last_modified: str | None = None) -> Answer:
        """
        A text's bytes, or None as `body` where the file did not change.

        Raises AddressRefused for other addresses, SourceUnavailable where there is no such file.
        """
        path = _path(url)
        try:
            facts = path.stat()
            tag, date = f'"{facts.st_mtime_ns:x}-{facts.st_size:x}"', formatdate(facts.st_mtime, usegmt=True)
            same = tag == etag if etag else date == last_modified
            if not same and facts.st_size > _LARGEST_TEXT:
                raise SourceUnavailable(f"{path} is larger than {_LARGEST_TEXT / 1e6:.0f} MB; no feed or transcript is")
            body = None if same else path.read_bytes()
        except OSError as fault:
            raise _unreadable(path, fault) from fault
        kind = TRANSCRIPTS.get(path.suffix.lower()) or SUFFIXES.get(path.suffix.lower())
        return Answer(body, url, kind, tag, date)

    def download(self, url: str, into: Path, *, length: int | None = None, report: Report | None = None) -> Download:
        """
        Copy a recording to `into/<sha256>.<suffix>`.

        Raises AddressRefused, SourceUnavailable where the file is missing, empty, no sound or
        still being written, and HomeNotWritable where the disk is full.
        """
        path = _path(url)
        try:
            before = path.stat()
            with path.open("rb") as file:
                head = file.read(SNIFFED)
        except OSError as fault:
            raise _unreadable(path, fault) from fault
        if not head:
            raise SourceUnavailable(f"{path} is empty; replace it, or take it out of the folder")
        if is_page(head, "text/plain"):
            raise SourceUnavailable(f"{path} holds text instead of sound; replace it, or take it out of the folder")
        if before.st_size > self._max_bytes:
            raise SourceUnavailable(
                f"{path} is larger than {self._max_bytes / 1e6:.0f} MB, the most a recording may be; if it is meant "
                "to be, raise max_download_mb in convarchive.toml"
            )
        with writing(into):
            into.mkdir(parents=True, exist_ok=True)
        room_for(before.st_size, into, str(path))
        part = into / f"{hashlib.sha256(os.fsencode(path)).hexdigest()[:32]}.copy"
        try:
            digest = _copy(path, part, before.st_size, report or (lambda done, total: None))
            after = path.stat()
            if (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
                raise SourceUnavailable(f"{path} is still being written; try again when it is whole")
            ending = suffix(head, None, path.name)
            target = into / f"{digest}{ending}"
            with writing(into):
                settle(part, target)
        finally:
            part.unlink(missing_ok=True)
        note = None
        if length and length != before.st_size:
            note = f"{length} bytes are promised, the file has {before.st_size}"
        return Download(target, Sha256(digest), before.st_size, SUFFIXES.get(ending), url, note)


def _copy(path: Path, part: Path, size: int, report: Report) -> str:
    """Copy a file, in blocks, and return its digest. Raises SourceUnavailable, HomeNotWritable."""
    digest, done = hashlib.sha256(), 0
    with path.open("rb") as source, writing(part.parent), part.open("wb") as copy:
        while True:
            try:
                block = source.read(_BLOCK)
            except OSError as fault:
                raise _unreadable(path, fault) from fault
            # A file that somebody is recording into may grow as fast as it is read.
            if not block or done > size:
                return digest.hexdigest()
            digest.update(block)
            copy.write(block)
            done += len(block)
            report(done, max(size, done))


def _path(url: str) -> Path:
    """The path of a `file:` address."""
    parts = urlsplit(url)
    if parts.scheme != "file" or parts.netloc not in ("", "localhost"):
        raise AddressRefused(f"{url[:200]} does not lie on this machine")
    path = Path(os.fsdecode(unquote_to_bytes(parts.path)))
    # A pipe or device would keep us waiting for ever.
    if path.exists() and not path.is_file():
        raise SourceUnavailable(f"{path} is no file")
    return path


def _unreadable(path: Path, fault: OSError) -> SourceUnavailable:
    if isinstance(fault, FileNotFoundError):
        return SourceUnavailable(f"{path} is not there any more")
    return SourceUnavailable(f"{path} cannot be read ({fault.strerror or fault}); check its permissions")
