"""What a speech model hears in a sound, with nothing of ours in between."""

from __future__ import annotations

import json

import numpy as np
import vosk

RATE = 16_000
PIECE_BYTES = 3200


def heard(model: vosk.Model, sound: np.ndarray, grammar: list[str] | None = None) -> list[dict]:
    """Words with their times, in order; with a grammar no other words."""
    arguments = [model, RATE] + ([json.dumps(grammar)] if grammar else [])
    recogniser = vosk.KaldiRecognizer(*arguments)
    recogniser.SetWords(True)
    data = np.round(sound).astype("<i2").tobytes()
    words = []
    for start in range(0, len(data), PIECE_BYTES):
        if recogniser.AcceptWaveform(data[start : start + PIECE_BYTES]):
            words += json.loads(recogniser.Result()).get("result", [])
    return words + json.loads(recogniser.FinalResult()).get("result", [])
