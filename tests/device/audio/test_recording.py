import json
import struct
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from device.audio.frames import Block, Gap, Resumed, SourceState
from device.audio.recording import Recording
from device.errors import SourceError

pytestmark = pytest.mark.unit

#: a place in the film in seconds, and the sound that begins there
Piece = tuple[float, np.ndarray]


def noise(seconds: float, rate: int = 16_000, seed: int = 0) -> np.ndarray:
    steps = np.random.default_rng(seed).integers(-3_000, 3_000, round(seconds * rate))
    return steps.astype(np.int16)


def wav(path: Path, samples: np.ndarray, rate: int = 16_000, kind: int = 1) -> Path:
    """A WAV file of int16 (kind 1) or float32 (kind 3), shape (n,) or (n, channels)."""
    channels = 1 if samples.ndim == 1 else samples.shape[1]
    width = samples.dtype.itemsize
    form = struct.pack(
        "<HHIIHH", kind, channels, rate, rate * width * channels, width * channels, 8 * width
    )
    data = samples.tobytes()
    body = b"WAVEfmt " + struct.pack("<I", len(form)) + form
    body += b"data" + struct.pack("<I", len(data)) + data
    path.write_bytes(b"RIFF" + struct.pack("<I", len(body)) + body)
    return path


def film(
    path: Path, pieces: list[Piece], *, rate: int = 16_000, codec: str = "pcm_s16le", pictures: int
) -> Path:
    """A film with one picture each 0.1 s from time 0 on, and sound at the given places."""
    with av.open(str(path), "w") as container:
        picture = container.add_stream("mpeg4", rate=10) if pictures else None
        if picture is not None:
            picture.width, picture.height, picture.pix_fmt = 32, 32, "yuv420p"
        track = container.add_stream(codec, rate=rate, layout="mono")
        for number in range(pictures):
            image = av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), np.uint8), format="rgb24")
            image.pts, image.time_base = number, Fraction(1, 10)
            container.mux(picture.encode(image))
        if picture is not None:
            container.mux(picture.encode(None))
        for start_s, samples in pieces:
            for first in range(0, len(samples), 1_600):
                part = samples[first : first + 1_600]
                frame = av.AudioFrame.from_ndarray(part[None], format="s16", layout="mono")
                frame.rate, frame.time_base = rate, Fraction(1, rate)
                frame.pts = round(start_s * rate) + first
                container.mux(track.encode(frame))
        container.mux(track.encode(None))
    return path


def heard(path: Path, **options: object) -> np.ndarray:
    with Recording(path, **options) as recording:  # type: ignore[arg-type]
        parts = [item.samples for item in recording.items() if isinstance(item, Block)]
    return np.concatenate([np.zeros(0, np.int16), *parts])


def outline(path: Path) -> list[object]:
    """Lengths of the sound, and the gaps between."""
    out: list[object] = []
    with Recording(path) as recording:
        for item in recording.items():
            if not isinstance(item, Block):
                out.append(item)
            elif out and isinstance(out[-1], int):
                out[-1] += len(item.samples)
            else:
                out.append(len(item.samples))
    return out


def test_16_khz_mono_comes_bit_exact(tmp_path: Path) -> None:
    samples = noise(3.3)
    assert np.array_equal(samples, heard(wav(tmp_path / "a.wav", samples)))


@pytest.mark.parametrize("block_samples", [1, 160, 320, 4096, 100_000])
@pytest.mark.parametrize("rate", [16_000, 44_100])
def test_block_size_changes_no_sample(tmp_path: Path, block_samples: int, rate: int) -> None:
    path = wav(tmp_path / "a.wav", np.stack([noise(1.1, rate), noise(1.1, rate, 1)], 1), rate)
    with Recording(path, block_samples=block_samples) as recording:
        blocks = [item.samples for item in recording.items() if isinstance(item, Block)]
    assert {block_samples} >= {len(block) for block in blocks[:-1]}
    assert np.array_equal(heard(path), np.concatenate(blocks))


@pytest.mark.parametrize(("rate", "channels"), [(8_000, 1), (44_100, 2), (48_000, 6)])
def test_any_rate_and_channels_keep_the_length(tmp_path: Path, rate: int, channels: int) -> None:
    samples = np.stack([noise(2.0, rate, seed) for seed in range(channels)], 1)
    assert 32_000 == len(heard(wav(tmp_path / "a.wav", samples, rate)))


