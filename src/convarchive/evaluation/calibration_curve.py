"""Draws how often texts were relevant against the relevance they were told: one SVG, readable without colour."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape

from convarchive.evaluation.relevance_told import Bin

_SIDE, _LEFT, _TOP, _WIDE, _HIGH = 340, 60, 36, 620, 430
_SHADES = ("#1b4965", "#b5532a", "#3a7d44", "#6d4c8d", "#8a6d1d")
_DASHES = ("", "6 3", "2 3", "8 3 2 3", "1 4")
_LEAST = 0.002
"""The share of all texts that a point must stand for: fewer say nothing."""


def drawn(title: str, curves: Sequence[tuple[str, Sequence[Bin]]]) -> str:
    """The curves by name, at most five, as an SVG document; the straight line is what they should be."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDE} {_HIGH}" role="img" '
        f'font-family="sans-serif" font-size="12"><title>{escape(title)}</title>',
        f'<rect width="{_WIDE}" height="{_HIGH}" fill="#ffffff"/>',
        f'<text x="{_LEFT}" y="20" font-size="14">{escape(title)}</text>',
    ]
    for tick in (0, 0.2, 0.4, 0.6, 0.8, 1.0):
        x, y = _at(tick, tick)
        parts.append(f'<path d="M{x:.1f} {_TOP}v{_SIDE}M{_LEFT} {y:.1f}h{_SIDE}" stroke="#dddddd"/>')
        parts.append(f'<text x="{x:.1f}" y="{_TOP + _SIDE + 16}" text-anchor="middle">{tick:g}</text>')
        parts.append(f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{tick:g}</text>')
    parts.append(f'<path d="M{_LEFT} {_TOP + _SIDE}L{_LEFT + _SIDE} {_TOP}" stroke="#999999"/>')
    parts.append(f'<text x="{_LEFT + _SIDE / 2:.0f}" y="{_HIGH - 16}" text-anchor="middle">relevance told</text>')
    turned = f"translate(18 {_TOP + _SIDE / 2:.0f}) rotate(-90)"
    parts.append(f'<text transform="{turned}" text-anchor="middle">share that people called relevant</text>')
    for place, (name, bins) in enumerate(curves):
        parts += _line(place, name, bins)
    return "\n".join([*parts, "</svg>", ""])


def _line(place: int, name: str, bins: Sequence[Bin]) -> list[str]:
    shade = _SHADES[place % len(_SHADES)]
    spots = [_at(one.told, one.relevant) for one in bins if one.share >= _LEAST]
    way = " ".join(f"{x:.1f},{y:.1f}" for x, y in spots)
    x, y = _LEFT + _SIDE + 16, _TOP + 14 + 20 * place
    style = f'stroke="{shade}" stroke-width="2" stroke-dasharray="{_DASHES[place % len(_DASHES)]}" fill="none"'
    return [
        f'<polyline points="{way}" {style}/>',
        *(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{shade}"/>' for x, y in spots),
        f'<path d="M{x} {y - 4}h24" {style}/>',
        f'<text x="{x + 30}" y="{y}">{escape(name)}</text>',
    ]


def _at(told: float, relevant: float) -> tuple[float, float]:
    return _LEFT + _SIDE * told, _TOP + _SIDE * (1 - relevant)
