"""The house rules that a machine can check: who imports whom, how long a file may be, what must be pinned."""

import ast
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
OURS = ("app", "freeswitch", "admin")
IMPURE = {"time", "random", "uuid", "os", "socket", "threading", "logging", "secrets", "datetime", "gevent"}

MAY_USE = {"app.core.hours": {"datetime"}}  # dates and zones of the time it is given; it never asks for the present one

# module prefix -> what of ours it may import (the longest matching prefix counts); "*" is everything
MAY_IMPORT = {
    "app.core": ("app.core",),
    "app.ports": ("app.core",),
    "app.config": (),
    "app.store": ("app.core", "app.store"),
    "app.services": ("app.core", "app.ports", "app.config", "app.store", "app.services"),
    "app.engine": ("app.core", "app.ports", "app.ledger", "app.floor"),
    "app.ledger": ("app.core", "app.ports"),
    "app.floor": ("app.core", "app.ledger"),
    "app.timers": (),
    "app.debian": (),
    "app.bootstrap": ("*",),
    "app.up": ("*",),
    "app.demo": ("*",),
    "app.commandline": ("*",),
    "app.__main__": ("*",),
    "freeswitch.wire": (),
    "freeswitch.causes": ("app.core",),
    "freeswitch.plain": (),
    "freeswitch.outside": ("app.core", "freeswitch.plain"),
    "freeswitch.headers": ("app.core", "freeswitch.causes", "freeswitch.plain"),
    "freeswitch.findings": ("app.core", "freeswitch.headers"),
    "freeswitch.waiting": ("app.core", "freeswitch.plain"),
    "freeswitch.agents": ("app.core", "freeswitch.causes", "freeswitch.outside", "freeswitch.waiting"),
    "freeswitch.queues": ("app.core", "freeswitch.agents", "freeswitch.waiting"),
    "freeswitch.offers": ("app.core", "freeswitch.agents", "freeswitch.causes", "freeswitch.headers"),
    "freeswitch.scripts": ("app.core", "freeswitch.causes", "freeswitch.outside", "freeswitch.plain", "freeswitch.waiting"),
    "freeswitch.orders": (
        "app.core",
        "freeswitch.wire",
        "freeswitch.causes",
        "freeswitch.scripts",
        "freeswitch.outside",
        "freeswitch.plain",
        "freeswitch.agents",
        "freeswitch.waiting",
    ),
    "freeswitch.dialect": (
        "app.core",
        "freeswitch.causes",
        "freeswitch.headers",
        "freeswitch.offers",
        "freeswitch.orders",
        "freeswitch.outside",
    ),
    "freeswitch.link": ("app.ports", "app.core", "app.config", "freeswitch"),
    "freeswitch.xml": ("app.core", "app.services"),
    "freeswitch.neighbours": ("app.services",),
    "freeswitch.marks": ("app.services", "freeswitch.xml"),
    "freeswitch.lookup": (
        "app.core",
        "app.services",
        "freeswitch.xml",
        "freeswitch.cdr",
        "freeswitch.marks",
        "freeswitch.neighbours",
    ),
    "freeswitch.simulator": ("freeswitch.wire", "freeswitch.simulator"),
    "freeswitch.virtual": ("freeswitch.wire",),
    "freeswitch": ("app.config", "app.core", "app.ports", "freeswitch"),
    "freeswitch.__main__": ("*",),
    "admin": ("app.services", "app.core", "app.config", "admin"),
    "admin.__main__": ("*",),
    "app": (),
}

THIRD_PARTY = {
    "app.core": (),
    "app.core.numbering": ("phonenumbers",),  # every country's numbering plan, as tables: it only computes
    "app.core.hours": ("holidays",),  # every country's public holidays, likewise
    "app.ports": (),
    "app.config": (),
    "app.engine": ("gevent",),
    "app.timers": ("gevent",),
    "freeswitch.wire": (),
    "freeswitch.plain": (),
    "freeswitch.outside": (),
    "freeswitch.headers": (),
    "freeswitch.findings": (),
    "freeswitch.scripts": (),
    "freeswitch.waiting": (),
    "freeswitch.agents": (),
    "freeswitch.queues": (),
    "freeswitch.offers": (),
    "freeswitch.orders": (),
    "freeswitch.dialect": (),
    "freeswitch.simulator": ("gevent",),
}

LONGER = {}  # file -> why it may have more than 300 lines


def modules() -> list[Path]:
    return [path for top in OURS for path in sorted((ROOT / top).rglob("*.py"))]


def dotted(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: relative import"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def rule(table: dict, module: str):
    fitting = [prefix for prefix in table if module == prefix or module.startswith(prefix + ".")]
    return table[max(fitting, key=len)] if fitting else None


def within(name: str, prefixes) -> bool:
    return any(prefix == "*" or name == prefix or name.startswith(prefix + ".") for prefix in prefixes)


@pytest.mark.parametrize("path", modules(), ids=dotted)
def test_module_imports_only_what_its_room_may(path):
    allowed = rule(MAY_IMPORT, dotted(path))
    ours = {name for name in imports(path) if name.split(".")[0] in OURS}
    assert {name for name in ours if not within(name, allowed)} == set()


@pytest.mark.parametrize("path", modules(), ids=dotted)
def test_module_uses_only_the_libraries_of_its_room(path):
    allowed = rule(THIRD_PARTY, dotted(path))
    if allowed is None:
        return
    foreign = {name.split(".")[0] for name in imports(path)} - set(OURS) - set(sys.stdlib_module_names)
    assert foreign <= set(allowed)


@pytest.mark.parametrize("path", sorted((ROOT / "app" / "core").glob("*.py")), ids=dotted)
def test_core_knows_no_clock_no_chance_and_no_world(path):
    assert {name.split(".")[0] for name in imports(path)} & IMPURE - MAY_USE.get(dotted(path), set()) == set()


@pytest.mark.parametrize("path", [*modules(), *sorted((ROOT / "tests").rglob("*.py"))], ids=lambda p: str(p.relative_to(ROOT)))
def test_file_is_one_idea_long(path):
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= 300 or str(path.relative_to(ROOT)) in LONGER


def test_every_requirement_is_pinned():
    lines = [*(ROOT / "requirements.txt").read_text().splitlines(), *(ROOT / "tests/requirements.txt").read_text().splitlines()]
    for line in filter(None, (line.partition("#")[0].strip() for line in lines)):
        assert re.fullmatch(r"-r \S+|[\w.-]+(\[\w+\])?==[\w.]+", line), line


def test_top_of_the_house_holds_only_what_a_contributor_expects():
    git = {"README.md", "Makefile", "pyproject.toml", "CHANGELOG.md", ".ci", ".gitignore", ".git", ".github"}
    rooms = {"app", "freeswitch", "admin", "tests", "requirements.txt", "Procfile"}
    made = {".venv", "var", ".hypothesis", ".mypy_cache", ".ruff_cache", ".coverage", "__pycache__"}
    assert {path.name for path in ROOT.iterdir()} <= git | rooms | made
