"""Per-frame measurements: level, voicing, pitch and the VAD's verdict, every 20 ms.

A frame is analysed together with the one before it (40 ms under a Hann window), so harmonicity
sees two periods of the lowest voice. Levels are in dB relative to one 16-bit step and leave out
everything below 120 Hz: mains hum, an offset and handling thumps are no voice.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import webrtcvad
from numpy.typing import NDArray

from device.audio.frames import FRAME_SAMPLES, SAMPLE_RATE, Frame, Samples

_WINDOW_SAMPLES = 2 * FRAME_SAMPLES
_FFT_SAMPLES = 1024
_LOWEST_HZ = 120.0
_VOICE_BAND_HZ = (80.0, 1500.0)
_PITCH_HZ = (70.0, 420.0)
_FLOOR_POWER = 1e-3
#: a voice repeats itself after two and three periods as well as after one: the first peak that
#: comes this near to the highest is the period
_PEAK_SHARE = 0.9


@dataclass(frozen=True, slots=True)
class FrameFeatures:
    """What one frame sounds like.

    Attributes:
        first_sample: sample number of the frame's first sample.
        voiced: webrtcvad, mode 3, calls it speech.
        level_db: level above 120 Hz.
        voice_band_db: level between 120 and 1500 Hz, where rustle and clicks are weak.
        harmonicity: 0 (noise) to 1 (a steady voice); top of the normalised autocorrelation.
        pitch_hz: fundamental frequency, at its first high peak; meaningless in noise.
        peak: largest absolute sample value.
    """

    first_sample: int
    voiced: bool
    level_db: float
    voice_band_db: float
    harmonicity: float
    pitch_hz: float
    peak: int


class FrameAnalyser:
    """Turns frames into features; keeps one frame of history."""

    def __init__(self) -> None:
        self._vad = webrtcvad.Vad(3)
        self._window: NDArray[np.float64] = np.hanning(_WINDOW_SAMPLES)
        spectrum = np.fft.rfft(self._window, 2 * _FFT_SAMPLES)
        self._window_correlation = np.fft.irfft(np.abs(spectrum) ** 2)[:_WINDOW_SAMPLES]
        frequencies = np.fft.rfftfreq(_FFT_SAMPLES, 1 / SAMPLE_RATE)
        self._above_hum = frequencies >= _LOWEST_HZ
        self._below_hiss = self._above_hum & (frequencies <= _VOICE_BAND_HZ[1])
        self._voice_band = (frequencies >= _VOICE_BAND_HZ[0]) & (frequencies <= _VOICE_BAND_HZ[1])
        self._lags = slice(int(SAMPLE_RATE / _PITCH_HZ[1]), int(SAMPLE_RATE / _PITCH_HZ[0]))
        self._scale = 2.0 / (_FFT_SAMPLES * float((self._window**2).sum()))
        self.reset()

    def reset(self) -> None:
        """Forget the sound before a discontinuity."""
        self._previous: NDArray[np.float64] = np.zeros(FRAME_SAMPLES)

    def analyse(self, frame: Frame, vad_gain: float = 1.0) -> FrameFeatures:
        """Measure one frame of ``FRAME_SAMPLES`` samples.

        ``vad_gain`` lifts what the VAD hears, and nothing else: webrtcvad has absolute
        thresholds and misses a microphone that is turned down.
        """
        samples = frame.samples.astype(np.float64)
        window = np.concatenate((self._previous, samples))
        power = np.abs(np.fft.rfft((window - window.mean()) * self._window, _FFT_SAMPLES)) ** 2
        harmonicity, pitch_hz = self._harmonicity(power)
        features = FrameFeatures(
            first_sample=frame.first_sample,
            voiced=self._vad.is_speech(_amplified(frame.samples, vad_gain), SAMPLE_RATE),
            level_db=_decibel(power[self._above_hum].sum() * self._scale),
            voice_band_db=_decibel(power[self._below_hiss].sum() * self._scale),
            harmonicity=harmonicity,
            pitch_hz=pitch_hz,
            peak=int(np.abs(frame.samples.astype(np.int32)).max()),
        )
        self._previous = samples
        return features

    def _harmonicity(self, power: NDArray[np.float64]) -> tuple[float, float]:
        band = np.where(self._voice_band, power, 0.0)
        correlation = np.fft.irfft(band)[: self._lags.stop + 1]
        if correlation[0] < _FLOOR_POWER:
            return 0.0, 0.0
        normalised = (correlation / correlation[0]) / (
            self._window_correlation[: len(correlation)] / self._window_correlation[0]
        )
        strongest = float(normalised[self._lags].max())
        lag = _first_peak(normalised[self._lags], _PEAK_SHARE * strongest) + self._lags.start
        return min(1.0, max(0.0, strongest)), SAMPLE_RATE / _refined(normalised, lag)


def _amplified(samples: Samples, gain: float) -> bytes:
    if gain == 1.0:
        return samples.tobytes()
    return bytes(np.clip(samples * gain, -32768, 32767).astype(np.int16).tobytes())


def _first_peak(values: NDArray[np.float64], least: float) -> int:
    """Index of the first local maximum of at least ``least``, else of the maximum."""
    inner = values[1:-1]
    peaks = np.flatnonzero((inner >= values[:-2]) & (inner > values[2:]) & (inner >= least))
    return int(peaks[0]) + 1 if len(peaks) else int(np.argmax(values))


def _refined(values: NDArray[np.float64], at: int) -> float:
    """The place of a maximum between samples, by a parabola through three points."""
    if not 0 < at < len(values) - 1:
        return float(at)
    before, here, after = (float(v) for v in values[at - 1 : at + 2])
    bend = before - 2 * here + after
    return at + (0.5 * (before - after) / bend if bend < 0 else 0.0)


def _decibel(mean_power: float) -> float:
    return 10.0 * float(np.log10(mean_power + _FLOOR_POWER))
