"""
Finds where people are named in talk: who says "I'm …", who is introduced, who is addressed.

Each name heard is sorted by the words around it into one of seven *ways*: `self` ("my name
is …"), `intro` ("my guest today is …"), `hint` (in a sentence about guests), `call` (said to
somebody: "thank you, …"), `refer` ("as … said"), `talk` (said about somebody) and `own` for
the weaker "this is …". Nothing here knows who exists;
`candidates` and `matching` say whom a name can mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from convarchive.domain.span import Span
from convarchive.domain.speech import SpeakerLabel
from convarchive.naming.floor import Stretch, Taking, Token

Way = Literal["self", "own", "intro", "hint", "call", "talk", "refer"]

_NOT_NAMES = frozenset(
    """i im ive id ill a an and are as at be but by can did do does for from had has have he her here hers hi him his
    how if in is isnt it its just let lets like me my no not now of oh ok okay on or our out she so some that thats the
    their them then there these they theyre this those to up us was we well were weve what whats when where which who
    whos why will with yes yeah yep you your youre youve hey hello thanks thank welcome right sure maybe also because
    which actually alright great awesome cool good nice sorry please anyway first today really exactly absolutely
    perfect definitely gosh wow man folks everyone everybody all any even every thing things after before again once
    youd wed theyd dont doesnt didnt cant wont wouldnt couldnt shouldnt ah uh um hmm mm mhm yup nope congrats cheers
    monday tuesday wednesday thursday friday saturday sunday january february march april june july august september
    october november december god jesus christ english american european see look listen listeners while until since
    though although unless""".split()
)
_LEADS = frozenset("thanks thank welcome hey hi hello yo congrats congratulations bye goodbye cheers sorry".split())
_SOFT = frozenset("so and well yeah yes okay ok right now alright but no oh because also then".split())
_LINKS = frozenset("van de der den von da di la le del dos du bin al st mc ter".split())

_SELF = re.compile(r"(?:^| )(?:i am|im|my name is|my names|name is|your hosts?|myself|i go by|call me|its me)$")
_OWN = re.compile(r"(?:^| )(?:this is|it is|its)$")
_INTRO = re.compile(
    r"(?:^| )(?:joined (?:today |once again |again |here |now |as always |by )*by(?: my| our| your)?"
    r"(?: (?:good |dear )?(?:friends?|co ?hosts?|guests?|colleagues?))?"
    r"|(?:special |first |next |our |my |todays |the )*guests?(?: today| for today| this week)?(?: is| are)?(?: the)?"
    r"|(?:my |our )?(?:fellow )?co ?hosts?(?: is| today is)?|panelists?(?: is| are)?"
    r"|(?:im |we are |were )?(?:here|sitting|chatting|speaking|talking|sitting down|hanging out)(?: today)? (?:with|to)"
    r"|(?:we|weve|i|ive|also)(?: also)? (?:have|got|have got)(?: with us)?"
    r"|with (?:us|me)(?: today| here| now| as always)*(?: is| we have| are)?"
    r"|introduce(?: you to)?|introducing|(?:have|having) on|on the show(?: is)?|please welcome|to welcome|"
    r"in the studio(?: is)?|invited|i have here|conversation with|interview with|thats)$"
)
_INTRO_AFTER = re.compile(
    r"^(?:is here|is with us|is joining|joins (?:us|me)|is our guest|is my guest|welcome|is also here|with us|"
    r"is on the (?:show|line)|here with us|is todays guest)(?: |$)"
)
_ABSENT = re.compile(
    r"\b(?:would have|normally|usually|next (?:week|time|episode|month)|last (?:week|time|episode|month)|couldnt|"
    r"(?:not|isnt|wasnt|unable|un ?available)(?: able)? (?:to )?(?:here|make|join|with us)|cant (?:be|make|join)|"
    r"on (?:holiday|vacation|leave)|is away|stuck at)\b"
)
"""Said of somebody who is presented although, or because, they are not in this conversation."""
_CUE = re.compile(
    r"\b(?:guests?|join(?:ed|ing|s)?|welcom\w*|introduc\w*|here with|back with|(?:we|i) have|weve got|panelists?"
    r"|(?:to|todays|this|the) (?:show|episode)|talk(?:ing)?(?: today| about)? with|say hello|voice|invit\w+"
    r"|co ?hosts?|brought (?:in|on|back)|interview\w*|speak(?:ing)? (?:to|with)|sit(?:ting)? down with|conversation)\b"
)
"""What is said when somebody is presented, before or after a remark or two."""
_THANKING = re.compile(r"\b(?:thanks|thank)\b")
_WINDOW = 24
"""Tokens within which a name and what presents its bearer belong together."""
_NEAR = 120
"""Tokens before a stretch's end in which somebody who is presented may still be the next voice."""
_AHEAD = 4
"""Stretches within which somebody who was presented begins to speak."""
_ADDRESSED = re.compile(
    r"^(?:welcome|thank|thanks|what|how|why|when|where|who|do|did|can|could|would|will|are|have|you|your|youre|youve|"
    r"tell|lets|let|maybe|i|im|id|we|so|please|is|it|its|that|thats|good|great|any|if|go|take|for|as|just)\b"
)
_POINT = re.compile(r"(?:^| )(?:like|as|what|to|with|echo|agree with|think)$")
_STANDS = frozenset("and from with here speaking at your by i im the one of a an for coming joining but so".split())
_ENDS = frozenset("who from and of with on here to for about today".split())
_BESIDE = re.compile(r"^and (?:i|im|ive|me|myself)\b")
"""Said after a name by somebody who cannot be its bearer: "Ada and I"."""
_SAYING = frozenset("said says was mentioned is just point pointed".split())
_ABOUT_AFTER = frozenset(
    "who whose which is was has had said says does and or he she they the a an our my from".split()
)


