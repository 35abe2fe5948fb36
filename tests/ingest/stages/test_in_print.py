"""What is printed under a name, heard in a recording: it names the voice, and not the very words it prints."""

import pytest

from convarchive.domain.passage import Query
from convarchive.editorial.clearing import withdraw
from convarchive.store.catalogue import Catalogue
from fakes.walk import TALK, walking
from servers import serving

pytestmark = pytest.mark.slow(alone=False)

# In it nobody says a name.
NAMELESS = TALK[4:] * 2
SPEAKERS = '[[speakers]]\nid = "ben-sample"\nname = "Ben Sample"\nfiction = true\n'
LIST = (
    '<podcast:person role="host">Ada Example</podcast:person><podcast:person role="guest">Ben Sample</podcast:person>'
)
MISTAKES, FORM = TALK[5][1], TALK[7][1]


def paper(*texts):
    head = 'id = "paper"\ntitle = "An example paper"\nfiction = true\n'
    quote = '\n[[quotes]]\nkey = "k{}"\nkind = "podcast"\nspeaker = "ben-sample"\nname = "Ben Sample"\n'
    return head + "".join(f'{quote.format(n)}place = "page 1"\ntext = "{text}"\n' for n, text in enumerate(texts))


@pytest.fixture
def walk(tmp_path):
    with serving() as server:
        walk = walking(server, tmp_path / "home")
        walk.lists("one", NAMELESS[:4], further=LIST)
        walk.publish()
        walk.home.speakers.write_text(SPEAKERS)
        yield walk


def voice(walk, label="S2"):
    return next(one for one in walk.read(lambda read: read.voices(walk.episode("one").id)) if one.label == label)


def heard(walk, part):
    listed = walk.read(lambda read: read.listed(Query("")))
    return next(one for one in listed if part in one.text and one.text_status == "heard")


def prints(evidence):
    return [one.kind for one in evidence if one.family == "print"]


def test_print_names_the_voice_and_not_its_own_words_and_a_withdrawn_one_names_nobody(walk):
    walk.home.published.joinpath("paper.toml").write_text(paper(FORM))
    assert walk.ingest().failed == []
    named = voice(walk)
    assert (named.name, named.status) == ("Ben Sample", "confirmed")
    (reason,) = (one for one in named.evidence if one.family == "print")
    said = heard(walk, "public service").sources[0].span
    assert said.overlap(reason.span) >= 0.9 * reason.span.duration
    # Without itself the printed words have nothing that tells whose they are; the rest of the voice has.
    itself = heard(walk, "public service").attribution
    assert (itself.status, prints(itself.evidence)) == ("unattributed", ["printed quote, not counted"])
    other = heard(walk, "small mistakes").attribution
    assert (other.status, prints(other.evidence)) == ("confirmed", ["printed quote"])
    assert walk.ingest(feeds=False).done == []
    # Two of them vouch for each other.
    walk.home.published.joinpath("paper.toml").write_text(paper(FORM, MISTAKES))
    walk.ingest(feeds=False)
    for part in ("public service", "small mistakes"):
        attribution = heard(walk, part).attribution
        assert attribution.status == "confirmed"
        assert prints(attribution.evidence) == ["printed quote", "printed quote, not counted"]
    printed = [one for one in walk.read(lambda read: read.listed(Query(""))) if one.text_status == "printed"]
    with Catalogue.for_writing(walk.home) as catalogue:
        for one in printed:
            withdraw(catalogue, walk.home, one.id, by="An Editor", why="asked for it")
    walk.ingest(feeds=False)
    assert prints(voice(walk).evidence or ()) == []
    assert heard(walk, "public service").attribution.status != "confirmed"
