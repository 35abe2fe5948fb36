"""The pages in a real browser: heard, copied, used by keyboard, and checked for accessibility."""

import contextlib
import json
from pathlib import Path

import pytest

from fakes.open_doors import app_of, opened, served

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = Path("/usr/bin/chromium")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"there is no browser at {CHROMIUM}"),
]

WATCH = """
() => {
  window.heard = [];
  const play = HTMLMediaElement.prototype.play;
  HTMLMediaElement.prototype.play = function () {
    if (!this.watched) {
      this.watched = true;
      for (const name of ["playing", "pause"]) {
        this.addEventListener(name, () => window.heard.push([name, this.currentTime]));
      }
      const context = new AudioContext();
      const ear = context.createAnalyser();
      ear.fftSize = 8192;
      context.createMediaElementSource(this).connect(ear);
      const bins = new Float32Array(ear.frequencyBinCount);
      window.pitches = [];
      setInterval(() => {
        ear.getFloatFrequencyData(bins);
        let loudest = 0;
        for (let i = 1; i < bins.length; i++) if (bins[i] > bins[loudest]) loudest = i;
        if (bins[loudest] > -60) window.pitches.push(loudest * context.sampleRate / ear.fftSize);
      }, 40);
    }
    return play.call(this);
  };
}
"""
"""Writes down where sound begins and stops, and what pitch is really sounding."""


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as driver:
        arguments = ["--no-sandbox", "--autoplay-policy=user-gesture-required"]
        browser = driver.chromium.launch(executable_path=str(CHROMIUM), args=arguments)
        yield browser
        browser.close()


@contextlib.contextmanager
def visit(browser, archive, *, as_researcher=True, **context):
    """A page of the archive; fails where the console had anything to say."""
    with opened(archive) as doors, served(app_of(doors)) as address:
        room = browser.new_context(base_url=address, **context)
        page = room.new_page()
        said = []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        if as_researcher:
            page.goto(f"/enter?key={doors.sessions.invite()}")
        yield page
        room.close()
    # A browser says itself that an answer was 404, 410 or 422; that is no fault of the page's.
    assert [one for one in said if "the server responded with a status of" not in one] == []


def until(page, condition):
    """Wait for what a script says; the pages' policy lets nothing be evaluated inside them, so we ask from outside."""
    for _ in range(1_500):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(20)
    raise AssertionError(f"never came true: {condition}")


def heard_when_done(page):
    until(page, "window.heard.some(([name]) => name === 'pause')")
    begun = next(at for name, at in page.evaluate("window.heard") if name == "playing")
    stopped = next(at for name, at in page.evaluate("window.heard") if name == "pause")
    return begun, stopped, page.evaluate("window.pitches")


def test_a_hit_begins_at_its_first_word_and_stops_after_its_last(browser, whole):
    with visit(browser, whole) as page:
        page.add_init_script(f"({WATCH})()")
        page.goto("/?q=letting+go+of+control")
        page.get_by_role("button", name="Play", exact=False).first.click()
        page.wait_for_selector("#now:not([hidden])")
        assert "Ben Sample, 0:15" in page.inner_text("#now-what")
        begun, stopped, pitches = heard_when_done(page)
        assert page.is_hidden("#now")
    assert begun == pytest.approx(15, abs=0.25)
    assert stopped == pytest.approx(21, abs=0.25)
    # Second n sounds at 300 + 20 n Hz: nothing before the span, nor after it, was heard.
    assert min(pitches) == pytest.approx(300 + 20 * 15, abs=12)
    assert max(pitches) == pytest.approx(300 + 20 * 20, abs=26)


def test_the_public_hears_the_clip_alone(browser, whole):
    with visit(browser, whole, as_researcher=False) as page:
        page.add_init_script(f"({WATCH})()")
        page.goto(f"/q/{whole.ids['cleared']}")
        page.get_by_role("button", name="Play", exact=False).click()
        begun, stopped, pitches = heard_when_done(page)
    assert begun == pytest.approx(0, abs=0.25)
    assert stopped == pytest.approx(6, abs=0.25)
    assert min(pitches) == pytest.approx(300 + 20 * 5, abs=12)


def test_a_line_of_the_transcript_plays_in_place_and_stops_when_asked(browser, whole):
    with visit(browser, whole) as page:
        page.add_init_script(f"({WATCH})()")
        page.goto(f"/episodes/{whole.episode}")
        line = page.get_by_role("link", name="Play from 0:55")
        line.focus()
        page.keyboard.press("Enter")
        until(page, "window.heard.some(([name]) => name === 'playing')")
        page.get_by_role("button", name="Stop").click()
        begun, stopped, _ = heard_when_done(page)
        assert page.url.endswith(whole.episode)
    assert begun == pytest.approx(55, abs=0.25)
    assert stopped < 60


def test_another_play_takes_over_from_the_one_before(browser, whole):
    with visit(browser, whole) as page:
        page.add_init_script(f"({WATCH})()")
        page.goto("/?theme=leadership")
        buttons = page.get_by_role("button", name="Play", exact=False)
        buttons.nth(0).click()
        until(page, "window.heard.length === 1")
        page.evaluate("window.heard = []")
        buttons.nth(0).click()
        until(page, "window.heard.some(([name]) => name === 'playing')")
        assert page.locator("button.playing").count() == 1


