"""From the trained network to Kaldi's layers: normalisations folded into the affine maps."""

from __future__ import annotations

import numpy as np

from tools.speech.features import SUBSAMPLING
from tools.speech.kaldi_model import Layer, Matrix
from tools.speech.network import DILATIONS, AcousticModel

_EPSILON = 1e-5  # of torch's batch normalisation


def layers_of(model: AcousticModel) -> list[Layer]:
    """The layers up to the scores of the units."""
    state = {name: value.double().numpy() for name, value in model.network.state_dict().items()}
    offsets = [(-2, -1, 0, 1, 2), (-1, 0, 1)]
    offsets += [(-SUBSAMPLING * d, 0, SUBSAMPLING * d) for d in DILATIONS]
    layers: list[Layer] = []
    for index, places in enumerate(offsets):
        norm = "input_norm" if index == 0 else f"norms.{index - 1}"
        weights, bias = _folded(state, f"layers.{index}", norm)
        # torch has (out, in, place); Kaldi wants all inputs of the first place, then the second
        rows = weights.transpose(0, 2, 1).reshape(len(bias), -1)
        size = len(bias)
        layers += [
            Layer(f"tdnn{index}.affine", "FixedAffineComponent", size, places, rows, bias),
            Layer(f"tdnn{index}.relu", "RectifiedLinearComponent", size),
        ]
    weights, bias = _folded(state, "output", f"norms.{len(offsets) - 1}")
    size = len(bias)
    layers.append(Layer("final.affine", "FixedAffineComponent", size, (0,), weights[:, :, 0], bias))
    return layers


def _folded(state: dict[str, Matrix], layer: str, norm: str) -> tuple[Matrix, Matrix]:
    """Weights and bias of a convolution with the normalisation before it worked in."""
    mean, deviation = (
        state[f"{norm}.running_mean"],
        np.sqrt(state[f"{norm}.running_var"] + _EPSILON),
    )
    weights = state[f"{layer}.weight"] / deviation[None, :, None]
    bias = state[f"{layer}.bias"] - (weights * mean[None, :, None]).sum((1, 2))
    return weights, bias
