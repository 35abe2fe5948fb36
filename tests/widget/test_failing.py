"""An archive that is slow, broken, gone or closed to this site, and a browser that runs no scripts."""

import contextlib
import socket
import threading

import pytest

from convarchive.errors import IndexMissing
from fakes.open_doors import app_of, opened, served
from fakes.other_site import visiting
from fakes.reading_archive import searcher
from servers import Answer, serving

pytestmark = pytest.mark.slow

ASKING = (
    '<quote-search archive="{archive}" q="power that is shared" timeout="1">'
    '<a href="{archive}/?q=power">Search the archive</a></quote-search>'
)
ANYWHERE = {"Access-Control-Allow-Origin": "*"}


@contextlib.contextmanager
def asking_one_that(browser, archive, search, **choices):
    """A site that asks an archive with another search behind its real doors."""
    with (
        opened(archive, search=search, **{"allowed_origins": ("*",)} | choices) as doors,
        served(app_of(doors)) as address,
        visiting(browser, address) as site,
    ):
        yield site


def link_is_there(page):
    return page.get_by_role("link", name="Search the archive").is_visible()


def test_a_slow_archive_is_waited_for_and_then_told_of(browser, archive):
    find, quick = searcher(archive.home), threading.Event()

    def slow(read, query):
        quick.wait(4)
        return find(read, query)

    with asking_one_that(browser, archive, slow) as site:
        page = site.show(ASKING)
        site.told("Asking the archive")
        assert page.get_by_role("list").first.get_attribute("aria-busy") == "true"
        site.told("The archive takes too long to answer")
        assert link_is_there(page)
        quick.set()
        page.get_by_role("button", name="Try again").press("Enter")
        site.told("quote")
        # Whoever pressed the button, which is gone now, is led to what it brought.
        assert page.evaluate("document.querySelector('quote-search').shadowRoot.activeElement.tagName") == "FIGURE"
        assert page.get_by_role("button", name="Try again").count() == 0


def test_search_that_is_down_is_told_of_and_can_be_tried_again(browser, archive):
    def down(read, query):
        raise IndexMissing("no index yet")

    with asking_one_that(browser, archive, down) as site:
        page = site.show(ASKING)
        site.told("The archive could not answer")
        page.get_by_role("button", name="Try again").press("Enter")
        site.told("The archive could not answer")
        # Focus stays where it was, though the button was hidden meanwhile.
        site.until("document.querySelector('quote-search').shadowRoot.activeElement?.textContent === 'Try again'")
        assert link_is_there(page)


def test_a_fault_of_the_archives_is_told_of(browser, archive):
    def broken(read, query):
        raise RuntimeError("a fault")

    with asking_one_that(browser, archive, broken) as site:
        page = site.show(ASKING)
        # A fault's answer lacks what would let another site read it, so that it looks like none.
        site.told("The archive c")
        assert link_is_there(page)


def test_an_archive_that_is_closed_to_this_site_is_told_of(browser, archive):
    with asking_one_that(browser, archive, searcher(archive.home), allowed_origins=("https://www.example",)) as site:
        page = site.show(ASKING)
        site.told("The archive cannot be reached just now")
        assert link_is_there(page)


def test_an_archive_that_is_gone_is_told_of_and_its_link_stays(site):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    page = site.show(ASKING, archive=f"http://127.0.0.1:{port}")
    site.told("The archive cannot be reached just now")
    assert link_is_there(page)
    assert page.get_by_role("button", name="Try again").is_visible()


def test_an_idle_widget_of_an_archive_that_is_gone_says_so_at_once(site):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    page = site.show('<quote-search archive="{archive}"></quote-search>', archive=f"http://127.0.0.1:{port}")
    site.told("The archive cannot be reached just now")
    assert page.get_by_role("link", name="Open the archive").get_attribute("href") == f"http://127.0.0.1:{port}/"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer(b"<!doctype html><p>Moved house</p>", "text/html", headers=ANYWHERE), "The archive could not answer"),
        (Answer(b'{"hits": [{"quote": {}}]}', "application/json", headers=ANYWHERE), "The archive could not answer"),
        (Answer(b"null", "application/json", headers=ANYWHERE), "The archive could not answer"),
        (Answer(b"{}", "application/json", 500, headers=ANYWHERE), "The archive could not answer"),
        (Answer(b"{}", "application/problem+json", 429, headers=ANYWHERE), "asked too much at once"),
        (Answer(b"{}", "application/problem+json", 422, headers=ANYWHERE), "cannot act on this question"),
        (Answer(b'{"hits": [', "application/json", cuts=[5], headers=ANYWHERE), "The archive c"),
    ],
    ids=["not JSON", "half a record", "null", "500", "429", "422", "cut off"],
)
def test_an_answer_that_is_none_is_told_of(site, answer, said):
    with serving() as other:
        other.put("/api/v1/search", answer)
        page = site.show(ASKING.replace("<quote-search", '<quote-search filters=""'), archive=other.base)
        site.told(said)
        assert link_is_there(page)
        assert page.get_by_role("figure").count() == 0


def test_more_that_cannot_be_had_leaves_what_is_there(crowd_site):
    page = crowd_site.show('<quote-search archive="{archive}" theme="weather"></quote-search>')
    crowd_site.told("10 quotes shown")
    page.context.set_offline(True)
    page.get_by_role("button", name="Load more").click()
    crowd_site.told("The archive cannot be reached just now")
    assert page.get_by_role("figure").count() == 10
    page.context.set_offline(False)
    page.get_by_role("button", name="Try again").click()
    crowd_site.told("20 quotes shown")


def test_a_question_that_was_overtaken_answers_nothing(browser, archive):
    find, first = searcher(archive.home), threading.Event()

    def first_is_slow(read, query):
        if query.text == "keys to the hall":
            first.wait(2)
        return find(read, query)

    with asking_one_that(browser, archive, first_is_slow) as site:
        page = site.show('<quote-search archive="{archive}"></quote-search>')
        page.get_by_role("searchbox").fill("keys to the hall")
        page.get_by_role("button", name="Search").click()
        page.wait_for_timeout(200)
        page.get_by_role("searchbox").fill("power that is shared")
        page.get_by_role("button", name="Search").click()
        site.told("quote")
        first.set()
        page.wait_for_timeout(500)
        assert page.locator("quote-search blockquote").first.inner_text().startswith("Power")


@pytest.mark.parametrize("scripts", [True, False], ids=["script not there", "no scripts at all"])
def test_without_the_script_the_link_stands_there(browser, address, scripts):
    with visiting(browser, address, java_script_enabled=scripts) as site:
        page = site.show(ASKING, script=False)
        assert link_is_there(page)
        if not scripts:
            # Nothing else can be asked of a page that runs nothing.
            site.violations = list
