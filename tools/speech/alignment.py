"""Where the sounds of a known sentence lie (Viterbi, many utterances at once)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_NEVER = np.float32(-1e9)


@dataclass(frozen=True)
class Path:
    """The place in the sequence at every step, and the mean score per step."""

    places: NDArray[np.int64]
    score: float


def align(
    scores: list[NDArray[np.float32]], optional: list[NDArray[np.bool_]] | None = None
) -> list[Path]:
    """The best path through each matrix of steps x places, from left to right.

    A place marked optional may be skipped (two in a row at most), also at either end.
    """
    batch, steps = len(scores), max(len(item) for item in scores)
    places = max(item.shape[1] for item in scores)
    padded = np.full((steps, batch, places), _NEVER, np.float32)
    skippable = np.zeros((batch, places), bool)
    for index, item in enumerate(scores):
        padded[: len(item), index, : item.shape[1]] = item
        if optional is not None:
            skippable[index, : item.shape[1]] = optional[index]
    over_one, over_two = np.zeros_like(skippable), np.zeros_like(skippable)
    over_one[:, 2:] = skippable[:, 1:-1]
    over_two[:, 3:] = skippable[:, 1:-2] & skippable[:, 2:-1]
    best = np.full((batch, places), _NEVER, np.float32)
    best[:, 0] = padded[0, :, 0]
    if places > 1:
        best[:, 1] = np.where(skippable[:, 0], padded[0, :, 1], _NEVER)
    back = np.zeros((steps, batch, places), np.int8)
    ends = np.array([len(item) - 1 for item in scores])
    final = best.copy()
    for step in range(1, steps):
        best, back[step] = _advance(best, over_one, over_two)
        best = best + padded[step]
        final[ends == step] = best[ends == step]
    return [
        _trace(back[:, index], final[index], len(item), item.shape[1], skippable[index])
        for index, item in enumerate(scores)
    ]


def _advance(
    best: NDArray[np.float32], over_one: NDArray[np.bool_], over_two: NDArray[np.bool_]
) -> tuple[NDArray[np.float32], NDArray[np.int8]]:
    """Stay, go on by one, or over one or two optional places: the best and how it came."""
    chosen, came = best.copy(), np.zeros(best.shape, np.int8)
    for jump, allowed in ((1, None), (2, over_one), (3, over_two)):
        moved = np.full_like(best, _NEVER)
        moved[:, jump:] = best[:, :-jump]
        if allowed is not None:
            moved = np.where(allowed, moved, _NEVER)
        better = moved > chosen
        chosen = np.where(better, moved, chosen)
        came[better] = jump
    return chosen, came


def _trace(
    back: NDArray[np.int8],
    final: NDArray[np.float32],
    steps: int,
    places: int,
    skippable: NDArray[np.bool_],
) -> Path:
    """Follow the choices backwards from the best end."""
    place = places - 1
    if places > 1 and skippable[place] and final[place - 1] > final[place]:
        place -= 1
    score = float(final[place]) / steps
    path = np.zeros(steps, np.int64)
    for step in range(steps - 1, -1, -1):
        path[step] = place
        place -= int(back[step, place])
    return Path(path, score)
