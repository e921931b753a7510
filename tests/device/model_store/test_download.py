"""Downloading from a server that stalls, breaks off, lies and sends elsewhere."""

from __future__ import annotations

import hashlib
import socket
from pathlib import Path

import pytest
from model_server import Given, Handler, redirect, serving, stall, status, truncate

from device.clock import Clock, SimulatedClock, SystemClock
from device.errors import ModelError
from device.model_store.download import Patience, Watcher, download
from device.model_store.http import UnreachableError

pytestmark = pytest.mark.process

CONTENT = bytes(range(256)) * 2000
SHA256 = hashlib.sha256(CONTENT).hexdigest()
BOUNDS = (len(CONTENT) - 1000, len(CONTENT) + 1000)


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


def fetched(
    given: Given,
    part: Path,
    bounds: tuple[int, int] = BOUNDS,
    silence_s: float = 20.0,
    clock: Clock | None = None,
    watcher: Watcher | None = None,
) -> str:
    """A download whose pauses between attempts cost no time."""
    return download(
        given.address,
        part,
        bounds,
        clock or SimulatedClock(sleep_advances=True),
        watcher or Watcher(),
        Patience(silence_s=silence_s),
    )


def test_a_file_arrives_whole_with_its_hash_and_its_progress(tmp_path: Path) -> None:
    part, told = tmp_path / "part", []
    watcher = Watcher(progress=lambda done, total: told.append((done, total)))
    with serving(CONTENT) as given:
        assert SHA256 == fetched(given, part, watcher=watcher)
    assert CONTENT == part.read_bytes()
    assert ((0, len(CONTENT)), (len(CONTENT), len(CONTENT))) == (told[0], told[-1])
    assert told == sorted(told)


def test_an_answer_that_breaks_off_is_gone_on_with(tmp_path: Path) -> None:
    part = tmp_path / "part"
    with serving(CONTENT, truncate(100_000), truncate(50_000)) as given:
        assert SHA256 == fetched(given, part)
    assert [None, "bytes=100000-", "bytes=150000-"] == given.ranges


def test_a_server_that_sends_all_again_is_begun_anew(tmp_path: Path) -> None:
    part = tmp_path / "part"
    part.write_bytes(b"x" * 1000)
    with serving(CONTENT, lambda handler: handler.send_from(0)) as given:
        assert SHA256 == fetched(given, part)
    assert ["bytes=1000-"] == given.ranges


def test_another_part_than_was_asked_for_is_refused(tmp_path: Path) -> None:
    part = tmp_path / "part"
    part.write_bytes(CONTENT[:1000])
    with (
        serving(CONTENT, lambda handler: handler.send_from(2000)) as given,
        pytest.raises(ModelError, match="another part of the file"),
    ):
        fetched(given, part)


def test_a_whole_part_file_that_the_server_will_not_add_to_is_fetched_anew(tmp_path: Path) -> None:
    part = tmp_path / "part"
    part.write_bytes(CONTENT)
    with serving(CONTENT) as given:
        assert SHA256 == fetched(given, part)
    assert [f"bytes={len(CONTENT)}-", None] == given.ranges


def test_a_stalled_connection_is_given_up_and_gone_on_with(tmp_path: Path) -> None:
    part = tmp_path / "part"
    with serving(CONTENT, stall(70_000)) as given:
        assert SHA256 == fetched(given, part, silence_s=0.2)
    assert [None, "bytes=70000-"] == given.ranges


def test_a_server_that_only_stalls_is_given_up_and_the_part_kept(tmp_path: Path) -> None:
    part, clock = tmp_path / "part", SimulatedClock(sleep_advances=True)
    before_s = clock.monotonic()
    with (
        serving(CONTENT, stall(70_000), *[stall(0)] * 9) as given,
        pytest.raises(UnreachableError, match=r"nothing came for 0\.1 s"),
    ):
        fetched(given, part, silence_s=0.1, clock=clock)
    assert CONTENT[:70_000] == part.read_bytes()
    # one attempt that brought something, three that did not: 1, 2 and 4 s between them
    assert (4, 7.0) == (len(given.ranges), clock.monotonic() - before_s)


class HurriedClock(SystemClock):
    """A minute passes at every look."""

    def __init__(self) -> None:
        self._now_s = 0.0

    def monotonic(self) -> float:
        self._now_s += 61.0
        return self._now_s

    def sleep(self, seconds: float) -> None:
        pass


