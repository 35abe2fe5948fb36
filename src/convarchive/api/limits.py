"""
How much one visitor may ask, and how often somebody may try keys that are none.

Allowances are token buckets (Turner 1986; "leaky bucket as a meter"): each asker has so
many units, which come back evenly over time. They are kept in this process only, for the
askers of late, so that an attacker with many addresses cannot fill the memory.
"""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from convarchive.api.proxies import address_of

Clock = Callable[[], float]

WINDOW_S = 60
REMEMBERED = 20_000
"""How many askers are remembered; who asks least recently is forgotten first."""

TRIES, TRIES_BACK_S = 10, 600
"""Keys that one address may get wrong at once, and seconds until it may get as many wrong again."""

ALL_TRIES, ALL_TRIES_BACK_S = 200, 600
"""The same for all addresses together."""


@dataclass(frozen=True, slots=True)
class Left:
    """What is left after asking: units, seconds until all are back, and until this could be asked (0: at once)."""

    units: int
    whole_in_s: int
    wait_s: int


class Allowance:
    """So many units for each asker, coming back evenly in `back_s` seconds."""

    def __init__(self, units: int, back_s: float, clock: Clock = time.monotonic, remembered: int = REMEMBERED) -> None:
        self.units = units
        self._rate = units / back_s
        self._clock = clock
        self._remembered = remembered
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._guard = threading.Lock()

    def take(self, asker: str, cost: int) -> Left:
        """Take `cost` units from an asker; nothing is taken where fewer are left."""
        with self._guard:
            now = self._clock()
            units = self._units(asker, now)
            # What came back drop by drop adds up with a last digit missing.
            enough = units + 1e-9 >= cost
            rest = max(0.0, units - cost) if enough else units
            self._left[asker] = (rest, now)
            self._left.move_to_end(asker)
            while len(self._left) > self._remembered:
                self._left.popitem(last=False)
        wait = 0 if enough else max(1, math.ceil((cost - rest) / self._rate))
        return Left(math.floor(rest), math.ceil((self.units - rest) / self._rate), wait)

    def whole(self, asker: str) -> bool:
        """Whether this asker has all units."""
        with self._guard:
            return self._units(asker, self._clock()) + 1e-9 >= self.units

    def wait_s(self, asker: str) -> int:
        """Seconds until the asker has a unit; 0 where one is there."""
        with self._guard:
            units = self._units(asker, self._clock())
        return 0 if units + 1e-9 >= 1 else max(1, math.ceil((1 - units) / self._rate))

    def _units(self, asker: str, now: float) -> float:
        units, since = self._left.get(asker, (float(self.units), now))
        return min(float(self.units), units + max(0.0, now - since) * self._rate)


class FailedTries:
    """
    Slows down whoever tries keys that are none: address by address, and all of them together.

    While too many were tried together, an address that never got one wrong still has a look
    at its key, so that nobody can shut out those who hold one.
    """

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._each = Allowance(TRIES, TRIES_BACK_S, clock)
        self._all = Allowance(ALL_TRIES, ALL_TRIES_BACK_S, clock)

    def wait_s(self, address: str) -> int:
        """Seconds until a key from this address is looked at again; 0 where it is now."""
        asker = asker_at(address)
        wait = self._each.wait_s(asker)
        if not wait and not self._each.whole(asker):
            wait = self._all.wait_s("all")
        return wait

    def failed(self, address: str) -> None:
        """Count a key that was none."""
        self._each.take(asker_at(address), 1)
        self._all.take("all", 1)


def asker_at(address: str) -> str:
    """
    Who counts as one: an IPv4 address, or the IPv6 network that one customer usually has.

    >>> asker_at("192.0.2.7"), asker_at("2001:db8:1:2:3:4:5:6")
    ('192.0.2.7', '2001:db8:1:2::/64')
    """
    found = address_of(address)
    if found is None or found.version == 4:
        return str(found or address)
    network = int(found) >> 64 << 64
    return f"{type(found)(network)}/64"


def cost_of(path: str, query: bytes) -> int:
    """
    How many units a request costs; 0 for what is never limited.

    >>> cost_of("/api/v1/search", b"q=power"), cost_of("/api/v1/themes", b""), cost_of("/healthz", b"")
    (5, 1, 0)
    """
    if path in ("/healthz", "/readyz", "/metrics") or path.startswith(("/static/", "/widget/")):
        return 0
    asks = path in ("/", "/embed", "/results") and b"q=" in query
    return 5 if asks or path.endswith(("/search", "/verify", "/clip")) else 1
