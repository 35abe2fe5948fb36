"""Transcripts that somebody hands in: with their sound, without it, and for an episode that is here already."""

import hashlib
import json

import pytest

from convarchive.cli.app import run as command
from convarchive.domain.quote import AudioSource, DocumentSource
from convarchive.editorial.clearing import withdraw
from convarchive.editorial.doors import still_open
from convarchive.editorial.whole import Whole, close
from convarchive.store.catalogue import Catalogue
from fakes.show import home_at
from fakes.walk import TALK, Walk, lasting, noise, vtt

pytestmark = pytest.mark.slow(alone=False)

PLAIN = "\n\n".join(f"{who}: {text}" for who, text in TALK)


@pytest.fixture
def alone(tmp_path):
    """A home that follows no show; its ears know no recording, so whatever is listened to fails."""
    return Walk(None, home_at(tmp_path / "home"))


@pytest.fixture
def add(capfd):
    """Gives `convarchive add transcript`; the one episode it names."""

    def give(walk, name, body, *more):
        file = walk.home.root.parent / name
        file.write_text(body)
        capfd.readouterr()
        code = command(["add", "transcript", str(file), "--home", str(walk.home.root), "--json", *map(str, more)])
        out, err = capfd.readouterr()
        assert code == 0, err
        return json.loads(out)["episodes"][0]

    return give


def sound(walk, talk=TALK):
    file = walk.home.root.parent / "talk.wav"
    file.write_bytes(noise(lasting(talk), "handed in"))
    return file


def ingest(walk):
    summary = walk.ingest(feeds=False)
    assert summary.failed == []
    return [stage for _, stage, _ in summary.done]


def voices(walk, episode):
    return [(one.name, one.status) for one in walk.read(lambda read: read.voices(episode))]


def test_with_its_sound_the_words_are_taken_as_they_are_and_nobody_listens(alone, add):
    episode = add(alone, "talk.vtt", vtt(), "--audio", sound(alone), "--person", "Ada Example:host")
    ingest(alone)
    assert (alone.ears.heard, alone.ears.told_apart) == ([], [])
    said = alone.read(lambda read: read.lines(episode))
    assert " ".join(line.text for line in said) == " ".join(text for _, text in TALK)
    assert ingest(alone) == []


@pytest.mark.parametrize("whose", ["a quote", "its speaker"])
def test_withdrawn_words_are_gone_from_a_transcript_that_came_without_sound(alone, add, whose):
    episode = add(alone, "talk.txt", PLAIN)
    ingest(alone)
    quote = alone.quote("letting go of control")
    said = {"by": "An Editor", "why": "for this test"}
    with Catalogue.for_writing(alone.home) as catalogue:
        if whose == "a quote":
            withdraw(catalogue, alone.home, quote.id, **said)
        else:
            close(catalogue, alone.home, Whole(person=quote.speaker.id), "withdrawn", **said)
        assert still_open(catalogue, [quote.id])[1] == ()
    with Catalogue.for_reading(alone.home) as catalogue, catalogue.reading("researcher") as read:
        lines = read.lines(episode)
    assert any(line.masked for line in lines)
    assert any(line.text for line in lines)
    assert not any(quote.text in line.text for line in lines)


def test_what_is_known_of_an_episode_stays_when_its_sound_comes_again_with_a_transcript(alone, add):
    file = str(sound(alone))
    first = ["add", "audio", file, "--title", "A talk", "--published", "2031-01-06", "--person", "Ada Example:guest"]
    assert command([*first, "--home", str(alone.home.root)]) == 0
    episode = add(alone, "talk.vtt", vtt(), "--audio", file)
    view = alone.read(lambda read: read.episode(episode))
    assert (view.title, view.published) == ("A talk", "2031-01-06")
    add(alone, "talk.vtt", vtt(), "--audio", file, "--title", "A better title")
    view = alone.read(lambda read: read.episode(episode))
    assert (view.title, view.published) == ("A better title", "2031-01-06")
    with Catalogue.for_writing(alone.home) as catalogue, catalogue.writing() as write:
        (known,) = write.episodes.episodes()
    assert [one.name for one in known.persons] == ["Ada Example"]


def test_its_quotes_can_be_heard_and_are_not_said_to_have_been_heard_by_us(alone, add):
    add(alone, "talk.vtt", vtt(), "--audio", sound(alone))
    ingest(alone)
    quote = alone.quote("letting go of control")
    assert (quote.text_status, quote.confidence) == ("checked", None)
    assert isinstance(quote.sources[0], AudioSource)
    said = [text for _, text in TALK]
    start = 330 * sum(len(text.split()) for text in said[:3])
    assert abs(quote.excerpts[0].span.start - start) < 10
    assert quote.clearance == "unreviewed"


