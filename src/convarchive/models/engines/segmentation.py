"""
The network that hears, in ten seconds of sound, who of up to three voices speaks when.

pyannote segmentation 3.0 as its authors describe it: Bredin and Laurent, "End-to-end speaker
segmentation for overlap-aware resegmentation" (2021), with the powerset output of Plaquet and
Bredin, "Powerset multi-class cross entropy loss for neural speaker diarization" (2023):
learnt band-pass filters (SincNet), four two-way LSTM layers, two linear ones, and seven
classes: nobody; voice 1, 2, 3; voices 1+2, 1+3, 2+3. The attribute names are those of the
published weights.
"""

# torch ships no types here: its Module is of any type.
# mypy: allow-subclassing-any

from __future__ import annotations

from pathlib import Path

import torch
from asteroid_filterbanks import Encoder, ParamSincFB
from torch import Tensor, nn
from torch.nn import functional as F

SAMPLE_RATE = 16_000
CLASSES = 7


class _SincNet(nn.Module):
    """Sound [N, 1, samples] to features [N, 60, frames], one frame every 270 samples."""

    def __init__(self) -> None:
        super().__init__()
        self.wav_norm1d = nn.InstanceNorm1d(1, affine=True)
        filters = ParamSincFB(80, 251, stride=10, sample_rate=SAMPLE_RATE, min_low_hz=50, min_band_hz=50)
        self.conv1d = nn.ModuleList([Encoder(filters), nn.Conv1d(80, 60, 5), nn.Conv1d(60, 60, 5)])
        self.norm1d = nn.ModuleList([nn.InstanceNorm1d(channels, affine=True) for channels in (80, 60, 60)])

    def forward(self, x: Tensor) -> Tensor:
        x = self.wav_norm1d(x)
        for number, (convolve, normalise) in enumerate(zip(self.conv1d, self.norm1d, strict=True)):
            x = convolve(x)
            # The learnt filters' outputs swing around zero: only their strength matters.
            x = x.abs() if number == 0 else x
            x = F.leaky_relu(normalise(F.max_pool1d(x, 3, 3)))
        return x


class SegmentationNetwork(nn.Module):
    """Sound [N, 1, samples] at 16 kHz to log-probabilities [N, frames, 7]; 10 s give 589 frames."""

    def __init__(self) -> None:
        super().__init__()
        self.sincnet = _SincNet()
        self.lstm = nn.LSTM(60, 128, num_layers=4, bidirectional=True, batch_first=True)
        self.linear = nn.ModuleList([nn.Linear(256, 128), nn.Linear(128, 128)])
        self.classifier = nn.Linear(128, CLASSES)

    def forward(self, x: Tensor) -> Tensor:
        y, _ = self.lstm(self.sincnet(x).transpose(1, 2))
        for linear in self.linear:
            y = F.leaky_relu(linear(y))
        return F.log_softmax(self.classifier(y), dim=-1)


def load_segmentation(weights: Path) -> SegmentationNetwork:
    """The network with the published weights (a file holding their `state_dict`) in it, ready to run."""
    network = SegmentationNetwork()
    network.load_state_dict(torch.load(weights, map_location="cpu", weights_only=True)["state_dict"])
    network.eval()
    return network
