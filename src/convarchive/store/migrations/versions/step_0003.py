"""The tables of voiceprints and of the consent to them."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make room for voiceprints."""
    op.create_table(
        "voiceprint",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("speaker", sa.String(), nullable=False),
        sa.Column("recording", sa.String(), nullable=False),
        sa.Column("encoder", sa.String(), nullable=False),
        sa.Column("speech_ms", sa.Integer(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["recording"], ["recording.sha256"], name=op.f("fk_voiceprint_recording_recording")),
        sa.ForeignKeyConstraint(["speaker"], ["speaker.id"], name=op.f("fk_voiceprint_speaker_speaker")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_voiceprint")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_voiceprint_speaker"), "voiceprint", ["speaker"], unique=False)
    op.create_table(
        "voice_consent",
        sa.Column("speaker", sa.String(), nullable=False),
        sa.Column("given_by", sa.Text(), nullable=False),
        sa.Column("given_on", sa.String(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.String(), nullable=False),
        sa.Column("review", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["review"], ["review.number"], name=op.f("fk_voice_consent_review_review")),
        sa.ForeignKeyConstraint(["speaker"], ["speaker.id"], name=op.f("fk_voice_consent_speaker_speaker")),
        sa.PrimaryKeyConstraint("speaker", name=op.f("pk_voice_consent")),
    )
