"""Opening a sound file or film, and its sound track as mono pieces with their place in time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import av
import av.error
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer
from numpy.typing import NDArray

from device.errors import SourceError

#: how much of a broken WAV file is searched for its data chunk
_HEADER_BYTES = 1 << 16


class Film:
    """The best sound track of a file, decoded packet by packet.

    Damaged packets are skipped and counted; a file that was cut off is read as far as it goes.
    Playlists and network addresses are not followed: only the file itself is read.

    Attributes:
        rate, channels: of the sound track.
        duration_s: as the file states it, ``None`` when it does not.
        damaged_packets: how many pieces could not be decoded so far.

    Raises:
        SourceError: the file is missing, unreadable, or holds no sound.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.damaged_packets = 0
        self._lock = threading.Lock()
        self._closed = False
        self._container = _open(path)
        stream = self._container.streams.best("audio")
        if not isinstance(stream, AudioStream) or not stream.rate:
            kinds = {stream.type for stream in self._container.streams}
            self.close()
            if "video" in kinds:
                raise SourceError(f"{path} is a film without sound: choose one with a sound track")
            raise SourceError(f"{path} holds no readable sound: {_ADVICE}")
        self._stream = stream
        self.rate = stream.rate
        self.channels = stream.codec_context.channels
        # an edit before time 0 is not shown by players, a start after it is
        self._start_s = max(0.0, (self._container.start_time or 0) / av.time_base)
        duration = self._container.duration
        self.duration_s = duration / av.time_base if duration and duration > 0 else None

    def frames(self) -> Iterator[tuple[float | None, AudioFrame]]:
        """Decoded frames with their film time in seconds (``None`` when the file has none).

        Raises:
            SourceError: the file became unreadable, or nothing in it could be decoded.
        """
        packets = self._container.demux(self._stream)
        decoded_any = False
        while (frames := self._decode_next(packets)) is not None:
            for frame in frames:
                decoded_any = True
                seconds = None if frame.time is None else frame.time - self._start_s
                yield seconds, frame
        if self.damaged_packets and not decoded_any:
            raise SourceError(f"{self.path} is damaged, nothing in it can be decoded: {_ADVICE}")

    def _decode_next(self, packets: Iterator[av.Packet[AudioStream]]) -> list[AudioFrame] | None:
        with self._lock:  # `close` may come from another thread
            if self._closed:
                return None
            try:
                packet = next(packets, None)
            except av.error.InvalidDataError:
                self.damaged_packets += 1
                return None  # the container itself is broken from here on
            except (av.error.FFmpegError, OSError) as error:
                raise SourceError(
                    f"{self.path} became unreadable ({error.strerror}): "
                    "check the disk or memory card"
                ) from None
            try:
                decoded = packet.decode() if packet is not None else None
            except av.error.FFmpegError:
                self.damaged_packets += 1
                return []
            if decoded is None:
                return None
            return decoded

    def close(self) -> None:
        """May be called twice, and from another thread."""
        with self._lock:
            self._closed = True
            self._container.close()


def planes(frame: AudioFrame) -> NDArray[np.float32]:
    """Samples as float32 of shape (channels, n), full scale ±1.

    What is not a number, or infinite, counts as silence.
    """
    samples = frame.to_ndarray()
    if not frame.format.is_planar:
        samples = samples.reshape(-1, frame.layout.nb_channels).T
    if samples.dtype.kind == "f":
        sound = np.nan_to_num(samples, nan=0.0, posinf=0.0, neginf=0.0)
        return np.asarray(np.clip(sound, -1.0, 1.0), dtype=np.float32)
    full_scale = float(1 << (8 * samples.dtype.itemsize - 1))
    middle = full_scale if samples.dtype.kind == "u" else 0.0
    return ((samples.astype(np.float64) - middle) / full_scale).astype(np.float32)


_ADVICE = "choose a sound file or film that other players can play"


def _open(path: Path) -> InputContainer:
    if path.is_dir():
        raise SourceError(f"{path} is a folder: choose a sound file or film in it")
    try:
        with path.open("rb") as file:
            header = file.read(_HEADER_BYTES)
    except FileNotFoundError:
        raise SourceError(f"{path} does not exist: check the name") from None
    except OSError as error:
        raise SourceError(
            f"{path} cannot be read ({error.strerror}): check who may read it"
        ) from None
    if not header:
        raise SourceError(f"{path} is empty (0 bytes): copy or record it again")
    try:
        # "file:" keeps a name with a colon from being taken for an address
        return av.open(f"file:{path}", options={"protocol_whitelist": "file"})
    except (av.error.FFmpegError, OSError, ValueError):
        raise SourceError(f"{path} {_fault(header)}: {_ADVICE}") from None


def _fault(header: bytes) -> str:
    if not header.startswith(b"RIFF"):
        return "is not sound or film in a format that is known here"
    if b"fmt " not in header or len(header) < 44:
        return f"is a WAV file that was cut off in its header (at byte {len(header)})"
    if b"data" not in header:
        return "is a WAV file without sound: it has no data chunk"
    return "is a WAV file with a damaged header"
