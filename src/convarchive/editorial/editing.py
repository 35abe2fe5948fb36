"""Changing how a quote is printed: the words as said stay, every change is marked, and it waits for clearing again."""

from __future__ import annotations

from dataclasses import dataclass

from convarchive.alignment.marking import marked
from convarchive.domain.quote import QuoteId, VersionId
from convarchive.editorial.clearing import living
from convarchive.editorial.saying import said
from convarchive.errors import BadInput, NotAllowed, NotFound
from convarchive.store.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Edited:
    """
    The review's number, the new version and what was changed in it.

    `cleared` says that this very form had been cleared before and so is public again.
    """

    review: int
    quote: QuoteId
    version: VersionId
    text: str
    edits: tuple[str, ...]
    cleared: bool


def edit(
    catalogue: Catalogue, quote: QuoteId, text: str, *, by: str, why: str, version: VersionId | None = None
) -> Edited:
    """
    Print a quote as `text` from now on, which `alignment.marking` checks against the words as said or printed.

    It is a new version that nobody has cleared; the public keeps what was cleared before. The
    words as said, without a mark, take an edit back. `version` is the one the editor looked
    at. Raises BadInput where a change is not marked or nothing changes, NotFound, Gone, and
    NotAllowed for what is withdrawn or has changed since.
    """
    by, why = said(by, why)
    with catalogue.writing() as write:
        found = living(write, quote)
        wording = write.edits.wording(quote)
        if wording is None:
            raise NotFound(f"no quote {quote[:60]!r} here; list what there is with: convarchive search")
        if any(hold.state == "withdrawn" for hold in found.holds):
            raise NotAllowed(f"quote {quote} is withdrawn; take that back first, with: convarchive review undo {quote}")
        if version is not None and version != wording.version:
            raise NotAllowed(f"quote {quote} has changed since it was looked at; look again and edit what it says now")
        pieces = [one.text for one in wording.excerpts]
        made = marked(text, pieces, in_print=wording.text_status == "printed")
        if made.text == wording.text:
            raise BadInput(f"text: quote {quote} is printed so already; nothing was changed")
        new = write.edits.put(wording.version, made.text, made.edits)
        number = write.reviews.add("edit", by, why, quote=quote, version=new)
        write.search.sync_passages()
        write.count_up("review")
        now = living(write, quote)
    return Edited(number, quote, new, made.text, made.edits, now.clearance == "cleared")
