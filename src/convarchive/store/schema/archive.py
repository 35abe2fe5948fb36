"""Tables of the catalogue itself: what it counts, which desks it read, what was done to each episode."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)

from convarchive.store.schema.base import metadata

counter = Table(
    "counter",
    metadata,
    Column("name", String, primary_key=True),
    Column("value", Integer, nullable=False),
)
"""`content` and `review` count up with every change a search answer may depend on."""

fact = Table(
    "fact",
    metadata,
    Column("name", String, primary_key=True),
    Column("value", Text, nullable=False),
)
"""Single facts: the catalogue's own id, erasures still pending."""

desk_file = Table(
    "desk_file",
    metadata,
    Column("path", String, primary_key=True),
    Column("digest", String, nullable=False),
    Column("loaded_at", String, nullable=False),
)

run = Table(
    "run",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("episode", ForeignKey("episode.id"), nullable=False),
    Column("stage", String, nullable=False),
    Column("input_digest", String, nullable=False),
    Column("fingerprint", String, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("finished_at", String, nullable=False),
    Column("note", Text, nullable=False, default=""),
    Index(None, "episode", "stage", "id"),
    sqlite_autoincrement=True,
)

failure = Table(
    "failure",
    metadata,
    Column("episode", ForeignKey("episode.id"), nullable=False),
    Column("stage", String, nullable=False),
    Column("message", Text, nullable=False),
    Column("at", String, nullable=False),
    PrimaryKeyConstraint("episode", "stage"),
)
"""The last thing that went wrong with a stage; gone as soon as the stage succeeds."""
