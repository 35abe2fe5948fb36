"""When a recording counts as cut short."""

import pytest

from convarchive.ingest.promises import shortfall


@pytest.mark.parametrize(
    ("seconds", "promised_seconds", "size", "promised_size", "short"),
    [
        (600, 3000, 10, 50, True),
        (3000, 3000, 50, 50, False),
        (3000, 3000, 10, 50, False),  # a wrong length in the feed
        (600, 3000, 50, 50, False),  # a wrong duration in the feed
        (2800, 3000, 46, 50, False),  # adverts taken out
        (4000, 3000, 60, 50, False),
        (600, 3000, 10, None, True),
        (600, None, 10, 50, True),
        (600, None, 50, 50, False),
        (600, None, 10, None, False),
        (3, 7, 10, None, False),  # too little to quarrel about
    ],
)
def test_a_recording_is_cut_short_when_no_promise_made_of_it_is_kept(
    seconds: float, promised_seconds: float | None, size: int, promised_size: int | None, short: bool
):
    million = None if promised_size is None else promised_size * 10**6
    said = shortfall(seconds=seconds, promised_seconds=promised_seconds, size=size * 10**6, promised_size=million)
    assert (said is not None) is short


def test_what_is_missing_is_said_in_minutes_and_megabytes():
    both = shortfall(seconds=605, promised_seconds=3000, size=9_600_000, promised_size=48_000_000)
    assert both == "only 10:05 of the 50:00 min promised came, and 9.6 of 48.0 MB"
    bytes_alone = shortfall(seconds=605, promised_seconds=None, size=9_600_000, promised_size=48_000_000)
    assert bytes_alone == "only 9.6 of 48.0 MB promised came"