@dataclass(frozen=True, slots=True)
class Mention:
    """
    A name said in stretch `place` by voice `label`.

    `words` are the folded words of the capitalised run, `text` as written; `first` and
    `last` are token positions, `size` the stretch's length in tokens; `group` tells that
    the name stands in a list of names; `led` that a greeting or thanks stands before it,
    `thanks` that it was thanks; `asks` that a question holds or follows it; `hailed` that
    the first name follows at once ("… is Ada Example. Hello, Ada"). `before` and `after` are
    the voices beside the stretch; for somebody presented, `after` is the first
    of the next voices that was not heard before, if there is one (then `fresh`; `soon` if
    others speak first). `beside` tells that the speaker stands next to the name as somebody else
    ("Ada and I"). `taken` tells how that voice begins (see `floor.Stretch.taking`) and
    `reply` where; `early` that the speaker has only just begun to be heard; `torn` that it
    is unsure whose words these are.
    """

    way: Way
    label: SpeakerLabel
    place: int
    words: tuple[str, ...]
    text: str
    first: int
    last: int
    size: int
    span: Span
    group: bool = False
    led: bool = False
    thanks: bool = False
    asks: bool = False
    hailed: bool = False
    before: SpeakerLabel | None = None
    after: SpeakerLabel | None = None
    fresh: bool = False
    soon: bool = False
    reply: Span | None = None
    taken: Taking = ""
    early: bool = False
    torn: bool = False
    beside: bool = False

    @property
    def whole(self) -> bool:
        """Whether more than a first name was said."""
        return len(self.words) > 1


def mentions(floor: Sequence[Stretch]) -> tuple[Mention, ...]:
    """Every capitalised run that may name somebody, in order, with the way it is said."""
    met: dict[SpeakerLabel, int] = {}
    for stretch in floor:
        met.setdefault(stretch.label, stretch.place)
    return tuple(mention for stretch in floor for mention in _in_stretch(floor, stretch, met))


