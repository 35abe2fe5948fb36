"""Shows read anew: over HTTP, through Apple's lookup, and from folders."""

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from convarchive.domain.desk import FeedEntry
from convarchive.domain.episode import Person
from convarchive.domain.ids import feed_id
from convarchive.errors import AddressRefused, FeedUnreadable, SourceUnavailable
from convarchive.ingest import subscribe
from convarchive.ingest.engines.http import HttpFetcher, Limits
from convarchive.ingest.subscribe import FeedNews, address, identity, refresh
from servers import Answer, Server, serving, sound

FETCHER = HttpFetcher(allow_private=True, limits=Limits(tries=1))
NOWHERE = Path("/nowhere")


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as server:
        yield server


def rss(*numbers: int, more: str = "", title: str = "Episode {}", sound: str = "{}.mp3") -> bytes:
    items = "".join(
        f"<item><title>{title.format(n)}</title><guid>guid-{n}</guid><enclosure url='{sound.format(n)}'/></item>"
        for n in numbers
    )
    return (
        '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" '
        'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd">'
        f"<channel><title>The Example Show</title>{more}{items}</channel></rss>"
    ).encode()


def feed(body: bytes, **facts: object) -> Answer:
    return replace(Answer(body, "application/rss+xml"), **facts)


def news(entry: FeedEntry, **known: str | None) -> FeedNews:
    return refresh(entry, FETCHER, root=NOWHERE, **known)


def guids(found: FeedNews) -> list[str]:
    return [item.guid for item in found.items]


# -- over HTTP ----------------------------------------------------------------------------------------


def test_a_show_comes_with_all_its_episodes(server: Server):
    entry = FeedEntry(url=server.put("/feed.xml", feed(rss(2, 1), etag='"one"')))
    found = news(entry)
    assert found.feed is not None
    assert (found.feed.id, found.feed.url) == (feed_id(entry.url or ""), entry.url)
    assert guids(found) == ["guid-2", "guid-1"]
    assert found.items[0].enclosure is not None
    assert found.items[0].enclosure.url == f"{server.base}/2.mp3"
    assert (found.complete, found.unchanged, found.answers_at) == (True, False, entry.url)


@pytest.mark.parametrize("tags", [{"etag": '"one"'}, {"last_modified": "Tue, 06 Jan 2026 09:00:00 GMT"}])
def test_a_show_that_did_not_change_is_told_as_that(tags: dict[str, str], server: Server):
    entry = FeedEntry(url=server.put("/feed.xml", feed(rss(1), **tags)))
    first = news(entry)
    again = news(entry, etag=first.etag, last_modified=first.last_modified)
    assert again.unchanged
    assert (again.feed, again.items) == (None, ())
    assert (again.etag, again.last_modified) == (first.etag, first.last_modified)
    server.put("/feed.xml", feed(rss(2, 1), etag='"two"', last_modified="Wed, 07 Jan 2026 09:00:00 GMT"))
    assert guids(news(entry, etag=again.etag, last_modified=again.last_modified)) == ["guid-2", "guid-1"]


def test_an_unchanged_feed_is_read_anew_when_its_owner_says_something_new_of_it(server: Server):
    entry = FeedEntry(url=server.put("/feed.xml", feed(rss(1), etag='"one"', last_modified="x")))
    first = news(entry)
    again = news(replace(entry, persons=(Person("Ada Example"),)), etag=first.etag, last_modified=first.last_modified)
    assert again.items[0].persons == (Person("Ada Example"),)


def test_a_changed_title_and_a_changed_enclosure_keep_the_episode(server: Server):
    entry = FeedEntry(url=server.put("/feed.xml", feed(rss(1))))
    (before,) = news(entry).items
    server.put("/feed.xml", feed(rss(1, title="Renamed {}", sound="{}-better.mp3")))
    (after,) = news(entry).items
    assert before.guid == after.guid
    assert after.title == "Renamed 1"
    assert before.enclosure != after.enclosure


def test_a_show_that_moved_keeps_its_id_and_its_items_lead_to_the_new_place(server: Server):
    server.put("/new/feed.xml", feed(rss(1)))
    entry = FeedEntry(url=server.put("/old.xml", Answer(status=301, location="/new/feed.xml")))
    found = news(entry)
    assert found.feed is not None
    assert found.feed.id == identity(entry)
    assert found.answers_at == f"{server.base}/new/feed.xml"
    assert found.items[0].enclosure is not None
    assert found.items[0].enclosure.url == f"{server.base}/new/1.mp3"


