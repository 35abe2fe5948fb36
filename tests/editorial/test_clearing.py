"""Clearing, withholding, withdrawing and undoing: what each opens or closes, at once and at every door."""

import shutil
import subprocess
import sys

import pytest

from convarchive.domain.desk import Withdrawal
from convarchive.domain.passage import Query
from convarchive.domain.quote import AudioSource, DocumentId, Excerpt, QuoteId, Selector
from convarchive.domain.span import Span
from convarchive.editorial.clearing import clear, undo, withdraw, withhold
from convarchive.editorial.desks import load_desks
from convarchive.errors import BadInput, Changed, Gone, NotAllowed, NotFound, NotPublishable, SettingsError
from convarchive.home import Home
from convarchive.ingest.withdrawals import add_withdrawals, read_withdrawals
from convarchive.publish.record import record
from convarchive.publish.release import refuse_unpublishable
from convarchive.publish.text import as_text
from convarchive.store.catalogue import Catalogue
from convarchive.store.export import canonical
from convarchive.store.write_quotes import NewVersion
from convarchive.store.write_reviews import Hold
from fakes import small_archive as small

ADAS, BENS, NOBODYS = (small.HEARD[name] for name in ("confirmed", "probable", "unattributed"))
IN_PRINT = small.PRINTED["slow-work"]
SPAN = small.SAID["confirmed"][1]
SAID = {"by": "An Editor", "why": "for this test"}

ASK = """
import sys
from pathlib import Path
from convarchive.domain.passage import Query
from convarchive.errors import NotFound
from convarchive.home import Home
from convarchive.store.catalogue import Catalogue
with Catalogue.for_reading(Home(Path(sys.argv[1]))) as catalogue:
    for line in sys.stdin:
        audience, quote = line.split()
        with catalogue.reading(audience) as read:
            found = quote in {p.quote for p in read.passages(Query("x"))}
            try:
                print(read.quote(quote).clearance, found, flush=True)
            except NotFound as error:
                print(type(error).__name__, found, flush=True)
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    home = Home(tmp_path_factory.mktemp("home"))
    with Catalogue.for_writing(home) as catalogue, catalogue.writing() as write:
        small.fill(write)
    return home.root


@pytest.fixture
def home(made, tmp_path):
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return Home(tmp_path)


@pytest.fixture
def catalogue(home):
    with Catalogue.for_writing(home) as catalogue:
        yield catalogue


def seen(catalogue, audience, quote):
    """How an audience sees a quote: its clearance, or the error's name."""
    with catalogue.reading(audience) as read:
        try:
            return read.quote(quote).clearance
        except NotFound as error:
            return type(error).__name__


def log(catalogue, quote=None):
    with catalogue.reading("editor") as read:
        return read.reviews(quote)


# -- clearing -------------------------------------------------------------------------


def test_a_cleared_quote_is_public_at_once_and_its_words_count_as_checked_by_ear(catalogue, home):
    assert seen(catalogue, "public", ADAS) == "NotFound"
    with catalogue.reading("public") as read:
        before = read.generation()
    decided = clear(catalogue, home, ADAS, by=" An Editor ", why="listened to it")
    with catalogue.reading("public") as read:
        view = read.quote(ADAS)
        assert ADAS in {passage.quote for passage in read.passages(Query("power"))}
        assert read.generation() > before
    assert (view.clearance, view.text_status, view.version) == ("cleared", "checked", decided.version)
    review = log(catalogue, ADAS)[-1]
    assert (review.number, review.act, review.by, review.why) == (
        decided.review,
        "clear",
        "An Editor",
        "listened to it",
    )
    assert review.scope == "the words, checked by ear against the recording"


def test_clearing_print_speaks_of_the_words_as_printed(catalogue, home):
    clear(catalogue, home, small.PRINTED["other-work"], **SAID)
    with catalogue.reading("public") as read:
        assert read.quote(small.PRINTED["other-work"]).text_status == "printed"
    assert log(catalogue, small.PRINTED["other-work"])[-1].scope == "the words as printed"


