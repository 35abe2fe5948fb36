"""
Nothing that an audience may not meet can be met at any door: a walk through all of them, looking for words.

The archive holds a quote in every standing under every kind of name, and every fact in it is
a word of its own (`fakes.marked_archive`). Every route of the server is asked with everything
it takes, as every audience, in two processes at once, before and after decisions; then the
audience table is loosened cell by cell, and each time the same walk has to find the leak.
"""

import http.client
import json
import os
import re
import subprocess
import sys
import urllib.parse
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from starlette.routing import Mount
from starlette.testclient import TestClient

from convarchive.domain.audience import AUDIENCES, PERMISSIONS
from convarchive.editorial.clearing import withdraw
from convarchive.editorial.forgetting import forget
from convarchive.home import Home
from convarchive.index.build import build
from convarchive.index.engines.faiss_index import FaissIndex
from convarchive.publish.packet import FORMS
from convarchive.store.catalogue import Catalogue
from fakes.encoder import HashingEncoder
from fakes.marked_archive import Fact, marked, may_see
from fakes.open_doors import app_of, opened

pytestmark = pytest.mark.slow(alone=False)

SERVE = """
import json, sys
from pathlib import Path
from types import SimpleNamespace
from convarchive.domain.audience import AUDIENCES
from convarchive.home import Home
from fakes.open_doors import app_of, opened, served
with opened(SimpleNamespace(home=Home(Path(sys.argv[1]))), rate_limit=0) as doors, served(app_of(doors)) as address:
    keys = {one: doors.sessions.invite(one) for one in AUDIENCES if one != "public"}
    print(json.dumps({"address": address, "keys": keys}), flush=True)
    sys.stdin.readline()
"""

SOUND = re.compile(r"/clip|/audio/")


@dataclass(frozen=True)
class Met:
    """One answer: what was asked, the status, and everything that came, headers too."""

    asked: str
    status: int
    said: str
    etag: str | None = None


# -- asking ---------------------------------------------------------------------------


def routes(app):
    """Every path the server answers at, with its methods."""
    for one in app.routes:
        inner = getattr(one, "original_router", None)
        for route in inner.routes if inner is not None else [one]:
            if not isinstance(route, Mount):
                yield route.path, frozenset(route.methods or ())


def values(archive):
    """What stands for each part of a path."""
    return {
        "quote": [*archive.quotes.values(), *archive.gone, *archive.printed, "qnothing"],
        "theme": ["leadership", "nothing"],
        "speaker": [*archive.speakers, "nobody"],
        "episode": [*archive.episodes, "enothing"],
        "sha256": [*archive.recordings, "f" * 64],
        "name": ["quote-search.js", "nothing.js"],
    }


def questions(archive, path):
    """Query strings for a path: every filter, every form, and mistakes."""
    every = values(archive)
    filters = [{name: one} for name in ("theme", "speaker", "episode") for one in every[name]]
    if path in ("/api/v1/search", "/"):
        words = [fact.word for fact in archive.facts if fact.kind in ("words", "older words", "name", "retired")]
        asked = [{"q": "we shared power and it grew", **one} for one in ({}, *filters[:: 2 if path != "/" else 9])]
        asked += [{"q": one} for one in words[:: 3 if path != "/" else 15]]
        asked += [{"q": "power", "since": "2031-01-02"}, {"q": "power", "limit": "0"}, {"q": ""}]
        asked += [{"clearance": "withheld"}, {"role": "guest", "source": "audio"}, {"since": "2031-01-02"}]
        asked += [{"q": "power", "facets": "true", **one} for one in ({}, {"clearance": "withheld"}, {"role": "guest"})]
        return asked
    if path == "/results":
        ways = (
            {"q": "we shared power and it grew"},
            {"clearance": "withheld"},
            {"role": "guest"},
            {"clearance": "cleared"},
        )
        return [*({"as": "csv", "all": "1", **one} for one in ways), {"as": "ris", **ways[3]}, {"as": "pdf"}]
    if path == "/q/{quote}/similar":
        return [{"own": "1"}]
    quotes = values(archive)["quote"]
    if path == "/embed":
        return [*({"quote": one} for one in quotes), {"q": "we shared power and it grew"}, *filters[::3]]
    if path == "/api/v1/oembed":
        return [{"url": f"http://127.0.0.1/q/{one}", "format": form} for one in quotes for form in ("json", "xml")][::3]
    if path == "/desk":
        return [{}, *filters[::5]]
    if path == "/api/v1/reviews":
        return [{}, *({"quote": one} for one in quotes[::4])]
    if path.endswith("/transcript"):
        return [{"as": form} for form in ("json", "vtt", "srt", "txt", "nothing")]
    if path.endswith("/citation"):
        styles = [{"style": one} for one in ("apa", "mla", "chicago", "harvard", "nothing")]
        return [*({"as": one} for one in (*FORMS, "nothing")), *styles, {"as": "html", "style": "apa"}]
    if path == "/desk/q/{quote}":
        return [{}, {"done": every["quote"][0]}, {"episode": every["episode"][0]}]
    return [{}]


