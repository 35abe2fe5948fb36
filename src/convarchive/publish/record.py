"""
The one record of a quote, the same for the command line, the API, the widget and every export.

It is made from a view that was already cut to one audience: what that audience may not
see is null here, and nothing is looked up again. A key, once published, keeps its name
and meaning; what changes them counts `schema` up.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NotRequired, TypedDict

from convarchive.domain.audience import Audience
from convarchive.domain.passage import Facets, Hit
from convarchive.domain.quote import AudioSource, Clearance, QuoteId, Source, TextStatus
from convarchive.domain.speaker import Evidence, Role, Status
from convarchive.domain.theme import Judge, ThemeScore, heaviest
from convarchive.publish.facets import FacetsRecord, facets_record
from convarchive.store.views import EpisodeRef, QuoteView

SCHEMA: Literal[1] = 1


class ExcerptRecord(TypedDict):
    """One unbroken piece of the quote; times in milliseconds of its recording, null for print."""

    start_ms: int | None
    end_ms: int | None
    text: str


class SpeakerRecord(TypedDict):
    """Who says it, with the credit as at the recording or as printed; `id` is null for a name known from print only."""

    id: str | None
    name: str
    credit: str | None
    role: Role | None


class EvidenceRecord(TypedDict):
    """
    One reason for the name, or against it; `kind` is an open string.

    `start_ms` and `end_ms` say where it is heard; `listen` is the episode's page at that
    second, null while no address is known.
    """

    kind: str
    detail: str
    start_ms: int | None
    end_ms: int | None
    listen: str | None


class AttributionRecord(TypedDict):
    """How sure the name is."""

    status: Status
    confidence: float | None
    evidence: list[EvidenceRecord] | None


class EpisodeRecord(TypedDict):
    """The episode it was said in."""

    id: str
    title: str
    published: str | None
    show: str | None
    link: str | None


class SourceRecord(TypedDict):
    """
    Where it stands: a stretch of a recording, or a place in a document.

    `place` is a media fragment in seconds (`t=61.500,64.000`) for sound, words for print.
    """

    kind: Literal["audio", "document"]
    title: str | None
    recording_sha256: str | None
    place: str
    publisher: str | None
    published: str | None
    url: str | None


class ClearedRecord(TypedDict):
    """The day from which it may be published, maybe a later one, and who said so; null for those who may not know."""

    day: str
    by: str | None


class ThemeRecord(TypedDict):
    """How far it belongs to a theme, 0 to 1, and who says so."""

    id: str
    score: float
    by: Judge


class QuoteRecord(TypedDict):
    """A quote as one audience may see it."""

    schema: Literal[1]
    id: str
    version: str
    text: str
    text_status: TextStatus
    edits: list[str]
    language: str
    rights: str | None
    fiction: bool
    excerpts: list[ExcerptRecord]
    speaker: SpeakerRecord | None
    attribution: AttributionRecord
    episode: EpisodeRecord | None
    sources: list[SourceRecord]
    audio_url: str | None
    confidence: float | None
    themes: list[ThemeRecord]
    clearance: Clearance
    cleared: ClearedRecord | None
    permalink: str | None


class WhyRecord(TypedDict):
    """
    What spoke for a hit, each from 0 to 1: likeness of meaning, how much of the query its words cover, how well what
    was said around it fits, how much of the query names its speaker, and whether it names its theme.
    """

    semantic: float
    lexical: float
    context: float
    name: float
    theme: float


class HitRecord(TypedDict):
    """
    One answer; `highlights` are [start, end) character offsets into the quote's text, `also`
    the ids of quotes that say the same in nearly the same words.
    """

    relevance: float
    why: WhyRecord
    highlights: list[list[int]]
    also: list[str]
    quote: QuoteRecord


class IndexRecord(TypedDict):
    """The state of the index that answered; `pending` texts are not in it yet."""

    generation: int
    pending: int


class LikesRecord(TypedDict):
    """What others say that is nearest in meaning to a quote; `also` say the very same in nearly the same words."""

    quote: str
    audience: Audience
    also: list[str]
    hits: list[HitRecord]
    index: IndexRecord


class AnswerRecord(TypedDict):
    """What a search found; `read_as` is the query as it was read, where a word was taken for a misspelt one."""

    query: str
    read_as: str | None
    audience: Audience
    hits: list[HitRecord]
    index: IndexRecord
    next: str | None
    facets: NotRequired[FacetsRecord]


def record(view: QuoteView, *, public_url: str | None, served_at: str | None = None) -> QuoteRecord:
    """
    The record of a quote.

    `public_url` is the owner's address for the archive: without it there is no permalink.
    `served_at` is the address (or, as "", the root) of the server that is answering, used
    for `audio_url` in its place.
    """
    return {
        "schema": SCHEMA,
        "id": view.id,
        "version": view.version,
        "text": view.text,
        "text_status": view.text_status,
        "edits": list(view.edits),
        "language": view.language,
        "rights": view.rights,
        "fiction": view.fiction,
        "excerpts": [
            {"start_ms": one.span.start if one.span else None, "end_ms": one.span.end if one.span else None,
             "text": one.text}
            for one in view.excerpts
        ],
        "speaker": _speaker(view),
        "attribution": _attribution(view, public_url if served_at is None else served_at),
        "episode": _episode(view),
        "sources": [_source(one, view.episode) for one in view.sources],
        "audio_url": _audio_url(view, public_url if served_at is None else served_at),
        "confidence": view.confidence,
        "themes": _themes(view.themes),
        "clearance": view.clearance,
        "cleared": {"day": view.cleared.day, "by": view.cleared.by} if view.cleared else None,
        "permalink": permalink(view.id, public_url),
    }  # fmt: skip


def likes(
    quote: QuoteId,
    audience: Audience,
    hits: Iterable[tuple[Hit, QuoteView]],
    *,
    also: Iterable[QuoteId],
    generation: int,
    pending: int,
    public_url: str | None,
    served_at: str | None = None,
) -> LikesRecord:
    """Who else says what a quote says, as the command line and the API print it; nearest first."""
    return {
        "quote": quote,
        "audience": audience,
        "also": list(also),
        "hits": [_hit(hit, view, public_url, served_at) for hit, view in hits],
        "index": {"generation": generation, "pending": pending},
    }


def _hit(hit: Hit, view: QuoteView, public_url: str | None, served_at: str | None) -> HitRecord:
    return {
        "relevance": round(hit.relevance, 4),
        "why": why(hit),
        "highlights": [[start, end] for start, end in hit.highlights],
        "also": list(hit.also),
        "quote": record(view, public_url=public_url, served_at=served_at),
    }


def why(hit: Hit) -> WhyRecord:
    """What spoke for a hit."""
    return {
        "semantic": round(hit.semantic, 4),
        "lexical": round(hit.lexical, 4),
        "context": round(hit.context, 4),
        "name": round(hit.name, 4),
        "theme": round(hit.theme, 4),
    }


def answer(
    query: str,
    audience: Audience,
    hits: Iterable[tuple[Hit, QuoteView]],
    *,
    generation: int,
    pending: int,
    next_page: str | None,
    public_url: str | None,
    served_at: str | None = None,
    facets: Facets | None = None,
    read_as: str = "",
) -> AnswerRecord:
    """What a search found, as the command line and the API print it: hits best first, facets where they were asked."""
    told: AnswerRecord = {
        "query": query,
        "read_as": read_as or None,
        "audience": audience,
        "hits": [_hit(hit, view, public_url, served_at) for hit, view in hits],
        "index": {"generation": generation, "pending": pending},
        "next": next_page,
    }
    if facets is not None:
        told["facets"] = facets_record(facets)
    return told


def permalink(quote: QuoteId, public_url: str | None) -> str | None:
    """The quote's address for ever, or None while the archive has no public address."""
    return f"{public_url.rstrip('/')}/q/{quote}" if public_url else None


