"""The house rules that import-linter cannot see."""

import ast
from pathlib import Path

ROOT = Path(__file__).parent.parent
SRC = ROOT / "src" / "convarchive"


def modules() -> list[Path]:
    return sorted(SRC.rglob("*.py"))


def test_desk_folders_hold_no_python():
    for desk in ("ingest", "index"):
        assert not list((ROOT / desk).rglob("*.py"))
        assert (ROOT / desk / "README.md").exists()
        assert (SRC / desk / "__init__.py").exists()


def test_only_the_app_factory_is_async():
    found = {
        path.relative_to(SRC).as_posix()
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.AsyncFunctionDef)
    }
    assert found <= {"api/app.py", "api/middleware.py"}


def test_no_room_for_miscellany():
    banned = {"utils", "helpers", "common", "misc", "manager"}
    assert not [p for p in modules() if p.stem in banned or p.parent.name in banned]


def test_modules_stay_readable_in_one_sitting():
    lengths = {p.name: len(p.read_text().splitlines()) for p in modules() if "migrations" not in p.parts}
    assert not {name: n for name, n in lengths.items() if n > 400}
