"""Weighing voices of other recordings again at once, where a decision may settle them too, and telling what changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from convarchive import wiring
from convarchive.cli.output import counted, note, say
from convarchive.domain.episode import EpisodeId
from convarchive.editorial.spreading import Looks, Spread, look, spread
from convarchive.errors import ArchiveError
from convarchive.home import Home
from convarchive.store.catalogue import Catalogue

NOTHING: Mapping[EpisodeId, Looks] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """How many episodes were weighed again, what changed in which, how many wait for the next ingest, and why."""

    weighed: int = 0
    changed: tuple[tuple[EpisodeId, Spread], ...] = ()
    waiting: int = 0
    trouble: tuple[str, ...] = ()


NOWHERE = Elsewhere()


def with_sound(catalogue: Catalogue) -> tuple[EpisodeId, ...]:
    """The episodes that have a recording whose voices were told apart."""
    with catalogue.writing() as write:
        copies = write.episodes.duplicates()
        held = {one.id: write.episodes.recording_of(one.id) for one in write.episodes.episodes()}
        return tuple(
            episode for episode, found in held.items()
            if found and episode not in copies and write.speech.turns(found[0].sha256)
        )  # fmt: skip


def known_by_print(catalogue: Catalogue) -> dict[EpisodeId, Looks]:
    """How the episodes look now in which a voice is known by a voiceprint."""
    with catalogue.writing() as write:
        episodes = write.voiceprints.heard_in() if write.voiceprints.any() else ()
    with catalogue.reading("editor") as read:
        return {episode: look(read, episode) for episode in episodes}


def weigh_again(
    place: Home,
    catalogue: Catalogue,
    episodes: Sequence[EpisodeId],
    report: Callable[[int, int], None],
    seen: Mapping[EpisodeId, Looks] = NOTHING,
) -> Elsewhere:
    """
    Name these episodes' voices again, and say what is otherwise than before; `report` is told how many are done.

    `seen` is how they looked before a decision that already took names from some of them.

    How voices sound is kept of nobody who did not agree to it, so their sound is listened to
    again. Stopped on the way, or without a model, the rest waits for the next ingest.
    """
    again = wiring.renaming(place, catalogue)
    changed: list[tuple[EpisodeId, Spread]] = []
    trouble: list[str] = []
    for done, episode in enumerate(episodes):
        report(done, len(episodes))
        with catalogue.reading("editor") as read:
            before = seen[episode] if episode in seen else look(read, episode)
        try:
            trouble += again(episode)
        except ArchiveError as error:
            return Elsewhere(done, tuple(changed), len(episodes) - done, (*trouble, str(error)))
        with catalogue.reading("editor") as read:
            now = spread(before, look(read, episode), 0)
        if now.voices or now.quotes or now.gone or now.fresh:
            changed.append((episode, now))
    return Elsewhere(len(episodes), tuple(changed), 0, tuple(trouble))


def tell_elsewhere(found: Elsewhere, described: Callable[[Spread], Iterable[str]]) -> None:
    """What changed in other episodes, for a person."""
    if found.weighed:
        say(f"{counted(found.weighed, 'episode')} weighed again; names changed in {len(found.changed) or 'none'}")
    for episode, changed in found.changed:
        say(f"  {episode}")
        for line in described(changed):
            say(f"  {line}")
    if found.waiting:
        say(f"{counted(found.waiting, 'episode')} will be listened to again at the next convarchive ingest")
    for trouble in found.trouble:
        note(trouble)


def elsewhere_record(found: Elsewhere, described: Callable[[Spread], Mapping[str, object]]) -> dict[str, object]:
    """The same for a script."""
    return {
        "weighed": found.weighed,
        "changed": [{"episode": episode, **described(changed)} for episode, changed in found.changed],
        "waiting": found.waiting,
        "trouble": list(found.trouble),
    }
