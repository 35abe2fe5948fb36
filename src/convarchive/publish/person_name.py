"""
Splits a person's name the way reference managers file people: family's name, given names, suffix.

What stands before a name (Dr, Lord, Cllr) and the honours and degrees behind it (MBE, PhD) are no part of it, or the
same person would be filed twice; a generation (Jr, III) is. Names that do not plainly split are left whole: one word,
organisations, other scripts than Latin.
"""

from __future__ import annotations

import unicodedata

from convarchive.naming.matching import TITLES

_KIN = frozenset({"uncle", "aunt"})
"""Words before a name when it is spoken, never as a style."""
_STYLES = (TITLES - _KIN) | frozenset(
    "master madam mme herr frau señor señora sheikh rabbi imam canon bishop archbishop archdeacon deacon pastor revd "
    "fr saint viscount viscountess countess honourable honorable the alderman justice judge senator ambassador mayor "
    "minister president lieutenant colonel brigadier sergeant captain admiral general commander commodore lt col capt "
    "gen sgt maj cdr brig assoc assistant associate emeritus emerita".split()
)
"""Words that stand before a name. Those that are common first names too (Dean, Earl, Major, Prince) are left out."""
_PEERAGE = frozenset("lord lady baron baroness viscount viscountess countess".split())
"""A person styled so may be called after a place as well: Lord Ben Sample of Example."""
_HONOURS = frozenset(
    "ch om kg kt kc qc cb cbe mbe obe kbe dbe gbe kcb dcb gcb cmg kcmg dcmg gcmg cvo mvo lvo kcvo dcvo bem qpm dl jp "
    "mp msp ms mla mep mlc md phd dphil dsc edd dba ma msc mba mpa mphil ba bsc beng llb llm rn rgn frs frse fba "
    "fmedsci facss frsa frcn frcp frcs frcgp frcpsych fcipd cfa cpa".split()
)
"""Honours, offices and degrees behind a name."""
_GENERATIONS = frozenset("jr jnr junior sr snr senior ii iii iv".split())
_PARTICLES = frozenset("van von de der den del della di da du la le st st.".split())
"""Small words that open a family's name, however they are written."""
_ORGANISED = frozenset(
    "association authority board bureau centre center charity church club coalition college commission committee "
    "community company consortium co-operative cooperative council department federation forum foundation fund group "
    "hospital inc institute limited llp ltd ministry movement network nhs office organisation organization panel "
    "parliament partnership plc press project school service services society team trust union university and".split()
)
"""Words of which one makes a name an organisation's, or several people's."""
_MOST = 5
"""Words of a name that still splits plainly."""


def csl_name(name: str) -> dict[str, str]:
    """
    A person's name as CSL-JSON has it: family, given and maybe suffix; one `literal` piece where that is not plain.

    The last word of a Latin-script name is taken for the family's, with the small words before it.

    >>> csl_name("Dr Ada van Example, MBE"), csl_name("Ben Sample Jr")
    ({'family': 'van Example', 'given': 'Ada'}, {'family': 'Sample', 'given': 'Ben', 'suffix': 'Jr'})
    >>> csl_name("Lord Example of Sample"), csl_name("例子"), csl_name("Example Trust")
    ({'literal': 'Lord Example of Sample'}, {'literal': '例子'}, {'literal': 'Example Trust'})
    """
    words, suffix = _without_rear(name)
    words = _without_front(words)
    if not _plain(words):
        return {"literal": name}
    last = len(words) - 1
    first = next((n for n in range(1, last) if words[n][0].islower() or words[n].casefold() in _PARTICLES), last)
    parts = {"family": " ".join(words[first:]), "given": " ".join(words[:first])}
    return parts | ({"suffix": suffix} if suffix else {})


def inverted(person: dict[str, str]) -> str:
    """
    A name in CSL's parts with the family's first, as RIS wants it; a literal one as it stands.

    >>> inverted(csl_name("Ben Sample Jr"))
    'Sample, Ben, Jr'
    """
    if "family" not in person:
        return person["literal"]
    return ", ".join(person[part] for part in ("family", "given", "suffix") if part in person)


def _without_rear(name: str) -> tuple[list[str], str]:
    """The words without the honours behind them, and the generation that stood there."""
    words, suffix = name.split(), ""
    while len(words) > 2:
        word = _bare(words[-1])
        if word in _GENERATIONS and not suffix:
            suffix = words[-1].strip(",")
        elif not _is_honour(words[-1]):
            break
        del words[-1]
        words[-1] = words[-1].rstrip(",")
    return words, suffix


def _is_honour(word: str) -> bool:
    # Ma and Ba are families' names, MA and BA degrees.
    written = word.strip("().,")[1:]
    return _bare(word) == "esq" or (_bare(word) in _HONOURS and written.casefold() != written)


def _without_front(words: list[str]) -> list[str]:
    """The words without styles before them; as they were where fewer than two would be left."""
    first = next((n for n, word in enumerate(words) if _bare(word) not in _STYLES), len(words))
    if [_bare(word) for word in words[:first]] == ["the"]:
        # "The Lord Ben Sample" is a person, "The Example Hour" is none.
        return words
    left = words[first:]
    if first and left and any(_bare(word) in _PEERAGE for word in words[:first]):
        place = next((n for n, word in enumerate(left) if word == "of"), len(left))
        left = left[:place]
    return left if len(left) > 1 else words


def _plain(words: list[str]) -> bool:
    return (
        2 <= len(words) <= _MOST
        and all(_is_latin(word) for word in words)
        and not any(_bare(word) in _ORGANISED or word in ("of", "for") for word in words)
        and _bare(words[0]) not in _STYLES
        and words[0][0].isupper()
        and words[-1][0].isupper()
    )


def _bare(word: str) -> str:
    return word.casefold().strip("(),").replace(".", "")


def _is_latin(word: str) -> bool:
    letters = word.replace("-", "").replace("'", "").replace("’", "").removesuffix(".")
    # Initials may stand together: A.B.
    letters = letters.replace(".", "") if all(len(one) == 1 for one in letters.split(".")) else letters
    return bool(letters) and all(c.isalpha() and unicodedata.name(c, "").startswith("LATIN") for c in letters)
