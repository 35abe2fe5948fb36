"""One writing transaction: each family of facts has its own module, this only holds them together."""

from __future__ import annotations

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects.sqlite import insert

from convarchive.store import erase
from convarchive.store import schema as s
from convarchive.store.read_index import IndexReads
from convarchive.store.write_episodes import EpisodeWrites
from convarchive.store.write_keys import KeyWrites
from convarchive.store.write_quotes import QuoteWrites
from convarchive.store.write_reviews import ReviewWrites
from convarchive.store.write_search import SearchWrites
from convarchive.store.write_speech import SpeechWrites


class Writer:
    """Everything that can be written in one transaction, at one instant (`now`, ISO 8601 UTC)."""

    def __init__(self, connection: Connection, now: str) -> None:
        self.now = now
        self._connection = connection
        self.episodes = EpisodeWrites(connection, now)
        self.speech = SpeechWrites(connection, now)
        self.quotes = QuoteWrites(connection, now)
        self.reviews = ReviewWrites(connection, now)
        self.search = SearchWrites(connection, now)
        self.keys = KeyWrites(connection, now)
        self.index = IndexReads(connection)

    def desk_loaded(self, path: str, digest: str) -> bool:
        """Record that a desk file was read with this digest; True if that is news."""
        known = self._connection.execute(select(s.desk_file.c.digest).where(s.desk_file.c.path == path)).scalar()
        statement = insert(s.desk_file).values(path=path, digest=digest, loaded_at=self.now)
        self._connection.execute(
            statement.on_conflict_do_update(index_elements=["path"], set_={"digest": digest, "loaded_at": self.now})
        )
        return known != digest

    def fact(self, name: str) -> str | None:
        """A single fact of the catalogue."""
        return self._connection.execute(select(s.fact.c.value).where(s.fact.c.name == name)).scalar()

    def count_up(self, name: str) -> int:
        """Move a counter (`content`, `review`) on by one and return it."""
        self._connection.execute(insert(s.counter).values(name=name, value=0).on_conflict_do_nothing())
        self._connection.execute(update(s.counter).where(s.counter.c.name == name).values(value=s.counter.c.value + 1))
        return int(self._connection.execute(select(s.counter.c.value).where(s.counter.c.name == name)).scalar_one())

    def order_erasure(self) -> None:
        """Note that traces of what was decided away have to go; `Catalogue.erase` sees to it."""
        erase.order(self._connection, self.now)
