"""
The wire format, described for OpenAPI. Nothing is built from these models: records come
from `publish`, and a test holds the two side by side.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from convarchive.api.facet_schemas import FacetsRecord
from convarchive.api.wire import Wire, like
from convarchive.domain.audience import Audience
from convarchive.domain.quote import Clearance, TextStatus
from convarchive.domain.speaker import Role, Status
from convarchive.domain.theme import Judge

EXAMPLE_ID = "qm5xw42lq3rbrxk6dzunv3iq5oe"
QUOTE = {
    "schema": 1,
    "id": EXAMPLE_ID,
    "version": "v3f0c9a4f5f3a4d0e9d2f0b7c1a6e8d21",
    "text": "We gave the keys to the people who sweep the hall, and the hall was never so full.",
    "text_status": "checked",
    "edits": [],
    "language": "en",
    "rights": None,
    "fiction": True,
    "excerpts": [
        {
            "start_ms": 61500,
            "end_ms": 66000,
            "text": "We gave the keys to the people who sweep the hall, and the hall was never so full.",
        }
    ],
    "speaker": {"id": "ada-example", "name": "Ada Example", "credit": "Director, Example Trust", "role": "guest"},
    "attribution": {"status": "confirmed", "confidence": None, "evidence": None},
    "episode": {
        "id": "e4kq2vzxw7m3a",
        "title": "A fictional talk",
        "published": "2031-01-01",
        "show": "A fictional show",
        "link": "https://podcast.example/a-fictional-talk",
    },
    "sources": [
        {
            "kind": "audio",
            "title": "A fictional talk",
            "recording_sha256": "a" * 64,
            "place": "t=61.500,66.000",
            "publisher": None,
            "published": None,
            "url": None,
        }
    ],
    "audio_url": f"/api/v1/quotes/{EXAMPLE_ID}/clip",
    "confidence": None,
    "themes": [{"id": "leadership", "score": 0.81, "by": "model"}],
    "clearance": "cleared",
    "cleared": None,
    "permalink": f"https://archive.example/q/{EXAMPLE_ID}",
}


class ExcerptRecord(Wire):
    """One unbroken piece of a quote; without times where it is print."""

    start_ms: int | None
    end_ms: int | None
    text: str


class SpeakerRecord(Wire):
    """A named person, with the credit as at the recording or as printed; no id where only the name is known."""

    id: str | None
    name: str
    credit: str | None
    role: Role | None


class EvidenceRecord(Wire):
    """One reason to believe, or doubt, a name; `kind` is an open list."""

    kind: str
    detail: str
    start_ms: int | None = Field(description="Where in the recording it is heard; null where it is not.")
    end_ms: int | None
    listen: str | None = Field(description="The episode's page at that second.")


class AttributionRecord(Wire):
    """How sure the name is; confidence and evidence are null for the public."""

    status: Status
    confidence: float | None
    evidence: list[EvidenceRecord] | None


class EpisodeStub(Wire):
    """The episode a quote was said in."""

    id: str
    title: str
    published: str | None
    show: str | None
    link: str | None


class SourceRecord(Wire):
    """Where the words stand: a recording by its digest, or a place in a document."""

    kind: Literal["audio", "document"]
    title: str | None
    recording_sha256: str | None
    place: str
    publisher: str | None
    published: str | None
    url: str | None


class ClearedRecord(Wire):
    """When it was cleared, for those who publish it, and by whom, for editors."""

    day: str
    by: str | None


class ThemeScoreRecord(Wire):
    """How far the quote belongs to a theme, and who says so."""

    id: str
    score: float = Field(ge=0, le=1)
    by: Judge


class QuoteRecord(BaseModel):
    """One quote, the same object at every door; what an audience may not see is null."""

    model_config = like(QUOTE)

    schema_: Literal[1] = Field(alias="schema")
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
    episode: EpisodeStub | None
    sources: list[SourceRecord]
    audio_url: str | None
    confidence: float | None
    themes: list[ThemeScoreRecord]
    clearance: Clearance
    cleared: ClearedRecord | None
    permalink: str | None


class WhyRecord(Wire):
    """What spoke for the hit, each from 0 to 1. They explain the hit and do not add up to its relevance."""

    semantic: float = Field(
        description="How near the quote is in meaning to the query: the cosine of their vectors, below zero 0. "
        "From 0.5 on it is called close, from 0.3 on near. Negations hardly change it."
    )
    lexical: float = Field(
        description="How much of the query's words the quote holds, in any inflection; rare words count for more, "
        "and 1 is all of them. 0: none, or words too common to count."
    )
    context: float = Field(
        description="How well what was said within two minutes before and after (up to four quotes on either side) "
        "fits the query by meaning and words. 0 also where nothing stands around it, as in print."
    )
    name: float = Field(description="How much of the query is the name of who says it; 0 where it names somebody else.")
    theme: float = Field(description="1 where the query names a theme that the quote belongs to, else 0.")


class HitRecord(Wire):
    """
    One answer: relevance from 0 to 1, [start, end) offsets into the quote's text that match, and
    in `also` the ids of quotes that say the same in nearly the same words.
    """

    relevance: float = Field(ge=0, le=1)
    why: WhyRecord
    highlights: list[tuple[int, int]]
    also: list[str]
    quote: QuoteRecord


class IndexRecord(Wire):
    """What the answer stands for; `pending` quotes wait to be indexed and could not be found."""

    generation: int
    pending: int


class SearchAnswer(BaseModel):
    """Hits by relevance. An empty list is an answer: nothing in the archive speaks to this."""

    model_config = like(
        {
            "query": "letting go of controll",
            "read_as": "letting go of control",
            "audience": "public",
            "hits": [
                {
                    "relevance": 0.84,
                    "why": {"semantic": 0.61, "lexical": 0.0, "context": 0.42, "name": 0.0, "theme": 0.0},
                    "highlights": [],
                    "also": [],
                    "quote": QUOTE,
                }
            ],
            "index": {"generation": 12, "pending": 0},
            "next": None,
        }
    )

    query: str
    read_as: str | None = Field(description="How the query was read, where a word was taken for a misspelt one.")
    audience: Audience
    hits: list[HitRecord]
    index: IndexRecord
    next: str | None
    facets: FacetsRecord | None = Field(None, description="Only where they were asked for.")


class QuotePage(BaseModel):
    """Quotes in the order of their ids, not ranked."""

    model_config = like({"quotes": [QUOTE], "next": None})

    quotes: list[QuoteRecord]
    next: str | None


class ThemeRecord(BaseModel):
    """A theme in the archive's own words, with how many quotes you may see of it."""

    model_config = like(
        {
            "id": "leadership",
            "title": "Leadership",
            "description": "How people lead, and what good leaders are like.",
            "note": None,
            "quotes": 7,
        }
    )

    id: str
    title: str
    description: str
    note: str | None
    quotes: int


