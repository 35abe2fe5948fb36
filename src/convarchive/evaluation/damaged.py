"""
Measures how alike strangers become, and how unlike people themselves, where sound is damaged on both sides.

The trials are those of `voiceprints`: portions of speech against prints of other people and
of the same person from other recordings. Every recording is passed through the same damage
before it is listened to. Recordings that came by telephone are left out, so that every row
compares the same speech; what the product would refuse as too narrow is compared all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from convarchive.domain.span import Span
from convarchive.domain.speech import SpeakerLabel
from convarchive.evaluation.mixing import Decode, Sound, write
from convarchive.evaluation.spoiling import echoing, narrowed, noisy, telephoned
from convarchive.evaluation.voiceprints import Material, material, score
from convarchive.ingest.voiceprinting import Listen
from convarchive.naming.voiceprints import Voice

AS_RECORDED = "as recorded"
MP3 = "MP3 at 24 kbit/s"
BITS = 24_000

DAMAGES: Mapping[str, Callable[[Sound], Sound]] = {
    "a room's echo (0.5 s)": echoing,
    "noise at 10 dB": noisy,
    "nothing above 4 kHz": narrowed,
    "a telephone's band, 300 to 3400 Hz": telephoned,
}


@dataclass(frozen=True, slots=True)
class Row:
    """How like the likest impostor was, and the least like own voice from another recording; of so many trials."""

    damage: str
    likest_impostor: float
    least_own: float | None
    impostor_trials: int
    own_trials: int


def damaged(data: Path, listen: Listen, decode: Decode, encode: Callable[[Path, Path], object], folder: Path
) -> Iterator[Row]:  # fmt: skip
    """
    A row for sound as recorded, and one for each damage; what is made lies in `folder` for a while.

    `encode` writes a recording as MP3 of `BITS`. Raises BadInput.
    """
    plain = material(data, listen)
    narrow = {one.recording for one in plain.portions if one.voice.narrow}
    narrow |= {one.recording for one in plain.prints if one.narrow}
    yield _row(AS_RECORDED, plain, narrow)

    def lossy(audio: Path, out: Path) -> Path:
        encode(audio, out.with_suffix(".mp3"))
        return out.with_suffix(".mp3")

    yield _row(MP3, material(data, _through(lossy, listen, folder)), narrow)
    for name, damage in DAMAGES.items():

        def spoilt(audio: Path, out: Path, damage: Callable[[Sound], Sound] = damage) -> Path:
            return write(damage(decode(audio)), out)

        yield _row(name, material(data, _through(spoilt, listen, folder)), narrow)


def _through(spoil: Callable[[Path, Path], Path], listen: Listen, folder: Path) -> Listen:
    def listening(audio: Path, voices: Mapping[SpeakerLabel, Sequence[Span]]) -> Mapping[SpeakerLabel, Voice]:
        made = spoil(audio, folder / f"{audio.stem}.wav")
        try:
            return listen(made, voices)
        finally:
            made.unlink()

    return listening


def _row(damage: str, found: Material, left_out: set[str]) -> Row:
    portions = tuple(
        replace(one, voice=replace(one.voice, narrow=False)) for one in found.portions if one.recording not in left_out
    )
    prints = tuple(replace(one, narrow=False) for one in found.prints if one.recording not in left_out)
    trials = score(Material(portions, prints)).trials
    others = [one.likeness for one in trials if not one.own]
    own = [one.likeness for one in trials if one.own]
    return Row(damage, max(others), min(own, default=None), len(others), len(own))


def table_of(rows: Sequence[Row]) -> str:
    """The rows as Markdown."""
    told = [
        f"| {one.damage} | {one.likest_impostor:.2f} of {one.impostor_trials} | "
        + (f"{one.least_own:.2f} of {one.own_trials} |" if one.least_own is not None else "none |")
        for one in rows
    ]
    head = ["| both sides | likest impostor | least like own voice, other recording |", "|---|---|---|"]
    return "\n".join([*head, *told])
