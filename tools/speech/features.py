"""The features that Vosk computes: MFCC and its running mean normalisation."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE = 16_000
COEFFICIENTS = 40
FRAME_S = 0.01
SUBSAMPLING = 3
OUTPUT_S = FRAME_S * SUBSAMPLING  # Vosk counts 30 ms per decoder step, whatever the settings say
WINDOW_FRAMES = 600
GLOBAL_FRAMES = 200

LOWEST_HZ, HIGHEST_HZ = 20, 7600

MFCC_CONF = """\
--sample-frequency=16000
--use-energy=false
--num-mel-bins=40
--num-ceps=40
--low-freq=20
--high-freq=-400
--dither=0.0
"""

Features = NDArray[np.float32]


def mfcc(samples: NDArray[np.float32]) -> Features:
    """Frames x 40 coefficients of samples on the scale of 16-bit integers (not -1 to 1)."""
    import kaldi_native_fbank  # only building needs it: the rest of this module does not

    options = kaldi_native_fbank.MfccOptions()
    options.frame_opts.samp_freq = SAMPLE_RATE
    options.frame_opts.dither = 0.0
    options.frame_opts.snip_edges = True
    options.mel_opts.num_bins = COEFFICIENTS
    options.mel_opts.low_freq = LOWEST_HZ
    options.mel_opts.high_freq = HIGHEST_HZ
    options.num_ceps = COEFFICIENTS
    options.use_energy = False
    computer = kaldi_native_fbank.OnlineMfcc(options)
    computer.accept_waveform(SAMPLE_RATE, samples)
    computer.input_finished()
    frames = [computer.get_frame(index) for index in range(computer.num_frames_ready)]
    if not frames:
        return np.zeros((0, COEFFICIENTS), np.float32)
    return np.stack(frames).astype(np.float32)


def normalised(
    features: Features,
    global_mean: NDArray[np.float64],
    heard_before: tuple[int, NDArray[np.float64]] | None = None,
) -> Features:
    """Subtract the mean of the last 600 frames, topped up with 200 frames of the global mean.

    Kaldi's online mean normalisation as Vosk runs it when am/global_cmvn.stats exists.
    ``heard_before`` = (frames, their mean): what the recogniser heard before this utterance.
    """
    count = len(features)
    sums = np.cumsum(features, axis=0, dtype=np.float64)
    if count > WINDOW_FRAMES:
        sums[WINDOW_FRAMES:] -= sums[:-WINDOW_FRAMES].copy()
    own = np.minimum(np.arange(1, count + 1), WINDOW_FRAMES).astype(np.float64)
    if heard_before is not None:
        before = np.clip(np.minimum(heard_before[0], WINDOW_FRAMES - own), 0, None)
        sums = sums + before[:, None] * heard_before[1]
        own = own + before
    missing = np.clip(np.minimum(WINDOW_FRAMES - own, GLOBAL_FRAMES), 0, None)
    mean = (sums + missing[:, None] * global_mean) / (own + missing)[:, None]
    return np.asarray(features - mean, np.float32)


def global_statistics(global_mean: NDArray[np.float64]) -> str:
    """The text of am/global_cmvn.stats: sums with their count, then sums of squares and zero."""
    count = 1000.0
    sums = " ".join(f"{value * count:.8g}" for value in global_mean)
    squares = " ".join(f"{(value * value + 100) * count:.8g}" for value in global_mean)
    return f" [\n  {sums} {count:g}\n  {squares} 0 ]\n"