@pytest.mark.parametrize("quote", [BENS, NOBODYS])
def test_clearing_never_puts_a_name_that_is_not_confirmed_before_the_public(catalogue, home, quote):
    clear(catalogue, home, quote, **SAID)
    with catalogue.reading("public") as read:
        view = read.quote(quote)
        assert view.speaker is None
        assert view.attribution.status == "unattributed"
        assert quote not in {p.quote for p in read.passages(Query("x", speaker=small.BEN))}


def test_changed_words_are_not_cleared_by_who_looked_at_the_old_ones(catalogue, home):
    with catalogue.reading("editor") as read:
        looked_at = read.quote(ADAS).version
    with catalogue.writing() as write:
        rows = write.speech.current_attributions(small.SOUND)
        (episode,) = write.episodes.episodes()
        small.put_quote(write, episode.id, "confirmed", rows, words="Power that is shared goes.")
    with pytest.raises(NotAllowed, match="changed"):
        clear(catalogue, home, ADAS, version=looked_at, **SAID)
    assert seen(catalogue, "public", ADAS) == "NotFound"
    clear(catalogue, home, ADAS, **SAID)
    with catalogue.reading("public") as read:
        assert read.quote(ADAS).text == "Power that is shared goes."


@pytest.mark.slow(alone=False)
@pytest.mark.parametrize("act", [clear, withhold, withdraw, undo])
def test_nothing_is_decided_about_words_or_a_standing_that_nobody_looked_at(catalogue, home, act):
    with catalogue.reading("editor") as read:
        looked_at = read.quote(ADAS).version
    if act is undo:
        clear(catalogue, home, ADAS, **SAID)
    withhold(catalogue, home, BENS, **SAID)
    before = list(canonical(catalogue))
    with pytest.raises(Changed, match="changed since it was looked at"):
        act(catalogue, home, ADAS, version="v" + "0" * 32, **SAID)
    with pytest.raises(Changed, match="was decided about"):
        act(catalogue, home, ADAS, version=looked_at, seen=99, **SAID)
    assert list(canonical(catalogue)) == before
    last = log(catalogue, ADAS)[-1].number if act is undo else 0
    act(catalogue, home, ADAS, version=looked_at, seen=last, **SAID)
    with pytest.raises(Changed):
        act(catalogue, home, ADAS, version=looked_at, seen=last, **SAID)


def test_the_public_keeps_the_cleared_words_when_new_ones_come(catalogue, home):
    clear(catalogue, home, ADAS, **SAID)
    with catalogue.writing() as write:
        rows = write.speech.current_attributions(small.SOUND)
        (episode,) = write.episodes.episodes()
        small.put_quote(write, episode.id, "confirmed", rows, words="Power that is shared goes.")
        write.search.sync_passages()
    with catalogue.reading("public") as read:
        assert read.quote(ADAS).text == small.SAID["confirmed"][2]
    assert seen(catalogue, "researcher", ADAS) == "unreviewed"


def test_an_embargo_opens_nothing_before_its_day(catalogue, home):
    decided = clear(catalogue, home, ADAS, not_before="2999-01-01", **SAID)
    assert decided.clearance == "unreviewed"
    assert seen(catalogue, "public", ADAS) == "NotFound"
    assert log(catalogue, ADAS)[-1].act == "embargo"
    told = {}
    for audience in ("researcher", "comms", "editor"):
        with catalogue.reading(audience) as read:
            told[audience] = as_text(record(read.quote(ADAS), public_url=None))
    assert "from 2999-01-01 on, by An Editor" in told["editor"]
    assert "from 2999-01-01 on)" in told["comms"]
    assert "not cleared for publication" in told["researcher"]


