"""Single values as they may stand in a message: of their own type, and within reason.

JSON knows numbers, texts and truth values, and a message that mixes them up was not made by us.
Without these types «3.5», ``true`` and 1700000000000 would pass for a time.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BeforeValidator

#: A Pi without a clock wakes up in 1970 or in the year of its image, never before.
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]")


def _number(value: object) -> object:
    if isinstance(value, bool | str | bytes):
        raise ValueError("a number is needed")
    return value


def _whole(value: object) -> object:
    if isinstance(value, float):
        raise ValueError("a whole number is needed")
    return _number(value)


def _flag(value: object) -> object:
    if not isinstance(value, bool):
        raise ValueError("true or false is needed")
    return value


def _moment(value: object) -> object:
    if isinstance(value, datetime) or (isinstance(value, str) and _DATE.match(value)):
        return value
    raise ValueError("a date and time is needed, such as 2026-11-16T08:30:00Z")


def _within_reason(value: datetime) -> datetime:
    if not EARLIEST <= value < LATEST:
        raise ValueError(f"no lesson is held before {EARLIEST.year} or from {LATEST.year} on")
    return value


# They stand last in an ``Annotated``, behind the bounds: pydantic then keeps both in the schema.
NUMBER = BeforeValidator(_number)
WHOLE = BeforeValidator(_whole)

Flag = Annotated[bool, BeforeValidator(_flag)]
Moment = Annotated[AwareDatetime, AfterValidator(_within_reason), BeforeValidator(_moment)]
Version = Annotated[Literal[1], WHOLE]


def in_order(begin_s: float, end_s: float, longest_s: float = float("inf")) -> None:
    """Check a stretch of time.

    Raises:
        ValueError: it ends before it begins, or is longer than anything of its kind.
    """
    if end_s < begin_s:
        raise ValueError("it ends before it begins")
    if end_s - begin_s > longest_s:
        raise ValueError(f"longer than {longest_s:g} s: are the times in seconds?")
