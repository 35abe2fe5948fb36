"""
Checks that a quote's printed form keeps the words as said, and says what was changed in it.

What may be done, and has to be marked: words left out are `[...]`; words put in, or put in the
place of others, stand in brackets, whole (`[the council]`) or within a word (`[W]e`,
`walk[ed]`). Unmarked are only: another kind of quotation mark, apostrophe or dash; a full
stop, comma, colon, semicolon or dash that is put, dropped or changed behind a word (in print
only beside a mark or at the end); and a first letter's case at the beginning, after a mark
or after such a change. All but the first are told of like the marked ones.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from convarchive.alignment.words import units
from convarchive.errors import BadInput

OMISSION = "[...]"
MOST_IN_BRACKETS = 12
"""Words in one pair of brackets; more would be a text of one's own."""
LONGEST = 10_000
"""Characters of an edited form."""

_OMISSIONS = frozenset({"...", "…", ". . ."})
_STOPS = ".,;:-"
_ALIKE = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"',
                        "–": "-", "—": "-", "‑": "-"})  # fmt: skip
_NEGATIONS = frozenset("not no never none nobody nothing nowhere neither nor without hardly barely".split())
_AFAR = 1 << 30


@dataclass(frozen=True, slots=True)
class Marked:
    """A printed form that keeps the words as said, with what was changed, in words."""

    text: str
    edits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Piece:
    """A word of the edited form, or a mark in it; `before` and `behind` are the signs around its `core`."""

    kind: Literal["word", "within", "omission", "bracket"]
    text: str
    before: str
    core: str
    behind: str


def marked(edited: str, verbatim: Sequence[str], *, in_print: bool = False) -> Marked:
    """
    The printed form `edited` of the words `verbatim`, checked.

    `verbatim` are the words as said or printed, one unbroken piece (excerpt) each; between
    two of them something is left out already. Raises BadInput that names the first word
    which differs without a mark.

    >>> marked("[The council] give [...] away.", ["They give, well, all their power away."]).edits
    ('put [The council] for “They”', 'wrote “give” for “give,”', 'left out “well, all their power”')
    """
    if len(edited) > LONGEST:
        raise BadInput(f"text: longer than {LONGEST} characters; a quote's printed form is as long as the quote")
    pieces = _pieces(edited)
    words = [_word(text) for text in _tokens(f" {OMISSION} ".join(verbatim))]
    steps = _steps(pieces, words, in_print)
    for piece, (start, end) in zip(pieces, steps, strict=True):
        _check_signs(piece, words[start:end])
    if not any(piece.kind in ("word", "within") for piece in pieces):
        raise BadInput("text: none of the words as said is left; withhold or withdraw the quote instead")
    return Marked(" ".join(piece.text for piece in pieces), tuple(_told(pieces, words, steps)))


# -- reading --------------------------------------------------------------------------


def _tokens(text: str) -> list[str]:
    """Pieces between spaces, brackets kept whole; a lone dash or stop belongs to the word before it."""
    found: list[str] = []
    for token in re.findall(r"(?:\[[^\[\]]*\]|\S)+", text):
        if found and all(c in "–—-.,;:" for c in token) and not token.startswith(".."):
            found[-1] += f" {token}"
        else:
            found.append(token)
    return found


def _pieces(edited: str) -> list[_Piece]:
    text = " ".join(edited.split())
    if any(unicodedata.category(c) in ("Cc", "Cf") and c not in "\u200c\u200d" for c in text):
        raise BadInput("text: holds control characters; type it anew")
    if re.search(r"\[[^\]]*(\[|$)", text) or re.search(r"(^|\])[^\[]*\]", text):
        raise BadInput("text: a bracket is opened and not closed, closed and not opened, or stands within another")
    pieces = [_piece(token) for token in _tokens(text)]
    if not pieces:
        raise BadInput("text: is empty; withhold or withdraw the quote instead")
    return pieces


