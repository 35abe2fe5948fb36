"""Notes which quotes were stirred: what anybody may see of them, or find them by, has changed."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_NOTE = "INSERT INTO stirred (quote, nonce) SELECT DISTINCT quote, random() FROM ({found})"
_SAME = "SELECT {row}.quote AS quote"
_OF_VERSION = "SELECT quote FROM version WHERE id = {row}.version"
_OF_EPISODE = "SELECT id AS quote FROM quote WHERE episode = {row}.episode"
_OF_HOLD = """
SELECT {row}.quote AS quote WHERE {row}.quote IS NOT NULL
UNION SELECT id FROM quote WHERE episode = {row}.episode
UNION SELECT quote FROM source WHERE recording = {row}.recording
    AND ({row}.start_ms IS NULL OR ({row}.start_ms < end_ms AND {row}.end_ms > start_ms))
UNION SELECT quote FROM source WHERE document = {row}.document AND ({row}.key IS NULL OR key = {row}.key)
UNION SELECT quote FROM version WHERE speaker = {row}.person
"""
_SEARCHED = "EXISTS (SELECT 1 FROM passage WHERE quote = {row}.quote)"
_MEMBER = "{row}.by <> 'model' OR {row}.score > 0.1"
"""No theme takes a quote in that a model scored lower; see `store.read_base.MEMBER`."""

_WATCHED = (
    ("passage", ("INSERT", "UPDATE", "DELETE"), _SAME, None),
    ("version", ("INSERT", "UPDATE", "DELETE"), _SAME, _SEARCHED),
    ("source", ("INSERT", "UPDATE", "DELETE"), _SAME, _SEARCHED),
    ("clearing", ("INSERT", "UPDATE", "DELETE"), _OF_VERSION, None),
    ("theme_score", ("INSERT", "UPDATE", "DELETE"), _OF_VERSION, _MEMBER),
    ("hold", ("INSERT", "UPDATE", "DELETE"), _OF_HOLD, None),
    ("episode_recording", ("INSERT", "UPDATE", "DELETE"), _OF_EPISODE, None),
    ("quote", ("UPDATE OF retired, episode",), "SELECT {row}.id AS quote", None),
    ("episode", ("UPDATE OF published",), "SELECT id AS quote FROM quote WHERE episode = {row}.id", None),
    ("attribution", ("UPDATE OF status",), "SELECT quote FROM version WHERE attribution = {row}.id", None),
)


def upgrade() -> None:
    """Make room for the notes, and have SQLite itself write them, so that no writer can forget to."""
    op.create_table(
        "stirred",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("quote", sa.String(), nullable=False),
        sa.Column("nonce", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_stirred")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "ledger_copy",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("nonce", sa.Integer(), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("columns", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_ledger_copy")),
    )
    op.execute("INSERT INTO stirred (quote, nonce) VALUES ('', random())")
    op.execute("CREATE VIRTUAL TABLE passage_words_met USING fts5vocab('passage_words', 'row')")
    op.create_index(op.f("ix_version_attribution"), "version", ["attribution"], unique=False)
    op.create_index(op.f("ix_clearing_not_before"), "clearing", ["not_before"], unique=False)
    for table, events, found, when in _WATCHED:
        for event in events:
            rows = {"INSERT": ("NEW",), "DELETE": ("OLD",)}.get(event, ("OLD", "NEW"))
            notes = "; ".join(_NOTE.format(found=found.format(row=row)) for row in rows)
            guard = " OR ".join(f"({when.format(row=row)})" for row in rows) if when else "1"
            name = f"{table}_{event.split()[0].lower()}_stirs"
            op.execute(f"CREATE TRIGGER {name} AFTER {event} ON {table} WHEN {guard} BEGIN {notes}; END")
