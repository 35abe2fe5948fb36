"""Quotes as they are cited, over HTTP: the right media types, refusals with their reason, ids that lead on."""

import json

import bibtexparser
import pytest
import rispy
from lxml import html as lxml_html
from starlette.testclient import TestClient

from convarchive.publish.packet import FORMS
from fakes.open_doors import app_of, opened

API = "/api/v1"
PUBLIC = "https://archive.example"
TYPES = {
    "text": "text/plain",
    "markdown": "text/markdown",
    "html": "text/html",
    "json": "application/json",
    "csl-json": "application/vnd.citationstyles.csl+json",
    "ris": "application/x-research-info-systems",
    "bibtex": "application/x-bibtex",
    "jsonld": "application/ld+json",
}
FOR_PUBLICATION = [form for form in TYPES if form not in ("text", "json")]


@pytest.fixture
def asked(archive):
    """Asks for a citation as an audience."""
    with opened(archive, public_url=PUBLIC, hosts=None) as doors:

        def ask(name, audience="public", **more):
            with TestClient(app_of(doors), base_url="http://127.0.0.1", follow_redirects=False) as client:
                if audience != "public":
                    assert client.get("/enter", params={"key": doors.sessions.invite(audience)}).status_code == 303
                headers = more.pop("headers", None)
                address = f"{API}/quotes/{archive.ids.get(name, name)}/citation"
                return client.get(address, params=more, headers=headers)

        yield ask


@pytest.mark.slow(alone=False)
@pytest.mark.parametrize("form", TYPES)
def test_each_form_has_its_media_type(asked, form):
    answer = asked("cleared", **{"as": form})
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == TYPES[form]
    assert TYPES[form] == FORMS[form].media_type
    assert "charset=utf-8" in answer.headers["content-type"] or not TYPES[form].startswith("text/")
    assert "people who sweep the hall" in answer.text


def test_without_a_form_it_is_text(asked):
    assert asked("cleared").text == asked("cleared", **{"as": "text"}).text


def test_references_point_at_the_quotes_address_for_ever(asked, archive):
    address = f"{PUBLIC}/q/{archive.ids['cleared']}"
    (ris,) = rispy.loads(asked("cleared", **{"as": "ris"}).text)
    assert ris["urls"] == [address]
    (entry,) = bibtexparser.parse_string(asked("cleared", **{"as": "bibtex"}).text).entries
    assert entry["url"] == address
    (item,) = asked("cleared", **{"as": "csl-json"}).json()
    assert item["URL"] == address
    linked = asked("cleared", **{"as": "jsonld"}).json()
    assert linked["@id"] == address
    assert linked["isBasedOn"]["url"] == f"{PUBLIC}/api/v1/quotes/{archive.ids['cleared']}/clip"
    quoted = lxml_html.fragment_fromstring(asked("cleared", **{"as": "html"}).text)
    assert next(quoted.iter("blockquote")).get("cite") == address


@pytest.mark.parametrize("style", ["apa", "mla", "chicago", "harvard"])
def test_a_style_gives_a_reference_as_text_or_html(asked, style):
    text = asked("cleared", style=style)
    html = asked("cleared", style=style, **{"as": "html"})
    assert text.headers["content-type"].startswith("text/plain")
    assert text.text.startswith("[FICTION] Example, A")
    assert html.headers["content-type"].startswith("text/html")
    assert "<i>The Example Show</i>" in html.text
    assert asked("cleared", style=style, **{"as": "ris"}).status_code == 422


@pytest.mark.parametrize("bad", [{"as": "docx"}, {"style": "vancouver"}, {"as": ""}])
def test_an_unknown_form_or_style_is_a_problem_of_the_asker(asked, bad):
    answer = asked("cleared", **bad)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.slow(alone=False)
@pytest.mark.parametrize("form", FOR_PUBLICATION)
@pytest.mark.parametrize(("name", "says"), [("probable", "nobody has cleared"), ("withheld", "withheld")])
def test_comms_is_refused_what_may_not_be_published_and_told_why(asked, form, name, says):
    answer = asked(name, "comms", **{"as": form})
    assert answer.status_code == 403
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"].endswith(":not-publishable")
    assert says in answer.json()["detail"]
    assert "Letting go" not in answer.text
    assert asked(name, "comms").status_code == 200


def test_comms_is_refused_a_style_too_and_gets_it_once_all_is_well(asked):
    assert asked("probable", "comms", style="apa").status_code == 403
    assert asked("cleared", "comms", style="apa").status_code == 200


@pytest.mark.slow(alone=False)
@pytest.mark.parametrize("form", FOR_PUBLICATION)
def test_a_researcher_and_an_editor_get_every_form_marked(asked, form):
    for audience in ("researcher", "editor"):
        answer = asked("probable", audience, **{"as": form})
        assert answer.status_code == 200
        assert "not cleared for publication" in answer.text


@pytest.mark.slow(alone=False)
def test_the_public_meets_only_what_is_cleared(asked):
    for name in ("probable", "nameless", "withheld", "maps"):
        assert asked(name, **{"as": "ris"}).status_code == 404
    assert asked("withdrawn", **{"as": "ris"}).status_code == 410
    assert asked("withdrawn", "comms", **{"as": "ris"}).status_code == 410
    assert asked("lost").status_code == 410


def test_print_is_cited_by_everybody(asked):
    for audience in ("public", "comms"):
        (item,) = asked("slow", audience, **{"as": "csl-json"}).json()
        assert (item["type"], item["container-title"]) == ("chapter", "An example paper")


def test_who_cleared_is_told_to_editors_alone_and_when_to_comms(asked):
    told = {audience: asked("cleared", audience).text for audience in ("public", "researcher", "comms", "editor")}
    assert {audience: "An Editor" in text for audience, text in told.items()} == {
        "public": False, "researcher": False, "comms": False, "editor": True,
    }  # fmt: skip
    assert {audience: "cleared for publication on 2" in text for audience, text in told.items()} == {
        "public": False, "researcher": False, "comms": True, "editor": True,
    }  # fmt: skip
    assert json.loads(asked("cleared", "comms", **{"as": "json"}).text)["cleared"]["by"] is None


def test_an_id_that_was_moved_leads_to_the_same_form_elsewhere(asked, archive):
    answer = asked("moved", **{"as": "ris"})
    assert answer.status_code == 308
    assert answer.headers["location"] == f"{API}/quotes/{archive.ids['target']}/citation?as=ris"


def test_what_did_not_change_is_not_sent_again(asked):
    first = asked("cleared", **{"as": "bibtex"})
    again = asked("cleared", **{"as": "bibtex"}, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert first.headers["cache-control"] == "no-cache"