@pytest.mark.parametrize(("channel", "index"), [("left", 0), ("right", 1), ("1", 0), ("2", 1)])
def test_one_channel_can_be_chosen(tmp_path: Path, channel: str, index: int) -> None:
    samples = np.stack([noise(0.5, seed=1), noise(0.5, seed=2)], 1)
    path = wav(tmp_path / "a.wav", samples)
    assert np.array_equal(samples[:, index], heard(path, channel=channel))


@pytest.mark.parametrize("channel", ["right", "2", "0", "centre"])
def test_a_channel_that_is_not_there_is_refused(tmp_path: Path, channel: str) -> None:
    path = wav(tmp_path / "a.wav", noise(0.5))
    with pytest.raises(SourceError, match=f"no channel '{channel}': it has 1; choose mix"):
        Recording(path, channel=channel)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_what_is_not_a_number_is_silence(tmp_path: Path, bad: float) -> None:
    samples = (noise(0.5) / 32_768).astype("<f4")
    expected = noise(0.5)
    samples[100:200] = bad
    expected[100:200] = 0
    assert np.array_equal(expected, heard(wav(tmp_path / "a.wav", samples, kind=3)))


def test_float_sound_over_full_scale_is_clipped(tmp_path: Path) -> None:
    path = wav(tmp_path / "a.wav", np.array([2.0, -2.0, 1e30], dtype="<f4"), kind=3)
    assert [32_767, -32_768, 32_767] == heard(path).tolist()


def test_a_film_whose_sound_starts_late_keeps_film_time(tmp_path: Path) -> None:
    path = film(tmp_path / "a.mkv", [(1.5, noise(2.0))], pictures=35)
    assert [Gap(24_000, SourceState.LOST), Resumed(), 32_000] == outline(path)


def test_a_start_that_is_late_by_a_trifle_is_filled_with_zeros(tmp_path: Path) -> None:
    path = film(tmp_path / "a.mkv", [(0.05, noise(2.0))], pictures=35)
    assert [32_800] == outline(path)
    assert np.array_equal(noise(2.0), heard(path)[800:])


def test_sound_missing_in_the_middle_is_a_gap_and_time_stays_true(tmp_path: Path) -> None:
    pieces = [(0.0, noise(1.0)), (3.0, noise(1.0, seed=1))]
    path = film(tmp_path / "a.mkv", pieces, pictures=40)
    assert [16_000, Gap(32_000, SourceState.LOST), Resumed(), 16_000] == outline(path)
    assert np.array_equal(np.concatenate([noise(1.0), noise(1.0, seed=1)]), heard(path))


def test_after_a_gap_resampled_sound_keeps_its_place(tmp_path: Path) -> None:
    pieces = [(0.0, noise(1.0, 48_000)), (2.0, noise(1.0, 48_000, 1))]
    path = film(tmp_path / "a.mkv", pieces, rate=48_000, pictures=30)
    assert [16_000, Gap(16_000, SourceState.LOST), Resumed(), 16_000] == outline(path)


def test_a_sound_file_that_does_not_start_at_zero_starts_at_zero(tmp_path: Path) -> None:
    path = film(tmp_path / "a.mkv", [(7.0, noise(1.0))], pictures=0)
    assert [16_000] == outline(path)


@pytest.mark.parametrize(
    ("second_s", "length_s"), [(1.5, 3.5), (0.0, 4.0)], ids=["overlap", "started anew"]
)
def test_time_stamps_that_go_back(tmp_path: Path, second_s: float, length_s: float) -> None:
    """Half a second that comes twice is dropped once; a clock that started anew is followed."""
    parts = [
        film(tmp_path / name, [(start_s, noise(2.0, 48_000))], rate=48_000, codec="mp2", pictures=0)
        for name, start_s in (("1.ts", 0.0), ("2.ts", second_s))
    ]
    path = tmp_path / "both.ts"
    path.write_bytes(b"".join(part.read_bytes() for part in parts))
    assert abs(len(heard(path)) / 16_000 - length_s) < 0.15


