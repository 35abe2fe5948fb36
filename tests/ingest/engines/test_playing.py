"""Clips as they are played: exact at both ends whatever the recording is, cut once, and gone with the sound."""

import av
import numpy as np
import pytest

from convarchive.domain.episode import Sha256
from convarchive.domain.span import Span
from convarchive.errors import NotFound
from convarchive.home import Home
from convarchive.ingest.engines import playing
from convarchive.ingest.engines.audio import RATE, decode
from convarchive.ingest.engines.playing import Playing
from convarchive.store.views import RecordingView
from ingest.sounds import onsets

pytestmark = pytest.mark.slow(alone=False)

BURSTS = ((2.0, 2.5), (7.25, 9.75), (31.4, 33.0), (55.1, 55.9))
"""Where a tone sounds, in seconds of a minute of silence and soft noise."""
DIGEST = Sha256("b" * 64)
CODECS = {".wav": "pcm_s16le", ".mp3": "libmp3lame", ".m4a": "aac"}


def bursts(path, codec, *, vbr):
    rate = 44_100
    noise = np.random.default_rng(7).standard_normal(rate * 60) * 0.004
    at = np.arange(rate * 60) / rate
    sounding = np.logical_or.reduce([(at >= start) & (at < end) for start, end in BURSTS])
    sound = np.where(sounding, 0.8 * np.sin(2 * np.pi * 880 * at), noise).astype(np.float32)
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=rate, layout="mono")
        if vbr:
            # What the encoder's own -V 5 is: bits as they are needed.
            stream.codec_context.flags |= 2
            stream.codec_context.global_quality = 5 * 118
        frame = av.AudioFrame.from_ndarray((sound * 32767).astype(np.int16)[None], format="s16", layout="mono")
        frame.sample_rate = rate
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def held(tmp_path, suffix):
    home = Home(tmp_path)
    home.audio.mkdir(parents=True)
    bursts(home.audio / f"{DIGEST}{suffix}", CODECS[suffix], vbr=suffix == ".mp3")
    return home, RecordingView(DIGEST, "audio/*", suffix, 60_000)


def heard(home, clip):
    path = home.root / "clip.m4a"
    path.write_bytes(clip)
    return decode(path)


@pytest.mark.parametrize("suffix", [".wav", ".mp3", ".m4a"])
@pytest.mark.parametrize(("start", "end"), BURSTS)
def test_a_clip_begins_and_ends_with_its_words_to_a_tenth_of_a_second(tmp_path, suffix, start, end):
    home, recording = held(tmp_path, suffix)
    around = Span(round(start * 1000) - 300, round(end * 1000) + 300)
    sound = heard(home, Playing(home).clip(recording, around))
    assert abs(len(sound) / RATE - around.duration / 1000) < 0.1
    assert abs(onsets(sound)[0] - 0.3) < 0.1
    loud = np.flatnonzero(np.abs(sound) > 0.3)
    assert abs(loud[-1] / RATE - (0.3 + end - start)) < 0.1
    # Cut at the burst itself, tone fills the clip from end to end.
    tight = heard(home, Playing(home).clip(recording, Span(round(start * 1000), round(end * 1000))))
    filled = np.flatnonzero(np.abs(tight) > 0.3)
    assert filled[0] / RATE < 0.1
    assert len(tight) / RATE - filled[-1] / RATE < 0.1


def test_the_mp3_of_these_tests_has_a_variable_bit_rate(tmp_path):
    path = bursts(tmp_path / "a.mp3", "libmp3lame", vbr=True)
    with av.open(str(path)) as container:
        sizes = {packet.size for packet in container.demux(audio=0) if packet.size}
    assert max(sizes) > 2 * min(sizes)


def test_a_clip_is_cut_once_and_goes_with_its_recording(tmp_path, monkeypatch):
    home, recording = held(tmp_path, ".wav")
    made, cut = [], playing.cut
    monkeypatch.setattr(playing, "cut", lambda *given: made.append(given[1]) or cut(*given))
    room = Playing(home)
    first = room.clip(recording, Span(2_000, 2_500))
    assert room.clip(recording, Span(2_000, 2_500)) == first
    assert made == [Span(2_000, 2_500)]
    room.clip(recording, Span(2_000, 2_501))
    assert len(made) == 2
    (home.audio / f"{DIGEST}.wav").unlink()
    with pytest.raises(NotFound, match="not held"):
        room.clip(recording, Span(2_000, 2_500))


def test_no_more_clips_are_kept_than_there_is_room_for(tmp_path, monkeypatch):
    home, recording = held(tmp_path, ".wav")
    made, cut = [], playing.cut
    monkeypatch.setattr(playing, "cut", lambda *given: made.append(given[1]) or cut(*given))
    monkeypatch.setattr(playing, "KEPT", 1)
    room = Playing(home)
    for span in (Span(0, 500), Span(500, 1_000), Span(0, 500)):
        room.clip(recording, span)
    assert len(made) == 3
    room.clip(recording, Span(0, 500))
    assert len(made) == 3
