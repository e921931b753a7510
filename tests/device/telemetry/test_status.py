"""Retained state, will, live phase and hostile payloads against a real mosquitto."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from device_process import launch
from mosquitto import Mosquitto
from paho.mqtt import publish
from proxy import Proxy
from receiver import Receiver

from device.telemetry.client import LIVE_INTERVAL_S
from lesson import topics
from lesson.wire import Acknowledgement, DeviceStatus, LiveState

pytestmark = [pytest.mark.broker, pytest.mark.slow]

DEVICE = "lokaal-12"


def live(t: float) -> LiveState:
    return LiveState(lesson="lesson00", t=t, phase="think", think_s=t, target_s=3)


def send(broker: Mosquitto, topic: str, payload: bytes | str, retain: bool = False) -> None:
    publish.single(topic, payload, 1, retain, broker.host, broker.port)


def names(receiver: Receiver) -> list[str]:
    return [state.state for state in receiver.states]


def test_state_and_info_are_retained_at_each_connection(chain: Callable, mosquitto) -> None:
    device = chain(mosquitto.port)
    device.telemetry.set_status("ready", device.lesson)
    device.start()
    device.wait_until(lambda: device.telemetry.connected)
    with Receiver(mosquitto.host, mosquitto.port) as receiver:
        receiver.wait(lambda receiver: bool(receiver.states and receiver.infos))
        expected = DeviceStatus(state="ready", boot=device.journal.boot, lesson=device.lesson)
        assert expected == receiver.states[0]
        mosquitto.kill()
        mosquitto.start()  # it has forgotten what was retained
        receiver.states.clear()
        receiver.infos.clear()
        receiver.wait(lambda receiver: bool(receiver.states and receiver.infos))
        assert expected == receiver.states[0]


def test_a_clean_stop_says_disconnected_and_no_will_follows(chain: Callable, mosquitto) -> None:
    with Receiver(mosquitto.host, mosquitto.port) as receiver:
        device = chain(mosquitto.port)
        device.telemetry.set_status("ready")
        device.start()
        receiver.wait(lambda receiver: "ready" in names(receiver))
        device.telemetry.stop()
        receiver.wait(lambda receiver: "disconnected" in names(receiver))
        assert "disconnected" == names(receiver)[-1]


def test_a_cut_link_shows_lost_and_then_the_truth_again(chain: Callable, mosquitto) -> None:
    with Proxy(mosquitto.port) as proxy, Receiver(mosquitto.host, mosquitto.port) as receiver:
        device = chain(proxy.port)
        device.telemetry.set_status("ready")
        device.start()
        receiver.wait(lambda receiver: "ready" in names(receiver))
        proxy.set("refuse")
        receiver.wait(lambda receiver: "lost" in names(receiver))
        assert device.journal.boot == receiver.states[-1].boot
        proxy.set("pass")
        receiver.wait(lambda receiver: names(receiver)[-1] == "ready")


def test_a_stale_lost_is_corrected_while_the_device_lives(chain: Callable, mosquitto) -> None:
    with Receiver(mosquitto.host, mosquitto.port) as receiver:
        device = chain(mosquitto.port)
        device.telemetry.set_status("ready")
        device.start()
        receiver.wait(lambda receiver: "ready" in names(receiver))
        stale = DeviceStatus(state="lost", boot="0" * 16).model_dump_json()
        send(mosquitto, topics.status(DEVICE), stale, retain=True)
        receiver.wait(lambda receiver: names(receiver)[-2:] == ["lost", "ready"])
        assert device.journal.boot == receiver.states[-1].boot


def test_nonsense_on_the_acknowledgement_topic_is_counted_and_harmless(
    chain: Callable, mosquitto
) -> None:
    device = chain(mosquitto.port)
    device.write(3)
    device.start()
    device.wait_until(lambda: device.telemetry.counters["published"] >= 4)
    boot = device.journal.boot
    topic = topics.acknowledgement(DEVICE)
    for payload in (
        b"",
        b"\xff\x00 not JSON",
        b'{"v": 1, "boot": "' + boot.encode() + b'", "upto": 2, "extra": true}',
        b'{"v": 2, "boot": "' + boot.encode() + b'", "upto": 2}',
        b'{"v": 1, "boot": "' + boot.encode() + b'", "upto": -1}',
        b"[" * 5000,
    ):
        send(mosquitto, topic, payload)
    for boot_id, upto in (("f" * 16, 3), (boot, 5), (boot, 9_999_999_999)):
        ack = Acknowledgement(boot=boot_id, upto=upto).model_dump_json()
        send(mosquitto, topic, ack)
        device.wait_until(lambda: device.telemetry.counters["foreign"] >= 1)
        device.telemetry.counters["foreign"] = 0
    device.wait_until(lambda: device.telemetry.counters["malformed"] == 6)
    assert 4 == device.outbox.count()
    send(mosquitto, topic, Acknowledgement(boot=boot, upto=4).model_dump_json())
    device.wait_until_empty()
    assert 0 == device.telemetry.counters["callback_errors"]


def test_live_shows_the_newest_phase_and_at_most_five_a_second(chain: Callable, mosquitto) -> None:
    with Receiver(mosquitto.host, mosquitto.port) as receiver:
        device = chain(mosquitto.port)
        device.start()
        device.wait_until(lambda: device.telemetry.connected)
        began = device.clock.monotonic()
        for step in range(200):
            device.telemetry.publish_live(live(step / 100))
            device.clock.sleep(0.002)
        receiver.wait(lambda receiver: bool(receiver.lives) and receiver.lives[-1].t == 1.99)
        took = device.clock.monotonic() - began
        assert len(receiver.lives) <= took / LIVE_INTERVAL_S + 1


def test_live_is_dropped_while_offline(chain: Callable, mosquitto) -> None:
    mosquitto.kill()
    device = chain(mosquitto.port)
    device.start()
    device.telemetry.publish_live(live(1))
    device.wait_until(lambda: device.telemetry.counters["live_dropped"] == 1)
    mosquitto.start()
    with Receiver(mosquitto.host, mosquitto.port) as receiver:
        device.wait_until(lambda: device.telemetry.connected)
        device.telemetry.publish_live(live(2))
        receiver.wait(lambda receiver: bool(receiver.lives))
        assert [2.0] == [state.t for state in receiver.lives]


def test_on_a_clogged_line_the_live_phase_is_given_up_and_no_event(
    chain: Callable, mosquitto: Mosquitto
) -> None:
    with (
        Receiver(mosquitto.host, mosquitto.port) as receiver,
        Proxy(mosquitto.port) as proxy,
    ):
        device = chain(proxy.port, keepalive_s=60, resend_after_s=0.2)
        device.start()
        device.wait_until(lambda: device.telemetry.connected)
        device.wait_until_empty()
        proxy.set("hole")
        device.write(100)

        def dropped() -> bool:
            device.telemetry.publish_live(live(7))
            return device.telemetry.counters["live_dropped"] >= 3

        device.wait_until(dropped)
        assert 100 == device.outbox.count()
        proxy.set("pass")
        device.wait_until_empty()
        device.telemetry.publish_live(live(8))
        receiver.wait(lambda receiver: bool(receiver.lives) and receiver.lives[-1].t == 8)
        assert list(range(1, 102)) == receiver.sequence(device.journal.boot)


def test_a_killed_device_leaves_lost_behind(mosquitto: Mosquitto, tmp_path: Path) -> None:
    with Receiver(mosquitto.host, mosquitto.port) as receiver:
        with launch(tmp_path / "journal.db", mosquitto.port, 100_000, 0.01) as process:
            receiver.wait_for_events(5)
            process.send_signal(signal.SIGKILL)
        receiver.wait(lambda receiver: names(receiver)[-1] == "lost")
