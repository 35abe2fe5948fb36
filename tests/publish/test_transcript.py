"""What is written as a transcript can be read back, word for word and voice for voice."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convarchive.errors import BadInput
from convarchive.ingest.transcripts import read_transcript
from convarchive.publish.transcript import ROWS, WIDTH, as_json, as_srt, as_txt, as_vtt
from convarchive.store.views import Line

WRITERS = {"vtt": as_vtt, "srt": as_srt, "json": as_json, "txt": as_txt}


def line(text, label="S1", name=None, start=1_000, each=300, masked=False):
    words = tuple((word, start + i * each, start + (i + 1) * each) for i, word in enumerate(text.split()))
    end = words[-1][2] if words else start + each
    return Line(label, name, start, end, text, () if masked else words, masked)


# Letters of every script and any sign, but neither spaces nor controls: what a word is made of.
TOKENS = st.text(st.characters(exclude_categories=("Z", "C")), min_size=1, max_size=80)
NAMES = st.sampled_from(
    [None, "Ada Example", "Ben van Sample", "Dr. Tom Atlantis-Example", "أدا مثال", "<b>Ada</b> & Co"]
)


@st.composite
def transcripts(draw):
    at = draw(st.integers(0, 5_000))
    lines = []
    for _ in range(draw(st.integers(1, 6))):
        label, name = draw(st.sampled_from(["S1", "S2", "S10", None])), draw(NAMES)
        masked = draw(st.booleans()) and draw(st.booleans())
        words = []
        for token in draw(st.lists(TOKENS, min_size=1, max_size=40)):
            at += draw(st.sampled_from([0, 20, 3_000]))
            words.append((token, at, at + 250))
            at += 250
        text = "" if masked else " ".join(token for token, _, _ in words)
        lines.append(Line(label, name, words[0][1], at, text, () if masked else tuple(words), masked))
    return tuple(lines)


def spoken(one):
    """The name and words a reader of this line should find."""
    who = one.name or {"S1": "Speaker 1", "S2": "Speaker 2", "S10": "Speaker 10", None: "Unknown speaker"}[one.label]
    return [(who, word) for word in (["[withheld]"] if one.masked else [text for text, _, _ in one.words])]


@pytest.mark.slow(alone=False)
@pytest.mark.parametrize("form", WRITERS)
@given(lines=transcripts())
def test_what_is_written_is_read_back(form, lines):
    written = WRITERS[form](lines)
    read = read_transcript(written.encode(), name=f"a.{form}")
    assert [(word.voice, word.text) for word in read.words] == [pair for one in lines for pair in spoken(one)]
    assert read.timed == (form != "txt")
    if form != "txt":
        assert min(word.span.start for word in read.words) == lines[0].start_ms
        assert max(word.span.end for word in read.words) == lines[-1].end_ms


@pytest.mark.slow(alone=False)
@given(lines=transcripts())
def test_cues_keep_to_two_lines_of_sixty_five_letters_unless_one_word_is_longer(lines):
    for block in as_vtt(lines).rstrip("\n").split("\n\n")[1:]:
        rows = re.sub(r"</?v[^>]*>", "", block.split("\n", 1)[1]).split("\n")
        assert len(rows) <= ROWS
        for row in rows:
            plain = row.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
            assert len(plain) <= WIDTH or " " not in plain


@pytest.mark.parametrize("form", WRITERS)
def test_no_withheld_word_is_written(form):
    lines = (line("before"), line("secret words", start=5_000, masked=True), line("after", start=9_000))
    written = WRITERS[form](lines)
    assert "secret" not in written
    assert "[withheld]" in written


def test_unnamed_voices_are_numbered_as_they_are_labelled():
    lines = (line("Hello there."), line("Hello.", "S2", start=3_000), line("Hi.", "S1", "Ada Example", start=6_000))
    assert as_txt(lines) == "Speaker 1: Hello there.\nSpeaker 2: Hello.\nAda Example: Hi.\n"


def test_json_is_podcasting_two_with_seconds():
    read = json.loads(as_json((line("Hello there.", "S1", "Ada Example", start=61_500),)))
    assert read == {
        "version": "1.0.0",
        "segments": [{"speaker": "Ada Example", "startTime": 61.5, "endTime": 62.1, "body": "Hello there."}],
    }


def test_a_cue_ends_with_a_sentence_and_at_a_pause():
    words = "This sentence is long enough to fill the whole of a line, and more. " + "It goes on into the next cue " * 3
    rows = as_vtt((line(words),)).split("\n\n")[1].split("\n")[1:]
    assert " ".join(rows).endswith("and more.</v>")
    pause = Line("S1", None, 0, 9_000, "one two", (("one", 0, 300), ("two", 8_000, 8_300)))
    assert as_srt((pause,)).count("-->") == 2


def test_two_spellings_of_time():
    assert "01:01:01.001 --> 01:01:01.301" in as_vtt((line("Hi", start=3_661_001),))
    assert "01:01:01,001 --> 01:01:01,301" in as_srt((line("Hi", start=3_661_001),))


def test_a_backslash_is_no_command():
    said = read_transcript(as_srt((line(r"C:\Notes \N {\b1}"),)).encode(), name="a.srt")
    assert [word.text for word in said.words] == [r"C:\Notes", r"\N", r"{\b1}"]


@pytest.mark.parametrize("form", ["vtt", "srt"])
def test_a_document_without_times_cannot_be_subtitles(form):
    untimed = (Line("S1", "Ada Example", 0, 0, "Hello there.", (("Hello", 0, 0), ("there.", 0, 0))),)
    with pytest.raises(BadInput, match=f"no times.*{form}.*txt or json"):
        WRITERS[form](untimed)
    assert as_txt(untimed) == "Ada Example: Hello there.\n"
    assert not read_transcript(as_json(untimed).encode(), name="a.json").timed


@pytest.mark.parametrize("form", WRITERS)
def test_fiction_says_so(form):
    assert "iction" in WRITERS[form]((line("Hello."),), fiction=True)
    assert "iction" not in WRITERS[form]((line("Hello."),))


def test_a_transcript_of_nothing_is_empty_and_well_formed():
    assert as_vtt(()) == "WEBVTT\n"
    assert as_srt(()) == as_txt(()) == ""
    assert json.loads(as_json(()))["segments"] == []


def test_a_name_with_a_colon_stays_whole_where_a_colon_means_a_name():
    lines = (line("Hello.", "S1", "Ada: Example"),)
    assert as_txt(lines) == "Ada Example: Hello.\n"
    assert "<v Ada: Example>" in as_vtt(lines)
