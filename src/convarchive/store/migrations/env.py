"""Alembic asks for this file; the steps are run by `store.migrate`, which brings its own connection."""
