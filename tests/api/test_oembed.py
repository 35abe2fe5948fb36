import json
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree, html
from starlette.testclient import TestClient

from fakes.open_doors import TITLE, app_of, opened

OEMBED = "/api/v1/oembed"
HERE = "https://archive.example"


@pytest.fixture
def site(archive):
    with opened(archive, public_url=HERE, hosts=None) as doors:
        yield TestClient(app_of(doors), base_url=HERE, follow_redirects=False)


def quote(archive, name):
    return f"{HERE}/q/{archive.ids[name]}"


def frame_of(told):
    frames = html.fragments_fromstring(told["html"])
    assert [frame.tag for frame in frames] == ["iframe"]
    return frames[0]


def is_rich(told):
    """What section 2.3.4.4 of oEmbed 1.0 demands of a rich answer, and the types that section 2.3.4 gives."""
    assert (told["type"], told["version"]) == ("rich", "1.0")
    assert told["html"]
    assert int(told["width"]) > 0
    assert int(told["height"]) > 0
    assert told["provider_url"].startswith("https://")
    assert int(told["cache_age"]) > 0


def test_a_quote_is_embedded_as_a_frame(site, archive):
    answer = site.get(OEMBED, params={"url": quote(archive, "cleared")})
    told = answer.json()
    assert answer.headers["content-type"] == "application/json"
    is_rich(told)
    frame = frame_of(told)
    assert frame.get("src") == f"{HERE}/embed?quote={archive.ids['cleared']}"
    assert (frame.get("width"), frame.get("height")) == (str(told["width"]), str(told["height"]))
    assert frame.get("title") == told["title"] == f"Fictional sample: a quote from {TITLE}"
    assert site.get(frame.get("src").removeprefix(HERE)).status_code == 200


def test_xml_says_the_same(site, archive):
    asked = {"url": quote(archive, "cleared")}
    answer = site.get(OEMBED, params=asked | {"format": "xml"})
    assert answer.headers["content-type"].split(";")[0] == "text/xml"
    root = etree.fromstring(answer.content)
    assert root.tag == "oembed"
    told = {field.tag: field.text for field in root}
    is_rich(told)
    assert told == {name: str(value) for name, value in site.get(OEMBED, params=asked).json().items()}


def test_what_is_cached_elsewhere_holds_neither_words_nor_names(site, archive):
    told = json.dumps(site.get(OEMBED, params={"url": quote(archive, "cleared")}).json())
    assert "Ada" not in told
    assert "keys" not in told


@pytest.mark.parametrize("name", ["probable", "withheld", "withdrawn", "lost", "nameless", "maps"])
def test_what_is_not_public_is_not_there(site, archive, name):
    assert site.get(OEMBED, params={"url": quote(archive, name)}).status_code == 404


def test_a_researcher_embeds_no_more_than_the_public(archive):
    with opened(archive, public_url=HERE) as doors:
        client = TestClient(app_of(doors), base_url="http://127.0.0.1")
        client.get("/enter", params={"key": doors.sessions.invite()})
        assert client.get(f"/api/v1/quotes/{archive.ids['probable']}").status_code == 200
        assert client.get(OEMBED, params={"url": quote(archive, "probable")}).status_code == 404


def test_an_old_address_embeds_the_quote_it_leads_to(site, archive):
    told = site.get(OEMBED, params={"url": quote(archive, "moved")}).json()
    assert frame_of(told).get("src").endswith(archive.ids["target"])


@pytest.mark.parametrize("tail", ["", "/", "/?theme=leadership", "/?q=power+%26+1&speaker=ada-example", "/?from=20#x"])
def test_a_search_is_embedded_as_it_stands(site, tail):
    told = site.get(OEMBED, params={"url": HERE + tail}).json()
    is_rich(told)
    asked = parse_qs(urlsplit(frame_of(told).get("src")).query)
    assert asked == {k: v for k, v in parse_qs(urlsplit(tail).query).items() if k in ("q", "theme", "speaker")}


