"""Invented sentences, as many as are wanted and always the same ones, for measurements that need no real words."""

from __future__ import annotations

import random
from collections.abc import Iterator

_WHO = """people who share a street|a council that listens|nobody in the harbour|every volunteer|the night shift
a town without a map|my neighbours|those who keep the keys|a good meeting|most committees|the gardeners|young tenants
an honest budget|the choir|our librarians|strangers on the last bus|a patient teacher|the repair shop|old friends
anyone with a kettle""".replace("\n", "|").split("|")
_DOES = """learn to give away|never asked for|can carry|wait for|argue about|build from nothing|forget to count
look after|grow into|hand over|start again with|laugh about|owe a little to|make room for|write down|trust""".replace(
    "\n", "|"
).split("|")
_WHAT = """power that is not theirs|the quiet work of a week|a budget for mistakes|letters nobody answers
a door that stays open|the history of one bridge|rules made for somebody else|time without a purpose
a list of small repairs|the promise of a better road|bread for forty guests|an open question
what the weather took|a language of their own|the patience of a river|tools that belong to all""".replace(
    "\n", "|"
).split("|")
_WHEN = """once the lights go out|before anyone decides|while the tide is low|without being told to
because somebody must|when the money is gone|in the year after the flood|as if it were a song
until the others come|and nobody writes it down|for the sake of those who follow|more often than they say
long after the vote|with both hands|on an ordinary Tuesday|if you let them""".replace("\n", "|").split("|")


def sentences(count: int, *, seed: int = 1) -> Iterator[str]:
    """`count` sentences of a dozen words or so; each ends in a number of its own, so that no two are the same."""
    chance = random.Random(seed)
    for number in range(count):
        parts = [chance.choice(words) for words in (_WHO, _DOES, _WHAT, _WHEN)]
        said = " ".join(parts)
        yield f"{said[0].upper()}{said[1:]}, said number {number}."
