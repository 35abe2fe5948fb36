"""The pages as they are sent: what each audience reads, also without any script."""

import pytest
from lxml import html
from starlette.testclient import TestClient

from convarchive.domain.theme import Theme, ThemeId
from convarchive.home import Home
from convarchive.store.catalogue import Catalogue
from fakes.open_doors import app_of, opened
from fakes.reading_archive import made


def read(client, path, **params):
    """A page as a tree; fails where it is none."""
    answer = client.get(path, params=params or None)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return html.fromstring(answer.text)


def texts(tree, path):
    return [" ".join("".join(one.itertext()).split()) for one in tree.xpath(path)]


def quotes(tree):
    return texts(tree, "//ol[contains(@class, 'quotes')]//blockquote")


def test_the_first_page_asks_and_offers_the_themes(public):
    page = read(public, "/")
    assert page.xpath("//form[@role='search' and @method='get']//input[@name='q']")
    assert texts(page, "//ul[@class='themes']//strong") == ["Leadership", "Harbours"]


def test_a_theme_without_quotes_for_the_asker_leads_nowhere_and_says_why(own):
    kept = Theme(ThemeId("leadership"), "Leadership", "How people lead.")
    bare = Theme(ThemeId("tides"), "Tides", "When the water turns.", note="Nobody has spoken of tides yet.")
    with Catalogue.for_writing(own.home) as catalogue, catalogue.writing() as write:
        write.search.put_themes([kept, bare])
    with opened(own) as doors, TestClient(app_of(doors), base_url="http://127.0.0.1") as client:
        page = read(client, "/")
    assert texts(page, "//ul[@class='themes']/li")[1].endswith("Nobody has spoken of tides yet.0 quotes")
    assert texts(page, "//ul[@class='themes']//a//strong") == ["Leadership"]
    assert texts(page, "//nav[@aria-label='Themes']//a")[0].startswith("Leadership")
    assert len(page.xpath("//nav[@aria-label='Themes']//a")) == 1


def test_results_are_an_ordered_list_of_quotations_with_what_must_be_known(researcher):
    page = read(researcher, "/", q="letting go of control")
    figure = page.xpath("//ol[contains(@class, 'quotes')]/li/figure")[0]
    assert quotes(page)[0].startswith("Letting go of control")
    assert texts(figure, ".//mark")[:2] == ["Letting", "go"]
    assert texts(figure, ".//ul[@class='marks']/li") == [
        "fictional sample", "name probable", "words heard by machine, not checked", "not cleared for publication",
    ]  # fmt: skip
    assert (
        figure.get("data-status")
        == "fictional sample; words heard by machine, not checked; name probable; not cleared for publication"
    )
    assert "Relevance 0." in "".join(figure.itertext())


def test_sound_can_be_played_without_any_script(researcher, public, archive):
    audio = read(public, f"/q/{archive.ids['cleared']}").xpath("//audio[@controls]")[0]
    assert audio.get("src") == f"/api/v1/quotes/{archive.ids['cleared']}/clip#t=0.000,6.000"
    assert audio.get("aria-label") == "Ada Example, at 0:05"


def test_every_quote_leads_to_whoever_corrects_or_withdraws_it(archive, public):
    page = read(public, "/", theme="leadership")
    links = page.xpath("//figure//a[text()='Correct or withdraw']/@href")
    assert len(links) == len(page.xpath("//figure")) > 0
    assert links[0].endswith("#correct")
    told = texts(read(public, links[0].removesuffix("#correct")), "//section[@id='correct']//p")
    assert "no address of theirs is set here" in told[0]
    quote = links[0].removeprefix("/q/").removesuffix("#correct")
    mail = f"mailto:archive@example.org?subject=Correct%20or%20withdraw%3A%20{quote}"
    site = "https://www.example/contact"
    with opened(archive) as doors:
        for contact, address in (("archive@example.org", mail), (site, site)):
            with TestClient(app_of(doors, contact=contact), base_url="http://127.0.0.1") as client:
                section = read(client, links[0].removesuffix("#correct")).xpath("//section[@id='correct']")[0]
            assert section.xpath(".//a/@href") == [address]
            assert section.xpath(".//code/text()") == [quote]


