"""The small values of a feed, as publishers write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convarchive.ingest.feed_values import iso_date, language_tag, milliseconds, one_line, plain, sound_key, web_address


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("90", 90), (" 90.5 ", 90), ("90 seconds", 90), ("1:30", 90), ("61:30", 3690), ("1:01:30", 3690),
        ("01:01:30.250", 3690), ("1h 1m 30s", 3690), ("PT1H1M30S", 3690), ("1 hour, 30 minutes", 5400),
        ("0", None), ("", None), ("soon", None), ("1:02:03:24", 3723), ("-5", None), ("999999999", None), ("²", None),
    ],
)  # fmt: skip
def test_a_duration_is_understood_however_it_is_written(said: str, seconds: int | None):
    assert milliseconds(said) == (None if seconds is None else seconds * 1000)


@pytest.mark.parametrize(
    ("said", "date"),
    [
        ("Tue, 06 Jan 2026 09:00:00 +0100", "2026-01-06T09:00:00+01:00"),
        ("Tue, 6 Jan 2026 09:00:00 GMT", "2026-01-06T09:00:00+00:00"),
        ("2026-01-06T09:00:00.123Z", "2026-01-06T09:00:00+00:00"),
        ("2026-01-06", "2026-01-06"),
        ("2026-02-30", None),
        ("Tue, 06 Jan 1801 09:00:00 +0000", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_a_date_is_understood_or_left_out(said: str, date: str | None):
    assert iso_date(said) == date


@given(st.text(max_size=40))
def test_no_value_does_harm(said: str):
    milliseconds(said)
    iso_date(said)
    language_tag(said)
    sound_key(said)
    web_address("https://show.example/feed.xml", said)
    assert len(one_line(f"<p>{said}</p>").splitlines()) <= 1
    assert "\x00" not in plain(said)


def test_markup_is_taken_from_titles_and_words_between_angles_are_kept():
    assert one_line(" <b>Bread</b>\n&amp; roses ") == "Bread & roses"
    assert one_line("5 < 6 > 4") == "5 < 6 > 4"


@pytest.mark.parametrize(
    "other",
    [
        "http://cdn.example/a/1.mp3",
        "https://CDN.example/a/1.mp3?source=feed",
        "https://count.example/redirect.mp3/cdn.example/a/1.mp3",
        "https://count.example/x/track.example/e/cdn.example/a/1.mp3?t=5",
    ],
)
def test_what_counts_listeners_does_not_change_which_sound_it_is(other: str):
    assert sound_key(other) == sound_key("https://cdn.example/a/1.mp3")


def test_where_the_query_names_the_file_it_does():
    assert sound_key("https://cdn.example/play.php?id=1") != sound_key("https://cdn.example/play.php?id=2")
