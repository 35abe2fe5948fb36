"""Keeps an editor's printed form of a quote when its words are taken in again."""

from __future__ import annotations

from convarchive.alignment.marking import marked
from convarchive.domain.quote import QuoteId
from convarchive.errors import BadInput
from convarchive.store.writer import Writer


def reprinted(write: Writer, quote: QuoteId, form: str) -> bool:
    """
    Print a quote's words, as they are now, in the `form` they had before, checked against them anew.

    False where it does not fit any more, because words that it keeps have changed: then the
    quote is printed as said, and somebody has to edit it again.
    """
    wording = write.edits.wording(quote)
    if wording is None or wording.edited:
        return wording is not None
    try:
        made = marked(form, [one.text for one in wording.excerpts], in_print=wording.text_status == "printed")
    except BadInput:
        return False
    if made.edits:
        write.edits.put(wording.version, made.text, made.edits)
    return True
