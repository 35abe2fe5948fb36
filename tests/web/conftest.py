import pytest
from starlette.testclient import TestClient

from convarchive.home import Home
from fakes.keyed import copied
from fakes.open_doors import app_of, opened
from fakes.reading_archive import made


@pytest.fixture(scope="package")
def archive(tmp_path_factory):
    return made(Home(tmp_path_factory.mktemp("home")))


@pytest.fixture(scope="package")
def whole(tmp_path_factory):
    """An archive in which nothing was withdrawn, so that its recording may be heard from end to end."""
    return made(Home(tmp_path_factory.mktemp("whole")), taken_down=False)


@pytest.fixture
def own(whole, tmp_path):
    """A copy of the archive in which nothing was withdrawn, for one test to do with as it likes."""
    return copied(whole, tmp_path / "own")


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
        client.get("/enter", params={"key": doors.sessions.invite()})
        yield client
