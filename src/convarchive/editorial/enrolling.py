"""
Keeping how somebody sounds, by their consent, and forgetting it when they take that back.

A print is made of what an editor gave to the person by name: nothing that was only
inferred, and only stretches in which they speak alone and that nobody closed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from convarchive.domain.episode import EpisodeId, Sha256
from convarchive.domain.projection import project
from convarchive.domain.span import Span, joined
from convarchive.domain.speaker import SpeakerId
from convarchive.domain.speech import SpeakerLabel
from convarchive.domain.voiceprint import Consent, Voiceprint
from convarchive.editorial.saying import said
from convarchive.errors import BadInput, Changed, NotAllowed, NotFound
from convarchive.home import Home
from convarchive.ingest.clean_speech import clean_speech
from convarchive.ingest.stages.stage import sound_of, words_of
from convarchive.ingest.voiceprinting import Voiceprinting
from convarchive.naming.voiceprints import RULE, Voice, mistaken
from convarchive.store.catalogue import Catalogue
from convarchive.store.writer import Writer

OFF = "voiceprints are off here; the archive's owner turns them on with voiceprints = true in convarchive.toml"
_PERSON = SpeakerLabel("enrolled")


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What was kept: the review's number, one print from each of these recordings, made of so much speech."""

    review: int
    recordings: tuple[Sha256, ...]
    speech_ms: int


@dataclass(frozen=True, slots=True)
class Unenrolled:
    """
    What forgetting voiceprints did: the review's number, prints that went, and the episodes
    whose voices have to be weighed again. `erased` is False where traces in the catalogue's
    file wait for a reading process to end.
    """

    review: int
    prints: int
    episodes: tuple[EpisodeId, ...]
    erased: bool


@dataclass(frozen=True, slots=True)
class _Given:
    """Sound in which an editor gave voices to a person, and where these speak alone."""

    recording: Sha256
    path: Path
    spans: tuple[Span, ...]


def consent(by: str, on: str, how: str, today: date) -> Consent:
    """What was agreed to, as it is kept. Raises BadInput where a part is missing or the day is none, or to come."""
    for flag, text in (("--consent-by WHO", by), ("--consent-on DATE", on), ("--consent-how TEXT", how)):
        if not text.strip():
            raise BadInput(f"a voiceprint is kept by consent only: say who agreed, when and how; {flag} is missing")
    try:
        day = date.fromisoformat(on.strip())
    except ValueError:
        raise BadInput(f"--consent-on {on[:40]!r} is no date; write it as 2031-01-31") from None
    if day > today:
        raise BadInput(f"--consent-on {day.isoformat()} is still to come; enrol the person once they have agreed")
    who, what = said(by, how)
    return Consent(who, day.isoformat(), what)


def enrol(
    catalogue: Catalogue,
    home: Home,
    person: SpeakerId,
    agreed: Consent,
    *,
    by: str,
    turned_on: bool,
    tool: Callable[[], Voiceprinting],
) -> Enrolled:
    """
    Keep how a person sounds in every recording in which an editor named their voice.

    Earlier prints of the person are replaced. `by` is who decides to keep it, for the log;
    who agreed stands in the consent. Raises NotAllowed where voiceprints are off or
    the person withdrew what they said, NotFound, BadInput where too little of their speech
    was reviewed, Changed where somebody decided otherwise meanwhile.
    """
    if not turned_on:
        raise NotAllowed(OFF)
    by, why = said(by, f"consent of {agreed.by}, {agreed.on}")
    with catalogue.writing() as write:
        given = _given(write, home, person)
    if not given:
        raise BadInput(
            f"no editor named a voice of {person} yet, and only reviewed speech is used; do so with: "
            f"convarchive speakers assign EPISODE LABEL {person}"
        )
    listening = tool()
    heard = [(one, listening.listen(one.path, {_PERSON: one.spans}).get(_PERSON)) for one in given]
    usable = [(one, voice) for one, voice in heard if voice and not voice.narrow and voice.speech_ms >= RULE.made]
    _demand_enough(person, [voice for _, voice in heard if voice], [voice for _, voice in usable])
    prints = [
        Voiceprint(0, person, one.recording, listening.fingerprint, voice.speech_ms, voice.vector)
        for one, voice in usable
    ]
    with catalogue.writing() as write:
        if _given(write, home, person) != given:
            raise Changed("somebody decided about these voices meanwhile; look again, then enrol")
        other = mistaken(person, [one.vector for one in prints], write.voiceprints.prints(listening.fingerprint))
        if other is not None:
            raise NotAllowed(
                f"what was given to {person} sounds like the voiceprint of {other}; one voice was given to two people: "
                "look at both with convarchive speakers show"
            )
        # How they agreed stands with the consent alone, for the log is for good.
        number = write.reviews.add("enrol", by, why, person=person)
        write.voiceprints.enrol(person, prints, agreed, number)
    return Enrolled(number, tuple(one.recording for one in prints), sum(one.speech_ms for one in prints))


