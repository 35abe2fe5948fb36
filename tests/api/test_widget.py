import gzip

import pytest

from convarchive.widget.script import current
from fakes.open_doors import opened

PLACE = "/widget/v1/"
MOVING = f"{PLACE}quote-search.js"


def test_the_script_comes_to_pages_of_any_site_and_may_run_there(public):
    answer = public.get(MOVING, headers={"Origin": "https://www.example"})
    assert answer.content == current().source
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_the_moving_one_is_looked_at_again_soon_and_told_apart_by_its_tag(public):
    first = public.get(MOVING)
    assert "max-age=600" in first.headers["cache-control"]
    again = public.get(MOVING, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_pinned_one_never_changes(public):
    told = public.get(PLACE).json()
    answer = public.get(told["pinned"])
    assert answer.content == current().source
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert told["integrity"] == current().integrity
    assert told["moving"] == MOVING


@pytest.mark.parametrize("name", ["quote-search.0000000000000000.js", "script.py", "README.md", "..%2Fscript.py"])
def test_nothing_else_is_handed_out_there(public, name):
    answer = public.get(f"{PLACE}{name}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("accepts", "packed"),
    [("gzip", True), ("br, gzip;q=0.5", True), ("br", False), ("gzip;q=0", False), ("gzip; q=0.0", False), ("", False)],
)
def test_it_is_packed_for_whoever_can_unpack_it(public, accepts, packed):
    with public.stream("GET", MOVING, headers={"Accept-Encoding": accepts}) as answer:
        raw = b"".join(answer.iter_raw())
    assert (answer.headers.get("content-encoding") == "gzip") is packed
    assert (gzip.decompress(raw) if packed else raw) == current().source
    # Nothing about who asks: whatever stands between may keep it for all of them.
    assert answer.headers["vary"] == "Accept-Encoding"


def test_a_themes_quotes_can_be_one_persons(public, archive):
    everybody = public.get("/api/v1/themes/leadership/quotes").json()["quotes"]
    hers = public.get("/api/v1/themes/leadership/quotes", params={"speaker": "ada-example"}).json()["quotes"]
    assert {quote["id"] for quote in hers} == {archive.ids["cleared"], archive.ids["target"]}
    assert len(everybody) >= len(hers)
    assert public.get("/api/v1/themes/leadership/quotes?speaker=nobody").status_code == 422


def test_a_speaker_whom_one_may_not_see_cannot_be_filtered_by(archive, public):
    # The host is known as probable only; the public does not know that he is there.
    assert public.get("/api/v1/themes/leadership/quotes?speaker=ben-sample").status_code == 422
    with opened(archive) as doors, doors.catalogue.reading("researcher") as read:
        assert "ben-sample" in {person.id for person in read.speakers()}
