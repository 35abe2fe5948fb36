import os
import tomllib

import pytest

from convarchive import settings
from convarchive.cli.laying_out import init
from convarchive.errors import BadInput, HomeNotWritable
from convarchive.home import Home
from convarchive.index.desks import read_judgements, read_themes
from convarchive.ingest.desks import (
    quote_references,
    read_feeds,
    read_lexicon,
    read_published,
    read_speakers,
)
from convarchive.ingest.withdrawals import read_withdrawals


def load_all(home):
    speakers = read_speakers(home)
    documents = read_published(home, speakers, [theme.id for theme in read_themes(home)])
    known = quote_references(documents)
    themes, judged = read_themes(home, known), read_judgements(home, known)
    return settings.load(home), read_feeds(home), read_lexicon(home), read_withdrawals(home), documents, themes, judged


def uncommented(text):
    """A template with its example switched on: the comment's lines from the first that is TOML."""
    lines = [line.removeprefix("#").removeprefix(" ") for line in text.splitlines()]
    start = next(i for i, line in enumerate(lines) if line.startswith(("[[", "judged_by =")))
    return "\n".join(lines[start:])


def test_a_new_home_has_every_desk_and_loads(tmp_path):
    written = init(tmp_path / "deep" / "home")
    home = Home.find(tmp_path / "deep" / "home")
    assert all(path.is_file() for path in written)
    for desk in (
        home.settings,
        home.feeds,
        home.speakers,
        home.lexicon,
        home.withdrawals,
        home.themes,
        home.judgements,
    ):
        assert desk in written
    assert (home.root / ".gitignore").read_text().splitlines()[1:] == ["/ingest/holdings/", "/index/build/"]
    assert load_all(home) == (settings.Settings(), (), (), (), (), (), ())


def test_every_example_in_the_new_desks_loads_too(tmp_path):
    """The comments are documentation; this keeps them true."""
    init(tmp_path)
    home = Home(tmp_path)
    for desk in (home.feeds, home.speakers, home.withdrawals, home.themes, home.judgements):
        desk.write_text(uncommented(desk.read_text()))
    readme = (home.published / "README.md").read_text()
    (home.published / "example-review.toml").write_text(readme.split("```toml\n")[1].split("```")[0])
    text = home.settings.read_text()
    home.settings.write_text(
        "\n".join(line.removeprefix("# ") if " = " in line else line for line in text.splitlines())
    )
    choices, feeds, _, withdrawals, documents, themes, judged = load_all(home)
    assert choices.public_url == "https://archive.example"
    assert set(tomllib.loads(home.settings.read_text())) == set(settings.Settings.__dataclass_fields__)
    assert [len(part) for part in (feeds, withdrawals, documents[0].quotes, themes, judged)] == [3, 2, 2, 1, 2]


def test_an_archive_is_never_laid_out_twice(tmp_path):
    init(tmp_path)
    (tmp_path / "convarchive.toml").write_text("title = 'Mine'")
    with pytest.raises(BadInput, match="is an archive already; nothing was changed"):
        init(tmp_path)
    assert (tmp_path / "convarchive.toml").read_text() == "title = 'Mine'"


def test_a_folder_with_other_things_is_refused_untouched(tmp_path):
    (tmp_path / "letters.txt").write_text("x")
    with pytest.raises(BadInput, match=r"is not empty \(it holds 'letters.txt'\)"):
        init(tmp_path)
    assert [one.name for one in tmp_path.iterdir()] == ["letters.txt"]


def test_a_changed_desk_file_is_never_overwritten(tmp_path):
    (tmp_path / "ingest").mkdir()
    (tmp_path / "ingest" / "feeds.toml").write_text("# mine")
    with pytest.raises(BadInput, match="is not empty"):
        init(tmp_path)
    assert (tmp_path / "ingest" / "feeds.toml").read_text() == "# mine"
    assert not (tmp_path / "index").exists()


def test_a_layout_that_was_cut_off_is_finished(tmp_path):
    init(tmp_path)
    whole = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    (tmp_path / "convarchive.toml").rename(tmp_path / ".convarchive.toml.x1y2")
    (tmp_path / "index" / "themes.toml").unlink()
    init(tmp_path)
    assert all(path.read_bytes() == data for path, data in whole.items())


def test_a_version_controlled_empty_folder_is_welcome(tmp_path):
    (tmp_path / ".git").mkdir()
    assert init(tmp_path)


def test_a_file_is_no_place_for_an_archive(tmp_path):
    (tmp_path / "x").write_text("")
    with pytest.raises(BadInput, match="is a file"):
        init(tmp_path / "x")


def test_a_place_that_cannot_be_written_is_one_line(tmp_path):
    (tmp_path / "x").write_text("")
    with pytest.raises(HomeNotWritable, match="cannot be made an archive") as caught:
        init(tmp_path / "x" / "y")
    assert "\n" not in str(caught.value)


@pytest.mark.skipif(os.geteuid() == 0, reason="a superuser may write anywhere")
def test_a_read_only_folder_is_one_line(tmp_path):
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(HomeNotWritable):
            init(tmp_path / "home")
    finally:
        tmp_path.chmod(0o700)
