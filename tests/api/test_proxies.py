"""What is said in front of us is believed from those we know, and from nobody else."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convarchive.api.proxies import UNNAMED, TrustedProxies


def seen(peer, headers, trusted, scheme="http"):
    """What the app is told of a request: client, scheme and host."""
    found = {}

    async def app(scope, receive, send):
        found.update(scope)

    scope = {
        "type": "http",
        "client": (peer, 1),
        "scheme": scheme,
        "headers": [(b"host", b"inner:8000"), *((k.encode(), v.encode("latin-1")) for k, v in headers)],
    }
    asyncio.run(TrustedProxies(app, trusted)(scope, None, None))
    hosts = [value.decode("latin-1") for name, value in found["headers"] if name == b"host"]
    return found["client"][0], found["scheme"], hosts


SAID = [
    ("x-forwarded-for", "203.0.113.9"),
    ("x-forwarded-proto", "https"),
    ("x-forwarded-host", "archive.example"),
]


def test_a_known_proxy_is_believed():
    assert seen("127.0.0.1", SAID, ["127.0.0.1"]) == ("203.0.113.9", "https", ["archive.example"])
    assert seen("10.1.2.3", SAID, ["10.0.0.0/8"]) == ("203.0.113.9", "https", ["archive.example"])
    assert seen("::ffff:10.1.2.3", SAID, ["10.0.0.0/8"])[0] == "203.0.113.9"


def test_nobody_else_is():
    assert seen("192.0.2.1", SAID, []) == ("192.0.2.1", "http", ["inner:8000"])
    assert seen("192.0.2.1", SAID, ["10.0.0.0/8"]) == ("192.0.2.1", "http", ["inner:8000"])


def test_a_proxy_on_this_machine_that_nobody_named_stands_for_all_its_visitors(caplog):
    assert seen("127.0.0.1", SAID, []) == (UNNAMED, "http", ["inner:8000"])
    assert "trusted_proxies" in caplog.text
    assert seen("127.0.0.1", [], [])[0] == "127.0.0.1"


@pytest.mark.parametrize(
    ("forwarded", "client"),
    [
        (["1.1.1.1, 203.0.113.9"], "203.0.113.9"),
        (["1.1.1.1", "203.0.113.9, 10.0.0.5"], "203.0.113.9"),
        (["203.0.113.9:443"], "203.0.113.9"),
        (["[2001:db8::1]:443, 10.0.0.5"], "2001:db8::1"),
        (["10.0.0.7, 10.0.0.5"], "10.0.0.7"),
        (["unknown"], "10.0.0.1"),
        (["203.0.113.9, unknown"], "10.0.0.1"),
        ([""], "10.0.0.1"),
        ([], "10.0.0.1"),
    ],
)
def test_the_visitor_is_the_last_one_whom_no_known_proxy_stands_for(forwarded, client):
    headers = [("x-forwarded-for", one) for one in forwarded]
    assert seen("10.0.0.1", headers, ["10.0.0.0/8"])[0] == client


@given(st.lists(st.sampled_from(["1.1.1.1", "10.0.0.9", "", "x", "::1", "127.0.0.1", ",", "[", "1.1.1.1:9:9"])))
def test_whatever_a_visitor_writes_the_address_is_that_from_which_they_reached_the_proxy(written):
    headers = [("x-forwarded-for", ", ".join([*written, "203.0.113.9"]))]
    assert seen("10.0.0.1", headers, ["10.0.0.0/8"])[0] == "203.0.113.9"


@pytest.mark.slow(alone=False)
@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=255), max_size=30))
def test_nothing_that_is_forwarded_breaks_a_request(text):
    names = ("x-forwarded-for", "x-forwarded-proto", "x-forwarded-host")
    _, scheme, hosts = seen("10.0.0.1", [(name, text) for name in names], ["10.0.0.0/8"])
    assert scheme in ("http", "https")
    assert len(hosts) == 1
