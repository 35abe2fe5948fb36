"""Builds what voices said, with times, from plain text."""

from collections.abc import Sequence

from convarchive.domain.span import Span
from convarchive.domain.speech import SpeakerLabel, Utterance
from convarchive.domain.transcript import Word


def talk(*turns: tuple[str, str], gap: int = 250, probability: float | None = 0.9) -> tuple[Utterance, ...]:
    """Utterances of (label, text), three words a second, `gap` ms between them."""
    made: list[Utterance] = []
    at = first = 0
    for label, text in turns:
        words = tuple(
            Word(token, Span(at + 330 * n, at + 330 * n + 300), probability) for n, token in enumerate(text.split())
        )
        made.append(Utterance(SpeakerLabel(label), first, words))
        first += len(words)
        at = words[-1].span.end + gap
    return tuple(made)


def texts(drafts: Sequence) -> list[str]:
    return [draft.text for draft in drafts]
