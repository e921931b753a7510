"""From a timeline to the sound at the clip microphone, and to a FLAC file."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from tools.demo_lesson import sounds
from tools.demo_lesson.script import TEACHER, Script
from tools.demo_lesson.timeline import Stage, Timeline, seeded
from tools.demo_lesson.voice import SAMPLE_RATE, Sound, Synthesizer

_FULL_SCALE = 32_767
#: Path numbers of the random generators; 1 belongs to the noises of the timeline.
_TEACHER_ROOM, _FAR_ROOM, _VENTILATION, _BABBLE = 2, 3, 4, 5
_FAR_PLACES = 5


@dataclass(frozen=True, slots=True)
class Rendering:
    """A rendered lesson.

    Attributes:
        samples: int16, shape (n,), 16 kHz mono.
        timeline: where everything is.
        snr_db: the teacher's active level over each background noise and over all of them.
        synthesizer: name and version of the speech synthesizer.
    """

    samples: NDArray[np.int16]
    timeline: Timeline
    snr_db: dict[str, float]
    synthesizer: str

    @property
    def duration_s(self) -> float:
        return len(self.samples) / SAMPLE_RATE


def _rms(sound: Sound) -> float:
    return float(np.sqrt((sound**2).mean()))


def _gain(level_db: float) -> float:
    return float(10 ** (level_db / 20))


class Renderer:
    """Renders a script with one synthesizer."""

    def __init__(self, script: Script, synthesizer: Synthesizer) -> None:
        self._script = script
        self._synthesizer = synthesizer
        room = script.room
        self._near = sounds.room_response(
            seeded(script, _TEACHER_ROOM), room.reverberation_s, room.teacher_direct_to_reverb_db
        )
        self._far = [
            sounds.room_response(
                seeded(script, _FAR_ROOM, place),
                room.reverberation_s,
                room.pupil_direct_to_reverb_db,
            )
            for place in range(_FAR_PLACES)
        ]

    def render(self, limit_s: float | None = None) -> Rendering:
        """The whole lesson, or its first ``limit_s`` seconds."""
        timeline = Stage(self._script, self._synthesizer).play(limit_s)
        end_s = timeline.cursor / SAMPLE_RATE + self._script.lesson.end_s
        samples = int((end_s if limit_s is None else limit_s) * SAMPLE_RATE)
        speech = self._mix(timeline, samples)
        room = self._script.room
        background = {
            "ventilation": sounds.ventilation(seeded(self._script, _VENTILATION), samples)
            * _gain(-room.ventilation_snr_db),
            "babble": self._babble(samples) * _gain(-room.babble_snr_db),
        }
        heard = (speech + sum(background.values())) * _gain(self._script.lesson.level_dbfs)
        snr_db = {kind: -20 * np.log10(_rms(noise)) for kind, noise in background.items()}
        snr_db["total"] = -20 * np.log10(_rms(sum(background.values(), np.zeros(samples))))
        return Rendering(
            samples=np.round(np.clip(heard, -1.0, 1.0) * _FULL_SCALE).astype(np.int16),
            timeline=timeline,
            snr_db={kind: round(float(value), 1) for kind, value in snr_db.items()},
            synthesizer=f"espeak-ng {self._synthesizer.version}",
        )

    def _place(self, source: str) -> Sound:
        names = self._script.roster.names
        return self._far[names.index(source) % _FAR_PLACES if source in names else 0]

    def _mix(self, timeline: Timeline, samples: int) -> Sound:
        """All clips through the room, relative to a teacher of level 1."""
        mixed = np.zeros(samples)
        for clip in timeline.clips:
            response = self._near if clip.source == TEACHER else self._place(clip.source)
            heard = sounds.through_room(clip.sound, response) * _gain(clip.level_db)
            end = min(clip.start + len(heard), samples)
            if clip.start < end:
                mixed[clip.start : end] += heard[: end - clip.start]
        return mixed

    def _babble(self, samples: int) -> Sound:
        """Pupils who murmur at the back, several at a time; RMS 1."""
        room, names = self._script.room, self._script.roster.names
        mixed = np.zeros(samples)
        for speaker in range(room.babble_speakers):
            random = seeded(self._script, _BABBLE, speaker)
            voice = self._script.voices[names[speaker % len(names)]]
            sentences = [self._synthesizer.say(voice, text) for text in room.chatter]
            at = int(random.integers(SAMPLE_RATE))
            line = np.zeros(samples)
            while at < samples:
                sentence = sentences[int(random.integers(len(sentences)))]
                kept = sentence[: samples - at]
                line[at : at + len(kept)] += kept
                at += len(sentence) + int(random.exponential(0.7) * SAMPLE_RATE)
            far = self._far[speaker % _FAR_PLACES]
            mixed += sounds.through_room(line, far)[:samples] if np.any(line) else line
        return mixed / _rms(mixed)


def write_flac(path: Path, samples: NDArray[np.int16]) -> None:
    """Write 16 kHz mono 16-bit FLAC; the same samples give the same bytes."""
    with av.open(str(path), "w", format="flac", options={"fflags": "+bitexact"}) as container:
        stream = container.add_stream("flac", rate=SAMPLE_RATE, layout="mono")
        stream.codec_context.format = "s16"
        frame = av.AudioFrame.from_ndarray(samples[np.newaxis, :], format="s16", layout="mono")
        frame.sample_rate = SAMPLE_RATE
        frame.time_base = Fraction(1, SAMPLE_RATE)
        frame.pts = 0
        for packet in (*stream.encode(frame), *stream.encode(None)):
            container.mux(packet)