def test_a_researcher_hears_a_whole_recording_at_the_place(whole):
    with opened(whole) as doors, TestClient(app_of(doors), base_url="http://127.0.0.1") as client:
        client.get("/enter", params={"key": doors.sessions.invite()})
        page = read(client, f"/q/{whole.ids['cleared']}")
        lines = read(client, f"/episodes/{whole.episode}").xpath("//ol[@class='transcript']//a[@class='time']")
    assert page.xpath("//audio")[0].get("src") == f"/api/v1/audio/{whole.recording}#t=5.000,11.000"
    assert lines[0].get("href").startswith(f"/api/v1/audio/{whole.recording}#t=5.000,")


def test_a_link_to_a_second_leads_to_what_is_said_there_and_plays_from_it(whole):
    with opened(whole) as doors, TestClient(app_of(doors), base_url="http://127.0.0.1") as client:
        client.get("/enter", params={"key": doors.sessions.invite()})
        at = read(client, f"/episodes/{whole.episode}?at=6.2").xpath("//li[@id='at']//a[@class='time']")
        assert [line.get("data-start") for line in at] == ["6200"]
        for wrong in ("", "-1", "nan", "1e9", "9999999", "6,2"):
            assert not read(client, f"/episodes/{whole.episode}?at={wrong}").xpath("//li[@id='at']")


def test_print_has_no_player_and_says_why(public, archive):
    page = read(public, f"/q/{archive.ids['slow']}")
    assert not page.xpath("//audio")
    assert "as printed; not checked against audio" in texts(page, "//ul[@class='marks']/li")
    assert "fiction" not in text_of(page).casefold()


def text_of(page):
    return " ".join("".join(page.xpath("//main")[0].itertext()).split())


def test_evidence_is_shown_to_researchers_for_and_against_and_never_to_the_public(researcher, public, archive):
    evidence = texts(read(researcher, f"/q/{archive.ids['probable']}"), "//ul[@class='evidence']/li")
    assert len(evidence) == 2
    assert "(against)" in evidence[1]
    shown = text_of(read(public, f"/q/{archive.ids['cleared']}"))
    assert "Evidence" not in shown
    assert "Confidence" not in shown


def test_only_themes_a_quote_belongs_to_are_named(researcher, archive):
    page = read(researcher, f"/q/{archive.ids['probable']}")
    assert texts(page, "//dd/a[contains(@href, 'theme=')]") == ["Leadership"]


def test_an_empty_answer_says_so_and_offers_a_way_on(public):
    page = read(public, "/", q="xylophone", speaker="ada-example", since="2031-02-01")
    assert "Nothing in the archive speaks to this" in text_of(page)
    assert page.xpath("//a[text()='Search without them']")[0].get("href") == "/?q=xylophone"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"since": "yesterday"}, "“yesterday” is no date"),
        ({"since": "2031-02-01", "until": "2031-01-01"}, "lies before the first"),
        ({"theme": "nope"}, "no theme “nope”"),
        ({"speaker": "<script>"}, "Nobody called “<script>”"),
        ({"episode": "nope"}, "no episode “nope”"),
        ({"q": "x" * 10_001}, "ask in at most 10,000"),
    ],
)
def test_a_question_that_cannot_be_acted_on_is_named_and_kept(public, asked, said):
    answer = public.get("/", params={"q": "power"} | asked)
    page = html.fromstring(answer.text)
    assert answer.status_code == 422
    assert said in texts(page, "//*[@role='alert']")[0]


def test_a_theme_lists_its_quotes_with_what_it_means(public):
    page = read(public, "/", theme="harbours")
    assert "Where ships lie." in text_of(page)
    assert "Nothing was ever printed about harbours." in text_of(page)
    assert texts(page, "//nav[@aria-label='Themes']//a[@aria-current='true']")[0].startswith("Harbours")


