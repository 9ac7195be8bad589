"""One notification to each device of its member, unless they see it already."""

import json
from datetime import timedelta

import structlog
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.text import Truncator

from agentdesk.accounts.access import access_of
from agentdesk.accounts.actions.subscribe_push import drop_push
from agentdesk.accounts.models import PushSubscription, User
from agentdesk.http_client import PrivateAddressError
from agentdesk.live.presence import present_at
from agentdesk.web_push import EndpointGoneError, PushError, Receiver, send
from conversations.models import Conversation, Notification

log = structlog.get_logger(__name__)

_GOOD_FOR = timedelta(minutes=10)
_LETTERS = 120


def push_notification(pk: int) -> None:
    notification = _wanted(pk)
    if notification is None:
        return
    user = notification.member.user
    payload = json.dumps(_content(notification, user), ensure_ascii=False).encode()
    devices = PushSubscription.objects.filter(
        user=user, session__user=user, session__expire_date__gt=timezone.now()
    )
    for device in devices:
        _send(device, payload)


def _wanted(pk: int) -> Notification | None:
    """Still unseen, still young, and of a conversation that the member may see."""
    notification = (
        Notification.objects.filter(pk=pk, seen_at__isnull=True)
        .filter(member__is_active=True, member__user__is_active=True)
        .select_related("account", "member__user", "conversation__customer", "message")
        .first()
    )
    if notification is None:
        return None
    message = notification.message
    newest = max(notification.at, message.created_at) if message else notification.at
    if newest < timezone.now() - _GOOD_FOR or _is_looking(notification):
        return None
    access = access_of(notification.member.user)
    seen = Conversation.objects.visible_to(access)
    return notification if seen.filter(pk=notification.conversation_id) else None


def _is_looking(notification: Notification) -> bool:
    """A page of theirs shows the conversation, and is not in the background."""
    present = present_at(f"conversation:{notification.conversation_id}")
    return any(one.user_id == notification.member.user_id for one in present)


def _content(notification: Notification, user: User) -> dict[str, str]:
    """The company and what it is about: a locked phone lies on many a table. Who, and
    what they write, only where the member allows it.
    """
    with translation.override(user.language):
        kind = str(notification.get_kind_display())
        title, body = notification.account.name, kind
        if user.push_details:
            title = notification.conversation.customer.name_with_honorific
            words = notification.message.body if notification.message else ""
            snippet = Truncator(" ".join(words.split())).chars(_LETTERS)
            body = "\n".join(
                filter(None, (f"{notification.account.name} · {kind}", snippet))
            )
    return {
        "title": title,
        "body": body,
        "url": reverse("desk:notification", args=[notification.pk]),
        "tag": f"notification-{notification.pk}",
    }


def _send(device: PushSubscription, payload: bytes) -> None:
    receiver = Receiver(device.endpoint, device.p256dh, device.auth)
    seconds = int(_GOOD_FOR.total_seconds())
    try:
        send(receiver, payload, seconds_good=seconds)
    except (EndpointGoneError, PrivateAddressError):
        drop_push(device)
    except (PushError, ValueError) as error:
        log.warning("push_failed", device=device.pk, error=str(error))
