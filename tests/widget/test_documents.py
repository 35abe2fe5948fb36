"""docs/widget.md does what it says: every piece of it that can be copied is put into a page, and used there."""

import json
import re
from pathlib import Path
from urllib.parse import urlencode

import pytest
import requests
from markdown_it import MarkdownIt

from convarchive.widget.script import current
from fakes.other_site import POLICY

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "widget.md").read_text()
SOURCE = current().source.decode()
HERE = "https://archive.example"


def pieces(language):
    """What can be copied, in the order it stands there."""
    return [token.content for token in MarkdownIt().parse(PAGE) if token.type == "fence" and token.info == language]


def listed(heading):
    """The names in the first column of the table under a heading such as `| Part | |`."""
    table = PAGE[PAGE.index(heading) :].split("\n\n")[0]
    return {name for row in table.splitlines()[2:] for name in re.findall(r"`([^`]+)`", row.split("|")[1])}


EMBED, KINDS, PINNED, FRAME = pieces("html")


def test_every_attribute_is_explained():
    observed = re.search(r'observedAttributes = "([^"]+)"', SOURCE)[1].split()
    assert listed("| Attribute | |") == set(observed)


def test_every_variable_is_explained_and_shown():
    known = set(re.findall(r"var\((--qs-[a-z-]+)", SOURCE))
    assert listed("| Variable | |") == known
    assert set(re.findall(r"--qs-[a-z-]+", pieces("css")[0])) == known


def test_every_part_is_explained():
    known = set(re.findall(r'part: "([a-z ]+)"', SOURCE)) | set(re.findall(r'\bbutton\("([a-z]+)"', SOURCE))
    known |= set(re.findall(r'\blink\("([a-z]+)"', SOURCE))
    known = {word for names in known for word in names.split()}
    explained = PAGE[PAGE.index("| Part | |") : PAGE.index("## Other words")]
    assert known == set(re.findall(r"`([a-z]+)`", explained))


def test_the_strings_of_the_example_are_some_that_there_are():
    assert [key for key in json.loads(pieces("json")[0]) if not re.search(rf"^  {key}: ", SOURCE, re.MULTILINE)] == []


def test_the_policy_that_is_listed_is_the_one_the_tests_run_under():
    for directive in pieces("text")[0].splitlines():
        name, source = directive.split()
        assert source == HERE
        assert f"{name} {{archive}};" in POLICY


def test_the_picture_is_there_and_says_that_it_is_fiction():
    assert (ROOT / "docs" / "images" / "fiction-widget.png").is_file()
    assert "fictional" in re.search(r"!\[(.+?)\]\(images/fiction-widget.png\)", PAGE, re.DOTALL)[1]


def show(site, html, **page):
    """A page with a piece of the document in it, asking the archive of this test."""
    return site.show(html.replace(HERE, "{archive}"), script=False, **page)


@pytest.mark.slow
def test_the_two_lines_are_all_it_takes(site):
    page = show(site, EMBED)
    assert len(EMBED.splitlines()) == 2
    page.get_by_role("searchbox").fill("power that is shared")
    page.keyboard.press("Enter")
    site.told("quote")
    assert page.get_by_role("link", name="Search the archive").is_visible()


@pytest.mark.slow
@pytest.mark.parametrize("line", range(4))
def test_every_kind_shows_quotes(site, archive, line):
    element = KINDS.splitlines()[line].replace("QUOTE", archive.ids["cleared"])
    page = show(site, EMBED.splitlines()[0] + element)
    page.get_by_role("figure").first.wait_for()
    assert page.get_by_role("button", name="Pause").count() == (1 if "rotate" in element else 0)


