"""
One vector for each piece of the sentence model's vocabulary, worked out once when the model is converted.

Each piece goes through the network alone, between the marks of beginning and end, and what it
all has in common is taken off. With this table words of a query can be held against words of
passages (late interaction: Khattab and Zaharia 2020, "ColBERT") without running the network:
coarser than with vectors in context, and free.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import nn

_AT_ONCE = 512
BEGIN, END = "[CLS]", "[SEP]"


def write_word_vectors(network: nn.Module, vocabulary: dict[str, int], target: Path) -> None:
    """Write unit vectors as float16 [pieces, 384] to `target` (an .npy file), by the pieces' ids."""
    begin, end, count = vocabulary[BEGIN], vocabulary[END], max(vocabulary.values()) + 1
    bert = network.bert
    rows = []
    with torch.no_grad():
        for start in range(0, count, _AT_ONCE):
            ids = torch.tensor([[begin, piece, end] for piece in range(start, min(count, start + _AT_ONCE))])
            hidden = bert(input_ids=ids, attention_mask=torch.ones_like(ids)).last_hidden_state
            rows.append(hidden[:, 1].numpy())
    every = np.concatenate(rows)
    every -= every.mean(axis=0)
    every /= np.maximum(np.linalg.norm(every, axis=1, keepdims=True), 1e-9)
    np.save(target, every.astype(np.float16), allow_pickle=False)
