"""Has the commands that a message advises name the archive that was named: with the same `--home`."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from contextvars import ContextVar

from typer.core import TyperCommand, TyperGroup

_ADVISED = re.compile(r"""(?:(?<=: )|^)convarchive [a-z](?:'[^']*'|"[^"]*"|[^;,()'"])*(?<! )""")

# The commands there are, as Typer holds them, and the folder that this run was given.
_Run = tuple[object, str | None]
_RUN: ContextVar[_Run] = ContextVar("run", default=(None, None))


def begin(command: object, arguments: Sequence[str]) -> None:
    """Remember, for messages to come, the `--home` among a command line's arguments and the commands that know it."""
    _RUN.set((command, _named(arguments)))


def _named(arguments: Sequence[str]) -> str | None:
    home = None
    for place, word in enumerate(arguments):
        if word == "--":
            break
        if word == "--home":
            home = next(iter(arguments[place + 1 :]), None)
        elif word.startswith("--home="):
            home = word.removeprefix("--home=")
    return home


def fitted(text: str) -> str:
    """The text; each command at the end of a clause has `--home` where one was given and the command takes it."""
    command, home = _RUN.get()
    if home is None:
        return text
    return _ADVISED.sub(lambda found: _at(found[0], command, home), text)


def _at(advice: str, command: object, home: str) -> str:
    words = advice.split()[1:]
    if {"--home", "--help"} & set(words):
        return advice
    while isinstance(command, TyperGroup) and words and words[0] in command.commands:
        command = command.commands[words.pop(0)]
    takes_it = isinstance(command, TyperCommand) and any("--home" in one.opts for one in command.params)
    return f"{advice} --home {shlex.quote(home)}" if takes_it else advice
