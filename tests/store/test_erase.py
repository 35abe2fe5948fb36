"""Erasing: nothing deleted stays in full text, vectors or the log; what a reader prevents is finished later."""

import sqlite3
import subprocess
import sys

import pytest

from convarchive.store.catalogue import Catalogue
from fakes import small_archive as small
from fakes.blank import blank_home

READ = """
import sys
from pathlib import Path
from convarchive.home import Home
from convarchive.store.catalogue import Catalogue
with Catalogue.for_reading(Home(Path(sys.argv[1]))) as catalogue:
    with catalogue.reading("public") as read:
        read.generation()
        print("reading", flush=True)
        sys.stdin.readline()
    print("done", flush=True)
"""
GONE = "Zanzibar is far away from here."
VECTOR = b"a vector of words that are gone" * 8


@pytest.fixture
def home(tmp_path):
    """A home whose first quote has lost the words about Zanzibar, in all but traces."""
    home = blank_home(tmp_path)
    with Catalogue.for_writing(home) as catalogue:
        with catalogue.writing() as write:
            episode = small.fill(write)
            small.put_quote(write, episode, "second", write.speech.current_attributions(small.SOUND), words=GONE)
            write.search.sync_passages()
            write.search.put_vectors("fake", {GONE: VECTOR})
        with catalogue.writing() as write:
            rows = write.speech.current_attributions(small.SOUND)
            small.put_quote(write, episode, "second", rows, words="Other words stand here.")
            write.search.sync_passages()
    return home


def stems(home):
    raw = sqlite3.connect(home.catalogue)
    blocks = raw.execute("SELECT block FROM passage_words_data").fetchall()
    raw.close()
    return b"".join(bytes(block[0]) for block in blocks)


def on_disk(home):
    return b"".join(path.read_bytes() for path in home.holdings.glob("catalogue.db*"))


def log_size(home):
    log = home.catalogue.with_name("catalogue.db-wal")
    return log.stat().st_size if log.exists() else 0


def test_what_was_dropped_leaves_traces_until_it_is_erased(home):
    assert b"zanzibar" in stems(home)
    assert VECTOR in on_disk(home)
    with Catalogue.for_writing(home) as catalogue:
        assert catalogue.erase()
        assert catalogue.erasure_pending() is None
        assert VECTOR not in on_disk(home)
    assert b"zanzibar" not in stems(home)
    assert b"garden" not in stems(home), "the version before that is gone too"
    assert b"grow" in stems(home), "and what still stands is still found"


@pytest.mark.slow(alone=False)
def test_an_erasure_that_a_reader_holds_up_is_pending_and_finished_at_the_next_opening(home):
    reader = subprocess.Popen(
        [sys.executable, "-c", READ, str(home.root)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert reader.stdout.readline().strip() == "reading"
        with Catalogue.for_writing(home) as catalogue:
            assert not catalogue.erase()
            assert catalogue.erasure_pending() is not None
        with Catalogue.for_writing(home) as catalogue:
            assert catalogue.erasure_pending() is not None, "the reader is still there"
        assert log_size(home) > 0
    finally:
        reader.communicate("\n")
    with Catalogue.for_writing(home) as catalogue:
        assert catalogue.erasure_pending() is None
        assert catalogue.check() == ()
    assert VECTOR not in on_disk(home)


def test_search_finds_the_same_after_an_erasure(home):
    with Catalogue.for_writing(home) as catalogue:
        with catalogue.reading("editor") as read:
            before = read.lexical_scores("power words minutes", 10)
        catalogue.erase()
        with catalogue.reading("editor") as read:
            assert read.lexical_scores("power words minutes", 10) == pytest.approx(before)
