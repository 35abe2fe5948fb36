"""Serving needs no ears: neither the libraries that hear nor those that convert models are loaded by it."""

import json
import re
import subprocess
import sys
import tomllib
import urllib.parse
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from convarchive.index.build import build
from convarchive.models.shelf import default_folder
from convarchive.store.catalogue import Catalogue
from fakes.reading_archive import made
from fakes.show import home_at

HEAVY = (
    "torch",
    "ctranslate2",
    "faster_whisper",
    "sentence_transformers",
    "kaldi_native_fbank",
    "requests",
    "feedparser",
)

LOOK = """
import json, socket, sys, threading, time, urllib.request
from pathlib import Path
from convarchive import wiring
from convarchive.home import Home
from convarchive.settings import load

home = Home(Path(sys.argv[1]))
doors = wiring.doors(home, load(home), "127.0.0.1", 0)
threading.Thread(target=wiring.serve, args=([doors],), daemon=True).start()
for _ in range(600):
    # The address is taken before anybody listens at it.
    try:
        socket.create_connection(("127.0.0.1", doors.bound.port), timeout=1).close()
        break
    except OSError:
        time.sleep(0.1)
answers = {}
for path in json.loads(sys.argv[2]):
    with urllib.request.urlopen(doors.bound.address + path, timeout=60) as answer:
        answers[path] = [answer.status, answer.headers["Content-Type"], answer.read()[:2000].decode("latin-1")]
print(json.dumps({"answers": answers, "loaded": sorted(sys.modules)}))
"""
"""Opens the doors as `convarchive serve` does, goes through some, and says what was loaded."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (default_folder() / "all-MiniLM-L6-v2").is_dir(),
        reason="the sentence encoder is not here; bring it with: convarchive models pull",
    ),
]


@pytest.fixture(scope="module")
def visited(tmp_path_factory):
    from convarchive import wiring

    archive = made(home_at(tmp_path_factory.mktemp("served") / "home"))
    with Catalogue.for_writing(archive.home) as catalogue:
        build(archive.home, catalogue, wiring.encoder(), wiring.empty_index)
    quote = archive.ids["cleared"]
    asked = {
        "search": "/api/v1/search?" + urllib.parse.urlencode({"q": "power that is shared grows"}),
        "page": f"/q/{quote}",
        "clip": f"/api/v1/quotes/{quote}/clip",
        "list": "/api/v1/episodes",
    }
    done = subprocess.run(
        [sys.executable, "-c", LOOK, str(archive.home.root), json.dumps(list(asked.values()))],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    return {name: told["answers"][path] for name, path in asked.items()}, told["loaded"]


def test_every_door_answers(visited):
    answers, _ = visited
    assert {name: answer[0] for name, answer in answers.items()} == dict.fromkeys(answers, 200)
    assert '"relevance"' in answers["search"][2]
    assert answers["clip"][1] == "audio/mp4"


def test_a_server_loads_nothing_that_hears_converts_or_fetches(visited):
    _, loaded = visited
    assert [name for name in HEAVY if name in loaded] == []


def test_all_a_server_loads_comes_with_the_serve_extra(visited):
    _, loaded = visited
    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text())["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["serve"]]
    allowed = closure(re.match(r"[\w.-]+", line).group() for line in asked)
    owners = packages_distributions()
    strangers = {
        name
        for name in loaded
        if "." not in name and name in owners and not {canonical(one) for one in owners[name]} & allowed
    }
    # Python's own start-up hook, and what compiled libraries look for and do without.
    assert strangers - {"convarchive", "_distutils_hack", "cython", "Cython"} == set()


def canonical(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def closure(names):
    """These distributions and all that they need without extras."""
    from importlib.metadata import PackageNotFoundError, requires

    found, waiting = set(), [canonical(name) for name in names]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        try:
            needed = requires(name) or []
        except PackageNotFoundError:
            continue
        waiting += [canonical(re.match(r"[\w.-]+", one).group()) for one in needed if "extra ==" not in one]
    return found
