"""What people read must say what is: commands, keys, stages, errors, dependencies, links."""

import re
import shlex
import subprocess
import sys
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest
import typer
from markdown_it import MarkdownIt

from convarchive import __version__, errors
from convarchive.api.kinds import HTTP_KINDS
from convarchive.api.problems import problem_of
from convarchive.cli.app import app
from convarchive.domain.run import STAGES
from convarchive.settings import Settings

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
PAGES = sorted(
    path
    for folder in (".", "docs", "docs/decisions", "ingest", "index", "ingest/published", "src")
    for path in (ROOT / folder).glob("**/*.md" if folder == "src" else "*.md")
)
HELP = sorted((ROOT / "src" / "convarchive" / "cli" / "templates").rglob("*.toml"))


def name(path):
    return path.relative_to(ROOT).as_posix()


def text(page):
    return (ROOT / page).read_text(encoding="utf-8")


def tokens(page):
    """Every Markdown token of a page, also those inside others."""
    for token in MarkdownIt().enable("table").parse(page.read_text(encoding="utf-8")):
        yield token
        yield from token.children or ()


def test_what_is_made_from_the_code_is_up_to_date():
    ran = subprocess.run(
        [sys.executable, ROOT / "scripts" / "write-docs", "--check"], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr


def group(command):
    return command if isinstance(command, typer.core.TyperGroup) else None


def commands(command, path=()):
    yield path, command
    for word, inner in (group(command).commands if group(command) else {}).items():
        yield from commands(inner, (*path, word))


ROOT_COMMAND = typer.main.get_command(app)


def test_every_command_is_documented_with_an_example():
    missing = [
        " ".join(path)
        for path, command in commands(ROOT_COMMAND)
        if not group(command) and f"Example: convarchive {' '.join(path)}" not in (command.help or "")
    ]
    assert missing == []


def printed_commands(page):
    """What a page shows as a command of ours, in blocks and in running text."""
    if page.suffix != ".md":
        yield from re.findall(r"(?:with|run|from|by): ?(convarchive [a-z].*)$", page.read_text(), re.MULTILINE)
        return
    for token in tokens(page):
        if token.type in ("code_inline", "code_block", "fence") and token.info != "text":
            for line in token.content.splitlines():
                if match := re.match(r"(?:\S*bin/)?(convarchive [a-z].*)", line.strip()):
                    yield match[1]


@pytest.mark.parametrize("page", [*PAGES, *HELP], ids=name)
def test_every_command_that_a_page_prints_exists_with_its_options(page):
    wrong = []
    for line in printed_commands(page):
        command, words = ROOT_COMMAND, shlex.split(line)[1:]
        while group(command) and words and words[0] in group(command).commands:
            command = group(command).commands[words.pop(0)]
        known = {option for one in command.params for option in one.opts} | {"--help", "-h"}
        if group(command) and words:
            # A bare group is named in running text; a word that it does not know is a mistake.
            wrong += [line]
        wrong += [line for word in words if word.startswith("-") and word.split("=")[0] not in known]
    assert wrong == []


def left_out(cell):
    """The value that a cell such as `"en"` or none stands for."""
    value = None if cell == "none" else tomllib.loads(f"value = {cell.strip('`')}")["value"]
    return tuple(value) if isinstance(value, list) else value


def test_every_setting_is_explained_with_what_holds_when_it_is_left_out():
    desks = text("docs/desks.md")
    table = desks[desks.index("## `convarchive.toml`") : desks.index("## `ingest/feeds.toml`")]
    rows = [line.strip("| ").split(" | ") for line in table.splitlines() if line.startswith("| `")]
    explained = {
        key: left_out(cell)
        for keys, cells, _ in rows
        for key, cell in zip(re.findall(r"`(\w+)`", keys), re.split(r", (?=`)", cells), strict=True)
    }
    assert explained == {field.name: field.default for field in fields(Settings)}


def test_the_template_of_a_home_names_every_setting():
    template = text("src/convarchive/cli/templates/home/convarchive.toml")
    assert [f.name for f in fields(Settings) if not re.search(rf"^#? ?{f.name} = ", template, re.MULTILINE)] == []


def test_every_stage_is_explained_in_order():
    explained = re.findall(r"^\| `(\w+)` \|", text("docs/how-it-works.md"), re.MULTILINE)
    assert explained == list(STAGES)


def family(kind):
    return [one for special in kind.__subclasses__() for one in (special, *family(special))]


def test_every_error_is_listed():
    listed = re.findall(r"^\| (?:— )*`([a-z-]+)` \|", text("docs/errors.md"), re.MULTILINE)
    ours = [one for one in family(errors.ArchiveError) if one.__module__ == errors.__name__]
    assert listed == [*(problem_of(kind("")).type for kind in ours), *HTTP_KINDS]


def test_every_dependency_is_explained_with_its_versions_and_licence():
    rows = re.findall(r"^\| ([a-z][\w.-]+) \| (.+?) \| (.+?) \| (.+?) \|$", text("README.md"), re.MULTILINE)
    explained = {(package, versions.replace(" ", "")) for package, why, versions, licence in rows if why and licence}
    needed = {
        (match[1], match[2])
        for requirements in (PROJECT["dependencies"], *PROJECT["optional-dependencies"].values())
        for match in (re.fullmatch(r"([\w.-]+)([<>=].*)", one) for one in requirements)
        if match
    }
    assert explained == needed


def test_every_extra_is_explained():
    assert [extra for extra in PROJECT["optional-dependencies"] if f'".[{extra}]"' not in text("README.md")] == []


def anchors(page):
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.casefold()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_relative_link_leads_somewhere(page):
    addresses = [
        str(t.attrs.get("href") or t.attrs.get("src")) for t in tokens(page) if t.type in ("link_open", "image")
    ]
    broken = []
    for address in addresses:
        if address.startswith(("http://", "https://", "mailto:")):
            continue
        path, _, anchor = address.partition("#")
        target = page.parent / path if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(address)
    assert broken == []


def test_every_page_of_the_documents_can_be_reached_from_the_readme():
    reached, todo = set(), [ROOT / "README.md"]
    while todo:
        page = todo.pop()
        if page in reached or not page.is_file():
            continue
        reached.add(page)
        links = [str(t.attrs["href"]).partition("#")[0] for t in tokens(page) if t.type == "link_open"]
        todo += [(page.parent / link).resolve() for link in links if link.endswith(".md") and "://" not in link]
    documents = {path.resolve() for path in PAGES if path.parent.name in ("docs", "decisions") or path.parent == ROOT}
    assert sorted(map(name, documents - reached)) == []


def test_the_changelog_tells_of_this_version_first():
    first = re.search(r"^## (.+)$", text("CHANGELOG.md"), re.MULTILINE)[1]
    section = text("CHANGELOG.md").split("\n## ")[1]
    if first == "Unreleased":
        assert re.search(rf"^Becomes {re.escape(__version__)}\b", section, re.MULTILINE)
    else:
        assert first.split()[0].strip("[]") == __version__


def test_the_readme_shows_two_captioned_pictures_and_says_which_is_fiction():
    pictures = [token for token in tokens(ROOT / "README.md") if token.type == "image"]
    assert len(pictures) == 2
    assert all(token.content for token in pictures)
    captions = re.findall(r"\.png\)\n\n\*(.+?)\*\n\n", text("README.md"), re.DOTALL)
    assert len(captions) == 2
    assert ["FICTION" in caption for caption in captions] == ["fiction" in t.attrs["src"] for t in pictures]


def test_the_first_commands_of_the_readme_are_to_see_it_and_to_check_it():
    shown = [t.content.strip() for t in tokens(ROOT / "README.md") if t.type == "code_block"]
    assert shown[:2] == ["scripts/demo", "scripts/test"]


STRANGE = {
    "an issue's or pull request's number": r"(?i)\b(?:issues?|pull requests?|PR) ?#?\d|(?<![\w&])#\d+\b",
    "a path of somebody's machine": r"(?<![\w.}])/(?:work|home|root|Users|mnt)/",
    "a tool that wrote it": r"(?i)\b(?:claude|chatgpt|copilot|language model assistant)\b",
}


@pytest.mark.parametrize("page", PAGES, ids=name)
@pytest.mark.parametrize("what", STRANGE)
def test_no_page_speaks_of_what_readers_cannot_know(page, what):
    assert re.findall(STRANGE[what], page.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_pages_send_nobody_to_a_host_that_may_not_be_there_tomorrow(page):
    allowed = r"(?:[\w.-]+\.)?example(?:[:/]|$)|127\.0\.0\.1|localhost|www\.apache\.org"
    hosts = re.findall(r"https?://([^\s)>\"'`]+)", page.read_text(encoding="utf-8"))
    assert [host for host in hosts if not re.match(allowed, host)] == []
