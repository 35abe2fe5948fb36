"""What those who run a server are told: whether it lives, whether it can answer and what is down, and its numbers."""

import re
import threading
import time

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from convarchive.api import readiness
from convarchive.api.watching import create_watching_app
from convarchive.domain.passage import Query
from convarchive.errors import CatalogueCorrupt, IndexCorrupt, IndexMissing, ModelMissing
from fakes.open_doors import app_of, opened

API = "/api/v1"


@pytest.fixture
def editor(doors):
    with TestClient(app_of(doors), base_url="http://127.0.0.1", follow_redirects=False) as client:
        assert client.get("/enter", params={"key": doors.sessions.invite("editor")}).status_code == 303
        yield client


@pytest.fixture
def hurried(monkeypatch):
    """Looks are believed for no time at all."""
    monkeypatch.setattr(readiness, "BELIEVED_S", 0.0)


def failing(error):
    def search(read, query):
        raise error

    return search


def numbers(client, path="/metrics"):
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


@pytest.mark.parametrize(
    ("error", "part", "told"),
    [
        (IndexMissing("there is no index in /secret/place"), "index", "Search has no index yet"),
        (IndexCorrupt("/secret/place is damaged"), "index", "Search is down: its index is damaged"),
        (CatalogueCorrupt("/secret/place is damaged"), "catalogue", "The catalogue is damaged"),
        (ModelMissing("nothing in /secret/place"), "encoder", "Search is not set up"),
    ],
)
def test_not_ready_says_which_part_is_down_and_names_no_file(archive, error, part, told):
    with opened(archive, search=failing(error)) as doors:
        client = TestClient(app_of(doors), base_url="http://127.0.0.1")
        answer = client.get("/readyz")
        assert client.get("/healthz").status_code == 200
    assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")
    assert answer.headers["retry-after"] == "5"
    body = answer.json()
    assert (body["detail"], body["parts"][part]) == (f"{part}: {told}", told)
    assert "secret" not in answer.text


def test_ready_means_that_catalogue_and_index_really_answer(archive, tmp_path, hurried):
    import shutil

    shutil.copytree(archive.home.root, tmp_path / "home")
    home = type(archive.home)(tmp_path / "home")
    with opened(type(archive)(home, archive.recording, archive.episode, archive.ids)) as doors:
        client = TestClient(app_of(doors), base_url="http://127.0.0.1")
        assert client.get("/readyz").json() == {"status": "ready"}
        manifest = home.build / "manifest.json"
        manifest.rename(tmp_path / "manifest.json")
        assert client.get("/readyz").json()["parts"]["index"] == "Search has no index yet"
        (tmp_path / "manifest.json").rename(manifest)
        assert client.get("/readyz").json() == {"status": "ready"}
        home.catalogue.rename(tmp_path / "catalogue.db")
        down = client.get("/readyz").json()["parts"]
        assert down["catalogue"] == "The catalogue cannot be used just now"
        assert down["index"] == readiness.NOT_ASKED
        (tmp_path / "catalogue.db").rename(home.catalogue)
        assert client.get("/readyz").status_code == 200


def test_asking_often_looks_once(archive):
    looks = []

    def search(read, query):
        looks.append(query)
        time.sleep(0.05)
        return real(read, query)

    with opened(archive) as doors:
        real = doors.search
        with opened(archive, search=search) as slow:
            client = TestClient(app_of(slow), base_url="http://127.0.0.1")
            asking = [threading.Thread(target=client.get, args=("/readyz",)) for _ in range(8)]
            for one in asking:
                one.start()
            for one in asking:
                one.join()
    assert looks == [Query("is anybody ready", limit=1)]


# -- numbers --------------------------------------------------------------------------


def test_the_numbers_are_for_editors(public, researcher, editor):
    for client in (public, researcher):
        refused = client.get("/metrics")
        assert (refused.status_code, refused.headers["content-type"]) == (403, "application/problem+json")
        assert "convarchive_quotes" not in refused.text
    assert editor.get("/metrics").status_code == 200


