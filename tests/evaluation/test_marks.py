"""Marks on words, counted on a small reference whose answers are known."""

from pathlib import Path

from convarchive.domain.span import Span
from convarchive.domain.speech import SpeakerLabel, Turn
from convarchive.domain.transcript import Transcript, Word
from convarchive.evaluation.marks import brief, judge, table
from convarchive.evaluation.speech import Reference, Stretch

SAID = (Stretch(Span(0, 4_000), "ada", "we gave it away"), Stretch(Span(4_000, 8_000), "ben", "and then it grew"))
TALK = Reference("talk", Path("talk.flac"), SAID, SAID)


def hear(_audio):
    tokens = ("We", "gave", "it", "away.", "And", "than", "it", "grew.")
    return Transcript(
        tuple(Word(t, Span(n * 1000, n * 1000 + 900)) for n, t in enumerate(tokens)), "en", "heard", "ear"
    )


def told(*turns):
    return lambda _audio: tuple(Turn(Span(a, b), SpeakerLabel(label)) for label, a, b in turns)


def test_a_word_in_the_wrong_voice_is_counted_with_its_mark_and_a_misheard_word_not_at_all():
    # The second voice begins two words late, and the first goes on over one of them.
    found = list(judge([TALK], told(("S1", 0, 6_000), ("S2", 4_950, 8_000)), hear))
    assert len(found) == 7
    assert [one.right for one in found] == [True, True, True, True, False, True, True]
    assert [one.mark for one in found] == [None] * 7
    shared = list(judge([TALK], told(("S1", 0, 5_000), ("S2", 4_000, 8_000)), hear))
    assert {(one.mark, one.right, one.sure) for one in shared if one.mark} <= {
        ("overlap", True, 0.5), ("overlap", False, 0.5),
    }  # fmt: skip
    assert sum(one.mark == "overlap" for one in shared) == 1
    assert "| overlap | 1 | " in table(shared)
    assert brief(found) == "given to a wrong voice 1 of 7 words without a mark, 0 of 0 with one"
    assert table(found).splitlines()[2].startswith("| no mark | 7 | 1 | 14.29% |")
