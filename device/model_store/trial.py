"""Load a model and decode with it, in a process that may die: ``python -m device.model_store.trial
FOLDER LANGUAGE``.

Vosk ends the whole process on some damaged models (an empty ``conf/model.conf``, say), and finds
other damage only when a recogniser is made or a silence is met. So all of that is done here.
"""

from __future__ import annotations

import json
import sys

import numpy as np
import vosk

from device.audio.frames import SAMPLE_RATE

#: Exit status when the model is no good; any other than 0 means that Vosk broke down.
NO_GOOD = 3
PIECE_SAMPLES = 1600
#: No everyday vocabulary lacks all of these.
COMMON_WORDS = {"nl": ("de", "het", "een", "ja"), "en": ("the", "a", "and", "yes")}
LANGUAGE_NAMES = {"nl": "Dutch", "en": "English"}


def main(folder: str, language: str) -> int:
    """Try the model; a reason, if there is one, goes to stdout."""
    vosk.SetLogLevel(-1)
    try:
        model = vosk.Model(folder)
        common = COMMON_WORDS.get(language, ())
        if common and all(model.vosk_model_find_word(word) < 0 for word in common):
            print(f"it knows no {LANGUAGE_NAMES[language]} words")
            return NO_GOOD
        recogniser = vosk.KaldiRecognizer(model, SAMPLE_RATE)
        recogniser.SetWords(True)
        for piece in np.split(_sound(), range(PIECE_SAMPLES, 3 * SAMPLE_RATE, PIECE_SAMPLES)):
            if recogniser.AcceptWaveform(piece.tobytes()):
                json.loads(recogniser.Result())
            json.loads(recogniser.PartialResult())
        json.loads(recogniser.FinalResult())
    except Exception as error:
        print(error)
        return NO_GOOD
    return 0


def _sound() -> np.ndarray[tuple[int], np.dtype[np.int16]]:
    """A second of noise, then two of silence, so that the end of speech is looked for as well."""
    noise = np.random.default_rng(1).normal(size=SAMPLE_RATE) * 1000
    return np.concatenate([noise, np.zeros(2 * SAMPLE_RATE)]).astype(np.int16)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
