"""How ids are minted: once, from facts that do not change, and never parsed again."""

from __future__ import annotations

import base64
import uuid

from convarchive.domain.episode import EpisodeId, FeedId, Sha256
from convarchive.domain.quote import DocumentId, Excerpt, QuoteId, VersionId
from convarchive.domain.run import digest
from convarchive.domain.speaker import SpeakerId

NAMESPACE = uuid.UUID("6f1e4c0a-54d2-5c3b-9a53-0c2f9f6f7d11")


def _mint(kind: str, *facts: str) -> str:
    value = uuid.uuid5(NAMESPACE, "\x1f".join((kind, *facts)))
    return base64.b32encode(value.bytes).decode().rstrip("=").lower()


def feed_id(url: str) -> FeedId:
    """The id of the show at this address (its first address: a redirect keeps the id)."""
    return FeedId("f" + _mint("feed", url)[:12])


def episode_id(feed: FeedId | None, guid: str) -> EpisodeId:
    """The id of a feed's item by its guid, or of an added file by its digest."""
    return EpisodeId("e" + _mint("episode", feed or "", guid)[:12])


def heard_quote_id(recording: Sha256, first_word_start: int) -> QuoteId:
    """The id of a quote cut from a recording, by its first word's start in milliseconds."""
    return QuoteId("q" + _mint("heard", recording, str(first_word_start)))


def printed_quote_id(document: DocumentId, key: str) -> QuoteId:
    """The id of a printed quote, by the key an owner gave it by hand."""
    return QuoteId("q" + _mint("printed", document, key))


def version_id(quote: QuoteId, text: str, excerpts: tuple[Excerpt, ...], speaker: SpeakerId | None) -> VersionId:
    """The digest that tells one version of a quote from another."""
    spans = [(e.text, e.span.start if e.span else None, e.span.end if e.span else None) for e in excerpts]
    return VersionId("v" + digest("version", quote, text, spans, speaker)[:32])