def test_names_printed_beside_the_words_name_the_voices(alone, add):
    people = ("--person", "Ada Example:host", "--person", "Ben Sample:guest")
    episode = add(alone, "talk.vtt", vtt(), "--audio", sound(alone), *people)
    ingest(alone)
    assert voices(alone, episode) == [("Ada Example", "confirmed"), ("Ben Sample", "confirmed")]
    assert alone.quote("letting go of control").speaker.name == "Ben Sample"


def test_where_nothing_but_the_print_names_a_voice_the_name_is_no_more_than_probable(alone, add):
    talk = tuple((who, text.replace("Ada Example", "the host").replace("Ben Sample", "a guest")) for who, text in TALK)
    talk = tuple((who, text.replace("Ben", "Friend").replace("Ada", "friend")) for who, text in talk)
    episode = add(alone, "talk.vtt", vtt(talk), "--audio", sound(alone, talk))
    ingest(alone)
    assert voices(alone, episode) == [("Ada Example", "probable"), ("Ben Sample", "probable")]


def test_words_without_names_get_their_voices_from_the_sound(alone, add):
    talk = tuple(("", text) for _, text in TALK)
    file = sound(alone)
    alone.ears.talks[hashlib.sha256(file.read_bytes()).hexdigest()] = (TALK, 0)
    add(alone, "talk.vtt", vtt(talk).replace("<v >", ""), "--audio", file)
    ingest(alone)
    assert (len(alone.ears.heard), len(alone.ears.told_apart)) == (0, 1)
    assert alone.quote("letting go of control").speaker.name == "Ben Sample"


def test_a_transcript_that_runs_far_beyond_its_sound_belongs_to_another_one(alone, add):
    add(alone, "talk.vtt", vtt(TALK * 3), "--audio", sound(alone, TALK[:2]))
    summary = alone.ingest(feeds=False)
    assert [stage for _, stage, _ in summary.failed] == ["transcribe"]
    assert "another recording" in summary.failed[0][2]


def test_without_sound_its_quotes_are_print_with_a_place_and_no_time(alone, add):
    episode = add(alone, "talk.vtt", vtt(), "--title", "A talk", "--published", "2031-01-01")
    assert ingest(alone) == ["quote"]
    quote = alone.quote("letting go of control", "researcher")
    assert (quote.text_status, quote.confidence, quote.attribution.status) == ("printed", None, "printed")
    assert (quote.speaker.name, quote.episode.id) == ("Ben Sample", episode)
    assert [one.span for one in quote.excerpts] == [None]
    source = quote.sources[0]
    assert isinstance(source, DocumentSource)
    assert (source.title, source.place) == ("Transcript of A talk", "at 0:00:16")
    assert ingest(alone) == []


def test_plain_text_with_names_is_a_document_too(alone, add):
    add(alone, "talk.txt", PLAIN, "--title", "A talk")
    ingest(alone)
    quote = alone.quote("letting go of control")
    assert (quote.text_status, quote.speaker.name) == ("printed", "Ben Sample")
    first = 1 + sum(len(text.split()) for _, text in TALK[:3])
    assert quote.sources[0].place.startswith(f"words {first} to ")


def test_a_transcript_for_an_episode_that_is_here_takes_the_place_of_what_was_heard(walked, add):
    ids = {text: one.id for text, one in walked.quotes().items()}
    spoken = vtt().replace("letting go of control", "letting go of all control")
    add(walked, "talk.vtt", spoken, "--episode", walked.episode("one").id)
    stages = [stage for _, stage, _ in walked.ingest().done]
    assert stages == ["transcribe", "diarize", "utter", "name", "quote"]
    assert (walked.ears.heard, walked.ears.told_apart) == ([], [])
    now = walked.quotes()
    assert sum("letting go of control" in text for text in now) == 0
    corrected = walked.quote("letting go of all control")
    assert corrected.id == next(the_id for text, the_id in ids.items() if "letting go" in text)
    assert {text: one.id for text, one in now.items() if text in ids} == {
        text: the_id for text, the_id in ids.items() if "letting go" not in text
    }
    assert {one.text_status for one in now.values()} == {"checked"}


def test_words_handed_in_for_one_recording_are_not_laid_over_another(walked, add):
    add(walked, "talk.vtt", vtt(), "--episode", walked.episode("one").id)
    walked.ingest()
    walked.lists("one", offset=4000, name="later.wav")
    walked.publish()
    walked.ingest()
    quote = walked.quote("letting go of control")
    assert len(walked.ears.heard) == 1
    assert quote.text_status == "heard"
    newer, older = quote.sources
    assert abs(newer.span.start - older.span.start - 4000) < 50


def test_the_same_transcript_added_twice_is_one_episode(alone, add):
    assert add(alone, "talk.txt", PLAIN) == add(alone, "again.txt", PLAIN)
    ingest(alone)
    assert len(alone.read(lambda read: read.episodes())) == 1