def test_requests_are_counted_by_route_and_never_by_what_was_asked(editor, archive):
    quote = archive.ids["cleared"]
    for _ in range(3):
        editor.get(f"{API}/quotes/{quote}")
    editor.get(f"{API}/search", params={"q": "a question of mine"})
    editor.get(f"/q/{quote}")
    editor.get("/no/such/page")
    editor.request("BREW", "/")
    seen = numbers(editor)
    total = "convarchive_http_requests_total"
    assert seen[total, "/api/v1/quotes/{quote}", "200", "GET"] == 3
    assert seen[total, "/q/{quote}", "200", "GET"] == 1
    assert seen[total, "404", "GET", "none"] == 1
    assert seen[total, "/", "405", "other"] == 1
    assert seen["convarchive_http_request_seconds_count", "/api/v1/search"] == 1
    told = editor.get("/metrics").text
    assert quote not in told
    assert "question of mine" not in told


def test_the_numbers_tell_how_the_archive_stands(editor, archive, doors):
    with doors.catalogue.reading("editor") as read:
        expected = {one.clearance for one in read.listed(Query(""))}
        listed = [one.clearance for one in read.listed(Query("", limit=1000))]
    seen = numbers(editor)
    assert {key[1] for key in seen if key[0] == "convarchive_quotes"} == expected
    assert sum(value for key, value in seen.items() if key[0] == "convarchive_quotes") == len(listed)
    assert seen["convarchive_quotes", "withdrawn"] == 1
    assert {part: seen["convarchive_ready", part] for part in readiness.PARTS} == dict.fromkeys(readiness.PARTS, 1)
    assert seen[("convarchive_index_pending",)] == 0
    assert seen[("convarchive_erasure_pending",)] == 0
    assert seen[("process_resident_memory_bytes",)] > 10_000_000


def test_searches_are_timed(archive):
    with opened(archive) as plain, opened(archive, search=plain.meter.timing(plain.search), meter=plain.meter) as doors:
        client = TestClient(app_of(doors), base_url="http://127.0.0.1")
        client.get(f"{API}/search", params={"q": "power"})
        client.get("/", params={"q": "power"})
        apart = TestClient(create_watching_app(doors, client.app.state.readiness, ("127.0.0.1",)), "http://127.0.0.1")
        # The look that tells whether the archive is ready searches too.
        assert apart.get("/readyz").status_code == 200
        assert numbers(apart)[("convarchive_search_seconds_count",)] == 3


def test_an_address_of_their_own_tells_the_numbers_and_nothing_else(archive):
    with opened(archive) as doors:
        main = app_of(doors)
        apart = TestClient(create_watching_app(doors, main.state.readiness, ("127.0.0.1",)), "http://127.0.0.1")
        assert numbers(apart)["convarchive_ready", "index"] == 1
        assert apart.get("/readyz").json() == {"status": "ready"}
        for path in ("/", f"{API}/themes", "/enter", f"{API}/openapi.json"):
            assert apart.get(path).status_code == 404
        assert apart.get("/metrics", headers={"Host": "evil.example"}).status_code == 421


def test_numbers_are_told_while_the_catalogue_is_down(archive):
    with opened(archive, search=failing(CatalogueCorrupt("damaged"))) as doors:
        apart = TestClient(create_watching_app(doors, app_of(doors).state.readiness, None), "http://127.0.0.1")
        assert numbers(apart)["convarchive_ready", "catalogue"] == 0


# -- ids of requests ------------------------------------------------------------------


def test_every_answer_has_an_id(public, archive):
    seen = set()
    for path in ("/", "/healthz", f"{API}/themes", "/no/such/page", f"{API}/quotes/q0", "/metrics"):
        seen.add(public.get(path).headers["x-request-id"])
    seen.add(public.get("/", headers={"Host": "evil.example"}).headers["x-request-id"])
    with opened(archive, search=failing(RuntimeError("a fault"))) as doors:
        client = TestClient(app_of(doors), base_url="http://127.0.0.1", raise_server_exceptions=False)
        fault = client.get(f"{API}/search", params={"q": "power"})
        assert fault.status_code == 500
        seen.add(fault.headers["x-request-id"])
    assert len(seen) == 8
    assert all(re.fullmatch("[0-9a-f]{32}", one) for one in seen)


def test_an_id_that_a_proxy_gave_is_kept_and_any_other_text_is_not(public):
    given = "0123456789abcdef0123456789abcdef"
    assert public.get("/healthz", headers={"X-Request-ID": given}).headers["x-request-id"] == given
    for junk in ("x", "a b", "[1] forged", "f" * 5000):
        assert public.get("/healthz", headers={"X-Request-ID": junk}).headers["x-request-id"] != junk
