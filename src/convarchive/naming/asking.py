"""
Says what a person should look at: where evidence about a voice contradicts itself, or a spelling was only heard.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from convarchive.domain.speaker import Attribution
from convarchive.domain.speech import SpeakerLabel
from convarchive.naming.candidates import Candidate
from convarchive.naming.tally import Case, Cases
from convarchive.naming.weigh import Room

Question = tuple[str, str]
"""(kind, detail): kinds are `two voices`, `two people`, `role`, `new name` and `decision`."""


def questions(
    room: Room,
    cases: Cases,
    given: Sequence[Attribution],
    decided: Mapping[SpeakerLabel, Attribution],
) -> tuple[Question, ...]:
    """What to ask about these attributions, each question once, in the voices' order."""
    claims = {
        label: [p for p in room.people if _claimed(room, cases.get((label, p.id)))] for label in room.labels
    }  # fmt: skip
    found: list[Question] = []
    for person in room.people:
        voices = [label for label in room.labels if person in claims[label]]
        if len(voices) > 1:
            found.append(
                ("two voices", f"{_and(voices)} all seem to be {person.name}: one voice split, or two people?")
            )
    for attribution in given:
        label = attribution.label
        found += _of_voice(attribution, claims[label], decided.get(label))
        found += _of_person(attribution, next((p for p in room.people if p.id == attribution.speaker), None))
    return tuple(dict.fromkeys(found))


def _claimed(room: Room, case: Case | None) -> bool:
    return case is not None and (case.own >= room.limits.own or case.voice or case.printed >= room.limits.printed)


def _of_voice(given: Attribution, claimed: list[Candidate], decided: Attribution | None) -> list[Question]:
    names = [person.name for person in claimed]
    if decided is not None:
        against = [person.name for person in claimed if person.id != decided.speaker]
        what = f"an editor says {decided.name}" if decided.speaker else "an editor names nobody"
        return (
            [("decision", f"{given.label}: {what}, but the voice says, prints or sounds like {_and(against)}")]
            if against
            else []
        )
    if len(names) > 1:
        return [("two people", f"{given.label} seems to be {_and(names)}: two voices under one label?")]
    return []


def _of_person(given: Attribution, person: Candidate | None) -> list[Question]:
    if person is None or any(e.family == "editor" for e in given.evidence):
        return []
    found: list[Question] = []
    if person.role is not None and given.role != person.role:
        detail = f"{given.label}: {person.name} is listed as {person.role} but sounds like a {given.role}"
        found.append(("role", detail))
    if not person.written:
        found.append(("new name", f"{given.label}: “{person.name}” was only heard; check its spelling"))
    return found


def _and(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
