"""The search page narrows, says why, leads on to what is alike, and lets results be taken away and searches be kept."""

import csv
import io
import re
import tomllib

import pytest
import rispy
from lxml import html
from starlette.testclient import TestClient

from convarchive.domain.passage import Facet, Facets, Hit, Passage, Query
from convarchive.home import Home
from convarchive.index.saved import read_searches
from convarchive.web.asking import Asking
from convarchive.web.frame import templates
from convarchive.web.narrowing import groups
from convarchive.web.whys import marks_words, why
from fakes.keyed import key_for
from fakes.open_doors import app_of, opened

pytestmark = pytest.mark.slow(alone=False)


@pytest.fixture(scope="module")
def app(archive):
    with opened(archive) as doors:
        yield app_of(doors)


@pytest.fixture(scope="module")
def public(app):
    return TestClient(app, base_url="http://127.0.0.1", follow_redirects=False)


@pytest.fixture(scope="module")
def researcher(app):
    client = TestClient(app, base_url="http://127.0.0.1", follow_redirects=False)
    client.get("/enter", params={"key": app.state.doors.sessions.invite()})
    return client


def read(client, path, **params):
    answer = client.get(path, params=params or None)
    assert answer.status_code == 200, answer.text
    return html.fromstring(answer.text)


def texts(tree, path):
    return [" ".join("".join(one.itertext()).split()) for one in tree.xpath(path)]


def ids(tree):
    return [one.rpartition("/")[2] for one in tree.xpath("//ol[contains(@class, 'quotes')]//blockquote/@cite")]


NARROWER = "//nav[@id='narrow']//li"


def test_every_count_is_what_its_link_leads_to_and_every_filter_can_be_taken_off(researcher, public):
    for client in (researcher, public):
        start = "/?source=audio"
        looked = 0
        for step in read(client, start).xpath(NARROWER):
            count = int(re.search(r"\d+", step.xpath("string(span)"))[0])
            narrower = read(client, step.xpath("string(a/@href)"))
            assert len(ids(narrower)) == count
            taken_off = narrower.xpath("//ul[@class='undo']//a/@href")
            assert len(taken_off) > 1
            assert start in taken_off or "since" in step.xpath("string(a/@href)")
            looked += 1
        assert looked > 1
    assert any("Ben Sample" in one for one in texts(read(researcher, "/?source=audio"), NARROWER))
    # A name that is only probable, and how things stand that are not cleared, are not for the public.
    told = texts(read(public, "/?source=audio"), "//main")[0]
    assert "Ben Sample" not in told
    assert "Withheld" not in told


def test_a_theme_has_one_number_on_a_page_and_it_is_what_its_link_leads_to(researcher, public):
    for client, asked in (
        (researcher, {"role": "guest"}),
        (researcher, {"clearance": "withheld"}),
        (public, {"since": "2031-01-01"}),
    ):
        page = read(client, "/", q="power", **asked)
        chips = texts(page, "//nav[@aria-label='Themes']//li")
        assert "pass the other filters, whether or not they answer" in texts(page, "//nav[@aria-label='Themes']/p")[0]
        for said in texts(page, "//ul[@aria-label='By theme']/li"):
            assert said in chips
        for link in page.xpath("//nav[@aria-label='Themes']//a/@href"):
            held = re.sub("q=power&", "", link)
            chip = page.xpath("string(//nav[@aria-label='Themes']//a[@href=$link]/span)", link=link)
            assert len(ids(read(client, held))) == int(chip.split()[0])
    # Without a filter a theme's number is that of all its quotes.
    assert texts(read(researcher, "/", q="power"), "//nav[@aria-label='Themes']//li")[0] == "Leadership 4 quotes"


def test_what_a_long_list_leaves_over_is_folded_away_below_it(researcher):
    values = tuple(Facet(f"person-{i}", f"Person {i}", 30 - i) for i in range(20))
    (group,) = groups(Asking("power"), Facets(31, (), values, (), (), (), (), ()))
    assert (len(group.links), len(group.others)) == (8, 12)
    assert [one.label for one in (*group.links, *group.others)] == [one.label for one in values]
    (nine,) = groups(Asking("power"), Facets(31, (), values[:9], (), (), (), (), ()))
    assert (len(nine.links), nine.others) == (9, ())
    shown = html.fromstring(templates().get_template("_search.html").module.narrower((group,), True))
    assert texts(shown, "//details/summary") == ["12 more by speaker"]
    assert len(shown.xpath("//details//li/a")) == 12


def test_days_in_no_order_are_said_and_stay_in_the_form_and_what_has_no_date_is_counted(researcher):
    answer = researcher.get("/", params={"q": "power", "since": "2031-02-01", "until": "2031-01-01"})
    page = html.fromstring(answer.text)
    assert (answer.status_code, texts(page, "//span[@id='fault-until']")) == (
        422,
        ["The last day lies before the first."],
    )
    assert page.xpath("//input[@type='date']/@value") == ["2031-02-01", "2031-01-01"]
    nothing = texts(read(researcher, "/", q="power", since="2099-01-01"), "//div[@class='state']")[0]
    assert "2 quotes were left out for having no date" in nothing


