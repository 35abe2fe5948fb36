"""Tables of where recordings come from."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from convarchive.store.schema.base import metadata

feed = Table(
    "feed",
    metadata,
    Column("id", String, primary_key=True),
    Column("url", String, nullable=False, unique=True),
    Column("answers_at", String),
    Column("title", String, nullable=False),
    Column("language", String),
    Column("guid", String),
    Column("link", String),
    Column("rights", Text),
    Column("fiction", Boolean, nullable=False, default=False),
    Column("etag", String),
    Column("last_modified", String),
    Column("read_at", String),
)

episode = Table(
    "episode",
    metadata,
    Column("id", String, primary_key=True),
    Column("feed", ForeignKey("feed.id")),
    Column("guid", String, nullable=False),
    Column("title", String, nullable=False),
    Column("published", String),
    Column("link", String),
    Column("notes", Text, nullable=False, default=""),
    Column("promised_ms", Integer),
    Column("enclosure_url", String),
    Column("enclosure_type", String),
    Column("enclosure_bytes", Integer),
    Column("language", String),
    Column("rights", Text),
    Column("fiction", Boolean, nullable=False, default=False),
    Column("listed", Boolean, nullable=False, default=True),
    Column("duplicate_of", ForeignKey("episode.id")),
    Column("added_at", String, nullable=False),
    UniqueConstraint("feed", "guid"),
)

episode_person = Table(
    "episode_person",
    metadata,
    Column("episode", ForeignKey("episode.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("name", String, nullable=False),
    Column("role", String, nullable=False),
    Column("href", String),
    PrimaryKeyConstraint("episode", "position"),
)

transcript_link = Table(
    "transcript_link",
    metadata,
    Column("episode", ForeignKey("episode.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("url", String, nullable=False),
    Column("media_type", String, nullable=False),
    Column("language", String),
    Column("rel", String),
    PrimaryKeyConstraint("episode", "position"),
)

recording = Table(
    "recording",
    metadata,
    Column("sha256", String, primary_key=True),
    Column("bytes", Integer, nullable=False),
    Column("duration_ms", Integer, nullable=False),
    Column("media_type", String, nullable=False),
    Column("suffix", String, nullable=False),
    Column("origin", String, nullable=False),
    Column("held_since", String, nullable=False),
)

episode_recording = Table(
    "episode_recording",
    metadata,
    Column("episode", ForeignKey("episode.id"), nullable=False),
    Column("recording", ForeignKey("recording.sha256"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("enclosure_url", String),
    PrimaryKeyConstraint("episode", "recording"),
    Index(None, "recording"),
)
"""An episode's recordings in the order they came; the highest position is the one now published."""
