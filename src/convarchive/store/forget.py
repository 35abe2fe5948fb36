"""
Wiping everything held about one person, in the caller's transaction.

What stays is what nobody can be known by: ids of quotes that answer 410, the spans that may
not be heard, and the log of decisions with a pseudonym in the name's place. The full text,
vectors and the write-ahead log are swept afterwards (`Catalogue.erase`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, String, Table, delete, select, text, update

from convarchive.domain.episode import Sha256
from convarchive.domain.passage import PassageNumber
from convarchive.domain.redaction import Erased
from convarchive.domain.speaker import SpeakerId
from convarchive.domain.transcript import Transcript
from convarchive.store import fulltext
from convarchive.store import schema as s
from convarchive.store.blobs import pack_dropped, pack_words, unpack_dropped, unpack_words
from convarchive.store.standing import is_newest
from convarchive.store.write_voiceprints import erase_prints

ERASED = "erased"
"""Why an erased quote no longer stands."""

_ADDRESSES = {"url", "answers_at", "enclosure_url", "guid", "etag", "last_modified", "href"}
"""Columns a publisher's server needs back as they came, or that a name is taken out of with its whole row."""


@dataclass(frozen=True, slots=True)
class ErasedPerson:
    """How many quotes were erased, words in transcripts, and quotes of others that named the person."""

    quotes: int
    words: int
    mentions: int


def erase_people(
    connection: Connection, persons: Sequence[SpeakerId], pseudonym: str, what: Erased, review: int
) -> ErasedPerson:
    """Wipe people; `what` says where they spoke and how their names are known, `review` who ordered it."""
    words = sum(_clean_transcripts(connection, recording, what) for recording in _recordings(connection))
    quotes = _erase_quotes(connection, persons, what)
    _erase_voices(connection, persons)
    _erase_records(connection, persons, pseudonym, what)
    mentions = _redact(connection, what, review)
    return ErasedPerson(len(quotes), words, mentions)


def strike_forms(connection: Connection, forms: Sequence[Sha256]) -> None:
    """Take the digests of release forms that are deleted out of the log: nobody shall be asked to bring them back."""
    with _log_open(connection):
        connection.execute(update(s.review).where(s.review.c.release_sha256.in_(forms)).values(release_sha256=None))


def known_by(connection: Connection, what: Erased) -> tuple[SpeakerId, ...]:
    """People of the register who bear an erased name."""
    rows = connection.execute(select(s.speaker.c.id, s.speaker.c.name).order_by(s.speaker.c.id)).all()
    return tuple(SpeakerId(row.id) for row in rows if what.redactor.holds(row.name))


def _recordings(connection: Connection) -> list[str | None]:
    return list(connection.execute(select(s.transcript.c.recording).distinct()).scalars())


# -- words ----------------------------------------------------------------------------


def _clean_transcripts(connection: Connection, recording: str | None, what: Erased) -> int:
    """Take the words out of every transcript of a recording, and keep its utterances in step; how many went."""
    digest = Sha256(recording) if recording else None
    table = s.transcript
    where = table.c.recording == recording if recording else table.c.recording.is_(None)
    gone = 0
    followed: dict[int, list[bool]] = {}
    for row in connection.execute(select(table).where(where)).mappings().all():
        words = unpack_words(row["words"])
        before = Transcript(words, row["language"], row["origin"], row["fingerprint"], unpack_dropped(row["dropped"]))
        after = what.transcript(digest, before)
        if (after.words, after.dropped) == (before.words, before.dropped):
            continue
        followed[row["id"]] = [what.keeps(digest, word) for word in words]
        gone += len(words) - len(after.words)
        values = {"words": pack_words(after.words), "word_count": len(after.words)}
        connection.execute(
            update(table).where(table.c.id == row["id"]).values(dropped=pack_dropped(after.dropped), **values)
        )
    if recording and followed:
        _keep_in_step(connection, recording, followed)
    return gone


def _keep_in_step(connection: Connection, recording: str, followed: dict[int, list[bool]]) -> None:
    """Utterances count words of the transcript that is used; words before them are gone now."""
    t, u = s.transcript.c, s.utterance.c
    used = connection.execute(
        select(t.id, t.origin, t.timed).where(t.recording == recording, t.current).order_by(t.id.desc())
    ).all()
    order = {("supplied", True): 0, ("heard", True): 1}
    ranked = sorted(used, key=lambda row: order.get((row.origin, bool(row.timed)), 2))
    if not ranked or ranked[0].id not in followed:
        return
    kept = followed[ranked[0].id]
    before = [0]
    for stays in kept:
        before.append(before[-1] + stays)
    rows = connection.execute(select(s.utterance).where(u.recording == recording)).mappings().all()
    for row in rows:
        first, last = row["first_word"], min(row["first_word"] + row["word_count"], len(kept))
        this = (u.recording == recording, u.position == row["position"])
        count = before[last] - before[first] if first < last else 0
        if count:
            connection.execute(update(s.utterance).where(*this).values(first_word=before[first], word_count=count))
        else:
            connection.execute(delete(s.utterance).where(*this))


# -- quotes ---------------------------------------------------------------------------