def test_filters_of_the_form_narrow_together_and_a_wrong_one_is_named(researcher):
    page = read(researcher, "/", role="guest", source="audio", clearance="withheld")
    assert texts(page, "//ol[contains(@class, 'quotes')]//blockquote") == [
        "A budget is a promise that somebody else will have to keep."
    ]
    assert page.xpath("string(//select[@name='role']/option[@selected]/@value)") == "guest"
    answer = researcher.get("/", params={"q": "power", "role": "king"})
    assert answer.status_code == 422
    assert "no role “king”; choose one of: host, guest, other" in answer.text


def hit(**changes):
    passage = Passage(1, "v", "q", "Letting go of control, they said, is a skill.")
    return Hit(**{"passage": passage, "relevance": 0.5, "semantic": 0.0, "lexical": 0.0, **changes})


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (
            hit(lexical=1.0, semantic=0.6, highlights=((0, 7),)),
            "because it holds your words, and it is close in meaning",
        ),
        (hit(lexical=0.2, semantic=0.1), "because it holds words of yours."),
        (hit(semantic=0.6, context=0.7, highlights=((0, 22),)), "by meaning alone: none of your words stand in it"),
        (hit(semantic=0.6, highlights=((0, 22),)), "The part nearest in meaning is marked."),
        (hit(name=1.0, semantic=0.4), "because your words name who says it, and it is near in meaning"),
        (hit(theme=1.0, lexical=0.6), "because your words name a theme it belongs to, and it holds words of yours"),
    ],
)
def test_why_says_what_spoke_for_a_hit(found, said):
    assert said in why(found)


def test_a_part_that_was_meant_is_no_word_that_was_searched_for(researcher):
    assert marks_words(hit(highlights=((0, 7), (8, 10))))
    assert not marks_words(hit(highlights=((0, 22),)))
    page = read(researcher, "/", q="letting go of control")
    assert texts(page, "//p[@class='why']")[0].startswith("Found because it holds")
    assert not page.xpath("//mark[@class='meant']")


def test_results_are_taken_away_just_as_they_are_shown(researcher, public):
    for client in (researcher, public):
        page = read(client, "/?speaker=ada-example")
        table, references = page.xpath("//div[@class='away']//a/@href")[::-1]
        answer = client.get(table)
        assert answer.headers["content-disposition"] == 'attachment; filename="fiction-quotes.csv"'
        assert [row["id"] for row in csv.DictReader(io.StringIO(answer.text))] == ids(page)
        assert len(rispy.loads(client.get(references).text)) == len(ids(page))
    ranked = read(researcher, "/", q="letting go of control")
    address = ranked.xpath("//div[@class='away']//a[contains(., 'CSV')]/@href")[0]
    assert [row["id"] for row in csv.DictReader(io.StringIO(researcher.get(address).text))] == ids(ranked)
    assert researcher.get("/results?as=pdf&q=power").status_code == 422
    assert researcher.get("/results?as=csv&q=power&theme=nope").status_code == 422


def test_all_pages_can_be_taken_away_at_once(researcher, monkeypatch):
    monkeypatch.setattr("convarchive.web.results.PAGE", 2)
    page = read(researcher, "/?speaker=ada-example")
    one, all_of_them = page.xpath("//div[@class='away']//a[contains(., 'CSV')]/@href")
    rows = [row["id"] for row in csv.DictReader(io.StringIO(researcher.get(all_of_them).text))]
    assert rows[:2] == ids(page)
    assert len(rows) == 5
    assert len(list(csv.DictReader(io.StringIO(researcher.get(one).text)))) == 2


def test_similar_quotes_are_by_others_unless_its_speaker_is_asked_for(researcher, public, archive):
    address = f"/q/{archive.ids['target']}/similar"
    page = read(researcher, address)
    others = texts(page, "//ol[contains(@class, 'quotes')]//span[@class='person']")
    assert others
    assert "Ada Example" not in others
    assert not page.xpath("//h2[contains(., 'Said by')]")
    both = read(researcher, address, own="1")
    hers = "//h2[.='Said by Ada Example elsewhere']/following-sibling::ol//span[@class='person']"
    assert set(texts(both, hers)) == {"Ada Example"}
    theirs = "//h2[.='Said by others']/following-sibling::ol[1]//span[@class='person']"
    assert texts(both, theirs) == others
    alone = texts(read(researcher, f"/q/{archive.ids['maps']}/similar", own="1"), "//main")[0]
    assert "Tom Atlantis says nothing near it in meaning elsewhere here" in alone
    unknown = texts(read(researcher, f"/q/{archive.ids['nameless']}/similar", own="1"), "//main")[0]
    assert "Who said this is not known" in unknown
    assert "elsewhere here" not in unknown
    assert "Ada Example" in texts(both, "//ol[contains(@class, 'quotes')]//span[@class='person']")
    assert set(ids(page)) < set(ids(both))
    assert "Ben Sample" not in texts(read(public, address), "//main")[0]
    assert public.get(f"/q/{archive.ids['moved']}/similar").headers["location"] == address
    assert public.get(f"/q/{archive.ids['withdrawn']}/similar").status_code == 410


