"""
Published weights made into ONNX files, once, and compared with the original before they are kept.

Needs torch (the `convert` extra); running the files needs only onnxruntime.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import onnxruntime

from convarchive.errors import BadInput, EngineMissing
from convarchive.models.ports import Converted
from convarchive.models.table import Conversion, Model

if TYPE_CHECKING:
    from torch import Generator, Tensor, nn

OPSET = 17
RECIPE = 1
"""Raised whenever the exported graph changes."""
_NEEDED = ("torch", "onnx", "sentence_transformers", "asteroid_filterbanks")

Example = tuple["Tensor", ...]


@dataclass(frozen=True, slots=True)
class _Plan:
    """What to export: the network, its inputs by name with their free axes, and inputs to compare on."""

    network: nn.Module
    axes: dict[str, dict[int, str]]
    output: str
    examples: tuple[Example, ...]


class OnnxConverter:
    """Makes `model.onnx` for each kind of model of the table."""

    def ready(self) -> None:
        """Raise EngineMissing where a library of the `convert` extra is not installed."""
        missing = [name for name in _NEEDED if importlib.util.find_spec(name) is None]
        if missing:
            raise EngineMissing(
                f"converting a model needs {', '.join(missing)}, not installed here; "
                "install it with: pip install 'convarchive[convert]'"
            )

    def convert(self, model: Model, source: Path, target: Path) -> Converted:
        """Export `model` from `source` into `target`. Raises EngineMissing; BadInput for weights of another shape."""
        self.ready()
        if model.conversion is None:
            raise BadInput(f"{model.name} needs no conversion")
        import torch

        # The models lie here already: nothing may look for them elsewhere.
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        try:
            plan = _plan(model.conversion, source, model.files[0].path)
        except (RuntimeError, KeyError, OSError, ValueError) as exc:
            raise BadInput(f"{model.name}: its weights do not fit the network ({str(exc).splitlines()[0]})") from exc
        file = target / "model.onnx"
        with torch.no_grad(), warnings.catch_warnings():
            # The exporter warns of shapes it fixes; the comparison below is over other shapes.
            warnings.simplefilter("ignore")
            torch.onnx.export(
                plan.network,
                plan.examples[0],
                str(file),
                input_names=[name for name in plan.axes if name != plan.output],
                output_names=[plan.output],
                dynamic_axes=plan.axes,
                opset_version=OPSET,
                dynamo=False,
            )
        if model.conversion == "sentence":
            shutil.copyfile(source / "tokenizer.json", target / "tokenizer.json")
        difference = max(_difference(plan, file, example) for example in plan.examples)
        return Converted(f"recipe {RECIPE}, ONNX opset {OPSET}, torch {torch.__version__}", difference)


def _difference(plan: _Plan, file: Path, example: Example) -> float:
    """The largest difference between the network's answer and the file's."""
    import torch

    session = onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
    names = [name for name in plan.axes if name != plan.output]
    with torch.no_grad():
        original = plan.network(*example).numpy()
    exported = session.run(None, {name: value.numpy() for name, value in zip(names, example, strict=True)})[0]
    return float(np.abs(original - exported).max())


def _plan(kind: Conversion, source: Path, first: str) -> _Plan:
    import torch

    random = torch.Generator().manual_seed(0)
    if kind == "voice":
        from convarchive.models.engines.campplus import load_campplus

        return _Plan(
            load_campplus(source / first),
            {"x": {0: "n", 1: "frames"}, "embedding": {0: "n"}},
            "embedding",
            tuple((torch.randn(n, frames, 80, generator=random),) for n, frames in ((2, 298), (1, 57), (4, 1001))),
        )
    if kind == "segmentation":
        from convarchive.models.engines.segmentation import load_segmentation

        return _Plan(
            load_segmentation(source / first),
            {"x": {0: "n", 2: "samples"}, "y": {0: "n", 1: "frames"}},
            "y",
            tuple((0.1 * torch.randn(n, 1, length, generator=random),) for n, length in ((2, 160_000), (1, 80_000))),
        )
    from convarchive.models.engines.sentence import load_sentence

    return _Plan(
        load_sentence(source),
        {"input_ids": {0: "n", 1: "tokens"}, "attention_mask": {0: "n", 1: "tokens"}, "embedding": {0: "n"}},
        "embedding",
        tuple(_sentences(n, tokens, random) for n, tokens in ((2, 16), (1, 5), (3, 256))),
    )


def _sentences(n: int, tokens: int, random: Generator) -> Example:
    """Made-up sentences of ordinary word ids, the last one padded to half."""
    import torch

    ids = torch.randint(1000, 20_000, (n, tokens), generator=random)
    mask = torch.ones_like(ids)
    mask[-1, (tokens + 1) // 2 :] = 0
    return ids, mask
