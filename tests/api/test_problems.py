"""One table says which error is which status, and none is missing from it."""

import inspect

from starlette.testclient import TestClient

from convarchive import errors
from convarchive.api.problems import TABLE, problem_of
from convarchive.errors import CatalogueCorrupt, Gone, IndexMissing, NotFound
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


def test_a_refused_parameter_is_named_in_one_line(public):
    told = public.get("/api/v1/themes", params={"limit": 0}).json()
    assert told["type"] == "urn:convarchive:problem:bad-input"
    assert told["detail"].startswith("limit: ")
    assert told["errors"][0]["field"] == "limit"
