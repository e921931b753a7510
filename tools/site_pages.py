"""Write the site's pages that are made from the code: code book and DPIA sheet (``make docs``)."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from flask import Flask

from dashboard import i18n
from dashboard.exports.codebook import codebook
from dashboard.exports.table import PLAIN
from device import dpia
from device.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "docs" / "site"

HEADS = {
    "nl": """\
# Codeboek van de export

Elke kolom van de tabellen die onder *Exporteren* staan, met de codes die erin kunnen voorkomen.
Hetzelfde codeboek zit als `.codebook.csv` bij elke export. Hoe de cijfers worden berekend, staat
in de [definities](../definitions.md).

Deze pagina is gemaakt door `make docs`.

| kolom | code | betekenis |
| --- | --- | --- |
""",
    "en": """\
# Code book of the exports

Every column of the tables under *Export*, with the codes that it may hold. The same code book
comes as `.codebook.csv` with each export. How the figures are computed is in the
[definitions](../definitions.md).

This page is made by `make docs`.

| column | code | meaning |
| --- | --- | --- |
""",
}
PATHS = {"nl": SITE / "codeboek.md", "en": SITE / "codeboek.en.md"}


#: What the example on the site is made from: a school with a broker of its own.
EXAMPLE = {
    "device": {"id": "lokaal-12", "data_folder": "/var/lib/denkpauze"},
    "lesson": {"roster": "/var/lib/denkpauze/klas.txt"},
    "mqtt": {
        "enabled": True,
        "host": "denkpauze.school.example",
        "username": "lokaal-12",
        "password_file": "/etc/denkpauze/broker-password",
        "tls_ca": "/etc/denkpauze/authority.pem",
    },
}
DPIA = SITE / "privacy" / "dpia.md"
DPIA_NOTE = """\
!!! note "Dit is een voorbeeld"
    Zo ziet het blad eruit voor een school met een eigen broker. Maak uw eigen blad op het
    apparaat zelf: `denkpauze dpia > dpia.md`. Bewaart het dashboard lessen korter of langer dan
    een jaar, zeg dat dan: `denkpauze dpia --retention-days 90`. Deze pagina is gemaakt door
    `make docs`.
"""


def dpia_page() -> str:
    """The sheet of an example school."""
    sheet = dpia.sheet(Settings.model_validate(EXAMPLE), "voorbeeld", 365)
    head, rest = sheet.split("\n\n", 1)
    return f"{head}\n\n{DPIA_NOTE}\n{rest}"


def codebook_page(language: str) -> str:
    """The code book in ``nl`` or ``en``."""
    app = Flask("dashboard", root_path=str(ROOT / "dashboard"))
    i18n.install(app, "Europe/Amsterdam")
    with app.test_request_context(f"/?lang={language}"):
        text = codebook(PLAIN)
    rows = csv.DictReader(io.StringIO(text))
    lines = [_line(row["column"], row["code"], row["meaning"]) for row in rows]
    return HEADS[language] + "\n".join(lines) + "\n"


def _line(column: str, code: str, meaning: str) -> str:
    return f"| `{column}` | {f'`{code}`' if code else ''} | {meaning} |"


def main() -> None:
    for language, path in PATHS.items():
        path.write_text(codebook_page(language), encoding="utf-8")
    DPIA.write_text(dpia_page(), encoding="utf-8")


if __name__ == "__main__":
    main()
