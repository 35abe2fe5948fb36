"""How the pages say things: clocks, dates, and what each status means in plain words."""

from __future__ import annotations

from datetime import date
from urllib.parse import quote as url_quote

from convarchive.domain.audience import Audience
from convarchive.domain.quote import Clearance, TextStatus
from convarchive.domain.speaker import Family, Role, Status
from convarchive.store.views import QuoteView

NAME: dict[Status, str] = {
    "confirmed": "confirmed",
    "probable": "probable",
    "printed": "name as printed",
    "unattributed": "speaker not identified",
}

NAME_MEANS: dict[Status, str] = {
    "confirmed": "The name rests on two kinds of evidence, one of them heard in or next to the voice, or on an editor.",
    "probable": "The evidence is not enough: one kind alone, a first name alone, a spelling only heard, or something "
    "that speaks against it. Check the name before you repeat it.",
    "printed": "The name stands beside the words in print. No voice was compared.",
    "unattributed": "Nobody could be named on evidence, so nobody is.",
}

TEXT: dict[TextStatus, str] = {
    "heard": "words heard by machine, not checked",
    "checked": "words checked by ear",
    "printed": "as printed; not checked against audio",
}

CLEARANCE: dict[Clearance, str] = {
    "cleared": "cleared for publication",
    "unreviewed": "not cleared for publication",
    "withheld": "withheld; not for publication",
    "withdrawn": "withdrawn; not for publication",
}


def openness(view: QuoteView) -> str:
    """Whether a quote may be published, and from when where an embargo has not ended yet."""
    if view.clearance == "unreviewed" and view.cleared:
        return f"under embargo; cleared for publication from {day(view.cleared.day)} on"
    return CLEARANCE[view.clearance]


FAMILY: dict[Family, str] = {
    "metadata": "From the feed",
    "self": "The voice itself",
    "others": "Others’ words",
    "voice": "Likeness of voice",
    "print": "In print",
    "publisher": "Publisher’s transcript",
    "editor": "An editor",
}

ROLE: dict[Role, str] = {"host": "host", "guest": "guest", "other": ""}

ROLES: dict[str, str] = {"host": "Hosts", "guest": "Guests", "other": "Others"}
SOURCES: dict[str, str] = {"audio": "Heard in a recording", "document": "In print"}
CLEARANCES: dict[str, str] = {
    "cleared": "Cleared for publication",
    "unreviewed": "Not reviewed yet",
    "withheld": "Withheld",
    "withdrawn": "Withdrawn",
}

VIEW: dict[Audience, str] = {
    "public": "Public view: cleared quotes only",
    "researcher": "Researcher’s view",
    "comms": "Communications view",
    "editor": "Editor’s view",
}

FICTION = "fictional sample"


def correction(contact: str | None, quote: str) -> str | None:
    """
    Where somebody asks for a quote to be corrected or withdrawn: the contact, with the quote named where that can be.

    >>> correction("archive@example.org", "q1")
    'mailto:archive@example.org?subject=Correct%20or%20withdraw%3A%20q1'
    """
    if contact is None or "@" not in contact or contact.startswith(("http://", "https://")):
        return contact
    return f"mailto:{contact}?subject={url_quote(f'Correct or withdraw: {quote}', safe='')}"


def clock(ms: int) -> str:
    """
    A moment of a recording, given in milliseconds.

    >>> clock(61_500), clock(3_661_000)
    ('1:01', '1:01:01')
    """
    minutes, seconds = divmod(ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def length(ms: int) -> str:
    """
    How long something lasts, given in milliseconds, as people say it.

    >>> length(4_500), length(1_800_000), length(5_400_000)
    ('5 s', '30 min', '1 h 30 min')
    """
    seconds = max(1, (ms + 500) // 1000)
    if seconds < 60:
        return f"{seconds} s"
    hours, minutes = divmod((seconds + 30) // 60, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def opening(text: str, most: int = 120) -> str:
    """
    How a longer text begins, cut between words.

    >>> opening("How people lead, and what it asks of them.", 24)
    'How people lead, and …'
    >>> opening("Where ships lie.")
    'Where ships lie.'
    """
    if len(text) <= most:
        return text
    return text[: most - 1].rpartition(" ")[0].rstrip(" ,;:.–-") + " …"


def day(published: str | None) -> str | None:
    """
    An ISO date or date-time as a day; what is no date stays as it is.

    >>> day("2031-01-05T10:00:00+00:00")
    '5 January 2031'
    """
    if published is None:
        return None
    try:
        found = date.fromisoformat(published[:10])
    except ValueError:
        return published
    return f"{found.day} {_MONTHS[found.month - 1]} {found.year}"


_MONTHS = "January February March April May June July August September October November December".split()
