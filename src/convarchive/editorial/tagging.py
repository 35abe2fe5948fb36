"""
Saying that a quote belongs to a theme, or does not, and taking that back.

What an editor says counts at once and outranks model and print. It also teaches: in the same
transaction the theme is learned anew from all that was said about it, and every quote's score
follows. Words are not opened or closed by it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from convarchive.domain.quote import QuoteId
from convarchive.domain.theme import ThemeId, ThemeScore
from convarchive.editorial.clearing import living
from convarchive.editorial.saying import said
from convarchive.errors import NotAllowed, NotFound
from convarchive.index.build import teach
from convarchive.index.ports import Encoder
from convarchive.store.catalogue import Catalogue
from convarchive.store.writer import Writer


@dataclass(frozen=True, slots=True)
class Tagged:
    """
    What was decided: the review's number, and what an editor's review now says of quote and theme (None: nothing).

    `stands` is how the quote belongs to the theme now, by whoever counts most, whatever reviews say (None: nobody
    says anything); `members` is how many quotes count among the theme's, before and after, of all there are.
    """

    review: int
    belongs: bool | None
    stands: ThemeScore | None
    members: tuple[int, int]


def tag(
    catalogue: Catalogue, encoder: Encoder, quote: QuoteId, theme: ThemeId, *, belongs: bool, by: str, why: str
) -> Tagged:
    """
    Say that a quote belongs to a theme, or (`belongs` False) that it does not.

    Raises BadInput without `by` or `why`, NotFound for an unknown quote or theme, Gone.
    """
    by, why = said(by, why)
    with catalogue.writing() as write:
        found = living(write, quote)
        _demand_theme(write, theme)
        before = write.index.members(theme)
        act: Literal["tag", "untag"] = "tag" if belongs else "untag"
        number = write.reviews.add(act, by, why, quote=quote, version=found.version, scope=theme)
        _follow(write, encoder, theme)
        stands = write.index.theme_standing(quote, theme)
        return Tagged(number, belongs, stands, (before, write.index.members(theme)))


def take_back(catalogue: Catalogue, encoder: Encoder, quote: QuoteId, theme: ThemeId, *, by: str, why: str) -> Tagged:
    """
    Take back the newest word on a quote and a theme; an earlier one that nobody took back counts again.

    Raises BadInput without `by` or `why`, NotFound, and NotAllowed where nothing was said.
    """
    by, why = said(by, why)
    with catalogue.writing() as write:
        _demand_theme(write, theme)
        last = write.index.theme_decision(quote, theme)
        if last is None:
            raise NotAllowed(f"nobody said whether quote {quote} belongs to {theme}, so there is nothing to take back")
        before = write.index.members(theme)
        number = write.reviews.add("undo", by, why, quote=quote, scope=theme, undoes=last.review)
        _follow(write, encoder, theme)
        now = write.index.theme_decision(quote, theme)
        stands = write.index.theme_standing(quote, theme)
        return Tagged(number, None if now is None else now.belongs, stands, (before, write.index.members(theme)))


def _demand_theme(write: Writer, theme: ThemeId) -> None:
    known = [one.id for one in write.index.themes()]
    if theme not in known:
        raise NotFound(f"no theme {theme[:60]!r}; there are: {', '.join(known) or 'none yet'}")


def _follow(write: Writer, encoder: Encoder, theme: ThemeId) -> None:
    write.search.follow_theme_decisions()
    teach(write, encoder, theme)
    write.count_up("content")
