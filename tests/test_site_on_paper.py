"""What a school prints fits on as many sheets as it is meant to: one or two."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from chromium import launched

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROOT = Path(__file__).resolve().parent.parent
SHEETS = {
    "site/docent.html": 2,
    "en/site/docent.html": 2,
    "site/privacy/mr.html": 1,
    "site/privacy/brief-ouders.html": 1,
    "site/privacy/brief-leerlingen.html": 1,
    "site/privacy/bord.html": 1,
}
MARGINS = dict.fromkeys(("top", "bottom", "left", "right"), "15mm")


def test_pages_to_print_fit_on_their_sheets(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--quiet", "-d", str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        timeout=240,
        check=True,
    )
    with launched() as browser:
        page = browser.new_page()
        found = {}
        for name in SHEETS:
            page.goto((tmp_path / name).as_uri())
            document = page.pdf(format="A4", margin=MARGINS)
            count = re.search(rb"/Count (\d+)", document)
            assert count is not None
            found[name] = int(count[1])
        assert SHEETS == found
