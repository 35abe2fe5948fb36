"""Reading what others wrote down: four forms, as they are found, and what is none of them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convarchive.domain.span import Span
from convarchive.errors import TranscriptUnreadable
from convarchive.ingest.transcripts import read_transcript


def read(text, name="talk", **kwargs):
    return read_transcript(text.encode() if isinstance(text, str) else text, name=name, **kwargs)


def said(transcript):
    """(voice, words) of each run of one voice."""
    runs = []
    for word in transcript.words:
        if runs and runs[-1][0] == word.voice:
            runs[-1] = (word.voice, f"{runs[-1][1]} {word.text}")
        else:
            runs.append((word.voice, word.text))
    return runs


VTT = """WEBVTT - a talk
Language: en-GB

NOTE by nobody in particular

intro
00:01.000 --> 00:03.000 align:start
<v.loud Ada Example>Salt &amp; pepper</v>
<v Ben Sample><i>for</i> 5 &lt; 6</v>

1:00:03.500 --> 1:00:04.500
on <c.yellow>we</c> go
"""


def test_webvtt_keeps_voices_and_decodes_what_was_escaped():
    transcript = read(VTT)
    assert said(transcript) == [("Ada Example", "Salt & pepper"), ("Ben Sample", "for 5 < 6"), (None, "on we go")]
    assert transcript.language == "en-GB"
    assert transcript.words[0].span.start == 1_000
    assert transcript.words[6].span.end == 3_000
    assert transcript.words[-1].span.end == 3_604_500


def test_words_share_their_cue_by_their_length_and_have_no_probability():
    words = read("WEBVTT\n\n00:00.000 --> 00:01.200\na longerword").words
    assert [word.span for word in words] == [Span(0, 184), Span(184, 1_200)]
    assert {word.probability for word in words} == {None}


def test_times_inside_a_cue_are_kept():
    words = read("WEBVTT\n\n00:01.000 --> 00:05.000\none <00:02.000>two three<00:04.000> four").words
    assert [(w.text, w.span.start) for w in words] == [
        ("one", 1_000),
        ("two", 2_000),
        ("three", 2_800),
        ("four", 4_000),
    ]


def test_a_tag_inside_a_word_does_not_tear_it():
    assert read("WEBVTT\n\n00:01.000 --> 00:05.000\nun<i>believ</i>able").text == "unbelievable"


SRT = """1
00:00:01,000 --> 00:00:02,000
Ada Example: Remember: never
<b>again</b>.
Ben: No?

