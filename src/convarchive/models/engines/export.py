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
RECIPE = 4
"""Raised whenever what is written changes."""
_NEEDED = ("torch", "onnx", "sentence_transformers", "asteroid_filterbanks")

Example = tuple["Tensor", ...]


@dataclass(frozen=True, slots=True)
class _Plan:
    """What to export, as which file: the network, its inputs by name with their free axes, and inputs to compare on."""

    file: str
    network: nn.Module
    axes: dict[str, dict[int, str]]
    output: str
    examples: tuple[Example, ...]


class OnnxConverter:
    """Makes `model.onnx` for each kind of model of the table."""

    @property
    def recipe(self) -> str:
        """Raised with every change of what is exported."""
        return f"recipe {RECIPE}"

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
            plans = _plans(model.conversion, source, model.files[0].path)
        except (RuntimeError, KeyError, OSError, ValueError) as exc:
            raise BadInput(f"{model.name}: its weights do not fit the network ({str(exc).splitlines()[0]})") from exc
        for plan in plans:
            _export(plan, target)
        if model.conversion == "sentence":
            shutil.copyfile(source / "tokenizer.json", target / "tokenizer.json")
            _write_words(plans[0].network, target)
        difference = max(_difference(plan, target, example) for plan in plans for example in plan.examples)
        return Converted(f"{self.recipe}, ONNX opset {OPSET}, torch {torch.__version__}", difference)


def _write_words(network: nn.Module, target: Path) -> None:
    from tokenizers import Tokenizer

    from convarchive.models.engines.word_vectors import write_word_vectors

    vocabulary = Tokenizer.from_file(str(target / "tokenizer.json")).get_vocab()
    write_word_vectors(network, vocabulary, target / "words.npy")


def _export(plan: _Plan, target: Path) -> None:
    import torch

    with torch.no_grad(), warnings.catch_warnings():
        # The exporter warns of shapes it fixes; the comparison is over other shapes.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            plan.network,
            plan.examples[0],
            str(target / plan.file),
            input_names=[name for name in plan.axes if name != plan.output],
            output_names=[plan.output],
            dynamic_axes=plan.axes,
            opset_version=OPSET,
            dynamo=False,
        )


def _difference(plan: _Plan, target: Path, example: Example) -> float:
    """The largest difference between the network's answer and the file's."""
    import torch

    session = onnxruntime.InferenceSession(str(target / plan.file), providers=["CPUExecutionProvider"])
    names = [name for name in plan.axes if name != plan.output]
    with torch.no_grad():
        original = plan.network(*example).numpy()
    exported = session.run(None, {name: value.numpy() for name, value in zip(names, example, strict=True)})[0]
    return float(np.abs(original - exported).max())


def _plans(kind: Conversion, source: Path, first: str) -> tuple[_Plan, ...]:
    import torch

    random = torch.Generator().manual_seed(0)
    if kind == "voice":
        from convarchive.models.engines.campplus import load_campplus

        inputs = tuple((torch.randn(n, frames, 80, generator=random),) for n, frames in ((2, 298), (1, 57), (4, 1001)))
        axes = {"x": {0: "n", 1: "frames"}, "embedding": {0: "n"}}
        return (_Plan("model.onnx", load_campplus(source / first), axes, "embedding", inputs),)
    if kind == "segmentation":
        from convarchive.models.engines.segmentation import load_segmentation

        sizes = ((2, 160_000), (1, 80_000))
        sounds = tuple((0.1 * torch.randn(n, 1, length, generator=random),) for n, length in sizes)
        axes = {"x": {0: "n", 2: "samples"}, "y": {0: "n", 1: "frames"}}
        return (_Plan("model.onnx", load_segmentation(source / first), axes, "y", sounds),)
    from convarchive.models.engines.sentence import load_sentence
    from convarchive.models.engines.standalone import load_standalone

    texts = tuple(_sentences(n, tokens, random) for n, tokens in ((2, 16), (1, 5), (3, 256)))
    axes = {"input_ids": {0: "n", 1: "tokens"}, "attention_mask": {0: "n", 1: "tokens"}}
    return (
        _Plan("model.onnx", load_sentence(source), {**axes, "embedding": {0: "n"}}, "embedding", texts),
        _Plan("standalone.onnx", load_standalone(source), {**axes, "likelihood": {0: "n"}}, "likelihood", texts),
    )


def _sentences(n: int, tokens: int, random: Generator) -> Example:
    """Made-up sentences of ordinary word ids, the last one padded to half."""
    import torch

    ids = torch.randint(1000, 20_000, (n, tokens), generator=random)
    mask = torch.ones_like(ids)
    mask[-1, (tokens + 1) // 2 :] = 0
    return ids, mask
