"""Reads what an editor decides about: the quotes that wait, how they stood, and how sure each word was heard."""

from __future__ import annotations

from sqlalchemy import select

from convarchive.domain.episode import Sha256
from convarchive.domain.passage import Query
from convarchive.domain.quote import QuoteId, Review, VersionId
from convarchive.domain.span import Span
from convarchive.store import schema as s
from convarchive.store.blobs import unpack_words
from convarchive.store.read_speech import SpeechReads
from convarchive.store.standing import bearing
from convarchive.store.views import Earlier, HeardWord


class DeskReads(SpeechReads):
    """The editors' desk. Everything here raises NotAllowed for all but editors."""

    def waiting(self, query: Query) -> tuple[QuoteId, ...]:
        """
        The quotes that pass a query's filters and that nobody decided about, as they follow on one another.

        Print comes first, then episode after episode. What is cleared for a later day was
        decided about. The query's text is not looked at.
        """
        self._editors_only("what waits for review")
        p, first = s.passage.c, s.source.c
        decided = select(s.clearing.c.version).where(s.clearing.c.undone_by.is_(None))
        asked = self._allowed(query, p.quote, p.version).subquery()
        rows = self._connection.execute(
            select(asked.c.quote)
            .join(s.quote, s.quote.c.id == asked.c.quote)
            .outerjoin(s.source, (first.quote == asked.c.quote) & (first.position == 0))
            .where(
                asked.c.version.not_in(decided),
                asked.c.version.not_in(select(bearing(self._now).c.version)),
            )
            .order_by(s.quote.c.episode.nulls_first(), first.start_ms, asked.c.quote)
        ).scalars()
        return tuple(dict.fromkeys(QuoteId(one) for one in rows))

    def earlier(self, version: VersionId) -> Earlier | None:
        """What a version of a quote said; None where there never was such a version."""
        self._editors_only("earlier versions")
        row = self._connection.execute(select(s.version).where(s.version.c.id == version)).mappings().first()
        return Earlier(QuoteId(row["quote"]), row["text"], row["name"]) if row else None

    def newest_review(self, quote: QuoteId) -> Review | None:
        """The newest decision about this very quote, or None."""
        reviews = self.reviews(quote)
        return reviews[-1] if reviews else None

    def heard(self, recording: Sha256, span: Span) -> tuple[HeardWord, ...]:
        """The recogniser's words in a stretch of a recording, each with its probability where it gave one."""
        self._editors_only("how sure each word was heard")
        held = s.episode_recording.c
        episode = self._connection.execute(select(held.episode).where(held.recording == recording)).scalar()
        transcript = self._transcript(episode, recording) if episode else None
        if transcript is None:
            return ()
        return tuple(
            HeardWord(word.text, word.probability)
            for word in unpack_words(transcript["words"])
            if span.start <= (word.span.start + word.span.end) // 2 < span.end
        )
