"""The table of keys."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make room for keys."""
    op.create_table(
        "access_key",
        sa.Column("prefix", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("origins", sa.Text(), nullable=False),
        sa.Column("created_at", sa.String(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("last_used", sa.String(), nullable=True),
        sa.Column("expires_at", sa.String(), nullable=True),
        sa.Column("revoked_at", sa.String(), nullable=True),
        sa.Column("revoked_by", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "audience IN ('public', 'researcher', 'comms', 'editor')", name=op.f("ck_access_key_audience")
        ),
        sa.PrimaryKeyConstraint("prefix", name=op.f("pk_access_key")),
    )
    op.create_index(op.f("ix_access_key_name"), "access_key", ["name"], unique=False)
