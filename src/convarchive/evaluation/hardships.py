"""
Measures how voices are told apart where it is hard: bad sound, music, crowds, brief guests, great length.

Every row is made from the reference recordings and has a ceiling that was written down before
it was first run: the diarization error it may have at most, pooled over its recordings. A row
also says whether the number of voices must be right in each of its recordings, and how many
voices may be found at most where it is not. Recordings are made anew, the same in every run.
"""

from __future__ import annotations

import itertools
import resource
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from convarchive.errors import BadInput
from convarchive.evaluation import speakers
from convarchive.evaluation.asr import Hear
from convarchive.evaluation.mixing import RATE, Decode, Piece, Sound, conversation, laid, pieces, quickened, write
from convarchive.evaluation.speech import Reference
from convarchive.evaluation.spoiling import (
    as_mp3,
    concatenated,
    echoing,
    narrowed,
    noisy,
    with_jingles,
)

SEED = 20
MOST = 10
"""Voices at most in a made conversation."""
HOUR = 3_600_000
"""Milliseconds."""
QUICKENED = (0.8, 1.25)
"""How much faster pieces are played to be another person's, where there are too few people."""

Encode = Callable[[Path, Path], object]
"""Writes a recording as MP3 of 32 kbit/s."""


@dataclass(frozen=True, slots=True)
class Hardship:
    """
    A kind of trouble: its name, the most diarization error (0 to 1) it may cause, and whether voices must be counted
    right (`exact`); else no recording may have more voices than people.
    """

    name: str
    ceiling: float
    exact: bool = False


AS_THEY_ARE = Hardship("as they are", 0.03)
MP3 = Hardship("MP3 of 32 kbit/s", 0.04)
NARROW = Hardship("8 kHz", 0.05)
NOISE = Hardship("noise at 10 dB", 0.06)
ECHO = Hardship("a room's echo", 0.08)
JINGLES = Hardship("jingles between turns", 0.04)
OVERLAP = Hardship("a tenth spoken at once", 0.06, exact=True)
BRIEF = Hardship("one voice for 6 seconds", 0.04, exact=True)
LONG = Hardship("60 minutes", 0.05)


def crowd(count: int) -> Hardship:
    """So many people in one conversation."""
    return Hardship(f"{count} voices", 0.05, exact=True)


HARDSHIPS = (AS_THEY_ARE, MP3, NARROW, NOISE, ECHO, JINGLES, OVERLAP, BRIEF,
             *(crowd(count) for count in range(2, MOST + 1)), LONG)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Borne:
    """How a hardship was borne; `seconds` is the time it took, `minutes` the length of its sound."""

    hardship: Hardship
    score: speakers.Score
    minutes: float
    seconds: float

    @property
    def voices(self) -> tuple[int, int]:
        """Found and expected, over all recordings."""
        return sum(row.voices for row in self.score.rows), sum(row.expected for row in self.score.rows)

    @property
    def held(self) -> bool:
        """Whether it stayed under its ceiling, with the voices it asks for."""
        counted = all(
            row.voices == row.expected if self.hardship.exact else row.voices <= row.expected for row in self.score.rows
        )
        return counted and self.score.der <= self.hardship.ceiling


@dataclass(frozen=True, slots=True)
class Workshop:
    """What hardships are made with: decoder, MP3 encoder, and a folder for what is made."""

    decode: Decode
    encode: Encode
    folder: Path


def bear(
    recordings: Sequence[Reference],
    tell: speakers.Tell,
    shop: Workshop,
    hear: Hear | None = None,
    only: Sequence[str] = (),
) -> Iterator[Borne]:
    """
    Tell voices apart under every hardship, one after the other (`only`: those whose name holds one of these).

    With `hear`, words are scored voice by voice where they are known. Raises what `tell` and `hear` raise.
    """
    for hardship, made in hardened(recordings, shop, only):
        began = time.perf_counter()
        found = speakers.score(made, tell)
        seconds = time.perf_counter() - began
        if hear is not None:
            found = speakers.score(made, tell, hear)
        minutes = sum(len(shop.decode(one.audio)) for one in made) / RATE / 60
        yield Borne(hardship, found, minutes, seconds)


def hardened(
    recordings: Sequence[Reference], shop: Workshop, only: Sequence[str] = ()
) -> Iterator[tuple[Hardship, list[Reference]]]:
    """The recordings under each hardship (`only`: see `bear`); they are there until the next are asked for."""
    for hardship in HARDSHIPS:
        if only and not any(part in hardship.name for part in only):
            continue
        made = _made(hardship, recordings, shop)
        yield hardship, made
        for one in made:
            if one.audio.parent == shop.folder:
                one.audio.unlink()


