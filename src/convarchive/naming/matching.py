"""
Tells whether two spellings can be the same person's name.

A recogniser writes names as it hears them: `Eryk Sampel` for Erik Sample. Two words are
*alike* when they are equal once case and accents are gone, when one is a usual short form
of the other, or when they sound the same and differ by few letters. The phonetic key is a
small one of our own in the spirit of Metaphone (Philips, 1990): consonant sounds only, with
the spellings that English hears alike made one.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_SHORT_FORMS = (
    "alexander alex sasha xander", "alexandra alex sasha sandra", "andrew andy drew", "anthony tony",
    "benjamin ben benny", "catherine katherine kathryn cathy kathy kate katie cat", "charles charlie chuck",
    "christopher chris", "christine christina chris tina", "christian chris", "daniel dan danny",
    "david dave", "deborah debbie deb", "donald don", "douglas doug", "edward ed eddie ted",
    "elizabeth liz beth lizzie betty eliza", "frederick fred freddie", "geoffrey jeffrey geoff jeff",
    "gregory greg", "jacob jake", "james jim jimmy jamie", "jennifer jen jenny", "jessica jess jessie",
    "jonathan jon jonny", "john jack johnny", "joseph joe joey", "joshua josh", "kenneth ken kenny", "kimberly kim",
    "lawrence larry laurence", "leonard leo len", "margaret maggie meg peggy", "matthew mat matt", "michael mike mick",
    "nathan nate", "nathaniel nate nathan", "nicholas nick nicolas", "nicole nicky nikki", "oliver ollie",
    "pamela pam", "patrick pat paddy", "patricia pat tricia trish", "peter pete", "philip phillip phil",
    "raymond ray", "rebecca becky becca", "richard rich richie rick dick", "robert rob bob bobby robbie", "ronald ron",
    "samuel sam", "samantha sam", "stephen steven steve", "stephanie steph", "susan sue suzanne", "terence terry",
    "theodore ted theo", "thomas tom tommy", "timothy tim", "tobias toby", "victoria vicky tori", "victor vic",
    "vincent vince", "william will bill billy liam", "zachary zach zack",
)  # fmt: skip

TITLES = frozenset(
    "mr mrs ms miss mx dr prof professor sir dame lord lady baroness baron rev reverend cllr councillor "
    "doctor hon rt sister father uncle aunt".split()
)
"""Words before a name that are no part of it."""

_PARTICLES = frozenset("van de der den von da di la le del dos du bin ibn al st mc mac o ter ten".split())
_HOMES: dict[str, frozenset[int]] = {}
for _number, _row in enumerate(_SHORT_FORMS):
    for _form in _row.split():
        _HOMES[_form] = _HOMES.get(_form, frozenset()) | {_number}
_FORMAL = {row.split()[0]: number for number, row in enumerate(_SHORT_FORMS)}

_SOUNDS = (
    (r"^(kn|gn|pn)", "n"), (r"^wr", "r"), (r"^x", "s"), (r"^wh", "w"), (r"ough|augh", "f"), (r"ght", "t"),
    (r"mb$", "m"), (r"tch", "x"), (r"sch|sh|tio|sio|cia", "x"), (r"ch$|ch(?=[aeiouy])", "x"), (r"ch", "k"),
    (r"ph", "f"), (r"th", "t"), (r"ck|cq|q", "k"), (r"c(?=[eiy])", "s"), (r"c", "k"), (r"dg(?=[eiy])", "j"),
    (r"x", "ks"), (r"z", "s"), (r"v", "f"), (r"w(?![aeiouy])|(?<=[aeiouy])gh", ""), (r"gh|g(?![eiy])", "k"),
    (r"g", "j"), (r"d$", "t"), (r"h", ""),
)  # fmt: skip
_COMPILED = tuple((re.compile(pattern), sound) for pattern, sound in _SOUNDS)


@lru_cache(maxsize=65536)
def fold(word: str) -> str:
    """The word in small letters without accents, punctuation or a possessive's ending."""
    word = re.sub(r"['’]s$", "", word.strip('.,;:!?…"“”()[]'))
    word = word.casefold().replace("ø", "o").replace("ł", "l").replace("ß", "ss").replace("æ", "ae").replace("đ", "d")
    decomposed = unicodedata.normalize("NFKD", word)
    return "".join(c for c in decomposed if c.isalnum())


