"""
Leaves unstirred the quotes about which the same was only written again, as each look at a feed does.

And notes new versions also of quotes that have no passage yet, for those are to get one. Excerpts are found
by their recording.

The columns that an update is held against are those of today: a step that adds one which the
rule of who may see what looks at must make its table's trigger anew.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Have every note of an update wait for a column that differs, and that of a version for nothing."""
    connection = op.get_bind()
    triggers = sa.text("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE :like")
    for name, table, written in connection.execute(triggers, {"like": "%_update_stirs"}).all():
        # As step 4 wrote it: CREATE TRIGGER … AFTER UPDATE [OF columns] ON table WHEN … BEGIN …; END
        head, rest = written.split(" WHEN ", 1)
        guard, body = rest.split(" BEGIN ", 1)
        if " UPDATE OF " in head:
            columns = head.split(" UPDATE OF ")[1].split(" ON ")[0].split(", ")
        else:
            columns = [row[1] for row in connection.execute(sa.text(f"PRAGMA table_info({table})"))]
        differs = " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in columns)
        op.execute(f"DROP TRIGGER {name}")
        op.execute(f"{head} WHEN ({differs}) AND ({guard}) BEGIN {body}")
    op.execute("DROP TRIGGER version_insert_stirs")
    op.execute(
        "CREATE TRIGGER version_insert_stirs AFTER INSERT ON version "
        "BEGIN INSERT INTO stirred (quote, nonce) SELECT NEW.quote, random(); END"
    )
    op.create_index(op.f("ix_excerpt_recording"), "excerpt", ["recording"], unique=False)
