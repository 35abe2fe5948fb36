"""What every kind of reading shares: one audience, one connection, one instant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Executable,
    Result,
    RowMapping,
    Select,
    and_,
    case,
    exists,
    select,
)

from convarchive.domain.audience import PERMISSIONS, Audience
from convarchive.store import schema as s
from convarchive.store.stating import given, kept, some

MEMBER = 0.2
"""
From this chance on a quote counts among a theme's: of scores that are chances, half the F1 that can
be had is the cut that has it (Lipton, Elkan and Naryanaswamy 2014), and about 0.4 can be had.
"""


class Reading:
    """One audience's view of the catalogue, inside one snapshot."""

    def __init__(self, connection: Connection, audience: Audience, now: str) -> None:
        self.audience = audience
        self._may = PERMISSIONS[audience]
        self._outside = "unreviewed" not in self._may.clearances
        """Whether only what was cleared is known to this audience: nothing of the work behind it."""
        self._connection = connection
        self._now = now

    def _asked(self, statement: Executable, some: Iterable[object] = ()) -> Result[*tuple[Any, ...]]:
        """The answer to a kept statement: now, and about these."""
        return self._connection.execute(statement, given(list(some), self._now))

    def _many(self, column: Column[Any], keys: Sequence[object], order: Column[Any]) -> Iterable[RowMapping]:
        """The rows of the column's table that have one of these keys, key by key."""
        return self._asked(_rows_by(column, order), keys).mappings()


@kept
def _rows_by(column: Column[Any], order: Column[Any]) -> Select[Any]:
    return select(column.table).where(column.in_(some())).order_by(column, order)


def status_of_version() -> ColumnElement[str]:
    """How sure a version's name is: its voice's attribution, or print; needs `attribution` outer-joined."""
    in_print = and_(s.version.c.text_status == "printed", s.version.c.name.is_not(None))
    without_voice = case((in_print, "printed"), else_="unattributed")
    return case((s.attribution.c.status.is_not(None), s.attribution.c.status), else_=without_voice)


def belongs() -> ColumnElement[bool]:
    """Whether a row of `theme_score` makes its quote one of the theme's; an editor's word outranks all others."""
    t, said = s.theme_score.c, s.theme_score.alias("said")
    vetoed = exists().where(
        said.c.version == t.version, said.c.theme == t.theme, said.c.by == "editor", said.c.score < MEMBER
    )
    return and_(t.score >= MEMBER, ~vetoed)
