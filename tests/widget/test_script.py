import gzip
import json
import re
import subprocess

import pytest

from convarchive.web import words
from convarchive.widget import script
from convarchive.widget.script import Script, current, pinned, shelf, snippet

SOURCE = current().source.decode()


def default_strings():
    """The strings of the script, read as JSON once its keys and commas are as JSON wants them."""
    table = re.search(r"const WORDS = (\{.*?\n\});", SOURCE, re.DOTALL)[1]
    return json.loads(re.sub(r",\s*\}", "}", re.sub(r"^  (\w+):", r'"\1":', table, flags=re.MULTILINE)))


def test_all_of_it_is_at_most_eight_kilobytes_on_the_wire():
    assert len(gzip.compress(current().source, 9)) <= 8_000
    assert gzip.decompress(current().packed) == current().source


def test_it_needs_nothing_and_leaves_nothing_behind():
    assert re.findall(r"^\s*import\b", SOURCE, re.MULTILINE) == []
    for word in ("document.cookie", "localStorage", "sessionStorage", "indexedDB", "sendBeacon", "WebSocket"):
        assert word not in SOURCE


def test_nothing_in_it_can_turn_text_into_markup_or_code():
    for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "DOMParser", "eval(", "Function(", "srcdoc", ".style"):
        assert word not in SOURCE


def test_it_says_what_the_pages_say():
    said = default_strings()
    assert {status: said[f"text_{status}"] for status in words.TEXT} == words.TEXT
    for status, name in words.NAME.items():
        assert said[f"name_{status}"] == (f"name {name}" if status in ("confirmed", "probable") else name)
    assert said["fiction"] == words.FICTION
    assert said["cleared"] == words.CLEARANCE["cleared"]
    assert {role: said[role] for role, name in words.ROLE.items() if name} == {
        role: name for role, name in words.ROLE.items() if name
    }


def test_two_processes_pack_the_same_bytes():
    assert Script.of(b"one").packed == Script.of(b"one").packed


def test_its_integrity_is_what_a_browser_computes():
    # The digest of "abc" is the first example of FIPS 180-4.
    assert Script.of(b"abc").integrity == "sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="
    assert Script.of(b"abc").pinned == "quote-search.ba7816bf8f01cfea.js"


def test_what_earlier_releases_had_is_still_there_by_its_name(tmp_path):
    old = Script.of(b"// an earlier release")
    (tmp_path / old.pinned).write_bytes(old.source)
    (tmp_path / "README.md").write_text("for people")
    assert shelf(tmp_path) == {old.pinned: old}
    assert current().pinned in pinned()


def test_a_released_file_that_was_changed_is_refused(tmp_path):
    (tmp_path / Script.of(b"as released").pinned).write_bytes(b"changed since")
    with pytest.raises(ValueError, match="released files are never changed"):
        shelf(tmp_path)


def test_two_lines_put_it_into_a_page():
    lines = snippet("https://archive.example", {"theme": "leadership"}).splitlines()
    assert lines == [
        '<script type="module" src="https://archive.example/widget/v1/quote-search.js"></script>',
        '<quote-search archive="https://archive.example" theme="leadership">'
        '<a href="https://archive.example/?theme=leadership">Search the archive</a></quote-search>',
    ]


def test_a_pinned_one_names_its_bytes():
    assert f'{script.PLACE}{current().pinned}" integrity="{current().integrity}"' in snippet(
        "https://archive.example", pin=True
    )


def test_what_is_chosen_cannot_leave_its_attribute():
    given = {"theme": '"><script>alert(1)</script>'}
    for text in (
        snippet("https://archive.example", given),
        script.frame("https://archive.example", given["theme"], given),
    ):
        assert "<script>alert" not in text


def test_a_frame_shows_the_same_without_scripts():
    assert script.frame("https://archive.example", "An archive", {"quote": "q1"}) == (
        '<iframe src="https://archive.example/embed?quote=q1" title="Quotes from An archive" width="100%" height="320" '
        'loading="lazy"></iframe>'
    )


def test_the_script_is_whole(tmp_path):
    node = tmp_path / "quote-search.mjs"
    node.write_bytes(current().source)
    try:
        done = subprocess.run(["node", "--check", str(node)], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("node is not installed")
    assert done.returncode == 0, done.stderr
