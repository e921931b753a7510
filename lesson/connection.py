"""Why a connection to the broker did not come about, in the same words on both of its sides."""

from __future__ import annotations

import ssl


def connection_problem(error: BaseException | None, *, address: str, certificate: str) -> str:
    """One clause that says what to look at.

    Args:
        error: what the client met, if it met anything.
        address, certificate: what the settings of this side are called.
    """
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not to be trusted ({error.verify_message}): see {certificate}"
    if isinstance(error, ssl.SSLError):
        return f"it does not speak TLS there: see {address} and {certificate}"
    if isinstance(error, ConnectionResetError):
        return f"the connection is cut at once: see {address} and {certificate}"
    return "nobody answers"