def addresses(archive, app):
    """Every address of the walk."""
    every = values(archive)
    for path, methods in routes(app):
        if "GET" not in methods or path == "/enter":
            continue
        filled = [path]
        for part in re.findall(r"{(\w+)(?::\w+)?}", path):
            # A path with a part that this walk does not know is a door it would pass by.
            filled = [re.sub(rf"{{{part}(:\w+)?}}", one, known) for known in filled for one in every[part]]
        for turn, address in enumerate(filled):
            asked = questions(archive, path)
            if len(filled) > 10:
                # A quote in every form would take minutes: each form gets every standing, in turn.
                asked = [one for n, one in enumerate(asked) if len(asked) < 4 or n % 4 == turn % 4]
            for query in asked:
                yield address + (f"?{urllib.parse.urlencode(query)}" if query else "")
    # Seeing as somebody else: as the public everybody may, and as all others nobody but an editor.
    for audience in AUDIENCES[1:]:
        yield f"/api/v1/search?q=power&audience={audience}"


class InProcess:
    """Asks an app in this process."""

    def __init__(self, doors, audience):
        self.app = app_of(doors)
        self._client = TestClient(self.app, base_url="http://127.0.0.1", follow_redirects=False)
        if audience != "public":
            assert self._client.get("/enter", params={"key": doors.sessions.invite(audience)}).status_code == 303

    def get(self, address, **headers):
        answer = self._client.get(address, headers=headers)
        said = (
            "\n".join(f"{k}: {v}" for k, v in answer.headers.items()) + "\n" + answer.content.decode("utf-8", "replace")
        )
        return Met(address, answer.status_code, said, answer.headers.get("etag"))


class OverHttp:
    """Asks a server in another process."""

    def __init__(self, address, key=None):
        self._connection = http.client.HTTPConnection(urllib.parse.urlsplit(address).netloc, timeout=60)
        self._cookie = {}
        if key:
            self._connection.request("GET", f"/enter?key={key}")
            answer = self._connection.getresponse()
            answer.read()
            self._cookie = {"Cookie": answer.headers["set-cookie"].partition(";")[0]}

    def close(self):
        self._connection.close()

    def get(self, address, **headers):
        try:
            self._connection.request("GET", address, headers=self._cookie | headers)
            answer = self._connection.getresponse()
        except http.client.RemoteDisconnected:
            # The server let an idle connection go; the client opens another one by itself.
            self._connection.request("GET", address, headers=self._cookie | headers)
            answer = self._connection.getresponse()
        body = answer.read().decode("utf-8", "replace")
        return Met(address, answer.status, f"{answer.headers}\n{body}", answer.headers.get("etag"))


@contextmanager
def server(home):
    """A server of its own process; gives what asks it as an audience."""
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE, str(home.root)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parent,
        env=os.environ | {"PYTHONPATH": os.pathsep.join((".", os.environ.get("PYTHONPATH", "")))},
    )
    told = json.loads(process.stdout.readline())
    asking = {}

    def ask(audience):
        if audience not in asking:
            asking[audience] = OverHttp(told["address"], told["keys"].get(audience))
        return asking[audience]

    try:
        yield ask
    finally:
        for one in asking.values():
            one.close()
        process.stdin.close()
        process.wait(20)
        process.stdout.close()


# -- looking --------------------------------------------------------------------------


def walk(archive, app, ask, every=1):
    """The answer to every (or every so-manieth) address, with the pages behind each list's first one."""
    for address in list(addresses(archive, app))[::every]:
        met = ask.get(address)
        yield met
        following = re.search(r'<([^>]+)>; rel="next"', met.said)
        for _ in range(30):
            if not following:
                break
            further = urllib.parse.urlsplit(following[1])
            met = ask.get(f"{further.path}?{further.query}")
            yield met
            following = re.search(r'<([^>]+)>; rel="next"', met.said)


def leaks(archive, audience, answers):
    """(fact, address) of whatever an audience met and may not; and sound that it may not hear."""
    kinds = {fact.word: fact for fact in archive.facts}
    found = []
    for met in answers:
        assert met.status != 429, "an answer that was refused for haste proves nothing"
        asked = urllib.parse.unquote_plus(met.asked)
        # What is made to stand in other websites shows the public's view, whoever looks.
        viewer = "public" if asked.startswith(("/embed", "/api/v1/oembed")) else audience
        known = [kinds[one] for one in set(re.findall(r"q[a-z0-9]+", met.said)) if one in kinds and one not in asked]
        found += [(fact, met.asked) for fact in known if not may_see(viewer, fact)]
        if met.status in (200, 206) and SOUND.search(met.asked):
            found += [(Fact("sound", "sound"), met.asked)] if not may_hear(archive, audience, met.asked) else []
        if met.status == 200 and "/citation" in met.asked and not may_take(archive, audience, met.asked):
            found.append((Fact("publication", "publication"), met.asked))
    return found


