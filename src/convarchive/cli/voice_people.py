"""Whom an editor names at the command line: somebody known, or somebody new, and what is said against it."""

from __future__ import annotations

from convarchive.cli.output import note
from convarchive.domain.speaker import Role, Speaker, SpeakerId
from convarchive.editorial.desks import load_desks
from convarchive.editorial.meaning import against, near, person_meant
from convarchive.editorial.queueing import turned
from convarchive.errors import BadInput
from convarchive.home import Home
from convarchive.ingest.desk_changes import add_speaker
from convarchive.ingest.desks import read_speakers
from convarchive.naming import speaker_id
from convarchive.store.catalogue import Catalogue


def known_person(place: Home, episode: str, asked: str) -> SpeakerId:
    """Whom an id, a whole name or an alias means. Raises BadInput, NotFound."""
    with Catalogue.for_writing(place) as catalogue:
        load_desks(place, catalogue)
        with catalogue.reading("editor") as read:
            return person_meant(read, asked, fiction=read.episode(episode).fiction).id


def new_person(place: Home, episode: str, label: str, name: str, *, distinct: bool) -> SpeakerId:
    """
    Put whoever an editor says a voice is on the desk.

    Raises BadInput where that is nearly the name of somebody known and not said to be
    `distinct`, NotFound for the voice.
    """
    with Catalogue.for_writing(place) as catalogue:
        load_desks(place, catalogue)
        with catalogue.reading("editor") as read:
            fiction = read.episode(episode).fiction
            turned(read, episode, label)
            role = next((voice.role for voice in read.voices(episode) if voice.label == label), None)
            alike = near(read, name, fiction=fiction)
    if alike and not distinct:
        listed = ", ".join(f"{one.name} ({one.id})" for one in alike[:6])
        raise BadInput(
            f"{name[:60]!r} may be {listed}; give that id without --new, or a whole name that differs, or add "
            "--distinct where it is another person"
        )
    return put_on_desk(place, name, role, fiction)


def put_on_desk(place: Home, name: str, role: Role | None, fiction: bool) -> SpeakerId:
    """
    Write somebody new into `ingest/speakers.toml`, in the role their voice has, else as a guest.

    Raises BadInput where they stand there already.
    """
    called = " ".join(name.split())
    if not called or len(called) > 200:
        raise BadInput("a person's name has 1 to 200 characters")
    the_id = speaker_id(called)
    known = next((one for one in read_speakers(place) if one.id == the_id), None)
    if known is not None:
        raise BadInput(
            f"{known.name} is here already, as {known.id}; give that id, without --new (somebody else of the same "
            "name needs a longer one)"
        )
    person = Speaker(the_id, called, role=role or "guest", fiction=fiction)
    add_speaker(place, person)
    note(f"{called} is {person.id} in {place.speakers.relative_to(place.root)}; correct role and spelling there")
    return person.id


def warnings_of(place: Home, episode: str, label: str, who: SpeakerId) -> tuple[str, ...]:
    """What an episode's evidence says against a voice's being this person, before it is decided."""
    with Catalogue.for_reading(place) as catalogue, catalogue.reading("editor") as read:
        return against(read, episode, label, who)
