"""What a customer does to a message that is there already: edits, unsends, reactions."""

from datetime import datetime
from functools import partial

from django.db import transaction

from conversations.adapters.events import Edit, Reaction, Unsend
from conversations.choices import ReactionSide
from conversations.exceptions import NotYetError
from conversations.inquiries.actions.conversation import lock
from conversations.live import events
from conversations.messages.change import edit_text, erase_content, set_reaction
from conversations.messages.text import prepare_body, preview_of
from conversations.models import Attachment, Delivery, Inbox, Message
from conversations.models.message import MAX_BODY


def _of_customer(inbox: Inbox, provider_message_id: str) -> Message:
    """Their message, locked. Raises NotYetError."""
    found = Message.objects.filter(
        inbox=inbox, provider_message_id=provider_message_id
    ).first()
    if found is None:
        raise NotYetError("the message it speaks of is not known")
    return _locked(found)


def _locked(found: Message) -> Message:
    """As it is now, held with its conversation: see `settle_delivery` for the order."""
    conversation = lock(found.conversation)
    message = Message.objects.select_for_update(no_key=True).get(pk=found.pk)
    message.conversation = conversation
    return message


@transaction.atomic
def apply_unsend(inbox: Inbox, event: Unsend, *, received_at: datetime) -> None:
    """The text and the files go; a tombstone stays."""
    message = _of_customer(inbox, event.provider_message_id)
    if message.removed_at is not None:
        return
    message.removed_at = event.occurred_at or received_at
    message.save(update_fields=["removed_at"])
    erase_content(message)
    for attachment in Attachment.objects.filter(message=message):
        attachment.delete()
        transaction.on_commit(partial(_drop_files, attachment))
    conversation = message.conversation
    if conversation.last_message_at == message.occurred_at:
        conversation.preview = ""
        conversation.save(update_fields=["preview"])
    events.message_changed(message)


def _drop_files(attachment: Attachment) -> None:
    attachment.file.delete(save=False)
    attachment.preview.delete(save=False)


@transaction.atomic
def apply_edit(inbox: Inbox, event: Edit, *, received_at: datetime) -> None:
    """The new text, and the earlier ones beside it. A late edit is an earlier one."""
    message = _of_customer(inbox, event.provider_message_id)
    if message.removed_at is not None:
        return
    at = event.occurred_at or received_at
    if not edit_text(message, prepare_body(event.body, MAX_BODY), at=at):
        return
    conversation = message.conversation
    if conversation.last_message_at == message.occurred_at:
        conversation.preview = preview_of(message.body)
        conversation.save(update_fields=["preview"])
    events.message_changed(message)


@transaction.atomic
def apply_reaction(inbox: Inbox, event: Reaction, *, received_at: datetime) -> None:
    """An emoji on a message of either side; an empty one takes it back.

    What comes late does not undo what is newer.
    """
    message = _reacted_to(inbox, event.provider_message_id)
    side = ReactionSide.US if event.is_ours else ReactionSide.CUSTOMER
    at = event.occurred_at or received_at
    if set_reaction(message, side, event.emoji, at=at):
        events.message_changed(message)


def _reacted_to(inbox: Inbox, provider_message_id: str) -> Message:
    try:
        return _of_customer(inbox, provider_message_id)
    except NotYetError:
        delivery = (
            Delivery.objects.select_related("message__conversation")
            .filter(inbox=inbox, provider_message_ids__contains=[provider_message_id])
            .first()
        )
        if delivery is None:
            raise
        return _locked(delivery.message)
