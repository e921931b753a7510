"""The acoustic network: a small time-delay net that Vosk's decoder can run (torch)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from tools.speech.features import COEFFICIENTS, SUBSAMPLING, Features, normalised
from tools.speech.labels import output_count

FIRST_KERNEL = 5
DILATIONS = (1, 1, 1, 1, 2)  # of the layers that run every 30 ms
CONTEXT_FRAMES = FIRST_KERNEL // 2 + 1 + SUBSAMPLING * sum(DILATIONS)  # on either side


class Tdnn(nn.Module):
    """Frames of 10 ms in, scores of the units every 30 ms out; no padding inside."""

    def __init__(self, units: int, hidden: int) -> None:
        """``hidden`` channels in every layer."""
        super().__init__()
        self.input_norm = nn.BatchNorm1d(COEFFICIENTS, affine=False)
        self.layers = nn.ModuleList(
            [
                nn.Conv1d(COEFFICIENTS, hidden, FIRST_KERNEL),
                nn.Conv1d(hidden, hidden, 3, stride=SUBSAMPLING),
                *(nn.Conv1d(hidden, hidden, 3, dilation=dilation) for dilation in DILATIONS),
            ]
        )
        self.norms = nn.ModuleList(nn.BatchNorm1d(hidden, affine=False) for _ in self.layers)
        self.output = nn.Conv1d(hidden, units, 1)
        self.dropout = nn.Dropout1d(0.1)  # whole channels: as good, and cheaper to draw

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """(batch, 40, frames) to (batch, units, steps)."""
        sound = self.input_norm(features)
        for index, (layer, norm) in enumerate(zip(self.layers, self.norms, strict=True)):
            sound = norm(torch.relu(layer(sound)))
            if index:
                sound = self.dropout(sound)
        scores: torch.Tensor = self.output(sound)
        return scores


@dataclass
class AcousticModel:
    """A network with what the decoder must know about its units."""

    network: Tdnn
    units: list[str]
    prior: NDArray[np.float64]
    mean_steps: NDArray[np.float64]
    global_mean: NDArray[np.float64]
    hidden: int

    def log_posteriors(self, features: Features) -> NDArray[np.float32]:
        """Steps x units for one utterance (features not yet normalised)."""
        steps = output_count(len(features))
        need = SUBSAMPLING * (steps - 1) + 1 + 2 * CONTEXT_FRAMES
        frames = with_context(normalised(features.astype(np.float32), self.global_mean))[:need]
        self.network.eval()
        with torch.no_grad():
            scores = self.network(torch.from_numpy(frames).T[None])[0]
            return torch.log_softmax(scores, 0).T.numpy()

    def save(self, file: Path) -> None:
        """Write everything to one file."""
        state = {
            "state": self.network.state_dict(),
            "units": self.units,
            "prior": torch.from_numpy(self.prior),
            "mean_steps": torch.from_numpy(self.mean_steps),
            "global_mean": torch.from_numpy(self.global_mean),
            "hidden": self.hidden,
        }
        part = file.with_suffix(".part")
        torch.save(state, part)
        part.rename(file)

    @classmethod
    def load(cls, file: Path) -> AcousticModel:
        """Read what ``save`` wrote."""
        state = torch.load(file, weights_only=True)
        network = Tdnn(len(state["units"]), state["hidden"])
        network.load_state_dict(state["state"])
        return cls(
            network,
            state["units"],
            state["prior"].numpy(),
            state["mean_steps"].numpy(),
            state["global_mean"].numpy(),
            state["hidden"],
        )


def with_context(features: Features) -> Features:
    """Repeat the first and last frame as far as the network looks, as the decoder does."""
    before = np.repeat(features[:1], CONTEXT_FRAMES, 0)
    after = np.repeat(features[-1:], CONTEXT_FRAMES + SUBSAMPLING, 0)
    return np.concatenate([before, features, after])
