"""On the sample show every voice that says enough gets its right name, from the scripts and from the sound itself."""

import json
import os
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from convarchive import wiring
from convarchive.domain.episode import Item
from convarchive.domain.span import Span
from convarchive.domain.speech import SpeakerLabel, Utterance
from convarchive.domain.transcript import Word
from convarchive.ingest.feed import read
from convarchive.ingest.utterances import join
from convarchive.naming import Named, name
from convarchive.settings import Settings

SHOW = Path(str(files("convarchive.cli"))) / "sample_show"
ENOUGH = 30_000
"""Milliseconds of talk after which a voice must be named."""


def item(number: int) -> Item:
    body = (SHOW / "feed.xml").read_text(encoding="utf-8").replace("{base}", "http://127.0.0.1:8000")
    return next(i for i in read(body.encode(), "http://127.0.0.1:8000/feed.xml").items if i.guid.endswith(f"-{number}"))


def lines(number: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((SHOW / "reference.json").read_text())["episodes"][number - 1]["lines"]
    return found


def as_written(number: int) -> Iterator[Utterance]:
    """The script's lines as utterances, their words spread evenly, a label per person."""
    labels: dict[str, SpeakerLabel] = {}
    first = 0
    for line in lines(number):
        texts, start, length = line["text"].split(), line["start_ms"], line["end_ms"] - line["start_ms"]
        edges = [start + length * i // len(texts) for i in range(len(texts) + 1)]
        words = tuple(Word(t, Span(a, b)) for t, a, b in zip(texts, edges, edges[1:], strict=False))
        label = labels.setdefault(line["speaker"], SpeakerLabel(f"S{len(labels) + 1}"))
        yield Utterance(label, first, words)
        first += len(words)


def named(number: int, utterances: tuple[Utterance, ...]) -> Named:
    one = item(number)
    return name(utterances, persons=one.persons, title=one.title, notes=one.notes, fiction=one.fiction)


def truth(number: int, utterances: tuple[Utterance, ...]) -> dict[str, tuple[str, int]]:
    """For each label the person whose lines it overlaps most, and how long it speaks in milliseconds."""
    shared: dict[str, dict[str, int]] = {}
    spoken: dict[str, int] = {}
    for utterance in utterances:
        for word in utterance.words:
            spoken[utterance.label or ""] = spoken.get(utterance.label or "", 0) + word.span.duration
            for line in lines(number):
                both = word.span.overlap(Span(line["start_ms"], line["end_ms"]))
                people = shared.setdefault(utterance.label or "", {})
                people[line["speaker"]] = people.get(line["speaker"], 0) + both
    return {label: (max(people, key=people.__getitem__), spoken[label]) for label, people in shared.items()}


def check(number: int, utterances: tuple[Utterance, ...], *, listed: bool) -> None:
    who = truth(number, utterances)
    for given in named(number, utterances).attributions:
        person, length = who[given.label]
        assert given.name in (person, None), f"{given.label} is {person}"
        if length > ENOUGH:
            assert given.status == "confirmed" if listed else given.status in ("probable", "confirmed")


def test_where_the_feed_names_people_every_voice_is_confirmed() -> None:
    check(1, tuple(as_written(1)), listed=True)
    assert [a.role for a in named(1, tuple(as_written(1))).attributions] == ["host", "guest"]


def test_where_only_talk_names_people_nobody_is_wrong_and_whoever_says_a_name_is_probable() -> None:
    check(2, tuple(as_written(2)), listed=False)
    assert [a.name for a in named(2, tuple(as_written(2))).attributions] == [
        "Tom Atlantis", "Grace Wonderland", "Martin Camelot",
    ]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("number", "listed"), [(1, True), (2, False)])
def test_the_same_holds_for_what_the_machine_hears(number: int, listed: bool) -> None:
    if not os.environ.get("CONVARCHIVE_MODELS"):
        pytest.skip("CONVARCHIVE_MODELS names no folder with models")
    audio = SHOW / f"fiction-episode-{number}.mp3"
    words = wiring.transcriber(Settings()).transcribe(audio, language="en").words
    turns = wiring.diarizer().diarize(audio)
    check(number, join(words, turns), listed=listed)
