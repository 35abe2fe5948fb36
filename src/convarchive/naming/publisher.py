"""
Reads the names that a publisher's own transcript prints beside the words.

Their words are laid over the voices by time; a name counts for the voice that says most
of its words. Placeholders such as "Speaker 2" or "Host" name nobody.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence

from convarchive.domain.speech import SpeakerLabel, Utterance
from convarchive.domain.transcript import Word

_PLACEHOLDER = re.compile(
    r"(?i)^(?:\W*|(?:speaker|voice|spk|s|host|co-?host|guest|interviewer|interviewee|narrator|announcer|unknown|person|"
    r"male|female|man|woman|participant|moderator|music|break)[\s_\-]*(?:\d+|[a-z])?)$"
)
_FEWEST = 15


def printed_names(
    utterances: Sequence[Utterance], publisher_words: Sequence[Word] | None
) -> Mapping[SpeakerLabel, tuple[str, float]]:
    """
    For each voice the name printed beside most of its words, and that name's share (0 to 1).

    Without `publisher_words` the utterances' own words are read, which carry names when
    the whole transcript was supplied with them.
    """
    counts: dict[SpeakerLabel, Counter[str]] = {}
    voiced = [u for u in utterances if u.label is not None and u.words]
    if publisher_words is None:
        for utterance in voiced:
            if utterance.label is not None:
                names = (word.voice for word in utterance.words)
                counts.setdefault(utterance.label, Counter()).update(name for name in names if name)
    else:
        starts = [u.span.start for u in voiced]
        for word in publisher_words:
            at = bisect_right(starts, word.span.middle) - 1
            if not word.voice or not word.span.duration or at < 0 or word.span.middle not in voiced[at].span:
                continue
            label = voiced[at].label
            if label is not None:
                counts.setdefault(label, Counter())[word.voice] += 1
    found: dict[SpeakerLabel, tuple[str, float]] = {}
    for label, counted in counts.items():
        if counted.total() >= _FEWEST:
            name, most = counted.most_common(1)[0]
            if not _PLACEHOLDER.match(name.strip()):
                found[label] = (name.strip(), most / counted.total())
    return found
