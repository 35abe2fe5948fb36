"""What every answer carries: pages, records, sound, errors, redirects, and what a browser has already."""

import pytest
from starlette.routing import Mount, Route
from starlette.testclient import TestClient

from fakes.keyed import bearer, key_for
from fakes.open_doors import app_of, opened

pytestmark = pytest.mark.slow(alone=False)

API = "/api/v1"
ALWAYS = {
    "content-security-policy",
    "x-content-type-options",
    "referrer-policy",
    "permissions-policy",
    "cross-origin-opener-policy",
    "cross-origin-resource-policy",
    "cache-control",
    "vary",
}


def addresses(app, archive):
    """An address of every route there is, as it is asked for by its parameters' names."""
    values = {
        "quote": archive.ids["cleared"],
        "theme": "leadership",
        "speaker": "ada-example",
        "episode": archive.episode,
        "sha256": archive.recording,
    }
    found = {path.format(**values) for path in app.openapi()["paths"]}
    for route in app.router.routes:
        if isinstance(route, Route):
            found.add(route.path.format(**values))
        elif isinstance(route, Mount):
            found.add(f"{route.path}/site.css")
    return sorted(found | {"/enter", "/leave", "/sign-in", "/nothing", f"{API}/nothing", "/static/nothing"})


@pytest.fixture
def app(archive):
    with opened(archive) as doors:
        yield app_of(doors)


def wrong_with(answer, path=""):
    missing = ALWAYS - set(answer.headers)
    if answer.headers.get("cache-control", "").startswith("public"):
        missing -= {"vary"}
    policy = answer.headers.get("content-security-policy", "")
    if "default-src 'none'" not in policy or "unsafe" in policy:
        missing |= {"a strict policy"}
    # One page is made to be shown within others, and shows everybody what the public sees.
    if "frame-ancestors 'none'" not in policy and not (path == "/embed" and "frame-ancestors" in policy):
        missing |= {"out of frames"}
    if answer.headers.get("x-content-type-options") != "nosniff":
        missing |= {"nosniff"}
    return missing


def test_every_answer_of_every_route_is_safe(app, archive):
    client = TestClient(app, base_url="http://127.0.0.1", follow_redirects=False)
    key = bearer(key_for(archive, "editor", "For all routes"))
    wrong, statuses = {}, set()
    paths = addresses(app, archive)
    assert len(paths) > 25
    for path in paths:
        for method in ("GET", "HEAD", "POST", "DELETE", "OPTIONS"):
            for headers in ({}, key, bearer("wrong"), {"Host": "evil.example"}, {"Range": "bytes=99999999-"}):
                if path.startswith("/static/") and "Range" in headers:
                    continue
                answer = client.request(method, path, headers=headers)
                statuses.add(answer.status_code)
                assert answer.status_code < 500, (method, path)
                if problem := wrong_with(answer, path):
                    wrong[method, path, answer.status_code] = problem
    assert wrong == {}
    assert statuses >= {200, 303, 401, 403, 404, 405, 416, 421, 422}


def test_what_a_browser_has_already_is_as_safe(app, archive):
    client = TestClient(app, base_url="http://127.0.0.1")
    for path in (f"{API}/themes", f"{API}/quotes/{archive.ids['cleared']}/clip", "/static/site.css"):
        known = client.get(path).headers["etag"]
        answer = client.get(path, headers={"If-None-Match": known})
        assert answer.status_code == 304
        assert wrong_with(answer) == set()


def test_a_fault_of_ours_is_as_safe_and_says_nothing(archive):
    def broken(read, query):
        raise RuntimeError("a secret path")

    with opened(archive, search=broken) as doors:
        client = TestClient(app_of(doors), base_url="http://127.0.0.1", raise_server_exceptions=False)
        for path in (f"{API}/search?q=power", "/?q=power"):
            answer = client.get(path)
            assert answer.status_code == 500
            assert wrong_with(answer) == set()
            assert "secret path" not in answer.text


def test_browsers_are_told_to_stay_with_https_only_where_they_came_by_it(archive):
    with opened(archive, trusted_proxies=("192.0.2.1",)) as doors:
        app = app_of(doors)
    for address, said, told in (
        ("192.0.2.1", {"X-Forwarded-Proto": "https"}, True),
        ("192.0.2.1", {"X-Forwarded-Proto": "http"}, False),
        ("192.0.2.1", {}, False),
        ("192.0.2.2", {"X-Forwarded-Proto": "https"}, False),
    ):
        with opened(archive, trusted_proxies=("192.0.2.1",)) as doors:
            app = app_of(doors)
            client = TestClient(app, base_url="http://127.0.0.1", client=(address, 1))
            for path in ("/", f"{API}/themes", f"{API}/nothing"):
                answer = client.get(path, headers=said)
                assert ("strict-transport-security" in answer.headers) is told
    with opened(archive) as doors:
        direct = TestClient(app_of(doors), base_url="https://127.0.0.1")
        assert direct.get("/").headers["strict-transport-security"] == "max-age=31536000"


def test_answers_to_keys_are_for_nobody_elses_cache(archive, app):
    client = TestClient(app, base_url="http://127.0.0.1")
    answer = client.get(f"{API}/themes", headers=bearer(key_for(archive, "comms", "For no cache")))
    assert "private" in answer.headers["cache-control"]
    assert {"authorization", "cookie", "origin"} <= {
        one.strip().casefold() for one in answer.headers["vary"].split(",")
    }


def test_head_is_answered_wherever_get_is(app, archive):
    client = TestClient(app, base_url="http://127.0.0.1", follow_redirects=False)
    for path in addresses(app, archive):
        if path in ("/leave", "/enter"):
            continue
        get, head = client.get(path), client.head(path)
        assert head.status_code == get.status_code, path
        assert head.content == b""
        volatile = {"date", "ratelimit", "x-request-id"}
        assert {k: v for k, v in head.headers.items() if k not in volatile} == {
            k: v for k, v in get.headers.items() if k not in volatile
        }, path


def test_what_is_not_spoken_is_answered_with_what_is(app, archive):
    client = TestClient(app, base_url="http://127.0.0.1")
    quote = archive.ids["cleared"]
    for method, path, spoken in (
        ("DELETE", f"{API}/themes", "GET, HEAD"),
        ("PUT", f"{API}/quotes/{quote}/reviews", "POST"),
        ("GET", f"{API}/quotes/{quote}/reviews", "POST"),
        ("POST", "/", "GET, HEAD"),
        ("PUT", "/sign-in", "GET, HEAD, POST"),
        ("DELETE", f"/desk/q/{quote}", "GET, HEAD, POST"),
        ("POST", "/static/site.css", "GET, HEAD"),
    ):
        answer = client.request(method, path)
        assert (answer.status_code, answer.headers.get("allow")) == (405, spoken), (method, path)
