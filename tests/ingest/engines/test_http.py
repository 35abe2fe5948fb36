"""The web as it is: broken lines, busy servers, files that change, pages instead of sound, disks that fill."""

import gzip
import hashlib
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from convarchive.errors import AddressRefused, HomeNotWritable, SettingsError, SourceUnavailable
from convarchive.ingest.engines.http import HttpFetcher, Limits
from servers import Answer, Server, no_file_grows_past, serving, sound

QUICK = Limits(tries=3, first_pause=0.005, longest_pause=1.0, connect_seconds=2.0, silence_seconds=2.0)
INSIDE = (
    "http://127.0.0.1/",
    "http://localhost/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://127.1/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::127.0.0.1]/",
    "http://[::a9fe:a9fe]/",
    "http://[::ffff:0:7f00:1]/",
    "http://0.0.0.0/",
    "http://169.254.169.254/latest/meta-data/",
    "http://[::1]/",
    "http://10.0.0.1/",
    "http://100.64.0.1/",
    "http://[64:ff9b::7f00:1]/",
)
PUBLIC = "93.184.216.34"


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as server:
        yield server


@pytest.fixture
def fetcher() -> Iterator[HttpFetcher]:
    fetcher = HttpFetcher(allow_private=True, limits=QUICK)
    yield fetcher
    fetcher.close()


@pytest.fixture
def careful() -> Iterator[HttpFetcher]:
    fetcher = HttpFetcher(limits=QUICK)
    yield fetcher
    fetcher.close()


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# -- addresses that are refused -------------------------------------------------------------


@pytest.mark.parametrize("address", INSIDE)
def test_no_spelling_of_an_inside_address_is_fetched(address: str, careful: HttpFetcher, tmp_path: Path):
    with pytest.raises(AddressRefused, match="allow_private_addresses"):
        careful.read(address)
    with pytest.raises(AddressRefused, match="allow_private_addresses"):
        careful.download(address, tmp_path)
    assert left_in(tmp_path) == []


@pytest.fixture
def public_name(server: Server, monkeypatch: pytest.MonkeyPatch) -> Callable[[list[str]], None]:
    """Make `show.example` look up, one after another, to the addresses given; the public one leads to the server."""
    look_up, connect = socket.getaddrinfo, socket.socket.connect

    def stand_in(addresses: list[str]) -> None:
        def looked_up(host, port, *args, **kwargs):
            if host == "show.example":
                host = addresses.pop(0) if len(addresses) > 1 else addresses[0]
            return look_up(host, port, *args, **kwargs)

        def connected(self, address):
            return connect(self, ("127.0.0.1", server.port) if address[0] == PUBLIC else address)

        monkeypatch.setattr(socket, "getaddrinfo", looked_up)
        monkeypatch.setattr(socket.socket, "connect", connected)

    return stand_in


@pytest.mark.parametrize("address", INSIDE)
def test_no_redirect_leads_inside(
    address: str, server: Server, careful: HttpFetcher, public_name: Callable[[list[str]], None]
):
    public_name([PUBLIC])
    server.put("/feed.xml", Answer(status=302, location=address))
    with pytest.raises(AddressRefused, match=r"show\.example.*allow_private_addresses"):
        careful.read("http://show.example/feed.xml")
    assert len(server.asked) == 1


def test_a_public_server_is_fetched_from(
    server: Server, careful: HttpFetcher, public_name: Callable[[list[str]], None]
):
    public_name([PUBLIC])
    server.put("/feed.xml", Answer(b"<rss/>", "application/rss+xml"))
    assert careful.read("http://show.example/feed.xml").body == b"<rss/>"


def test_a_name_that_looks_up_to_an_inside_address_is_refused(
    server: Server, careful: HttpFetcher, public_name: Callable[[list[str]], None]
):
    public_name(["127.0.0.1"])
    with pytest.raises(AddressRefused):
        careful.read(f"http://show.example:{server.port}/feed.xml")
    assert server.asked == []


def test_a_name_is_looked_up_again_for_every_hop(
    server: Server, careful: HttpFetcher, public_name: Callable[[list[str]], None]
):
    public_name([PUBLIC, "127.0.0.1"])
    server.put("/feed.xml", Answer(status=302, location="/moved.xml"))
    server.put("/moved.xml", b"<rss/>")
    with pytest.raises(AddressRefused):
        careful.read("http://show.example/feed.xml")
    assert server.requests("/moved.xml") == []


