"""An archive whose sample show was taken the whole way by scripted ears, and a way to give commands."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from convarchive import wiring
from convarchive.cli.app import run as command
from convarchive.editorial.desks import load_desks
from convarchive.home import Home
from convarchive.ingest.gathering import gather
from convarchive.ingest.run import run
from convarchive.settings import load
from convarchive.store.catalogue import Catalogue
from fakes.scripted import ScriptedDiarizer, ScriptedGrader, ScriptedTranscriber
from fakes.show import home_at, publish
from servers import serving

THEMES = """\
[[themes]]
id = "leadership"
title = "Leadership"
description = "How people lead."
"""


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str


@pytest.fixture
def cli(capfd, monkeypatch):
    """Gives a command in this process, as a shell would: exit code, stdout and stderr."""
    monkeypatch.setenv("COLUMNS", "200")

    def give(*arguments: object) -> Said:
        capfd.readouterr()
        code = command([str(one) for one in arguments])
        out, err = capfd.readouterr()
        return Said(code, out, err)

    return give


@pytest.fixture(scope="session")
def _walked(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("walked") / "home"
    with serving() as server:
        home = home_at(root, publish(server))
        home.themes.write_text(THEMES)
        settings = load(home)
        models = {"transcriber": ScriptedTranscriber, "diarizer": ScriptedDiarizer, "grader": ScriptedGrader}
        tools = replace(wiring.tools(settings), **models)
        with Catalogue.for_writing(home) as catalogue:
            load_desks(home, catalogue)
            gather(home, catalogue, tools.fetcher)
            done = run(catalogue, wiring.stages(home, settings, tools))
    assert not done.failed
    return root


@pytest.fixture
def walked(_walked, tmp_path, monkeypatch) -> Home:
    """A copy of the archive, for one test to do with as it likes."""
    # Naming a voice cuts its quotes again, and the archive was made without a model.
    monkeypatch.setattr("convarchive.wiring.hearing.grader", ScriptedGrader)
    shutil.copytree(_walked, tmp_path / "home", copy_function=os.link if os.name == "posix" else shutil.copy2)
    catalogue = tmp_path / "home" / "ingest" / "holdings" / "catalogue.db"
    # Linked files would be written through to the original.
    for path in (tmp_path / "home").rglob("*"):
        if path.is_file() and path.suffix != ".mp3":
            body = path.read_bytes()
            path.unlink()
            path.write_bytes(body)
    assert catalogue.is_file()
    return Home(tmp_path / "home")


@pytest.fixture
def empty(tmp_path) -> Home:
    """A home as `init` lays it out."""
    return home_at(tmp_path / "empty")
