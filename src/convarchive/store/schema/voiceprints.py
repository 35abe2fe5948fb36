"""Tables of how people's voices sound, which are biometric data, and of the consent they are kept by."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

from convarchive.store.schema.base import metadata

voiceprint = Table(
    "voiceprint",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("speaker", ForeignKey("speaker.id"), nullable=False),
    Column("recording", ForeignKey("recording.sha256"), nullable=False),
    Column("encoder", String, nullable=False),
    Column("speech_ms", Integer, nullable=False),
    Column("vector", LargeBinary, nullable=False),
    Column("made_at", String, nullable=False),
    Index(None, "speaker"),
    sqlite_autoincrement=True,
)
"""Numbers are never used again, so that a digest over them changes with every print that comes or goes."""

voice_consent = Table(
    "voice_consent",
    metadata,
    Column("speaker", ForeignKey("speaker.id"), primary_key=True),
    Column("given_by", Text, nullable=False),
    Column("given_on", String, nullable=False),
    Column("how", Text, nullable=False),
    Column("recorded_at", String, nullable=False),
    Column("review", ForeignKey("review.number"), nullable=False),
)
