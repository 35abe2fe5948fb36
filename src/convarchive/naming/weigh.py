"""
Decides which voice is which person, and how sure that is.

Evidence comes in families; two families, one of them heard in or next to the voice, make a
name *confirmed*, one makes it *probable*. Besides, a name must be likely enough when all
people are seated on all voices at once (`chances`), by a scale that was measured
(`strengths.calibrated`); whatever contradicts lowers the status, and a voice stays nameless
rather than getting a wrong name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field

from convarchive.domain.speaker import HEARD, Attribution, Evidence, Family, SpeakerId, Status
from convarchive.domain.speech import SpeakerLabel
from convarchive.naming.candidates import Candidate
from convarchive.naming.chances import Chances
from convarchive.naming.manners import Manners, leader, plays
from convarchive.naming.matching import alike
from convarchive.naming.strengths import Basis, calibrated
from convarchive.naming.tally import Case, Cases

_SURE: Mapping[Basis, float] = {
    "accounted": 0.85, "open": 0.9, "heard": 0.9,
    "accounted, agreed": 0.9, "open, agreed": 0.7, "heard, agreed": 0.7,
}  # fmt: skip
_AGREED = frozenset[Family](("self", "others"))
_SHOWN = 8
_TALE = 0.01
_FIRST = 0.9
"""From where two first names can be one (see `matching.alike`)."""
_PLACED = 0.5
_TWICE = 2


@dataclass(frozen=True, slots=True)
class Limits:
    """
    How much must be heard to make a family, and how sure a name must be.

    `own`, `answers`, `asked` and `others` add up how often the sayings' kinds were right; `words`:
    fewest words of a voice that is named on others' words; `printed`: least share of a
    voice's words under one printed name. `sure` is the least chance of a confirmed name for
    each basis, `single` where a name rests on others' words alone that do not add up to
    `several`, `namesake` where nobody wrote the name and somebody whose name is written, and
    who has no other voice, shares its first word; `fitting` is enough where the list fits the
    voices, all agree, and the manners are those of the listed role; `likely` is the least
    confidence of a probable name.
    """

    own: float = 0.75
    answers: float = 0.8
    asked: float = 1.7
    others: float = 0.75
    words: int = 25
    printed: float = 0.7
    sure: Mapping[Basis, float] = field(default_factory=lambda: dict(_SURE))
    single: float = 0.95
    namesake: float = 0.95
    fitting: float = 0.5
    several: float = 1.8
    likely: float = 0.7


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Room:
    """
    What the decision looks at: voices by first appearance, their word counts and manners, and people.

    `doubtful` are people with a namesake here; `named` those presented or addressed in full,
    `presented` the former alone, by themselves or by others;
    `spelt` counts the spellings in which a whole name was heard; `typed` tells that a
    person wrote the words.
    """

    labels: tuple[SpeakerLabel, ...]
    spoken: Mapping[SpeakerLabel, int]
    seen: Mapping[SpeakerLabel, Manners]
    people: tuple[Candidate, ...]
    doubtful: frozenset[SpeakerId] = frozenset()
    named: frozenset[SpeakerId] = frozenset()
    presented: frozenset[SpeakerId] = frozenset()
    spelt: Mapping[SpeakerId, Mapping[tuple[str, ...], int]] = field(default_factory=dict)
    limits: Limits = LIMITS
    typed: bool = False

    def basis(self, person: Candidate, case: Case) -> Basis:
        """What is known of a person's name beforehand, and whether a voice and its neighbours agree on it."""
        agreed = families(self, case, person) >= _AGREED
        if not person.written:
            return "heard, agreed" if agreed else "heard"
        if person.listed and self.accounted:
            return "accounted, agreed" if agreed else "accounted"
        return "open, agreed" if agreed else "open"

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
    room: Room,
    cases: Cases,
    likely: Chances,
    fixed: Mapping[SpeakerLabel, Attribution],
    apart: Set[frozenset[SpeakerLabel]] = frozenset(),
) -> tuple[Attribution, ...]:
    """Give each voice its person or nobody; an editor decided `fixed`, and that those in `apart` are two people."""
    given = dict(fixed)
    for label in room.labels:
        if label not in given:
            given[label] = _judge(room, cases, likely, label)
    for label in room.labels:
        if given[label].speaker is None and label not in fixed:
            taken = {one.speaker for other, one in given.items() if frozenset((label, other)) not in apart}
            taken -= {one.speaker for other, one in given.items() if frozenset((label, other)) in apart}
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
    confidence = calibrated(chance, room.basis(person, case))
    found = families(room, case, person)
    status = status_of(found)
    if confidence < room.limits.likely:
        status = "unattributed"
    elif chance < _least(room, likely, label, case, person) or _doubtful(room, cases, likely, label, person, found):
        status = _capped(status)
    role = plays(room.seen, label) or person.role
    if person.role is not None and role != person.role and not (case.own >= room.limits.own or case.voice):
        # Where the list has the roles wrong it may have the names wrong.
        status = _capped(status)
    if status == "unattributed":
        return nameless(label, reasons)
    shown = _shown(case, person, found)
    return Attribution(label, person.id, person.name, role, status, round(confidence, 4), shown)


def _least(room: Room, likely: Chances, label: SpeakerLabel, case: Case, person: Candidate) -> float:
    """How likely a person must be to be confirmed."""
    limits, basis = room.limits, room.basis(person, case)
    least = limits.sure[basis]
    if basis == "heard, agreed" and _namesake(room, likely, label, person):
        return max(least, limits.namesake)
    if basis == "accounted, agreed" and person.role is not None and plays(room.seen, label) == person.role:
        return limits.fitting
    alone = case.own < limits.own and case.others < limits.several and case.printed < limits.printed and not case.voice
    return max(least, limits.single) if alone and not basis.endswith("agreed") else least


def _namesake(room: Room, likely: Chances, label: SpeakerLabel, person: Candidate) -> bool:
    """
    Whether somebody written down who has no other voice may be meant, under a surname of another time.

    Without any list it is not known who might be, so that everybody may.
    """
    written = [rival for rival in room.people if rival.written]
    return not written or any(
        alike(person.names[0][0], rival.names[0][0]) >= _FIRST
        and all(likely.get((other, rival.id), 0.0) < _PLACED for other in room.labels if other != label)
        for rival in written
    )


def _kindred(room: Room, person: Candidate) -> bool:
    """Whether somebody written down has the same surname: the same person by another first name, or a slip."""
    return any(person.names[0][-1] == rival.names[0][-1] for rival in room.people if rival.written)


def families(room: Room, case: Case, person: Candidate) -> frozenset[Family]:
    """The families that speak for a person's having a voice."""
    limits, found = room.limits, set[Family]()
    if case.own >= limits.own or case.answers >= limits.answers or case.asked >= limits.asked:
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
    if case.beside or any(_claims(room, cases, other, person) for other in room.labels if other != label):
        return True
    if any(other != label and who == person.id and rest.begins for (other, who), rest in cases.items()):
        # Asked how it is said, somebody may have answered with nothing but the name.
        return True
    if room.spoken[label] < limits.words and case.own < limits.own and not found & {"publisher", "voice"}:
        return True
    if not person.written and not case.printed:
        if not room.typed or _kindred(room, person):
            # A recogniser spells a name as it likes, ten times alike.
            return True
        spellings = room.spelt.get(person.id, {})
        if len(spellings) != 1 or not (person.id in room.presented or sum(spellings.values()) >= _TWICE):
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
    found = families(room, case, person)
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
