"""People, how they were described, and why we believe a voice is theirs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NewType

from convarchive.domain.span import Span
from convarchive.domain.speech import SpeakerLabel

SpeakerId = NewType("SpeakerId", str)
"""A person's id: a lower-case slug such as `ada-example`."""

Role = Literal["host", "guest", "other"]
"""What a speaker does in a recording."""

Status = Literal["confirmed", "probable", "printed", "unattributed"]
"""How sure a name is. `printed` is for quotes whose source is a document."""

Family = Literal["metadata", "self", "others", "voice", "print", "publisher", "editor"]
"""
Where a piece of evidence comes from. Two pieces of one family count once:
the feed's persons, its title and its notes are all `metadata`.
"""

HEARD: frozenset[Family] = frozenset({"self", "others", "voice", "print", "publisher", "editor"})
"""Families heard in, or next to, the voice itself; `metadata` alone never is."""


@dataclass(frozen=True, slots=True)
class Credit:
    """
    How a person was described at one place: `text` as printed, `place` says where.

    `name` is the name as printed there, with or without a title, where it is known.
    """

    text: str
    place: str
    since: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Speaker:
    """A person whom the archive knows by name."""

    id: SpeakerId
    name: str
    aliases: tuple[str, ...] = ()
    role: Role = "guest"
    role_basis: str | None = None
    credits: tuple[Credit, ...] = ()
    fiction: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason to believe (or, with negative `weight`, to doubt) that a voice is a person."""

    family: Family
    kind: str
    detail: str
    span: Span | None = None
    weight: float = 1.0


NO_PERSON = Evidence("editor", "not a person", "an editor says that this is nobody's voice: a jingle, music or noise")
"""What stands in the place of evidence for a name where there is nobody to be named."""


@dataclass(frozen=True, slots=True)
class Attribution:
    """
    A voice of a recording is a person, with what supports it.

    `speaker` is None exactly when `status` is `unattributed`.
    """

    label: SpeakerLabel
    speaker: SpeakerId | None
    name: str | None
    role: Role | None
    status: Status
    confidence: float
    evidence: tuple[Evidence, ...] = ()