def test_comms_is_told_to_wait_for_the_end_of_an_embargo(catalogue, home):
    clear(catalogue, home, ADAS, not_before="2999-01-01", **SAID)
    with catalogue.reading("comms") as read:
        made = record(read.quote(ADAS), public_url=None)
    with pytest.raises(NotPublishable, match="under embargo until 2999-01-01; wait for that day"):
        refuse_unpublishable(made, "ris", "comms")


@pytest.mark.parametrize("day", ["2001-01-01", "tomorrow", "", "2999-01-01T09:00:00", "2999-02-30"])
def test_a_day_that_is_past_or_no_day_is_refused(catalogue, home, day):
    for act, name in ((clear, "not_before"), (withhold, "until")):
        with pytest.raises(BadInput):
            act(catalogue, home, ADAS, **{name: day}, **SAID)
    assert log(catalogue, ADAS) == ()


# -- closing --------------------------------------------------------------------------


def test_withholding_closes_to_the_public_and_is_marked_for_researchers(catalogue, home):
    clear(catalogue, home, ADAS, **SAID)
    decided = withhold(catalogue, home, ADAS, **SAID)
    assert decided.clearance == "withheld"
    assert seen(catalogue, "public", ADAS) == "NotFound"
    assert seen(catalogue, "researcher", ADAS) == "withheld"


def test_withholding_until_a_day_is_written_down_as_such(catalogue, home):
    withhold(catalogue, home, ADAS, until="2999-01-01T09:00:00+01:00", **SAID)
    (entry,) = read_withdrawals(home)
    assert entry.until == "2999-01-01T08:00:00+00:00"
    assert seen(catalogue, "researcher", ADAS) == "withheld"


def test_withdrawing_hides_from_all_but_editors(catalogue, home):
    clear(catalogue, home, ADAS, **SAID)
    decided = withdraw(catalogue, home, ADAS, **SAID)
    assert (decided.clearance, decided.erased) == ("withdrawn", True)
    assert {audience: seen(catalogue, audience, ADAS) for audience in ("public", "researcher", "comms", "editor")} == {
        "public": "Gone",
        "researcher": "Gone",
        "comms": "Gone",
        "editor": "withdrawn",
    }


def test_the_desk_names_the_place_and_never_the_words(catalogue, home):
    home.withdrawals.write_text("# kept by hand\n")
    withdraw(catalogue, home, ADAS, **SAID)
    withhold(catalogue, home, IN_PRINT, **SAID)
    heard, printed = read_withdrawals(home)
    assert (heard.state, heard.recording, heard.spans) == ("withdrawn", small.SOUND, (SPAN,))
    assert (printed.state, printed.document, printed.key) == ("withheld", "example-paper", "slow-work")
    assert heard.since is not None
    text = home.withdrawals.read_text()
    assert text.startswith("# kept by hand\n")
    assert not [word for word in ("Power", "shared", "Trust", "Ada", "An Editor", "for this test") if word in text]