def _in_stretch(floor: Sequence[Stretch], stretch: Stretch, met: dict[SpeakerLabel, int]) -> Iterator[Mention]:
    tokens, place = stretch.tokens, stretch.place
    previous = floor[place - 1] if place else None
    runs = list(_runs(tokens))
    for number, (start, end) in enumerate(runs):
        if tokens[start].quoted:
            # Somebody else's words: a voice that quotes "I'm Ada" is not Ada.
            continue
        group = _listed(tokens, runs, number)
        way, led = _way(tokens, start, end, group)
        following = _following(floor, place, met, way in ("intro", "hint") and len(tokens) - end < _NEAR)
        fresh, hailed = following is not None and met[following.label] == following.place, _hailed(tokens, start, end)
        if way == "hint" and not fresh and not hailed:
            # Much is named near talk of guests; only where somebody new answers is it a presentation.
            way, following = "talk", _following(floor, place, met, False)
        yield Mention(
            way=way,
            label=stretch.label,
            place=place,
            words=tuple(t.folded for t in tokens[start:end]),
            text=" ".join(t.text for t in tokens[start:end]),
            first=start,
            last=end,
            size=len(tokens),
            span=tokens[start].span | tokens[end - 1].span,
            group=group,
            led=led,
            thanks=led and _thanks(tokens, start),
            asks=_asks(tokens, end),
            hailed=hailed,
            before=previous.label if previous else None,
            after=following.label if following else None,
            fresh=following is not None and met[following.label] == following.place,
            soon=following is not None and following.place > place + 1,
            reply=following.opening if following else None,
            taken=following.taking(floor[following.place - 1]) if following else "",
            early=place - met[stretch.label] <= 4,
            torn=_torn(tokens, previous, start, end, met[stretch.label] == place),
            beside=not tokens[end - 1].after and bool(_BESIDE.match(" ".join(t.folded for t in tokens[end : end + 2]))),
        )


def _following(floor: Sequence[Stretch], place: int, met: dict[SpeakerLabel, int], comes: bool) -> Stretch | None:
    """The stretch that answers: the next one, or where somebody `comes`, a newcomer's within the next few."""
    ahead = floor[place + 1 : place + 1 + (_AHEAD if comes else 1)]
    fresh = (stretch for stretch in ahead if met[stretch.label] == stretch.place)
    return next(fresh, ahead[0] if ahead else None)


def _hailed(tokens: Sequence[Token], start: int, end: int) -> bool:
    """Whether a whole name is followed by its first word, said to somebody."""
    if end - start < 2:
        return False
    first = tokens[start].folded
    for at in range(end, min(len(tokens), end + _WINDOW)):
        if tokens[at].folded == first and tokens[at].capital and not tokens[at].owns:
            return bool(tokens[at].after) and (tokens[at - 1].folded in _LEADS or tokens[at - 1].after != "")
    return False


def _thanks(tokens: Sequence[Token], start: int) -> bool:
    return bool(_THANKING.search(_before(tokens, start)))


def _torn(tokens: Sequence[Token], previous: Stretch | None, start: int, end: int, opens: bool) -> bool:
    """
    Whether a name may be another voice's word, or said to nobody beside it.

    It ends a sentence that another voice began ("Thank you, | Ada."), or a whole name is a
    voice's very first sentence: a newcomer's own, repeated, or a host's of a guest.
    """
    if start or tokens[end - 1].after != ".":
        return False
    begun = previous is not None and bool(previous.tokens) and previous.tokens[-1].after == ","
    return begun or (opens and end - start > 1)


