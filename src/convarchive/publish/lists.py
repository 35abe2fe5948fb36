"""Records of what is listed beside quotes: episodes, people, themes, voices, reviews and questions."""

from __future__ import annotations

from typing import TypedDict

from convarchive.domain.quote import Review
from convarchive.publish.record import EvidenceRecord, evidence_record
from convarchive.store.views import EpisodeView, PersonView, QuestionView, ThemeView, VoiceView


class EpisodeListing(TypedDict):
    """An episode; times in milliseconds."""

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


class CreditListing(TypedDict):
    """How somebody was described, and where."""

    text: str
    place: str


class PersonListing(TypedDict):
    """A speaker."""

    id: str
    name: str
    role: str
    role_basis: str | None
    credits: list[CreditListing]
    quotes: int
    fiction: bool


class ThemeListing(TypedDict):
    """A theme."""

    id: str
    title: str
    description: str
    note: str | None
    quotes: int


class VoiceListing(TypedDict):
    """A voice of one recording."""

    label: str
    speech_ms: int
    speaker: str | None
    name: str | None
    role: str | None
    status: str
    confidence: float | None
    evidence: list[EvidenceRecord] | None


def episode_record(view: EpisodeView) -> EpisodeListing:
    """An episode as this audience may see it."""
    return {
        "id": view.id,
        "title": view.title,
        "published": view.published,
        "show": view.show,
        "link": view.link,
        "fiction": view.fiction,
        "recording_sha256": view.recording,
        "duration_ms": view.duration_ms,
        "quotes": view.quotes,
        "stages": list(view.stages),
        "failure": view.failure,
        "duplicate_of": view.duplicate_of,
    }


def person_record(view: PersonView) -> PersonListing:
    """A speaker as this audience may see them."""
    return {
        "id": view.id,
        "name": view.name,
        "role": view.role,
        "role_basis": view.role_basis,
        "credits": [{"text": text, "place": place} for text, place in view.credits],
        "quotes": view.quotes,
        "fiction": view.fiction,
    }


def theme_record(view: ThemeView) -> ThemeListing:
    """A theme with this audience's count."""
    return {
        "id": view.id,
        "title": view.title,
        "description": view.description,
        "note": view.note,
        "quotes": view.quotes,
    }


def voice_record(view: VoiceView, episode: str, base: str | None = None) -> VoiceListing:
    """A voice of an episode as this audience may know it; `base` is the server where its reasons can be heard."""
    return {
        "label": view.label,
        "speech_ms": view.speech_ms,
        "speaker": view.speaker,
        "name": view.name,
        "role": view.role,
        "status": view.status,
        "confidence": view.confidence,
        "evidence": None if view.evidence is None else [evidence_record(one, episode, base) for one in view.evidence],
    }


def review_record(review: Review) -> dict[str, object]:
    """An editorial act, for editors."""
    return {field: getattr(review, field) for field in Review.__slots__}


def question_record(view: QuestionView) -> dict[str, str]:
    """Something that waits for a person, for editors."""
    return {"episode": view.episode, "stage": view.stage, "kind": view.kind, "detail": view.detail}