def _piece(token: str) -> _Piece:
    whole = re.fullmatch(r"([^\w\[\]]*)\[([^\[\]]*)\]([^\w\[\]]*)", token)
    if whole is None:
        if "[" not in token:
            return _word(token)
        if any(inside.strip() in _OMISSIONS for inside in re.findall(r"\[([^\]]*)\]", token)):
            raise BadInput(f"text: {_short(token)}: put a space before and behind {OMISSION}")
        if any(not inside.isalpha() for inside in re.findall(r"\[([^\]]*)\]", token)):
            raise BadInput(f"text: {_short(token)}: brackets within a word hold letters only")
        before, core, behind = re.fullmatch(r"([^\w\[]*)(.*?)([^\w\]]*)", _plain(token)).groups()  # type: ignore[union-attr]
        return _Piece("within", token, before, core, behind)
    before, inside, behind = whole.groups()
    inside = " ".join(inside.split())
    if inside in _OMISSIONS:
        return _Piece("omission", f"{before}{OMISSION}{behind}", _plain(before), "", _plain(behind))
    if not any(c.isalnum() for c in inside):
        raise BadInput(f"text: {_short(token)}: brackets hold words, or three dots for words left out")
    if len(inside.split()) > MOST_IN_BRACKETS:
        raise BadInput(f"text: {_short(token)}: more than {MOST_IN_BRACKETS} words in brackets are no quote any more")
    return _Piece("bracket", f"{before}[{inside}]{behind}", _plain(before), inside, _plain(behind))


def _word(token: str) -> _Piece:
    before, core, behind = _parts(token)
    return _Piece("word", token, before, core, behind)


def _parts(token: str) -> tuple[str, str, str]:
    """Signs before, the word, signs behind; a token without letters or digits is a word of its own."""
    text = _plain(token)
    found = re.fullmatch(r"([^\w\[\]]*)(.*?)([^\w\[\]]*)", text)
    if found is None or not found[2]:
        return "", text, ""
    return found[1], found[2], found[3]


def _plain(text: str) -> str:
    return re.sub(r"\.{2,}", "\u2026", text.translate(_ALIKE)).replace(" ", "").replace("--", "-")


# -- matching -------------------------------------------------------------------------


def _steps(pieces: Sequence[_Piece], words: Sequence[_Piece], in_print: bool) -> list[tuple[int, int]]:
    """
    Which words [from, to) each piece stands for.

    Of all ways to read the marks the one is taken in which least is put in the place of
    something else. Raises BadInput at the first piece that no way leads to.
    """
    rows = [[0] + [_AFAR] * len(words)]
    origins: list[list[int]] = []
    for n, piece in enumerate(pieces):
        row, origin = _next_row(pieces, n, words, rows[-1], in_print)
        if min(row) >= _AFAR:
            raise BadInput(_strange(piece, words, _furthest(rows[-1]), n > 0 and _is_mark(pieces[n - 1])))
        rows.append(row)
        origins.append(origin)
    if rows[-1][-1] >= _AFAR:
        missing = " ".join(word.text for word in words[_furthest(rows[-1]) :])
        raise BadInput(
            f"text: ends too early; the words go on “{_short(missing)}”; put {OMISSION} for what is left out"
        )
    steps: list[tuple[int, int]] = []
    end = len(words)
    for origin in reversed(origins):
        steps.append((origin[end], end))
        end = origin[end]
    return steps[::-1]


def _next_row(
    pieces: Sequence[_Piece], n: int, words: Sequence[_Piece], row: Sequence[int], in_print: bool
) -> tuple[list[int], list[int]]:
    """The least cost of reaching each word behind one more piece, and from which word."""
    piece = pieces[n]
    found, origin = [_AFAR] * len(row), [-1] * len(row)
    if piece.kind in ("word", "within"):
        for j in range(len(words)):
            if row[j] < _AFAR and _fits(pieces, n, words, j, in_print):
                found[j + 1], origin[j + 1] = row[j], j
        return found, origin
    # A mark takes any number of words: the cheapest beginning so far is the cheapest for every end.
    each, least = (2, 1) if piece.kind == "omission" else (3, 0)
    best, at = _AFAR, -1
    for j in range(len(row)):
        arriving = j - least
        if arriving >= 0 and row[arriving] < best + each * (arriving - at):
            best, at = row[arriving], arriving
        if best < _AFAR:
            found[j], origin[j] = best + each * (j - at), at
    for j, word in enumerate(words):
        # The mark may stand in the words already: then nothing is changed.
        if row[j] < found[j + 1] and _plain(piece.text) == _plain(word.text):
            found[j + 1], origin[j + 1] = row[j], j
    return found, origin


