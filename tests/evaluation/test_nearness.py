"""What nearness is worth is counted against what people said of the same texts."""

from convarchive.evaluation.judged import Asked, JudgedSet, Text
from convarchive.evaluation.nearness import measure
from fakes.encoder import HashingEncoder

TEXTS = (
    Text("a", "old trains sleep in the depot", topic="rails"),
    Text("b", "old trains sleep in a depot", topic="rails"),
    Text("c", "old trains sleep in a harbour", topic="rails"),
    Text("d", "bees want morning sun", meeting="m1"),
    Text("e", "trains sleep in the depot", topic="rails"),
)
ASKED = (Asked("p", "night", ("a", "b")), Asked("q", "sea", ("c",)), Asked("r", "sun", ("d",)))


def test_shares_are_of_judged_pairs_alone_and_every_pair_counts_once():
    found = measure([JudgedSet("made", TEXTS, ASKED), JudgedSet("empty", TEXTS, ())], HashingEncoder(512))
    # Nobody said what e means: of the other four there are six pairs, three of them of one matter, one under a point.
    assert sum(row.pairs for row in found.every) == 6
    assert sum(round(row.matter * row.pairs) for row in found.every) == 3
    assert sum(round(row.point * row.pairs) for row in found.every) == 1
    assert sum(row.pairs for row in found.nearest) == 12
    assert {row.set for row in found.every} == {"made"}
    assert (found.every[0].low, found.every[0].matter) == (0.0, 0.0)
    assert max(found.every, key=lambda row: row.low).point > 0
