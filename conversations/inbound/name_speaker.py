"""Whose words they are, in a group."""

from django.db import transaction

from conversations.adapters.base import Profile
from conversations.adapters.events import Address, Person
from conversations.adapters.failures import NotOfferedError, SendError
from conversations.connections.renew_secrets import connected
from conversations.inquiries.actions.conversation import lock
from conversations.live import events
from conversations.messages.data import merge_data
from conversations.models import Message
from customers.people.text import stored_text

_AT_ONCE = 200


def name_speaker(pk: int) -> int:
    """Name who speaks in a message, and in earlier ones of theirs; how many were named.

    Known from an earlier message, or asked of the provider; their next one asks again.
    """
    message = (
        Message.objects.select_related("inbox__connection", "identity", "conversation")
        .filter(pk=pk)
        .first()
    )
    if message is None or message.inbox is None or message.identity is None:
        return 0
    speaker = str(message.data.get("speaker", {}).get("id", ""))
    if not speaker:
        return 0
    name = _known(message, speaker) or _fetched(message, speaker)
    return _store(message, speaker, name) if name else 0


def _known(message: Message, speaker: str) -> str:
    same = Message.objects.filter(
        conversation=message.conversation_id, data__speaker__id=speaker
    ).exclude(data__speaker__name="")
    found = same.order_by("-pk").values_list("data__speaker__name", flat=True).first()
    return str(found or "")


def _fetched(message: Message, speaker: str) -> str:
    if message.inbox is None or message.identity is None:
        return ""
    identity = message.identity
    person = Person(Address(identity.kind, identity.value, identity.scope))
    try:
        profile = connected(message.inbox).speaker(person, speaker)
    except (SendError, NotOfferedError):
        profile = Profile()
    return " ".join(stored_text(profile.name).split())[:100]


@transaction.atomic
def _store(message: Message, speaker: str, name: str) -> int:
    lock(message.conversation)
    unnamed = Message.objects.filter(
        conversation=message.conversation_id,
        data__speaker__id=speaker,
        data__speaker__name="",
    )
    named = list(unnamed.order_by("-pk")[:_AT_ONCE])
    for one in named:
        merge_data(one, {"speaker": {"id": speaker, "name": name}})
        events.message_changed(one)
    return len(named)
