"""Passwords with argon2id. Nothing here tells a wrong name from a wrong password, not by time."""

from __future__ import annotations

import base64
import secrets
import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 12
LONGEST = 200


class Passwords:
    """Hashes and checks, at most two at a time: each takes 64 MiB for a moment.

    The parameters are those that argon2-cffi recommends (RFC 9106, low memory).
    """

    def __init__(self) -> None:
        self._hasher = PasswordHasher()
        self._turn = threading.BoundedSemaphore(2)
        self._nobody = _hash_of_nothing(self._hasher)

    def make_hash(self, password: str) -> str:
        with self._turn:
            return self._hasher.hash(password)

    def matches(self, password_hash: str | None, password: str) -> bool:
        """Whether it is this password; without a hash it takes as long and is never right."""
        with self._turn:
            try:
                right = self._hasher.verify(password_hash or self._nobody, password)
            except (VerificationError, InvalidHashError):
                return False
        return right and password_hash is not None


def _hash_of_nothing(hasher: PasswordHasher) -> str:
    """A hash that no password has, and that costs as much to check as a real one."""
    salt, tag = (
        base64.b64encode(secrets.token_bytes(length)).decode().rstrip("=")
        for length in (hasher.salt_len, hasher.hash_len)
    )
    cost = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    return f"$argon2id$v=19${cost}${salt}${tag}"
