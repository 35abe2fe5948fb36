"""What is searched, what is asked, and what comes back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NewType

from convarchive.domain.episode import EpisodeId
from convarchive.domain.quote import Clearance, QuoteId, VersionId
from convarchive.domain.speaker import Role, SpeakerId
from convarchive.domain.theme import ThemeId
from convarchive.errors import BadInput

PassageNumber = NewType("PassageNumber", int)
"""Never reused, so an old vector can never answer with another quote's words."""


SourceKind = Literal["audio", "document"]
"""Where a quote's words stand: in a recording, or in print."""


@dataclass(frozen=True, slots=True)
class Passage:
    """The text of one version of a quote, as it is embedded and ranked."""

    number: PassageNumber
    version: VersionId
    quote: QuoteId
    text: str


@dataclass(frozen=True, slots=True)
class Query:
    """
    What somebody asks. Filters apply before ranking.

    `since` and `until` are inclusive ISO dates of the episode; a printed quote, which
    has no recording date, is left out whenever either is given. `role` is the speaker's, as far
    as the name may be seen; `source` asks for quotes that have one of that kind.
    """

    text: str
    theme: ThemeId | None = None
    speaker: SpeakerId | None = None
    episode: EpisodeId | None = None
    since: str | None = None
    until: str | None = None
    limit: int = 10
    role: Role | None = None
    source: SourceKind | None = None
    clearance: Clearance | None = None

    def demand_days_in_order(self) -> None:
        """Raise BadInput where the last day lies before the first: nothing could ever pass."""
        if self.since and self.until and self.until < self.since:
            raise BadInput(f"until {self.until} lies before since {self.since}; swap them, or leave one out")


@dataclass(frozen=True, slots=True)
class Hit:
    """
    One answer: `relevance` is calibrated from 0 to 1; `highlights` are [start, end)
    character offsets into the passage's text; `also` are quotes that say the same in nearly
    the same words and are not listed themselves.

    What spoke for it, each from 0 to 1: `semantic`, the likeness of meaning; `lexical`, how much of the
    query its words cover; `context`, how near in meaning is what was said just before and after;
    `name`, how much of the query is the name of who says it; `theme`, 1 where it names a theme it belongs to.
    """

    passage: Passage
    relevance: float
    semantic: float
    lexical: float
    context: float = 0.0
    name: float = 0.0
    theme: float = 0.0
    highlights: tuple[tuple[int, int], ...] = ()
    also: tuple[QuoteId, ...] = ()


@dataclass(frozen=True, slots=True)
class Facet:
    """One value that quotes could be filtered by, how it is called for people, and how many quotes would be left."""

    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Facets:
    """
    What the quotes that pass a query's filters could be filtered by further, most first.

    `quotes` is how many pass, whether or not they answer the query: its words are not looked at. `years`
    are those of the episodes. A name that may not be seen beside a quote counts for nobody.
    """

    quotes: int
    themes: tuple[Facet, ...]
    speakers: tuple[Facet, ...]
    roles: tuple[Facet, ...]
    episodes: tuple[Facet, ...]
    years: tuple[Facet, ...]
    sources: tuple[Facet, ...]
    clearances: tuple[Facet, ...]


@dataclass(frozen=True, slots=True)
class Judgement:
    """A person's word on how well a quote answers a query: 0 no, 1 related, 2 answers it."""

    query: str
    quote: str
    grade: int


@dataclass(frozen=True, slots=True)
class JudgedQuery:
    """
    A query with all that a person judged for it. Quotes not listed were judged 0; a query
    without judgements is one that nothing in the archive answers.
    """

    text: str
    judgements: tuple[Judgement, ...]
    judged_by: str
    judged_on: str
    note: str | None = None
