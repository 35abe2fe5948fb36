"""Models from a local folder: weights somebody carried here, or another machine's pulled models."""

from __future__ import annotations

import shutil
from pathlib import Path

from convarchive.errors import SourceUnavailable
from convarchive.models import record
from convarchive.models.ports import Report
from convarchive.models.shelf import folder_name
from convarchive.models.table import Model


class Folder:
    """
    A folder that holds `NAME/file` for each model.

    Where `NAME/` is a model as `convarchive models pull` leaves it, it is taken over as it
    is, converted file and all: so a machine without torch gets its models from one with it.
    """

    ready_made = True

    def __init__(self, root: Path) -> None:
        self._root = root

    @property
    def name(self) -> str:
        return f"folder {self._root}"

    def fetch(self, model: Model, into: Path, report: Report) -> str:
        """Copy the model's files. Raises SourceUnavailable where one is not there or cannot be read."""
        place = self._root / folder_name(model.name)
        if not place.is_dir():
            raise SourceUnavailable(f"it holds no folder {place.name}")
        if (place / record.RECORD).is_file():
            paths = [p.relative_to(place).as_posix() for p in sorted(place.rglob("*")) if p.is_file()]
            paths.sort(key=lambda path: path == record.RECORD)  # last, so that a broken copy has no record
        elif model.files:
            paths = [file.path for file in model.files]
        else:
            raise SourceUnavailable(f"{place} holds no {record.RECORD}, which a model outside the table needs")
        done, total = 0, sum((place / path).stat().st_size for path in paths if (place / path).is_file())
        try:
            for path in paths:
                target = into / path
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(place / path, target)
                done += target.stat().st_size
                report(done, total)
        except OSError as exc:
            raise SourceUnavailable(f"{place / path}: {exc.strerror}") from exc
        return str(place)
