"""The telemetry: retained state, the outbox in order, and the live phase, in one thread.

An event leaves the outbox only when the receiver says that it has stored it. Everything else,
a PUBACK included, only decides when it is sent again (``docs/telemetry.md``).
"""

from __future__ import annotations

import contextlib
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from paho.mqtt.client import MQTTMessageInfo

from device.clock import Clock
from device.errors import JournalError
from device.journal.outbox import Outbox
from device.telemetry.commands import CommandDesk
from device.telemetry.home_assistant import announcement
from device.telemetry.link import BrokerAddress, MqttLink
from device.telemetry.mailbox import Letters, LinkChange, Mailbox
from device.telemetry.sender import OutboxSender
from device.telemetry.window import SendWindow
from lesson import topics
from lesson.events import HealthState
from lesson.wire import COMMAND_FOR_S, Command, DeviceInfo, DeviceStatus, LiveState

LIVE_INTERVAL_S = 0.2
#: How long leaving waits for the broker to take the last status.
GOODBYE_S = 1.0
#: Time-outs in a row after which a receiver counts as missing: 5 s, then 10 s.
STALLS_TO_REPORT = 2

State = Literal["init", "ready", "sleeping"]


class Telemetry:
    """Sends the outbox of one journal; works without any broker, then the outbox waits.

    Args:
        journal: path of the open journal.
        boot: ``Journal.boot``.
        on_health: called in the telemetry's thread when the link becomes ``LOST`` or
            ``DEGRADED`` (with a line for the user) or ``OK`` again; only on a change, and it
            must not block. It starts from ``OK``.
        watching: whether others may follow lessons live and give commands.
        home_assistant: whether Home Assistant is told that the device is there.

    Attributes:
        commands: carries out what the dashboard asks, while a lesson runs.
        counters: ``connects``, ``published``, ``acknowledged``, ``restored``, ``refused``,
            ``malformed``, ``foreign``, ``status_corrections``, ``commands``, ``live_sent``,
            ``live_dropped``, ``live_replaced``, ``callback_errors``, ``journal_errors``. Each is
            counted in one thread only.
    """

    def __init__(
        self,
        *,
        journal: Path,
        boot: str,
        device: str,
        broker: BrokerAddress,
        info: DeviceInfo,
        clock: Clock,
        on_health: Callable[[HealthState, str], None] = lambda _state, _text: None,
        window: SendWindow | None = None,
        watching: bool = True,
        home_assistant: bool = False,
    ) -> None:
        self.commands = CommandDesk(clock, allowed=watching)
        self._watching = watching
        self._home_assistant = home_assistant
        self.counters: Counter[str] = Counter()
        self._journal = journal
        self._device = device
        self._broker = broker
        self._info = info
        self._clock = clock
        self._on_health = on_health
        self._status = DeviceStatus(state="init", boot=boot)
        self._mailbox = Mailbox(clock)
        self._link = MqttLink(broker, device, self._mailbox, self._will, self.counters)
        self._window = window or SendWindow()
        self._outbox: Outbox | None = None
        self._connected = False
        self._health = HealthState.OK
        self._live: LiveState | None = None
        self._live_at = clock.monotonic()
        self._stop_at: float | None = None
        self._thread = threading.Thread(target=self._run, name="telemetry", daemon=True)

    def start(self) -> None:
        """Open the outbox and begin connecting in the background.

        Raises:
            JournalError: the journal cannot be read.
        """
        self._outbox = Outbox.open(self._journal)
        self._thread.start()
        self._link.start()

    def set_status(self, state: State, lesson: str | None = None) -> None:
        """What the device is doing, published retained now and at each connection."""
        self._status = self._status.model_copy(update={"state": state, "lesson": lesson})
        self._mailbox.status_due()

    def publish_live(self, live: LiveState) -> None:
        """Show the phase: the newest, at most five a second; none offline or while events wait."""
        if self._watching and self._mailbox.show(live):
            self.counters["live_replaced"] += 1

    def wake(self, _written: object = None) -> None:
        """Events were written; fits ``JournalWriter(on_written=…)``."""
        self._mailbox.wake()

    @property
    def connected(self) -> bool:
        return self._connected

    @property
    def alive(self) -> bool:
        """False once the thread has ended; before ``stop`` that is a defect."""
        return self._thread.is_alive()

    def stop(self, timeout_s: float = 5.0) -> None:
        """Send what is left for at most ``timeout_s``, say ``disconnected`` and leave.

        Without a connection it leaves at once. What was not acknowledged stays in the outbox.
        """
        if self._thread.ident is None:
            return
        self._mailbox.stop(self._clock.monotonic() + timeout_s)
        self._thread.join(timeout_s + GOODBYE_S + 1.0)
        self._link.stop()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _run(self) -> None:
        assert self._outbox is not None
        with self._outbox as outbox:
            sender = OutboxSender(outbox, self._link, self._device, self._window, self.counters)
            leaving = False
            while not leaving:
                letters = self._mailbox.collect(self._timeout_s(sender))
                self._stop_at = letters.stop_at
                try:
                    self._handle(letters, sender)
                    leaving = self._may_leave(sender)
                except JournalError:
                    self.counters["journal_errors"] += 1
                    sender.postpone(self._clock.monotonic())
                    leaving = self._stop_at is not None
        if self._connected:
            self._say_goodbye()

    def _handle(self, letters: Letters, sender: OutboxSender) -> None:
        now = self._clock.monotonic()
        if letters.link is not None:
            self._link_changed(letters.link, sender)
        elif letters.status_due and self._connected:
            self._publish_retained(topics.status(self._device), self._status)
        if letters.refused is not None:
            text = f"the broker {self._broker} refuses messages ({letters.refused}): check its ACL"
            self._report(HealthState.DEGRADED, text)
        for boot, upto in letters.acknowledged.items():
            if sender.acknowledged(boot, upto, now) and self._connected:
                self._report(HealthState.OK, "")
        if self._connected:
            sender.send(now)
            if sender.receiver_is_missing:
                text = f"nobody behind the broker {self._broker} stores events: they are kept"
                self._report(HealthState.DEGRADED, text)
        for command in letters.commands:
            self._answer(command)
        self._send_live(letters.live or self._live, now, sender.overloaded)

    def _answer(self, command: Command) -> None:
        """Carry out a command and say so; who is not told within seconds gives it again."""
        done = self.commands.take(command)
        self.counters["commands"] += 1
        if self._connected:
            topic = topics.command_done(self._device)
            payload = done.model_dump_json().encode()
            self._link.publish(topic, payload, qos=1, expiry_s=COMMAND_FOR_S)

    def _link_changed(self, change: LinkChange, sender: OutboxSender) -> None:
        self._connected = change.connected
        if not change.connected:
            text = f"no connection to the broker {self._broker} ({change.reason}): events are kept"
            self._report(HealthState.LOST, text)
            return
        sender.restart()
        self._publish_retained(topics.status(self._device), self._status)
        self._publish_retained(topics.info(self._device), self._info)
        if self._home_assistant:
            payload = announcement(self._device, self._info)
            self._link.publish(topics.home_assistant(self._device), payload, qos=1, retain=True)
        self._report(HealthState.OK, "")

    def _send_live(self, live: LiveState | None, now: float, overloaded: bool) -> None:
        """While events wait nothing else takes room on the line: a live phase soon is stale."""
        self._live = live
        if live is None or (self._connected and now < self._live_at):
            return
        self._live = sent = None
        if self._connected and not overloaded:
            payload = live.model_dump_json().encode()
            sent = self._link.publish(topics.live(self._device), payload, qos=0)
            self._live_at = now + LIVE_INTERVAL_S
        self.counters["live_dropped" if sent is None else "live_sent"] += 1

    def _timeout_s(self, sender: OutboxSender) -> float | None:
        """Until the next thing that is due by itself; ``None`` when nothing is."""
        due = [self._stop_at]
        if self._connected:
            due += [sender.due_at, None if self._live is None else self._live_at]
        first = min((moment for moment in due if moment is not None), default=None)
        return None if first is None else max(0.0, first - self._clock.monotonic())

    def _may_leave(self, sender: OutboxSender) -> bool:
        if self._stop_at is None:
            return False
        return self._clock.monotonic() >= self._stop_at or not self._connected or sender.empty

    def _say_goodbye(self) -> None:
        gone = self._status.model_copy(update={"state": "disconnected", "lesson": None})
        info = self._publish_retained(topics.status(self._device), gone)
        if info is not None:
            with contextlib.suppress(RuntimeError, ValueError):  # the link went meanwhile
                info.wait_for_publish(GOODBYE_S)

    def _publish_retained(
        self, topic: str, message: DeviceStatus | DeviceInfo
    ) -> MQTTMessageInfo | None:
        return self._link.publish(topic, message.model_dump_json().encode(), qos=1, retain=True)

    def _will(self) -> DeviceStatus:
        return self._status.model_copy(update={"state": "lost"})

    def _report(self, state: HealthState, text: str) -> None:
        if state is not self._health:
            self._health = state
            self._on_health(state, text)
