"""The command that measures words, voices and names together and writes the accuracy card."""

from __future__ import annotations

import datetime as dt
import json as jsonlib
import shlex
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from convarchive import wiring
from convarchive.cli.evaluating import DataOption, EveryOption, RunsOption, data_in, has_recordings
from convarchive.cli.options import JsonOption, home_of, one_of
from convarchive.cli.output import as_json, note, say
from convarchive.cli.sampling import accuracy_record
from convarchive.domain.checking import measured
from convarchive.domain.transcript import Transcript
from convarchive.errors import BadInput, EngineMissing
from convarchive.models.shelf import default_folder, require
from convarchive.settings import Settings, environment
from convarchive.store.catalogue import Catalogue

if TYPE_CHECKING:
    from convarchive.evaluation.card import Hear, Record

PARTS = ("words", "voices", "names")
NEEDS = {
    "words": "the folder of references holds no recordings",
    "voices": "the folder of references holds no recordings",
    "names": "the folder of references holds no transcripts with naming.jsonl.xz",
}


def register(app: typer.Typer) -> None:
    """Add this command to the others that measure."""
    group = next(one.typer_instance for one in app.registered_groups if one.name == "evaluate")
    if group is not None:
        group.command("all")(everything)


def everything(
    data: DataOption = None,
    runs: RunsOption = None,
    model: Annotated[
        list[str] | None, typer.Option("--model", help="Whisper model; repeat for more.  [default: base]")
    ] = None,
    out: Annotated[Path, typer.Option("--out", help="Folder for the card.")] = Path(),
    only: Annotated[
        list[str] | None, typer.Option("--only", help=f"Just this part ({', '.join(PARTS)}); repeat for more.")
    ] = None,
    every: EveryOption = 1,
    home: Annotated[
        Path | None, typer.Option("--home", help="Also this archive's own accuracy, by people who checked its quotes.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """
    The accuracy card: words, voices and names with their intervals, in accuracy.json, accuracy.md and accuracy.html.

    Words are heard with and without hints; X.hints.txt beside a recording X.flac lists names known beforehand.

    Example: convarchive evaluate all --data references --model base --model tiny.en --out docs
    """
    try:
        from convarchive.evaluation.card import card
        from convarchive.evaluation.card_page import html, markdown
    except ImportError as error:
        raise _missing(error) from error
    archive = _archive(home) if home is not None else None
    wanted = [one_of("--only", one, PARTS) for one in only or ()]
    models = list(dict.fromkeys(model or ["base"]))
    parts, used, left_out = _measured(data, runs, models, wanted, every, alone=archive is not None)
    found = card(
        parts,
        command=command(models, wanted, every, out, runs, home),
        made=dt.datetime.now(dt.UTC).date().isoformat(),
        models=used,
        settings=_settings(parts, every),
        archive=archive,
        left_out=left_out,
    )
    text = jsonlib.dumps(found, ensure_ascii=False, indent=1) + "\n"
    written = {"accuracy.json": text, "accuracy.md": markdown(found), "accuracy.html": html(found)}
    out.mkdir(parents=True, exist_ok=True)
    for name, text in written.items():
        (out / name).write_text(text, encoding="utf-8")
    if json:
        as_json(found)
    else:
        say(f"wrote {', '.join(str(out / name) for name in written)}")


def command(
    models: Sequence[str], only: Sequence[str], every: int, out: Path, runs: Path | None, home: Path | None
) -> str:
    """The command line that was run, with stand-ins for the folders of this machine."""
    words = ["convarchive", "evaluate", "all", "--data", "references"]
    for model in models:
        words += ["--model", shown(model)]
    for part in only:
        words += ["--only", part]
    words += ["--every", str(every)] if every > 1 else []
    for option, folder in (("--out", out), ("--runs", runs), ("--home", home)):
        words += [option, folder.name] if folder is not None and folder.name else []
    return shlex.join(words)


def shown(model: str) -> str:
    """A model's name; of one that is a folder here, only the folder's."""
    return Path(model).name if Path(model).expanduser().is_dir() else model


def _measured(
    data: Path | None, runs: Path | None, models: Sequence[str], wanted: Sequence[str], every: int, *, alone: bool
) -> tuple[dict[str, Record | None], list[Record], dict[str, str]]:
    """The parts, the models they used, and why a part was left out. Raises BadInput."""
    if data is None and environment().evaluation is None and alone and not wanted:
        return {}, [], dict.fromkeys(PARTS, "no folder of references was named")
    from convarchive.evaluation.naming import has_transcripts

    folder = data_in(data)
    there = {"words": has_recordings(folder), "voices": has_recordings(folder), "names": has_transcripts(folder)}
    for part in wanted or ((),):
        if not (there[part] if part else any(there.values())):
            raise BadInput(f"{folder}: {NEEDS[part] if part else 'no recordings and no transcripts'}; see --data")
    left_out = {one: "it was left out" if there[one] else NEEDS[one] for one in PARTS if one not in wanted}
    chosen = [one for one in wanted or PARTS if there[one]]
    parts: dict[str, Record | None] = {}
    used: list[Record] = []
    if "words" in chosen or "voices" in chosen:
        _recorded(folder, runs, models, chosen, parts, used)
    if "names" in chosen:
        _named(folder, runs, every, parts, used)
    return parts, used, {part: why for part, why in left_out.items() if part not in parts}


def _recorded(
    folder: Path,
    runs: Path | None,
    models: Sequence[str],
    chosen: Sequence[str],
    parts: dict[str, Record | None],
    used: list[Record],
) -> None:
    from convarchive.evaluation import card
    from convarchive.evaluation.speech import references
    from convarchive.evaluation.weights import weights

    recordings = references(folder)
    ears = {shown(model): _ear(model) for model in models}
    used += [weights(shown(model), wiring.whisper_folder(model), "speech to words") for model in models]
    if "words" in chosen:
        parts["words"] = card.words(recordings, ears, runs=runs, report=note)
    if "voices" in chosen:
        tell = wiring.diarizer()
        for name, purpose in ((wiring.SEGMENTATION, "who speaks when"), (wiring.VOICEPRINT, "voices told apart")):
            used.append(weights(name, require(default_folder(), name), purpose))
        system = tell.fingerprint
        parts["voices"] = card.voices(recordings, tell.diarize, ears, system=system, runs=runs, report=note)


def _named(folder: Path, runs: Path | None, every: int, parts: dict[str, Record | None], used: list[Record]) -> None:
    from convarchive.evaluation.card_names import names
    from convarchive.evaluation.naming import measure, write
    from convarchive.evaluation.weights import strengths

    note("naming every voice under six conditions; this takes minutes")
    given = measure(folder, every=every)
    if runs is not None:
        write(given, runs)
    parts["names"] = names(given, every=every)
    used.append(strengths())


def _ear(model: str) -> Hear:
    """Hears a recording with a model, once for the same hints."""
    tool = wiring.transcriber(Settings(whisper_model=model))

    @cache
    def hear(audio: Path, hints: tuple[str, ...]) -> Transcript:
        return tool.transcribe(audio, language="en", hints=hints)

    return hear


def _settings(parts: dict[str, Record | None], every: int) -> Record:
    """What the parts were measured with; the product's usual settings, named by their digests."""
    found: dict[str, Any] = {}
    words: Any = parts.get("words")
    if words:
        found |= {f"words, {row['model']}": row["system"] for row in words["rows"] if row["hints"] == "none"}
        found["words, language"] = "en"
    voices: Any = parts.get("voices")
    if voices:
        found["voices"] = voices["system"]
    if parts.get("names"):
        found["names, episodes"] = "all" if every == 1 else f"one in {every}"
    return found


def _archive(home: Path) -> Record:
    with Catalogue.for_reading(home_of(home)) as catalogue, catalogue.reading("editor") as read:
        return accuracy_record(measured(read.checks()), len(read.to_check()))


def _missing(error: ImportError) -> EngineMissing:
    return EngineMissing(f"{error.name} is not installed; get it with: pip install 'convarchive[evaluate]'")
