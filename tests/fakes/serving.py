"""An archive served by a process of its own, as `convarchive serve` does, with an encoder that needs no model."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))


@contextlib.contextmanager
def a_process_serves(home, *, log="warning", form="text", environment=None):
    """Gives the process and its address; it is killed at the end if it still runs."""
    process = subprocess.Popen(
        [sys.executable, __file__, str(home.root), log, form],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ | (environment or {}),
    )  # fmt: skip
    said = []
    reader = threading.Thread(target=lambda: said.extend(process.stderr), daemon=True)
    reader.start()
    process.said = said
    process.all_said = lambda: reader.join(30) or "".join(said)
    try:
        yield process, f"http://127.0.0.1:{int(process.stdout.readline())}"
    finally:
        process.kill()
        process.wait()
        reader.join(30)
        process.stdout.close()
        process.stderr.close()


def main(root: str, log: str, form: str) -> None:
    from convarchive.api.server import bind, serve
    from convarchive.home import Home
    from fakes.open_doors import app_of, opened
    from fakes.reading_archive import Archive

    # Where the tests run in a shell's background, SIGINT is ignored from birth.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with opened(Archive(Home(Path(root)), "", "", {})) as doors:
        bound = bind("127.0.0.1", 0)
        bound.socket.listen(128)
        sys.stdout.write(f"{bound.port}\n")
        sys.stdout.flush()
        serve([(app_of(doors), bound)], log_level=log, log_format=form)


if __name__ == "__main__":
    main(*sys.argv[1:])
