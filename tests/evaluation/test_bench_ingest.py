"""Two ways of work, each in a process of its own, on one joined recording."""

import os
from functools import partial

import numpy as np
import pytest

from convarchive.errors import AudioUnreadable, BadInput
from convarchive.evaluation.bench_ingest import bench, timed
from convarchive.ingest.engines.clips import join
from ingest.sounds import LENGTH, clicks_in

pytestmark = pytest.mark.slow(alone=False)


def rest(seconds, recording):
    import time

    assert recording.stat().st_size > 0
    time.sleep(seconds)


def fill(megabytes, recording):
    np.ones(megabytes * 1_000_000, dtype=np.uint8).sum()


def refuse(recording):
    raise AudioUnreadable(f"{recording.name} is no sound")


def die(recording):
    os._exit(7)


def test_both_sides_are_timed_on_the_joined_recording(tmp_path):
    paths = [clicks_in(tmp_path / "a.flac", ".flac"), clicks_in(tmp_path / "b.mp3", ".mp3")]
    found = bench(paths, partial(rest, 0.1), partial(rest, 0.5), join=join, least=20_000)
    assert found.recordings == ("a", "b")
    assert abs(found.duration - (2 * LENGTH * 1000 + 1000)) < 100
    assert found.ratio > 1.5
    assert found.times_real_time == pytest.approx(found.duration / 1000 / found.ours.seconds)


def test_too_little_sound_is_refused_before_anything_is_timed(tmp_path):
    with pytest.raises(BadInput, match=r"0\.2 minutes together"):
        bench([clicks_in(tmp_path / "a.flac", ".flac")], refuse, refuse, join=join)


def test_peak_memory_is_the_measured_process_own(tmp_path):
    path = clicks_in(tmp_path / "a.flac", ".flac")
    ballast = np.ones(100_000_000, dtype=np.uint8)
    small, large = timed(partial(fill, 1), path), timed(partial(fill, 200), path)
    assert small.peak < ballast.nbytes
    assert 150_000_000 < large.peak - small.peak < 260_000_000


def test_what_goes_wrong_in_the_other_process_is_told_here(tmp_path):
    with pytest.raises(AudioUnreadable, match=r"a\.flac is no sound"):
        timed(refuse, tmp_path / "a.flac")
    with pytest.raises(BadInput, match="exit status 7"):
        timed(die, tmp_path / "a.flac")
