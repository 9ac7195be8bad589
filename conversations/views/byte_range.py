"""A part of a file: players ask for the beginning of a video, then for more."""

import re
from collections.abc import Iterator
from typing import IO, Any, cast

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase, StreamingHttpResponse

_ONE_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")
_BLOCK = 64 * 1024
_STATUS_NOT_THERE = 416


def part_of(request: HttpRequest, whole: FileResponse, size: int) -> HttpResponseBase:
    """The bytes that the request asks for, else all. Source: RFC 9110, section 14."""
    whole.headers["Accept-Ranges"] = "bytes"
    asked = _ONE_RANGE.fullmatch(request.headers.get("Range", "").strip())
    if asked is None or not any(asked.groups()):
        return whole
    first, last = _bounds(asked[1], asked[2], size)
    if first > last:
        whole.close()
        headers = {"Content-Range": f"bytes */{size}"}
        return HttpResponse(status=_STATUS_NOT_THERE, headers=headers)
    file = cast("IO[bytes]", whole.file_to_stream)
    part = StreamingHttpResponse(
        _read(file, first, last - first + 1), status=206, headers=whole.headers
    )
    part._resource_closers = whole._resource_closers  # type: ignore[attr-defined]  # Django closes the file with the response
    part.headers["Content-Length"] = str(last - first + 1)
    part.headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    return part


def _bounds(first: str, last: str, size: int) -> tuple[int, int]:
    if not first:  # the last so many
        return max(0, size - int(last)), size - 1
    return int(first), min(int(last) if last else size - 1, size - 1)


def _read(file: "IO[Any]", start: int, count: int) -> Iterator[bytes]:
    file.seek(start)
    while count > 0 and (block := file.read(min(_BLOCK, count))):
        count -= len(block)
        yield block