@pytest.mark.slow(alone=False)
def test_a_withdrawal_counts_at_once_in_a_process_that_is_already_running(catalogue, home):
    clear(catalogue, home, ADAS, **SAID)
    door = subprocess.Popen(
        [sys.executable, "-c", ASK, str(home.root)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )

    def ask(audience):
        door.stdin.write(f"{audience} {ADAS}\n")
        door.stdin.flush()
        return door.stdout.readline().strip()

    try:
        assert ask("public") == "cleared True"
        withdraw(catalogue, home, ADAS, **SAID)
        assert ask("public") == "Gone False"
        assert ask("researcher") == "Gone False"
        undo(catalogue, home, ADAS, **SAID)
        assert ask("public") == "cleared True"
    finally:
        door.communicate()


def test_what_is_cut_later_from_the_same_place_is_withdrawn_too(catalogue, home):
    withdraw(catalogue, home, ADAS, **SAID)
    later = QuoteId("qlater")
    with catalogue.writing() as write:
        words, span = "is shared grows", Span(SPAN.start + 500, SPAN.end + 500)
        place = (AudioSource(small.SOUND, span),)
        write.quotes.put(NewVersion(later, words, "heard", (Excerpt(words, span),), place, Selector(words, span=span)))
    assert seen(catalogue, "researcher", later) == "Gone"
    with pytest.raises(NotAllowed, match=f"withdrawn with quote {ADAS}"):
        clear(catalogue, home, later, **SAID)
    with pytest.raises(NotAllowed, match=f"take that back: convarchive review undo {ADAS}"):
        undo(catalogue, home, later, **SAID)


def test_a_quote_that_moves_stays_withdrawn_and_can_still_be_taken_back_whole(catalogue, home):
    withdraw(catalogue, home, ADAS, **SAID)
    with catalogue.writing() as write:
        words, span = small.SAID["confirmed"][2], Span(50_000, 54_000)
        place = (AudioSource(small.SOUND, span),)
        write.quotes.put(NewVersion(ADAS, words, "heard", (Excerpt(words, span),), place, Selector(words, span=span)))
    assert seen(catalogue, "public", ADAS) == "Gone"
    undo(catalogue, home, ADAS, **SAID)
    assert read_withdrawals(home) == ()
    assert seen(catalogue, "researcher", ADAS) == "unreviewed"


def test_a_withdrawal_outlives_the_catalogue(catalogue, home):
    withdraw(catalogue, home, ADAS, **SAID)
    withdraw(catalogue, home, IN_PRINT, **SAID)
    catalogue.close()
    for left in home.holdings.glob("catalogue.db*"):
        left.unlink()
    with Catalogue.for_writing(home) as again:
        load_desks(home, again)
        with again.writing() as write:
            small.fill(write)
        assert seen(again, "public", IN_PRINT) == seen(again, "researcher", ADAS) == "Gone"
        with pytest.raises(NotAllowed, match=r"withdrawn by ingest/withdrawals\.toml"):
            clear(again, home, ADAS, **SAID)


@pytest.mark.slow(alone=False)
def test_an_erasure_that_a_reader_holds_up_is_told_and_finished_at_the_next_opening(catalogue, home):
    with Catalogue.for_reading(home) as elsewhere, elsewhere.reading("public") as read:
        read.generation()
        assert not withdraw(catalogue, home, ADAS, **SAID).erased
        assert catalogue.erasure_pending() is not None
    with Catalogue.for_writing(home) as again:
        assert again.erasure_pending() is None


# -- taking back ----------------------------------------------------------------------


def test_what_is_closed_cannot_be_cleared_before_that_is_taken_back(catalogue, home):
    for act, state in ((withhold, "withheld"), (withdraw, "withdrawn")):
        act(catalogue, home, ADAS, **SAID)
        with pytest.raises(NotAllowed, match=f"cannot be cleared while it is {state}; take that back first"):
            clear(catalogue, home, ADAS, **SAID)
        assert undo(catalogue, home, ADAS, **SAID).clearance == "unreviewed"
    assert clear(catalogue, home, ADAS, **SAID).clearance == "cleared"
    assert seen(catalogue, "public", ADAS) == "cleared"


def test_undoing_takes_back_one_step_at_a_time_and_empties_the_desk(catalogue, home):
    clear(catalogue, home, ADAS, **SAID)
    withhold(catalogue, home, ADAS, **SAID)
    withdraw(catalogue, home, ADAS, **SAID)
    assert undo(catalogue, home, ADAS, **SAID).clearance == "withheld"
    assert [entry.state for entry in read_withdrawals(home)] == ["withheld"]
    assert undo(catalogue, home, ADAS, **SAID).clearance == "cleared"
    assert read_withdrawals(home) == ()
    assert undo(catalogue, home, ADAS, **SAID).clearance == "unreviewed"
    with pytest.raises(NotAllowed, match="nothing was decided"):
        undo(catalogue, home, ADAS, **SAID)
    acts = log(catalogue, ADAS)
    assert [one.act for one in acts] == ["clear", "withhold", "withdraw", "undo", "undo", "undo"]
    assert [one.undoes for one in acts[3:]] == [acts[2].number, acts[1].number, acts[0].number]


def test_undoing_after_the_desk_was_loaded_leaves_no_hold_behind(catalogue, home):
    clear(catalogue, home, ADAS, **SAID)
    withdraw(catalogue, home, ADAS, **SAID)
    load_desks(home, catalogue)
    assert undo(catalogue, home, ADAS, **SAID).clearance == "cleared"
    load_desks(home, catalogue)
    assert seen(catalogue, "public", ADAS) == "cleared"


def test_what_a_person_or_the_owners_desk_closes_is_not_opened_quote_by_quote(catalogue, home):
    with catalogue.writing() as write:
        number = write.reviews.add("withdraw", "An Editor", "asked to", person=small.ADA)
        write.reviews.hold(Hold("withdrawn", person=small.ADA), number)
    with pytest.raises(NotAllowed, match="everything ada-example said"):
        clear(catalogue, home, ADAS, **SAID)
    add_withdrawals(home, [Withdrawal("withheld", document=DocumentId("example-paper"), key="other-work")])
    load_desks(home, catalogue)
    for act in (clear, undo):
        with pytest.raises((NotAllowed, Gone)):
            act(catalogue, home, small.PRINTED["other-work"], **SAID)


def test_withholding_what_is_withdrawn_is_refused(catalogue, home):
    withdraw(catalogue, home, ADAS, **SAID)
    with pytest.raises(NotAllowed, match="withdrawn already"):
        withhold(catalogue, home, ADAS, **SAID)


# -- refusals -------------------------------------------------------------------------


@pytest.mark.slow(alone=False)
@pytest.mark.parametrize("act", [clear, withhold, withdraw, undo])
@pytest.mark.parametrize(("by", "why"), [("", "a reason"), ("An Editor", ""), (" \t", " "), ("An Editor", "x" * 2001)])
def test_without_who_and_why_nothing_is_decided(catalogue, home, act, by, why):
    before = list(canonical(catalogue))
    with pytest.raises(BadInput):
        act(catalogue, home, ADAS, by=by, why=why)
    assert list(canonical(catalogue)) == before
    assert not home.withdrawals.exists()


@pytest.mark.parametrize("act", [clear, withhold, withdraw, undo])
def test_an_unknown_or_retired_quote_cannot_be_decided_about(catalogue, home, act):
    with pytest.raises(NotFound, match="no quote"):
        act(catalogue, home, QuoteId("qnone"), **SAID)
    with catalogue.writing() as write:
        write.quotes.retire(ADAS, "cut anew", [BENS])
    with pytest.raises(Gone, match="cut anew"):
        act(catalogue, home, ADAS, **SAID)


def test_a_desk_that_does_not_parse_stops_the_decision_whole(catalogue, home):
    home.withdrawals.write_text("[[withdrawals]\n")
    before = list(canonical(catalogue))
    with pytest.raises(SettingsError, match=r"withdrawals\.toml"):
        withdraw(catalogue, home, ADAS, **SAID)
    assert list(canonical(catalogue)) == before


def test_a_withdrawal_broken_off_before_its_commit_closes_rather_than_opens(catalogue, home, monkeypatch):
    clear(catalogue, home, ADAS, **SAID)

    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("convarchive.store.writer.Writer.count_up", killed)
        with pytest.raises(KeyboardInterrupt):
            withdraw(catalogue, home, ADAS, **SAID)
    assert [one.act for one in log(catalogue, ADAS)] == ["clear"]
    load_desks(home, catalogue)
    assert seen(catalogue, "public", ADAS) == "Gone"
