"""Trains the network of ``device/detect/voices.py`` on scenes, with PyTorch."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from device.audio.frames import FRAME_SAMPLES, Frame
from device.audio.offset import OffsetFilter
from device.detect.features import FrameAnalyser, FrameFeatures
from device.detect.others import TOGETHER_FRAMES
from device.detect.spans import SpanTracker
from device.detect.voices import INPUTS, LATE_FRAMES, SPACING, TAPS, Surroundings
from tools.demo_lesson.voice import Sound

UNITS = (24, 24, 16)
CLASSES = 3
_RATE = 0.003
_PIECE_FRAMES = 750
_BATCH = 32
#: frames that the network needs before its first answer
_MEMORY_FRAMES = sum(spacing * (TAPS - 1) for spacing in SPACING)


def inputs(sound: Sound) -> NDArray[np.float32]:
    """What the network is given in a lesson, frame by frame: shape (frames, INPUTS)."""
    offset, analyser, tracker, surroundings = (
        OffsetFilter(),
        FrameAnalyser(),
        SpanTracker(),
        Surroundings(),
    )
    samples = sound.astype(np.int16)
    frames = [
        Frame(first, offset.process(samples[first : first + FRAME_SAMPLES]))
        for first in range(0, len(samples) - FRAME_SAMPLES + 1, FRAME_SAMPLES)
    ]
    analyser.look_ahead(frames)
    rows: list[NDArray[np.float32]] = []
    heard: list[FrameFeatures] = []
    teacher: list[bool] = []
    for frame in frames:
        heard.append(analyser.analyse(frame, tracker.wearer.vad_gain))
        tracker.step(heard[-1])
        teacher.append(tracker.teacher_speaks)
        if len(heard) == TOGETHER_FRAMES:
            rows.append(surroundings.step(heard, teacher, tracker.wearer.level_db))
            heard, teacher = [], []
    return np.concatenate(rows)


def network() -> torch.nn.Sequential:
    """The same layers as at run time."""
    parts: list[torch.nn.Module] = []
    size = INPUTS
    for spacing, units in zip(SPACING, UNITS, strict=True):
        parts += [torch.nn.Conv1d(size, units, TAPS, dilation=spacing), torch.nn.ReLU()]
        size = units
    return torch.nn.Sequential(*parts, torch.nn.Conv1d(size, CLASSES, 1))


def train(
    scenes: Iterable[tuple[NDArray[np.float32], NDArray[np.int64]]],
    passes: int,
    say: Callable[[str], None],
) -> torch.nn.Sequential:
    """Scenes are inputs and labels per frame; every tenth is kept to tell how well it goes."""
    generator = torch.Generator().manual_seed(1)
    torch.manual_seed(1)
    given, wanted, kept = [], [], []
    for number, (rows, labels) in enumerate(scenes):
        frames = min(len(rows), len(labels))
        sound = torch.from_numpy(rows[:frames].T.copy())
        # the answer comes late: that of frame t is for frame t - LATE_FRAMES
        answers = torch.from_numpy(labels[: frames - LATE_FRAMES])[_MEMORY_FRAMES - LATE_FRAMES :]
        if number % 10 == 9:
            kept.append((sound, answers))
            continue
        for first in range(0, frames - _PIECE_FRAMES - _MEMORY_FRAMES, _PIECE_FRAMES):
            given.append(sound[:, first : first + _PIECE_FRAMES + _MEMORY_FRAMES])
            wanted.append(answers[first : first + _PIECE_FRAMES])
    sounds, targets = torch.stack(given), torch.stack(wanted)
    model = network()
    optimiser = torch.optim.AdamW(model.parameters(), lr=_RATE, weight_decay=0.01)
    steps = passes * (len(sounds) // _BATCH + 1)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 2 * _RATE, total_steps=steps)
    weights = torch.tensor([1.0, 1.0, 1.5])
    for turn in range(passes):
        model.train()
        order = torch.randperm(len(sounds), generator=generator)
        for batch in order.split(_BATCH):
            loss = torch.nn.functional.cross_entropy(
                model(sounds[batch]), targets[batch], weight=weights
            )
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            schedule.step()
        if turn % 5 == 4:
            say(f"pass {turn + 1}: {_report(model, kept)}")
    return model


def save(model: torch.nn.Sequential, path: Path) -> None:
    """Weights as ``device.detect.voices.layers`` reads them."""
    arrays = {}
    convolutions = [part for part in model if isinstance(part, torch.nn.Conv1d)]
    for number, part in enumerate(convolutions):
        weight = part.weight.detach().numpy()
        matrix = weight.transpose(0, 2, 1).reshape(len(weight), -1)
        assert part.bias is not None
        arrays[f"matrix_{number}"] = matrix.astype(np.float16)
        arrays[f"bias_{number}"] = part.bias.detach().numpy().astype(np.float32)
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(path, **arrays)


def _report(model: torch.nn.Sequential, kept: list[tuple[torch.Tensor, torch.Tensor]]) -> str:
    """Of the frames of scenes that were kept out: how many of each class were heard as each."""
    model.eval()
    counts = np.zeros((CLASSES, CLASSES), dtype=int)
    with torch.no_grad():
        for sound, answers in kept:
            said = model(sound[None])[0].argmax(0)[: len(answers)]
            np.add.at(counts, (answers[: len(said)].numpy(), said.numpy()), 1)
    shares = counts / counts.sum(axis=1, keepdims=True)
    return " | ".join(" ".join(f"{share:.2f}" for share in row) for row in shares)
