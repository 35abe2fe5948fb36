"""Feeds as publishers really write them."""

import gzip
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convarchive.domain.desk import FeedEntry
from convarchive.domain.episode import Enclosure, Item, Person
from convarchive.errors import FeedUnreadable
from convarchive.ingest.feed import Show, read

URL = "https://show.example/feed.xml"
NAMESPACES = (
    "https://podcastindex.org/namespace/1.0",
    "http://podcastindex.org/namespace/1.0/",
    "https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/1.0.md",
    "HTTPS://GitHub.com/podcastindex-org/podcast-namespace/blob/main/docs/1.0.md",
)


def rss(items: str, channel: str = "<title>The Example Show</title>", namespace: str = NAMESPACES[0]) -> str:
    return (
        '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" '
        'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" '
        'xmlns:convarchive="https://convarchive.example/ns/1.0" '
        f'xmlns:podcast="{namespace}"><channel>{channel}{items}</channel></rss>'
    )


def one(number: int = 1, more: str = "", guid: str | None = "guid-{}", title: str = "Episode {}") -> str:
    identity = f"<guid>{guid.format(number)}</guid>" if guid else ""
    return (
        f"<item><title>{title.format(number)}</title>{identity}"
        f'<enclosure url="https://cdn.example/{number}.mp3" length="1000" type="audio/mpeg"/>{more}</item>'
    )


def shows(text: str, **kwargs: FeedEntry) -> Show:
    return read(text.encode(), URL, **kwargs)


def only(items: str, channel: str = "<title>T</title>", namespace: str = NAMESPACES[0]) -> Item:
    (item,) = shows(rss(items, channel, namespace)).items
    return item


# -- what a sound feed says ---------------------------------------------------------------------


def test_the_sample_show_reads_as_its_script_says():
    text = (files("convarchive.cli") / "sample_show" / "feed.xml").read_text("utf-8")
    show = shows(text.replace("{base}", "https://show.example"))
    assert show.feed.title == "The Made Up Commons (fiction)"
    assert show.feed.fiction
    assert (show.feed.language, show.feed.guid) == ("en", "7b0c5d1e-6a0f-5c55-9b7e-0f1c71050001")
    second, first = show.items
    assert (first.guid, second.guid) == ("fiction-episode-1", "fiction-episode-2")
    assert first.persons == (Person("Tom Atlantis", "host"), Person("Helen Neverland", "guest"))
    assert second.persons == ()
    assert first.fiction
    assert second.fiction
    assert first.published == "2026-01-06T09:00:00+00:00"
    assert (first.duration, second.duration) == (155_000, 165_000)
    assert first.enclosure == Enclosure("https://show.example/fiction-episode-1.mp3", "audio/mpeg", 776_587)
    assert first.notes.startswith("Fiction with synthetic voices: Tom Atlantis")


def test_an_atom_feed_is_read_as_well():
    show = shows(
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en-GB"><title>Atomic</title><id>urn:show</id>'
        "<entry><title>One</title><id>urn:1</id><updated>2031-01-06T09:00:00Z</updated>"
        '<link rel="enclosure" href="/1.m4a" type="audio/mp4" length="5"/><link href="/1"/>'
        "<summary>Notes</summary></entry></feed>"
    )
    assert show.feed.title == "Atomic"
    (item,) = show.items
    assert (item.guid, item.title, item.published) == ("urn:1", "One", "2031-01-06T09:00:00+00:00")
    assert item.enclosure == Enclosure("https://show.example/1.m4a", "audio/mp4", 5)
    assert item.link == "https://show.example/1"


def test_relative_addresses_are_of_the_feeds_own_place():
    item = only('<item><guid>1</guid><enclosure url="audio/1.mp3"/><link>/one</link></item>')
    assert item.enclosure == Enclosure("https://show.example/audio/1.mp3")
    assert item.link == "https://show.example/one"


@pytest.mark.parametrize("address", ["file:///etc/passwd", "javascript:alert(1)", "ftp://x.example/1.mp3", "http://"])
def test_an_enclosure_that_leads_away_from_the_web_is_none(address: str):
    assert only(f'<item><guid>1</guid><enclosure url="{address}"/></item>').enclosure is None


