"""
Decides which voice is which person, and how sure that is.

Evidence comes in families; two families, one of them heard in or next to the voice, make a
name *confirmed*, one makes it *probable*. Besides, a name must be likely enough when all
people are seated on all voices at once (`chances`), by a scale that was measured
(`strengths.calibrated`); whatever contradicts lowers the status, and a voice stays nameless
rather than getting a wrong name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from convarchive.domain.speaker import HEARD, Attribution, Evidence, Family, SpeakerId, Status
from convarchive.domain.speech import SpeakerLabel
from convarchive.naming.candidates import Candidate
from convarchive.naming.chances import Chances
from convarchive.naming.manners import Manners, leader, plays
from convarchive.naming.strengths import Basis, calibrated
from convarchive.naming.tally import Case, Cases

_SHOWN = 8
_TALE = 0.01
_TWICE = 2


@dataclass(frozen=True, slots=True)
class Limits:
    """
    How much must be heard to make a family, and how sure a name must be.

    `own`, `answers` and `others` add up how often the sayings' kinds were right; `words`:
    fewest words of a voice that is named on others' words; `printed`: least share of a
    voice's words under one printed name. `sure` is the least chance of a confirmed name for
    each basis, `single` where a listed name rests on others' words that do not add up to
    `several`; `likely` is the least confidence of a probable one.
    """

    own: float = 0.75
    answers: float = 0.8
    others: float = 0.75
    words: int = 25
    printed: float = 0.7
    sure: Mapping[Basis, float] = field(default_factory=lambda: {"accounted": 0.85, "open": 0.9, "heard": 0.9})
    single: float = 0.95
    several: float = 1.8
    likely: float = 0.7


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Room:
    """
    What the decision looks at: voices by first appearance, their word counts and manners, and people.

    `doubtful` are people with a namesake here; `named` those presented or addressed in full;
    `spelt` counts the spellings in which a whole name was heard; `typed` tells that a
    person wrote the words.
    """

    labels: tuple[SpeakerLabel, ...]
    spoken: Mapping[SpeakerLabel, int]
    seen: Mapping[SpeakerLabel, Manners]
    people: tuple[Candidate, ...]
    doubtful: frozenset[SpeakerId] = frozenset()
    named: frozenset[SpeakerId] = frozenset()
    spelt: Mapping[SpeakerId, Mapping[tuple[str, ...], int]] = field(default_factory=dict)
    limits: Limits = LIMITS
    typed: bool = False

    def basis(self, person: Candidate) -> Basis:
        """What is known of a person's name beforehand."""
        if not person.written:
            return "heard"
        return "accounted" if person.listed and self.accounted else "open"

    @property
    def voices(self) -> int:
        """How many voices say enough to count."""
        return sum(1 for label in self.labels if self.spoken[label] >= self.limits.words)

    @property
    def accounted(self) -> bool:
        """Whether the publisher's list fits the voices, so that no unlisted namesake need be here."""
        listed = [person for person in self.people if person.source == "persons"]
        # A list of hosts alone is the show's register, not the cast of this recording.
        visited = any(person.role != "host" for person in listed)
        return visited and self.voices <= len(listed) <= self.voices + 1


def status_of(found: frozenset[Family]) -> Status:
    """The rule alone: what these families make of a name."""
    if "editor" in found or (len(found) > 1 and found & HEARD):
        return "confirmed"
    return "probable" if found else "unattributed"


def weigh(
    room: Room, cases: Cases, likely: Chances, fixed: Mapping[SpeakerLabel, Attribution]
) -> tuple[Attribution, ...]:
    """Give each voice its person or nobody; `fixed` holds what an editor already decided."""
    given = dict(fixed)
    for label in room.labels:
        if label not in given:
            given[label] = _judge(room, cases, likely, label)
    taken = {attribution.speaker for attribution in given.values()}
    for label in room.labels:
        if given[label].speaker is None and label not in fixed:
            given[label] = _second(room, cases, label, given[label], taken)
    _seat_host(room, cases, given)
    return tuple(given[label] for label in room.labels)


def likeliest(room: Room, likely: Chances, label: SpeakerLabel) -> Candidate | None:
    """The likeliest person of a voice, if anybody was named."""
    people = [person for person in room.people if (label, person.id) in likely]
    return max(people, key=lambda person: (likely[label, person.id], person.id), default=None)


def _judge(room: Room, cases: Cases, likely: Chances, label: SpeakerLabel) -> Attribution:
    """The likeliest person of a voice, with the status that the families and the doubts leave."""
    person = likeliest(room, likely, label)
    reasons = [reason for p in room.people if (label, p.id) in cases for reason in cases[label, p.id].reasons]
    if person is None or person.source == "stranger":
        return nameless(label, reasons)
    case, chance = cases.get((label, person.id), Case()), likely[label, person.id]
    confidence = calibrated(chance, room.basis(person))
    found = _families(room, case, person)
    status = status_of(found)
    if confidence < room.limits.likely:
        status = "unattributed"
    elif chance < _least(room, case, person) or _doubtful(room, cases, likely, label, person, found):
        status = _capped(status)
    role = plays(room.seen, label) or person.role
    if person.role is not None and role != person.role and not (case.own >= room.limits.own or case.voice):
        # Where the list has the roles wrong it may have the names wrong.
        status = _capped(status)
    if status == "unattributed":
        return nameless(label, reasons)
    shown = _shown(case, person, found)
    return Attribution(label, person.id, person.name, role, status, round(confidence, 4), shown)


