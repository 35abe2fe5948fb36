"""
What each audience may see of the catalogue: the audience table, applied in one place.

Every door reads through a `Reader`; none filters by itself.
"""

from __future__ import annotations

from sqlalchemy import Connection

from convarchive.domain.audience import Audience
from convarchive.store.ledgers import Ledgers
from convarchive.store.read_checks import CheckReads
from convarchive.store.read_desk import DeskReads
from convarchive.store.read_index import IndexReads
from convarchive.store.read_person import PersonReads
from convarchive.store.read_themes import ThemeReads
from convarchive.store.read_voices import VoiceReads


class Reader(DeskReads, PersonReads, VoiceReads, CheckReads, ThemeReads):
    """One audience's view of the catalogue, inside one snapshot: quotes, lists, transcripts, sound and search."""

    def __init__(self, connection: Connection, audience: Audience, now: str, ledgers: Ledgers | None = None) -> None:
        super().__init__(connection, audience, now)
        self._ledgers = ledgers

    @property
    def index(self) -> IndexReads:
        """What the search index is compared with: numbers and counts, no words."""
        return IndexReads(self._connection)