def may_hear(archive, audience, address):
    """The audience table's line about sound, by hand."""
    if "/audio/" in address:
        # Something in the first two was withdrawn.
        untouched = archive.recordings[2] in address
        return audience == "editor" or (untouched and audience != "public")
    standing = {quote: key for key, quote in archive.quotes.items()}
    state, _ = standing.get(re.search(r"/quotes/(\w+)/clip", address)[1], ("", ""))
    if state == "hidden episode" or not state:
        return audience == "editor"
    return may_see(audience, Fact("", "older words" if state == "renewed" and audience == "public" else "words", state))


def may_take(archive, audience, address):
    """The audience table's line about exports, by hand: what is not cleared under a sure name is not for print."""
    if audience in ("researcher", "editor") or re.search(r"as=(text|json)($|&)", address):
        return True
    quote = re.search(r"/quotes/(\w+)/citation", address)[1]
    known = {one: key for key, one in archive.quotes.items()} | {archive.printed[0]: ("cleared", "confirmed")}
    state, name = known.get(quote, ("", ""))
    # Of a quote whose words changed, insiders see the new ones, which nobody has cleared.
    cleared = state == "cleared" or (state == "renewed" and audience == "public")
    return cleared and name == "confirmed"


# -- the archive ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    return marked(Home(tmp_path_factory.mktemp("home")))


@pytest.fixture(scope="module")
def app(archive):
    with opened(archive, rate_limit=0) as doors:
        yield app_of(doors)


def test_every_door_is_on_the_way(archive, app):
    walked = {urllib.parse.urlsplit(one).path for one in addresses(archive, app)}
    for path, methods in routes(app):
        if "GET" in methods and path != "/enter":
            pattern = re.compile(re.sub(r"{[^}]+}", "[^/]+", path))
            assert any(pattern.fullmatch(one) for one in walked), path


@pytest.mark.parametrize("audience", AUDIENCES)
def test_everything_that_may_be_met_is_met(archive, app, audience):
    with opened(archive, rate_limit=0) as doors:
        ask = InProcess(doors, audience)
        said = "\n".join(met.said for met in walk(archive, app, ask))
    present = set(re.findall(r"q[a-z0-9]+", said))
    # Some of what insiders may know has no door over HTTP.
    indoors = ("question", "inside", "basis", "hidden episode")
    missing = [
        one for one in archive.facts if may_see(audience, one) and one.kind not in indoors and one.word not in present
    ]
    assert missing == []


def test_no_audience_meets_what_is_not_for_it_in_either_of_two_processes(archive, app):
    with server(archive.home) as first, server(archive.home) as second:
        for audience in AUDIENCES:
            one, two = first(audience), second(audience)
            before = list(walk(archive, app, one))
            assert leaks(archive, audience, before) == []
            # What one process told, the other knows as well: a cache that moved between them stays true.
            tagged = [met for met in before if met.etag and met.status == 200 and not SOUND.search(met.asked)]
            assert len(tagged) > 50
            for met in tagged[::7]:
                again = two.get(met.asked, **{"If-None-Match": met.etag})
                assert again.status in (200, 304), again
            assert leaks(archive, audience, walk(archive, app, two, every=3)) == []


def test_a_decision_counts_at_once_in_every_process_and_for_every_cached_answer(tmp_path, app):
    archive = marked(Home(tmp_path / "home"))
    quote = archive.quotes["cleared", "confirmed"]
    # The name stays where other evidence gives it to the voice; what was said and how sure it is goes.
    own = [fact for fact in archive.facts if (fact.state, fact.name) == ("cleared", "confirmed")]
    gone = {fact.word for fact in own if fact.kind in ("words", "credit", "doubt") and "print" not in fact.word}
    with server(archive.home) as first, server(archive.home) as second:
        asking = {(n, a): each(a) for n, each in enumerate((first, second)) for a in ("public", "researcher", "comms")}
        before = {}
        for key, ask in asking.items():
            for address in about(archive, quote):
                met = ask.get(address)
                before[key, address] = met
        assert any(gone & set(re.findall(r"q[a-z0-9]+", met.said)) for met in before.values())
        with Catalogue.for_writing(archive.home) as catalogue:
            withdraw(catalogue, archive.home, quote, by="An Editor", why="asked to")
        for (key, address), met in before.items():
            for headers in ({}, {"If-None-Match": met.etag} if met.etag else {}):
                now = asking[key].get(address, **headers)
                assert not gone & set(re.findall(r"q[a-z0-9]+", now.said)), (key, address)
                if gone & set(re.findall(r"q[a-z0-9]+", met.said)):
                    assert now.status != 304, (key, address)
        for (_, audience), ask in asking.items():
            assert ask.get(f"/api/v1/quotes/{quote}/clip").status in (403, 404, 410), audience


