"""How a person's voice sounds, as numbers, and the consent that it is kept by."""

from __future__ import annotations

from dataclasses import dataclass, field

from convarchive.domain.episode import Sha256
from convarchive.domain.speaker import SpeakerId

Vector = tuple[float, ...]
"""Numbers that describe how a voice sounds; two of one voice point the same way."""

KIND = "voiceprint"
"""The kind of the evidence that a print gives."""


def about(person: SpeakerId) -> str:
    """How evidence from a print names its person, so that it can be found when the print is erased."""
    return f"({person})"


@dataclass(frozen=True, slots=True)
class Consent:
    """That somebody may be known by their voice: who agreed, on which day (ISO 8601), and how."""

    by: str
    on: str
    how: str


@dataclass(frozen=True, slots=True)
class Voiceprint:
    """
    How a person sounds in one recording: biometric data.

    `vector` has length 1; `encoder` names what made it, and only prints of one encoder can
    be compared; `speech_ms` is how much speech it was made of. The numbers are left out
    wherever a print is written as text.
    """

    number: int
    speaker: SpeakerId
    recording: Sha256
    encoder: str
    speech_ms: int
    vector: Vector = field(repr=False)
