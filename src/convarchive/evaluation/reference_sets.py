"""Says of each known set of references what it is, who made it and under which licence: people, never this archive."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Material = Literal["recordings", "typed transcripts"]
"""What a figure was measured on. Figures of different material are never added up."""


@dataclass(frozen=True, slots=True)
class ReferenceSet:
    """A kind of references; recordings whose names begin with one of `prefixes` belong to it."""

    kind: str
    material: Material
    what: str
    maker: str
    licence: str
    prefixes: tuple[str, ...] = ()


SPEECH = (
    ReferenceSet(
        "read conversations",
        "recordings",
        "utterances of LibriSpeech test-other, real voices reading books aloud, set in turns with short gaps, "
        "without overlap",
        "words: the books' printed text, aligned by LibriSpeech's makers; voices: who read each utterance. "
        "Read speech is easier than talk",
        "CC BY 4.0",
        ("libri",),
    ),
    ReferenceSet(
        "telephone-like conversation",
        "recordings",
        "half a minute of real conversation with overlap, as published beside pyannote",
        "words and voices: the annotators of that sample",
        "MIT repository",
        ("pyannote",),
    ),
    ReferenceSet(
        "telephone call",
        "recordings",
        "a real call between two people",
        "voices: the annotators of the repository that published it; no words",
        "Apache-2.0 repository",
        ("call",),
    ),
    ReferenceSet(
        "meetings",
        "recordings",
        "snippets of half a minute from the AMI meetings, with real overlap",
        "voices: the annotators of the AMI corpus; no words",
        "CC BY 4.0",
        ("ami",),
    ),
)
OTHER = ReferenceSet(
    "other recordings", "recordings", "recordings of the folder that no known set describes",
    "whoever made that folder's references", "as the folder says",
)  # fmt: skip
TALK = ReferenceSet(
    "podcast transcripts",
    "typed transcripts",
    "transcripts of The Changelog's shows with the true speaker of every turn; labels and most spellings are perfect, "
    "so figures of sound come out lower",
    "the shows' own transcribers, who typed them; whom each condition lists beforehand was taken from their names",
    "CC BY-SA 4.0",
)


def set_of(recording: str) -> ReferenceSet:
    """The set that a recording's name says it is from."""
    return next((one for one in SPEECH if recording.startswith(one.prefixes)), OTHER)


def described(sets: Iterable[ReferenceSet]) -> list[dict[str, object]]:
    """Each set once, as a record."""
    return [
        {"kind": one.kind, "material": one.material, "what": one.what, "made_by": one.maker, "licence": one.licence}
        for one in dict.fromkeys(sets)
    ]
