"""What a person may write to name a show."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convarchive.domain.desk import FeedEntry
from convarchive.errors import AddressRefused, BadInput
from convarchive.ingest.sources import source


@pytest.mark.parametrize(
    "address", ["https://show.example/feed.xml", "http://127.0.0.1:8000/feed", "HTTPS://Show.example/?id=1482411631"]
)
def test_an_address_of_the_web_is_a_feeds(address: str):
    assert source(f" {address} ") == FeedEntry(url=address)


@pytest.mark.parametrize(
    "said",
    [
        "1234567890",
        "id1234567890",
        "https://podcasts.apple.com/podcast/id1234567890",
        "https://podcasts.apple.com/gb/podcast/a-show-with-2-numbers-123456/id1234567890?i=1000500600700&l=cy",
        "http://itunes.apple.com/us/podcast/x/id1234567890/",
    ],
)
def test_an_apple_link_or_id_is_that_show(said: str):
    assert source(said) == FeedEntry(apple_id=1234567890)


def test_a_link_that_only_looks_like_apples_is_an_address():
    lookalike = "https://podcasts.apple.com.show.example/podcast/id1234567890"
    assert source(lookalike) == FeedEntry(url=lookalike)


def test_a_folder_is_one_whatever_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    for name in ("recordings", "1234567890", "show.example"):
        (tmp_path / name).mkdir()
        assert source(name) == FeedEntry(folder=os.fspath(tmp_path / name))


def test_a_file_is_sent_to_the_command_for_files(tmp_path: Path):
    (tmp_path / "1.mp3").write_bytes(b"x")
    with pytest.raises(BadInput, match="convarchive add audio"):
        source(str(tmp_path / "1.mp3"))
    (tmp_path / "feed.xml").write_bytes(b"x")
    with pytest.raises(BadInput, match="is a file, not a show"):
        source(str(tmp_path / "feed.xml"))


@pytest.mark.parametrize("said", ["ftp://show.example/f", "file:///etc/passwd", "javascript:alert(1)", "data:,x"])
def test_other_kinds_of_address_are_refused(said: str):
    with pytest.raises(AddressRefused, match="only http"):
        source(said)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("", "nothing was named"),
        ("  ", "nothing was named"),
        ("show.example/feed.xml", "write https://show.example"),
        ("no-such-folder", "is no folder"),
        ("https://", "how it is spelt"),
        ("https://[::1", "how it is spelt"),
        ("https://show.example:port/", "how it is spelt"),
        ("https://show.example/a b", "how it is spelt"),
        ("12", "is no folder"),
    ],
)
def test_what_means_nothing_is_one_line_that_says_what_to_write(said: str, told: str):
    with pytest.raises(BadInput, match=told) as refused:
        source(said)
    assert "\n" not in str(refused.value)


@given(st.text(max_size=80) | st.text(max_size=40).map(lambda rest: f"https://{rest}"))
def test_any_text_is_a_show_or_one_line(said: str):
    try:
        entry = source(said)
    except BadInput as refused:
        assert len(str(refused).splitlines()) == 1
    else:
        assert sum(one is not None for one in (entry.url, entry.apple_id, entry.folder)) == 1
