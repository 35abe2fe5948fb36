import os
import tomllib
from pathlib import Path

import pytest
import tomlkit
from hypothesis import given, settings
from hypothesis import strategies as st

from convarchive.errors import BadInput, HomeNotWritable, SettingsError
from convarchive.tomlfile import Once, append, key_lines, parse, read, remove, write_whole

FILE = Path("desk.toml")
NESTED = """\
title = 'One'   # [not.a.table]

[owner]
name.first = "Ada"
"odd key" = 1
notes = \"\"\"
[[trap]]
trap = \\"\"\" still inside
\"\"\"
list = [
  "a",  # ]
  { x = 1, y = [
    2 ] },
]

[[people]]
id = "ada"
[[people.credits]]
text = '''x'''
[[people]]
id = "bo"
[[people.credits]]
text = "y"
[[people.credits]]
text = "z"
"""


def refusal(text, reader):
    with pytest.raises(SettingsError) as caught:
        reader(parse(text, FILE))
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_every_key_is_found_on_its_line():
    lines = key_lines(NESTED)
    assert lines[("title",)] == 1
    assert lines[("owner",)] == 3
    assert lines[("owner", "name", "first")] == 4
    assert lines[("owner", "odd key")] == 5
    assert lines[("owner", "notes")] == 6
    assert lines[("owner", "list", 0)] == 11
    assert lines[("owner", "list", 1, "x")] == 12
    assert lines[("owner", "list", 1, "y", 0)] == 13
    assert lines[("people", 0, "id")] == 17
    assert lines[("people", 1, "id")] == 21
    assert lines[("people", 0, "credits", 0, "text")] == 19
    assert lines[("people", 1, "credits", 1, "text")] == 25
    assert ("trap",) not in lines


KEYS = st.text(min_size=1, max_size=6)
VALUES = st.recursive(
    st.text(max_size=20) | st.integers(-(2**60), 2**60) | st.booleans() | st.floats(allow_nan=False) | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=12,
)


def paths(value, path=()):
    if path:
        yield path
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield from paths(child, (*path, key))


@pytest.mark.slow(alone=False)
@settings(deadline=None)
@given(st.dictionaries(KEYS, VALUES, max_size=5))
def test_every_path_of_any_document_has_a_line(document):
    text = tomlkit.dumps(document)
    lines = key_lines(text.replace("\r\n", "\n"))
    assert set(lines) == set(paths(tomllib.loads(text)))
    assert all(1 <= line <= text.count("\n") + 1 for line in lines.values())


@settings(deadline=None)
@given(st.text() | st.text(alphabet="[]{}=.,'\"\\#\n ab1-:T"))
def test_arbitrary_text_is_read_or_refused_in_one_line(text):
    try:
        parse(text, FILE)
    except SettingsError as error:
        assert "\n" not in str(error)
        assert str(error).startswith("desk.toml:")


