"""Tells from a file's first bytes what it is: which kind of sound, or a page that came instead of one."""

from __future__ import annotations

from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

SUFFIXES: dict[str, str] = {
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".m4b": "audio/mp4",
    ".mp4": "video/mp4",
    ".m4v": "video/mp4",
    ".aac": "audio/aac",
    ".ogg": "audio/ogg",
    ".oga": "audio/ogg",
    ".opus": "audio/ogg",
    ".flac": "audio/flac",
    ".wav": "audio/wav",
    ".webm": "audio/webm",
    ".aif": "audio/aiff",
    ".aiff": "audio/aiff",
    ".wma": "audio/x-ms-wma",
}
"""File names taken for sound, and the media type each says."""

TRANSCRIPTS: dict[str, str] = {
    ".vtt": "text/vtt",
    ".json": "application/json",
    ".srt": "application/x-subrip",
    ".txt": "text/plain",
}
"""File names taken for transcripts, in the order in which they are preferred."""

_BY_TYPE = {
    "audio/mpeg": ".mp3",
    "audio/mp3": ".mp3",
    "audio/mp4": ".m4a",
    "audio/x-m4a": ".m4a",
    "audio/m4a": ".m4a",
    "video/mp4": ".mp4",
    "audio/aac": ".aac",
    "audio/ogg": ".ogg",
    "audio/opus": ".opus",
    "audio/flac": ".flac",
    "audio/x-flac": ".flac",
    "audio/wav": ".wav",
    "audio/x-wav": ".wav",
    "audio/webm": ".webm",
    "audio/aiff": ".aiff",
    "audio/x-ms-wma": ".wma",
}
_TEXTUAL = ("application/json", "application/xml", "application/xhtml+xml", "application/problem+json")
SNIFFED = 1024
"""How many first bytes are looked at."""


def suffix(head: bytes, media_type: str | None, address: str) -> str:
    """
    The file name's ending for sound that begins with `head`: by its bytes, else by its
    declared type, else by its address, else `.audio`.

    >>> suffix(b"ID3...", "application/octet-stream", "https://example.org/play?id=1")
    '.mp3'
    """
    if head[:4] == b"fLaC":
        return ".flac"
    if head[:4] == b"OggS":
        return ".opus" if b"OpusHead" in head[:80] else ".ogg"
    if head[:4] in (b"RIFF", b"RF64") and head[8:12] == b"WAVE":
        return ".wav"
    if head[4:8] == b"ftyp":
        return ".m4a" if head[8:11] in (b"M4A", b"M4B") or (media_type or "").startswith("audio/") else ".mp4"
    if head[:4] == b"\x1a\x45\xdf\xa3":
        return ".webm"
    if head[:4] == b"FORM" and head[8:12] in (b"AIFF", b"AIFC"):
        return ".aiff"
    if head[:3] == b"ID3":
        return ".mp3"
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xF6 == 0xF0:
        return ".aac"
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0:
        return ".mp3"
    return _BY_TYPE.get(media_type or "") or _suffix_of(address) or ".audio"


def _suffix_of(address: str) -> str | None:
    try:
        ending = PurePosixPath(unquote(urlsplit(address).path)).suffix.lower()
    except ValueError:
        return None
    return ending if ending in SUFFIXES else None


def is_page(head: bytes, media_type: str | None) -> bool:
    """
    Whether an answer is a page or message in place of sound: it says so and reads as text,
    or it plainly begins as HTML whatever it says.

    >>> is_page(b"<!doctype html><title>Not found</title>", "audio/mpeg")
    True
    """
    start = head[:SNIFFED].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype", b"<html", b"<head", b"<?xml", b"<rss", b"<script")):
        return True
    kind = media_type or ""
    return bool(head) and (kind.startswith("text/") or kind in _TEXTUAL) and _reads_as_text(head[:SNIFFED])


def _reads_as_text(head: bytes) -> bool:
    try:
        # A character may be cut at the end of the bytes looked at.
        text = head.decode("utf-8") if len(head) < SNIFFED else head[:-3].decode("utf-8", "ignore")
    except UnicodeDecodeError:
        return False
    return "\x00" not in text and sum(not (c.isprintable() or c.isspace()) for c in text) * 50 <= len(text)
