"""Quotes that take turns: at a press, and by themselves where nobody minds."""

import pytest

from fakes.other_site import visiting

pytestmark = pytest.mark.slow

TURNING = '<quote-search archive="{archive}" rotate="5"></quote-search>'


def shown(page):
    return page.locator("quote-search blockquote").inner_text()


def seen_in(site, seconds):
    """Every quote that stood there within so many seconds."""
    site.page.evaluate(
        """() => {
          const list = document.querySelector("quote-search").shadowRoot.querySelector("ol");
          window.seen = [list.querySelector("blockquote").textContent];
          window.looking?.disconnect();
          window.looking = new MutationObserver(() => window.seen.push(list.querySelector("blockquote").textContent));
          window.looking.observe(list, { childList: true });
        }"""
    )
    site.page.wait_for_timeout(1_000 * seconds)
    return site.page.evaluate("window.seen")


def test_a_press_brings_the_next_quote_and_says_it(site):
    page = site.show('<quote-search archive="{archive}" rotate theme="leadership"></quote-search>')
    page.get_by_role("figure").wait_for()
    first = shown(page)
    page.get_by_role("button", name="Next quote").click()
    second = shown(page)
    assert second != first
    site.told(f"{second} Ada Example")
    page.get_by_role("button", name="Next quote").press("Enter")
    assert shown(page) == first
    assert page.get_by_role("button", name="Pause").count() == 0


def test_without_a_theme_every_themes_quotes_take_turns(site):
    page = site.show('<quote-search archive="{archive}" rotate></quote-search>')
    page.get_by_role("figure").wait_for()
    found = set()
    for _ in range(3):
        found.add(shown(page))
        page.get_by_role("button", name="Next quote").click()
    assert len(found) == 3


def test_they_change_by_themselves_until_somebody_pauses_them(site):
    page = site.show(TURNING)
    page.get_by_role("figure").wait_for()
    assert len(seen_in(site, 6)) == 2
    # What changes by itself is not called out.
    assert page.get_by_role("status").first.inner_text() == ""
    page.get_by_role("button", name="Pause").click()
    page.mouse.move(0, 0)
    assert len(seen_in(site, 6)) == 1
    page.get_by_role("button", name="Go on").click()
    page.mouse.move(0, 0)
    assert len(seen_in(site, 6)) == 2


def test_they_wait_while_somebody_reads_or_listens(site):
    page = site.show('<quote-search archive="{archive}" rotate="5" theme="leadership"></quote-search>')
    page.get_by_role("link", name="Open Ada Example").focus()
    assert len(seen_in(site, 6)) == 1
    page.get_by_role("button", name="Play").click()
    page.mouse.move(0, 0)
    page.evaluate("document.activeElement.blur()")
    site.until("window.sounds[0]?.currentTime > 0")
    assert len(seen_in(site, 5)) == 1


def test_nothing_moves_for_those_who_want_no_motion(browser, address):
    with visiting(browser, address, reduced_motion="reduce") as site:
        page = site.show(TURNING)
        page.get_by_role("figure").wait_for()
        assert page.get_by_role("button", name="Pause").count() == 0
        assert len(seen_in(site, 6)) == 1
        page.get_by_role("button", name="Next quote").click()


def test_one_quote_alone_has_no_next(site):
    page = site.show('<quote-search archive="{archive}" rotate="5" theme="harbours"></quote-search>')
    page.get_by_role("figure").wait_for()
    assert page.get_by_role("button", name="Next quote").count() == 0


def test_no_quote_at_all_is_told(site):
    site.show('<quote-search archive="{archive}" rotate q="xylophone quasar"></quote-search>')
    site.told("Nothing in the archive speaks to this")
