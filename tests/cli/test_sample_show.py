"""The sample show is small, is what its feed promises, and says everywhere that it is fiction."""

import json
import re
from collections import Counter
from importlib.resources import files
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import av
import pytest

from convarchive.cli.app import run as command
from convarchive.home import Home
from convarchive.store.lock import holding

SHOW = Path(str(files("convarchive.cli"))) / "sample_show"
NAMES = {
    "podcast": "https://podcastindex.org/namespace/1.0",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "convarchive": "https://convarchive.example/ns/1.0",
}
PEOPLE = {1: {"Tom Atlantis", "Helen Neverland"}, 2: {"Tom Atlantis", "Grace Wonderland", "Martin Camelot"}}


@pytest.fixture(scope="module")
def channel() -> ElementTree.Element:
    text = (SHOW / "feed.xml").read_text(encoding="utf-8").replace("{base}", "http://127.0.0.1:8000")
    found = ElementTree.fromstring(text).find("channel")
    assert found is not None
    return found


@pytest.fixture(scope="module")
def reference() -> dict[int, dict[str, Any]]:
    whole = json.loads((SHOW / "reference.json").read_text(encoding="utf-8"))
    assert whole["fiction"] is True
    return dict(enumerate(whole["episodes"], start=1))


def item(channel: ElementTree.Element, number: int) -> ElementTree.Element:
    return next(i for i in channel.findall("item") if i.findtext("itunes:episode", "", NAMES) == str(number))


def script(number: int) -> list[tuple[str, str]]:
    lines = (SHOW / f"episode-{number}.txt").read_text(encoding="utf-8").splitlines()
    turns = [line.partition(": ") for line in lines if line and not line.startswith("#")]
    return [(name, words) for name, _, words in turns]


def test_the_whole_show_weighs_at_most_two_megabytes() -> None:
    assert sum(file.stat().st_size for file in SHOW.iterdir()) <= 2_000_000


def test_the_two_episodes_last_four_to_six_minutes_together(reference: dict[int, dict[str, Any]]) -> None:
    assert 240_000 <= sum(episode["duration_ms"] for episode in reference.values()) <= 360_000


def test_fiction_stands_in_every_audio_file_name_title_note_and_in_the_feed_for_machines(
    channel: ElementTree.Element,
) -> None:
    assert channel.findtext("convarchive:fiction", None, NAMES) == "true"
    assert all("fiction" in audio.name for audio in SHOW.glob("*.mp3"))
    for part in [channel, *channel.findall("item")]:
        assert "fiction" in part.findtext("title", "").lower()
        assert "fiction" in part.findtext("description", "").lower()


@pytest.mark.parametrize("number", [1, 2])
def test_each_recording_says_first_that_it_is_fiction_with_synthetic_voices(number: int) -> None:
    _, first = script(number)[0]
    assert first.startswith(
        "This is fiction. Every voice you hear is synthetic, and every person and every organisation"
    )


@pytest.mark.parametrize("number", [1, 2])
def test_the_feed_promises_the_size_and_length_its_audio_has(
    number: int, channel: ElementTree.Element, reference: dict[int, dict[str, Any]]
) -> None:
    enclosure = item(channel, number).find("enclosure")
    assert enclosure is not None
    audio = SHOW / enclosure.attrib["url"].removeprefix("http://127.0.0.1:8000/")
    assert int(enclosure.attrib["length"]) == audio.stat().st_size == reference[number]["bytes"]
    with av.open(str(audio)) as sound:
        assert sound.streams.audio[0].codec_context.channels == 1
        seconds = float(sound.duration) / av.time_base
    assert abs(seconds - int(item(channel, number).findtext("itunes:duration", "0", NAMES))) < 1
    assert abs(seconds * 1000 - reference[number]["duration_ms"]) < 200


def test_the_feed_names_the_people_of_the_first_episode_and_their_roles(channel: ElementTree.Element) -> None:
    persons = item(channel, 1).findall("podcast:person", NAMES)
    assert [(p.text, p.get("role")) for p in persons] == [("Tom Atlantis", "host"), ("Helen Neverland", "guest")]


def test_the_feed_names_nobody_of_the_second_episode(channel: ElementTree.Element) -> None:
    assert channel.findall("podcast:person", NAMES) == []
    second = item(channel, 2)
    assert second.findall("podcast:person", NAMES) == []
    text = " ".join([*second.itertext(), channel.findtext("description", "")])
    assert not re.search("|".join(part for name in PEOPLE[2] for part in name.split()), text)


@pytest.mark.parametrize("number", [1, 2])
def test_everybody_says_their_own_name_and_speaks_for_more_than_thirty_seconds(
    number: int, reference: dict[int, dict[str, Any]]
) -> None:
    spoken: Counter[str] = Counter()
    for line in reference[number]["lines"]:
        spoken[line["speaker"]] += line["end_ms"] - line["start_ms"]
    assert set(spoken) == PEOPLE[number]
    assert min(spoken.values()) > 30_000
    for name in PEOPLE[number]:
        own = " ".join(words for who, words in script(number) if who == name)
        assert f"I'm {name}" in own or f"My name is {name}" in own


@pytest.mark.parametrize("number", [1, 2])
def test_the_reference_holds_the_scripts_turns_in_order_without_overlap(
    number: int, reference: dict[int, dict[str, Any]]
) -> None:
    lines = reference[number]["lines"]
    assert [(line["speaker"], line["text"]) for line in lines] == script(number)
    times = [time for line in lines for time in (line["start_ms"], line["end_ms"])]
    assert times == sorted(times)
    assert times[-1] <= reference[number]["duration_ms"]


def test_two_demos_at_once_do_not_share_one_home(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    home = Home(tmp_path / "convarchive" / "sample-show")
    with holding(home, "convarchive demo"):
        assert command(["demo", "--no-serve"]) == 2
        assert [path for path in home.root.rglob("*") if path.is_file()] == [home.lock]
    told = [line for line in capsys.readouterr().err.splitlines() if line.startswith("convarchive:")]
    assert len(told) == 1
    assert "convarchive demo, since" in told[0]