def _speaker(view: QuoteView) -> SpeakerRecord | None:
    one = view.speaker
    if one is None:
        return None
    return SpeakerRecord(id=one.id, name=one.name, credit=one.credit, role=one.role)


def _attribution(view: QuoteView, base: str | None) -> AttributionRecord:
    evidence, episode = view.attribution.evidence, view.episode.id if view.episode else None
    return {
        "status": view.attribution.status,
        "confidence": view.attribution.confidence,
        "evidence": None if evidence is None else [evidence_record(one, episode, base) for one in evidence],
    }


def evidence_record(one: Evidence, episode: str | None, base: str | None) -> EvidenceRecord:
    """One reason, and where to hear it in the episode."""
    return {
        "kind": one.kind,
        "detail": one.detail,
        "start_ms": one.span.start if one.span else None,
        "end_ms": one.span.end if one.span else None,
        "listen": listen_at(episode, one.span.start, base) if episode and one.span else None,
    }


def listen_at(episode: str, at_ms: int, base: str | None) -> str | None:
    """
    The episode's page at an instant (ms), on the server whose address is `base`; None while there is none.

    >>> listen_at("e1", 61_500, "https://archive.example/")
    'https://archive.example/episodes/e1?at=61.5#at'
    """
    return f"{base.rstrip('/')}/episodes/{episode}?at={at_ms / 1000:.1f}#at" if base is not None else None


def _episode(view: QuoteView) -> EpisodeRecord | None:
    one = view.episode
    if one is None:
        return None
    return {"id": one.id, "title": one.title, "published": one.published, "show": one.show, "link": one.link}


def _source(source: Source, episode: EpisodeRef | None) -> SourceRecord:
    if isinstance(source, AudioSource):
        return {
            "kind": "audio", "title": episode.title if episode else None, "recording_sha256": source.recording,
            "place": source.span.fragment, "publisher": None, "published": None, "url": None,
        }  # fmt: skip
    return {
        "kind": "document", "title": source.title, "recording_sha256": None, "place": source.place,
        "publisher": source.publisher, "published": source.published, "url": source.url,
    }  # fmt: skip


def _audio_url(view: QuoteView, base: str | None) -> str | None:
    if base is None or not any(isinstance(source, AudioSource) for source in view.sources):
        return None
    return f"{base.rstrip('/')}/api/v1/quotes/{view.id}/clip"


def _themes(scores: Iterable[ThemeScore]) -> list[ThemeRecord]:
    """Each theme once, strongest first: an editor's word outranks a printed section, and that a model's guess."""
    said: dict[str, list[ThemeScore]] = {}
    for one in scores:
        said.setdefault(one.theme, []).append(one)
    best = [top for many in said.values() if (top := heaviest(many))]
    ranked = sorted(best, key=lambda one: (-one.score, one.theme))
    return [{"id": one.theme, "score": one.score, "by": one.by} for one in ranked]
