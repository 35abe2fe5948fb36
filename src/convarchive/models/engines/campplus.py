"""
The network that turns a stretch of speech into a fingerprint of the voice.

CAM++ as its authors describe it: Wang, Zheng, Chen, Cheng and Chen, "CAM++: A Fast and
Efficient Network for Speaker Verification Using Context-Aware Masking" (2023). A small
two-dimensional front end reads the spectrum, a densely connected time-delay network follows
it, each of whose layers is masked by what is said around it, and mean and deviation over
time give one vector. The attribute names are those of the published weights.
"""

# torch ships no types here: its Module is of any type.
# mypy: allow-subclassing-any

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

BANDS = 80
DIMENSIONS = 192
_SEGMENT = 100
"""Frames that share one local context (a second at the network's frame rate)."""


class _Residual(nn.Module):
    """Two 3x3 convolutions beside a shortcut; `stride` thins the frequencies, never time."""

    def __init__(self, channels: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, stride=(stride, 1), padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.shortcut = nn.Sequential()
        if stride != 1:
            self.shortcut = nn.Sequential(
                nn.Conv2d(channels, channels, 1, stride=(stride, 1), bias=False), nn.BatchNorm2d(channels)
            )

    def forward(self, x: Tensor) -> Tensor:
        y = torch.relu(self.bn1(self.conv1(x)))
        return torch.relu(self.bn2(self.conv2(y)) + self.shortcut(x))


class _FrontEnd(nn.Module):
    """Spectrum [N, 80, T] to features [N, 320, T]."""

    def __init__(self, channels: int = 32) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, channels, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.layer1 = nn.Sequential(_Residual(channels, 2), _Residual(channels, 1))
        self.layer2 = nn.Sequential(_Residual(channels, 2), _Residual(channels, 1))
        self.conv2 = nn.Conv2d(channels, channels, 3, stride=(2, 1), padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)

    def forward(self, x: Tensor) -> Tensor:
        y = torch.relu(self.bn1(self.conv1(x.unsqueeze(1))))
        y = torch.relu(self.bn2(self.conv2(self.layer2(self.layer1(y)))))
        return y.flatten(1, 2)


class _Norm(nn.Module):
    """Batch normalisation, followed by a rectifier unless it is the network's last."""

    def __init__(self, channels: int, last: bool = False) -> None:
        super().__init__()
        self.batchnorm = nn.BatchNorm1d(channels, affine=not last)
        self.last = last

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.batchnorm(x)
        return y if self.last else torch.relu(y)


class _Mask(nn.Module):
    """A convolution whose channels are weighed by the whole's and the neighbourhood's mean."""

    def __init__(self, width: int, growth: int, dilation: int) -> None:
        super().__init__()
        self.linear_local = nn.Conv1d(width, growth, 3, padding=dilation, dilation=dilation, bias=False)
        self.linear1 = nn.Conv1d(width, width // 2, 1)
        self.linear2 = nn.Conv1d(width // 2, growth, 1)

    def forward(self, x: Tensor) -> Tensor:
        near = F.avg_pool1d(x, _SEGMENT, _SEGMENT, ceil_mode=True)
        near = near.unsqueeze(-1).expand(-1, -1, -1, _SEGMENT).flatten(2)[..., : x.shape[-1]]
        context = x.mean(-1, keepdim=True) + near
        mask = torch.sigmoid(self.linear2(torch.relu(self.linear1(context))))
        return torch.mul(self.linear_local(x), mask)


class _DenseLayer(nn.Module):
    """One layer of a dense block: its output is appended to all that came before."""

    def __init__(self, channels: int, growth: int, dilation: int) -> None:
        super().__init__()
        width = 4 * growth
        self.nonlinear1 = _Norm(channels)
        self.linear1 = nn.Conv1d(channels, width, 1, bias=False)
        self.nonlinear2 = _Norm(width)
        self.cam_layer = _Mask(width, growth, dilation)

    def forward(self, x: Tensor) -> Tensor:
        y = self.cam_layer(self.nonlinear2(self.linear1(self.nonlinear1(x))))
        return torch.cat([x, y], dim=1)


class _Unit(nn.Module):
    """A convolution and a normalisation, in the order that `first` says."""

    def __init__(self, inward: int, outward: int, kernel: int = 1, stride: int = 1, *, last: bool = False) -> None:
        super().__init__()
        self.linear = nn.Conv1d(inward, outward, kernel, stride=stride, padding=kernel // 2, bias=False)
        self.nonlinear = _Norm(outward, last=last)

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.nonlinear(self.linear(x))
        return y


class _Transit(nn.Module):
    """Halves the channels between two dense blocks."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.nonlinear = _Norm(channels)
        self.linear = nn.Conv1d(channels, channels // 2, 1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.linear(self.nonlinear(x))
        return y


class CampPlus(nn.Module):
    """Mean-normalised log-mel features [N, T, 80] at 100 frames a second to voice vectors [N, 192]."""

    def __init__(self, growth: int = 32) -> None:
        super().__init__()
        self.head = _FrontEnd()
        self.xvector = nn.Sequential()
        self.xvector.add_module("tdnn", _Unit(4 * BANDS, 128, kernel=5, stride=2))
        channels = 128
        for number, (layers, dilation) in enumerate(((12, 1), (24, 2), (16, 2)), start=1):
            block = nn.Sequential()
            for layer in range(1, layers + 1):
                block.add_module(f"tdnnd{layer}", _DenseLayer(channels, growth, dilation))
                channels += growth
            self.xvector.add_module(f"block{number}", block)
            self.xvector.add_module(f"transit{number}", _Transit(channels))
            channels //= 2
        self.xvector.add_module("out_nonlinear", _Norm(channels))
        self.xvector.add_module("stats", _Statistics())
        self.xvector.add_module("dense", _Unit(2 * channels, DIMENSIONS, last=True))

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.xvector(self.head(x.transpose(1, 2)))
        return y.squeeze(-1)


class _Statistics(nn.Module):
    """Mean and standard deviation over time: [N, C, T] to [N, 2C, 1]."""

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([x.mean(-1, keepdim=True), x.std(-1, keepdim=True, unbiased=True)], dim=1)


def load_campplus(weights: Path) -> CampPlus:
    """The network with the published weights in it, ready to run (not to train)."""
    network = CampPlus()
    network.load_state_dict(torch.load(weights, map_location="cpu", weights_only=True))
    network.eval()
    return network
