import pytest

from convarchive.widget.script import current
from fakes.reading_archive import made
from fakes.show import home_at


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    return made(home_at(tmp_path_factory.mktemp("embedding") / "home"))


@pytest.fixture
def choose(archive):
    """Sets what convarchive.toml says."""
    before = archive.home.settings.read_text()

    def set_to(text):
        archive.home.settings.write_text(text)

    yield set_to
    archive.home.settings.write_text(before)


PUBLIC = 'title = "An archive"\npublic_url = "https://archive.example"\n'


def test_it_prints_two_lines_for_a_page(cli, archive, choose):
    choose(PUBLIC + 'allowed_origins = ["https://www.example"]\n')
    said = cli("widget", "--home", archive.home.root, "--theme", "leadership")
    assert said.code == 0
    assert said.out.splitlines() == [
        '<script type="module" src="https://archive.example/widget/v1/quote-search.js"></script>',
        '<quote-search archive="https://archive.example" theme="leadership">'
        '<a href="https://archive.example/?theme=leadership">Search the archive</a></quote-search>',
    ]
    assert said.err == ""


def test_it_says_that_no_website_may_ask_yet(cli, archive, choose):
    choose(PUBLIC)
    assert "allowed_origins" in cli("widget", "--home", archive.home.root).err
    # A frame asks from within.
    assert cli("widget", "--home", archive.home.root, "--frame").err == ""


def test_it_pins_the_script_by_its_hash(cli, archive, choose):
    choose(PUBLIC)
    said = cli("widget", "--home", archive.home.root, "--pin")
    assert f'{current().pinned}" integrity="{current().integrity}"' in said.out


def test_it_prints_a_frame(cli, archive, choose):
    choose(PUBLIC)
    said = cli("widget", "--home", archive.home.root, "--frame", "--quote", archive.ids["cleared"])
    assert said.out.startswith(f'<iframe src="https://archive.example/embed?quote={archive.ids["cleared"]}"')


def test_an_archive_without_an_address_cannot_be_embedded(cli, archive, choose):
    choose('title = "An archive"\n')
    said = cli("widget", "--home", archive.home.root)
    assert said.code == 2
    assert "public_url" in said.err
    assert said.err.count("\n") == 1


@pytest.mark.parametrize("chosen", [("--quote", "withheld"), ("--theme", "none"), ("--speaker", "ben-sample")])
def test_what_the_public_does_not_see_is_not_offered(cli, archive, choose, chosen):
    choose(PUBLIC)
    option, name = chosen
    said = cli("widget", "--home", archive.home.root, option, archive.ids.get(name, name))
    assert said.code == 1
    assert said.out == ""
