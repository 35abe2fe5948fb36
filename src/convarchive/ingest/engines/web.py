"""Opens addresses of the web, one hop at a time, and none that lies inside the own network unasked."""

from __future__ import annotations

import http.cookiejar
import ipaddress
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urldefrag, urljoin, urlsplit, urlunsplit

import requests
import urllib3
from requests_hardened import Config, HTTPSession
from requests_hardened.ip_filter import EXTRA_BLOCKED_NET_RANGES, InvalidIPAddress

from convarchive import __version__
from convarchive.errors import AddressRefused, SettingsError, SourceUnavailable
from convarchive.ingest.retrying import Busy, retry_after

MOST_HOPS = 10
"""Redirects that are followed."""
BROKE_OFF = (
    requests.ConnectionError,
    requests.Timeout,
    requests.exceptions.ChunkedEncodingError,
    requests.exceptions.ContentDecodingError,
    urllib3.exceptions.HTTPError,
    OSError,
)
"""What a line that breaks raises, in the layers below."""
_BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})
_INSIDE = (
    "{} leads inside an own or reserved network ({}), which is not fetched from; "
    "if you trust it, set allow_private_addresses = true in convarchive.toml"
)


@dataclass(frozen=True, slots=True)
class Opened:
    """An answer whose body is still to come; `permanent`: only permanent redirects led to its `url`."""

    response: requests.Response
    url: str
    permanent: bool

    @property
    def media_type(self) -> str | None:
        """What the answer says it is, in lower case and without parameters."""
        return self.response.headers.get("Content-Type", "").partition(";")[0].strip().lower() or None


class Web:
    """
    A polite client: no cookies, an honest User-Agent, one look-up of a name that is then the one used.

    Proxies and passwords of the environment are left alone: a proxy would look names up where
    we cannot see them. `timeouts` are the seconds to connect and of silence.
    """

    def __init__(self, *, allow_private: bool, contact: str | None, timeouts: tuple[float, float]) -> None:
        self._private = allow_private
        self._session: requests.Session = HTTPSession(
            Config(
                ip_filter_enable=not allow_private,
                ip_filter_allow_loopback_ips=False,
                never_redirect=True,
                default_timeout=timeouts,
                user_agent_override=_user_agent(contact),
            )
        )
        self._session.trust_env = False
        # Else the library looks ahead to the next hop, and reads the whole body of this one to do so.
        self._session.resolve_redirects = _no_look_ahead
        self._session.cookies.set_policy(http.cookiejar.DefaultCookiePolicy(allowed_domains=[]))

    @contextmanager
    def open(self, url: str, headers: dict[str, str], also: tuple[int, ...] = ()) -> Iterator[Opened]:
        """
        The answer with status 200 (or one of `also`) that an address leads to.

        Raises AddressRefused and SourceUnavailable for what stays so, Busy for what may pass.
        """
        here, permanent = url, True
        for hop in range(MOST_HOPS + 1):
            self._check(here, url)
            with self._answer(here, url, headers) as response:
                target = self._session.get_redirect_target(response)
                if target is None:
                    _judge(response, url, also)
                    yield Opened(response, here, permanent and hop > 0)
                    return
                permanent = permanent and response.status_code in (301, 308)
            # The body of a redirect is never read: nothing bounds it.
            try:
                here = urldefrag(urljoin(here, target)).url
            except ValueError as fault:
                raise AddressRefused(f"{shown(url)} leads to an address that cannot be read; check it") from fault
        raise SourceUnavailable(f"{shown(url)} redirects more than {MOST_HOPS} times; check the address")

    def close(self) -> None:
        """Hang up."""
        self._session.close()

    @contextmanager
    def _answer(self, here: str, url: str, headers: dict[str, str]) -> Iterator[requests.Response]:
        try:
            response = self._session.get(here, headers=headers, stream=True)
        except InvalidIPAddress as refused:
            raise AddressRefused(_INSIDE.format(shown(url), refused)) from refused
        except requests.exceptions.SSLError as fault:
            raise SourceUnavailable(
                f"{shown(url)} has no certificate that can be trusted; check the address, or tell its publisher"
            ) from fault
        except (requests.ConnectionError, requests.Timeout, urllib3.exceptions.HTTPError) as fault:
            if _is_unknown_name(fault):
                raise SourceUnavailable(f"{shown(url)} is at a host that nobody knows; check the address") from fault
            raise Busy(in_words(fault)) from fault
        except (requests.RequestException, ValueError) as fault:
            # All that is left: an address or a header that cannot be written on the wire.
            raise AddressRefused(f"{shown(url)} cannot be fetched; check how it is spelt") from fault
        with response:
            yield response

    def _check(self, here: str, url: str) -> None:
        """Refuse what is clear from the address alone; host names are looked up by the session."""
        try:
            parts = urlsplit(here)
            host, _ = parts.hostname, parts.port
        except ValueError as fault:
            raise AddressRefused(f"{shown(url)} cannot be fetched; check how it is spelt") from fault
        led = "" if here == url else f" (it leads to {shown(here)})"
        if parts.scheme.lower() not in ("http", "https") or not host:
            raise AddressRefused(f"{shown(url)} is not fetched{led}: only http:// and https:// addresses are")
        if not self._private and _is_literally_inside(host):
            raise AddressRefused(_INSIDE.format(shown(url), host))


