"""What holds for every test."""

import pytest
from sqlalchemy import event, text

from convarchive.store import migrate, opening


def pytest_collection_modifyitems(items):
    """Keep whatever loads models, a browser or a recording in one process, one after the other: two would crowd out."""
    for item in items:
        slow = item.get_closest_marker("slow")
        # Others are slow because they start servers, or take a whole show the whole way; those crowd nobody out.
        if slow and slow.kwargs.get("alone", True):
            item.add_marker(pytest.mark.xdist_group("slow"))


@pytest.fixture(autouse=True, scope="session")
def _tables_made_quickly():
    """
    Run the migrations for the first new catalogue only, and give later ones the same statements straight.

    Thousands of tests begin with a new catalogue. One with tables in it is always migrated.
    """
    upgrade, statements = migrate.upgrade, []

    def quickly(connection):
        if connection.execute(text("SELECT 1 FROM sqlite_master")).first() is not None:
            upgrade(connection)
        elif statements:
            for statement, values in statements:
                connection.exec_driver_sql(statement, values)
        else:
            event.listen(connection, "before_cursor_execute", noted)
            try:
                upgrade(connection)
            finally:
                event.remove(connection, "before_cursor_execute", noted)

    def noted(_connection, _cursor, statement, values, _context, _many):
        if not statement.startswith(("SELECT", "PRAGMA")):
            statements.append((statement, values))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(migrate, "upgrade", quickly)
        yield


@pytest.fixture(autouse=True, scope="session")
def _statements_compiled_once():
    """
    Let all archives of a process share their compiled statements, which an engine keeps for itself.

    A program opens one archive and compiles each statement once; tests open a thousand.
    """
    create, first = opening.create_engine, []

    def sharing(*arguments, **choices):
        engine = create(*arguments, **choices)
        first.append(engine) if not first else None
        engine.dialect, engine._compiled_cache = first[0].dialect, first[0]._compiled_cache
        return engine

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opening, "create_engine", sharing)
        yield
