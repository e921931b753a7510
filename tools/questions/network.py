"""The network of ``device.detect.questions.network`` with its gradients, trained with Adam."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from device.detect.questions.network import CLASS_ROWS, END_PLACES, FRONT_PLACES, SUFFIX_ROWS

Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Examples:
    """Clauses side by side.

    Attributes:
        rows, classes: (n, longest) rows of the table and of the classes, -1 behind the end.
        lengths: (n,) words.
        rules: (n, features).
        targets: (n, 2) question, and starts the think timer.
        weights: (n,).
    """

    rows: Integers
    classes: Integers
    lengths: Integers
    rules: Floats
    targets: Floats
    weights: Floats

    def batches(self, size: int, generator: np.random.Generator) -> Iterator[Examples]:
        """Random batches of clauses of about the same length, which saves padding."""
        shuffled = generator.permutation(len(self.lengths))
        near = self.lengths[shuffled] + generator.random(len(shuffled)) * 3.0
        ordered = shuffled[np.argsort(near, kind="stable")]
        pieces = [ordered[start : start + size] for start in range(0, len(ordered), size)]
        for piece in generator.permutation(len(pieces)):
            yield self.at(pieces[int(piece)])

    def at(self, chosen: npt.NDArray[np.intp]) -> Examples:
        longest = int(self.lengths[chosen].max())
        return Examples(
            self.rows[chosen, :longest],
            self.classes[chosen, :longest],
            self.lengths[chosen],
            self.rules[chosen],
            self.targets[chosen],
            self.weights[chosen],
        )


@dataclass
class Trained:
    """Weights by name, and Adam's two moments of each."""

    arrays: dict[str, Floats]
    first: dict[str, Floats] = field(default_factory=dict)
    second: dict[str, Floats] = field(default_factory=dict)
    step: int = 0

    @classmethod
    def fresh(
        cls, words: int, size: int, channels: int, units: int, rules: int, seed: int
    ) -> Trained:
        """Small random weights; the rules begin with no say."""
        generator = np.random.default_rng(seed)

        def noise(rows: int, columns: int, spread: float) -> Floats:
            return (generator.standard_normal((rows, columns)) * spread).astype(np.float32)

        return cls(
            {
                "table": noise(words + SUFFIX_ROWS, size, 0.1),
                "classes": noise(CLASS_ROWS, size, 0.1),
                "front": noise(FRONT_PLACES, size, 0.1),
                "end": noise(END_PLACES, size, 0.1),
                "convolution": noise(3 * size, channels, (2.0 / (3 * size)) ** 0.5),
                "convolution_bias": np.zeros(channels, np.float32),
                "hidden": noise(2 * channels + rules, units, (2.0 / (2 * channels + rules)) ** 0.5),
                "hidden_bias": np.zeros(units, np.float32),
                "output": np.concatenate([noise(units, 2, 0.2), np.zeros((rules, 2), np.float32)]),
                "output_bias": np.zeros(2, np.float32),
            }
        )

    def logits(self, batch: Examples) -> Floats:
        """(n, 2) logits: of a question, and of one that starts the think timer."""
        return _forward(self.arrays, batch)["logits"]

    def learn(self, batch: Examples, rate: float) -> float:
        """One step of Adam; returns the weighted loss before it."""
        values = _forward(self.arrays, batch)
        probabilities = 1.0 / (1.0 + np.exp(-values["logits"]))
        share = (batch.weights / batch.weights.sum())[:, None]
        gradients = _backward(self.arrays, batch, values, (probabilities - batch.targets) * share)
        self.step += 1
        for name, gradient in gradients.items():
            first = self.first.setdefault(name, np.zeros_like(gradient))
            second = self.second.setdefault(name, np.zeros_like(gradient))
            first += 0.1 * (gradient - first)
            second += 0.002 * (gradient * gradient - second)
            correction = (1.0 - 0.998**self.step) ** 0.5 / (1.0 - 0.9**self.step)
            self.arrays[name] -= rate * correction * first / (np.sqrt(second) + 1e-7)
            if name in ("table", "hidden", "convolution"):
                self.arrays[name] *= 1.0 - 0.01 * rate
        right = np.where(batch.targets > 0.5, probabilities, 1.0 - probabilities)
        return float(-(share * np.log(np.maximum(right, 1e-7))).sum())


