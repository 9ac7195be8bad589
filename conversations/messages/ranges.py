"""Serving a file whole or in part: players ask for the part they are about to play."""

import re
from collections.abc import Iterator
from typing import IO, Any

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
_PIECE = 64 * 1024


class UnsatisfiableError(Exception):
    """The part begins behind the end of the file."""


def requested_part(header: str, size: int) -> tuple[int, int] | None:
    """First and last byte, both inclusive; None for all of it.

    Several parts at once, and what is no range at all, are answered with the whole, as
    the standard allows. Raises UnsatisfiableError. Source: RFC 9110, 14.
    """
    found = _RANGE.fullmatch(header.replace(" ", ""))
    if found is None or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    if not first:
        start, end = max(size - int(last), 0), size - 1
    else:
        start, end = int(first), min(int(last or size), size - 1)
        if last and int(last) < start:
            return None
    if start >= size or (not first and int(last) == 0):
        raise UnsatisfiableError
    return start, end


def ranged(
    request: HttpRequest, file: IO[bytes], *, size: int, tag: str, **options: Any
) -> HttpResponseBase:
    """`file`, or the part asked for. `tag` names its content; options of FileResponse."""
    etag = f'"{tag}"'
    try:
        part = _part(request, size, etag)
    except UnsatisfiableError:
        file.close()
        beyond = HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
        return _marked(beyond, etag)
    whole = FileResponse(file, **options)
    if part is None:
        return _marked(whole, etag)
    start, end = part
    response = StreamingHttpResponse(_between(file, start, end), status=206)
    for name in ("Content-Type", "Content-Disposition"):
        if name in whole.headers:
            response.headers[name] = whole.headers[name]
    response.headers["Content-Length"] = str(end - start + 1)
    response.headers["Content-Range"] = f"bytes {start}-{end}/{size}"
    return _marked(response, etag)


def _part(request: HttpRequest, size: int, etag: str) -> tuple[int, int] | None:
    header = request.headers.get("Range", "")
    if not header or request.headers.get("If-Range", etag) != etag:
        return None
    return requested_part(header, size)


def _between(file: IO[bytes], start: int, end: int) -> Iterator[bytes]:
    with file:
        file.seek(start)
        left = end - start + 1
        while left > 0 and (piece := file.read(min(_PIECE, left))):
            left -= len(piece)
            yield piece


def _marked(response: HttpResponseBase, etag: str) -> HttpResponseBase:
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["ETag"] = etag
    return response
