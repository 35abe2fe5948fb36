"""
Measures how well themes are told, with as many examples as an editor might have given.

Every tag or key point of a judged set is a theme whose description is its own words. With 0, 3,
10 and 30 examples and as many counter-examples, drawn several times, ours (`index.themes`, as an
archive runs it) is compared with the nearest description and with plain logistic regressions on
the same vectors, the same draws and the same texts. Constants and the peers' cut-offs come from
one half of each set, figures from the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from convarchive.domain.quote import QuoteId, VersionId
from convarchive.domain.theme import Theme, ThemeId
from convarchive.evaluation.judged import JudgedSet
from convarchive.evaluation.peers.logistic import chances, fitted
from convarchive.evaluation.resampling import interval
from convarchive.evaluation.theme_halves import Flags, Half, halves
from convarchive.index.ports import Encoder, Scores, Vectors
from convarchive.index.themes import score
from convarchive.store.read_base import MEMBER

EXAMPLES = (0, 3, 10, 30)
DRAWS = 5
OURS = "convarchive"
NEAREST, CUT = "nearest description", "nearest description, cut fitted"
FEW, REST = "logistic regression", "logistic regression, rest as counter-examples"
_CUTS = np.linspace(0, 1, 101)
_BINS = 10

Floats = NDArray[np.float64]
Interval = tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Figure:
    """A mean over themes, 0 to 1, with its 95 % interval over drawn themes."""

    mean: float
    interval: Interval


@dataclass(frozen=True, slots=True)
class Row:
    """One system with so many examples a theme; `precision` is average precision, both macro-averaged."""

    set: str
    examples: int
    system: str
    themes: int
    precision: Figure
    f1: Figure


@dataclass(frozen=True, slots=True)
class Calibration:
    """
    How far our chances mean what they say: of `pairs` of text and theme, of which `base` belong.

    `error` is the expected calibration error in ten equal steps; `brier` beside what saying the
    base rate of everything gets; `said` and `found` the mean chance, and the share that belongs,
    among the `members`; `curve` (mean chance, share, pairs) of each step.
    """

    set: str
    examples: int
    pairs: int
    base: float
    error: float
    brier: float
    brier_base: float
    members: int
    said: float
    found: float
    curve: tuple[tuple[float, float, int], ...]


@dataclass(frozen=True, slots=True)
class Report:
    """All that was measured."""

    rows: tuple[Row, ...]
    calibration: tuple[Calibration, ...]


@dataclass(slots=True)
class _Told:
    """What the systems said in every draw: system to [draw][texts, themes]; which texts count, and the truth."""

    said: dict[str, list[Floats]] = field(default_factory=dict)


def measure(
    judged: Sequence[JudgedSet], encoder: Encoder, *, examples: Sequence[int] = EXAMPLES, draws: int = DRAWS
) -> Report:
    """Every system on every set; the same seeds give the same draws."""
    rows: list[Row] = []
    calibration: list[Calibration] = []
    remembered = _Remembering(encoder)
    for one in judged:
        fit, report = halves(one, remembered)
        for count in examples:
            many = draws if count else 1
            cuts = {system: _best_cut(said, fit) for system, said in _say(fit, remembered, count, many).said.items()}
            told = _say(report, remembered, count, many)
            rows += [_row(one.name, count, system, said, report, cuts[system]) for system, said in told.said.items()]
            calibration.append(_calibration(one.name, count, told.said[OURS], report))
    return Report(tuple(rows), tuple(calibration))


class _Remembering:
    """An encoder that is asked for each description once."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._known: dict[tuple[str, ...], Vectors] = {}
        self.fingerprint, self.dimensions = encoder.fingerprint, encoder.dimensions

    def encode(self, texts: Sequence[str]) -> Vectors:
        key = tuple(texts)
        if len(key) > 9:
            return self._encoder.encode(texts)
        if key not in self._known:
            self._known[key] = self._encoder.encode(texts)
        return self._known[key]

    def closeness(self, words: Sequence[tuple[str, float]], texts: Sequence[str]) -> Scores:
        return self._encoder.closeness(words, texts)

    def respelt(self, word: str) -> tuple[str, ...]:
        return self._encoder.respelt(word)


def _say(half: Half, encoder: Encoder, count: int, draws: int) -> _Told:
    near = np.stack([half.vectors @ encoder.encode([words])[0] for words in half.themes], axis=1).astype(np.float64)
    told = _Told()
    told.said[NEAREST] = told.said[CUT] = [near] * draws
    draw = np.random.default_rng(1)
    for _ in range(draws):
        shown, against = _drawn(half, count, draw)
        told.said.setdefault(OURS, []).append(_ours(half, encoder, shown, against))
        if count:
            told.said.setdefault(FEW, []).append(_regression(half, shown, shown | against))
            everything = np.repeat(half.pool[:, None], len(half.themes), axis=1)
            told.said.setdefault(REST, []).append(_regression(half, shown, everything))
    return told


def _drawn(half: Half, count: int, draw: np.random.Generator) -> tuple[Flags, Flags]:
    """Examples and counter-examples of each theme, from the pool: [n, themes] each."""
    shown, against = np.zeros_like(half.belong), np.zeros_like(half.belong)
    for column in range(len(half.themes)):
        for flags, of in ((shown, half.belong[:, column]), (against, ~half.belong[:, column])):
            there = np.flatnonzero(of & half.pool)
            flags[draw.choice(there, min(count, len(there)), replace=False), column] = True
    return shown, against


