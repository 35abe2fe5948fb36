"""Options that several commands share."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, get_args

import typer

from convarchive.domain.audience import AUDIENCES, Audience
from convarchive.errors import BadInput
from convarchive.home import Home
from convarchive.tomlfile import suggestion

HomeOption = Annotated[
    Path | None,
    typer.Option("--home", help="The archive's folder; else CONVARCHIVE_HOME, else this folder.", show_default=False),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print records as JSON.")]
QuietOption = Annotated[bool, typer.Option("--quiet", help="No progress; for logs.")]
AudienceOption = Annotated[
    str, typer.Option("--audience", help=f"Whose view: {', '.join(AUDIENCES)}.", metavar="AUDIENCE")
]
ByOption = Annotated[str | None, typer.Option("--by", help="Who decides.", show_default=False)]
WhyOption = Annotated[str | None, typer.Option("--why", help="On what grounds.", show_default=False)]
LimitOption = Annotated[int, typer.Option("-n", "--limit", help="At most so many, 1 to 1000.")]
MOST = 1000


def home_of(given: Path | None) -> Home:
    """The home that was meant. Raises NotAHome."""
    return Home.find(given)


def audience_of(word: str) -> Audience:
    """One of the audiences. Raises BadInput naming them."""
    for one in get_args(Audience):
        if word == one:
            return one  # type: ignore[no-any-return]
    raise BadInput(f"--audience {word[:40]!r} is unknown; {suggestion(word, AUDIENCES)}")


def limit_of(number: int) -> int:
    """A number of answers. Raises BadInput outside 1 to 1000."""
    if not 1 <= number <= MOST:
        raise BadInput(f"-n {number} is no number of answers; give one from 1 to {MOST}")
    return number


def day_of(option: str, text: str | None) -> str | None:
    """An ISO date. Raises BadInput naming the option."""
    if text is None:
        return None
    try:
        return dt.date.fromisoformat(text).isoformat()
    except ValueError:
        raise BadInput(f"{option} {text[:40]!r} is no date; write it as 2031-01-31") from None


def one_of(what: str, word: str, known: tuple[str, ...]) -> str:
    """A word that must be one of a few. Raises BadInput with a suggestion."""
    if word not in known:
        raise BadInput(f"{what} {word[:40]!r} is unknown; {suggestion(word, known)}")
    return word
