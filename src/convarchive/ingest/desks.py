"""Reading ingest's desk: feeds, people, words the ear mishears, quotes in print, and what was withdrawn."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Literal
from urllib.parse import urlsplit

from convarchive.domain.desk import FeedEntry
from convarchive.domain.episode import Person
from convarchive.domain.ids import printed_quote_id
from convarchive.domain.quote import Document, DocumentId, PublishedQuote, QuoteId
from convarchive.domain.speaker import Credit, Role, Speaker, SpeakerId
from convarchive.home import Home
from convarchive.tomlfile import Once, Table, read, suggestion

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
SLUG_RULE = "lower-case letters and digits with single hyphens, such as 'ada-example'"
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_ROLES: tuple[Role, ...] = ("host", "guest", "other")
_KINDS: tuple[Literal["podcast", "other"], ...] = ("podcast", "other")


def read_feeds(home: Home) -> tuple[FeedEntry, ...]:
    """The shows of `feeds.toml`, in order. Raises SettingsError naming the line."""
    return feeds_in(read(home.feeds)) if home.feeds.exists() else ()


def feeds_in(top: Table) -> tuple[FeedEntry, ...]:
    """What a parsed `feeds.toml` says. Raises SettingsError naming the line."""
    top.only("feeds")
    once = Once()
    return tuple(_feed(entry, once) for entry in top.tables("feeds"))


def _feed(entry: Table, once: Once) -> FeedEntry:
    entry.only("url", "apple_id", "folder", "title", "language", "persons", "fiction")
    given = [key for key in ("url", "apple_id", "folder") if key in entry]
    if len(given) != 1:
        entry.fail("a feed needs exactly one of url, apple_id and folder" + (f", not {len(given)}" if given else ""))
    if "url" in entry:
        parts = _split(entry.text("url"))
        if parts is None:
            entry.fail("url must be an address that begins with https:// or http://", "url")
    apple_id = entry.whole("apple_id", least=1, most=10**12) if "apple_id" in entry else None
    feed = FeedEntry(
        url=entry.text_or("url", None),
        apple_id=apple_id,
        folder=entry.text_or("folder", None),
        title=entry.text_or("title", None),
        language=entry.matching("language", _LANGUAGE, "a language code such as en or cy")
        if "language" in entry
        else None,
        persons=tuple(_person(person) for person in entry.tables("persons")),
        fiction=entry.flag("fiction", False),
    )
    once.add(f"{feed.url or feed.folder or feed.apple_id}", entry, given[0])
    return feed


def _split(url: str) -> str | None:
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return parts.hostname if parts.scheme in ("http", "https") else None


def _person(table: Table) -> Person:
    table.only("name", "role", "href")
    return Person(table.text("name"), table.text_or("role", "host"), table.text_or("href", None))


def read_speakers(home: Home) -> tuple[Speaker, ...]:
    """The people of `speakers.toml`; ids, names and aliases stand once each. Raises SettingsError."""
    return speakers_in(read(home.speakers)) if home.speakers.exists() else ()


def speakers_in(top: Table) -> tuple[Speaker, ...]:
    """What a parsed `speakers.toml` says. Raises SettingsError naming the line."""
    top.only("speakers")
    ids, names = Once(), Once()
    return tuple(_speaker(entry, ids, names) for entry in top.tables("speakers"))


def _speaker(entry: Table, ids: Once, names: Once) -> Speaker:
    entry.only("id", "name", "aliases", "role", "role_basis", "credits", "fiction")
    identity = entry.matching("id", SLUG, SLUG_RULE)
    ids.add(identity, entry, "id")
    name = entry.text("name")
    names.add(name.casefold(), entry, "name")
    aliases = entry.texts("aliases")
    for position, alias in enumerate(aliases):
        names.add(alias.casefold(), entry, "aliases", position, what="the name")
    return Speaker(
        id=SpeakerId(identity),
        name=name,
        aliases=aliases,
        role=entry.choice("role", _ROLES, "guest"),
        role_basis=entry.text_or("role_basis", None),
        credits=tuple(_credit(credit) for credit in entry.tables("credits")),
        fiction=entry.flag("fiction", False),
    )


def _credit(table: Table) -> Credit:
    table.only("text", "place", "since", "name")
    return Credit(table.text("text"), table.text("place"), table.date_or("since", None), table.text_or("name", None))


def read_lexicon(home: Home) -> tuple[str, ...]:
    """
    The correct spellings of `lexicon.toml`, names before terms: hints for the ear.

    A wrong spelling has no place there: the ear would learn it.
    """
    if not home.lexicon.exists():
        return ()
    top = read(home.lexicon)
    top.only("names", "terms")
    names, terms = top.texts("names"), top.texts("terms")
    for key, words in (("names", names), ("terms", terms)):
        for position, word in enumerate(words):
            if len(word) > 80:
                top.fail(f"{key} holds a hint longer than 80 characters; give a name or term, not a sentence",
                         key, position)  # fmt: skip
    return names + tuple(term for term in terms if term not in names)


def read_published(
    home: Home, speakers: Iterable[Speaker], themes: Collection[str] | None = None
) -> tuple[Document, ...]:
    """
    The documents of `published/*.toml` with their quotes, by file name.

    Every speaker must stand in `speakers.toml` under the printed name or with it as an
    alias; every theme among `themes` where those are given. Raises SettingsError.
    """
    known = {speaker.id: speaker for speaker in speakers}
    once = Once()
    files = sorted(home.published.glob("*.toml")) if home.published.is_dir() else []
    return tuple(_document(read(path), known, themes, once) for path in files)


def _document(
    top: Table, speakers: dict[SpeakerId, Speaker], themes: Collection[str] | None, documents: Once
) -> Document:
    top.only(
        "id", "title", "publisher", "published", "published_note", "url", "language",
        "clearance_scope", "clearance_by", "fiction", "quotes",
    )  # fmt: skip
    identity = top.matching("id", SLUG, SLUG_RULE)
    documents.add(identity, top, "id", what="the document id")
    scope, by = top.text_or("clearance_scope", None), top.text_or("clearance_by", None)
    if (scope is None) != (by is None):
        top.fail("clearance_scope and clearance_by belong together; give both or neither",
                 "clearance_by" if scope is None else "clearance_scope")  # fmt: skip
    keys = Once()
    return Document(
        id=DocumentId(identity),
        title=top.text("title"),
        publisher=top.text_or("publisher", None),
        published=top.date_or("published", None),
        url=top.text_or("url", None),
        language=top.matching("language", _LANGUAGE, "a language code such as en or cy") if "language" in top else "en",
        clearance_scope=scope,
        fiction=top.flag("fiction", False),
        quotes=tuple(_quote(entry, speakers, themes, keys) for entry in top.tables("quotes")),
        clearance_by=by,
        published_note=top.text_or("published_note", None),
    )


def _quote(
    entry: Table, speakers: dict[SpeakerId, Speaker], themes: Collection[str] | None, keys: Once
) -> PublishedQuote:
    entry.only("key", "kind", "speaker", "name", "credit", "place", "themes", "text", "repairs", "cited_from")
    key = entry.matching("key", SLUG, SLUG_RULE)
    keys.add(key, entry, "key", what="the key")
    kind = entry.choice("kind", _KINDS)
    name = entry.text("name")
    speaker = SpeakerId(entry.text("speaker")) if "speaker" in entry else None
    if speaker is not None:
        _same_person(entry, speaker, name, speakers)
    if kind == "podcast" and "cited_from" in entry:
        entry.fail("cited_from is for quotes of kind 'other'; remove it, or change the kind", "cited_from")
    tags = entry.texts("themes")
    for position, theme in enumerate(tags):
        if themes is not None and theme not in themes:
            entry.fail(f"unknown theme {theme!r}; {suggestion(theme, themes)}", "themes", position)
    return PublishedQuote(
        key=key,
        text=entry.text("text"),
        speaker=speaker,
        name=name,
        credit=entry.text_or("credit", ""),
        place=entry.text("place"),
        kind=kind,
        repairs=entry.text_or("repairs", None),
        themes=tags,
        cited_from=entry.text("cited_from") if kind == "other" else None,
    )


def _same_person(entry: Table, speaker: SpeakerId, name: str, speakers: dict[SpeakerId, Speaker]) -> None:
    """A quote may stand only under a person who bears the printed name."""
    person = speakers.get(speaker)
    if person is None:
        entry.fail(f"unknown speaker {speaker!r}; {suggestion(speaker, speakers)} Or add the person to speakers.toml",
                   "speaker")  # fmt: skip
    if name.casefold() not in {one.casefold() for one in (person.name, *person.aliases)}:
        entry.fail(
            f"name {name!r} is no name of {speaker!r} in speakers.toml; name another speaker, or add it to the aliases",
            "name",
        )


def quote_references(documents: Iterable[Document]) -> dict[str, QuoteId]:
    """
    What themes and judgements may call a printed quote, and the id it has.

    `document/key` always works; the key alone where no other document uses it.
    """
    found: dict[str, QuoteId] = {}
    twice: set[str] = set()
    for document in documents:
        for quote in document.quotes:
            identity = printed_quote_id(document.id, quote.key)
            found[f"{document.id}/{quote.key}"] = identity
            if quote.key in found:
                twice.add(quote.key)
            found[quote.key] = identity
    return {name: identity for name, identity in found.items() if name not in twice}