PLACES = {
    "first page": "/",
    "results": "/?q=letting+go+of+control",
    "filters": "/?q=power&speaker=ada-example&since=2031-01-01",
    "theme": "/?theme=harbours",
    "narrowed": "/?q=letting+go+of+control&role=host&source=audio&clearance=unreviewed",
    "meant": "/?q=lettings+gone+controls+skills+learn",
    "portrait": "/themes/leadership",
    "similar": "/q/{probable}/similar",
    "empty": "/?q=xylophone+quasar&since=2031-01-01&speaker=ben-sample",
    "error": "/?q=power&since=yesterday",
    "quote": "/q/{probable}",
    "print": "/q/{slow}",
    "elided": "/q/{elided}",
    "gone": "/q/{withdrawn}",
    "divided": "/q/{split}",
    "unknown": "/q/nothing",
    "episodes": "/episodes",
    "episode": "/episodes/{episode}",
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_shuts_anybody_out(browser, archive, scheme):
    from axe_playwright_python.base import AXE_FILE_PATH

    axe = Path(AXE_FILE_PATH).read_text()
    found = {}
    with visit(browser, archive, color_scheme=scheme) as page:
        for name, path in PLACES.items():
            page.goto(path.format(episode=archive.episode, **archive.ids))
            page.evaluate(axe)
            violations = page.evaluate("axe.run().then(result => result.violations)")
            found |= {f"{name}: {one['id']}": [node["html"] for node in one["nodes"]] for one in violations}
    assert found == {}


def test_nothing_is_wider_than_a_small_phone(browser, archive):
    with visit(browser, archive, viewport={"width": 320, "height": 640}) as page:
        for name, path in PLACES.items():
            page.goto(path.format(episode=archive.episode, **archive.ids))
            assert page.evaluate("document.documentElement.scrollWidth") <= 320, name


def test_copied_words_carry_their_status(browser, archive):
    with visit(browser, archive, permissions=["clipboard-read", "clipboard-write"]) as page:
        page.goto("/?q=letting+go+of+control")
        page.locator("blockquote").first.select_text()
        page.keyboard.press("Control+C")
        selected = page.evaluate("navigator.clipboard.readText()")
        page.get_by_role("button", name="Copy with status").first.click()
        page.get_by_role("button", name="Copied").wait_for()
        pressed = page.evaluate("navigator.clipboard.readText()")
        page.locator("h1").first.evaluate("one => getSelection().selectAllChildren(one)")
    for copied in (selected, pressed):
        assert "Letting go of control is a skill" in copied
        assert "Ben Sample" in copied
        assert copied.strip().endswith("probable; not cleared for publication]")


def test_every_form_of_a_quote_can_be_copied_as_it_stands(browser, archive):
    with visit(browser, archive, as_researcher=False, permissions=["clipboard-read", "clipboard-write"]) as page:
        page.goto(f"/q/{archive.ids['cleared']}")
        for name in ("HTML", "APA reference", "RIS, for reference managers", "BibTeX"):
            form = page.locator("details.form").filter(has=page.get_by_text(name, exact=True))
            form.locator("summary").click()
            shown = form.locator("pre").inner_text()
            page.get_by_role("button", name=f"Copy: {name}").click()
            page.get_by_role("button", name=f"Copied: {name}").wait_for()
            assert page.evaluate("navigator.clipboard.readText()") == shown
            assert "[words" not in shown


def test_linked_data_is_on_the_publics_page_and_no_policy_minds(browser, archive):
    # `visit` fails where the console reports a refused script.
    with visit(browser, archive, as_researcher=False) as page:
        answer = page.goto(f"/q/{archive.ids['cleared']}")
        assert "unsafe-inline" not in answer.headers["content-security-policy"]
        text = page.locator('script[type="application/ld+json"]').inner_text()
        assert json.loads(text)["@type"] == "Quotation"
        assert "</" not in text


def test_it_all_works_by_keyboard(browser, archive):
    with visit(browser, archive) as page:
        page.goto("/")
        page.locator("input[type=search]:focus").wait_for()
        page.keyboard.type("letting go of control")
        page.keyboard.press("Enter")
        page.wait_for_url("**/?q=letting*")
        for _ in range(40):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.classList.contains('play')"):
                break
        page.keyboard.press("Space")
        page.wait_for_selector("button.playing")


def test_it_all_works_without_scripts(browser, archive):
    with visit(browser, archive, java_script_enabled=False) as page:
        page.goto("/")
        page.get_by_role("searchbox").fill("letting go of control")
        page.get_by_role("button", name="Search").click()
        assert "Letting go of control is a skill" in page.inner_text("ol.quotes")
        assert page.locator("ol.quotes audio[controls]").first.is_visible()
        page.get_by_text("More filters").click()
        page.get_by_label("Speaker", exact=True).select_option("ben-sample")
        page.get_by_role("button", name="Search").click()
        assert "speaker=ben-sample" in page.url
        page.get_by_role("link", name="Open this quote").first.click()
        assert "Evidence for the name" in page.inner_text("main")
        page.get_by_text("RIS, for reference managers").click()
        assert "TY  - SOUND" in page.inner_text("#form-ris")
        assert page.get_by_role("button", name="Copy").count() == 0
        page.get_by_role("button", name="Leave").click()
        assert "Public view" in page.inner_text("header")
