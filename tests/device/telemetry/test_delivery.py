"""Every event once and in order, whatever breaks: real mosquitto, real sockets, real kills."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from device_process import launch
from full_disk import full_disk
from mosquitto import Mosquitto, free_port
from proxy import Proxy
from receiver import Receiver

from device.clock import SystemClock
from device.journal import Journal, Outbox
from device.telemetry import PrivateBroker

pytestmark = [pytest.mark.broker, pytest.mark.slow]


def test_everything_arrives_once_and_the_outbox_empties(chain: Callable, mosquitto) -> None:
    with Receiver(mosquitto.host, mosquitto.port) as receiver:
        device = chain(mosquitto.port)
        device.write(200)
        device.start()
        device.wait_until_empty()
        assert list(range(1, 202)) == receiver.sequence(device.journal.boot)
        assert 0 == receiver.duplicates
        assert 201 == device.telemetry.counters["acknowledged"]


def test_what_arrives_is_what_the_journal_holds(chain: Callable, mosquitto) -> None:
    with Receiver(mosquitto.host, mosquitto.port) as receiver:
        device = chain(mosquitto.port)
        device.start()
        device.write(5)
        receiver.wait_for_events(6)
        assert device.journal.events(device.lesson) == list(receiver.stored.values())


@pytest.mark.parametrize("persistence", [False, True], ids=["forgets everything", "autosave"])
def test_a_broker_killed_in_mid_stream_loses_nothing(
    chain: Callable, tmp_path: Path, persistence: bool
) -> None:
    with (
        Mosquitto(tmp_path / "broker", persistence=persistence) as broker,
        Receiver(broker.host, broker.port) as receiver,
    ):
        device = chain(broker.port)
        device.start()
        for round_number in range(3):
            device.write(150)
            receiver.wait_for_events(150 * round_number + 20)
            broker.kill()
            device.write(50)
            broker.start()
        device.wait_until_empty()
        assert list(range(1, 602)) == receiver.sequence(device.journal.boot)
        print(f"lost 0 of 601, duplicates {receiver.duplicates}")


def test_a_device_killed_in_mid_stream_loses_nothing_that_was_written(
    tmp_path: Path, mosquitto: Mosquitto
) -> None:
    journal = tmp_path / "journal.db"
    with Receiver(mosquitto.host, mosquitto.port) as receiver:
        first = launch(journal, mosquitto.port, 100_000, 0.002)
        with first:
            assert first.stdout is not None
            boot = first.stdout.readline().strip()
            receiver.wait_for_events(100)
            receiver.copies = 0  # from here on nothing leaves the outbox
            written = [first.stdout.readline().strip() for _ in range(300)]
            first.send_signal(signal.SIGKILL)
            written += [line.strip() for line in first.stdout if line.endswith("\n")]
        receiver.copies = 1
        second = launch(journal, mosquitto.port, 0, 0)
        with second:
            output, _ = second.communicate(timeout=60)
        assert 0 == second.returncode
        sequence = receiver.sequence(boot)
        assert list(range(1, len(sequence) + 1)) == sequence
        assert set() == set(written) - set(receiver.stored)
        # the new boot ended the open lesson, and began its own
        assert 2 == len(receiver.sequence(output.split()[0]))
        print(f"lost 0 of {len(written)}, duplicates {receiver.duplicates}")


def test_a_receiver_that_is_away_finds_everything_later(chain: Callable, mosquitto) -> None:
    receiver = Receiver(mosquitto.host, mosquitto.port).start()
    device = chain(mosquitto.port)
    device.start()
    device.write(10)
    receiver.wait_for_events(11)
    receiver.stop()
    device.write(500)
    device.wait_until(lambda: device.states[-1:] == ["degraded"])
    published = device.telemetry.counters["published"]
    with receiver:
        device.wait_until_empty()
        assert list(range(1, 512)) == receiver.sequence(device.journal.boot)
        assert published < 11 + 64 + 10, "an absent receiver costs one window and probes"
        assert ["degraded", "ok"] == device.states


def test_a_broker_that_forgets_what_waits_for_an_absent_receiver_loses_nothing(
    chain: Callable, mosquitto: Mosquitto
) -> None:
    Receiver(mosquitto.host, mosquitto.port).start().stop()  # leaves a session that queues
    device = chain(mosquitto.port)
    device.start()
    device.write(60)
    device.wait_until(lambda: device.telemetry.counters["published"] >= 8)
    mosquitto.kill()  # with every PUBACK given
    mosquitto.start()
    with Receiver(mosquitto.host, mosquitto.port) as receiver:
        device.wait_until_empty()
        assert list(range(1, 62)) == receiver.sequence(device.journal.boot)


def test_a_new_connection_sends_again_without_waiting_for_a_time_out(
    chain: Callable, mosquitto: Mosquitto
) -> None:
    Receiver(mosquitto.host, mosquitto.port).start().stop()
    with Proxy(mosquitto.port) as proxy:
        device = chain(proxy.port, resend_after_s=600)
        device.start()
        device.write(60)
        device.wait_until(lambda: device.telemetry.counters["published"] >= 8)
        proxy.set("refuse")
        mosquitto.kill()
        mosquitto.start()
        with Receiver(mosquitto.host, mosquitto.port) as receiver:
            proxy.set("pass")
            device.wait_until_empty()
            assert list(range(1, 62)) == receiver.sequence(device.journal.boot)


def test_a_full_disk_delays_the_acknowledgements_and_loses_none(
    chain: Callable, mosquitto: Mosquitto
) -> None:
    with Receiver(mosquitto.host, mosquitto.port) as receiver:
        device = chain(mosquitto.port)
        device.write(20)
        with full_disk(device.journal.path):
            device.start()
            receiver.wait_for_events(8)
            device.wait_until(lambda: device.telemetry.counters["journal_errors"] >= 1)
            assert 21 == device.outbox.count()
        device.wait_until_empty()
        assert list(range(1, 22)) == receiver.sequence(device.journal.boot)


def test_stopping_ends_although_the_network_is_a_black_hole(chain: Callable, mosquitto) -> None:
    with Proxy(mosquitto.port) as proxy:
        device = chain(proxy.port, keepalive_s=60)
        device.start()
        device.wait_until(lambda: device.telemetry.connected)
        proxy.set("hole")
        device.write(30)
        device.telemetry.stop(timeout_s=0.5)
        assert not device.telemetry.alive
        assert 31 == device.outbox.count()


def test_a_lost_acknowledgement_is_asked_for_again(chain: Callable, mosquitto) -> None:
    with Receiver(mosquitto.host, mosquitto.port) as receiver:
        receiver.copies = 0
        device = chain(mosquitto.port)
        device.write(5)
        device.start()
        receiver.wait_for_events(6)
        assert 6 == device.outbox.count()
        receiver.copies = 1
        device.wait_until_empty()
        assert 1 <= receiver.duplicates
        assert list(range(1, 7)) == receiver.sequence(device.journal.boot)


def test_repeated_acknowledgements_change_nothing(chain: Callable, mosquitto) -> None:
    with Receiver(mosquitto.host, mosquitto.port) as receiver:
        receiver.copies = 3
        device = chain(mosquitto.port)
        device.start()
        device.write(100)
        device.wait_until_empty()
        assert list(range(1, 102)) == receiver.sequence(device.journal.boot)
        assert 101 == device.telemetry.counters["acknowledged"]
        assert 0 == device.telemetry.counters["restored"]


def test_a_receiver_that_lost_its_data_gets_this_start_again(chain: Callable, mosquitto) -> None:
    with Receiver(mosquitto.host, mosquitto.port) as receiver:
        device = chain(mosquitto.port)
        device.start()
        device.write(40)
        device.wait_until_empty()
        receiver.forget()
        device.write(1)
        device.wait_until_empty()
        assert list(range(1, 43)) == receiver.sequence(device.journal.boot)
        assert 41 == device.telemetry.counters["restored"]


@pytest.mark.parametrize("mode", ["hole", "refuse"])
def test_a_network_that_breaks_loses_nothing(chain: Callable, mosquitto, mode: str) -> None:
    with Proxy(mosquitto.port) as proxy, Receiver(mosquitto.host, mosquitto.port) as receiver:
        device = chain(proxy.port)
        device.start()
        device.write(100)
        receiver.wait_for_events(30)
        proxy.set(mode)
        device.write(300)
        device.wait_until(lambda: "lost" in device.states)
        proxy.set("pass")
        device.wait_until_empty()
        assert list(range(1, 402)) == receiver.sequence(device.journal.boot)
        assert "ok" == device.states[-1]
        print(f"{mode}: lost 0 of 401, duplicates {receiver.duplicates}")


def test_events_of_earlier_starts_arrive_first(chain: Callable, mosquitto, tmp_path: Path) -> None:
    first = chain(free_port())
    first.write(30)
    first.stack.close()
    with Receiver(mosquitto.host, mosquitto.port) as receiver:
        second = chain(mosquitto.port)
        second.start()
        second.wait_until_empty()
        boots = list(dict.fromkeys(envelope.boot for envelope in receiver.stored.values()))
        assert [first.journal.boot, second.journal.boot] == boots
        assert list(range(1, 32)) == receiver.sequence(first.journal.boot)


def test_without_any_broker_the_outbox_waits_and_it_is_said_once(chain: Callable) -> None:
    device = chain(free_port())
    device.start()
    device.write(50)
    device.wait_until(lambda: bool(device.states))
    device.telemetry.stop()
    assert ["lost"] == device.states
    assert 51 == device.outbox.count()


def test_a_broker_that_refuses_events_leaves_them_in_the_outbox(
    chain: Callable, tmp_path: Path
) -> None:
    with denying_broker(tmp_path) as broker:
        device = chain(broker.port, username="lokaal-99", password="secret")
        device.write(3)
        device.start()
        device.wait_until(lambda: device.telemetry.counters["refused"] >= 4)
        assert 4 == device.outbox.count()
        assert "degraded" == device.states[0]
        assert "check its ACL" in device.health[0][1]


def test_the_shipped_acl_lets_a_device_and_the_dashboard_work(
    chain: Callable, tmp_path: Path
) -> None:
    with (
        denying_broker(tmp_path) as broker,
        Receiver(broker.host, broker.port, user="dashboard") as receiver,
    ):
        device = chain(broker.port, username="lokaal-12", password="secret")
        device.start()
        device.write(10)
        device.wait_until_empty()
        receiver.wait(lambda receiver: bool(receiver.states and receiver.infos))
        assert 0 == device.telemetry.counters["refused"]


def test_stopping_closes_everything_and_keeps_what_was_not_acknowledged(
    chain: Callable, mosquitto: Mosquitto
) -> None:
    device = chain(mosquitto.port)
    device.start()
    device.write(5)
    device.telemetry.stop(timeout_s=0.5)
    path = device.journal.path
    device.stack.close()
    assert not device.telemetry.alive
    with Journal.open(path, "lokaal-12", SystemClock()), Outbox.open(path) as outbox:
        # six, and the end of the lesson that nobody ended
        assert 7 == outbox.count()


def denying_broker(folder: Path) -> PrivateBroker:
    """A broker with passwords and the shipped ACL."""
    folder = folder / "broker"
    folder.mkdir()
    passwords = folder / "passwords"
    passwords.touch(mode=0o600)
    for user in ("lokaal-12", "lokaal-99", "dashboard"):
        subprocess.run(["mosquitto_passwd", "-b", str(passwords), user, "secret"], check=True)
    acl = Path(__file__).resolve().parents[3] / "config" / "mosquitto.acl"
    return PrivateBroker(
        folder=folder,
        options=("allow_anonymous false", f"password_file {passwords}", f"acl_file {acl}"),
    )
