"""What is heard, and what is copied."""

import pytest

from fakes.other_site import visiting

pytestmark = pytest.mark.slow

NOW = "window.sounds.at(-1)?.currentTime ?? 0"


def single(archive, name):
    return f'<quote-search archive="{{archive}}" quote="{archive.ids[name]}"></quote-search>'


def test_a_quote_plays_from_its_first_word_to_its_last_and_stops_there(site, archive):
    page = site.show(single(archive, "cleared"))
    play = page.get_by_role("button", name="Play Ada Example")
    assert page.evaluate("window.sounds.length") == 0
    play.click()
    site.told("Playing Ada Example")
    site.until(f"{NOW} > 0.5")
    early = page.evaluate(NOW)
    assert page.evaluate("window.sounds[0].duration") == pytest.approx(6, abs=0.1)
    site.until(f"{NOW} > {early + 1}")
    page.get_by_role("button", name="Stop").wait_for()
    # Ended, and ready to be heard again.
    page.get_by_role("button", name="Play").wait_for()
    site.until("window.sounds[0].paused")
    assert page.evaluate("window.sounds.length") == 1


def test_a_second_press_stops_it(site, archive):
    page = site.show(single(archive, "cleared"))
    page.get_by_role("button", name="Play").click()
    site.until(f"{NOW} > 0.2")
    page.get_by_role("button", name="Stop").click()
    assert page.evaluate("window.sounds[0].paused")
    assert page.get_by_role("button", name="Play").count() == 1


def test_a_quote_with_an_omission_plays_its_parts_in_turn_and_nothing_between(site, archive):
    page = site.show(single(archive, "elided"))
    heard = []
    page.on("request", lambda request: heard.append(request.url.partition("/clip")[2]) if "/clip" in request.url else 0)
    page.get_by_role("button", name="Play").click()
    site.told("part 1 of 2")
    site.until(f"{NOW} > 0.2")
    assert page.evaluate("window.sounds[0].duration") == pytest.approx(2, abs=0.1)
    site.told("part 2 of 2")
    page.get_by_role("button", name="Play").wait_for()
    assert list(dict.fromkeys(heard)) == ["", "?excerpt=1"]


def test_one_at_a_time_is_heard_in_all_widgets_of_a_page(site, archive):
    page = site.show(single(archive, "cleared") + single(archive, "target"))
    plays = page.get_by_role("button", name="Play")
    plays.nth(0).click()
    site.until(f"{NOW} > 0.2")
    plays.nth(0).click()
    site.until("window.sounds.length === 2 && window.sounds[1].currentTime > 0.2")
    assert page.evaluate("window.sounds[0].paused")
    assert page.get_by_role("button", name="Stop").count() == 1


@pytest.mark.parametrize(
    "away",
    ["remove()", "removeAttribute('quote')"],
)
def test_a_widget_that_goes_away_falls_silent(site, archive, away):
    page = site.show(single(archive, "cleared"))
    page.get_by_role("button", name="Play").click()
    site.until(f"{NOW} > 0.2")
    page.evaluate(f"document.querySelector('quote-search').{away}")
    site.until("window.sounds[0].paused")


def test_a_new_question_falls_silent(site):
    page = site.show('<quote-search archive="{archive}" q="keys to the hall"></quote-search>')
    page.get_by_role("button", name="Play").first.click()
    site.until(f"{NOW} > 0.2")
    page.get_by_role("searchbox").fill("xylophone quasar")
    site.told("Nothing in the archive speaks to this")
    assert page.evaluate("window.sounds[0].paused")


def test_a_sound_that_cannot_be_had_is_told(site, archive):
    page = site.show(single(archive, "cleared"))
    page.get_by_role("button", name="Play").wait_for()
    page.context.set_offline(True)
    page.get_by_role("button", name="Play").click()
    site.told("This sound cannot be played here")
    assert page.get_by_role("button", name="Play").count() == 1


def test_what_is_copied_carries_name_source_address_and_status(browser, address, archive):
    with visiting(browser, address, permissions=["clipboard-read", "clipboard-write"]) as site:
        page = site.show(single(archive, "target") + single(archive, "slow"))
        # Which of the two is there first is chance; the first button is the first one's only when both are.
        page.get_by_role("button", name="Copy").nth(1).wait_for()
        page.get_by_role("button", name="Copy").nth(0).click()
        site.told("Copied with its source and status")
        heard = page.evaluate("navigator.clipboard.readText()")
        page.get_by_role("button", name="Copy").nth(1).click()
        site.until("navigator.clipboard.readText().then((text) => text.includes('slow work'))")
        printed = page.evaluate("navigator.clipboard.readText()")
    assert heard == (
        "“Power that is shared does not get smaller.”\n"
        f"— Ada Example, Director, Example Trust, A fictional talk, 5 January 2031, at 0:55, "
        f"{address}/q/{archive.ids['target']}\n"
        "[fictional sample; words checked by ear; name confirmed; cleared for publication]\n"
    )
    assert printed.endswith("\n[as printed; not checked against audio; cleared for publication]\n")


def test_a_browser_that_will_not_copy_is_told_of(site, archive):
    page = site.show(single(archive, "target"))
    page.get_by_role("button", name="Copy").wait_for()
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('no')); }")
    page.get_by_role("button", name="Copy").click()
    site.told("The browser refused to copy")