def _fits(pieces: Sequence[_Piece], n: int, words: Sequence[_Piece], j: int, in_print: bool) -> bool:
    """Whether a piece may stand for a word, by its signs and then by its letters."""
    piece, word = pieces[n], words[j]
    if piece.before != word.before or _without_stops(piece.behind) != _without_stops(word.behind):
        return False
    beside = n + 1 == len(pieces) or _is_mark(pieces[n + 1])
    if piece.behind != word.behind and in_print and not beside:
        return False
    if piece.kind == "within":
        parts = re.split(r"(\[[^\]]*\])", piece.core)
        pattern = "".join(".*" if part[:1] == "[" else re.escape(part) for part in parts)
        return re.fullmatch(pattern, word.core) is not None
    if piece.core == word.core:
        return True
    if piece.core[1:] != word.core[1:] or piece.core[:1].casefold() != word.core[:1].casefold():
        return False
    # A capital comes and goes where a sentence begins anew.
    return n == 0 or _is_mark(pieces[n - 1]) or (j > 0 and pieces[n - 1].behind != words[j - 1].behind)


def _check_signs(piece: _Piece, taken: Sequence[_Piece]) -> None:
    """Raise BadInput where a mark brings quotation marks, brackets or the like that none of its words had."""
    if not _is_mark(piece):
        return
    before, behind = (taken[0].before, _without_stops(taken[-1].behind)) if taken else ("", "")
    if piece.before not in ("", before) or _without_stops(piece.behind) not in ("", behind):
        raise BadInput(f"text: {_short(piece.text)}: only stops may be added beside a mark; take the other one out")


def _without_stops(signs: str) -> str:
    return "".join(c for c in signs if c not in _STOPS)


def _is_mark(piece: _Piece) -> bool:
    return piece.kind in ("omission", "bracket")


def _furthest(row: Sequence[int]) -> int:
    return max(j for j, cost in enumerate(row) if cost < _AFAR)


def _strange(piece: _Piece, words: Sequence[_Piece], at: int, after_mark: bool) -> str:
    if piece.kind == "omission":
        last = words[at - 1].text if at else ""
        return f"text: nothing is left out at {OMISSION} behind “{_short(last)}”; take it away"
    if after_mark:
        return (
            f"text: “{_short(piece.text)}” is not among the words that follow the mark before it; "
            "put what nobody said in brackets"
        )
    ahead = " ".join(word.text for word in words[at : at + 5]) or "nothing more"
    return (
        f"text: “{_short(piece.text)}” is not what was said there, which is “{_short(ahead)}”; "
        f"put {OMISSION} for words left out, and brackets around words put in"
    )


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"


# -- telling --------------------------------------------------------------------------


def _told(pieces: Sequence[_Piece], words: Sequence[_Piece], steps: Sequence[tuple[int, int]]) -> list[str]:
    told: list[str] = []
    for piece, (start, end) in zip(pieces, steps, strict=True):
        taken = words[start:end]
        text = " ".join(word.text for word in taken)
        if len(taken) == 1 and _plain(piece.text) == _plain(text):
            continue
        if piece.kind == "omission" and text not in _OMISSIONS:
            told.append(f"left out “{text}”{_negating(taken, '')}")
        elif piece.kind == "bracket" and not taken:
            told.append(f"put in [{piece.core}]{_negating(taken, piece.core)}")
        elif piece.kind == "bracket":
            told.append(f"put [{piece.core}] for “{text}”{_negating(taken, piece.core)}")
        else:
            instead = piece.text.replace("[", "").replace("]", "")
            told.append(f"wrote “{piece.text}” for “{text}”{_negating(taken, instead)}")
    return told


def _negating(taken: Sequence[_Piece], instead: str) -> str:
    """A warning where negations go or come, which may turn the meaning round."""
    before = sum(unit.key in _NEGATIONS for unit in units([word.text for word in taken]))
    after = sum(unit.key in _NEGATIONS for unit in units(instead.split()))
    return " (a negation)" if before != after else ""
