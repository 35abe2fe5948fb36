"""Whatever is decided about voices, in whatever order: search says at once what it says after a new build."""

from __future__ import annotations

import shutil
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from convarchive import wiring
from convarchive.domain.passage import Query
from convarchive.domain.span import Span
from convarchive.editorial import assigning, clearing, voices
from convarchive.errors import BadInput, NotAllowed, NotFound
from convarchive.home import Home
from convarchive.index.build import build
from convarchive.index.engines.faiss_index import FaissIndex
from convarchive.index.live import opened
from convarchive.index.search import search
from convarchive.index.similar import similar
from convarchive.store.catalogue import Catalogue
from fakes.encoder import HashingEncoder

pytestmark = pytest.mark.slow(alone=False)

SAID = {"by": "B. Editor", "why": "listened to it"}
ENCODER = HashingEncoder()
LABELS = ("S1", "S2", "S3")
PEOPLE = ("tom-atlantis", "helen-neverland", "grace-wonderland")


@dataclass
class Desk:
    """One episode's voices, and an editor who decides about them."""

    home: Home
    catalogue: Catalogue
    episode: str

    def decide(self, act, label, person):
        """Do it, and let names follow as every door does; what cannot be decided changes nothing."""
        which = (self.catalogue, self.episode, label)
        try:
            if act == "assign":
                assigning.assign(*which, person, **SAID)
            elif act == "undo":
                voices.undo(self.catalogue, self.episode, **SAID)
            elif act == "merge":
                voices.merge(*which, LABELS[LABELS.index(label) - 1], **SAID)
            elif act == "not-a-person":
                voices.not_a_person(*which, **SAID)
            elif act == "split":
                voices.split(*which, [self.turns(label)[-1]], speaker=person, **SAID)
            else:
                self.clear(label)
        except (BadInput, NotAllowed, NotFound):
            return
        assert wiring.rename(self.home, self.catalogue, self.episode) == ()

    def turns(self, label):
        with self.catalogue.reading("editor") as read:
            (view,) = [one for one in read.voices(self.episode) if one.label == label] or [None]
            if view is None:
                raise NotFound(label)
            room = read.room(self.episode)
        return [Span(turn.span.start, turn.span.end) for turn in room.turns if turn.label == label]

    def clear(self, label):
        for one in self.quotes("researcher"):
            if one.label == label and one.clearance == "unreviewed":
                clearing.clear(self.catalogue, self.home, one.id, **SAID)

    def quotes(self, audience):
        with self.catalogue.reading(audience) as read:
            return read.listed(Query("", episode=self.episode))

    def waiting(self, audience):
        """How many passages an answer could not look at, and of how many no text has a vector."""
        lacking = self.without_vector()
        with self.catalogue.reading(audience) as read:
            said = search(read, opened(self.home, FaissIndex.load), ENCODER, Query("people", limit=1), least=0.0)
            return said.pending, sum(one.text in lacking for one in read.quotes())

    def answers(self, audience):
        """What each quote's own words find, and what is like it."""
        found = {}
        with self.catalogue.reading(audience) as read:
            now = opened(self.home, FaissIndex.load)
            for view in read.quotes():
                if view.episode is not None and view.episode.id == self.episode and view.label != "S3":
                    said = search(read, now, ENCODER, Query(view.text, limit=3), least=0.0)
                    hits = [(hit.passage.quote, hit.passage.version, hit.relevance, hit.also) for hit in said.hits]
                    near = similar(read, now, view, 3, own=True)
                    found[view.id] = (hits, [(hit.passage.version, hit.relevance) for hit in near.hits])
        return found

    def without_vector(self):
        with self.catalogue.writing() as write:
            return set(write.search.without_vector(ENCODER.fingerprint, 1000))

    def named_rightly(self):
        """Public quotes stand under the name that their words have now."""
        now = {one.id: one.speaker.id if one.speaker else None for one in self.quotes("editor")}
        for one in self.quotes("public"):
            if one.speaker is not None and one.id in now:
                assert one.speaker.id == now[one.id]


acts = st.tuples(
    st.sampled_from(("assign", "assign", "undo", "undo", "clear", "merge", "split", "not-a-person")),
    st.sampled_from(LABELS),
    st.sampled_from(PEOPLE),
)


@settings(max_examples=2, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.lists(acts, min_size=3, max_size=6))
@example([("clear", "S2", PEOPLE[0]), ("assign", "S2", PEOPLE[2]), ("undo", "S2", PEOPLE[0])])
@example([("clear", "S1", PEOPLE[0]), ("assign", "S1", PEOPLE[2]), ("clear", "S1", PEOPLE[0]), ("undo", "S1", "")])
@example([("not-a-person", "S2", ""), ("split", "S1", PEOPLE[1]), ("undo", "S1", ""), ("undo", "S1", "")])
def test_search_needs_no_build_to_follow(walked, tmp_path, decisions):
    root = tmp_path / "one"
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(walked.root, root)
    home = Home(root)
    with Catalogue.for_writing(home) as catalogue:
        with catalogue.reading("editor") as read:
            episode = max(read.episodes(), key=lambda one: len(read.voices(one.id))).id
        desk = Desk(home, catalogue, episode)
        desk.decide("assign", "S1", PEOPLE[0])
        desk.decide("clear", "S1", "")
        build(home, catalogue, ENCODER, FaissIndex)
        for act, label, person in decisions:
            desk.decide(act, label, person)
            for audience in ("public", "researcher"):
                pending, lacking = desk.waiting(audience)
                assert pending == lacking, (act, label, person, audience)
            desk.named_rightly()
        before = [desk.answers(audience) for audience in ("public", "researcher")]
        if not desk.without_vector():
            build(home, catalogue, ENCODER, FaissIndex)
            assert [desk.answers(audience) for audience in ("public", "researcher")] == before
