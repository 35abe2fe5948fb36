"""One table says which error is which status, and none is missing from it."""

import inspect

import pytest
from starlette.testclient import TestClient

from convarchive import errors
from convarchive.api.kinds import HTTP_KINDS
from convarchive.api.problems import TABLE, problem_of
from convarchive.errors import CatalogueCorrupt, Gone, IndexMissing, NotFound
from fakes.keyed import bearer, key_for
from fakes.open_doors import app_of, opened


def test_every_error_of_ours_stands_in_the_table_and_nothing_else():
    ours = {one for _, one in inspect.getmembers(errors, inspect.isclass) if issubclass(one, errors.ArchiveError)}
    assert set(TABLE) == ours


def test_what_was_taken_down_is_told_apart_from_what_never_was():
    assert problem_of(Gone("quote q was withdrawn")).status == 410
    assert problem_of(NotFound("no quote q")).status == 404


def test_a_fault_of_the_house_does_not_name_its_files():
    told = problem_of(CatalogueCorrupt("/home/somebody/catalogue.db is damaged"))
    assert told.status == 503
    assert "/home" not in str(told.marshal())
    assert told.headers["Retry-After"]


def failing(archive, error):
    def search(_read, _query):
        raise error

    return opened(archive, search=search)


def test_search_that_is_down_says_so_instead_of_finding_nothing(archive):
    with failing(archive, IndexMissing("there is no index at /somewhere")) as doors:
        client = TestClient(app_of(doors), base_url="http://127.0.0.1")
        told = client.get("/api/v1/search", params={"q": "power"})
        page = client.get("/", params={"q": "power"})
        assert client.get("/readyz").status_code == 503
    assert told.status_code == 503
    assert told.json()["type"] == "urn:convarchive:problem:index-missing"
    assert page.status_code == 503
    assert "Search is not working just now" in page.text
    assert "/somewhere" not in told.text + page.text


@pytest.mark.slow(alone=False)
def test_an_unforeseen_fault_keeps_its_words_to_itself(archive):
    with failing(archive, RuntimeError("a secret in /etc")) as doors:
        client = TestClient(app_of(doors), base_url="http://127.0.0.1", raise_server_exceptions=False)
        told = client.get("/api/v1/search", params={"q": "power"})
        page = client.get("/", params={"q": "power"})
    assert (told.status_code, page.status_code) == (500, 500)
    assert told.headers["content-type"] == "application/problem+json"
    assert "secret" not in told.text + page.text


def test_what_does_not_exist_is_problem_json_for_programs_and_a_page_for_people(public):
    for path, kind in (("/api/v1/nothing", "application/problem+json"), ("/nothing", "text/html; charset=utf-8")):
        answer = public.get(path)
        assert answer.status_code == 404
        assert answer.headers["content-type"] == kind


def test_a_verb_that_is_not_spoken_says_which_are(public):
    answer = public.delete("/api/v1/themes")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD"
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("themes?limit=0", "limit must be 1 or more"),
        ("themes?limit=many", "limit must be a whole number"),
        ("search?q=", "q is empty"),
        ("search", "q is missing"),
        ("search?q=x&since=last+year", "since must be a date, written as YYYY-MM-DD"),
        ("search?q=x&since=2031-02-30", "since is no day of the calendar"),
        ("themes?audience=all", "audience must be 'public', 'researcher', 'comms' or 'editor'"),
        ("search?q=x&speeker=ada", "speeker is no parameter of this address; did you mean 'speaker'?"),
        ("speakers?theme=x", "theme is no parameter of this address; use one of: audience, cursor, limit"),
    ],
)
def test_a_refused_parameter_is_named_in_one_line(public, asked, said):
    answer = public.get(f"/api/v1/{asked}")
    told = answer.json()
    assert (answer.status_code, told["type"]) == (422, "urn:convarchive:problem:bad-input")
    assert told["detail"] == said
    assert " ".join((told["errors"][0]["field"], told["errors"][0]["message"])) == said


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (b"{", "body is no JSON"),
        (b'{"why": "\xff"}', "body is no JSON"),
        (b"", "body is missing"),
        (b"[]", "body must be a JSON object, sent as application/json"),
        (
            b'{"act": "clear", "why": "", "version": "v1"}',
            "why is empty; version is not written as the archive writes it; send it as you got it",
        ),
    ],
)
def test_a_refused_body_is_told_in_one_line(own, sent, said):
    headers = bearer(key_for(own, "editor")) | {"Content-Type": "application/json"}
    with opened(own) as doors:
        client = TestClient(app_of(doors), base_url="http://127.0.0.1")
        told = client.post("/api/v1/quotes/q1/reviews", content=sent, headers=headers)
    assert (told.status_code, told.json()["detail"]) == (422, said)


def test_sites_that_ask_for_oembed_and_pages_may_send_parameters_of_their_own(public):
    assert public.get("/api/v1/oembed", params={"url": "http://127.0.0.1/", "dnt": "1"}).status_code == 200
    assert public.get("/", params={"utm_source": "letter"}).status_code == 200


def test_advice_over_http_is_no_command_line(public):
    for path, said in (
        ("episodes/enothere", "no episode 'enothere' here; they are listed at /api/v1/episodes"),
        ("speakers/nobody/quotes", "no speaker 'nobody' here; they are listed at /api/v1/speakers"),
        ("quotes/q0", "no quote q0 here; search them at /api/v1/search"),
        ("search?q=x&episode=enothere", "no episode 'enothere' here; they are listed at /api/v1/episodes"),
    ):
        assert public.get(f"/api/v1/{path}").json()["detail"] == said
    for path in ("/metrics", "/enter?key=used", "/api/v1/themes/nothing/quotes", "/episodes/enothere"):
        assert "convarchive " not in public.get(path).text


def test_kinds_that_only_http_knows_are_answered_as_they_are_documented(public, archive):
    large = {"Content-Type": "application/x-www-form-urlencoded"}
    clip = f"/api/v1/quotes/{archive.ids['cleared']}/clip"
    with failing(archive, IndexMissing("no index")) as doors:
        down = TestClient(app_of(doors), base_url="http://127.0.0.1").get("/readyz")
    with opened(archive, rate_limit=1) as doors:
        crowded = TestClient(app_of(doors), base_url="http://127.0.0.1", client=("192.0.2.7", 1))
        much = crowded.get("/api/v1/search", params={"q": "power"})
    told = [
        public.get("/api/v1"),
        public.delete("/api/v1/themes"),
        public.post("/sign-in", content=b"a" * 300_000, headers=large),
        public.get(clip, headers={"Range": "bytes=99999999-"}),
        public.get("/api/v1/themes", headers={"Host": "evil.example"}),
        much,
        public.get("/api/v1/oembed", params={"url": "http://127.0.0.1/", "format": "yaml"}),
        down,
    ]
    answered = {one.json()["type"].rpartition(":")[2]: one.json() | {"status": one.status_code} for one in told}
    assert {kind: one["status"] for kind, one in answered.items()} == {
        kind: known.status for kind, known in HTTP_KINDS.items() if kind != "fault"
    }
    assert answered["http-not-found"]["title"] == "Nothing is at this address"
    assert "/api/v1/openapi.json" in answered["http-not-found"]["detail"]
