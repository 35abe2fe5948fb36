"""
Erasing a person: their record, their words, and the name wherever it stands.

What stays is the least that keeps it from coming back: on the desk, the stretches of the
recordings in which they speak and a salted digest of the name; in the catalogue, ids that
answer 410. Sound is not cut: the stretches are closed, and the files stay as they were.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from convarchive.domain.desk import Withdrawal
from convarchive.domain.episode import Sha256
from convarchive.domain.redaction import Erased, Mark, Redactor, mark
from convarchive.domain.span import Span, joined
from convarchive.domain.speaker import Speaker, SpeakerId
from convarchive.editorial.saying import said
from convarchive.errors import NotAllowed, NotFound
from convarchive.home import Home
from convarchive.ingest.barring import follow_withdrawals
from convarchive.ingest.desk_changes import remove_speaker
from convarchive.ingest.withdrawals import add_names, add_withdrawals, read_erased, read_withdrawals, remove_withdrawals
from convarchive.store.catalogue import Catalogue
from convarchive.store.forget import ErasedPerson
from convarchive.store.releases import forget_releases
from convarchive.store.write_reviews import Hold
from convarchive.store.writer import Writer

SHOWN = 5
"""Lines of desks that are named; the owner will find the others."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """
    What an erasure did: the review's number, what went, release forms deleted, recordings that hold the voice still.

    `erased` is False where traces in the catalogue's file wait for a reading process to end.
    """

    review: int
    went: ErasedPerson
    forms: int
    recordings: tuple[Sha256, ...]
    erased: bool


def forget(catalogue: Catalogue, home: Home, person: SpeakerId, *, by: str, why: str) -> Forgotten:
    """
    Erase everything held about a person. This cannot be undone.

    Raises BadInput, NotFound, and NotAllowed where a desk that people write themselves
    names the person: what is in print there, its owner has to take out first.
    """
    by, why = said(by, why)
    with catalogue.writing() as write:
        speaker = next((one for one in write.speech.speakers() if one.id == person), None)
        if speaker is None:
            raise NotFound(f"no speaker {person[:60]!r} here; list them with: convarchive speakers list")
        marks = _marks(speaker)
        _demand_desks_without(home, Redactor(marks))
        spans = _where(write, person)
        pseudonym = f"erased-{secrets.token_hex(4)}"
        number = write.reviews.add("forget", by, why, person=SpeakerId(pseudonym))
        entries = _entries(write, spans)
        for entry in entries:
            for hold in Hold.of(entry):
                write.reviews.hold(hold, number)
        went = write.erase_person(person, pseudonym, Erased(marks, spans), number)
        forms = write.reviews.strike_releases_of_erased()
        write.order_erasure()
        write.search.sync_passages()
        write.count_up("review")
        write.count_up("content")
        _write_desks(home, person, entries, marks)
        follow_withdrawals(write, home)
        # While the log can still tell which they are; whoever is interrupted here runs this again.
        deleted = forget_releases(home, forms)
    return Forgotten(number, went, deleted, tuple(sorted(spans)), catalogue.erase())


def _marks(speaker: Speaker) -> tuple[Mark, ...]:
    """The name and its longer variants; a single first name would be everybody's."""
    names = dict.fromkeys((speaker.name, *(alias for alias in speaker.aliases if len(alias.split()) > 1)))
    return tuple(one for one in map(mark, names) if one.words)


def _where(write: Writer, person: SpeakerId) -> dict[Sha256, tuple[Span, ...]]:
    spans = dict(write.reviews.stretches_of(person))
    for recording, said_there in write.quotes.places_of(person).items():
        spans[recording] = (*spans.get(recording, ()), *said_there)
    return {recording: joined(many) for recording, many in spans.items()}


def _entries(write: Writer, spans: dict[Sha256, tuple[Span, ...]]) -> list[Withdrawal]:
    newest = write.episodes.newest_recordings()
    return [
        Withdrawal("withdrawn", recording, many, newest.get(recording), since=write.now[:10], erased=True)
        for recording, many in spans.items()
    ]


def _write_desks(home: Home, person: SpeakerId, entries: Sequence[Withdrawal], marks: Sequence[Mark]) -> None:
    # Barred first, then forgotten: whatever interrupts, nothing of it can be taken in again.
    add_withdrawals(home, entries)
    known = {(one.salt, one.digest) for one in read_erased(home).marks}
    add_names(home, [one for one in marks if (one.salt, one.digest) not in known])
    remove_withdrawals(home, [one for one in read_withdrawals(home) if one.person == person])
    remove_speaker(home, person)


def _demand_desks_without(home: Home, known: Redactor) -> None:
    lines = [f"{path}:{number}" for path, number in _naming(home, known)]
    if lines:
        told = ", ".join(lines[:SHOWN]) + (f" and {len(lines) - SHOWN} more" if len(lines) > SHOWN else "")
        raise NotAllowed(
            f"{told} name this person or quote them in print; take those lines out first, then run this again. "
            "Nothing was erased"
        )


def _naming(home: Home, known: Redactor) -> Iterator[tuple[Path, int]]:
    published = sorted(home.published.glob("*.toml")) if home.published.is_dir() else []
    for path in (home.settings, home.feeds, home.lexicon, *published, home.themes, home.judgements):
        if path.is_file():
            for number, line in enumerate(path.read_text("utf-8-sig").splitlines(), 1):
                if known.holds(line):
                    yield path.relative_to(home.root), number