def _least(room: Room, case: Case, person: Candidate) -> float:
    """How likely a person must be to be confirmed."""
    limits, least = room.limits, room.limits.sure[room.basis(person)]
    alone = case.own < limits.own and case.others < limits.several and case.printed < limits.printed and not case.voice
    return max(least, limits.single) if alone else least


def _families(room: Room, case: Case, person: Candidate) -> frozenset[Family]:
    limits, found = room.limits, set[Family]()
    if case.own >= limits.own or case.answers >= limits.answers:
        found.add("self")
    if case.others >= limits.others:
        found.add("others")
    if case.printed >= limits.printed:
        found.add("publisher")
    if case.voice:
        found.add("voice")
    if case.quoted:
        found.add("print")
    if person.listed and found:
        found.add("metadata")
    return frozenset(found)


def _doubtful(
    room: Room, cases: Cases, likely: Chances, label: SpeakerLabel, person: Candidate, found: frozenset[Family]
) -> bool:
    """Whether something forbids to confirm a name, however likely it is."""
    case, limits = cases.get((label, person.id), Case()), room.limits
    for rival in room.people:
        # A whole name said once after "I'm" may come from a tale; how likely that is the seating has weighed.
        weighed = not rival.written and likely.get((label, rival.id), 0.0) < _TALE
        if rival.id != person.id and not weighed and _claims(room, cases, label, rival):
            return True
    if any(_claims(room, cases, other, person) for other in room.labels if other != label):
        return True
    if room.spoken[label] < limits.words and case.own < limits.own and not found & {"publisher", "voice"}:
        return True
    if not person.written and not case.printed:
        if not room.typed:
            # A recogniser spells a name as it likes, ten times alike.
            return True
        spellings = room.spelt.get(person.id, {})
        if len(spellings) != 1 or not (case.presented or sum(spellings.values()) >= _TWICE):
            return True
    return not (case.whole or case.printed or case.voice) and _misnamed(room, person, case)


def _claims(room: Room, cases: Cases, label: SpeakerLabel, person: Candidate) -> bool:
    """Whether a voice names itself so or sounds like the person, or a transcript prints the name beside it."""
    case = cases.get((label, person.id))
    return case is not None and (case.own >= room.limits.own or case.voice or case.printed >= room.limits.printed)


def _misnamed(room: Room, person: Candidate, case: Case) -> bool:
    """Whether a bare first name may be a namesake's: one is named here, or somebody speaks whom no list has."""
    if person.id in room.doubtful:
        return True
    # Called Matthew, a voice that no list accounts for need not be the listed Mat.
    return not room.accounted and not (case.exact and person.id in room.named)


def _second(
    room: Room, cases: Cases, label: SpeakerLabel, alone: Attribution, taken: set[SpeakerId | None]
) -> Attribution:
    """A further voice of a person who has one already: only where it was heard for this voice too."""
    claimed = [person for person in room.people if person.id in taken and _claims(room, cases, label, person)]
    if len(claimed) != 1:
        return alone
    person, case = claimed[0], cases[label, claimed[0].id]
    found = _families(room, case, person)
    if status_of(found) != "confirmed":
        return alone
    role = plays(room.seen, label) or person.role
    return Attribution(label, person.id, person.name, role, "probable", 0.5, _shown(case, person, found))


def _seat_host(room: Room, cases: Cases, given: dict[SpeakerLabel, Attribution]) -> None:
    """Name the voice that clearly leads after the only listed host who has no voice: probable at most."""
    label = leader(room.seen)
    if label is None or (label in given and given[label].speaker is not None):
        return
    if any(reason.family == "editor" for reason in given[label].evidence):
        return
    taken = {a.speaker for a in given.values()}
    hosts = [p for p in room.people if p.role == "host" and p.source == "persons"]
    free = [p for p in hosts if p.id not in taken]
    if len(hosts) != 1 or len(free) != 1:
        return
    host = free[0]
    rivals = [cases[label, p.id] for p in room.people if p.id != host.id and (label, p.id) in cases]
    case = cases.get((label, host.id), Case())
    if any(r.weight < 0 for r in case.reasons) or any(r.others + r.own > room.limits.others for r in rivals):
        return
    reasons = (
        Evidence("metadata", "feed persons", f"the publisher names {host.name} as the only host"),
        Evidence("metadata", "leads", "this voice welcomes, presents and says goodbye", None, 0.5),
    )
    given[label] = Attribution(label, host.id, host.name, host.role, "probable", 0.6, (*reasons, *case.reasons[:3]))


def _capped(status: Status) -> Status:
    return "probable" if status == "confirmed" else status


def _shown(case: Case, person: Candidate, found: frozenset[Family]) -> tuple[Evidence, ...]:
    """The reasons worth showing: the publisher's list, then the strongest things heard, in order of time."""
    heard = sorted(case.reasons, key=lambda e: -abs(e.weight) - (e.family in ("self", "print")))[:_SHOWN]
    heard.sort(key=lambda e: e.span.start if e.span else 0)
    if not person.written:
        heard.append(Evidence("others", "only heard", f"nobody wrote “{person.name}”: check its spelling", None, 0.0))
    if "metadata" not in found:
        return tuple(heard)
    return (Evidence("metadata", f"feed {person.source}", f"the publisher names {person.name}"), *heard)


def nameless(label: SpeakerLabel, reasons: Sequence[Evidence] = ()) -> Attribution:
    """A voice that gets no name; what little was heard stays as evidence."""
    kept = sorted(reasons, key=lambda e: -abs(e.weight))[:_SHOWN]
    return Attribution(label, None, None, None, "unattributed", 0.0, tuple(kept))
