from django.db import transaction

from agentdesk.accounts.models import PushSubscription, User
from agentdesk.audit import log

MOST = 10  # browsers of one user


@transaction.atomic
def subscribe_push(
    user: User, *, session_key: str, endpoint: str, p256dh: str, auth: str
) -> PushSubscription:
    """From now on that browser notifies this user, and nobody it notified before."""
    known = PushSubscription.objects.filter(endpoint=endpoint, user=user).exists()
    row, _is_new = PushSubscription.objects.update_or_create(
        endpoint=endpoint,
        defaults={
            "user": user,
            "session_id": session_key,
            "p256dh": p256dh,
            "auth": auth,
        },
    )
    own = PushSubscription.objects.filter(user=user)
    oldest = list(own.values_list("pk", flat=True)[MOST:])
    own.filter(pk__in=oldest).delete()
    if not known:
        log.record("user.push_switched_on", user, actor=user)
    return row


@transaction.atomic
def unsubscribe_push(user: User, *, endpoint: str) -> None:
    gone, _by_model = PushSubscription.objects.filter(
        user=user, endpoint=endpoint
    ).delete()
    if gone:
        log.record("user.push_switched_off", user, actor=user)


def drop_push(subscription: PushSubscription) -> None:
    """Its maker says that there is no such browser any more."""
    PushSubscription.objects.filter(pk=subscription.pk).delete()
