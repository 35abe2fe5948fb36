"""What a message advises: for the archive that was named, and a way out that there is."""

import io
import socket
import sys

import pytest

from convarchive import wiring
from convarchive.cli import demo
from convarchive.store.catalogue import Catalogue


@pytest.fixture
def taken():
    """A port at which something else is served."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


def test_a_command_that_is_advised_is_for_the_archive_that_was_named(cli, empty, monkeypatch):
    Catalogue.for_writing(empty).close()
    root = empty.root.rename(empty.root.with_name("my archive"))
    for at in (("--home", root), (f"--home={root}",)):
        said = cli("episodes", "show", "enothere", *at)
        assert said.err.endswith(f"list them with: convarchive episodes list --home '{root}'\n")
    monkeypatch.setenv("CONVARCHIVE_HOME", str(root))
    assert cli("episodes", "show", "enothere").err.endswith("list them with: convarchive episodes list\n")


def test_a_command_without_an_archive_is_advised_as_it_is(cli, empty):
    assert cli("search", "--home", empty.root).err.endswith("convarchive search --help\n")
    assert cli("search", "x", "--home", empty.root / "no").err.endswith("or name another with --home\n")


def test_a_damaged_catalogue_leads_to_a_backup(cli, empty):
    Catalogue.for_writing(empty).close()
    empty.catalogue.write_bytes(b"no database " * 1000)
    way = f"convarchive restore FILE --replace --home {empty.root}\n"
    said = cli("episodes", "list", "--home", empty.root)
    assert (said.code, said.err.count("\n")) == (2, 1)
    assert said.err.endswith(way)
    assert way in cli("doctor", "--home", empty.root).out


def test_doctor_counts_as_people_do(cli, empty):
    empty.feeds.write_text('[[feeds]]\nurl = "https://show.example/feed.xml"\n')
    assert "desks: 1 feed, 0 people, 0 printed quotes, 0 themes" in cli("doctor", "--home", empty.root).out


def test_nobody_is_erased_where_nobody_answers(cli, empty, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    said = cli("speakers", "forget", "ada-example", "--by", "B. Editor", "--why", "asked", "--home", empty.root)
    assert said.code == 2
    assert "nothing was erased" in said.err
    assert "add --yes" in said.err


def test_serve_looks_at_everything_before_it_says_where_it_is(cli, empty, monkeypatch):
    monkeypatch.setenv("CONVARCHIVE_LOG", "loud")
    said = cli("serve", "--port", 0, "--home", empty.root)
    assert (said.code, said.out) == (2, "")
    assert "CONVARCHIVE_LOG is 'loud'" in said.err


def test_serve_says_where_it_is_behind_a_proxy_and_which_option_names_a_port_that_is_taken(
    cli, empty, monkeypatch, taken
):
    Catalogue.for_writing(empty).close()
    monkeypatch.setattr("convarchive.wiring.serving.searcher", lambda home: lambda read, query: None)
    monkeypatch.setattr(wiring, "serve", lambda every, **_: [one.bound.socket.close() for one in every])
    empty.settings.write_text('public_url = "https://archive.example/"\n')
    said = cli("serve", "--port", 0, "--home", empty.root).out.split()
    assert "https://archive.example/" in said
    links = [one for one in said if "/enter?key=" in one]
    assert [one.partition("/enter")[2] for one in links] == [links[0].partition("/enter")[2]] * 2
    assert links[1].startswith("https://archive.example/enter?key=")
    for option, given in (("--port", taken), ("--metrics", f"127.0.0.1:{taken}")):
        refused = cli("serve", "--port", 0, option, given, "--home", empty.root)
        assert (refused.code, refused.out) == (2, "")
        assert option in refused.err.partition("; choose")[2]


@pytest.mark.slow(alone=False)
def test_the_demo_takes_the_port_it_is_given_or_none_and_says_when_it_takes_others(cli, empty, monkeypatch, taken):
    served = []
    for step in ("_index", "_search", "_walk"):
        monkeypatch.setattr(demo, step, lambda *_: None)
    monkeypatch.setattr(demo, "_serve", lambda homes, port: served.append(port))
    refused = cli("demo", "--port", taken, "--home", empty.root)
    assert (refused.code, refused.out, served) == (2, "", [])
    assert f"port {taken} is taken; choose another with --port" in refused.err
    monkeypatch.setattr(demo, "PORT", taken)
    said = cli("demo", "--home", empty.root)
    assert (said.code, served) == (0, [0])
    assert said.err == f"port {taken} is taken, so free ones are served at; choose others with --port\n"
