"""An invented show on a server, and homes that follow it: one before its first ingest, one after."""

import shutil
from dataclasses import replace

import pytest

from convarchive.home import Home
from fakes.walk import Ears, walking
from servers import serving


@pytest.fixture
def show():
    with serving() as server:
        yield server


@pytest.fixture
def walk(show, tmp_path):
    """One episode, listed and not yet ingested."""
    return walking(show, tmp_path / "home", "one")


@pytest.fixture(scope="session")
def _done(tmp_path_factory):
    with serving() as server:
        walk = walking(server, tmp_path_factory.mktemp("walked") / "home", "one")
        assert walk.ingest().failed == []
        yield walk


@pytest.fixture
def walked(_done, tmp_path):
    """The same after its first ingest: a copy of the home, and the server as it was."""
    shutil.copytree(_done.home.root, tmp_path / "home")
    was = dict(_done.server.answers)
    _done.server.asked.clear()
    ears = Ears()
    ears.talks.update(_done.ears.talks)
    yield replace(_done, home=Home(tmp_path / "home"), ears=ears, items=dict(_done.items))
    _done.server.answers.clear()
    _done.server.answers.update(was)
