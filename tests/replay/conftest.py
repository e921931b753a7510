"""Recordings analysed once, by the installed command with the built-in model."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from installed import LESSON, ROSTER, Json, denkpauze, lines

Analysed = Callable[[str], list[Json]]


@pytest.fixture(scope="session")
def analysed(tmp_path_factory: pytest.TempPathFactory) -> Analysed:
    """``analysed(mode)``: the events of the demo lesson; each mode is analysed once."""
    folder = tmp_path_factory.mktemp("analysed")
    known: dict[str, list[Json]] = {}

    def analyse(mode: str) -> list[Json]:
        if mode not in known:
            out = folder / mode
            arguments = ("--language", "nl", "--roster", ROSTER, "--mode", mode, "--out", out)
            done = denkpauze(folder / "home", "analyse", LESSON, *arguments)
            assert (0, "") == (done.returncode, done.stderr)
            assert "Speech model: denkpauze" in done.stdout
            known[mode] = lines(out / f"{LESSON.stem}.jsonl")
        return known[mode]

    return analyse


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home without settings or speech models."""
    return tmp_path_factory.mktemp("home")
