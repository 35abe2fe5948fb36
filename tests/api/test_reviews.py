"""Deciding over HTTP: for editors, under their key's name, and never about what they did not see."""

import asyncio
import json
import threading

import pytest
from starlette.testclient import TestClient

from convarchive.api import deciding_schemas as schemas
from convarchive.domain.audience import AUDIENCES
from convarchive.store.catalogue import Catalogue
from fakes.keyed import bearer, key_for
from fakes.open_doors import app_of, opened

API = "/api/v1"


@pytest.fixture
def client(own):
    with opened(own) as doors:
        yield TestClient(app_of(doors), base_url="http://127.0.0.1")


@pytest.fixture
def editor(own, client):
    client.headers.update(bearer(key_for(own, "editor", "B. Editor")))
    return client


def looked_at(client, quote):
    return client.get(f"{API}/quotes/{quote}").json()["version"]


def decide(client, quote, act="clear", **more):
    sent = {"act": act, "why": "listened", "version": looked_at(client, quote)} | more
    return client.post(f"{API}/quotes/{quote}/reviews", json=sent)


def test_nothing_is_decided_for_somebody_who_went_away_while_sending(own, client, editor):
    quote = own.ids["probable"]
    body = json.dumps({"act": "clear", "why": "listened", "version": looked_at(client, quote)}).encode()
    headers = {"host": "127.0.0.1", "content-type": "application/json"} | bearer(key_for(own, "editor", "C. Editor"))
    path = f"{API}/quotes/{quote}/reviews"
    scope = {
        "type": "http", "method": "POST", "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "",
        "scheme": "http", "http_version": "1.1", "server": ("127.0.0.1", 80), "client": ("127.0.0.1", 1),
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
    }  # fmt: skip
    came = iter([{"type": "http.request", "body": body, "more_body": True}, {"type": "http.disconnect"}])

    async def receive():
        return next(came)

    async def send(message):
        assert message.get("status") != 201

    asyncio.run(client.app(scope, receive, send))
    assert client.get(f"{API}/quotes/{quote}").json()["clearance"] == "unreviewed"


def test_a_decision_counts_before_its_answer_is_there(own, client, editor):
    quote = own.ids["probable"]
    answer = decide(editor, quote)
    assert answer.status_code == 201
    schemas.DecidedRecord.model_validate_json(answer.content)
    assert answer.json()["clearance"] == "cleared"
    assert answer.headers["location"] == f"{API}/quotes/{quote}"
    public = {"audience": "public"}
    assert editor.get(f"{API}/quotes/{quote}", params=public).json()["clearance"] == "cleared"
    assert decide(editor, quote, "withdraw").json()["erased"] is True
    assert editor.get(f"{API}/quotes/{quote}", params=public).status_code == 410
    assert decide(editor, quote, "undo").json()["clearance"] == "cleared"
    assert decide(editor, quote, "withhold", until="2999-01-01").json()["clearance"] == "withheld"


def test_it_stands_in_the_log_under_the_keys_name(own, editor):
    quote = own.ids["probable"]
    decided = decide(editor, quote, not_before="2999-01-01", why=" because ").json()
    page = editor.get(f"{API}/reviews", params={"quote": quote})
    schemas.ReviewPage.model_validate_json(page.content)
    (review,) = page.json()["reviews"]
    assert (review["number"], review["by"], review["why"]) == (decided["review"], "B. Editor", "because")
    assert (review["act"], review["until"], decided["clearance"]) == ("embargo", "2999-01-01", "unreviewed")


