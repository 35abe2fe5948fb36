"""Keys over HTTP: what each opens, what none of them ever turns into, and how often one may guess."""

import re
import sqlite3

import pytest
from starlette.testclient import TestClient

from convarchive.api.limits import ALL_TRIES, TRIES, TRIES_BACK_S
from convarchive.api.sessions import Sessions
from convarchive.domain.audience import AUDIENCES
from convarchive.store.catalogue import now
from fakes.keyed import bearer, key_for, revoke
from fakes.open_doors import app_of, opened

API = "/api/v1"


def client_of(doors, address="192.0.2.1", base="http://127.0.0.1"):
    return TestClient(app_of(doors), base_url=base, follow_redirects=False, client=(address, 5000))


@pytest.fixture
def clock():
    return [0.0]


@pytest.fixture
def client(own, clock):
    with opened(own, clock=lambda: clock[0]) as doors:
        yield client_of(doors)


def audience_of(client, text=None):
    answer = client.get(f"{API}/search", params={"q": "power"}, headers=bearer(text) if text else {})
    return answer.json()["audience"] if answer.status_code == 200 else answer.status_code


@pytest.mark.slow(alone=False)
@pytest.mark.parametrize("audience", AUDIENCES)
def test_a_key_opens_what_it_was_made_for(own, client, audience):
    assert audience_of(client, key_for(own, audience)) == audience
    assert audience_of(client) == "public"


@pytest.mark.parametrize(
    "header", ["Bearer nothing", "Bearer", "Basic dTpw", "", "cva_aaaaaaaa_" + "a" * 52, "Bearer cva_é", "bearer  x y"]
)
def test_what_is_no_key_is_refused_and_never_answered_as_the_public(client, header):
    for path in (f"{API}/themes", "/", "/healthz", "/nothing"):
        answer = client.get(path, headers={"Authorization": header.encode("latin-1")})
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Bearer")
    assert client.get(f"{API}/themes", headers={"Authorization": "x"}).json()["type"].endswith("not-recognised")


def test_the_scheme_may_be_written_as_one_likes(own, client):
    text = key_for(own, "comms")
    answer = client.get(f"{API}/search", params={"q": "power"}, headers={"Authorization": f"BEARER   {text} "})
    assert answer.json()["audience"] == "comms"


def test_a_revoked_and_an_expired_key_are_refused_from_that_moment_on(own, client):
    text, other = key_for(own, "editor"), key_for(own, "comms", expires="2999-01-01")
    assert audience_of(client, text) == "editor"
    revoke(own, "The editor")
    assert audience_of(client, text) == 401
    with sqlite3.connect(own.home.catalogue) as raw:
        raw.execute("UPDATE access_key SET expires_at = ?", (now(),))
    raw.close()
    refused = client.get(f"{API}/themes", headers=bearer(other))
    assert refused.status_code == 401
    assert "expired" in refused.json()["detail"]


def test_a_key_of_websites_opens_nothing_from_other_pages(own, client):
    text = key_for(own, "researcher", origins=["https://www.example"])
    assert audience_of(client, text) == "researcher"
    here = client.get(f"{API}/themes", headers=bearer(text) | {"Origin": "https://www.example"})
    assert here.status_code == 200
    assert here.headers["access-control-allow-origin"] == "https://www.example"
    elsewhere = client.get(f"{API}/themes", headers=bearer(text) | {"Origin": "https://other.example"})
    assert elsewhere.status_code == 403
    assert "access-control-allow-origin" not in elsewhere.headers


def test_a_key_may_look_with_narrower_eyes(own, client):
    text = key_for(own, "comms")
    see = {"q": "power", "audience": "public"}
    assert client.get(f"{API}/search", params=see, headers=bearer(text)).json()["audience"] == "public"
    see["audience"] = "editor"
    assert client.get(f"{API}/search", params=see, headers=bearer(text)).status_code == 403


def test_nobody_is_let_in_for_where_they_come_from(own):
    for address in ("127.0.0.1", "::1", "192.0.2.1"):
        with opened(own, trusted_proxies=("127.0.0.1", "::1")) as doors:
            client = client_of(doors, address)
            for forwarded in ("127.0.0.1", "10.0.0.1", "editor", "::1"):
                asked = {"X-Forwarded-For": forwarded, "X-Real-IP": "127.0.0.1", "Forwarded": "for=127.0.0.1"}
                answer = client.get(f"{API}/search", params={"q": "power"}, headers=asked)
                assert answer.json()["audience"] == "public"


# -- guessing -------------------------------------------------------------------------


def test_whoever_tries_too_many_keys_waits_and_then_may_try_again(own, client, clock):
    text = key_for(own, "editor")
    for _ in range(TRIES):
        assert client.get(f"{API}/themes", headers=bearer("wrong")).status_code == 401
    refused = client.get(f"{API}/themes", headers=bearer("wrong"))
    assert refused.status_code == 429
    assert refused.json()["type"].endswith("too-many-requests")
    assert audience_of(client, text) == 429
    assert audience_of(client) == "public"
    clock[0] += int(refused.headers["retry-after"])
    assert audience_of(client, text) == "editor"
    assert client.get(f"{API}/themes", headers=bearer("wrong")).status_code == 401
    assert client.get(f"{API}/themes", headers=bearer("wrong")).status_code == 429


def test_typing_a_key_into_the_page_counts_like_sending_it(client):
    for number in range(TRIES):
        sent = {"key": f"wrong {number}"}
        assert client.post("/sign-in", data=sent).status_code == 401
    refused = client.post("/sign-in", data={"key": "wrong"})
    assert refused.status_code == 429
    assert refused.headers["retry-after"]
    assert client.get(f"{API}/themes", headers=bearer("wrong")).status_code == 429


