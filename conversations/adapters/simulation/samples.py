"""The files that simulated customers send: real ones, which a browser shows and plays."""

import struct
import zlib
from pathlib import Path


def _chunk(kind: bytes, data: bytes) -> bytes:
    checksum = struct.pack(">I", zlib.crc32(kind + data))
    return struct.pack(">I", len(data)) + kind + data + checksum


def _picture(width: int, height: int) -> bytes:
    """A sunset, as a PNG."""
    rows = bytearray()
    for y in range(height):
        far = y / height
        colour = (
            bytes([int(250 - 60 * far), int(190 - 110 * far), int(120 + 60 * far)])
            if far < 0.7
            else bytes([47, 74, 96])
        )
        rows += b"\0" + colour * width
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = (
        _chunk(b"IHDR", head),
        _chunk(b"IDAT", zlib.compress(bytes(rows), 9)),
        _chunk(b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def _pdf(title: bytes) -> bytes:
    """One page with a title."""
    content = b"BT /F1 28 Tf 48 520 Td (" + title + b") Tj ET"
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 420 595]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
    body, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(b"%010d 00000 n \n" % len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"xref\n0 6\n0000000000 65535 f \n" + b"".join(places)
    end = b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(body)
    return body + table + end


PICTURE = _picture(480, 320)
PDF = _pdf(b"RECEIPT  3,980 yen")
VIDEO = Path(__file__).with_name("sample.mp4").read_bytes()
