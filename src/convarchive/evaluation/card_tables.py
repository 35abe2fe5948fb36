"""Turns the accuracy card's records into tables of text, each figure beside its interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Table:
    """Heads and rows of text, as many cells in each row as there are heads."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def words_table(rows: Sequence[Row]) -> Table:
    """Word errors by model and hints."""
    heads = (
        "model",
        "hints",
        "recordings",
        "words",
        "WER",
        "95 %",
        "wrong",
        "missing",
        "invented",
        "change, points",
        "95 %",
    )
    return Table(heads, tuple(
        (row["model"], row["hints"], str(len(row["recordings"])), str(row["words"]), percent(row["wer"]),
         between(row["interval_95"]), str(row["wrong"]), str(row["missing"]), str(row["invented"]),
         points(row.get("change")), point_range(row.get("change_interval_95")))
        for row in rows
    ))  # fmt: skip


def recordings_table(rows: Sequence[Row]) -> Table:
    """Word errors by recording, a column for each model."""
    first = rows[0]["recordings"] if rows else []
    return Table(
        ("recording", "kind", "words", *(f"WER, {row['model']}" for row in rows)),
        tuple(
            (one["id"], one["kind"], str(one["words"]), *(percent(row["recordings"][at]["wer"]) for row in rows))
            for at, one in enumerate(first)
        ),
    )


def kinds_table(rows: Sequence[Row], together: Row | None = None) -> Table:
    """Diarization error by kind of recording, and where wanted over all."""
    heads = ("recordings", "minutes scored", "DER", "95 %", "mean of recordings", "missed", "false", "confused",
             "voices found", "right number")  # fmt: skip
    shown = [*rows, *([{**together, "kind": "all, by their speech"}] if together else [])]
    return Table(heads, tuple(
        (f"{row['kind']}" + (f" ({row['recordings']})" if row["recordings"] > 1 else ""),
         f"{row['seconds'] / 60:.1f}", percent(row["der"]), between(row["interval_95"]), percent(row["mean_der"]),
         percent(row["missed"]), percent(row["false"]), percent(row["confused"]),
         f"{row['voices']} of {row['expected']}", f"{row['counted_right']} of {row['recordings']}")
        for row in shown
    ))  # fmt: skip


def by_voice_table(rows: Sequence[Row]) -> Table:
    """Word errors voice by voice, by model."""
    heads = ("model", "recordings", "words", "WER", "cpWER", "95 %", "cpWER less WER, points", "95 %")
    return Table(heads, tuple(
        (row["model"], str(row["recordings"]), str(row["words"]), percent(row["wer"]), percent(row["cpwer"]),
         between(row["interval_95"]), points(row["change"]), point_range(row["change_interval_95"]))
        for row in rows
    ))  # fmt: skip


def names_table(rows: Sequence[Row]) -> Table:
    """Wrong names among confirmed ones, by condition and role."""
    heads = ("known beforehand", "voices of", "wrong of confirmed", "at most (95 %)", "95 % (Wilson)",
             "talk confirmed", "95 %", "probable: wrong of given", "talk named", "ECE, points")  # fmt: skip
    cells = []
    for row in rows:
        shared = (f"{row['probable_wrong']} of {row['probable']}", percent(row["talk_named"]),
                  points(row["calibration_error"], sign=False))  # fmt: skip
        for role in ("hosts", "guests", "together"):
            one = row[role]
            wrong = f"{one['wrong']} of {one['confirmed']}" if one["confirmed"] else "none confirmed"
            cells.append((
                row["condition"], role, wrong, percent(one["upper_bound_95"], 2), between(one["interval_95"], 2),
                percent(one["talk_confirmed"]), between(one["talk_interval_95"]),
                *(shared if role == "together" else ("", "", "")),
            ))  # fmt: skip
    return Table(heads, tuple(cells))


def curve_table(rows: Sequence[Row]) -> Table:
    """The calibration curve."""
    return Table(
        ("confidence", "names", "mean confidence", "right"),
        tuple(
            (f"{row['low']}–{row['high']}", str(row["names"]), percent(row["confidence"]), percent(row["right"]))
            for row in rows
        ),
    )


def references_table(parts: Sequence[Row]) -> Table:
    """What each reference is, and who made it, each once."""
    sets = {one["kind"]: one for part in parts for one in part["references"]}
    return Table(
        ("reference", "material", "what it is", "who made it", "licence"),
        tuple((one["kind"], one["material"], one["what"], one["made_by"], one["licence"]) for one in sets.values()),
    )


def models_table(models: Sequence[Row]) -> Table:
    """Models by the digest of their weights."""
    return Table(
        ("model", "for", "SHA-256 of its weights", "from", "licence"),
        tuple((one["name"], one["purpose"], one["sha256"], one["origin"], one["licence"]) for one in models),
    )


def settings_table(settings: Row) -> Table:
    """Every setting."""
    return Table(("setting", "value"), tuple((name, str(value)) for name, value in settings.items()))


def archive_lines(found: Row | None) -> list[str]:
    """What the archive's own people found, in sentences."""
    if found is None:
        return [
            "Not measured: no archive was named. With --home FOLDER this says how often its confirmed quotes were "
            "right, by the people who checked them by ear (review sample)."
        ]
    lines = [
        f"{found['confirmed_quotes']} quotes from recordings have a confirmed name. The reference is "
        f"{found['reference']}, of quotes drawn at random."
    ]
    for key, what in (("names", "Names"), ("names_on_evidence", "Names that no editor had given"), ("words", "Words")):
        one = found[key]
        if not one["checked"]:
            lines.append(f"{what}: not measured; nobody has checked any yet.")
            continue
        low, high = one["interval_95"]
        lines.append(
            f"{what}: {one['checked']} checked by people, {one['wrong']} wrong; right {percent(one['share'])}, 95 % "
            f"{between((low, high))} (Wilson)."
        )
    unsure = found["unsure_names"] + found["unsure_words"]
    if unsure or found["stale"]:
        lines.append(
            f"Not counted: {unsure} verdicts of people who were unsure, {found['stale']} on what has changed since."
        )
    return lines


def percent(share: float | None, digits: int = 1) -> str:
    """
    A share as people read it.

    >>> percent(0.1265), percent(None)
    ('12.7 %', '–')
    """
    return "–" if share is None else f"{100 * share:.{digits}f} %"


def between(interval: Sequence[float] | None, digits: int = 1) -> str:
    """
    An interval of shares.

    >>> between((0.1, 0.25))
    '10.0–25.0 %'
    """
    return "–" if interval is None else f"{100 * interval[0]:.{digits}f}–{100 * interval[1]:.{digits}f} %"


def points(share: float | None, *, sign: bool = True) -> str:
    """
    A difference of shares, in points of a hundred.

    >>> points(0.0123), points(-0.004), points(None)
    ('+1.2', '-0.4', '–')
    """
    return "–" if share is None else f"{100 * share:{'+' if sign else ''}.1f}"


def point_range(interval: Sequence[float] | None) -> str:
    """
    An interval of differences, in points.

    >>> point_range((-0.004, 0.01))
    '-0.4 to +1.0'
    """
    return "–" if interval is None else f"{points(interval[0])} to {points(interval[1])}"
