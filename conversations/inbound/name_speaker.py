"""Whose words they are, in a group."""

from django.db import transaction

from conversations.adapters.base import Profile
from conversations.adapters.events import Address, Person
from conversations.adapters.failures import NotOfferedError, SendError
from conversations.connections.renew_secrets import connected
from conversations.contents.speaker import Speaker
from conversations.inquiries.actions.conversation import lock
from conversations.live import events
from conversations.messages.change import set_field
from conversations.models import Message
from customers.people.text import stored_text

_AT_ONCE = 200
_NAME = (Speaker.NAME, "name")


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
    speaker = Speaker.of(message)
    if speaker is None or not speaker.id:
        return 0
    name = _known(message, speaker.id) or _fetched(message, speaker.id)
    return _store(message, speaker.id, name) if name else 0


def _known(message: Message, speaker: str) -> str:
    same = Message.objects.spoken_by(speaker).by_named()
    newest = same.filter(conversation=message.conversation_id).order_by("-pk").first()
    known = Speaker.of(newest) if newest else None
    return known.name if known else ""


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
    theirs = Message.objects.spoken_by(speaker)
    unnamed = theirs.by_unnamed().filter(conversation=message.conversation_id)
    named = list(unnamed.order_by("-pk")[:_AT_ONCE])
    set_field(unnamed.filter(pk__in=[one.pk for one in named]), *_NAME, value=name)
    for one in named:
        events.message_changed(one)
    return len(named)