@pytest.mark.parametrize(
    "address",
    ["ftp://show.example/a", "file:///etc/hosts", "gopher://x", "data:,x", "javascript:1", "", "show.example"],
)
def test_only_the_web_is_fetched_from(address: str, fetcher: HttpFetcher, server: Server):
    with pytest.raises(AddressRefused, match="only http"):
        fetcher.read(address)
    server.put("/away", Answer(status=301, location=address or "file:///etc/hosts"))
    if ":" in address:
        with pytest.raises(AddressRefused, match="only http"):
            fetcher.read(f"{server.base}/away")


@pytest.mark.parametrize(
    "address", ["http://[::1", "http://a:b/", "http://" + "a" * 300 + ".example/", "http://a..b/", "http://a b/"]
)
def test_an_address_that_is_spelt_wrong_is_one_line(address: str, fetcher: HttpFetcher):
    with pytest.raises((AddressRefused, SourceUnavailable)) as refused:
        fetcher.read(address)
    assert "\n" not in str(refused.value)


def test_a_password_in_an_address_is_not_printed(fetcher: HttpFetcher, server: Server):
    with pytest.raises(SourceUnavailable) as refused:
        fetcher.read(f"http://ada:secret@127.0.0.1:{server.port}/none")
    assert "secret" not in str(refused.value)


# -- texts ------------------------------------------------------------------------------------


def test_who_asks_is_said_and_where_to_complain(server: Server):
    fetcher = HttpFetcher(allow_private=True, contact="https://archive.example/about")
    fetcher.read(server.put("/feed.xml", b"<rss/>"))
    agent = server.asked[0].headers["user-agent"]
    assert agent.startswith("convarchive/")
    assert "https://archive.example/about" in agent
    assert "cookie" not in server.asked[0].headers
    with pytest.raises(SettingsError):
        HttpFetcher(contact="line\r\nbreak")


def test_only_permanent_redirects_are_told_as_a_new_address(server: Server, fetcher: HttpFetcher):
    server.put("/new.xml", b"<rss/>")
    lasting = server.put("/old.xml", Answer(status=301, location="/new.xml"))
    passing = server.put("/today.xml", Answer(status=302, location="/old.xml"))
    assert (fetcher.read(lasting).url, fetcher.read(lasting).permanent) == (f"{server.base}/new.xml", True)
    assert (fetcher.read(passing).url, fetcher.read(passing).permanent) == (f"{server.base}/new.xml", False)


def test_the_body_of_a_redirect_is_never_read(server: Server, fetcher: HttpFetcher):
    body = bytes(64_000_000)
    server.put("/moved", Answer(body, status=302, location="/feed.xml"))
    server.put("/feed.xml", Answer(b"<rss/>", "application/rss+xml"))
    assert fetcher.read(server.base + "/moved").body == b"<rss/>"
    assert server.sent_with_redirects < len(body) / 2


@pytest.mark.parametrize("where", ["http://[", "http://[::1", "http://]", "http://a]b/", "http://[zz]/"])
def test_a_redirect_to_what_is_no_address_is_told(server: Server, fetcher: HttpFetcher, where: str):
    server.put("/moved", Answer(status=302, location=where))
    with pytest.raises((AddressRefused, SourceUnavailable)):
        fetcher.read(server.base + "/moved")


def test_redirects_in_a_circle_end(server: Server, fetcher: HttpFetcher):
    address = server.put("/a", Answer(status=302, location="/a"))
    with pytest.raises(SourceUnavailable, match="redirects more than"):
        fetcher.read(address)


def test_a_text_that_unpacks_to_more_than_may_be_is_refused(server: Server):
    limits = Limits(text_bytes=1_000_000, tries=1)
    bomb = Answer(gzip.compress(bytes(50_000_000)), "application/xml", headers={"Content-Encoding": "gzip"})
    with pytest.raises(SourceUnavailable, match="larger than"):
        HttpFetcher(allow_private=True, limits=limits).read(server.put("/feed.xml", bomb))


