import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html
from starlette.testclient import TestClient

from fakes.open_doors import app_of, opened


def words_of(answer):
    return [" ".join(one.text_content().split()) for one in html.fromstring(answer.text).xpath("//blockquote")]


def policy_of(answer):
    return dict(one.strip().split(" ", 1) for one in answer.headers["content-security-policy"].split(";"))


def test_it_shows_one_quote(public, archive):
    answer = public.get("/embed", params={"quote": archive.ids["cleared"]})
    assert words_of(answer) == ["We gave the keys to the people who sweep the hall, and the hall was never so full."]
    assert "name confirmed" in answer.text
    assert "fictional sample" in answer.text
    assert "<form" not in answer.text


def test_it_shows_a_theme_a_person_and_what_a_question_finds(public):
    assert len(words_of(public.get("/embed?theme=leadership"))) == 2
    assert len(words_of(public.get("/embed?speaker=ada-example"))) == 4
    assert "Power that is shared does not get smaller." in words_of(public.get("/embed?q=power+that+is+shared"))
    assert words_of(public.get("/embed?theme=harbours")) == ["Trust is slow [...] and then it is everywhere."]
    assert words_of(public.get("/embed")) == []


@pytest.mark.slow(alone=False)
@pytest.mark.parametrize(("limit", "count"), [("2", 2), ("0", 1), ("99999", 4), ("-1", 4), ("x", 4), ("9" * 500, 4)])
def test_it_shows_as_many_as_are_asked_for(public, limit, count):
    assert len(words_of(public.get("/embed", params={"speaker": "ada-example", "limit": limit}))) == count


def test_whoever_looks_it_shows_what_the_public_may_see(researcher, archive):
    assert researcher.get(f"/q/{archive.ids['probable']}").status_code == 200
    assert researcher.get("/embed", params={"quote": archive.ids["probable"]}).status_code == 404
    assert researcher.get("/embed?speaker=ben-sample").status_code == 404
    found = words_of(researcher.get("/embed?q=letting+go+of+control&limit=50"))
    assert not any("Letting go" in words for words in found)


@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [
        ("quote={withdrawn}", 410, "This was taken down."),
        ("quote={lost}", 410, "This was taken down."),
        ("quote={withheld}", 404, "not open to the public"),
        ("quote=nothing", 404, "not open to the public"),
        ("theme=none", 404, "not open to the public"),
        ("q=" + "x" * 10_001, 422, "10,001 characters"),
        ("q=xylophone+quasar", 200, "Nothing in the archive speaks to this"),
    ],
)
def test_it_says_in_words_why_there_is_nothing_and_may_still_be_framed(public, archive, asked, status, said):
    answer = public.get(f"/embed?{asked.format(**archive.ids)}")
    assert answer.status_code == status
    assert said in answer.text
    assert policy_of(answer)["frame-ancestors"] == "*"


def test_an_id_that_leads_elsewhere_shows_what_it_leads_to(public, archive):
    assert len(words_of(public.get("/embed", params={"quote": archive.ids["moved"]}))) == 1
    assert len(words_of(public.get("/embed", params={"quote": archive.ids["split"]}))) == 2


def test_search_that_is_down_is_told_without_telling_of_files(archive):
    from convarchive.errors import IndexMissing

    def down(read, query):
        raise IndexMissing(f"{archive.home.build}: nothing there")

    with opened(archive, search=down) as doors:
        answer = TestClient(app_of(doors), base_url="http://127.0.0.1").get("/embed?q=power")
    assert answer.status_code == 503
    assert "The archive could not answer" in answer.text
    assert str(archive.home.root) not in answer.text


def test_it_runs_nothing_but_its_own_script(public):
    answer = public.get("/embed?q=%3Cscript%3Ealert(1)%3C/script%3E")
    policy = policy_of(answer)
    assert policy["default-src"] == "'none'"
    assert re.fullmatch(r"'sha256-[\w+/]{43}='", policy["script-src"])
    assert re.fullmatch(r"'sha256-[\w+/]{43}='", policy["style-src"])
    assert "<script>alert" not in answer.text


@pytest.mark.parametrize(
    ("origins", "who"),
    [
        ((), "*"),
        (("*",), "*"),
        (("https://www.example", "https://b.example"), "'self' https://www.example https://b.example"),
    ],
)
def test_where_the_owner_names_websites_no_other_may_frame_it(archive, origins, who):
    with opened(archive, allowed_origins=origins) as doors:
        answer = TestClient(app_of(doors), base_url="http://127.0.0.1").get("/embed")
    assert policy_of(answer)["frame-ancestors"] == who


def test_no_other_page_may_be_framed(public, archive):
    for path in ("/", f"/q/{archive.ids['cleared']}", "/episodes", "/embedded"):
        assert policy_of(public.get(path))["frame-ancestors"] == "'none'"


@pytest.mark.slow(alone=False)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.sampled_from(["q", "theme", "speaker", "quote", "limit", "since", "from"]),
        st.text(max_size=40)
        | st.sampled_from(["leadership", "ada-example", "<script>alert(1)</script>", '" onload="x']),
    )
)
def test_whatever_is_asked_it_is_a_page_whose_words_are_no_markup(public, asked):
    answer = public.get("/embed", params=asked)
    assert answer.status_code in (200, 404, 410, 422)
    page = html.fromstring(answer.text)
    assert len(page.xpath("//script")) == 1
    assert page.xpath("//*[@onload]") == []
