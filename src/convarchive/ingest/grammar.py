"""
Guesses which words of an English sentence name things and which of them are its verbs.

Word lists, endings and the word before: a rough guess, made fast and without a model, that
is good enough to ask whether a sentence has a verb and whether "it" can mean anything in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from convarchive.ingest import cues

Kind = Literal["noun", "verb", "auxiliary", "pronoun", "determiner", "preposition", "gerund", "quality", "other"]

DETERMINERS = frozenset(
    "a an the this that these those my your our his her its their every each some any no another both many few several "
    "most all more one two three four five six seven eight nine ten hundred thousand million which whose what other "
    "such enough less lots".split()
)
PREPOSITIONS = frozenset(
    "of in on at by for with from into onto about over under between through across against within without around "
    "behind beside besides among amongst toward towards per via as like than during before after upon beyond inside "
    "outside off out up down near along until".split()
)
PRONOUNS = frozenset("i you we they he she it who me us him them people everyone everybody someone nobody".split())
BEING = frozenset("is are was were am be been being i'm you're we're they're it's that's he's she's there's".split())


def kinds(core: Sequence[str], tokens: Sequence[str]) -> tuple[Kind, ...]:
    """One kind for every word, given as written (`core`) and bare (`tokens`)."""
    found: list[Kind] = []
    for n, token in enumerate(tokens):
        if n and core[n][:1].isupper() and token not in cues.FUNCTION:
            found.append("noun")
        else:
            found.append(_listed(token) or _guessed(tokens, found, n))
    return tuple(found)


def _listed(token: str) -> Kind | None:
    if token in cues.AUXILIARIES or token.endswith(("'re", "'ll", "'ve", "'d", "'m")):
        return "auxiliary"
    if token in PRONOUNS:
        return "pronoun"
    if token in DETERMINERS or token[:1].isdigit():
        return "determiner"
    if token in PREPOSITIONS:
        return "preposition"
    if token != "to" and (token in cues.FUNCTION or (token.endswith("ly") and len(token) > 4)):
        return "other"
    return "other" if not token or token == "to" else None


def _guessed(tokens: Sequence[str], found: Sequence[Kind], n: int) -> Kind:
    """By the nearest word before that is no adverb."""
    token, verb = tokens[n], tokens[n] in cues.VERBS
    back = n - 1
    while back >= 0 and found[back] == "other" and tokens[back] != "to":
        back -= 1
    before = found[back] if back >= 0 else "other"
    if token.endswith("ing") and len(token) > 4 and before not in ("determiner", "quality", "noun"):
        return "gerund" if before != "auxiliary" else "verb"
    if back >= 0 and tokens[back] == "to":
        return "verb" if verb or not token.endswith("s") else "noun"
    if before == "auxiliary":
        return "quality" if tokens[back] in BEING and not verb else "verb"
    if before == "pronoun":
        return "verb"
    if token.endswith("ed") and len(token) > 4 and before != "determiner":
        return "verb"
    if before in ("determiner", "preposition", "quality", "gerund"):
        return "noun"
    if before in ("noun", "verb"):
        return _after_a_noun(tokens, n) if before == "noun" else "noun"
    return "verb" if verb and n == 0 else "noun"


def _after_a_noun(tokens: Sequence[str], n: int) -> Kind:
    """A verb where it is a known one, or ends in -s and an object or place follows ("the harbour belongs to")."""
    following = tokens[n + 1] if n + 1 < len(tokens) else ""
    opens = _listed(following) in ("determiner", "preposition", "pronoun", "other") or following.endswith("ly")
    if tokens[n] in cues.VERBS:
        return "verb"
    return (
        "verb" if tokens[n].endswith("s") and not tokens[n].endswith(("ss", "'s")) and following and opens else "noun"
    )
