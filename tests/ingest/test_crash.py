"""Nothing is lost: an ingest killed at any instant, and run again, ends where an undisturbed one does."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from convarchive.domain.run import STAGES
from convarchive.store.catalogue import Catalogue
from convarchive.store.export import canonical
from fakes.show import home_at, publish
from servers import serving

pytestmark = pytest.mark.slow
SCRIPT = Path(__file__).parents[1] / "fakes" / "killable.py"
POINTS = [f"{stage}:{point}" for stage in STAGES for point in ("begun", "worked", "written")]


def ingest(home, point="", pace=0.0):
    return subprocess.Popen(
        [sys.executable, str(SCRIPT), str(home.root), point, str(pace)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def finished(process):
    _, errors = process.communicate(timeout=120)
    return process.returncode, errors.decode()


def lines_of(home):
    with Catalogue.for_writing(home) as catalogue:
        assert catalogue.check() == ()
        return list(canonical(catalogue))


@pytest.fixture(scope="module")
def show():
    with serving() as server:
        yield publish(server)


@pytest.fixture(scope="module")
def undisturbed(show, tmp_path_factory):
    home = home_at(tmp_path_factory.mktemp("calm") / "home", show)
    assert finished(ingest(home)) == (0, "")
    lines = lines_of(home)
    assert sum('"table":"version"' in line for line in lines) > 15
    return lines


def test_killed_in_every_stage_it_goes_on_and_ends_the_same(show, undisturbed, tmp_path):
    home = home_at(tmp_path / "home", show)
    for point in POINTS:
        code, errors = finished(ingest(home, point))
        assert code == -9, f"it was to die at {point}: {errors}"
        with Catalogue.for_writing(home) as catalogue:
            assert catalogue.check() == ()
    assert finished(ingest(home)) == (0, "")
    assert lines_of(home) == undisturbed


def test_killed_at_ten_random_instants_it_goes_on_and_ends_the_same(show, undisturbed, tmp_path):
    home = home_at(tmp_path / "home", show)
    chance = random.Random(20310101)
    killed = 0
    while killed < 10:
        process = ingest(home, pace=0.03)
        time.sleep(chance.uniform(0.3, 2.2))
        process.kill()
        killed += finished(process)[0] == -9
        if killed < 10 and process.returncode == 0:
            # It was done before it could be killed: begin again elsewhere, with what is left of the ten.
            assert lines_of(home) == undisturbed
            home = home_at(tmp_path / f"home-{killed}-{chance.random()}", show)
        elif home.catalogue.exists():
            with Catalogue.for_writing(home) as catalogue:
                assert catalogue.check() == ()
    assert finished(ingest(home)) == (0, "")
    assert lines_of(home) == undisturbed
