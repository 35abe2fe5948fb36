import pytest

from convarchive.domain.passage import JudgedQuery, Judgement
from convarchive.domain.theme import Theme
from convarchive.errors import SettingsError
from convarchive.home import Home
from convarchive.index.desks import read_judgements, read_themes

KNOWN = {"ada-on-gardens", "example-review/ada-on-gardens"}
THEME = "[[themes]]\nid = 'gardens'\ntitle = 'Gardens'\ndescription = '''\nSoil\nand seeds.'''\n"
JUDGED = "judged_by = 'Bo Sample'\njudged_on = 2031-01-15\n"


@pytest.fixture
def home(tmp_path):
    (tmp_path / "index").mkdir()
    return Home(tmp_path)


def refusal(read, *arguments):
    with pytest.raises(SettingsError) as caught:
        read(*arguments)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_missing_desk_files_are_empty_desks(home):
    assert read_themes(home) == read_judgements(home) == ()


def test_themes_are_read_in_order(home):
    heard = "q" + "a2" * 13
    home.themes.write_text(THEME + f"examples = ['ada-on-gardens', '{heard}']\nnote = 'New.'\n")
    assert read_themes(home, KNOWN) == (
        Theme("gardens", "Gardens", "Soil and seeds.", ("ada-on-gardens", heard), "New."),
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (THEME + "examples = ['ada-on-garden']", "themes.toml:7: unknown quote 'ada-on-garden'; did you mean"),
        (THEME + "example = []", "themes.toml:7: unknown key 'example'; did you mean 'examples'?"),
        (THEME + THEME, "themes.toml:8: id 'gardens' stands twice (first on line 2)"),
        (THEME + THEME.replace("'gardens'", "'more'"), "title 'gardens' stands twice (first on line 3)"),
        ("[[themes]]\nid = 'gardens'\ntitle = 'x'", "themes.toml:1: description is missing"),
        ("[themes]\nid = 'gardens'", "themes must be a list of tables; write each under [[themes]]"),
    ],
)
def test_a_wrong_theme_is_refused_on_its_line(home, text, says):
    home.themes.write_text(text)
    assert says in refusal(read_themes, home, KNOWN)


def test_judgements_are_graded_and_may_say_that_nothing_answers(home):
    home.judgements.write_text(
        JUDGED + "[[queries]]\ntext = 'plants'\n[queries.grades]\nada-on-gardens = 2\n"
        "[[queries]]\ntext = 'engines'\ngrades = {}\nnote = 'None.'\n"
    )
    assert read_judgements(home, KNOWN) == (
        JudgedQuery("plants", (Judgement("plants", "ada-on-gardens", 2),), "Bo Sample", "2031-01-15"),
        JudgedQuery("engines", (), "Bo Sample", "2031-01-15", "None."),
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[[queries]]\ntext = 'x'\ngrades = {}", "judgements.toml:1: judged_by is missing"),
        (JUDGED + "[[queries]]\ntext = 'x'", "judgements.toml:3: grades is missing"),
        (
            JUDGED + "[[queries]]\ntext = 'x'\ngrades = {ada-on-gardens = 3}",
            ":5: ada-on-gardens must lie between 0 and 2",
        ),
        (JUDGED + "[[queries]]\ntext = 'x'\n[queries.grades]\nbo-on-rain = 1", ":6: unknown quote 'bo-on-rain'"),
        (JUDGED + "[[queries]]\ntext = 'x'\ngrades = {}\n[[queries]]\ntext = 'X'\ngrades = {}", "the query 'x' stands"),
    ],
)
def test_a_wrong_judgement_is_refused_on_its_line(home, text, says):
    home.judgements.write_text(text)
    assert says in refusal(read_judgements, home, KNOWN)
