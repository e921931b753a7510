"""The composition root of a live lesson: parts built, threads started, watched and stopped.

The pipeline thread owns all detection state. The main thread draws, reads the buttons and looks
after the others; when one of them dies, the lesson is closed and the program ends with an error.
"""

from __future__ import annotations

import logging
import os
import queue
import threading
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Literal

from rich.console import Console

from device.audio.frames import Source
from device.audio.patient import PatientMicrophone
from device.clock import Clock
from device.detect.recogniser import ThreadedRecogniser
from device.detect.words import Recogniser
from device.errors import DenkpauzeError, ModelError
from device.feedback.build import BuiltOutputs
from device.feedback.buttons import Press
from device.feedback.cueing import Cueing
from device.feedback.driver import CueDriver
from device.feedback.light import BoxState
from device.feedback.policy import CuePolicy
from device.feedback.terminal import TerminalView
from device.feedback.timeline import AudioTimeline
from device.journal import Journal, JournalWriter, Unfinished
from device.lesson_plan import LessonPlan
from device.lesson_sound import LessonSound
from device.live_box import LiveBox
from device.live_feed import LiveFeed
from device.parts import (
    build_telemetry,
    build_view,
    journal_path,
    open_box,
    open_outputs,
)
from device.pipeline import Pipeline, Step
from device.recogniser_watch import RecogniserWatch
from device.settings import Settings
from device.telemetry.client import Telemetry
from device.telemetry.commands import Actions
from device.texts import text
from device.watchdog import ServiceManager, Watchdog
from lesson.events import (
    Health,
    HealthPart,
    HealthState,
    LessonEnded,
    LessonEvent,
    Mark,
)
from lesson.metrics import summarise
from lesson.summary import LessonSummary

log = logging.getLogger(__name__)

MAIN_LOOP_S = 0.05
JOIN_S = 10.0
#: speech that was heard may still have to be decoded on a slow machine
BACKLOG_S = 60.0
EndReason = Literal["button", "end_of_recording", "stopped", "interrupted"]


@dataclass(frozen=True, slots=True)
class LessonResult:
    """What is left when a live lesson is over."""

    lesson: str
    summary: LessonSummary
    written: bool


