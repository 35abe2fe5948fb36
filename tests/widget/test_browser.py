"""The widget in a real browser, on a page of another site under a strict policy: asking, choosing, reading."""

import json

import pytest

from fakes.open_doors import app_of, opened, served
from fakes.other_site import POLICY, visiting

pytestmark = pytest.mark.slow

PLAIN = '<quote-search archive="{archive}"><a href="{archive}/">Search the archive</a></quote-search>'
POWER = "Power that is shared does not get smaller."
KEYS = "We gave the keys to the people who sweep the hall, and the hall was never so full."


def quotes(page):
    return page.locator("quote-search").locator("blockquote").all_inner_texts()


def search(page, text):
    page.get_by_role("searchbox").fill(text)
    page.get_by_role("button", name="Search").click()


def test_a_visitor_searches_and_sees_who_said_it_where_and_how_sure_that_is(site, archive):
    page = site.show(PLAIN)
    search(page, "power that is shared")
    site.told("quote")
    first = page.get_by_role("figure").first
    assert first.locator("blockquote").inner_text() == POWER
    assert first.locator("mark").all_inner_texts()[0].casefold() == "power"
    said = first.inner_text()
    assert "Ada Example, Director, Example Trust" in said
    assert "A fictional talk · 5 January 2031 · at 0:55" in said
    assert first.get_by_role("list", name="Status").get_by_role("listitem").all_inner_texts() == [
        "fictional sample",
        "name confirmed",
        "words checked by ear",
    ]
    address = f"{site.archive}/q/{archive.ids['target']}"
    assert first.get_by_role("link", name="Open Ada Example").get_attribute("href") == address
    assert first.get_by_role("link", name="Correct or withdraw").get_attribute("href") == f"{address}#correct"


def test_words_in_print_are_shown_as_print(site, archive):
    page = site.show(f'<quote-search archive="{{archive}}" quote="{archive.ids["slow"]}"></quote-search>')
    figure = page.get_by_role("figure")
    assert figure.locator("blockquote").inner_text() == "Trust is slow work … and worth it."
    assert "An example paper · section 2" in figure.inner_text()
    assert figure.get_by_role("list", name="Status").get_by_role("listitem").all_inner_texts() == [
        "as printed; not checked against audio"
    ]
    assert figure.get_by_role("button", name="Play").count() == 0


def test_it_asks_once_when_somebody_has_stopped_typing(site):
    page = site.show(PLAIN)
    page.get_by_role("group", name="Themes").wait_for()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_role("searchbox").press_sequentially("power that is shared", delay=20)
    site.told("quote")
    assert [url.partition("q=")[2] for url in asked] == ["power+that+is+shared&limit=10"]


def test_emptying_the_field_takes_the_answer_away(site):
    page = site.show(PLAIN)
    search(page, "power that is shared")
    site.told("quote")
    search(page, "")
    page.get_by_role("figure").first.wait_for(state="detached")
    assert page.get_by_role("status").first.inner_text() == ""


def test_nothing_found_is_said(site):
    page = site.show(PLAIN)
    search(page, "xylophone quasar")
    site.told("Nothing in the archive speaks to this")
    assert quotes(page) == []


def test_themes_and_speakers_narrow_it_together(site):
    page = site.show(PLAIN)
    theme = page.get_by_role("group", name="Themes").get_by_role("button", name="Leadership")
    theme.click()
    site.told("2 quotes")
    assert theme.get_attribute("aria-pressed") == "true"
    assert set(quotes(page)) == {POWER, KEYS}
    search(page, "keys to the hall")
    site.until("document.querySelector('quote-search').shadowRoot.querySelectorAll('figure').length < 2")
    assert quotes(page) == [KEYS]
    search(page, "")
    site.told("2 quotes")
    theme.click()
    page.get_by_role("figure").first.wait_for(state="detached")
    assert theme.get_attribute("aria-pressed") == "false"


def test_one_person_can_be_chosen_where_there_are_several(crowd_site):
    page = crowd_site.show(PLAIN)
    page.get_by_label("Speaker").select_option("Cy Invented")
    crowd_site.told("2 quotes")
    page.get_by_role("button", name="Weather").click()
    crowd_site.told("1 quote")
    page.get_by_label("Speaker").select_option("Everybody")
    crowd_site.told("10 quotes shown; there are more below")


@pytest.mark.parametrize(
    ("attributes", "count"), [('theme="leadership"', 2), ('speaker="ada-example"', 4), ('q="power that is shared"', 1)]
)
def test_a_page_can_say_what_is_shown(site, attributes, count):
    page = site.show(f'<quote-search archive="{{archive}}" {attributes}></quote-search>')
    page.get_by_role("figure").first.wait_for()
    assert len(quotes(page)) >= count
    way = page.get_by_role("link", name="Open the archive").get_attribute("href")
    assert way.startswith(f"{site.archive}/?{attributes.partition('=')[0]}=")


def test_filters_can_be_left_out(site):
    page = site.show('<quote-search archive="{archive}" filters="" q="power"></quote-search>')
    page.get_by_role("figure").first.wait_for()
    page.wait_for_timeout(200)
    assert page.get_by_role("group", name="Themes").count() == 0
    assert page.get_by_role("combobox").count() == 0


def test_an_archive_is_asked_where_the_script_came_from_if_none_is_named(site):
    page = site.show('<quote-search theme="leadership"></quote-search>')
    site.told("2 quotes")
    assert set(quotes(page)) == {POWER, KEYS}


def test_an_address_that_is_none_is_told(site):
    page = site.show('<quote-search archive="javascript:alert(1)"><a href="/">Search</a></quote-search>')
    site.told("is no web address")
    assert page.get_by_role("link", name="Search").is_visible()


