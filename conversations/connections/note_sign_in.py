"""Whether the provider takes our sign-in: said at the inbox, by whatever call found out."""

from django.utils import timezone

from conversations.adapters.events import Notice
from conversations.adapters.failures import SendError
from conversations.choices import FailureCode
from conversations.connections.notice import apply_notice
from conversations.models import Inbox


def note_refused(inbox_id: int, error: SendError) -> None:
    """Every other error is no matter of the sign-in."""
    if error.code == FailureCode.CREDENTIALS:
        _apply(inbox_id, Notice(error.code, error.detail))


def note_accepted(inbox_id: int) -> None:
    """The trouble with the sign-in is over, if there was one."""
    in_trouble = Inbox.objects.filter(
        pk=inbox_id, connection__trouble=FailureCode.CREDENTIALS
    )
    if in_trouble.exists():
        _apply(inbox_id, Notice(FailureCode.CREDENTIALS, is_trouble=False))


def _apply(inbox_id: int, notice: Notice) -> None:
    inbox = Inbox.objects.get(pk=inbox_id)
    apply_notice(inbox, notice, received_at=timezone.now())
