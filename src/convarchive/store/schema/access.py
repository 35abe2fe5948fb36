"""The table of keys: who may come in, and as whom."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Index, String, Table, Text

from convarchive.store.schema.base import metadata

access_key = Table(
    "access_key",
    metadata,
    Column("prefix", String, primary_key=True),
    Column("sha256", String, nullable=False),
    Column("name", Text, nullable=False),
    Column("audience", String, nullable=False),
    Column("origins", Text, nullable=False, default="[]"),
    Column("created_at", String, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("last_used", String),
    Column("expires_at", String),
    Column("revoked_at", String),
    Column("revoked_by", Text),
    CheckConstraint("audience IN ('public', 'researcher', 'comms', 'editor')", name="audience"),
    Index(None, "name"),
)
"""`sha256` is of the whole key as it was printed once; nothing else of its secret half is kept."""
