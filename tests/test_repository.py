"""Promises about the repository itself: its arrows, its dependencies, nothing of one machine."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit

ROOT = Path(__file__).resolve().parent.parent
OURS = ("lesson", "device", "dashboard")
LONGEST_MODULE_LINES = 400
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

#: What a distribution is called when it is imported, where that differs.
IMPORT_NAMES = {
    "paho-mqtt": "paho",
    "argon2-cffi": "argon2",
    "bootstrap-flask": "flask_bootstrap",
    "webrtcvad-wheels": "webrtcvad",
    "flask-babel": "flask_babel",
    "pympi-ling": "pympi",
    "pyyaml": "yaml",
}

#: Parts of a declared package that it publishes under a name of their own.
COMES_WITH = {"flask": {"werkzeug", "jinja2"}, "pydantic": {"pydantic_core"}}


def tracked() -> list[Path]:
    """The files of the repository; outside git (a copied folder) all Python files of ours."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listing.returncode == 0:
        return [ROOT / name for name in listing.stdout.split("\0") if (ROOT / name).is_file()]
    return [path for folder in (*OURS, "tests", "tools") for path in (ROOT / folder).rglob("*.py")]


FILES = tracked()
MODULES = [path for path in FILES if path.suffix == ".py"]
OUR_MODULES = [path for path in MODULES if path.relative_to(ROOT).parts[0] in OURS]


