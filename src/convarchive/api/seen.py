"""
Pages of a ranking that may change between them: a cursor that says which hits were shown, not how many.

A place in the ranking would repeat hits, or pass over some, as soon as quotes are added that
rank before it. What was shown stays shown, and everything else is still to come. A cursor belongs
to what was asked: of another search it would hide hits that nobody was shown.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import astuple, dataclass, replace
from typing import Self

from convarchive.api import paging
from convarchive.domain.audience import Audience
from convarchive.domain.passage import Query
from convarchive.domain.quote import QuoteId
from convarchive.errors import BadInput

DEEPEST = 1000
"""How many hits of one search can be paged through; what ranks behind them answers nothing."""

_BYTES = 5
"""Of each quote's digest: among two thousand hits two share theirs once in half a million searches."""

_ASKED_BYTES = 8
"""Of the digest of what was asked."""


@dataclass(frozen=True, slots=True)
class Seen:
    """The quotes on the pages of one search so far, as short digests of their ids; `asked` is that of the search."""

    asked: bytes
    digests: frozenset[bytes] = frozenset()

    @classmethod
    def read(cls, cursor: str | None, query: Query, audience: Audience) -> Self:
        """
        What a cursor says was shown of this search, whatever its limit; nothing without one.

        Raises BadInput for a cursor that was not handed out, or for another search.
        """
        place, asked = paging.behind("search", cursor), _asked(query, audience)
        if place is None:
            return cls(asked)
        try:
            packed = base64.b85decode(place)
        except ValueError:
            packed = b""
        whose, packed = packed[:_ASKED_BYTES], packed[_ASKED_BYTES:]
        found = frozenset(packed[i : i + _BYTES] for i in range(0, len(packed), _BYTES))
        if not packed or len(packed) % _BYTES or len(found) * _BYTES != len(packed) or len(found) > DEEPEST:
            raise BadInput("cursor: not one of this list; begin again without it")
        if whose != asked:
            raise BadInput("cursor: it belongs to another search; ask what it was handed out for, or leave it out")
        return cls(asked, found)

    def cursor(self) -> str:
        """The cursor of the page behind these."""
        return paging.cursor("search", base64.b85encode(self.asked + b"".join(sorted(self.digests))).decode())

    def with_these(self, quotes: Iterable[QuoteId]) -> Seen:
        """These and more."""
        return Seen(self.asked, self.digests | {_digest(quote) for quote in quotes})

    def __contains__(self, quote: QuoteId) -> bool:
        return _digest(quote) in self.digests

    def __len__(self) -> int:
        return len(self.digests)


def _asked(query: Query, audience: Audience) -> bytes:
    # Nothing of the archive's own state is in it: a cursor stays good while quotes are added.
    asked = repr((audience, *astuple(replace(query, limit=1))))
    return hashlib.blake2b(asked.encode("utf-8", "surrogatepass"), digest_size=_ASKED_BYTES).digest()


def _digest(quote: QuoteId) -> bytes:
    return hashlib.blake2b(quote.encode(), digest_size=_BYTES).digest()
