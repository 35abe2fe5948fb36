"""Stretches of a recording, measured in whole milliseconds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True, slots=True)
class Span:
    """
    A stretch of a recording in milliseconds: from `start` up to, but not including, `end`.

    Spans sort by when they begin. They are whole milliseconds, not floats, so that
    equal stretches compare equal.

    >>> answer = Span.seconds(61.5, 64)
    >>> answer & Span.seconds(63, 70)
    Span(start=63000, end=64000)
    >>> answer.fragment
    't=61.500,64.000'
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if self.start < 0 or self.end < self.start:
            raise ValueError(f"a span runs forwards from 0 ms, not {self.start}..{self.end}")

    @classmethod
    def seconds(cls, start: float, end: float) -> Span:
        """Round a stretch given in seconds to whole milliseconds."""
        return cls(round(start * 1000), round(end * 1000))

    @property
    def duration(self) -> int:
        """Length in milliseconds."""
        return self.end - self.start

    @property
    def middle(self) -> int:
        """The instant half-way through, in milliseconds."""
        return (self.start + self.end) // 2

    @property
    def fragment(self) -> str:
        """The stretch as a W3C media fragment (`t=start,end`, in seconds)."""
        return f"t={self.start / 1000:.3f},{self.end / 1000:.3f}"

    def __and__(self, other: Span) -> Span | None:
        """What both cover, or None where they only touch or miss each other."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Span(start, end) if start < end else None

    def __or__(self, other: Span) -> Span:
        """The smallest span that covers both."""
        return Span(min(self.start, other.start), max(self.end, other.end))

    def __contains__(self, other: Span | int) -> bool:
        if isinstance(other, Span):
            return self.start <= other.start and other.end <= self.end
        return self.start <= other < self.end

    def overlap(self, other: Span) -> int:
        """How many milliseconds both cover."""
        return max(0, min(self.end, other.end) - max(self.start, other.start))

    def gap(self, other: Span) -> int:
        """How many milliseconds of silence lie between the two; 0 where they touch or overlap."""
        return max(0, other.start - self.end, self.start - other.end)


def joined(spans: list[Span] | tuple[Span, ...], *, gap: int = 0) -> tuple[Span, ...]:
    """
    The same stretches in order, with those that overlap or lie at most `gap` ms apart made one.

    >>> joined([Span(5, 9), Span(0, 4)], gap=1)
    (Span(start=0, end=9),)
    """
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.start - merged[-1].end <= gap:
            merged[-1] = merged[-1] | span
        else:
            merged.append(span)
    return tuple(merged)


def without(spans: tuple[Span, ...], taken: tuple[Span, ...]) -> tuple[Span, ...]:
    """
    What is left of stretches after others have been taken out of them.

    >>> without((Span(0, 9),), (Span(2, 4),))
    (Span(start=0, end=2), Span(start=4, end=9))
    """
    left: list[Span] = []
    for span in spans:
        start = span.start
        for gone in taken:
            if gone.end <= start or gone.start >= span.end:
                continue
            if gone.start > start:
                left.append(Span(start, gone.start))
            start = max(start, gone.end)
        if start < span.end:
            left.append(Span(start, span.end))
    return tuple(left)