def _ours(half: Half, encoder: Encoder, shown: Flags, against: Flags) -> Floats:
    names = [QuoteId(f"q{row}") for row in range(len(half.vectors))]
    themes = [
        Theme(
            ThemeId(f"{column:04}"),
            words,
            words,
            tuple(names[row] for row in np.flatnonzero(shown[:, column])),
            None,
            tuple(names[row] for row in np.flatnonzero(against[:, column])),
        )
        for column, words in enumerate(half.themes)
    ]
    vectors = dict(zip(names, half.vectors, strict=True))
    # The archive is what is measured: examples are nobody's to find.
    archive = [name for name, aside in zip(names, half.pool, strict=True) if not aside]
    found = score(themes, encoder, [VersionId(name) for name in archive], archive, half.vectors[~half.pool], vectors)
    said = np.zeros(half.belong.shape)
    said[~half.pool] = [[one.score for one in many] for many in found.values()]
    return said


def _regression(half: Half, wanted: Flags, counted: Flags) -> Floats:
    vectors = half.vectors.astype(np.float64)
    rows = half.pool
    weights = fitted(vectors[rows], wanted[rows].astype(np.float64), counted[rows].astype(np.float64))
    return chances(vectors, weights)


def _counted(half: Half) -> NDArray[np.int64]:
    """The themes that have something to learn from and something to find."""
    found = half.belong[half.pool].any(axis=0) & half.belong[~half.pool].any(axis=0)
    return np.flatnonzero(found)


def _row(name: str, count: int, system: str, said: Sequence[Floats], half: Half, cut: float) -> Row:
    test, themes = ~half.pool, _counted(half)
    precision = [float(np.mean([_precision(half.belong[test, t], one[test, t]) for one in said])) for t in themes]
    chosen = [_members(system, one, cut)[test] for one in said]
    f1 = [float(np.mean([_f1(half.belong[test, t], one[:, t]) for one in chosen])) for t in themes]
    return Row(name, count, system, len(themes), _figure(precision), _figure(f1))


def _members(system: str, said: Floats, cut: float) -> Flags:
    if system == NEAREST:
        nearest: Flags = np.arange(said.shape[1])[None, :] == said.argmax(axis=1)[:, None]
        return nearest
    result: Flags = said >= (MEMBER if system == OURS else cut)
    return result


def _best_cut(said: Sequence[Floats], half: Half) -> float:
    """The cut-off that does best on the half for fitting."""
    test, themes = ~half.pool, _counted(half)
    truth = half.belong[test][:, themes]
    means = [np.mean([_f1s(truth, one[test][:, themes] >= cut).mean() for one in said]) for cut in _CUTS]
    return float(_CUTS[int(np.argmax(means))])


def _figure(values: Sequence[float]) -> Figure:
    return Figure(float(np.mean(values)), interval(values, [1.0] * len(values)))


def _precision(truth: Flags, said: Floats) -> float:
    ranked = truth[np.argsort(-said, kind="stable")]
    return float((np.cumsum(ranked) / np.arange(1, len(ranked) + 1))[ranked].mean())


def _f1(truth: Flags, chosen: Flags) -> float:
    return float(_f1s(truth[:, None], chosen[:, None])[0])


def _f1s(truth: Flags, chosen: Flags) -> Floats:
    result: Floats = 2 * (truth & chosen).sum(axis=0) / np.maximum(1, truth.sum(axis=0) + chosen.sum(axis=0))
    return result


def _calibration(name: str, count: int, said: Sequence[Floats], half: Half) -> Calibration:
    test = ~half.pool
    truth = np.concatenate([half.belong[test].ravel() for _ in said])
    chance = np.concatenate([one[test].ravel() for one in said])
    base = float(truth.mean())
    step = np.minimum((chance * _BINS).astype(np.int64), _BINS - 1)
    curve = tuple(
        (float(chance[step == one].mean()), float(truth[step == one].mean()), int((step == one).sum()))
        for one in range(_BINS)
        if (step == one).any()
    )
    members = chance >= MEMBER
    return Calibration(
        name,
        count,
        len(truth),
        base,
        sum(abs(mean - share) * pairs for mean, share, pairs in curve) / len(truth),
        float(((chance - truth) ** 2).mean()),
        base * (1 - base),
        int(members.sum()),
        float(chance[members].mean()) if members.any() else 0.0,
        float(truth[members].mean()) if members.any() else 0.0,
        curve,
    )


def agreement(said: Mapping[str, Sequence[tuple[bool, bool]]]) -> dict[str, tuple[int, float | None]]:
    """
    Cohen's kappa (J. Cohen, 1960) of model and each named person: (decisions, kappa).

    `said` holds (the person's word, the model's) for each decision. None where both always said one and the same.
    """
    found: dict[str, tuple[int, float | None]] = {}
    for person, pairs in said.items():
        count = len(pairs)
        same = sum(theirs == ours for theirs, ours in pairs) / count
        yes, our_yes = sum(theirs for theirs, _ in pairs) / count, sum(ours for _, ours in pairs) / count
        by_luck = yes * our_yes + (1 - yes) * (1 - our_yes)
        found[person] = (count, None if by_luck == 1 else (same - by_luck) / (1 - by_luck))
    return found
