"""
Says how likely each voice is each person, from all that was said in a recording together.

Every saying of a name speaks for each voice as often as that kind of saying has meant a
voice at its place, and for or against the person's being here at all. The logarithms are
added up (naive Bayes, tempered, since a conversation repeats itself), and people are seated
on voices all at once.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence

from convarchive.domain.speaker import SpeakerId
from convarchive.domain.speech import SpeakerLabel
from convarchive.naming.candidates import Candidate, resolve
from convarchive.naming.introductions import Mention
from convarchive.naming.kinds import Place, place
from convarchive.naming.seating import shares
from convarchive.naming.strengths import absent, meant

Chances = dict[tuple[SpeakerLabel, SpeakerId], float]

_TRUST = 1.0
"""How far one saying counts beside others of its kind: 1 were they independent."""
_TRUST_ABOUT = 0.3
"""The same for talk about somebody."""
_LEAST = 0.005
"""No saying is surer than this: words get to the wrong voice, and people misspeak."""
_VOICES = 10
_HEARD = 8
"""Fewest words of a voice that can be anybody."""
_FULL = 150
"""Words from which a voice is as likely as any other to be somebody listed."""
_PRINTED = 4.0
"""Log odds of a name that a publisher's transcript prints beside all of a voice's words."""


def chances(
    said: Sequence[Mention],
    people: Sequence[Candidate],
    spoken: Mapping[SpeakerLabel, int],
    accounted: bool,
    printed: Mapping[tuple[SpeakerLabel, SpeakerId], float] | None = None,
    taken: Collection[SpeakerLabel] = (),
) -> Chances:
    """
    The chance (0 to 1) of each voice and person who was named or printed here.

    `spoken` are the words of each voice, `accounted` tells that the publisher's list fits
    the voices, `printed` the share of a voice's words printed under a person's name (1 where
    it sounds like their voiceprint, `in_print.STRENGTH` where it says what is printed
    elsewhere); `taken` are voices that an editor decided: they are
    heard, and nobody is seated on them.
    """
    labels = sorted((v for v in spoken if spoken[v] >= _HEARD), key=lambda v: (-spoken[v], v))[:_VOICES]
    if not labels:
        return {}
    seats: dict[SpeakerId, list[float]] = {}
    away: dict[SpeakerId, float] = {}
    cache: dict[tuple[str, ...], tuple[Candidate, ...]] = {}
    for mention in said:
        who = cache.get(mention.words)
        if who is None:
            who = cache[mention.words] = resolve(mention.words, people)
        if len(who) == 1:
            # A name that several bear counts for and against nobody.
            row = seats.setdefault(who[0].id, [0.0] * len(labels))
            away[who[0].id] = away.get(who[0].id, 0.0) + _count(mention, labels, row)
    for (label, person), share in (printed or {}).items():
        if label in labels:
            row = seats.setdefault(person, [0.0] * len(labels))
            row[labels.index(label)] += _PRINTED * share + math.log(len(labels))
            away.setdefault(person, 0.0)
    found = [person for person in people if person.id in seats]
    size = [
        -math.inf if label in taken else math.log(min(1.0, (spoken[label] + 5) / _FULL)) - math.log(len(labels))
        for label in labels
    ]
    gone = [_stays_away(person, accounted) for person in found]
    table = shares(
        [math.log(part) + away[person.id] for person, part in zip(found, gone, strict=True)],
        [
            [math.log(1 - part) + heard + usual for heard, usual in zip(seats[person.id], size, strict=True)]
            for person, part in zip(found, gone, strict=True)
        ],
    )
    return {
        (label, person.id): share
        for person, row in zip(found, table, strict=True)
        for label, share in zip(labels, row, strict=True)
    }


def _count(mention: Mention, labels: Sequence[SpeakerLabel], row: list[float]) -> float:
    """Add a saying to the voices' log weights; return its log odds that the bearer is not here."""
    trust = _TRUST_ABOUT if mention.way in ("talk", "refer") else _TRUST
    places = [place(mention, label) for label in labels]
    likely, many = meant(mention), len(labels)
    beyond = places.count("elsewhere")
    there: set[Place] = set(places)
    whole = sum(likely[where] for where in there)
    for at, where in enumerate(places):
        part = likely[where] / whole / (beyond if where == "elsewhere" else 1)
        row[at] += trust * math.log(max(part, _LEAST) * many)
    return trust * absent(mention) * (1.0 if mention.whole else 0.5)


def _stays_away(person: Candidate, accounted: bool) -> float:
    """How often somebody named beforehand, or only in talk, does not speak."""
    if not person.listed:
        return 0.5
    if accounted:
        return 0.05
    # The show's register lists hosts who are away; a list with guests was made for this recording.
    return 0.5 if person.role == "host" else 0.15
