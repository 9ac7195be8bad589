"""What a channel refuses to carry, told before anything is sent."""

from collections.abc import Sequence

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from conversations.adapters.base import Capabilities
from conversations.exceptions import (
    ClosedChannelError,
    EmptyMessageError,
    FileNotCarriedError,
    TooLongError,
)
from conversations.messages.text import is_blank, prepare_body
from conversations.models import Attachment
from conversations.models.message import MAX_BODY
from conversations.outbound.reply_option import ReplyOption


def refuse_closed(option: ReplyOption, *, has_template: bool) -> None:
    """Raises ClosedChannelError."""
    channel = str(option.inbox.get_channel_display())
    if option.closed:
        raise ClosedChannelError(channel, option.reason)
    if option.needs_template and not has_template:
        raise ClosedChannelError(channel, _("outside 24 hours only a template may go"))


def sendable(
    body: str, option: ReplyOption, files: Sequence[Attachment], *, has_more: bool
) -> str:
    """The text as it will leave. Raises TooLong, EmptyMessage, FileNotCarriedError."""
    can = option.capabilities
    limit = MAX_BODY if can.splits_text else min(can.text_limit, MAX_BODY)
    if length(body, can) > limit:
        raise TooLongError(limit)
    body = prepare_body(body, MAX_BODY)
    if is_blank(body) and not files and not has_more:
        raise EmptyMessageError
    _refuse_files(files, can)
    return body


def length(body: str, can: Capabilities) -> int:
    """How long the channel finds a text."""
    if can.text_unit == "bytes":
        return len(body.encode())
    if can.text_unit == "utf16":
        return len(body.encode("utf-16-le")) // 2
    return len(body)


def _refuse_files(files: Sequence[Attachment], can: Capabilities) -> None:
    if not files:
        return
    if not can.carries_files:
        raise FileNotCarriedError(files[0].name, _("this channel carries no files"))
    if len(files) > can.max_files:
        limit = _("at most %(count)s files at once") % {"count": can.max_files}
        raise FileNotCarriedError(files[can.max_files].name, limit)
    if not can.media:  # our own channels: the upload has been checked
        return
    for file in files:
        _refuse_file(file, can)


def _refuse_file(file: Attachment, can: Capabilities) -> None:
    limits = [one for one in can.media.values() if file.content_type in one.types]
    if not limits:
        raise FileNotCarriedError(
            file.name, _("this channel does not carry files of this kind")
        )
    largest = max(one.max_bytes for one in limits)
    if file.size > largest:
        limit = _("at most %(size)s") % {"size": filesizeformat(largest)}
        raise FileNotCarriedError(file.name, limit)
