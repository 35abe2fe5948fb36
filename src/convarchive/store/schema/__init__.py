"""
The catalogue's tables.

What is written here once is dear to change: every change is a new file in
`migrations/versions`. Times inside recordings are integer milliseconds; instants are
ISO 8601 in UTC; digests are lower-case hex SHA-256.
"""

from convarchive.store.schema.access import access_key
from convarchive.store.schema.archive import counter, desk_file, fact, failure, run
from convarchive.store.schema.base import metadata
from convarchive.store.schema.quotes import (
    clearing,
    document,
    excerpt,
    hold,
    quote,
    redirect,
    review,
    selector,
    source,
    version,
)
from convarchive.store.schema.recordings import (
    episode,
    episode_person,
    episode_recording,
    feed,
    recording,
    transcript_link,
)
from convarchive.store.schema.search import ledger_copy, passage, stirred, theme, theme_score, vector
from convarchive.store.schema.speech import (
    attribution,
    credit,
    evidence,
    question,
    speaker,
    transcript,
    turn,
    utterance,
    voice_decision,
)
from convarchive.store.schema.voiceprints import voice_consent, voiceprint

__all__ = [
    "access_key",
    "attribution",
    "clearing",
    "counter",
    "credit",
    "desk_file",
    "document",
    "episode",
    "episode_person",
    "episode_recording",
    "evidence",
    "excerpt",
    "fact",
    "failure",
    "feed",
    "hold",
    "ledger_copy",
    "metadata",
    "passage",
    "question",
    "quote",
    "recording",
    "redirect",
    "review",
    "run",
    "selector",
    "source",
    "speaker",
    "stirred",
    "theme",
    "theme_score",
    "transcript",
    "transcript_link",
    "turn",
    "utterance",
    "vector",
    "version",
    "voice_consent",
    "voice_decision",
    "voiceprint",
]