def texts() -> Iterator[tuple[str, str]]:
    """Name and content of every text file of the repository."""
    for path in FILES:
        try:
            yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def imports(path: Path) -> set[str]:
    """Absolute module names that a module imports, wherever in it."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(parts[: len(parts) - node.level]) if node.level else ""
            names.add(".".join(part for part in (base, node.module) if part))
            names |= {
                ".".join(part for part in (base, node.module, alias.name) if part)
                for alias in node.names
            }
    return names


def breaches(folder: str, *forbidden: str) -> list[str]:
    """Imports in a folder that reach into a forbidden one."""
    return [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in MODULES
        if path.is_relative_to(ROOT / folder)
        for name in sorted(imports(path))
        if any(name == other or name.startswith(f"{other}.") for other in forbidden)
    ]


@pytest.mark.parametrize(
    ("folder", "forbidden"),
    [
        ("lesson", ("device", "dashboard", "tools", "tests")),
        ("dashboard", ("device", "tools", "tests")),
        ("device", ("dashboard", "tools", "tests")),
        ("device/detect", ("device.feedback", "device.journal", "device.telemetry")),
        ("device/audio", ("device.detect", "device.feedback", "device.journal")),
        ("device/feedback", ("device.journal", "device.telemetry")),
    ],
)
def test_no_arrow_points_the_wrong_way(folder: str, forbidden: tuple[str, ...]) -> None:
    assert [] == breaches(folder, *forbidden)


def test_nothing_but_the_command_line_imports_the_command_line() -> None:
    allowed = ("device/cli.py", "device/commands/")
    wrong = [
        line
        for line in breaches("device", "device.cli", "device.commands", "device.app")
        if not line.startswith((*allowed, "device/app.py", "device/service.py"))
    ]
    assert [] == wrong


def test_the_import_check_sees_a_wrong_arrow(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = tmp_path / "lesson" / "wrong.py"
    module.parent.mkdir()
    module.write_text("def late():\n    from device import clock\n", encoding="utf-8")
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    monkeypatch.setitem(globals(), "MODULES", [module])
    assert ["lesson/wrong.py imports device", "lesson/wrong.py imports device.clock"] == breaches(
        "lesson", "device"
    )


def declared(*extras: str) -> set[str]:
    """Import names of the dependencies, with those of some extras."""
    lines = list(PROJECT["project"]["dependencies"])
    for extra in extras:
        lines += PROJECT["project"]["optional-dependencies"][extra]
    names = [re.split(r"[<>=!~;\[ ]", line, maxsplit=1)[0].lower() for line in lines]
    known = {IMPORT_NAMES.get(name, name.replace("-", "_")) for name in names}
    return known.union(*(COMES_WITH.get(name, set()) for name in known))


@pytest.mark.parametrize(
    ("folder", "extras"),
    [
        ("lesson", ()),
        ("device", ("pi", "broker")),
        ("dashboard", ("dashboard",)),
        ("tests", ("dev", "pi", "broker", "dashboard")),
    ],
)
def test_every_imported_package_is_a_declared_dependency(
    folder: str, extras: tuple[str, ...]
) -> None:
    helpers = {path.stem for path in (ROOT / "tests" / "support").glob("*.py")}
    known = declared(*extras) | set(OURS) | {"tools"} | helpers | sys.stdlib_module_names
    unknown = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in MODULES
        if path.is_relative_to(ROOT / folder)
        for name in imports(path)
        if name.split(".")[0] not in known
    }
    assert set() == unknown


def test_every_package_is_listed_for_installation() -> None:
    packages = {
        ".".join(path.parent.relative_to(ROOT).parts)
        for path in OUR_MODULES
        if path.name == "__init__.py"
    }
    assert packages == set(PROJECT["tool"]["setuptools"]["packages"])


def locked(name: str) -> dict[str, list[str]]:
    """The lines below each package of a lock."""
    entries: dict[str, list[str]] = {}
    for line in (ROOT / name).read_text(encoding="utf-8").replace(" \\\n    ", "\n ").splitlines():
        if line.startswith(" "):
            entries[list(entries)[-1]].append(line)
        else:
            assert line not in entries
            entries[line] = []
    return entries


@pytest.mark.parametrize(
    ("lock", "extras"),
    [
        ("requirements.lock", ("pi", "broker", "dashboard")),
        ("requirements-test.lock", tuple(PROJECT["project"]["optional-dependencies"])),
    ],
)
def test_every_dependency_is_locked_to_one_version_for_every_python(
    lock: str, extras: tuple[str, ...]
) -> None:
    names = [entry.split("==")[0] for entry in locked(lock)]
    optional = PROJECT["project"]["optional-dependencies"]
    lines = [*PROJECT["project"]["dependencies"], *(line for e in extras for line in optional[e])]
    wanted = {re.split(r"[<>=!~;\[ ]", line, maxsplit=1)[0].lower() for line in lines}
    assert (set(), len(names)) == (wanted - set(names), len(set(names)))


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-test.lock"])
def test_a_lock_holds_versions_and_hashes_and_nothing_else(lock: str) -> None:
    package = re.compile(r"[a-z0-9-]+==[0-9a-z.]+( ; [a-z_]+ (==|!=) '[A-Za-z0-9_]+')?")
    hashed = re.compile(r" --hash=sha256:[0-9a-f]{64}")
    entries = locked(lock)
    wrong = [
        entry
        for entry, hashes in entries.items()
        if not package.fullmatch(entry) or not hashes or not all(map(hashed.fullmatch, hashes))
    ]
    assert ([], True) == (wrong, len(entries) > 20)


def test_a_device_gets_the_versions_that_were_tested() -> None:
    # a marker may differ: what only Windows needs beside one package, another needs everywhere
    device, tested = (
        {entry.partition(" ; ")[0] for entry in locked(lock)}
        for lock in ("requirements.lock", "requirements-test.lock")
    )
    assert set() == device - tested


@pytest.mark.parametrize(
    "pattern",
    [
        r"/roo[t]/",
        r"/hom[e]/\w",
        r"/wor[k]/",
        r"files\.pythonhoste[d]\.org",
        r"pypi\.or[g]",
        r"registry\.npmj[s]",
        r"--(extra-)?inde[x]-url[= ]http",
    ],
)
def test_nothing_of_one_machine_or_registry_is_kept(pattern: str) -> None:
    # the patterns are written so that they do not find themselves
    assert [] == [name for name, text in texts() if re.search(pattern, text)]


@pytest.mark.parametrize("path", OUR_MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_is_not_too_long(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_MODULE_LINES


def test_every_test_module_has_a_category() -> None:
    without = [
        str(path.relative_to(ROOT))
        for path in MODULES
        if path.is_relative_to(ROOT / "tests")
        and path.name.startswith("test_")
        and "pytestmark" not in path.read_text(encoding="utf-8")
    ]
    assert [] == without


def test_the_licence_is_in_the_repository() -> None:
    licence = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert ("Apache-2.0", True) == (PROJECT["project"]["license"], "Version 2.0" in licence)
