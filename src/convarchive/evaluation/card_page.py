"""Writes the accuracy card for people: one page, in Markdown and in HTML, from the same parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from convarchive.evaluation.card_tables import (
    Table,
    archive_lines,
    by_voice_table,
    curve_table,
    kinds_table,
    models_table,
    names_table,
    recordings_table,
    references_table,
    settings_table,
    words_table,
)

Card = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of this level, 1 to 3."""

    text: str
    level: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    text: str


@dataclass(frozen=True, slots=True)
class Command:
    """A command line, as it was typed."""

    text: str


Part = Heading | Paragraph | Command | Table


def markdown(card: Card) -> str:
    """The page in Markdown."""
    return "\n\n".join(_marked(part) for part in page(card)) + "\n"


def html(card: Card) -> str:
    """The page in HTML, without scripts; whatever stands in the card is escaped."""
    environment = Environment(
        loader=PackageLoader("convarchive.evaluation", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    parts = [(type(part).__name__.casefold(), part) for part in page(card)]
    return environment.get_template("accuracy.html").render(parts=parts)


def page(card: Card) -> Iterator[Part]:
    """The page's parts in order."""
    yield Heading("Accuracy", 1)
    yield Paragraph(
        "How often words, voices and names were right, against references that people made; no figure here comes "
        "from comparing this archive's output with its own. Figures of recordings and of typed transcripts are never "
        "added up. Every figure was measured; none is a target."
    )
    yield Command(card["command"])
    yield Paragraph(
        f"convarchive {card['convarchive']}, {card['made']}. --data names the folder of references, which are no part "
        "of this archive. The same figures for machines are in accuracy.json; --runs FOLDER also writes the raw "
        "outputs for others to score: MODEL.ctm (words), MODEL.rttm (turns), MODEL.stm (words by voice), "
        "naming.CONDITION.csv (names)."
    )
    for name, write in (("words", _words), ("voices", _voices), ("names", _names)):
        yield Heading(name.capitalize(), 2)
        if card[name] is None:
            yield Paragraph(f"Not measured: {card['left_out'].get(name, 'it was left out')}.")
        else:
            yield from write(card[name])
    yield Heading("This archive", 2)
    for line in archive_lines(card["archive"]):
        yield Paragraph(line)
    yield Heading("What the references are", 2)
    yield references_table([card[name] for name in ("words", "voices", "names") if card[name] is not None])
    yield Heading("Models and settings", 2)
    yield models_table(card["models"])
    yield settings_table(card["settings"])


def _words(part: Card) -> Iterator[Part]:
    yield Paragraph(
        f"Measured on {part['material']}; {part['measure']}, both sides evened out by Whisper's English normaliser. "
        f"Intervals: 95 %, {part['interval']}. Utterances of one reader are alike, so the truth may lie further out."
    )
    yield words_table(part["rows"])
    if not part["registers"]:
        yield Paragraph(
            "No recording here comes with a register of the names that are said in it, so what hints gain cannot be "
            "measured on this data. What they cost can: with hints, each recording was heard with twelve invented "
            "names that nobody says. Change is the rate with hints less the rate without."
        )
    else:
        yield Paragraph(
            f"{part['registers']} of the recordings come with a register of names, which they were also heard with. "
            "Invented names are twelve that nobody says: what hints cost where they help nothing. Change is the rate "
            "with hints less the rate without."
        )
    yield Heading("Words by recording", 3)
    yield recordings_table([row for row in part["rows"] if row["hints"] == "none"])


def _voices(part: Card) -> Iterator[Part]:
    yield Paragraph(
        f"Measured on {part['material']}; {part['measure']}. Intervals: 95 %, {part['interval']}; so few recordings of "
        "such different kinds show little beyond themselves."
    )
    yield kinds_table(part["kinds"], part["all"])
    yield Heading("Voices by recording", 3)
    yield kinds_table([{**row, "kind": row["id"]} for row in part["recordings"]])
    yield Heading("Words by voice", 3)
    yield Paragraph(
        "cpWER is the word error rate when each word must also be with the right voice; what it has over WER is the "
        "price of words given to the wrong voice. Recordings with reference words only, which "
        "must be five for an interval."
    )
    yield by_voice_table(part["words_by_voice"])


def _names(part: Card) -> Iterator[Part]:
    sample = "" if part["every"] == 1 else f" (one in {part['every']}, in the file's order)"
    yield Paragraph(
        f"Measured on {part['material']}, {part['episodes']} episodes{sample}: {part['measure']}. The names are hidden "
        f"and given again by the product's own code. Intervals: {part['interval']}. People of under "
        f"{part['fewest_words']} words do not count as talk. Voices of one episode are judged together, so the bounds "
        "hold for voices like these, not for a show that is unlike them."
    )
    known = "; ".join(f"{name}: {what}" for name, what in part["conditions"].items())
    yield Paragraph(f"What was known beforehand: {known}.")
    for title, key in (("Held out: strengths of evidence were not counted here", "held_out"), ("All episodes", "all")):
        yield Heading(title, 3)
        if not part[key]["conditions"]:
            yield Paragraph("No episode.")
            continue
        yield Paragraph(f"{part[key]['episodes']} episodes.")
        yield names_table(part[key]["conditions"])
    held = part["held_out"] if part["held_out"]["conditions"] else part["all"]
    yield Heading("Confidence and right names", 3)
    yield Paragraph(
        f"All conditions together, {'held out' if held is part['held_out'] else 'all episodes'}; expected calibration "
        f"error {100 * held['calibration_error']:.1f} points."
    )
    yield curve_table(held["curve"])


def _marked(part: Part) -> str:
    if isinstance(part, Heading):
        return f"{'#' * part.level} {_plain(part.text)}"
    if isinstance(part, Command):
        return f"    {part.text}"
    if isinstance(part, Paragraph):
        return _plain(part.text)
    lines = [part.heads, tuple("---" for _ in part.heads), *part.rows]
    return "\n".join(_line(cells) for cells in lines)


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(_plain(cell) for cell in cells)} |"


def _plain(text: str) -> str:
    """Text that Markdown shows as it is, on one line."""
    for sign in "\\`*_[]<|":
        text = text.replace(sign, f"\\{sign}")
    return " ".join(text.split())
