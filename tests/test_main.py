"""The command from its first instant: Ctrl-C while it still loads is no traceback."""

import os
import signal
import subprocess
import sys
import time

import pytest

pytestmark = pytest.mark.slow(alone=False)

BEGUN = """
import os, signal, sys

class CtrlC:
    def find_spec(self, name, path=None, target=None):
        if name == {at!r}:
            os.kill(os.getpid(), signal.SIGINT)

# Where the tests run in a shell's background, SIGINT is ignored from birth.
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.meta_path.insert(0, CtrlC())
sys.argv = ["convarchive", "--version"]
from convarchive.__main__ import main
main()
"""


@pytest.mark.parametrize("at", ["convarchive.cli.app", "typer", "numpy", "sqlalchemy", "convarchive.cli.serving"])
def test_stopped_while_loading_it_says_so_in_one_line(at):
    done = subprocess.run(
        [sys.executable, "-c", BEGUN.format(at=at)], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stderr) == (
        130,
        "convarchive: stopped; nothing is lost, run the same command again to go on\n",
    )


def test_whoever_ignores_the_signal_goes_on_ignoring_it():
    with subprocess.Popen(
        [sys.executable, "-m", "convarchive", "--version"],
        stdout=subprocess.PIPE, text=True, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
    ) as running:  # fmt: skip
        time.sleep(0.2)
        os.kill(running.pid, signal.SIGINT)
        assert running.communicate(timeout=60)[0].startswith("convarchive ")
    assert running.returncode == 0
