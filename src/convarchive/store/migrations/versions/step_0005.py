"""Counter-examples of themes."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make room for quotes that do not belong to a theme."""
    op.add_column("theme", sa.Column("counter_examples", sa.Text(), server_default="[]", nullable=False))
