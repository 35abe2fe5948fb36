"""Finds the names that are printed beside quotes and nobody's in the register."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Index them; they are few among all versions."""
    op.create_index(
        op.f("ix_version_unregistered"),
        "version",
        ["speaker", "name"],
        unique=False,
        sqlite_where=sa.text("speaker IS NULL AND name IS NOT NULL"),
    )
