"""Ranges of bytes, as players ask for them."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from convarchive.api.problems import NotSatisfiable
from convarchive.api.sound import asked_range
from convarchive.home import Home
from fakes.open_doors import app_of, opened
from fakes.reading_archive import made

API = "/api/v1"


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """An archive in which nothing was withdrawn."""
    return made(Home(tmp_path_factory.mktemp("whole")), taken_down=False)


@pytest.fixture
def listener(whole):
    with opened(whole) as doors, TestClient(app_of(doors), base_url="http://127.0.0.1") as client:
        client.get("/enter", params={"key": doors.sessions.invite()})
        yield client


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, None), ("bytes=0-3", range(4)), ("bytes=8-99", range(8, 10)), ("bytes=4-", range(4, 10)),
        ("bytes=-3", range(7, 10)), ("bytes=-99", range(10)), ("BYTES=1-1", range(1, 2)),
        ("bytes=5-2", None), ("bytes=-", None), ("bytes=a-b", None), ("items=0-1", None), ("bytes=0-1,4-5", None),
    ],
)  # fmt: skip
def test_a_range_is_read_as_the_standard_says(header, expected):
    assert asked_range(header, 10) == expected


@pytest.mark.parametrize("header", ["bytes=10-", "bytes=99-100", "bytes=-0"])
def test_a_range_beyond_the_end_is_refused(header):
    with pytest.raises(NotSatisfiable):
        asked_range(header, 10)


@given(st.text(max_size=40) | st.from_regex(r"bytes=\d*-\d*", fullmatch=True), st.integers(0, 10**12))
def test_no_header_breaks_it_and_what_is_sent_always_lies_inside(header, length):
    try:
        found = asked_range(header, length)
    except NotSatisfiable:
        return
    assert found is None or (0 <= found.start < found.stop <= length)


def test_a_player_gets_the_bytes_it_asks_for(listener, whole):
    address = f"{API}/audio/{whole.recording}"
    held = (whole.home.audio / f"{whole.recording}.wav").read_bytes()
    all_of_it = listener.get(address)
    part = listener.get(address, headers={"Range": "bytes=1000-1999"})
    head = listener.head(address)
    assert (all_of_it.status_code, all_of_it.content) == (200, held)
    assert (part.status_code, part.content) == (206, held[1000:2000])
    assert part.headers["content-range"] == f"bytes 1000-1999/{len(held)}"
    assert (head.status_code, head.headers["content-length"]) == (200, str(len(held)))
    assert all_of_it.headers["content-type"] == "audio/wav"


def test_a_range_beyond_the_end_says_how_long_the_file_is(listener, whole):
    length = (whole.home.audio / f"{whole.recording}.wav").stat().st_size
    answer = listener.get(f"{API}/audio/{whole.recording}", headers={"Range": f"bytes={length}-"})
    assert answer.status_code == 416
    assert answer.headers["content-range"] == f"bytes */{length}"
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_range_of_other_bytes_than_before_gets_all_of_them(listener, whole):
    address = f"{API}/audio/{whole.recording}"
    same = listener.head(address).headers["etag"]
    assert listener.get(address, headers={"Range": "bytes=0-9", "If-Range": same}).status_code == 206
    assert listener.get(address, headers={"Range": "bytes=0-9", "If-Range": '"other"'}).status_code == 200
    assert listener.get(address, headers={"If-None-Match": same}).status_code == 304


def test_clips_have_ranges_too(listener, whole):
    answer = listener.get(f"{API}/quotes/{whole.ids['cleared']}/clip", headers={"Range": "bytes=4-7"})
    assert (answer.status_code, answer.content) == (206, b"ftyp")


def test_a_clip_that_is_known_is_not_cut_again(whole):
    cuts = []
    with opened(whole) as doors:
        counted = dataclasses.replace(doors, clip=lambda *asked: cuts.append(asked) or doors.clip(*asked))
        client = TestClient(app_of(counted), base_url="http://127.0.0.1")
        address = f"{API}/quotes/{whole.ids['cleared']}/clip"
        etag = client.get(address).headers["etag"]
        assert client.get(address, headers={"If-None-Match": etag}).status_code == 304
    assert len(cuts) == 1


def test_the_public_hears_no_whole_recording_known_or_not(public, archive):
    for sha256 in (archive.recording, "f" * 64, "nonsense"):
        answer = public.get(f"{API}/audio/{sha256}")
        assert answer.status_code == 403
        assert answer.headers["content-type"] == "application/problem+json"


def test_a_recording_of_which_a_part_was_withdrawn_is_heard_in_clips_only(researcher, archive):
    assert researcher.get(f"{API}/audio/{archive.recording}").status_code == 403
    assert researcher.get(f"{API}/quotes/{archive.ids['nameless']}/clip").status_code == 200


def test_an_unknown_recording_is_not_found(listener):
    assert listener.get(f"{API}/audio/{'f' * 64}").status_code == 404