def test_the_sound_is_taken_where_an_item_has_several_enclosures():
    item = only(
        '<item><guid>1</guid><enclosure url="/1.jpg" type="image/jpeg"/><enclosure url="/1.mp4" type="video/mp4"/>'
        '<enclosure url="/1.mp3" type="Audio/MPEG" length="junk"/></item>'
    )
    assert item.enclosure == Enclosure("https://show.example/1.mp3", "audio/mpeg")


def test_notes_lose_their_markup_and_keep_their_lines():
    item = only(
        one(more="<description><![CDATA[<p>Bread &amp; roses</p><p>Two<script>x()</script></p>]]></description>")
    )
    assert item.notes == "Bread & roses\nTwo"


def test_a_new_address_and_a_next_page_are_told():
    show = shows(
        rss(
            one(),
            "<title>T</title><itunes:new-feed-url>https://new.example/f</itunes:new-feed-url>"
            '<atom:link rel="next" href="?page=2"/>',
        )
    )
    assert (show.new_url, show.next_page) == ("https://new.example/f", "https://show.example/feed.xml?page=2")


# -- people and transcripts -----------------------------------------------------------------------


@pytest.mark.parametrize("namespace", NAMESPACES)
def test_repeated_tags_are_all_kept_under_every_address_of_their_namespace(namespace: str):
    item = only(
        one(
            more='<podcast:person role="host" href="https://ada.example">Ada Example</podcast:person>'
            '<podcast:person role="Guest">Ben &amp; Co Sample</podcast:person><podcast:person> </podcast:person>'
            '<podcast:transcript url="/1.vtt" type="text/vtt" language="en-gb" rel="captions"/>'
            '<podcast:transcript url="/1.json" type="application/json"/><podcast:transcript type="text/vtt"/>'
            '<podcast:license url="https://cc.example/by">cc-by-4.0</podcast:license>'
        ),
        namespace=namespace,
    )
    assert item.persons == (Person("Ada Example", "host", "https://ada.example"), Person("Ben & Co Sample", "guest"))
    assert [(link.url, link.media_type, link.language, link.rel) for link in item.transcripts] == [
        ("https://show.example/1.vtt", "text/vtt", "en-GB", "captions"),
        ("https://show.example/1.json", "application/json", None, None),
    ]
    assert item.rights == "cc-by-4.0"


def test_a_person_without_a_role_is_a_host_as_the_namespace_says():
    assert only(one(more="<podcast:person>Ada Example</podcast:person>")).persons == (Person("Ada Example", "host"),)


def test_people_of_an_item_replace_those_of_the_show():
    show = shows(
        rss(
            one(1) + one(2, '<podcast:person role="guest">Ben Sample</podcast:person>'),
            "<title>T</title><podcast:person>Ada Example</podcast:person>",
        )
    )
    first, second = show.items
    assert first.persons == (Person("Ada Example", "host"),)
    assert second.persons == (Person("Ben Sample", "guest"),)


def test_an_owners_word_stands_in_for_what_a_feed_does_not_say():
    entry = FeedEntry(url=URL, title="Mine", language="cy", persons=(Person("Tom Atlantis"),), fiction=True)
    bare = shows(rss(one(1) + one(2, "<podcast:person>Ada Example</podcast:person>"), ""), entry=entry)
    assert (bare.feed.title, bare.feed.language, bare.feed.fiction) == ("Mine", "cy", True)
    assert [item.persons[0].name for item in bare.items] == ["Tom Atlantis", "Ada Example"]
    assert all(item.fiction and item.language == "cy" for item in bare.items)
    own = shows(rss(one(more="<convarchive:fiction>false</convarchive:fiction>"), "<title>Own</title>"), entry=entry)
    assert own.feed.title == "Own"
    assert own.items[0].fiction


def test_another_elements_guid_or_person_is_not_taken_for_an_items():
    item = only(
        one(more='<other xmlns="urn:x"><guid>no</guid><person>Nobody</person></other>').replace("<item>", "<item><id/>")
    )
    assert item.guid == "guid-1"
    assert item.persons == ()