def test_a_trickle_counts_as_a_stall(tmp_path: Path) -> None:
    def trickle(handler: Handler) -> None:
        handler.send_from(handler.first_byte(), 10)
        handler.given.released.wait(30)

    with (
        serving(CONTENT, *[trickle] * 30) as given,
        pytest.raises(UnreachableError, match=r"only 10 bytes came in 60 s"),
    ):
        download(
            given.address,
            tmp_path / "part",
            BOUNDS,
            HurriedClock(),
            patience=Patience(attempts=1),
        )


@pytest.mark.parametrize("bounds", [(1, 1000), (len(CONTENT) + 1, len(CONTENT) * 2)])
def test_a_file_of_an_unexpected_length_is_not_begun(
    bounds: tuple[int, int], tmp_path: Path
) -> None:
    part = tmp_path / "part"
    with serving(CONTENT) as given, pytest.raises(ModelError, match=f"has {len(CONTENT)} bytes"):
        fetched(given, part, bounds)
    assert not part.exists() or part.stat().st_size == 0


def without_length(handler: Handler) -> None:
    handler.send_response(200)
    handler.end_headers()
    handler.wfile.write(handler.given.content)


def test_a_file_without_a_length_ends_at_the_bound(tmp_path: Path) -> None:
    part = tmp_path / "part"
    with (
        serving(CONTENT, without_length) as given,
        pytest.raises(ModelError, match="more than the 200000 bytes"),
    ):
        fetched(given, part, (1000, 200_000))
    assert part.stat().st_size <= 200_000


def test_a_length_that_is_too_short_makes_no_whole_file(tmp_path: Path) -> None:
    """The answer says 100,000 bytes: within bounds for a server, not for the catalogue."""
    lie = lambda handler: handler.send_from(0, length=100_000)  # noqa: E731
    with serving(CONTENT, lie) as given, pytest.raises(ModelError, match="has 100000 bytes"):
        fetched(given, tmp_path / "part")


def test_a_length_that_is_too_long_is_an_answer_that_broke_off(tmp_path: Path) -> None:
    lie = lambda handler: handler.send_from(0, length=len(CONTENT) + 500)  # noqa: E731
    with serving(CONTENT, *[lie] * 9) as given, pytest.raises(UnreachableError, match="broke off"):
        download(
            given.address,
            tmp_path / "part",
            BOUNDS,
            SimulatedClock(sleep_advances=True),
            patience=Patience(attempts=1),
        )


def test_a_redirect_is_followed_and_told(tmp_path: Path) -> None:
    told: list[str] = []
    with serving(CONTENT, redirect("/elsewhere.zip")) as given:
        assert SHA256 == fetched(given, tmp_path / "part", watcher=Watcher(redirect=told.append))
    assert [given.address.replace("model.zip", "elsewhere.zip")] == told


def test_a_redirect_that_goes_round_is_given_up(tmp_path: Path) -> None:
    with (
        serving(CONTENT, *[redirect("/model.zip")] * 20) as given,
        pytest.raises(ModelError, match="redirects more than 5 times"),
    ):
        fetched(given, tmp_path / "part")
    assert 6 == len(given.paths)


@pytest.mark.parametrize("location", ["file:///etc/passwd", "ftp://127.0.0.1/model.zip", "data:,x"])
def test_a_redirect_away_from_the_web_is_refused(location: str, tmp_path: Path) -> None:
    part = tmp_path / "part"
    with (
        serving(CONTENT, redirect(location)) as given,
        pytest.raises(ModelError, match="no web address"),
    ):
        fetched(given, part)
    assert not part.exists()


@pytest.mark.parametrize("code", [401, 403, 404, 410])
def test_a_refusal_is_not_repeated(code: int, tmp_path: Path) -> None:
    with (
        serving(CONTENT, *[status(code)] * 5) as given,
        pytest.raises(ModelError, match=f"status {code}"),
    ):
        fetched(given, tmp_path / "part")
    assert 1 == len(given.paths)


def test_a_server_that_is_out_of_order_is_asked_again(tmp_path: Path) -> None:
    with serving(CONTENT, status(503), status(500)) as given:
        assert SHA256 == fetched(given, tmp_path / "part")


def test_no_server_is_one_clear_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    given = Given(address=f"http://127.0.0.1:{port}/model.zip")
    with pytest.raises(
        UnreachableError, match=r"^127\.0\.0\.1 cannot be reached \(Connection refused\)$"
    ):
        fetched(given, tmp_path / "part")


def test_a_disk_that_cannot_be_written_is_no_network_trouble(tmp_path: Path) -> None:
    with serving(CONTENT) as given, pytest.raises(ModelError, match="cannot be written"):
        fetched(given, tmp_path / "missing" / "part")