def test_a_theme_shows_whose_it_is_to_those_who_may_see_shares(researcher, public):
    page = read(researcher, "/themes/leadership")
    assert texts(page, "//section[h2='Who speaks to it']//tbody/tr/th") == ["Ada Example", "Ben Sample"]
    assert texts(page, "//section[h2='When it was spoken of']//tbody/tr/th") == ["2031-Q1"]
    for step in page.xpath("//section[h2='Who speaks to it']//tbody/tr"):
        assert len(ids(read(researcher, step.xpath("string(th/a/@href)")))) == int(step.xpath("string(td)"))
    told = read(public, "/themes/leadership")
    assert not told.xpath("//section[h2='Who speaks to it']")
    assert "Ben Sample" not in texts(told, "//main")[0]


def test_the_themes_there_are_have_a_page_which_an_unknown_one_leads_to(researcher, public):
    for client in (researcher, public):
        told = [one["quotes"] for one in client.get("/api/v1/themes").json()["themes"]]
        page = read(client, "/themes")
        links = page.xpath("//main//ul[@class='themes']//a/@href")
        assert links[0] == "/themes/leadership"
        assert len(links) == len(told)
        assert [int(one.split()[0]) for one in texts(page, "//ul[@class='themes']//small")] == told
        answer = client.get("/themes/nope%3Cb%3E")
        assert answer.status_code == 404
        missing = html.document_fromstring(answer.text)
        assert "There is no theme “nope<b>” in this archive." in texts(missing, "//main")[0]
        assert "open to you" not in answer.text
        assert missing.xpath("//main//ul[@class='themes']//a/@href") == links


def test_a_search_is_kept_as_lines_that_ask_the_same(researcher, public, tmp_path):
    asked = {"q": "letting go", "speaker": "ben-sample", "role": "host", "since": "2031-01-01"}
    lines = read(researcher, "/", **asked).xpath("string(//pre[@id='keep-lines'])")
    assert tomllib.loads(lines)["searches"][0]["name"] == "letting-go"
    home = Home(tmp_path)
    home.searches.parent.mkdir()
    home.searches.write_text(lines)
    (kept,) = read_searches(home)
    assert kept.query == Query("letting go", speaker="ben-sample", role="host", since="2031-01-01", limit=20)
    assert not read(public, "/", q="letting go").xpath("//*[@id='keep']")
    assert not read(researcher, "/", **asked).xpath("//form[@action='/searches']")
    assert public.get("/searches").headers["location"].startswith("/sign-in")
    assert researcher.get("/searches").status_code == 403


def test_an_editor_saves_a_search_once_and_only_from_a_page_of_their_own(own):
    with (
        opened(own) as doors,
        TestClient(app_of(doors), base_url="http://127.0.0.1", follow_redirects=False) as client,
    ):
        client.post("/sign-in", data={"key": key_for(own, "editor", "B. Editor")})
        page = read(client, "/", q="letting go", role="host")
        form = dict(page.xpath("//form[@action='/searches']")[0].form_values())
        assert form["name"] == "letting-go"
        assert client.post("/searches", data=form | {"token": "forged"}).status_code == 422
        assert read_searches(own.home) == ()
        said = client.post("/searches", data=form)
        assert said.status_code == 303
        after = read(client, said.headers["location"])
        assert texts(after, "//p[@class='saved']")[0].startswith("Saved as “letting-go”")
        (kept,) = read_searches(own.home)
        assert (kept.query.text, kept.query.role) == ("letting go", "host")
        again = client.post("/searches", data=form)
        assert again.status_code == 422
        box = html.fromstring(again.text).xpath("//input[@id='keep-name']")[0]
        assert (box.get("aria-describedby"), "autofocus" in box.attrib) == ("fault-keep", True)
        said = html.fromstring(again.text).xpath("string(//details[@open]//p[@id='fault-keep' and @role='alert'])")
        assert "saved already: take another name" in said
        for bad in ("  ", "a\nb"):
            assert client.post("/searches", data=form | {"name": bad}).status_code == 422
        (way,) = read(client, "/").xpath("//header//a[.='Saved searches']/@href")
        listed = read(client, way)
        assert listed.xpath("//main//h2/a/@href") == ["/?q=letting+go&role=host"]
        assert texts(listed, "//main//li/p[@class='hint']") == ["Role: Hosts"]
        # Nobody is told that something was saved which was not.
        assert not read(client, "/?q=letting+go&saved=another").xpath("//p[@class='saved']")
        own.home.searches.write_text("[[searches]]\nname = 1\n")
        broken = client.get("/searches")
        assert (broken.status_code, "index/searches.toml:2: name must be a text" in broken.text) == (503, True)
        unsaved = client.post("/searches", data=form)
        assert (unsaved.status_code, "index/searches.toml:2: name" in unsaved.text) == (422, True)
        assert str(own.home.root) not in broken.text + unsaved.text
        assert read(client, "/?q=letting+go&saved=letting-go").xpath("//details[@id='keep']")
