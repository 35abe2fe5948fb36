"""Sound that is not held any more: who asks publishers for it, what is believed, and where clips lead."""

import hashlib
import json

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from convarchive.editorial.clearing import withdraw, withhold
from convarchive.errors import NotAllowed
from convarchive.home import Home
from convarchive.ingest.elsewhere import look_elsewhere
from convarchive.ingest.engines.http import HttpFetcher
from convarchive.ingest.engines.playing import Playing
from convarchive.store.catalogue import Catalogue
from fakes.open_doors import app_of, opened
from fakes.reading_archive import made
from servers import Answer, serving

pytestmark = pytest.mark.slow(alone=False)

SAID = {"by": "B. Editor", "why": "for this test"}


@pytest.fixture
def server():
    with serving() as server:
        yield server


@pytest.fixture
def archive(tmp_path, server):
    """An archive whose one recording came from the server, and is not held any more."""
    archive = made(Home(tmp_path))
    file = archive.home.audio / f"{archive.recording}.wav"
    body = file.read_bytes()
    assert hashlib.sha256(body).hexdigest() == archive.recording
    url = server.put("/talk.wav", Answer(body, "audio/wav"))
    with Catalogue.for_writing(archive.home) as catalogue, catalogue.writing() as write:
        write._connection.execute(text("UPDATE episode_recording SET enclosure_url = :url"), {"url": url})
    file.unlink()
    return archive


def look(archive):
    with Catalogue.for_writing(archive.home) as catalogue:
        return list(look_elsewhere(archive.home, catalogue, HttpFetcher(allow_private=True)))


def clip(archive, name="cleared", **params):
    with (
        opened(archive, clip=Playing(archive.home).clip) as doors,
        TestClient(app_of(doors), base_url="http://127.0.0.1", follow_redirects=False) as client,
    ):
        return client.get(f"/api/v1/quotes/{archive.ids[name]}/clip", params=params)


def test_before_anybody_looked_the_sound_is_not_to_be_had(archive):
    answer = clip(archive)
    assert answer.status_code == 404
    assert "not held any more" in answer.json()["detail"]


def test_a_clip_leads_to_the_publisher_who_serves_the_very_bytes(archive, server):
    (looked,) = look(archive)
    assert looked.url
    asked = len(server.asked)
    answer = clip(archive)
    assert answer.status_code == 307
    assert answer.headers["location"] == f"{looked.url}#t=5.000,11.000"
    assert answer.headers["cache-control"] == "no-store"
    # The server that answers fetches nothing itself, and nothing was kept.
    assert len(server.asked) == asked
    assert list(archive.home.audio.iterdir()) == []
    assert list(archive.home.incoming.iterdir()) == []


def test_each_piece_of_a_quote_has_its_own_fragment(archive):
    look(archive)
    assert clip(archive, "elided", excerpt=1).headers["location"].endswith("#t=79.000,81.000")


def test_a_publisher_who_serves_other_bytes_is_not_led_to(archive, server):
    server.put("/talk.wav", Answer(b"RIFF with adverts put in" * 50, "audio/wav"))
    (looked,) = look(archive)
    assert looked.url is None
    assert "bytes" in looked.why
    assert clip(archive).status_code == 404


def test_a_later_look_that_finds_nothing_takes_the_earlier_one_back(archive, server):
    look(archive)
    assert clip(archive).status_code == 307
    server.answers.clear()
    (looked,) = look(archive)
    assert looked.url is None
    assert clip(archive).status_code == 404


def test_what_was_seen_is_believed_for_a_month_and_while_it_is_the_enclosure(archive):
    (looked,) = look(archive)
    with Catalogue.for_writing(archive.home) as catalogue, catalogue.writing() as write:
        long_ago = json.dumps({"url": looked.url, "at": "2020-01-01T00:00:00+00:00"})
        write._connection.execute(text("UPDATE fact SET value = :v WHERE name LIKE 'enclosure %'"), {"v": long_ago})
    assert clip(archive).status_code == 404
    look(archive)
    with Catalogue.for_writing(archive.home) as catalogue, catalogue.writing() as write:
        write._connection.execute(text("UPDATE episode_recording SET enclosure_url = 'https://podcast.example/new'"))
    assert clip(archive).status_code == 404


@pytest.mark.parametrize(("decide", "status"), [(withdraw, 410), (withhold, 404)])
def test_what_is_closed_leads_nowhere(archive, decide, status):
    look(archive)
    with Catalogue.for_writing(archive.home) as catalogue:
        decide(catalogue, archive.home, archive.ids["cleared"], **SAID)
    assert clip(archive).status_code == status
    assert clip(archive, "probable").status_code == 404


def test_only_editors_are_told_where_recordings_came_from(archive):
    with (
        Catalogue.for_reading(archive.home) as catalogue,
        catalogue.reading("comms") as read,
        pytest.raises(NotAllowed),
    ):
        read.enclosures(archive.recording)


def test_sound_that_is_held_is_never_sent_for(archive, server, tmp_path_factory):
    look(archive)
    body = server.answers["/talk.wav"].body
    (archive.home.audio / f"{archive.recording}.wav").write_bytes(body)
    assert clip(archive).status_code == 200
    assert look(archive) == []
