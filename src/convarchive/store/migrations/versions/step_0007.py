"""Leaves unstirred the quotes about which the same was only written again, as each look at a feed does."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Have every note of an update wait for a column that differs."""
    connection = op.get_bind()
    listed = "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%\\_update\\_stirs' ESCAPE '\\'"
    for name, table, written in connection.execute(sa.text(listed)).all():
        head, rest = written.split(" WHEN ", 1)
        guard, body = rest.split(" BEGIN ", 1)
        watched = head.split(" UPDATE OF ", 1)
        if len(watched) == 2:
            columns = watched[1].rsplit(" ON ", 1)[0].split(", ")
        else:
            columns = [row[1] for row in connection.execute(sa.text(f"PRAGMA table_info({table})"))]
        differs = " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in columns)
        op.execute(f"DROP TRIGGER {name}")
        op.execute(f"{head} WHEN ({differs}) AND ({guard}) BEGIN {body}")