def test_lists_longer_than_a_page_go_on(researcher, monkeypatch):
    monkeypatch.setattr("convarchive.web.results.PAGE", 2)
    found, address = [], "/?speaker=ada-example"
    while address:
        page = read(researcher, address)
        found += quotes(page)
        more = page.xpath("//a[@rel='next']")
        address = more[0].get("href") if more else None
    assert len(found) == len(set(found)) == 5
    monkeypatch.setattr("convarchive.web.results.PAGE", 1)
    ranked, address = [], "/?q=is+a"
    while address:
        page = read(researcher, address)
        ranked += quotes(page)
        more = page.xpath("//a[@rel='next']")
        address = more[0].get("href") if more else None
    assert len(ranked) == len(set(ranked)) > 2


def test_words_never_become_markup(researcher):
    page = read(researcher, "/", q="<img src=x onerror=alert(1)>")
    assert not page.xpath("//img")


def test_a_withdrawn_quote_has_a_page_that_says_so_and_nothing_of_its_words(public, researcher, archive):
    for client in (public, researcher):
        answer = client.get(f"/q/{archive.ids['withdrawn']}")
        assert answer.status_code == 410
        assert "withdrawn" in answer.text
        assert "taken down at" not in answer.text


def test_a_withdrawal_outranks_a_redirect(tmp_path):
    from convarchive.store.catalogue import Catalogue
    from convarchive.store.write_reviews import Hold

    archive = made(Home(tmp_path))
    with Catalogue.for_writing(archive.home) as catalogue, catalogue.writing() as write:
        number = write.reviews.add("withdraw", "An Editor", "asked to", quote=archive.ids["target"])
        write.reviews.hold(Hold("withdrawn", quote=archive.ids["target"]), number)
    with opened(archive) as doors, TestClient(app_of(doors), base_url="http://127.0.0.1") as client:
        for path in (f"/q/{archive.ids['moved']}", f"/api/v1/quotes/{archive.ids['moved']}"):
            assert client.get(path).status_code == 410, path


def test_a_moved_quote_leads_on_and_a_divided_one_shows_its_parts(public, archive):
    moved = public.get(f"/q/{archive.ids['moved']}")
    assert (moved.status_code, moved.headers["location"]) == (308, f"/q/{archive.ids['target']}")
    split = public.get(f"/q/{archive.ids['split']}")
    assert split.status_code == 300
    assert len(quotes(html.fromstring(split.text))) == 2


def test_fiction_says_so_on_every_page_where_it_is(researcher, public, archive):
    for path in ("/", "/?q=power", "/?theme=leadership", f"/q/{archive.ids['cleared']}", "/episodes",
                 f"/episodes/{archive.episode}", f"/q/{archive.ids['split']}"):  # fmt: skip
        for client in (researcher, public):
            page = html.fromstring(client.get(path).text)
            assert page.xpath("//aside[contains(@class, 'fiction')]"), path


def test_an_episode_shows_its_voices_and_masks_what_was_withdrawn(researcher, archive):
    page = read(researcher, f"/episodes/{archive.episode}")
    assert [one.split(" speaks")[0] for one in texts(page, "//ul[@class='voices']/li")] == [
        "Ada Example guest", "Ben Sample host", "Speaker 3",
    ]  # fmt: skip
    assert "[withdrawn]" in text_of(page)
    assert "taken down at" not in text_of(page)


def test_the_public_sees_of_an_episode_only_cleared_excerpts(public, archive):
    page = read(public, f"/episodes/{archive.episode}")
    assert "We gave the keys" in text_of(page)
    assert "Nobody asked" not in text_of(page)
    assert not page.xpath("//ul[@class='voices']")


def test_every_page_says_whose_eyes_it_is_made_for(public, researcher):
    assert "Public view" in public.get("/").text
    assert "Researcher’s view" in researcher.get("/").text
    assert read(researcher, "/").xpath("//form[@action='/leave' and @method='post']")


def test_permalinks_are_shown_once_there_is_a_public_address(archive):
    with opened(archive, public_url="https://archive.example") as doors:
        client = TestClient(app_of(doors), base_url="http://127.0.0.1")
        page = read(client, f"/q/{archive.ids['cleared']}")
    address = f"https://archive.example/q/{archive.ids['cleared']}"
    assert page.xpath("//link[@rel='canonical']")[0].get("href") == address
    assert address in page.xpath("//figure")[0].get("data-citation")