def _no_look_ahead(*_: object, **__: object) -> Iterator[requests.Response]:
    return iter(())


def _judge(response: requests.Response, url: str, also: tuple[int, ...]) -> None:
    """Raise what an answer's status means, unless it is the one hoped for."""
    status = response.status_code
    if status == 200 or status in also:
        return
    if status in _BUSY:
        raise Busy(f"HTTP {status}", retry_after(response.headers.get("Retry-After"), time.time()))
    if status in (404, 410):
        raise SourceUnavailable(
            f"{shown(url)} is not there (HTTP {status}); check the address, or look for a new one on the "
            "publisher's site"
        )
    if status in (401, 402, 403, 451):
        raise SourceUnavailable(
            f"{shown(url)} may not be fetched (HTTP {status}); it may need a subscription, or its publisher "
            "refuses programs"
        )
    raise SourceUnavailable(f"{shown(url)} answered HTTP {status}; check the address, or try again later")


def shown(url: str) -> str:
    """An address as errors print it: one bearable line, without a password."""
    clean = "".join(ch for ch in url if ch.isprintable())
    try:
        parts = urlsplit(clean)
        if "@" in parts.netloc:
            clean = urlunsplit(parts._replace(netloc="…@" + parts.netloc.rpartition("@")[2]))
    except ValueError:
        pass
    return clean if len(clean) <= 200 else clean[:199] + "…"


def in_words(fault: BaseException) -> str:
    """The kind of a network fault, without the library's own innards."""
    text = str(fault)
    for sign, words in (
        ("resolve", "its host is not known"),
        ("refused", "connection refused"),
        ("timed out", "no answer in time"),
        ("IncompleteRead", "the connection closed early"),
        ("InvalidChunkLength", "the connection closed early"),
        ("without response", "the connection closed early"),
        ("reset", "the connection was reset"),
        ("decode", "its compression is damaged"),
    ):
        if sign in text:
            return words
    return type(fault).__name__


def _is_unknown_name(fault: BaseException | None) -> bool:
    """Whether a fault began with the answer that there is no such name, which waiting does not change."""
    while fault is not None:
        if isinstance(fault, socket.gaierror):
            return fault.errno == socket.EAI_NONAME
        fault = fault.__cause__ or fault.__context__
    return False


_IPV4_IN_DISGUISE = tuple(map(ipaddress.ip_network, ("::/96", "::ffff:0:0:0/96")))
"""IPv4 written as IPv6 in ways that nothing public uses any more (RFC 4291, RFC 2765)."""


def _is_literally_inside(host: str) -> bool:
    """Whether a host is written as an IP address that no public server has."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    address = getattr(address, "ipv4_mapped", None) or address
    if any(address in block for block in _IPV4_IN_DISGUISE):
        return True
    inside = not address.is_global or address.is_multicast or getattr(address, "is_site_local", False)
    return inside or any(address in block for block in EXTRA_BLOCKED_NET_RANGES)


def _user_agent(contact: str | None) -> str:
    if contact is None:
        return f"convarchive/{__version__} (podcast archive)"
    if not contact.isascii() or not contact.isprintable() or len(contact) > 200:
        raise SettingsError("contact must be one plain web or mail address of at most 200 characters")
    return f"convarchive/{__version__} (podcast archive; +{contact})"