def test_a_publisher_who_says_where_the_feed_moved_is_followed(server: Server):
    there = server.put("/there.xml", feed(rss(3, 2, 1), etag='"there"'))
    moved = f"<itunes:new-feed-url>{there}</itunes:new-feed-url>"
    entry = FeedEntry(url=server.put("/here.xml", feed(rss(1, more=moved), etag='"here"')))
    found = news(entry)
    assert guids(found) == ["guid-3", "guid-2", "guid-1"]
    assert found.answers_at == there
    # Its tags are of the other address, so the next time nothing is skipped.
    assert not news(entry, etag=found.etag, last_modified=found.last_modified).unchanged


def test_a_publisher_who_misspells_the_new_address_still_has_the_old_one(server: Server):
    for wrong in (f"{server.base}/gone.xml", "ftp://show.example", "https://[::1", server.put("/page", b"<html>")):
        moved = f"<itunes:new-feed-url>{wrong}</itunes:new-feed-url>"
        entry = FeedEntry(url=server.put("/here.xml", feed(rss(1, more=moved))))
        assert guids(news(entry)) == ["guid-1"]


def next_page(path: str) -> str:
    return f'<atom:link rel="next" href="{path}"/>'


def test_further_pages_are_read_and_the_newest_word_counts(server: Server):
    entry = FeedEntry(url=server.put("/feed.xml", feed(rss(3, 2, more=next_page("/p2")), etag='"one"')))
    server.put("/p2", feed(rss(2, 1, title="Old {}", more=next_page("/p3"))))
    server.put("/p3", feed(rss(0, more=next_page("/feed.xml"))))
    found = news(entry)
    assert guids(found) == ["guid-3", "guid-2", "guid-1", "guid-0"]
    assert found.items[1].title == "Episode 2"
    assert found.complete
    assert news(entry, etag=found.etag).unchanged


def test_a_page_that_cannot_be_read_is_told_and_asked_for_next_time(server: Server):
    entry = FeedEntry(url=server.put("/feed.xml", feed(rss(2, more=next_page("/p2")), etag='"one"')))
    found = news(entry)
    assert guids(found) == ["guid-2"]
    assert not found.complete
    assert "/p2" in (found.note or "")
    server.put("/p2", feed(rss(1)))
    again = news(entry, etag=found.etag, last_modified=found.last_modified)
    assert guids(again) == ["guid-2", "guid-1"]
    assert again.complete


