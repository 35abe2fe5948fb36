"""The command that walks an editor through the voices whose names are least sure, one at a time."""

from __future__ import annotations

import json as jsonlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from convarchive.cli.clipping import Clip, clipping
from convarchive.cli.options import ByOption, HomeOption, JsonOption, LimitOption, home_of, limit_of
from convarchive.cli.output import say
from convarchive.cli.voice_walk import Session, clips_of
from convarchive.cli.voices import (
    ServerOption,
    base_of,
)
from convarchive.editorial.queueing import Waiting, waiting
from convarchive.errors import BadInput
from convarchive.publish.record import evidence_record, listen_at
from convarchive.store.catalogue import Catalogue

ClipsOption = Annotated[
    Path | None, typer.Option("--clips", help="Write what is to be heard into this folder.", metavar="FOLDER")
]


def register(group: typer.Typer) -> None:
    """Add this command to `speakers`."""
    group.command("review")(review)


def review(
    by: ByOption = None,
    clips: ClipsOption = None,
    server: ServerOption = None,
    episode: Annotated[str | None, typer.Option("--episode", help="Only this one's voices.", metavar="ID")] = None,
    every: Annotated[bool, typer.Option("--all", help="Also voices whose names are sure.")] = False,
    limit: LimitOption = 50,
    json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """
    Go through the voices whose names are least sure, those who speak most first: hear three clips, decide by a key.

    A confirmed name that nothing was heard against does not wait; --all asks about these too.

    Needs a terminal and --by. For scripts, --json prints the queue, one voice a line; decide with speakers assign,
    merge, split, not-a-person and undo.

    Example: convarchive speakers review --by "B. Editor"
    """
    place, most = home_of(home), limit_of(limit)
    base = base_of(place, server)
    if json:
        with Catalogue.for_reading(place) as catalogue, clipping(place, clips) as cut:
            for one in _queue(catalogue, episode, most, every):
                made = clips_of(cut, one) if clips else ()
                say(jsonlib.dumps(_record(one, base, made), ensure_ascii=False))
        return
    if not sys.stdin.isatty():
        raise BadInput("speakers review asks questions, which needs a terminal; for scripts add --json")
    if not (by and by.strip()):
        raise BadInput("a decision needs --by WHO, so that others can follow it")
    with clipping(place, clips) as cut:
        Session(place, by.strip(), base, cut, episode, most, every=every).run()


def _queue(catalogue: Catalogue, episode: str | None, most: int, every: bool) -> Iterator[Waiting]:
    with catalogue.reading("editor") as read:
        if episode is not None:
            read.episode(episode)
        heads = [one for one in read.voices_waiting(every=every) if episode is None or one.episode == episode]
        for head in heads[:most]:
            found = waiting(read, head)
            if found is not None:
                yield found


def _record(one: Waiting, base: str | None, made: tuple[Clip, ...]) -> dict[str, object]:
    head, voice = one.head, one.voice
    files = {clip.span: str(clip.path) for clip in made}
    return {
        "episode": head.episode,
        "title": head.title,
        "published": head.published,
        "fiction": head.fiction,
        "label": head.label,
        "speech_ms": head.speech_ms,
        "weight_ms": round(head.weight),
        "speaker": voice.speaker,
        "name": voice.name,
        "status": voice.status,
        "confidence": voice.confidence,
        "evidence": [evidence_record(reason, head.episode, base) for reason in one.evidence],
        "clips": [
            {"start_ms": span.start, "end_ms": span.end, "file": files.get(span),
             "listen": listen_at(head.episode, span.start, base)}
            for span in one.clips
        ],
        "candidates": [
            {"id": each.id, "name": each.name, "known": each.known, "taken": each.taken, "reasons": list(each.reasons)}
            for each in one.candidates
        ],
        "others": [{"label": other.label, "name": other.name, "status": other.status} for other in one.others],
        "turns": [{"start_ms": turn.span.start, "end_ms": turn.span.end} for turn in one.turns],
        "seen": one.room.seen,
    }  # fmt: skip
