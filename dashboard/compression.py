"""Static text over the wire at a fifth of its size. Pages are left alone: they hold secrets."""

from __future__ import annotations

import gzip
from functools import lru_cache

from flask import Flask, Response, request

KINDS = ("text/css", "text/javascript", "application/javascript", "image/svg+xml")
SMALLEST_BYTES = 1000


def install(app: Flask) -> None:
    """Compress style sheets and scripts for browsers that say they can read it."""
    app.after_request(_compress)


def _compress(response: Response) -> Response:
    if response.mimetype not in KINDS or response.status_code != 200 or request.range:
        return response
    response.vary.add("Accept-Encoding")
    if request.accept_encodings["gzip"] <= 0 or "Content-Encoding" in response.headers:
        return response
    response.direct_passthrough = False
    whole = response.get_data()
    if len(whole) < SMALLEST_BYTES:
        return response
    etag, _ = response.get_etag()
    response.set_data(_gzip(request.path, whole))
    response.headers["Content-Encoding"] = "gzip"
    if etag is not None:
        response.set_etag(etag, weak=True)  # the same text, other bytes
    return response


@lru_cache(maxsize=64)
def _gzip(_path: str, whole: bytes) -> bytes:
    return gzip.compress(whole, compresslevel=9, mtime=0)
