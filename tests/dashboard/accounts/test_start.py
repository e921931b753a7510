"""Starting the web server: what it prints, what it makes, and being behind a server with TLS."""

from __future__ import annotations

import http.client
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from mosquitto import free_port

from dashboard.security import TRANSPORT_SECURITY

pytestmark = [pytest.mark.process, pytest.mark.slow]


def test_behind_a_server_with_tls_it_knows_its_name_and_how_it_is_asked(
    start: Callable, database: str, tmp_path: Path, wait_until: Callable
) -> None:
    url = "https://denkpauze.school"
    port = free_port()
    start("dashboard", "--database", database, "--port", str(port), "--public-url", url)
    log = tmp_path / "dashboard.log"
    wait_until(lambda: "/invitation/" in log.read_text(), "the first link is printed")
    assert f"{url}/\n" in log.read_text()
    path = re.findall(rf"{url}(/invitation/\S+)", log.read_text())[0]
    assert 0o600 == (tmp_path / "dashboard.key").stat().st_mode & 0o777

    def ask(path: str, **headers: str) -> tuple[int, http.client.HTTPMessage]:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", path, headers={"Host": "denkpauze.school", **headers})
        answer = connection.getresponse()
        connection.close()
        return answer.status, answer.headers

    status, headers = ask(path, **{"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"})
    assert (200, TRANSPORT_SECURITY) == (status, headers["Strict-Transport-Security"])
    assert headers["Set-Cookie"].startswith("__Host-denkpauze=")
    assert "Secure" in headers["Set-Cookie"]
    assert 400 == ask(path, Host="evil.example")[0]


@pytest.mark.parametrize(
    ("options", "line"),
    [
        (("--demo", "aula", "--host", "0.0.0.0"), "dashboard: --demo lets in without a password"),
        (("--demo", "aula", "--public-url", "https://a.b"), "dashboard: --demo lets in without"),
        (("--public-url", "http://a.b"), "dashboard: --public-url http://a.b: write it as"),
        (("--secret-file", "/no/such/key"), "dashboard: cannot use the secret key /no/such/key"),
    ],
)
def test_what_cannot_be_is_one_clear_line(
    start: Callable, database: str, tmp_path: Path, options: tuple[str, ...], line: str
) -> None:
    process = start("dashboard", "--database", database, "--port", "0", *options)
    assert 1 == process.wait(60)
    said = (tmp_path / "dashboard.log").read_text()
    assert said.startswith(line)
    assert 1 == said.count("\n")