# -- broken feeds ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8", ""),
        ("utf-8", '<?xml version="1.0" encoding="utf-8"?>'),
        ("utf-8", '<?xml version="1.0" encoding="iso-8859-1"?>'),
        ("utf-8-sig", '<?xml version="1.0"?>'),
        ("latin-1", ""),
        ("latin-1", '<?xml version="1.0" encoding="utf-8"?>'),
        ("latin-1", '<?xml version="1.0" encoding="ISO-8859-1"?>'),
        ("latin-1", '<?xml version="1.0" encoding="no-such-thing"?>'),
        ("utf-16", '<?xml version="1.0" encoding="utf-16"?>'),
        ("utf-16-le", '<?xml version="1.0"?>'),
    ],
)
def test_any_encoding_is_read_whatever_it_says_it_is(encoding: str, declared: str):
    body = (declared + rss(one(title="Café à la carte {}"))).encode(encoding)
    assert read(body, URL).items[0].title == "Café à la carte 1"


@pytest.mark.parametrize("before", ["\n", "\r\n\n  ", "\ufeff\n", "<!-- made by hand -->\n"])
def test_blank_lines_before_the_declaration_do_no_harm(before: str):
    assert shows(before + '<?xml version="1.0" encoding="utf-8"?>' + rss(one())).items[0].guid == "guid-1"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Bread & roses", "Bread & roses"),
        ("Bread &amp; roses", "Bread & roses"),
        ("R&D", "R&D"),
        ("Caf&eacute;&nbsp;talk&hellip;", "Café talk…"),
        ("Tom &unknown; Atlantis", "Tom &unknown; Atlantis"),
        ("<![CDATA[Bread & roses]]>", "Bread & roses"),
        ("Bell\x07 and &#7;control", "Bell and control"),
    ],
)
def test_stray_ampersands_and_foreign_entities_are_mended(written: str, meant: str):
    item = only(one(title=written, more="<podcast:person>Ada Example</podcast:person>"))
    assert item.title == meant
    assert item.persons == (Person("Ada Example"),)


def test_people_are_found_in_xml_that_is_not_well_formed():
    text = rss(
        one(1, "<description>5 < 6 <b>bold</description><podcast:person role='guest'>Ben Sample</podcast:person>")
        + one(2, '<podcast:transcript url="/2.vtt" type="text/vtt"/>')
    )
    first, second = shows(text).items
    assert first.persons == (Person("Ben Sample", "guest"),)
    assert second.transcripts[0].url == "https://show.example/2.vtt"


def test_tags_of_a_prefix_that_nobody_declared_are_read():
    text = rss(one(more="<podcast:person>Ada Example</podcast:person>"))
    assert shows(text.replace(f'xmlns:podcast="{NAMESPACES[0]}"', "")).items[0].persons == (Person("Ada Example"),)


def test_a_feed_that_breaks_off_gives_what_had_come():
    text = rss(one(1) + one(2))
    assert [item.guid for item in shows(text[: text.index("</item>") + 7]).items] == ["guid-1"]


# -- who is who -----------------------------------------------------------------------------------


def test_an_item_without_a_guid_keeps_its_identity_when_title_and_tracking_change():
    before = only(one(guid=None))
    after = only(one(guid=None, title="Renamed").replace("https://cdn.example/1", "http://pod.example/x/cdn.example/1"))
    again = only(one(guid=None).replace("1.mp3", "1.mp3?source=rss"))
    assert before.guid.startswith("derived:")
    assert before.guid == after.guid == again.guid
    assert only(one(2, guid=None)).guid != before.guid


def test_items_with_neither_guid_nor_sound_differ_by_their_facts():
    show = shows(rss("<item><title>One</title></item><item><title>Two</title></item><item></item>"))
    assert len({item.guid for item in show.items}) == 3
    assert [item.enclosure for item in show.items] == [None, None, None]


def test_a_guid_that_two_sounds_share_is_made_two():
    show = shows(rss(one(1, guid="same") + one(2, guid="same")))
    first, second = show.items
    assert first.guid != second.guid
    assert first.guid.startswith("same#")
    reversed_ = shows(rss(one(2, guid="same") + one(1, guid="same")))
    assert {item.guid for item in reversed_.items} == {first.guid, second.guid}


def test_an_item_that_is_listed_twice_is_one():
    assert [item.guid for item in shows(rss(one(1) + one(1))).items] == ["guid-1"]


