"""What a quote's page gives those who print it: all they need, ready to be copied, or the reason why not."""

import json

import pytest
from lxml import html as lxml_html
from starlette.testclient import TestClient

from convarchive.editorial.clearing import clear
from convarchive.editorial.editing import edit
from convarchive.home import Home
from convarchive.store.catalogue import Catalogue
from fakes.open_doors import app_of, opened
from fakes.reading_archive import made

FORMS = ["text", "markdown", "html", "apa", "mla", "chicago", "harvard", "ris", "bibtex", "csl-json", "jsonld"]


@pytest.fixture
def page(archive):
    with opened(archive, public_url="https://archive.example", hosts=None) as doors:

        def read(name, audience="public"):
            with TestClient(app_of(doors), base_url="http://127.0.0.1") as client:
                if audience != "public":
                    client.get("/enter", params={"key": doors.sessions.invite(audience)})
                return lxml_html.fromstring(client.get(f"/q/{archive.ids[name]}").text)

        yield read


def forms(page):
    return {one.get("id").removeprefix("form-"): one.text for one in page.iter("pre")}


def text_of(page):
    return " ".join(page.text_content().split())


@pytest.mark.parametrize("audience", ["public", "comms"])
def test_a_cleared_quote_comes_in_every_form(page, audience):
    found = forms(page("cleared", audience))
    assert list(found) == FORMS
    assert found["ris"].startswith("TY  - SOUND")
    assert "Not for publication" not in text_of(page("cleared", audience))


def test_each_form_can_be_opened_alone_without_any_script(page, archive):
    found = page("cleared")
    links = {a.get("href") for a in found.xpath("//p[@class='copier']/a")}
    assert f"/api/v1/quotes/{archive.ids['cleared']}/citation?as=bibtex" in links
    assert f"/api/v1/quotes/{archive.ids['cleared']}/citation?style=mla" in links
    assert len(links) == len(FORMS)


def test_comms_reads_why_a_quote_may_not_be_printed(page):
    found = page("probable", "comms")
    assert list(forms(found)) == ["text"]
    assert "Not for publication: quote" in text_of(found)
    assert "nobody has cleared its words and its name is only probable" in text_of(found)


def test_a_researcher_gets_the_forms_marked(page):
    found = page("probable", "researcher")
    assert list(forms(found)) == FORMS
    assert "Not for publication yet: nobody has cleared its words" in text_of(found)
    assert all("not cleared for publication" in text for text in forms(found).values())


def test_the_page_says_when_it_was_cleared_and_to_editors_by_whom(page):
    said = {audience: text_of(page("cleared", audience)) for audience in ("public", "comms", "editor")}
    assert "An Editor" not in said["public"] + said["comms"]
    assert "by An Editor" in said["editor"]
    assert "Cleared for publication." in said["public"]
    assert "Cleared for publication, " in said["comms"]


def test_linked_data_is_for_the_public_alone_and_only_of_what_may_be_published(page):
    def embedded(name, audience):
        return page(name, audience).xpath("//script[@type='application/ld+json']/text()")

    (text,) = embedded("cleared", "public")
    assert json.loads(text)["spokenByCharacter"]["name"] == "Ada Example"
    for audience in ("researcher", "comms", "editor"):
        assert embedded("cleared", audience) == []


@pytest.mark.slow(alone=False)
def test_words_cannot_end_the_block_they_are_embedded_in(tmp_path):
    archive = made(Home(tmp_path))
    quote = archive.ids["cleared"]
    said = {"by": "B. Editor", "why": "for this test"}
    with Catalogue.for_writing(archive.home) as catalogue:
        edit(catalogue, quote, "[</script><script>alert] [...] so full.", **said)
        clear(catalogue, archive.home, quote, **said)
    with opened(archive, hosts=None) as doors, TestClient(app_of(doors), base_url="http://127.0.0.1") as client:
        html = client.get(f"/q/{quote}").text
    assert "<script>alert" not in html
    (text,) = lxml_html.fromstring(html).xpath("//script[@type='application/ld+json']/text()")
    assert json.loads(text)["text"].startswith("[</script><script>")


def test_an_edit_is_told_beside_the_words_as_said(tmp_path):
    archive = made(Home(tmp_path))
    quote = archive.ids["cleared"]
    with Catalogue.for_writing(archive.home) as catalogue:
        edit(catalogue, quote, "We gave the keys [...] so full.", by="B. Editor", why="shorter")
    with opened(archive, hosts=None) as doors, TestClient(app_of(doors), base_url="http://127.0.0.1") as client:
        assert "We gave the keys to the people" in client.get(f"/q/{quote}").text
        client.get("/enter", params={"key": doors.sessions.invite("comms")})
        said = text_of(lxml_html.fromstring(client.get(f"/q/{quote}").text))
    assert "left out “to the people who sweep the hall, and the hall was never”" in said
    assert "As said: “We gave the keys to the people who sweep the hall" in said
    assert "take the wording that is public, with audience public" in said
