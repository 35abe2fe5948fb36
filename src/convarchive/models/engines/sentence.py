"""
The network that turns a sentence into a vector, with its last two steps built in.

all-MiniLM-L6-v2 is a six-layer BERT; a sentence's vector is the mean over its real tokens,
brought to length one. Both steps stand inside the exported graph, so that whoever serves a
search needs neither torch nor the library that trained the model.
"""

# torch ships no types here: its Module is of any type.
# mypy: allow-subclassing-any

from __future__ import annotations

from pathlib import Path

import torch
from sentence_transformers import SentenceTransformer
from torch import Tensor, nn

DIMENSIONS = 384


class SentenceNetwork(nn.Module):
    """Token ids and mask [N, T] to unit vectors [N, 384]; every token belongs to the one sentence."""

    def __init__(self, bert: nn.Module) -> None:
        super().__init__()
        self.bert = bert

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        tokens = self.bert(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        weight = attention_mask.unsqueeze(-1).to(tokens.dtype)
        mean = (tokens * weight).sum(1) / weight.sum(1).clamp(min=1e-9)
        return torch.nn.functional.normalize(mean, dim=1)


def load_sentence(folder: Path) -> SentenceNetwork:
    """The network from a sentence-transformers model folder, ready to run."""
    library = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    bert = library[0].auto_model
    # The plain attention exports to operators that every ONNX runtime has.
    bert.set_attn_implementation("eager")
    network = SentenceNetwork(bert)
    network.eval()
    return network
