"""
The neural models that tell voices apart, as they run here: who speaks, how a voice sounds, whether anybody speaks.

The segmentation (pyannote segmentation 3.0) reads samples; the embedding (CAM++ of
3D-Speaker) reads 80 Kaldi filter banks of 25 ms every 10 ms, their mean subtracted.
Both are ONNX files run by ONNX Runtime on the CPU in 32-bit floats: eight-bit
embeddings were slower and turned by 5 % of cosine. Whether there is speech at all Silero's
detector tells, as faster-whisper carries it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import kaldi_native_fbank as knf
import numpy as np
import onnxruntime as ort
from faster_whisper.vad import get_vad_model
from numpy.typing import NDArray

from convarchive.errors import ModelMissing
from convarchive.ingest.sifting import CHUNK
from convarchive.ingest.voices import FRAMES, RATE, WINDOW, Floats

SIZES = (100, 200, 300, 400)
"""Lengths, in frames of 10 ms, that voices are embedded at; shorter ones are repeated up to the next."""

HOP = 160
"""Samples from one filter-bank frame to the next."""
REACH = 400
"""Samples each filter-bank frame is made of."""


class Segmenter:
    """Hears who speaks in windows of ten seconds."""

    def __init__(self, model: Path, threads: int) -> None:
        self._session = _session(model, threads)
        self._input = self._session.get_inputs()[0].name

    def scores(self, windows: Floats) -> Floats:
        """Return class scores of windows [n, WINDOW] samples: float32 [n, FRAMES, 7]."""
        found = self._session.run(None, {self._input: windows[:, None, :]})[0]
        if found.shape[1:] != (FRAMES, 7) or windows.shape[1] != WINDOW:
            raise ModelMissing(
                f"the segmentation model answers in shape {found.shape[1:]}, not ({FRAMES}, 7); "
                "pull it again with: convarchive models pull segmentation-3.0 --again"
            )
        return np.asarray(found, dtype=np.float32)


class SpeechEar:
    """Hears whether anybody speaks, by Silero's voice activity detector."""

    _BLOCK = 60 * RATE // CHUNK * CHUNK
    _BEFORE = RATE // CHUNK * CHUNK

    def __init__(self) -> None:
        self._model = get_vad_model()

    def likelihood(self, count: int, read: Callable[[int, int], Floats]) -> Floats:
        """
        How likely each CHUNK of a recording of `count` samples holds speech: float32 [chunks], 0 to 1.

        `read(start, end)` gives its samples. It is heard a minute at a time, each from a second before.
        """
        found = [np.zeros(0, dtype=np.float32)]
        for start in range(0, count, self._BLOCK):
            first = max(0, start - self._BEFORE)
            sound = read(first, min(count, start + self._BLOCK))
            whole = np.pad(sound, (0, -len(sound) % CHUNK))
            found.append(np.asarray(self._model(whole), dtype=np.float32).ravel()[(start - first) // CHUNK :])
        return np.concatenate(found)


class VoiceEncoder:
    """Describes how voices sound, as unit vectors that lie close together for one voice."""

    def __init__(self, model: Path, threads: int, *, batch: int = 16) -> None:
        self._session = _session(model, threads)
        self._input = self._session.get_inputs()[0].name
        self._batch = batch
        self.dimensions = int(self._session.get_outputs()[0].shape[-1])
        options = knf.FbankOptions()
        options.frame_opts.samp_freq = RATE
        options.frame_opts.dither = 0.0
        options.frame_opts.snip_edges = True
        options.mel_opts.num_bins = 80
        self._options = options

    def features(self, samples: Floats) -> Floats:
        """Filter banks of some sound: float32 [frames, 80], not yet normalised; no row under 25 ms."""
        bank = knf.OnlineFbank(self._options)
        bank.accept_waveform(RATE, samples)
        bank.input_finished()
        count = bank.num_frames_ready
        found = np.empty((count, 80), dtype=np.float32)
        for i in range(count):
            found[i] = bank.get_frame(i)
        return found

    def vectors(self, features: Sequence[Floats]) -> Floats:
        """Return a unit vector for each piece of filter banks [frames, 80]: float32 [n, dimensions], in order."""
        found = np.zeros((len(features), self.dimensions), dtype=np.float32)
        sizes = np.array([next((size for size in SIZES if len(f) <= size), SIZES[-1]) for f in features], dtype=int)
        for size in SIZES:
            places = np.flatnonzero(sizes == size)
            for at in range(0, len(places), self._batch):
                some = places[at : at + self._batch]
                found[some] = self._embedded(np.stack([_fitted(features[i], size) for i in some]))
        return found

    def _embedded(self, batch: Floats) -> Floats:
        raw: NDArray[np.float32] = self._session.run(None, {self._input: batch})[0]
        return np.asarray(raw / np.maximum(np.linalg.norm(raw, axis=1, keepdims=True), 1e-9), dtype=np.float32)


def _fitted(features: Floats, size: int) -> Floats:
    """Repeat short features up to `size` rows (cut longer ones) and subtract their mean."""
    # Repeating leaves the statistics that the model pools over nearly as they are; silence would not.
    whole = np.take(features, np.arange(size) % len(features), axis=0)
    return np.asarray(whole - whole.mean(axis=0), dtype=np.float32)


def _session(model: Path, threads: int) -> ort.InferenceSession:
    if not model.is_file():
        raise ModelMissing(f"{model} is not there; pull it with: convarchive models pull {model.parent.name}")
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # A resting thread that spins would take a core from the transcriber.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return ort.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    except (ort.capi.onnxruntime_pybind11_state.InvalidProtobuf, ort.capi.onnxruntime_pybind11_state.Fail) as exc:
        raise ModelMissing(
            f"{model} is damaged; pull it again with: convarchive models pull {model.parent.name} --again"
        ) from exc