def about(archive, quote):
    """Addresses at which one quote can be met."""
    episode = archive.episodes[0]
    return [
        f"/q/{quote}", f"/q/{quote}/similar", "/themes/leadership", "/results?as=csv&theme=leadership&all=1",
        f"/api/v1/quotes/{quote}", f"/api/v1/quotes/{quote}/similar", "/?q=power", "/?theme=leadership",
        "/api/v1/search?q=we+shared+power+and+it+grew&limit=100", "/api/v1/themes/leadership/quotes?limit=100",
        f"/api/v1/speakers/{archive.speakers[0]}/quotes", "/api/v1/speakers?limit=100", f"/episodes/{episode}",
        f"/api/v1/episodes/{episode}/transcript?as=vtt",
    ]  # fmt: skip


def test_what_was_erased_is_in_no_file_while_servers_run(tmp_path):
    archive = marked(Home(tmp_path / "home"))
    person = archive.speakers[0]
    theirs = [f for f in archive.facts if (f.state, f.name) == ("cleared", "confirmed") and "print" not in f.word]
    encoder = HashingEncoder()
    said = f"We shared power {next(f.word for f in theirs if f.kind == 'words')} and it grew."
    vector = encoder.encode([said])[0].astype("<f4").tobytes()
    with server(archive.home) as first, server(archive.home) as second:
        for ask in (first("public"), second("researcher")):
            assert said in ask.get(f"/api/v1/quotes/{archive.quotes['cleared', 'confirmed']}").said
        assert vector in files(archive.home)
        with Catalogue.for_writing(archive.home) as catalogue:
            done = forget(catalogue, archive.home, person, by="An Editor", why="asked to")
            build(archive.home, catalogue, encoder, FaissIndex)
            assert done.erased or catalogue.erase()
        for ask in (first("public"), second("researcher")):
            assert ask.get(f"/api/v1/quotes/{archive.quotes['cleared', 'confirmed']}").status == 410
        left = files(archive.home)
    # What the feed and print said of them goes with the name; only their own facts are looked for.
    own = [f.word for f in theirs if f.kind in ("words", "name", "credit", "evidence", "basis", "doubt")]
    assert own
    assert [one for one in own if re.search(one.encode() + rb"(?![a-z])", left.lower())] == []
    assert vector not in left


def files(home):
    """Every byte of the catalogue, its log, and the index."""
    paths = [*home.holdings.glob("*.db*"), *home.build.rglob("*")]
    return b"".join(path.read_bytes() for path in sorted(paths) if path.is_file())


LOOSER = [
    ("public", "clearances", frozenset({"cleared", "unreviewed"})),
    ("public", "clearances", frozenset({"cleared", "withheld"})),
    ("public", "clearances", frozenset({"cleared", "withdrawn"})),
    ("public", "names", frozenset({"confirmed", "printed", "probable"})),
    ("public", "evidence", True),
    ("public", "transcript", "masked"),
    ("public", "audio", "spans"),
    ("public", "audio", "all"),
    ("researcher", "clearances", frozenset({"cleared", "unreviewed", "withheld", "withdrawn"})),
    ("researcher", "transcript", "whole"),
    ("researcher", "audio", "all"),
    ("comms", "clearances", frozenset({"cleared", "unreviewed", "withheld", "withdrawn"})),
    ("comms", "transcript", "whole"),
    ("comms", "audio", "all"),
    ("comms", "exports", "marked"),
    ("public", "exports", "all"),
]


@pytest.mark.parametrize(
    ("audience", "cell", "looser"),
    LOOSER,
    ids=lambda one: "+".join(sorted(one)) if isinstance(one, frozenset) else str(one),
)
def test_the_walk_finds_each_cell_of_the_table_that_is_loosened(archive, app, monkeypatch, audience, cell, looser):
    monkeypatch.setitem(PERMISSIONS, audience, replace(PERMISSIONS[audience], **{cell: looser}))
    with opened(archive, rate_limit=0) as doors:
        ask = InProcess(doors, audience)
        for met in walk(archive, app, ask):
            if leaks(archive, audience, [met]):
                return
    pytest.fail(f"{audience}'s {cell} was loosened and nothing was met")
