"""The command line: puts the commands together, and turns every error into one line and an exit code."""

from __future__ import annotations

import errno
import logging
import os
import sys
from collections.abc import Sequence

import typer
from typer.main import get_command

from convarchive import __version__
from convarchive.cli import (
    adding,
    advice,
    archive,
    backing_up,
    benching,
    demo,
    embedding,
    episodes,
    evaluating,
    evaluating_all,
    evaluating_nearness,
    evaluating_search,
    evaluating_themes,
    evaluating_voices,
    exporting,
    indexing,
    ingesting,
    keys,
    likes,
    models,
    published,
    quotes,
    reviewing,
    saved_searches,
    searching,
    serving,
    speakers,
    themes,
)
from convarchive.cli.output import note
from convarchive.errors import ArchiveError, BadInput, NotFound

DONE, NOT_FOUND, BAD = 0, 1, 2
INTERRUPTED = 130
"""What a shell expects of a process that Ctrl-C ended."""

# Typer carries its own copy of Click and exports only some of its errors; this is the root of them.
_ClickError: type[Exception] = typer.BadParameter.__mro__[2]

_SILENT = logging.NullHandler()

app = typer.Typer(
    name="convarchive",
    help="From a podcast's feed to searchable, attributed, publishable quotes.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for one in (archive, backing_up, demo, adding, ingesting, indexing, searching, quotes, likes, saved_searches, themes,
            speakers, reviewing, exporting, evaluating, evaluating_search, evaluating_nearness, evaluating_voices,
            evaluating_themes, evaluating_all, episodes, published, benching, serving, embedding, keys,
            models):  # fmt: skip
    one.register(app)


@app.callback(invoke_without_command=True)
def _root(
    context: typer.Context,
    version: bool = typer.Option(False, "--version", help="Print the version and leave."),
) -> None:
    if version:
        typer.echo(f"convarchive {__version__}")
        raise typer.Exit
    del context


def run(arguments: Sequence[str]) -> int:
    """Run one command; its exit code. Errors that a person can act on become one line on stderr."""
    # What libraries log is no line of ours; without a handler Python would print it.
    logging.getLogger().addHandler(_SILENT)
    # Typer's own way of running turns Ctrl-C and a closed pipe into exits that say nothing.
    command = get_command(app)
    advice.begin(command, arguments)
    try:
        _legible(arguments)
        with command.make_context("convarchive", list(arguments)) as context:
            command.invoke(context)
        return DONE
    except NotFound as error:
        return _say(str(error), NOT_FOUND)
    except ArchiveError as error:
        return _say(f"{error}; from a backup: {error.way}" if error.way else str(error), BAD)
    except _ClickError as error:
        return _misused(error)
    except typer.Exit as error:
        return error.exit_code
    except (KeyboardInterrupt, typer.Abort):
        return _say("stopped; nothing is lost, run the same command again to go on", INTERRUPTED)
    except OSError as error:
        return _refused(error)


def _legible(arguments: Sequence[str]) -> None:
    """Raise BadInput for an argument that is no text, unless it is the name of something on disk."""
    for argument in arguments:
        if any("\ud800" <= char <= "\udfff" for char in argument):
            if os.path.lexists(argument.partition("=")[2] if argument.startswith("--") else argument):
                continue
            shown = argument.encode("utf-8", "replace").decode()
            raise BadInput(f"{shown[:80]!r} is neither UTF-8 text nor an existing file; write it in UTF-8")


def _misused(error: Exception) -> int:
    """A command line that Click cannot take: how it is used, or what is wrong with it."""
    message = error.format_message()  # type: ignore[attr-defined]
    if message.startswith("Usage: "):
        note(message)
        return BAD
    context = getattr(error, "ctx", None)
    way_out = f"; see: {context.command_path} --help" if context else ""
    return _say(f"{message.rstrip('.')}{way_out}", BAD)


def _refused(error: OSError) -> int:
    """What the system refused and no command expected."""
    if error.errno == errno.EPIPE:
        # Somebody piped us into `head`; Python would complain once more while closing stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    where = f"{error.filename}: " if error.filename else ""
    return _say(f"{where}{error.strerror or error}; see to that and run the command again", BAD)


def _say(message: str, code: int) -> int:
    note(f"convarchive: {' '.join(message.split())}")
    return code
