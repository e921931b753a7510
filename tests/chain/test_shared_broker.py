"""A broker made by ``broker-setup`` against those who want to read or write what is not theirs."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from mosquitto import skip_without_broker
from shared_broker import Guest, SharedBroker, broker_setup

from device.broker.access import HOME_ASSISTANT
from lesson import topics

pytestmark = [pytest.mark.broker, pytest.mark.slow]

OURS, OTHER = "lokaal-12", "lokaal-99"
LESSON = "lesson00"


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SharedBroker]:
    skip_without_broker()
    accounts = (OURS, OTHER, HOME_ASSISTANT)
    with SharedBroker(tmp_path_factory.mktemp("shared"), accounts) as running:
        yield running


def guest(broker: SharedBroker, account: str) -> Guest:
    return Guest(broker, account, broker.password(account), broker.authority)


# --- at the door -------------------------------------------------------------------------------


@pytest.mark.parametrize("account", [OURS, OTHER, "dashboard"])
def test_an_account_enters_with_its_own_password(broker: SharedBroker, account: str) -> None:
    with guest(broker, account) as entered:
        assert entered.answer is not None
        assert "Success" == str(entered.answer)


@pytest.mark.parametrize(
    ("account", "password"),
    [(OURS, "guessed"), (OURS, ""), ("nobody", "guessed"), (None, None), ("", "")],
    ids=["wrong password", "empty password", "unknown account", "anonymous", "empty account"],
)
def test_nobody_else_enters(
    broker: SharedBroker, account: str | None, password: str | None
) -> None:
    stranger = Guest(broker, account, password, broker.authority)
    try:
        assert stranger.enter().is_failure
    finally:
        stranger.leave()


def test_a_password_of_one_device_is_none_of_another(broker: SharedBroker) -> None:
    stranger = Guest(broker, OURS, broker.password(OTHER), broker.authority)
    try:
        assert stranger.enter().is_failure
    finally:
        stranger.leave()


def test_without_tls_there_is_no_entry(broker: SharedBroker) -> None:
    plain = Guest(broker, OURS, broker.password(OURS), authority=None)
    plain._client.connect(broker.host, broker.port, 10)
    plain._client.loop_start()
    try:
        assert plain.gone.get(timeout=20).is_failure
        assert plain._connected.empty()
    finally:
        plain.leave()


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1:DeprecationWarning")
@pytest.mark.parametrize(
    ("version", "expected"),
    [(ssl.TLSVersion.TLSv1_1, False), (ssl.TLSVersion.TLSv1_2, True)],
)
def test_old_versions_of_tls_are_refused(
    broker: SharedBroker, version: ssl.TLSVersion, expected: bool
) -> None:
    context = ssl.create_default_context(cafile=str(broker.authority))
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = version
    with socket.create_connection((broker.host, broker.port), 10) as connection:
        try:
            context.wrap_socket(connection, server_hostname="localhost").close()
            entered = True
        except (ssl.SSLError, ConnectionError):
            entered = False
    assert expected == entered


# --- inside ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "topic",
    [
        topics.event(OTHER, LESSON),
        topics.status(OTHER),
        topics.info(OTHER),
        topics.home_assistant(OTHER),
        topics.live(OTHER),
        topics.acknowledgement(OTHER),
        topics.acknowledgement(OURS),
        topics.command(OTHER),
        topics.command(OURS),
        topics.command_done(OTHER),
        "denkpauze/v1/lokaal-12",
        "denkpauze/v2/lokaal-12/status",
        "$SYS/broker/clients/total",
    ],
)
def test_a_device_writes_only_what_is_its_own(broker: SharedBroker, topic: str) -> None:
    with guest(broker, OURS) as rogue:
        assert "Not authorized" == rogue.publish(topic, b"{}")


@pytest.mark.parametrize(
    "topic",
    [
        topics.event(OURS, LESSON),
        topics.status(OURS),
        topics.info(OURS),
        topics.home_assistant(OURS),
        topics.live(OURS),
        topics.command_done(OURS),
    ],
)
def test_a_device_may_write_what_is_its_own(broker: SharedBroker, topic: str) -> None:
    with guest(broker, OURS) as device:
        assert device.publish(topic, b"{}") in ("Success", "No matching subscribers")


@pytest.mark.parametrize(
    "topic",
    ["#", "denkpauze/#", "denkpauze/v1/+/status", topics.event(OTHER, "+"), topics.status(OTHER)],
)
def test_a_device_reads_nothing_of_others(broker: SharedBroker, topic: str) -> None:
    with guest(broker, OTHER) as victim, guest(broker, OURS) as rogue:
        rogue.subscribe(topic)
        rogue.subscribe(topics.command(OTHER))
        rogue.subscribe(topics.acknowledgement(OURS))
        victim.publish(topics.status(OTHER), b"{}")
        victim.publish(topics.event(OTHER, LESSON), b"{}")
        # what the dashboard sends afterwards arrives, so the others would have before it
        with guest(broker, "dashboard") as dashboard:
            dashboard.publish(topics.command(OTHER), b"{}")
            dashboard.publish(topics.acknowledgement(OURS), b"mark")
        received = [rogue.messages.get(timeout=20)]
        while not rogue.messages.empty():  # a wide filter finds its own messages twice
            received.append(rogue.messages.get())
        assert {topics.acknowledgement(OURS)} == {message.topic for message in received}


def test_home_assistant_reads_how_a_device_is_and_nothing_of_a_lesson(
    broker: SharedBroker,
) -> None:
    with guest(broker, HOME_ASSISTANT) as reader, guest(broker, OURS) as device:
        reader.subscribe("denkpauze/#")
        reader.subscribe("homeassistant/#")
        device.publish(topics.live(OURS), b"{}")
        device.publish(topics.event(OURS, LESSON), b"{}")
        device.publish(topics.info(OURS), b"{}")
        device.publish(topics.status(OURS), b"{}")
        device.publish(topics.home_assistant(OURS), b"{}")
        received = [reader.messages.get(timeout=20).topic]
        while topics.home_assistant(OURS) not in received:  # the last of them
            received.append(reader.messages.get(timeout=20).topic)
        assert [topics.status(OURS), topics.home_assistant(OURS)] == received
        assert "Not authorized" == reader.publish(topics.status(OURS), b"{}")


def test_a_status_that_a_rogue_left_behind_is_not_kept(broker: SharedBroker) -> None:
    with guest(broker, OURS) as rogue:
        rogue.publish(topics.status(OTHER), b"forged", retain=True)
    with guest(broker, "dashboard") as dashboard, guest(broker, OTHER) as honest:
        honest.publish(topics.status(OTHER), b"honest", retain=True)
        assert "Granted QoS 1" == dashboard.subscribe(topics.status(OTHER))
        assert b"honest" == dashboard.messages.get(timeout=20).payload


def test_a_client_id_does_not_throw_another_device_out(broker: SharedBroker) -> None:
    with guest(broker, OTHER) as victim:
        taken = Guest(broker, OURS, broker.password(OURS), broker.authority, client_id=OTHER)
        with taken:
            assert victim.gone.empty()
            assert victim.publish(topics.status(OTHER), b"{}") in (
                "Success",
                "No matching subscribers",
            )


def test_the_dashboard_cannot_speak_for_a_device(broker: SharedBroker) -> None:
    with guest(broker, "dashboard") as dashboard:
        assert "Not authorized" == dashboard.publish(topics.live(OURS), b"{}")


def test_a_message_larger_than_any_of_ours_ends_the_connection(broker: SharedBroker) -> None:
    with guest(broker, OURS) as rogue:
        rogue.send(topics.live(OURS), bytes(200_000))
        assert rogue.gone.get(timeout=20).is_failure
    with guest(broker, OTHER) as other:
        assert "Success" == str(other.answer)


# --- the administrator -------------------------------------------------------------------------


def test_a_device_that_is_removed_is_out(tmp_path: Path) -> None:
    with SharedBroker(tmp_path, (OURS, OTHER)) as broker:
        password = broker.password(OURS)
        arguments = ("--host", "localhost", "--port", str(broker.port), "--remove", OURS)
        assert 0 == broker_setup(tmp_path, *arguments).returncode
        broker.restart()
        gone = Guest(broker, OURS, password, broker.authority)
        try:
            assert gone.enter().is_failure
        finally:
            gone.leave()
        with guest(broker, OTHER) as entered:
            assert "Success" == str(entered.answer)
