"""What is searched, what is asked, and what comes back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NewType

from convarchive.domain.episode import EpisodeId
from convarchive.domain.quote import QuoteId, VersionId
from convarchive.domain.speaker import SpeakerId
from convarchive.domain.theme import ThemeId

PassageNumber = NewType("PassageNumber", int)
"""Never reused, so an old vector can never answer with another quote's words."""


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
    has no recording date, is left out whenever either is given.
    """

    text: str
    theme: ThemeId | None = None
    speaker: SpeakerId | None = None
    episode: EpisodeId | None = None
    since: str | None = None
    until: str | None = None
    limit: int = 10


@dataclass(frozen=True, slots=True)
class Hit:
    """
    One answer: `relevance` is calibrated from 0 to 1; `highlights` are [start, end)
    character offsets into the passage's text; `also` are quotes that say the same in nearly
    the same words and are not listed themselves.
    """

    passage: Passage
    relevance: float
    semantic: float
    lexical: float
    highlights: tuple[tuple[int, int], ...] = ()
    also: tuple[QuoteId, ...] = ()


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
