"""Sessions: a link that works once, or a key, opens one; a signed cookie carries it."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import get_args

from itsdangerous import BadSignature, TimestampSigner, URLSafeTimedSerializer

from convarchive.domain.audience import Audience
from convarchive.errors import NotAllowed

DAY_S = 24 * 3600
LASTS_S: dict[Audience, int] = {"public": DAY_S, "researcher": 7 * DAY_S, "comms": 7 * DAY_S, "editor": DAY_S}
"""How long a session is believed, in seconds."""

_USED = "this link was used before or is not one of ours; whoever runs the server gets another by starting it anew"


@dataclass(frozen=True, slots=True)
class Session:
    """What a cookie holds: the audience, the prefix of the key that opened it (None: a link), and its own number."""

    audience: Audience
    key: str | None
    number: str


class Sessions:
    """
    Hands out one-time links, opens sessions, and reads their cookies.

    Links, and the sessions they open, live as long as this process; those that a key opened
    outlive it, if the secret does, and end with the key. `name` tells archives apart that
    are served from the same host name on different ports, between which browsers do not
    separate cookies.
    """

    def __init__(self, secret: str, name: str, clock: Callable[[], float] = time.time) -> None:
        self._secret = secret
        self._run = secrets.token_urlsafe(9)
        self._keys: dict[str, Audience] = {}
        self._cookie = "convarchive_" + hashlib.sha256(name.encode()).hexdigest()[:10]

        class Signer(TimestampSigner):
            def get_timestamp(self) -> int:
                return int(clock())

        self._sign = URLSafeTimedSerializer(secret, salt="convarchive session 2", signer=Signer)

    def cookie_name(self, scheme: str) -> str:
        """
        The cookie's name. Over HTTPS browsers see to it that only this very host can have set it.

        >>> Sessions("s", "an archive").cookie_name("https")
        '__Host-convarchive_be94f7b3ec'
        """
        return f"__Host-{self._cookie}" if scheme == "https" else self._cookie

    def invite(self, audience: Audience = "researcher") -> str:
        """A fresh key for `/enter?key=…`; the first to bring it is let in, nobody after."""
        key = secrets.token_urlsafe(24)
        self._keys[key] = audience
        return key

    def demand_unused(self, key: str) -> None:
        """Raises NotAllowed for any link but one that still lets somebody in."""
        if key not in self._keys:
            raise NotAllowed(_USED)

    def enter(self, key: str) -> Session:
        """The session that a link opens, once. Raises NotAllowed for any other link."""
        audience = self._keys.pop(key, None)
        if audience is None:
            raise NotAllowed(_USED)
        return self.opened(audience, None)

    def opened(self, audience: Audience, key: str | None) -> Session:
        """A new session."""
        return Session(audience, key, secrets.token_urlsafe(12))

    def cookie(self, session: Session) -> str:
        """The session as a cookie's value."""
        run = None if session.key else self._run
        return self._sign.dumps([session.audience, session.key, session.number, run])

    def read(self, cookie: str) -> Session | None:
        """The session that a cookie carries; None unless we signed it and not too long ago."""
        try:
            said, at = self._sign.loads(cookie, max_age=max(LASTS_S.values()), return_timestamp=True)
        except BadSignature:
            return None
        audience, key, number, run = said
        if audience not in get_args(Audience) or (key is None and run != self._run):
            return None
        age = self._sign.make_signer().get_timestamp() - at.timestamp()  # type: ignore[attr-defined]
        return Session(audience, key, number) if age <= LASTS_S[audience] else None

    def token(self, session: Session) -> str:
        """What every form of this session's carries, and nobody else can know."""
        said = f"convarchive form {session.number}".encode()
        return hmac.new(self._secret.encode(), said, hashlib.sha256).hexdigest()[:40]
