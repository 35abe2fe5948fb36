"""Commands that measure speed, always as a ratio to a named peer in the same run."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from convarchive import wiring
from convarchive.cli.evaluating import DataOption, ModelOption, data_in
from convarchive.cli.options import JsonOption
from convarchive.cli.output import as_json, note, say


def register(app: typer.Typer) -> None:
    """Add these commands."""
    group = typer.Typer(help="Measure speed beside the parts used the usual way.", no_args_is_help=True)
    group.command("ingest")(ingest)
    app.add_typer(group, name="bench")


def ingest(
    data: DataOption = None,
    only: Annotated[list[str] | None, typer.Option("--only", help="Recordings to join; repeat for more.")] = None,
    model: ModelOption = "base",
    json: JsonOption = False,
) -> None:
    """
    All stages together, beside plain faster-whisper's transcribe alone, on recordings joined to ten minutes or more.

    Example: convarchive bench ingest --data references
    """
    from convarchive.evaluation.bench_ingest import bench
    from convarchive.evaluation.peers.faster_whisper_plain import transcribe
    from convarchive.evaluation.whole_way import whole_way

    folder = data_in(data)
    folder = folder / "speech" if (folder / "speech").is_dir() else folder
    paths = [folder / f"{name}.flac" for name in only] if only else sorted(folder.glob("*.flac"))
    note(f"joining {len(paths)} recordings; this takes a few minutes")
    plain = partial(transcribe, wiring.whisper_folder(model))
    found = bench(paths, whole_way, plain, join=wiring.join)
    if json:
        as_json({
            "seconds_of_sound": found.duration / 1000, "ratio": found.ratio, "times_real_time": found.times_real_time,
            "ours": {"seconds": found.ours.seconds, "peak_bytes": found.ours.peak},
            "plain": {"seconds": found.plain.seconds, "peak_bytes": found.plain.peak},
        })  # fmt: skip
        return
    say(f"{found.duration / 1000:.0f} s of sound from {', '.join(found.recordings)}")
    say(f"all stages          {found.ours.seconds:7.1f} s, peak {found.ours.peak / 1e6:.0f} MB")
    say(f"plain faster-whisper {found.plain.seconds:6.1f} s, peak {found.plain.peak / 1e6:.0f} MB")
    say(f"{found.ratio:.2f} times as fast, {found.times_real_time:.1f} times real time")
