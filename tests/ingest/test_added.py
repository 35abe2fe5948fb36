"""Audio files that somebody hands in."""

import hashlib
import os
from pathlib import Path

import pytest

from convarchive.domain.episode import Person
from convarchive.errors import AudioUnreadable, BadInput
from convarchive.ingest.added import audio_item, person
from servers import sound


def test_a_file_is_known_by_its_bytes_and_named_by_its_name(tmp_path: Path):
    path = tmp_path / "2031-01-06_Bread_and_roses.MP3"
    path.write_bytes(sound(5000))
    item = audio_item(path)
    assert item.guid == hashlib.sha256(sound(5000)).hexdigest()
    assert (item.title, item.published) == ("Bread and roses", "2031-01-06")
    assert item.enclosure is not None
    assert (item.enclosure.url, item.enclosure.media_type, item.enclosure.length) == (path.as_uri(), "audio/mpeg", 5000)
    copy = tmp_path / "copy.mp3"
    copy.write_bytes(sound(5000))
    assert audio_item(copy).guid == item.guid


def test_what_is_said_of_a_file_outranks_its_name(tmp_path: Path):
    path = tmp_path / "2031-01-06 x.mp3"
    path.write_bytes(sound(50))
    item = audio_item(path, " Bread \n& roses ", "2030-02-03", (Person("Ada Example"),), language="cy", fiction=True)
    assert (item.title, item.published, item.persons) == ("Bread & roses", "2030-02-03", (Person("Ada Example"),))
    assert (item.language, item.fiction) == ("cy", True)
    assert audio_item(path, published="2030-02-03T10:00").published == "2030-02-03T10:00:00+00:00"


@pytest.mark.parametrize("date", ["soon", "2031-02-30", "31/01/2031", "2031"])
def test_a_date_that_is_none_is_one_line(date: str, tmp_path: Path):
    (tmp_path / "1.mp3").write_bytes(sound(50))
    with pytest.raises(BadInput, match="2031-01-31"):
        audio_item(tmp_path / "1.mp3", published=date)


def test_what_cannot_be_sound_is_one_line(tmp_path: Path):
    (tmp_path / "empty.mp3").write_bytes(b"")
    (tmp_path / "page.mp3").write_bytes(b"<!doctype html><p>Not found</p>")
    (tmp_path / "words.mp3").write_text("Only words, and no sound at all. " * 100, encoding="utf-8")
    os.mkfifo(tmp_path / "pipe.mp3")
    for name in ("empty.mp3", "page.mp3", "words.mp3", "pipe.mp3", "none.mp3", ".", "n\x00l.mp3"):
        with pytest.raises(AudioUnreadable, match="audio file") as refused:
            audio_item(tmp_path / name)
        assert "\n" not in str(refused.value)


def test_a_person_is_a_guest_unless_a_role_is_given():
    assert person("Ada Example") == Person("Ada Example", "guest")
    assert person(" Ada  Example : Host ") == Person("Ada Example", "host")
    assert person("Ada Example:") == Person("Ada Example", "guest")
    for nobody in ("", ":host", "  "):
        with pytest.raises(BadInput, match="has no name"):
            person(nobody)