def test_length_is_known_in_advance(tmp_path: Path) -> None:
    with Recording(wav(tmp_path / "les.wav", noise(2.5))) as recording:
        assert (2.5, "les.wav") == (recording.duration_s, recording.name)


def test_a_cut_off_film_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    path = film(tmp_path / "a.mkv", [(0.0, noise(4.0))], pictures=40)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    out = heard(path)
    assert 16_000 < len(out) < 48_000
    assert np.array_equal(noise(4.0)[: len(out)], out)


def test_damaged_packets_are_counted_and_leave_a_gap(tmp_path: Path) -> None:
    path = film(tmp_path / "a.mkv", [(0.0, noise(8.0))], codec="flac", pictures=80)
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 20_000] = bytes(20_000)
    path.write_bytes(content)
    with Recording(path) as recording:
        items = list(recording.items())
    length = sum(
        len(i.samples) if isinstance(i, Block) else getattr(i, "missing_samples", 0) for i in items
    )
    assert abs(length - 128_000) <= 1_600
    assert any(isinstance(item, Gap) for item in items)


def test_a_name_with_a_colon_is_a_file(tmp_path: Path) -> None:
    assert 8_000 == len(heard(wav(tmp_path / "http:les.wav", noise(0.5))))


def test_a_playlist_is_not_followed(tmp_path: Path) -> None:
    wav(tmp_path / "a.wav", noise(0.5))
    playlist = tmp_path / "les.ffconcat"
    playlist.write_text("ffconcat version 1.0\nfile http://127.0.0.1:9/a.wav\n")
    with pytest.raises(SourceError):
        heard(playlist)


def test_closing_twice_and_reading_after_is_harmless(tmp_path: Path) -> None:
    recording = Recording(wav(tmp_path / "a.wav", noise(2.0)))
    items = recording.items()
    next(items)
    recording.close()
    recording.close()
    assert [] == [item for item in items if len(getattr(item, "samples", [])) > 1_024]


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"nee\.wav does not exist: check the name"):
        Recording(tmp_path / "nee.wav")


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="is a folder: choose a sound file or film in it"):
        Recording(tmp_path)


def test_a_film_without_sound_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "stil.mkv"
    with av.open(str(path), "w") as container:
        picture = container.add_stream("mpeg4", rate=10)
        picture.width, picture.height, picture.pix_fmt = 32, 32, "yuv420p"
        image = av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), np.uint8), format="rgb24")
        container.mux(picture.encode(image))
        container.mux(picture.encode(None))
    with pytest.raises(SourceError, match="is a film without sound: choose one with a sound track"):
        Recording(path)


REFUSED = {
    "truncated_header": "cut off in its header",
    "zero_bytes": "is empty",
    "text_not_audio": "not sound or film",
    "random_bytes": "no readable sound",
    "riff_no_data": "no data chunk",
}
#: samples at 16 kHz, where they are not the length of the lesson that the files were cut from
LENGTHS = {"header_only": 0, "ten_samples": 10, "truncated_data": 95_989, "endless_header": 192_000}
LENGTHS |= {"float32": 320_000, "float_nan": 80_000, "rate_44k1_24bit": 240_000}


@pytest.mark.slow
def test_every_awkward_file_is_read_or_refused_as_asked(shared: Path) -> None:
    folder = shared / "scenes" / "degenerate"
    wrong = {}
    for entry in json.loads((folder / "DEGENERATE.json").read_text()):
        name, path = entry["name"], folder / entry["file"]
        if not path.exists():
            continue  # the hour of silence is made, not kept
        try:
            samples = heard(path)
        except SourceError as error:
            text = str(error)
            if "\n" in text or REFUSED.get(name, "?") not in text or str(path) not in text:
                wrong[name] = text
            continue
        length = LENGTHS.get(name)
        if length is None:
            truth = json.loads((folder / f"{name}.json").read_text())
            length = round(truth["duration_s"] * 16_000)
        if name in REFUSED or length != len(samples):
            wrong[name] = f"{len(samples)} samples, not {length}"
    assert {} == wrong


def test_a_silent_right_channel_changes_no_sample(shared: Path) -> None:
    folder = shared / "scenes" / "degenerate"
    assert np.array_equal(
        heard(folder / "lesson_flac.flac"), heard(folder / "stereo_right_silent.flac")
    )
