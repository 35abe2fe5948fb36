"""What lets a program, or a person at the sign-in page, see more than the public does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from convarchive.domain.audience import Audience

KeyState = Literal["valid", "expired", "revoked"]


@dataclass(frozen=True, slots=True)
class Key:
    """
    Opens the doors as one audience, under the name of whoever it was made for.

    `prefix` tells keys apart and is no secret; the secret half is kept as a digest only.
    Browsers may use a key that names `origins` from pages of those sites alone. Instants
    are ISO 8601 in UTC, `last_used` is a day; what `expires_at` a day ends as it begins.
    """

    prefix: str
    name: str
    audience: Audience
    origins: tuple[str, ...]
    created_at: str
    created_by: str
    last_used: str | None = None
    expires_at: str | None = None
    revoked_at: str | None = None
    revoked_by: str | None = None

    def state(self, now: str) -> KeyState:
        """Whether it opens anything at this instant (ISO 8601, UTC)."""
        if self.revoked_at is not None:
            return "revoked"
        return "expired" if self.expires_at is not None and self.expires_at <= now else "valid"
