"""Bundles to try updates with: the one that is tested under other versions, one of them broken."""

from __future__ import annotations

import re
import tarfile
import tempfile
from pathlib import Path

from tools.bundle import copy_tree, finish, own_wheel

GOOD, BROKEN = "0.99.0", "0.99.1"
#: The command that the device's service runs, in a version that ends soon after it has started.
SERVICE = Path("device/commands/serve.py")
READY = "    service.run()\n"
FAILURE = '    raise RuntimeError("broken on purpose")\n'


def updates(bundle: Path, folder: Path) -> dict[str, Path]:
    """Two bundles by version, the second of which does not work."""
    return {
        GOOD: _another(bundle, folder, GOOD, broken=False),
        BROKEN: _another(bundle, folder, BROKEN, broken=True),
    }


def _another(bundle: Path, folder: Path, version: str, *, broken: bool) -> Path:
    """The same bundle with our own package under another version."""
    target = folder / f"update-{version}.tar"
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        tree = Path(scratch, "tree")
        copy_tree(tree)
        project = tree / "pyproject.toml"
        text = re.sub(
            r'(?m)^version = ".*"$', f'version = "{version}"', project.read_text(), count=1
        )
        project.write_text(text)
        if broken:
            service = tree / SERVICE
            before = service.read_text()
            service.write_text(before.replace(READY, FAILURE))
            assert before != service.read_text()
        with tarfile.open(bundle) as archive:
            archive.extractall(scratch, filter="data")
        (content,) = Path(scratch).glob("denkpauze-*")
        for wheel in (content / "wheels").glob("denkpauze-*.whl"):
            wheel.unlink()
        own_wheel(content / "wheels", tree)
        (content / "VERSION").write_text(f"{version}\n")
        finish(content, target)
    return target