2
00:00:02,000 --> 00:00:04,000
born in
2031
"""


def test_srt_takes_names_from_the_start_of_lines_and_carries_them_on():
    transcript = read(SRT)
    assert said(transcript) == [("Ada Example", "Remember: never again."), ("Ben", "No? born in 2031")]
    assert transcript.words[0].span.start == 1_000
    assert transcript.words[-1].span.end == 4_000


def test_a_colon_in_talk_makes_no_voice():
    text = "1\n00:00:01,000 --> 00:00:02,000\nThe thing is: we tried\n\n2\n00:00:02,000 --> 00:00:04,000\nNote: twice"
    assert said(read(text)) == [(None, "The thing is: we tried Note: twice")]


def test_podcasting_json_with_and_without_ends_and_speakers():
    segments = [
        {"startTime": 3.5, "endTime": 4, "body": "then"},
        {"speaker": "Ada Example", "startTime": 0.5, "body": "first this"},
    ]
    transcript = read(json.dumps({"version": "1.0.0", "segments": segments}))
    assert said(transcript) == [("Ada Example", "first this"), (None, "then")]
    assert [transcript.words[0].span.start, transcript.words[1].span.end] == [500, 3_500]


def test_plain_text_has_voices_but_no_times():
    text = (
        "# a comment\n\nAda Example: Hello there.\n  And so on.\n"
        "Ben van Sample (00:12): Yes: I do.\n[00:01:20] **Ada Example:** Good."
    )
    transcript = read(text, name="talk.txt")
    assert said(transcript) == [
        ("Ada Example", "Hello there. And so on."),
        ("Ben van Sample", "Yes: I do."),
        ("Ada Example", "Good."),
    ]
    assert not transcript.timed
    assert {word.span for word in transcript.words} == {Span(0, 0)}


def test_plain_text_without_names_is_words():
    assert said(read("It was a dark night.\nAnd this is why: rain.")) == [
        (None, "It was a dark night. And this is why: rain.")
    ]


def test_overlapping_voices_stand_at_their_own_times():
    text = "WEBVTT\n\n00:00.000 --> 00:04.000\n<v Ada>one two three four\n\n00:01.500 --> 00:02.000\n<v Ben>yes"
    words = read(text).words
    assert [word.span.start for word in words] == sorted(word.span.start for word in words)
    assert [word.text for word in words if word.voice == "Ada"] == ["one", "two", "three", "four"]
    assert next(word.span for word in words if word.voice == "Ben") == Span(1_500, 2_000)


def test_one_voice_never_overlaps_itself():
    text = "WEBVTT\n\n00:00.000 --> 00:04.000\n<v Ada>one two\n\n00:02.000 --> 00:05.000\n<v Ada>three"
    assert read(text).text == "one two three"
    assert read(text).words[1].span.end == 2_000


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_old_and_new_encodings(encoding):
    body = "Ada Example: Café – naïve.\r\nBen Sample: Déjà vu.\r\n".encode(encoding)
    assert said(read(body)) == [("Ada Example", "Café – naïve."), ("Ben Sample", "Déjà vu.")]


def test_who_made_it_and_what_it_is_are_kept():
    one = read(VTT, origin="publisher")
    assert one.origin == "publisher"
    assert one.fingerprint.startswith("publisher vtt ")
    assert (
        one.fingerprint == read(VTT, origin="publisher").fingerprint != read(VTT + " ", origin="publisher").fingerprint
    )
    assert read("Ada: Hallo.", language="de").language == "de"


BROKEN = {
    "empty.vtt": (b"", "WEBVTT"),
    "headless.vtt": (b"00:01.000 --> 00:02.000\nhi", "WEBVTT"),
    "no-cues.vtt": (b"WEBVTT\n", "no words"),
    "bad-time.vtt": (b"WEBVTT\n\n00:01.000 --> 00:xx\nhi", "line 3"),
    "minute-61.vtt": (b"WEBVTT\n\n00:61.000 --> 00:62.000\nhi", "minute-61.vtt"),
    "backwards.vtt": (b"WEBVTT\n\n00:03.000 --> 00:02.000\nhi", "ends before it begins"),
    "times.srt": (b"1\n00:00:01,000 -> 00:00:02,000\nhi", "SRT"),
    "dropped.vtt": (b"WEBVTT\n\n00:01.000 --> 00:02.000\nhi\n\n00:75.000 --> 00:76.000\nho", "line 6"),
    "arrow.vtt": (b"WEBVTT\n\n00:01.000 --> 00:02.000\nhi\n\n00:03.000 -> 00:04.000\nho", "line 6"),
    "long-hour.vtt": (b"WEBVTT\n\n" + b"9" * 5000 + b":00:01.000 --> 00:02.000\nhi", "line 3"),
    "three-digits.srt": (b"1\n100:00:03,000 --> 100:00:04,000\nhi", "line 2"),
    "long-number.json": (b'{"segments": [{"startTime": ' + b"9" * 5000 + b', "body": "hi"}]}', "long-number.json"),
    "half.srt": (b"1\n00:00:01,000 --> 00:00:02,000\nhi\n\n2\n00:00:03 --> 00:00:04\nho", "line 6"),
    "words.srt": (b"only words", "SRT"),
    "cut.json": (b'{"version": "1.0.0", "segments": [{"startTime": 1,', "line 1"),
    "other.json": (b'{"results": []}', "segments"),
    "list.json": (b"[]", "segments"),
    "none.json": (b'{"segments": []}', "no words"),
    "word.json": (b'{"segments": ["hi"]}', "segment 1"),
    "body.json": (b'{"segments": [{"startTime": 1}]}', "body"),
    "minus.json": (b'{"segments": [{"startTime": -1, "body": "hi"}]}', "startTime"),
    "nan.json": (b'{"segments": [{"startTime": NaN, "body": "hi"}]}', "startTime"),
    "text.json": (b'{"segments": [{"startTime": "soon", "body": "hi"}]}', "startTime"),
    "back.json": (b'{"segments": [{"startTime": 2, "endTime": 1, "body": "hi"}]}', "ends before"),
    "deep.json": (b'{"segments": ' + b"[" * 200_000, "deep.json"),
    "page.txt": (b"<!doctype html><title>404</title>", "web page"),
    "blank.txt": (b" \n\n ", "no words"),
    "sound.txt": (b"ID3\x04\x00\x00" + bytes(range(256)) * 20, "not text"),
    "random.vtt": (bytes((i * 7919 + i * i * 31) % 256 for i in range(5_000)), "not text"),
}


@pytest.mark.parametrize(
    ("cue", "words"),
    [
        ("<00:01.000><c>Hello</c><00:02.000><c> world</c>", "Hello world"),
        ("Hello <00:02.000>world<00:03.000>", "Hello world"),
        ("Hello <00:01.000><00:02.000> world", "Hello world"),
        ("<c " * 20_000 + "hello", None),
    ],
)
def test_times_and_tags_anywhere_in_a_cue_are_read(cue, words):
    found = read(f"WEBVTT\n\n00:01.000 --> 00:04.000\n{cue}\n".encode(), name="cue.vtt")
    if words:
        assert " ".join(word.text for word in found.words) == words


def test_a_printed_name_is_one_line():
    body = json.dumps({"segments": [{"startTime": 0, "body": "hi there", "speaker": "Ada\nS9  Ben, guest"}]})
    assert {word.voice for word in read(body.encode(), name="names.json").words} == {"Ada S9 Ben, guest"}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_is_refused_in_one_line_that_names_it(name):
    body, says = BROKEN[name]
    with pytest.raises(TranscriptUnreadable) as caught:
        read(body, name=name)
    message = str(caught.value)
    assert name in message
    assert says in message
    assert "\n" not in message
    assert len(message) < 300


@given(
    body=st.one_of(
        st.binary(max_size=300),
        st.text(max_size=300).map(str.encode),
        st.text(st.sampled_from('WEBVTT0123:.,-> \n<v>Ada:{}[]"\\'), max_size=200).map(
            lambda t: f"WEBVTT\n\n{t}".encode()
        ),
        st.text(st.sampled_from("0123456789:,-> \nAda"), max_size=200).map(
            lambda t: f"1\n00:00:01,000 --> 00:00:02,000\n{t}".encode()
        ),
    ),
    name=st.sampled_from(["a.vtt", "a.srt", "a.json", "a.txt", "a"]),
)
def test_any_bytes_are_read_or_refused(body, name):
    try:
        transcript = read(body, name=name)
    except TranscriptUnreadable as exc:
        assert "\n" not in str(exc)
    else:
        assert transcript.words
        starts = [word.span.start for word in transcript.words]
        assert starts == sorted(starts)
        assert all(word.text == word.text.strip() != "" for word in transcript.words)
