"""
Does to every episode what is still to be done, stage by stage.

A stage is done again exactly when what it read, or the tool that did it, would now differ.
It reads its inputs, works outside any transaction, and writes in one that first looks
whether the inputs are still the same; so the process may be killed at any instant, and
running it again finishes the work without loss or duplicates.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from typing import Any, Literal

from convarchive.domain.episode import Episode
from convarchive.domain.run import STAGES, Run
from convarchive.domain.run import Stage as StageName
from convarchive.errors import ArchiveError, BadInput, EngineMissing, ModelMissing, NotFound
from convarchive.ingest.stages.stage import Stage
from convarchive.store.catalogue import Catalogue, now

_log = logging.getLogger(__name__)

PATIENCE = 3
"""How often a stage is done anew because its inputs changed under it."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something a person watching wants to know; `done` and `total` are milliseconds of sound or bytes."""

    kind: Literal["begun", "moved", "done", "failed"]
    episode: Episode
    stage: StageName
    done: int = 0
    total: int = 0
    seconds: float = 0.0
    note: str = ""


Listener = Callable[[Event], None]


@dataclass(slots=True)
class Summary:
    """What one round did: stages done and episodes that failed, with the reason."""

    done: list[tuple[Episode, StageName, float]] = field(default_factory=list)
    failed: list[tuple[Episode, StageName, str]] = field(default_factory=list)
    duplicates: list[Episode] = field(default_factory=list)


def run(
    catalogue: Catalogue,
    stages: Sequence[Stage[Any, Any]],
    *,
    only: str | None = None,
    again: StageName | None = None,
    jobs: int = 1,
    tell: Listener = lambda event: None,
) -> Summary:
    """
    Bring episodes (or just `only` this one) up to date; `again` redoes one stage whatever its run says.

    What is wrong with one episode is noted and the others go on. Raises NotFound for an
    unknown episode, and whatever concerns the whole home: models, disk, catalogue.
    """
    with catalogue.writing() as write:
        episodes = [one for one in write.episodes.episodes() if only is None or one.id == only]
    if only is not None and not episodes:
        raise NotFound(f"no episode {only[:60]!r} here; list them with: convarchive episodes list")
    summary = Summary()

    # Sound is fetched in the order of the episodes, however many are worked on at once: which of two
    # with the same bytes is the duplicate must not depend on who was quicker.
    fetched = [threading.Event() for _ in episodes]
    first = [stage for stage in stages if stage.name == "fetch"]
    later = [stage for stage in stages if stage.name != "fetch"]
    stopped = threading.Event()

    def told(event: Event) -> None:
        if stopped.is_set():
            raise _StoppedError
        tell(event)

    def one(place: int) -> None:
        episode = episodes[place]
        try:
            if place:
                fetched[place - 1].wait()
            held = _episode(catalogue, first, episode, again, summary, told)
        finally:
            fetched[place].set()
        if held:
            _episode(catalogue, later, episode, again, summary, told)

    if jobs <= 1:
        for place in range(len(episodes)):
            one(place)
    else:
        _together(one, len(episodes), jobs, stopped)
    return summary


class _StoppedError(Exception):
    """Ends the work on one episode because the whole round is ending."""


def _together(one: Callable[[int], None], count: int, jobs: int, stopped: threading.Event) -> None:
    """Several episodes at once. Where one raises, or Ctrl-C comes, none is begun any more and the others end soon."""
    with ThreadPoolExecutor(jobs) as pool:
        places = [pool.submit(one, place) for place in range(count)]
        try:
            for finished in as_completed(places):
                finished.result()
        except BaseException:
            stopped.set()
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _episode(
    catalogue: Catalogue,
    stages: Sequence[Stage[Any, Any]],
    episode: Episode,
    again: StageName | None,
    summary: Summary,
    tell: Listener,
) -> bool:
    """Do these stages of one episode; False where one failed."""
    for stage in stages:
        if stage.name != "fetch" and _is_duplicate(catalogue, episode):
            summary.duplicates.append(episode)
            return True
        try:
            seconds = _stage(catalogue, stage, episode, stage.name == again, tell)
        except (ModelMissing, EngineMissing):
            raise
        except BadInput as error:
            with catalogue.writing() as write:
                write.episodes.put_failure(episode.id, stage.name, str(error))
            summary.failed.append((episode, stage.name, str(error)))
            tell(Event("failed", episode, stage.name, note=str(error)))
            return False
        except (ArchiveError, _StoppedError, MemoryError):
            raise
        except Exception as error:
            # A defect of ours, or of a library, met by one episode must not keep the others waiting for ever.
            _log.exception("%s of %s", stage.name, episode.id)
            trouble = f"{episode.title}: {stage.name} broke off ({type(error).__name__}); please report this"
            with catalogue.writing() as write:
                write.episodes.put_failure(episode.id, stage.name, trouble)
            summary.failed.append((episode, stage.name, trouble))
            tell(Event("failed", episode, stage.name, note=trouble))
            return False
        if seconds is not None:
            summary.done.append((episode, stage.name, seconds))
    return True


def _is_duplicate(catalogue: Catalogue, episode: Episode) -> bool:
    with catalogue.writing() as write:
        return episode.id in write.episodes.duplicates()


def _stage(catalogue: Catalogue, stage: Stage[Any, Any], episode: Episode, again: bool, tell: Listener) -> float | None:
    """Seconds it took, or None where there was nothing to do."""
    begun = time.monotonic()
    for _ in range(PATIENCE):
        with catalogue.writing() as write:
            plan = stage.plan(write, episode)
            last = write.episodes.last_run(episode.id, stage.name)
        if plan is None:
            return None
        if not again and last and (last.input_digest, last.fingerprint) == (plan.digest, plan.fingerprint):
            return None
        tell(Event("begun", episode, stage.name))
        made = stage.work(
            plan.inputs, lambda done, total: tell(Event("moved", episode, stage.name, done=done, total=total))
        )
        with catalogue.writing() as write:
            current = stage.plan(write, episode)
            if current is None or current.digest != plan.digest:
                continue
            note = stage.keep(write, episode, current.inputs, made)
            seconds = time.monotonic() - begun
            write.episodes.put_run(
                Run(episode.id, stage.name, plan.digest, plan.fingerprint, round(seconds, 3), now(), note)
            )
            write.count_up("content")
        tell(Event("done", episode, stage.name, seconds=seconds, note=note))
        return seconds
    raise BadInput(f"{episode.title}: what {stage.name} reads kept changing; run again when nothing else writes here")


def in_order(stages: Sequence[Stage[Any, Any]]) -> tuple[Stage[Any, Any], ...]:
    """The stages as they follow on one another."""
    return tuple(sorted(stages, key=lambda stage: STAGES.index(stage.name)))
