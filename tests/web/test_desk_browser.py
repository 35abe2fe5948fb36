"""The desk in a real browser: by keyboard, without scripts, for everybody, and with two editors at once."""

import contextlib
from pathlib import Path

import pytest

from convarchive.api.sessions import Sessions
from convarchive.store.catalogue import Catalogue
from fakes.keyed import key_for
from fakes.open_doors import app_of, opened, served
from fakes.reading_archive import SAID

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = Path("/usr/bin/chromium")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"there is no browser at {CHROMIUM}"),
]


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield browser
        browser.close()


@contextlib.contextmanager
def at_the_desk(browser, archive, *names, sessions=None, **context):
    """A page for each editor, signed in as people do; fails where a console had anything to say."""
    choices = {"sessions": sessions} if sessions else {}
    with opened(archive, **choices) as doors, served(app_of(doors)) as address:
        rooms, said = [], []
        for name in names:
            room = browser.new_context(base_url=address, **context)
            page = room.new_page()
            page.on("console", lambda message: said.append(message.text))
            page.on("pageerror", lambda error: said.append(str(error)))
            sign_in(page, key_for(archive, "editor", name))
            rooms.append(page)
        yield rooms if len(rooms) > 1 else rooms[0]
        for page in rooms:
            page.context.close()
    # A browser says itself that an answer was 403 or 409; that is no fault of the page's.
    assert [one for one in said if "the server responded with a status of" not in one] == []


def sign_in(page, key):
    page.goto("/desk")
    page.get_by_label("Your key").fill(key)
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk")


def clearance(archive, name):
    with Catalogue.for_reading(archive.home) as catalogue, catalogue.reading("editor") as read:
        return read.quote(archive.ids[name]).clearance


def open_quote(page, archive, name):
    page.goto(f"/desk/q/{archive.ids[name]}")


def test_an_editor_works_through_the_queue_by_keyboard_alone(browser, own):
    with at_the_desk(browser, own, "B. Editor") as page:
        tab_to(page, f"a[href='/desk/q/{own.ids['probable']}']")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/desk/q/{own.ids['probable']}")
        tab_to(page, "#why")
        page.keyboard.type("listened: words and name are right")
        tab_to(page, "button[value=clear]")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/desk/q/{own.ids['nameless']}?done=*")
        assert "Cleared for publication" in page.get_by_role("status").first.inner_text()
        assert SAID["nameless"][2] in page.inner_text("blockquote")
        tab_to(page, "main [role=status] a")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/desk/q/{own.ids['probable']}")
        assert "listened: words and name are right" in page.inner_text(".log")
    assert clearance(own, "probable") == "cleared"


def tab_to(page, selector):
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} cannot be reached by keyboard")


@pytest.mark.parametrize(("button", "stands"), [("Withhold", "withheld"), ("Withdraw", "withdrawn")])
def test_it_works_without_scripts(browser, own, button, stands):
    with at_the_desk(browser, own, "B. Editor", java_script_enabled=False) as page:
        open_quote(page, own, "probable")
        assert page.locator("audio").count() == 2
        page.get_by_role("textbox", name="Why").fill("asked to")
        page.get_by_role("button", name=button, exact=True).click()
        page.wait_for_url("**?done=*")
    assert clearance(own, "probable") == stands


def test_a_browser_lets_nothing_through_without_a_reason(browser, own):
    with at_the_desk(browser, own, "B. Editor") as page:
        open_quote(page, own, "probable")
        page.get_by_role("button", name="Clear for publication").click()
        assert page.evaluate("document.activeElement.id") == "why"
    assert clearance(own, "probable") == "unreviewed"


def test_the_quote_is_heard_with_what_is_around_it(browser, own):
    with at_the_desk(browser, own, "B. Editor") as page:
        page.add_init_script(
            "window.begun = []; const play = HTMLMediaElement.prototype.play;"
            "HTMLMediaElement.prototype.play = function () {"
            "  this.addEventListener('playing', () => window.begun.push(this.currentTime)); return play.call(this); };"
        )
        open_quote(page, own, "probable")
        page.get_by_role("button", name="Play with what is around it").click()
        for _ in range(500):
            if page.evaluate("window.begun.length"):
                break
            page.wait_for_timeout(20)
        assert page.evaluate("window.begun[0]") == pytest.approx(5, abs=0.3)


def test_two_editors_who_meet_at_one_quote(browser, own):
    with at_the_desk(browser, own, "B. Editor", "C. Editor") as (first, second):
        for page in (first, second):
            open_quote(page, own, "probable")
            page.get_by_role("textbox", name="Why").fill(f"typed by {'first' if page is first else 'second'}")
        first.get_by_role("button", name="Withhold", exact=True).click()
        first.wait_for_url("**?done=*")
        second.get_by_role("button", name="Clear for publication").click()
        told = second.get_by_role("alert")
        told.wait_for()
        assert "B. Editor decided: withhold" in told.inner_text()
        assert second.get_by_role("textbox", name="Why").input_value() == "typed by second"
        assert clearance(own, "probable") == "withheld"
        second.get_by_role("button", name="Undo the decision").click()
        second.wait_for_url("**?done=*")
    assert clearance(own, "probable") == "unreviewed"


