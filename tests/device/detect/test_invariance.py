"""The events of a lesson depend on its sound alone."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scripted import LateRecogniser
from spoken_lesson import Heard, SpokenLesson, hear

from device.audio.blocks import reblock
from device.audio.frames import Block, Gap, Resumed
from device.detect.recogniser import ThreadedRecogniser

pytestmark = [pytest.mark.unit, pytest.mark.slow]

FRAMES_PER_S = 50


@cache
def lesson() -> SpokenLesson:
    """Every kind of thing that can happen, in 45 s."""
    said = SpokenLesson()
    said.teacher("waarom drijft ijs op water")
    said.room(3.2)
    said.teacher("sanne")
    said.room(0.7)
    said.pupil(1.2)
    said.room(0.8)
    said.teacher("goed zo sanne")
    said.room(0.9)
    said.teacher("wat is het verschil tussen")
    said.room(0.8)
    said.teacher("water en ijs")
    said.room(1.0)
    said.cough()
    said.teacher("denk even na", 0.9)
    said.room(1.1)
    said.teacher("bo zeg het maar")
    said.room(1.0)
    said.teacher("sofie hoeveel is zeven keer acht")
    said.room(0.6)
    said.teacher("hoe heet dit dier")
    said.room(2.0)
    said.gap(1.503)
    said.room(0.5)
    said.teacher("wat gebeurt er met de vissen sanne")
    said.room(1.2)
    said.pupil()
    said.room(1.0)
    said.teacher("hoe komt dat")
    said.room(2.0)
    return said


@cache
def reference() -> Heard:
    return lesson().hear()


def test_the_lesson_holds_something_to_compare() -> None:
    kinds = [event.kind for event in reference().events]
    assert kinds.count("question") >= 6
    assert {"question", "pause", "name", "turn", "health"} == set(kinds)


@pytest.mark.parametrize("block_samples", [1, 160, 320, 4096, 100_000])
def test_the_length_of_the_blocks_changes_nothing(block_samples: int) -> None:
    heard = hear(reblock(lesson().items(), block_samples), lesson().listener())
    assert reference().json() == heard.json()
    assert reference().outputs == heard.outputs


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_blocks_of_changing_length_change_nothing(seed: int) -> None:
    heard = hear(cut_at_random(seed), lesson().listener())
    assert reference().json() == heard.json()


def cut_at_random(seed: int) -> list[Block | Gap | Resumed]:
    generator = np.random.default_rng(seed)
    pieces: list[Block | Gap | Resumed] = []
    for item in lesson().items():
        if isinstance(item, Block):
            edges = np.sort(generator.integers(0, len(item.samples), 40))
            pieces += [Block(part) for part in np.split(item.samples, edges)]
        else:
            pieces.append(item)
    return pieces


@settings(max_examples=15, deadline=None)
@given(delays_s=st.lists(st.floats(0.0, 5.0), min_size=12, max_size=12))
def test_a_recogniser_that_answers_late_changes_no_event(delays_s: list[float]) -> None:
    late = LateRecogniser(
        lesson().words,
        lambda utterance: round(delays_s[utterance % len(delays_s)] * FRAMES_PER_S),
    )
    heard = hear(lesson().items(), lesson().listener(late))
    assert by_source(reference()) == by_source(heard)


def test_a_recogniser_in_a_thread_changes_no_event() -> None:
    threaded = ThreadedRecogniser(lesson().recogniser, most_pieces=100_000)
    heard = hear(lesson().items(), lesson().listener(threaded))
    threaded.close()
    assert by_source(reference()) == by_source(heard)


def by_source(heard: Heard) -> tuple[list[str], list[str]]:
    """What needs words, and what is known from the sound alone: each in its own order.

    A turn may be known before the words of a question that was asked earlier.
    """
    worded, heard_at_once = [], []
    for event in heard.events:
        lines = heard_at_once if event.kind in ("turn", "health") else worded
        lines.append(event.model_dump_json())
    return worded, heard_at_once
