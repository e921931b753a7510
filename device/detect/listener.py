"""The detection core: frames in, lesson events and live phases out. No thread, clock or file.

``feed`` is stepped once per frame and owns all state. What is *written* depends on the samples
alone; when the live phase changes also depends on how soon the recogniser answers.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from device.audio.frames import SAMPLE_RATE, Discontinuity, Frame, SourceState
from device.detect.chunks import ChunkBuilder, is_teacher, with_transcript
from device.detect.entries import seconds
from device.detect.features import FrameAnalyser, FrameFeatures
from device.detect.feedback_talk import FeedbackReader
from device.detect.kinds import SpanKind
from device.detect.ledger import Ledger, Verdict
from device.detect.live import LivePhase
from device.detect.others import OtherVoices
from device.detect.questions.scoring import QuestionScorer
from device.detect.reading import Chunk, Reader
from device.detect.signal import SignalGuard
from device.detect.spans import Span, SpanEnd, SpanOnset, SpanTracker
from device.detect.turns import TurnBuilder
from device.detect.words import Recogniser, Transcript
from device.roster import Roster
from lesson.events import Health, HealthPart, HealthState, LessonEvent, Source
from lesson.phases import Phase

Output = LessonEvent | Phase

#: when a voice in a pause is judged: from 0.30 s after its onset on, every 0.1 s
_JUDGED_FROM_FRAMES = 15
_JUDGED_EVERY_FRAMES = 5
#: within the gap that an utterance may have: speech so soon after the sound began, or came back,
#: had begun before, and without its beginning «… voert de lucht weg» would be a question
#: (definition B6, 26)
_CUT_OFF_SAMPLES = round(0.5 * SAMPLE_RATE)


@dataclass(frozen=True, slots=True)
class _Gap:
    """Nothing may be measured across this place."""

    first_sample: int
    reason: str = "sound_lost"


class Listener:
    """Hears one lesson.

    Args:
        recogniser: where the teacher's speech is sent to; ``Deaf`` when there is no model.
        roster: the class list, for names.
        language: ``nl`` or ``en``.
        scorer: another question scorer than the language's own.
        near: ``False`` when nobody wears the microphone: then nobody knows who speaks.
    """

    def __init__(
        self,
        recogniser: Recogniser,
        roster: Roster,
        language: str,
        scorer: QuestionScorer | None = None,
        near: bool = True,
    ) -> None:
        self._recogniser = recogniser
        self._analyser = FrameAnalyser()
        self._tracker = SpanTracker(near)
        self._others = OtherVoices()
        self._chunks = ChunkBuilder(recogniser)
        self._guard = SignalGuard()
        self._turns = TurnBuilder()
        self._ledger = Ledger(
            Reader(roster, language, scorer), FeedbackReader(language), speakers_known=near
        )
        self._live = LivePhase()
        self._entries: deque[Chunk | Span | _Gap] = deque()
        self._transcripts: dict[int, Transcript] = {}
        self._masks: list[tuple[int, int]] = []
        self._position = 0
        self._lost: SourceState | None = None
        self._lost_samples = 0
        self._cut_off_until = 0
        #: since the last gap nothing was heard that does not hang on what is missing
        self._interrupted = False
        #: … and somebody else has spoken
        self._answered = False

    @property
    def position(self) -> int:
        """Sample number up to which the lesson was heard."""
        return self._position

    def mask(self, first_sample: int, end_sample: int) -> None:
        """Ignore a sound of our own: the earpiece tick must not end the pause."""
        self._masks.append((first_sample, end_sample))

    def look_ahead(self, items: Sequence[Frame | Discontinuity]) -> None:
        """Announce what ``feed`` will get next: frames are measured faster together."""
        self._analyser.look_ahead(item for item in items if isinstance(item, Frame))

    def feed(self, item: Frame | Discontinuity) -> list[Output]:
        """Take the next frame, or the news that some sound is missing."""
        if isinstance(item, Discontinuity):
            return self._break(item)
        outputs = self._hear_again()
        self._position = item.end_sample
        features = self._analyser.analyse(item, self._tracker.wearer.vad_gain)
        masked = self._is_masked(item)
        found = self._tracker.step(features, masked)
        spans = self._others.step(features, self._tracker, found, masked)
        outputs += self._watch(features)
        outputs += self._take_spans(spans)
        self._judge_held_voice()
        self._chunks.feed(item, self._tracker)
        self._collect_chunks()
        return outputs + self._settle(self._recogniser.transcripts())

    def finish(self) -> list[Output]:
        """The lesson is over: everything that was heard becomes final."""
        outputs = self._take_spans(self._others.flush(self._tracker, self._tracker.flush()))
        self._chunks.flush()
        self._collect_chunks()
        self._chunks.forget()
        outputs += self._settle(self._recogniser.drain())
        self._ledger.finish()
        outputs += self._ledger.take()
        return outputs + list(self._turns.flush())

    def _watch(self, features: FrameFeatures) -> list[Output]:
        """Where the class drowns the teacher nothing is measured: no pause, no turn, no name."""
        trusted = self._guard.trusted
        outputs: list[Output] = [*self._guard.step(features, self._tracker)]
        if trusted and not self._guard.trusted:
            self._entries.append(_Gap(self._position, "too_noisy"))
            outputs += self._turns.flush()
            self._live.noisy(self._position)
        return outputs

    def _judge_held_voice(self) -> None:
        """A voice in a pause puts out the light once it is too long or too varied for an «eh»."""
        span = self._tracker.open
        if not self._live.held or span is None:
            return
        frames = len(span.frames)
        if frames < _JUDGED_FROM_FRAMES or frames % _JUDGED_EVERY_FRAMES:
            return
        if span.kind is SpanKind.LEXICAL:
            self._live.confirm(self._position)

    def _take_spans(self, spans: list[SpanOnset | SpanEnd]) -> list[Output]:
        outputs: list[Output] = []
        for event in spans:
            span = event.span
            if isinstance(event, SpanOnset):
                self._live.onset(span.source, span.first_sample, self._position)
                continue
            whole = self._is_whole(span)
            if span.lexical:
                outputs += self._turns.step(span) if self._guard.trusted else []
                if is_teacher(span):
                    self._chunks.add(span, self._may_ask(whole))
                elif self._guard.trusted:
                    self._answered = self._interrupted
                    self._entries.append(span)
        return outputs

    def _may_ask(self, whole: bool) -> bool:
        """Whether what the teacher just said may be a question, after all that was not heard.

        Who speaks first after a gap may be a pupil, taken for the teacher. And what is said behind
        an answer to a question that nobody heard («klopt») belongs to that exchange.
        """
        answered, self._answered = self._answered, False
        known = self._tracker.wearer.learnt or not self._interrupted
        asks = self._guard.trusted and whole and known and not answered
        if asks or answered:
            self._interrupted = False
        return asks

    def _is_whole(self, span: Span) -> bool:
        """Whether its utterance began after the sound did, or after its last loss."""
        if span.first_sample - self._cut_off_until >= _CUT_OFF_SAMPLES:
            return True
        self._cut_off_until = max(self._cut_off_until, span.end_sample)
        return False

    def _collect_chunks(self) -> None:
        """Entries keep the order of the sound: somebody else may end before the teacher's chunk."""
        for chunk in self._chunks.take():
            later = []
            while self._entries and _begins(self._entries[-1]) > chunk.first_sample:
                later.append(self._entries.pop())
            self._entries.append(chunk)
            self._entries.extend(reversed(later))

    def _settle(self, transcripts: list[Transcript]) -> list[Output]:
        """Write down all entries whose words are known, then let time pass."""
        for transcript in transcripts:
            self._transcripts[transcript.utterance] = transcript
        while self._entries and self._is_ready(self._entries[0]):
            verdict = self._enter(self._entries.popleft())
            self._live.decide(verdict, self._position)
        if not self._entries and self._is_quiet():
            self._live.decide(self._ledger.pass_time(self._position), self._position)
        self._live.pass_time(self._position)
        return [*self._ledger.take(), *self._live.take()]

    def _is_ready(self, entry: Chunk | Span | _Gap) -> bool:
        if isinstance(entry, Chunk):
            return entry.number in self._transcripts
        said_since = self._chunks.open_since
        return said_since is None or _begins(entry) <= said_since

    def _enter(self, entry: Chunk | Span | _Gap) -> Verdict:
        if isinstance(entry, Chunk):
            return self._ledger.teacher(with_transcript(entry, self._transcripts.pop(entry.number)))
        if isinstance(entry, Span):
            return self._ledger.other(
                entry.first_sample, entry.end_sample, entry.source is Source.MANY
            )
        return self._ledger.gap(entry.first_sample, entry.reason)

    def _break(self, gap: Discontinuity) -> list[Output]:
        outputs: list[Output] = []
        self._interrupted = True
        if self._lost is None:
            spans = self._others.flush(self._tracker, self._tracker.flush())
            outputs += self._take_spans(spans)
            self._chunks.flush()
            self._collect_chunks()
            self._entries.append(_Gap(gap.first_sample))
            outputs += self._turns.flush()
            self._live.lost(gap.first_sample)
        if gap.state is not self._lost:
            self._lost = gap.state
            outputs.append(
                Health(
                    t=seconds(gap.first_sample),
                    part=HealthPart.MICROPHONE,
                    state=HealthState(gap.state.value),
                )
            )
        self._lost_samples += gap.end_sample - gap.first_sample
        self._position = self._cut_off_until = gap.end_sample
        self._tracker.reset()
        self._others.reset()
        self._analyser.reset()
        self._chunks.forget()
        return outputs + self._settle(self._recogniser.transcripts())

    def _hear_again(self) -> list[Output]:
        if self._lost is None:
            return []
        self._lost = None
        self._live.resumed(self._position)
        missing, self._lost_samples = self._lost_samples, 0
        return [
            Health(
                t=seconds(self._position),
                part=HealthPart.MICROPHONE,
                state=HealthState.OK,
                missing_s=missing / SAMPLE_RATE,
            )
        ]

    def _is_quiet(self) -> bool:
        return (
            self._chunks.open_since is None and self._tracker.open is None and not self._others.open
        )

    def _is_masked(self, frame: Frame) -> bool:
        if not self._masks:
            return False
        self._masks = [mask for mask in self._masks if mask[1] > frame.first_sample]
        return any(first < frame.end_sample for first, _ in self._masks)


def _begins(entry: Chunk | Span | _Gap) -> int:
    return entry.first_sample
