"""
Letting others in: keys are made, shown once, recognised, and ended.

A key reads `cva_<prefix>_<secret>`. The secret holds 256 random bits, so its plain SHA-256
is all that has to be kept: there is nothing to guess that a slow hash would protect.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

from convarchive.domain.audience import Audience
from convarchive.domain.key import Key
from convarchive.editorial.saying import instant
from convarchive.errors import ArchiveError, BadInput, NotAllowed, NotFound, NotRecognised
from convarchive.home import Home
from convarchive.store import read_keys
from convarchive.store.catalogue import Catalogue, now

SECRET_BYTES = 32
LONGEST_NAME = 100
AGAIN_S = 3600
"""How long a key's use that could not be written down is not tried again, in seconds."""

_KEY = re.compile(r"cva_([a-z2-7]{8})_([a-z2-7]{52})")
_ORIGIN = re.compile(r"https?://[^/?#@\s*]+")
_NOBODY = "0" * 64


def create(
    catalogue: Catalogue,
    name: str,
    audience: Audience,
    *,
    by: str,
    origins: Sequence[str] = (),
    expires: str | None = None,
) -> tuple[Key, str]:
    """
    Make a key; it comes back with its full text, which is nowhere else and cannot be had again.

    `name` stands beside whatever its holder decides, so no two living keys share one. Raises
    BadInput for a name, origin or `expires` (a day or an instant) that cannot be used.
    """
    name, by = _line("--name", name), _line("--by", by)
    sites = tuple(dict.fromkeys(_origin(one) for one in origins))
    prefix, secret = _letters(5), _letters(SECRET_BYTES)
    text = f"cva_{prefix}_{secret}"
    with catalogue.writing() as write:
        if any(one.name == name and one.state(write.now) == "valid" for one in write.keys.named(name)):
            raise BadInput(f"there is a key for {name!r} already; revoke it first, or give this one another --name")
        ends = None if expires is None else instant(expires, "expires", write.now)
        key = Key(prefix, name, audience, sites, write.now, by, expires_at=ends)
        write.keys.add(key, _digest(text))
    return key, text


def revoke(catalogue: Catalogue, which: str, *, by: str) -> Key:
    """
    End the key with this prefix or name, at once and in servers that run.

    Raises NotFound where no such key is left to end.
    """
    by = _line("--by", by)
    match = _KEY.fullmatch(which)
    with catalogue.writing() as write:
        wanted = match[1] if match else which.removeprefix("cva_")
        living = [one for one in write.keys.named(wanted) if one.revoked_at is None]
        if not living:
            raise NotFound(f"no key {wanted[:60]!r} is left to revoke; list them with: convarchive keys list")
        if len(living) > 1:
            known = ", ".join(one.prefix for one in living)
            raise BadInput(f"{wanted[:60]!r} names several keys; give one of their prefixes: {known}")
        write.keys.revoke(living[0].prefix, by)
    return living[0]


def recognise(catalogue: Catalogue, text: str, origin: str | None = None) -> Key:
    """
    The key that this is, if it opens anything now.

    `origin` is the site from whose page a browser says it asks. Raises NotRecognised for what
    is no key, has expired or was revoked, and NotAllowed from a site that the key does not name.
    """
    match = _KEY.fullmatch(text)
    found = read_keys.find(catalogue, match[1]) if match else None
    # Compared also where there is nothing to compare with, so that the time taken tells nothing.
    same = hmac.compare_digest(_digest(text), found[1] if found else _NOBODY)
    if found is None or not same:
        raise NotRecognised("this is no key of the archive's; ask its owner for another")
    key = found[0]
    _demand_valid(key)
    if key.origins and origin is not None and origin.casefold() not in key.origins:
        raise NotAllowed(f"this key may be used from pages of {', '.join(key.origins)} only")
    return key


def still_valid(catalogue: Catalogue, prefix: str) -> Key | None:
    """The key of a session that it opened earlier, unless it has ended since."""
    found = read_keys.find(catalogue, prefix)
    return found[0] if found and found[0].state(now()) == "valid" else None


def _demand_valid(key: Key) -> None:
    state = key.state(now())
    if state == "revoked":
        raise NotRecognised(f"the key {key.prefix} was revoked; ask the archive's owner for another")
    if state == "expired":
        raise NotRecognised(f"the key {key.prefix} expired on {key.expires_at}; ask the archive's owner for another")


class LastUse:
    """
    Writes down on which day a key was last used: once a day a key, beside the request, and only if that can be had.

    A catalogue that is busy or read-only costs no request anything; the use is then tried
    again an hour later.
    """

    def __init__(self, home: Home, clock: Callable[[], float] = time.monotonic) -> None:
        self._home = home
        self._clock = clock
        self._tried: dict[tuple[str, str], float] = {}
        self._guard = threading.Lock()
        self._waiting: list[str] = []
        self._writer: threading.Thread | None = None

    def note(self, key: Key) -> None:
        """Have the use of this key written down, unless that was done today or tried just now. Returns at once."""
        day = now()[:10]
        if key.last_used == day:
            return
        with self._guard:
            last = self._tried.get((key.prefix, day))
            if last is not None and self._clock() - last < AGAIN_S:
                return
            # What is of another day is never asked about again.
            self._tried = {known: at for known, at in self._tried.items() if known[1] == day}
            self._tried[key.prefix, day] = self._clock()
            self._waiting.append(key.prefix)
            if self._writer is None:
                self._writer = threading.Thread(target=self._write, name="last use of keys", daemon=True)
                self._writer.start()

    def settled(self, patience: float = 10.0) -> None:
        """Wait until nothing is being written, at most so many seconds."""
        with self._guard:
            writer = self._writer
        if writer is not None:
            writer.join(patience)

    def _write(self) -> None:
        while True:
            with self._guard:
                prefixes, self._waiting = self._waiting, []
                if not prefixes:
                    self._writer = None
                    return
            with suppress(ArchiveError), Catalogue.for_writing(self._home) as catalogue, catalogue.writing() as write:
                for prefix in prefixes:
                    write.keys.used(prefix)


def _line(option: str, text: str) -> str:
    said = " ".join(text.split())
    if not said:
        raise BadInput(f"a key needs {option} WHO, so that others know whose it is; nothing was changed")
    if len(said) > LONGEST_NAME or not said.isprintable():
        raise BadInput(f"{option} needs a name of up to {LONGEST_NAME} characters, on one line")
    return said


def _origin(text: str) -> str:
    site = text.strip().casefold().rstrip("/")
    if not _ORIGIN.fullmatch(site):
        raise BadInput(f"--origin {text[:60]!r} is no site; write scheme and host, such as https://www.example")
    return site


def _letters(size: int) -> str:
    """Random bytes as lower-case letters and digits that survive every keyboard, mail and double click."""
    return base64.b32encode(secrets.token_bytes(size)).decode().rstrip("=").lower()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
