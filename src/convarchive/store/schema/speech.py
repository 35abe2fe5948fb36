"""Tables of what was heard: words, turns, people, and whose voice is whose."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)

from convarchive.store.schema.base import metadata

transcript = Table(
    "transcript",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("episode", ForeignKey("episode.id"), nullable=False),
    Column("recording", ForeignKey("recording.sha256")),
    Column("origin", String, nullable=False),
    Column("language", String, nullable=False),
    Column("fingerprint", String, nullable=False),
    Column("timed", Boolean, nullable=False),
    Column("word_count", Integer, nullable=False),
    Column("words", LargeBinary, nullable=False),
    Column("dropped", Text, nullable=False, default="[]"),
    Column("current", Boolean, nullable=False),
    Index(None, "recording", "origin"),
    sqlite_autoincrement=True,
)

turn = Table(
    "turn",
    metadata,
    Column("recording", ForeignKey("recording.sha256"), nullable=False),
    Column("start_ms", Integer, nullable=False),
    Column("end_ms", Integer, nullable=False),
    Column("label", String, nullable=False),
    PrimaryKeyConstraint("recording", "start_ms", "end_ms", "label"),
)

utterance = Table(
    "utterance",
    metadata,
    Column("recording", ForeignKey("recording.sha256"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("label", String),
    Column("start_ms", Integer, nullable=False),
    Column("end_ms", Integer, nullable=False),
    Column("first_word", Integer, nullable=False),
    Column("word_count", Integer, nullable=False),
    PrimaryKeyConstraint("recording", "position"),
)

speaker = Table(
    "speaker",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("aliases", Text, nullable=False, default="[]"),
    Column("role", String, nullable=False),
    Column("role_basis", Text),
    Column("origin", String, nullable=False),
    Column("fiction", Boolean, nullable=False, default=False),
)
"""`origin` is `desk` for people the owner wrote down, else `feed` or `heard`."""

credit = Table(
    "credit",
    metadata,
    Column("speaker", ForeignKey("speaker.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("since", String),
    PrimaryKeyConstraint("speaker", "position"),
)

attribution = Table(
    "attribution",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("recording", ForeignKey("recording.sha256"), nullable=False),
    Column("label", String, nullable=False),
    Column("speaker", ForeignKey("speaker.id")),
    Column("name", String),
    Column("role", String),
    Column("status", String, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("current", Boolean, nullable=False),
    Index(None, "recording", "current"),
    sqlite_autoincrement=True,
)

evidence = Table(
    "evidence",
    metadata,
    Column("attribution", ForeignKey("attribution.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("family", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("detail", Text, nullable=False),
    Column("start_ms", Integer),
    Column("end_ms", Integer),
    Column("weight", Float, nullable=False),
    PrimaryKeyConstraint("attribution", "position"),
)

voice_decision = Table(
    "voice_decision",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("recording", ForeignKey("recording.sha256"), nullable=False),
    Column("act", String, nullable=False),
    Column("spans", Text, nullable=False),
    Column("speaker", ForeignKey("speaker.id")),
    Column("review", ForeignKey("review.number"), nullable=False),
    Column("undone_by", ForeignKey("review.number")),
    Index(None, "recording"),
    sqlite_autoincrement=True,
)

question = Table(
    "question",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("episode", ForeignKey("episode.id"), nullable=False),
    Column("stage", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("detail", Text, nullable=False),
    Index(None, "episode", "stage"),
    sqlite_autoincrement=True,
)
"""What a person should look at: renewed whole by the stage that asks."""
