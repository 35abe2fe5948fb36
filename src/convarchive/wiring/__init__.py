"""Chooses the engines: the one place that knows which outside tool does what.

Every engine is imported inside the function that builds it, so that a server which only
answers searches never loads torch, CTranslate2 or Whisper.
"""

from __future__ import annotations

from convarchive.wiring.finding import (
    ENCODER,
    Searcher,
    build_index,
    empty_index,
    encoder,
    encoder_of,
    index_anew,
    likener,
    load_index,
    reopen_index,
    searcher,
    words_engine,
)
from convarchive.wiring.hearing import (
    SEGMENTATION,
    VOICEPRINT,
    clip,
    diarizer,
    fetcher,
    grader,
    join,
    measure,
    rename,
    renaming,
    stages,
    tools,
    transcriber,
    voiceprinting,
    whisper_folder,
)
from convarchive.wiring.installed import at_once
from convarchive.wiring.serving import RATE_LIMIT, OpenDoors, doors, loopback, serve
from convarchive.wiring.shelf import pull

__all__ = [
    "ENCODER",
    "RATE_LIMIT",
    "SEGMENTATION",
    "VOICEPRINT",
    "OpenDoors",
    "Searcher",
    "at_once",
    "build_index",
    "clip",
    "diarizer",
    "doors",
    "empty_index",
    "encoder",
    "encoder_of",
    "fetcher",
    "grader",
    "index_anew",
    "join",
    "likener",
    "load_index",
    "loopback",
    "measure",
    "pull",
    "rename",
    "renaming",
    "reopen_index",
    "searcher",
    "serve",
    "stages",
    "tools",
    "transcriber",
    "voiceprinting",
    "whisper_folder",
    "words_engine",
]
