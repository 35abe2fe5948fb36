"""Finding a phrase in what was said."""

from hypothesis import given
from hypothesis import strategies as st

from convarchive.alignment.find import find, place
from convarchive.domain.span import Span
from convarchive.domain.transcript import Word

TALK = (
    "Well, I think the town has changed. We spent, um, twenty five per cent on the harbour, and people don't "
    "go there. If you give people the keys, they open doors you never saw. That is what I saw in the town."
)


def spoken(text: str) -> tuple[Word, ...]:
    return tuple(Word(token, Span(n * 400, n * 400 + 300)) for n, token in enumerate(text.split()))


def test_a_phrase_is_found_at_its_words_whatever_its_punctuation():
    words = spoken(TALK)
    found = place("give people the keys they open doors", words)
    assert found is not None
    assert [w.text for w in words[found.first : found.first + found.words]] == (
        "give people the keys, they open doors".split()
    )
    assert found.span == Span(words[found.first].span.start, words[found.first + found.words - 1].span.end)
    assert found.heard == 1.0


def test_a_phrase_is_found_though_a_word_was_misheard_and_a_number_written_in_digits():
    found = place("We spend 25% on the harbour and people do not go there", spoken(TALK))
    assert found is not None
    assert found.heard > 0.8
    assert "harbour," in TALK.split()[found.first : found.first + found.words]


def test_of_two_places_the_first_is_given():
    words = spoken("give power away and once more give power away")
    assert find("Give power away.", words) == Span(0, 2 * 400 + 300)


def test_what_was_never_said_is_not_found():
    assert find("The moon belongs to nobody at all", spoken(TALK)) is None
    assert find("…", spoken(TALK)) is None
    assert find("anything", ()) is None


@given(st.data())
def test_any_run_of_different_words_is_found_exactly_where_it_stands(data):
    count = data.draw(st.integers(1, 60))
    words = spoken(" ".join(f"w{n}x" for n in range(count)))
    first = data.draw(st.integers(0, count - 1))
    last = data.draw(st.integers(first, count - 1))
    found = place(" ".join(w.text for w in words[first : last + 1]), words)
    assert found is not None
    assert (found.first, found.words, found.heard) == (first, last + 1 - first, 1.0)