def _places(batch: Examples) -> tuple[Integers, Integers, npt.NDArray[np.bool_]]:
    longest = batch.rows.shape[1]
    front = np.arange(longest, dtype=np.int32)[None, :]
    inside = front < batch.lengths[:, None]
    end = np.clip(batch.lengths[:, None] - 1 - front, 0, END_PLACES - 1)
    return np.minimum(front, FRONT_PLACES - 1), end.astype(np.int32), inside


def _forward(arrays: dict[str, Floats], batch: Examples) -> dict[str, Floats]:
    front, end, inside = _places(batch)
    count, longest = batch.rows.shape
    size = arrays["table"].shape[1]
    padded = np.zeros((count, longest + 2, size), np.float32)
    summed = arrays["table"][np.maximum(batch.rows, 0)] + arrays["front"][front]
    summed += arrays["classes"][np.maximum(batch.classes, 0)]
    padded[:, 1:-1] = (summed + arrays["end"][end]) * inside[..., None]
    joined = np.concatenate([padded[:, :-2], padded[:, 1:-1], padded[:, 2:]], axis=2)
    answers = joined @ arrays["convolution"] + arrays["convolution_bias"]
    answers = np.maximum(answers, 0.0) * inside[..., None]
    mean = answers.sum(axis=1) / batch.lengths[:, None].astype(np.float32)
    pooled = np.concatenate([answers.max(axis=1), mean, batch.rules], axis=1)
    units = np.maximum(pooled @ arrays["hidden"] + arrays["hidden_bias"], 0.0)
    last = np.concatenate([units, batch.rules], axis=1)
    logits = last @ arrays["output"] + arrays["output_bias"]
    return {
        "joined": joined,
        "answers": answers,
        "pooled": pooled,
        "units": units,
        "last": last,
        "logits": logits,
    }


def _backward(
    arrays: dict[str, Floats], batch: Examples, values: dict[str, Floats], error: Floats
) -> dict[str, Floats]:
    """Gradients of every array; ``error`` (n, 2) is the gradient of the logits."""
    front, end, inside = _places(batch)
    count, longest = batch.rows.shape
    size = arrays["table"].shape[1]
    channels = arrays["convolution_bias"].shape[0]
    error = error.astype(np.float32)
    units = (error @ arrays["output"].T)[:, : values["units"].shape[1]] * (values["units"] > 0)
    pooled = units @ arrays["hidden"].T
    answers = np.zeros_like(values["answers"])
    strongest = values["answers"].argmax(axis=1)
    np.put_along_axis(answers, strongest[:, None, :], pooled[:, None, :channels], axis=1)
    mean = pooled[:, channels : 2 * channels] / batch.lengths[:, None].astype(np.float32)
    answers = (answers + mean[:, None, :]) * (values["answers"] > 0)
    joined = answers @ arrays["convolution"].T
    words = joined[..., size : 2 * size].copy()
    words[:, :-1] += joined[:, 1:, :size]
    words[:, 1:] += joined[:, :-1, 2 * size :]
    words *= inside[..., None]
    flat = answers.reshape(count * longest, channels)
    spread = words[inside]
    return {
        "output": values["last"].T @ error,
        "output_bias": error.sum(axis=0),
        "hidden": values["pooled"].T @ units,
        "hidden_bias": units.sum(axis=0),
        "convolution": values["joined"].reshape(count * longest, 3 * size).T @ flat,
        "convolution_bias": flat.sum(axis=0),
        "table": _summed(batch.rows[inside], spread, len(arrays["table"])),
        "classes": _summed(batch.classes[inside], spread, CLASS_ROWS),
        "front": _summed(np.broadcast_to(front, inside.shape)[inside], spread, FRONT_PLACES),
        "end": _summed(end[inside], spread, END_PLACES),
    }


def _summed(rows: Integers, values: Floats, count: int) -> Floats:
    """Values added up by row."""
    ordered = np.argsort(rows, kind="stable")
    starts = np.flatnonzero(np.diff(rows[ordered], prepend=-1))
    total = np.zeros((count, values.shape[1]), np.float32)
    total[rows[ordered][starts]] = np.add.reduceat(values[ordered], starts, axis=0)
    return total
