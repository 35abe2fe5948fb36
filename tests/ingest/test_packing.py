"""Cutting a recording into pieces to hear: all speech is covered, in order, no piece too long."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from convarchive.domain.span import Span
from convarchive.ingest.packing import CALM, LONGEST, WIDEST, halves, packed

WITHIN = Span(0, 600_000)


@st.composite
def speech(draw):
    at, spans = 0, []
    for pause, length in draw(st.lists(st.tuples(st.integers(0, 9_000), st.integers(250, 70_000)), max_size=25)):
        start, at = at + pause, at + pause + length
        spans.append(Span(start, at))
    return spans


@given(speech())
def test_all_speech_is_covered_in_order_without_overlap_by_pieces_of_bounded_length(spans):
    chunks = packed(spans, within=WITHIN)
    assert all(chunk.span.duration <= LONGEST and chunk.span in WITHIN for chunk in chunks)
    assert all(a.span.end <= b.span.start for a, b in pairwise(chunks))
    for span in spans:
        inside = span & WITHIN
        covered = sum(chunk.span.overlap(inside) for chunk in chunks) if inside else 0
        assert covered == (inside.duration if inside else 0)


@given(speech())
def test_no_piece_holds_a_pause_in_which_text_would_be_invented(spans):
    for chunk in packed(spans, within=WITHIN):
        assert all(b.start - a.end <= WIDEST for a, b in pairwise(chunk.speech))


@given(speech())
def test_halves_hear_the_same_speech_in_shorter_pieces(spans):
    for chunk in packed(spans, within=WITHIN):
        parts = halves(chunk)
        assert sum(s.duration for part in parts for s in part.speech) == sum(s.duration for s in chunk.speech)
        assert all(part.span in chunk.span for part in parts)
        if chunk.span.duration > 6_000:
            assert max(part.span.duration for part in parts) < chunk.span.duration


def test_a_cut_falls_in_the_longest_pause_rather_than_the_last():
    spans = [Span(0, 10_000), Span(10_000 + CALM, 22_000), Span(22_050, 32_000)]
    assert [len(chunk.speech) for chunk in packed(spans, within=WITHIN)] == [1, 2]


def test_no_speech_makes_no_pieces():
    assert packed([], within=WITHIN) == ()
    assert packed([Span(700_000, 800_000)], within=WITHIN) == ()
