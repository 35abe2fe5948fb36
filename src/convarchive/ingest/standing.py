"""Whether a sentence can be understood by somebody who did not hear the one before it, and says anything at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from convarchive.ingest import cues
from convarchive.ingest.leaning import ENDS, Lean, leaning, words_of
from convarchive.ingest.sentences import BROKEN, backchannel, bare


@dataclass(frozen=True, slots=True)
class Standing:
    """
    A judgement of one sentence.

    `skip` and `tail` count words at its start ("Yeah, so") and end (", right?") that a
    quote may leave out; `worth` is empty, or says why the sentence is never part of a
    quote; `lean` and `why` say how it depends on the sentence before; `defining` marks
    a definition of the topic under discussion ("It's having a society where …").
    """

    skip: int
    tail: int
    worth: str
    lean: Lean
    why: str
    defining: bool = False


def judge(words: Sequence[str], language: str = "en") -> Standing:
    """Judge a sentence by its words as written. Only English has lists; elsewhere every statement stands."""
    if not language.startswith("en"):
        return Standing(0, 0, "a question" if words[-1].rstrip("\"'”’»)").endswith("?") else "", "stands", "")
    tail = min(_tail(words), len(words) - 1)
    kept = words[: len(words) - tail]
    skip = _openers(kept)
    core = kept[skip:]
    tokens = words_of(core)
    text = " ".join(token for token in tokens if token)
    worth = _worthless(_lower(words), text, core, tail)
    lean, why = leaning(core) if text else ("firmly", "is no whole sentence")
    return Standing(skip, tail, worth, lean, why, bool(cues.DEFINING.match(text + " ")))


def advert(words: Sequence[str], language: str = "en") -> bool:
    """Whether the sentence belongs to an advert or a sponsor's message."""
    return language.startswith("en") and bool(cues.ADVERT.search(_lower(words)))


def complete_in_few(words: Sequence[str]) -> bool:
    """Whether a sentence of under eight words is a saying of its own ("Leadership is about purpose and intention")."""
    tokens = words_of(words)
    head = next((token for token in tokens if token not in cues.ARTICLES), "")
    opens = head not in cues.FUNCTION and head not in cues.VERBS and not head.endswith(("ed", "ly", "ing"))
    said = next((n for n, token in enumerate(tokens) if token in cues.SAYING), 0)
    whole = said > 0 and tokens[0] != "the" and not any(word.endswith(",") for word in words[:said])
    return len(tokens) >= 5 and naming(words) >= 3 and opens and whole


def naming(words: Sequence[str]) -> int:
    """How many of the words name a thing, a person, a deed or a quality."""
    empty = cues.FUNCTION | cues.LIGHT | cues.NOT_NOUNS
    return sum(1 for token in words_of(words) if token and token not in empty and not token.endswith("ly"))


def _lower(words: Sequence[str]) -> str:
    return " ".join(words).replace("’", "'").casefold()


def _tail(words: Sequence[str]) -> int:
    """Words at the end that are a tag or trail off ("…, right?", "…, so...")."""
    raw = _lower(words)
    if not words[-1].rstrip("\"'”’").endswith(("...", "…")):
        tag = cues.TAGS.search(raw)
        return len(raw[tag.start() + 1 :].split()) if tag else 0
    count = 0
    while count < min(3, len(words)) and bare(words[len(words) - 1 - count]) in cues.TRAILING:
        count += 1
    # Only where something was said to its end before the voice trailed off.
    return count if count < len(words) and words[len(words) - 1 - count].endswith(ENDS) else 0


def _openers(words: Sequence[str]) -> int:
    """How many words at the start only set speech going."""
    n = 0
    while n < len(words) - 3:
        rest = " ".join(words_of(words[n : n + 5])) + " "
        phrase = next((p for p in cues.OPENING_PHRASES if rest.startswith(p + " ")), "")
        length = len(phrase.split())
        if phrase and words[n + length - 1].endswith(ENDS):
            n += length
        elif not bare(words[n]) or (bare(words[n]) in cues.OPENERS and _only_opens(words, n)):
            n += 1
        else:
            break
    return n


def _only_opens(words: Sequence[str], n: int) -> bool:
    """`so`, `and`, `well` open without a comma; `right`, `no`, `like`, `look` only with one."""
    first, second = bare(words[n]), bare(words[n + 1])
    if first in {"so", "well"} and second in {"much", "many", "that", "far", "do", "does"}:
        return False
    return first in cues.FREE_OPENERS or words[n].endswith(ENDS)


def _phrase(raw: str) -> str:
    """A sentence's words alone."""
    return " ".join(words_of(raw.split()))


def _restarts(core: Sequence[str]) -> bool:
    """Whether the voice begins, breaks off and begins anew: at once, or twice."""
    breaks = [
        n
        for n, text in enumerate(core[:-1])
        if text.endswith("--") or (text.endswith(("...", "…")) and bare(text) in cues.DANGLING)
    ]
    return len(breaks) > 1 or (bool(breaks) and breaks[0] < 8)


def _worthless(raw: str, text: str, core: Sequence[str], tail: int) -> str:
    """Why a sentence (lower case, whole and without openers; as written) is never quoted; empty if it may be."""
    if raw.rstrip("\"'”’)").endswith("?") and not cues.TAGS.search(raw):
        return "a question"
    if backchannel(raw.split()) or _phrase(raw) in cues.OPENING_PHRASES:
        return "back-channel"
    if not text or cues.GREETING.match(text) or cues.PLEASANTRY.search(raw):
        return "a greeting or thanks"
    if text.startswith(("let's ", "let us ")) or cues.HOUSEKEEPING.search(raw) or cues.ADDRESS.search(raw):
        return "housekeeping"
    if cues.PARTNER.search(text):
        return "said to the other voice"
    if raw.count('"') % 2:
        return "part of a longer quotation"
    if cues.SCENE.search(raw):
        return "acts a scene out"
    if cues.UNHEARD.search(raw):
        return "not all of it was heard"
    if (not tail and BROKEN.search(core[-1])) or bare(core[-1]) in cues.DANGLING or core[-1].endswith(","):
        return "broken off"
    if _restarts(core):
        return "begun more than once"
    return ""
