"""Which of a provider's messages are in a thread already, whoever has written them."""

from collections.abc import Iterable

from conversations.models import Delivery, Inbox, Message


def is_known(inbox: Inbox, provider_message_id: str) -> bool:
    is_ours = Delivery.objects.filter(
        inbox=inbox, provider_message_ids__contains=[provider_message_id]
    )
    return (
        Message.objects.filter(
            inbox=inbox, provider_message_id=provider_message_id
        ).exists()
        or is_ours.exists()
    )


def known_ids(inbox: Inbox, provider_message_ids: Iterable[str]) -> set[str]:
    """Those of the ids that belong to messages we have, in two statements."""
    wanted = list(provider_message_ids)
    messages = Message.objects.filter(inbox=inbox, provider_message_id__in=wanted)
    found = {str(one) for one in messages.values_list("provider_message_id", flat=True)}
    ours = Delivery.objects.filter(inbox=inbox, provider_message_ids__overlap=wanted)
    for ids in ours.values_list("provider_message_ids", flat=True):
        found.update(ids)
    return found
