"""The rule of who sees which version, stated by many threads at once."""

import sys
import threading

import pytest
from sqlalchemy.dialects import sqlite

from convarchive.store.standing import shown

pytestmark = pytest.mark.slow(alone=False)


@pytest.fixture
def hurried():
    """Threads take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("hurried")
def test_threads_that_ask_in_the_same_instant_all_state_the_same_rule():
    said, failed = [], []

    def state(now, together):
        together.wait()
        try:
            said.append(str(shown("researcher", now).compile(dialect=sqlite.dialect())))
        except Exception as error:
            failed.append(repr(error)[:100])

    for n in range(60):
        together = threading.Barrier(6)
        threads = [threading.Thread(target=state, args=(f"2031-01-01T00:00:{n:02}+00:00", together)) for _ in range(6)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
    assert failed == []
    assert len(set(said)) == 1
