"""What a server asks for when it asks to be left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convarchive.ingest.retrying import retry_after

NOW = 1_000_000_000.0  # 2001-09-09 01:46:40 UTC


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("Sun, 09 Sep 2001 01:48:10 GMT", 90.0),
        ("Sun, 09 Sep 2001 01:46:00 GMT", 0.0),
        ("Sun, 09 Sep 2001 01:48:10", 90.0),
        (None, None),
        ("", None),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("²", None),
    ],
)
def test_seconds_and_dates_are_understood_and_nothing_else(header: str | None, seconds: float | None):
    assert retry_after(header, NOW) == seconds


@given(st.text(max_size=40))
def test_no_header_does_harm(header: str):
    wait = retry_after(header, NOW)
    assert wait is None or wait >= 0
