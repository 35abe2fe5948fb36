"""
Counts, for every voice and every person, what was heard for and against their being one.

A name that is said to somebody counts for the voices beside it: most for the one that
answers, less for the one answered. A name that a voice says of or to somebody counts
against that voice being the person: people seldom speak of themselves by name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from convarchive.domain.speaker import Evidence, SpeakerId
from convarchive.domain.speech import SpeakerLabel
from convarchive.naming.candidates import Candidate, resolve
from convarchive.naming.floor import Stretch
from convarchive.naming.introductions import Mention

_OPENING = 12
"""Tokens at the start of a stretch that still answer the voice before."""
_CLOSING = 45
"""Tokens before a stretch's end in which a name still hands over to the next voice."""
_AGAINST = {"talk": 0.6, "call": 1.0, "intro": 1.5, "own": 0.6, "refer": 1.0}
_INTRO_CAP = 1.2
"""Introductions together: the voice that answers one is often a second host."""


@dataclass(slots=True)
class Case:
    """
    What was heard for one voice being one person, in weighted counts.

    `printed` is the share of the voice's words that a publisher's transcript prints under
    the person's name; `whole` tells that the whole name was said, `exact` that the name was
    said as it is written; `voice` that it sounds like the person's voiceprint.
    """

    own: float = 0.0
    called: float = 0.0
    introduced: float = 0.0
    against: float = 0.0
    printed: float = 0.0
    whole: bool = False
    exact: bool = False
    voice: bool = False
    reasons: list[Evidence] = field(default_factory=list)

    @property
    def others(self) -> float:
        """What other voices' words say, introductions capped."""
        return self.called + min(self.introduced, _INTRO_CAP)

    @property
    def score(self) -> float:
        """All of it in one figure, in votes."""
        return 3.0 * min(self.own, 2.0) + self.others + 6.0 * self.printed + 3.0 * self.voice - self.against


Cases = dict[tuple[SpeakerLabel, SpeakerId], Case]


def tally(floor: Sequence[Stretch], said: Sequence[Mention], people: Sequence[Candidate]) -> Cases:
    """Weigh every mention that can mean one person only; ambiguous names count for and against nobody."""
    cases: Cases = {}
    met: dict[SpeakerLabel, int] = {}
    for stretch in floor:
        met.setdefault(stretch.label, stretch.place)
    cache: dict[tuple[str, ...], tuple[Candidate, ...]] = {}
    for mention in said:
        meant = cache.get(mention.words)
        if meant is None:
            meant = cache[mention.words] = resolve(mention.words, people)
        if len(meant) == 1:
            _count(cases, floor, met, mention, meant[0])
    return cases


def _count(
    cases: Cases, floor: Sequence[Stretch], met: dict[SpeakerLabel, int], mention: Mention, person: Candidate
) -> None:
    own = _case(cases, mention.label, person)
    whole = len(mention.words) > 1
    early = mention.place - met[mention.label] <= 4
    if mention.way == "self" or (mention.way == "own" and early):
        # Said once the talk is long under way it is more often a tale about somebody.
        own.own += 1.0 if early else 0.4
        own.whole = own.whole or whole
        own.exact = own.exact or whole or person.called(mention.words[0]) == 1.0
        own.reasons.append(Evidence("self", "self-introduction", f"says “{mention.text}” of itself", mention.span))
        return
    if _echoes(floor, met, mention) or _straddles(floor, mention):
        return
    own.against += _AGAINST[mention.way]
    if mention.way != "own":
        kind = "talks about" if mention.way in ("talk", "refer") else "names somebody else"
        own.reasons.append(Evidence("others", kind, f"says “{mention.text}”", mention.span, -_AGAINST[mention.way]))
    for label, weight in _heard_by(floor, met, mention):
        case = _case(cases, label, person)
        if mention.way == "intro":
            case.introduced += weight
        else:
            case.called += weight
        case.whole = case.whole or whole
        case.exact = case.exact or whole or person.called(mention.words[0]) == 1.0
        kind = {"intro": "introduced", "refer": "referred to"}.get(mention.way, "addressed")
        case.reasons.append(Evidence("others", kind, f"{kind} as “{mention.text}” beside it", mention.span, weight))


def _echoes(floor: Sequence[Stretch], met: dict[SpeakerLabel, int], mention: Mention) -> bool:
    """Whether a voice's very first words are a whole name: a newcomer's own, repeated, or a host's of a guest."""
    opening = mention.first == 0 and met[mention.label] == mention.place
    return opening and len(mention.words) > 1 and floor[mention.place].tokens[mention.last - 1].after == "."


def _straddles(floor: Sequence[Stretch], mention: Mention) -> bool:
    """
    Whether a name ends a sentence that another voice began ("Thank you, | Ada."): then it
    is unsure whose word it is, and so to whom it was said.
    """
    if mention.first or not mention.place or floor[mention.place].tokens[mention.last - 1].after != ".":
        return False
    before = floor[mention.place - 1].tokens
    return bool(before) and before[-1].after == ","


def _case(cases: Cases, label: SpeakerLabel, person: Candidate) -> Case:
    return cases.setdefault((label, person.id), Case())


def _heard_by(
    floor: Sequence[Stretch], met: dict[SpeakerLabel, int], mention: Mention
) -> list[tuple[SpeakerLabel, float]]:
    """The neighbouring voices that a name may have been said to, with how much each gets."""
    before = floor[mention.place - 1].label if mention.place > 0 else None
    after = floor[mention.place + 1].label if mention.place + 1 < len(floor) else None
    left = mention.size - mention.last
    opening, closing = mention.first < _OPENING, left < _CLOSING
    forward = backward = 0.0
    if mention.way == "intro" and not mention.group:
        newcomer = after is not None and met[after] == mention.place + 1
        forward = (1.2 if newcomer else 0.3) * (1.0 if left < 120 else 0.5)
    elif mention.way == "call":
        if closing and mention.asks:
            forward = 1.2
        elif closing:
            forward = 0.8 if not (opening and mention.led) else 0.5
        elif opening:
            forward = 0.3
        else:
            forward = 0.4
        backward = (0.8 if not (closing and mention.asks) else 0.3) if opening else 0.15
    elif mention.way == "refer":
        backward, forward = 0.5, 0.0
    if before == after and before is not None:
        # One voice on both sides hears the name, whichever way it was said.
        return [(before, max(forward, backward) if forward or backward else 0.0)] if forward or backward else []
    beside = ((after, forward), (before, backward))
    return [(label, weight) for label, weight in beside if label is not None and weight > 0]
