"""
The network that says how likely some sentences are to be understood by somebody who sees nothing else.

It is all-MiniLM-L6-v2 with low-rank adapters (Hu et al. 2021, "LoRA") beside its linear layers
and one linear layer on top, fitted to sentences of real talk that were graded by reading them
alone (`scripts/fit-standalone`). Only the adapters are kept in this package; they are added
into the published weights before the network is exported.
"""

# torch ships no types here: its Module is of any type.
# mypy: allow-subclassing-any

from __future__ import annotations

from importlib.resources import as_file, files
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from convarchive.models.engines.sentence import DIMENSIONS, load_sentence

RANK = 8
SCALE = 2.0
"""What an adapter's product is multiplied by."""
ADAPTERS = "standalone.safetensors"
PLACES = ("attention.self.query", "attention.self.value", "intermediate.dense", "output.dense")
"""The linear layers of each of the six layers that have an adapter."""


class StandaloneNetwork(nn.Module):
    """Token ids and mask [N, T] to likelihoods [N], 0 to 1: how likely a text can be understood alone."""

    def __init__(self, bert: nn.Module) -> None:
        super().__init__()
        self.bert = bert
        self.head = nn.Linear(2 * DIMENSIONS, 1)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        tokens = self.bert(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        weight = attention_mask.unsqueeze(-1).to(tokens.dtype)
        mean = (tokens * weight).sum(1) / weight.sum(1).clamp(min=1e-9)
        return torch.sigmoid(self.head(torch.cat([mean, tokens[:, 0]], 1)).squeeze(-1))


class Adapted(nn.Module):
    """A linear layer with an adapter beside it: x ↦ Wx + b + SCALE · up(down(x)). `up` starts at zero."""

    def __init__(self, linear: nn.Linear, rank: int = RANK) -> None:
        super().__init__()
        self.linear = linear
        self.down = nn.Parameter(0.02 * torch.randn(rank, linear.in_features))
        self.up = nn.Parameter(torch.zeros(linear.out_features, rank))

    def forward(self, x: Tensor) -> Tensor:
        return self.linear(x) + SCALE * (x @ self.down.T) @ self.up.T

    def merged(self) -> nn.Linear:
        """The plain layer that does the same."""
        self.linear.weight.data += SCALE * self.up.data @ self.down.data
        return self.linear


def adapters(network: StandaloneNetwork) -> dict[str, Adapted]:
    """Every adapter by its place ("0.attention.self.query")."""
    return {
        f"{n}.{place}": layer
        for n, block in enumerate(network.bert.encoder.layer)
        for place in PLACES
        if isinstance(layer := block.get_submodule(place), Adapted)
    }


def adapt(network: StandaloneNetwork) -> None:
    """Put a fresh adapter beside every place; nothing else can learn after this, save the head."""
    for parameter in network.bert.parameters():
        parameter.requires_grad = False
    for block in network.bert.encoder.layer:
        for place in PLACES:
            _replace(block, place, Adapted(block.get_submodule(place)))


def learned(network: StandaloneNetwork) -> dict[str, Tensor]:
    """What fitting found, in half precision: the adapters and the head."""
    pairs = [(place, side, one) for place, one in adapters(network).items() for side in ("down", "up")]
    found = {f"{place}.{side}": getattr(one, side) for place, side, one in pairs}
    found |= {"head.weight": network.head.weight, "head.bias": network.head.bias}
    return {name: value.detach().half().contiguous() for name, value in found.items()}


def kept() -> dict[str, Tensor]:
    """What fitting found, as this package keeps it."""
    with as_file(files("convarchive.models.engines").joinpath(ADAPTERS)) as path:
        return {name: value.float() for name, value in load_file(path).items()}


def recall(network: StandaloneNetwork, found: dict[str, Tensor]) -> None:
    """Put what fitting found into a network's adapters and head."""
    for place, one in adapters(network).items():
        one.down.data, one.up.data = found[f"{place}.down"], found[f"{place}.up"]
    network.head.weight.data, network.head.bias.data = found["head.weight"], found["head.bias"]


def load_standalone(folder: Path) -> StandaloneNetwork:
    """The network from all-MiniLM-L6-v2's folder and this package's adapters, merged, ready to run."""
    network = StandaloneNetwork(load_sentence(folder).bert)
    adapt(network)
    recall(network, kept())
    for block in network.bert.encoder.layer:
        for place in PLACES:
            _replace(block, place, block.get_submodule(place).merged())
    network.eval()
    return network


def _replace(block: nn.Module, place: str, layer: nn.Module) -> None:
    parent, _, name = place.rpartition(".")
    setattr(block.get_submodule(parent), name, layer)