@pytest.mark.slow(alone=False)
def test_many_addresses_together_get_no_more_than_one_look_each(own, clock):
    text = key_for(own, "editor")
    with opened(own, clock=lambda: clock[0]) as doors:
        app = app_of(doors)

        def ask(number, text):
            address = f"198.51.{number // 250}.{number % 250 + 1}"
            client = TestClient(app, base_url="http://127.0.0.1", client=(address, 5000))
            return client.get(f"{API}/themes", headers=bearer(text)).status_code

        assert [ask(number, "wrong") for number in range(ALL_TRIES)] == [401] * ALL_TRIES
        # Everybody who tried one is told to wait; whoever did not still gets in, or wrong once.
        assert ask(7, "wrong") == ask(7, text) == 429
        assert ask(900, text) == 200
        assert (ask(901, "wrong"), ask(901, "wrong")) == (401, 429)
        clock[0] += TRIES_BACK_S
        assert ask(7, text) == 200


def test_an_ipv6_customer_counts_once_for_all_their_addresses(own, clock):
    with opened(own, clock=lambda: clock[0]) as doors:
        app = app_of(doors)
        answers = [
            TestClient(app, base_url="http://127.0.0.1", client=(f"2001:db8:1:2::{n:x}", 5000))
            .get(f"{API}/themes", headers=bearer("wrong"))
            .status_code
            for n in range(TRIES + 1)
        ]
    assert answers == [401] * TRIES + [429]


# -- sessions -------------------------------------------------------------------------


def signed_in(client, text, **more):
    return client.post("/sign-in", data={"key": text, **more})


def test_a_key_typed_into_the_page_opens_a_session_as_its_audience(own, client):
    answer = signed_in(client, f"  {key_for(own, 'comms')} ")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"].casefold()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "secure" not in cookie
    assert answer.headers["cache-control"] == "no-store"
    assert audience_of(client) == "comms"


def test_editors_come_to_the_desk_or_back_to_where_they_were(own, client):
    text = key_for(own, "editor")
    assert signed_in(client, text).headers["location"] == "/desk"
    assert signed_in(client, text, onward="/desk?episode=e1").headers["location"] == "/desk?episode=e1"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/a\nb", "desk"]
)
def test_signing_in_sends_nobody_to_another_site(own, client, elsewhere):
    assert signed_in(client, key_for(own, "comms"), onward=elsewhere).headers["location"] == "/"


def test_a_wrong_key_is_told_on_the_page_and_opens_nothing(client):
    answer = signed_in(client, "cva_wrong")
    assert answer.status_code == 401
    assert "no key of the archive" in answer.text
    assert "set-cookie" not in answer.headers
    assert "cva_wrong" not in answer.text


def test_a_key_of_websites_signs_nobody_in(own, client):
    answer = signed_in(client, key_for(own, "editor", origins=["https://www.example"]))
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def test_revoking_a_key_ends_its_sessions_at_once(own, client):
    signed_in(client, key_for(own, "editor"))
    assert audience_of(client) == "editor"
    revoke(own, "The editor")
    assert audience_of(client) == "public"
    assert client.get("/desk").headers["location"].startswith("/sign-in?")


def test_a_session_that_a_key_opened_survives_a_restart(own):
    text = key_for(own, "comms")
    with opened(own) as doors:
        cookie = signed_in(client_of(doors), text).headers["set-cookie"].partition(";")[0]
    with opened(own) as again:
        answer = client_of(again).get(f"{API}/search", params={"q": "x"}, headers={"Cookie": cookie})
    assert answer.json()["audience"] == "comms"


def test_a_session_ends_after_its_time(own):
    hours = [0.0]
    sessions = Sessions("s", "home", lambda: 1_000_000 + 3600 * hours[0])
    with opened(own, sessions=sessions) as doors:
        client = client_of(doors)
        signed_in(client, key_for(own, "editor"))
        hours[0] = 23.9
        assert audience_of(client) == "editor"
        hours[0] = 24.1
        assert audience_of(client) == "public"


def test_behind_https_the_cookie_is_for_this_very_host_alone(own):
    text = key_for(own, "comms")
    with opened(own, trusted_proxies=("192.0.2.1",)) as doors:
        client = client_of(doors)
        proxied = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}
        answer = client.post("/sign-in", data={"key": text}, headers=proxied)
        name, _, rest = answer.headers["set-cookie"].partition("=")
        assert name.startswith("__Host-convarchive_")
        attributes = {one.strip().casefold() for one in rest.split(";")[1:]}
        assert {"secure", "httponly", "path=/", "samesite=strict"} <= attributes
        assert not [one for one in attributes if one.startswith("domain")]
        cookie = {"Cookie": answer.headers["set-cookie"].partition(";")[0]}
        see = {"q": "power"}
        assert client.get(f"{API}/search", params=see, headers=proxied | cookie).json()["audience"] == "comms"
        # Over plain HTTP the same cookie is nobody's.
        client.cookies.clear()
        assert client.get(f"{API}/search", params=see, headers=cookie).json()["audience"] == "public"
        left = client.post("/leave", headers=proxied | cookie | {"Origin": "https://127.0.0.1"})
        assert re.search(r"__Host-convarchive_\w+=\"\";.*secure", left.headers["set-cookie"], re.IGNORECASE)


def test_a_key_counts_more_than_a_session(own, client):
    signed_in(client, key_for(own, "editor"))
    assert audience_of(client, key_for(own, "researcher")) == "researcher"
    assert audience_of(client, "wrong") == 401
