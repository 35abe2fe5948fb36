"""Voiceprints in the catalogue: kept by consent, left out of copies, erased with what was concluded from them."""

import struct

import pytest

from convarchive.domain.span import Span
from convarchive.domain.speaker import Attribution, Evidence
from convarchive.domain.speech import SpeakerLabel
from convarchive.domain.voiceprint import Consent, Voiceprint, about
from convarchive.errors import NotAllowed
from convarchive.store import backup
from convarchive.store.catalogue import Catalogue
from convarchive.store.write_reviews import Hold
from fakes import small_archive as small
from fakes.blank import blank_home

ADA, BEN = small.ADA, small.BEN
VECTORS = {who: tuple(base + n / 7 for n in range(60)) for who, base in ((ADA, 3.25), (BEN, -9.5))}
CONSENT = Consent("Ada Example", "2026-01-31", "signed form")
SELF = Evidence("self", "self-introduction", "says “Ada Example” of itself", Span(0, 900))
FEED = Evidence("metadata", "feed persons", "the publisher names Ada Example")


def sounds(who):
    return Evidence("voice", "voiceprint", f"sounds like the voiceprint of somebody {about(who)}", Span(0, 4000), 3.0)


def given(label, who, status, *reasons):
    named = (who, "Somebody", "guest") if who else (None, None, None)
    return Attribution(SpeakerLabel(label), *named, status, 0.9 if who else 0.0, reasons)


def enrol(write, who, encoder="fake 1"):
    number = write.reviews.add("enrol", "Somebody", "consent", person=who)
    made = Voiceprint(0, who, small.SOUND, encoder, 20_000, VECTORS[who])
    write.voiceprints.enrol(who, [made, made], CONSENT, number)


@pytest.fixture
def home(tmp_path):
    home = blank_home(tmp_path / "home")
    with Catalogue.for_writing(home) as catalogue, catalogue.writing() as write:
        small.fill(write)
        enrol(write, ADA)
        enrol(write, BEN)
        write.speech.put_attributions(small.SOUND, [
            given("S1", ADA, "confirmed", sounds(ADA), SELF),
            given("S2", ADA, "confirmed", FEED, sounds(ADA)),
            given("S3", BEN, "probable", sounds(BEN)),
            given("S4", None, "unattributed", sounds(ADA), sounds(BEN)),
            given("S5", ADA, "confirmed", FEED, SELF),
        ])  # fmt: skip
    return home


def in_files(home, who):
    return struct.pack("<60f", *VECTORS[who]) in b"".join(p.read_bytes() for p in home.holdings.glob("catalogue.db*"))


def test_what_is_enrolled_is_read_back_and_replaced_as_a_whole(home):
    with Catalogue.for_writing(home) as catalogue, catalogue.writing() as write:
        first = write.voiceprints.prints("fake 1")
        assert [one.speaker for one in first] == [ADA, ADA, BEN, BEN]
        assert first[0].vector == pytest.approx(VECTORS[ADA])
        assert write.voiceprints.prints("another model") == ()
        enrol(write, ADA)
        again = write.voiceprints.prints("fake 1")
        # No number ever comes back: what was digested over the old ones is stale.
        assert {one.number for one in again if one.speaker == ADA}.isdisjoint(one.number for one in first)
        assert len(again) == 4


def test_prints_their_traces_and_evidence_go_and_names_claim_no_more_than_is_left(home):
    with Catalogue.for_writing(home) as catalogue:
        assert in_files(home, ADA)
        with catalogue.writing() as write:
            went = write.voiceprints.forget(ADA)
            write.order_erasure()
            now = {label: one for label, (_, one) in write.speech.current_attributions(small.SOUND).items()}
            assert (went.prints, went.episodes) == (2, (write.episodes.episodes()[0].id,))
            assert [one.speaker for one in write.voiceprints.prints("fake 1")] == [BEN, BEN]
        assert catalogue.erase()
        assert not in_files(home, ADA)
        assert in_files(home, BEN)
        with catalogue.reading("editor") as read:
            assert read.voiceprints_held() == {BEN: 2}
            assert read.held_about(ADA)["consent to voiceprints"] == []
    told = {label: (one.speaker, one.status, one.evidence) for label, one in now.items()}
    assert told == {
        "S1": (ADA, "probable", (SELF,)),
        "S2": (None, "unattributed", (FEED,)),
        "S3": (BEN, "probable", (sounds(BEN),)),
        "S4": (None, "unattributed", (sounds(BEN),)),
        "S5": (ADA, "confirmed", (FEED, SELF)),
    }


@pytest.mark.parametrize("asked", [False, True])
def test_a_copy_holds_prints_only_where_they_are_asked_for(home, tmp_path, asked):
    into = tmp_path / "copy.db"
    with Catalogue.for_reading(home) as catalogue:
        found = backup.copy(catalogue, into, lambda *_: None, with_voiceprints=asked)
    assert found.voiceprints == (4 if asked else 0)
    assert (struct.pack("<60f", *VECTORS[ADA]) in into.read_bytes()) == asked


def test_closed_stretches_are_told_and_a_closed_recording_is_closed_whole(home):
    with Catalogue.for_writing(home) as catalogue, catalogue.writing() as write:
        number = write.reviews.add("withdraw", "An Editor", "asked to")
        assert write.voiceprints.closed(small.SOUND) == ()
        write.reviews.hold(Hold("withdrawn", recording=small.SOUND, start_ms=10, end_ms=20), number)
        assert write.voiceprints.closed(small.SOUND) == (Span(10, 20),)
        write.reviews.hold(Hold("withdrawn", recording=small.SOUND), number)
        assert write.voiceprints.closed(small.SOUND) is None


def test_only_editors_are_told_of_whom_prints_are_held(home):
    with Catalogue.for_reading(home) as catalogue, catalogue.reading("comms") as read, pytest.raises(NotAllowed):
        read.voiceprints_held()
