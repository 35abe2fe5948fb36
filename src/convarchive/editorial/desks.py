"""Brings the catalogue in line with what the archive's people wrote on its desks."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from convarchive.domain.ids import printed_quote_id
from convarchive.domain.quote import Document, PublishedQuote, QuoteId, VersionId
from convarchive.domain.speaker import Speaker
from convarchive.domain.theme import Theme, ThemeId, ThemeScore
from convarchive.errors import SettingsError
from convarchive.home import Home
from convarchive.index.desks import read_judgements, read_themes
from convarchive.ingest.barring import follow_withdrawals
from convarchive.ingest.desks import quote_references, read_published, read_speakers
from convarchive.ingest.reprinting import reprinted
from convarchive.ingest.withdrawals import read_withdrawals, remove_withdrawals
from convarchive.store.catalogue import Catalogue
from convarchive.store.reader import Reader
from convarchive.store.write_reviews import Hold
from convarchive.store.writer import Writer


def load_desks(home: Home, catalogue: Catalogue) -> bool:
    """
    Read speakers, published quotes, withdrawals and themes into the catalogue; True if anything was news.

    All files are read before anything is written, and all is written in one transaction.
    Raises SettingsError naming file and line, and then nothing has changed.
    """
    speakers, documents, themes, known = read_desks(home)
    with catalogue.writing() as write:
        # Every file is asked about, so that each one's digest is recorded.
        news = [write.desk_loaded(name, digest) for name, digest in _digests(home)]
        if not any(news):
            return False
        _people(write, speakers)
        follow_withdrawals(write, home)
        write.search.put_themes([_with_ids(theme, known) for theme in themes])
        _print(write, documents)
        write.search.sync_passages()
        write.count_up("content")
    return True


def read_desks(
    home: Home,
) -> tuple[tuple[Speaker, ...], tuple[Document, ...], tuple[Theme, ...], dict[str, QuoteId]]:
    """
    Speakers, printed documents, themes, and what printed quotes are called, after every desk file was read.

    Raises SettingsError naming file and line.
    """
    speakers = read_speakers(home)
    documents = read_published(home, speakers, [theme.id for theme in read_themes(home)])
    known = quote_references(documents)
    themes = read_themes(home, known)
    read_judgements(home, known)
    read_withdrawals(home)
    return speakers, documents, themes, known


def fault_of_themes(home: Home, read: Reader) -> str | None:
    """
    What is wrong in `themes.toml`, in one line that names file and line; None where nothing is.

    What the catalogue took in as it stands now, beside print as it stands now, is not looked at again.
    """
    if not home.themes.exists() or all(
        read.index.desk_digest(name) == digest
        for name, digest in _digests(home)
        if home.root / name not in (home.speakers, home.withdrawals)
    ):
        return None
    try:
        ids = [theme.id for theme in read_themes(home)]
    except SettingsError as exc:
        return str(exc)
    try:
        known = quote_references(read_published(home, read_speakers(home), ids))
    except SettingsError:
        # Whatever reads the desks says so; of the themes nothing more can be told.
        return None
    try:
        read_themes(home, known)
    except SettingsError as exc:
        return str(exc)
    return None


def _digests(home: Home) -> Iterable[tuple[str, str]]:
    published = sorted(home.published.glob("*.toml")) if home.published.is_dir() else []
    for path in (home.speakers, home.withdrawals, home.themes, *published):
        if path.exists():
            yield path.relative_to(home.root).as_posix(), _sha256(path)
    names = "\n".join(path.name for path in published)
    # A document taken off the desk leaves no file to look different.
    yield "ingest/published", hashlib.sha256(names.encode()).hexdigest()


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _people(write: Writer, speakers: Sequence[Speaker]) -> None:
    for speaker in speakers:
        write.speech.put_speaker(speaker, "desk")
    write.speech.off_the_desk([speaker.id for speaker in speakers])


def take_off_desk(home: Home, lifted: Sequence[Hold]) -> None:
    """Remove from `withdrawals.toml` the entries that close just what these holds closed."""
    places = {replace(hold, until=None) for hold in lifted}
    undone = [
        entry
        for entry in read_withdrawals(home)
        if {replace(hold, until=None) for hold in Hold.of(entry)} <= places
    ]  # fmt: skip
    remove_withdrawals(home, undone)


def _with_ids(theme: Theme, known: Mapping[str, QuoteId]) -> Theme:
    return replace(
        theme,
        examples=tuple(known.get(example, example) for example in theme.examples),
        counter_examples=tuple(known.get(example, example) for example in theme.counter_examples),
    )


def _print(write: Writer, documents: Sequence[Document]) -> None:
    """Printed quotes with the clearance that print gives; those taken off the desk leave a tombstone."""
    scores: dict[VersionId, list[ThemeScore]] = {}
    for document in documents:
        write.quotes.put_document(document)
        gone = write.quotes.printed_keys(document.id)
        for quote in document.quotes:
            scores |= _one(write, document, quote)
            gone.pop(quote.key, None)
        for identity in gone.values():
            write.quotes.retire(identity, f"taken off the list of quotations printed in {document.title}")
    for other in write.quotes.documents("published"):
        if other not in {document.id for document in documents}:
            for identity in write.quotes.printed_keys(other).values():
                write.quotes.retire(identity, "its document was taken off the desk")
    write.search.put_scores(scores, "print")


def _one(write: Writer, document: Document, printed: PublishedQuote) -> dict[VersionId, list[ThemeScore]]:
    before = write.edits.wording(printed_quote_id(document.id, printed.key))
    quote, version = write.quotes.put_published(document, printed)
    if before and before.edited:
        reprinted(write, quote, before.text)
    by, scope = document.clearance_by, document.clearance_scope
    # Print clears the words it prints. What somebody changes on the desk later waits for a person.
    if by and scope and printed.kind == "podcast" and not write.reviews.ever_cleared(quote):
        review = write.reviews.add(
            "clear", by, f"printed in {document.title}", quote=quote, version=version, scope=scope
        )
        write.reviews.clear(version, review, scope)
    scores = [ThemeScore(ThemeId(theme), 1.0, "print") for theme in printed.themes]
    now = write.edits.wording(quote)
    # An edited form belongs where the words belong.
    return {one: scores for one in (version, *([now.version] if now else []))}
