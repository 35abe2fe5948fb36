"""
Decides which voice is which person, and how sure that is.

The rule is the design's: evidence comes in families; two families, one of them heard in or
next to the voice, make a name *confirmed*, one makes it *probable*. Before that a name must
be the best one for its voice and the voice the best one for the name, each by a clear
margin; whatever contradicts lowers the status, and a voice stays nameless rather than
getting a wrong name.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from convarchive.domain.speaker import HEARD, Attribution, Evidence, Family, SpeakerId, Status
from convarchive.domain.speech import SpeakerLabel
from convarchive.naming.candidates import Candidate
from convarchive.naming.manners import Manners, leader, plays
from convarchive.naming.tally import Case, Cases

_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Limits:
    """
    How much must be heard, in votes, shares and ratios.

    `others`: votes that make others' words a family; `sure`: votes that confirm without a
    self-introduction (`sure_of_two` where only two voices speak); `share`: of all votes for
    the name; `margin`: times the best rival; `contra`: most doubt, as a part of support;
    `words`: fewest words of a voice that is named on others' words; `printed`: least share
    of a voice's words under one printed name.
    """

    others: float = 1.0
    sure: float = 2.0
    sure_of_two: float = 1.2
    share: float = 0.6
    margin: float = 2.0
    contra: float = 0.34
    words: int = 25
    printed: float = 0.7


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Room:
    """
    What the decision looks at: voices by first appearance, their word counts and manners, and people.

    `doubtful` are people with a namesake here; `named` those presented or addressed in full.
    """

    labels: tuple[SpeakerLabel, ...]
    spoken: Mapping[SpeakerLabel, int]
    seen: Mapping[SpeakerLabel, Manners]
    people: tuple[Candidate, ...]
    doubtful: frozenset[SpeakerId] = frozenset()
    named: frozenset[SpeakerId] = frozenset()
    limits: Limits = LIMITS

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


@dataclass(frozen=True, slots=True)
class Standing:
    """One voice's best person, and how it compares with the rivals on both sides."""

    label: SpeakerLabel
    person: Candidate
    case: Case
    score: float
    rival: float
    share: float


def status_of(found: frozenset[Family]) -> Status:
    """The rule alone: what these families make of a name."""
    if "editor" in found or (len(found) > 1 and found & HEARD):
        return "confirmed"
    return "probable" if found else "unattributed"


def weigh(room: Room, cases: Cases, fixed: Mapping[SpeakerLabel, Attribution]) -> tuple[Attribution, ...]:
    """
    Give each voice its person or nobody; `fixed` holds what an editor already decided.

    What is confirmed first leaves the field, so that the rest is compared only with whom
    it can still be mistaken for; being left over never counts as a reason.
    """
    given = dict(fixed)
    for _ in range(2):
        sure = {a.speaker for a in given.values() if a.status == "confirmed"}
        open_labels = [label for label in room.labels if label not in given]
        for standing in _standings(room, open_labels, cases, sure):
            verdict = _judge(room, standing)
            if verdict.status == "confirmed" and verdict.speaker not in {a.speaker for a in given.values()}:
                given[standing.label] = verdict
    taken = {a.speaker for a in given.values()}
    for standing in _standings(room, [label for label in room.labels if label not in given], cases, set()):
        verdict = _judge(room, standing)
        if standing.person.id in taken:
            verdict = _second(room, standing, verdict)
        given[standing.label] = verdict
        taken |= {verdict.speaker} - {None}
    _seat_host(room, cases, given)
    heard = {label: [r for p in room.people for r in _reasons(cases, label, p)] for label in room.labels}
    return tuple(given.get(label) or nameless(label, heard[label]) for label in room.labels)


def _reasons(cases: Cases, label: SpeakerLabel, person: Candidate) -> Sequence[Evidence]:
    case = cases.get((label, person.id))
    return case.reasons if case is not None else ()


def _standings(
    room: Room, labels: Sequence[SpeakerLabel], cases: Cases, sure: set[SpeakerId | None]
) -> tuple[Standing, ...]:
    """The best person of each of these voices, best first; people in `sure` already have their voice."""
    found: list[Standing] = []
    free = [person for person in room.people if person.id not in sure]
    for label in labels:
        rows = [(cases[label, p.id].score, p) for p in free if (label, p.id) in cases]
        rows.sort(key=lambda row: (row[1].source == "stranger", -row[0], row[1].id))
        if not rows or rows[0][0] <= 0 or rows[0][1].source == "stranger":
            continue
        score, person = rows[0]
        case = cases[label, person.id]
        others = [cases[o, person.id] for o in labels if o != label and (o, person.id) in cases]
        # A voice that itself says the name cannot share in what was said to its bearer.
        votes = case.others + sum(max(0.0, other.others - other.against) for other in others)
        rival = max([0.0, *(s for s, _ in rows[1:]), *(other.score for other in others)])
        found.append(Standing(label, person, case, score, rival, case.others / votes if votes else 0.0))
    return tuple(sorted(found, key=lambda s: (-s.score, s.label)))


