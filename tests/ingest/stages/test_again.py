"""Hearing and telling apart anew: ids live on, and so does what an editor decided."""

from convarchive.domain.span import Span
from convarchive.domain.speaker import Speaker, SpeakerId
from convarchive.domain.speech import SpeakerLabel, Turn
from convarchive.editorial.assigning import assign
from convarchive.editorial.clearing import clear
from convarchive.store.catalogue import Catalogue
from fakes.walk import TALK

CLEO = Speaker(SpeakerId("cleo-invented"), "Cleo Invented", fiction=True)


def better(ears):
    """From now on the ear hears some words otherwise, as a larger model would."""
    heard, ears.words_by = ears.lines, "scripted words 2"

    def lines(path):
        for voice, said in heard(path):
            yield voice, [("biscuits" if token == "pencils" else token, span) for token, span in said]

    ears.lines = lines


def test_another_transcriber_hears_everything_again_and_ids_live_on(walked):
    before = walked.quotes()
    better(walked.ears)
    assert [stage for _, stage, _ in walked.ingest().done] == ["transcribe", "utter", "name", "quote"]
    now = walked.quotes()
    assert {text: one.id for text, one in now.items() if text in before} == {
        text: one.id for text, one in before.items() if "pencils" not in text
    }
    assert walked.quote("biscuits").id == next(one.id for text, one in before.items() if "pencils" in text)
    assert walked.ingest().done == []


def test_words_that_changed_wait_for_a_person_while_the_public_keeps_those_that_were_cleared(walked):
    quote = walked.quote("pencils")
    with Catalogue.for_writing(walked.home) as catalogue:
        clear(catalogue, walked.home, quote.id, by="B. Editor", why="listened")
    better(walked.ears)
    walked.ingest()
    assert walked.quote("biscuits").clearance == "unreviewed"
    public = walked.quotes("public")
    assert [one.version for one in public.values()] == [quote.version]
    assert [one.text_status for one in public.values()] == ["checked"]


def test_another_diarizer_is_asked_again_without_anything_being_heard_again(walked):
    before = {text: (one.id, one.speaker.name) for text, one in walked.quotes().items()}
    walked.ears.turns_by, walked.ears.relabel = "scripted turns 2", {"S1": "B", "S2": "A"}.__getitem__
    walked.ingest()
    assert (len(walked.ears.heard), len(walked.ears.told_apart)) == (0, 1)
    assert {text: (one.id, one.speaker.name) for text, one in walked.quotes().items()} == before


def test_a_quote_over_which_another_voice_speaks_says_so_and_its_name_is_not_confirmed(walked):
    walked.write(lambda write: write.speech.put_speaker(CLEO, "feed"))
    with Catalogue.for_writing(walked.home) as catalogue:
        assign(catalogue, walked.episode("one").id, SpeakerLabel("S2"), CLEO.id, by="B. Editor", why="x")
    walked.ingest()
    before = {one.id: one for one in walked.quotes().values() if one.attribution.status == "confirmed"}
    over = next(iter(before.values()))
    assert {one.label for one in before.values()} == {"S2"}
    assert len(before) > 1
    middle = over.excerpts[0].span.middle
    walked.ears.also = (Turn(Span(middle - 300, middle + 300), SpeakerLabel("S1")),)
    walked.ears.turns_by = "scripted turns 2"
    walked.ingest()
    now = {one.id: one for one in walked.quotes().values()}
    assert (now[over.id].attribution.status, now[over.id].speaker) == ("probable", over.speaker)
    assert any(doubt.startswith("words said while another voice speaks: ") for doubt in now[over.id].doubts)
    assert [one for one in before if now[one].attribution.status != "confirmed"] == [over.id]


def test_an_editors_word_on_a_voice_outlives_a_new_diarization(walked):
    episode = walked.episode("one").id
    walked.write(lambda write: write.speech.put_speaker(CLEO, "feed"))
    label = next(one.label for one in walked.read(lambda read: read.voices(episode)) if one.name == "Ben Sample")
    with Catalogue.for_writing(walked.home) as catalogue:
        assign(catalogue, episode, SpeakerLabel(label), CLEO.id, by="B. Editor", why="it is her voice")
    assert [stage for _, stage, _ in walked.ingest().done] == ["name", "quote"]
    assert walked.quote("letting go").speaker.name == "Cleo Invented"

    walked.ears.turns_by, walked.ears.relabel = "scripted turns 2", {"S1": "B", "S2": "A"}.__getitem__
    walked.ingest()
    quote = walked.quote("letting go")
    assert (quote.speaker.name, quote.attribution.status) == ("Cleo Invented", "confirmed")
    assert walked.quote("box of pencils").speaker.name == "Ada Example"


def test_every_word_is_in_the_transcript_whatever_became_of_the_voices(walked):
    walked.ears.turns_by, walked.ears.relabel = "scripted turns 2", lambda label: "S1"
    walked.ingest()
    lines = walked.read(lambda read: read.lines(walked_id(read)))
    assert " ".join(line.text for line in lines) == " ".join(text for _, text in TALK)


def walked_id(read):
    return read.episodes()[0].id
