"""Pieces of speech become as many voices as there are, whatever their number."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convarchive.ingest.clustering import Pieces, Rule, likeness, voices_of

SIZE = 192


def directions(count, seed=0):
    """Unit vectors at right angles: voices that have nothing in common."""
    return np.linalg.qr(np.random.default_rng(seed).normal(size=(SIZE, count)))[0].T.astype(np.float32)


def unit(vectors):
    return (vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)).astype(np.float32)


def speech(voices, counts, seconds=3.0, noise=0.05, seed=1, windows=None):
    """`counts[i]` noisy pieces of voice `i`, each in a window of its own unless said otherwise."""
    rng = np.random.default_rng(seed)
    whose = np.repeat(np.arange(len(counts)), counts)
    vectors = unit(voices[whose] + noise * rng.normal(size=(len(whose), SIZE)))
    places = np.arange(len(whose)) if windows is None else np.asarray(windows)
    return Pieces(vectors, np.full(len(whose), seconds), places)


@pytest.mark.parametrize("count", [1, 2, 3, 7])
def test_as_many_voices_are_found_as_speak(count):
    voices = directions(count)
    found = voices_of(speech(voices, [8] * count), Rule())
    assert found.shape == (count, SIZE)
    assert sorted(likeness(found, voices).argmax(axis=1)) == list(range(count))


def test_the_longest_heard_voice_comes_first():
    voices = directions(3)
    found = voices_of(speech(voices, [4, 12, 8]), Rule())
    assert likeness(found, voices).argmax(axis=1).tolist() == [1, 2, 0]


def test_centroids_are_unit_vectors():
    found = voices_of(speech(directions(2), [5, 5]), Rule())
    assert found.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)


def test_no_pieces_are_no_voices():
    nothing = Pieces(np.zeros((0, SIZE), np.float32), np.zeros(0), np.zeros(0, np.int64))
    assert voices_of(nothing, Rule()).shape == (0, SIZE)


def test_a_recording_of_exclamations_alone_still_has_its_voice():
    assert len(voices_of(speech(directions(1), [4], seconds=0.5), Rule())) == 1


def test_a_sound_far_too_brief_founds_no_voice():
    voices = directions(2)
    pieces = speech(voices, [10, 1])
    pieces.seconds[-1] = 0.8
    assert len(voices_of(pieces, Rule())) == 1


def test_a_guests_minute_in_three_hours_stays_a_voice_of_its_own():
    pieces = speech(directions(3), [400, 300, 20], noise=0.02)
    pieces.seconds[:700] = 15.0
    assert len(voices_of(pieces, Rule())) == 3


def like(first, cosine, other):
    return unit(cosine * first + np.sqrt(1 - cosine**2) * other)


def test_voices_heard_beside_each_other_are_kept_apart_though_they_are_alike():
    one, two = directions(2)
    pair = np.stack([one, like(one, 0.85, two)])
    apart = speech(pair, [8, 8], noise=0.0, windows=[*range(8), *range(8)])
    never_together = speech(pair, [8, 8], noise=0.0)
    assert len(voices_of(apart, Rule())) == 2
    assert len(voices_of(never_together, Rule())) == 1


def test_a_voice_that_the_segmentation_once_split_stays_one():
    one, two = directions(2)
    pair = np.stack([one, like(one, 0.75, two)])
    assert len(voices_of(speech(pair, [10, 1], noise=0.0, windows=[*range(10), 4]), Rule())) == 1


def test_likeness_is_measured_by_how_alike_the_pieces_of_one_voice_are():
    one, two = directions(2)
    pair = np.stack([one, like(one, 0.65, two)])
    # In a noisy recording the pieces of one voice are no more alike than those of two people in a clean one.
    noisy = speech(directions(1), [30], noise=0.08)
    assert np.median(noisy.vectors @ noisy.vectors.T) < np.median(pair @ pair.T)
    assert len(voices_of(noisy, Rule())) == 1
    assert len(voices_of(speech(pair, [8, 8], noise=0.02), Rule())) == 2


@pytest.mark.parametrize(("seconds", "voices"), [(1.5, 1), (9.0, 2)])
def test_the_briefer_a_voice_the_less_must_it_sound_like_a_longer_one_to_be_it(seconds, voices):
    one, two = directions(2)
    pieces = speech(np.stack([one, like(one, 0.45, two)]), [10, 1], noise=0.0)
    pieces.seconds[-1] = seconds
    assert len(voices_of(pieces, Rule())) == voices


def test_a_hint_joins_voices_that_are_nearly_alike_enough_but_no_others():
    one, two, other = directions(3)
    nearly = np.stack([one, like(one, 0.6, two), other])
    pieces = speech(nearly, [8, 8, 8], noise=0.0)
    assert len(voices_of(pieces, Rule())) == 3
    assert len(voices_of(pieces, Rule(), most=2)) == 2
    assert len(voices_of(pieces, Rule(), most=1)) == 2


def test_a_hint_of_more_people_than_speak_adds_nobody():
    assert len(voices_of(speech(directions(2), [8, 8]), Rule(), most=6)) == 2


@pytest.mark.parametrize("block", [10, 25, 60])
def test_a_long_recording_joined_part_by_part_has_the_same_voices(block):
    voices = directions(4)
    pieces = speech(voices, [30, 25, 20, 15])
    order = np.random.default_rng(5).permutation(len(pieces))
    mixed = Pieces(pieces.vectors[order], pieces.seconds[order], np.arange(len(pieces)))
    whole, parts = voices_of(mixed, Rule()), voices_of(mixed, Rule(), block=block)
    np.testing.assert_allclose(parts, whole, atol=1e-3)


def test_pieces_that_are_all_unlike_keep_within_the_block():
    pieces = Pieces(directions(100), np.linspace(1.0, 5.0, 100), np.arange(100))
    assert len(voices_of(pieces, Rule(least=0.0, share=0.0), block=20)) <= 20


@settings(max_examples=60)
@given(st.integers(1, 5), st.integers(0, 10_000), st.integers(1, 6))
def test_the_order_of_windows_changes_no_voice(count, seed, each):
    pieces = speech(directions(count, seed), [2 * each] * count, seed=seed)
    order = np.random.default_rng(seed).permutation(len(pieces))
    turned = Pieces(pieces.vectors[order], pieces.seconds[order], pieces.windows[order])
    one, other = voices_of(pieces, Rule()), voices_of(turned, Rule())
    assert len(one) == len(other) == count
    np.testing.assert_allclose(likeness(one, other).max(axis=1), 1, atol=1e-4)
