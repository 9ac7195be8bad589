"""Files that come with a mail, under the names their senders gave them."""

import mimetypes
from dataclasses import dataclass

from conversations.adapters.email.header import one_line, read_fields, text_of
from conversations.adapters.email.parameter import file_name
from conversations.adapters.email.structure import Part, content_of

_CALENDAR = "text/calendar"
_MAIL = "message/rfc822"
MAX_CONTENT_TYPE = 100


@dataclass(frozen=True)
class Attachment:
    """`content_type` is what the sender declared. `is_inline`: the HTML shows it."""

    name: str
    content_type: str
    content: bytes
    content_id: str = ""
    is_inline: bool = False


def attachment_of(part: Part, number: int) -> tuple[Attachment, bool]:
    """`number`: for a name, where it has none. False: its packing is unknown."""
    content, is_known = content_of(part)
    content_id = one_line(
        part.fields.first("content-id").decode("utf-8", "replace")
    ).strip("<> ")
    attachment = Attachment(
        name=_name(part, content, number),
        content_type=part.content_type[:MAX_CONTENT_TYPE],
        content=content,
        content_id=content_id[:255],
    )
    return attachment, is_known


def own_name(part: Part) -> str:
    _disposition, parameters = part.disposition
    return file_name(parameters.get("filename", "")) or file_name(
        part.parameters.get("name", "")
    )


def _name(part: Part, content: bytes, number: int) -> str:
    if name := own_name(part):
        return name
    if part.content_type == _MAIL:
        subject = text_of(read_fields(content).first("subject"))
        return file_name(subject.replace("/", "／"))[:100].strip() + ".eml"
    if part.content_type == _CALENDAR:
        return "invite.ics"
    suffix = mimetypes.guess_extension(part.content_type) or ".bin"
    return f"{part.content_type.partition('/')[0] or 'file'}-{number}{suffix}"
