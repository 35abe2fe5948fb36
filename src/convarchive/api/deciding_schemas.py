"""The wire format of decisions: what an editor sends, and what is told of the log. Described as in `schemas`."""

from __future__ import annotations

from pydantic import BaseModel, Field

from convarchive.api.schemas import EXAMPLE_ID, QUOTE
from convarchive.api.wire import Wire, like
from convarchive.domain.quote import Act, Clearance
from convarchive.editorial.deciding import Deed
from convarchive.editorial.saying import LONGEST


class ReviewRecord(BaseModel):
    """One decision; `undoes` names the one it took back, `until` ends an embargo or a withholding."""

    model_config = like(
        {
            "number": 41,
            "act": "clear",
            "by": "B. Editor",
            "why": "listened: words and name are right",
            "at": "2031-01-15T09:00:00+00:00",
            "quote": EXAMPLE_ID,
            "version": QUOTE["version"],
            "person": None,
            "episode": None,
            "scope": "the words, checked by ear against the recording",
            "until": None,
            "undoes": None,
            "release_sha256": None,
        }
    )

    number: int
    act: Act
    by: str
    why: str
    at: str
    quote: str | None
    version: str | None
    person: str | None
    episode: str | None
    scope: str | None
    until: str | None
    undoes: int | None
    release_sha256: str | None


class ReviewPage(Wire):
    """Decisions, newest first."""

    reviews: list[ReviewRecord]
    next: str | None


class DecisionRecord(BaseModel):
    """What you want done with a quote, and what you were looking at when you decided."""

    model_config = like(
        {
            "act": "clear",
            "why": "listened: words and name are right",
            "version": QUOTE["version"],
            "seen": 0,
            "not_before": None,
            "until": None,
        }
    )

    act: Deed
    why: str = Field(min_length=1, max_length=LONGEST, description="On what grounds; stays in the log for ever.")
    version: str = Field(pattern="^v[0-9a-f]{32}$", description="The quote's version that you looked at.")
    seen: int | None = Field(
        None, ge=0, le=2**53, description="The number of the newest review of the quote that you saw; 0 for none."
    )
    not_before: str | None = Field(None, max_length=40, description="Clear from this day or instant on.")
    until: str | None = Field(None, max_length=40, description="Withhold until this day or instant.")


class DecidedRecord(BaseModel):
    """The decision's number in the log, and how the quote stands now; `erased` is false while traces are pending."""

    model_config = like(
        {"review": 41, "quote": EXAMPLE_ID, "version": QUOTE["version"], "clearance": "cleared", "erased": True}
    )

    review: int
    quote: str
    version: str
    clearance: Clearance
    erased: bool
