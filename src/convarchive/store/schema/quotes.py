"""Tables of quotes and of what people decided about them."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from convarchive.store.schema.base import metadata

document = Table(
    "document",
    metadata,
    Column("id", String, primary_key=True),
    Column("title", String, nullable=False),
    Column("publisher", String),
    Column("published", String),
    Column("url", String),
    Column("language", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("clearance_scope", Text),
    Column("fiction", Boolean, nullable=False, default=False),
)

quote = Table(
    "quote",
    metadata,
    Column("id", String, primary_key=True),
    Column("episode", ForeignKey("episode.id")),
    Column("language", String, nullable=False),
    Column("rights", Text),
    Column("fiction", Boolean, nullable=False, default=False),
    Column("minted_at", String, nullable=False),
    Column("retired", Text),
    Index(None, "episode"),
)
"""`retired` says why a quote no longer stands (a tombstone); null while it does."""

redirect = Table(
    "redirect",
    metadata,
    Column("quote", ForeignKey("quote.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("target", ForeignKey("quote.id"), nullable=False),
    PrimaryKeyConstraint("quote", "position"),
)

source = Table(
    "source",
    metadata,
    Column("quote", ForeignKey("quote.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("recording", ForeignKey("recording.sha256")),
    Column("start_ms", Integer),
    Column("end_ms", Integer),
    Column("document", ForeignKey("document.id")),
    Column("key", String),
    Column("place", Text),
    PrimaryKeyConstraint("quote", "position"),
    CheckConstraint(
        "(recording IS NOT NULL AND start_ms IS NOT NULL AND end_ms IS NOT NULL AND document IS NULL)"
        " OR (document IS NOT NULL AND key IS NOT NULL AND recording IS NULL)",
        name="audio_or_document",
    ),
    Index(None, "recording", "start_ms"),
    Index(None, "document", "key"),
)

selector = Table(
    "selector",
    metadata,
    Column("quote", ForeignKey("quote.id"), primary_key=True),
    Column("exact", Text, nullable=False),
    Column("prefix", Text, nullable=False),
    Column("suffix", Text, nullable=False),
    Column("start_ms", Integer),
    Column("end_ms", Integer),
)

version = Table(
    "version",
    metadata,
    Column("id", String, primary_key=True),
    Column("quote", ForeignKey("quote.id"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("text_status", String, nullable=False),
    Column("speaker", ForeignKey("speaker.id")),
    Column("name", String),
    Column("credit", Text),
    Column("role", String),
    Column("attribution", ForeignKey("attribution.id")),
    Column("confidence", Float),
    Column("doubts", Text, nullable=False, default="[]"),
    Column("edits", Text, nullable=False, default="[]"),
    Column("made_at", String, nullable=False),
    UniqueConstraint("quote", "seq"),
    Index(None, "speaker"),
    Index(None, "attribution"),
    # Names that are printed and nobody's in the register, looked through at each search; with `speaker`
    # before them, or SQLite takes the index above.
    Index("ix_version_unregistered", "speaker", "name", sqlite_where=text("speaker IS NULL AND name IS NOT NULL")),
)
"""The highest `seq` of a quote is its current version."""

excerpt = Table(
    "excerpt",
    metadata,
    Column("version", ForeignKey("version.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("start_ms", Integer),
    Column("end_ms", Integer),
    Column("recording", ForeignKey("recording.sha256")),
    PrimaryKeyConstraint("version", "position"),
    Index(None, "recording"),
)
"""The recording stands beside the span, for a quote may be heard in another one by the next version."""

review = Table(
    "review",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("act", String, nullable=False),
    Column("by", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("at", String, nullable=False),
    Column("quote", ForeignKey("quote.id")),
    Column("version", ForeignKey("version.id")),
    Column("person", String),
    Column("episode", ForeignKey("episode.id")),
    Column("scope", Text),
    Column("until", String),
    Column("undoes", ForeignKey("review.number")),
    Column("release_sha256", String),
    Index(None, "quote"),
    sqlite_autoincrement=True,
)
"""Append-only, kept so by triggers."""

clearing = Table(
    "clearing",
    metadata,
    Column("version", ForeignKey("version.id"), nullable=False),
    Column("review", ForeignKey("review.number"), nullable=False),
    Column("scope", Text),
    Column("not_before", String),
    Column("undone_by", ForeignKey("review.number")),
    PrimaryKeyConstraint("version", "review"),
    Index(None, "not_before"),
)
"""A version somebody cleared; `not_before` is an embargo's end."""

hold = Table(
    "hold",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("state", String, nullable=False),
    Column("quote", String),
    Column("recording", String),
    Column("start_ms", Integer),
    Column("end_ms", Integer),
    Column("document", String),
    Column("key", String),
    Column("person", String),
    Column("episode", String),
    Column("until", String),
    Column("review", ForeignKey("review.number")),
    Column("desk", String),
    Column("undone_by", ForeignKey("review.number")),
    CheckConstraint("state IN ('withheld', 'withdrawn')", name="state"),
    Index(None, "recording", "start_ms"),
    Index(None, "document", "key"),
    Index(None, "person"),
    Index(None, "quote"),
    sqlite_autoincrement=True,
)
"""
What may not be shown: bound to a recording's span, a document's key, a person, an episode
or a quote. No foreign keys on what it binds to: a hold outlives what it forbids, and may
come from `withdrawals.toml` before the recording does.
"""