def forget_voiceprints(catalogue: Catalogue, person: SpeakerId, *, by: str, why: str) -> Unenrolled:
    """
    Erase a person's voiceprints, the consent to them, and the evidence that came from them; all else stays.

    Works wherever the setting stands. What stays is the log's word that it was done, when and
    by whom. Raises BadInput, NotFound.
    """
    by, why = said(by, why)
    with catalogue.writing() as write:
        if person not in {one.id for one in write.speech.speakers()}:
            raise NotFound(f"no speaker {person[:60]!r} here; list them with: convarchive speakers list")
        number = write.reviews.add("forget_voiceprints", by, why, person=person)
        went = write.voiceprints.forget(person)
        write.order_erasure()
        write.count_up("review")
        write.count_up("content")
    return Unenrolled(number, went.prints, went.episodes, catalogue.erase())


def _given(write: Writer, home: Home, person: SpeakerId) -> tuple[_Given, ...]:
    """Every recording in which an editor's word gives a voice to the person, with what may be used of it."""
    if person not in {one.id for one in write.speech.speakers()}:
        raise NotFound(f"no speaker {person[:60]!r} here; list them with: convarchive speakers list")
    if any(state == "withdrawn" for state, _ in write.reviews.whole_holds(person, None)):
        raise NotAllowed(f"what {person} said was withdrawn; no voiceprint is made of it")
    return tuple(_in_recordings(write, home, person))


def _in_recordings(write: Writer, home: Home, person: SpeakerId) -> Iterator[_Given]:
    copies = write.episodes.duplicates()
    for episode in write.episodes.episodes():
        sound = sound_of(home, write, episode)
        words = words_of(write, episode, sound)
        if sound is None or words is None or episode.id in copies or not sound.path.is_file():
            continue
        recording = sound.recording.sha256
        decided = project(write.voices.decisions(recording), write.speech.heard_turns(recording))
        labels = [label for label, who in decided.speakers.items() if who == person]
        closed = write.voiceprints.closed(recording)
        if labels and closed is not None:
            clean = clean_speech(decided.turns, write.speech.utterances(recording, words), closed)
            spans = joined([span for label in labels for span in clean.get(label, ())])
            if spans:
                yield _Given(recording, sound.path, spans)


def _demand_enough(person: SpeakerId, heard: list[Voice], usable: list[Voice]) -> None:
    have = sum(one.speech_ms for one in usable)
    if have >= RULE.enrolled:
        return
    narrow = sum(one.narrow for one in heard)
    why = f"; {narrow} recordings sound as by telephone, where strangers are too much alike" if narrow else ""
    raise BadInput(
        f"{have / 1000:.0f} s of {person}'s speech were reviewed and are clean, {RULE.enrolled // 1000} s are needed "
        f"({RULE.made // 1000} s in a recording for it to count){why}; name more of their voices with: "
        "convarchive speakers assign"
    )
