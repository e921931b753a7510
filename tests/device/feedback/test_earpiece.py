"""The tick as samples, and the choice of the output by name."""

from __future__ import annotations

import numpy as np
import pytest

from device.errors import OutputError
from device.feedback.earpiece import FADE_S, TONE_HZ, TONE_S, SoundOutput, choose, tick

pytestmark = pytest.mark.unit

OUTPUTS = [
    SoundOutput(0, "HDMI: vc4 (hw:0,0)", 2, 48000),
    SoundOutput(1, "USB Audio: #0 (hw:1,0)", 2, 48000),
    SoundOutput(2, "USB Audio: #1 (hw:2,0)", 2, 48000),
]


@pytest.mark.parametrize("rate_hz", [16000, 44100, 48000])
def test_the_tick_has_its_pitch_its_length_and_its_volume(rate_hz: int) -> None:
    samples = tick(rate_hz, 0.2)
    assert len(samples) == round(TONE_S * rate_hz)
    spectrum = np.abs(np.fft.rfft(samples, 10 * rate_hz))
    assert spectrum.argmax() / 10 == pytest.approx(TONE_HZ, abs=2.0)
    assert np.abs(samples).max() == pytest.approx(0.2, abs=0.005)


def test_the_tick_fades_in_and_out_so_that_it_does_not_click() -> None:
    samples = tick(48000, 1.0)
    edge = round(FADE_S * 48000)
    assert abs(samples[0]) < 0.001
    assert abs(samples[-1]) < 0.001
    assert np.abs(samples[: edge // 4]).max() < 0.2
    assert np.abs(samples[-edge // 4 :]).max() < 0.2


def test_an_exact_name_is_chosen_even_when_others_contain_it() -> None:
    outputs = [SoundOutput(0, "pulse", 2, 48000), SoundOutput(1, "pulse 2", 2, 48000)]
    assert choose("Pulse", outputs).index == 0


def test_a_part_that_only_one_has_is_enough() -> None:
    assert choose("hw:2,0", OUTPUTS).index == 2


def test_a_part_that_several_have_is_an_error_that_names_them() -> None:
    with pytest.raises(OutputError, match=r"more than one output fits.*hw:1,0.*hw:2,0"):
        choose("usb audio", OUTPUTS)


def test_an_unknown_name_is_an_error_that_names_what_there_is() -> None:
    with pytest.raises(OutputError, match=r"no such output for «jabra»; here: .*HDMI"):
        choose("jabra", OUTPUTS)


def test_a_machine_without_outputs_says_none() -> None:
    with pytest.raises(OutputError, match="here: none"):
        choose("jabra", [])
