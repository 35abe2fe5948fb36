"""What pulling a model asks of the outside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from convarchive.models.table import Model

Report = Callable[[int, int], None]
"""Told how far a model is: (done, total) bytes, total 0 where unknown."""


class Source(Protocol):
    """Somewhere that may have a model's files: a hub, a folder, published packages."""

    @property
    def name(self) -> str:
        """What to call it when it could not help."""

    @property
    def ready_made(self) -> bool:
        """Whether it may hand over a model that is converted already, with its record."""

    def fetch(self, model: Model, into: Path, report: Report) -> str:
        """
        Bring every file of `model.files` into the folder `into`, each at its path; return the origin in words.

        What lies there already from an earlier try may be used or carried on with; the caller
        compares digests. Raises SourceUnavailable where this source does not have the model.
        """


@dataclass(frozen=True, slots=True)
class Converted:
    """How a model was made ready: the tool with its versions, and how far its answers are from the original's."""

    by: str
    largest_difference: float


class Converter(Protocol):
    """Turns fetched weights into the file that is run."""

    @property
    def recipe(self) -> str:
        """Names how models are converted; one that was converted otherwise is pulled again."""

    def ready(self) -> None:
        """Raise EngineMissing, naming the extra to install, where this cannot convert."""

    def convert(self, model: Model, source: Path, target: Path) -> Converted:
        """Write `model.onnx` and what must lie beside it into `target`, from the fetched files in `source`."""
