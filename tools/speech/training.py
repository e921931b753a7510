"""Training of the acoustic network on shards of labelled speech (torch, two threads)."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from tools.speech.alignment import align
from tools.speech.espeak import SILENCE
from tools.speech.features import COEFFICIENTS, SUBSAMPLING, Features, mfcc, normalised
from tools.speech.labels import cleaned, first_steps, output_count, spread, step_of
from tools.speech.languages import Language
from tools.speech.network import CONTEXT_FRAMES, AcousticModel, Tdnn, with_context
from tools.speech.shards import Utterance
from tools.speech.warping import STRETCHES, warp

CHUNK_STEPS = 50
CHUNK_FRAMES = SUBSAMPLING * (CHUNK_STEPS - 1) + 1 + 2 * CONTEXT_FRAMES
BATCH = 64
IGNORED = -1
LONGEST_HISTORY_FRAMES = 600
Progress = Callable[[int, int, str], None]


@dataclass
class Example:
    """One utterance ready for training: features, units in order, their first steps."""

    features: Features
    units: NDArray[np.int64]
    starts: list[int]
    aligned: bool

    @property
    def steps(self) -> int:
        """Steps of 30 ms."""
        return output_count(len(self.features))

    def targets(self) -> NDArray[np.int64]:
        """One unit per step."""
        return spread(self.units, self.starts, self.steps)


def unit_names(utterances: list[Utterance], language: Language) -> list[str]:
    """Silence first, then every sound that occurs."""
    found = {part.sound for item in utterances for part in cleaned(item.segments, language)}
    return [SILENCE, *sorted(found - {SILENCE})]


def examples(utterances: list[Utterance], units: list[str], language: Language) -> list[Example]:
    """Label the utterances; those with more sounds than steps, or unknown sounds, fall out."""
    numbers = {unit: number for number, unit in enumerate(units)}
    ready = []
    for item in utterances:
        parts = cleaned(item.segments, language)
        if not parts or any(part.sound not in numbers for part in parts):
            continue
        starts = first_steps(
            [step_of(part.start_s) for part in parts], output_count(len(item.features))
        )
        if starts is not None:
            sequence = np.array([numbers[part.sound] for part in parts], np.int64)
            ready.append(Example(item.features, sequence, starts, item.aligned))
    return ready


class ChunkSource:
    """Chunks of 1.5 s under random histories, as a recogniser meets them."""

    def __init__(self, data: list[Example], global_mean: NDArray[np.float64], seed: int) -> None:
        """``seed`` decides order and histories."""
        self._data, self._mean = data, global_mean
        self._draw = random.Random(seed)
        self._silence = mfcc(np.zeros(400, np.float32))[0].astype(np.float64)

    def batches(self) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        """One pass over the data in random order."""
        order = list(range(len(self._data)))
        self._draw.shuffle(order)
        waiting: list[tuple[Features, NDArray[np.int64]]] = []
        for index in order:
            waiting.extend(self._chunks(self._data[index]))
            if len(waiting) >= BATCH * 20:
                self._draw.shuffle(waiting)
                while len(waiting) >= BATCH:
                    yield _tensors(waiting[:BATCH])
                    del waiting[:BATCH]
        self._draw.shuffle(waiting)
        while len(waiting) > BATCH // 4:  # fewer would disturb the normalisation
            yield _tensors(waiting[:BATCH])
            del waiting[:BATCH]

    def _chunks(self, example: Example) -> Iterator[tuple[Features, NDArray[np.int64]]]:
        features, targets = self._with_mute(example)
        frames = with_context(normalised(features, self._mean, self._history(features, targets)))
        steps = len(targets)
        first = self._draw.randint(0, max(0, CHUNK_STEPS - 25)) if steps > CHUNK_STEPS else 0
        for start in range(first, max(1, steps - 15), CHUNK_STEPS):
            end = min(start + CHUNK_STEPS, steps)
            piece = frames[SUBSAMPLING * start : SUBSAMPLING * start + CHUNK_FRAMES]
            if len(piece) < CHUNK_FRAMES:
                piece = np.concatenate([piece, np.repeat(piece[-1:], CHUNK_FRAMES - len(piece), 0)])
            wanted = np.full(CHUNK_STEPS, IGNORED, np.int64)
            wanted[: end - start] = targets[start:end]
            yield piece, wanted

    def _with_mute(self, example: Example) -> tuple[Features, NDArray[np.int64]]:
        """Sometimes digital zeros before or after: a mute key, or a stream that opens late."""
        features, targets = example.features.astype(np.float32), example.targets()
        choice = self._draw.random()
        if choice >= 0.12 or (choice >= 0.08 and len(features) % SUBSAMPLING):
            return features, targets
        steps = self._draw.randint(4, 60)
        zeros = np.repeat(self._silence[None].astype(np.float32), steps * SUBSAMPLING, 0)
        quiet = np.zeros(steps, np.int64)
        if choice < 0.08:
            return np.concatenate([zeros, features]), np.concatenate([quiet, targets])
        return np.concatenate([features, zeros]), np.concatenate([targets, quiet])

    def _history(
        self, features: Features, targets: NDArray[np.int64]
    ) -> tuple[int, NDArray[np.float64]] | None:
        """What the recogniser heard before: nothing, digital zeros, or the same room."""
        draw = self._draw
        choice = draw.random()
        if choice < 0.5:
            return None
        length = draw.randint(1, LONGEST_HISTORY_FRAMES)
        if choice < 0.56:
            return length, self._silence
        silent = np.repeat(targets, SUBSAMPLING)[: len(features)] == 0
        if silent.all() or not silent.any():
            return None
        share = draw.uniform(0.1, 1)
        speech = features[: len(silent)][~silent].mean(0, dtype=np.float64)
        rest = features[: len(silent)][silent].mean(0, dtype=np.float64)
        return length, share * speech + (1 - share) * rest


def _tensors(
    chunks: list[tuple[Features, NDArray[np.int64]]],
) -> tuple[torch.Tensor, torch.Tensor]:
    features = torch.from_numpy(np.stack([item for item, _ in chunks])).transpose(1, 2).contiguous()
    return features, torch.from_numpy(np.stack([item for _, item in chunks]))


def new_model(data: list[Example], units: list[str], hidden: int, seed: int) -> AcousticModel:
    """An untrained model with the mean of the data."""
    torch.manual_seed(seed)
    total = sum(item.features.astype(np.float64).sum(0) for item in data)
    mean = np.asarray(total, np.float64) / sum(len(item.features) for item in data)
    flat = np.ones(len(units))
    return AcousticModel(Tdnn(len(units), hidden), units, flat, 3 * flat, mean, hidden)


def train(
    model: AcousticModel,
    data: list[Example],
    *,
    epochs: int,
    learning_rate: float,
    seed: int,
    progress: Progress,
) -> float:
    """Train in place (cosine decay); returns the frame accuracy on examples kept apart, in %."""
    torch.manual_seed(seed)
    data = data.copy()
    random.Random(seed).shuffle(data)
    apart, rest = data[:150], data[150:]
    source = ChunkSource(rest, model.global_mean, seed)
    chunk_count = sum(max(1.0, item.steps / CHUNK_STEPS) for item in rest)
    total = max(1, int(chunk_count / BATCH * epochs))
    channel = torch.tensor([2.5] + [1.2] * 12 + [0.5] * (COEFFICIENTS - 13))[None, :, None]
    # half of the chunks stay as they are
    stretches = [*STRETCHES, *(1.0 for _ in STRETCHES)]
    maps = torch.from_numpy(np.stack([warp(stretch) for stretch in stretches]))
    optimiser = torch.optim.AdamW(model.network.parameters(), lr=learning_rate, weight_decay=1e-4)
    step, loss_mean = 0, 0.0
    for _ in range(epochs):
        model.network.train()
        for features, targets in source.batches():
            features = maps[torch.randint(len(maps), (len(features),))] @ features
            features = features + torch.randn(len(features), COEFFICIENTS, 1) * channel
            rate = 0.5 * (1 + math.cos(math.pi * min(1.0, step / total)))
            for group in optimiser.param_groups:
                group["lr"] = learning_rate * min(1.0, (step + 1) / 100) * max(0.02, rate)
            loss = _update(model.network, optimiser, features, targets)
            loss_mean += (loss - loss_mean) / min(200, step + 1)
            step += 1
            progress(min(step, total), total, f"loss {loss_mean:.3f}")
    _count(model, rest)
    return frame_accuracy(model, apart)


def _update(
    network: Tdnn,
    optimiser: torch.optim.Optimizer,
    features: torch.Tensor,
    targets: torch.Tensor,
) -> float:
    with torch.autocast("cpu", torch.bfloat16):
        scores = network(features)
    loss = torch.nn.functional.cross_entropy(
        scores.float(), targets, ignore_index=IGNORED, label_smoothing=0.02
    )
    optimiser.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_(network.parameters(), 5.0)
    optimiser.step()
    return float(loss.item())


def _count(model: AcousticModel, data: list[Example]) -> None:
    """Prior and mean length of every unit, for the decoder."""
    steps, visits = np.ones(len(model.units)), np.ones(len(model.units))
    for item in data:
        targets = item.targets()
        steps += np.bincount(targets, minlength=len(steps))
        visits += np.bincount(item.units, minlength=len(steps))
    model.prior, model.mean_steps = steps / steps.sum(), steps / visits


def frame_accuracy(model: AcousticModel, data: list[Example]) -> float:
    """Share of steps whose best unit is the labelled one, in per cent."""
    right = count = 0
    for item in data:
        targets = item.targets()
        guessed = model.log_posteriors(item.features).argmax(1)
        right += int((guessed == targets).sum())
        count += len(targets)
    return 100 * right / max(1, count)


def realign(model: AcousticModel, data: list[Example], progress: Progress) -> float:
    """Move the boundaries to where the network hears them; returns the share of steps changed.

    Times that the synthesiser told move by two steps at most, those of an alignment by five.
    """
    log_prior = np.log(model.prior / model.prior.sum()).astype(np.float32)
    changed = count = 0
    for first in range(0, len(data), BATCH):
        batch = data[first : first + BATCH]
        scores = [
            (model.log_posteriors(item.features) - np.float32(0.7) * log_prior)[:, item.units]
            for item in batch
        ]
        for item, path in zip(batch, align(scores), strict=True):
            reach = 5 if item.aligned else 2
            found = np.searchsorted(path.places, np.arange(len(item.units))).tolist()
            moved = [
                float(min(max(new, old - reach), old + reach))
                for new, old in zip(found, item.starts, strict=True)
            ]
            before = item.targets()
            item.starts = first_steps(moved, item.steps) or item.starts
            changed += int((item.targets() != before).sum())
            count += item.steps
        progress(min(first + BATCH, len(data)), len(data), "realigned")
    return changed / max(1, count)
