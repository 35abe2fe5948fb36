"""A wrong name in public, and its correction: on another site's page, in the API and on the terminal."""

import json
from types import SimpleNamespace
from urllib.parse import quote as escaped
from urllib.request import urlopen

import pytest

from convarchive.index.build import build
from convarchive.index.engines.faiss_index import FaissIndex
from convarchive.store.catalogue import Catalogue
from fakes.encoder import HashingEncoder
from fakes.open_doors import app_of, opened, served
from fakes.other_site import CHROMIUM, visiting

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

pytestmark = [
    pytest.mark.slow(alone=False),
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"there is no browser at {CHROMIUM}"),
]

SAID = ("--by", "B. Editor", "--why", "heard it")
WIDGET = '<quote-search archive="{archive}"><a href="{archive}/">Search the archive</a></quote-search>'


@pytest.fixture
def served_at(walked, monkeypatch):
    """The sample show's archive with an index, answering every site; its doors stay open all the while."""
    monkeypatch.setattr("convarchive.wiring.finding.encoder", lambda *_, **__: HashingEncoder())
    with Catalogue.for_writing(walked) as catalogue:
        build(walked, catalogue, HashingEncoder(), FaissIndex)
    with (
        opened(SimpleNamespace(home=walked), allowed_origins=("*",)) as doors,
        served(app_of(doors)) as address,
    ):
        yield address


@pytest.fixture
def page(served_at):
    """A page of another site with the widget in it."""
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        with visiting(browser, served_at) as site:
            yield site.show(WIDGET)
        browser.close()


def test_a_corrected_name_is_seen_at_every_door_with_nothing_restarted_or_built(cli, walked, served_at, page):
    at = ("--home", walked.root)
    voice = json.loads(cli("speakers", "review", "--json", *at).out.splitlines()[0])
    wrong, right = (one["id"] for one in voice["candidates"][:2])
    names = {one["id"]: one["name"] for one in voice["candidates"]}
    exported = map(json.loads, cli("export", "--as", "jsonl", "--audience", "editor", *at).out.splitlines())
    turns = _turns(cli, at, voice)
    theirs = [one for one in exported if one["sources"] and _within(one, voice["episode"], turns)]
    quote = next(one for one in theirs if not any(name in one["text"] for name in names.values()))

    def assign(person):
        done = cli("speakers", "assign", voice["episode"], voice["label"], person, "--json", *SAID, *at)
        assert done.code == 0, done.err
        return json.loads(done.out)

    def doors():
        """Under which name the public finds the words: on the terminal, in the API, in the widget on another site."""
        said = cli("search", quote["text"], "--audience", "public", "--json", *at)
        assert said.code == 0, said.err
        told = json.loads(said.out)
        with urlopen(f"{served_at}/api/v1/search?q={escaped(quote['text'])}") as answered:
            found = [told, json.load(answered)]
        hits = [[hit["quote"] for hit in one["hits"] if hit["quote"]["id"] == quote["id"]] for one in found]
        page.get_by_role("searchbox").fill(quote["text"])
        with page.expect_response(lambda answer: "/api/v1/search" in answer.url):
            page.get_by_role("button", name="Search").click()
        page.wait_for_timeout(150)
        figures = page.locator("quote-search").get_by_role("figure").filter(has_text=quote["text"])
        shown = [name for name in names.values() if any(name in one for one in figures.all_inner_texts())]
        return [[one["speaker"]["name"] for one in some] for some in hits] + [shown]

    assert doors() == [[], [], []]
    assign(wrong)
    assert cli("review", "clear", quote["id"], *SAID, *at).code == 0
    assert doors() == [[names[wrong]]] * 3
    done = assign(right)
    assert done["no_longer_public"] == [quote["id"]]
    assert doors() == [[], [], []]
    assert cli("review", "clear", quote["id"], *SAID, *at).code == 0
    assert doors() == [[names[right]]] * 3


def _turns(cli, at, voice):
    shown = json.loads(cli("speakers", "show", voice["episode"], "--turns", "--json", *at).out)
    return next(one["turns"] for one in shown if one["label"] == voice["label"])


def _within(record, episode, turns):
    start = record["excerpts"][0]["start_ms"]
    return record["episode"]["id"] == episode and any(a["start_ms"] <= start < a["end_ms"] for a in turns)
