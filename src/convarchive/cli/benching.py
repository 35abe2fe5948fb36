"""Commands that measure speed, always as a ratio to a named peer in the same run."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from convarchive import wiring
from convarchive.cli import benching_search
from convarchive.cli.evaluating import DataOption, ModelOption, data_in
from convarchive.cli.options import JsonOption
from convarchive.cli.output import as_json, note, say


def register(app: typer.Typer) -> None:
    """Add these commands."""
    group = typer.Typer(help="Measure speed beside the parts used the usual way.", no_args_is_help=True)
    group.command("ingest")(ingest)
    group.command("search")(benching_search.search)
    group.command("serve")(serve)
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


def serve(
    count: Annotated[int, typer.Option("-n", help="How many quotes.", min=100, max=1_000_000)] = 10_000,
    clients: Annotated[int, typer.Option(help="Visitors at a time.", min=1, max=500)] = 50,
    seconds: Annotated[int, typer.Option(help="How long they ask.", min=1, max=3600)] = 120,
    json: JsonOption = False,
) -> None:
    """
    How a server starts and bears visitors, over real HTTP, while quotes are taken in and the index is swapped.

    Exit 1 if any answer was not what it should be.

    Example: convarchive bench serve -n 10000 --clients 50 --seconds 120
    """
    from convarchive.evaluation.bench_serve import bench

    note(f"putting {count} invented quotes into an archive of their own; this takes some minutes")
    found = bench(
        count, wiring.encoder(), wiring.empty_index, wiring.build_index, clients=clients, seconds=float(seconds)
    )
    load = found.load
    if json:
        as_json({
            "quotes": found.quotes, "start_seconds": found.start.seconds, "start_bytes": found.start.held,
            **{field: getattr(load, field) for field in type(load).__slots__}, "a_second": load.a_second,
        })  # fmt: skip
    else:
        say(f"{found.quotes} quotes: ready {found.start.seconds:.2f} s after its start, "
            f"holding {found.start.held / 1e6:.0f} MB")  # fmt: skip
        say(f"{load.clients} visitors for {load.seconds:.0f} s: {load.answers} answers, {load.a_second:.0f} a second, "
            f"{load.failed} failed")  # fmt: skip
        for what, (half, most, nearly) in (("all", load.percentiles), ("searches", load.search_percentiles)):
            say(f"  {what:<9} p50 {half:.0f} ms, p95 {most:.0f} ms, p99 {nearly:.0f} ms")
        say(f"meanwhile {load.writes} transactions written, index swapped {load.swaps} times")
        say("memory held at the start, in the middle, at the end: "
            + ", ".join(f"{held / 1e6:.0f} MB" for held in load.held))  # fmt: skip
    for failure in load.failures:
        note(f"failed: {failure}")
    if load.failed:
        raise typer.Exit(1)
