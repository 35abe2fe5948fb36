"""
Closing everything that somebody said, or all of an episode, and taking that back.

What is closed this way is closed by who said it or where, not quote by quote: what is cut,
transcribed or taken in later is closed too. Both are written through to the desk
`withdrawals.toml`: an episode also as its recordings and documents, a person also as the
stretches in which they are thought to speak, for a later run may not know them again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from convarchive.domain.desk import Withdrawal
from convarchive.domain.episode import EpisodeId
from convarchive.domain.quote import AudioSource, DocumentId, DocumentSource, QuoteId
from convarchive.domain.speaker import SpeakerId
from convarchive.editorial.clearing import Closed
from convarchive.editorial.desks import take_off_desk
from convarchive.editorial.saying import instant, said
from convarchive.errors import NotAllowed, NotFound
from convarchive.home import Home
from convarchive.ingest.barring import follow_withdrawals
from convarchive.ingest.withdrawals import add_withdrawals
from convarchive.store.catalogue import Catalogue
from convarchive.store.write_reviews import Hold
from convarchive.store.writer import Writer


@dataclass(frozen=True, slots=True)
class Whole:
    """Everything of one person, or of one episode: exactly one of the two is given."""

    person: SpeakerId | None = None
    episode: EpisodeId | None = None

    def __str__(self) -> str:
        return f"everything {self.person} said" if self.person else f"episode {self.episode}"


@dataclass(frozen=True, slots=True)
class WholeDecided:
    """The review's number, the living quotes it bears on, and `erased` as in `clearing.Decided`."""

    review: int
    quotes: tuple[QuoteId, ...]
    erased: bool = True


def close(
    catalogue: Catalogue, home: Home, what: Whole, state: Closed, *, by: str, why: str, until: str | None = None
) -> WholeDecided:
    """
    Withhold (`until` a day or an instant) or withdraw all of a person's words or of an episode.

    It counts in the transaction that records it; a withdrawal's traces are then wiped from
    the file. Raises BadInput, NotFound.
    """
    by, why = said(by, why)
    withdrawn = state == "withdrawn"
    with catalogue.writing() as write:
        _demand_known(write, what)
        ends = None if until is None else instant(until, "until", write.now)
        act: Literal["withdraw", "withhold"] = "withdraw" if withdrawn else "withhold"
        number = write.reviews.add(act, by, why, person=what.person, episode=what.episode, until=ends)
        entries = [replace(entry, since=write.now[:10], until=ends) for entry in _entries(write, what, state)]
        for entry in entries:
            for hold in Hold.of(entry):
                write.reviews.hold(hold, number)
        add_withdrawals(home, entries)
        if withdrawn:
            write.order_erasure()
        _follow(write, home)
        quotes = write.reviews.quotes_of(what.person, what.episode)
    return WholeDecided(number, quotes, erased=catalogue.erase() if withdrawn else True)


def reopen(catalogue: Catalogue, home: Home, what: Whole, *, by: str, why: str) -> WholeDecided:
    """
    Take back the strictest decision about this very person or episode: a withdrawal, else a withholding.

    Quotes that were closed one by one stay closed. Raises BadInput, NotFound, and
    NotAllowed where nothing of the kind was decided.
    """
    by, why = said(by, why)
    with catalogue.writing() as write:
        _demand_known(write, what)
        standing = write.reviews.whole_holds(what.person, what.episode)
        for state in ("withdrawn", "withheld"):
            reviews = [review for its, review in standing if its == state]
            if reviews:
                number = write.reviews.add(
                    "undo", by, why, person=what.person, episode=what.episode, undoes=max(reviews)
                )
                lifted = write.reviews.lift_of(reviews, state, number)
                take_off_desk(home, lifted)
                _follow(write, home)
                quotes = write.reviews.quotes_of(what.person, what.episode)
                return WholeDecided(number, quotes)
    raise NotAllowed(f"nothing was decided about {what} as a whole, so there is nothing to take back")


def _demand_known(write: Writer, what: Whole) -> None:
    if what.person is not None and what.person not in {one.id for one in write.speech.speakers()}:
        raise NotFound(f"no speaker {what.person[:60]!r} here; list them with: convarchive speakers list")
    if what.episode is not None and what.episode not in {one.id for one in write.episodes.episodes()}:
        raise NotFound(f"no episode {what.episode[:60]!r} here; list them with: convarchive episodes list")


def _entries(write: Writer, what: Whole, state: Closed) -> Iterator[Withdrawal]:
    if what.person is not None:
        yield Withdrawal(state, person=what.person)
        newest = write.episodes.newest_recordings()
        for recording, spans in write.reviews.stretches_of(what.person).items():
            yield Withdrawal(state, recording=recording, spans=spans, episode=newest.get(recording))
        return
    yield Withdrawal(state, episode=what.episode)
    # What was held for the episode, and what its quotes stand in: a recording may have been replaced since.
    recordings = dict.fromkeys(write.episodes.recordings_of(what.episode)) if what.episode else {}
    documents: dict[tuple[DocumentId, str], None] = {}
    for quote in write.reviews.quotes_of(None, what.episode):
        found = write.reviews.standing(quote)
        for source in found.sources if found else ():
            if isinstance(source, AudioSource):
                recordings[source.recording] = None
            elif isinstance(source, DocumentSource):
                documents[source.document, source.key] = None
    yield from (Withdrawal(state, recording=recording) for recording in recordings)
    yield from (Withdrawal(state, document=document, key=key) for document, key in documents)


def _follow(write: Writer, home: Home) -> None:
    follow_withdrawals(write, home)
    write.search.sync_passages()
    write.count_up("review")
