"""Commands that put an archive into one file and make an archive of such a file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from convarchive import wiring
from convarchive.cli.options import HomeOption, JsonOption, QuietOption, home_of
from convarchive.cli.output import as_json, counting, note, say
from convarchive.editorial.backing_up import back_up
from convarchive.editorial.restoring import left_beside
from convarchive.editorial.restoring import restore as restore_archive
from convarchive.home import Home


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command("backup")(backup)
    app.command("restore")(restore)


def backup(
    file: Annotated[Path, typer.Argument(help="The file to write.")],
    with_audio: Annotated[bool, typer.Option("--with-audio", help="Put the recordings in as well.")] = False,
    with_voiceprints: Annotated[
        bool, typer.Option("--with-voiceprints", help="Put voiceprints in as well: biometric data.")
    ] = False,
    replace: Annotated[bool, typer.Option("--replace", help="Replace a file that is there.")] = False,
    home: HomeOption = None,
    json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """
    Put the archive into one file while it is served and worked on: settings, desks, catalogue.

    Example: convarchive backup archive.tar --home my-archive
    """
    place = home_of(home)
    with counting(quiet) as report:
        done = back_up(
            place, file, with_audio=with_audio, with_voiceprints=with_voiceprints, replace=replace,
            report=lambda step, n, of: report(step)(n, of),
        )  # fmt: skip
    if json:
        as_json({"file": str(file)} | {field: getattr(done, field) for field in type(done).__slots__})
    else:
        sound = f"with {done.recordings} of {done.known} recordings" if with_audio else "without recordings"
        say(f"backed up to {file}: {done.bytes / 1e6:.1f} MB, {sound}")
    if done.voiceprints:
        note(f"{done.voiceprints} voiceprints are in it: biometric data, to be kept accordingly")
    for one in done.damaged[:5]:
        note(f"recording {one[:16]} is not held whole and is not in the backup; see: convarchive doctor")


def restore(
    file: Annotated[Path, typer.Argument(help="A file that `backup` wrote.")],
    home: HomeOption = None,
    replace: Annotated[bool, typer.Option("--replace", help="Replace the archive that is there.")] = False,
    json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """
    Make an archive of a backup. What was withdrawn here since the backup was made stays withdrawn.

    Example: convarchive restore archive.tar --home elsewhere
    """
    root = home or Path(os.environ.get("CONVARCHIVE_HOME") or ".")
    with counting(quiet) as report:
        done = restore_archive(
            file, root, replace_present=replace, make_index=wiring.empty_index,
            report=lambda step, n, of: report(step)(n, of),
        )  # fmt: skip
    if json:
        as_json({"home": str(root)} | {field: getattr(done, field) for field in type(done).__slots__})
    else:
        say(f"restored the archive of {done.made_at} in {root}: {done.indexed} passages in the index, "
            f"{done.recordings} recordings put back")  # fmt: skip
        if done.carried:
            say(f"{done.carried} decisions made since then were kept: what they closed stays closed")
    if done.unread:
        note("the catalogue that was here could not be read; what its withdrawals.toml closes stays closed")
    if done.missing:
        note(f"{done.missing} recordings are not held; fetch them with: convarchive ingest --again fetch")
    if not done.erased:
        note("a process that reads holds up the wiping of traces; the next command that writes finishes it")
    for name in left_beside(Home.find(root), file):
        note(f"{name} is not in the backup and was left as it is; delete it if it is not to be read")