def test_a_compressed_text_is_unpacked(server: Server, fetcher: HttpFetcher):
    packed = Answer(gzip.compress(b"<rss/>"), "application/xml", headers={"Content-Encoding": "gzip"})
    assert fetcher.read(server.put("/feed.xml", packed)).body == b"<rss/>"


def test_a_server_that_drips_is_left_after_the_time_allowed(server: Server):
    limits = Limits(text_seconds=0.2, tries=1)
    address = server.put("/feed.xml", Answer(bytes(100_000), pause=0.02))
    with pytest.raises(SourceUnavailable, match="takes too long"):
        HttpFetcher(allow_private=True, limits=limits).read(address)


# -- busy servers -----------------------------------------------------------------------------


def test_a_busy_server_is_asked_again_as_late_as_it_asks(server: Server, fetcher: HttpFetcher, monkeypatch):
    pauses: list[float] = []
    monkeypatch.setattr("time.sleep", pauses.append)
    address = server.put("/feed.xml", Answer(b"<rss/>", busy=[429, 503], retry_after="1"))
    assert fetcher.read(address).body == b"<rss/>"
    assert [pause for pause in pauses if pause >= 1] == [1.0, 1.0]


def test_a_server_that_asks_for_too_long_a_pause_is_believed_and_left(server: Server, fetcher: HttpFetcher):
    address = server.put("/feed.xml", Answer(b"<rss/>", busy=[429], retry_after="3600"))
    with pytest.raises(SourceUnavailable, match="in 3600 s, as it asks"):
        fetcher.read(address)
    assert len(server.asked) == 1


def test_a_server_that_stays_busy_is_left_after_some_tries(server: Server, fetcher: HttpFetcher):
    address = server.put("/feed.xml", Answer(b"<rss/>", busy=[503] * 9))
    with pytest.raises(SourceUnavailable, match="HTTP 503"):
        fetcher.read(address)
    assert len(server.asked) == QUICK.tries


def test_what_will_not_pass_is_not_asked_again(server: Server, fetcher: HttpFetcher):
    for status in (401, 404, 410, 418):
        with pytest.raises(SourceUnavailable, match=str(status)):
            fetcher.read(server.put(f"/{status}", Answer(b"no", status=status)))
        assert len(server.requests(f"/{status}")) == 1


def test_nobody_at_the_address_is_one_line(fetcher: HttpFetcher):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        with pytest.raises(SourceUnavailable, match="connection refused"):
            fetcher.read(f"http://127.0.0.1:{unused.getsockname()[1]}/feed.xml")


@pytest.mark.parametrize("allow_private", [False, True])
def test_a_name_that_nobody_knows_is_not_asked_for_again_and_one_that_may_come_back_is(
    allow_private: bool, monkeypatch: pytest.MonkeyPatch
):
    asked: list[str] = []

    def look_up(code: int):
        def fails(host, *args, **kwargs):
            asked.append(host)
            raise socket.gaierror(code, "as the system says it")

        return fails

    fetcher = HttpFetcher(allow_private=allow_private, limits=QUICK)
    monkeypatch.setattr(socket, "getaddrinfo", look_up(socket.EAI_NONAME))
    with pytest.raises(SourceUnavailable, match="host that nobody knows"):
        fetcher.read("http://no-such-host.example/feed.xml")
    assert len(asked) == 1
    monkeypatch.setattr(socket, "getaddrinfo", look_up(socket.EAI_AGAIN))
    with pytest.raises(SourceUnavailable, match="its host is not known"):
        fetcher.read("http://no-such-host.example/feed.xml")
    assert len(asked) == 1 + QUICK.tries


# -- recordings -------------------------------------------------------------------------------


def test_a_cut_connection_goes_on_where_it_broke(server: Server, fetcher: HttpFetcher, tmp_path: Path):
    body = sound(100_000)
    address = server.put("/1.mp3", Answer(body, etag='"one"', cuts=[30_000, 30_000]))
    done: list[tuple[int, int]] = []
    got = fetcher.download(address, tmp_path, report=lambda *at: done.append(at))
    assert got.path.read_bytes() == body
    assert got.sha256 == hashlib.sha256(body).hexdigest()
    ranges = [one.headers.get("range") for one in server.asked]
    assert ranges[0] is None
    assert all(range_ and range_ != "bytes=0-" for range_ in ranges[1:])
    assert {one.headers.get("if-range") for one in server.asked[1:]} == {'"one"'}
    assert done[-1] == (100_000, 100_000)
    assert [at for at, _ in done] == sorted(at for at, _ in done)
    assert left_in(tmp_path) == [f"{got.sha256}.mp3"]


