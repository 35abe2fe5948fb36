"""Writes quotes: their permanent ids, their versions, their sources and where an old id leads."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, RowMapping, and_, delete, func, select, update
from sqlalchemy.dialects.sqlite import insert

from convarchive.domain.episode import EpisodeId, Sha256
from convarchive.domain.ids import printed_quote_id, version_id
from convarchive.domain.quote import (
    AudioSource,
    Document,
    DocumentId,
    DocumentSource,
    Excerpt,
    PrintedWords,
    PublishedQuote,
    QuoteId,
    Selector,
    Source,
    TextStatus,
    VersionId,
)
from convarchive.domain.span import Span
from convarchive.domain.speaker import Role, SpeakerId
from convarchive.store import schema as s
from convarchive.store.printed_words import printed_words
from convarchive.store.standing import is_newest


@dataclass(frozen=True, slots=True)
class NewVersion:
    """A quote's words and speaker as they are now to be kept."""

    quote: QuoteId
    text: str
    text_status: TextStatus
    excerpts: tuple[Excerpt, ...]
    sources: tuple[Source, ...]
    selector: Selector
    speaker: SpeakerId | None = None
    name: str | None = None
    credit: str | None = None
    role: Role | None = None
    attribution: int | None = None
    confidence: float | None = None
    doubts: tuple[str, ...] = ()
    episode: EpisodeId | None = None
    language: str = "en"
    rights: str | None = None
    fiction: bool = False


@dataclass(frozen=True, slots=True)
class HeldQuote:
    """
    A living quote of an episode, as the next cutting of one recording needs it.

    `elsewhere` are its places in the episode's other recordings; its selector has a span
    only where the quote stands in this one. `edited` says that its text is an edited form.
    """

    id: QuoteId
    selector: Selector
    text: str
    speaker: SpeakerId | None
    version: VersionId
    cleared: bool
    elsewhere: tuple[AudioSource, ...] = ()
    edited: bool = False


