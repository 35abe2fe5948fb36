"""What may be repeated, under whose name, and how to point at it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NewType

from convarchive.domain.episode import EpisodeId, Sha256
from convarchive.domain.span import Span
from convarchive.domain.speaker import Role, SpeakerId, Status
from convarchive.domain.speech import SpeakerLabel

QuoteId = NewType("QuoteId", str)
"""Names a quote, whatever becomes of its wording: `q` and 26 letters or digits, minted once, kept for ever."""

VersionId = NewType("VersionId", str)
"""`v` and 32 hex digits: digest of a quote's words, excerpts and speaker at one time."""

DocumentId = NewType("DocumentId", str)

TextStatus = Literal["heard", "checked", "printed"]
"""How words came about: a recogniser's, a person's who checked them against the recording, or a document's."""
"""Where a quote's words come from: a machine's ear, a person who listened, or print."""

Clearance = Literal["unreviewed", "cleared", "withheld", "withdrawn"]
"""Whether a quote may be repeated in public, by a person's decision; nobody cleared what is unreviewed."""

RESTRICTION: dict[Clearance, int] = {"cleared": 0, "unreviewed": 1, "withheld": 2, "withdrawn": 3}
"""How closed each state is. Where several bear on one quote the most restrictive wins."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """One unbroken piece of a quote; `span` (of `recording`) is None for print."""

    text: str
    span: Span | None = None
    recording: Sha256 | None = None


@dataclass(frozen=True, slots=True)
class Selector:
    """
    How a quote is found again in a transcript that changed.

    The fields of the W3C Web Annotation model's TextQuoteSelector (`exact`, `prefix`,
    `suffix`), with the span it had in milliseconds.
    """

    exact: str
    prefix: str = ""
    suffix: str = ""
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class AudioSource:
    """The stretch of a recording in which a quote was said."""

    recording: Sha256
    span: Span


@dataclass(frozen=True, slots=True)
class DocumentSource:
    """
    The place in a document at which a quote is printed, under its hand-written key.

    What else the document says of itself (`publisher`, `published`, `url`) is there when read
    from the catalogue.
    """

    document: DocumentId
    key: str
    place: str
    title: str
    publisher: str | None = None
    published: str | None = None
    url: str | None = None


Source = AudioSource | DocumentSource
"""Where a quote stands: a stretch of a recording, or a place in a document. A quote may have several."""


@dataclass(frozen=True, slots=True)
class Citation:
    """A printed credit as it stands beside a printed quote."""

    credit: str
    document: DocumentId
    place: str


@dataclass(frozen=True, slots=True)
class PrintedWords:
    """Words that a document prints as somebody's: the quote they are here, whose, and where (`place`, for people)."""

    quote: QuoteId
    text: str
    speaker: SpeakerId
    name: str
    place: str


@dataclass(frozen=True, slots=True)
class Draft:
    """
    A quote cut from speech, before it has an id.

    `first` is the position of its first word in the transcript, `words` how many it has;
    `confidence` is the mean word probability (0 to 1), and `doubts` says in words what
    makes it low.
    """

    label: SpeakerLabel | None
    excerpts: tuple[Excerpt, ...]
    first: int
    words: int
    selector: Selector
    confidence: float | None
    doubts: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The excerpts joined as they would be printed, omissions marked."""
        return " [...] ".join(excerpt.text for excerpt in self.excerpts)

    @property
    def span(self) -> Span:
        """From the first excerpt's start to the last one's end; a draft from speech always has one."""
        spans = [e.span for e in self.excerpts if e.span is not None]
        return Span(spans[0].start, spans[-1].end)


@dataclass(frozen=True, slots=True)
class Version:
    """A quote's words, excerpts and speaker at one time."""

    id: VersionId
    quote: QuoteId
    text: str
    text_status: TextStatus
    excerpts: tuple[Excerpt, ...]
    speaker: SpeakerId | None
    name: str | None
    credit: str | None
    role: Role | None
    status: Status
    status_confidence: float | None
    confidence: float | None
    doubts: tuple[str, ...] = ()
    edits: tuple[str, ...] = ()
    language: str = "en"


@dataclass(frozen=True, slots=True)
class PublishedQuote:
    """
    A quote already in print, as a desk file holds it.

    `text` keeps the print's wording and ellipses; `repairs` says what the page layout had
    torn and how it was mended; `kind` tells a podcast's quote from one of another work.
    """

    key: str
    text: str
    speaker: SpeakerId | None
    name: str
    credit: str
    place: str
    kind: Literal["podcast", "other"]
    repairs: str | None = None
    themes: tuple[str, ...] = ()
    cited_from: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """
    A printed or written source, with the quotes taken from it.

    Where it has a `clearance_scope`, its quotes of kind `podcast` start cleared, by
    `clearance_by`; all others start unreviewed. `published_note` says what is known
    where no date is printed.
    """

    id: DocumentId
    title: str
    publisher: str | None = None
    published: str | None = None
    url: str | None = None
    language: str = "en"
    clearance_scope: str | None = None
    fiction: bool = False
    quotes: tuple[PublishedQuote, ...] = ()
    clearance_by: str | None = None
    published_note: str | None = None


Act = Literal[
    "clear", "withhold", "withdraw", "embargo", "undo", "edit", "assign", "merge", "split", "not-a-person", "check",
    "forget", "attach", "enrol", "forget_voiceprints", "tag", "untag",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Review:
    """
    One editorial act. Reviews are only ever added; `undoes` names an earlier one.

    `scope` says what of it is meant: the theme, what a clearing covers, the voice's labels.
    `release_sha256` is the digest of the release form that a clearing rests on.
    """

    number: int
    act: Act
    by: str
    why: str
    at: str
    quote: QuoteId | None = None
    version: VersionId | None = None
    person: SpeakerId | None = None
    episode: EpisodeId | None = None
    scope: str | None = None
    until: str | None = None
    undoes: int | None = None
    release_sha256: Sha256 | None = None
