"""
How far a sentence needs the one before it to be understood.

Rules over the word lists of `cues` and the guesses of `grammar`, not a parser. Each rule
answers with words that say why, so that a doubt about a quote can be read by a person.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from convarchive.ingest import cues
from convarchive.ingest.grammar import Kind, kinds
from convarchive.ingest.sentences import bare

Lean = Literal["stands", "softly", "firmly"]
"""How much a sentence needs the one before: not at all, for a detail, or to mean anything."""

EARLY = 7
"""A pronoun among this many first words is what the sentence is about."""
ENDS = (",", ".", "...", "!", ";", ":", "…", "-")


@dataclass(frozen=True, slots=True)
class Clause:
    """A sentence without its openers: words as written, bare, and what each seems to be."""

    core: tuple[str, ...]
    tokens: tuple[str, ...]
    kinds: tuple[Kind, ...]

    @classmethod
    def of(cls, core: Sequence[str]) -> Clause:
        tokens = words_of(core)
        return cls(tuple(core), tuple(tokens), kinds(core, tokens))

    def after(self, n: int) -> str:
        return self.tokens[n + 1] if n + 1 < len(self.tokens) else ""

    def prior(self, n: int) -> str:
        return self.tokens[n - 1] if n else ""

    def kind(self, n: int) -> Kind | None:
        return self.kinds[n] if 0 <= n < len(self.kinds) else None

    def names(self, k: int) -> bool:
        """Whether the word at `k` may be what a later `it` or `they` means."""
        token = self.tokens[k]
        if token in cues.WHATEVER or (k == 0 and self.kinds[k] == "gerund"):
            return True
        return self.kinds[k] == "noun" and token not in cues.NOT_NOUNS and len(token) > 2

    def named(self, end: int) -> int:
        """How many words before `end` name something."""
        return sum(self.names(k) for k in range(end))


def leaning(core: Sequence[str]) -> tuple[Lean, str]:
    """
    Judge a sentence's words as written, openers already gone.

    Returns how it leans and, unless it stands, why.
    """
    clause = Clause.of(core)
    tokens = clause.tokens
    padded = " ".join(token for token in tokens if token) + " "
    if tokens[0] in cues.CONNECTIVES:
        return "firmly", f"goes on with “{core[0]}”"
    phrase = next((p for p in cues.CONNECTING_PHRASES if padded.startswith(p + " ")), None)
    if phrase == "but":
        rest = leaning(core[1:]) if len(tokens) > 5 else ("firmly", "answers with “but”")
        return ("softly", "answers something with “but”") if rest[0] == "stands" else ("firmly", rest[1])
    if phrase is not None:
        return "firmly", f"goes on with “{phrase}”"
    if core[0].startswith(("“", '"')):
        return "firmly", "begins with somebody's words"
    if _elliptic(clause):
        return "firmly", "is no whole sentence"
    return _referring(clause, padded)


def _referring(clause: Clause, padded: str) -> tuple[Lean, str]:
    """Whether any of its words means something said before."""
    softly = ""
    for n in range(len(clause.tokens)):
        why = _points_back(clause, n)
        if why and n < EARLY:
            return "firmly", why
        softly = softly or why
    if softly:
        return "softly", softly
    if len(clause.tokens) < 12 and clause.tokens[-1] in cues.LAST_WORDS:
        return "softly", f"goes on with “{clause.tokens[-1]}”"
    if topic := cues.TOPIC.match(padded):
        return "softly", f"“{topic[0].strip()}” was said before"
    return ("softly", "acts a scene out") if cues.ACTED.search(padded) else ("stands", "")


def _elliptic(clause: Clause) -> bool:
    """Whether subject or verb are missing, or a clause hangs on a main clause that is not there."""
    start = next((n for n, t in enumerate(clause.tokens[:2]) if t not in cues.HEDGES), 0)
    plain, sorts = clause.tokens[start:], clause.kinds[start:]
    first = plain[0]
    verbs = [
        n
        for n, t in enumerate(plain)
        if sorts[n] in ("verb", "auxiliary") or t in cues.VERBS or (t.endswith("'s") and n < len(plain) - 1)
    ]
    subjects = sum(_stem(t) in cues.SUBJECTS for t in plain)
    if not verbs or first in cues.HEADLESS:
        return True
    if first in cues.SUBORDINATORS:
        return len(verbs) < 2 or len(plain) < 6
    if first in cues.LEADING_PREPOSITIONS:
        return not subjects and len(verbs) < 2
    if first in {"how", "what", "why", "who"}:
        return not any(t in {"is", "was", "are", "i", "we"} for t in plain[3:])
    if first.endswith("ing") and not first.endswith("thing"):
        return not any(t in cues.AUXILIARIES or t in cues.VERBS for t in plain[1:])
    hung = next((n for n, t in enumerate(plain) if n and t in cues.HANGERS), 0)
    if hung and not any(n < hung for n in verbs) and not any(_stem(t) in cues.SUBJECTS for t in plain[:hung]):
        return plain[hung] in cues.HANGERS - {"who", "which", "where", "that"} or len(verbs) < 2
    # "It does." "I do." "They can."
    return len(plain) <= 4 and plain[-1] in cues.AUXILIARIES


def _stem(token: str) -> str:
    """A word without the verb run onto it: `they're` is `they`."""
    return next((token[: -len(c)] for c in cues.CONTRACTIONS if token.endswith(c)), token)


def _points_back(clause: Clause, n: int) -> str:
    """Why the word at `n` needs something said before this sentence; empty if it does not."""
    tokens = clause.tokens
    token, before = tokens[n], tokens[:n]
    stem, word = _stem(token), clause.core[n]
    if stem in cues.THINGS:
        idle = cues.EXPLETIVE.match(" ".join(tokens[n : n + 12]) + " ") or _idiom(tokens, n)
        things = sum(clause.names(k) and tokens[k] not in cues.PERSONAL for k in range(n))
        return "" if idle or things else f"“{word}” has nothing to refer to"
    if stem in cues.MANY:
        several = any(t in cues.PEOPLE or _plural(t) for t in before) or "and" in before[1:-1]
        bound = clause.prior(n) in cues.BINDING or clause.kind(n - 1) == "noun"
        meant = any(t in cues.PEOPLE for t in before) if bound else several and (clause.named(n) or "people" in before)
        return "" if meant else f"“{word}” has nobody to refer to"
    if stem in cues.PERSONS:
        called = any(clause.core[k][:1].isupper() and tokens[k] not in cues.FUNCTION for k in range(1, n))
        return "" if called or any(t in cues.PEOPLE for t in before) else f"“{word}” has nobody to refer to"
    if stem in cues.POINTING:
        return _pointing(clause, n, stem)
    if token in {"one", "ones"} and n and before[-1] in cues.BEFORE_ONE:
        return "" if n > 4 and clause.named(n) else f"“{word}” stands for something said before"
    away = token == "there" and not _exists(tokens, n)
    if away or (token == "here" and 0 < n < EARLY and n + 1 == len(tokens)):
        return f"“{word}” points at a place"
    return "“such” points back" if stem == "such" and n < 3 and clause.after(n) != "a" else ""


def _exists(tokens: Sequence[str], n: int) -> bool:
    """Whether `there` only says that something exists, or is said where it is ("out there", "in the office there")."""
    after = tokens[n + 1] if n + 1 < len(tokens) else ""
    before = tokens[n - 1] if n else ""
    if not after:
        return before in {"out", "been"}
    return after in cues.AUXILIARIES or after in cues.AFTER_THERE or before in cues.BEFORE_THERE or "in" in tokens[:n]


def _idiom(tokens: Sequence[str], n: int) -> bool:
    """`it` that means nothing: "make it easy to", "when it comes to"."""
    around = " ".join(tokens[max(0, n - 1) : n + 3]) + " "
    return around.startswith(cues.IDLE_IT)


def _plural(token: str) -> bool:
    ends = token.endswith("s") and not token.endswith(("ss", "us", "is", "'s"))
    return len(token) > 3 and ends and token not in cues.FUNCTION


def _pointing(clause: Clause, n: int, stem: str) -> str:
    """The same for this, that, these and those."""
    tokens, after, prior = clause.tokens, clause.after(n), clause.prior(n)
    why = f"“{clause.core[n]}” points at something said before"
    ran_on, ends = tokens[n] != stem, clause.core[n].endswith(ENDS)
    if after in cues.MOMENTS or after in {"who", "whose"} or (stem == "those" and after in {"of", "that"}):
        return ""
    plain = after not in cues.FUNCTION and after not in cues.NOT_NOUNS and clause.kind(n + 1) == "noun"
    beside = bool(after) and plain and not ran_on and not ends
    # "those values of …", "this idea that …": what is meant follows.
    if beside and after not in cues.VAGUE and any(t in cues.FOLLOWED_BY for t in tokens[n + 2 : n + 4]):
        return ""
    if stem == "this" and beside and prior in {"there's", "have", "had", "has", "got", "was", "is", "with", "like"}:
        return ""
    if stem == "that" and not _demonstrative(clause, n):
        return ""
    named = clause.named(n)
    if beside:
        return "" if after in tokens[:n] or (n > EARLY and named >= 3 and after not in cues.VAGUE) else why
    if (not after or (ends and prior in cues.BEFORE_THAT | cues.VERBS)) and named < 4:
        return why
    # A clause earlier in the same sentence is often what a later "that's" takes up.
    paused = any(text.endswith((",", ";", "-")) for text in clause.core[2:n])
    going_on = n >= 5 and (paused or prior in {"and", "but", "so", "because", "if"})
    return "" if going_on and named >= 2 else why


def _demonstrative(clause: Clause, n: int) -> bool:
    """Whether `that` points, rather than opening a clause ("I think that …", "things that …")."""
    after, prior = clause.after(n), clause.prior(n)
    if n == 0 or not after or clause.core[n].endswith(ENDS):
        return True
    doing = clause.kind(n + 1) in ("verb", "auxiliary")
    if prior in cues.CLAUSE_OPENERS:
        return clause.tokens[n] != "that" or doing
    if clause.kind(n - 1) == "verb" and clause.kind(n + 1) == "preposition":
        return True
    return clause.core[n - 1].endswith((",", "-", "...", ";")) or prior in cues.BEFORE_THAT


def words_of(texts: Sequence[str]) -> list[str]:
    """Words as compared with the lists: lower case, without punctuation."""
    return [bare(text) for text in texts]
