"""Brings a catalogue's tables up to this release, one numbered step at a time, in one transaction."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from sqlalchemy import Connection

KNOWN = ("0001", "0002", "0003", "0004", "0005", "0006", "0007")
"""Every schema version there has been, oldest first."""

HEAD = KNOWN[-1]


def upgrade(connection: Connection) -> None:
    """Run the steps that this catalogue has not seen, inside the caller's transaction."""
    # Loaded here, for a server never migrates and should not wait for it at its start.
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    scripts = ScriptDirectory.from_config(config)

    # Alembic asks which steps to run; its own commands answer in just this way.
    with EnvironmentContext(
        config, scripts, fn=lambda seen, _: scripts._upgrade_revs(HEAD, cast("str", seen))
    ) as environment:
        environment.configure(connection=connection, transactional_ddl=True, transaction_per_migration=False)
        environment.run_migrations()
