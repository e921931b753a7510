"""Per-frame measurements: level, voicing, pitch and the VAD's verdict, every 20 ms.

A frame is analysed together with the one before it (40 ms under a Hann window), so harmonicity
sees two periods of the lowest voice. Levels are in dB relative to one 16-bit step and leave out
everything below 120 Hz: mains hum, an offset and handling thumps are no voice.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import webrtcvad
from numpy.typing import NDArray

from device.audio.frames import FRAME_SAMPLES, SAMPLE_RATE, Frame, Samples

_WINDOW_SAMPLES = 2 * FRAME_SAMPLES
_FFT_SAMPLES = 1024
_LOWEST_HZ = 120.0
_BRIGHT_HZ = 2200.0
_VOICE_BAND_HZ = (80.0, 1500.0)
_PITCH_HZ = (70.0, 420.0)
_FLOOR_POWER = 1e-3
#: a voice repeats itself after two and three periods as well as after one: the first peak that
#: comes this near to the highest is the period
_PEAK_SHARE = 0.9
#: bands about as wide as those of the ear
BAND_EDGES_HZ = (
    120, 250, 375, 500, 650, 800, 1000, 1250, 1500, 1800, 2200, 2700, 3300, 4000, 5000, 6300, 7600
)  # fmt: skip
_SILENT_BANDS: NDArray[np.float64] = np.full(len(BAND_EDGES_HZ) - 1, -30.0)
#: so many frames are measured at once; more would not fit the processor's cache
_TOGETHER = 16


@dataclass(frozen=True, slots=True)
class FrameFeatures:
    """What one frame sounds like.

    Attributes:
        first_sample: sample number of the frame's first sample.
        voiced: webrtcvad, mode 3, calls it speech.
        level_db: level above 120 Hz.
        voice_band_db: level between 120 and 1500 Hz, where rustle and clicks are weak.
        bright_db: level above 2200 Hz, where s, f and t are strong and a class is not.
        harmonicity: 0 (noise) to 1 (a steady voice); top of the normalised autocorrelation.
        pitch_hz: fundamental frequency, at its first high peak; meaningless in noise.
        peak: largest absolute sample value.
        bands_db: level in each of the bands between ``BAND_EDGES_HZ``, shape (16,).
    """

    first_sample: int
    voiced: bool
    level_db: float
    voice_band_db: float
    harmonicity: float
    pitch_hz: float
    peak: int
    bright_db: float = -30.0
    bands_db: NDArray[np.float64] = field(
        default_factory=lambda: _SILENT_BANDS, compare=False, repr=False
    )


@dataclass(frozen=True, slots=True)
class _Spectrum:
    """What a frame sounds like, the VAD's verdict apart."""

    first_sample: int
    level_db: float
    voice_band_db: float
    bright_db: float
    bands_db: NDArray[np.float64]
    harmonicity: float
    pitch_hz: float
    peak: int


