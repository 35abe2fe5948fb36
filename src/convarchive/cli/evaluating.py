"""Commands that measure how good the archive's work is, against references that people made."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from convarchive import wiring
from convarchive.cli.options import JsonOption
from convarchive.cli.output import as_json, note, say, table
from convarchive.domain.transcript import Transcript
from convarchive.errors import BadInput, EngineMissing
from convarchive.settings import Settings, environment

if TYPE_CHECKING:
    from convarchive.evaluation.asr import Heard

DataOption = Annotated[
    Path | None, typer.Option("--data", help="Folder of references; else CONVARCHIVE_EVAL.", show_default=False)
]
RunsOption = Annotated[
    Path | None, typer.Option("--runs", help="Also write the raw outputs here, for others to score.")
]
OnlyOption = Annotated[list[str] | None, typer.Option("--only", help="Just this recording; repeat for more.")]
ModelOption = Annotated[str, typer.Option("--model", help="Whisper model: a size, a path or a hub id.")]
EveryOption = Annotated[
    int, typer.Option("--every", metavar="N", help="Name only each N-th episode of the transcripts.", min=1)
]
AsHeardOption = Annotated[
    bool,
    typer.Option("--as-heard", help="Transcripts in small letters, without punctuation, names spelt by their sound."),
]
PlainOption = Annotated[bool, typer.Option("--plain", help="Also measure plain faster-whisper on the same.")]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    group = typer.Typer(help="Measure accuracy against references that people made.", no_args_is_help=True)
    group.command("asr")(asr)
    group.command("speakers")(speakers)
    group.command("names")(names)
    group.command("quotes")(quotes)
    app.add_typer(group, name="evaluate")


def data_in(given: Path | None) -> Path:
    """The folder of references. Raises BadInput where none is named or it is not there."""
    folder = given or environment().evaluation
    if folder is None:
        raise BadInput("no references: name their folder with --data, or in CONVARCHIVE_EVAL")
    if not folder.is_dir():
        raise BadInput(f"{folder} is no folder; name the folder of references with --data")
    return folder


def has_recordings(folder: Path) -> bool:
    """Whether a folder of references holds recordings."""
    from convarchive.evaluation.speech import recordings_in

    return (folder / "speech").is_dir() or bool(recordings_in(folder))


def asr(
    data: DataOption = None,
    runs: RunsOption = None,
    only: OnlyOption = None,
    model: ModelOption = "base",
    plain: PlainOption = False,
    json: JsonOption = False,
) -> None:
    """
    Word error rate, and whether every word stands where it was said.

    Example: convarchive evaluate asr --data references --plain
    """
    try:
        from convarchive.evaluation.asr import Score, score
        from convarchive.evaluation.speech import references
    except ImportError as error:
        raise _missing(error) from error
    recordings = references(data_in(data), only or ())
    found: dict[str, Score] = {"convarchive": score(recordings, _hear(model), runs=runs, name="convarchive")}
    if plain:
        from convarchive.evaluation.peers.faster_whisper_plain import PlainFasterWhisper

        peer = PlainFasterWhisper(wiring.whisper_folder(model), words=True)
        found["plain faster-whisper"] = score(recordings, peer.transcribe, runs=runs, name="plain")
    if json:
        as_json({
            name: {"wer": one.wer, "far": one.far, "system": one.fingerprint,
                   "recordings": [{"id": row.id, "said": row.said, "errors": row.errors, "far": row.far,
                                   "farthest_ms": row.farthest, "dropped": row.dropped} for row in one.rows]}
            for name, one in found.items()
        })  # fmt: skip
        return
    for name, one in found.items():
        say(f"{name}: {one.fingerprint}")
        table(
            ("recording", "words", "WER", "over 5 s off", "farthest", "dropped"),
            [
                (
                    r.id,
                    r.said,
                    f"{r.errors / r.said:.1%}" if r.said else "",
                    r.far,
                    f"{r.farthest / 1000:.1f} s",
                    r.dropped,
                )
                for r in one.rows
            ],
        )
        say(f"pooled WER {one.wer:.2%}" if one.wer is not None else "no reference words")


def speakers(
    data: DataOption = None,
    runs: RunsOption = None,
    only: OnlyOption = None,
    model: ModelOption = "base",
    words: Annotated[bool, typer.Option(help="Also word errors voice by voice (needs transcribing).")] = True,
    every: EveryOption = 1,
    as_heard: AsHeardOption = False,
    json: JsonOption = False,
) -> None:
    """
    Diarization error rate, number of voices, word errors voice by voice, and whether voices get their right names.

    What is measured depends on what the folder holds: recordings in speech/, names in transcripts/.

    Example: convarchive evaluate speakers --data references --runs raw
    """
    from convarchive.evaluation.naming import has_transcripts

    folder = data_in(data)
    named = _names(folder, runs, every, as_heard) if has_transcripts(folder) and not only else None
    if named is not None and not has_recordings(folder):
        as_json({"names": named[0]}) if json else say(named[1])
        return
    try:
        from convarchive.evaluation.speakers import score, yardstick
        from convarchive.evaluation.speakers import table as lines
        from convarchive.evaluation.speech import references
    except ImportError as error:
        raise _missing(error) from error
    tell = wiring.diarizer()
    hear = _hear(model) if words else None
    found = score(references(folder, only or ()), tell.diarize, hear, runs=runs, name="convarchive")
    if json:
        as_json({
            "der": found.der, "wer": found.wer, "cpwer": found.cpwer,
            "recordings": [{"id": row.id, "der": row.der, "voices": row.voices, "expected": row.expected}
                           for row in found.rows],
            "names": named[0] if named is not None else None,
        })  # fmt: skip
    else:
        say(lines(found, yardstick(folder)))
        if named is not None:
            say(f"\n{named[1]}")


def names(
    data: DataOption = None,
    runs: RunsOption = None,
    every: EveryOption = 1,
    as_heard: AsHeardOption = False,
    json: JsonOption = False,
) -> None:
    """
    How often voices get their right name from the words alone, over transcripts of real talk with the names hidden.

    Example: convarchive evaluate names --data references --runs raw
    """
    found = _names(data_in(data), runs, every, as_heard)
    if json:
        as_json(found[0])
    else:
        say(found[1])


def _names(folder: Path, runs: Path | None, every: int, as_heard: bool) -> tuple[dict[str, dict[str, object]], str]:
    """The figures of naming, for machines and for people."""
    from convarchive.evaluation.naming import measure, write
    from convarchive.evaluation.naming_report import report, summary

    note("naming every voice under six conditions; this takes minutes")
    given = measure(folder, every=every, as_heard=as_heard)
    if runs is not None:
        write(given, runs)
    return summary(given), report(given)


def quotes(
    data: DataOption = None,
    seed: Annotated[int, typer.Option(help="Which sample.")] = 1,
    count: Annotated[int, typer.Option("-n", help="How many quotes.", min=1, max=1000)] = 50,
    episodes: Annotated[
        int, typer.Option("--yield", metavar="N", help="Also count how much of N episodes became quotes.", min=0)
    ] = 0,
) -> None:
    """
    Print random quotes cut from real talk, without what surrounds them, for a person to judge.

    Example: convarchive evaluate quotes --data references --seed 7
    """
    from convarchive.evaluation.quoting import harvest, sample

    folder, grade = data_in(data), wiring.grader().grade
    for number, one in enumerate(sample(folder, grade, seed=seed, count=count), 1):
        say(f"{number}. {one.draft.text} ({one.show}, {one.episode})")
    note("ask of each: is it understandable, and fair, without the sentence before it?")
    if episodes:
        found = harvest(folder, grade, seed=seed, episodes=episodes)
        say(
            f"of {found.said} words said in {episodes} episodes, {found.words / found.said:.0%} stand in "
            f"{found.quotes} quotes of {found.words / max(1, found.quotes):.0f} words on average; "
            f"{found.turns / max(1, found.long):.0%} of the {found.long} turns of 20 words and more have one"
        )


def _row(row: Heard) -> tuple[object, ...]:
    rate = f"{row.errors / row.said:.1%}" if row.said else ""
    return row.id, row.said, rate, row.far, f"{row.farthest / 1000:.1f} s", row.dropped


def _hear(model: str) -> Callable[[Path], Transcript]:
    tool = wiring.transcriber(Settings(whisper_model=model))
    return lambda audio: tool.transcribe(audio, language="en")


def _missing(error: ImportError) -> EngineMissing:
    return EngineMissing(f"{error.name} is not installed; get it with: pip install 'convarchive[evaluate]'")
