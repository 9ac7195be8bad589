"""Taking the files that stand beside what is being written into the message itself."""

from collections.abc import Sequence

from agentdesk.accounts.models import Membership
from conversations.exceptions import FileGoneError, TooManyFilesError
from conversations.models import Attachment, Conversation

MOST_FILES = 20


def claim_files(
    keys: Sequence[str],
    conversation: Conversation,
    member: Membership,
    *,
    is_internal: bool,
) -> list[Attachment]:
    """The member's unsent files of these keys, locked, in this order.

    A file belongs to one kind from its upload on: a key of the other kind, of another
    member or conversation, or of a file that has been sent is no key at all. What is
    missing stops the message: it would leave as something else than its writer sees.
    Raises FileGoneError, TooManyFilesError.
    """
    wanted = list(dict.fromkeys(key for key in keys if key))
    if len(wanted) > MOST_FILES:
        raise TooManyFilesError(MOST_FILES)
    if not wanted:
        return []
    if any("\0" in key for key in wanted):
        raise FileGoneError
    rows = Attachment.objects.select_for_update(of=("self",), no_key=True).filter(
        key__in=wanted,
        conversation=conversation,
        uploaded_by=member,
        is_internal=is_internal,
        message__isnull=True,
    )
    found = {one.key: one for one in rows.order_by("pk")}
    if len(found) < len(wanted):
        raise FileGoneError
    return [found[key] for key in wanted]