@pytest.mark.parametrize(
    "url",
    [
        "https://elsewhere.example/q/q1",
        f"{HERE}.evil.example/q/q1",
        f"{HERE}/episodes",
        f"{HERE}/enter?key=1",
        f"{HERE}/?theme=none",
        f"{HERE}/?speaker=ben-sample",
        f"{HERE}/q/",
        f"{HERE}/?" + "&".join(f"a{n}=1" for n in range(30)),
        "javascript:alert(1)",
    ],
)
def test_other_addresses_are_unknown(site, url):
    answer = site.get(OEMBED, params={"url": url})
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("room", "given"),
    [
        ({"maxwidth": 300}, (300, 320)),
        ({"maxheight": 99}, (600, 99)),
        ({"maxwidth": 999, "maxheight": 999}, (600, 320)),
    ],
)
def test_it_fits_into_the_room_there_is(site, archive, room, given):
    told = site.get(OEMBED, params={"url": quote(archive, "cleared"), **room}).json()
    assert (told["width"], told["height"]) == given


def test_another_format_is_not_implemented(site, archive):
    answer = site.get(OEMBED, params={"url": quote(archive, "cleared"), "format": "yaml"})
    assert answer.status_code == 501
    assert answer.json()["detail"] == "format: there are json and xml"


def test_without_a_public_address_only_this_machine_can_embed(archive):
    with opened(archive, hosts=None) as doors:
        here = TestClient(app_of(doors), base_url="http://127.0.0.1:8000")
        url = f"http://127.0.0.1:8000/q/{archive.ids['cleared']}"
        assert here.get(OEMBED, params={"url": url}).json()["provider_url"] == "http://127.0.0.1:8000/"
        there = TestClient(app_of(doors), base_url="http://archive.example")
        refused = there.get(OEMBED, params={"url": f"http://archive.example/q/{archive.ids['cleared']}"})
        assert refused.status_code == 404
        assert "public_url" in refused.json()["detail"]


def test_a_title_that_is_full_of_markup_stays_text(archive):
    with opened(archive, public_url=HERE, hosts=None, title='"><script>alert(1)</script>\x07') as doors:
        client = TestClient(app_of(doors), base_url=HERE)
        asked = {"url": quote(archive, "cleared")}
        frame = frame_of(client.get(OEMBED, params=asked).json())
        assert "<script>" in frame.get("title")
        root = etree.fromstring(client.get(OEMBED, params=asked | {"format": "xml"}).content)
        assert "<script>" in root.findtext("title")


def test_a_public_quotes_page_leads_to_it_and_no_other(site, archive):
    page = html.fromstring(site.get(f"/q/{archive.ids['cleared']}").text)
    links = {link.get("type"): link.get("href") for link in page.xpath("//link[contains(@type, '+oembed')]")}
    assert set(links) == {"application/json+oembed", "text/xml+oembed"}
    for form, address in links.items():
        answer = site.get(address.removeprefix(HERE))
        assert answer.status_code == 200
        assert answer.headers["content-type"].split(";")[0] == form.replace("+oembed", "")


def test_the_page_of_what_is_not_public_leads_to_no_frame(archive):
    with opened(archive, public_url=HERE) as doors:
        client = TestClient(app_of(doors), base_url="http://127.0.0.1")
        client.get("/enter", params={"key": doors.sessions.invite()})
        page = client.get(f"/q/{archive.ids['probable']}")
    assert page.status_code == 200
    assert "oembed" not in page.text


@pytest.mark.slow(alone=False)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    url=st.one_of(
        st.text(max_size=60),
        st.builds(lambda tail: HERE + tail, st.text(max_size=60)),
        st.builds(lambda tail: f"{HERE}/?{tail}", st.text(alphabet="qthemspakr=&%+;<\"'0", max_size=60)),
    )
)
def test_whatever_address_is_asked_for_only_this_archive_is_ever_framed(site, url):
    answer = site.get(OEMBED, params={"url": url})
    assert answer.status_code in (200, 404)
    if answer.status_code == 200:
        assert url.startswith(HERE)
        assert frame_of(answer.json()).get("src").startswith(f"{HERE}/embed?")
