"""What a feed changes is followed, and nothing that was held or quoted is lost by it."""

from dataclasses import replace

import pytest

from convarchive.domain.passage import Query
from convarchive.domain.quote import AudioSource
from convarchive.publish.record import record
from convarchive.store.holdings import path_of
from fakes.walk import TALK, vtt
from servers import Answer

pytestmark = pytest.mark.slow(alone=False)

KEPT = "letting go of control"
ADVERT = (("Ada Example", "This show is made possible by an invented bakery in an invented valley."),)

VTT = "WEBVTT\n\n00:00.000 --> 00:10.000\n<v Ada Example>Hello from the publisher.\n"


def transcript_at(walk, body, media_type="text/vtt", name="words.vtt"):
    walk.server.put(f"/{name}", Answer(body.encode(), media_type))
    return f'<podcast:transcript url="{walk.server.base}/{name}" type="{media_type}"/>'


def eid(walk):
    return walk.episode("one").id


def stages_of(summary):
    return [stage for _, stage, _ in summary.done]


def test_a_changed_title_is_taken_over_without_fetching_the_sound_again(walked):
    ids = {text: one.id for text, one in walked.quotes().items()}
    walked.items["one"] = replace(walked.items["one"], title="A better title")
    walked.publish()
    summary = walked.ingest()
    assert "fetch" not in stages_of(summary)
    assert "transcribe" not in stages_of(summary)
    assert {one.episode.title for one in walked.quotes().values()} == {"A better title"}
    assert {text: one.id for text, one in walked.quotes().items()} == ids
    assert walked.server.requests("/one.wav") == []


def test_new_sound_at_a_new_address_is_a_new_recording_and_its_quotes_keep_their_ids(walked):
    before, first = walked.quotes(), walked.recording("one")
    walked.lists("one", ADVERT + TALK, name="one-with-advert.wav")
    walked.publish()
    assert walked.ingest().failed == []
    second = walked.recording("one")
    assert second.sha256 != first.sha256
    for recording in (first, second):
        assert path_of(walked.home, recording.sha256, recording.suffix).is_file()
    now = {text: one for text, one in walked.quotes().items() if text in before}
    assert len(now) > 3
    for text, one in now.items():
        assert one.id == before[text].id
        newer, older = one.sources
        assert (newer.recording, older) == (second.sha256, before[text].sources[0])
        assert newer.span.start - older.span.start == 330 * len(ADVERT[0][1].split())
        assert one.excerpts[0].span == newer.span


def test_another_length_at_the_same_address_is_a_new_recording(walked):
    first = walked.recording("one")
    walked.lists("one", TALK, offset=2000, seed="encoded anew", name="one.wav")
    walked.publish()
    assert "fetch" in stages_of(walked.ingest())
    assert walked.recording("one").sha256 != first.sha256
    recordings = {source.recording for source in walked.quote(KEPT).sources if isinstance(source, AudioSource)}
    assert recordings == {first.sha256, walked.recording("one").sha256}


def test_a_quote_whose_words_are_not_in_the_new_sound_says_so_at_its_old_address(walked):
    gone = walked.quote("box of pencils")
    walked.lists("one", tuple(turn for turn in TALK if "pencils" not in turn[1]), name="shorter.wav")
    walked.publish()
    walked.ingest()
    assert all("pencils" not in text for text in walked.quotes())
    elsewhere = walked.read(lambda read: read.elsewhere(gone.id))
    assert (elsewhere.targets, "newer transcript" in elsewhere.reason) == ((), True)


def test_an_item_that_leaves_the_feed_stays_in_the_archive(walked):
    before = walked.quotes()
    walked.lists("two", TALK[:4])
    del walked.items["one"]
    walked.publish()
    walked.ingest()
    assert {episode.guid for episode in walked.write(lambda write: write.episodes.episodes())} == {"one", "two"}
    assert set(before) <= set(walked.quotes())
    assert walked.read(lambda read: read.episode(eid(walked))).quotes == len(before)


