"""Other sites' pages decide nothing in anybody's name, whatever they make a browser send."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from convarchive.api import forms
from fakes.keyed import bearer, key_for
from fakes.open_doors import app_of, opened

pytestmark = pytest.mark.slow(alone=False)

API = "/api/v1"


@pytest.fixture
def editor(own):
    with opened(own, public_url="https://archive.example") as doors:
        client = TestClient(app_of(doors), base_url="http://127.0.0.1:8000", follow_redirects=False)
        assert client.post("/sign-in", data={"key": key_for(own, "editor")}).status_code == 303
        yield client


def form_of(client, quote):
    """The fields of a quote's form as its page has them."""
    page = client.get(f"/desk/q/{quote}").text
    return {
        "act": "clear",
        "why": "listened",
        **{name: re.search(rf'name="{name}" value="(\w+)"', page)[1] for name in ("token", "version", "seen")},
    }


def clearance(client, quote):
    return client.get(f"{API}/quotes/{quote}").json()["clearance"]


ELSEWHERE = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://127.0.0.1:9000"},
    {"Origin": "http://127.0.0.1:8000.evil.example"},
    {"Origin": "http://[::1"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "http://127.0.0.1:8000", "Sec-Fetch-Site": "cross-site"},
]


@pytest.mark.parametrize("headers", ELSEWHERE)
def test_what_another_sites_page_makes_a_browser_send_is_refused(own, editor, headers):
    quote = own.ids["probable"]
    form = form_of(editor, quote)
    refused = editor.post(f"/desk/q/{quote}", data=form, headers=headers)
    assert refused.status_code == 403
    assert "another site" in refused.text
    sent = {"act": "clear", "why": "x", "version": form["version"]}
    assert editor.post(f"{API}/quotes/{quote}/reviews", json=sent, headers=headers).status_code == 403
    assert editor.post("/leave", data=form, headers=headers).status_code == 403
    assert editor.post("/sign-in", data={"key": "x"}, headers=headers).status_code == 403
    assert clearance(editor, quote) == "unreviewed"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://127.0.0.1:8000", "Sec-Fetch-Site": "same-origin"},
        {"Origin": "https://archive.example"},
        {"Sec-Fetch-Site": "none"},
        {},
    ],
)
def test_our_own_forms_are_taken(own, editor, headers):
    quote = own.ids["probable"]
    assert editor.post(f"/desk/q/{quote}", data=form_of(editor, quote), headers=headers).status_code == 303
    assert clearance(editor, quote) == "cleared"


@pytest.mark.parametrize("token", ["", "0" * 40, "é", None])
def test_a_form_without_its_sessions_token_decides_nothing_and_loses_nothing(own, editor, token):
    quote = own.ids["probable"]
    form = {name: text for name, text in (form_of(editor, quote) | {"token": token}).items() if text is not None}
    again = editor.post(f"/desk/q/{quote}", data=form | {"why": "what I had typed"})
    assert again.status_code == 403
    assert "press again" in again.text
    assert "what I had typed</textarea>" in again.text
    assert clearance(editor, quote) == "unreviewed"


def test_a_session_writes_through_the_api_only_from_our_own_pages(own, editor):
    quote = own.ids["probable"]
    sent = {"act": "clear", "why": "x", "version": form_of(editor, quote)["version"]}
    assert editor.post(f"{API}/quotes/{quote}/reviews", json=sent).status_code == 403
    ours = {"Origin": "http://127.0.0.1:8000"}
    assert editor.post(f"{API}/quotes/{quote}/reviews", json=sent, headers=ours).status_code == 201


def test_a_key_needs_no_page_behind_it(own, editor):
    quote = own.ids["probable"]
    sent = {"act": "clear", "why": "x", "version": form_of(editor, quote)["version"]}
    headers = bearer(key_for(own, "editor", "Another")) | {
        "Origin": "https://tool.example",
        "Sec-Fetch-Site": "cross-site",
    }
    editor.cookies.clear()
    assert editor.post(f"{API}/quotes/{quote}/reviews", json=sent, headers=headers).status_code == 201


def test_what_is_too_long_is_not_read(own, editor):
    quote = own.ids["probable"]
    long, ours = "x" * forms.LARGEST, {"Origin": "http://127.0.0.1:8000"}
    for answer in (
        editor.post(f"/desk/q/{quote}", data={"why": long}),
        editor.post(f"{API}/quotes/{quote}/reviews", content=iter([long.encode(), b"y"]), headers=ours),
    ):
        assert answer.status_code == 413
        assert "content-security-policy" in answer.headers


@given(st.binary(max_size=200), st.text(max_size=20))
def test_no_body_breaks_the_reading_of_forms(body, token):
    found = forms.read(body, "application/x-www-form-urlencoded; charset=utf-8", token)
    assert forms.TOKEN not in found.fields
    assert not (found.genuine and not token)


@given(st.dictionaries(st.text(min_size=1, max_size=9), st.text(max_size=30), max_size=9))
def test_what_was_typed_comes_in_as_it_was(fields):
    from urllib.parse import urlencode

    typed = {name: text.replace("\r\n", "\n") for name, text in fields.items() if name != forms.TOKEN}
    found = forms.read(urlencode(typed | {"token": "t"}).encode(), "application/x-www-form-urlencoded", "t")
    assert (dict(found.fields), found.genuine) == (typed, True)
