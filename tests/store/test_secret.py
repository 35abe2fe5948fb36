"""The secret behind sessions: the same after a restart, and never one that others could have read."""

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from convarchive.home import Home
from convarchive.store.secret import session_secret


@pytest.fixture
def home(tmp_path):
    Home(tmp_path).holdings.mkdir(parents=True)
    return Home(tmp_path)


def test_it_is_kept_for_the_owner_alone(home):
    secret = session_secret(home)
    assert len(secret) == 64
    assert stat.S_IMODE(home.session_secret.stat().st_mode) == 0o600
    assert session_secret(home) == secret
    assert [path.name for path in home.holdings.iterdir()] == ["session.secret"]


def test_servers_that_start_together_agree(home):
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: session_secret(home), range(32)))) == 1


@pytest.mark.parametrize("spoilt", ["", "abc", "x" * 64])
def test_what_is_no_secret_is_not_used(home, spoilt):
    home.session_secret.write_text(spoilt)
    home.session_secret.chmod(0o600)
    assert session_secret(home) != session_secret(home)


def test_a_secret_that_others_could_read_is_not_used(home):
    kept = session_secret(home)
    home.session_secret.chmod(0o644)
    assert session_secret(home) != kept


def test_a_home_without_holdings_still_gets_a_secret(tmp_path):
    assert len(session_secret(Home(tmp_path))) == 64
