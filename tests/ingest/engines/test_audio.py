from __future__ import annotations

import numpy as np
import pytest

from convarchive.errors import AudioUnreadable
from convarchive.ingest.engines.audio import RATE, decode, probe, samples
from ingest.sounds import CLICKS, CODECS, LENGTH, click_track, clicks_in, onsets, write


@pytest.mark.slow(alone=False)
@pytest.mark.parametrize("suffix", CODECS)
def test_every_click_is_where_it_was_put_in_every_codec(tmp_path, suffix):
    heard = onsets(decode(clicks_in(tmp_path / f"clicks{suffix}", suffix)))
    assert len(heard) == len(CLICKS)
    assert np.allclose(heard, CLICKS, atol=0.03)


@pytest.mark.slow(alone=False)
@pytest.mark.parametrize("suffix", CODECS)
def test_probing_tells_what_the_file_is(tmp_path, suffix):
    sound = probe(clicks_in(tmp_path / f"a{suffix}", suffix))
    assert sound.suffix == suffix
    assert sound.media_type.startswith("audio/")
    assert sound.channels == 1
    assert sound.rate == CODECS[suffix][1]
    assert abs(sound.duration_ms - LENGTH * 1000) < 40


def test_a_truncated_mp3_is_as_long_as_what_is_left(tmp_path):
    whole = clicks_in(tmp_path / "whole.mp3", ".mp3")
    half = tmp_path / "half.mp3"
    half.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    assert 5_500 < probe(half).duration_ms < 6_500
    assert 5.5 < len(decode(half)) / RATE < 6.5


@pytest.mark.slow(alone=False)
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.mp3", b""),
        ("words.mp3", b"These are only words.\n" * 500),
        ("page.mp3", b"<!doctype html><title>404</title><p>Not found</p>" * 50),
        ("random.mp3", np.random.default_rng(5).bytes(200_000)),
        ("random.m4a", np.random.default_rng(6).bytes(200_000)),
        ("header-only.wav", b"RIFF\x24\x00\x00\x00WAVE"),
        ("picture.mp3", b"\x89PNG\r\n\x1a\n" + bytes(3000)),
        ("playlist.mp3", b"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfile:///etc/hostname\n#EXT-X-ENDLIST\n"),
        ("concat.mp3", b"ffconcat version 1.0\nfile whole.mp3\n"),
    ],
)
def test_what_is_no_sound_is_refused_in_one_line_that_names_the_file(tmp_path, name, content):
    clicks_in(tmp_path / "whole.mp3", ".mp3")
    path = tmp_path / name
    path.write_bytes(content)
    for read in (probe, decode):
        with pytest.raises(AudioUnreadable) as caught:
            read(path)
        assert name in str(caught.value)
        assert "\n" not in str(caught.value)


def test_missing_files_and_folders_are_refused(tmp_path):
    for path in (tmp_path / "nowhere.mp3", tmp_path):
        with pytest.raises(AudioUnreadable, match=str(path)):
            probe(path)


def test_a_file_whose_middle_is_damaged_keeps_its_times(tmp_path):
    whole = clicks_in(tmp_path / "a.opus", ".opus")
    raw = bytearray(whole.read_bytes())
    pages = [i for i in range(len(raw)) if raw[i : i + 4] == b"OggS"]
    hole = pages[len(pages) // 2]
    raw[hole : hole + 200] = bytes(200)
    whole.write_bytes(bytes(raw))
    heard = onsets(decode(whole))
    assert all(min(abs(at - click) for click in CLICKS) < 0.03 for at in heard)
    assert abs(heard[-1] - CLICKS[-1]) < 0.03


def test_a_silent_file_says_so_and_a_sounding_one_does_not(tmp_path):
    rate = 16_000
    quiet = write(tmp_path / "quiet.flac", np.zeros(rate * 2, dtype=np.float32), rate)
    loud = write(tmp_path / "loud.flac", click_track(rate, 2, (0.5,)), rate)
    with samples(quiet) as sound:
        assert sound.silent
    with samples(loud) as sound:
        assert not sound.silent


def test_pieces_read_from_disk_are_the_whole_when_joined(tmp_path):
    path = clicks_in(tmp_path / "a.flac", ".flac")
    whole = decode(path)
    with samples(path, spool=tmp_path) as sound:
        parts = [sound.read(at, at + 7_001) for at in range(0, sound.count, 7_001)]
        assert np.array_equal(np.concatenate(parts), whole)
        assert sound.duration == LENGTH * 1000
        assert len(sound.read(sound.count + 5, sound.count + 9)) == 0
    assert [p.name for p in tmp_path.iterdir()] == ["a.flac"]


def test_progress_ends_at_the_length_of_the_recording(tmp_path):
    told = []
    path = clicks_in(tmp_path / "a.mp3", ".mp3")
    with samples(path, report=lambda done, total: told.append((done, total))):
        pass
    assert told == sorted(told)
    assert abs(told[-1][0] - LENGTH * 1000) < 100
