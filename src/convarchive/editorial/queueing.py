"""The voices that wait for an editor, each with what speaks for whom, what to listen to, and who it may be."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from convarchive.domain import clips
from convarchive.domain.span import Span
from convarchive.domain.speaker import Evidence, Speaker, SpeakerId
from convarchive.domain.speech import SpeakerLabel
from convarchive.naming import speaker_id
from convarchive.naming.matching import fold
from convarchive.store.reader import Reader
from convarchive.store.views import EpisodeView, RoomView, VoiceView, WaitingView

MOST = 8
"""Candidates that are offered for a voice."""
SHARED = 3
"""People who may bear a name that was said, for all of them to be offered."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """
    Somebody whom a voice may be, and why they are offered.

    `known` is False for people of the feed whom the register does not have yet; `taken` is
    another voice of the recording that bears their name already.
    """

    id: SpeakerId
    name: str
    reasons: tuple[str, ...]
    known: bool = True
    taken: str | None = None


@dataclass(frozen=True, slots=True)
class Turned:
    """A turn of the voice, and its words."""

    span: Span
    words: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """
    One voice that waits, with all that an editor needs to decide.

    `clips` are stretches in which it speaks alone; `others` are the episode's other voices.
    """

    head: WaitingView
    voice: VoiceView
    room: RoomView
    clips: tuple[Span, ...]
    candidates: tuple[Candidate, ...]
    others: tuple[VoiceView, ...]
    turns: tuple[Turned, ...]

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """Why it bears its name, or none."""
        return self.voice.evidence or ()


def waiting(read: Reader, head: WaitingView) -> Waiting | None:
    """A voice that waits; None where it is not there any more."""
    voices = read.voices(head.episode)
    voice = next((one for one in voices if one.label == head.label), None)
    if voice is None:
        return None
    room, episode = read.room(head.episode), read.episode(head.episode)
    others = tuple(one for one in voices if one.label != head.label and one.speech_ms)
    turns, label = turned(read, head.episode, head.label), SpeakerLabel(head.label)
    named = candidates(voice, room, episode, others, read.register())
    return Waiting(head, voice, room, clips.clean(room.turns, label), named, others, turns)


def turned(read: Reader, episode: str, label: str) -> tuple[Turned, ...]:
    """The turns of a voice, in order of time. Raises NotFound."""
    own = [line for line in read.lines(episode) if line.label == label]
    said = [(text, Span(start, max(start + 1, end)).middle) for line in own for text, start, end in line.words]
    return tuple(
        Turned(turn.span, " ".join(text for text, middle in said if middle in turn.span))
        for turn in read.turns(episode)
        if turn.label == label
    )


def candidates(
    voice: VoiceView,
    room: RoomView,
    episode: EpisodeView,
    others: Sequence[VoiceView],
    register: Sequence[Speaker],
) -> tuple[Candidate, ...]:
    """
    Who a voice may be, best first: whoever it is taken for, is named in its evidence, by the feed, in
    title and notes, or speaks in other episodes of the show; those who are another voice come last.
    """
    people = [person for person in register if person.fiction == episode.fiction]
    by_id = {person.id: person for person in people}
    found: dict[SpeakerId, Candidate] = {}

    def offer(who: SpeakerId, name: str, reason: str) -> None:
        known = found.get(who) or Candidate(who, name, (), who in by_id)
        if reason not in known.reasons:
            found[who] = replace(known, reasons=(*known.reasons, reason))

    if voice.speaker and voice.name:
        offer(voice.speaker, voice.name, f"taken for them now ({voice.status})")
    for one in voice.evidence or ():
        if one.weight > 0:
            for called in re.findall("“([^”]+)”", one.detail):
                meant = _meant(called, people)
                # A first name that many bear is no reason to offer them all.
                for person in meant if len(meant) <= SHARED else ():
                    offer(person.id, person.name, one.kind)
    for name, role in room.persons:
        listed = [(person.id, person.name) for person in _meant(name, people)]
        who, called = listed[0] if len(listed) == 1 else (speaker_id(name), name)
        offer(who, called, f"{role} in the feed")
    told = f" {_plain(f'{episode.title} {episode.notes}')} "
    for person in people:
        if any(f" {_plain(name)} " in told for name in (person.name, *person.aliases) if len(name.split()) > 1):
            offer(person.id, person.name, "named in title or notes")
    for who in room.regulars:
        if who in by_id:
            offer(who, by_id[who].name, "speaks in other episodes of the show")
    taken = {one.speaker: one.label for one in others if one.speaker}
    ranked = [replace(one, taken=taken.get(one.id)) for one in found.values()]
    ranked.sort(key=lambda one: (one.taken is not None, -len(one.reasons)))
    return tuple(ranked[:MOST])


def find_people(read: Reader, text: str, *, fiction: bool) -> tuple[Speaker, ...]:
    """Whoever is meant by an id, a whole name or a part of one; people as fictional as the episode, unless by id."""
    people = [one for one in read.register() if one.fiction == fiction]
    return people_called(read, text, fiction=fiction) or _meant(text, people)


def people_called(read: Reader, text: str, *, fiction: bool) -> tuple[Speaker, ...]:
    """Whoever has this id, or this whole name or alias; people as fictional as the episode, unless by id."""
    register = read.register()
    exact = tuple(one for one in register if one.id == text.strip())
    people = [one for one in register if one.fiction == fiction]
    return exact or tuple(one for one in people if _plain(text) in {_plain(name) for name in (one.name, *one.aliases)})


def _meant(name: str, people: Sequence[Speaker]) -> tuple[Speaker, ...]:
    """The people whose name, or an alias, holds these words in their order."""
    asked = f" {_plain(name)} "
    if not asked.strip():
        return ()
    return tuple(
        person for person in people if any(asked in f" {_plain(called)} " for called in (person.name, *person.aliases))
    )


def _plain(text: str) -> str:
    return " ".join(filter(None, map(fold, text.split())))
