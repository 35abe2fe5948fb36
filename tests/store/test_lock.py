"""One writer of long work a home: who holds it is named, and a dead holder holds nothing."""

import os
import re
import signal
import subprocess
import sys
import time

import pytest

from convarchive.errors import HomeBusy, HomeNotWritable
from convarchive.home import Home
from convarchive.store.lock import holder, holding

HOLD = """
import sys, time
from pathlib import Path
from convarchive.home import Home
from convarchive.store.lock import holding
with holding(Home(Path(sys.argv[1])), "convarchive ingest"):
    print("held", flush=True)
    sys.stdin.read()
"""

HOLD_WITH_A_WORKER = """
import os, sys, time
from pathlib import Path
from convarchive.home import Home
from convarchive.store.lock import holding
with holding(Home(Path(sys.argv[1])), "convarchive ingest"):
    child = os.fork()
    if child == 0:
        time.sleep(60)
        os._exit(0)
    print(child, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path)


@pytest.fixture
def start(home):
    running = []

    def go(code):
        process = subprocess.Popen(
            [sys.executable, "-c", code, str(home.root)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        running.append(process)
        return process, process.stdout.readline().strip()

    yield go
    for process in running:
        process.kill()
        process.communicate()


def test_a_second_process_is_told_who_is_at_work(home, start):
    process, said = start(HOLD)
    assert said == "held"
    with pytest.raises(HomeBusy) as refused, holding(home, "convarchive ingest"):
        pass
    expected = rf"is being ingested by process {process.pid} \(convarchive ingest, since .*\d\d:\d\d\); wait or stop it"
    assert re.search(expected, str(refused.value))
    assert "\n" not in str(refused.value)
    assert holder(home).pid == process.pid


def test_a_holder_that_ends_lets_go(home, start):
    process, _ = start(HOLD)
    process.communicate("")
    assert holder(home) is None
    with holding(home, "convarchive ingest"):
        assert holder(home).pid == os.getpid()
    assert home.lock.read_text() == ""


def test_a_killed_holder_holds_nothing(home, start):
    process, _ = start(HOLD)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert str(process.pid) in home.lock.read_text(), "the dead holder's name is still in the file"
    with holding(home, "convarchive ingest"):
        assert holder(home).pid == os.getpid()


def test_a_worker_that_outlives_its_killed_parent_does_not_keep_the_lock(home, start):
    process, worker = start(HOLD_WITH_A_WORKER)
    try:
        process.send_signal(signal.SIGKILL)
        process.wait()
        os.kill(int(worker), 0)
        with holding(home, "convarchive ingest"):
            pass
    finally:
        os.kill(int(worker), signal.SIGKILL)


def test_the_same_process_cannot_hold_it_twice(home):
    with (
        holding(home, "convarchive ingest"),
        pytest.raises(HomeBusy, match=str(os.getpid())),
        holding(home, "convarchive ingest"),
    ):
        pass


def test_what_fails_inside_lets_go_and_is_passed_on(home):
    with pytest.raises(OSError, match="not of ours"), holding(home, "convarchive ingest"):
        raise OSError("not of ours")
    with holding(home, "convarchive ingest"):
        pass


def test_looking_at_the_lock_keeps_nobody_out(home):
    import fcntl

    with holding(home, "first"):
        pass
    with home.lock.open() as looking:
        fcntl.flock(looking, fcntl.LOCK_SH)
        started = subprocess.Popen(
            [sys.executable, "-c", HOLD, str(home.root)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        time.sleep(0.3)
        fcntl.flock(looking, fcntl.LOCK_UN)
        said, _ = started.communicate("")
    assert said.strip() == "held"


def test_a_home_whose_folder_is_a_file_is_refused_in_one_line(home):
    home.ingest.write_text("not a folder")
    with pytest.raises(HomeNotWritable) as refused, holding(home, "convarchive ingest"):
        pass
    assert "\n" not in str(refused.value)


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_read_only_home_is_refused_in_one_line(home):
    home.holdings.mkdir(parents=True)
    home.holdings.chmod(0o500)
    with pytest.raises(HomeNotWritable, match="permissions"), holding(home, "convarchive ingest"):
        pass
