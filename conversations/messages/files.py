"""Files people send: what they really are, and whether we take them."""

import struct
import unicodedata
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePath
from typing import IO

import puremagic
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from conversations.exceptions import RefusalError
from customers.people.text import stored_text

_HEAD = 8192
# What each extension must turn out to be; all else is refused.
_IMAGES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
}
_OFFICE = "application/vnd.openxmlformats-officedocument."
_ZIPPED = {
    ".docx": f"{_OFFICE}wordprocessingml.document",
    ".xlsx": f"{_OFFICE}spreadsheetml.sheet",
    ".pptx": f"{_OFFICE}presentationml.presentation",
    ".zip": "application/zip",
}
_OLE = {
    ".doc": "application/msword",
    ".xls": "application/vnd.ms-excel",
    ".ppt": "application/vnd.ms-powerpoint",
}
_TEXTS = {".txt": "text/plain", ".csv": "text/csv"}
_MOTION = {".heic": "image/heic", ".mp4": "video/mp4", ".mov": "video/quicktime"}
_SOUND = {".m4a": "audio/mp4", ".mp3": "audio/mpeg"}
EXTENSIONS = (*_IMAGES, ".pdf", *_ZIPPED, *_OLE, *_TEXTS, *_MOTION, *_SOUND)
# What needs no extension to be known.
_HEADS = (
    (b"%PDF-", "application/pdf"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfa", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\xff\xf3", "audio/mpeg"),
    (b"\xff\xf1", "audio/aac"),
    (b"\xff\xf9", "audio/aac"),
    (b"OggS", "audio/ogg"),
    (b"\x1aE\xdf\xa3", "video/webm"),
)
_FTYP = {
    b"M4A ": "audio/mp4",
    b"M4B ": "audio/mp4",
    b"qt  ": "video/quicktime",
    b"heic": "image/heic",
    b"heix": "image/heic",
    b"mif1": "image/heic",
}
_SUFFIXES = {
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "application/pdf": ".pdf",
    "audio/mpeg": ".mp3",
    "audio/mp4": ".m4a",
    "audio/aac": ".aac",
    "audio/ogg": ".ogg",
    "audio/wav": ".wav",
    "video/mp4": ".mp4",
    "video/webm": ".webm",
    "video/quicktime": ".mov",
}
_MAX_PIXELS = 80_000_000
_FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
# What Pillow raises over hostile bytes: cut headers and packed texts among them.
_DAMAGED = (
    UnidentifiedImageError,
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    struct.error,
    Image.DecompressionBombError,
)


class FileRefusedError(RefusalError):
    """The file is empty, too large, or of a kind we do not take."""


@dataclass(frozen=True)
class KnownFile:
    name: str
    content_type: str
    width: int | None = None
    height: int | None = None


def safe_name(name: str) -> str:
    """The last part of a path, without what breaks folders, headers or reading."""
    name = unicodedata.normalize("NFC", stored_text(name)).replace("\\", "/")
    name = " ".join(name.rsplit("/", 1)[-1].replace("\n", " ").split()).strip(". ")
    stem, suffix = PurePath(name).stem, PurePath(name).suffix
    return f"{stem[:120]}{suffix[:12]}" or "file"


def examine(file: IO[bytes], *, name: str, size: int, limit: int) -> KnownFile:
    """What the file is by its bytes, never as declared. Raises FileRefusedError."""
    name = safe_name(name)
    if size <= 0:
        raise FileRefusedError(_("This file is empty."))
    if size > limit:
        text = _("This file is too large: at most %(limit)s MB.")
        raise FileRefusedError(text % {"limit": limit // (1024 * 1024)})
    file.seek(0)
    head = file.read(_HEAD)
    content_type = _content_type(head, PurePath(name).suffix.lower())
    if not content_type:
        raise FileRefusedError(
            _("Files of this kind cannot be sent. Pictures, PDF, Office and text can.")
        )
    width, height = None, None
    if content_type in _IMAGES.values():
        width, height = _image_size(file)
    file.seek(0)
    return KnownFile(name, content_type, width, height)


def _content_type(head: bytes, suffix: str) -> str:
    """The type that `suffix` stands for, if the bytes bear it out; else empty."""
    if suffix in _TEXTS:
        return _TEXTS[suffix] if _is_text(head) else ""
    if suffix in _OLE:
        return _OLE[suffix] if head.startswith(b"\xd0\xcf\x11\xe0") else ""
    if suffix in _ZIPPED:
        return _ZIPPED[suffix] if head.startswith(b"PK") else ""
    if suffix == ".pdf":
        return "application/pdf" if b"%PDF-" in head[:1024] else ""
    if suffix in _MOTION:
        return _MOTION[suffix] if head[4:8] == b"ftyp" else ""
    if suffix in _SOUND:
        return _SOUND[suffix] if _SOUND[suffix] == _by_start(head) else ""
    # A picture may carry another picture's extension: phones do that.
    return _sniffed(head) if suffix in _IMAGES else ""


def _sniffed(head: bytes) -> str:
    try:
        found = puremagic.from_string(head, mime=True)
    except (puremagic.PureError, ValueError):
        return ""
    return found if found in _IMAGES.values() else ""


def _is_text(head: bytes) -> bool:
    if b"\x00" in head:
        return False
    # The last bytes may be half a letter.
    for encoding in ("utf-8", "cp932"):
        for cut in range(4):
            try:
                head[: len(head) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
            return True
    return False


def _image_size(file: IO[bytes]) -> tuple[int, int]:
    """Width and height. Raises FileRefusedError for what is no whole picture."""
    file.seek(0)
    try:
        with Image.open(BytesIO(file.read()), formats=_FORMATS) as image:
            width, height = image.size
    except _DAMAGED as error:
        raise FileRefusedError(_("This picture is damaged.")) from error
    if width * height > _MAX_PIXELS:
        raise FileRefusedError(_("This picture is too large."))
    return width, height


def received_kind(content: bytes, *, name: str) -> KnownFile:
    """What a customer's file is by its bytes. Nothing is refused: it has come already.

    What is not known for certain is application/octet-stream, which is only saved.
    """
    name = safe_name(name)
    head = content[:_HEAD]
    found = _sniffed(head) or _known_by_head(head, name)
    if not found:
        return KnownFile(name, "application/octet-stream")
    width, height = None, None
    if found in _IMAGES.values():
        try:
            width, height = _image_size(BytesIO(content))
        except FileRefusedError:
            return KnownFile(name, "application/octet-stream")
    return KnownFile(_with_extension(name, found), found, width, height)


def _known_by_head(head: bytes, name: str) -> str:
    return _content_type(head, PurePath(name).suffix.lower()) or _by_start(head)


def _by_start(head: bytes) -> str:
    for start, content_type in _HEADS:
        if head.startswith(start):
            return content_type
    if head[4:8] == b"ftyp":
        return _FTYP.get(head[8:12], "video/mp4")
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return "audio/wav"
    return ""


def _with_extension(name: str, content_type: str) -> str:
    """A provider often tells no name: one without an extension gets that of its type."""
    if PurePath(name).suffix:
        return name
    return f"{name}{_SUFFIXES.get(content_type, '')}"
