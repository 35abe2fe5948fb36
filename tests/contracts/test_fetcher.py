"""What every Fetcher keeps to: the web's and the folder's, and the two behind one door."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from convarchive.errors import AddressRefused, HomeNotWritable, SourceUnavailable
from convarchive.ingest.engines.folder import FolderFetcher
from convarchive.ingest.engines.http import HttpFetcher, Limits
from convarchive.ingest.fetching import ByAddress
from convarchive.ingest.ports import Fetcher
from servers import Answer, serving, sound

MOST = 400_000
QUICK = Limits(tries=2, first_pause=0.001)


@dataclass
class Place:
    """Where a fetcher fetches from: puts bytes under a name, and gives their address."""

    fetcher: Fetcher
    put: Callable[[str, bytes], str]


@pytest.fixture(params=["web", "folder", "web behind one door", "folder behind one door"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    web, files = HttpFetcher(allow_private=True, max_bytes=MOST, limits=QUICK), FolderFetcher(max_bytes=MOST)
    shelf = tmp_path / "shelf of recordings ü"
    shelf.mkdir()
    either = ByAddress(web=web, files=files) if "door" in request.param else None

    def on_shelf(name: str, body: bytes) -> str:
        (shelf / name).write_bytes(body)
        return (shelf / name).as_uri()

    if "folder" in request.param:
        yield Place(either or files, on_shelf)
        return
    with serving() as server:

        def on_server(name: str, body: bytes) -> str:
            kind = "audio/mpeg" if name.endswith(".mp3") else "application/xml"
            tag = f'"{hashlib.sha256(body).hexdigest()[:8]}"'
            return server.put(f"/{name}", Answer(body, kind, etag=tag, last_modified="Tue, 06 Jan 2026 09:00:00 GMT"))

        yield Place(either or web, on_server)


def test_a_text_comes_as_its_bytes(place: Place):
    answer = place.fetcher.read(place.put("feed.xml", b"<rss>\xff</rss>"))
    assert answer.body == b"<rss>\xff</rss>"
    assert not answer.permanent


def test_a_text_that_did_not_change_has_no_body_and_keeps_its_tags(place: Place):
    url = place.put("feed.xml", b"<rss/>")
    first = place.fetcher.read(url)
    again = place.fetcher.read(url, etag=first.etag, last_modified=first.last_modified)
    assert again.body is None
    assert (again.etag, again.last_modified) == (first.etag, first.last_modified)


def test_a_date_alone_tells_that_a_text_did_not_change(place: Place):
    url = place.put("feed.xml", b"<rss/>")
    assert place.fetcher.read(url, last_modified=place.fetcher.read(url).last_modified).body is None


def test_a_text_that_changed_comes_anew(place: Place):
    first = place.fetcher.read(place.put("feed.xml", b"<rss/>"))
    url = place.put("feed.xml", b"<rss>more</rss>")
    assert place.fetcher.read(url, etag=first.etag).body == b"<rss>more</rss>"


def test_a_recording_is_named_by_its_digest_and_ends_as_its_bytes_say(place: Place, tmp_path: Path):
    body = sound(300_000)
    into = tmp_path / "holdings" / "incoming"
    url = place.put("one.mp3", body)
    seen: list[tuple[int, int]] = []
    got = place.fetcher.download(url, into, length=len(body), report=lambda *at: seen.append(at))
    assert got.path == into / f"{hashlib.sha256(body).hexdigest()}.mp3"
    assert got.path.read_bytes() == body
    assert (got.sha256, got.bytes, got.media_type, got.note) == (got.path.stem, len(body), "audio/mpeg", None)
    assert got.url == url
    assert list(into.iterdir()) == [got.path]
    assert seen[-1] == (len(body), len(body))
    assert seen == sorted(seen)


def test_fetching_twice_gives_the_same_file_once(place: Place, tmp_path: Path):
    url = place.put("one.mp3", sound(10_000))
    first = place.fetcher.download(url, tmp_path / "in")
    assert place.fetcher.download(url, tmp_path / "in") == first
    assert list((tmp_path / "in").iterdir()) == [first.path]


def test_another_size_than_promised_is_noted(place: Place, tmp_path: Path):
    got = place.fetcher.download(place.put("one.mp3", sound(10_000)), tmp_path / "in", length=99)
    assert "99 bytes" in (got.note or "")


def test_a_fragment_of_an_address_is_not_part_of_what_is_fetched(place: Place, tmp_path: Path):
    body = sound(10_000)
    assert place.fetcher.download(place.put("one.mp3", body) + "#17", tmp_path / "in").bytes == len(body)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "is empty"),
        (b"<!doctype html><title>404</title>", "instead of sound"),
        (sound(MOST + 1), "max_download_mb"),
    ],
)
def test_what_is_no_recording_is_one_line_and_leaves_nothing(body: bytes, said: str, place: Place, tmp_path: Path):
    into = tmp_path / "in"
    with pytest.raises(SourceUnavailable, match=said) as refused:
        place.fetcher.download(place.put("one.mp3", body), into)
    assert "\n" not in str(refused.value)
    assert not into.exists() or not list(into.iterdir())


def test_what_is_not_there_is_one_line(place: Place, tmp_path: Path):
    gone = place.put("one.mp3", sound(9)).replace("one", "two")
    with pytest.raises(SourceUnavailable, match="not there"):
        place.fetcher.read(gone)
    with pytest.raises(SourceUnavailable, match="not there"):
        place.fetcher.download(gone, tmp_path / "in")


def test_a_folder_that_cannot_be_written_is_told_as_that(place: Place, tmp_path: Path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(HomeNotWritable):
        place.fetcher.download(place.put("one.mp3", sound(10_000)), tmp_path / "file" / "in")


@pytest.mark.parametrize("address", ["ftp://show.example/1.mp3", "nonsense", ""])
def test_an_address_of_no_known_kind_is_refused(address: str, place: Place, tmp_path: Path):
    with pytest.raises(AddressRefused):
        place.fetcher.read(address)
    with pytest.raises(AddressRefused):
        place.fetcher.download(address, tmp_path / "in")
