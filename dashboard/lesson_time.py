"""Moments of a lesson as people write them: ``12:07,4`` is twelve minutes and 7.4 seconds."""

from __future__ import annotations

import re

#: No lesson and no film of one is longer.
LONGEST_S = 12 * 3600.0
_PATTERN = re.compile(r"([+-]?)(?:(?:(\d{1,2}):)?(\d{1,5}):)?(\d{1,6}(?:[.,]\d{1,3})?)", re.ASCII)


def read_moment(text: str) -> float:
    """Seconds from ``12``, ``1:30``, ``-0:12`` or ``1:02:03,5``; with comma or point.

    Raises:
        ValueError: it is no such time, or longer than ``LONGEST_S``.
    """
    found = _PATTERN.fullmatch(text.strip())
    if found is None:
        raise ValueError("not a time")
    sign, hours, minutes, seconds = found.groups()
    value_s = 3600 * int(hours or 0) + 60 * int(minutes or 0) + float(seconds.replace(",", "."))
    if value_s > LONGEST_S:
        raise ValueError("too long")
    return -value_s if sign == "-" else value_s


def write_moment(value_s: float, decimal_sign: str = ",", decimals: int = 0) -> str:
    """Minutes and seconds to the millisecond: ``12:07,4``; ``decimals`` are there at the least."""
    milliseconds = round(1000 * value_s)
    minutes, rest = divmod(milliseconds, 60_000)
    fraction = f"{rest % 1000:03d}".rstrip("0").ljust(decimals, "0")
    return f"{minutes}:{rest // 1000:02d}" + (decimal_sign + fraction if fraction else "")