class QuoteWrites:
    """Quotes of recordings and of documents."""

    def __init__(self, connection: Connection, now: str) -> None:
        self._connection = connection
        self._now = now

    def put(self, new: NewVersion) -> VersionId:
        """
        Keep a quote's words: a new version if words, excerpts or speaker changed, else the one there is.

        A quote that was retired stands again. An edited form of the very same words stays the
        newest, as sure of its name as they are now.
        """
        known = insert(s.quote).values(
            id=new.quote,
            episode=new.episode,
            language=new.language,
            rights=new.rights,
            fiction=new.fiction,
            minted_at=self._now,
        )
        today = {"retired": None, "rights": new.rights, "fiction": new.fiction}
        self._connection.execute(known.on_conflict_do_update(index_elements=["id"], set_=today))
        self._connection.execute(delete(s.redirect).where(s.redirect.c.quote == new.quote))
        self._put_sources(new.quote, new.sources)
        self._put_selector(new.quote, new.selector)
        the_id = version_id(new.quote, new.text, new.excerpts, new.speaker)
        newest = self._connection.execute(
            select(s.version.c.id, s.version.c.seq, s.version.c.text, s.version.c.edits)
            .where(s.version.c.quote == new.quote)
            .order_by(s.version.c.seq.desc())
        ).first()
        values = {
            "text_status": new.text_status,
            "name": new.name,
            "credit": new.credit,
            "role": new.role,
            "attribution": new.attribution,
            "confidence": None if new.confidence is None else round(new.confidence, 4),
            "doubts": json.dumps(new.doubts, ensure_ascii=False),
        }
        if newest and newest.edits != "[]" and newest.id == version_id(
            new.quote, newest.text, new.excerpts, new.speaker
        ):  # fmt: skip
            self._connection.execute(update(s.version).where(s.version.c.id.in_([the_id, newest.id])).values(**values))
            return the_id
        values["seq"] = (newest.seq if newest else 0) + (0 if newest and newest.id == the_id else 1)
        statement = insert(s.version).values(
            id=the_id,
            quote=new.quote,
            text=new.text,
            speaker=new.speaker,
            made_at=self._now,
            **values,
        )
        # The same words under the same name are the same version again, better evidence or not.
        self._connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=values))
        self._put_excerpts(the_id, new)
        return the_id

    def _put_excerpts(self, version: VersionId, new: NewVersion) -> None:
        recording = next((source.recording for source in new.sources if isinstance(source, AudioSource)), None)
        rows = [
            {
                "version": version,
                "position": i,
                "text": e.text,
                "start_ms": e.span.start if e.span else None,
                "end_ms": e.span.end if e.span else None,
                "recording": recording if e.span else None,
            }
            for i, e in enumerate(new.excerpts)
        ]
        # A version that is here already stays bound to the sound in which its words were checked.
        self._connection.execute(insert(s.excerpt).on_conflict_do_nothing(), rows)

    def _put_sources(self, quote: QuoteId, sources: Sequence[Source]) -> None:
        rows = []
        for i, source in enumerate(sources):
            row: dict[str, object] = dict.fromkeys(("recording", "start_ms", "end_ms", "document", "key", "place"))
            if isinstance(source, AudioSource):
                row |= {"recording": source.recording, "start_ms": source.span.start, "end_ms": source.span.end}
            else:
                row |= {"document": source.document, "key": source.key, "place": source.place}
            rows.append({"quote": quote, "position": i} | row)
        self._connection.execute(delete(s.source).where(s.source.c.quote == quote))
        self._connection.execute(insert(s.source), rows)

    def _put_selector(self, quote: QuoteId, selector: Selector) -> None:
        values = {
            "exact": selector.exact,
            "prefix": selector.prefix,
            "suffix": selector.suffix,
            "start_ms": selector.span.start if selector.span else None,
            "end_ms": selector.span.end if selector.span else None,
        }
        statement = insert(s.selector).values(quote=quote, **values)
        self._connection.execute(statement.on_conflict_do_update(index_elements=["quote"], set_=values))

    def of_episode(self, episode: EpisodeId, recording: Sha256) -> tuple[HeldQuote, ...]:
        """The episode's living quotes from sound, in order of time."""
        newest = (
            select(s.version.c.quote, func.max(s.version.c.seq).label("seq")).group_by(s.version.c.quote).subquery()
        )
        cleared = (
            select(func.count())
            .select_from(s.clearing)
            .where(s.clearing.c.version == s.version.c.id, s.clearing.c.undone_by.is_(None))
            .scalar_subquery()
        )
        rows = self._connection.execute(
            select(
                s.selector,
                s.version.c.id,
                s.version.c.text,
                s.version.c.speaker,
                s.version.c.edits,
                cleared.label("cleared"),
            )
            .join(s.quote, s.quote.c.id == s.selector.c.quote)
            .join(newest, newest.c.quote == s.quote.c.id)
            .join(s.version, and_(s.version.c.quote == newest.c.quote, s.version.c.seq == newest.c.seq))
            .where(s.quote.c.retired.is_(None), s.quote.c.episode == episode, s.selector.c.start_ms.is_not(None))
            .order_by(s.selector.c.start_ms, s.quote.c.id)
        ).mappings()
        places = self._places(episode)
        return tuple(_held(row, places.get(row["quote"], ()), recording) for row in rows)

    def ever_minted(self, episode: EpisodeId) -> frozenset[QuoteId]:
        """Every id that a quote of this episode bears or bore."""
        rows = self._connection.execute(select(s.quote.c.id).where(s.quote.c.episode == episode))
        return frozenset(QuoteId(row[0]) for row in rows)

    def _places(self, episode: EpisodeId) -> dict[str, tuple[AudioSource, ...]]:
        rows = self._connection.execute(
            select(s.source.c.quote, s.source.c.recording, s.source.c.start_ms, s.source.c.end_ms)
            .join(s.quote, s.quote.c.id == s.source.c.quote)
            .where(s.quote.c.episode == episode, s.source.c.recording.is_not(None))
            .order_by(s.source.c.quote, s.source.c.position)
        )
        found: dict[str, tuple[AudioSource, ...]] = {}
        for quote, recording, start, end in rows:
            found[quote] = (*found.get(quote, ()), AudioSource(Sha256(recording), Span(start, end)))
        return found

    def places_of(self, person: SpeakerId) -> dict[Sha256, tuple[Span, ...]]:
        """Where the quotes stand whose newest version is this person's, by recording."""
        rows = self._connection.execute(
            select(s.source.c.recording, s.source.c.start_ms, s.source.c.end_ms)
            .join(s.version, s.version.c.quote == s.source.c.quote)
            .where(s.version.c.speaker == person, is_newest(s.version.c.id), s.source.c.recording.is_not(None))
            .order_by(s.source.c.recording, s.source.c.start_ms)
        )
        found: dict[Sha256, tuple[Span, ...]] = {}
        for recording, start, end in rows:
            found[Sha256(recording)] = (*found.get(Sha256(recording), ()), Span(start, end))
        return found

    def retire(self, quote: QuoteId, reason: str, targets: Sequence[QuoteId] = ()) -> None:
        """Take a quote out of sight for ever: its id leads to `targets` in order, or says why it is gone."""
        self._connection.execute(update(s.quote).where(s.quote.c.id == quote).values(retired=reason))
        self._connection.execute(delete(s.redirect).where(s.redirect.c.quote == quote))
        if targets:
            self._connection.execute(
                insert(s.redirect),
                [{"quote": quote, "position": i, "target": t} for i, t in enumerate(targets)],
            )

    # -- print ------------------------------------------------------------------------

    def put_document(self, document: Document, kind: str = "published") -> None:
        """Keep a document's own facts."""
        values = {
            "title": document.title,
            "publisher": document.publisher,
            "published": document.published,
            "url": document.url,
            "language": document.language,
            "kind": kind,
            "clearance_scope": document.clearance_scope,
            "fiction": document.fiction,
        }
        statement = insert(s.document).values(id=document.id, **values)
        self._connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=values))

    def put_published(self, document: Document, printed: PublishedQuote) -> tuple[QuoteId, VersionId]:
        """Keep one quote as printed; its id comes from the document and its key."""
        the_id = printed_quote_id(document.id, printed.key)
        source = DocumentSource(document.id, printed.key, printed.place, document.title)
        version = self.put(
            NewVersion(
                quote=the_id,
                text=printed.text,
                text_status="printed",
                excerpts=(Excerpt(printed.text),),
                sources=(source,),
                selector=Selector(printed.text),
                speaker=printed.speaker,
                name=printed.name,
                credit=printed.credit,
                role="guest" if printed.kind == "podcast" else "other",
                language=document.language,
                fiction=document.fiction,
            )
        )
        return the_id, version

    def in_print(self, *, fiction: bool) -> tuple[PrintedWords, ...]:
        """What published documents print as said by somebody; see `store.printed_words`."""
        return printed_words(self._connection, self._now, fiction=fiction)

    def documents(self, kind: str) -> tuple[DocumentId, ...]:
        """The documents of one kind, by id."""
        query = select(s.document.c.id).where(s.document.c.kind == kind).order_by(s.document.c.id)
        return tuple(DocumentId(row[0]) for row in self._connection.execute(query))

    def printed_keys(self, document: DocumentId) -> dict[str, QuoteId]:
        """The living quotes of a document by key."""
        rows = self._connection.execute(
            select(s.source.c.key, s.source.c.quote)
            .join(s.quote, s.quote.c.id == s.source.c.quote)
            .where(s.source.c.document == document, s.quote.c.retired.is_(None))
        )
        return {key: QuoteId(quote) for key, quote in rows}


def _held(row: RowMapping, places: Sequence[AudioSource], recording: Sha256) -> HeldQuote:
    here = any(place.recording == recording for place in places)
    span = Span(row["start_ms"], row["end_ms"]) if here else None
    return HeldQuote(
        QuoteId(row["quote"]),
        Selector(row["exact"], row["prefix"], row["suffix"], span),
        row["text"],
        SpeakerId(row["speaker"]) if row["speaker"] else None,
        VersionId(row["id"]),
        bool(row["cleared"]),
        tuple(place for place in places if place.recording != recording),
        row["edits"] != "[]",
    )
