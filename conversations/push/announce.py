"""A member is notified: on the pages that are open, and on the devices that want it."""

import time

from django.conf import settings
from django.db import transaction

from agentdesk.accounts.models import Membership
from agentdesk.jobs.queueing import enqueue
from conversations.live import events
from conversations.models import Notification
from conversations.push.tasks import push_notification

_remembered: tuple[float, frozenset[int]] = (0.0, frozenset())


def announce(notification: Notification) -> None:
    events.notified(notification)
    transaction.on_commit(lambda: _push(notification), robust=True)


def _push(notification: Notification) -> None:
    if notification.member_id in _members_with_devices():
        enqueue(push_notification, notification.pk)


def _members_with_devices() -> frozenset[int]:
    """Few have one: nothing is sent to the queue for all the others. A device that is
    new is known to every process after as long as it remembers its inboxes.
    """
    global _remembered  # one value a process
    until, members = _remembered
    if time.monotonic() >= until:
        found = Membership.objects.filter(
            is_active=True, user__push_subscriptions__isnull=False
        )
        members = frozenset(found.values_list("pk", flat=True))
        _remembered = (time.monotonic() + settings.INBOX_MEMORY_SECONDS, members)
    return members
