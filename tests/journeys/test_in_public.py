"""
The archive on a public address, as its people meet it: one journey each, in a real browser.

A researcher finds a theme, hears a hit at its second and cites it; the press office pulls a quote
with all that belongs to it; a visitor of somebody else's website searches and listens; a guest
has words taken down, and they are gone at every door at once.
"""

import contextlib
import json
from types import SimpleNamespace

import pytest
import rispy

from convarchive.cli.app import run as command
from convarchive.home import Home
from convarchive.store.catalogue import Catalogue
from fakes.keyed import copied, key_for
from fakes.open_doors import app_of, opened, served
from fakes.other_site import CHROMIUM, visiting
from fakes.reading_archive import SAID, made

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"there is no browser at {CHROMIUM}"),
]

POWER = SAID["target"][2]
LISTEN = """
window.heard = [];
const play = HTMLMediaElement.prototype.play;
HTMLMediaElement.prototype.play = function () {
  this.addEventListener("timeupdate", () => this.muted || window.heard.push(this.currentTime));
  return play.call(this);
};
"""
"""Writes down every moment at which something could be heard."""

WIDGET = '<quote-search archive="{archive}"><a href="{archive}/">Search the archive</a></quote-search>'


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as driver:
        arguments = ["--no-sandbox", "--autoplay-policy=user-gesture-required"]
        browser = driver.chromium.launch(executable_path=str(CHROMIUM), args=arguments)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return made(Home(tmp_path_factory.mktemp("whole")), taken_down=False)


@pytest.fixture
def archive(whole, tmp_path):
    own = copied(whole, tmp_path / "own")
    own.home.settings.write_text('title = "An invented archive"\ncontact = "archive@example.org"\n')
    return own


@pytest.fixture
def public(archive):
    """Where the archive answers everybody; gives the doors too."""
    with (
        opened(archive, allowed_origins=("*",), public_url="https://archive.example") as doors,
        served(app_of(doors, contact="archive@example.org")) as address,
    ):
        yield SimpleNamespace(address=address, doors=doors)


@contextlib.contextmanager
def somebody(browser, address, key=None):
    """A browser of somebody's own, signed in with a key if they have one."""
    room = browser.new_context(base_url=address, permissions=["clipboard-read", "clipboard-write"])
    page = room.new_page()
    page.add_init_script(LISTEN)
    if key:
        page.goto("/sign-in")
        page.get_by_label("Your key").fill(key)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: not url.endswith("/sign-in"))
    yield page
    room.close()


def until(page, condition):
    for _ in range(500):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(20)
    raise AssertionError(f"never came true: {condition}")


def test_a_researcher_finds_by_theme_hears_it_at_its_second_and_cites_it(browser, archive, public):
    with somebody(browser, public.address, key_for(archive, "researcher", "R. Reader")) as page:
        page.goto("/")
        page.get_by_role("searchbox").fill("power that does not get smaller")
        page.keyboard.press("Enter")
        page.get_by_role("figure").filter(has_text=POWER).wait_for()
        page.goto("/?q=power+that+is+shared&theme=leadership&since=2031-01-01&until=2031-12-31")
        hit = page.get_by_role("figure").filter(has_text=POWER)
        hit.get_by_role("button", name="Play").click()
        start = SAID["target"][1] / 1000
        until(page, f"window.heard.some((at) => at > {start} + 0.2)")
        assert all(start - 0.1 <= at < start + 6.5 for at in page.evaluate("window.heard.filter((at) => at > 0)"))
        hit.get_by_role("link", name="Open this quote").click()
        page.get_by_text("RIS", exact=False).first.click()
        reference = page.locator("#form-ris").inner_text()
        (entry,) = rispy.loads(reference)
        assert entry["authors"] == ["Example, Ada"]
        assert entry["title"].endswith("A fictional talk")
        assert entry["urls"][0].startswith(f"https://archive.example/q/{archive.ids['target']}")


