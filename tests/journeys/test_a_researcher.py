"""A researcher searches, reads why, narrows it down, finds who else says it, keeps the search and takes it away."""

import json
import re
import tomllib
from pathlib import Path
from types import SimpleNamespace

import pytest
import rispy

from convarchive import wiring
from convarchive.cli.app import run
from convarchive.models.shelf import default_folder
from fakes.keyed import key_for
from fakes.open_doors import app_of, opened, served
from fakes.other_site import CHROMIUM
from fakes.show import home_at

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

pytestmark = [
    pytest.mark.slow(alone=False),
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"there is no browser at {CHROMIUM}"),
    pytest.mark.skipif(
        not (default_folder() / "all-MiniLM-L6-v2").is_dir(),
        reason="all-MiniLM-L6-v2 is not there; convarchive models pull",
    ),
]

SAID = (
    ("ada-example", "The residents decide now, and the board merely signs what they have settled."),
    ("ben-sample", "Handing authority over to your staff feels like falling until somebody catches you."),
    ("eve-instance", "Letting go of control is the hardest thing I have had to learn as a manager."),
    ("eve-instance", "Letting go of control is the hardest thing I have had to learn as a manager!"),
    ("tom-atlantis", "Rust eats a hull slowest where the paint is thickest."),
    ("tom-atlantis", "My grandmother kept bees for forty years, behind the railway station."),
    ("ada-example", "Sourdough needs flour, water, salt and a warm kitchen."),
)
PEOPLE = sorted({who for who, _ in SAID})
QUESTION = "handing over control"


def called(person):
    return person.replace("-", " ").title()


@pytest.fixture
def archive(tmp_path, capfd):
    home = home_at(tmp_path / "home")
    people = "".join(f'[[speakers]]\nid = "{one}"\nname = "{called(one)}"\n' for one in PEOPLE)
    home.speakers.write_text(people)
    quotes = "".join(
        f'[[quotes]]\nkey = "k{n}"\nkind = "podcast"\nspeaker = "{who}"\nname = "{called(who)}"\n'
        f'place = "p. {n}"\ntext = "{text}"\n'
        for n, (who, text) in enumerate(SAID)
    )
    home.published.mkdir(parents=True, exist_ok=True)
    (home.published / "paper.toml").write_text(f'id = "paper"\ntitle = "A paper"\n{quotes}')
    assert run(["index", "build", "--quiet", "--home", str(home.root)]) == 0, capfd.readouterr().err
    return SimpleNamespace(home=home)


@pytest.fixture
def page(archive):
    """A browser signed in with a researcher's key."""
    search, similar = wiring.searcher(archive.home), wiring.likener(archive.home)
    with (
        opened(archive, search=search, similar=similar, public_url="https://archive.example") as doors,
        served(app_of(doors)) as address,
        playwright.sync_playwright() as driver,
    ):
        browser = driver.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        page = browser.new_page(base_url=address)
        page.set_default_timeout(15_000)
        page.goto("/sign-in")
        page.get_by_label("Your key").fill(key_for(archive, "researcher", "R. Reader"))
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: not url.endswith("/sign-in"))
        yield page
        browser.close()


def test_a_researcher(archive, page, capfd):
    # Found by meaning: not one word of the question stands in it, and the page says so.
    page.goto("/")
    page.get_by_role("searchbox").fill("beekeeping grandma")
    page.keyboard.press("Enter")
    hit = page.get_by_role("figure").filter(has_text="My grandmother kept bees")
    hit.wait_for()
    assert "Found by meaning alone: none of your words stand in it" in hit.inner_text()
    assert hit.locator("mark.meant").inner_text() == "My grandmother kept bees for forty years,"
    assert page.get_by_role("figure").count() == 1
    page.get_by_role("searchbox").fill("a lighthouse in the Arctic")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Nothing in the archive speaks to this").wait_for()

    # Found by words and meaning together.
    page.get_by_role("searchbox").fill(QUESTION)
    page.keyboard.press("Enter")
    hit = page.get_by_role("figure").filter(has_text="Handing authority over")
    hit.wait_for()
    assert "Found because it holds" in hit.inner_text()
    before = page.get_by_role("figure").count()
    assert before > 1

    # Narrowed by a link, which another takes off again.
    page.get_by_role("navigation", name="Narrow it down").get_by_role("link", name="Ben Sample").click()
    page.wait_for_url("**speaker=ben-sample*")
    assert page.get_by_role("figure").count() == 1
    page.get_by_role("link", name="Remove Speaker: Ben Sample").click()
    page.wait_for_url(lambda url: "speaker" not in url)
    assert page.get_by_role("figure").count() == before

    # Who else says it: others, with the repeat under the first of them.
    hit.get_by_role("link", name="Similar in meaning").click()
    page.get_by_role("heading", name="Nearest in meaning").wait_for()
    others = page.locator("ol.quotes figure")
    assert "Ben Sample" not in " ".join(others.locator(".person").all_inner_texts())
    hardest = others.filter(has_text="Letting go of control")
    assert hardest.count() == 1
    assert hardest.get_by_role("link", name=re.compile(r"A paper, p\. [23], by Eve Instance")).is_visible()
    page.go_back()

    # Kept as lines for the desk, from where the command line asks the same.
    page.get_by_role("navigation", name="Narrow it down").get_by_role("link", name="Eve Instance").click()
    page.wait_for_url("**speaker=eve-instance*")
    cited = page.locator("ol.quotes blockquote").evaluate_all("all => all.map(one => one.getAttribute('cite'))")
    shown = [one.removeprefix("/q/") for one in cited]
    assert len(shown) == 1
    page.get_by_text("Save this search").click()
    lines = page.locator("#keep-lines").inner_text()
    (kept,) = tomllib.loads(lines)["searches"]
    assert (kept["text"], kept["speaker"]) == (QUESTION, "eve-instance")
    archive.home.searches.write_text(lines)
    capfd.readouterr()
    assert run(["searches", "run", kept["name"], "--json", "--home", str(archive.home.root)]) == 0
    told = capfd.readouterr().out
    assert [one["quote"]["id"] for one in json.loads(told)["hits"]] == shown

    # Taken away: exactly what is shown, as references.
    with page.expect_download() as taken:
        page.get_by_role("link", name="RIS", exact=True).click()
    assert taken.value.suggested_filename == "quotes.ris"
    references = rispy.loads(Path(taken.value.path()).read_text(encoding="utf-8"))
    assert [one["id"] for one in references] == shown
    assert all(one["urls"] == [f"https://archive.example/q/{one['id']}"] for one in references)
