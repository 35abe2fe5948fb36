"""The command `convarchive`."""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType

STOPPED = "convarchive: stopped; nothing is lost, run the same command again to go on"
INTERRUPTED = 130
"""What a shell expects of a process that Ctrl-C ended."""


def main() -> None:
    """Run the command line and leave with its exit code."""
    usual = signal.getsignal(signal.SIGINT)
    # Loading takes most of a second, and libraries in the middle of it turn Ctrl-C into errors of their own.
    if usual is signal.default_int_handler:
        signal.signal(signal.SIGINT, _leave)
    from convarchive.cli.app import run

    signal.signal(signal.SIGINT, usual)
    sys.exit(run(sys.argv[1:]))


def _leave(_signal: int, _frame: FrameType | None) -> None:
    os.write(sys.stderr.fileno(), f"{STOPPED}\n".encode())
    os._exit(INTERRUPTED)


if __name__ == "__main__":
    main()
