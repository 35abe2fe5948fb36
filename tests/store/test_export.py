"""The canonical export: the same archive gives the same lines, another one does not."""

import contextlib
import json
import shutil
import sqlite3
import time

import pytest

from convarchive.domain.quote import Selector
from convarchive.home import Home
from convarchive.store.catalogue import Catalogue
from convarchive.store.export import canonical
from convarchive.store.schema import metadata
from convarchive.store.write_reviews import Hold
from fakes import small_archive as small

DERIVED = {"vector", "counter", "fact", "stirred", "ledger_copy"}
WITHIN = {"evidence"}  # told with what it belongs to
BESIDE = {"access_key", "voiceprint", "voice_consent"}  # who may come in, and what no export may hold


def lines(root):
    with Catalogue.for_reading(Home(root)) as catalogue:
        return list(canonical(catalogue))


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    root = tmp_path_factory.mktemp("peace")
    peaceful(root)
    return root


@pytest.fixture
def copied(made, tmp_path):
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return tmp_path


def peaceful(root):
    with Catalogue.for_writing(Home(root)) as catalogue, catalogue.writing() as write:
        finish(write, small.fill(write))


def finish(write, episode):
    """Decisions and a retired quote, so that every table holds something."""
    write.desk_loaded("ingest/speakers.toml", "d1")
    quote = small.HEARD["confirmed"]
    number = write.reviews.add("withhold", "An Editor", "asked to", quote=quote)
    write.reviews.hold(Hold("withheld", quote=quote), number)
    write.voices.put(small.SOUND, "assign", [small.SAID["probable"][1]], small.BEN, number)
    write.quotes.retire(small.HEARD["second"], "cut anew", [quote])
    write.search.sync_passages()
    assert episode


def test_the_same_archive_gives_the_same_lines_however_its_making_went(made, tmp_path, monkeypatch):
    monkeypatch.setattr("convarchive.store.catalogue.now", lambda: "2039-12-31T23:59:59+00:00")
    with Catalogue.for_writing(Home(tmp_path / "storm")) as catalogue:
        # Broken off half-way, done again, and some of it done twice.
        with contextlib.suppress(KeyError), catalogue.writing() as write:
            small.fill(write)
            raise KeyError("killed")
        with catalogue.writing() as write:
            episode = small.fill_sound(write)
        with contextlib.suppress(KeyError), catalogue.writing() as write:
            write.reviews.add("clear", "An Editor", "rolled back")
            raise KeyError("killed")
        with catalogue.writing() as write:
            small.fill_speech(write, episode)
            small.fill_quotes(write, episode)
            write.search.sync_passages()
        with catalogue.writing() as write:
            small.fill_sound(write)
            rows = write.speech.current_attributions(small.SOUND)
            small.put_quote(write, episode, "confirmed", rows)
            small.fill_print(write)
            finish(write, episode)
    assert lines(tmp_path / "storm") == lines(made)


def test_every_table_is_exported_or_made_anew_from_the_rest_or_no_part_of_the_archive(copied):
    told = {json.loads(line)["table"] for line in lines(copied)}
    assert told | DERIVED | WITHIN | BESIDE == set(metadata.tables)


def test_lines_say_nothing_of_when(copied):
    year = time.strftime("%Y-")
    assert not [line for line in lines(copied) if year in line]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE quote SET retired = 'gone' WHERE retired IS NULL",
        "UPDATE version SET text = text || '!'",
        "UPDATE version SET attribution = NULL WHERE attribution IS NOT NULL",
        "UPDATE evidence SET detail = 'other'",
        "UPDATE attribution SET status = 'probable' WHERE label = 'S1'",
        "UPDATE source SET end_ms = end_ms + 1 WHERE end_ms IS NOT NULL",
        "UPDATE clearing SET undone_by = review",
        "UPDATE hold SET state = 'withdrawn'",
        "UPDATE theme_score SET score = 0.1",
        "UPDATE passage SET text = 'other'",
        "UPDATE run SET input_digest = 'other'",
        "UPDATE redirect SET target = quote",
        "DELETE FROM turn WHERE label = 'S2'",
        "UPDATE transcript SET dropped = '[]'",
    ],
)
def test_a_change_that_matters_shows(copied, change):
    before = lines(copied)
    raw = sqlite3.connect(Home(copied).catalogue)
    with raw:
        assert raw.execute(change).rowcount > 0
    raw.close()
    assert lines(copied) != before


def test_a_moved_word_shows(copied):
    before = lines(copied)
    with Catalogue.for_writing(Home(copied)) as catalogue, catalogue.writing() as write:
        (episode,) = write.episodes.episodes()
        heard = write.speech.transcript(episode.id, small.SOUND, "heard")
        rest = heard.words[1:]
        moved = type(heard)(rest, heard.language, heard.origin, heard.fingerprint, heard.dropped)
        write.speech.put_transcript(episode.id, small.SOUND, moved)
    assert lines(copied) != before


def test_selectors_travel(copied):
    kept = [json.loads(line) for line in lines(copied) if '"table":"selector"' in line]
    words = small.SAID["confirmed"][2]
    assert Selector(words).exact in {one["exact"] for one in kept}
