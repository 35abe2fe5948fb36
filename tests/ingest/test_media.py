"""Telling sound from what came instead of it, by its first bytes."""

import pytest

from convarchive.ingest.media import is_page, suffix


@pytest.mark.parametrize(
    ("head", "ending"),
    [
        (b"fLaC\x00\x00\x00\x22", ".flac"),
        (b"OggS\x00\x02" + bytes(22) + b"\x01\x13OpusHead", ".opus"),
        (b"OggS\x00\x02" + bytes(22) + b"\x01\x1e\x01vorbis", ".ogg"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", ".wav"),
        (b"RF64\xff\xff\xff\xffWAVEds64", ".wav"),
        (b"\x00\x00\x00\x20ftypM4A \x00", ".m4a"),
        (b"\x00\x00\x00\x20ftypisom\x00", ".mp4"),
        (b"\x1a\x45\xdf\xa3\x01", ".webm"),
        (b"FORM\x00\x00\x00\x00AIFF", ".aiff"),
        (b"ID3\x04\x00", ".mp3"),
        (b"\xff\xfb\x90\x64", ".mp3"),
        (b"\xff\xf1\x50\x80", ".aac"),
    ],
)
def test_the_bytes_say_what_a_file_is_whatever_its_name_and_type_say(head: bytes, ending: str):
    assert suffix(head, "application/octet-stream", "https://show.example/play.wma") == ending


def test_type_and_address_are_asked_where_the_bytes_say_nothing():
    assert suffix(b"????", "audio/x-m4a", "https://show.example/1.mp3") == ".m4a"
    assert suffix(b"????", None, "https://show.example/a%20b.OGG?x=1.mp3") == ".ogg"
    assert suffix(b"????", None, "https://show.example/play") == ".audio"
    assert suffix(b"????", None, "https://[::1") == ".audio"


@pytest.mark.parametrize(
    ("head", "media_type"),
    [
        (b"\xef\xbb\xbf \n<!DOCTYPE html>", "audio/mpeg"),
        (b"<HTML>", None),
        (b"<?xml version='1.0'?><Error><Code>NoSuchKey</Code></Error>", "audio/mpeg"),
        (b"Not found", "text/plain"),
        (b'{"error": 404}', "application/json"),
        ("Nicht gefunden: Ä ".encode() * 80, "text/plain"),
    ],
)
def test_a_page_or_message_is_told_from_sound(head: bytes, media_type: str | None):
    assert is_page(head, media_type)


@pytest.mark.parametrize(
    ("head", "media_type"),
    [
        (b"ID3\x04\x00\x00" + bytes(200), "text/plain"),
        (b"\xff\xfb\x90\x64" + bytes(range(256)), "text/html"),
        (b"", "text/html"),
        (b"words that nobody declared to be text", "audio/mpeg"),
    ],
)
def test_sound_of_a_wrong_type_is_still_sound(head: bytes, media_type: str):
    assert not is_page(head, media_type)
