"""Saved searches are asked again just as they were, and a bad file names its line."""

import pytest

from convarchive.domain.passage import Query
from convarchive.errors import BadInput, NotFound, SettingsError
from convarchive.home import Home
from convarchive.index.saved import forget, read_searches, save, saved


@pytest.fixture
def home(tmp_path):
    (tmp_path / "index").mkdir()
    return Home(tmp_path)


def test_a_search_comes_back_with_all_its_filters_and_comments_stay(home):
    home.searches.write_text("# Ours.\n")
    asked = Query("giving power away", theme="leadership", speaker="ada-example", since="2031-01-01", limit=5)
    save(home, "power", asked)
    save(home, "plain", Query("trust"))
    assert saved(home, "power").query == asked
    assert saved(home, "plain").query == Query("trust")
    with pytest.raises(BadInput, match="saved already"):
        save(home, "power", asked)
    forget(home, "power")
    assert [one.name for one in read_searches(home)] == ["plain"]
    assert home.searches.read_text().startswith("# Ours.\n")
    with pytest.raises(NotFound, match="plain"):
        saved(home, "power")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('since = "soon"', "since is 'soon'"),
        ('speeker = "x"', "unknown key 'speeker'"),
        ("limit = 0", "limit"),
        ('until = "2030-01-01"\nsince = "2031-01-01"', "lies before since"),
    ],
)
def test_a_bad_entry_is_one_line_that_names_it(home, line, said):
    home.searches.write_text(f'[[searches]]\nname = "power"\ntext = "power"\n{line}\n')
    with pytest.raises(SettingsError, match=said) as refused:
        read_searches(home)
    assert "searches.toml:4" in str(refused.value)
