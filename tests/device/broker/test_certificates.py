"""Certificates that other TLS code accepts for the right host, and for no other."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from device.broker.certificates import Certificate, new_authority, new_server
from device.errors import BrokerError

pytestmark = pytest.mark.unit

NOW = datetime(2026, 9, 1, tzinfo=UTC)


def accepted(server: Certificate, authority: Certificate, host: str, folder: Path) -> str:
    """``"yes"``, or why Python's own TLS refuses the server."""
    (folder / "server.pem").write_bytes(server.certificate + server.key)
    listening = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    listening.load_cert_chain(folder / "server.pem")
    client = ssl.create_default_context(cadata=authority.certificate.decode())
    here, there = socket.socketpair()

    def serve() -> None:
        with there, contextlib.suppress(OSError):  # the client says what was wrong
            listening.wrap_socket(there, server_side=True).close()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        with here, client.wrap_socket(here, server_hostname=host):
            return "yes"
    except ssl.SSLCertVerificationError as error:
        return error.verify_message
    finally:
        thread.join(10)


@pytest.fixture(scope="module")
def authority() -> Certificate:
    return new_authority(NOW)


@pytest.mark.parametrize("host", ["denkpauze.local", "127.0.0.1", "::1"])
def test_a_certificate_stands_for_each_of_its_hosts(
    authority: Certificate, tmp_path: Path, host: str
) -> None:
    server = new_server(authority, ["denkpauze.local", "127.0.0.1", "::1"], NOW)
    assert "yes" == accepted(server, authority, host, tmp_path)


def test_it_stands_for_no_other_host(authority: Certificate, tmp_path: Path) -> None:
    server = new_server(authority, ["denkpauze.local"], NOW)
    assert "Hostname mismatch" in accepted(server, authority, "elsewhere.local", tmp_path)


def test_another_authority_does_not_vouch_for_it(authority: Certificate, tmp_path: Path) -> None:
    server = new_server(authority, ["denkpauze.local"], NOW)
    assert "yes" != accepted(server, new_authority(NOW), "denkpauze.local", tmp_path)


def test_it_holds_for_a_machine_whose_clock_was_never_set(authority: Certificate) -> None:
    from cryptography import x509

    server = new_server(authority, ["denkpauze.local"], NOW)
    begins = x509.load_pem_x509_certificate(server.certificate).not_valid_before_utc
    assert begins <= datetime(2021, 1, 1, tzinfo=UTC)
    assert server.valid_until == NOW + timedelta(days=825)


def test_its_hosts_can_be_read_back(authority: Certificate) -> None:
    hosts = ("denkpauze.local", "192.0.2.7")
    assert hosts == new_server(authority, hosts, NOW).hosts


def test_a_key_of_another_authority_is_refused(authority: Certificate) -> None:
    mixed = Certificate(authority.certificate, new_authority(NOW).key)
    with pytest.raises(BrokerError, match="does not belong"):
        new_server(mixed, ["denkpauze.local"], NOW)


def test_a_private_key_is_not_in_what_is_printed(authority: Certificate) -> None:
    assert "PRIVATE" not in repr(authority)
