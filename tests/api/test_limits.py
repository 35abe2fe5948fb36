"""How much one may ask: told in advance, refused politely, forgotten in time, and never in the way of a check-up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from convarchive.api.limits import Allowance
from fakes.keyed import bearer, key_for
from fakes.open_doors import app_of, opened

API = "/api/v1"


@pytest.fixture
def clock():
    return [0.0]


@pytest.fixture
def app(archive, clock):
    with opened(archive, rate_limit=12, clock=lambda: clock[0]) as doors:
        yield app_of(doors)


def at(app, address="192.0.2.1"):
    return TestClient(app, base_url="http://127.0.0.1", client=(address, 5000))


def test_every_answer_says_what_is_left(app):
    answer = at(app).get(f"{API}/themes")
    assert answer.headers["ratelimit-policy"] == '"asking";q=12;w=60'
    assert answer.headers["ratelimit"] == '"asking";r=11;t=5'


def test_searching_is_dearer_than_reading(app):
    client = at(app)
    assert client.get(f"{API}/search", params={"q": "power"}).headers["ratelimit"].startswith('"asking";r=7;')
    assert client.get("/", params={"q": "power"}).headers["ratelimit"].startswith('"asking";r=2;')
    assert client.get("/").headers["ratelimit"].startswith('"asking";r=1;')


def test_whoever_asks_too_much_is_told_when_to_come_back_and_then_served(app, clock):
    client = at(app)
    for _ in range(12):
        assert client.get(f"{API}/themes").status_code == 200
    refused = client.get(f"{API}/themes", headers={"Origin": "https://www.example"})
    assert refused.status_code == 429
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["type"].endswith("too-many-requests")
    assert refused.headers["ratelimit"] == '"asking";r=0;t=60'
    assert int(refused.headers["retry-after"]) == 5
    assert client.get("/").headers["content-type"].startswith("text/html")
    clock[0] += 4.9
    assert client.get(f"{API}/themes").status_code == 429
    clock[0] += 0.1
    assert client.get(f"{API}/themes").status_code == 200


def test_each_visitor_has_an_allowance_of_their_own(app):
    for _ in range(13):
        last = at(app).get(f"{API}/themes")
    assert last.status_code == 429
    assert at(app, "192.0.2.2").get(f"{API}/themes").status_code == 200


def test_a_key_has_one_wherever_it_is_used(archive, app):
    text = key_for(archive, "comms", "A limited one")
    for number in range(12):
        assert at(app, f"192.0.2.{number + 10}").get(f"{API}/themes", headers=bearer(text)).status_code == 200
    assert at(app, "192.0.2.99").get(f"{API}/themes", headers=bearer(text)).status_code == 429
    assert at(app, "192.0.2.99").get(f"{API}/themes").status_code == 200


def test_check_ups_and_files_are_never_limited(app):
    for path in ("/healthz", "/readyz", "/static/site.css"):
        for _ in range(20):
            answer = at(app).get(path)
        assert answer.status_code == 200
        assert "ratelimit" not in answer.headers


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "127.0.0.7"])
def test_whoever_asks_from_this_machine_is_not_limited(app, address):
    for _ in range(20):
        answer = at(app, address).get(f"{API}/themes")
    assert answer.status_code == 200
    assert "ratelimit" not in answer.headers


def test_visitors_of_a_proxy_that_nobody_named_share_one(app):
    for number in range(13):
        answer = at(app, "127.0.0.1").get(f"{API}/themes", headers={"X-Forwarded-For": f"192.0.2.{number}"})
    assert answer.status_code == 429


@pytest.mark.slow(alone=False)
def test_there_need_be_no_limit(archive):
    with opened(archive, rate_limit=0) as doors:
        app = app_of(doors)
        for _ in range(700):
            answer = at(app).get(f"{API}/nothing")
    assert answer.status_code == 404


@given(
    st.integers(1, 50),
    st.integers(1, 100),
    st.lists(st.tuples(st.floats(0, 100), st.integers(1, 60)), max_size=60),
)
def test_nobody_ever_gets_more_than_all_at_once_and_what_came_back_since(units, back_s, asked):
    clock = [0.0]
    allowance = Allowance(units, back_s, lambda: clock[0])
    taken = 0
    for pause, cost in asked:
        clock[0] += pause
        left = allowance.take("one", cost)
        taken += cost if not left.wait_s else 0
        assert taken <= units * (1 + clock[0] / back_s) + 1e-6
        assert 0 <= left.units <= units


@given(st.integers(1, 20), st.integers(1, 30), st.integers(1, 20))
def test_whoever_waits_as_long_as_told_is_served(units, back_s, cost):
    clock = [0.0]
    allowance = Allowance(units, back_s, lambda: clock[0])
    cost = min(cost, units)
    for _ in range(5):
        left = allowance.take("one", cost)
        if left.wait_s:
            clock[0] += left.wait_s
            assert allowance.take("one", cost).wait_s == 0


def test_only_so_many_askers_are_remembered():
    allowance = Allowance(5, 60, lambda: 0.0, remembered=100)
    for number in range(1_000):
        allowance.take(str(number), 5)
    assert len(allowance._left) == 100
