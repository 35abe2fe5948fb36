"""Which other sites' scripts may read answers, and what they may send."""

import pytest
from starlette.testclient import TestClient

from fakes.keyed import bearer, key_for, revoke
from fakes.open_doors import app_of, opened

API = "/api/v1"


def preflight(client, origin, headers="authorization", method="GET"):
    asked = {"Origin": origin, "Access-Control-Request-Method": method, "Access-Control-Request-Headers": headers}
    return client.options(f"{API}/search", headers=asked)


def client_of(doors):
    return TestClient(app_of(doors), base_url="http://127.0.0.1")


@pytest.fixture
def client(archive):
    with opened(archive, allowed_origins=("https://www.example",)) as doors:
        yield client_of(doors)


def test_a_named_site_may_send_a_key(client):
    answer = preflight(client, "https://www.example")
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == "https://www.example"
    assert "authorization" in answer.headers["access-control-allow-headers"].casefold()
    assert "GET" in answer.headers["access-control-allow-methods"]
    assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.slow(alone=False)
@pytest.mark.parametrize(
    "origin", ["https://other.example", "null", "https://www.example.evil.example", "http://www.example"]
)
def test_no_other_site_is_told_anything(client, origin):
    for answer in (preflight(client, origin), client.get(f"{API}/themes", headers={"Origin": origin})):
        assert not [name for name in answer.headers if name.startswith("access-control-")]
        assert "origin" in answer.headers["vary"].casefold()


def test_a_site_that_a_living_key_names_may_read_until_the_key_ends(own):
    text = key_for(own, "public", origins=["https://keyed.example"])
    with opened(own) as doors:
        client = client_of(doors)
        assert preflight(client, "https://keyed.example").headers["access-control-allow-origin"]
        asked = bearer(text) | {"Origin": "https://keyed.example"}
        assert client.get(f"{API}/themes", headers=asked).headers["access-control-allow-origin"]
        revoke(own, "The public")
        assert "access-control-allow-origin" not in preflight(client, "https://keyed.example").headers


def test_refusals_can_be_read_by_the_site_that_asked(client):
    answer = client.get(f"{API}/themes", headers=bearer("wrong") | {"Origin": "https://www.example"})
    assert answer.status_code == 401
    assert answer.headers["access-control-allow-origin"] == "https://www.example"
    assert "www-authenticate" in answer.headers["access-control-expose-headers"].casefold()


def test_an_archive_may_be_open_to_every_site_and_lets_no_cookie_along(archive):
    with opened(archive, allowed_origins=("*",)) as doors:
        answer = client_of(doors).get(f"{API}/themes", headers={"Origin": "https://any.example"})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers
