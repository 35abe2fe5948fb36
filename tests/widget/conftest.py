import pytest

from convarchive.home import Home
from fakes.crowded_archive import crowded
from fakes.open_doors import app_of, opened, served
from fakes.other_site import CHROMIUM, visiting
from fakes.reading_archive import made


@pytest.fixture(scope="package")
def archive(tmp_path_factory):
    return made(Home(tmp_path_factory.mktemp("home")))


@pytest.fixture(scope="package")
def crowd(tmp_path_factory):
    return crowded(Home(tmp_path_factory.mktemp("crowd")))


@pytest.fixture(scope="package")
def browser():
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if not CHROMIUM.exists():
        pytest.skip(f"there is no browser at {CHROMIUM}")
    with playwright.sync_playwright() as driver:
        arguments = ["--no-sandbox", "--autoplay-policy=user-gesture-required"]
        browser = driver.chromium.launch(executable_path=str(CHROMIUM), args=arguments)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def address(archive):
    """Where the archive answers to pages of every site."""
    with opened(archive, allowed_origins=("*",)) as doors, served(app_of(doors)) as address:
        yield address


@pytest.fixture
def site(browser, address):
    with visiting(browser, address) as site:
        yield site


@pytest.fixture
def crowd_site(browser, crowd):
    with (
        opened(crowd, allowed_origins=("*",)) as doors,
        served(app_of(doors)) as address,
        visiting(browser, address) as site,
    ):
        yield site
