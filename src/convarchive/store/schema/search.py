"""Tables of what is searched."""

from __future__ import annotations

from sqlalchemy import (
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

passage = Table(
    "passage",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("version", ForeignKey("version.id"), nullable=False, unique=True),
    Column("quote", ForeignKey("quote.id"), nullable=False),
    Column("text", Text, nullable=False),
    Column("text_digest", String, nullable=False),
    Index(None, "quote"),
    Index(None, "text_digest"),
    sqlite_autoincrement=True,
)
"""AUTOINCREMENT: a reused rowid would let an old vector answer with another quote's words."""

vector = Table(
    "vector",
    metadata,
    Column("text_digest", String, nullable=False),
    Column("fingerprint", String, nullable=False),
    Column("vector", LargeBinary, nullable=False),
    PrimaryKeyConstraint("text_digest", "fingerprint"),
)
"""Little-endian float32 unit vectors, so that rebuilding the index embeds nothing twice."""

theme = Table(
    "theme",
    metadata,
    Column("id", String, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("title", String, nullable=False),
    Column("description", Text, nullable=False),
    Column("examples", Text, nullable=False, default="[]"),
    Column("counter_examples", Text, nullable=False, server_default="[]"),
    Column("note", Text),
)

theme_score = Table(
    "theme_score",
    metadata,
    Column("version", ForeignKey("version.id"), nullable=False),
    Column("theme", ForeignKey("theme.id"), nullable=False),
    Column("score", Float, nullable=False),
    Column("by", String, nullable=False),
    PrimaryKeyConstraint("version", "theme", "by"),
    Index(None, "theme", "score"),
)

stirred = Table(
    "stirred",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("quote", String, nullable=False),
    Column("nonce", Integer, nullable=False),
    sqlite_autoincrement=True,
)
"""
Quotes of which something changed that decides who may see them or how they are filtered, in order.

Written by triggers alone. The random `nonce` tells two histories with the same numbers apart
(a copy that was put back). Only the newest notes are kept.
"""

ledger_copy = Table(
    "ledger_copy",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("nonce", Integer, nullable=False),
    Column("told", Text, nullable=False),
    Column("columns", LargeBinary, nullable=False),
)
"""At most one row: who may see what, worked out up to the note `seq`; derived (`store.ledger_copy`)."""
