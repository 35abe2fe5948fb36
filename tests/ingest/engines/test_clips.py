from __future__ import annotations

import numpy as np
import pytest

from convarchive.domain.span import Span
from convarchive.errors import AudioUnreadable, BadInput, HomeNotWritable
from convarchive.ingest.engines.audio import RATE, decode, probe
from convarchive.ingest.engines.clips import cut, derive, join, seeks_exactly
from ingest.sounds import CLICKS, LENGTH, clicks_in, onsets

pytestmark = pytest.mark.slow(alone=False)

SPAN = Span(1_234, 8_456)


@pytest.mark.parametrize("suffix", [".mp3", ".m4a", ".opus", ".wav"])
@pytest.mark.parametrize("source", [".mp3", ".flac", ".opus"])
def test_a_clip_holds_exactly_its_span(tmp_path, source, suffix):
    clip = cut(clicks_in(tmp_path / f"whole{source}", source), SPAN, tmp_path / f"clip{suffix}")
    sound = decode(clip)
    expected = [at - SPAN.start / 1000 for at in CLICKS if SPAN.start / 1000 < at < SPAN.end / 1000]
    assert np.allclose(onsets(sound), expected, atol=0.002)
    # AAC ends on a whole packet, a few milliseconds of silence later.
    assert 0 <= len(sound) / RATE - SPAN.duration / 1000 < (0.025 if suffix == ".m4a" else 0.001)


@pytest.mark.parametrize("suffix", [".m4a", ".opus", ".wav"])
def test_a_derived_copy_has_every_click_in_its_place(tmp_path, suffix):
    copy = derive(clicks_in(tmp_path / "whole.mp3", ".mp3"), tmp_path / f"copy{suffix}")
    assert np.allclose(onsets(decode(copy)), CLICKS, atol=0.002)
    assert abs(probe(copy).duration_ms - LENGTH * 1000) < 30
    assert seeks_exactly(probe(copy))


def test_mp3_is_not_trusted_to_seek(tmp_path):
    assert not seeks_exactly(probe(clicks_in(tmp_path / "a.mp3", ".mp3")))
    with pytest.raises(BadInput, match="m4a"):
        derive(tmp_path / "a.mp3", tmp_path / "b.mp3")


def test_a_clip_beyond_the_end_is_refused_and_nothing_is_left(tmp_path):
    source = clicks_in(tmp_path / "a.flac", ".flac")
    with pytest.raises(AudioUnreadable, match=r"a\.flac ends before"):
        cut(source, Span(60_000, 61_000), tmp_path / "clip.mp3")
    assert [path.name for path in tmp_path.iterdir()] == ["a.flac"]


def test_a_clip_of_what_is_no_sound_leaves_nothing_behind(tmp_path):
    source = tmp_path / "a.mp3"
    source.write_text("no sound here")
    with pytest.raises(AudioUnreadable, match=r"a\.mp3"):
        cut(source, SPAN, tmp_path / "clip.mp3")
    assert [path.name for path in tmp_path.iterdir()] == ["a.mp3"]


def test_a_folder_that_is_not_there_is_named(tmp_path):
    source = clicks_in(tmp_path / "a.flac", ".flac")
    with pytest.raises(HomeNotWritable, match="nowhere"):
        cut(source, SPAN, tmp_path / "nowhere" / "clip.wav")


def test_an_unknown_kind_of_clip_is_refused(tmp_path):
    with pytest.raises(BadInput, match=r"clip\.aiff"):
        cut(tmp_path / "a.flac", SPAN, tmp_path / "clip.aiff")


@pytest.mark.parametrize("suffix", [".flac", ".wav"])
def test_joined_recordings_follow_each_other_after_a_pause(tmp_path, suffix):
    parts = [clicks_in(tmp_path / "a.mp3", ".mp3"), clicks_in(tmp_path / "b.flac", ".flac")]
    whole = tmp_path / f"whole{suffix}"
    length = join(parts, whole, pause=500)
    assert abs(length - (2 * LENGTH * 1000 + 500)) < 60
    second = probe(parts[0]).duration_ms / 1000 + 0.5
    assert np.allclose(onsets(decode(whole)), [*CLICKS, *(at + second for at in CLICKS)], atol=0.04)


def test_joining_nothing_or_to_an_unknown_kind_is_refused(tmp_path):
    with pytest.raises(BadInput, match="no recordings"):
        join([], tmp_path / "whole.wav")
    with pytest.raises(BadInput, match=r"whole\.aiff"):
        join([], tmp_path / "whole.aiff")
