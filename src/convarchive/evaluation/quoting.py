"""Draws quotes at random from real talk, so that a person can judge whether they stand alone, and counts the yield.

The talk is The Changelog's transcripts (CC BY-SA 4.0): turns without times. Each turn
becomes an utterance whose words get made-up times of three a second.
"""

from __future__ import annotations

import hashlib
import html
import json
import lzma
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from convarchive.domain.quote import Draft
from convarchive.domain.span import Span
from convarchive.domain.speech import SpeakerLabel, Utterance
from convarchive.domain.transcript import Word
from convarchive.errors import BadInput
from convarchive.ingest import quoting

WORD = 330
WRITTEN = frozenset({"news"})
"""Shows that are read from a script, with headings and lists in their transcripts: no talk, so never drawn from."""
BETWEEN = 200
"""Milliseconds given to a word, and to the silence between turns."""


@dataclass(frozen=True, slots=True)
class Talk:
    """An episode as printed: who said what, in order."""

    episode: str
    show: str
    turns: tuple[tuple[str, str], ...]

    @property
    def kept_back(self) -> bool:
        """Whether the grader was fitted without it: a quarter of all episodes."""
        return int(hashlib.sha256(f"{self.episode}{self.show}".encode()).hexdigest(), 16) % 4 == 0


@dataclass(frozen=True, slots=True)
class Sampled:
    """One quote drawn at random, with what was said just before it (for a judge to look at afterwards)."""

    episode: str
    show: str
    draft: Draft


@dataclass(frozen=True, slots=True)
class Yield:
    """
    How much of the talk became quotes.

    `words` of the words `said` stand in `quotes`; of the `long` turns (20 words and more), `turns` have one.
    """

    said: int
    words: int
    quotes: int
    long: int
    turns: int


def transcripts_in(folder: Path) -> Path:
    """Where a folder of references keeps transcripts: in `transcripts/`, unless it is that folder itself."""
    return folder if folder.name == "transcripts" else folder / "transcripts"


def read(folder: Path) -> Iterator[Talk]:
    """Every episode of `transcripts/changelog-turns.jsonl.xz` in the file's order. Raises BadInput."""
    path = transcripts_in(folder) / "changelog-turns.jsonl.xz"
    try:
        with lzma.open(path, "rt", encoding="utf-8") as lines:
            rows = [json.loads(line) for line in lines]
    except (OSError, ValueError, lzma.LZMAError) as exc:
        raise BadInput(f"{path}: cannot be read as xz-packed JSON lines ({exc}); name the evaluation folder") from exc
    episodes: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for row in rows:
        episodes.setdefault((row["episode"], row["show"]), []).append((row["speaker"], html.unescape(row["text"])))
    for (episode, show), turns in episodes.items():
        yield Talk(episode, show, tuple(turns))


def utterances(turns: Sequence[tuple[str, str]]) -> tuple[Utterance, ...]:
    """Turns as utterances with made-up word times, a label per speaker in order of appearance."""
    labels: dict[str, SpeakerLabel] = {}
    made: list[Utterance] = []
    first = at = 0
    for speaker, text in turns:
        label = labels.setdefault(speaker, SpeakerLabel(f"S{len(labels) + 1}"))
        words: list[Word] = []
        for token in text.split():
            if words and not any(c.isalnum() for c in token):
                # A dash alone is punctuation of the word before it: a recogniser writes it so.
                words[-1] = Word(words[-1].text + token, words[-1].span)
                continue
            words.append(Word(token, Span(at, at + WORD)))
            at += WORD
        at += BETWEEN
        if words:
            made.append(Utterance(label, first, tuple(words)))
            first += len(words)
    return tuple(made)


def sample(
    folder: Path, grade: quoting.Grade, *, seed: int, count: int = 50, episodes: int | None = None
) -> tuple[Sampled, ...]:
    """
    Draw `count` quotes, each from a different kept-back episode chosen at random (`episodes` of them at most).

    Within an episode every quote is equally likely; the same seed draws the same quotes
    as long as the rules stay the same.
    """
    chance = random.Random(seed)
    talks = [talk for talk in read(folder) if talk.show not in WRITTEN and talk.kept_back]
    drawn: list[Sampled] = []
    for talk in chance.sample(talks, min(episodes or len(talks), len(talks))):
        drafts = quoting.cut(utterances(talk.turns), grade)
        if drafts:
            drawn.append(Sampled(talk.episode, talk.show, chance.choice(drafts)))
        if len(drawn) == count:
            break
    return tuple(drawn)


def harvest(folder: Path, grade: quoting.Grade, *, seed: int, episodes: int = 40) -> Yield:
    """Count, over episodes drawn at random, how much of what was said became quotes."""
    chance = random.Random(seed)
    talks = [talk for talk in read(folder) if talk.show not in WRITTEN and talk.kept_back]
    said = words = quotes = long = turns = 0
    for talk in chance.sample(talks, min(episodes, len(talks))):
        made = utterances(talk.turns)
        drafts = quoting.cut(made, grade)
        said += sum(len(u.words) for u in made)
        words += sum(draft.words for draft in drafts)
        quotes += len(drafts)
        firsts = [draft.first for draft in drafts]
        for u in made:
            if len(u.words) >= 20:
                long += 1
                turns += any(u.first <= first < u.first + len(u.words) for first in firsts)
    return Yield(said, words, quotes, long, turns)
