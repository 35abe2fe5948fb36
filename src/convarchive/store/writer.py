"""One writing transaction: each family of facts has its own module, this only holds them together."""

from __future__ import annotations

import secrets

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects.sqlite import insert

from convarchive.domain.episode import Sha256
from convarchive.domain.redaction import Erased
from convarchive.domain.speaker import SpeakerId
from convarchive.store import carry_over, enclosures, erase
from convarchive.store import schema as s
from convarchive.store.carry_over import Closed
from convarchive.store.erased import put_erased
from convarchive.store.forget import ErasedPerson, erase_people, known_by
from convarchive.store.read_index import IndexReads
from convarchive.store.write_edits import EditWrites
from convarchive.store.write_episodes import EpisodeWrites
from convarchive.store.write_keys import KeyWrites
from convarchive.store.write_quotes import QuoteWrites
from convarchive.store.write_reviews import ReviewWrites
from convarchive.store.write_search import SearchWrites
from convarchive.store.write_speech import SpeechWrites
from convarchive.store.write_voiceprints import VoiceprintWrites
from convarchive.store.write_voices import VoiceWrites


class Writer:
    """Everything that can be written in one transaction, at one instant (`now`, ISO 8601 UTC)."""

    def __init__(self, connection: Connection, now: str) -> None:
        self.now = now
        self._connection = connection
        self.episodes = EpisodeWrites(connection, now)
        self.speech = SpeechWrites(connection, now)
        self.voices = VoiceWrites(connection, now)
        self.quotes = QuoteWrites(connection, now)
        self.edits = EditWrites(connection, now)
        self.reviews = ReviewWrites(connection, now)
        self.search = SearchWrites(connection, now)
        self.keys = KeyWrites(connection, now)
        self.voiceprints = VoiceprintWrites(connection, now)
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

    def keep_away(self, what: Erased) -> None:
        """Make this exactly what `episodes.put_item` and `speech.put_transcript` leave out from now on."""
        put_erased(self._connection, what)

    def erase_person(self, person: SpeakerId, pseudonym: str, what: Erased, review: int) -> ErasedPerson:
        """Wipe everything held about a person; see `store.forget`."""
        return erase_people(self._connection, [person], pseudonym, what, review)

    def erase_again(self, what: Erased, why: str) -> None:
        """Wipe from a catalogue that comes from elsewhere what was erased here; see `store.forget`."""
        if what.marks or what.spans:
            pseudonym = f"erased-{secrets.token_hex(4)}"
            review = self.reviews.add("forget", "convarchive", why, person=SpeakerId(pseudonym))
            erase_people(self._connection, known_by(self._connection, what), pseudonym, what, review)

    def note_enclosure(self, recording: Sha256, url: str | None) -> None:
        """Remember that this enclosure was just seen to serve exactly this recording, or (None) that none does."""
        enclosures.put_seen(self._connection, self.now, recording, url)

    def order_erasure(self) -> None:
        """Note that traces of what was decided away have to go; `Catalogue.erase` sees to it."""
        erase.order(self._connection, self.now)

    def closed(self) -> Closed:
        """All that is closed now, to be closed in an older catalogue that takes this one's place."""
        return carry_over.closed(self._connection, self.now)

    def close(self, since: Closed) -> int:
        """Close here what was closed in the catalogue that this one replaces; how many decisions that were."""
        return carry_over.close(self._connection, self.now, since)

    def renamed(self) -> None:
        """
        Give a restored catalogue an id of its own.

        From here on its passages are numbered apart from those of the catalogue it was copied
        from, so an index of either must not answer for the other.
        """
        self._connection.execute(update(s.fact).where(s.fact.c.name == "catalogue").values(value=secrets.token_hex(16)))
