"""
Writes real talk down as a plain recogniser hears it: small letters, no punctuation, names spelt by their sound.

Only for measuring what is lost. The misspelling is always the same for the same name, and
the speakers' own names alone are misspelt: common words have one spelling.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from functools import lru_cache

from convarchive.naming.matching import fold, parts

_SWAPS = (
    ("ph", "f"), ("ck", "k"), ("c(?=[aou])", "k"), ("c(?=[eiy])", "s"), ("x", "cks"), ("ei|ie", "ee"), ("y$", "ie"),
    ("(?<=.)y(?=.)", "i"), ("([bdfglmnprst])\\1", "\\1"), ("z", "s"), ("th", "t"), ("e$", ""), ("ou", "oo"), ("w", "v"),
    ("k(?=[aou])", "c"), ("(?<=[aeiou])n$", "nn"), ("er$", "ar"), ("on$", "en"), ("o(?=[^aeiou])", "a"),
)  # fmt: skip
"""Spellings that an ear cannot tell apart, or hardly."""


@lru_cache(maxsize=65536)
def by_ear(name: str) -> str:
    """One word of a name as somebody might spell it who only heard it; words of three letters stay."""
    if len(name) < 4:
        return name
    chance = int(hashlib.sha256(name.encode()).hexdigest(), 16)
    fitting = [(pattern, to) for pattern, to in _SWAPS if re.search(pattern, name)]
    if not fitting or chance % 3 == 0:
        # A recogniser knows many names and spells a good part of them as their bearers do.
        return name
    pattern, to = fitting[chance // 3 % len(fitting)]
    return re.sub(pattern, to, name, count=1)


def misheard(turns: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """The same turns as an ear hears them; who speaks stays as it is."""
    names = {word for speaker in {who for who, _ in turns} for word in parts(speaker)}
    return tuple((who, " ".join(_heard(word, names) for word in text.split())) for who, text in turns)


def _heard(word: str, names: set[str]) -> str:
    bare = "".join(c for c in word.replace("’", "'").lower() if c.isalnum() or c in "'-").strip("'-")
    owner = bare.endswith("'s")
    plain = fold(bare)
    if plain in names:
        return by_ear(plain) + ("'s" if owner else "")
    return bare
