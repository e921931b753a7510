"""How much one device may send, so that a broken or hostile one cannot crowd out the others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

#: An honest device sends at most 200 events a second after an absence, and 5 live states.
MESSAGES_PER_S = 400.0
#: What may come at once: everything that waited in the broker.
BURST_MESSAGES = 4000.0
#: Devices that are remembered; a rogue account has one id, as the broker's rules see to.
LARGEST_SCHOOL = 4096


@dataclass(slots=True)
class _Account:
    left: float
    at_s: float
    exhausted: bool = False


class Allowance:
    """A token bucket per device. Not thread-safe: one thread asks.

    Args:
        now: monotonic seconds.
        on_exhausted: told of a device once when it has used everything up, and again only after
            it had half of its burst back.
    """

    def __init__(self, now: Callable[[], float], on_exhausted: Callable[[str], None]) -> None:
        self._now = now
        self._on_exhausted = on_exhausted
        self._accounts: dict[str, _Account] = {}

    def admits(self, device: str) -> bool:
        """Whether the device may send one message more now."""
        now_s = self._now()
        account = self._accounts.get(device)
        if account is None:
            if len(self._accounts) >= LARGEST_SCHOOL:
                self._accounts.clear()
            account = self._accounts[device] = _Account(BURST_MESSAGES, now_s)
        earned = (now_s - account.at_s) * MESSAGES_PER_S
        account.left, account.at_s = min(BURST_MESSAGES, account.left + earned), now_s
        if account.left >= 1:
            account.left -= 1
            account.exhausted = account.exhausted and account.left < BURST_MESSAGES / 2
            return True
        if not account.exhausted:
            account.exhausted = True
            self._on_exhausted(device)
        return False
