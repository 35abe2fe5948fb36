"""Where an archive lies on disk: the desks people edit and the folders machines fill."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from convarchive.errors import NotAHome

MARKER = "convarchive.toml"


@dataclass(frozen=True, slots=True)
class Home:
    """One archive's folder. Every path in the house is asked of here, never put together elsewhere."""

    root: Path

    @classmethod
    def find(cls, given: Path | None = None) -> Home:
        """
        The home that was named, else `CONVARCHIVE_HOME`, else the current folder.

        Raises NotAHome, naming the way out, where that folder holds no `convarchive.toml`.
        """
        root = given or Path(os.environ.get("CONVARCHIVE_HOME") or ".")
        if not (root / MARKER).is_file():
            raise NotAHome(
                f"{root.absolute()} is no archive (it holds no {MARKER}); "
                f"make one with: convarchive init {root}, or name another with --home"
            )
        return cls(root.absolute())

    @property
    def settings(self) -> Path:
        return self.root / MARKER

    @property
    def ingest(self) -> Path:
        return self.root / "ingest"

    @property
    def index(self) -> Path:
        return self.root / "index"

    @property
    def feeds(self) -> Path:
        return self.ingest / "feeds.toml"

    @property
    def speakers(self) -> Path:
        return self.ingest / "speakers.toml"

    @property
    def lexicon(self) -> Path:
        return self.ingest / "lexicon.toml"

    @property
    def published(self) -> Path:
        return self.ingest / "published"

    @property
    def withdrawals(self) -> Path:
        return self.ingest / "withdrawals.toml"

    @property
    def themes(self) -> Path:
        return self.index / "themes.toml"

    @property
    def searches(self) -> Path:
        """Searches that somebody saved, to share and run again."""
        return self.index / "searches.toml"

    @property
    def judgements(self) -> Path:
        return self.index / "judgements.toml"

    @property
    def holdings(self) -> Path:
        return self.ingest / "holdings"

    @property
    def catalogue(self) -> Path:
        return self.holdings / "catalogue.db"

    @property
    def audio(self) -> Path:
        return self.holdings / "audio"

    @property
    def releases(self) -> Path:
        """Release forms that clearings rest on."""
        return self.holdings / "releases"

    @property
    def incoming(self) -> Path:
        """Downloads in progress; what lies here is never taken for a recording."""
        return self.holdings / "incoming"

    @property
    def lock(self) -> Path:
        return self.holdings / "ingest.lock"

    @property
    def session_secret(self) -> Path:
        """What signs sessions; no part of any copy of the archive."""
        return self.holdings / "session.secret"

    @property
    def build(self) -> Path:
        return self.index / "build"