def test_pages_without_end_are_left_at_some_point(server: Server, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(subscribe, "MOST_PAGES", 5)
    for n in range(9):
        server.put(f"/p{n}", feed(rss(n, more=next_page(f"/p{n + 1}"))))
    found = news(FeedEntry(url=f"{server.base}/p0"))
    assert len(found.items) == 5
    assert "goes on after 5 pages" in (found.note or "")


def test_no_page_of_a_feed_leads_to_a_file_of_this_machine(server: Server, tmp_path: Path):
    (tmp_path / "secret.xml").write_bytes(rss(666))
    more = next_page((tmp_path / "secret.xml").as_uri())
    found = news(FeedEntry(url=server.put("/feed.xml", feed(rss(1, more=more)))))
    assert guids(found) == ["guid-1"]


def test_what_is_no_feed_is_one_line(server: Server):
    page = server.put("/page", Answer(b"<!doctype html><title>The Example Show</title>", "text/html"))
    with pytest.raises(FeedUnreadable, match="is a web page"):
        news(FeedEntry(url=page))
    with pytest.raises(SourceUnavailable, match="404"):
        news(FeedEntry(url=f"{server.base}/none"))
    with pytest.raises(AddressRefused, match="allow_private_addresses"):
        refresh(FeedEntry(url=page), HttpFetcher(), root=NOWHERE)


# -- through Apple ------------------------------------------------------------------------------------


def test_a_show_known_by_its_apple_id_keeps_its_identity_when_its_feed_changes(server: Server):
    entry = FeedEntry(apple_id=1234567890)

    def lookup_gives(path: str) -> str:
        results = {"resultCount": 1, "results": [{"feedUrl": server.base + path}]}
        return server.put("/lookup", Answer(json.dumps(results).encode(), "text/javascript"))

    server.put("/a.xml", feed(rss(1), etag='"same"'))
    server.put("/b.xml", feed(rss(2, 1), etag='"same"'))
    first = refresh(entry, FETCHER, root=NOWHERE, lookup=lookup_gives("/a.xml"))
    second = refresh(entry, FETCHER, root=NOWHERE, etag=first.etag, lookup=lookup_gives("/b.xml"))
    third = refresh(entry, FETCHER, root=NOWHERE, etag=second.etag, lookup=lookup_gives("/b.xml"))
    assert first.feed is not None
    assert second.feed is not None
    assert first.feed.id == second.feed.id == identity(entry)
    assert first.feed.url == address(entry) == "https://podcasts.apple.com/podcast/id1234567890"
    assert guids(second) == ["guid-2", "guid-1"]
    assert third.unchanged


# -- from a folder ------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "recordings"
    (place / "talks").mkdir(parents=True)
    (place / ".hidden").mkdir()
    for name in (
        "2031-01-06 - Bread & roses.mp3",
        "talks/talk_two.FLAC",
        "talks/talk_two.vtt",
        "talks/talk_two.txt",
        "talks/talk_two.srt",
        "talks/notes.docx",
        ".hidden/secret.mp3",
        "._ghost.mp3",
    ):
        (place / name).write_bytes(sound(500, name))
    return place


def read_folder(folder: Path, etag: str | None = None, **facts: object) -> FeedNews:
    entry = replace(FeedEntry(folder=folder.name), **facts)
    return refresh(entry, FETCHER, root=folder.parent, etag=etag)


def test_a_folder_is_a_show_whose_episodes_are_its_audio_files(folder: Path):
    found = read_folder(folder)
    assert found.feed is not None
    assert (found.feed.title, found.feed.url) == ("recordings", "folder:recordings")
    first, second = found.items
    assert (first.guid, first.title, first.published) == (
        "2031-01-06 - Bread & roses.mp3",
        "Bread & roses",
        "2031-01-06",
    )
    assert (second.guid, second.title, second.published) == ("talks/talk_two.FLAC", "talk two", None)
    assert second.enclosure is not None
    assert second.enclosure.url.startswith((folder / "talks" / "talk_two.FLAC").as_uri() + "#")
    assert (second.enclosure.media_type, second.enclosure.length) == ("audio/flac", 500)


def test_texts_beside_an_audio_file_are_its_transcripts(folder: Path):
    first, second = read_folder(folder).items
    assert first.transcripts == ()
    assert [(link.url.partition("#")[0].rpartition("/")[2], link.media_type) for link in second.transcripts] == [
        ("talk_two.vtt", "text/vtt"),
        ("talk_two.srt", "application/x-subrip"),
        ("talk_two.txt", "text/plain"),
    ]


@pytest.mark.parametrize("ending", ["mp3", "m4a", "opus", "flac", "wav", "ogg"])
def test_every_common_kind_of_audio_is_taken(ending: str, tmp_path: Path):
    (tmp_path / f"a.{ending}").write_bytes(b"x")
    assert guids(read_folder(tmp_path)) == [f"a.{ending}"]


def test_what_the_owner_says_of_a_folder_goes_for_all_in_it(folder: Path):
    found = read_folder(folder, title="My talks", language="cy", fiction=True, persons=(Person("Ada Example"),))
    assert found.feed is not None
    assert (found.feed.title, found.feed.language, found.feed.fiction) == ("My talks", "cy", True)
    assert all(one.fiction and one.language == "cy" and one.persons[0].name == "Ada Example" for one in found.items)


def test_a_folder_is_read_anew_only_when_something_in_it_changed(folder: Path):
    first = read_folder(folder)
    assert read_folder(folder, first.etag).unchanged
    assert not read_folder(folder, first.etag, language="cy").unchanged
    (folder / "talks" / "notes.docx").write_bytes(b"other notes")
    assert read_folder(folder, first.etag).unchanged
    # The same name and size, written later: a name that was bleeped out, say.
    changed = folder / "talks" / "talk_two.FLAC"
    changed.write_bytes(sound(500, "other"))
    os.utime(changed, (2_000_000_000, 2_000_000_000))
    second = read_folder(folder, first.etag)
    assert not second.unchanged
    assert guids(second) == guids(first)
    assert second.items[1].enclosure != first.items[1].enclosure
    assert second.items[0] == first.items[0]


def test_a_name_is_the_same_however_a_disk_writes_its_accents(tmp_path: Path):
    decomposed, composed = tmp_path / "a" / "cafe\u0301.mp3", tmp_path / "b" / "caf\u00e9.mp3"
    for path in (decomposed, composed):
        path.parent.mkdir()
        path.write_bytes(b"x")
    assert guids(read_folder(tmp_path / "a")) == guids(read_folder(tmp_path / "b")) == ["caf\u00e9.mp3"]


def test_a_folder_without_audio_or_that_is_none_is_one_line(tmp_path: Path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(FeedUnreadable, match="holds no audio"):
        read_folder(tmp_path / "empty")
    with pytest.raises(SourceUnavailable, match="is no folder"):
        read_folder(tmp_path / "none")


def test_a_link_that_leads_nowhere_is_left_out(folder: Path):
    (folder / "gone.mp3").symlink_to(folder / "nowhere.mp3")
    assert "gone.mp3" not in guids(read_folder(folder))