def test_a_session_that_ends_over_a_form_takes_nothing_with_it(browser, own):
    hours = [0.0]
    sessions = Sessions("s", "home", lambda: 1_000_000 + 3600 * hours[0])
    with at_the_desk(browser, own, "B. Editor", sessions=sessions) as page:
        open_quote(page, own, "probable")
        page.get_by_role("textbox", name="Why").fill("an hour of listening")
        hours[0] = 25
        page.get_by_role("button", name="Clear for publication").click()
        page.get_by_text("nothing was decided").wait_for()
        page.get_by_label("Your key").fill(key_for(own, "editor", "B. Editor, again"))
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Back to the quote").click()
        page.get_by_role("button", name="Clear for publication").wait_for()
        assert page.get_by_role("textbox", name="Why").input_value() == "an hour of listening"
        assert clearance(own, "probable") == "unreviewed"
        page.get_by_role("button", name="Clear for publication").click()
        page.wait_for_url("**?done=*")
    assert clearance(own, "probable") == "cleared"


def test_leaving_ends_it(browser, own):
    with at_the_desk(browser, own, "B. Editor") as page:
        page.get_by_role("button", name="Leave").click()
        page.get_by_role("link", name="Sign in").wait_for()
        page.goto("/desk")
        page.get_by_label("Your key").wait_for()


def test_another_sites_form_decides_nothing_even_where_it_knows_the_token(browser, own):
    with at_the_desk(browser, own, "B. Editor") as page:
        open_quote(page, own, "probable")
        fields = {
            name: page.locator(f"form:has(#why) input[name={name}]").get_attribute("value")
            for name in ("token", "version", "seen")
        }
        action = f"{page.url}"
        inputs = "".join(f'<input name="{name}" value="{value}">' for name, value in fields.items())
        # The same machine under another name is another site.
        page.route(
            "http://evil.example/",
            lambda route: route.fulfill(
                content_type="text/html",
                body=f'<form method="post" action="{action}">{inputs}<input name="why" value="x">'
                '<button name="act" value="clear">Win</button></form>',
            ),
        )
        page.goto("http://evil.example/")
        page.get_by_role("button", name="Win").click()
        page.wait_for_url(action)
        assert "another site" in page.inner_text("main")
    assert clearance(own, "probable") == "unreviewed"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_of_the_desk_shuts_anybody_out_or_is_too_wide(browser, own, scheme):
    from axe_playwright_python.base import AXE_FILE_PATH

    axe, found = Path(AXE_FILE_PATH).read_text(), {}

    def look(page, name):
        page.evaluate(axe)
        for one in page.evaluate("axe.run().then(result => result.violations)"):
            found[f"{name}: {one['id']}"] = [node["html"] for node in one["nodes"]]
        if page.evaluate("document.documentElement.scrollWidth") > 320:
            found[name] = "wider than 320 px"

    with at_the_desk(browser, own, "B. Editor", color_scheme=scheme, viewport={"width": 320, "height": 640}) as page:
        look(page, "queue")
        page.goto("/desk?speaker=ada-example")
        look(page, "nothing here")
        page.goto("/?q=letting+go+of+control")
        for name in ("saved", "saved already"):
            page.get_by_text("Save this search").click()
            page.get_by_role("button", name="Save", exact=True).click()
            page.get_by_text("Saved as" if name == "saved" else "saved already").wait_for()
            look(page, name)
        page.goto("/searches")
        look(page, "saved searches")
        for name in ("probable", "maps", "cleared", "withheld"):
            open_quote(page, own, name)
            for fold in page.locator("main summary").all():
                fold.click()
            look(page, name)
        open_quote(page, own, "probable")
        page.get_by_role("textbox", name="Why").fill("x")
        stale = page.locator("form:has(#why) input[name=seen]")
        stale.evaluate("one => { one.value = '99'; }")
        page.get_by_role("button", name="Withhold", exact=True).click()
        page.get_by_role("alert").wait_for()
        look(page, "stale")
        page.get_by_role("button", name="Withhold", exact=True).click()
        page.wait_for_url("**?done=*")
        look(page, "done")
        page.context.clear_cookies()
        page.get_by_role("textbox", name="Why").fill("x")
        page.get_by_role("button", name="Withhold", exact=True).click()
        page.get_by_label("Your key").wait_for()
        look(page, "ended")
        page.get_by_label("Your key").fill("wrong")
        page.keyboard.press("Enter")
        page.get_by_text("no key of the archive").wait_for()
        look(page, "refused")
        page.get_by_label("Your key").fill(key_for(own, "editor", "C. Editor"))
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Back to the quote").wait_for()
        look(page, "resumed")
    assert found == {}