def _families(standing: Standing, limits: Limits) -> frozenset[Family]:
    case, found = standing.case, set[Family]()
    if case.own >= 1.0:
        found.add("self")
    if case.others >= limits.others and standing.share >= limits.share:
        found.add("others")
    if case.printed >= limits.printed:
        found.add("publisher")
    if case.voice:
        found.add("voice")
    if standing.person.listed and found:
        found.add("metadata")
    return frozenset(found)


def _judge(room: Room, standing: Standing) -> Attribution:
    case, person, limits = standing.case, standing.person, room.limits
    found = _families(standing, limits)
    status = status_of(found)
    support = case.others + 3 * case.own + 6 * case.printed + 3 * case.voice
    sure = limits.sure_of_two if room.voices == 2 else limits.sure
    if case.against > limits.contra * support or standing.score < limits.margin * standing.rival:
        status = _lower(status)
    if not found & {"self", "publisher", "voice"} and (
        room.spoken[standing.label] < limits.words or case.others < sure
    ):
        status = _lower(status)
    if not case.whole and not case.printed and not case.voice and _misnamed(room, standing):
        status = _lower(status)
    role = plays(room.seen, standing.label) or person.role
    if not person.written or (person.role is not None and role != person.role and case.own < 1.0 and not case.voice):
        # A spelling that nobody wrote cannot be printed; nor can a name whose list has the roles wrong.
        status = "probable" if status == "confirmed" else status
    if status == "unattributed":
        return nameless(standing.label, case.reasons)
    return Attribution(
        standing.label, person.id, person.name, role, status,
        _confidence(standing, status), _shown(case, person, found),
    )  # fmt: skip


def _misnamed(room: Room, standing: Standing) -> bool:
    """Whether a bare first name may be a namesake's: one is named here, or somebody speaks whom no list has."""
    if standing.person.id in room.doubtful:
        return True
    # Called Matthew, a voice that no list accounts for need not be the listed Mat.
    return not room.accounted and not (standing.case.exact and standing.person.id in room.named)


def _second(room: Room, standing: Standing, verdict: Attribution) -> Attribution:
    """A further voice of a person who has one already: only where it was heard for this voice too."""
    strong = standing.case.own >= 1.0 or standing.case.printed >= room.limits.printed
    if verdict.speaker is None or not strong:
        return nameless(standing.label, standing.case.reasons)
    status = _lower(verdict.status)
    if status == "unattributed":
        return nameless(standing.label, standing.case.reasons)
    return Attribution(
        standing.label, verdict.speaker, verdict.name, verdict.role, status,
        _confidence(standing, status), verdict.evidence,
    )  # fmt: skip


def _seat_host(room: Room, cases: Cases, given: dict[SpeakerLabel, Attribution]) -> None:
    """Name the voice that clearly leads after the only listed host who has no voice: probable at most."""
    label = leader(room.seen)
    if label is None or (label in given and given[label].speaker is not None):
        return
    taken = {a.speaker for a in given.values()}
    hosts = [p for p in room.people if p.role == "host" and p.source == "persons"]
    free = [p for p in hosts if p.id not in taken]
    if len(hosts) != 1 or len(free) != 1:
        return
    host, case = free[0], cases.get((label, free[0].id), Case())
    rivals = [cases[label, p.id].score for p in room.people if p.id != host.id and (label, p.id) in cases]
    if case.against > case.others or max([0.0, *rivals]) > room.limits.others:
        return
    reasons = (
        Evidence("metadata", "feed persons", f"the publisher names {host.name} as the only host"),
        Evidence("metadata", "leads", "this voice welcomes, presents and says goodbye", None, 0.5),
    )
    given[label] = Attribution(label, host.id, host.name, host.role, "probable", 0.6, (*reasons, *case.reasons[:3]))


def _lower(status: Status) -> Status:
    return "probable" if status == "confirmed" else "unattributed"


def _confidence(standing: Standing, status: Status) -> float:
    sure = 1.0 - math.exp(-max(0.0, standing.score - standing.rival) / 2.0)
    low, high = (0.9, 0.995) if status == "confirmed" else (0.5, 0.9)
    return round(low + (high - low) * sure, 3)


def _shown(case: Case, person: Candidate, found: frozenset[Family]) -> tuple[Evidence, ...]:
    """The reasons worth showing: the publisher's list, then the strongest things heard, in order of time."""
    heard = sorted(case.reasons, key=lambda e: -abs(e.weight) - (e.family == "self"))[:_SHOWN]
    heard.sort(key=lambda e: e.span.start if e.span else 0)
    if "metadata" not in found:
        return tuple(heard)
    return (Evidence("metadata", f"feed {person.source}", f"the publisher names {person.name}"), *heard)


def nameless(label: SpeakerLabel, reasons: Sequence[Evidence] = ()) -> Attribution:
    """A voice that gets no name; what little was heard stays as evidence."""
    kept = sorted(reasons, key=lambda e: -abs(e.weight))[:_SHOWN]
    return Attribution(label, None, None, None, "unattributed", 0.0, tuple(kept))
