"""What becomes of quotes when a recording is cut again."""

import itertools
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convarchive.alignment.carry import LOST, carry, minted
from convarchive.domain.episode import Sha256
from convarchive.domain.ids import heard_quote_id
from convarchive.domain.quote import Draft, Excerpt, QuoteId, Selector
from convarchive.domain.span import Span

RECORDING = Sha256("a" * 64)
TALK = (
    "The harbour belongs to everyone who lives beside it. Nobody asked the fishermen before the cranes came. "
    "A town that listens grows slowly but it grows. Give people the keys and they open doors you never saw. "
    "Money follows trust and trust takes years to build. I learned to wait before I learned to lead."
).split()


@dataclass(frozen=True)
class Old:
    id: QuoteId
    selector: Selector


def draft(words, first=0, *, shift=0, timed=True):
    """A draft of these words, its first being the `first` of its recording, a word every 400 ms."""
    text = " ".join(words)
    span = Span(first * 400 + shift, (first + len(words)) * 400 + shift) if timed else Span(0, 0)
    return Draft(None, (Excerpt(text, span),), first, len(words), Selector(text, span=span), 0.9)


def old(made, name):
    return Old(QuoteId(name), made.selector)


def cuts(points, words=TALK, **how):
    """Drafts of the talk, cut at these points."""
    edges = [0, *sorted(points), len(words)]
    return tuple(draft(words[a:b], a, **how) for a, b in itertools.pairwise(edges) if b > a)


POINTS = st.sets(st.integers(1, len(TALK) - 1), max_size=9)


@given(POINTS, st.booleans())
def test_the_same_cuts_keep_the_same_ids(points, timed):
    drafts = cuts(points, timed=timed)
    carried = carry([old(made, f"q{n}") for n, made in enumerate(drafts)], drafts)
    assert carried.ids == tuple(f"q{n}" for n in range(len(drafts)))
    assert carried.retired == ()


@given(st.integers(1, 6), st.booleans())
def test_a_sentence_said_again_and_again_keeps_each_id_in_its_place(times, timed):
    drafts = tuple(draft(TALK[:9], n * 12, timed=timed) for n in range(times))
    carried = carry([old(made, f"q{n}") for n, made in enumerate(drafts)], drafts)
    assert carried.ids == tuple(f"q{n}" for n in range(times))


@pytest.mark.slow(alone=False)
@given(POINTS, POINTS, st.data())
def test_every_old_id_is_kept_redirected_or_told_why_and_never_given_twice(before, after, data):
    heard = [data.draw(st.sampled_from([word, word, word, word, "mumble"])) for word in TALK]
    held = [old(made, f"q{n}") for n, made in enumerate(cuts(before))]
    drafts = cuts(after, heard, shift=data.draw(st.integers(0, 500)))
    drafts = tuple(made for made in drafts if data.draw(st.integers(0, 5)))
    carried = carry(held, drafts)
    kept = [the_id for the_id in carried.ids if the_id is not None]
    gone = [quote.id for quote in carried.retired]
    assert len(carried.ids) == len(drafts)
    assert sorted([*kept, *gone]) == sorted(quote.id for quote in held)
    assert all(quote.reason for quote in carried.retired)
    assert all(0 <= target < len(drafts) for quote in carried.retired for target in quote.targets)
    ids = minted(carried, drafts, RECORDING)
    assert len(set(ids)) == len(ids)
    assert not set(gone) & set(ids)


def test_misheard_words_and_another_full_stop_do_not_cost_a_quote_its_id():
    held = [old(draft("Give people the keys and they open doors you never saw.".split(), 27), "q1")]
    again = draft("So give people the keys, and they opened doors. You never saw".split(), 26, shift=180)
    assert carry(held, [again]).ids == ("q1",)


def test_a_quote_cut_in_two_leads_to_both_halves_in_order():
    whole = [old(draft(TALK[:17]), "q1")]
    carried = carry(whole, (draft(TALK[:9]), draft(TALK[9:17], 9)))
    assert carried.ids == (None, None)
    assert carried.retired[0].targets == (0, 1)


def test_two_quotes_made_one_keep_one_id_and_lead_there_from_the_other():
    halves = [old(draft(TALK[:9]), "q1"), old(draft(TALK[9:17], 9), "q2")]
    carried = carry(halves, (draft(TALK[:17]),))
    assert carried.ids == ("q1",)
    assert [(quote.id, quote.targets) for quote in carried.retired] == [("q2", (0,))]


def test_a_quote_whose_words_are_gone_says_so():
    carried = carry([old(draft(TALK[:9]), "q1")], (draft("Thank you for watching this programme tonight".split()),))
    assert carried.ids == (None,)
    assert [(quote.reason, quote.targets) for quote in carried.retired] == [(LOST, ())]


def test_the_same_words_said_elsewhere_are_another_quote():
    carried = carry([old(draft(TALK[:9]), "q1")], (draft(TALK[:9], 500),))
    assert carried.ids == (None,)
    assert carried.retired[0].targets == ()


@pytest.mark.parametrize("taken", [(), (heard_quote_id(RECORDING, 0), heard_quote_id(RECORDING, 1))])
def test_a_new_quote_never_takes_an_id_that_stands_for_other_words(taken):
    held = [Old(heard_quote_id(RECORDING, 0), Selector(" ".join(TALK[9:17]), span=Span(3600, 6800)))]
    drafts = (draft(TALK[:9]), draft(TALK[9:17], 9))
    ids = minted(carry(held, drafts), drafts, RECORDING, taken)
    assert ids[1] == held[0].id
    assert ids[0] not in {held[0].id, *taken}
    assert ids == minted(carry(held, drafts), drafts, RECORDING, taken)
