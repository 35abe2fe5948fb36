"""Draws how search times grow with the archive: one SVG, both axes logarithmic, readable without colour."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

_WIDE, _HIGH = 780, 420
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 250, 30, 50
_SHADES = ("#1b4965", "#b5532a", "#3a7d44", "#6d4c8d", "#8a6d1d", "#444444", "#b0125b", "#0b7a75")
_DASHES = ("", "6 3", "2 3", "8 3 2 3", "1 4", "12 4", "4 2", "10 2 2 2 2 2")


@dataclass(frozen=True, slots=True)
class Curve:
    """A name, and (quotes, milliseconds) from the smallest archive to the largest."""

    name: str
    points: tuple[tuple[int, float], ...]


def drawn(title: str, curves: Sequence[Curve]) -> str:
    """The curves as an SVG document. Raises ValueError where there is nothing to draw."""
    points = [point for curve in curves for point in curve.points if point[1] > 0]
    if not points:
        raise ValueError("there is nothing to draw")
    across = _Scale([count for count, _ in points], _LEFT, _WIDE - _RIGHT)
    up = _Scale([time for _, time in points], _HIGH - _BOTTOM, _TOP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDE} {_HIGH}" role="img" '
        f'font-family="sans-serif" font-size="12"><title>{escape(title)}</title>',
        f'<rect width="{_WIDE}" height="{_HIGH}" fill="#ffffff"/>',
        f'<text x="{_LEFT}" y="18" font-size="14">{escape(title)}</text>',
    ]
    for tick in across.ticks():
        x = across.at(tick)
        parts.append(f'<path d="M{x:.1f} {_TOP}V{_HIGH - _BOTTOM}" stroke="#dddddd"/>')
        parts.append(f'<text x="{x:.1f}" y="{_HIGH - 30}" text-anchor="middle">{tick:,.0f}</text>')
    for tick in up.ticks():
        y = up.at(tick)
        parts.append(f'<path d="M{_LEFT} {y:.1f}H{_WIDE - _RIGHT}" stroke="#dddddd"/>')
        parts.append(f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{tick:g} ms</text>')
    parts.append(f'<text x="{(_LEFT + _WIDE - _RIGHT) / 2:.0f}" y="{_HIGH - 10}" text-anchor="middle">quotes</text>')
    for place, curve in enumerate(curves):
        parts += _line(place, curve, across, up)
    return "\n".join([*parts, "</svg>", ""])


def _line(place: int, curve: Curve, across: _Scale, up: _Scale) -> list[str]:
    shade, dashes = _SHADES[place % len(_SHADES)], _DASHES[place % len(_DASHES)]
    spots = [(across.at(count), up.at(time)) for count, time in curve.points if time > 0]
    way = " ".join(f"{x:.1f},{y:.1f}" for x, y in spots)
    y = _TOP + 14 + 20 * place
    style = f'stroke="{shade}" stroke-width="2" stroke-dasharray="{dashes}" fill="none"'
    return [
        f'<polyline points="{way}" {style}/>',
        *(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{shade}"/>' for x, y in spots),
        f'<path d="M{_WIDE - _RIGHT + 12} {y - 4}h24" {style}/>',
        f'<text x="{_WIDE - _RIGHT + 42}" y="{y}">{escape(curve.name)}</text>',
    ]


class _Scale:
    """Numbers onto a line of the picture, by their logarithms, from one power of ten to another."""

    def __init__(self, numbers: Sequence[float], begin: float, end: float) -> None:
        self._low = math.floor(math.log10(min(numbers)))
        self._high = max(self._low + 1, math.ceil(math.log10(max(numbers))))
        self._begin, self._end = begin, end

    def at(self, number: float) -> float:
        share = (math.log10(number) - self._low) / (self._high - self._low)
        return self._begin + share * (self._end - self._begin)

    def ticks(self) -> list[float]:
        return [10.0**power for power in range(self._low, self._high + 1)]
