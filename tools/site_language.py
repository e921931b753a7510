"""Say in each page of the site which language it is really in (a hook of mkdocs).

The technical pages are English and are part of the Dutch site too; the letters are Dutch and are
part of the English one. A screen reader must know.
"""

from __future__ import annotations

import re
from typing import Any


def language_of(source: str) -> str:
    """The language of a page by its place under ``docs/``."""
    if source.endswith(".en.md"):
        return "en"
    return "nl" if source == "index.md" or source.startswith("site/") else "en"


def on_post_page(output: str, page: Any, **_kwargs: Any) -> str:
    """The finished page, with its own language on the part that holds the text."""
    own = f'<article class="md-content__inner md-typeset" lang="{language_of(page.file.src_uri)}">'
    return re.sub('<article class="md-content__inner md-typeset">', own, output, count=1)
