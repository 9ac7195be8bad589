"""A second submission of what has been written already."""

from collections.abc import Sequence

from conversations.exceptions import AlreadySentError
from conversations.messages.text import prepare_body
from conversations.models import Message
from conversations.models.message import MAX_BODY


def same_again(written: Message, *, body: str, file_keys: Sequence[str]) -> Message:
    """`written`, where the second submission says what it says.

    Its answer may have been lost, and its writer gone on with the text: what was added
    is in no message, and must not count as sent. Raises AlreadySentError.
    """
    keys = {one.key for one in written.attachments.all()}
    is_same = prepare_body(body, MAX_BODY) == written.body
    if not is_same or not set(filter(None, file_keys)) <= keys:
        raise AlreadySentError
    return written
