"""Commands that measure how well voices are told apart where it is hard, and known again in other recordings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from convarchive import wiring
from convarchive.cli.evaluating import DataOption, ModelOption, OnlyOption, RunsOption, data_in
from convarchive.cli.options import JsonOption
from convarchive.cli.output import as_json, note, say, table
from convarchive.errors import BadInput, EngineMissing
from convarchive.settings import Settings

if TYPE_CHECKING:
    from convarchive.evaluation.hardships import Workshop
    from convarchive.evaluation.mixing import Sound
    from convarchive.evaluation.speech import Reference

CURVES = {
    "threshold": (0.5, 0.58, 0.66, 0.7, 0.74, 0.78, 0.82),
    "speech": (0.3, 0.4, 0.45, 0.5, 0.55, 0.6),
    "beside": (0.0, 0.15, 0.2, 0.25, 0.3, 0.4),
    "pad": (0.0, 0.05, 0.075, 0.1, 0.125, 0.15),
}
"""Settings that a curve can be drawn of, and the values it is drawn at."""


def register(app: typer.Typer) -> None:
    """Add these commands to the others that measure."""
    group = next(one.typer_instance for one in app.registered_groups if one.name == "evaluate")
    if group is not None:
        group.command("voices")(voices)
        group.command("voiceprints")(voiceprints)


def voices(
    data: DataOption = None,
    only: OnlyOption = None,
    robust: Annotated[bool, typer.Option("--robust", help="Under every hardship, each with its ceiling.")] = False,
    under: Annotated[
        list[str] | None, typer.Option("--under", help="Just hardships with this in their name; repeat for more.")
    ] = None,
    words: Annotated[bool, typer.Option(help="Also word errors voice by voice (needs transcribing).")] = False,
    curve: Annotated[
        list[str] | None, typer.Option(help=f"Error as this setting changes ({', '.join(CURVES)}); repeat for more.")
    ] = None,
    marks: Annotated[
        bool, typer.Option("--marks", help="Instead: what the marks on words are worth (needs transcribing).")
    ] = False,
    model: ModelOption = "base",
    json: JsonOption = False,
) -> None:
    """
    How voices are told apart in bad sound, crowds and great length, and how little the settings matter.

    Exit 1 if a ceiling was broken.

    Example: convarchive evaluate voices --data references --robust --curve threshold
    """
    try:
        from convarchive.evaluation.speech import references
    except ImportError as error:
        raise EngineMissing(
            f"{error.name} is not installed; get it with: pip install 'convarchive[evaluate]'"
        ) from error
    recordings = references(data_in(data), only or ())
    if marks:
        _marks(recordings, under or (), model, json=json)
        return
    for setting in curve or ():
        _curve(setting, recordings, json=json)
    if (robust or not curve) and not _robust(recordings, under or (), model if words else None, json=json):
        raise typer.Exit(1)


@contextmanager
def _workshop(bits: int) -> Iterator[Workshop]:
    """A folder to make recordings in, MP3 of so many bits a second among them; it is gone afterwards."""
    from convarchive.evaluation.hardships import Workshop
    from convarchive.evaluation.mixing import read

    with TemporaryDirectory(prefix="convarchive-voices-") as folder:
        plain = Path(folder) / ".plain.wav"

        def decode(audio: Path) -> Sound:
            wiring.join([audio], plain)
            return read(plain)

        yield Workshop(decode, lambda audio, out: wiring.join([audio], out, bits=bits), Path(folder))


def _marks(recordings: Sequence[Reference], under: Sequence[str], model: str, *, json: bool) -> None:
    from convarchive.evaluation.hardships import hardened
    from convarchive.evaluation.marks import Judged, brief, judge, table

    note("making recordings, transcribing them and telling their voices apart; this takes minutes")
    hear = partial(wiring.transcriber(Settings(whisper_model=model)).transcribe, language="en")
    found: list[Judged] = []
    with _workshop(32_000) as shop:
        for hardship, made in hardened(recordings, shop, under):
            judged = tuple(judge(made, wiring.diarizer().diarize, hear))
            found += judged
            if judged and not json:
                say(f"{hardship.name}: {brief(judged)}")
    if json:
        as_json([{field: getattr(one, field) for field in type(one).__slots__} for one in found])
    else:
        say(f"\n{table(found)}")


def _robust(recordings: Sequence[Reference], under: Sequence[str], model: str | None, *, json: bool) -> bool:
    from convarchive.evaluation.hardships import HEAD, bear, line, peak

    note("making recordings and telling their voices apart; this takes minutes")
    rows = []
    with _workshop(32_000) as shop:
        hear = None
        if model is not None:
            hear = partial(wiring.transcriber(Settings(whisper_model=model)).transcribe, language="en")
        if not json:
            say(HEAD)
        for one in bear(recordings, wiring.diarizer().diarize, shop, hear, under):
            rows.append(one)
            if not json:
                say(line(one))
    if json:
        as_json([
            {"hardship": one.hardship.name, "ceiling": one.hardship.ceiling, "der": one.score.der,
             "voices": one.voices[0], "expected": one.voices[1], "held": one.held, "wer": one.score.wer,
             "cpwer": one.score.cpwer, "minutes": one.minutes, "seconds": one.seconds}
            for one in rows
        ])  # fmt: skip
    else:
        say(f"{sum(one.held for one in rows)} of {len(rows)} ceilings held; peak of memory {peak() / 1e6:.0f} MB")
    return all(one.held for one in rows)


def _curve(setting: str, recordings: Sequence[Reference], *, json: bool) -> None:
    from convarchive.evaluation.speakers import score

    if setting not in CURVES:
        raise BadInput(f"there is no curve of {setting!r}; draw one of {', '.join(CURVES)}")
    points = {value: score(recordings, wiring.diarizer(**{setting: value}).diarize) for value in CURVES[setting]}
    if json:
        as_json({
            "setting": setting,
            "points": [{"value": value, "der": found.der, "recordings": {row.id: row.der for row in found.rows}}
                       for value, found in points.items()],
        })  # fmt: skip
        return
    table(
        (setting, "pooled", *(row.id for row in next(iter(points.values())).rows), "voices right"),
        [
            (f"{value:g}", f"{found.der:.1%}", *(f"{row.der:.1%}" for row in found.rows),
             sum(row.voices == row.expected for row in found.rows))
            for value, found in points.items()
        ],
    )  # fmt: skip


def voiceprints(
    data: DataOption = None,
    runs: RunsOption = None,
    damaged: Annotated[bool, typer.Option("--damaged", help="How alike voices become in damaged sound.")] = False,
    json: JsonOption = False,
) -> None:
    """
    Whether voiceprints ever take one person for another, every other voice being an impostor, and how many they find.

    Example: convarchive evaluate voiceprints --data references
    """
    from convarchive.evaluation.voiceprints import facts, material, report, score, write

    if damaged:
        _damaged(data_in(data), json=json)
        return
    found = score(material(data_in(data), wiring.voiceprinting().listen))
    if runs is not None:
        write(found, runs)
    if json:
        as_json(dict(facts(found)))
    else:
        say(report(found))


def _damaged(data: Path, *, json: bool) -> None:
    from convarchive.evaluation.damaged import BITS, damaged, table_of

    note("listening to every recording under every damage; this takes minutes")
    with _workshop(BITS) as shop:
        rows = list(damaged(data, wiring.voiceprinting().listen, shop.decode, shop.encode, shop.folder))
    if json:
        as_json([{field: getattr(one, field) for field in type(one).__slots__} for one in rows])
    else:
        say(table_of(rows))
