"""What was done to an episode, by what, from what."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Literal, get_args

from convarchive.domain.episode import EpisodeId

Stage = Literal["fetch", "transcribe", "diarize", "utter", "name", "quote"]
"""One step of an episode's way from a feed to quotes."""

STAGES: tuple[Stage, ...] = get_args(Stage)
"""The stages of an episode in the order they are done; each needs those before it."""


@dataclass(frozen=True, slots=True)
class Run:
    """
    A stage done to an episode. `input_digest` covers everything the stage read;
    the run is stale as soon as either that or `fingerprint` would now differ, which names
    the tool with its version and weights.
    """

    episode: EpisodeId
    stage: Stage
    input_digest: str
    fingerprint: str
    seconds: float
    finished_at: str
    note: str = ""


def digest(*parts: object) -> str:
    """SHA-256, in hex, of any plain values in a canonical writing: what a stage's inputs hash to."""
    return hashlib.sha256(
        json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str).encode()
    ).hexdigest()
