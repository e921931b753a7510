"""The network learns, keeps its form when exported, and returns from its file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: only building needs it")
pytest.importorskip("kaldi_native_fbank", reason="kaldi-native-fbank is not installed")

from tools.speech.export import layers_of  # noqa: E402
from tools.speech.kaldi_model import Layer  # noqa: E402
from tools.speech.network import CONTEXT_FRAMES, AcousticModel, Tdnn  # noqa: E402
from tools.speech.training import (  # noqa: E402
    Example,
    frame_accuracy,
    new_model,
    realign,
    train,
)

pytestmark = [pytest.mark.unit, pytest.mark.slow]


def applied(layers: list[Layer], frames: np.ndarray) -> np.ndarray:
    """The exported layers at every frame where all their inputs exist."""
    value = frames
    for layer in layers:
        if layer.weights is None or layer.bias is None:
            assert "RectifiedLinearComponent" == layer.kind
            value = np.maximum(value, 0)
            continue
        first, last = min(layer.offsets), max(layer.offsets)
        count = len(value) - (last - first)
        beside = [value[offset - first : offset - first + count] for offset in layer.offsets]
        value = np.concatenate(beside, axis=1) @ layer.weights.T + layer.bias
    return value


def test_exported_layers_give_the_scores_of_the_network() -> None:
    torch.manual_seed(3)
    network = Tdnn(units=5, hidden=8)
    for norm in [network.input_norm, *network.norms]:
        norm.running_mean.normal_()
        norm.running_var.uniform_(0.5, 2.0)
    network.eval()
    flat = np.ones(5)
    model = AcousticModel(network, list("abcde"), flat, flat, np.zeros(40), 8)
    frames = np.random.default_rng(4).normal(size=(2 * CONTEXT_FRAMES + 10, 40))
    with torch.no_grad():
        wanted = network(torch.from_numpy(frames.astype(np.float32)).T[None])[0].T.numpy()
    exported = applied(layers_of(model), frames)[::3]
    assert wanted.shape == exported.shape
    assert np.abs(wanted - exported).max() < 1e-4


torch.set_num_threads(1)  # the net is tiny; a second thread would only wait


def example(draw: np.random.Generator) -> Example:
    """Three stretches of 10 steps: low, high, low in the second coefficient."""
    units = np.array([0, 1, 0])
    level = np.repeat([-10.0, 10.0, -10.0], 30)
    features = draw.normal(size=(90, 40)).astype(np.float32)
    features[:, 1] += level
    return Example(features, units, [0, 10, 20], aligned=False)


def told_nothing(done: int, total: int, remark: str) -> None:
    assert done <= total
    assert remark


@pytest.fixture(scope="module")
def trained() -> AcousticModel:
    draw = np.random.default_rng(6)
    data = [example(draw) for _ in range(500)]
    model = new_model(data, ["SIL", "a"], 16, seed=2)
    train(model, data, epochs=12, learning_rate=5e-3, seed=2, progress=told_nothing)
    return model


def test_training_learns_two_sounds(trained: AcousticModel) -> None:
    fresh = [example(np.random.default_rng(60 + index)) for index in range(20)]
    assert frame_accuracy(trained, fresh) > 90


def test_prior_and_lengths_are_counted(trained: AcousticModel) -> None:
    assert [pytest.approx(2 / 3, abs=0.01), pytest.approx(1 / 3, abs=0.01)] == list(trained.prior)
    assert [pytest.approx(10, abs=0.2)] * 2 == list(trained.mean_steps)


def test_realigning_moves_a_boundary_back_but_no_further_than_allowed(
    trained: AcousticModel,
) -> None:
    near, far = (example(np.random.default_rng(9)) for _ in range(2))
    near.starts, far.starts = [0, 12, 20], [0, 16, 20]
    realign(trained, [near, far], told_nothing)
    assert 10 == pytest.approx(near.starts[1], abs=1)
    assert 14 == far.starts[1]


def test_model_returns_from_its_file(tmp_path: Path, trained: AcousticModel) -> None:
    trained.save(tmp_path / "a.pt")
    returned = AcousticModel.load(tmp_path / "a.pt")
    features = example(np.random.default_rng(5)).features
    assert trained.units == returned.units
    wanted = trained.log_posteriors(features)
    assert np.array_equal(wanted, returned.log_posteriors(features))
