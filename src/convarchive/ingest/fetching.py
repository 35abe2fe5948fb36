"""Sends each address to whoever can fetch it: the web to one fetcher, files of this machine to another."""

from __future__ import annotations

from pathlib import Path

from convarchive.ingest.ports import Answer, Download, Fetcher, Report


class ByAddress:
    """A Fetcher made of two: `file:` addresses go to `files`, all others to `web`."""

    def __init__(self, *, web: Fetcher, files: Fetcher) -> None:
        self._web = web
        self._files = files

    def read(self, url: str, *, etag: str | None = None, last_modified: str | None = None) -> Answer:
        """As the fetcher responsible does."""
        return self._for(url).read(url, etag=etag, last_modified=last_modified)

    def download(self, url: str, into: Path, *, length: int | None = None, report: Report | None = None) -> Download:
        """As the fetcher responsible does."""
        return self._for(url).download(url, into, length=length, report=report)

    def _for(self, url: str) -> Fetcher:
        return self._files if url.startswith("file:") else self._web
