"""
Pages of a ranking that may change between them: a cursor that says which hits were shown, not how many.

A place in the ranking would repeat hits, or pass over some, as soon as quotes are added that
rank before it. What was shown stays shown, and everything else is still to come.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from convarchive.api import paging
from convarchive.domain.quote import QuoteId
from convarchive.errors import BadInput

DEEPEST = 1000
"""How many hits of one search can be paged through; what ranks behind them answers nothing."""

_BYTES = 5
"""Of each quote's digest: among two thousand hits two share theirs once in half a million searches."""


@dataclass(frozen=True, slots=True)
class Seen:
    """The quotes on the pages so far, as short digests of their ids."""

    digests: frozenset[bytes] = frozenset()

    @classmethod
    def read(cls, cursor: str | None) -> Self:
        """What a cursor says was shown; nothing without one. Raises BadInput for any that was not handed out."""
        place = paging.behind("search", cursor)
        if place is None:
            return cls()
        try:
            packed = base64.b85decode(place)
        except ValueError:
            packed = b""
        found = frozenset(packed[i : i + _BYTES] for i in range(0, len(packed), _BYTES))
        if not packed or len(packed) % _BYTES or len(found) * _BYTES != len(packed) or len(found) > DEEPEST:
            raise BadInput("cursor: not one of this list; begin again without it")
        return cls(found)

    def cursor(self) -> str:
        """The cursor of the page behind these."""
        return paging.cursor("search", base64.b85encode(b"".join(sorted(self.digests))).decode())

    def with_these(self, quotes: Iterable[QuoteId]) -> Seen:
        """These and more."""
        return Seen(self.digests | {_digest(quote) for quote in quotes})

    def __contains__(self, quote: QuoteId) -> bool:
        return _digest(quote) in self.digests

    def __len__(self) -> int:
        return len(self.digests)


def _digest(quote: QuoteId) -> bytes:
    return hashlib.blake2b(quote.encode(), digest_size=_BYTES).digest()
