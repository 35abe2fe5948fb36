"""An owner lets an editor in from elsewhere: keys by command, decisions over HTTP, a voice named, and the key ended."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar

import pytest

from convarchive.index.build import build
from convarchive.models.shelf import default_folder
from convarchive.store.catalogue import Catalogue
from fakes.reading_archive import made
from fakes.show import home_at

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (default_folder() / "all-MiniLM-L6-v2").is_dir(),
        reason="the sentence encoder is not here; bring it with: convarchive models pull",
    ),
]


def give(home, *arguments):
    """A command as a shell gives it; what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "convarchive", *arguments, "--home", str(home.root)],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture
def archive(tmp_path):
    from convarchive import wiring

    archive = made(home_at(tmp_path / "home"))
    with Catalogue.for_writing(archive.home) as catalogue:
        build(archive.home, catalogue, wiring.encoder(), wiring.empty_index)
    return archive


@pytest.fixture
def address(archive):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with subprocess.Popen(
        [sys.executable, "-m", "convarchive", "serve", "--port", str(port), "--home", str(archive.home.root)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as serving:  # fmt: skip
        try:
            for _ in range(600):
                try:
                    socket.create_connection(("127.0.0.1", port), timeout=1).close()
                    break
                except OSError:
                    assert serving.poll() is None, serving.stderr.read()
                    time.sleep(0.1)
            yield f"http://127.0.0.1:{port}"
        finally:
            serving.send_signal(signal.SIGINT)
            serving.wait(timeout=30)
            told = serving.stderr.read()
    assert "Traceback" not in told


def ask(address, key=None, body=None, **headers):
    """Status and record that a program gets."""
    request = urllib.request.Request(address, None if body is None else json.dumps(body).encode())
    sent = {"Content-Type": "application/json"} | headers | ({"Authorization": f"Bearer {key}"} if key else {})
    for name, value in sent.items():
        request.add_header(name, value)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def test_an_editor_decides_from_elsewhere_until_the_key_ends(archive, address):
    api, quote = f"{address}/api/v1", archive.ids["probable"]
    key = give(archive.home, "keys", "create", "--name", "B. Editor", "--audience", "editor", "--by", "A. Owner")
    assert ask(f"{api}/quotes/{quote}")[0] == 404
    status, record = ask(f"{api}/quotes/{quote}", key)
    assert (status, record["clearance"]) == (200, "unreviewed")
    decision = {"act": "clear", "why": "listened", "version": record["version"], "seen": 0}
    status, decided = ask(f"{api}/quotes/{quote}/reviews", key, decision)
    assert (status, decided["clearance"]) == (201, "cleared")
    assert ask(f"{api}/quotes/{quote}")[0] == 200
    assert ask(f"{api}/quotes/{quote}/reviews", key, decision)[0] == 409
    assert "B. Editor" in give(archive.home, "review", "list")
    # The day of use is written beside the requests, not before their answers.
    for _ in range(100):
        (listed,) = json.loads(give(archive.home, "keys", "list", "--json"))
        if listed["last_used"]:
            break
    assert listed["last_used"] == time.strftime("%Y-%m-%d", time.gmtime())
    give(archive.home, "keys", "revoke", "B. Editor", "--by", "A. Owner")
    assert ask(f"{api}/quotes/{quote}", key)[0] == 401


def test_what_a_visitor_says_of_their_address_is_believed_by_nobody(address):
    said = {"X-Forwarded-For": "10.0.0.1", "X-Forwarded-Proto": "https"}
    with urllib.request.urlopen(urllib.request.Request(f"{address}/api/v1/themes", headers=said)) as answer:
        assert "Strict-Transport-Security" not in answer.headers
        # Whoever comes through a proxy that nobody named is limited; this machine itself would not be.
        assert answer.headers["RateLimit-Policy"] == '"asking";q=600;w=60'


def test_a_voice_that_an_editor_names_bears_its_name_a_little_later(archive, address):
    key = give(archive.home, "keys", "create", "--name", "B. Editor", "--audience", "editor", "--by", "A. Owner")
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def page(path, **fields):
        sent = urllib.parse.urlencode(fields).encode() if fields else None
        with browser.open(f"{address}{path}", sent, timeout=60) as answer:
            return answer.read().decode()

    page("/sign-in", key=key)
    quote = archive.ids["nameless"]
    form = page(f"/desk/q/{quote}")
    token, version = (re.search(rf'name="{name}" value="(\w+)"', form)[1] for name in ("token", "version"))
    voice = {"token": token, "version": version, "speaker": "ben-sample", "why": "his voice"}
    assert "being named again" in page(f"/desk/q/{quote}/voice", **voice)
    for _ in range(300):
        with Catalogue.for_reading(archive.home) as catalogue, catalogue.reading("editor") as read:
            voices = {one.label: (one.name, one.status) for one in read.voices(archive.episode)}
        if voices["S3"][0]:
            break
        time.sleep(0.1)
    assert voices["S3"] == ("Ben Sample", "confirmed")