def stopped(done: int, total: int) -> None:
    """A person who loses patience."""
    if done > 20_000:
        raise KeyboardInterrupt


def test_a_later_command_goes_on_where_an_earlier_one_was_stopped(server: Server, tmp_path: Path):
    # Far more than is read at once, so that something is left to fetch.
    body = sound(2_000_000)
    address = server.put("/1.mp3", Answer(body, etag='"one"'))
    with pytest.raises(KeyboardInterrupt):
        HttpFetcher(allow_private=True).download(address, tmp_path, report=stopped)
    held = next(tmp_path.glob("*.part")).stat().st_size
    got = HttpFetcher(allow_private=True).download(address, tmp_path)
    assert got.path.read_bytes() == body
    assert server.asked[1].headers["range"] == f"bytes={held}-"
    assert left_in(tmp_path) == [f"{got.sha256}.mp3"]


def test_a_file_that_changed_in_between_is_fetched_anew(server: Server, fetcher: HttpFetcher, tmp_path: Path):
    address = server.put("/1.mp3", Answer(sound(50_000, "old"), etag='"old"', cuts=[20_000]))
    new = sound(40_000, "new")

    def changes(done: int, total: int) -> None:
        server.put("/1.mp3", Answer(new, etag='"new"'))

    got = fetcher.download(address, tmp_path, report=changes)
    assert got.path.read_bytes() == new
    assert server.asked[1].headers["if-range"] == '"old"'


def test_a_server_without_ranges_or_versions_is_asked_for_everything_again(
    server: Server, fetcher: HttpFetcher, tmp_path: Path
):
    body = sound(50_000)
    assert (
        fetcher.download(
            server.put("/1.mp3", Answer(body, etag='"one"', ranges=False, cuts=[20_000])), tmp_path
        ).path.read_bytes()
        == body
    )
    assert fetcher.download(server.put("/2.mp3", Answer(body, cuts=[20_000])), tmp_path).path.read_bytes() == body
    assert "range" not in server.requests("/2.mp3")[1].headers


def test_a_last_modified_date_serves_where_there_is_no_etag(server: Server, fetcher: HttpFetcher, tmp_path: Path):
    date = "Tue, 06 Jan 2026 09:00:00 GMT"
    body = sound(50_000)
    got = fetcher.download(server.put("/1.mp3", Answer(body, last_modified=date, cuts=[20_000])), tmp_path)
    assert got.path.read_bytes() == body
    assert server.asked[1].headers["if-range"] == date


@pytest.mark.parametrize("chunked", [False, True])
def test_a_file_that_always_breaks_off_is_refused_and_nothing_stands_there(
    chunked: bool, server: Server, fetcher: HttpFetcher, tmp_path: Path
):
    address = server.put("/1.mp3", Answer(sound(50_000), chunked=chunked, cuts=[20_000] * 20))
    with pytest.raises(SourceUnavailable, match="could not be fetched"):
        fetcher.download(address, tmp_path)
    assert [name for name in left_in(tmp_path) if not name.endswith((".part", ".part.json"))] == []


def test_a_file_shorter_than_promised_whose_end_nothing_marks_is_refused(
    server: Server, fetcher: HttpFetcher, tmp_path: Path
):
    address = server.put("/1.mp3", Answer(sound(50_000), announce=-1))
    with pytest.raises(SourceUnavailable, match="50000 of the 80000 bytes"):
        fetcher.download(address, tmp_path, length=80_000)
    assert left_in(tmp_path) == []


def test_a_file_without_any_size_is_kept_and_doubted(server: Server, fetcher: HttpFetcher, tmp_path: Path):
    got = fetcher.download(server.put("/1.mp3", Answer(sound(5_000), announce=-1)), tmp_path)
    assert "nor the server said" in (got.note or "")


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("promised", [10_000, 90_000])
def test_a_server_that_keeps_its_own_word_but_not_the_feeds_is_noted(
    promised: int, chunked: bool, server: Server, fetcher: HttpFetcher, tmp_path: Path
):
    address = server.put("/1.mp3", Answer(sound(50_000), chunked=chunked))
    got = fetcher.download(address, tmp_path, length=promised)
    assert got.bytes == 50_000
    assert f"promises {promised} bytes" in (got.note or "")


