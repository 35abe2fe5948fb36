"""Says in plain words what spoke for a hit."""

from __future__ import annotations

from convarchive.domain.passage import Hit

_CLOSE, _NEAR = 0.5, 0.3
"""A likeness of meaning that is called close, and the least that is mentioned where words speak too."""
_BESIDE = 0.4
"""How near in meaning what was said beside a quote has to be to be mentioned."""


def why(hit: Hit) -> str:
    """What spoke for a hit, as one sentence; of a hit that only its meaning brought, it says just that."""
    reasons = [*_named(hit), *_words(hit)]
    if not reasons:
        beside = ", and so is what is said beside it" if hit.context >= _BESIDE else ""
        marked = " The part nearest in meaning is marked." if hit.highlights else ""
        return f"Found by meaning alone: none of your words stand in it, yet it is {_near(hit)}{beside}.{marked}"
    if hit.semantic >= _NEAR:
        reasons.append(f"it is {_near(hit)}")
    if hit.context >= _BESIDE:
        reasons.append("what is said beside it is near in meaning")
    if hit.highlights and not marks_words(hit):
        reasons.append("the part nearest in meaning is marked")
    return f"Found because {', and '.join((', '.join(reasons[:-1]), reasons[-1])) if reasons[1:] else reasons[0]}."


def marks_words(hit: Hit) -> bool:
    """Whether the marks stand on words that were searched for: those are single, while a part that was meant is not."""
    return bool(hit.highlights) and not any(" " in hit.passage.text[start:end] for start, end in hit.highlights)


def _named(hit: Hit) -> list[str]:
    speaker = ["your words name who says it"] if hit.name else []
    return [*speaker, *(["your words name a theme it belongs to"] if hit.theme else [])]


def _words(hit: Hit) -> list[str]:
    if hit.lexical >= 0.95:
        return ["it holds your words"]
    # How much they weigh says nothing about how many of them they are.
    return ["it holds words of yours"] if hit.lexical > 0 or marks_words(hit) else []


def _near(hit: Hit) -> str:
    return "close in meaning" if hit.semantic >= _CLOSE else "near in meaning"