@settings(deadline=None)
@given(st.binary())
def test_arbitrary_bytes_are_read_or_refused(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("desk") / "any.toml"
    path.write_bytes(data)
    try:
        read(path)
    except SettingsError as error:
        assert "\n" not in str(error)


def test_deep_nesting_is_refused():
    assert "nested too deeply" in refusal("a = " + "[" * 100_000, lambda top: top)


def test_an_endless_number_is_refused():
    assert "is not TOML" in refusal("a = 1" + "0" * 10_000, lambda top: top)


def test_a_syntax_error_names_its_line():
    assert refusal("a = 1\nb 2\n", lambda top: top).startswith("desk.toml:2: is not TOML: Expected '='")


def test_a_file_that_is_not_utf8_names_the_line(tmp_path):
    path = tmp_path / "latin.toml"
    path.write_bytes(b"a = 1\nb = 'caf\xe9'\n")
    with pytest.raises(SettingsError, match=r"latin\.toml:2: is not UTF-8"):
        read(path)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(SettingsError, match="cannot be read"):
        read(tmp_path / "none.toml")


def test_an_unknown_key_is_refused_with_what_was_probably_meant():
    assert refusal("a = 1\ntittle = 'x'", lambda top: top.only("a", "title")) == (
        "desk.toml:2: unknown key 'tittle'; did you mean 'title'?"
    )
    assert refusal("zzz = 1", lambda top: top.only("a", "title")).endswith("use one of: a, title")


@pytest.mark.parametrize(
    ("line", "reader", "says"),
    [
        ("", lambda t: t.text("k"), "k is missing"),
        ("k = 1", lambda t: t.text("k"), "k must be a text in quotation marks, not a number"),
        ("k = ' '", lambda t: t.text("k"), "k is empty"),
        (r"k = 'a' #".replace("'a'", '"a\\u0007"'), lambda t: t.text("k"), "control character U+0007"),
        ("k = 'x'", lambda t: t.choice("k", ("host", "guest")), "use one of: guest, host"),
        ("k = 'gest'", lambda t: t.choice("k", ("host", "guest")), "did you mean 'guest'?"),
        ("k = true", lambda t: t.whole("k", least=0, most=9), "k must be a whole number, not true"),
        ("k = 10", lambda t: t.whole("k", least=0, most=9), "k must lie between 0 and 9"),
        ("k = 'yes'", lambda t: t.flag("k", False), "k must be true or false, not a text"),
        ("k = 'x'", lambda t: t.texts("k"), "k must be a list of texts, not a text"),
        ("k = ['x', 1]", lambda t: t.texts("k"), "k must list texts in quotation marks, not a number"),
        ("k = ['x', 'x']", lambda t: t.texts("k"), "k lists 'x' twice"),
        ("k = 'soon'", lambda t: t.date_or("k", None), "k must be a date such as 2031-01-15, not a text"),
        ("k = '2031-13'", lambda t: t.date_or("k", None), "a date that does not exist"),
        ("k = 2031-01-01T00:00:00", lambda t: t.date_or("k", None), "without an offset"),
        ("k = 07:32:00", lambda t: t.date_or("k", None), "not a date or time"),
        ("k = 1", lambda t: t.table_or("k", None), "k must be a table, written [k], not a number"),
        ("k = {}", lambda t: t.tables("k"), "k must be a list of tables; write each under [[k]], not a table"),
        ("k = [1]", lambda t: t.tables("k"), "k must list tables, each written under [[k]]"),
    ],
)
def test_a_wrong_value_is_refused_by_name(line, reader, says):
    message = refusal(f"before = 1\n{line}" if line else "", reader)
    assert says in message
    assert message.startswith("desk.toml:2: " if line else "desk.toml:1: ")


@pytest.mark.parametrize(
    ("value", "gives"),
    [
        ("2031-01-15", "2031-01-15"),
        ("'2031'", "2031"),
        ("'2031-02'", "2031-02"),
        ("'2031-02-03'", "2031-02-03"),
        ("2031-01-15T10:00:00Z", "2031-01-15T10:00:00+00:00"),
    ],
)
def test_dates_are_iso(value, gives):
    assert parse(f"k = {value}", FILE).date_or("k", None) == gives


def test_what_stands_twice_is_refused_with_both_lines():
    def ids(top):
        once = Once()
        for entry in top.tables("p"):
            once.add(entry.text("id"), entry, "id")

    assert refusal("[[p]]\nid = 'a'\n[[p]]\nid = 'a'\n", ids) == (
        "desk.toml:4: id 'a' stands twice (first on line 2); change or remove one"
    )


def test_adding_leaves_every_byte_and_comment(tmp_path):
    path = tmp_path / "desk.toml"
    before = b"\xef\xbb\xbf# kept\r\n\r\n[[p]] # here\r\nid = 'a'   # and here\r\n# [[p]]\r\n# id = 'z'"
    path.write_bytes(before)
    append(path, "p", {"id": "b", "list": ["x"], "credits": [{"text": 'say "hi"'}]})
    assert path.read_bytes().startswith(before[3:])
    assert tomllib.loads(path.read_text())["p"] == [
        {"id": "a"},
        {"id": "b", "list": ["x"], "credits": [{"text": 'say "hi"'}]},
    ]


TEXTS = st.text(st.characters(codec="utf-8"), max_size=20)


ENTRIES = st.dictionaries(st.sampled_from(["id", "n", "odd key"]), TEXTS | st.integers(0, 9), min_size=1)


@settings(deadline=None, max_examples=40)
@given(st.lists(ENTRIES, max_size=3))
def test_what_was_added_is_what_is_read(tmp_path_factory, entries):
    path = tmp_path_factory.mktemp("desk") / "desk.toml"
    for entry in entries:
        append(path, "p", entry)
    found = tomllib.loads(path.read_text("utf-8"))["p"] if entries else []
    assert found == entries


def test_adding_to_an_inline_list_is_refused_and_changes_nothing(tmp_path):
    path = tmp_path / "desk.toml"
    path.write_text("a = 1\np = [{id = 'a'}]\n")
    with pytest.raises(SettingsError, match=r"desk\.toml:2: p cannot be changed here"):
        append(path, "p", {"id": "b"})
    assert path.read_text() == "a = 1\np = [{id = 'a'}]\n"


def test_an_entry_the_desk_would_refuse_is_not_written(tmp_path):
    path = tmp_path / "desk.toml"
    path.write_text("[[p]]\nid = 'a'\n")

    def check(top):
        for entry in top.tables("p"):
            entry.only("id")

    with pytest.raises(BadInput, match=r"desk\.toml: nothing was added, because unknown key 'idd'; did you mean 'id'"):
        append(path, "p", {"idd": "b"}, check)
    assert path.read_text() == "[[p]]\nid = 'a'\n"


def test_removing_leaves_the_other_entries_and_comments(tmp_path):
    path = tmp_path / "desk.toml"
    path.write_text("# top\n\n[[p]]\nid = 'a'\n\n[[p]]\nid = 'b' # kept\n\n[[p]]\nid = 'c'\n")
    assert remove(path, "p", lambda top: [i for i, e in enumerate(top.tables("p")) if e.text("id") != "b"])
    assert "# top" in path.read_text()
    assert "id = 'b' # kept" in path.read_text()
    assert tomllib.loads(path.read_text()) == {"p": [{"id": "b"}]}
    assert not remove(path, "p", lambda _: [])
    assert remove(path, "p", lambda _: [0])
    assert not tomllib.loads(path.read_text()).get("p")


@pytest.mark.parametrize("before", ["", "# top\n\n", "x = 1\n", "[other]\nx = 1\n\n"])
def test_what_is_removed_to_the_last_can_be_added_again(tmp_path, before):
    path = tmp_path / "desk.toml"
    path.write_text(before)
    for _ in range(2):
        append(path, "p", {"id": "a"})
        assert remove(path, "p", lambda _: [0])
        assert tomllib.loads(path.read_text()) == tomllib.loads(before)
    assert "# top" in path.read_text() or "# top" not in before


def test_a_failed_write_leaves_the_old_text_and_no_scraps(tmp_path, monkeypatch):
    path = tmp_path / "desk.toml"
    path.write_text("a = 1\n")

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(HomeNotWritable, match="No space left on device"):
        write_whole(path, "a = 2\n")
    assert path.read_text() == "a = 1\n"
    assert [one.name for one in tmp_path.iterdir()] == ["desk.toml"]


def test_advice_fits_what_kept_a_file_from_being_written(tmp_path):
    (tmp_path / "file").write_text("")
    for path, way in (
        (tmp_path / "no" / "x", "its folder is not there"),
        (tmp_path / "file" / "x", "its folder is a file"),
    ):
        with pytest.raises(HomeNotWritable, match=way) as refused:
            write_whole(path, "a = 1\n")
        assert "space" not in str(refused.value)


def test_a_link_stays_a_link_and_rights_stay(tmp_path):
    real, link = tmp_path / "real.toml", tmp_path / "link.toml"
    real.write_text("a = 1\n")
    real.chmod(0o600)
    link.symlink_to(real)
    write_whole(link, "a = 2\n")
    assert link.is_symlink()
    assert real.read_text() == "a = 2\n"
    assert real.stat().st_mode & 0o777 == 0o600