@pytest.mark.slow
def test_a_style_sheet_changes_what_it_says(site):
    site.put("/site.css", pieces("css")[0].encode(), "text/css")
    page = show(
        site,
        EMBED.splitlines()[0] + KINDS.splitlines()[0],
        head='<link rel="stylesheet" href="/site.css">',
        policy=POLICY + "; style-src 'self'",
    )
    page.get_by_role("figure").first.wait_for()

    def style(selector, name):
        return page.locator(f"quote-search {selector}").first.evaluate(
            "(one, name) => getComputedStyle(one)[name]", name
        )

    assert style("[part=widget]", "backgroundColor") == "rgb(255, 253, 248)"
    assert style("[part=widget]", "color") == "rgb(42, 42, 42)"
    assert style("[part=widget]", "padding") == "24px"
    assert style("[part=widget]", "fontFamily").startswith("Verdana")
    assert style("blockquote", "fontSize") == "24px"
    assert style("blockquote", "fontFamily").startswith("Palatino")
    assert style("[part=where]", "color") == "rgb(90, 90, 90)"
    assert style("[part=mark]", "backgroundColor") == "rgb(242, 236, 223)"
    assert style("input", "borderColor") == "rgb(122, 122, 122)"
    assert style("input", "borderRadius") == "0px"
    assert style("[part='button search']", "backgroundColor") == "rgb(107, 45, 92)"
    assert style("[part='button search']", "color") == "rgb(255, 255, 255)"
    assert style("[part='button correct']", "textDecorationLine") == "underline"
    page.emulate_media(color_scheme="dark")
    assert style("[part=widget]", "backgroundColor") == "rgb(26, 26, 26)"
    assert site.axe() == {}


@pytest.mark.slow
def test_other_words_are_spoken(site):
    site.put("/words.json", pieces("json")[0].encode(), "application/json")
    page = show(
        site,
        EMBED.splitlines()[0] + '<quote-search q="xylophone quasar" strings="/words.json"></quote-search>',
        policy=POLICY.replace("connect-src", "connect-src 'self'"),
    )
    site.told("Dazu sagt im Archiv niemand etwas")
    assert page.get_by_role("button", name="Suchen").is_visible()


@pytest.mark.slow
def test_a_pinned_script_runs_if_its_hash_is_right_and_the_link_stays_if_not(site):
    told = requests.get(f"{site.archive}/widget/v1/", timeout=10).json()
    address = re.search(r'src="([^"]+)"', PINNED)[1]
    right = PINNED.replace(address, HERE + told["pinned"]).replace("HASH", told["integrity"])
    element = EMBED.splitlines()[1]
    page = show(site, right + element)
    page.get_by_role("searchbox").wait_for()
    wrong = right.replace(told["integrity"], "sha256-" + "A" * 43 + "=")
    page = show(site, wrong + element)
    site.until("document.readyState === 'complete'")
    page.wait_for_timeout(300)
    assert page.get_by_role("searchbox").count() == 0
    assert page.get_by_role("link", name="Search the archive").is_visible()
    assert any("integrity" in one for one in site.said)
    site.said.clear()


@pytest.mark.slow
def test_a_frame_grows_by_the_script_that_is_listed(site):
    listener = pieces("js")[0]
    assert len(listener.splitlines()) <= 6
    site.put("/listen.js", listener.replace(HERE, site.archive).encode(), "text/javascript")
    page = show(
        site,
        FRAME.replace('height="640"', 'height="10"'),
        head='<script src="/listen.js"></script>',
        policy=POLICY.replace("script-src", "script-src 'self'"),
    )
    site.until("document.querySelector('iframe').height > 300")
    assert page.frame_locator("iframe").locator("figure").count() == 2


@pytest.mark.slow
def test_wordpress_is_told_where_to_ask_and_is_answered(site, archive):
    php = pieces("php")[0]
    assert len(php.splitlines()) == 3
    pattern, endpoint = re.search(r"wp_oembed_add_provider\( '([^']+)', '([^']+)' \)", php).groups()
    # WordPress asks so for whatever fits the pattern, in which * is anything.
    url = f"{site.archive}/q/{archive.ids['cleared']}"
    assert re.fullmatch(re.escape(pattern.replace(HERE, site.archive)).replace(r"\*", "(.+)"), url)
    asked = {"maxwidth": 640, "maxheight": 960, "url": url, "dnt": 1, "format": "json"}
    told = requests.get(f"{endpoint.replace(HERE, site.archive)}?{urlencode(asked)}", timeout=10).json()
    page = site.show(told["html"], script=False)
    page.frame_locator("iframe").locator("blockquote").wait_for()
