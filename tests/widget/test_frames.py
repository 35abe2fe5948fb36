"""The embedded page within another site's page: with and without scripts, with and without an origin of its own."""

import re
from html import unescape

import pytest
import requests
from lxml import html

from fakes.open_doors import app_of, opened, served
from fakes.other_site import POLICY, visiting

pytestmark = pytest.mark.slow

LISTEN = """\
addEventListener("message", (event) => {
  if (event.data?.type !== "convarchive:height") return;
  for (const frame of document.querySelectorAll("iframe")) {
    if (frame.contentWindow === event.source) frame.height = event.data.height;
  }
});
"""


def frame_for(archive, name, more=""):
    return f'<iframe src="{{archive}}/embed?quote={archive.ids[name]}" title="A quote" height="60"{more}></iframe>'


def inside(page):
    return page.frame_locator("iframe")


def test_a_frame_shows_a_quote_with_its_status_and_its_links(site, archive):
    page = site.show(frame_for(archive, "cleared"))
    said = inside(page).locator("body").inner_text()
    assert "We gave the keys" in said
    assert "name confirmed" in said
    assert "fictional sample" in said
    link = inside(page).get_by_role("link", name="Correct or withdraw")
    assert link.get_attribute("href") == f"/q/{archive.ids['cleared']}#correct"


def test_links_lead_out_of_the_frame(site, archive):
    page = site.show(frame_for(archive, "cleared"))
    with page.expect_popup() as opening:
        inside(page).get_by_role("link", name="Open").click()
    opened_page = opening.value
    opened_page.wait_for_load_state()
    assert opened_page.url == f"{site.archive}/q/{archive.ids['cleared']}"
    assert opened_page.evaluate("window.opener") is None


def test_a_frame_grows_with_what_is_in_it(site, archive):
    site.put("/listen.js", LISTEN.encode(), "text/javascript")
    page = site.show(
        '<iframe src="{archive}/embed?theme=leadership" title="Quotes" height="60"></iframe>',
        head='<script src="/listen.js"></script>',
        policy=POLICY.replace("script-src", "script-src 'self'"),
    )
    site.until("document.querySelector('iframe').height > 300")
    high = page.evaluate("Number(document.querySelector('iframe').height)")
    # Fetched later, more fits into less: an answer of nothing is not as high.
    inside(page).get_by_role("searchbox").fill("xylophone quasar")
    inside(page).get_by_role("button", name="Search").click()
    site.until(f"document.querySelector('iframe').height < {high}")
    assert "Nothing in the archive speaks to this" in inside(page).locator("body").inner_text()
    body = inside(page).locator("html")
    assert body.evaluate("(one) => one.scrollHeight <= one.clientHeight + 1")


def test_a_frame_works_without_scripts(browser, address):
    with visiting(browser, address, java_script_enabled=False) as site:
        page = site.show('<iframe src="{archive}/embed?theme=leadership" title="Quotes" height="600"></iframe>')
        assert inside(page).locator("figure").count() == 2
        inside(page).get_by_role("searchbox").fill("keys to the hall")
        inside(page).get_by_role("button", name="Search").click()
        inside(page).locator("mark").first.wait_for()
        assert inside(page).locator("audio[controls]").first.is_visible()
        assert "We gave the keys" in inside(page).locator("blockquote").first.inner_text()
        site.violations = list


def test_a_frame_plays(site, archive):
    page = site.show(frame_for(archive, "cleared", ' allow="autoplay"'))
    audio = inside(page).locator("audio")
    audio.click(position={"x": 20, "y": 20})
    for _ in range(200):
        if audio.evaluate("(one) => one.currentTime") > 0.3:
            break
        page.wait_for_timeout(20)
    assert audio.evaluate("(one) => one.currentTime") > 0.3
    assert audio.evaluate("(one) => one.duration") == pytest.approx(6, abs=0.1)


def test_a_frame_that_may_do_next_to_nothing_still_shows_its_words_and_height(site, archive):
    # As WordPress frames what it was told of by a page that nobody vouched for.
    site.put("/listen.js", LISTEN.encode(), "text/javascript")
    page = site.show(
        frame_for(archive, "cleared", ' sandbox="allow-scripts"'),
        head='<script src="/listen.js"></script>',
        policy=POLICY.replace("script-src", "script-src 'self'"),
    )
    site.until("document.querySelector('iframe').height > 100")
    words = inside(page).locator("blockquote")
    assert "We gave the keys" in words.inner_text()
    assert "Georgia" in words.evaluate("(one) => getComputedStyle(one).fontFamily")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "asked",
    ["quote={cleared}", "quote={slow}", "quote={withdrawn}", "theme=leadership", "q=xylophone+quasar", "q=power"],
)
def test_a_frame_shuts_nobody_out(browser, address, archive, asked, scheme):
    with visiting(browser, address, color_scheme=scheme, viewport={"width": 320, "height": 600}) as site:
        page = site.page
        page.goto(f"{address}/embed?{asked.format(**archive.ids)}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        assert site.axe() == {}


def test_a_site_that_the_owner_did_not_name_cannot_frame_it(browser, archive):
    with (
        opened(archive, allowed_origins=("https://www.example",)) as doors,
        served(app_of(doors)) as address,
        visiting(browser, address) as site,
    ):
        page = site.show(frame_for(archive, "cleared"))
        page.wait_for_timeout(500)
        assert inside(page).locator("blockquote").count() == 0
        site.said.clear()


def test_what_oembed_tells_a_site_is_shown_there(site, archive):
    with opened(archive, allowed_origins=("*",)) as doors, served(app_of(doors)) as address:
        quote = f"{address}/q/{archive.ids['cleared']}"
        told = requests.get(f"{address}/api/v1/oembed", params={"url": quote, "maxwidth": 400}, timeout=10).json()
        site.archive = address
        page = site.show(told["html"])
        assert "We gave the keys" in inside(page).locator("blockquote").inner_text()
        assert page.locator("iframe").bounding_box()["width"] == pytest.approx(400, abs=5)
        assert html.fromstring(told["html"]).get("title") == told["title"]
        assert not re.search("<script|onload|style=", unescape(told["html"]))
