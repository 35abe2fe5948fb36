"""
Who is asking: decided here, from a key or a signed session, and from nothing else.

A key that does not open is refused; it never turns into the public. A session that has
ended is nobody's, and whoever brings it is the public.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from convarchive.api.limits import FailedTries
from convarchive.api.sessions import Session, Sessions
from convarchive.domain.audience import Audience
from convarchive.domain.key import Key
from convarchive.editorial import keys
from convarchive.errors import NotAllowed, NotRecognised
from convarchive.store.catalogue import Catalogue


class TooMany(Exception):
    """Somebody asks too much, or tried too many keys; they may come back in `wait_s` seconds."""

    def __init__(self, what: str, wait_s: int) -> None:
        super().__init__(f"{what}; come back in {wait_s} seconds")
        self.wait_s = wait_s


@dataclass(frozen=True, slots=True)
class Visitor:
    """
    Who a request is from: the audience, `by` whose name they decide, and the prefix of their `key`.

    `token` is what their forms must carry; only visitors with a session have one.
    """

    audience: Audience = "public"
    by: str | None = None
    key: str | None = None
    token: str = ""


PUBLIC = Visitor()


@dataclass(frozen=True, slots=True)
class Gate:
    """Recognises keys and sessions. `used` is told of every key that opened something."""

    catalogue: Catalogue
    sessions: Sessions
    tries: FailedTries
    used: Callable[[Key], None]

    def by_key(self, authorization: str, origin: str | None, address: str) -> Visitor:
        """
        Who an Authorization header speaks for.

        Raises NotRecognised, NotAllowed (from a site that the key does not name), TooMany.
        """
        scheme, _, text = authorization.partition(" ")
        if scheme.casefold() != "bearer":
            raise NotRecognised("send a key as: Authorization: Bearer cva_…")
        key = self._recognised(text.strip(), origin, address)
        return Visitor(key.audience, key.name, key.prefix)

    def by_session(self, cookie: str) -> Visitor:
        """Who a session's cookie speaks for: the public, where it has ended."""
        session = self.sessions.read(cookie)
        if session is None:
            return PUBLIC
        token = self.sessions.token(session)
        if session.key is None:
            return Visitor(session.audience, None, None, token)
        key = keys.still_valid(self.catalogue, session.key)
        if key is None:
            return PUBLIC
        self.used(key)
        return Visitor(key.audience, key.name, key.prefix, token)

    def sign_in(self, text: str, address: str) -> tuple[Visitor, Session]:
        """
        The session that a key typed into the sign-in page opens.

        Raises NotRecognised, TooMany, and NotAllowed for keys that belong to websites.
        """
        key = self._recognised(text.strip(), None, address)
        if key.origins:
            raise NotAllowed(f"this key is for pages of {', '.join(key.origins)}, and signs nobody in here")
        session = self.sessions.opened(key.audience, key.prefix)
        return Visitor(key.audience, key.name, key.prefix, self.sessions.token(session)), session

    def _recognised(self, text: str, origin: str | None, address: str) -> Key:
        if wait := self.tries.wait_s(address):
            raise TooMany("too many keys were tried that are none of the archive's", wait)
        try:
            key = keys.recognise(self.catalogue, text, origin)
        except NotRecognised:
            self.tries.failed(address)
            raise
        self.used(key)
        return key
