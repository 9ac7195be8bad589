"""How long a recording is: LINE wants to know, and shows what it is told."""

import struct

_BITRATES = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)  # kbit/s
_RATES = (44100, 48000, 32000)
_SAMPLES = 1152  # of a frame
_DEEPEST = 8


def milliseconds(content: bytes) -> int:
    """Of an M4A or MP3; 0 where the file does not say."""
    if content[4:8] == b"ftyp":
        return _of_mp4(content, 0, len(content), 0)
    return _of_mp3(content)


def _of_mp4(content: bytes, start: int, end: int, depth: int) -> int:
    """Duration over time scale in moov/mvhd. Source: ISO 14496-12, 8.2.2."""
    while start + 8 <= end and depth < _DEEPEST:
        size, name = struct.unpack_from(">I4s", content, start)
        head = 8
        if size == 1 and start + 16 <= end:
            (size,) = struct.unpack_from(">Q", content, start + 8)
            head = 16
        stop = min(end, start + size) if size else end
        if name == b"moov":
            return _of_mp4(content, start + head, stop, depth + 1)
        if name == b"mvhd":
            return _of_header(content[start + head : stop])
        if stop <= start:
            break
        start = stop
    return 0


def _of_header(box: bytes) -> int:
    try:
        if box[0] == 1:
            scale, duration = struct.unpack_from(">IQ", box, 20)
        else:
            scale, duration = struct.unpack_from(">II", box, 12)
    except (IndexError, struct.error):
        return 0
    return int(duration * 1000 // scale) if scale else 0


def _of_mp3(content: bytes) -> int:
    """From the count of frames, if the encoder wrote it; else size over bit rate."""
    at = _after_tag(content)
    if len(content) < at + 4 or content[at] != 0xFF or content[at + 1] & 0xFE != 0xFA:
        return 0  # no MPEG-1 layer III
    bitrate, rate = content[at + 2] >> 4, content[at + 2] >> 2 & 3
    if not 0 < bitrate < len(_BITRATES) or rate >= len(_RATES):
        return 0
    for tag in (b"Xing", b"Info"):
        place = content.find(tag, at, at + 64)
        if place > 0 and len(content) >= place + 12 and content[place + 7] & 1:
            (frames,) = struct.unpack_from(">I", content, place + 8)
            return int(frames * _SAMPLES * 1000 // _RATES[rate])
    return (len(content) - at) * 8 // _BITRATES[bitrate]


def _after_tag(content: bytes) -> int:
    """Behind an ID3 tag, whose size is written in sevens of bits."""
    if content[:3] != b"ID3" or len(content) < 10:
        return 0
    size = 0
    for byte in content[6:10]:
        size = size << 7 | byte & 0x7F
    return 10 + size
