"""Finds what answers a question of the search page: ranked where there are words, else all that pass the filters."""

from __future__ import annotations

from dataclasses import dataclass, replace

from convarchive.domain.passage import Hit
from convarchive.domain.quote import QuoteId
from convarchive.store.reader import Reader
from convarchive.store.views import QuoteView
from convarchive.web.asking import DEEPEST, Asking
from convarchive.web.room import ReadingRoom

PAGE = 20
"""Quotes on one page of a list."""


@dataclass(frozen=True, slots=True)
class Found:
    """
    Quotes in their order, the hit of each where they were ranked, and the address of the next page; `read_as`
    is the query as it was read, where a word was taken for a misspelt one.
    """

    quotes: tuple[QuoteView, ...] = ()
    hits: tuple[Hit, ...] = ()
    more: str | None = None
    pending: int = 0
    read_as: str = ""


def find(room: ReadingRoom, read: Reader, asking: Asking) -> Found:
    """One page of what answers. Raises BadInput, ModelMissing, IndexError_."""
    return _find(room, read, asking, PAGE)


def find_all(room: ReadingRoom, read: Reader, asking: Asking) -> Found:
    """Everything that answers, as far down as the pages go. Raises what `find` raises."""
    return _find(room, read, replace(asking, skip=0, after=""), DEEPEST)


def _find(room: ReadingRoom, read: Reader, asking: Asking, size: int) -> Found:
    if not asking.text:
        return _listed(read, asking, size) if asking.filtered else Found()
    end = min(asking.skip + size, DEEPEST)
    answer = room.search(read, asking.query(end + 1))
    views = {view.id: view for view in read.quotes([hit.passage.quote for hit in answer.hits])}
    hits = tuple(hit for hit in answer.hits[asking.skip : end] if hit.passage.quote in views)
    more = asking.address(skip=end) if len(answer.hits) > end and end < DEEPEST else None
    return Found(tuple(views[hit.passage.quote] for hit in hits), hits, more, answer.pending, answer.read_as)


def _listed(read: Reader, asking: Asking, size: int) -> Found:
    views = read.listed(asking.query(size), QuoteId(asking.after) if asking.after else None, size + 1)
    more = asking.address(after=views[size - 1].id) if len(views) > size else None
    return Found(tuple(views[:size]), more=more)
