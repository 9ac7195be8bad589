"""Files that come with a mail, under the names their senders gave them."""

import mimetypes
from dataclasses import dataclass

from conversations.adapters.email.header import one_line, read_fields, text_of
from conversations.adapters.email.parameter import file_name, read_parameters
from conversations.adapters.email.structure import Part, content_of

_CALENDAR = "text/calendar"
_MAIL = "message/rfc822"
MAX_CONTENT_TYPE = 100
_MARKS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n", "image/png"),
    (b"GIF8", "image/gif"),
    (b"%PDF-", "application/pdf"),
)
_ARCHIVES = (
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
    b"\x1f\x8b\x08",
    b"Rar!\x1a",
    b"7z\xbc\xaf",
)
# Names of kinds that mailers made up.
_USUAL = {
    "image/jpg": "image/jpeg",
    "image/pjpeg": "image/jpeg",
    "image/x-png": "image/png",
    "image/tif": "image/tiff",
    "application/x-pdf": "application/pdf",
    "application/x-zip-compressed": "application/zip",
    "text/x-csv": "text/csv",
    "text/x-vcard": "text/vcard",
}


@dataclass(frozen=True)
class Attachment:
    """`content_type` is what the sender declared, if it can be. `is_inline`: the HTML shows it."""

    name: str
    content_type: str
    content: bytes
    content_id: str = ""
    is_inline: bool = False


def attachment_of(part: Part, number: int, label: str = "") -> tuple[Attachment, bool]:
    """`number`: for a name, where it has none. False: its packing is unknown.

    `label`: what the mail is written in, for a name in raw 8-bit characters.
    """
    content, is_known = content_of(part)
    content_id = one_line(
        part.fields.first("content-id").decode("utf-8", "replace")
    ).strip("<> ")
    attachment = Attachment(
        name=_name(part, content, number, label),
        content_type=_shown_kind(part, content)[:MAX_CONTENT_TYPE],
        content=content,
        content_id=content_id[:255],
    )
    return attachment, is_known


def is_file(part: Part) -> bool:
    """Whether what is labelled as words begins as only files do."""
    start = content_of(part)[0][:8]
    return start.startswith((*(mark for mark, _kind in _MARKS), *_ARCHIVES))


def own_name(part: Part, label: str = "") -> str:
    label = part.parameters.get("charset", "") or label
    for field, name in (("content-disposition", "filename"), ("content-type", "name")):
        value = part.fields.first(field)
        if found := file_name(read_parameters(value, label)[1].get(name, "")):
            return found
    return ""


def _name(part: Part, content: bytes, number: int, label: str) -> str:
    if name := own_name(part, label):
        return name
    if part.content_type == _MAIL:
        subject = text_of(read_fields(content).first("subject"))
        return file_name(subject.replace("/", "／"))[:100].strip() + ".eml"
    if part.content_type == _CALENDAR:
        return "invite.ics"
    kind = _kind(part.content_type, content)
    suffix = mimetypes.guess_extension(kind) or ".bin"
    return f"{kind.partition('/')[0] or 'file'}-{number}{suffix}"


def _shown_kind(part: Part, content: bytes) -> str:
    """As declared, but for words that are none."""
    is_words = part.content_type in ("text/plain", "text/html")
    return _kind(part.content_type, content) if is_words else part.content_type


def _kind(declared: str, content: bytes) -> str:
    """By its first bytes, where they tell; a declared one under its usual name."""
    for mark, kind in _MARKS:
        if content.startswith(mark):
            return kind
    return _USUAL.get(declared, declared)
