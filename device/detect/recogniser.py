"""Vosk behind the ``Recogniser`` protocol: inline for files, in a thread for a live lesson.

Each utterance is decoded on its own, in pieces whose borders depend on the utterance alone. So
the words are the same whatever the block size of the source and whatever the thread is doing.
"""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import vosk

from device.audio.frames import SAMPLE_RATE, Samples
from device.detect.name_spotter import NameSpotter
from device.detect.words import Recogniser, Transcript, Word
from device.errors import ModelError

PIECE_SAMPLES = 1600
#: Vosk keeps caches that grow with every utterance; a fresh recogniser costs milliseconds.
UTTERANCES_PER_RECOGNISER = 50
_UNKNOWN = "[unk]"


class InlineRecogniser:
    """Decodes in the caller's thread; a transcript is ready as soon as ``finish`` returns.

    Args:
        model_path: folder of a Vosk model.
        names: words that stand for a name, and whose; doubtful words are looked at again for them.
        language: ``nl`` or ``en``.
        as_it_comes: decode while an utterance goes on, so that little is left at its end. A
            recording has no hurry: decoded at the end, in the same pieces, an utterance costs
            less, since the model is then fetched into the processor's caches once.
    """

    def __init__(
        self,
        model_path: Path,
        names: Mapping[str, str] | None = None,
        language: str = "nl",
        *,
        as_it_comes: bool = True,
    ) -> None:
        vosk.SetLogLevel(-1)
        try:
            self._model = vosk.Model(str(model_path))
        except Exception as error:  # vosk raises bare Exception
            raise ModelError(
                f"{model_path}: not a speech model that Vosk can load ({error}); "
                "see `denkpauze models`"
            ) from error
        self._language = language
        self._as_it_comes = as_it_comes
        self._spotter = NameSpotter(self._model, names, language) if names else None
        self._recogniser: vosk.KaldiRecognizer | None = None
        self._sound: list[Samples] = []
        self._decoded = 0
        self._fed_samples = 0
        self._unfinished = False
        self._pending: list[Samples] = []
        self._pending_samples = 0
        self._ready: list[Transcript] = []

    def knows(self, word: str) -> bool:
        """Whether the word is in the model's vocabulary."""
        return bool(self._model.vosk_model_find_word(word) >= 0)

    def spotter(self, names: Mapping[str, str]) -> NameSpotter:
        """Another ear for these names only, which shares the loaded model."""
        return NameSpotter(self._model, names, self._language)

    def begin(self, utterance: int, first_sample: int) -> None:
        if self._recogniser is None or self._decoded >= UTTERANCES_PER_RECOGNISER:
            self._recogniser = vosk.KaldiRecognizer(self._model, SAMPLE_RATE)
            self._recogniser.SetWords(True)
            self._decoded = 0
            self._fed_samples = 0
        elif self._unfinished:
            self._recogniser.FinalResult()
        self._unfinished = True
        self._utterance = utterance
        # Vosk counts time in all samples it was ever fed, ours in samples of the lesson.
        self._offset = first_sample - self._fed_samples
        self._first_sample = first_sample
        self._words: list[Word] = []
        self._pending, self._pending_samples = [], 0
        self._sound = []

    def accept(self, samples: Samples) -> None:
        self._pending.append(samples)
        self._pending_samples += len(samples)
        if self._as_it_comes and self._pending_samples >= PIECE_SAMPLES:
            self._decode_pending(self._pending_samples // PIECE_SAMPLES * PIECE_SAMPLES)

    def finish(self) -> None:
        assert self._recogniser is not None
        if self._pending_samples:
            self._decode_pending(self._pending_samples)
        self._collect(self._recogniser.FinalResult())
        self._decoded += 1
        self._unfinished = False
        if self._spotter is not None and self._sound:
            sound = np.concatenate(self._sound)
            self._words = self._spotter.refine(sound, self._first_sample, self._words)
        self._ready.append(Transcript(self._utterance, tuple(self._words)))

    def transcripts(self) -> list[Transcript]:
        ready, self._ready = self._ready, []
        return ready

    def drain(self) -> list[Transcript]:
        return self.transcripts()

    def close(self) -> None:
        self._recogniser = None

    def _decode_pending(self, count_samples: int) -> None:
        """The first so many samples that wait, in pieces."""
        sound = np.concatenate(self._pending)
        self._pending = [sound[count_samples:]]
        self._pending_samples = len(sound) - count_samples
        for start in range(0, count_samples, PIECE_SAMPLES):
            self._decode(sound[start : min(start + PIECE_SAMPLES, count_samples)])

    def _decode(self, samples: Samples) -> None:
        assert self._recogniser is not None
        if self._recogniser.AcceptWaveform(samples.tobytes()):
            self._collect(self._recogniser.Result())
        self._fed_samples += len(samples)
        if self._spotter is not None:
            self._sound.append(samples)

    def _collect(self, result: str) -> None:
        for item in json.loads(result).get("result", []):
            if item["word"] == _UNKNOWN:
                continue
            self._words.append(
                Word(
                    text=item["word"],
                    first_sample=self._offset + round(item["start"] * SAMPLE_RATE),
                    end_sample=self._offset + round(item["end"] * SAMPLE_RATE),
                    confidence=float(item.get("conf", 1.0)),
                )
            )


@dataclass(frozen=True, slots=True)
class _Begin:
    utterance: int
    first_sample: int


class _Finish:
    pass


class ThreadedRecogniser:
    """Runs a recogniser in its own thread behind a queue of at most ``most_pieces``.

    When the queue is full the whole utterance is given up: it comes back unheard, is counted in
    ``dropped_utterances``, and what is queued of it is passed over. The recogniser is ``behind``
    until it has finished a later one and nothing waits. The pipeline never waits. A failure of the
    thread is kept in ``failure`` and turns every later utterance into an unheard one.

    With too little memory Vosk can hang and never return: ``steps`` stands still while it is
    ``busy``. After ``give_up`` everything comes back unheard and the thread is left alone.
    """

    def __init__(self, build: Callable[[], Recogniser], most_pieces: int = 1500) -> None:
        self.dropped_utterances = 0
        self.behind = False
        self.busy = False
        self.steps = 0
        self.given_up = False
        self.failure: BaseException | None = None
        self._queue: queue.Queue[_Begin | Samples | _Finish | None] = queue.Queue(most_pieces)
        self._ready: queue.SimpleQueue[Transcript] = queue.SimpleQueue()
        self._waited_for: dict[int, None] = {}  # in the order in which they were begun
        self._current: int | None = None
        self._dropped: set[int] = set()
        self._build = build
        self._thread = threading.Thread(target=self._run, name="recogniser", daemon=True)
        self._thread.start()

    def begin(self, utterance: int, first_sample: int) -> None:
        self._waited_for[utterance] = None
        self._current = utterance
        self._put(_Begin(utterance, first_sample))

    def accept(self, samples: Samples) -> None:
        if self._current is not None:
            self._put(samples)

    def finish(self) -> None:
        if self._current is not None:
            self._put(_Finish())
            self._current = None

    def transcripts(self) -> list[Transcript]:
        ready = []
        while not self._ready.empty():
            ready += self._awaited(self._ready.get())
        if self.given_up:
            ready += [Transcript(utterance, (), heard=False) for utterance in self._waited_for]
            self._waited_for.clear()
        return ready

    def drain(self) -> list[Transcript]:
        ready = self.transcripts()
        while self._waited_for and self._thread.is_alive() and not self.given_up:
            try:
                ready += self._awaited(self._ready.get(timeout=0.1))
            except queue.Empty:
                continue
        return ready + self.transcripts()

    def give_up(self) -> None:
        """Wait for the thread no longer; may be called from another one."""
        self.given_up = True

    def close(self) -> None:
        if self._thread.is_alive() and not self.given_up:
            self._queue.put(None)
            self._thread.join(timeout=5)

    @property
    def queued(self) -> int:
        """Pieces waiting to be decoded."""
        return self._queue.qsize()

    def _awaited(self, transcript: Transcript) -> list[Transcript]:
        """Nothing for an utterance that came back unheard before."""
        if transcript.utterance not in self._waited_for:
            return []
        del self._waited_for[transcript.utterance]
        return [transcript]

    def _put(self, item: _Begin | Samples | _Finish) -> None:
        if self.given_up:
            return
        try:
            self._queue.put_nowait(item)
        except queue.Full:
            self.dropped_utterances += 1
            self.behind = True
            if self._current is not None:
                self._dropped.add(self._current)
                self._ready.put(Transcript(self._current, (), heard=False))
            self._current = None

    def _run(self) -> None:
        try:
            recogniser = self._build()
        except BaseException as error:
            self.failure = error
            recogniser = None
        utterance: int | None = None
        while (item := self._queue.get()) is not None:
            self.busy = True
            if isinstance(item, _Begin):
                utterance = item.utterance
            dropped = utterance in self._dropped
            if recogniser is not None and self.failure is None and not dropped:
                try:
                    self._step(recogniser, item)
                except Exception as error:
                    self.failure = error
            if self.failure is not None and utterance is not None and not dropped:
                self._ready.put(Transcript(utterance, (), heard=False))
                utterance = None
            if isinstance(item, _Finish):
                utterance = None
                self.behind = self.behind and not self._queue.empty()
            self.steps += 1
            self.busy = False
        if recogniser is not None:
            recogniser.close()

    def _step(self, recogniser: Recogniser, item: _Begin | Samples | _Finish) -> None:
        if isinstance(item, _Begin):
            recogniser.begin(item.utterance, item.first_sample)
        elif isinstance(item, _Finish):
            recogniser.finish()
            for transcript in recogniser.transcripts():
                self._ready.put(transcript)
        else:
            recogniser.accept(item)
