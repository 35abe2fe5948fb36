"""Fills an archive with texts as if they had been heard, so that the whole of search is measured and not a part."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from convarchive.domain.episode import EpisodeId, Item, Recording, Sha256
from convarchive.domain.ids import heard_quote_id
from convarchive.domain.quote import AudioSource, Excerpt, QuoteId, Selector
from convarchive.domain.span import Span
from convarchive.evaluation.judged import Text
from convarchive.store.catalogue import Catalogue
from convarchive.store.write_quotes import NewVersion
from convarchive.store.writer import Writer

_LENGTH = 1000
"""Milliseconds that each text is said to last."""
_APART = 600_000
"""Milliseconds from one text to the next where no meeting says that they were said together."""


def fill(
    catalogue: Catalogue, texts: Iterable[Text], *, begin: int = 0, cleared_by: str | None = None
) -> tuple[dict[QuoteId, str], dict[str, EpisodeId]]:
    """
    Put each text in as a quote, each meeting as an episode; return which quote is which text, and the episodes.

    Where nobody is named who clears them, nothing is reviewed: read what was put in as a
    researcher. `begin` counts on from texts that were put in before.
    """
    quotes: dict[QuoteId, str] = {}
    episodes: dict[str, tuple[EpisodeId, Sha256]] = {}
    with catalogue.writing() as write:
        for number, text in enumerate(texts, begin):
            meeting = text.meeting or ""
            if meeting not in episodes:
                episodes[meeting] = _episode(write, meeting)
            episode, sound = episodes[meeting]
            start = number * (_LENGTH if text.meeting else _APART)
            span = Span(start, start + _LENGTH)
            quote = heard_quote_id(sound, span.start)
            version = write.quotes.put(
                NewVersion(
                    quote=quote,
                    text=text.text,
                    text_status="heard",
                    excerpts=(Excerpt(text.text, span),),
                    sources=(AudioSource(sound, span),),
                    selector=Selector(text.text, span=span),
                    episode=episode,
                )
            )
            quotes[quote] = text.id
            if cleared_by:
                review = write.reviews.add("clear", cleared_by, "for a measurement", quote=quote, version=version)
                write.reviews.clear(version, review)
        write.search.sync_passages()
        write.count_up("content")
    return quotes, {meeting: episode for meeting, (episode, _) in episodes.items()}


def _episode(write: Writer, meeting: str) -> tuple[EpisodeId, Sha256]:
    sound = Sha256(hashlib.sha256(meeting.encode()).hexdigest())
    episode = write.episodes.put_item(None, Item(f"meeting {meeting}", meeting or "All texts", None), fiction=True)
    write.episodes.put_recording(episode, Recording(sound, 1, 10_000_000 * _APART, "audio/flac", "flac", "none"), None)
    return episode, sound