def _erase_quotes(connection: Connection, persons: Sequence[SpeakerId], what: Erased) -> list[str]:
    """Blank the person's quotes, and all that stands where they spoke; their ids answer 410 from now on."""
    newest = select(s.version.c.quote).where(s.version.c.speaker.in_(persons), is_newest(s.version.c.id))
    theirs = set(connection.execute(newest).scalars())
    for recording, spans in what.spans.items():
        c = s.source.c
        for span in spans:
            there = select(c.quote).where(c.recording == recording, c.start_ms < span.end, c.end_ms > span.start)
            theirs |= set(connection.execute(there).scalars())
    quotes = sorted(theirs)
    for some in _portions(quotes):
        versions = select(s.version.c.id).where(s.version.c.quote.in_(some))
        connection.execute(update(s.excerpt).where(s.excerpt.c.version.in_(versions)).values(text=""))
        connection.execute(delete(s.theme_score).where(s.theme_score.c.version.in_(versions)))
        _drop_passages(connection, s.passage.c.quote.in_(some))
        connection.execute(
            update(s.version)
            .where(s.version.c.quote.in_(some))
            .values(text="", speaker=None, name=None, credit=None, role=None, doubts="[]", edits="[]")
        )
        connection.execute(
            update(s.selector).where(s.selector.c.quote.in_(some)).values(exact="", prefix="", suffix="")
        )
        connection.execute(update(s.quote).where(s.quote.c.id.in_(some)).values(retired=ERASED))
        connection.execute(delete(s.redirect).where(s.redirect.c.quote.in_(some)))
    # What was once thought to be theirs and is somebody else's keeps its words, not their name.
    nobody = {"speaker": None, "name": None, "credit": None, "role": None}
    connection.execute(update(s.version).where(s.version.c.speaker.in_(persons)).values(nobody))
    # What stands before and after other quotes may be the erased words.
    for recording in what.spans:
        beside = select(s.source.c.quote).where(s.source.c.recording == recording)
        connection.execute(update(s.selector).where(s.selector.c.quote.in_(beside)).values(prefix="", suffix=""))
    return quotes


def _drop_passages(connection: Connection, which: ColumnElement[bool]) -> None:
    held = connection.execute(select(s.passage.c.number, s.passage.c.text).where(which)).all()
    fulltext.drop(connection, [(PassageNumber(number), words) for number, words in held])
    connection.execute(delete(s.passage).where(which))


def _portions(quotes: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(quotes), 500):
        yield quotes[start : start + 500]


# -- the person -----------------------------------------------------------------------


def _erase_voices(connection: Connection, persons: Sequence[SpeakerId]) -> None:
    erase_prints(connection, persons)
    a = s.attribution.c
    ours = select(a.id).where(a.speaker.in_(persons))
    connection.execute(delete(s.evidence).where(s.evidence.c.attribution.in_(ours)))
    connection.execute(
        update(s.attribution)
        .where(a.speaker.in_(persons))
        .values(speaker=None, name=None, role=None, status="unattributed", confidence=0.0)
    )
    v = s.voice_decision.c
    # That two labels are one voice, or one label two, says nothing about a person and keeps others' names right.
    connection.execute(
        update(s.voice_decision)
        .where(v.speaker.in_(persons), v.act.in_(("merge", "rest", "split")))
        .values(speaker=None)
    )
    connection.execute(delete(s.voice_decision).where(v.speaker.in_(persons)))


def _erase_records(connection: Connection, persons: Sequence[SpeakerId], pseudonym: str, what: Erased) -> None:
    connection.execute(delete(s.credit).where(s.credit.c.speaker.in_(persons)))
    connection.execute(delete(s.speaker).where(s.speaker.c.id.in_(persons)))
    connection.execute(delete(s.hold).where(s.hold.c.person.in_(persons)))
    known = what.redactor
    p = s.episode_person.c
    for row in connection.execute(select(p.episode, p.position, p.name, p.href)).all():
        if known.holds(row.name) or known.holds(row.href):
            connection.execute(delete(s.episode_person).where(p.episode == row.episode, p.position == row.position))
    with _log_open(connection):
        connection.execute(update(s.review).where(s.review.c.person.in_(persons)).values(person=pseudonym))


def _redact(connection: Connection, what: Erased, review: int) -> int:
    """Put `[name]` in the name's place in every text there is; how many quotes of others named it."""
    known = what.redactor
    changed = [
        version
        for version, words in connection.execute(select(s.version.c.id, s.version.c.text)).all()
        if known.holds(words)
    ]
    for some in _portions(changed):
        # Other words than those that were cleared: somebody has to look at them again.
        _drop_passages(connection, s.passage.c.version.in_(some))
        open_ = s.clearing.c.undone_by.is_(None)
        connection.execute(update(s.clearing).where(open_, s.clearing.c.version.in_(some)).values(undone_by=review))
    with _log_open(connection):
        for table in s.metadata.sorted_tables:
            for column in table.columns:
                if _is_prose(column):
                    _redact_column(connection, table, column, what)
    return len(changed)


@contextmanager
def _log_open(connection: Connection) -> Iterator[None]:
    """
    Let the log of reviews be written to: its names alone, and only here.

    Nobody may change what was decided; whose name stands in it, the person may have erased.
    """
    trigger = "review_is_never_changed"
    made = connection.execute(text("SELECT sql FROM sqlite_master WHERE name = :n"), {"n": trigger}).scalar_one()
    connection.execute(text(f"DROP TRIGGER {trigger}"))
    yield
    connection.execute(text(made))


def _is_prose(column: Column[Any]) -> bool:
    plain = isinstance(column.type, String) and column.name not in _ADDRESSES
    return plain and not column.primary_key and not column.foreign_keys


def _redact_column(connection: Connection, table: Table, column: Column[Any], what: Erased) -> None:
    known = what.redactor
    for (found,) in connection.execute(select(column).where(column.is_not(None)).distinct()).all():
        if known.holds(found):
            connection.execute(update(table).where(column == found).values({column: known.text(found)}))
