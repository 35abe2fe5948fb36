"""What the pages are given when their doors open: the archive, ways to search it and to decide, and its name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from convarchive.domain.passage import Query
from convarchive.editorial.deciding import Decisions
from convarchive.index.search import Answer
from convarchive.index.similar import Likes
from convarchive.store.catalogue import Catalogue
from convarchive.store.reader import Reader
from convarchive.store.views import QuoteView


@dataclass(frozen=True, slots=True)
class ReadingRoom:
    """
    What the pages are given, and what its owner calls the archive.

    `similar` says who else says what a quote says (quote, limit, whether its own speaker too); `encoder` whose
    vectors the index holds. Searches are saved in the home of `decisions`.
    """

    catalogue: Catalogue
    search: Callable[[Reader, Query], Answer]
    similar: Callable[[Reader, QuoteView, int, bool], Likes]
    encoder: Callable[[], str | None]
    decisions: Decisions
    title: str
    public_url: str | None = None
    contact: str | None = None
