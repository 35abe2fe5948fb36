"""
The release forms that are held: what somebody signed, one file each, named after the digest of its bytes.

A review names the digest of the form it rests on, so that a form cannot be exchanged for another one afterwards.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Collection
from pathlib import Path

from convarchive.domain.episode import Sha256
from convarchive.errors import BadInput
from convarchive.home import Home
from convarchive.store.disk import settle, writing_to

LARGEST = 50 << 20
"""Bytes of a form; a larger file is something else, dropped here by mistake."""

RELEASE = re.compile(r"[0-9a-f]{64}(\.[a-z0-9]{1,8})?")
"""How a form's file is called."""

_SUFFIX = re.compile(r"\.[a-z0-9]{1,8}")


def keep_release(home: Home, file: Path) -> Sha256:
    """
    Copy a form into the holdings and return the digest of its bytes.

    The copy can be read by its owner alone. Raises BadInput for what is no readable file of
    a form's size, HomeNotWritable.
    """
    try:
        if not file.is_file():
            raise BadInput(f"{file} is no file; name the release form itself")
        if not 0 < file.stat().st_size <= LARGEST:
            raise BadInput(f"{file} is empty or larger than {LARGEST >> 20} MB, and so hardly a release form")
        content = file.read_bytes()
    except OSError as error:
        raise BadInput(f"{file} cannot be read ({error.strerror}); nothing was decided") from error
    digest = Sha256(hashlib.sha256(content).hexdigest())
    suffix = file.suffix.lower()
    target = home.releases / (digest + (suffix if _SUFFIX.fullmatch(suffix) else ""))
    with writing_to(home.releases):
        home.releases.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=home.releases, prefix=".")
        with os.fdopen(handle, "wb") as copy:
            copy.write(content)
        settle(Path(name))
        Path(name).replace(target)
        settle(home.releases)
    return digest


def release_file(home: Home, digest: str) -> Path | None:
    """Where the form with this digest lies; None where it is not held, or its bytes are others now."""
    for path in home.releases.glob(f"{digest}*") if home.releases.is_dir() else ():
        if hashlib.sha256(path.read_bytes()).hexdigest() == digest:
            return path
    return None


def release_files(home: Home) -> tuple[Path, ...]:
    """Every form that is held, by name."""
    held = sorted(home.releases.iterdir()) if home.releases.is_dir() else []
    return tuple(path for path in held if path.is_file() and RELEASE.fullmatch(path.name))


def forget_releases(home: Home, digests: Collection[str]) -> int:
    """Delete the forms with these digests; how many there were. Raises HomeNotWritable."""
    gone = 0
    with writing_to(home.releases):
        for digest in digests:
            for path in home.releases.glob(f"{digest}*") if home.releases.is_dir() else ():
                path.unlink()
                gone += 1
    return gone
