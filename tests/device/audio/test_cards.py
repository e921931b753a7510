from pathlib import Path

import pytest

from device.audio.cards import InputDevice, alsa_card_id, choose
from device.errors import SourceError

pytestmark = pytest.mark.unit


def device(index: int, name: str, host_api: str = "ALSA") -> InputDevice:
    return InputDevice(index, name, host_api, 1, 48_000)


CLIP = device(1, "Lavalier: USB Audio (hw:1,0)")
WEBCAM = device(2, "Webcam: USB Audio (hw:2,0)")
PULSE = device(3, "pulse")
DEFAULT = device(4, "default")


def test_part_of_a_name_is_enough_in_any_case() -> None:
    assert CLIP == choose([CLIP, WEBCAM, PULSE], "LAVAL")


def test_the_host_api_is_part_of_the_name() -> None:
    twice = [device(0, "Lavalier", "MME"), device(1, "Lavalier", "Windows WASAPI")]
    assert twice[1] == choose(twice, "lavalier, windows wasapi")


def test_an_exact_name_wins_over_a_part_of_one() -> None:
    assert PULSE == choose([device(0, "pulse-bridge (hw:0,0)"), PULSE], "pulse")


def test_a_source_of_the_sound_server_goes_through_the_sound_server() -> None:
    assert PULSE == choose([CLIP, PULSE, DEFAULT], "pulse:alsa_input.usb-lavalier")


def test_an_ambiguous_name_lists_those_it_fits() -> None:
    with pytest.raises(SourceError) as caught:
        choose([CLIP, WEBCAM, PULSE], "usb")
    assert (
        "'usb' fits several microphones: give more of the name. "
        "Found: Lavalier: USB Audio (hw:1,0), ALSA; Webcam: USB Audio (hw:2,0), ALSA"
    ) == str(caught.value)


def test_an_unknown_name_lists_all() -> None:
    with pytest.raises(SourceError) as caught:
        choose([CLIP, PULSE], "Rode")
    assert (
        "no microphone is called 'Rode': plug it in. "
        "Found: Lavalier: USB Audio (hw:1,0), ALSA; pulse, ALSA"
    ) == str(caught.value)


def test_without_a_name_the_only_card_is_taken() -> None:
    assert CLIP == choose([DEFAULT, PULSE, CLIP], None)


def test_without_a_name_default_is_never_taken() -> None:
    with pytest.raises(SourceError, match=r"there is no microphone card: name one.*pulse, ALSA"):
        choose([DEFAULT, PULSE], None)


def test_without_a_name_two_cards_are_too_many() -> None:
    with pytest.raises(SourceError, match="there are several microphones: name one"):
        choose([CLIP, WEBCAM], None)


def test_no_input_at_all_is_said() -> None:
    with pytest.raises(SourceError, match="No input is found at all"):
        choose([], "usb")


def test_a_card_is_known_by_its_id(tmp_path: Path) -> None:
    (tmp_path / "card1").mkdir()
    (tmp_path / "card1" / "id").write_text("Lavalier\n")
    assert "Lavalier" == alsa_card_id(CLIP.name, tmp_path)
    assert None is alsa_card_id(WEBCAM.name, tmp_path)
    assert None is alsa_card_id(PULSE.name, tmp_path)


@pytest.mark.parametrize("card", ["pulse:bluez_source.00_11_22", None])
def test_a_bluetooth_microphone_is_refused_with_the_reason(card: str | None) -> None:
    devices = [InputDevice(0, "bluealsa: headset (hw:2,0)", "ALSA", 1, 16_000)]
    with pytest.raises(SourceError, match=r"Bluetooth microphone.*late.*USB receiver"):
        choose(devices, card)
