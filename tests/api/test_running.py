"""A server in a process of its own: stopped gracefully, its index swapped, its archive restored, and what it logs."""

import http.client
import json
import os
import shutil
import signal
import socket
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

import pytest

from convarchive.cli.laying_out import init
from convarchive.editorial import clearing
from convarchive.editorial.backing_up import back_up
from convarchive.editorial.restoring import restore
from convarchive.home import Home
from convarchive.index.build import build
from convarchive.index.engines.faiss_index import FaissIndex
from convarchive.store.catalogue import Catalogue
from fakes import printed
from fakes.encoder import HashingEncoder
from fakes.reading_archive import made
from fakes.serving import a_process_serves

pytestmark = pytest.mark.slow(alone=False)

SEARCH = "/api/v1/search?q=power"


@pytest.fixture(scope="module")
def _archive(tmp_path_factory):
    root = tmp_path_factory.mktemp("archive") / "home"
    init(root)
    return made(Home(root), taken_down=False)


@pytest.fixture
def archive(_archive, tmp_path):
    shutil.copytree(_archive.home.root, tmp_path / "home")
    return type(_archive)(Home(tmp_path / "home"), _archive.recording, _archive.episode, _archive.ids)


def get(address, path):
    try:
        with urllib.request.urlopen(address + path, timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


class Crowd:
    """Visitors who ask for the same things over and over on connections that stay open, and keep what was no 200."""

    def __init__(self, address, paths, count=4):
        self.wrong, self.answers, self._over = [], 0, threading.Event()
        self._host = urllib.parse.urlsplit(address).netloc
        self._threads = [threading.Thread(target=self._visit, args=(paths,)) for _ in range(count)]

    def _visit(self, paths):
        connection = http.client.HTTPConnection(self._host, timeout=60)
        while not self._over.is_set():
            for path in paths:
                try:
                    connection.request("GET", path)
                    answer = connection.getresponse()
                    body = answer.read()
                except (OSError, http.client.HTTPException) as error:
                    self.wrong.append((path, repr(error)))
                    return
                self.answers += 1
                if answer.status != 200:
                    self.wrong.append((path, answer.status, body[:300]))
        connection.close()

    def __enter__(self):
        for one in self._threads:
            one.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        for one in self._threads:
            one.join()


def test_no_request_fails_while_the_index_is_swapped_again_and_again(archive):
    with a_process_serves(archive.home) as (_, address), Catalogue.for_writing(archive.home) as catalogue:
        seen = set()
        with Crowd(address, [SEARCH, "/", f"/q/{archive.ids['cleared']}", "/readyz"]) as crowd:
            for n in range(12):
                with catalogue.writing() as write:
                    printed.put(write, {f"more-{n}": f"Sentence number {n} is about power."})
                build(archive.home, catalogue, HashingEncoder(), FaissIndex)
                time.sleep(0.1)
                seen.add(json.loads(get(address, SEARCH)[1])["index"]["generation"])
    assert crowd.wrong == []
    assert crowd.answers > 100
    assert len(seen) == 12


def test_a_running_server_answers_from_the_archive_that_was_restored_under_it(archive, tmp_path):
    """It goes on answering all the while, and never again with what was withdrawn in between."""
    kept, gone = archive.ids["target"], archive.ids["cleared"]
    back_up(archive.home, tmp_path / "b.tar", with_audio=False, replace=False, report=lambda *_: None)
    with a_process_serves(archive.home) as (_, address):
        assert get(address, f"/api/v1/quotes/{gone}")[0] == 200
        with Catalogue.for_writing(archive.home) as catalogue:
            with catalogue.writing() as write:
                printed.put(write, {"later": "This came after the backup and speaks of power."})
            build(archive.home, catalogue, HashingEncoder(), FaissIndex)
            clearing.withdraw(catalogue, archive.home, gone, by="B. Editor", why="she asked")
        assert get(address, f"/api/v1/quotes/{gone}")[0] == 410
        before = get(address, "/readyz")
        with Crowd(address, [SEARCH, f"/api/v1/quotes/{kept}", "/readyz"]) as crowd:
            for _ in range(3):
                restore(
                    tmp_path / "b.tar", archive.home.root,
                    replace_present=True, make_index=FaissIndex, report=lambda *_: None,
                )  # fmt: skip
                assert get(address, f"/api/v1/quotes/{gone}")[0] == 410
                assert get(address, f"/q/{gone}")[0] == 410
                found = json.loads(get(address, SEARCH)[1])["hits"]
                assert kept in {hit["quote"]["id"] for hit in found}
                assert gone not in {hit["quote"]["id"] for hit in found}
        assert before == get(address, "/readyz") == (200, '{"status":"ready"}')
    assert crowd.wrong == []


def test_a_running_server_notices_a_file_put_in_the_catalogues_place(archive, tmp_path):
    with Catalogue.for_reading(archive.home) as catalogue:
        from convarchive.store import backup

        backup.copy(catalogue, tmp_path / "old.db", lambda *_: None)
    with a_process_serves(archive.home) as (_, address):
        with Catalogue.for_writing(archive.home) as catalogue:
            clearing.withdraw(catalogue, archive.home, archive.ids["cleared"], by="B. Editor", why="she asked")
        assert get(address, f"/q/{archive.ids['cleared']}")[0] == 410
        for name in ("catalogue.db-wal", "catalogue.db-shm"):
            (archive.home.holdings / name).unlink(missing_ok=True)
        (tmp_path / "old.db").replace(archive.home.catalogue)
        assert get(address, f"/q/{archive.ids['cleared']}")[0] == 200, "it is the file that lies there now"


# -- stopping -------------------------------------------------------------------------


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_stopped_it_finishes_what_it_answers_lets_nobody_in_and_ends_well(archive, how):
    sound = f"/api/v1/quotes/{archive.ids['cleared']}/clip"
    with a_process_serves(archive.home) as (process, address):
        assert get(address, SEARCH)[0] == 200
        host, port = urllib.parse.urlsplit(address).netloc.split(":")
        under_way = [http.client.HTTPConnection(host, int(port), timeout=30) for _ in range(3)]
        for one in under_way:
            # Cutting a clip takes a while: long enough to be under way when the signal comes.
            one.request("GET", sound)
        idle = socket.create_connection((host, int(port)))
        time.sleep(0.05)
        process.send_signal(how)
        answers = [one.getresponse() for one in under_way]
        bodies = [one.read() for one in answers]
        assert [one.status for one in answers] == [200, 200, 200]
        assert [len(body) for body in bodies] == [int(one.headers["content-length"]) for one in answers]
        assert process.wait(timeout=20) == 0
        with pytest.raises(OSError, match="refused"):
            socket.create_connection((host, int(port)), timeout=5)
        for one in (idle, *under_way):
            one.close()
        assert process.all_said() == ""


def test_it_tells_systemd_when_it_answers_and_when_it_stops(archive, tmp_path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
        # Such a name may not be long.
        name = f"/tmp/convarchive-test-{os.getpid()}"
        told.bind(name)
        told.settimeout(30)
        try:
            with a_process_serves(archive.home, environment={"NOTIFY_SOCKET": name}) as (process, address):
                assert told.recv(100) == b"READY=1"
                assert get(address, "/healthz")[0] == 200
                process.send_signal(signal.SIGTERM)
                assert told.recv(100) == b"STOPPING=1"
                assert process.wait(timeout=20) == 0
        finally:
            os.unlink(name)  # noqa: PTH108


# -- the log --------------------------------------------------------------------------


def asked_of(archive, form, level="info"):
    with a_process_serves(archive.home, log=level, form=form) as (process, address):
        get(address, "/api/v1/search?q=a+very+private+question&theme=nowhere-of-mine")
        get(address, "/?q=a+very+private+question")
        get(address, "/api/v1/search?q=a+very+private+question")
        get(address, f"/q/{archive.ids['cleared']}")
        get(address, "/no/such/private/page")
        # And where it all goes wrong while the question is being answered.
        archive.home.catalogue.rename(archive.home.root / "away.db")
        get(address, "/api/v1/search?q=a+very+private+question")
        (archive.home.root / "away.db").rename(archive.home.catalogue)
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)
        return process.all_said()


def test_each_request_is_a_line_of_json_that_says_neither_what_nor_who(archive):
    lines = [json.loads(line) for line in asked_of(archive, "json").splitlines()]
    requests = [line for line in lines if line["logger"] == "convarchive.requests"]
    assert [(one["method"], one["route"], one["status"], one["audience"]) for one in requests] == [
        ("GET", "/api/v1/search", 422, "public"),
        ("GET", "/", 200, "public"),
        ("GET", "/api/v1/search", 200, "public"),
        ("GET", "/q/{quote}", 200, "public"),
        ("GET", "none", 404, "public"),
        ("GET", "/api/v1/search", 503, "public"),
    ]
    assert all(one["ms"] > 0 for one in requests)
    assert len({one["request_id"] for one in requests}) == 6
    failed = [line for line in lines if line["level"] == "error"]
    assert failed
    assert failed[0]["request_id"] == requests[-1]["request_id"], "what went wrong is found by the answer's id"
    assert "not there any more" in failed[0]["message"]
    assert "error" not in failed[0], "where in the code a foreseen error comes up helps nobody"


@pytest.mark.parametrize("form", ["text", "json"])
def test_no_log_holds_a_question_or_an_address(archive, form):
    said = asked_of(archive, form, "debug")
    assert "/api/v1/search" in said
    for secret in ("very", "private", "nowhere-of-mine", archive.ids["cleared"]):
        assert secret not in said, secret
    assert "127.0.0.1" not in said


def test_by_default_nothing_is_written_about_requests(archive):
    assert "/q/" not in asked_of(archive, "text", "warning")
