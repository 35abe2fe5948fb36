"""
Says which voices of a recording sound like people whose voiceprints are kept, and which are left unsaid.

Likeness is the cosine of two unit vectors. Somebody with several prints is as like as the
print that is most like, so that many prints of one person never crowd out another. A voice
is a person only by threshold, margin and mutual best together: like enough; clearly more
like than everybody else who is enrolled; and the voice that is most like the person in this
recording. Whatever falls short is no evidence, neither for nor against.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from convarchive.domain.span import Span
from convarchive.domain.speaker import Evidence, SpeakerId
from convarchive.domain.speech import SpeakerLabel
from convarchive.domain.voiceprint import KIND, Vector, Voiceprint, about


@dataclass(frozen=True, slots=True)
class Rule:
    """
    When a voice is a person's: `threshold` of likeness, `margin` over the next person.

    `heard`: milliseconds of clean speech that a voice needs to be compared; `made`: that a
    print needs; `enrolled`: that a person's prints need together. `docs/voiceprints.md`
    shows the curve that threshold and margin were read from.
    """

    threshold: float = 0.6
    margin: float = 0.15
    heard: int = 6_000
    made: int = 10_000
    enrolled: int = 20_000


RULE = Rule()


@dataclass(frozen=True, slots=True)
class Voice:
    """
    How a voice sounds in a recording: unit vector, milliseconds it was made of, its longest stretch.

    A `narrow` one holds next to nothing above 4 kHz, as by telephone. It is compared with
    nobody: two strangers through one narrow band are as like as one person elsewhere.
    """

    vector: Vector = field(repr=False)
    speech_ms: int
    span: Span
    narrow: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """A voice that sounds like a person; `rival` is how like the next enrolled person is, None where there is none."""

    speaker: SpeakerId
    likeness: float
    rival: float | None
    voice: Voice

    def evidence(self, name: str) -> Evidence:
        """The reason as people read it."""
        heard = f"{self.voice.speech_ms / 1000:.0f} s of clean speech sound like the voiceprint of {name}"
        against = "nobody else is enrolled" if self.rival is None else f"the next person {self.rival:.2f}"
        detail = f"{heard} {about(self.speaker)}: likeness {self.likeness:.2f}, {RULE.threshold:.2f} asked; {against}"
        return Evidence("voice", KIND, detail, self.voice.span, 3.0)


def likenesses(vector: Vector, prints: Sequence[Voiceprint]) -> dict[SpeakerId, float]:
    """How like a voice each enrolled person is, by the best of their prints: -1 to 1."""
    found: dict[SpeakerId, float] = {}
    own = np.asarray(vector)
    for one in prints:
        likeness = float(own @ np.asarray(one.vector))
        found[one.speaker] = max(likeness, found.get(one.speaker, -1.0))
    return found


def matches(
    voices: Mapping[SpeakerLabel, Voice], prints: Sequence[Voiceprint], rule: Rule = RULE
) -> dict[SpeakerLabel, Match]:
    """
    The voices that are enrolled people's, each person at most once.

    `prints` are of one encoder and must not come from this recording: a voice is always
    like itself. A voice that is narrow or has too little speech is compared with nobody, but
    stays a rival of the others for a person.
    """
    like = {label: likenesses(voice.vector, prints) for label, voice in voices.items()}
    found: dict[SpeakerLabel, Match] = {}
    for label, voice in voices.items():
        ranked = sorted(like[label].items(), key=lambda one: (-one[1], one[0]))
        if not ranked or voice.narrow or voice.speech_ms < rule.heard:
            continue
        (person, best), rival = ranked[0], ranked[1][1] if len(ranked) > 1 else None
        mutual = all(like[other][person] < best for other in voices if other != label)
        if best >= rule.threshold and (rival is None or best - rival >= rule.margin) and mutual:
            found[label] = Match(person, best, rival, voice)
    return found


def mistaken(
    person: SpeakerId, vectors: Sequence[Vector], prints: Sequence[Voiceprint], rule: Rule = RULE
) -> SpeakerId | None:
    """Somebody else whose print is as like these voices as the person's own would be; None where nobody's is."""
    others = [one for one in prints if one.speaker != person]
    for vector in vectors:
        for other, likeness in sorted(likenesses(vector, others).items()):
            if likeness >= rule.threshold:
                return other
    return None
