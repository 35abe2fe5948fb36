"""Asking the C library to keep freed memory, and threads to share it."""

import platform
import subprocess
import sys

import pytest

CHURN = """
import resource
{first}
for _ in range(20):
    b"x" * 40_000_000
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt)
"""


def _faults(first: str) -> int:
    done = subprocess.run([sys.executable, "-c", CHURN.format(first=first)], capture_output=True, text=True, check=True)
    return int(done.stdout)


@pytest.mark.slow(alone=False)
@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc has these settings")
def test_a_large_piece_is_cleared_by_the_system_once_and_then_used_again() -> None:
    kept = _faults("from convarchive.ingest.engines.memory import keep_freed; assert keep_freed()")
    assert kept < _faults("") / 4


ARENAS = """
import ctypes, re, threading
from pathlib import Path
{first}
malloc = ctypes.CDLL(None).malloc
malloc.restype, malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
together = threading.Barrier(12)

def ask():
    together.wait()
    for _ in range(200):
        malloc(2000)
    together.wait()

threads = [threading.Thread(target=ask) for _ in range(12)]
for one in threads:
    one.start()
for one in threads:
    one.join()
c = ctypes.CDLL(None)
c.fopen.restype = ctypes.c_void_p
out = ctypes.c_void_p(c.fopen(b"/dev/stdout", b"w"))
c.malloc_info(0, out)
c.fflush(out)
"""


def _arenas(first: str) -> int:
    done = subprocess.run(
        [sys.executable, "-c", ARENAS.format(first=first)], capture_output=True, text=True, check=True
    )
    return done.stdout.count("<heap nr=")


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc has these settings")
def test_many_threads_share_two_arenas() -> None:
    assert _arenas("from convarchive.ingest.engines.memory import share_freed; assert share_freed()") <= 2
    assert _arenas("") > 2
