"""Who is asking: a link that works once opens a signed session; everybody else is the public."""

from __future__ import annotations

import hashlib
import secrets
from typing import get_args

from itsdangerous import BadSignature, URLSafeTimedSerializer

from convarchive.domain.audience import Audience
from convarchive.errors import NotAllowed

LASTS_S = 7 * 24 * 3600
"""How long a session is believed, in seconds."""


class Sessions:
    """
    Hands out one-time keys and the signed cookies they buy.

    Keys live in this process only; cookies hold nothing but the audience. `name` tells
    archives apart that are served from the same host name on different ports, between
    which browsers do not separate cookies.
    """

    def __init__(self, secret: str, name: str) -> None:
        self._sign = URLSafeTimedSerializer(secret, salt="convarchive session")
        self._keys: dict[str, Audience] = {}
        self.cookie = "convarchive_" + hashlib.sha256(name.encode()).hexdigest()[:10]

    def invite(self, audience: Audience = "researcher") -> str:
        """A fresh key for `/enter?key=…`; the first to bring it is let in, nobody after."""
        key = secrets.token_urlsafe(24)
        self._keys[key] = audience
        return key

    def enter(self, key: str) -> str:
        """The cookie that a key buys, once. Raises NotAllowed for any other key."""
        audience = self._keys.pop(key, None)
        if audience is None:
            raise NotAllowed("this link was used before or is not one of ours; print another with: convarchive serve")
        return self._sign.dumps(audience)

    def audience(self, cookie: str | None) -> Audience:
        """Whom a cookie speaks for: the public, unless we signed it not too long ago."""
        if cookie is None:
            return "public"
        try:
            said = self._sign.loads(cookie, max_age=LASTS_S)
        except BadSignature:
            return "public"
        return said if said in get_args(Audience) else "public"