@pytest.mark.parametrize("media_type", ["text/html", "audio/mpeg"])
def test_an_error_page_is_no_sound_whatever_it_says_it_is(
    media_type: str, server: Server, fetcher: HttpFetcher, tmp_path: Path
):
    page = b"<!DOCTYPE html><html><title>404</title><p>This episode has moved.</p></html>"
    with pytest.raises(SourceUnavailable, match="page instead of sound"):
        fetcher.download(server.put("/1.mp3", Answer(page, media_type)), tmp_path)
    assert left_in(tmp_path) == []


def test_an_empty_file_is_refused(server: Server, fetcher: HttpFetcher, tmp_path: Path):
    with pytest.raises(SourceUnavailable, match="is empty"):
        fetcher.download(server.put("/1.mp3", b""), tmp_path)
    assert left_in(tmp_path) == []


@pytest.mark.parametrize("announce", [None, -1])
def test_a_recording_larger_than_allowed_is_left(announce: int | None, server: Server, tmp_path: Path):
    fetcher = HttpFetcher(allow_private=True, max_bytes=20_000, limits=QUICK)
    with pytest.raises(SourceUnavailable, match="max_download_mb"):
        fetcher.download(server.put("/1.mp3", Answer(sound(50_000), announce=announce)), tmp_path)
    assert left_in(tmp_path) == []


def test_a_file_that_will_not_fit_on_the_disk_is_not_begun(server: Server, tmp_path: Path):
    fetcher = HttpFetcher(allow_private=True, max_bytes=1 << 60, limits=QUICK)
    address = server.put("/1.mp3", Answer(sound(5_000), announce=1 << 49))
    with pytest.raises(HomeNotWritable, match="has no room"):
        fetcher.download(address, tmp_path)
    assert [name for name in left_in(tmp_path) if name.endswith(".mp3")] == []


def test_a_disk_that_fills_up_leaves_no_recording_and_the_next_try_goes_on(
    server: Server, fetcher: HttpFetcher, tmp_path: Path
):
    body = sound(300_000)
    address = server.put("/1.mp3", Answer(body, etag='"one"'))
    with no_file_grows_past(150_000), pytest.raises(HomeNotWritable, match="no room left"):
        fetcher.download(address, tmp_path)
    assert not list(tmp_path.glob("*.mp3"))
    assert fetcher.download(address, tmp_path).path.read_bytes() == body
    assert int(server.asked[-1].headers["range"].removeprefix("bytes=").rstrip("-")) > 100_000


def test_a_part_file_whose_notes_are_damaged_is_begun_anew(server: Server, fetcher: HttpFetcher, tmp_path: Path):
    body = sound(2_000_000)
    address = server.put("/1.mp3", Answer(body, etag='"one"'))
    with pytest.raises(KeyboardInterrupt):
        fetcher.download(address, tmp_path, report=stopped)
    for notes in tmp_path.glob("*.json"):
        notes.write_text('{"url":')
    assert fetcher.download(address, tmp_path).path.read_bytes() == body
    assert "range" not in server.asked[-1].headers


@pytest.mark.slow(alone=False)
@pytest.mark.parametrize("part", ["bytes 5-9/60000", "nonsense", "bytes 0-59999/60000", "bytes 20480-60000/70000"])
def test_another_part_than_asked_for_is_never_appended(part: str, server: Server, fetcher: HttpFetcher, tmp_path: Path):
    body = sound(2_000_000)
    wrong = Answer(body, etag='"one"', status=206, ranges=False, headers={"Content-Range": part})
    address = server.put("/1.mp3", Answer(body, etag='"one"'))
    with pytest.raises(KeyboardInterrupt):
        fetcher.download(address, tmp_path, report=stopped)
    server.put("/1.mp3", wrong)
    with pytest.raises(SourceUnavailable):
        HttpFetcher(allow_private=True, limits=Limits(tries=1)).download(address, tmp_path)
    server.put("/1.mp3", Answer(body, etag='"one"'))
    assert fetcher.download(address, tmp_path).path.read_bytes() == body