def _runs(tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Positions of runs of capitalised words with no break inside, function words cut away."""
    i = 0
    while i < len(tokens):
        if not _names(tokens[i]) and not _will(tokens, i):
            i += 1
            continue
        end = i + 1
        while end < len(tokens) and not tokens[end - 1].after and not tokens[end - 1].owns and end - i < 5:
            if _names(tokens[end]):
                end += 1
            elif tokens[end].folded in _LINKS and end + 1 < len(tokens) and _names(tokens[end + 1]):
                end += 2
            else:
                break
        yield i, end
        i = end


def _will(tokens: Sequence[Token], at: int) -> bool:
    """Whether "Will" is a first name: inside a sentence, with another name after it."""
    if tokens[at].folded != "will" or not at or tokens[at - 1].after or tokens[at].after or at + 1 == len(tokens):
        return False
    return tokens[at].capital and _names(tokens[at + 1])


def _names(token: Token) -> bool:
    return token.capital and token.folded not in _NOT_NAMES and token.folded[:1].isalpha()


def _listed(tokens: Sequence[Token], runs: list[tuple[int, int]], number: int) -> bool:
    """Whether another name stands right beside this one: "Ada, Bo and Cy"."""
    for other in (number - 1, number + 1):
        if not 0 <= other < len(runs):
            continue
        (_, left), (right, _) = sorted((runs[number], runs[other]))
        between = [t.folded for t in tokens[left:right]]
        if between in ([], ["and"], ["or"]) and tokens[left - 1].after in ("", ",") and left <= right:
            return True
    return False


def _before(tokens: Sequence[Token], start: int) -> str:
    words: list[str] = []
    for i in range(start - 1, max(-1, start - 8), -1):
        if tokens[i].after in (".", "?"):
            break
        words.append(tokens[i].folded)
    return " ".join(reversed(words)).replace("  ", " ")


def _sentence(tokens: Sequence[Token], start: int, end: int) -> str:
    """The sentence that holds a name, and the beginning of the next one."""
    last = end - 1
    while last + 1 < len(tokens) and tokens[last].after not in (".", "?") and last - end < 20:
        last += 1
    return f"{_before(tokens, start)} {' '.join(t.folded for t in tokens[start : last + 8])}"


def _way(tokens: Sequence[Token], start: int, end: int, group: bool) -> tuple[Way, bool]:
    before, after = _before(tokens, start), [t.folded for t in tokens[end : end + 5]]
    closed = tokens[end - 1].after
    previous = tokens[start - 1] if start else None
    opens = previous is None or previous.after != "" or previous.folded in _SOFT
    if _POINT.search(before) and after[:1] and (after[0] in _SAYING or (tokens[end - 1].owns and after[0] == "point")):
        return "refer", False
    if tokens[end - 1].owns:
        return "talk", False
    comma = previous is not None and previous.after == ","
    if _SELF.search(before) and not (comma and not before.endswith(("host", "hosts", "myself"))):
        return ("self" if _stands(closed, after) else "talk"), False
    if _OWN.search(before) and not comma:
        return ("own" if _stands(closed, after) else "talk"), False
    if opens and after[:1] == ["here"] and tokens[end].after:
        return "self", False
    led = previous is not None and (previous.folded in _LEADS or before.endswith(("thank you", "welcome back")))
    if led and (closed or end == len(tokens) or after[:1] == ["for"]):
        return "call", True
    if comma and closed in (".", "?") and _THANKING.search(before):
        # "Thanks for joining us, Ada. See you next time." speaks of no other time than now.
        return "call", True
    if _ABSENT.search(_sentence(tokens, start, end)):
        return "talk", False
    if _INTRO.search(before) or (closed in ("", ",") and not group and _INTRO_AFTER.match(" ".join(after))):
        return "intro", False
    if _hinted(tokens, start, end):
        return "hint", False
    if group:
        return "talk", False
    if opens and closed and _called(tokens, start, end, after, closed):
        return "call", False
    return "talk", False


def _hinted(tokens: Sequence[Token], start: int, end: int) -> bool:
    """Whether a whole name stands within a few words after talk of guests, and ends a phrase."""
    if end - start < 2 or not (tokens[end - 1].after or end == len(tokens) or tokens[end].folded in _ENDS):
        return False
    return bool(_CUE.search(" ".join(token.folded for token in tokens[max(0, start - _WINDOW) : start])))


def _stands(closed: str, after: list[str]) -> bool:
    """Whether "I'm X" or "this is X" is a name and not the start of a longer phrase ("I'm Team Ada all the way")."""
    return bool(closed) or not after or after[0] in _STANDS


def _called(tokens: Sequence[Token], start: int, end: int, after: list[str], closed: str) -> bool:
    """Whether a name between two breaks is said to somebody."""
    opening = start == 0 or tokens[start - 1].after in (".", "?") or (tokens[start - 1].folded in _SOFT)
    if closed in (".", "?"):
        # "…, Ada." and "Ada?" are said to her; "So, Ada." too.
        return True
    if end - start > 1:
        # A whole name between commas describes ("the founder, Ada Example, says").
        return opening and bool(re.match(r"(?:welcome|thank|thanks|how|what)\b", " ".join(after)))
    if after[:1] and after[0] in _ABOUT_AFTER:
        return False
    return opening or bool(_ADDRESSED.match(" ".join(after)))


def _asks(tokens: Sequence[Token], end: int) -> bool:
    """Whether the sentence that holds the name, or the one after it, is a question."""
    stops = [t.after for t in tokens[end - 1 : end + 60] if t.after in (".", "?")]
    return "?" in stops[:2]
