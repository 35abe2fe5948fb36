"""The owner's choices, from `convarchive.toml`, and what the environment says about this machine."""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from convarchive.errors import SettingsError
from convarchive.home import Home
from convarchive.tomlfile import Table, read, suggestion

_LANGUAGE = re.compile(r"auto|[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_EMAIL = re.compile(r"[^\s@<>\"?&]+@[^\s@<>\"?&]+\.[^\s@<>\"?&.]+")
_LEVELS = ("debug", "info", "warning", "error")


@dataclass(frozen=True, slots=True)
class Settings:
    """
    What the archive's owner chose; every key of `convarchive.toml`, none more.

    `public_url` has no path and no slash at its end; while it is None no permalink is printed. `contact`
    is the e-mail or web address at which people ask for corrections and withdrawals.
    `language` is None where Whisper is to find it out. `jobs` of 0 means as many as fit
    this machine.
    """

    title: str = "Untitled archive"
    public_url: str | None = None
    contact: str | None = None
    language: str | None = "en"
    whisper_model: str = "base"
    jobs: int = 0
    max_download_mb: int = 1024
    allow_private_addresses: bool = False
    host: str = "127.0.0.1"
    port: int = 8000
    allowed_origins: tuple[str, ...] = ()
    trusted_proxies: tuple[str, ...] = ()
    voiceprints: bool = False


def load(home: Home) -> Settings:
    """Read the home's `convarchive.toml`. Raises SettingsError naming the line."""
    return settings_in(read(home.settings))


def settings_in(top: Table) -> Settings:
    """What a parsed `convarchive.toml` says. Raises SettingsError naming the line."""
    top.only(*Settings.__dataclass_fields__)
    usual = Settings()
    language = top.matching("language", _LANGUAGE, "a language code such as en, or auto") if "language" in top else "en"
    return Settings(
        title=top.text_or("title", usual.title),
        public_url=_public_url(top),
        contact=_contact(top),
        language=None if language == "auto" else language,
        whisper_model=top.text_or("whisper_model", usual.whisper_model),
        jobs=top.whole("jobs", least=0, most=64, default=usual.jobs),
        max_download_mb=top.whole("max_download_mb", least=1, most=100_000, default=usual.max_download_mb),
        allow_private_addresses=top.flag("allow_private_addresses", usual.allow_private_addresses),
        host=top.text_or("host", usual.host),
        port=top.whole("port", least=0, most=65_535, default=usual.port),
        allowed_origins=_origins(top),
        trusted_proxies=_proxies(top),
        voiceprints=top.flag("voiceprints", usual.voiceprints),
    )


def _public_url(top: Table) -> str | None:
    url = top.text_or("public_url", None)
    if url is None:
        return None
    if not _is_web_address(url) or "?" in url or "#" in url:
        top.fail("public_url must be an address such as https://archive.example, without ? and #", "public_url")
    bare = url.rstrip("/")
    if urlsplit(bare).path:
        top.fail(
            "public_url must end with the host, for pages are served at / alone; "
            "give the archive a name of its own, such as https://archive.example",
            "public_url",
        )
    return bare


def _contact(top: Table) -> str | None:
    contact = top.text_or("contact", None)
    if contact is not None and not (_is_web_address(contact) or _EMAIL.fullmatch(contact)):
        top.fail("contact must be an e-mail address, or a web address such as https://www.example/contact", "contact")
    return contact


def _origins(top: Table) -> tuple[str, ...]:
    origins = top.texts("allowed_origins")
    for position, origin in enumerate(origins):
        if origin != "*" and not (_is_web_address(origin) and re.fullmatch(r"https?://[^/?#@]+", origin)):
            top.fail(
                f"allowed_origins holds {origin[:60]!r}; write scheme and host, such as https://www.example, or *",
                "allowed_origins",
                position,
            )
    return origins


def _proxies(top: Table) -> tuple[str, ...]:
    proxies = top.texts("trusted_proxies")
    for position, proxy in enumerate(proxies):
        try:
            ipaddress.ip_network(proxy, strict=False)
        except ValueError:
            top.fail(
                f"trusted_proxies holds {proxy[:60]!r}; write an address or a network, such as 127.0.0.1 or 10.0.0.0/8",
                "trusted_proxies",
                position,
            )
    return proxies


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        _ = parts.port  # Looking at it is what refuses a port that is no number.
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"\s", url)


@dataclass(frozen=True, slots=True)
class Environment:
    """
    What this machine says, as opposed to the archive: where optional evaluation data
    lies (None: nowhere), and how much is logged.

    `Home.find` reads `CONVARCHIVE_HOME` and the models' shelf `CONVARCHIVE_MODELS` themselves.
    """

    evaluation: Path | None = None
    log: str = "warning"


def environment(variables: Mapping[str, str] | None = None) -> Environment:
    """Read `CONVARCHIVE_EVAL` and `CONVARCHIVE_LOG`. Raises SettingsError for an unknown level."""
    given = os.environ if variables is None else variables
    log = (given.get("CONVARCHIVE_LOG") or "warning").casefold()
    if log not in _LEVELS:
        raise SettingsError(f"CONVARCHIVE_LOG is {log[:40]!r}; {suggestion(log, _LEVELS)}")
    evaluation = given.get("CONVARCHIVE_EVAL")
    return Environment(Path(evaluation) if evaluation else None, log)
