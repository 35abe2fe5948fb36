"""The command line: puts the commands together, and turns every error into one line and an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import typer

from convarchive import __version__
from convarchive.cli import (
    adding,
    archive,
    benching,
    demo,
    episodes,
    evaluating,
    exporting,
    indexing,
    ingesting,
    models,
    published,
    quotes,
    reviewing,
    searching,
    serving,
    speakers,
    themes,
)
from convarchive.errors import ArchiveError, NotFound

DONE, NOT_FOUND, BAD = 0, 1, 2
INTERRUPTED = 130
"""What a shell expects of a process that Ctrl-C ended."""

# Typer carries its own copy of Click and exports only some of its errors; this is the root of them.
_ClickError: type[Exception] = typer.BadParameter.__mro__[2]

app = typer.Typer(
    name="convarchive",
    help="From a podcast's feed to searchable, attributed, publishable quotes.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for one in (archive, demo, adding, ingesting, indexing, searching, quotes, themes, speakers, reviewing,
            exporting, evaluating, episodes, published, benching, serving, models):  # fmt: skip
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
    try:
        outcome = app(list(arguments), prog_name="convarchive", standalone_mode=False)
        return outcome if isinstance(outcome, int) else DONE
    except NotFound as error:
        return _say(str(error), NOT_FOUND)
    except ArchiveError as error:
        return _say(str(error), BAD)
    except _ClickError as error:
        return _say(error.format_message(), BAD)  # type: ignore[attr-defined]
    except typer.Exit as error:
        return error.exit_code
    except (KeyboardInterrupt, typer.Abort):
        return _say("stopped; nothing is lost, run the same command again to go on", INTERRUPTED)
    except BrokenPipeError:
        # Somebody piped us into `head`; Python would complain once more while closing stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE


def _say(message: str, code: int) -> int:
    typer.echo(f"convarchive: {' '.join(message.split())}", err=True)
    return code
