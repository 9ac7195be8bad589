"""Looking at a mail as it came."""

from django.db import transaction

from agentdesk.accounts.models import User
from agentdesk.audit import log
from conversations.models import Message


@transaction.atomic
def note_original_read(message: Message, *, actor: User) -> None:
    """Every header of it, and more than the thread shows: written down like a look."""
    log.record("message.original_read", message, actor=actor)
