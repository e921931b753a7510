"""Whole lessons: from flawless events the order and the pauses follow as their truth says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from truth_events import truth_events

from lesson.episodes import Episode, Flag, Order, build_episodes

pytestmark = pytest.mark.contract

DEMO = Path(__file__).resolve().parents[2] / "device" / "data" / "demo" / "les_nl.json"
QUESTION_FIRST = (Order.QPN, Order.QN_SHORT, Order.QN_GLUED)


def by_last_question(truth: dict[str, Any]) -> dict[float, Episode]:
    episodes = build_episodes(truth_events(truth))
    return {episode.q_off: episode for episode in episodes if episode.q_off is not None}


def test_the_demo_lesson_has_the_codes_of_its_script() -> None:
    truth = json.loads(DEMO.read_text(encoding="utf-8"))
    episodes = by_last_question(truth)
    for asked, detail in zip(truth["questions"], truth["denkpauze"]["questions"], strict=True):
        episode = episodes.get(asked["end_s"])
        where = f"question at {asked['start_s']} s"
        if episode is None:
            assert detail["code"] is None, where
            continue
        assert detail["code"] == episode.order, where
        if episode.order in QUESTION_FIRST:
            assert pytest.approx(detail["pause_s"], abs=0.002) == episode.denkpauze_gross_s, where
            assert pytest.approx(detail["pause_net_s"], abs=0.002) == episode.denkpauze_net_s, where
        for flag, expected in (
            (Flag.STACKED, detail["stacked_on_previous"]),
            (Flag.REPHRASED, detail["rephrases_previous"]),
            (Flag.SELF_ANSWERED, detail["self_answer"]),
            (Flag.THINK_PROMPT, bool(detail["prompts"])),
        ):
            assert expected == (flag in episode.flags), f"{where}: {flag}"


def test_the_order_of_every_question_of_the_test_lessons(shared: Path) -> None:
    differences = []
    for path in sorted((shared / "scenes").glob("p*.json")):
        truth = json.loads(path.read_text(encoding="utf-8"))
        episodes = by_last_question(truth)
        for asked in truth["questions"]:
            episode = episodes.get(round(asked["end_s"], 3))
            order = episode.order if episode else None
            derived = (
                "name_first"
                if order is Order.NQ
                else "question_first"
                if order in QUESTION_FIRST
                else "no_name"
            )
            if derived != asked["order"]:
                differences.append((path.stem, asked["start_s"], asked["order"], derived))
    assert [] == differences