class LessonRun:
    """One live lesson.

    Args:
        settings: outputs, journal and broker.
        plan: language, class list, mode, target and model.
        source: microphone or paced recording; closed here.
        clock: time.
        console: where the terminal view is drawn.
        real_time: False when the recording is played at another speed; cues are then not armed
            ahead on the monotonic clock.
        resumes: a lesson that this device was hearing until a short while ago goes on; one that
            fails is left open for that.
        manager: the service manager, which is told whether sound is worked through.
    """

    def __init__(
        self,
        settings: Settings,
        plan: LessonPlan,
        source: Source,
        clock: Clock,
        console: Console,
        *,
        real_time: bool = True,
        resumes: bool = False,
        manager: ServiceManager | None = None,
    ) -> None:
        self._settings = settings
        self._plan = plan
        self._source = source
        self._clock = clock
        self._console = console
        self._real_time = real_time
        self._resumes = resumes
        self._watchdog = Watchdog(manager or ServiceManager(), clock)
        self._unfinished: Unfinished | None = None
        self._torn = False
        self.sound = LessonSound(source, clock, None, None)
        self._stop = threading.Event()
        self._news: queue.SimpleQueue[LessonEvent] = queue.SimpleQueue()
        self._presses: queue.Queue[Press] = queue.Queue(maxsize=64)
        self._position_s = 0.0
        self._watch: RecogniserWatch | None = None
        self._failure: BaseException | None = None
        self._ended: EndReason = "end_of_recording"

    def stop(self, *_signal: object, reason: EndReason = "stopped") -> None:
        """End the lesson soon; may be called from a signal handler or another thread."""
        self._ended = reason
        self._stop.set()

    def run(self) -> LessonResult:
        """Hear the lesson to its end.

        Raises:
            DenkpauzeError: the sound, the journal or a thread failed for good.
        """
        settings, clock = self._settings, self._clock
        with ExitStack() as parts:
            recogniser = self._recogniser()
            parts.callback(recogniser.close)
            journal = parts.enter_context(
                Journal.open(journal_path(settings), settings.device.id, clock)
            )
            if journal.set_aside is not None:
                self._torn = self._resumes
                self._warn(f"the journal was damaged and is kept as {journal.set_aside}")
                self._report(HealthPart.JOURNAL, HealthState.LOST)
            telemetry = build_telemetry(
                settings,
                self._plan,
                journal,
                clock,
                lambda state, text: self._report(HealthPart.LINK, state, text),
            )
            if telemetry is not None:
                telemetry.start()
                parts.callback(telemetry.stop)
            writer = JournalWriter(
                journal,
                clock,
                on_written=telemetry.wake if telemetry else lambda _written: None,
                on_health=lambda state, text: self._report(HealthPart.JOURNAL, state, text),
            )
            parts.enter_context(writer)
            lesson, before = self._begin_lesson(journal, writer)
            written = self._hear(parts, lesson, before, recogniser, writer, telemetry)
            # in memory they would grow with the lesson
            events = [envelope.event for envelope in journal.events(lesson)]
            return LessonResult(lesson, summarise(events), written)

    def _begin_lesson(
        self, journal: Journal, writer: JournalWriter
    ) -> tuple[str, tuple[LessonEvent, ...]]:
        """A new lesson, or the one that goes on after a restart: its id and its events so far."""
        started = self._plan.started(self._clock.now())
        unfinished = journal.unfinished if self._resumes else None
        if unfinished is None or not unfinished.continues_as(started):
            return writer.start_lesson(started), (started,)
        self._unfinished = unfinished
        self._position_s = unfinished.lost_t
        self._warn(text(self._plan.language, "lesson.goes_on"))
        before = tuple(envelope.event for envelope in journal.events(unfinished.lesson))
        return unfinished.lesson, before

    def _recogniser(self) -> Recogniser:
        """The plan's recogniser; without one that works, pauses are measured all the same."""
        try:
            recogniser = self._plan.recogniser(threaded=True)
        except ModelError as error:
            self._plan = self._plan.without_words(str(error))
            recogniser = self._plan.recogniser(threaded=True)
        if self._plan.problem:
            line = text(self._plan.language, "words.none", problem=self._plan.problem)
            self._warn(line)
            self._report(HealthPart.RECOGNISER, HealthState.DEGRADED)
        return recogniser

    def _hear(
        self,
        parts: ExitStack,
        lesson: str,
        before: tuple[LessonEvent, ...],
        recogniser: Recogniser,
        writer: JournalWriter,
        telemetry: Telemetry | None,
    ) -> bool:
        """Hear it to its end; whether all was written."""
        settings, plan, clock = self._settings, self._plan, self._clock
        view = parts.enter_context(
            build_view(settings, plan, self._source.name, clock, self._console)
        )
        box = open_box(settings, self._presses, clock)
        parts.callback(box.close)
        built = open_outputs(settings, plan.mode)
        missing = [*box.warnings, *built.warnings]
        if isinstance(self._source, PatientMicrophone) and self._source.problem:
            missing.append(self._source.problem)
        for warning in missing:
            self._warn(warning)
        if box.warnings or built.warnings:
            self._report(HealthPart.OUTPUT, HealthState.DEGRADED)
        driver = self._driver(built) if built.outputs else None
        if driver is not None:
            parts.enter_context(driver)
        timeline = AudioTimeline() if self._real_time else None
        self.sound = LessonSound(self._source, clock, timeline, self._unfinished, self._torn)
        self._cueing = Cueing(CuePolicy(self._plan.mode, self._plan.target_s), driver, timeline)
        if isinstance(recogniser, ThreadedRecogniser):
            self._watch = RecogniserWatch(
                recogniser, clock, lambda state: self._hears_otherwise(state, view)
            )
        pipeline = Pipeline(self._plan.listener(recogniser), self._cueing, self.sound.taken_samples)
        view.update(self._position_s, (), before)
        if telemetry is not None:
            telemetry.set_status("ready", lesson)
        live_box = LiveBox(
            self._source,
            box,
            self._presses,
            view,
            on_mark=lambda what: self._news.put(Mark(t=self._position_s, by="teacher", label=what)),
            mute_cues=self._cueing.mute_cues,
            end_lesson=lambda: self.stop(reason="button"),
            outputs=built.outputs,
            watched=lambda: telemetry is not None and telemetry.commands.watched,
        )
        feed = LiveFeed(lesson, self._plan.target_s, telemetry.publish_live if telemetry else None)
        if telemetry is not None:
            telemetry.commands.open(lesson, self._actions(live_box, feed))

        def take(step: Step) -> None:
            events = (*step.events, *self._waiting_news())
            self._position_s = step.position_s
            for event in events:
                writer.append(lesson, event)
            writer.still_heard(lesson, step.position_s)
            view.update(step.position_s, step.phases, events)
            feed.step(
                step,
                muted=live_box.muted,
                trouble=not live_box.flowing,
                cues_muted=live_box.cues_muted,
            )

        thread = threading.Thread(
            target=self._pipeline_thread, args=(pipeline, take), name="pipeline"
        )
        try:
            live_box.show(BoxState.LISTENING)
            thread.start()
            self._supervise(thread, view, live_box, writer, telemetry)
        except Exception as error:
            self._failure = error  # the lesson is closed before it is raised again
        finally:
            self._watchdog.stopping("closing the lesson")
            self._source.close()
            thread.join(JOIN_S)
            if not getattr(self._source, "hung", False):
                thread.join(BACKLOG_S)
            live_box.show(BoxState.STOPPED)
            if telemetry is not None:
                telemetry.commands.close()
        self._close_lesson(lesson, writer, view, thread)
        if telemetry is not None:
            telemetry.set_status("sleeping")
        return writer.stop()

    def _actions(self, box: LiveBox, feed: LiveFeed) -> Actions:
        """What those who watch live may have this lesson do."""

        def set_target(target_s: float) -> None:
            self._cueing.set_target(target_s)
            feed.set_target(target_s)

        return Actions(
            mark=lambda label: self._news.put(Mark(t=self._position_s, by="trainer", label=label)),
            mute_cues=box.mute_cues,
            set_target=set_target,
        )

    def _pipeline_thread(self, pipeline: Pipeline, take: Callable[[Step], None]) -> None:
        try:
            with self._source:
                for item in self.sound.items():
                    for step in pipeline.feed(item):
                        take(step)
                    if self._stop.is_set():
                        break
            for step in pipeline.finish():
                take(step)
        except BaseException as error:
            self._failure = error

    def _supervise(
        self,
        thread: threading.Thread,
        view: TerminalView,
        box: LiveBox,
        writer: JournalWriter,
        telemetry: Telemetry | None,
    ) -> None:
        while thread.is_alive() and not self._stop.is_set():
            self._clock.sleep(MAIN_LOOP_S)
            box.look(self._clock.monotonic())
            status = box.status
            if telemetry is not None:
                view.set(link="up" if telemetry.connected else "down")
                status += "" if telemetry.connected else "; no broker, events are kept"
            view.draw()
            self._watchdog.look(self.sound.progress, status)
            if self._watch is not None:
                self._watch.look()
            if not writer.alive:
                raise DenkpauzeError("the journal's thread stopped: start the device again")

    def _hears_otherwise(self, state: HealthState, view: TerminalView) -> None:
        """The recogniser runs behind, has caught up, or hangs."""
        said = {HealthState.OVERFLOW: "speech runs behind", HealthState.DEGRADED: "does not answer"}
        view.set(speech_behind=state is HealthState.OVERFLOW)
        self._report(HealthPart.RECOGNISER, state, said.get(state, ""))
        if state is HealthState.DEGRADED:
            language = self._plan.language
            self._warn(text(language, "words.none", problem=text(language, "words.hang")))

    def _close_lesson(
        self, lesson: str, writer: JournalWriter, view: TerminalView, thread: threading.Thread
    ) -> None:
        if self._failure is not None:
            self._ended = "interrupted"
        hung = thread.is_alive() or getattr(self._source, "hung", False)
        last = self._waiting_news()
        if not (self._resumes and (hung or self._failure is not None)):
            last = (*last, LessonEnded(t=self._position_s, reason=self._ended))
        for event in last:
            writer.append(lesson, event)
        view.update(self._position_s, (), last)
        dropped = self._watch.dropped_utterances if self._watch is not None else 0
        if dropped:
            self._warn(text(self._plan.language, "words.dropped", n=dropped))
        if hung:
            # A frozen sound server never lets go of its thread: only leaving the process helps.
            writer.stop()
            view.close()
            what = "sound server" if getattr(self._source, "hung", False) else "device"
            self._warn(f"the {what} hangs; the lesson is kept. Start the device again")
            os._exit(1)
        if self._failure is not None:
            raise self._failure

    def _driver(self, built: BuiltOutputs) -> CueDriver:
        return CueDriver(
            built.outputs,
            self._clock,
            on_degraded=lambda degraded: self._report(
                HealthPart.OUTPUT, HealthState.DEGRADED, str(degraded)
            ),
        )

    def _waiting_news(self) -> tuple[LessonEvent, ...]:
        """Events of other threads join here, so that all are written in one order."""
        news = []
        while not self._news.empty():
            news.append(self._news.get())
        return tuple(news)

    def _report(self, part: HealthPart, state: HealthState, text: str = "") -> None:
        if text:
            log.warning("%s: %s", part.value, text)
        self._news.put(Health(t=self._position_s, part=part, state=state))

    def _warn(self, text: str) -> None:
        self._console.print(text, style="yellow", markup=False, soft_wrap=True)