class ThemePage(Wire):
    """The archive's themes, in its owner's order."""

    themes: list[ThemeRecord]
    next: str | None


class CreditRecord(Wire):
    """How a person was described, and where."""

    text: str
    place: str


class PersonRecord(BaseModel):
    """Somebody who is quoted; role basis and credits are not for the public."""

    model_config = like(
        {
            "id": "ada-example",
            "name": "Ada Example",
            "role": "guest",
            "role_basis": None,
            "credits": [],
            "quotes": 3,
            "fiction": True,
        }
    )

    id: str
    name: str
    role: Role
    role_basis: str | None
    credits: list[CreditRecord]
    quotes: int
    fiction: bool


class PersonPage(Wire):
    """Everybody whose name you may see beside a quote."""

    speakers: list[PersonRecord]
    next: str | None


class EpisodeRecord(BaseModel):
    """An episode, with how many quotes you may see of it."""

    model_config = like(
        {
            "id": "e4kq2vzxw7m3a",
            "title": "A fictional talk",
            "published": "2031-01-01",
            "show": "The Example Show",
            "link": None,
            "fiction": True,
            "recording_sha256": None,
            "duration_ms": None,
            "quotes": 3,
            "stages": [],
            "failure": None,
            "duplicate_of": None,
        }
    )

    id: str
    title: str
    published: str | None
    show: str | None
    link: str | None
    fiction: bool
    recording_sha256: str | None
    duration_ms: int | None
    quotes: int
    stages: list[str]
    failure: str | None
    duplicate_of: str | None


class EpisodePage(Wire):
    """Episodes, newest first."""

    episodes: list[EpisodeRecord]
    next: str | None


class SegmentRecord(Wire):
    """A stretch of speech, in seconds, as Podcasting 2.0 writes it."""

    speaker: str | None = None
    startTime: float
    endTime: float | None = None
    body: str


class TranscriptRecord(BaseModel):
    """A transcript as Podcasting 2.0's JSON; for the public, the cleared excerpts."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "version": "1.0.0",
                    "segments": [
                        {"speaker": "Ada Example", "startTime": 61.5, "endTime": 64.0, "body": "We gave the keys away."}
                    ],
                }
            ]
        }
    )

    version: str
    segments: list[SegmentRecord]


class HealthRecord(Wire):
    """Whether the server lives, or is ready to answer."""

    status: Literal["ok", "ready"]
