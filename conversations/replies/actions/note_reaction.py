"""Signs that members put on each other's notes."""

from django.db import transaction

from agentdesk.accounts.models import Membership
from agentdesk.audit import log
from conversations.choices import NoteEmoji
from conversations.live import events
from conversations.models import Message, NoteReaction


@transaction.atomic
def set_reaction(
    note: Message, *, member: Membership, emoji: NoteEmoji, is_on: bool
) -> None:
    """The member's sign is on the note, or no longer; however often it is requested."""
    rows = NoteReaction.objects.filter(message=note, member=member, emoji=emoji)
    if is_on:
        _row, is_changed = NoteReaction.objects.get_or_create(
            message=note,
            member=member,
            emoji=emoji,
            defaults={"account_id": note.account_id},
        )
    else:
        is_changed = bool(rows.delete()[0])
    if not is_changed:
        return
    action = "note.reacted" if is_on else "note.unreacted"
    log.record(action, note, actor=member.user, after={"sign": str(emoji)})
    events.marks_changed(note)
