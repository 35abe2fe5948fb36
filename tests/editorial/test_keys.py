"""Keys: shown once, kept as a digest, and worth nothing from the moment they end, in other processes too."""

import hashlib
import sqlite3
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from convarchive.editorial import keys
from convarchive.errors import BadInput, NotAllowed, NotFound, NotRecognised
from convarchive.home import Home
from convarchive.store import read_keys
from convarchive.store.catalogue import Catalogue, now
from convarchive.store.export import canonical

ASK = """
import sys
from pathlib import Path
from convarchive.editorial import keys
from convarchive.errors import NotRecognised
from convarchive.home import Home
from convarchive.store.catalogue import Catalogue

with Catalogue.for_reading(Home(Path(sys.argv[1]))) as catalogue:
    for line in sys.stdin:
        try:
            print(keys.recognise(catalogue, line.strip()).audience, flush=True)
        except NotRecognised as error:
            print(error, flush=True)
"""


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path)


@pytest.fixture
def catalogue(home):
    with Catalogue.for_writing(home) as catalogue:
        yield catalogue


def made(catalogue, name="B. Editor", audience="editor", **more):
    return keys.create(catalogue, name, audience, by="A. Owner", **more)


def test_a_key_is_recognised_as_what_it_was_made_for(catalogue):
    key, text = made(catalogue, audience="comms")
    assert text.startswith(f"cva_{key.prefix}_")
    assert len(text.rpartition("_")[2]) * 5 >= 256
    found = keys.recognise(catalogue, text)
    assert (found.name, found.audience, found.created_by) == ("B. Editor", "comms", "A. Owner")


def test_the_catalogue_keeps_a_digest_and_never_the_key(home, catalogue):
    _, text = made(catalogue)
    secret = text.rpartition("_")[2]
    catalogue.close()
    files = b"".join(path.read_bytes() for path in home.holdings.glob("catalogue.db*"))
    assert secret.encode() not in files
    assert hashlib.sha256(text.encode()).hexdigest().encode() in files


@given(st.text(max_size=90))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_but_the_whole_key_is_recognised(catalogue, guess):
    key, text = made(catalogue, name=f"n{len(read_keys.every(catalogue))}")
    wrong = "a" if text[-1] != "a" else "b"
    for one in (guess, f"cva_{key.prefix}_{guess}", text[:-1], text[:-1] + wrong, text + guess + "x", text.upper()):
        with pytest.raises(NotRecognised):
            keys.recognise(catalogue, one)


@pytest.mark.slow(alone=False)
def test_revoking_counts_at_once_in_a_process_that_is_already_running(home, catalogue):
    key, text = made(catalogue)
    door = subprocess.Popen(
        [sys.executable, "-c", ASK, str(home.root)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )

    def ask():
        door.stdin.write(f"{text}\n")
        door.stdin.flush()
        return door.stdout.readline().strip()

    try:
        assert ask() == "editor"
        keys.revoke(catalogue, "B. Editor", by="A. Owner")
        assert "was revoked" in ask()
    finally:
        door.communicate()
    (kept,) = read_keys.every(catalogue)
    assert (kept.state(now()), kept.revoked_by, kept.prefix) == ("revoked", "A. Owner", key.prefix)


def test_an_expired_key_opens_nothing(home, catalogue):
    key, text = made(catalogue, expires="2999-01-01")
    assert keys.recognise(catalogue, text).expires_at == "2999-01-01"
    with sqlite3.connect(home.catalogue) as raw:
        raw.execute("UPDATE access_key SET expires_at = '2001-01-01'")
    raw.close()
    with pytest.raises(NotRecognised, match="expired on 2001-01-01"):
        keys.recognise(catalogue, text)
    assert keys.still_valid(catalogue, key.prefix) is None


def test_a_key_for_websites_works_from_their_pages_and_outside_browsers(catalogue):
    _, text = made(catalogue, audience="public", origins=["https://www.Example/", "https://www.example"])
    key = keys.recognise(catalogue, text)
    assert key.origins == ("https://www.example",)
    assert keys.recognise(catalogue, text, "https://www.example") == key
    for other in ("https://other.example", "http://www.example", "https://www.example.evil.example", "null"):
        with pytest.raises(NotAllowed, match=r"https://www\.example only"):
            keys.recognise(catalogue, text, other)


def test_only_living_keys_lend_their_sites(catalogue):
    made(catalogue, audience="public", origins=["https://www.example"])
    gone, _ = made(catalogue, name="gone", audience="public", origins=["https://gone.example"])
    keys.revoke(catalogue, gone.prefix, by="A. Owner")
    assert read_keys.origins(catalogue, now()) == {"https://www.example"}


def test_two_living_keys_never_bear_one_name(catalogue):
    first, _ = made(catalogue)
    with pytest.raises(BadInput, match="already"):
        made(catalogue, name="  B.   Editor ")
    keys.revoke(catalogue, first.prefix, by="A. Owner")
    second, _ = made(catalogue)
    assert keys.revoke(catalogue, "B. Editor", by="A. Owner").prefix == second.prefix
    with pytest.raises(NotFound, match="keys list"):
        keys.revoke(catalogue, "B. Editor", by="A. Owner")


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""}, {"name": "x" * 101}, {"name": "a\x1b[2J"}, {"origins": ["www.example"]},
        {"origins": ["https://www.example/path"]}, {"origins": ["https://*.example"]}, {"expires": "2001-01-01"},
        {"expires": "soon"},
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_and_makes_no_key(catalogue, wrong):
    with pytest.raises(BadInput):
        made(catalogue, **wrong)
    assert read_keys.every(catalogue) == ()


def test_the_day_of_the_last_use_is_written_beside_the_request_and_once(home, catalogue):
    key, text = made(catalogue)
    last = keys.LastUse(home)
    last.note(key)
    last.settled()
    used = keys.recognise(catalogue, text)
    assert used.last_used == now()[:10]
    with catalogue.writing():
        last.note(used)
        last.settled()


def test_a_catalogue_that_cannot_be_written_costs_no_request_anything(home, catalogue, monkeypatch):
    monkeypatch.setattr("convarchive.store.opening.BUSY_TIMEOUT_MS", 50)
    key, text = made(catalogue)
    clock = [0.0]
    last = keys.LastUse(home, lambda: clock[0])
    with catalogue.writing() as write:
        write.count_up("content")
        last.note(key)
        last.settled()
    assert keys.recognise(catalogue, text).last_used is None
    last.note(key)
    last.settled()
    assert keys.recognise(catalogue, text).last_used is None
    clock[0] = keys.AGAIN_S
    last.note(key)
    last.settled()
    assert keys.recognise(catalogue, text).last_used == now()[:10]


def test_keys_are_no_part_of_what_an_archive_holds(catalogue):
    before = list(canonical(catalogue))
    made(catalogue)
    assert list(canonical(catalogue)) == before