def test_the_log_is_read_newest_first_and_page_by_page(own, editor):
    for name in ("probable", "nameless", "second"):
        decide(editor, own.ids[name])
    seen, cursor = [], None
    while True:
        page = editor.get(f"{API}/reviews", params={"limit": 2} | ({"cursor": cursor} if cursor else {})).json()
        seen += [one["number"] for one in page["reviews"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == sorted(seen, reverse=True)
    assert len(seen) == len(set(seen)) >= 10


def test_nobody_decides_about_what_they_did_not_see(own, editor):
    quote = own.ids["probable"]
    stale = decide(editor, quote, version="v" + "0" * 32)
    assert stale.status_code == 409
    assert stale.json()["type"] == "urn:convarchive:problem:changed"
    assert decide(editor, quote, seen=0).status_code == 201
    for act in ("withhold", "withdraw", "undo"):
        assert decide(editor, quote, act, seen=0).status_code == 409
    last = editor.get(f"{API}/reviews", params={"quote": quote}).json()["reviews"][0]["number"]
    assert decide(editor, quote, "withhold", seen=last).status_code == 201


@pytest.mark.parametrize("audience", [one for one in AUDIENCES if one != "editor"])
def test_only_editors_decide_or_read_what_was_decided(own, client, audience):
    quote = own.ids["cleared"]
    version = looked_at(client, quote)
    headers = bearer(key_for(own, audience))
    sent = {"act": "withhold", "why": "x", "version": version}
    for asked, refused in ((headers, 403), ({}, 401)):
        answer = client.post(f"{API}/quotes/{quote}/reviews", json=sent, headers=asked)
        assert answer.status_code == refused
        assert client.get(f"{API}/reviews", headers=asked).status_code == refused
        assert ("www-authenticate" in answer.headers) is (refused == 401)
        # Who may not decide learns nothing about what there is either.
        hidden = client.post(f"{API}/quotes/{own.ids['withdrawn']}/reviews", json=sent, headers=asked)
        assert hidden.json()["detail"] == answer.json()["detail"]
    assert client.get(f"{API}/quotes/{quote}").status_code == 200


def test_an_editor_who_looks_with_narrower_eyes_sees_no_log(editor):
    assert editor.get(f"{API}/reviews", params={"audience": "public"}).status_code == 403


def test_the_printed_link_has_no_name_to_decide_under(own):
    with opened(own) as doors:
        client = TestClient(app_of(doors), base_url="http://127.0.0.1")
        client.get("/enter", params={"key": doors.sessions.invite("editor")})
        client.headers["Origin"] = "http://127.0.0.1"
        answer = decide(client, own.ids["probable"])
    assert answer.status_code == 403
    assert "name" in answer.json()["detail"]


@pytest.mark.slow(alone=False)
@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"act": "forget"}, 422), ({"why": ""}, 422), ({"why": "  "}, 422), ({"why": "x" * 2001}, 422),
        ({"version": "x"}, 422), ({"until": "2999-01-01"}, 422), ({"not_before": "soon"}, 422), ({"extra": 1}, 422),
        ({"seen": -1}, 422), ({"act": "undo"}, 403),
    ],
)  # fmt: skip
def test_what_cannot_be_done_changes_nothing(own, editor, more, status):
    quote = own.ids["probable"]
    answer = decide(editor, quote, **more)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert editor.get(f"{API}/reviews", params={"quote": quote}).json()["reviews"] == []


def test_there_is_nothing_to_decide_about_what_is_not_there(own, editor):
    sent = {"act": "clear", "why": "x", "version": "v" + "0" * 32}
    for quote, status in (("qnone", 404), (own.ids["moved"], 410), ("%00", 422), ("q%0a", 422)):
        assert editor.post(f"{API}/quotes/{quote}/reviews", json=sent).status_code == status


@pytest.mark.slow(alone=False)
def test_a_decision_waits_for_an_ingest_and_says_so_where_it_takes_too_long(own, editor, monkeypatch):
    quote = own.ids["probable"]
    wrote, go = threading.Event(), threading.Event()

    def ingest():
        with Catalogue.for_writing(own.home) as catalogue, catalogue.writing() as write:
            write.count_up("content")
            wrote.set()
            go.wait(30)

    busy = threading.Thread(target=ingest)
    busy.start()
    wrote.wait(10)
    with monkeypatch.context() as patched:
        patched.setattr("convarchive.store.opening.BUSY_TIMEOUT_MS", 50)
        refused = decide(editor, quote)
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
        assert editor.get(f"{API}/quotes/{quote}").json()["clearance"] == "unreviewed"
    threading.Timer(0.3, go.set).start()
    assert decide(editor, quote).status_code == 201
    busy.join()