def test_a_recording_that_was_cut_short_is_not_kept(walked):
    walked.items["one"] = replace(walked.items["one"], url=walked.sound("short.wav", TALK[:2])[0])
    walked.publish()
    first = walked.recording("one")
    summary = walked.ingest()
    assert [stage for _, stage, _ in summary.failed] == ["fetch"]
    assert "cut off" in summary.failed[0][2]
    assert walked.recording("one") == first
    assert list(walked.home.incoming.iterdir()) == []


def test_a_publishers_transcript_is_kept_as_theirs_and_is_not_what_quotes_are_cut_from(walk):
    said = "WEBVTT\n\n" + "".join(
        f"00:{n:02}.000 --> 00:{n + 1:02}.000\n<v {'Ada Example' if n < 6 else 'Ben Sample'}>Quite other words.\n\n"
        for n in range(50)
    )
    walk.lists("one", further=transcript_at(walk, said))
    walk.publish()
    walk.ingest()
    kept = walk.transcript("one", "publisher")
    assert (kept.origin, kept.text.startswith("Quite other words")) == ("publisher", True)
    assert walk.ears.heard == [walk.recording("one").sha256]
    assert all("Quite other" not in text for text in walk.quotes())


def test_names_in_a_publishers_transcript_are_evidence_for_whose_voice_it_is(walk):
    # Nobody says a name, and the feed lists nobody.
    talk = (
        ("Ada Example", "Most organisations say that they trust their staff, and then ask them to fill in a form."),
        ("Ben Sample", "A good public service starts with a conversation, because no form has enough boxes."),
    ) * 2
    walk.lists("one", talk, further=transcript_at(walk, vtt(talk)))
    walk.publish()
    walk.ingest()
    voices = walk.read(lambda read: read.voices(eid(walk)))
    assert [(one.name, one.status) for one in voices] == [("Ada Example", "probable"), ("Ben Sample", "probable")]
    assert {e.family for one in voices for e in one.evidence} == {"publisher"}


def test_of_several_transcripts_the_next_best_is_taken_where_one_cannot_be_read(walk):
    further = transcript_at(walk, "no such thing", name="broken.vtt")
    further += transcript_at(
        walk, "1\n00:00:00,000 --> 00:00:02,000\nHello there.\n", "application/x-subrip", "words.srt"
    )
    walk.lists("one", further=further)
    walk.publish()
    assert walk.ingest().failed == []
    kept = walk.transcript("one", "publisher")
    assert kept.text == "Hello there."
    episode = eid(walk)
    run = walk.write(lambda write: write.episodes.last_run(episode, "fetch"))
    assert "publisher's transcript: " in run.note


def test_a_transcript_that_is_listed_later_is_fetched_without_anything_being_heard_again(walked):
    walked.lists("one", further=transcript_at(walked, VTT))
    walked.publish()
    summary = walked.ingest()
    assert "transcribe" not in stages_of(summary)
    assert walked.transcript("one", "publisher")


def test_rights_of_the_show_and_of_an_item_stand_beside_every_quote(walk):
    own = "<podcast:license url='https://example.org/terms'>example terms</podcast:license>"
    walk.head = "<podcast:license>cc-by-4.0</podcast:license>"
    walk.lists("two", further=own)
    walk.publish()

    def rights():
        listed = walk.read(lambda read: read.listed(Query("")), "researcher")
        return {(one.episode.title, record(one, public_url=None)["rights"]) for one in listed}

    walk.ingest()
    assert rights() == {("Talk one", "cc-by-4.0"), ("Talk two", "example terms")}
    walk.head = "<podcast:license>cc-by-sa-4.0</podcast:license>"
    walk.publish()
    assert stages_of(walk.ingest()) == ["quote"]
    assert rights() == {("Talk one", "cc-by-sa-4.0"), ("Talk two", "example terms")}
