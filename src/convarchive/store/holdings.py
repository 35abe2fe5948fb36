"""
The sound that is held: one file a recording, named after the digest of its bytes.

A file under its final name is always whole: it is written elsewhere, settled on the disk
and only then renamed.
"""

from __future__ import annotations

import errno
import hashlib
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

from convarchive.domain.episode import Recording, Sha256
from convarchive.errors import BadInput
from convarchive.home import Home
from convarchive.store.disk import settle, writing_to

_DIGEST = re.compile(r"[0-9a-f]{64}")
_SUFFIX = re.compile(r"[a-z0-9]{1,8}")


def path_of(home: Home, sha256: Sha256, suffix: str) -> Path:
    """
    Where this recording lies, held or not; `suffix` with or without its dot.

    Raises BadInput for what is no digest or no suffix, so that nothing outside the folder can be named.
    """
    plain = suffix.removeprefix(".").lower()
    if not _DIGEST.fullmatch(sha256):
        raise BadInput(f"{sha256!r} is no recording's digest; it takes 64 hex digits")
    if not _SUFFIX.fullmatch(plain):
        raise BadInput(f"{suffix!r} is no file suffix; it takes up to eight letters or digits, such as mp3")
    return home.audio / f"{sha256}.{plain}"


def keep(home: Home, download: Path, sha256: Sha256, suffix: str) -> Path:
    """
    Move a fetched file into the holdings and return its path there.

    The bytes are the caller's to have hashed. A file already held under this digest is
    replaced by the same bytes. Raises HomeNotWritable.
    """
    target = path_of(home, sha256, suffix)
    with writing_to(home.audio):
        home.audio.mkdir(parents=True, exist_ok=True)
        settle(download)
        try:
            download.replace(target)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            _move_across(home, download, target)
        settle(home.audio)
    return target


def _move_across(home: Home, download: Path, target: Path) -> None:
    # Another disk: only a copy that is already on this one can be renamed in one stroke.
    home.incoming.mkdir(parents=True, exist_ok=True)
    near = home.incoming / f"{target.name}.moving"
    shutil.copyfile(download, near)
    settle(near)
    near.replace(target)
    download.unlink()


def verify(home: Home, sha256: Sha256, suffix: str) -> bool:
    """Whether the recording is held and its bytes still have their digest; reads the whole file."""
    path = path_of(home, sha256, suffix)
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256
    except OSError:
        return False


def missing(home: Home, recordings: Iterable[Recording]) -> tuple[Recording, ...]:
    """Recordings whose file is not there, or has not the number of bytes it came with."""

    def there(one: Recording) -> bool:
        path = path_of(home, one.sha256, one.suffix)
        return path.is_file() and path.stat().st_size == one.bytes

    return tuple(one for one in recordings if not there(one))


def stray(home: Home, recordings: Iterable[Recording]) -> tuple[Path, ...]:
    """Files among the holdings that no recording of the catalogue explains, by name."""
    if not home.audio.is_dir():
        return ()
    known = {path_of(home, one.sha256, one.suffix) for one in recordings}
    return tuple(sorted(path for path in home.audio.iterdir() if path not in known))