def test_the_press_office_pulls_what_is_cleared_and_is_told_why_not_otherwise(browser, archive, public):
    with somebody(browser, public.address, key_for(archive, "comms", "The press office")) as page:
        page.goto(f"/q/{archive.ids['target']}")
        told = page.locator("main").inner_text()
        for part in (POWER, "Ada Example", "Director, Example Trust", "A fictional talk", "0:55", "Confirmed"):
            assert part.casefold() in told.casefold(), part
        assert "cleared for publication" in told.casefold()
        page.get_by_role("heading", name="Use this quote").wait_for()
        form = page.locator("details", has_text="APA").first
        form.locator("summary").click()
        form.get_by_role("button").click()
        until(page, "navigator.clipboard.readText().then((text) => text.length > 40)")
        assert "Example, A." in page.evaluate("navigator.clipboard.readText()")
        page.goto(f"/q/{archive.ids['probable']}")
        refusal = page.locator(".refusal").inner_text()
        assert "nobody has cleared its words" in refusal
        assert "its name is only probable" in refusal
        answer = page.request.get(f"/api/v1/quotes/{archive.ids['probable']}/citation?as=ris")
        assert answer.status == 403
        assert answer.json()["type"] == "urn:convarchive:problem:not-publishable"


def test_a_visitor_of_another_website_searches_and_hears_it(browser, public):
    with visiting(browser, public.address) as site:
        page = site.show(WIDGET)
        page.get_by_role("searchbox").fill("power that is shared")
        page.get_by_role("button", name="Search").click()
        site.told("quote")
        figure = page.get_by_role("figure").filter(has_text=POWER)
        figure.get_by_role("button", name="Play").click()
        site.until("window.sounds.some((one) => one.currentTime > 0.2)")
        assert SAID["probable"][2] not in page.locator("body").inner_text()


def test_a_guest_has_words_taken_down_and_they_are_gone_at_every_door_at_once(browser, archive, public, capfd):
    quote = archive.ids["target"]
    with visiting(browser, public.address) as site, somebody(browser, public.address) as guest:
        # The guest finds their words on a website, and follows the link beside them.
        page = site.show(WIDGET)
        page.get_by_role("searchbox").fill("power that is shared")
        page.get_by_role("button", name="Search").click()
        site.told("quote")
        figure = page.get_by_role("figure").filter(has_text=POWER)
        address = figure.get_by_role("link", name="Correct or withdraw").get_attribute("href")
        assert address == f"{public.address}/q/{quote}#correct"
        guest.goto(f"/q/{quote}#correct")
        mail = guest.locator("#correct a").get_attribute("href")
        assert mail.startswith("mailto:archive@example.org?subject=")
        assert quote in mail
        # An editor takes them down, at the desk or, as here, from the command line.
        done = ["review", "withdraw", quote, "--by", "B. Editor", "--why", "the guest asked for it"]
        assert command([*done, "--home", str(archive.home.root)]) == 0
        assert "checked as public, researcher, comms: " in capfd.readouterr().out
        # Gone: on the website, the archive's pages, in the frame, the API, the sound.
        page.get_by_role("searchbox").fill("power that is shared does not get smaller")
        page.get_by_role("button", name="Search").click()
        site.until(
            "![...document.querySelector('quote-search').shadowRoot.querySelectorAll('blockquote')]"
            f".some((one) => one.textContent.includes({json.dumps(POWER)}))"
        )
        assert guest.goto(f"/q/{quote}").status == 410
        assert POWER not in guest.content()
        guest.goto("/?q=power+that+is+shared")
        assert POWER not in guest.content()
        assert guest.goto(f"/embed?quote={quote}").status == 410
        assert POWER not in guest.content()
        for path in ("", "/clip", "/citation?as=json"):
            assert guest.request.get(f"/api/v1/quotes/{quote}{path}").status == 410
        with somebody(browser, public.address, key_for(archive, "researcher", "R. Reader")) as reader:
            assert reader.goto(f"/q/{quote}").status == 410
            reader.goto(f"/episodes/{archive.episode}")
            assert POWER not in reader.content()
    # And for good: a new catalogue made from the desks alone would not show them either.
    assert f'recording = "{archive.recording}"' in archive.home.withdrawals.read_text()
    with Catalogue.for_reading(archive.home) as catalogue, catalogue.reading("editor") as read:
        assert [act.act for act in read.history(quote)][-1] == "withdraw"