@lru_cache(maxsize=65536)
def sound(word: str) -> str:
    """How a folded word sounds, as a short key: same key, same sound to an English ear."""
    key = word
    for pattern, replacement in _COMPILED:
        key = pattern.sub(replacement, key)
    head = "a" if key[:1] in "aeiouy" and key[:1] else ""
    return head + re.sub(r"(.)\1+", r"\1", re.sub(r"[aeiouy]", "", key))


def distance(left: str, right: str) -> int:
    """Letters to insert, delete, replace or swap with a neighbour (Damerau's restricted edit distance)."""
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        older, before, row = before, row, [i]
        for j, b in enumerate(right, 1):
            best = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                best = min(best, older[j - 2] + 1)
            row.append(best)
    return row[-1]


@lru_cache(maxsize=262144)
def alike(left: str, right: str) -> float:
    """
    How far two folded words can be one name: 1 equal, 0.95 a short form, 0.9 same sound,
    0.75 nearly the same sound, 0 otherwise.
    """
    if left == right:
        return 1.0 if left else 0.0
    if not left or not right:
        return 0.0
    if _short_form(left, right):
        return 0.95
    if min(len(left), len(right)) < 3 or (left in _FORMAL and right in _FORMAL):
        return 0.0
    longest = max(len(left), len(right))
    if longest <= 4 and left[0] != right[0] and left[0] in "aeiou" and right[0] in "aeiou":
        # In so short a word the first vowel is half of what is heard: Ada is not Ida.
        return 0.0
    same = sound(left) == sound(right)
    if abs(len(left) - len(right)) > max(2, longest // 3) or (longest < 6 and not same):
        # Nothing below can hold, and counting letters is slow.
        return 0.0
    apart = distance(left, right)
    if same and apart <= (1 if longest <= 4 else max(2, longest // 3)):
        return 0.9
    if longest >= 6 and apart <= longest // 5 and left[0] == right[0]:
        return 0.75
    if longest >= 6 and distance(sound(left), sound(right)) <= 1 and apart <= longest // 3:
        return 0.75
    return 0.0


def _short_form(left: str, right: str) -> bool:
    shared = _HOMES.get(left, frozenset()) & _HOMES.get(right, frozenset())
    # Two formal names that share a short form (Alexander, Alexandra) are two names.
    return bool(shared) and not (left in _FORMAL and right in _FORMAL)


@lru_cache(maxsize=65536)
def parts(name: str) -> tuple[str, ...]:
    """The folded words of a name, titles, bracketed remarks and single initials left out."""
    bare = re.sub(r"\(.*?\)|\".*?\"|“.*?”", " ", name.split(",")[0])
    words = [fold(word) for word in re.split(r"[\s\-–]+", bare)]
    kept = [word for word in words if word and not word.isdigit()]
    while len(kept) > 1 and kept[0] in TITLES:
        kept = kept[1:]
    inner = [word for i, word in enumerate(kept) if len(word) > 1 or i in (0, len(kept) - 1)]
    return tuple(inner)


def same_name(left: tuple[str, ...], right: tuple[str, ...]) -> float:
    """
    How far two whole names (tuples of `parts`) can be one person's: 0 to 1.

    First and last words must both be alike, or a run of the longer one's words must
    spell the shorter; a first name alone is never the same as a whole name here.
    """
    if len(left) < 2 or len(right) < 2:
        return 1.0 if left == right else 0.0
    short, long = sorted((left, right), key=len)
    if any(long[at : at + len(short)] == short for at in range(1, len(long) - len(short) + 1)):
        # Called by a second first name: "Mara Example" is Ofbord Mara Example.
        return 0.9
    first, last = alike(left[0], right[0]), alike(left[-1], right[-1])
    if not first and last == 1 and min(len(left[0]), len(right[0])) >= 3:
        # With the same surname any shortening will do: "Quen Sample" is Quentin Sample.
        first = 0.9 if left[0].startswith(right[0]) or right[0].startswith(left[0]) else 0.0
    if not last:
        # Recognisers split and join surnames: "Kettle Sen" for Kettlesen.
        last = 0.9 * alike("".join(left[1:]), "".join(right[1:]))
    if not last:
        # One of two surnames may be dropped: "Mara Ofbord Example" is also "Mara Ofbord".
        tails = [word for word in left[1:] if word in right[1:] and word not in _PARTICLES]
        last = 0.8 if tails else 0.0
    if first == 0.75 and last < 1:
        return 0.0
    return min(first, last)
