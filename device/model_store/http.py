"""One HTTP answer, with redirects followed by hand: few, shown, and to http or https alone."""

from __future__ import annotations

import http.client
import importlib.metadata
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable

from device.errors import ModelError

MOST_REDIRECTS = 5
_REDIRECTS = (301, 302, 303, 307, 308)


class UnreachableError(ModelError):
    """Nothing answered, or the answer broke off: trying again may help."""


class RangeError(ModelError):
    """The server has nothing from that byte on."""


def get(
    address: str, first_byte: int, timeout_s: float, on_redirect: Callable[[str], None]
) -> http.client.HTTPResponse:
    """The answer to a request for everything from ``first_byte`` on.

    Raises:
        RangeError: the server has nothing from that byte on.
        UnreachableError: no network, no server, or one that is out of order for now.
        ModelError: the server refuses, or sends us where we do not go.
    """
    opener = _opener()
    for _ in range(MOST_REDIRECTS + 1):
        try:
            answer = opener.open(_request(address, first_byte), timeout=timeout_s)
        except urllib.error.HTTPError as error:
            with error:
                if error.code not in _REDIRECTS:
                    raise _refused(address, error) from None
                address = _next(address, error.headers.get("Location"))
            on_redirect(address)
            continue
        except (OSError, http.client.HTTPException) as error:
            raise UnreachableError(
                f"{_host(address)} cannot be reached ({_reason(error)})"
            ) from None
        assert isinstance(answer, http.client.HTTPResponse)
        return answer
    raise ModelError(f"{_host(address)} redirects more than {MOST_REDIRECTS} times: given up")


def _opener() -> urllib.request.OpenerDirector:
    """The standard opener can read files and follows redirects by itself; this one does neither."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
    ):
        opener.add_handler(handler)
    return opener


def _request(address: str, first_byte: int) -> urllib.request.Request:
    headers = {
        "Accept-Encoding": "identity",
        "User-Agent": f"denkpauze/{importlib.metadata.version('denkpauze')}",
    }
    if first_byte:
        headers["Range"] = f"bytes={first_byte}-"
    return urllib.request.Request(address, headers=headers)


def _next(address: str, location: str | None) -> str:
    if not location:
        raise ModelError(f"{_host(address)} redirects without saying where: given up")
    following = urllib.parse.urljoin(address, location)
    scheme = urllib.parse.urlsplit(following).scheme
    if scheme not in ("http", "https"):
        raise ModelError(f"{_host(address)} redirects to {following}, which is no web address")
    if scheme == "http" and urllib.parse.urlsplit(address).scheme == "https":
        raise ModelError(f"{_host(address)} redirects to {following}, which is not encrypted")
    return following


def _refused(address: str, error: urllib.error.HTTPError) -> ModelError:
    if error.code >= 500 or error.code in (408, 429):
        return UnreachableError(f"{_host(address)} is out of order for now (status {error.code})")
    if error.code == 416:
        return RangeError(f"{_host(address)} has no such part of {address}")
    return ModelError(f"{_host(address)} does not give {address} (status {error.code})")


def _host(address: str) -> str:
    return urllib.parse.urlsplit(address).hostname or address


def _reason(error: Exception) -> str:
    reason = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(reason, TimeoutError):
        return "no answer in time"
    if isinstance(reason, OSError) and reason.strerror:
        return reason.strerror
    return " ".join(str(reason).split()) or type(reason).__name__
