"""The secret that signs sessions: made once, readable by its owner alone, and no part of any copy of the archive."""

from __future__ import annotations

import os
import re
import secrets
from contextlib import suppress

from convarchive.home import Home

_MADE = re.compile(r"[0-9a-f]{64}")


def session_secret(home: Home) -> str:
    """
    The home's secret, made where there is none yet.

    Where it cannot be kept, or others could have read it, it is a new one for this process
    alone; sessions then end with it.
    """
    path = home.session_secret
    fresh = secrets.token_hex(32)
    with suppress(OSError):
        part = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.write(handle, fresh.encode())
            os.fsync(handle)
            # Only the first of several servers that start together gets to name the secret.
            with suppress(FileExistsError):
                os.link(part, path)
        finally:
            os.close(handle)
            part.unlink()
    try:
        kept = path.read_text(encoding="ascii")
        private = not path.stat().st_mode & 0o077
    except (OSError, ValueError):
        return fresh
    return kept if private and _MADE.fullmatch(kept) else fresh
