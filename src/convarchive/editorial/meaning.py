"""Who is meant by the name that an editor types, whom it comes near to, and what speaks against them."""

from __future__ import annotations

from convarchive.domain.speaker import Speaker, SpeakerId
from convarchive.editorial.queueing import find_people, people_called
from convarchive.errors import BadInput, NotFound
from convarchive.naming.matching import alike, parts, same_name
from convarchive.store.reader import Reader


def person_meant(read: Reader, asked: str, *, fiction: bool) -> Speaker:
    """
    The one person of this id, whole name or alias; people as fictional as the episode, unless by id.

    Raises BadInput, naming them, where several bear the name or it is only a part of
    somebody's, and NotFound.
    """
    found = people_called(read, asked, fiction=fiction)
    if len(found) == 1:
        return found[0]
    those = found or find_people(read, asked, fiction=fiction) or near(read, asked, fiction=fiction)
    if those:
        listed = ", ".join(f"{one.name} ({one.id})" for one in those[:6])
        raise BadInput(f"{asked[:60]!r} is not one person's id or whole name; it may mean {listed}: give an id")
    raise NotFound(
        f"no speaker {asked[:60]!r} here; list them with: convarchive speakers list; a new person's whole name goes "
        "with: speakers assign --new"
    )


def near(read: Reader, name: str, *, fiction: bool) -> tuple[Speaker, ...]:
    """The people of whose name, or an alias, this is a part or who may be written so by ear; by id."""
    asked = parts(name)
    return tuple(
        one
        for one in read.register()
        if one.fiction == fiction and any(_near(asked, parts(called)) for called in (one.name, *one.aliases))
    )


def _near(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    short, long = sorted((one, other), key=len)
    inside = bool(short) and any(
        all(alike(a, b) for a, b in zip(short, long[at:], strict=False)) for at in range(len(long) - len(short) + 1)
    )
    return inside or same_name(one, other) > 0


def against(read: Reader, episode: str, label: str, who: SpeakerId) -> tuple[str, ...]:
    """What an episode's evidence says against a voice's being this person, a sentence each. Raises NotFound."""
    found = []
    for voice in read.voices(episode):
        decided = any(one.family == "editor" for one in voice.evidence or ())
        sure = f"{voice.status}, {voice.confidence or 0:.2f}"
        if voice.label == label and voice.speaker not in (None, who) and not decided:
            found.append(
                f"the evidence says that {label} is {voice.name} ({sure}): convarchive speakers show {episode}"
            )
        if voice.label != label and voice.speaker == who:
            says = "by an editor's word" if decided else f"on evidence ({sure})"
            found.append(
                f"{voice.label} is {voice.name} so far, {says}; where the two are one voice, say so with: convarchive "
                f"speakers merge {episode} {label} {voice.label}"
            )
    return tuple(found)
