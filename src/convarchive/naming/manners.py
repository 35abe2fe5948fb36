"""
Tells by their manners who leads a conversation and who is a guest in it.

Hosts welcome, present and say goodbye to listeners; guests thank for the invitation. Manners
never name anybody. They only show where the publisher's roles contradict what is heard,
and which voice a sole listed host would be.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from convarchive.domain.speaker import Role
from convarchive.domain.speech import SpeakerLabel
from convarchive.naming.floor import Stretch

_LEADS = re.compile(
    r"\b(?:welcome (?:back )?to|welcome everyone|(?:todays|this) (?:episode|show)|(?:my|our) guests?\b|joined by|"
    r"thanks? (?:you )?(?:so much )?(?:for|to everyone for) (?:joining|coming|listening|tuning|being (?:here|on))|"
    r"see you next (?:time|week)|well be right back|tell (?:us|our listeners)|before we (?:go|wrap)|"
    r"thanks for tuning|for (?:our|the) listeners|hello everyone|welcome [a-z]+)\b"
)
_VISITS = re.compile(
    r"\b(?:for having (?:me|us)|for inviting (?:me|us)|(?:good|great|happy|excited|glad|pleasure|pleased|delighted|nice"
    r"|thrilled|honou?red) to be (?:here|on)|first time (?:caller|listener))\b"
)


@dataclass(frozen=True, slots=True)
class Manners:
    """How often a voice leads the talk and how often it speaks as a guest."""

    leads: int = 0
    visits: int = 0


def manners(floor: Sequence[Stretch]) -> Mapping[SpeakerLabel, Manners]:
    """Count each voice's manners over the whole conversation."""
    found: dict[SpeakerLabel, Manners] = {}
    for stretch in floor:
        text = " ".join(token.folded for token in stretch.tokens)
        old = found.get(stretch.label, Manners())
        found[stretch.label] = Manners(
            old.leads + sum(1 for _ in _LEADS.finditer(text)), old.visits + sum(1 for _ in _VISITS.finditer(text))
        )
    return found


def leader(seen: Mapping[SpeakerLabel, Manners]) -> SpeakerLabel | None:
    """The one voice that leads, if one clearly does: at least twice, and twice as often as any other."""
    order = sorted(seen, key=lambda label: -seen[label].leads)
    if not order:
        return None
    second = seen[order[1]].leads if len(order) > 1 else 0
    best = seen[order[0]]
    return order[0] if best.leads >= max(2, 2 * second) and not best.visits else None


def plays(seen: Mapping[SpeakerLabel, Manners], label: SpeakerLabel) -> Role | None:
    """What a voice's manners clearly say it is: the host who leads, a guest who thanks, or nothing."""
    own = seen.get(label, Manners())
    if label == leader(seen):
        return "host"
    return "guest" if own.visits and not own.leads else None