def test_an_attribute_that_changes_changes_what_is_shown(site, archive):
    page = site.show('<quote-search archive="{archive}" theme="leadership"></quote-search>')
    site.told("2 quotes")
    page.evaluate("document.querySelector('quote-search').setAttribute('theme', 'harbours')")
    site.told("1 quote")
    page.evaluate(f"document.querySelector('quote-search').setAttribute('quote', '{archive.ids['cleared']}')")
    page.get_by_role("searchbox").wait_for(state="detached")
    site.until("document.querySelector('quote-search').shadowRoot.querySelector('blockquote')")
    assert quotes(page) == [KEYS]


def test_a_thousand_hits_can_be_read_on_and_on(crowd_site):
    page = crowd_site.show('<quote-search archive="{archive}" q="weather" limit="100"></quote-search>')
    for count in range(100, 1_001, 100):
        shown = f"{count} quotes shown; there are more below" if count < 1_000 else "1000 quotes"
        crowd_site.told(shown)
        if count > 100:
            place = page.evaluate(
                "(() => { const root = document.querySelector('quote-search').shadowRoot;"
                "return [...root.querySelectorAll('figure')].indexOf(root.activeElement); })()"
            )
            assert place == count - 100
        if count < 1_000:
            page.get_by_role("button", name="Load more").click()
    assert page.get_by_role("button", name="Load more").count() == 0
    assert len(set(quotes(page))) == 1_000


def test_hostile_words_names_and_titles_stay_text(crowd_site):
    page = crowd_site.show('<quote-search archive="{archive}" speaker="mallory-invented"></quote-search>')
    crowd_site.told("1 quote")
    said = page.get_by_role("figure").inner_text()
    assert "<img src=x onerror=alert(1)><script>alert(2)</script>{{7*7}}" in said
    assert '"><svg onload=alert(3)>' in said
    inside = "document.querySelector('quote-search').shadowRoot.querySelectorAll('img, script, svg, iframe').length"
    assert page.evaluate(inside) == 0


def test_a_mark_stands_where_the_words_are_behind_letters_that_javascript_counts_twice(crowd_site):
    page = crowd_site.show('<quote-search archive="{archive}" q="zeppelin"></quote-search>')
    crowd_site.told("quote")
    assert page.get_by_role("figure").first.locator("mark").all_inner_texts() == ["zeppelin"]


def test_a_quote_that_was_taken_down_is_told_and_cannot_be_tried_again(site, archive):
    page = site.show(
        f'<quote-search archive="{{archive}}" quote="{archive.ids["withdrawn"]}"><a href="/x">See it</a></quote-search>'
    )
    site.told("This was taken down")
    assert page.get_by_role("button", name="Try again").count() == 0
    assert page.get_by_role("link", name="See it").is_visible()


@pytest.mark.parametrize("name", ["withheld", "probable"])
def test_a_quote_that_is_not_public_is_not_shown(site, archive, name):
    site.show(f'<quote-search archive="{{archive}}" quote="{archive.ids[name]}"></quote-search>')
    site.told("not in the archive, or not open to the public")


def test_an_id_that_leads_elsewhere_shows_what_it_leads_to(site, archive):
    page = site.show(f'<quote-search archive="{{archive}}" quote="{archive.ids["moved"]}"></quote-search>')
    page.get_by_role("figure").wait_for()
    assert quotes(page) == [POWER]


def test_every_string_can_be_another(site):
    words = {"lang": "de", "search": "Suchen", "shown_other": "{n} Zitate", "at": "bei {time}"}
    site.put("/words.json", json.dumps(words).encode(), "application/json")
    page = site.show(
        '<quote-search archive="{archive}" theme="leadership" strings="/words.json"></quote-search>',
        policy=POLICY.replace("connect-src", "connect-src 'self'"),
    )
    site.told("2 Zitate")
    assert page.get_by_role("button", name="Suchen").count() == 1
    assert "5. Januar 2031 · bei 0:" in page.get_by_role("figure").first.inner_text()
    assert page.get_by_role("button", name="Copy").count() == 2
    assert page.get_by_role("search").locator("..").get_attribute("lang") == "de"


def test_without_its_strings_it_speaks_english(browser, address):
    with visiting(browser, address) as site:
        site.show('<quote-search theme="leadership" strings="{archive}/nothing.json"></quote-search>')
        site.told("2 quotes")
        warned = [one for one in site.said if "cannot read strings" in one]
        assert len(warned) == 1
        site.said.clear()


def test_a_researcher_on_a_neighbouring_site_sees_what_the_public_sees(browser, archive):
    # The same host name on another port is the same site, to which browsers would send the cookie.
    with (
        opened(archive, allowed_origins=("*",)) as doors,
        served(app_of(doors)) as address,
        visiting(browser, address, host="127.0.0.1") as site,
    ):
        site.page.goto(f"{address}/enter?key={doors.sessions.invite()}")
        assert "Researcher" in site.page.inner_text("header")
        asked = []
        site.page.on("request", lambda request: asked.append(request))
        page = site.show('<quote-search archive="{archive}" q="keys to the hall"></quote-search>')
        site.told("quote")
        page.get_by_role("button", name="Play").first.click()
        site.until("window.sounds[0]?.currentTime > 0.2")
        ours = [one for one in asked if one.url.startswith(address)]
        assert any(one.url.endswith("/clip") for one in ours)
        assert [one.url for one in ours if "cookie" in one.all_headers()] == []
        assert {one.url.partition("/api/")[0] for one in asked if "/api/" in one.url} == {address}
        assert [cookie["name"] for cookie in page.context.cookies()] == [doors.sessions.cookie_name("http")]
        site.show(f'<quote-search archive="{{archive}}" quote="{archive.ids["probable"]}"></quote-search>')
        site.told("not open to the public")
