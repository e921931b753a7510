"""Kaldi's binary forms: what Vosk reads must be what was meant."""

from __future__ import annotations

import struct

import numpy as np
import pytest

from tools.speech.kaldi_model import KaldiWriter, phone_table, read_compressed, with_prior

pytestmark = pytest.mark.contract


@pytest.mark.parametrize(("bits", "levels"), [(16, 65535), (8, 255)])
def test_compressed_matrix_returns_within_half_a_level(bits: int, levels: int) -> None:
    values = np.random.default_rng(5).normal(size=(7, 11))
    writer = KaldiWriter(bits)
    writer.matrix(values)
    returned = read_compressed(bytes(writer.data[2:]))
    half_a_level = (values.max() - values.min()) / levels / 2
    assert values.shape == returned.shape
    assert np.abs(values - returned).max() <= half_a_level * 1.01


def test_constant_matrix_survives_compression() -> None:
    writer = KaldiWriter(8)
    writer.matrix(np.full((2, 3), 4.5))
    assert [[4.5] * 3] * 2 == read_compressed(bytes(writer.data[2:])).tolist()


def test_other_bytes_are_no_compressed_matrix() -> None:
    with pytest.raises(ValueError, match="not a compressed matrix"):
        read_compressed(b"FM \4\0\0\0\0")


def test_weights_of_five_bits_are_refused() -> None:
    with pytest.raises(ValueError, match="not 5"):
        KaldiWriter(5)


def test_binary_tokens_are_as_kaldi_reads_them() -> None:
    writer = KaldiWriter(32)
    writer.token("<Dim>")
    writer.integer(3)
    writer.vector([0.5])
    writer.matrix(np.array([[1.0, 2.0]]))
    expected = (
        b"\0B<Dim> \4\3\0\0\0FV \4\1\0\0\0"
        + struct.pack("<f", 0.5)
        + b"FM \4\1\0\0\0\4\2\0\0\0"
        + struct.pack("<ff", 1.0, 2.0)
    )
    assert expected == bytes(writer.data)


def test_every_unit_has_four_places_in_the_word_and_silence_one() -> None:
    table = phone_table(["SIL", "a", "b"], np.array([5.0, 3.0, 2.0]))
    assert 1 + 4 * 3 == len(table)  # a, b and the garbage unit
    assert (1, 0, "nonword") == (table["SIL"].number, table["SIL"].pdf, table["SIL"].boundary)
    assert (1, "end") == (table["a_E"].pdf, table["a_E"].boundary)
    assert 3 == table["SPN_S"].pdf
    assert (3, 4) == (table["a_B"].stay_label, table["a_B"].enter_label)


def test_garbage_row_scores_its_constant_whatever_the_network_says() -> None:
    last = with_prior([], np.array([0.5, 0.5]), 0.2)[-1]
    assert last.weights is not None
    assert last.bias is not None
    scores = last.weights @ np.log([0.9, 0.1]) + last.bias
    assert pytest.approx(0.2) == scores[-1]
    assert pytest.approx(np.log(0.9) - 0.5 * np.log(0.5)) == scores[0]
