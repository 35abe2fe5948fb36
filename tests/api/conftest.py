import pytest
from starlette.testclient import TestClient

from convarchive.home import Home
from fakes.keyed import copied
from fakes.open_doors import app_of, opened
from fakes.reading_archive import made


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    return made(Home(tmp_path_factory.mktemp("home")))


@pytest.fixture
def own(archive, tmp_path):
    """A copy of the archive, for one test to do with as it likes."""
    return copied(archive, tmp_path / "own")


@pytest.fixture
def doors(archive):
    with opened(archive) as doors:
        yield doors


@pytest.fixture
def public(doors):
    with TestClient(app_of(doors), base_url="http://127.0.0.1", follow_redirects=False) as client:
        yield client


@pytest.fixture
def researcher(doors):
    with TestClient(app_of(doors), base_url="http://127.0.0.1", follow_redirects=False) as client:
        assert client.get("/enter", params={"key": doors.sessions.invite()}).status_code == 303
        yield client
