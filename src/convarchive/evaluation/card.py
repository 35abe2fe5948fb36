"""
Puts together the accuracy card: how often words, voices and names were right, against what people wrote down.

Words and voices are measured on recordings, names on typed transcripts. Each part is a record
of its own that says what it was measured on; nothing is added up across them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import jiwer
from whisper_normalizer.english import EnglishTextNormalizer

from convarchive import __version__
from convarchive.domain.transcript import Transcript
from convarchive.evaluation import speakers
from convarchive.evaluation.asr import ctm
from convarchive.evaluation.reference_sets import described, set_of
from convarchive.evaluation.resampling import DRAWS, FEWEST, SEED, difference, interval
from convarchive.evaluation.speech import Reference

Record = dict[str, object]
Hear = Callable[[Path, tuple[str, ...]], Transcript]
"""Hears a recording, helped by these names."""

NOBODY = (
    "Ada Example", "Ben Sample", "Cleo Specimen", "Dov Placeholder", "Esme Standin", "Filip Mockup",
    "Gwen Dummyworth", "Hari Exemplar", "Ines Prototype", "Jory Facsimile", "Kavi Template", "Lene Ipsum",
)  # fmt: skip
"""Invented names that nobody says: given as hints they can only do harm, and how much is measured."""


@dataclass(frozen=True, slots=True)
class Said:
    """One utterance of a reference: its words, and of these wrong and missing; and those invented beside it."""

    words: int
    wrong: int
    missing: int
    invented: int

    @property
    def errors(self) -> int:
        """Wrong, missing and invented words together."""
        return self.wrong + self.missing + self.invented


def utterances(recording: Reference, heard: str) -> tuple[Said, ...]:
    """
    Word errors of each utterance of a reference, the whole recording aligned at once.

    Both sides are evened out by Whisper's English normaliser. An invented word counts where
    the word before it was said.
    """
    normal = EnglishTextNormalizer()
    said = [normal(stretch.text or "").split() for stretch in recording.said]
    owner = [at for at, words in enumerate(said) for _ in words]
    wrong, missing, invented = ([0] * len(said) for _ in range(3))
    if owner:
        truth = " ".join(word for words in said for word in words)
        for chunk in jiwer.process_words(truth, normal(heard)).alignments[0]:
            where = range(chunk.ref_start_idx, chunk.ref_end_idx)
            if chunk.type == "insert":
                invented[owner[max(0, chunk.ref_start_idx - 1)]] += chunk.hyp_end_idx - chunk.hyp_start_idx
            elif chunk.type != "equal":
                for at in where:
                    (wrong if chunk.type == "substitute" else missing)[owner[at]] += 1
    return tuple(Said(len(words), *counts) for words, *counts in zip(said, wrong, missing, invented, strict=True))


def register_of(recording: Reference) -> tuple[str, ...]:
    """The names known beforehand of who speaks: the lines of `X.hints.txt` beside the recording; none without it."""
    path = recording.audio.with_suffix(".hints.txt")
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return tuple(line.strip() for line in lines if line.strip())


def words(
    recordings: Sequence[Reference],
    ears: Mapping[str, Hear],
    *,
    runs: Path | None = None,
    report: Callable[[str], None] = lambda _: None,
) -> Record:
    """
    Word errors of every model, without hints and with hints of invented names that nobody says.

    Recordings beside which a register stands (`register_of`) are also heard with its names.
    With `runs`, what was heard is also written there, as `MODEL[-HINTS].ctm`. Raises what the ears raise.
    """
    known = [one for one in recordings if one.said]
    listed = [one for one in known if register_of(one)]
    rows: list[Record] = []
    for model, hear in ears.items():
        plain = {one.id: _heard(one, model, "none", hear, (), report) for one in known}
        variants = [("none", known, plain)]
        nobody = {one.id: _heard(one, model, "invented", hear, NOBODY, report) for one in known}
        variants.append(("invented names", known, nobody))
        if listed:
            named = {one.id: _heard(one, model, "register", hear, register_of(one), report) for one in listed}
            variants.append(("register", listed, named))
        for hints, over, transcripts in variants:
            rows.append(_words_row(model, hints, over, transcripts, plain))
            if runs is not None:
                runs.mkdir(parents=True, exist_ok=True)
                name = file_name(model) + ("" if hints == "none" else f"-{hints.split()[0]}")
                (runs / f"{name}.ctm").write_text(ctm(transcripts), encoding="utf-8")
    return {
        "material": "recordings",
        "measure": "word error rate is wrong, missing and invented words by words said",
        "interval": f"bootstrap over utterances, {DRAWS} draws, seed {SEED}, none for fewer than {FEWEST}",
        "references": described(set_of(one.id) for one in known),
        "registers": len(listed),
        "rows": rows,
    }


def _heard(
    one: Reference, model: str, hints: str, hear: Hear, names: tuple[str, ...], report: Callable[[str], None]
) -> Transcript:
    report(f"words of {one.id} by {model}, hints: {hints}")
    return hear(one.audio, names)


def _words_row(
    model: str,
    hints: str,
    recordings: Sequence[Reference],
    transcripts: Mapping[str, Transcript],
    plain: Mapping[str, Transcript],
) -> Record:
    parts = {one.id: utterances(one, transcripts[one.id].text) for one in recordings}
    before = [part for one in recordings for part in utterances(one, plain[one.id].text)]
    every = [part for one in recordings for part in parts[one.id]]
    errors, totals = [part.errors for part in every], [part.words for part in every]
    said = sum(totals)
    row: Record = {
        "model": model, "hints": hints, "system": next((t.fingerprint for t in transcripts.values()), ""),
        "utterances": len(every), **_counts(every), "interval_95": interval(errors, totals),
        "recordings": [{"id": id_, "kind": set_of(id_).kind, **_counts(part)} for id_, part in parts.items()],
    }  # fmt: skip
    if hints != "none":
        were = [part.errors for part in before]
        row["without_hints"] = sum(were) / said if said else None
        row["change"] = (sum(errors) - sum(were)) / said if said else None
        row["change_interval_95"] = difference(errors, were, totals)
    return row


def _counts(parts: Sequence[Said]) -> Record:
    said, errors = sum(part.words for part in parts), sum(part.errors for part in parts)
    return {
        "words": said, "wrong": sum(part.wrong for part in parts), "missing": sum(part.missing for part in parts),
        "invented": sum(part.invented for part in parts), "errors": errors, "wer": errors / said if said else None,
    }  # fmt: skip


def voices(
    recordings: Sequence[Reference],
    tell: speakers.Tell,
    ears: Mapping[str, Hear],
    *,
    system: str = "",
    runs: Path | None = None,
    report: Callable[[str], None] = lambda _: None,
) -> Record:
    """
    Who spoke when, and word errors voice by voice for every model.

    With `runs`, turns and utterances are also written there, as `MODEL.rttm` and `MODEL.stm`.
    Raises what `tell` and the ears raise.
    """
    turns = {}
    for one in recordings:
        report(f"voices of {one.id}")
        turns[one.audio] = tell(one.audio)
    found = {
        model: speakers.score(recordings, turns.__getitem__, lambda audio, hear=hear: hear(audio, ()),  # type: ignore[misc]
                              runs=runs, name=file_name(model))
        for model, hear in ears.items()
    }  # fmt: skip
    told = next(iter(found.values())) if found else speakers.score(recordings, turns.__getitem__)
    kinds = dict.fromkeys(set_of(row.id).kind for row in told.rows)
    return {
        "material": "recordings",
        "measure": "diarization error rate (DER) is missed, false and confused speech by speech there is; 0.25 s to "
        "either side of a border is not scored, overlap counts, and the number of voices is unknown",
        "interval": f"bootstrap over recordings, {DRAWS} draws, seed {SEED}, none for fewer than {FEWEST}",
        "references": described(set_of(row.id) for row in told.rows),
        "system": system,
        "all": _told(told.rows),
        "kinds": [{"kind": kind, **_told([row for row in told.rows if set_of(row.id).kind == kind])} for kind in kinds],
        "recordings": [{"id": row.id, "kind": set_of(row.id).kind, **_told([row])} for row in told.rows],
        "words_by_voice": [_by_voice(model, one.rows) for model, one in found.items()],
    }


def _told(rows: Sequence[speakers.Told]) -> Record:
    speech = sum(row.speech for row in rows)
    errors = [row.missed + row.false_alarm + row.confused for row in rows]

    def share(seconds: float) -> float | None:
        return seconds / speech if speech else None

    return {
        "recordings": len(rows), "seconds": speech, "der": share(sum(errors)),
        "interval_95": interval(errors, [row.speech for row in rows]),
        "mean_der": sum(row.der for row in rows) / len(rows) if rows else None,
        "missed": share(sum(row.missed for row in rows)), "false": share(sum(row.false_alarm for row in rows)),
        "confused": share(sum(row.confused for row in rows)),
        "voices": sum(row.voices for row in rows), "expected": sum(row.expected for row in rows),
        "counted_right": sum(row.voices == row.expected for row in rows),
    }  # fmt: skip


def _by_voice(model: str, rows: Sequence[speakers.Told]) -> Record:
    counted = [row.words for row in rows if row.words]
    said, errors, by_voice = (
        [one.said for one in counted], [one.errors for one in counted], [one.errors_by_voice for one in counted]
    )  # fmt: skip
    total = sum(said)
    return {
        "model": model, "recordings": len(counted), "words": total,
        "wer": sum(errors) / total if total else None, "cpwer": sum(by_voice) / total if total else None,
        "interval_95": interval(by_voice, said),
        "change": (sum(by_voice) - sum(errors)) / total if total else None,
        "change_interval_95": difference(by_voice, errors, said),
    }  # fmt: skip


def file_name(model: str) -> str:
    """What a model's raw outputs are called."""
    return model.replace("/", "--")


def card(
    parts: Mapping[str, Record | None],
    *,
    command: str,
    made: str,
    models: Sequence[Record],
    settings: Record,
    archive: Record | None,
    left_out: Mapping[str, str],
) -> Record:
    """
    The whole card, for machines: shares are 0 to 1, a part that was not measured is None and `left_out` says why.

    `archive` is what the archive's own people found when they checked quotes by ear; None where no archive was named.
    """
    return {
        "schema": 1, "convarchive": __version__, "made": made, "command": command, "settings": settings,
        "models": list(models), "words": parts.get("words"), "voices": parts.get("voices"),
        "names": parts.get("names"), "archive": archive, "left_out": dict(left_out),
    }  # fmt: skip
