"""
Statements that are made once and asked many times: making one can take longer than SQLite takes to answer it.

What changes from one asking to the next, the instant (`NOW`) and the rows it is about
(`some()`), is handed over at the asking; see `given`.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Sequence
from functools import lru_cache, wraps
from typing import Any, ParamSpec, TypeVar

from sqlalchemy import ColumnElement, Select, String, bindparam, func, select

NOW: ColumnElement[str] = bindparam("now", type_=String)
"""The instant that a kept statement is asked about, ISO 8601."""

_MOST = 32
"""Kept of each kind in each thread: what is stated for an instant is soon of no use."""
Made = TypeVar("Made")
Of = ParamSpec("Of")


def kept(make: Callable[Of, Made]) -> Callable[Of, Made]:
    """
    Keep what is made of the same arguments, for each thread its own.

    A statement works out parts of itself when it is first used, which two threads must not do
    to the same one at once: now and then it then came out as nonsense.
    """
    own = threading.local()

    @wraps(make)
    def made(*args: Of.args, **kwargs: Of.kwargs) -> Made:
        held: Callable[Of, Made] = own.__dict__.setdefault("held", lru_cache(_MOST)(make))
        return held(*args, **kwargs)

    return made


def some() -> Select[Any]:
    """
    Values that are handed over at the asking, for `column.in_(...)`.

    As one list, so that the statement is the same for any number of them, and there is no limit to that.
    """
    return select(func.json_each(bindparam("some", type_=String)).table_valued("value").c.value)


def given(values: Sequence[object], now: str = "") -> dict[str, str]:
    """
    What a kept statement about `some()` values is asked with.

    What holds a NUL, as nothing in a catalogue does, is left out: SQLite would take it for what stands before that.
    """
    plain = [one for one in values if not (isinstance(one, str) and "\0" in one)]
    return {"some": json.dumps(plain), "now": now}