def test_people_stay_with_their_own_item_where_guids_are_shared():
    show = shows(
        rss(
            one(1, "<podcast:person>Ada Example</podcast:person>", guid="same")
            + one(2, "<podcast:person>Ben Sample</podcast:person>", guid="same")
        )
    )
    assert [item.persons[0].name for item in show.items] == ["Ada Example", "Ben Sample"]


# -- what is no feed, or means harm -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "is empty"),
        (b" \n ", "is empty"),
        (b"<!doctype html><html><title>Show</title></html>", "is a web page"),
        (b"<!DOCTYPE HTML><title>A page of few tags</title>", "is a web page"),
        (b"<html><body><p>unclosed", "is a web page"),
        (b'<?xml version="1.0"?><!DOCTYPE html PUBLIC "x"><html/>', "is a web page"),
        (b'{"feed": 1}', "a JSON document"),
        (b"just words", "text or binary data"),
        (gzip.compress(b"<rss/>", mtime=0), "text or binary data"),
        (b"\x00\xff" * 500, "text or binary data"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not with an RSS or Atom feed"),
        (b"<!DOCTYPE rss [" + b"<!ENTITY a 'b'>" * 9000, "never ends"),
        (b"<!-- never closed", "breaks off"),
    ],
)
def test_what_is_no_feed_is_one_line_that_names_the_address(body: bytes, said: str):
    with pytest.raises(FeedUnreadable, match=said) as refused:
        read(body, URL)
    assert str(refused.value).startswith(URL)
    assert "\n" not in str(refused.value)


def test_entities_are_never_expanded_nor_files_read():
    bomb = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    text = f'<!DOCTYPE rss [<!ENTITY l0 "ha"><!ENTITY own SYSTEM "file:///etc/hostname">{bomb}]>' + rss(
        one(title="&own; &l11;", more="<podcast:person>&own;</podcast:person>")
    )
    item = shows(text).items[0]
    assert item.title == "&own; &l11;"
    assert item.persons == (Person("&own;"),)


@pytest.mark.slow(alone=False)
def test_a_feed_of_deep_nests_ends_in_time():
    shows(rss(one(more="<description>" + "<b>" * 50_000 + "</description>")))
    with pytest.raises(FeedUnreadable):
        shows("<a>" * 300_000)


def test_a_feed_of_many_broken_tags_is_refused_rather_than_mended_for_hours():
    with pytest.raises(FeedUnreadable, match="too large to be mended"):
        shows("<rss><channel>" + "<item><title>" * 200_000)


PIECES = st.sampled_from(
    "<rss> </rss> <channel> </channel> <item> </item> <title> </title> <guid> </guid> <entry> <feed> & &amp; &#0; ]]> "
    "<![CDATA[ <!-- --> <!DOCTYPE <?xml ?> < > \" ' \x00 \ufeff <enclosure url='http://[' length='²'/> <pubDate> "
    "<itunes:duration> 9:9:9:9 99999999999999999999 <podcast:person> </podcast:person> <podcast:transcript url='//['/> "
    "xmlns:podcast='https://podcastindex.org/namespace/1.0' Tue,_99_Foo_-1 </pubDate> </itunes:duration> é".split(" ")
)


@pytest.mark.slow(alone=False)
@settings(deadline=None, max_examples=300)
@given(
    st.binary(max_size=400) | st.lists(PIECES | st.text(max_size=5), max_size=40).map(lambda ps: "".join(ps).encode())
)
def test_whatever_the_bytes_there_is_a_show_or_one_line(body: bytes):
    for whole in (body, b"<rss version='2.0'><channel>" + body, rss(one()).encode() + body):
        try:
            show = read(whole, URL)
        except FeedUnreadable as refused:
            assert "\n" not in str(refused)
        else:
            assert len({item.guid for item in show.items}) == len(show.items)
            assert all(item.guid and item.title for item in show.items)


@settings(deadline=None, max_examples=100)
@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60))
def test_whatever_stands_in_a_date_a_length_or_an_address_the_item_is_read(date: str, length: str, address: str):
    safe = [text.replace("<", "").replace("]]>", "") for text in (date, length, address)]
    item = only(
        f"<item><guid>1</guid><pubDate>{safe[0]}</pubDate><itunes:duration>{safe[1]}</itunes:duration>"
        f"<link>{safe[2]}</link></item>"
    )
    assert item.guid == "1"
    assert item.duration is None or item.duration > 0