def line(one: Borne) -> str:
    """A row of the table; see `HEAD`."""
    found, expected = one.voices
    words = "      –      –"
    if one.score.wer is not None and one.score.cpwer is not None:
        words = f"{one.score.wer:>7.1%}{one.score.cpwer:>7.1%}"
    return (
        f"{one.hardship.name:<26}{one.hardship.ceiling:>8.1%}{one.score.der:>7.1%}  {f'{found} of {expected}':<9}"
        f"{words}{one.minutes:>8.1f}{one.minutes * 60 / one.seconds:>7.0f}x  {'held' if one.held else 'MISSED'}"
    )


HEAD = f"{'hardship':<26}{'ceiling':>8}{'DER':>7}  {'voices':<9}{'WER':>7}{'cpWER':>7}{'minutes':>8}{'speed':>8}"


def peak() -> int:
    """Most memory (bytes) that this process has held."""
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # macOS counts in bytes, others in kilobytes.
    return held if sys.platform == "darwin" else held * 1024


def _made(hardship: Hardship, recordings: Sequence[Reference], shop: Workshop) -> list[Reference]:
    """The recordings of a hardship."""
    spoilt: dict[Hardship, Callable[[Sound], Sound]] = {NARROW: narrowed, NOISE: noisy, ECHO: echoing}
    if hardship in spoilt:
        return [_with(one, spoilt[hardship](shop.decode(one.audio)), shop.folder) for one in recordings]
    if hardship == MP3:
        return [as_mp3(one, shop.encode, shop.folder) for one in recordings]
    if hardship == JINGLES:
        return [with_jingles(one, shop.decode(one.audio), shop.folder) for one in recordings]
    if hardship == LONG:
        return [concatenated("hour", recordings, shop.decode, HOUR, shop.folder)]
    if hardship == AS_THEY_ARE:
        return list(recordings)
    spoken = pieces([one for one in recordings if one.said and _apart(one)] or recordings, shop.decode)
    if hardship == OVERLAP:
        return [_overlapping(spoken, shop.folder)]
    if hardship == BRIEF:
        return [_brief(guest, spoken, shop.folder) for guest in sorted(spoken)]
    return [_crowded(int(hardship.name.split()[0]), spoken, shop.folder)]


def _with(one: Reference, sound: Sound, folder: Path) -> Reference:
    return Reference(one.id, write(sound, folder / f"{one.id}.wav"), one.spoken, one.said)


def _apart(one: Reference) -> bool:
    """Whether nobody speaks over anybody."""
    return all(
        not a.span.overlap(b.span)
        for i, a in enumerate(one.spoken)
        for b in one.spoken[i + 1 :]
        if a.speaker != b.speaker
    )


def _crowded(count: int, spoken: Mapping[str, Sequence[Piece]], folder: Path) -> Reference:
    """`count` people, some twenty seconds each: those there are, then the same ones slowed down and quickened."""
    people = dict(spoken)
    for factor in QUICKENED:
        for own in spoken.values():
            made = quickened(own, factor)
            people.setdefault(made[0].speaker, made)
    if len(people) < count:
        raise BadInput(f"the references hold {len(spoken)} people, too few for {count} voices")
    rng = np.random.default_rng(SEED + count)
    order = conversation(dict(list(people.items())[:count]), count * 20.0, rng)
    return laid(f"crowd{count}", order, [0.5, *rng.uniform(0.1, 0.9, len(order) - 1)], folder)


def _overlapping(spoken: Mapping[str, Sequence[Piece]], folder: Path) -> Reference:
    """Everybody in turn, a tenth of all speech spoken over the end of the one before."""
    rng = np.random.default_rng(SEED)
    order = conversation(spoken, 150.0, rng)
    each = 0.1 * sum(piece.seconds for piece in order) / max(1, len(order) - 1)
    pauses = [0.5] + [
        -min(each, 0.4 * before.seconds, 0.4 * after.seconds) for before, after in itertools.pairwise(order)
    ]
    return laid("overlap", order, pauses, folder)


def _brief(guest: str, spoken: Mapping[str, Sequence[Piece]], folder: Path) -> Reference:
    """The others talk for two minutes; one person says six seconds in the middle and no more."""
    rng = np.random.default_rng(SEED)
    order = conversation({name: own for name, own in spoken.items() if name != guest}, 120.0, rng)
    longest = max(spoken[guest], key=lambda piece: piece.seconds)
    order.insert(len(order) // 2, Piece(guest, longest.sound[: 6 * RATE], None))
    pauses = [0.5, *rng.uniform(0.1, 0.9, len(order) - 1)]
    return laid(f"brief{guest}", order, pauses, folder)
