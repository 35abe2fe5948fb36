"""What a reader is shown of the catalogue: frozen rows in which all that an audience may not see is None."""

from __future__ import annotations

from dataclasses import dataclass

from convarchive.domain.episode import EpisodeId, Sha256
from convarchive.domain.quote import Clearance, Excerpt, QuoteId, Source, TextStatus, VersionId
from convarchive.domain.speaker import NO_PERSON, Evidence, Role, SpeakerId, Status
from convarchive.domain.speech import Turn
from convarchive.domain.theme import ThemeId, ThemeScore


@dataclass(frozen=True, slots=True)
class SpeakerView:
    """A named person beside a quote, with the credit as at the recording or as printed; cited ones may have no id."""

    id: SpeakerId | None
    name: str
    credit: str | None
    role: Role | None


@dataclass(frozen=True, slots=True)
class AttributionView:
    """How sure a name is; `confidence` and `evidence` only for those who may see them."""

    status: Status
    confidence: float | None
    evidence: tuple[Evidence, ...] | None


@dataclass(frozen=True, slots=True)
class EpisodeRef:
    """The episode a quote was said in."""

    id: str
    title: str
    published: str | None
    show: str | None
    link: str | None = None


@dataclass(frozen=True, slots=True)
class ClearingView:
    """The ISO day from which a version is cleared, which an embargo puts off, and by whom for those who may know."""

    day: str
    by: str | None


@dataclass(frozen=True, slots=True)
class QuoteView:
    """
    One version of a quote as one audience may see it.

    `cleared` is only for those who may know, of what is cleared, or will be when an embargo
    ends (and is `unreviewed` until then).
    """

    id: QuoteId
    version: VersionId
    text: str
    text_status: TextStatus
    edits: tuple[str, ...]
    language: str
    rights: str | None
    fiction: bool
    excerpts: tuple[Excerpt, ...]
    speaker: SpeakerView | None
    attribution: AttributionView
    episode: EpisodeRef | None
    sources: tuple[Source, ...]
    confidence: float | None
    doubts: tuple[str, ...] | None
    themes: tuple[ThemeScore, ...]
    clearance: Clearance
    label: str | None
    cleared: ClearingView | None = None


@dataclass(frozen=True, slots=True)
class EpisodeView:
    """An episode with what was made of it, counted as this audience may count."""

    id: str
    title: str
    published: str | None
    show: str | None
    link: str | None
    notes: str
    fiction: bool
    recording: str | None
    duration_ms: int | None
    quotes: int
    stages: tuple[str, ...]
    failure: str | None
    duplicate_of: str | None


@dataclass(frozen=True, slots=True)
class PersonView:
    """A speaker with how many quotes of theirs this audience may see."""

    id: SpeakerId
    name: str
    role: Role
    role_basis: str | None
    credits: tuple[tuple[str, str], ...]
    quotes: int
    fiction: bool


@dataclass(frozen=True, slots=True)
class ThemeView:
    """A theme with how many quotes of this audience's belong to it."""

    id: str
    title: str
    description: str
    note: str | None
    quotes: int


@dataclass(frozen=True, slots=True)
class ThemeVoice:
    """A person who speaks to a theme: how many of their quotes belong to it, of how many there are of theirs."""

    id: SpeakerId
    name: str
    quotes: int
    of: int


@dataclass(frozen=True, slots=True)
class PeriodView:
    """A year (`2031`) or quarter (`2031-Q2`): how many quotes belong to a theme, of how many there are."""

    period: str
    quotes: int
    of: int


@dataclass(frozen=True, slots=True)
class ThemeNeighbour:
    """Another theme: how many quotes both share, and their part of all quotes of either, 0 to 1 (Jaccard)."""

    id: ThemeId
    title: str
    shared: int
    overlap: float


@dataclass(frozen=True, slots=True)
class VoiceView:
    """A voice of one recording: how long it speaks, and whose it is thought to be."""

    label: str
    speech_ms: int
    speaker: SpeakerId | None
    name: str | None
    role: Role | None
    status: Status
    confidence: float | None
    evidence: tuple[Evidence, ...] | None

    @property
    def nobody(self) -> bool:
        """Whether an editor said that it is no person's voice."""
        return NO_PERSON in (self.evidence or ())


@dataclass(frozen=True, slots=True)
class WaitingView:
    """
    A voice of which no editor has said whose it is: where it speaks, how long (ms), and how sure its name is.

    `confidence` is 0 where it has no name.
    """

    episode: EpisodeId
    title: str
    published: str | None
    fiction: bool
    label: str
    speech_ms: int
    confidence: float

    @property
    def weight(self) -> float:
        """Talk time times doubt: milliseconds of speech that are expected to stand under a wrong name or none."""
        return self.speech_ms * (1 - self.confidence)


@dataclass(frozen=True, slots=True)
class RoomView:
    """
    A recording whose voices somebody is about to decide on.

    `seen` is what they have to name when they decide (`VoiceWrites.seen`); `persons` are
    the publisher's, as (name, role); `regulars` those who speak in other episodes of the
    show, most often first.
    """

    recording: RecordingView
    turns: tuple[Turn, ...]
    seen: str
    persons: tuple[tuple[str, str], ...]
    regulars: tuple[SpeakerId, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One utterance of a transcript as this audience may read it."""

    label: str | None
    name: str | None
    start_ms: int
    end_ms: int
    text: str
    words: tuple[tuple[str, int, int], ...]
    masked: bool = False


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Where a quote's id leads now: to other quotes in order, or nowhere any more (`reason`)."""

    targets: tuple[QuoteId, ...]
    reason: str | None


@dataclass(frozen=True, slots=True)
class RecordingView:
    """Sound that is held: its digest, what kind of file it is, and its length in milliseconds."""

    sha256: Sha256
    media_type: str
    suffix: str
    duration_ms: int


@dataclass(frozen=True, slots=True)
class QuestionView:
    """Something that a stage wants a person to look at."""

    episode: EpisodeId
    stage: str
    kind: str
    detail: str


@dataclass(frozen=True, slots=True)
class HeardWord:
    """A word as the recogniser heard it, with the probability (0 to 1) it gave, if any."""

    text: str
    probability: float | None


@dataclass(frozen=True, slots=True)
class Earlier:
    """What an earlier version of a quote said, and under whose name."""

    quote: QuoteId
    text: str
    name: str | None