class FrameAnalyser:
    """Turns frames into features; keeps one frame of history."""

    def __init__(self) -> None:
        self._vad = webrtcvad.Vad(3)
        self._window: NDArray[np.float64] = np.hanning(_WINDOW_SAMPLES)
        self._lags = slice(int(SAMPLE_RATE / _PITCH_HZ[1]), int(SAMPLE_RATE / _PITCH_HZ[0]))
        spectrum = np.fft.rfft(self._window, 2 * _FFT_SAMPLES)
        correlation = np.fft.irfft(np.abs(spectrum) ** 2)[: self._lags.stop + 1]
        self._window_correlation = correlation / correlation[0]
        self._above_hum = slice(_bin_above(_LOWEST_HZ), None)
        band_end = _bin_above(_VOICE_BAND_HZ[1]) + 1  # its upper limit is a bin, and belongs to it
        self._bright = slice(_bin_above(_BRIGHT_HZ), None)
        self._below_hiss = slice(_bin_above(_LOWEST_HZ), band_end)
        self._voice_band = slice(_bin_above(_VOICE_BAND_HZ[0]), band_end)
        self._band_edges = np.array([_bin_above(hertz) for hertz in BAND_EDGES_HZ])
        self._scale = 2.0 / (_FFT_SAMPLES * float((self._window**2).sum()))
        self.reset()

    def reset(self) -> None:
        """Forget the sound before a discontinuity."""
        self._previous: NDArray[np.float64] = np.zeros(FRAME_SAMPLES)
        self._coming: deque[Frame] = deque()
        self._measured: deque[_Spectrum] = deque()

    def look_ahead(self, frames: Iterable[Frame]) -> None:
        """Announce the frames that come next, in order: measured together they cost a third."""
        self._coming.extend(frames)

    def analyse(self, frame: Frame, vad_gain: float = 1.0) -> FrameFeatures:
        """Measure one frame of ``FRAME_SAMPLES`` samples.

        ``vad_gain`` lifts what the VAD hears, and nothing else: webrtcvad has absolute
        thresholds and misses a microphone that is turned down.
        """
        if not self._measured:
            count = min(len(self._coming), _TOGETHER)
            self._measure([self._coming.popleft() for _ in range(count)] or [frame])
        spectrum = self._measured.popleft()
        assert spectrum.first_sample == frame.first_sample
        return FrameFeatures(
            first_sample=frame.first_sample,
            voiced=self._vad.is_speech(_amplified(frame.samples, vad_gain), SAMPLE_RATE),
            level_db=spectrum.level_db,
            voice_band_db=spectrum.voice_band_db,
            harmonicity=spectrum.harmonicity,
            pitch_hz=spectrum.pitch_hz,
            peak=spectrum.peak,
            bright_db=spectrum.bright_db,
            bands_db=spectrum.bands_db,
        )

    def _measure(self, frames: Sequence[Frame]) -> None:
        """Each row is computed as if it were alone, so nothing depends on how many there are."""
        windows = np.empty((len(frames), _WINDOW_SAMPLES))
        for row, frame in zip(windows, frames, strict=True):
            row[:FRAME_SAMPLES] = self._previous
            row[FRAME_SAMPLES:] = frame.samples
            self._previous = row[FRAME_SAMPLES:]
        peaks = np.abs(windows[:, FRAME_SAMPLES:]).max(axis=1)
        centred = windows - windows.sum(axis=1, keepdims=True) / _WINDOW_SAMPLES
        power = np.abs(np.fft.rfft(centred * self._window, _FFT_SAMPLES)) ** 2
        bands = np.add.reduceat(power, self._band_edges, axis=1)[:, :-1]
        harmonicity, pitch_hz = self._harmonicity(power)
        rows = zip(
            frames,
            power[:, self._above_hum].sum(axis=1).tolist(),
            power[:, self._below_hiss].sum(axis=1).tolist(),
            power[:, self._bright].sum(axis=1).tolist(),
            10.0 * np.log10(bands * self._scale + _FLOOR_POWER),
            harmonicity,
            pitch_hz,
            peaks.tolist(),
            strict=True,
        )
        for frame, level, voice_band, bright, bands_db, harmonic, pitch, peak in rows:
            self._measured.append(
                _Spectrum(
                    first_sample=frame.first_sample,
                    level_db=_decibel(level * self._scale),
                    voice_band_db=_decibel(voice_band * self._scale),
                    bright_db=_decibel(bright * self._scale),
                    bands_db=bands_db,
                    harmonicity=harmonic,
                    pitch_hz=pitch,
                    peak=int(peak),
                )
            )

    def _harmonicity(self, power: NDArray[np.float64]) -> tuple[list[float], list[float]]:
        band = np.zeros_like(power)
        band[:, self._voice_band] = power[:, self._voice_band]
        correlation = np.fft.irfft(band)[:, : self._lags.stop + 1]
        energy = correlation[:, :1]
        normalised = correlation / np.maximum(energy, _FLOOR_POWER) / self._window_correlation
        among = normalised[:, self._lags]
        strongest = among.max(axis=1)
        lags = (_first_peaks(among, _PEAK_SHARE * strongest) + self._lags.start).tolist()
        heard = (energy[:, 0] >= _FLOOR_POWER).tolist()
        harmonicity = [
            min(1.0, max(0.0, top)) if sound else 0.0
            for top, sound in zip(strongest.tolist(), heard, strict=True)
        ]
        pitch_hz = [
            SAMPLE_RATE / _refined(row, lag) if sound else 0.0
            for row, lag, sound in zip(normalised, lags, heard, strict=True)
        ]
        return harmonicity, pitch_hz


def _bin_above(hertz: float) -> int:
    """First bin of the spectrum at or above a frequency."""
    return math.ceil(hertz * _FFT_SAMPLES / SAMPLE_RATE)


def _amplified(samples: Samples, gain: float) -> bytes:
    if gain == 1.0:
        return samples.tobytes()
    louder = samples * gain
    np.maximum(np.minimum(louder, 32767, out=louder), -32768, out=louder)
    return louder.astype(np.int16).tobytes()


def _first_peaks(values: NDArray[np.float64], least: NDArray[np.float64]) -> NDArray[np.intp]:
    """In each row: index of the first local maximum of at least ``least``, else of the maximum."""
    inner = values[:, 1:-1]
    peaks = (inner >= values[:, :-2]) & (inner > values[:, 2:]) & (inner >= least[:, None])
    first: NDArray[np.intp] = peaks.argmax(axis=1) + 1
    without = ~peaks.any(axis=1)
    if without.any():
        first[without] = values[without].argmax(axis=1)
    return first


def _refined(values: NDArray[np.float64], at: int) -> float:
    """The place of a maximum between samples, by a parabola through three points."""
    if not 0 < at < len(values) - 1:
        return float(at)
    before, here, after = values[at - 1 : at + 2].tolist()
    bend = before - 2 * here + after
    return float(at + (0.5 * (before - after) / bend if bend < 0 else 0.0))


def _decibel(mean_power: float) -> float:
    return 10.0 * math.log10(mean_power + _FLOOR_POWER)
