"""Whoever comes by keyboard, on a small screen, in the dark or with a screen reader can use all of it."""

import pytest

from fakes.other_site import POLICY, visiting

pytestmark = pytest.mark.slow

SEARCH = '<quote-search archive="{archive}"></quote-search>'
FOCUSED = """(() => {
  const one = document.querySelector("quote-search").shadowRoot.activeElement;
  return one && (one.getAttribute("part") ?? one.tagName);
})()"""

STATES = {
    "idle": (SEARCH, "themes"),
    "results": ('<quote-search archive="{archive}" q="power that is shared"></quote-search>', "quote"),
    "a theme": ('<quote-search archive="{archive}" theme="leadership"></quote-search>', "quote"),
    "nothing": ('<quote-search archive="{archive}" q="xylophone quasar"></quote-search>', "Nothing"),
    "error": (
        '<quote-search archive="{archive}" theme="none"><a href="{archive}">A link</a></quote-search>',
        "This is",
    ),
    "taken down": ('<quote-search archive="{archive}" quote="{withdrawn}"></quote-search>', "This was taken down"),
    "single": ('<quote-search archive="{archive}" quote="{cleared}"></quote-search>', "figure"),
    "print": ('<quote-search archive="{archive}" quote="{slow}"></quote-search>', "figure"),
    "rotating": ('<quote-search archive="{archive}" rotate="30"></quote-search>', "figure"),
}


def bring(site, archive, state):
    body, sign = STATES[state]
    for name, quote in archive.ids.items():
        body = body.replace(f"{{{name}}}", quote)
    page = site.show(body, head='<meta name="color-scheme" content="light dark">')
    if sign == "themes":
        page.get_by_role("group", name="Themes").wait_for()
    elif sign == "figure":
        page.get_by_role("figure").wait_for()
    else:
        site.told(sign)
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_state_shuts_anybody_out(browser, address, archive, scheme):
    found = {}
    with visiting(browser, address, color_scheme=scheme) as site:
        for state in STATES:
            bring(site, archive, state)
            found |= {f"{state}: {rule}": where for rule, where in site.axe().items()}
        page = bring(site, archive, "a theme")
        page.get_by_role("button", name="Play").first.click()
        site.told("Playing")
        found |= {f"playing: {rule}": where for rule, where in site.axe().items()}
        page = bring(site, archive, "idle")
        page.get_by_role("button", name="Leadership").click()
        site.told("2 quotes")
        found |= {f"pressed: {rule}": where for rule, where in site.axe().items()}
    assert found == {}


def test_it_is_as_dark_as_the_page_around_it(browser, address, archive):
    paper = "getComputedStyle(document.querySelector('quote-search').shadowRoot.querySelector('.all')).backgroundColor"
    with visiting(browser, address, color_scheme="dark") as site:
        site.show(SEARCH)
        site.until("document.querySelector('quote-search').shadowRoot?.querySelector('.all')")
        # The page says nothing of dark, so that a dark widget would be a hole in it.
        assert site.page.evaluate(paper) == "rgb(255, 255, 255)"
        bring(site, archive, "idle")
        assert site.page.evaluate(paper) == "rgb(22, 28, 31)"


def test_with_forced_colours_what_is_pressed_is_told_by_more_than_colour(browser, address):
    with visiting(browser, address, forced_colors="active") as site:
        page = site.show(SEARCH)
        theme = page.get_by_role("button", name="Leadership")
        theme.click()
        site.told("2 quotes")
        mark = theme.evaluate("(one) => getComputedStyle(one, '::before').content")
        assert "✓" in mark
        assert theme.get_attribute("aria-pressed") == "true"


@pytest.mark.parametrize("state", STATES)
def test_nothing_is_wider_than_a_small_phone_and_all_can_be_hit(browser, address, archive, state):
    with visiting(browser, address, viewport={"width": 320, "height": 640}) as site:
        page = bring(site, archive, state)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        sizes = page.evaluate(
            """[...document.querySelector("quote-search").shadowRoot.querySelectorAll("button, a, input, select")]
              .filter((one) => one.checkVisibility())
              .map((one) => [one.textContent, one.offsetWidth, one.offsetHeight])"""
        )
        assert [one for one in sizes if one[1] < 24 or one[2] < 24] == []


def test_a_word_without_end_breaks(crowd_site):
    crowd_site.page.set_viewport_size({"width": 320, "height": 640})
    page = crowd_site.show('<quote-search archive="{archive}" speaker="mallory-invented"></quote-search>')
    page.get_by_role("figure").wait_for()
    page.evaluate(
        "document.querySelector('quote-search').shadowRoot.querySelector('blockquote').append('x'.repeat(500))"
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_letters_twice_as_large_still_fit(browser, address):
    with visiting(browser, address, viewport={"width": 640, "height": 640}) as site:
        site.put("/large.css", b"html { font-size: 200%; }", "text/css")
        page = site.show(
            '<quote-search archive="{archive}" theme="leadership"></quote-search>',
            head='<link rel="stylesheet" href="/large.css">',
            policy=POLICY + "; style-src 'self'",
        )
        page.get_by_role("figure").first.wait_for()
        assert page.locator("quote-search strong").first.evaluate("(one) => getComputedStyle(one).fontSize") == "32px"
        assert page.evaluate("document.documentElement.scrollWidth") <= 640


def walk(page, parts, key="Tab"):
    """Press a key until each of the parts had the focus, in this order."""
    seen = []
    for _ in range(60):
        page.keyboard.press(key)
        part = page.evaluate(FOCUSED)
        seen.append(part)
        if part == parts[0]:
            parts = parts[1:]
        if not parts:
            return
    raise AssertionError(f"never came to {parts[0]}: {seen}")


def test_all_of_it_works_by_keyboard(crowd_site):
    page = crowd_site.show(SEARCH)
    page.get_by_role("group", name="Themes").wait_for()
    walk(page, ["input"])
    page.keyboard.type("weather")
    page.keyboard.press("Enter")
    crowd_site.told("10 quotes shown")
    assert page.evaluate(FOCUSED) == "input"
    walk(page, ["button search", "button theme"])
    page.keyboard.press("Space")
    crowd_site.told("10 quotes shown")
    walk(page, ["input", "button copy", "button open", "button correct", "button more"])
    page.keyboard.press("Enter")
    crowd_site.told("20 quotes shown")
    assert page.evaluate(FOCUSED) == "quote"
    walk(page, ["button copy"])


def test_playing_works_by_keyboard(site):
    page = site.show('<quote-search archive="{archive}" theme="leadership"></quote-search>')
    page.get_by_role("figure").first.wait_for()
    walk(page, ["button play"])
    page.keyboard.press("Space")
    site.told("Playing Ada Example")
    site.until("window.sounds[0]?.currentTime > 0.2")
    page.keyboard.press("Space")
    site.until("window.sounds[0].paused")
    assert page.evaluate(FOCUSED) == "button play"


def test_what_is_focused_is_seen_to_be(site):
    page = site.show(SEARCH)
    page.get_by_role("group", name="Themes").wait_for()
    walk(page, ["button theme"])
    outline = page.get_by_role("button", name="Leadership").evaluate("(one) => getComputedStyle(one).outlineStyle")
    assert outline == "solid"
